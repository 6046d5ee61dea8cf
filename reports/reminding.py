"""Reminders to units before, on and after their due date, and the office's list, each working morning once.

What was said stands in the history of the return (REMIND by nobody), so nothing is said twice, whichever machine
asks and however long none did; a due date that moves is spoken of anew.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone

from portal import calendar, mail
from portal.models import Lease, User
from portal.templatetags.vietnamese import viet_date
from reports import returns
from reports.models import Report, ReportsSettings, ReturnEvent, UnitReturn

Status = UnitReturn.Status
OPEN = (Status.EXPECTED, Status.SAVED, Status.RETURNED)
# Mails reach people when they come to work.
SPEAK_FROM = time(7)
# After so many days a gap is the office's to settle, and mails help no more.
LATE_FOR = timedelta(days=60)
REPORT_NEAR = timedelta(days=10)
REMINDER = mail.Template("mail/report_reminder.txt", "mail/report_reminder.html")
DIGEST = mail.Template("mail/report_digest.txt", "mail/report_digest.html")
_BY_MACHINE = {"Auto-Submitted": "auto-generated"}
_LEASE = "reports.reminding"


def remind_due(now: datetime) -> None:
    """Remind the units of what is due or late, and tell the office how things stand (a job)."""
    on = timezone.localdate(now)
    if timezone.localtime(now).time() < SPEAK_FROM or not calendar.is_working_day(on):
        return
    with transaction.atomic():
        if _first_today(now):
            _remind_units(on, now)
            _tell_office(on)


@transaction.atomic
def remind(unit_return: UnitReturn, *, by: User | None, at: datetime) -> int:
    """Write down that the unit is reminded and mail its people; return to how many addresses."""
    on = timezone.localdate(at)
    returns.remind(unit_return, by=by, at=at)
    due = due_on(unit_return)
    heading = f"{'Quá hạn nộp' if on > due else 'Nhắc nộp'} số liệu {unit_return.period.name}"
    return _mail(unit_return, heading, due, on)


def tell(unit_return: UnitReturn, *, at: datetime) -> int:
    """Mail the unit's people what they are asked to mend, or that they may type again; return to how many."""
    heading = f"Văn phòng Sở đề nghị sửa số liệu {unit_return.period.name}"
    return _mail(unit_return, heading, due_on(unit_return), timezone.localdate(at))


def _mail(unit_return: UnitReturn, heading: str, due: date, on: date) -> int:
    context = {
        "heading": heading,
        "period": unit_return.period,
        "unit": unit_return.unit,
        "due_on": due,
        "days_said": days_said(due, on),
        "returned_reason": unit_return.returned_reason if unit_return.status == Status.RETURNED else "",
        "url": settings.BASE_URL + unit_return.get_absolute_url(),
    }
    return mail.send_to_each(_addresses(unit_return), heading, REMINDER, context, _BY_MACHINE)


def due_on(unit_return: UnitReturn) -> date:
    """Return until when the unit is asked: the period's date, or a later one that was given to it alone."""
    days = [unit_return.period.units_due_on, unit_return.reopened_until]
    return max(day for day in days if day)


def days_said(due: date, on: date) -> str:
    """Return how far the day is from the due date: Còn 3 ngày, Hạn là hôm nay, Quá hạn 1 ngày."""
    left = (due - on).days
    if left < 0:
        return f"Quá hạn {-left} ngày"
    return f"Còn {left} ngày" if left else "Hạn là hôm nay"


def stage_began(due: date, on: date, before: Sequence[int], late_every: int) -> date | None:
    """Return since when the present reminder is due; nothing while there is time or once it is no use."""
    left = (due - on).days
    if left < 0:
        late = due + timedelta(days=1 + (-left - 1) // late_every * late_every)
        return late if on <= due + LATE_FOR else None
    reached = [days for days in (*before, 0) if left <= days]
    return due - timedelta(days=min(reached)) if reached else None


def waiting(on: date) -> QuerySet[UnitReturn]:
    """Return what was not handed in of periods for which a report is still to be sent."""
    # Compared with the day of the mail, not with the due date, which a reopening moves.
    since = on - LATE_FOR - timedelta(days=90)
    found = UnitReturn.objects.filter(status__in=OPEN, period__units_due_on__gte=since)
    unsent = Report.objects.filter(status=Report.Status.DRAFT).values("period")
    return found.filter(period__in=unsent).select_related("period", "unit").order_by("period__units_due_on", "pk")


def people(codename: str) -> QuerySet[User]:
    """Return the accounts in use that hold the permission by a role."""
    backend = "django.contrib.auth.backends.ModelBackend"
    users = User.objects.with_perm(f"reports.{codename}", include_superusers=False, backend=backend)
    return users.filter(is_staff=True)


def _remind_units(on: date, now: datetime) -> None:
    rules = ReportsSettings.current()
    before = [int(days) for days in rules.remind_before.split(",")]
    own = ReturnEvent.objects.filter(verb=ReturnEvent.Verb.REMIND, by=None).order_by("at")
    for unit_return in waiting(on).prefetch_related(Prefetch("events", own, to_attr="reminders")):
        began = stage_began(due_on(unit_return), on, before, rules.remind_late_every)
        last = unit_return.reminders[-1].at if unit_return.reminders else None
        if began and (last is None or timezone.localdate(last) < began):
            remind(unit_return, by=None, at=now)


def _addresses(unit_return: UnitReturn) -> list[str]:
    found = [user.email for user in people("fill_unitreturn").filter(unit=unit_return.unit_id)]
    return _once([*found, unit_return.unit.email])


def _once(addresses: Sequence[str]) -> list[str]:
    return list({address.casefold(): address for address in addresses if address}.values())


def _tell_office(on: date) -> None:
    late_or_today = [one for one in waiting(on) if on <= due_on(one) + LATE_FOR and due_on(one) <= on]
    near = Report.objects.filter(status=Report.Status.DRAFT, due_on__range=(on - LATE_FOR, on + REPORT_NEAR))
    due = list(near.select_related("period", "report_type").order_by("due_on", "pk"))
    if not (late_or_today or due):
        return
    heading = f"Số liệu, báo cáo ngày {viet_date(on)}"
    context = {
        "heading": heading,
        "returns": [_line(str(one), due_on(one), on, one.get_absolute_url()) for one in late_or_today],
        "reports": [_line(str(one), one.due_on, on, one.period.get_absolute_url()) for one in due],
        "url": settings.BASE_URL + reverse("reports-staff:periods"),
    }
    addresses = _once([user.email for user in people("approve_unitreturn")])
    mail.send_to_each(addresses, heading, DIGEST, context, _BY_MACHINE)


def _line(title: str, due: date, on: date, url: str) -> dict[str, str | date]:
    return {"title": title, "due_on": due, "said": days_said(due, on), "url": settings.BASE_URL + url}


def _first_today(now: datetime) -> bool:
    """Take today's turn; whoever asks later today gets no other. Given back if the transaction fails."""
    Lease.objects.get_or_create(name=_LEASE, defaults={"until": now})
    tomorrow = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return Lease.objects.filter(name=_LEASE, until__lte=now).update(until=tomorrow) == 1
