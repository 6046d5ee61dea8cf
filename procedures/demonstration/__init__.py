"""Procedures that a first start shows: real ones of this department's fields, described in our own words.

Codes, names, fees, times and papers are those of the national database as `synced_at` says.
Dates that are only illustrations say so in the requirements of their procedure.
"""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from django.db import transaction

from portal.models import Unit
from procedures import importing, publishing
from procedures.demonstration import documents, processes_and_prices
from procedures.importing import Record
from procedures.importing.records import from_plain
from procedures.models import Field, Procedure

FOLDER = Path(__file__).parent
FIELDS = FOLDER / "fields.json"
SOURCE = "demonstration"


def load(*, at: datetime, progress: Callable[[int, int], None] | None = None) -> int:
    """Add and publish the procedures whose codes are not there yet; return how many.

    What is there already stays as it is: it may be real, or edited since. `progress` is told
    after each record how many are done, and of how many.
    """
    documents.load()
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
    processes_and_prices.load()
    return added


def records() -> Iterator[Record]:
    for path in sorted(FOLDER.glob("*.json")):
        if path != FIELDS:
            for number, values in enumerate(json.loads(path.read_text(encoding="utf-8")), start=1):
                found = {"source": SOURCE, "file": path.name, "position": f"bản ghi {number}"}
                yield from_plain({**values, **found})


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
