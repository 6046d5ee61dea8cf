"""Periods open by themselves, once, and their dates move."""

from datetime import UTC, date, datetime

import pytest
from django.core.management import CommandError, call_command

from portal.steps import NotAllowed, Refused
from reports import opening
from reports.models import ReportingPeriod, UnitReturn
from reports.periods import parse
from tests.factories import ReportingPeriodFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db

MOVED_AT = datetime(2024, 8, 21, 2, tzinfo=UTC)


def test_the_quarter_and_the_year_open_thirty_days_ahead():
    UnitFactory()
    early = opening.open_due(datetime(2024, 11, 13, 2, tzinfo=UTC))
    opened = opening.open_due(datetime(2024, 11, 14, 2, tzinfo=UTC))
    again = opening.open_due(datetime(2024, 11, 14, 3, tzinfo=UTC))

    assert early == []
    assert [period.code for period in opened] == ["2024-Q4", "2024"]
    assert again == []
    assert UnitReturn.objects.count() == 1


def test_opening_never_fills_history():
    opening.open_due(datetime(2024, 8, 1, 2, tzinfo=UTC))

    assert not ReportingPeriod.objects.exists()


def test_opening_twice_gives_the_same_period():
    UnitFactory()
    at = datetime(2024, 8, 20, 2, tzinfo=UTC)

    first, second = (opening.open_period(parse("2024-Q3"), by=None, at=at) for _ in range(2))

    assert first == second
    assert (first.returns.count(), first.reports.count()) == (1, 1)


def test_the_command_opens_what_is_named(capsys):
    call_command("open_periods", "2024-Q3", "2024")

    assert "Đã mở 2 kỳ." in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("open_periods", "2024-Q5")


def change(period, **values):
    given = {"units_due_on": date(2024, 9, 10), "closing_on": date(2024, 9, 20), "reports_due": {}}
    opening.change_dates(period, **{**given, "reason": "Trùng ngày nghỉ lễ", "at": MOVED_AT, **values})


def test_the_office_moves_the_dates_of_a_period():
    period = opening.open_period(parse("2024-Q3"), by=None, at=datetime(2024, 8, 20, 2, tzinfo=UTC))
    report = period.reports.get()

    change(period, reports_due={report.pk: date(2024, 9, 25)}, by=UserFactory(role="Văn phòng Sở"))

    period.refresh_from_db()
    report.refresh_from_db()
    assert (period.units_due_on, period.closing_on) == (date(2024, 9, 10), date(2024, 9, 20))
    assert report.due_on == date(2024, 9, 25)


def test_closing_before_the_due_date_is_refused():
    with pytest.raises(Refused):
        change(ReportingPeriodFactory(), closing_on=date(2024, 9, 9), by=UserFactory(role="Văn phòng Sở"))


def test_a_unit_moves_no_date():
    with pytest.raises(NotAllowed):
        change(ReportingPeriodFactory(), by=UserFactory(role="Đơn vị"))


def test_a_moved_date_is_kept_with_who_when_and_why():
    period = ReportingPeriodFactory(note="Ghi từ trước.")

    change(period, by=UserFactory(role="Văn phòng Sở", username="van-phong"))

    period.refresh_from_db()
    first, line = period.note.splitlines()
    assert first == "Ghi từ trước."
    assert line.startswith("Ngày 21/08/2024, van-phong: hạn đơn vị nộp từ 14/09/2024 thành 10/09/2024; ngày khóa nhập")
    assert line.endswith("Lý do: Trùng ngày nghỉ lễ")


def test_a_date_moves_only_with_a_reason():
    period, office = ReportingPeriodFactory(), UserFactory(role="Văn phòng Sở")

    with pytest.raises(Refused):
        change(period, by=office, reason=" ")
    period.refresh_from_db()
    change(period, units_due_on=period.units_due_on, closing_on=period.closing_on, by=office, reason="")

    period.refresh_from_db()
    assert period.units_due_on == date(2024, 9, 14)
    assert period.note == ""
