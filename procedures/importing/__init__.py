"""From whatever a source gives to procedures: read, compare, apply."""

from procedures.importing.applying import Change, Outcome, Refused, apply
from procedures.importing.records import (
    BasisRecord,
    FeeRecord,
    FormRecord,
    ItemRecord,
    MethodRecord,
    Problem,
    Record,
)

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
    "apply",
]
