"""What the public reads of changes: the list by month, its filters, and the notice for the wall."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Case, DateField, F, When
from django.http import QueryDict
from django.urls import reverse

from procedures import versions, wording
from procedures.models import Field, LegalDocument, Procedure, ProcedureChange, ProcedureVersion
from procedures.querysets import ChangeQuerySet

PAGE_SIZE = 20
RECENT_DAYS = 90
Kind = ProcedureChange.Kind
# As they stand in addresses.
KINDS = {
    "moi": Kind.NEW,
    "sua-doi": Kind.AMENDED,
    "thay-the": Kind.REPLACED,
    "bai-bo": Kind.REPEALED,
    "quy-trinh": Kind.PROCESS,
    "phi": Kind.FEE,
    "gia": Kind.PRICE,
}
# What no line shows of a procedure; a record can hold a hundred kilobytes of it.
_NEVER_SHOWN = ["steps", "requirements", "executing_agency", "receiving_address", "import_marks", "folded"]


@dataclass(frozen=True)
class Criteria:
    """Which changes a list shows, read from its address; what is not understood is left out."""

    kinds: tuple[str, ...]
    field: Field | None
    fields: tuple[Field, ...]
    ignored: bool = False

    @classmethod
    def read(cls, parameters: QueryDict, fields: Iterable[Field]) -> "Criteria":
        by_slug = {field.slug: field for field in fields}
        asked = {kind for text in parameters.getlist("loai") for kind in text.split(",") if kind}
        slug = parameters.get("linh-vuc", "")
        ignored = bool(asked - KINDS.keys()) or bool(slug and slug not in by_slug)
        kinds = tuple(kind for kind in KINDS if kind in asked)
        return cls(kinds, by_slug.get(slug), tuple(by_slug.values()), ignored)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.kinds or self.field)

    @property
    def url(self) -> str:
        """Return the one address of this list, without a page number."""
        pairs = [("loai", ",".join(self.kinds))] if self.kinds else []
        pairs += [("linh-vuc", self.field.slug)] if self.field else []
        address = reverse("procedures:change-list")
        return f"{address}?{urlencode(pairs, safe=',')}" if pairs else address

    @property
    def kind_choices(self) -> list[tuple[str, str, bool]]:
        """Return value, label and whether it is chosen, for each kind."""
        return [(value, kind.label, value in self.kinds) for value, kind in KINDS.items()]

    @property
    def active(self) -> list[tuple[str, str]]:
        """Return label and address without it, for each choice that narrows the list."""
        found = [
            (f"Loại: {KINDS[kind].label}", replace(self, kinds=tuple(one for one in self.kinds if one != kind)).url)
            for kind in self.kinds
        ]
        return found + ([(f"Lĩnh vực: {self.field.name}", replace(self, field=None).url)] if self.field else [])

    def apply(self, changes: ChangeQuerySet) -> ChangeQuerySet:
        if self.kinds:
            changes = changes.filter(kind__in=[KINDS[kind] for kind in self.kinds])
        return changes.of_field(self.field) if self.field else changes


@dataclass(frozen=True)
class Month:
    """Changes that take effect in one month, or those still to come."""

    heading: str
    changes: list[ProcedureChange]


@dataclass(frozen=True)
class ChangeList:
    criteria: Criteria
    page: Page
    on: date

    @cached_property
    def changes(self) -> list[ProcedureChange]:
        return list(self.page.object_list)

    @property
    def months(self) -> list[Month]:
        """Return those to come first, the soonest on top, then month by month backwards."""

        def heading(change: ProcedureChange) -> str:
            day = change.effective_on
            return "Sắp áp dụng" if day > self.on else f"Tháng {day.month}/{day.year}"

        return [Month(text, list(changes)) for text, changes in groupby(self.changes, heading)]

    @property
    def is_quiet(self) -> bool:
        """Whether nothing has changed for a while and nothing is going to."""
        newest = max((change.effective_on for change in self.changes), default=date.min)
        return self.page.number == 1 and newest < self.on - timedelta(days=RECENT_DAYS)


def find(criteria: Criteria, page_number: str | None, *, on: date) -> ChangeList:
    changes = criteria.apply(for_reading(ProcedureChange.objects.published()))
    to_come = Case(When(effective_on__gt=on, then=F("effective_on")), output_field=DateField())
    ordered = changes.order_by(to_come.asc(nulls_last=True), "-effective_on", "order", "pk")
    return ChangeList(criteria, Paginator(ordered, PAGE_SIZE).get_page(page_number), on)


def recent(on: date, count: int) -> list[ProcedureChange]:
    """Return the latest changes of the last days, those to come included, the latest to take effect first."""
    changes = ProcedureChange.objects.published().filter(effective_on__gte=on - timedelta(days=RECENT_DAYS))
    return list(for_reading(changes).order_by("-effective_on", "order", "pk")[:count])


def for_reading(changes: ChangeQuerySet) -> ChangeQuerySet:
    """Return the changes with what a line of a list or of a feed shows."""
    return changes.for_list().defer(
        "base", "patch", *[f"{side}__{name}" for side in ("procedure", "successor") for name in _NEVER_SHOWN]
    )


@dataclass(frozen=True)
class PostingRow:
    """One line of the notice: the procedure as it is in force from the change's day on."""

    change: ProcedureChange
    procedure: Procedure

    @property
    def time(self) -> str:
        return wording.capital(wording.time_summary(self.procedure.methods.all())) or wording.UNKNOWN

    @property
    def channels(self) -> str:
        return wording.capital(wording.channel_summary(self.procedure.methods.all())) or wording.UNKNOWN

    @property
    def fee(self) -> str:
        on = self.change.effective_on
        return wording.fee_summary(fee for fee in self.procedure.fees.all() if fee.is_valid(on))

    @property
    def bases(self) -> list[str]:
        return [basis.document.number for basis in self.procedure.legal_bases.all()]


@dataclass(frozen=True)
class Posting:
    """The notice for the wall of one decision, in the columns of published lists (RULES P10)."""

    document: LegalDocument
    rows: list[PostingRow]
    repealed: list[PostingRow]


def posting(document: LegalDocument) -> Posting | None:
    """Return the notice of the document's published changes; nothing where it published none."""
    published = for_reading(ProcedureChange.objects.published().filter(decision__document=document))
    changes = list(published.order_by("order", "effective_on", "pk"))
    if not changes:
        return None
    begun = [(change, change.successor or change.procedure) for change in changes if change.kind != Kind.REPEALED]
    ended = [(change, change.procedure) for change in changes if change.kind in (Kind.REPEALED, Kind.REPLACED)]
    contents = _contents([*begun, *ended])
    return Posting(document, *([PostingRow(c, contents[c.pk, p.pk]) for c, p in rows] for rows in (begun, ended)))


def _contents(pairs: list[tuple[ProcedureChange, Procedure]]) -> dict[tuple[int, int], Procedure]:
    """Return each procedure as of its change's day, with its rows, in a constant number of queries."""
    stored = Procedure.objects.for_page().in_bulk([procedure.pk for _, procedure in pairs])
    by_procedure: dict[int, list[ProcedureVersion]] = {}
    for version in ProcedureVersion.objects.filter(procedure__in=stored).order_by("valid_from"):
        by_procedure.setdefault(version.procedure_id, []).append(version)
    found = {}
    for change, procedure in pairs:
        begun = [v for v in by_procedure.get(procedure.pk, []) if v.valid_from <= change.effective_on]
        current = stored[procedure.pk]
        found[change.pk, procedure.pk] = versions.thaw(begun[-1].content, current) if begun else current
    return found
