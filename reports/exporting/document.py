"""A report as what it says, before it is drawn: the same parts in every kind of file."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import ClassVar

from django.utils import timezone

from news import plans
from news.models import CommunicationPlan
from portal.charts import Chart
from portal.models import Organisation
from portal.official_documents import Grid, Head, Signer, dated, numbered
from portal.templatetags.vietnamese import number as with_dots
from portal.templatetags.vietnamese import viet_date
from reports import difficulties
from reports.charting import chart_of
from reports.figures import Figures, Shown, Table
from reports.models import QUARTERS, OutlinePart, Report

KIND = "Báo cáo"
MISSING = "–"
NO_FIGURES = "Chưa có số liệu."
_ROMAN_NUMBERS = (*QUARTERS, "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


@dataclass(frozen=True)
class Heading:
    kind: ClassVar[str] = "heading"
    text: str
    level: int  # 1: "I. TITLE", 2: "1. Title", 3: "a) Title"


@dataclass(frozen=True)
class Paragraph:
    kind: ClassVar[str] = "paragraph"
    text: str
    italic: bool = False


@dataclass(frozen=True)
class TablePart:
    kind: ClassVar[str] = "table"
    caption: str
    measure: str
    grid: Grid
    notes: list[str] = field(default_factory=list)
    table: Table | None = None  # the figures, where the boxes are numbers


@dataclass(frozen=True)
class ChartPart:
    kind: ClassVar[str] = "chart"
    caption: str
    chart: Chart


Block = Heading | Paragraph | TablePart | ChartPart


@dataclass(frozen=True)
class Annex:
    """A form of the report on pages of its own (RULES L13)."""

    label: str  # "Phụ lục I"; "Phụ lục" where there is one
    title: str
    period: str  # "Kỳ báo cáo: … (Từ ngày … đến ngày …)"
    form: str  # "Biểu số II.06a"
    offices: list[str]  # who reports and who receives it
    part: TablePart
    across: bool


@dataclass(frozen=True)
class Document:
    organisation: Organisation
    symbol: str
    number: str  # given once the report is sent
    on: date | None
    summary: str
    addressee: str
    blocks: list[Block]
    signer: Signer
    recipients: list[str]
    annexes: list[Annex]
    at: datetime | None  # when its figures were frozen

    kind: ClassVar[str] = KIND

    @property
    def shown_number(self) -> str:
        return numbered(self.symbol, self.number)

    @property
    def place_and_date(self) -> str:
        return f"{self.organisation.place_in_documents}, {dated(self.on)}"

    @property
    def attached(self) -> str:
        """What an annex says of the report that it belongs to."""
        return f"Kèm theo {KIND} số {self.shown_number} {dated(self.on)} của {self.organisation.name}"

    @property
    def tables(self) -> list[TablePart]:
        parts = [block for block in self.blocks if isinstance(block, TablePart)]
        return [*(annex.part for annex in self.annexes), *parts]


def of(report: Report) -> Document:
    """Return what the report says, from its own compilation."""
    writer = _Writer(report)
    report_type = report.report_type
    return Document(
        organisation=writer.organisation,
        symbol=report_type.symbol,
        number=report.document_number,
        on=report.document_on,
        summary=report_type.summary.replace("{ky}", report.period.name),
        addressee=report_type.recipient,
        blocks=list(writer.blocks()),
        signer=Signer(report_type.signer_authority, report_type.signer_post),
        recipients=_recipients(report_type.copies_to),
        annexes=writer.annexes,
        at=report.compilation.at if report.compilation else None,
    )


class _Writer:
    """Puts the parts of the outline into words and tables."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.period = report.period
        self.organisation = Organisation.current()
        at = report.sent_at if report.is_locked else None
        self.figures = Figures.of(report.compilation, at=at) if report.compilation else None
        self.outline = list(report.report_type.outline.select_related("form"))
        self.texts = {paragraph.part_id: paragraph.shown for paragraph in report.paragraphs.all()}
        self.annexes = self._annexes()

    def blocks(self) -> Iterator[Block]:
        if corrected := self.report.corrects:
            yield Paragraph(
                f"Báo cáo này đính chính, thay thế {KIND} số {numbered('', corrected.document_number)} "
                f"{dated(corrected.document_on)} của {self.organisation.name}. "
                f"Lý do: {self.report.correction_reason.rstrip('.')}.",
                italic=True,
            )
        ending = self._ending()
        for part in self.outline:
            # Where the outline closes with a sentence, what is attached stands before it.
            if ending and part == ending:
                yield from self._mention_of_annexes()
            yield from self._part(part)
        if not ending:
            yield from self._mention_of_annexes()

    def _ending(self) -> OutlinePart | None:
        last = self.outline[-1] if self.outline else None
        return last if last and last.kind == OutlinePart.Kind.TEXT and not last.heading else None

    def _part(self, part: OutlinePart) -> Iterator[Block]:
        kinds = OutlinePart.Kind
        if part.heading:
            yield Heading(f"{part.number} {part.heading}".strip(), _level(part.number))
        if text := self.texts.get(part.pk, "").strip():
            yield Paragraph(text)
        if part.kind == kinds.PLAN:
            yield from self._plan()
        elif part.kind == kinds.DIFFICULTIES:
            yield from self._difficulties()
        elif part.kind in {kinds.TABLE, kinds.CHART} and part.form:
            yield from self._form(part.form.key, is_chart=part.kind == kinds.CHART)

    # Figures.

    def _table(self, form_key: str) -> Table | None:
        try:
            return self.figures.table(form_key) if self.figures else None
        except KeyError:  # the form did not hold when the figures were compiled
            return None

    def _form(self, form_key: str, *, is_chart: bool) -> Iterator[Block]:
        table = self._table(form_key)
        if table is None:
            yield Paragraph(NO_FIGURES, italic=True)
            return
        if is_chart and (chart := chart_of(table)):
            yield ChartPart(f"Biểu đồ: {table.title}", chart)
        annex = next((annex for annex in self.annexes if annex.part.table and annex.part.table.key == form_key), None)
        if annex:
            yield Paragraph(f"Số liệu chi tiết tại {annex.label} kèm theo.")
        elif not (is_chart and self._has_table(form_key)):
            yield self._table_part(table, f"Bảng: {table.title}")

    def _has_table(self, form_key: str) -> bool:
        """Tell whether the outline prints the form as a table of its own."""
        kind = OutlinePart.Kind.TABLE
        return any(part.kind == kind and part.form and part.form.key == form_key for part in self.outline)

    def _table_part(self, table: Table, caption: str) -> TablePart:
        notes = []
        cells = [cell for row in table.rows for cell in row.cells] + list(table.total or [])
        if any(cell.value is None for cell in cells) or not table.rows:
            notes.append(f"Ghi chú: dấu “{MISSING}” là chưa có số liệu.")
        missing = self.figures.missing_units if self.figures else []
        if missing and any(column.supplier == "units" for column in table.columns):
            notes.append(f"Chưa có số liệu: {'; '.join(missing)}.")
        return TablePart(caption, table.measure, self._grid(table), notes, table)

    def _grid(self, table: Table) -> Grid:
        if len(table.columns) == 1 and table.total is not None:
            return self._compared(
                table.row_title, [(row.label, row.cells[0]) for row in table.rows], ("Tổng cộng", table.total[0])
            )
        if table.total is None and not any(title for title, _ in table.groups):
            cells = table.rows[0].cells if table.rows else []
            return self._compared(
                "Nội dung", [(column.title, cell) for column, cell in zip(table.columns, cells, strict=True)]
            )
        return form_grid(table)

    def _compared(self, title: str, rows: Sequence[tuple[str, Shown]], total: tuple[str, Shown] | None = None) -> Grid:
        """Return one figure a line, beside the periods that it is compared with."""
        figures = self.figures
        before = [other for other in dict.fromkeys((figures.previous, figures.year_before)) if other] if figures else []
        names = [_capital(self.period.name), *(_capital(other.period.name) for other in before)]

        def line(serial: str, label: str, cell: Shown) -> list[str]:
            return [serial, label, *map(_shown, (cell.value, *(other.value(cell.key) for other in before)))]

        return Grid(
            [[Head(text) for text in ("STT", title, *names)]],
            [line(str(serial), label, cell) for serial, (label, cell) in enumerate(rows, start=1)],
            [1, 8 - len(before), *([2.4] * len(names))],
            ["centre", "left", *(["right"] * len(names))],
            total=line("", *total) if total else (),
        )

    # Annexes.

    def _annexes(self) -> list[Annex]:
        forms = self.report.report_type.forms.order_by("order", "key")
        tables = [table for form in forms if (table := self._table(form.key))]
        # A wide form has no room among the text.
        wide = [part.form.key for part in self.outline if part.form and part.kind == OutlinePart.Kind.TABLE]
        for key in wide:
            table = self._table(key)
            if table and table.landscape and table not in tables:
                tables.append(table)
        labels = ["Phụ lục"] if len(tables) == 1 else [f"Phụ lục {_roman(place + 1)}" for place in range(len(tables))]
        return [self._annex(label, table) for label, table in zip(labels, tables, strict=True)]

    def _annex(self, label: str, table: Table) -> Annex:
        first, last = dated(self.period.first_on), dated(self.period.last_on)
        return Annex(
            label,
            table.title,
            f"Kỳ báo cáo: {_capital(self.period.name)} (Từ {first} đến {last})",
            f"Biểu số {table.code}" if table.code else "",
            [
                f"Đơn vị báo cáo: {self.organisation.full_name}",
                f"Đơn vị nhận báo cáo: {self.report.report_type.recipient}",
            ],
            self._table_part(table, ""),
            table.landscape,
        )

    def _mention_of_annexes(self) -> Iterator[Block]:
        if self.annexes:
            listed = "; ".join(f"{annex.label}: {annex.title}" for annex in self.annexes)
            yield Paragraph(f"Kèm theo báo cáo này: {listed}.")

    # The plan of communication, and what units are stuck with.

    def _plan(self) -> Iterator[Block]:
        plan = CommunicationPlan.objects.filter(year=self.period.year).first()
        if plan is None:
            yield Paragraph(f"Chưa có kế hoạch truyền thông năm {self.period.year}.", italic=True)
            return
        at = timezone.make_aware(datetime.combine(self.period.last_on, time.max))
        if self.report.compilation:
            at = min(at, self.report.compilation.at)
        progress = plans.progress(plan, at=at)
        yield Paragraph(f"{plan.title} có {progress.sentence}")
        lines = sorted(progress.lines, key=lambda line: (line.task.order, line.task.pk))
        grid = Grid(
            [[Head(text) for text in ("STT", "Nhiệm vụ", "Chủ trì", "Thời gian", "Tình trạng", "Đã thực hiện")]],
            [
                [
                    line.task.number or str(serial),
                    line.task.content,
                    line.task.lead.name,
                    line.task.time,
                    _state(line),
                    "\n".join(filter(None, [line.done, line.task.result])) or MISSING,
                ]
                for serial, line in enumerate(lines, start=1)
            ],
            [1.1, 5, 2.6, 2.1, 1.9, 3.3],
            ["centre", "left", "left", "left", "left", "left"],
        )
        yield TablePart(f"Bảng: Tiến độ nhiệm vụ của kế hoạch đến {dated(timezone.localdate(at))}", "", grid)

    def _difficulties(self) -> Iterator[Block]:
        rows = [
            [
                str(serial),
                "\n".join(filter(None, [row.title, row.content])),
                row.unit.name,
                row.proposal or MISSING,
                row.answer or "Chưa trả lời",
            ]
            for serial, row in enumerate(difficulties.of_period(self.period), start=1)
        ]
        if not rows:
            yield Paragraph("Trong kỳ các đơn vị không nêu khó khăn, vướng mắc.")
            return
        titles = ("STT", "Khó khăn, vướng mắc", "Đơn vị nêu", "Đề xuất, kiến nghị", "Ý kiến của Văn phòng Sở")
        grid = Grid(
            [[Head(text) for text in titles]],
            rows,
            [1.3, 5, 2.6, 3.4, 3.4],
            ["centre", "left", "left", "left", "left"],
        )
        yield TablePart("Bảng: Khó khăn, vướng mắc của các đơn vị", "", grid)


