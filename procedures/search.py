"""Find a procedure by what people type: a code, its name, or a question in everyday words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Q

from portal import search as portal_search
from portal.search import Document, Unreadable
from procedures.models import Procedure

KIND = "procedure"

# As it is typed: with or without dots, with or without the province's suffix.
_CODE = re.compile(r"(?<![\w.])(\d)[. ]?(\d{6})(?:[. ]?000[. ]?00[. ]?00[. ]?([A-Za-z]\d{2}))?(?![\w])")


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
    ids = _find(rest, limit)
    if exact is not None:
        ids = [exact, *(pk for pk in ids if pk != exact)][:limit]
    return SearchResult(ids, exact, None, frozenset(portal_search.words(rest)))


def _exact(text: str) -> tuple[int | None, str]:
    """Return the published procedure whose code stands in the text, and the text without it."""
    for match in _CODE.finditer(text):
        code = f"{match[1]}.{match[2]}"
        whole = f"{code}.000.00.00.{match[3].upper()}" if match[3] else code
        same = Q(code=whole) if match[3] else Q(code=code) | Q(code__startswith=f"{code}.")
        pk = Procedure.objects.published().filter(same).order_by("code").values_list("pk", flat=True).first()
        if pk:
            return pk, text[: match.start()] + " " + text[match.end() :]
    return None, text


def _find(text: str, limit: int) -> list[int]:
    try:
        return portal_search.find(KIND, text, limit=limit)
    except Unreadable:
        return _find_in_database(text, limit)


def _find_in_database(text: str, limit: int) -> list[int]:
    """Answer from the rows while no index is ready: those with every word in their names or keywords."""
    asked = Q()
    for variant in portal_search.variants(text):
        every = Q(pk__isnull=False)
        for word in variant:
            every &= Q(folded__contains=word)
        if variant:
            asked |= every
    if not asked:
        return []
    return list(
        Procedure.objects.published().filter(asked).order_by("sort_key", "pk").values_list("pk", flat=True)[:limit]
    )


def public_pks() -> Sequence[int]:
    return list(Procedure.objects.published().order_by("pk").values_list("pk", flat=True))


def documents(pks: Sequence[int]) -> Iterator[Document]:
    """Return what makes those of the procedures findable that are published."""
    procedures = Procedure.objects.published().filter(pk__in=pks).order_by("pk").select_related("field")
    for procedure in procedures.prefetch_related("items", "cases"):
        papers = [*procedure.items.all(), *procedure.cases.all()]
        yield document(
            procedure.pk,
            names=[procedure.short_name, procedure.name],
            hints=[procedure.keywords, procedure.synonyms, procedure.field.name if procedure.field else ""],
            body=[
                procedure.steps,
                *(paper.name for paper in papers),
                procedure.requirements,
                procedure.results,
                procedure.executing_agency,
                procedure.competent_agency,
            ],
        )


def document(pk: int, *, names: Sequence[str], hints: Sequence[str], body: Sequence[str]) -> Document:
    return Document(pk=pk, title="\n".join(names), hints="\n".join(hints), body="\n".join(body))
