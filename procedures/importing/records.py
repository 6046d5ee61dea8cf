"""The one form into which every source is read.

`None` says that the source does not speak of a part, so an import leaves that part alone; an
empty text or list says that the source speaks of it and has nothing ("Không có thông tin").
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


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


@dataclass
class Problem:
    """Why a record, or one part of it, was refused; shown to the person who gave the file."""

    file: str
    position: str  # e.g. "dòng 12", "bản ghi 3"
    field: str  # in Vietnamese, as the person knows it
    reason: str  # a whole sentence in Vietnamese
    code: str = ""  # the TTHC code, where known
    warning: bool = False  # the record was taken all the same
