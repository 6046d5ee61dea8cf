"""From whatever a source gives to procedures: read, compare, apply."""

from procedures.importing.applying import Change, Outcome, Refused, apply
from procedures.importing.reading import read
from procedures.importing.records import (
    BasisRecord,
    FeeRecord,
    FormRecord,
    ItemRecord,
    MethodRecord,
    Problem,
    Record,
)
from procedures.importing.running import Report, run

__all__ = [
    "BasisRecord",
    "Change",
    "FeeRecord",
    "FormRecord",
    "ItemRecord",
    "MethodRecord",
    "Outcome",
    "Problem",
    "Record",
    "Refused",
    "Report",
    "apply",
    "read",
    "run",
]
