"""Who may open what of reports: each role at each address (NĐ 63/2010 Đ35: the office answers for them)."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from portal import roles
from reports import compiling, narrating, opening, periods
from tests.factories import UnitFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]  # Permissions are asked of no kind of database.
AT = datetime(2024, 9, 15, 2, tzinfo=UTC)
UNIT_ROLES = {roles.UNIT, roles.FOCAL_PERSON, roles.HEAD_OF_UNIT, roles.EDITOR}


@pytest.fixture
def world():
    own, other = UnitFactory(), UnitFactory()
    period = opening.open_period(periods.parse("2024-Q3"), by=None, at=AT)
    compilation = compiling.compile_period(period, by=None, at=AT)
    report = period.reports.get()
    narrating.take_compilation(report, compilation, by=None, at=AT)
    return own, other, period, compilation, report


def opened(client, address):
    response = client.get(address)
    # Closing the response would close the database in memory with it.
    for close in response._resource_closers:
        close()
    return response.status_code


def statuses(client, world):
    """Return what each address answers, and what a post to those that change something does."""
    own, other, period, compilation, report = world
    code, key, figure = period.code, report.report_type.key, compilation.figures.first().pk
    read = {
        "board": reverse("reports-staff:periods"),
        "own return": reverse("reports-staff:return", args=[code, own.pk]),
        "other return": reverse("reports-staff:return", args=[code, other.pk]),
        "other sheet": reverse("reports-staff:sheet", args=[code, other.pk]),
        "other upload": reverse("reports-staff:sheet-upload", args=[code, other.pk]),
        "moved": reverse("reports-staff:moved", args=[code]),
        "figure": reverse("reports-staff:figure", args=[code, figure]),
        "figures file": reverse("reports-staff:figures-file", args=[code]),
        "report": reverse("reports-staff:report", args=[code, key]),
        "csv": reverse("reports-staff:export", args=[code, key, "csv"]),
        "preview": reverse("reports-staff:preview", args=[code, key]),
        "dates": reverse("reports-staff:dates", args=[code]),
    }
    changing = {
        "open": reverse("reports-staff:open"),
        "compile": reverse("reports-staff:compile", args=[code]),
        "remind": reverse("reports-staff:remind", args=[code, other.pk]),
        "override": reverse("reports-staff:override", args=[code, figure]),
    }
    found = {name: opened(client, address) for name, address in read.items()}
    found |= {f"get {name}": client.get(address).status_code for name, address in changing.items()}
    return found | {name: client.post(address, {}).status_code for name, address in changing.items()}


@pytest.mark.parametrize("role", [*roles.ROLES, None])
def test_each_role_opens_its_own_and_nothing_else(role, world, client):
    client.force_login(UserFactory(role=role, unit=world[0]))

    found = statuses(client, world)

    if role == roles.OFFICE:
        refused = {name for name, status in found.items() if status in {403, 404}}
        assert refused == set()
        assert {found[name] for name in found if name.startswith("get ")} == {405}
        return
    allowed = {name for name, status in found.items() if status in {200, 302}}
    assert allowed == ({"board", "own return"} if role in UNIT_ROLES else set())
    assert set(found.values()) <= {200, 302, 403, 404, 405}


def test_no_number_in_an_address_breaks_a_page(world, client):
    client.force_login(UserFactory(role=roles.OFFICE))
    for address in ("don-vi/99999999999999999999/", "so-lieu/99999999999999999999/", "khong-co/"):
        assert client.get(f"/quan-tri/bao-cao/2024-Q3/{address}").status_code == 404
    own = reverse("reports-staff:return", args=["2024-Q3", world[0].pk])
    assert client.post(own, {"version": "9" * 5000, "reason": "Nhập thay."}).status_code == 409
