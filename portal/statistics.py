"""Counting: a period, and figures that keep the rows that they count, so that a report can freeze the list too."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet

from portal.models import Unit

NO_UNIT = "Không ghi đơn vị"


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`, both included, as known at a moment."""

    first: date
    last: date
    at: datetime

    @property
    def days(self) -> tuple[date, date]:
        return self.first, self.last


@dataclass(frozen=True)
class Figure:
    label: str
    count: int
    rows: QuerySet  # what was counted; not asked for until somebody lists them


def figure(label: str, rows: QuerySet) -> Figure:
    return Figure(label, rows.count(), rows)


def split(rows: QuerySet, field: str, groups: Iterable[tuple[Any, Any]]) -> list[Figure]:
    """Return a figure for each group (value and label), counted in one query."""
    counts = dict(rows.order_by().values_list(field).annotate(Count("pk")))
    return [Figure(str(label), counts.get(value, 0), rows.filter(**{field: value})) for value, label in groups]


def by_unit(rows: QuerySet) -> list[Figure]:
    """Return a figure for each unit in use, and for those no longer in use that have rows."""
    groups: list[tuple[Any, str]] = [(unit.pk, unit.name) for unit in Unit.objects.all() if unit.active]
    old = rows.filter(unit__active=False).order_by("unit__order", "unit__name")
    groups += old.values_list("unit", "unit__name").distinct()
    figures = split(rows, "unit", groups)
    if without := rows.filter(unit=None).count():
        figures.append(Figure(NO_UNIT, without, rows.filter(unit=None)))
    return figures
