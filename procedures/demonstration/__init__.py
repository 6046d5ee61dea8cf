"""Procedures that a first start shows: real ones of this department's fields, described in our own words.

Codes, names, fees, times and papers are those of the national database as `synced_at` says.
Dates that are only illustrations say so in the requirements of their procedure.
"""

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from portal.models import Unit
from procedures import importing, publishing
from procedures.importing import BasisRecord, FeeRecord, FormRecord, ItemRecord, MethodRecord, Record
from procedures.models import Field, Procedure

FOLDER = Path(__file__).parent
FIELDS = FOLDER / "fields.json"
SOURCE = "demonstration"

DATES = {"decision_on", "in_force_from", "in_force_to", "issued_on", "valid_from", "valid_to"}


def load(*, at: datetime, progress: Callable[[int, int], None] | None = None) -> int:
    """Add and publish the procedures whose codes are not there yet; return how many.

    What is there already stays as it is: it may be real, or edited since. `progress` is told
    after each record how many are done, and of how many.
    """
    wanted = list(records())
    present = set(Procedure.objects.filter(code__in=[record.code for record in wanted]).values_list("code", flat=True))
    added = 0
    for done, record in enumerate(wanted, start=1):
        if record.code not in present:
            _add(record, at=at)
            added += 1
        if progress:
            progress(done, len(wanted))
    if added:
        _describe_fields()
    return added


def records() -> Iterator[Record]:
    for path in sorted(FOLDER.glob("*.json")):
        if path != FIELDS:
            for number, values in enumerate(json.loads(path.read_text(encoding="utf-8")), start=1):
                yield Record(source=SOURCE, file=path.name, position=f"bản ghi {number}", **_read(values))


@transaction.atomic
def _add(record: Record, *, at: datetime) -> None:
    # In one transaction: a draft left behind would be taken for somebody's own next time.
    procedure = importing.apply(record, at=at).procedure
    publishing.publish(procedure, by=None, at=at)


def _describe_fields() -> None:
    """Add introduction and unit to the fields that have none."""
    units = {unit.name: unit for unit in Unit.objects.all()}
    for values in json.loads(FIELDS.read_text(encoding="utf-8")):
        field = Field.objects.filter(name=values["name"])
        field.filter(description="").update(description=values["description"])
        if unit := units.get(values.get("unit", "")):
            field.filter(unit=None).update(unit=unit)


def _read(values: dict[str, Any]) -> dict[str, Any]:
    """Return what the dataclasses of a record take; they refuse names they do not know."""
    return {name: _value(name, value) for name, value in values.items()}


def _value(name: str, value: Any) -> Any:
    if name in DATES:
        return date.fromisoformat(value)
    match name:
        case "synced_at":
            return datetime.fromisoformat(value)
        case "time_limit":
            return Decimal(value)
        case "form":
            return FormRecord(**_read(value))
        case "methods":
            return [MethodRecord(**_read(row)) for row in value]
        case "fees":
            return [FeeRecord(**_read(row)) for row in value]
        case "items":
            return [ItemRecord(**_read(row)) for row in value]
        case "legal_bases":
            return [BasisRecord(**_read(row)) for row in value]
    return value
