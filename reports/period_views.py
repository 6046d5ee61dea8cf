"""The board of periods, and the workbench of one: what is in, what is counted, what is written, what is sent."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from portal.models import User
from portal.steps import Conflict, NotAllowed, Refused
from procedures.admin_views import user
from reports import arithmetic, opening, periods, reminding, returns
from reports.figures import Figures, Shown
from reports.models import (
    Compilation,
    Indicator,
    Report,
    ReportForm,
    ReportingPeriod,
    ReturnValue,
    UnitReturn,
)
from reports.period_forms import DatesForm, OpenForm
from reports.periods import Name

PAGE_SIZE = 20
_HANDED_IN = {UnitReturn.Status.SUBMITTED, UnitReturn.Status.APPROVED}


# The board.


@dataclass(frozen=True)
class Line:
    """A period on the board, with what this person may see of it."""

    period: ReportingPeriod
    returns: list[UnitReturn]
    reports: list[Report]
    on: date
    steers: bool

    @property
    def handed_in(self) -> int:
        return sum(one.status in _HANDED_IN for one in self.returns)

    @property
    def late(self) -> bool:
        return any(one.status not in _HANDED_IN and one.is_late(self.on) for one in self.returns)

    @property
    def url(self) -> str:
        own = None if self.steers else next(iter(self.returns), None)
        return own.get_absolute_url() if own else self.period.get_absolute_url()


@never_cache
def board(request: HttpRequest, form: OpenForm | None = None) -> HttpResponse:
    """List the periods: all of them for the office, for a unit those that ask something of it."""
    who, on = _allowed(request), timezone.localdate()
    steers = _steers(who)
    visible = UnitReturn.objects.visible_to(who).select_related("unit", "period")
    found = ReportingPeriod.objects.all() if steers else ReportingPeriod.objects.filter(returns__in=visible)
    reports = Report.objects.filter(corrected_by=None).select_related("report_type")
    found = found.prefetch_related(Prefetch("returns", visible), Prefetch("reports", reports)).order_by(
        "-last_on", "pk"
    )
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "title": "Kỳ báo cáo" if steers else "Số liệu của đơn vị",
        "page": page,
        "url": request.get_full_path(),
        "lines": [
            Line(one, list(one.returns.all()), list(one.reports.all()) if steers else [], on, steers) for one in page
        ],
        "steers": steers,
        "on": on,
        "form": form or OpenForm(),
    }
    return _render(request, "admin/reports/board.html", context, status=422 if form else 200)


@never_cache
@require_POST
def open_named(request: HttpRequest) -> HttpResponse:
    """Open the period of a code; one that is open already is shown."""
    who = _office(request)
    form = OpenForm(request.POST)
    if not form.is_valid():
        request.method = "GET"
        return board(request, form)
    name = form.cleaned_data["code"]
    there = periods.find(name)
    period = there or opening.open_period(name, by=who, at=timezone.now())
    messages.success(request, "Kỳ này đã mở từ trước." if there else f"Đã mở {period.name}.")
    return redirect(period)


# The workbench.


@dataclass(frozen=True)
class UnitLine:
    unit_return: UnitReturn
    named: list[tuple[str, int | None]]  # title and value
    days_said: str
    open: bool

    @property
    def values(self) -> list[int | None]:
        return [value for _, value in self.named]


@never_cache
def show(request: HttpRequest, name: Name) -> HttpResponse:
    """Show everything of one period to the office; a unit gets what it hands in."""
    who, on = _allowed(request), timezone.localdate()
    period = _found(name)
    if not _steers(who):
        return redirect(get_object_or_404(UnitReturn.objects.visible_to(who), period=period))
    latest = Compilation.objects.latest_of(period)
    reports = list(
        period.reports.filter(corrected_by=None).select_related("report_type", "period", "compilation").order_by("pk")
    )
    complete = returns.completeness(period, on)
    titles, lines, totals = _numbers(period, on)
    context = {
        "title": f"Báo cáo {period.name}",
        "period": period,
        "on": on,
        "latest": latest,
        "complete": complete,
        "titles": titles,
        "lines": lines,
        "totals": list(zip(titles, totals, strict=True)),
        "quarters": _quarters(period, on),
        "figures": _counted(latest),
        "reports": [(one, reminding.days_said(one.due_on, on), one.due_on < on) for one in reports],
        "sent": sum(one.is_locked for one in reports),
        "missing": _missing(complete, latest, reports),
    }
    return _render(request, "admin/reports/period.html", context)


@never_cache
@require_POST
def remind(request: HttpRequest, name: Name, unit: int) -> HttpResponse:
    """Remind one unit by mail, now."""
    who = _office(request)
    rows = UnitReturn.objects.select_related("period", "unit")
    unit_return = get_object_or_404(rows, period=_found(name), unit=unit)
    try:
        count = reminding.remind(unit_return, by=who, at=timezone.now())
    except (Conflict, NotAllowed):
        messages.error(request, "Đơn vị vừa nộp số liệu, không cần nhắc nữa.")
    else:
        if count:
            messages.success(request, f"Đã gửi thư nhắc {unit_return.unit} đến {count} địa chỉ.")
        else:
            messages.warning(request, f"Đã ghi việc nhắc, nhưng {unit_return.unit} chưa có thư điện tử: hãy gọi điện.")
    return redirect(unit_return.period)


@never_cache
def dates(request: HttpRequest, name: Name) -> HttpResponse:
    """Show the dates of the period; on POST move them."""
    who = _office(request)
    period = _found(name)
    form = DatesForm(period, request.POST or None)
    if request.method == "POST" and form.is_valid() and _moved(period, form, who):
        messages.success(request, "Đã lưu các ngày của kỳ.")
        return redirect(period)
    context = {"title": "Các ngày của kỳ", "period": period, "form": form}
    return _render(request, "admin/reports/period_dates.html", context)


def _moved(period: ReportingPeriod, form: DatesForm, who: User) -> bool:
    given = form.cleaned_data
    try:
        opening.change_dates(
            period,
            units_due_on=given.get("units_due_on"),
            closing_on=given.get("closing_on"),
            reports_due=form.reports_due,
            reason=given["reason"],
            by=who,
            at=timezone.now(),
        )
    except Refused as refused:
        for problem in refused.problems:
            form.add_error(problem.field, problem.sentence)
        return False
    return True


# The parts of the workbench.


def _numbers(period: ReportingPeriod, on: date) -> tuple[list[str], list[UnitLine], list[int | None]]:
    """Return the titles of what is shown of the units' figures, a line for each unit, and the sums of what is in."""
    if not period.asks_units:
        return [], [], []
    shown = [(form, _shown_columns(form)) for form in opening.forms_of(period)]
    titles = [column.group or column.name for _, columns in shown for column in columns]
    summed: dict[int, dict[int, int | None]] = {}
    values = ReturnValue.objects.filter(unit_return__period=period).order_by()
    for row in values.values("unit_return", "indicator").annotate(total=Sum("value")):
        summed.setdefault(row["unit_return"], {})[row["indicator"]] = row["total"]
    lines = []
    for unit_return in period.returns.select_related("unit", "period"):
        of_unit = summed.get(unit_return.pk, {})
        numbers = [value for form, columns in shown for value in _row(form, columns, of_unit)]
        due_said = reminding.days_said(reminding.due_on(unit_return), on)
        named = list(zip(titles, numbers, strict=True))
        lines.append(UnitLine(unit_return, named, due_said, unit_return.status in reminding.OPEN))
    handed_in = [line.values for line in lines if not line.open]
    totals: list[int | None] = [None] * len(titles)
    if handed_in:
        totals = [_sum(column) for column in zip(*handed_in, strict=True)]
    return titles, lines, totals


