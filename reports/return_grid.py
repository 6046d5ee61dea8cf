"""A return as a grid: forms, rows and boxes, each with what the unit said last time.

The page, the sheet and the copy kept at submission are all made from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db.models import Q

from procedures.models import Field
from reports import arithmetic, opening, periods
from reports.models import Indicator, ReportForm, ReportsSettings, ReturnValue, UnitReturn

ONE_ROW = "Toàn đơn vị"


@dataclass(frozen=True)
class Box:
    """What stands in one box; missing is not nought."""

    value: int | None = None
    blank_reason: str = ""
    comment: str = ""


@dataclass(frozen=True)
class GridBox:
    """A box where it stands, with the value of the period before."""

    indicator: Indicator
    box: Box
    before: int | None = None
    swing: bool = False  # it changed by more than the office finds usual

    @property
    def is_total(self) -> bool:
        return self.indicator.supplier == Indicator.Supplier.FORMULA


@dataclass(frozen=True)
class GridRow:
    field: Field | None
    label: str
    boxes: dict[str, GridBox]  # by the code of the column

    @property
    def values(self) -> dict[str, int | None]:
        return {code: one.box.value for code, one in self.boxes.items()}


@dataclass(frozen=True)
class FormGrid:
    form: ReportForm
    columns: list[Indicator]
    groups: list[tuple[str, int]]  # title and how many columns it spans
    rows: list[GridRow] = field(default_factory=list)

    @property
    def totals(self) -> dict[str, int | None]:
        """The sums over the rows; missing where no row says anything."""
        found: dict[str, int | None] = {}
        for column in self.columns:
            given = [value for row in self.rows if (value := row.values.get(column.code)) is not None]
            found[column.code] = sum(given) if given else None
        return found


Boxes = Mapping[tuple[int, int | None], Box]


def grid(unit_return: UnitReturn, typed: Boxes | None = None, extra_fields: tuple[int, ...] = ()) -> list[FormGrid]:
    """Return the forms that the unit hands in, filled with what is saved, or with what somebody typed."""
    forms = opening.forms_asked(unit_return.period, unit_return.unit)
    known = dict(saved(unit_return))
    if typed is not None:
        known |= dict(typed)
    before = _before(unit_return)
    percent = ReportsSettings.current().swing_percent
    rows = fields_of(unit_return, {key[1] for key in known if key[1]} | set(extra_fields))
    return [_form_grid(form, rows, known, before, percent) for form in forms]


def saved(unit_return: UnitReturn) -> dict[tuple[int, int | None], Box]:
    return {
        (row.indicator_id, row.field_id): Box(row.value, row.blank_reason, row.comment)
        for row in unit_return.values.all()
    }


def fields_of(unit_return: UnitReturn, also: set[int]) -> list[Field]:
    """Return the fields of the unit's rows: its own, those of its procedures, and those it ever spoke of."""
    unit = unit_return.unit_id
    spoken = ReturnValue.objects.filter(unit_return__unit=unit, field__isnull=False).values("field")
    own = Q(unit=unit) | Q(procedures__unit=unit) | Q(pk__in=also) | Q(pk__in=spoken)
    return list(Field.objects.filter(own).distinct())


def columns_of(form: ReportForm) -> list[Indicator]:
    """Return the columns of the form that a unit sees: its own and the sums of them."""
    return [column for column in form.indicators.all() if column.supplier != Indicator.Supplier.SYSTEM]


def groups_of(columns: list[Indicator]) -> list[tuple[str, int]]:
    groups: list[tuple[str, int]] = []
    for title, members in groupby(columns, key=lambda column: column.group):
        count = len(list(members))
        groups += [(title, count)] if title else [("", 1)] * count
    return groups


def is_swing(now: int | None, before: int | None, percent: int) -> bool:
    """Tell whether a value moved by so many per cent or more; small numbers move much and mean little."""
    if now is None or before is None or max(now, before) < 10:
        return False
    return abs(now - before) * 100 >= percent * before


def snapshot(grids: list[FormGrid]) -> dict[str, Any]:
    """Return the forms as they were handed in (RULES R8)."""
    return {
        "forms": [
            {
                "key": one.form.key,
                "code": one.form.code,
                "title": one.form.title,
                "basis": one.form.basis,
                "columns": [
                    {"code": column.code, "number": column.number, "name": column.name, "group": column.group}
                    for column in one.columns
                ],
                "rows": [{"label": row.label, "values": row.values} for row in one.rows],
            }
            for one in grids
        ]
    }


def _form_grid(
    form: ReportForm,
    fields: list[Field],
    known: Boxes,
    before: Mapping[tuple[str, str, int | None], int | None],
    percent: int,
) -> FormGrid:
    columns = columns_of(form)
    places: list[Field | None] = [*fields] if form.rows == ReportForm.Rows.FIELDS else [None]
    rows = [_row(form, columns, place, known, before, percent) for place in places]
    return FormGrid(form, columns, groups_of(columns), rows)


def _row(
    form: ReportForm,
    columns: list[Indicator],
    place: Field | None,
    known: Boxes,
    before: Mapping[tuple[str, str, int | None], int | None],
    percent: int,
) -> GridRow:
    pk = place.pk if place else None
    given = {column.code: known.get((column.pk, pk), Box()) for column in columns if not column.formula}
    values = arithmetic.with_formulas(arithmetic.formulas_of(columns), {code: box.value for code, box in given.items()})
    old = {column.code: before.get((form.key, column.code, pk)) for column in columns}
    old = arithmetic.with_formulas(arithmetic.formulas_of(columns), old)
    boxes = {}
    for column in columns:
        box = given.get(column.code) or Box(values[column.code])
        swing = is_swing(box.value, old.get(column.code), percent)
        boxes[column.code] = GridBox(column, box, old.get(column.code), swing)
    return GridRow(place, place.name if place else ONE_ROW, boxes)


def _before(unit_return: UnitReturn) -> dict[tuple[str, str, int | None], int | None]:
    """Return what the unit handed in for the period before, by form, column and field."""
    name = periods.before(periods.name_of(unit_return.period))
    rows = ReturnValue.objects.filter(
        unit_return__unit=unit_return.unit_id,
        unit_return__period__rhythm=name.rhythm,
        unit_return__period__year=name.year,
        unit_return__period__number=name.number,
    ).select_related("indicator__form")
    return {(row.indicator.form.key, row.indicator.code, row.field_id): row.value for row in rows}