def form_grid(table: Table) -> Grid:
    """Return the form as R6 prints it: heads in two levels, the numbers of the columns, a row of totals."""
    has_rows = table.total is not None
    two_levels = any(title for title, _ in table.groups)
    first = [Head("STT", rows=1 + two_levels), Head(table.row_title, rows=1 + two_levels)] if has_rows else []
    top, below, place = list(first), [], 0
    for title, count in table.groups:
        columns = table.columns[place : place + count]
        place += count
        if title:
            top.append(Head(title, columns=count))
            below += [Head(column.name) for column in columns]
        else:
            top += [Head(column.name, rows=1 + two_levels) for column in columns]
    numbers = [column.number for column in table.columns]
    leading = ["(1)", "(2)"] if has_rows else []
    rows = [
        [*([str(serial), row.label] if has_rows else []), *(_shown(cell.value) for cell in row.cells)]
        for serial, row in enumerate(table.rows, start=1)
    ]
    total = ["", "Tổng cộng", *(_shown(cell.value) for cell in table.total)] if table.total is not None else []
    return Grid(
        [top, below] if two_levels else [top],
        rows,
        [*([1, 4.5] if has_rows else []), *([1.6] * len(table.columns))],
        [*(["centre", "left"] if has_rows else []), *(["right" if has_rows else "centre"] * len(table.columns))],
        [*leading, *numbers] if any(numbers) else (),
        total,
    )


def _state(line: plans.Line) -> str:
    label = str(line.state.label)
    done = line.task.done_on if line.state == plans.State.DONE else None
    return f"{label} ngày {viet_date(done)}" if done else label


def _level(number: str) -> int:
    """Return the level of a part by its number: I. 1. a)"""
    if re.fullmatch(r"(Phần )?[IVXLC]+[.)]?", number.strip()):
        return 1
    return 3 if re.fullmatch(r"[a-zđ]\)", number.strip()) else 2


def _recipients(copies_to: str) -> list[str]:
    """Return the lines of "Nơi nhận": who is addressed first, the archive last (RULES L11, L12)."""
    lines = [line.strip(" -;.\t") for line in copies_to.splitlines()]
    lines = [line for line in lines if line and line.casefold() != "như trên"]
    archives = [line for line in lines if line.startswith("Lưu")] or ["Lưu: VT"]
    return ["Như trên", *(line for line in lines if not line.startswith("Lưu")), *archives]


def _shown(value: int | None) -> str:
    return MISSING if value is None else with_dots(value)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _roman(number: int) -> str:
    return _ROMAN_NUMBERS[number - 1] if number <= len(_ROMAN_NUMBERS) else str(number)
