"""The board and the workbench, for the office and for a unit."""

from datetime import date

import pytest

from portal.admin_site import tasks
from reports.models import Report, ReportingPeriod, ReportType
from tests.factories import ReportingPeriodFactory, UnitFactory, UnitReturnFactory, UserFactory

pytestmark = pytest.mark.django_db

BOARD = "/quan-tri/bao-cao/"


@pytest.fixture
def office(client):
    client.force_login(UserFactory(role="Văn phòng Sở"))
    return client


@pytest.fixture
def period():
    period = ReportingPeriodFactory()
    Report.objects.create(period=period, report_type=ReportType.objects.get(key="cchc-quy"), due_on=date(2024, 9, 15))
    return period


def test_the_office_opens_a_period_by_its_code(office):
    response = office.post(f"{BOARD}mo/", {"code": "2024-q3"})

    assert response["Location"] == f"{BOARD}2024-Q3/"
    assert ReportingPeriod.objects.get().code == "2024-Q3"


def test_a_wrong_code_says_how_to_write_it(office):
    response = office.post(f"{BOARD}mo/", {"code": "2024-Q9"})

    assert response.status_code == 422
    assert "Ghi kỳ như" in response.content.decode()


def test_the_workbench_shows_who_is_in(office, period):
    UnitReturnFactory(period=period, status="submitted")
    missing = UnitReturnFactory(period=period)

    page = office.get(f"{BOARD}2024-Q3/").content.decode()

    assert "1 trên 2 đã nộp" in page
    assert missing.unit.name in page
    assert "Chưa tổng hợp" in page


def test_the_workbench_of_a_year_shows_its_quarters(office, period):
    ReportingPeriodFactory(rhythm="year", number=1)

    page = office.get(f"{BOARD}2024/").content.decode()

    assert f'href="{BOARD}2024-Q3/"' in page
    assert "Quý IV năm 2024" in page


def test_the_office_reminds_a_unit(office, period):
    unit_return = UnitReturnFactory(period=period, unit=UnitFactory(email="don-vi@example.vn"))

    office.post(f"{BOARD}2024-Q3/nhac/{unit_return.unit_id}/")

    assert unit_return.events.get().verb == "remind"


def test_the_dates_are_changed_with_a_form(office, period):
    report = period.reports.get()
    given = {"units_due_on": "2024-09-10", "closing_on": "2024-09-20", f"report-{report.pk}": "2024-09-25"}
    unexplained = office.post(f"{BOARD}2024-Q3/ngay/", given)
    given["reason"] = "Trùng ngày nghỉ lễ"

    refused = office.post(f"{BOARD}2024-Q3/ngay/", {**given, "closing_on": "2024-09-01"})
    office.post(f"{BOARD}2024-Q3/ngay/", given)

    period.refresh_from_db()
    assert "Ghi lý do đổi ngày." in unexplained.content.decode()
    assert "không trước hạn nộp" in refused.content.decode()
    assert period.closing_on == date(2024, 9, 20)
    assert "Lý do: Trùng ngày nghỉ lễ" in office.get(f"{BOARD}2024-Q3/ngay/").content.decode()


def test_a_unit_sees_its_own_return_only(client, period):
    own, other = UnitReturnFactory(period=period), UnitReturnFactory(period=period)
    client.force_login(UserFactory(role="Đơn vị", unit=own.unit))

    page = client.get(BOARD).content.decode()

    assert own.get_absolute_url() in page
    assert other.get_absolute_url() not in page
    assert client.get(f"{BOARD}2024-Q3/")["Location"] == own.get_absolute_url()
    assert client.get(f"{BOARD}2024-Q3/ngay/").status_code == 403


def test_the_board_asks_as_many_questions_for_many_periods(office, django_assert_max_num_queries):
    for number in (1, 2, 3, 4):
        UnitReturnFactory(period=ReportingPeriodFactory(number=number))

    with django_assert_max_num_queries(12):
        office.get(BOARD)


def test_the_workbench_asks_as_many_questions_for_many_units(office, period, django_assert_max_num_queries):
    for _ in range(6):
        UnitReturnFactory(period=period)

    with django_assert_max_num_queries(18):
        office.get(f"{BOARD}2024-Q3/")


def test_the_first_page_tells_a_unit_what_to_hand_in(period):
    own = UnitReturnFactory(period=period)

    (task,) = [
        task
        for task in tasks.waiting(UserFactory(role="Đơn vị", unit=own.unit), date(2024, 9, 13))
        if "Nộp số liệu quý III" in task.title
    ]

    assert task.urgent
    assert task.url == own.get_absolute_url()
