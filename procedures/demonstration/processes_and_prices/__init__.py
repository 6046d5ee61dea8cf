"""Internal processes and service prices that a first start shows: illustrations, and each says that it is one.

The steps add up to the time limits of the demonstration's procedures; who does them are roles and
units, never persons.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from portal.models import Unit
from procedures.models import InternalProcess, Procedure, ProcessStep, ServicePrice

FOLDER = Path(__file__).parent
DATES = {"valid_from", "valid_to"}


@transaction.atomic
def load() -> None:
    """Add what is missing; a procedure that has processes already keeps just these."""
    units = {unit.name: unit for unit in Unit.objects.all()}
    without = Procedure.objects.filter(processes=None).in_bulk(field_name="code")
    for values in read("processes.json"):
        if procedure := without.get(values.pop("procedure")):
            _add_process(procedure, units, **values)
    for values in read("prices.json"):
        if unit := units.get(values.pop("unit")):
            key = {name: values.pop(name) for name in ("name", "measure", "valid_from")}
            ServicePrice.objects.get_or_create(unit=unit, **key, defaults=values)


def read(name: str) -> list[dict[str, Any]]:
    rows = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return [{key: date.fromisoformat(value) if key in DATES else value for key, value in row.items()} for row in rows]


def _add_process(procedure: Procedure, units: dict[str, Unit], steps: list[dict[str, Any]], **values: Any) -> None:
    process = InternalProcess.objects.create(procedure=procedure, **values)
    for order, step in enumerate(steps, start=1):
        ProcessStep.objects.create(process=process, order=order, **step | {"unit": units.get(step.get("unit", ""))})
