"""The one form into which every source is read.

`None` says that the source does not speak of a part, so an import leaves that part alone; an
empty text or list says that the source speaks of it and has nothing ("Không có thông tin").
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any


@dataclass
class MethodRecord:
    channel: str  # a SubmissionMethod.Channel
    time_limit: Decimal | None = None
    time_unit: str = ""  # a SubmissionMethod.TimeUnit
    time_text: str = ""  # where the limit is not one number and one unit
    description: str = ""


@dataclass
class FeeRecord:
    kind: str  # a Fee.Kind
    state: str  # a Fee.State
    amount: int | None = None  # VND
    note: str = ""
    channel: str = ""  # empty: the same for every channel
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass
class FormRecord:
    name: str
    url: str = ""


@dataclass
class ItemRecord:
    name: str
    case: str = ""  # the case's name; empty: asked for always
    originals: int | None = None
    copies: int | None = None
    form: FormRecord | None = None
    note: str = ""


@dataclass
class BasisRecord:
    number: str
    title: str = ""
    issuer: str = ""
    issued_on: date | None = None


@dataclass
class Record:
    """One TTHC as a source describes it (NĐ 63/2010 Đ8.2); texts are NFC and tidied."""

    code: str | None  # None: the source gives no code
    name: str | None
    source: str  # the format, e.g. "txt-2026"
    file: str  # as it is named in reports
    position: str = ""  # the row, line or place in the file, as a person would look for it

    short_name: str | None = None
    field: str | None = None
    regulation_kind: str | None = None
    levels: list[str] | None = None  # of ministry, province, district, commune, other
    audience: str | None = None
    online_level: str | None = None  # a Procedure.OnlineLevel
    portal_url: str | None = None
    steps: str | None = None
    requirements: str | None = None
    dossier_sets: int | None = None
    results: str | None = None
    executing_agency: str | None = None
    competent_agency: str | None = None
    delegated_agency: str | None = None
    coordinating_agencies: str | None = None
    receiving_address: str | None = None
    keywords: str | None = None
    synonyms: str | None = None
    decision_number: str | None = None
    decision_on: date | None = None
    in_force_from: date | None = None
    in_force_to: date | None = None
    synced_at: datetime | None = None

    methods: list[MethodRecord] | None = None
    fees: list[FeeRecord] | None = None
    items: list[ItemRecord] | None = None
    legal_bases: list[BasisRecord] | None = None


# Where and when a record was found, which is not what it says.
FOUND = {"source", "file", "position", "synced_at"}
PARTS = [field.name for field in fields(Record) if field.name not in FOUND | {"code"}]

_DAYS = {"decision_on", "in_force_from", "in_force_to", "issued_on", "valid_from", "valid_to"}


def to_plain(record: Record) -> dict[str, Any]:
    """Return what the record speaks of, as a JSONField with Django's encoder holds it."""
    return {name: value for name, value in asdict(record).items() if value is not None}


def from_plain(values: dict[str, Any]) -> Record:
    """Return the record of such values; a name that no record knows is an error."""
    return Record(**{"code": None, "name": None, **_read(values)})


def only(record: Record, parts: Iterable[str]) -> Record:
    """Return the record as if its source spoke of these parts alone."""
    silent: dict[str, Any] = dict.fromkeys(set(PARTS).difference(parts))
    return replace(record, **silent)


def laid_over(older: Record, newer: Record) -> Record:
    """Return the newer record, and of the older one what the newer does not speak of."""
    return replace(newer, **{name: getattr(older, name) for name in PARTS if getattr(newer, name) is None})


def _read(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(name, value) for name, value in values.items()}


def _value(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _DAYS:
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


@dataclass
class Problem:
    """Why a record, or one part of it, was refused; shown to the person who gave the file."""

    file: str
    position: str  # e.g. "dòng 12", "bản ghi 3"
    field: str  # in Vietnamese, as the person knows it
    reason: str  # a whole sentence in Vietnamese
    code: str = ""  # the TTHC code, where known
    warning: bool = False  # the record was taken all the same
