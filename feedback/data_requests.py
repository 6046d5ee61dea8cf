"""Requests of senders about their data, and by when they are met (Luật 91/2025 Đ4; NĐ 356/2025; RULES D4)."""

from datetime import date

from django.db.models import QuerySet

from feedback.models import DataRequest
from portal import calendar
from portal.calendar import DueDate, WorkCalendar

Kind = DataRequest.Kind
ACKNOWLEDGE_WITHIN = 2  # working days
WITHIN = {Kind.VIEW: 10, Kind.CORRECT: 10, Kind.RESTRICT: 15, Kind.ERASE: 20}  # days


def due(kind: str, received_on: date) -> DueDate:
    """Return the last day for doing what is asked."""
    return calendar.add_days(received_on, WITHIN[Kind(kind)])


def acknowledge_by(received_on: date, *, work: WorkCalendar | None = None) -> DueDate:
    """Return the last day for telling the sender that the request has come."""
    return (work or calendar.load()).add_working_days(received_on, ACKNOWLEDGE_WITHIN)


def waiting() -> QuerySet[DataRequest]:
    return DataRequest.objects.filter(done_on=None)


def days_left(request: DataRequest, on: date) -> int:
    """Return the days until the last day; negative after it."""
    return (request.due_on - on).days
