"""Find a procedure by what people type: a code, its name, or a question in everyday words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from portal import search as portal_search
from portal.search import Document, Found, Unreadable, telling
from portal.search_index import words
from procedures import catalogue, codes
from procedures.models import Procedure

KIND = "procedure"

# As it is typed: with or without dots, with or without the province's suffix.
CODE = re.compile(r"(?<![\w.])\d\.?\d{6}(?:\.?000\.?00\.?00\.?[A-Za-z]\d{2})?(?!\w)", re.ASCII)
_CODE_START = re.compile(r"(\d)\.?(\d{1,6})", re.ASCII)


@dataclass(frozen=True)
class SearchResult:
    ids: list[int]  # primary keys, best first
    exact: int | None = None  # the procedure whose code was typed
    suggestion: str | None = None  # what was perhaps meant, in accented words
    terms: frozenset[str] = frozenset()  # the folded words that were searched for


@dataclass(frozen=True)
class Suggestion:
    title: str
    code: str
    url: str


def search(text: str, *, limit: int = 500) -> SearchResult:
    """Find published procedures, the one whose code stands in the text first."""
    exact, rest = _exact(text)
    found = _find(rest, limit)
    ids = found.pks
    if exact is not None:
        ids = [exact, *(pk for pk in ids if pk != exact)][:limit]
    return SearchResult(ids, exact, found.suggestion, found.terms)


def suggest(text: str, *, limit: int = 8, on: date | None = None) -> list[Suggestion]:
    """Return the procedures that may be meant while the text is still being typed; on a day, those in force."""
    named = Procedure.objects.only("code", "short_name", "name", "status")
    if code := _CODE_START.fullmatch(text.strip()):
        starting = named.published().filter(code__startswith=f"{code[1]}.{code[2]}").order_by("code")
        rows = list((starting.in_force(on) if on else starting)[:limit])
    else:
        pks = _complete(text, limit if on is None else 4 * limit)
        if on:
            kept = catalogue.current(on)
            in_force = kept.select({})
            pks = [pk for pk in pks if kept.contains(in_force, pk)][:limit]
        rows = named.published_in_bulk(pks)
    return [Suggestion(row.title, row.code or "", row.get_absolute_url()) for row in rows]


def _exact(text: str) -> tuple[int | None, str]:
    """Return the published procedure whose code stands in the text, and the text without it."""
    for match in CODE.finditer(text):
        if procedure := codes.find_published(match[0]):
            return procedure.pk, text[: match.start()] + " " + text[match.end() :]
    return None, text


def _find(text: str, limit: int) -> Found:
    try:
        return portal_search.find(KIND, text, _titles, limit=limit)
    except Unreadable:
        variants = portal_search.variants(text)
        pks = _in_database(variants, limit)
        return Found(pks, None, telling([word for variant in variants for word in variant]))


def _complete(text: str, limit: int) -> list[int]:
    try:
        return portal_search.complete(KIND, text, limit=limit)
    except Unreadable:
        return _in_database([words(text)], limit) if len(text.strip()) > 1 else []


def _in_database(variants: Sequence[Sequence[str]], limit: int) -> list[int]:
    """Answer from the rows while no index is ready: those with every word in their names or key words."""
    asked = Q()
    for variant in variants:
        every = Q()
        for word in telling(variant):
            every &= Q(folded__contains=word)
        asked |= every
    if not asked:
        return []
    rows = Procedure.objects.published().filter(asked).order_by("sort_key", "pk")
    return list(rows.values_list("pk", flat=True)[:limit])


def _titles(pks: Sequence[int]) -> list[str]:
    rows: dict[int, Procedure] = Procedure.objects.only("short_name", "name").order_by().in_bulk(pks)
    return [f"{rows[pk].short_name} {rows[pk].name}" for pk in pks if pk in rows]


def public_pks() -> Sequence[int]:
    return list(Procedure.objects.published().order_by("pk").values_list("pk", flat=True))


def documents(pks: Sequence[int]) -> Iterator[Document]:
    """Return what makes those of the procedures findable that are published."""
    procedures = Procedure.objects.published().filter(pk__in=pks).order_by("pk").select_related("field")
    for procedure in procedures.prefetch_related("items", "cases"):
        papers = [*(item.name for item in procedure.items.all()), *(case.name for case in procedure.cases.all())]
        yield document(
            procedure.pk,
            names=[procedure.short_name, procedure.name],
            hints=[procedure.keywords, procedure.synonyms, str(procedure.field or "")],
            body=[
                procedure.steps,
                *papers,
                procedure.requirements,
                procedure.results,
                procedure.executing_agency,
                procedure.competent_agency,
            ],
        )


def document(pk: int, *, names: Sequence[str], hints: Sequence[str], body: Sequence[str]) -> Document:
    return Document(pk=pk, title="\n".join(names), hints="\n".join(hints), body="\n".join(body))
