"""Compiling a period: every figure counted or added up, and frozen with what it was made of (RULES R5, R8).

What the portal counts is counted over the days of the period. What units hand in is added up over the returns that
are approved; a longer period takes the quarters in it, each as `Indicator.over_time` says. Missing stays missing.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from portal.models import User
from portal.statistics import Figure, Period
from portal.steps import Conflict, NotAllowed
from reports import arithmetic, opening, periods, sources
from reports.figures import columns_of
from reports.models import (
    Compilation,
    CompiledFigure,
    FigureOverride,
    Indicator,
    ReportForm,
    ReportingPeriod,
    ReturnValue,
    UnitReturn,
)

TOTAL = ""  # the label of the whole form, beside those of its rows
_FROM_UNITS = "Cộng số liệu của các đơn vị đã được duyệt."
_LABEL_LENGTH = 300
_BATCH = 200  # figures a statement; each may carry thousands of rows


@dataclass(frozen=True)
class Moved:
    """A figure that is another now; missing on either side where there was none."""

    key: str
    label: str
    before: int | None
    after: int | None
    # Labels of the counted rows that came and that left; a figure may stay while its rows change.
    came: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def compile_period(period: ReportingPeriod, *, by: User | None, at: datetime) -> Compilation:
    """Count everything anew and freeze it; `by` is nobody where a schedule compiles."""
    if by is not None and not by.has_perm("reports.compile_period"):
        raise NotAllowed("Văn phòng Sở mới tổng hợp được số liệu của kỳ.")
    try:
        with transaction.atomic():
            number = _last_number(period) + 1
            layout, figures = _count(period, at)
            compilation = Compilation.objects.create(period=period, number=number, at=at, by=by, layout=layout)
            for figure in figures:
                figure.compilation = compilation
            CompiledFigure.objects.bulk_create(figures, batch_size=_BATCH)
    except IntegrityError as error:
        raise Conflict("Người khác vừa tổng hợp kỳ này. Mở lại trang để xem số liệu mới.") from error
    return compilation


def _last_number(period: ReportingPeriod) -> int:
    return Compilation.objects.filter(period=period).aggregate(last=Max("number"))["last"] or 0


def moved(before: Compilation, after: Compilation) -> list[Moved]:
    """Return the figures that differ between two compilations of a period, with the rows that came and left."""
    return _differences(_stored(before), _labels(before.layout), _stored(after), _labels(after.layout))


def moved_since(compilation: Compilation, at: datetime, *, with_rows: bool = False) -> list[Moved]:
    """Return the figures that would be others if the period were compiled now; nothing is written."""
    layout, counted = _count(compilation.period, at, with_rows=with_rows)
    before = _stored(compilation, with_rows=with_rows)
    return _differences(before, _labels(compilation.layout), {one.key: one for one in counted}, _labels(layout))


# Comparing two countings.


def _stored(compilation: Compilation, *, with_rows: bool = True) -> dict[str, CompiledFigure]:
    figures = compilation.figures.order_by("row_order", "pk")
    if not with_rows:
        figures = figures.defer("rows")
    keys = {
        given["id"]: column.key
        for form in compilation.layout["forms"]
        for given, column in zip(form["columns"], columns_of(form), strict=True)
    }
    return {
        f"{keys[one.indicator_id]}/{one.row}" if one.row else keys[one.indicator_id]: one
        for one in figures
        if one.indicator_id in keys
    }


def _labels(layout: dict[str, Any]) -> dict[str, str]:
    return {column.key: f"{form['title']}: {column.title}" for form in layout["forms"] for column in columns_of(form)}


def _differences(
    before: dict[str, CompiledFigure],
    labels_before: dict[str, str],
    after: dict[str, CompiledFigure],
    labels_after: dict[str, str],
) -> list[Moved]:
    labels = labels_before | labels_after
    found = []
    for key in [*after, *(key for key in before if key not in after)]:
        one, other = before.get(key), after.get(key)
        column, _, row = key.partition("/")
        change = Moved(
            key,
            f"{labels[column]}, {row}" if row else labels[column],
            one.value if one else None,
            other.value if other else None,
            _only_in(other, one),
            _only_in(one, other),
        )
        if change.before != change.after or change.came or change.left:
            found.append(change)
    return found


def _only_in(figure: CompiledFigure | None, other: CompiledFigure | None) -> list[str]:
    """Return the labels of the rows of the one that the other has not; none where rows were left unread."""
    if figure is None or "rows" in figure.get_deferred_fields():
        return []
    known = {(row["model"], row["pk"]) for row in other.rows} if other else set()
    return [row["label"] for row in figure.rows if (row["model"], row["pk"]) not in known]


# Counting.


@dataclass
class Cell:
    """One figure as it is being made."""

    value: int | None = None
    parts: list[dict[str, Any]] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    row_count: int = 0
    counts_rows: bool = True


Cells = dict[str, dict[str, Cell]]  # by code of the column and label of the row


def _count(
    period: ReportingPeriod, at: datetime, *, with_rows: bool = True
) -> tuple[dict[str, Any], list[CompiledFigure]]:
    """Return the layout and the figures, which are not saved yet."""
    forms = opening.forms_of(period)
    asked = _Asked.of(period)
    layout = {
        "forms": [_layout(form) for form in forms],
        "approved": asked.approved,
        "missing": asked.missing,
        "periods": [one.code for one in asked.periods],
    }
    days = Period(period.first_on, period.last_on, at)
    return layout, [figure for form in forms for figure in _figures(form, days, asked, with_rows)]


def _layout(form: ReportForm) -> dict[str, Any]:
    names = ("key", "code", "title", "rows", "row_title", "measure", "landscape", "public", "basis")
    return {**{name: getattr(form, name) for name in names}, "columns": [_column(form, one) for one in _columns(form)]}


def _column(form: ReportForm, indicator: Indicator) -> dict[str, Any]:
    names = ("code", "number", "name", "group", "measure", "supplier", "source", "formula", "over_time", "public")
    column = {name: getattr(indicator, name) for name in names}
    return {"id": indicator.pk, **column, "definition": _definition(form, indicator)}


def _definition(form: ReportForm, indicator: Indicator) -> str:
    """Return in words how the figure comes about."""
    if indicator.definition:
        return indicator.definition
    if indicator.supplier == Indicator.Supplier.SYSTEM:
        return sources.find(indicator.source).definition
    if indicator.supplier == Indicator.Supplier.FORMULA:
        return f"Tính theo công thức {indicator.formula} của biểu."
    return _FROM_UNITS


def _columns(form: ReportForm) -> list[Indicator]:
    return list(form.indicators.all())


def _figures(form: ReportForm, days: Period, asked: "_Asked", with_rows: bool) -> list[CompiledFigure]:
    cells: Cells = {}
    for indicator in _columns(form):
        if indicator.supplier == Indicator.Supplier.SYSTEM:
            cells[indicator.code] = _counted(form, indicator, days, with_rows)
        elif indicator.supplier == Indicator.Supplier.UNITS:
            cells[indicator.code] = asked.cells(form, indicator)
    labels = _labels_in_order(form, cells, asked)
    if form.rows != ReportForm.Rows.ONE:
        for of_column in cells.values():
            of_column.setdefault(TOTAL, _total(of_column))
    _add_formulas(form, cells, [TOTAL, *labels])
    return [
        CompiledFigure(
            indicator=indicator,
            row=label,
            row_order=place,
            **vars(cells.get(indicator.code, {}).get(label, Cell())),
        )
        for place, label in enumerate([TOTAL, *labels])
        for indicator in _columns(form)
    ]


def _labels_in_order(form: ReportForm, cells: Cells, asked: "_Asked") -> list[str]:
    """Return the labels of the rows: fields in the order of the catalogue, the others as their source gives them."""
    labels = {label for of_column in cells.values() for label in of_column} - {TOTAL}
    if form.rows == ReportForm.Rows.FIELDS:
        last = len(asked.field_order)
        return sorted(labels, key=lambda label: (asked.field_order.get(label, last), label))
    found = dict.fromkeys(label for of_column in cells.values() for label in of_column)
    return [label for label in found if label]


def _total(of_column: dict[str, Cell]) -> Cell:
    """Add up the rows of a column; what was counted stays with each row."""
    cells = of_column.values()
    return Cell(
        _sum(cell.value for cell in cells),
        [{"row": label, "value": cell.value} for label, cell in of_column.items()],
        row_count=sum(cell.row_count for cell in cells),
        counts_rows=all(cell.counts_rows for cell in cells),
    )


def _add_formulas(form: ReportForm, cells: Cells, labels: Iterable[str]) -> None:
    formulas = arithmetic.formulas_of(_columns(form))
    for label in labels:
        values = {code: of_column[label].value for code, of_column in cells.items() if label in of_column}
        found = arithmetic.with_formulas(formulas, values)
        for code in formulas:
            cells.setdefault(code, {})[label] = Cell(found[code])


def _sum(values: Iterable[int | None]) -> int | None:
    """Add up; missing only where all are missing."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


