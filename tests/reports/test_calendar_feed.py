"""The dates of periods as a calendar."""

from datetime import date

import pytest
from icalendar import Calendar

from reports import calendar_feed
from reports.models import Report, ReportType
from tests.factories import ReportingPeriodFactory

pytestmark = pytest.mark.django_db


def events():
    found = Calendar.from_ical(calendar_feed.content(date(2024, 9, 1))).walk("VEVENT")
    return {str(event["uid"]).partition("@")[0]: event for event in found}


def test_every_date_is_an_event_of_a_day_that_keeps_its_identifier():
    period = ReportingPeriodFactory()
    Report.objects.create(period=period, report_type=ReportType.objects.get(key="cchc-quy"), due_on=date(2024, 9, 15))

    before = events()
    period.units_due_on = date(2024, 9, 10)
    period.save()
    after = events()

    assert set(before) == set(after) == {"2024-Q3-nop", "2024-Q3-khoa", "2024-Q3-cchc-quy"}
    assert after["2024-Q3-nop"].decoded("dtstart") == date(2024, 9, 10)
    assert "quý III năm 2024" in after["2024-Q3-nop"]["summary"]


def test_dates_long_past_are_left_out():
    ReportingPeriodFactory(year=2022)

    assert events() == {}