def _shown_columns(form: ReportForm) -> list[Indicator]:
    """Return the columns that fit beside one another: the totals of a form of many rows, else what units type."""
    columns = list(form.indicators.all())
    if not any(column.supplier == Indicator.Supplier.UNITS for column in columns):
        return []
    wanted = Indicator.Supplier.UNITS if form.rows == ReportForm.Rows.ONE else Indicator.Supplier.FORMULA
    return [column for column in columns if column.supplier == wanted]


def _row(form: ReportForm, columns: list[Indicator], of_unit: dict[int, int | None]) -> list[int | None]:
    values = {column.code: of_unit.get(column.pk) for column in form.indicators.all()}
    values = arithmetic.complete(form, values)
    return [values.get(column.code) for column in columns]


def _sum(values: tuple[int | None, ...]) -> int | None:
    there = [value for value in values if value is not None]
    return sum(there) if there else None


def _quarters(period: ReportingPeriod, on: date) -> list[tuple[str, str, ReportingPeriod | None, Any]]:
    """Return the quarters that a longer period adds up, with how far each is in."""
    names = periods.within(period)
    if not names:
        return []
    rows = ReportingPeriod.objects.filter(rhythm="quarter", year=period.year)
    there = {periods.name_of(row): row for row in rows}
    found = []
    for name in names:
        row = there.get(name)
        title = ReportingPeriod(rhythm=name.rhythm, year=name.year, number=name.number)
        found.append((str(title), title.code, row, returns.completeness(row, on) if row else None))
    return found


def _counted(latest: Compilation | None) -> list[Shown]:
    """Return the figures of the tables with one row: what the portal counts, and sums over rows elsewhere."""
    if latest is None:
        return []
    tables = Figures.of(latest, with_comparison=False).tables()
    return [
        cell
        for table in tables
        if table.total is None
        for row in table.rows
        for column, cell in zip(table.columns, row.cells, strict=True)
        if column.supplier == Indicator.Supplier.SYSTEM
    ]


def _missing(complete: returns.Completeness, latest: Compilation | None, reports: list[Report]) -> list[str]:
    """Return what is still to be done before the reports go out, as sentences."""
    found = []
    if complete.missing:
        count = len(complete.missing)
        found.append(f"{count} đơn vị chưa nộp số liệu. Xuất lúc này sẽ ghi “chưa có số liệu”.")
    if waiting := complete.submitted - complete.approved:
        found.append(f"{waiting} đơn vị đã nộp, chờ duyệt. Số liệu chưa duyệt không vào báo cáo.")
    if latest is None:
        found.append("Chưa tổng hợp số liệu của kỳ.")
        return found
    for report in reports:
        if not report.is_locked and report.compilation_id != latest.pk:
            found.append(f"{report.report_type.name}: chưa dùng lần tổng hợp mới nhất.")
    return found


def _found(name: Name) -> ReportingPeriod:
    period = periods.find(name)
    if period is None:
        raise Http404
    return period


def _steers(who: User) -> bool:
    return who.has_perm("reports.approve_unitreturn")


def _allowed(request: HttpRequest) -> User:
    who = user(request)
    if not (_steers(who) or who.has_perm("reports.fill_unitreturn")):
        raise PermissionDenied
    return who


def _office(request: HttpRequest) -> User:
    who = user(request)
    if not _steers(who):
        raise PermissionDenied
    return who


def _render(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, template, {**admin.site.each_context(request), **context}, status=status)
