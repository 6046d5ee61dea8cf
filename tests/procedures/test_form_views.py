"""A form's address stays, whatever file stands behind it."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from procedures import deciding, publishing
from procedures.models import ProcedureChange
from tests.factories import DossierItemFactory, FormFileFactory, ProcedureChangeFactory, ProcedureFactory

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)
TOMORROW = date(2026, 11, 25)
OLD, NEW = "https://example.org/mau-5-cu.docx", "https://example.org/mau-5-moi.docx"
ADDRESS = "/thu-tuc/2.002380/mau/mau-so-5/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def move_clock(monkeypatch):
    def move(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return move


@pytest.fixture(autouse=True)
def procedure(move_clock):
    move_clock(NOON)
    found = ProcedureFactory(items=None, in_force_from=date(2024, 1, 1), code="2.002380")
    DossierItemFactory(procedure=found, name="Đơn đề nghị", form=FormFileFactory(name="Mẫu số 5", url=OLD))
    publishing.publish(found, by=None, at=NOON)
    return found


@pytest.fixture
def new_form(procedure):
    """From tomorrow the same form has another file."""
    change = ProcedureChangeFactory(
        procedure=procedure, kind=ProcedureChange.Kind.AMENDED, effective_on=TOMORROW, sentence="Đơn theo mẫu mới."
    )
    draft = deciding.prepare_draft(change, by=None, at=NOON)
    draft.items.update(form=FormFileFactory(name="Mẫu số 5", url=NEW))
    deciding.publish(change.decision, by=None, at=NOON)
    return change


def test_the_page_leads_to_the_address_that_stays(client):
    assert f'<a href="{ADDRESS}">' in client.get("/thu-tuc/2.002380/").content.decode()
    assert client.get(ADDRESS).headers["Location"] == OLD


def test_the_address_serves_the_form_in_force_on_the_day(client, new_form, move_clock):
    assert client.get(ADDRESS).headers["Location"] == OLD

    move_clock(datetime(2026, 11, 25, 1, tzinfo=UTC))

    assert client.get(ADDRESS).headers["Location"] == NEW


def test_the_old_form_stays_reachable_and_is_marked(client, new_form, move_clock):
    move_clock(datetime(2026, 11, 25, 1, tzinfo=UTC))
    old = "/thu-tuc/2.002380/ngay/2026-11-24/mau/mau-so-5/"

    assert f'<a href="{old}">' in client.get("/thu-tuc/2.002380/ngay/2026-11-24/").content.decode()
    page = client.get(old).content.decode()

    assert "Mẫu cũ, không còn áp dụng" in page
    assert f'<a href="{OLD}">' in page
    assert f'href="{ADDRESS}"' in page


def test_a_form_to_come_is_marked_as_such(client, new_form):
    page = client.get("/thu-tuc/2.002380/ngay/2026-11-25/mau/mau-so-5/").content.decode()

    assert "Mẫu chưa áp dụng" in page
    assert f'<a href="{NEW}">' in page


def test_the_form_of_another_day_needs_no_mark_while_it_is_in_force(client):
    response = client.get("/thu-tuc/2.002380/ngay/2026-11-20/mau/mau-so-5/")

    assert response.headers["Location"] == ADDRESS


def test_a_form_no_longer_asked_for_is_shown_as_the_old_one(client, procedure, move_clock):
    change = ProcedureChangeFactory(
        procedure=procedure, kind=ProcedureChange.Kind.AMENDED, effective_on=TOMORROW, sentence="Bỏ mẫu."
    )
    deciding.prepare_draft(change, by=None, at=NOON).items.update(form=None)
    deciding.publish(change.decision, by=None, at=NOON)
    move_clock(datetime(2026, 11, 25, 1, tzinfo=UTC))

    page = client.get(ADDRESS, follow=True)

    assert page.redirect_chain == [("/thu-tuc/2.002380/ngay/2024-01-01/mau/mau-so-5/", 302)]
    assert "nay không còn dùng mẫu này" in page.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/thu-tuc/2.002380/mau/mau-so-6/",
        "/thu-tuc/2.999999/mau/mau-so-5/",
        "/thu-tuc/2.002380/ngay/2026-02-30/mau/mau-so-5/",
        "/thu-tuc/2.002380/ngay/2023-01-01/mau/mau-so-5/",
    ],
)
def test_what_never_was_is_no_page(client, address):
    assert client.get(address).status_code == 404


def test_two_forms_of_one_name_have_addresses_of_their_own(client, procedure):
    other = FormFileFactory(name="Mẫu số 5", url=NEW)
    DossierItemFactory(procedure=procedure, name="Phiếu khai báo", form=other)
    procedure.versions.all().delete()

    assert client.get(ADDRESS).headers["Location"] == OLD
    assert client.get("/thu-tuc/2.002380/mau/mau-so-5-2/").headers["Location"] == NEW