# What the portal counts.


def _counted(form: ReportForm, indicator: Indicator, days: Period, with_rows: bool) -> dict[str, Cell]:
    source = sources.find(indicator.source)
    counted = source.count(days)
    figures: Sequence[Figure] = [counted] if isinstance(counted, Figure) else counted
    if isinstance(counted, Figure) or form.rows == ReportForm.Rows.ONE:
        label_of: Callable[[Figure], str] = lambda figure: TOTAL  # noqa: E731
    else:
        label_of = lambda figure: figure.label[:_LABEL_LENGTH]  # noqa: E731
    cells: dict[str, Cell] = {}
    for figure in figures:
        cell = cells.setdefault(label_of(figure), Cell(0, counts_rows=source.counts_rows))
        rows = list(sources.frozen(figure.rows)) if with_rows and figure.count else []
        # A row that came between counting and listing is in both or in neither.
        cell.value = (cell.value or 0) + (len(rows) if with_rows and source.counts_rows else figure.count)
        cell.rows += rows
        cell.row_count += len(rows)
    return cells


# What units hand in.


@dataclass(frozen=True)
class _Asked:
    """The approved returns of the period, or of the quarters in it."""

    periods: list[ReportingPeriod]  # those that are open, in order
    within: list[str]  # the codes of all of them, in order
    values: dict[tuple[str, str], dict[str, dict[str, list[dict[str, Any]]]]]  # by key, code; label; period
    overrides: dict[tuple[str, str], int | None]  # by period and key, of the quarters in a longer period
    field_order: dict[str, int]
    approved: list[dict[str, Any]]
    missing: list[dict[str, Any]]

    @classmethod
    def of(cls, period: ReportingPeriod) -> "_Asked":
        names = periods.within(period)
        asked = _open(period)
        returns = list(UnitReturn.objects.filter(period__in=asked).select_related("period", "unit"))
        returns.sort(key=lambda one: (one.period.last_on, one.unit.order, one.unit.name))
        values: dict[tuple[str, str], dict[str, dict[str, list[dict[str, Any]]]]] = {}
        field_order: dict[str, int] = {}
        for row in _approved_values(asked):
            if row.field:
                field_order[row.field.name] = row.field.order
            label = row.field.name if row.field else TOTAL
            in_column = values.setdefault((row.indicator.form.key, row.indicator.code), {})
            in_column.setdefault(label, {}).setdefault(row.unit_return.period.code, []).append(_part(row))
        return cls(
            asked,
            [periods.code_of(name) for name in names] or [period.code],
            values,
            _overrides(asked) if names else {},
            field_order,
            [_unit(one) for one in returns if one.status == UnitReturn.Status.APPROVED],
            _missing(period, asked, returns),
        )

    def cells(self, form: ReportForm, indicator: Indicator) -> dict[str, Cell]:
        """Return the figures of the column by the label of the row."""
        by_label = self.values.get((form.key, indicator.code), {})
        in_quarters = {
            label: [self._in_period(indicator, label, code, by_period.get(code, [])) for code in self.within]
            for label, by_period in by_label.items()
        }
        if form.rows == ReportForm.Rows.ONE:
            in_quarters = {TOTAL: in_quarters.get(TOTAL, [Cell() for _ in self.within])}
            return {label: self._over_time(indicator, cells) for label, cells in in_quarters.items()}
        in_quarters.pop(TOTAL, None)
        found = {label: self._over_time(indicator, cells) for label, cells in in_quarters.items()}
        found = {label: cell for label, cell in found.items() if _says_anything(cell)}
        totals = [
            self._total(indicator, code, [cells[place] for cells in in_quarters.values()])
            for place, code in enumerate(self.within)
        ]
        return {TOTAL: self._over_time(indicator, totals), **found}

    def _in_period(self, indicator: Indicator, label: str, code: str, parts: list[dict[str, Any]]) -> Cell:
        cell = Cell(_sum(part["value"] for part in parts), parts)
        key = f"{indicator.key}/{label}" if label else indicator.key
        return self._overridden(code, key, cell)

    def _overridden(self, code: str, key: str, cell: Cell) -> Cell:
        if (code, key) in self.overrides:
            cell.value = self.overrides[code, key]
        return cell

    def _total(self, indicator: Indicator, code: str, cells: list[Cell]) -> Cell:
        """Add up the fields of one period, unit by unit."""
        by_unit: dict[int, dict[str, Any]] = {}
        for part in (part for cell in cells for part in cell.parts):
            known = by_unit.setdefault(part["unit_id"], {**part, "value": None, "blank_reason": ""})
            known["value"] = _sum([known["value"], part["value"]])
        return self._overridden(code, indicator.key, Cell(_sum(cell.value for cell in cells), list(by_unit.values())))

    def _over_time(self, indicator: Indicator, cells: list[Cell]) -> Cell:
        """Return what the period takes of the quarters in it; of one that asks by itself, its own figure."""
        if len(self.within) == 1:
            return cells[0]
        taken = {
            Indicator.OverTime.SUM: cells,
            Indicator.OverTime.FIRST: cells[:1],
            Indicator.OverTime.LAST: cells[-1:],
        }[Indicator.OverTime(indicator.over_time)]
        parts = [
            {"period": code, "value": cell.value, "taken": any(cell is one for one in taken), "units": cell.parts}
            for code, cell in zip(self.within, cells, strict=True)
        ]
        return Cell(_sum(cell.value for cell in taken), parts)


