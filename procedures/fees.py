"""The table of all fees: those of each procedure in force on a day, in the order asked for."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db.models import BigIntegerField, Case, F, Min, Q, QuerySet, Value, When
from django.urls import reverse

from portal import spreadsheets
from portal.models import SearchChange
from portal.templatetags.vietnamese import money
from procedures import versions, wording
from procedures.models import Fee, Procedure, ProcedureVersion
from procedures.prices import validity
from procedures.tables import Cell, Column, Sorting

NAME = Column("Thủ tục", "ten")
WHAT = Column("Khoản thu")
LEVEL = Column("Mức thu", "so-tien", "number")
VALID = Column("Áp dụng", "ngay")
COLUMNS = [NAME, WHAT, LEVEL, VALID]

SHEET_TITLE = "Phí, lệ phí"
SHEET_HEADER = [
    "Mã thủ tục",
    "Thủ tục",
    "Loại",
    "Khoản thu",
    "Mức thu",
    "Số tiền (đồng)",
    "Cách nộp",
    "Áp dụng từ",
    "Đến hết ngày",
]
_BATCH = 500
_SHOWN = [
    *("kind", "state", "amount", "note", "valid_from", "valid_to"),
    *(f"procedure__{name}" for name in ("code", "name", "short_name", "sort_key")),
]
KEPT_FOR = 3600  # seconds


@dataclass(frozen=True)
class FeeLine:
    """A fee, said once for all the ways to file that it is the same for."""

    procedure: int
    code: str
    title: str
    sort_key: str
    kind: str
    state: str
    amount: int | None
    note: str
    valid_from: date | None
    valid_to: date | None
    channels: str = ""  # "trực tuyến, bưu chính"; "" where it is the same for every way
    first: int = 0  # the pk of a stored row, which the ways to file are still to be read for

    @property
    def key(self) -> tuple[Any, ...]:
        return self.kind, self.state, self.amount, self.note, self.valid_from, self.valid_to

    @property
    def kind_label(self) -> str:
        return Fee.Kind(self.kind).label

    @property
    def level(self) -> str:
        """Return the amount, or the words for free and for unknown, which are three different things."""
        if self.amount is not None:
            return money(self.amount)
        return "Không thu" if self.state == Fee.State.FREE else wording.UNKNOWN


class Fees(Sequence):
    """The stored fees in their order by number; a page of them is read when it is taken."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, taken: Any) -> Any:
        wanted = list(self._numbers[taken])
        found = Fee.objects.select_related("procedure").only(*_SHOWN).in_bulk(wanted)
        return [_line_of(found[number]) for number in wanted if number in found]


def on(day: date, sorting: Sorting) -> Sequence[FeeLine]:
    """Return the fees of the day; what is taken out of it goes through `lines` to be shown.

    The stored rows are what is in force today. Only procedures that said something else on the day
    are read from their versions; where there are none, the order is kept until a procedure changes.
    """
    stored = _stored(day)
    others = _said_otherwise(day)
    if not others:
        return Fees(_numbers(stored, day, sorting))
    found = [*_from_rows(stored.exclude(procedure__in=others)), *_of_versions(others, day)]
    return _sorted(found, sorting)


def lines(found: Sequence[FeeLine]) -> list[FeeLine]:
    """Return the fees with the ways to file that they are for, in a constant number of queries."""
    waiting = {line.procedure for line in found if line.first}
    channels: dict[tuple[Any, ...], list[str]] = {}
    offered: dict[int, set[str]] = {}
    for procedure in Procedure.objects.filter(pk__in=waiting).only("pk").prefetch_related("fees", "methods"):
        offered[procedure.pk] = {method.channel for method in procedure.methods.all()}
        for fee in procedure.fees.all():
            channels.setdefault((procedure.pk, *_key(fee)), []).append(fee.channel)
    return [
        replace(line, channels=_channels(channels[(line.procedure, *line.key)], offered[line.procedure]))
        if line.first
        else line
        for line in found
    ]


def rows(found: Iterable[FeeLine]) -> list[list[Cell]]:
    return [
        [
            Cell(NAME, line.title, reverse("procedures:procedure-detail", args=[line.code])),
            Cell(WHAT, line.kind_label, note=_what(line)),
            Cell(LEVEL, line.level),
            Cell(VALID, validity(line.valid_from, line.valid_to)),
        ]
        for line in found
    ]


def sheet_rows(found: Sequence[FeeLine]) -> Iterator[list[spreadsheets.Value]]:
    """Return all rows of a file, some hundred at a time."""
    for start in range(0, len(found), _BATCH):
        for line in lines(found[start : start + _BATCH]):
            level = Fee.State(line.state).label
            yield [
                line.code,
                line.title,
                line.kind_label,
                line.note,
                level,
                line.amount,
                line.channels,
                line.valid_from,
                line.valid_to,
            ]


