"""What of figures and reports the first page of the staff's site shows, by who looks at it."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from portal.admin_site import Panel, PanelLine, panels
from portal.models import User
from portal.templatetags.vietnamese import viet_date
from reports import returns
from reports.charting import chart_of, leading, short_title
from reports.figures import Figures, Table
from reports.models import Compilation, ReportingPeriod, UnitReturn

# Of the forms that the office looks at daily; each once, with the figures that stand for it.
SHOWN = ("06a", "phan-anh", "tin-bai-chuyen-muc")
MOST_LINES = 6
OF_CENTRE = ("tin-bai-chuyen-muc", "tin-bai-kenh")


@panels.register
def of_office(user: User, at: datetime) -> Iterator[Panel]:
    """Show who has handed in for the latest period that asks, and the figures that were compiled last."""
    if not user.has_perm("reports.approve_unitreturn"):
        return
    on = timezone.localdate(at)
    period = ReportingPeriod.objects.filter(units_due_on__isnull=False).order_by("-last_on").first()
    if period:
        yield _completeness(period, returns.completeness(period, on))
    yield from _compiled(SHOWN)


@panels.register
def of_unit(user: User, at: datetime) -> Iterator[Panel]:
    """Show a unit its own latest returns."""
    if user.has_perm("reports.approve_unitreturn") or not user.has_perm("reports.fill_unitreturn") or not user.unit_id:
        return
    own = UnitReturn.objects.filter(unit=user.unit_id).select_related("period", "unit").order_by("-period__last_on")[:4]
    lines = [
        PanelLine(
            str(one.period),
            one.get_status_display(),
            one.get_absolute_url(),
            f"hạn {viet_date(one.period.units_due_on)}" if one.period.units_due_on else "",
        )
        for one in own
    ]
    if lines:
        yield Panel("Số liệu của đơn vị", lines, ("Kỳ", "Tình trạng"), url=reverse("reports-staff:periods"))


@panels.register
def of_centre(user: User, at: datetime) -> Iterator[Panel]:
    """Show the centre its articles as they were compiled last."""
    if user.has_perm("reports.approve_unitreturn") or not user.has_perm("news.publish_article"):
        return
    yield from _compiled(OF_CENTRE, linked=False)


def _completeness(period: ReportingPeriod, found: returns.Completeness) -> Panel:
    share = "chưa đến hạn" if found.on_time_share is None else f"đúng hạn {found.on_time_share:g}%".replace(".", ",")
    lines = [
        PanelLine("Đơn vị đã nộp", f"{found.submitted} trên {found.asked}"),
        PanelLine("Đã duyệt", f"{found.approved} trên {found.asked}"),
        *(
            PanelLine(one.unit.short_name or one.unit.name, one.get_status_display(), one.get_absolute_url())
            for one in found.missing
        ),
    ]
    note = f"Hạn nộp {viet_date(period.units_due_on)}, {share}."
    return Panel(f"Đơn vị nộp số liệu {period.name}", lines, ("Việc", "Số đơn vị"), note, period.get_absolute_url())


def _compiled(keys: tuple[str, ...], *, linked: bool = True) -> Iterator[Panel]:
    """Yield a panel for each of the forms in the latest compilation of a quarter."""
    quarters = Compilation.objects.filter(period__rhythm="quarter").select_related("period")
    compilation = quarters.order_by("-period__last_on", "-number").first()
    if compilation is None:
        return
    figures = Figures.of(compilation, with_comparison=False)
    for table in figures.tables():
        if table.key in keys:
            yield _panel(table, compilation, linked=linked)


def _panel(table: Table, compilation: Compilation, *, linked: bool) -> Panel:
    period = compilation.period
    cells = table.total if table.total is not None and len(table.columns) > 1 else None
    if cells is not None or not table.total:
        # A wide table is stood for by the first column of each of its groups.
        places = leading(table) if len(table.columns) > MOST_LINES else range(len(table.columns))
        row = cells or table.rows[0].cells
        named = [(short_title(table.columns[place]), row[place]) for place in places]
    else:
        named = [(row.label, row.cells[0]) for row in table.rows]
    lines = [
        PanelLine(
            label,
            one.value,
            reverse("reports-staff:figure", args=[period.code, one.pk]) if linked and one.pk else "",
        )
        for label, one in named
    ]
    note = f"{period}, tổng hợp lần {compilation.number} ngày {viet_date(timezone.localdate(compilation.at))}."
    url = period.get_absolute_url() if linked else ""
    return Panel(
        table.title, lines, ("Chỉ tiêu", table.measure or "Số"), note, url, with_chart=chart_of(table) is not None
    )
