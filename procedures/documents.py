"""The library of documents: which ones a list shows, how many each choice leaves, and what a page tells."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

import django_filters
from django.core.paginator import Page, Paginator
from django.db.models import Count, IntegerField, Q, QuerySet, Value
from django.db.models.expressions import Case, When
from django.http import QueryDict
from django.urls import reverse

from portal.search_index import words
from portal.templatetags.vietnamese import viet_date
from portal.text import fold, slugify, tidy
from procedures.catalogue import PAGE_SIZE
from procedures.filters import QUERY_LENGTH, ActiveFilter, Choice, Facet, Select
from procedures.models import DocumentFile, DocumentRelation, LegalBasis, LegalDocument, Procedure, ProcedureChange
from procedures.querysets import DocumentQuerySet
from procedures.wording import Status

KIND = Facet(
    "kind", "loai", "Loại văn bản", {slugify(kind.label): (kind.value, kind.label) for kind in LegalDocument.Kind}
)
# The values are the questions of the same name in DocumentQuerySet.
STATE = Facet(
    "state",
    "hieu-luc",
    "Hiệu lực hôm nay",
    {
        "con-hieu-luc": ("in_force", "Còn hiệu lực"),
        "chua-co-hieu-luc": ("upcoming", "Chưa có hiệu lực"),
        "het-hieu-luc": ("lapsed", "Hết hiệu lực"),
        "chua-ro": ("of_unknown_state", "Chưa có thông tin"),
    },
)
# How a relation reads from the other end.
REVERSE_LABELS = {
    DocumentRelation.Kind.AMENDS: "Được sửa đổi, bổ sung bởi",
    DocumentRelation.Kind.REPLACES: "Được thay thế bởi",
    DocumentRelation.Kind.REPEALS: "Bị bãi bỏ bởi",
    DocumentRelation.Kind.GUIDES: "Được hướng dẫn bởi",
}
_DECISIONS = {LegalDocument.Kind.PUBLICATION_DECISION, LegalDocument.Kind.DECISION}


class DocumentFilter(django_filters.FilterSet):
    """Narrows the documents by words and choices; a choice that nobody offered is left out."""

    text = django_filters.CharFilter(method="with_words")
    kind = django_filters.ChoiceFilter()
    issuer = django_filters.ChoiceFilter(method="of_issuer")
    year = django_filters.ChoiceFilter()
    state = django_filters.ChoiceFilter(method="in_state")

    def __init__(self, data: Mapping[str, str], queryset: QuerySet, *, facets: list[Facet], on: date) -> None:
        super().__init__(data, queryset)
        self.on = on
        for facet in facets:
            self.filters[facet.name].extra["choices"] = list(facet.values.values())

    def matching(self, leaving_out: str = "") -> DocumentQuerySet:
        """Return the documents by all that is asked, or by all but one choice."""
        self.form.is_valid()
        rows = self.queryset
        for name, value in self.form.cleaned_data.items():
            if name != leaving_out:
                rows = self.filters[name].filter(rows, value)
        return rows

    def with_words(self, rows: QuerySet, name: str, text: str) -> QuerySet:
        for word in fold(text).split():
            found = Q(folded__contains=word)
            # 63-2010-nd-cp, as it stands in addresses.
            rows = rows.filter(found | Q(slug__contains=word) if "-" in word else found)
        return rows

    def of_issuer(self, rows: QuerySet, name: str, issuer: str) -> QuerySet:
        # Written in two ways it is still one office.
        names = rows.order_by().values_list("issuer", flat=True).distinct()
        return rows.filter(issuer__in=[name for name in names if slugify(name) == issuer])

    def in_state(self, rows: QuerySet, name: str, question: str) -> QuerySet:
        return getattr(rows, question)(self.on)


@dataclass(frozen=True)
class DocumentCriteria:
    """The words and choices of one list, and the one address that they have."""

    text: str
    values: Mapping[str, str]  # parameter: value in the address

    @property
    def url(self) -> str:
        pairs = {"q": self.text} if self.text else {}
        address = reverse("procedures:document-list")
        return f"{address}?{urlencode(pairs | dict(self.values))}" if pairs or self.values else address

    @property
    def url_of_text(self) -> str:
        return DocumentCriteria(self.text, {}).url

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text or self.values)

    @property
    def terms(self) -> frozenset[str]:
        """Return the folded words that are marked where they were found."""
        return frozenset(words(self.text))

    def url_without(self, parameter: str) -> str:
        rest = {name: value for name, value in self.values.items() if name != parameter}
        return DocumentCriteria(self.text, rest).url


@dataclass(frozen=True)
class DocumentList:
    criteria: DocumentCriteria
    selects: list[Select]
    active: list[ActiveFilter]
    page: Page
    ignored: bool  # something in the address was not understood


@dataclass(frozen=True)
class RelationGroup:
    label: str
    links: list[tuple[LegalDocument, str]]  # the other document, and where it says so


@dataclass(frozen=True)
class DocumentPage:
    document: LegalDocument
    relations: list[RelationGroup]
    files: list[DocumentFile]
    changes: list[ProcedureChange]
    procedures: Page


def find(parameters: QueryDict, *, on: date) -> DocumentList:
    """Return one page of the documents that the address asks for, with what each other choice would leave."""
    public = LegalDocument.objects.public()
    facets = [KIND, _issuers(public), _years(public), STATE]
    asked = {facet.parameter: parameters.get(facet.parameter, "").strip() for facet in facets}
    values = {facet.parameter: value for facet in facets if (value := asked[facet.parameter]) in facet.values}
    text = tidy(parameters.get("q", "").replace("\0", "")[:QUERY_LENGTH])
    criteria = DocumentCriteria(text, values)
    chosen = {facet.name: facet.values[values[facet.parameter]][0] for facet in facets if facet.parameter in values}
    filters = DocumentFilter({"text": text, **chosen}, public, facets=facets, on=on)
    return DocumentList(
        criteria,
        [_select(facet, filters, values.get(facet.parameter, "")) for facet in facets],
        [
            ActiveFilter(facet, facet.values[value][1], criteria.url_without(facet.parameter))
            for facet in facets
            if (value := values.get(facet.parameter, ""))
        ],
        Paginator(_ordered(filters.matching(), text), PAGE_SIZE).get_page(parameters.get("trang")),
        any(value and name not in values for name, value in asked.items()),
    )


def page_of(document: LegalDocument, page_number: str | None) -> DocumentPage:
    """Return what the page of a document tells: its relations, files, changes and one page of its procedures."""
    procedures = (
        Procedure.objects.published().filter(pk__in=_resting_on(document)).for_list().order_by("sort_key", "pk")
    )
    return DocumentPage(
        document,
        _relations(document),
        list(document.files.all()),
        list(ProcedureChange.objects.published().filter(decision__document=document).for_list()),
        Paginator(procedures, PAGE_SIZE).get_page(page_number),
    )


def name(document: LegalDocument) -> str:
    """Return kind and number as people say them: "Nghị định 63/2010/NĐ-CP"."""
    kind = LegalDocument.Kind(document.kind)
    word = LegalDocument.Kind.DECISION.label if kind in _DECISIONS else kind.label
    if kind is LegalDocument.Kind.OTHER or fold(document.number).startswith(fold(str(word))):
        return document.number
    return f"{word} {document.number}"


def status(document: LegalDocument, on: date) -> Status:
    """Return whether the document is in force on the day, as far as it is known."""
    if document.is_lapsed(on):
        return Status("Hết hiệu lực", "repealed")
    if document.is_upcoming(on):
        return Status(f"Có hiệu lực từ {viet_date(document.valid_from)}", "amended")
    if document.is_in_force(on):
        return Status("Còn hiệu lực", "new")
    return Status("Hiệu lực: chưa có thông tin", "")


def decision_of(procedure: Procedure) -> LegalDocument | None:
    """Return the document that published the procedure, where the library has it.

    Numbers of decisions begin anew each year, so a date that contradicts is another decision's.
    """
    if not procedure.decision_number:
        return None
    found = LegalDocument.objects.public().filter(number=procedure.decision_number).first()
    if found and procedure.decision_on and found.issued_on not in (None, procedure.decision_on):
        return None
    return found


def _resting_on(document: LegalDocument) -> QuerySet:
    """Return the keys of the procedures that rest on the document or were published by it."""
    resting = LegalBasis.objects.filter(document=document).order_by().values("procedure")
    if document.kind not in _DECISIONS:
        return resting
    published = Procedure.objects.filter(decision_number=document.number).order_by()
    if document.issued_on:
        published = published.filter(Q(decision_on=None) | Q(decision_on=document.issued_on))
    # Two short searches by index; one search with "or" reads the whole catalogue.
    return resting.union(published.values("pk"))


def _relations(document: LegalDocument) -> list[RelationGroup]:
    public = LegalDocument.objects.public()
    ahead = document.relations.filter(target__in=public).select_related("target")
    back = document.reverse_relations.filter(document__in=public).select_related("document")
    groups: dict[str, list[tuple[LegalDocument, str]]] = {}
    # What became of the document itself is what a reader must know first.
    for relation in back:
        label = REVERSE_LABELS[DocumentRelation.Kind(relation.kind)]
        groups.setdefault(label, []).append((relation.document, relation.note))
    for relation in ahead:
        groups.setdefault(relation.get_kind_display(), []).append((relation.target, relation.note))
    return [RelationGroup(label, links) for label, links in groups.items()]


def _issuers(public: QuerySet) -> Facet:
    names = public.exclude(issuer="").order_by("issuer").values_list("issuer", flat=True).distinct()
    by_slug = {slugify(name): (slugify(name), name) for name in names}
    return Facet("issuer", "co-quan", "Cơ quan ban hành", dict(sorted(by_slug.items())))


def _years(public: QuerySet) -> Facet:
    years = public.exclude(year=None).order_by("-year").values_list("year", flat=True).distinct()
    return Facet("year", "nam", "Năm ban hành", {str(year): (str(year), str(year)) for year in years})


def _select(facet: Facet, filters: DocumentFilter, chosen: str) -> Select:
    counts = _counts(facet, filters)
    choices = [
        Choice(value, label, counts.get(kept, 0), value == chosen)
        for value, (kept, label) in facet.values.items()
        if counts.get(kept) or value == chosen
    ]
    return Select(facet, choices)


def _counts(facet: Facet, filters: DocumentFilter) -> Mapping[str, int]:
    rows = filters.matching(leaving_out=facet.name).order_by()
    if facet is STATE:
        return {question: filters.in_state(rows, facet.name, question).count() for question, _ in facet.values.values()}
    counts: Counter[str] = Counter()
    for value, count in rows.values_list(facet.name).annotate(Count("pk")):
        counts[slugify(value) if facet.name == "issuer" else str(value)] += count
    return counts


def _ordered(rows: DocumentQuerySet, text: str) -> QuerySet:
    """Return the newest first; before them those whose number begins with the words typed."""
    rows = rows.newest_first()
    if not text:
        return rows
    begins = Case(When(folded__startswith=fold(text), then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.order_by(begins, *rows.query.order_by)