def _open(period: ReportingPeriod) -> list[ReportingPeriod]:
    """Return the periods whose returns are added up, in order: the quarters in a longer one, else itself."""
    names = periods.within(period)
    if not names:
        return [period]
    numbers = [name.number for name in names]
    quarters = ReportingPeriod.objects.filter(rhythm=names[0].rhythm, year=period.year, number__in=numbers)
    return list(quarters.order_by("number"))


def _approved_values(asked: list[ReportingPeriod]) -> Iterable[ReturnValue]:
    values = ReturnValue.objects.filter(
        unit_return__period__in=asked, unit_return__status=UnitReturn.Status.APPROVED
    ).select_related("unit_return__unit", "unit_return__period", "indicator__form", "field")
    return values.order_by("unit_return__unit__order", "unit_return__unit__name", "pk")


def _part(row: ReturnValue) -> dict[str, Any]:
    unit = row.unit_return.unit
    return {"unit": unit.name, "unit_id": unit.pk, "value": row.value, "blank_reason": row.blank_reason}


def _says_anything(cell: Cell) -> bool:
    """Tell whether a row is worth a line: a figure, or why there is none."""
    if cell.value is not None:
        return True
    units = [unit for part in cell.parts for unit in part.get("units", [part])]
    return any(unit["value"] is not None or unit["blank_reason"] for unit in units)


