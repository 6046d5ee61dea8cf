"""Units hear of what is due, once, and the office of how things stand."""

from datetime import UTC, date, datetime

import pytest
from post_office.models import Email

from reports import reminding
from reports.models import Report, ReportType
from tests.factories import ReportingPeriodFactory, UnitFactory, UnitReturnFactory, UserFactory

pytestmark = pytest.mark.django_db

DUE = date(2024, 9, 12)  # a Thursday


@pytest.fixture
def unit_return():
    period = ReportingPeriodFactory(units_due_on=DUE, closing_on=DUE)
    Report.objects.create(period=period, report_type=ReportType.objects.get(key="cchc-quy"), due_on=date(2024, 9, 15))
    return UnitReturnFactory(period=period, unit=UnitFactory(email="don-vi@example.vn"))


def on(day, hour=1):
    return datetime(2024, 9, day, hour, tzinfo=UTC)


def mails():
    return Email.objects.filter(to="don-vi@example.vn").count()


@pytest.mark.parametrize(
    ("day", "began"),
    [
        (date(2024, 9, 4), None),
        (date(2024, 9, 5), date(2024, 9, 5)),
        (date(2024, 9, 8), date(2024, 9, 5)),
        (date(2024, 9, 10), date(2024, 9, 9)),
        (date(2024, 9, 12), date(2024, 9, 12)),
        (date(2024, 9, 13), date(2024, 9, 13)),
        (date(2024, 9, 14), date(2024, 9, 13)),
        (date(2024, 9, 15), date(2024, 9, 15)),
        (date(2024, 12, 1), None),
    ],
)
def test_each_reminder_has_its_day(day, began):
    assert reminding.stage_began(DUE, day, [7, 3, 1], 2) == began


def test_a_unit_is_reminded_once_for_each_stage(unit_return):
    reminding.remind_due(on(9))
    reminding.remind_due(on(9, 3))
    reminding.remind_due(on(10))

    assert mails() == 1
    assert unit_return.events.count() == 1


def test_a_machine_that_was_down_says_only_what_holds_now(unit_return):
    reminding.remind_due(on(16))

    assert mails() == 1
    assert "Quá hạn 4 ngày" in Email.objects.get(to="don-vi@example.vn").message


def test_nobody_is_reminded_before_seven_or_on_a_sunday(unit_return):
    reminding.remind_due(datetime(2024, 9, 8, 23, tzinfo=UTC))  # Monday, six o'clock
    reminding.remind_due(on(15))

    assert mails() == 0


def test_who_handed_in_is_not_reminded(unit_return):
    unit_return.status = "submitted"
    unit_return.save()

    reminding.remind_due(on(12))

    assert mails() == 0


def test_the_office_hears_who_is_missing_and_what_is_due(unit_return):
    UserFactory(role="Văn phòng Sở", email="vp@example.vn")

    reminding.remind_due(on(13))

    message = Email.objects.get(to="vp@example.vn").message
    assert unit_return.unit.name in message
    assert "Quá hạn 1 ngày" in message
    assert "Còn 2 ngày" in message
