"""One page of the list of procedures: the catalogue's choices and the index's hits together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator

from portal.search_index import words
from portal.text import fold
from procedures import catalogue, search
from procedures.catalogue import PAGE_SIZE, Catalogue
from procedures.filters import Criteria, Select
from procedures.models import Field, Procedure

# More hits than anybody reads; beyond them the page says "at least".
MOST_HITS = 500
# What no list shows; a record can hold a hundred kilobytes of it.
_NEVER_SHOWN = [
    "executing_agency",
    "competent_agency",
    "delegated_agency",
    "coordinating_agencies",
    "receiving_address",
    "import_marks",
    "folded",
]
# Where a passage is looked for when the words are not in the title.
PASSAGE_PARTS = ["name", "audience", "requirements", "steps", "results", "keywords"]


@dataclass(frozen=True)
class Elsewhere:
    """Procedures that the choices keep out of an empty list."""

    label: str
    count: int
    url: str


@dataclass
class ProcedureList:
    criteria: Criteria
    selects: list[Select]
    page: Page
    procedures: list[Procedure]
    hits: search.SearchResult | None = None
    elsewhere: list[Elsewhere] | None = None

    @property
    def found_nothing_at_all(self) -> bool:
        """Whether the words themselves are nowhere, whatever the choices."""
        return self.hits is not None and not self.hits.ids

    @property
    def has_more(self) -> bool:
        """Whether the words may be in more procedures than were looked at."""
        return self.hits is not None and len(self.hits.ids) >= MOST_HITS

    @property
    def terms(self) -> frozenset[str] | None:
        """Return the folded words that were searched for."""
        return self.hits.terms if self.hits else None

    @property
    def typed(self) -> frozenset[str] | None:
        """Return those of the terms that were typed, without their synonyms."""
        return self.hits.terms.intersection(words(self.criteria.text)) if self.hits else None

    @property
    def meant(self) -> Criteria | None:
        """Return the same list with the words that were probably meant."""
        return self.criteria.with_text(self.hits.suggestion) if self.hits and self.hits.suggestion else None


def find(criteria: Criteria, page_number: str | None, *, on: date) -> ProcedureList:
    kept = catalogue.current(on)
    if not criteria.text:
        bits = kept.select(criteria.choices)
        page = _page(kept.count(bits), page_number)
        rows = _rows(kept.page(bits, page.number))
        return ProcedureList(criteria, criteria.selects(kept), page, rows)
    hits = search.search(criteria.text, limit=MOST_HITS)
    within = kept.bits(hits.ids)
    bits = kept.select(criteria.choices) & within
    ranked = [pk for pk in hits.ids if kept.contains(bits, pk)]
    page = _page(len(ranked), page_number)
    rows = _rows(ranked[(page.number - 1) * PAGE_SIZE : page.number * PAGE_SIZE], with_passages=True)
    elsewhere = None if ranked else _elsewhere(criteria, kept, within)
    return ProcedureList(criteria, criteria.selects(kept, within), page, rows, hits, elsewhere)


def of_field(field: Field, page_number: str | None, *, on: date) -> tuple[Page, list[Procedure]]:
    """Return one page of the field's procedures in force."""
    kept = catalogue.current(on)
    bits = kept.select({"field": field.slug})
    page = _page(kept.count(bits), page_number)
    return page, _rows(kept.page(bits, page.number))


def fields_with_counts(kept: Catalogue) -> list[tuple[Field, int]]:
    """Return the fields that have procedures in force, with their number."""
    counts = kept.field_counts()
    return [(field, counts[field.slug]) for field in all_fields() if field.slug in counts]


def all_fields() -> list[Field]:
    """Return the fields in their order; sorted here, as a database need not know that Đ comes after D."""
    return sorted(Field.objects.all(), key=lambda field: (field.order, fold(field.name)))


def _page(count: int, number: str | None) -> Page:
    """Return the page asked for, or the nearest there is."""
    return Paginator(range(count), PAGE_SIZE).get_page(number)


def _rows(pks: Sequence[int], *, with_passages: bool = False) -> list[Procedure]:
    """Return the procedures in the order of `pks`; one withdrawn meanwhile is left out."""
    unused = _NEVER_SHOWN if with_passages else [*_NEVER_SHOWN, *PASSAGE_PARTS[1:]]
    procedures = Procedure.objects.for_list().defer(*unused)
    return (procedures.prefetch_related("items") if with_passages else procedures).published_in_bulk(pks)


def _elsewhere(criteria: Criteria, kept: Catalogue, within: int) -> list[Elsewhere]:
    found = []
    if criteria.values and (count := kept.count(kept.select({}) & within)):
        found.append(Elsewhere("đang áp dụng, khi bỏ hết điều kiện lọc", count, criteria.url_of_text))
    for choice in criteria.states(kept, within):
        found.append(Elsewhere(choice.label.lower(), choice.count, criteria.with_only("tinh-trang", choice.value).url))
    return found