def _overrides(asked: list[ReportingPeriod]) -> dict[tuple[str, str], int | None]:
    """Return the values that the office put in place of those of the quarters, which were reported so."""
    found = FigureOverride.objects.filter(period__in=asked, ended_at=None).select_related("period")
    return {(one.period.code, one.key): one.value for one in found}


def _unit(unit_return: UnitReturn) -> dict[str, Any]:
    return {"unit": unit_return.unit.name, "unit_id": unit_return.unit_id, "period": unit_return.period.code}


def _missing(period: ReportingPeriod, asked: list[ReportingPeriod], returns: list[UnitReturn]) -> list[dict[str, Any]]:
    """Return what is not in, with the words for it: units of a period, and quarters that are not open."""
    longer = asked != [period]
    missing = [
        {
            **_unit(one),
            "status": one.status,
            "text": _missing_text(one, name_period=longer),
        }
        for one in returns
        if one.status != UnitReturn.Status.APPROVED
    ]
    known = {one.code for one in asked}
    for name in periods.within(period):
        if (code := periods.code_of(name)) not in known:
            title = ReportingPeriod(rhythm=name.rhythm, year=name.year, number=name.number).name
            missing.append(
                {"unit": "", "unit_id": None, "period": code, "status": "", "text": f"mọi đơn vị, {title} (chưa mở kỳ)"}
            )
    return missing


def _missing_text(unit_return: UnitReturn, *, name_period: bool) -> str:
    state = {
        UnitReturn.Status.SUBMITTED: "đã nộp, chưa duyệt",
        UnitReturn.Status.RETURNED: "bị trả lại, chưa nộp lại",
    }.get(UnitReturn.Status(unit_return.status), "chưa nộp")
    where = f", {unit_return.period.name}" if name_period else ""
    return f"{unit_return.unit}{where} ({state})"
