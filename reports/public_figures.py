"""What the public reads of figures: those that a sent report carried, as they were when it was sent.

A period is public once a report of it was sent. Until then figures may still be put right, and the department has
not answered for them; what is compiled or put in place of a compiled value later shows once a correction is sent.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import IO

from django.core.cache import cache
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from portal import spreadsheets
from portal.charts import MISSING, Chart
from portal.templatetags.vietnamese import number
from reports import charting, periods
from reports.figures import Column, Figures, Shown, Table
from reports.models import QUARTERS, Report, ReportingPeriod, Rhythm
from reports.periods import Name

RHYTHMS = [Rhythm.QUARTER, Rhythm.YEAR]  # those that have a page
TOTAL = "Tổng số"
UNKNOWN = "Chưa có số liệu."
_KEPT = 86_400  # seconds

Values = Mapping[str, int | None]

# What a table says first, by the key of its form; used while every figure named is known and public.
SENTENCES = {
    "06a": "Các đơn vị tiếp nhận {3} hồ sơ, đã giải quyết {7} hồ sơ, trong đó {10} hồ sơ quá hạn.",
    "phan-anh": "Sở tiếp nhận {trong_ky} phản ánh, kiến nghị; đã trả lời {tra_loi}, trong đó {dung_han} đúng hạn.",
    "tin-bai": "Trang này đăng {so} tin, bài, {album} album ảnh và {ban_tin} bản tin.",
    "thu-tuc": "Trong kỳ có {thay_doi} thay đổi của thủ tục; cuối kỳ có {dang_ap_dung} thủ tục đang áp dụng.",
    "ke-hoach": "Đã xong {xong} trên {tong} nhiệm vụ của kế hoạch, {cham} nhiệm vụ chậm.",
}
_CODE = re.compile(r"\{([a-z0-9._]+)\}")


@dataclass(frozen=True)
class Before:
    """An earlier period to compare with."""

    name: str  # quý II năm 2024
    values: Values


@dataclass(frozen=True)
class Line:
    label: str
    values: list[int | None]  # of the period, then of the earlier ones


@dataclass(frozen=True)
class Head:
    """A cell of the head of a table."""

    label: str
    columns: int = 1  # that it stands over
    rows: int = 1


@dataclass(frozen=True)
class Highlight:
    """One of the figures that stand for a period."""

    label: str
    value: str


@dataclass(frozen=True)
class PublicTable:
    table: Table  # only what is public
    now: str  # the name of the period
    before: list[Before]

    @property
    def anchor(self) -> str:
        return f"bieu-{self.table.key}"

    @property
    def cells(self) -> list[Shown]:
        """What stands for the whole table, by column."""
        if self.table.total is not None:
            return self.table.total
        return self.table.rows[0].cells if self.table.rows else []

    @cached_property
    def is_list(self) -> bool:
        """Tell whether the table is read downwards: one column says it all, so earlier periods stand beside it."""
        return self.table.total is None or len(self.table.columns) == 1

    @cached_property
    def heads(self) -> list[str]:
        """What each column is called where it stands alone, that of the labels first."""
        if self.is_list:
            return [self._first_head, *(_capital(name) for name in self._names)]
        return [self._first_head, *(column.title for column in self.table.columns)]

    @cached_property
    def head_rows(self) -> list[list[Head]]:
        """The head of the table, in two rows where columns are grouped."""
        if self.is_list or not any(column.group for column in self.table.columns):
            return [[Head(label) for label in self.heads]]
        upper = [Head(self._first_head, rows=2)]
        lower: list[Head] = []
        place = 0
        for title, width in self.table.groups:
            names = [Head(column.name) for column in self.table.columns[place : place + width]]
            upper += [Head(title, columns=width)] if title else [Head(name.label, rows=2) for name in names]
            lower += names if title else []
            place += width
        return [upper, lower]

    @cached_property
    def lines(self) -> list[Line]:
        """The rows of the table without the total."""
        if self.table.total is None:
            pairs = zip(self.table.columns, self.cells, strict=True)
            return [self._line(column.title, cell) for column, cell in pairs]
        if self.is_list:
            return [self._line(row.label, row.cells[0]) for row in self.table.rows]
        return [Line(row.label, [cell.value for cell in row.cells]) for row in self.table.rows]

    @cached_property
    def totals(self) -> list[Line]:
        """The lines under the table: the total; of a wide table also those of the earlier periods."""
        if self.table.total is None:
            return []
        if self.is_list:
            return [self._line(TOTAL, self.table.total[0])]
        now = Line(TOTAL, [cell.value for cell in self.table.total])
        earlier = [
            Line(f"{TOTAL} {before.name}", [before.values.get(cell.key) for cell in self.table.total])
            for before in self.before
        ]
        return [now, *earlier]

    @cached_property
    def chart(self) -> Chart | None:
        return charting.chart_of(self.table)

    @property
    def defined(self) -> list[Column]:
        """The columns of which it is written down how they are counted."""
        return [column for column in self.table.columns if column.definition]

    @property
    def from_units(self) -> bool:
        return any(column.supplier == "units" for column in self.table.columns)

    @cached_property
    def sentence(self) -> str:
        if all(cell.value is None for cell in self.cells):
            return UNKNOWN
        values = {column.code: cell.value for column, cell in zip(self.table.columns, self.cells, strict=True)}
        return filled(SENTENCES.get(self.table.key, ""), values) or self._usual_sentence()

    @property
    def parts(self) -> list[tuple[str, list[tuple[str, list[tuple[str, int | None]]]]]]:
        """The lines by the part of the table, each value with the name of its column."""
        return [
            (part, [(line.label, list(zip(self.heads[1:], line.values, strict=True))) for line in lines])
            for part, lines in (("tbody", self.lines), ("tfoot", self.totals))
            if lines
        ]

    def for_a_file(self) -> tuple[list[str], list[list[str | int | None]]]:
        """Return the head and the rows of the table as a file holds them."""
        return self.heads, [[line.label, *line.values] for line in [*self.lines, *self.totals]]

    @property
    def _first_head(self) -> str:
        return self.table.row_title or "Chỉ tiêu"

    @property
    def _names(self) -> list[str]:
        return [self.now, *(before.name for before in self.before)]

    def _line(self, label: str, cell: Shown) -> Line:
        return Line(label, [cell.value, *(before.values.get(cell.key) for before in self.before)])

    def _usual_sentence(self) -> str:
        if self.table.total is None:
            known = [f"{line.label}: {number(line.values[0])}" for line in self.lines if line.values[0] is not None]
            return f"{'; '.join(known)}."
        place = charting.leading(self.table)[0]
        said = f"{TOTAL}: {number(self.table.total[place].value) or MISSING}."
        rows = [(row.cells[place].value or 0, row.label) for row in self.table.rows]
        most, label = max(rows, default=(0, ""))
        return f"{said} Nhiều nhất: {label} ({number(most)})." if most else said


@dataclass(frozen=True)
class Published:
    """The page of a period."""

    report: Report  # the latest that was sent
    tables: list[PublicTable]
    highlights: list[Highlight]

    @property
    def period(self) -> ReportingPeriod:
        return self.report.period

    @property
    def url(self) -> str:
        return address(self.period)

    @property
    def description(self) -> str:
        """What shared links say of the page."""
        said = [f"{one.label}: {one.value}" for one in self.highlights]
        return f"Số liệu {self.period.name}. {'; '.join(said)}." if said else f"Số liệu {self.period.name}."

    @property
    def missing_note(self) -> str:
        """Whose figures are not in, without a name: units that had not handed in when the report was compiled."""
        missing = self.report.compilation.layout["missing"] if self.report.compilation else []
        units = {one["unit_id"] for one in missing if one["unit_id"]}
        said = [f"{len(units):02} đơn vị"] if units else []
        quarters = sorted({one["period"][-1] for one in missing if not one["unit_id"]})
        said += [f"quý {QUARTERS[int(quarter) - 1]}" for quarter in quarters]
        return f"Chưa gồm số liệu của {', '.join(said)}." if said else ""


@dataclass(frozen=True)
class Latest:
    period: ReportingPeriod
    highlights: list[Highlight]
    url: str


def sent_reports() -> QuerySet[Report]:
    """Return the reports whose figures are public, the latest of each period first."""
    sent = Report.objects.filter(
        status=Report.Status.SENT, compilation__isnull=False, period__rhythm__in=RHYTHMS
    ).select_related("period", "compilation__period", "report_type")
    return sent.order_by("-period__last_on", "period__rhythm", "-sent_at", "-pk")


def public_periods() -> QuerySet[ReportingPeriod]:
    """Return the periods that have a page, the latest first and a year before its quarters."""
    sent = Report.objects.filter(period=OuterRef("pk"), status=Report.Status.SENT, compilation__isnull=False)
    return ReportingPeriod.objects.filter(Exists(sent), rhythm__in=RHYTHMS).order_by("-last_on", "-rhythm")


def find(name: Name) -> Published | None:
    """Return what the public may read of the period, beside the one before and the year before."""
    names = [name, periods.before(name), periods.year_before(name)]
    found = _latest(names)
    report = found.get(name)
    if report is None:
        return None
    earlier = dict.fromkeys(other for other in names[1:] if other in found)
    before = [Before(found[other].period.name, values(found[other])) for other in earlier]
    tables = [PublicTable(table, report.period.name, before) for table in _tables(report)]
    return Published(report, tables, _highlights(_values(table.table for table in tables)))


def latest_quarter() -> Latest | None:
    """Return the latest quarter that is public, with the figures that stand for it."""
    report = sent_reports().filter(period__rhythm=Rhythm.QUARTER).first()
    return Latest(report.period, _highlights(values(report)), address(report.period)) if report else None


def values(report: Report) -> Values:
    """Return the public figures of a sent report by their keys; they never change."""
    key = f"public-figures-{report.pk}-{report.sent_at:%Y%m%d%H%M%S%f}"
    return cache.get_or_set(key, lambda: _values(_tables(report)), _KEPT) or {}


def address(period: ReportingPeriod) -> str:
    if period.rhythm == Rhythm.YEAR:
        return reverse("reports:year", args=[period.year])
    return reverse("reports:period", args=[period.year, period.number])


def book(found: Published) -> IO[bytes]:
    """Return all public tables of the period as an XLSX, a sheet each."""
    return spreadsheets.xlsx_book((_sheet_title(table.table), *table.for_a_file()) for table in found.tables)


def filled(template: str, known: Values) -> str:
    """Return the sentence with its figures; nothing where one of them is not known."""
    codes = _CODE.findall(template)
    if any(known.get(code) is None for code in codes):
        return ""
    return _CODE.sub(lambda match: number(known[match[1]]), template)


def _latest(names: Iterable[Name]) -> dict[Name, Report]:
    which = Q()
    for name in names:
        which |= Q(period__rhythm=name.rhythm, period__year=name.year, period__number=name.number)
    found: dict[Name, Report] = {}
    for report in sent_reports().filter(which):
        found.setdefault(periods.name_of(report.period), report)
    return found


def _tables(report: Report) -> list[Table]:
    if report.compilation is None:
        return []
    figures = Figures.of(report.compilation, with_comparison=False, at=report.sent_at)
    found = (table.public_only() for table in figures.tables() if table.public)
    return [table for table in found if table.columns]


def _values(tables: Iterable[Table]) -> dict[str, int | None]:
    return {
        cell.key: cell.value
        for table in tables
        for cells in [*(row.cells for row in table.rows), table.total or []]
        for cell in cells
    }


def _highlights(known: Values) -> list[Highlight]:
    """Return the four figures that stand for a period (UX, home page), those that are known."""
    received, answered, on_time = (known.get(f"phan-anh.{code}") for code in ("trong_ky", "tra_loi", "dung_han"))
    found = [
        ("thủ tục đang áp dụng", known.get("thu-tuc.dang_ap_dung")),
        ("hồ sơ đã giải quyết", known.get("06a.7")),
        ("phản ánh, kiến nghị tiếp nhận", received),
    ]
    shown = [Highlight(label, number(value)) for label, value in found if value is not None]
    if answered and on_time is not None:
        label = f"trả lời phản ánh đúng hạn ({number(on_time)} trên {number(answered)})"
        shown.append(Highlight(label, f"{number(100 * on_time // answered)}%"))
    return shown


def _sheet_title(table: Table) -> str:
    """Return a name that is short and that no other sheet has: titles may begin alike."""
    return table.code or table.key


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
