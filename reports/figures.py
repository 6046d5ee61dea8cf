"""The figures of a compilation as pages and documents show them: overrides applied, in tables, compared.

What a table looks like comes from the layout that the compilation froze, never from today's forms (RULES R8).
"""

from collections.abc import Iterable, KeysView, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from itertools import compress, groupby
from typing import Any, Self

from django.db.models import Q

from reports import arithmetic, periods
from reports.comparing import Comparison
from reports.models import Compilation, CompiledFigure, FigureOverride, ReportingPeriod
from reports.periods import Name


@dataclass(frozen=True)
class Column:
    """An indicator as it was when the figures were compiled."""

    key: str  # of its total: "06a.3"
    code: str
    number: str  # as printed: "(3)"
    name: str
    group: str
    measure: str
    supplier: str  # units, system or formula
    formula: str
    definition: str
    public: bool

    @property
    def title(self) -> str:
        """What names the column where it stands alone."""
        return f"{self.group}: {self.name}" if self.group else self.name


@dataclass(frozen=True)
class Shown:
    """One number as it is reported."""

    key: str
    label: str
    value: int | None  # missing is "chưa có số liệu", never nought
    compiled: int | None
    override: FigureOverride | None = None
    definition: str = ""
    measure: str = ""
    parts: list[dict[str, Any]] = field(default_factory=list)  # as CompiledFigure.parts
    row_count: int = 0  # of the rows that were counted
    pk: int | None = None  # of the CompiledFigure

    @property
    def moved_under_override(self) -> bool:
        """Tell whether another value was compiled since the office put its own in place."""
        return self.override is not None and self.override.compiled_value != self.compiled


@dataclass(frozen=True)
class TableRow:
    label: str
    cells: list[Shown]


@dataclass(frozen=True)
class Table:
    """A form filled in. Where it has one row, that row has no label and there is no total."""

    key: str
    code: str  # as printed: II.06a
    title: str
    row_title: str
    measure: str
    landscape: bool
    public: bool
    basis: str
    groups: list[tuple[str, int]]  # title and how many columns it spans; an untitled one spans one
    columns: list[Column]
    rows: list[TableRow]
    total: list[Shown] | None

    @property
    def name(self) -> str:
        return f"Biểu {self.code}: {self.title}" if self.code else self.title

    def cells(self) -> list[Shown]:
        """Return the numbers of all rows, without the totals."""
        return [cell for row in self.rows for cell in row.cells]

    def public_only(self) -> Self:
        """Return the table without the columns that are not for the public."""
        public = [column.public for column in self.columns]
        columns = list(compress(self.columns, public))
        return replace(
            self,
            columns=columns,
            groups=_groups(columns),
            rows=[TableRow(row.label, list(compress(row.cells, public))) for row in self.rows],
            total=None if self.total is None else list(compress(self.total, public)),
        )


class Figures:
    """All figures of one compilation. Get them from `Figures.of`."""

    def __init__(self, compilation: Compilation, shown: dict[str, dict[str, list[Shown]]]) -> None:
        self.compilation = compilation
        self._rows = shown  # by form and label of the row; the total, or the only row, has none
        self._by_key = {one.key: one for rows in shown.values() for cells in rows.values() for one in cells}

    @classmethod
    def of(cls, compilation: Compilation, *, with_comparison: bool = True, at: datetime | None = None) -> Self:
        """Read the figures with the overrides that hold now, or held at a moment.

        Periods to compare with are read when asked for.
        """
        figures = compilation.figures.order_by("row_order", "pk").defer("rows")
        overrides = compilation.period.overrides.select_related("by")
        if at is None:
            overrides = overrides.filter(ended_at=None)
        else:
            overrides = overrides.filter(Q(ended_at=None) | Q(ended_at__gt=at), at__lte=at)
        found = cls(compilation, _shown(compilation.layout, figures, {one.key: one for one in overrides}))
        found.with_comparison = with_comparison
        return found

    with_comparison = True

    @property
    def period(self) -> ReportingPeriod:
        return self.compilation.period

    def __contains__(self, key: str) -> bool:
        return key in self._by_key

    def __iter__(self) -> list[str]:
        return list(self._by_key)

    def keys(self) -> KeysView[str]:
        return self._by_key.keys()

    def value(self, key: str) -> int | None:
        """Return the value that is reported; missing too where there is no such figure."""
        return self._by_key[key].value if key in self._by_key else None

    def figure(self, key: str) -> Shown:
        """Return what is known of the figure; raises KeyError."""
        return self._by_key[key]

    def with_pk(self, pk: int) -> Shown:
        """Return the figure as which this CompiledFigure is shown."""
        return next(one for one in self._by_key.values() if one.pk == pk)

    def tables(self) -> list[Table]:
        return [self._table(form) for form in self.compilation.layout["forms"]]

    def table(self, form_key: str) -> Table:
        """Return the form filled in; raises KeyError where it did not hold."""
        for form in self.compilation.layout["forms"]:
            if form["key"] == form_key:
                return self._table(form)
        raise KeyError(form_key)

    @property
    def missing_units(self) -> list[str]:
        """Return, as sentences without a full stop, the units and quarters whose figures are not in."""
        return [one["text"] for one in self.compilation.layout["missing"]]

    # Comparing.

    @cached_property
    def previous(self) -> "Figures | None":
        """The period before, if it was compiled."""
        return _latest(periods.before(periods.name_of(self.period))) if self.with_comparison else None

    @cached_property
    def year_before(self) -> "Figures | None":
        """The same period of the year before, if it was compiled."""
        if not self.with_comparison:
            return None
        before, name = periods.year_before(periods.name_of(self.period)), periods.before(periods.name_of(self.period))
        return self.previous if before == name else _latest(before)

    def compare(self, key: str) -> Comparison:
        name = periods.name_of(self.period)
        return Comparison(
            self.value(key),
            self.previous.value(key) if self.previous else None,
            self.year_before.value(key) if self.year_before else None,
            _title(periods.before(name)),
            _title(periods.year_before(name)),
        )

    def _table(self, form: Mapping[str, Any]) -> Table:
        columns = columns_of(form)
        rows = self._rows[form["key"]]
        one_row = form["rows"] == "one"
        return Table(
            form["key"],
            form["code"],
            form["title"],
            form["row_title"],
            form["measure"],
            form["landscape"],
            form["public"],
            form["basis"],
            _groups(columns),
            columns,
            [TableRow(label, cells) for label, cells in rows.items() if one_row or label],
            None if one_row else rows[""],
        )


