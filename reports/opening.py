"""Opening a period: what is asked of whom, until when (RULES R1, R2)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from portal.models import Unit, User
from portal.steps import NotAllowed, Problem, Refused
from portal.text import tidy
from reports import periods
from reports.models import Report, ReportForm, ReportingPeriod, ReportsSettings, ReportType, Rhythm, UnitReturn
from reports.periods import Name

# Longer periods add up the quarters in them.
ASKING = {Rhythm.MONTH, Rhythm.QUARTER}


@transaction.atomic
def open_period(name: Name, *, by: User | None, at: datetime) -> ReportingPeriod:
    """Return the period with what it asks of the units and its reports, opened now unless it is."""
    days = periods.days(name)
    settings = ReportsSettings.current()
    asks = name.rhythm in ASKING
    period, new = ReportingPeriod.objects.get_or_create(
        rhythm=name.rhythm,
        year=name.year,
        number=name.number,
        defaults={
            "first_on": days.first_day,
            "last_on": days.last_day,
            "units_due_on": days.last_day + timedelta(days=settings.units_due_after) if asks else None,
            "closing_on": days.last_day + timedelta(days=settings.closing_after) if asks else None,
            "opened_at": at,
            "opened_by": by,
        },
    )
    if new and asks:
        UnitReturn.objects.bulk_create(UnitReturn(period=period, unit=unit) for unit in units_asked(period))
    if new:
        for report_type in types_of(period):
            due = period.last_on + timedelta(days=report_type.due_after)
            Report.objects.create(period=period, report_type=report_type, due_on=due)
    return period


def forms_of(period: ReportingPeriod) -> list[ReportForm]:
    """Return the forms that hold on the last day of the period, with their columns."""
    return list(_forms(period.last_on))


def types_of(period: ReportingPeriod) -> list[ReportType]:
    """Return the kinds of reports that hold on the last day of the period."""
    return list(ReportType.objects.on(period.last_on).filter(rhythm=period.rhythm).order_by("key"))


def units_asked(period: ReportingPeriod) -> list[Unit]:
    """Return the units that hand in at least one form."""
    asked = [form for form in forms_of(period) if _asks_units(form)]
    everybody = any(not form.units.all() for form in asked)
    named = {unit.pk for form in asked for unit in form.units.all()}
    return [unit for unit in Unit.objects.filter(active=True) if everybody or unit.pk in named]


def forms_asked(period: ReportingPeriod, unit: Unit) -> list[ReportForm]:
    """Return the forms that the unit hands in, with their columns and checks."""

    def is_asked(form: ReportForm) -> bool:
        units = form.units.all()
        return _asks_units(form) and (not units or unit in units)

    return [form for form in forms_of(period) if is_asked(form)]


def _forms(on: date):
    return ReportForm.objects.on(on).order_by("order", "key").prefetch_related("indicators", "checks", "units")


def _asks_units(form: ReportForm) -> bool:
    return any(indicator.supplier == "units" for indicator in form.indicators.all())


# By itself, and dates that move.

_LONGER = {Rhythm.SIX_MONTHS, Rhythm.NINE_MONTHS, Rhythm.YEAR}


def open_due(at: datetime) -> list[ReportingPeriod]:
    """Open what is to be open by now (a job); return what was not open before.

    A machine that was down catches up for as many days as a period opens ahead; it never fills history.
    """
    on = timezone.localdate(at)
    ahead = timedelta(days=ReportsSettings.current().open_before)
    rhythms = _reported(on)
    opened = []
    for name in _names_around(on):
        last_on = periods.days(name).last_day
        if name.rhythm in rhythms and last_on - ahead <= on <= last_on + ahead and not periods.find(name):
            opened.append(open_period(name, by=None, at=at))
    return opened


@transaction.atomic
def change_dates(
    period: ReportingPeriod,
    *,
    units_due_on: date | None,
    closing_on: date | None,
    reports_due: Mapping[int, date],
    reason: str,
    by: User,
    at: datetime,
) -> None:
    """Move the dates of an open period; `reports_due` by the number of a report, of which sent ones keep theirs.

    Each change is kept as a line of the period's note: when, who, from which day to which, and why.
    """
    if not by.has_perm("reports.approve_unitreturn"):
        raise NotAllowed("Văn phòng Sở mới đổi được các ngày của kỳ.")
    if units_due_on and closing_on and closing_on < units_due_on:
        raise Refused([Problem("Chọn ngày khóa nhập không trước hạn nộp.", "closing_on")])
    changes = []
    if period.asks_units:
        changes += [
            _change("hạn đơn vị nộp", period.units_due_on, units_due_on),
            _change("ngày khóa nhập", period.closing_on, closing_on),
        ]
        period.units_due_on, period.closing_on = units_due_on, closing_on
    for report in period.reports.filter(pk__in=reports_due, status=Report.Status.DRAFT).select_related("report_type"):
        due_on = reports_due[report.pk]
        changes.append(_change(f"hạn gửi {report.report_type.recipient}", report.due_on, due_on))
        period.reports.filter(pk=report.pk).update(due_on=due_on)
    changes = [change for change in changes if change]
    if not changes:
        return
    if not reason.strip():
        raise Refused([Problem("Ghi lý do đổi ngày.", "reason")])
    who = by.get_full_name() or by.get_username()
    line = f"Ngày {timezone.localdate(at):%d/%m/%Y}, {who}: {'; '.join(changes)}. Lý do: {tidy(reason)}"
    period.note = "\n".join(filter(None, [period.note, line]))
    period.save(update_fields=["units_due_on", "closing_on", "note"])


def _change(what: str, old: date | None, new: date | None) -> str:
    """Return in words how a date moved, or nothing where it stays."""
    if old == new:
        return ""
    before, after = (f"{day:%d/%m/%Y}" if day else "chưa có" for day in (old, new))
    return f"{what} từ {before} thành {after}"


def _reported(on: date) -> set[str]:
    """Return the rhythms at which somebody is reported to, with the quarters that longer periods add up."""
    rhythms = set(ReportType.objects.on(on).values_list("rhythm", flat=True))
    return rhythms | ({Rhythm.QUARTER.value} if rhythms & _LONGER else set())


def _names_around(on: date) -> list[Name]:
    """Return the periods of the year and of its neighbours, the shorter ones first."""
    most = {Rhythm.MONTH: 12, Rhythm.QUARTER: 4}
    return [
        Name(rhythm, year, number)
        for rhythm in Rhythm
        for year in (on.year - 1, on.year, on.year + 1)
        for number in range(1, most.get(rhythm, 1) + 1)
    ]