def _what(line: FeeLine) -> str:
    channels = f"Khi nộp {line.channels}." if line.channels else ""
    return "\n".join(filter(None, [line.note, channels]))


def _stored(day: date) -> QuerySet[Any]:
    fees = Fee.objects.valid(day).of_procedures_in_force(day)
    named = ("procedure__code", "procedure__short_name", "procedure__name", "procedure__sort_key")
    return fees.values("procedure", *named, "kind", "state", "amount", "note", "valid_from", "valid_to").annotate(
        first=Min("pk"),
        rank=Case(When(state=Fee.State.FREE, then=Value(0)), default=F("amount"), output_field=BigIntegerField()),
    )


def _numbers(stored: QuerySet[Any], day: date, sorting: Sorting) -> Sequence[int]:
    """Return the first number of each fee in the order asked for; grouping them all is done once a change."""
    key = f"fees:{SearchChange.latest_number()}:{day}:{sorting.value}"
    ordered = stored.order_by(*_order(sorting)).values_list("first", flat=True)
    kept: Any = cache.get_or_set(key, lambda: array("q", ordered), KEPT_FOR)
    return kept


def _order(sorting: Sorting) -> list[Any]:
    column = F({"ten": "procedure__sort_key", "so-tien": "rank", "ngay": "valid_from"}[sorting.name])
    # What is not known stands last whichever way the rest goes.
    by = column.desc(nulls_last=True) if sorting.descending else column.asc(nulls_last=True)
    return [by, "procedure__sort_key", "procedure", "first"]


def _sorted(found: list[FeeLine], sorting: Sorting) -> list[FeeLine]:
    found.sort(key=lambda line: (line.sort_key, line.procedure, line.first))

    def value(line: FeeLine) -> Any:
        match sorting.name:
            case "so-tien":
                return 0 if line.state == Fee.State.FREE else line.amount
            case "ngay":
                return line.valid_from
        return line.sort_key

    known = [line for line in found if value(line) is not None]
    return sorted(known, key=value, reverse=sorting.descending) + [line for line in found if value(line) is None]


def _said_otherwise(day: date) -> dict[int, Procedure]:
    """Return the procedures in force on the day whose stored rows are those of another day."""
    later_applied = Q(valid_from__gt=day, applied_at__isnull=False)
    not_yet_applied = Q(valid_from__lte=day, applied_at=None)
    changed = ProcedureVersion.objects.filter(later_applied | not_yet_applied).values("procedure")
    # What thawing a version asks of the procedure comes along.
    procedures = Procedure.objects.in_force(day).select_related("field", "unit").filter(pk__in=changed)
    return {procedure.pk: procedure for procedure in procedures}


def _of_versions(procedures: dict[int, Procedure], day: date) -> Iterator[FeeLine]:
    due: dict[int, ProcedureVersion] = {}
    for version in ProcedureVersion.objects.in_force(day).filter(procedure__in=procedures):
        due.setdefault(version.procedure_id, version)
    for pk, version in due.items():
        then = versions.thaw(version.content, procedures[pk])
        offered = {method.channel for method in then.methods.all()}
        channels: dict[tuple[Any, ...], list[str]] = {}
        for fee in then.fees.all():
            if fee.is_valid(day):
                channels.setdefault(_key(fee), []).append(fee.channel)
        for (kind, state, amount, note, valid_from, valid_to), those in channels.items():
            yield FeeLine(
                procedure=pk,
                code=then.code or "",
                title=then.title,
                sort_key=procedures[pk].sort_key,
                kind=kind,
                state=state,
                amount=amount,
                note=note,
                valid_from=valid_from,
                valid_to=valid_to,
                channels=_channels(those, offered),
            )


def _key(fee: Fee) -> tuple[Any, ...]:
    return fee.kind, fee.state, fee.amount, fee.note, fee.valid_from, fee.valid_to


def _from_rows(stored: Iterable[dict[str, Any]]) -> Iterator[FeeLine]:
    return (_line(row) for row in stored)


def _line_of(fee: Fee) -> FeeLine:
    procedure = fee.procedure
    return FeeLine(
        procedure=procedure.pk,
        code=procedure.code or "",
        title=procedure.title,
        sort_key=procedure.sort_key,
        kind=fee.kind,
        state=fee.state,
        amount=fee.amount,
        note=fee.note,
        valid_from=fee.valid_from,
        valid_to=fee.valid_to,
        first=fee.pk,
    )


def _line(row: dict[str, Any]) -> FeeLine:
    own = ("procedure", "kind", "state", "amount", "note", "valid_from", "valid_to", "first")
    return FeeLine(
        code=row["procedure__code"],
        title=row["procedure__short_name"] or row["procedure__name"],
        sort_key=row["procedure__sort_key"],
        **{name: row[name] for name in own},
    )


def _channels(channels: list[str], offered: set[str]) -> str:
    if "" in channels or offered <= set(channels):
        return ""
    return ", ".join(label.lower() for channel, label in wording.CHANNELS.items() if channel in channels)