def columns_of(form: Mapping[str, Any]) -> list[Column]:
    """Return the columns of a form of a layout."""
    names = Column.__dataclass_fields__
    return [
        Column(key=f"{form['key']}.{given['code']}", **{name: given[name] for name in names if name != "key"})
        for given in form["columns"]
    ]


def _latest(name: Name) -> Figures | None:
    found = Compilation.objects.filter(period__rhythm=name.rhythm, period__year=name.year, period__number=name.number)
    compilation = found.select_related("period").order_by("-number").first()
    return Figures.of(compilation, with_comparison=False) if compilation else None


def _title(name: Name) -> str:
    return ReportingPeriod(rhythm=name.rhythm, year=name.year, number=name.number).name


def _groups(columns: list[Column]) -> list[tuple[str, int]]:
    groups: list[tuple[str, int]] = []
    for title, members in groupby(columns, key=lambda column: column.group):
        count = len(list(members))
        groups += [(title, count)] if title else [("", 1)] * count
    return groups


def _shown(
    layout: Mapping[str, Any], figures: Iterable[CompiledFigure], overrides: Mapping[str, FigureOverride]
) -> dict[str, dict[str, list[Shown]]]:
    """Return the cells of each row of each form."""
    rows: dict[int, list[CompiledFigure]] = {}
    for one in figures:
        rows.setdefault(one.indicator_id, []).append(one)
    return {form["key"]: _shown_form(form, rows, overrides) for form in layout["forms"]}


def _shown_form(
    form: Mapping[str, Any], figures: Mapping[int, list[CompiledFigure]], overrides: Mapping[str, FigureOverride]
) -> dict[str, list[Shown]]:
    columns = columns_of(form)
    compiled = {
        (column.code, one.row): one
        for column, given in zip(columns, form["columns"], strict=True)
        for one in figures.get(given["id"], [])
    }
    order = {one.row: one.row_order for one in compiled.values()}
    labels = sorted(order, key=lambda label: order[label])
    values = {label: _row_values(columns, label, compiled, overrides, moved={}) for label in labels if label}
    moved = {column.code: _moved(column, values, compiled) for column in columns}
    values[""] = _row_values(columns, "", compiled, overrides, moved=moved)
    return {
        label: [
            _cell(column, label, values[label][column.code], compiled.get((column.code, label)), overrides)
            for column in columns
        ]
        for label in dict.fromkeys(["", *labels])
    }


def _row_values(
    columns: list[Column],
    label: str,
    compiled: Mapping[tuple[str, str], CompiledFigure],
    overrides: Mapping[str, FigureOverride],
    moved: Mapping[str, int],
) -> dict[str, int | None]:
    """Return the values of a row: an override wins, and totals follow it."""
    values: dict[str, int | None] = {}
    given: dict[str, int | None] = {}
    for column in columns:
        one = compiled.get((column.code, label))
        values[column.code] = one.value if one else None
        if change := moved.get(column.code):
            given[column.code] = (values[column.code] or 0) + change
        if override := overrides.get(_key(column, label)):
            given[column.code] = override.value
    if not given:
        return values
    values |= given
    open_formulas = {one.code: one.formula for one in columns if one.formula and one.code not in given}
    return values | arithmetic.with_formulas(open_formulas, values)


def _moved(
    column: Column,
    values: Mapping[str, Mapping[str, int | None]],
    compiled: Mapping[tuple[str, str], CompiledFigure],
) -> int:
    """Return by how much overrides in rows move the total of a column; formulas follow by themselves."""
    if column.formula:
        return 0
    return sum(
        (row[column.code] or 0) - (one.value or 0)
        for label, row in values.items()
        if (one := compiled.get((column.code, label)))
    )


def _cell(
    column: Column,
    label: str,
    value: int | None,
    compiled: CompiledFigure | None,
    overrides: Mapping[str, FigureOverride],
) -> Shown:
    key = _key(column, label)
    return Shown(
        key,
        f"{column.title}, {label}" if label else column.title,
        value,
        compiled.value if compiled else None,
        overrides.get(key),
        column.definition,
        column.measure,
        compiled.parts if compiled else [],
        compiled.row_count if compiled else 0,
        compiled.pk if compiled else None,
    )


def _key(column: Column, label: str) -> str:
    return f"{column.key}/{label}" if label else column.key
