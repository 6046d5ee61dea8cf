"""The calendar of dates that everybody involved subscribes to: units' due dates, closing, reports' due dates."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from reports.models import Report, ReportingPeriod

# Calendars keep what they have fetched; older dates help nobody.
KEPT = timedelta(days=400)


@require_safe
@cache_control(public=True, max_age=3600)
def show(request: HttpRequest) -> HttpResponse:
    """Return the feed; it names periods and dates, no unit and no figure."""
    response = HttpResponse(content(timezone.localdate()), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="lich-bao-cao.ics"'
    return response


def content(on: date) -> bytes:
    """Return the dates of the open periods as iCalendar, each an all-day event with an identifier that stays."""
    calendar = Calendar()
    calendar.add("prodid", "-//Lich bao cao//VI")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Lịch số liệu, báo cáo")
    for event in _events(on):
        calendar.add_component(event)
    return calendar.to_ical()


def _events(on: date) -> Iterator[Event]:
    for period in ReportingPeriod.objects.filter(last_on__gte=on - KEPT).order_by("last_on", "pk"):
        if period.units_due_on:
            said = f"Hạn các đơn vị nộp số liệu {period.name}"
            yield _event(f"{period.code}-nop", period.units_due_on, said, period.opened_at)
        if period.closing_on:
            said = f"Ngày cuối đơn vị sửa số liệu {period.name}"
            yield _event(f"{period.code}-khoa", period.closing_on, said, period.opened_at)
    reports = Report.objects.filter(version=1, period__last_on__gte=on - KEPT)
    for report in reports.select_related("period", "report_type").order_by("due_on", "pk"):
        said = f"Hạn gửi {report.report_type.recipient}: {report}"
        code = f"{report.period.code}-{report.report_type.key}"
        yield _event(code, report.due_on, said, report.period.opened_at)


def _event(code: str, day: date, summary: str, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", f"{code}@{urlsplit(settings.BASE_URL).hostname}")
    event.add("dtstamp", stamp)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", summary)
    event.add("transp", "TRANSPARENT")
    return event
