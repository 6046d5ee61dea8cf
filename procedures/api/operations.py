"""What can be asked of the API: each address with what it takes, what it answers, and how it is found."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from heapq import nsmallest
from typing import Any, TypeVar

from django.db.models import Model, Prefetch, Q, QuerySet
from django.http import Http404

from portal.text import fold
from procedures import catalogue, search, versions
from procedures.api import parameters, resources
from procedures.api.parameters import LIMIT, Cursor, Parameter
from procedures.api.resources import Resource
from procedures.catalogue import Catalogue
from procedures.filters import FACETS
from procedures.listing import MOST_HITS, fields_with_counts
from procedures.models import DocumentRelation, Fee, Field, LegalDocument, Procedure, ProcedureChange, ProcedureVersion
from procedures.querysets import DocumentQuerySet

Row = TypeVar("Row", bound=Model)

STATES = ["in_force", "upcoming", "ended"]
DOCUMENT_STATES = {
    "in_force": DocumentQuerySet.in_force,
    "upcoming": DocumentQuerySet.upcoming,
    "lapsed": DocumentQuerySet.lapsed,
    "unknown": DocumentQuerySet.of_unknown_state,
}


@dataclass(frozen=True)
class Asked:
    """The values of an operation's parameters, and the day for which it is answered."""

    values: dict[str, Any]
    on: date

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


@dataclass(frozen=True)
class Rows:
    """A part of a list: its rows, how many the whole list has, and where the next part begins."""

    rows: list[Any]
    total: int
    following: Cursor | None = None


@dataclass(frozen=True)
class Operation:
    name: str  # of the address, and of the operation in the description
    route: str
    summary: str
    parameters: tuple[Parameter, ...]
    resource: Resource
    find: Callable[[Asked], Any]  # the row, or for a list its Rows; raises Http404
    is_list: bool = False


def _procedures(asked: Asked) -> Rows:
    kept = catalogue.current(asked.on)
    bits = _select(kept, asked)
    limit, after = asked["limit"], asked["cursor"]
    if asked["q"]:
        hits = search.search(asked["q"], limit=MOST_HITS)
        ranked = [pk for pk in hits.ids if kept.contains(bits, pk)]
        start = _place_after(ranked, after)
        pks, total = ranked[start : start + limit + 1], len(ranked)
    else:
        start, total = 0, kept.count(bits)
        last = after[1] if after else 0
        # By key and not by name, so that what is new or renamed never moves what was already read.
        pks = nsmallest(limit + 1, (pk for pk in kept.page(bits, 1, total) if pk > last))
    page = pks[:limit]
    following = Cursor((start + limit, page[-1])) if len(pks) > limit else None
    return Rows(Procedure.objects.for_list().published_in_bulk(page), total, following)


def _select(kept: Catalogue, asked: Asked) -> int:
    facets = ["field", *(facet.name for facet in FACETS)]
    choices = {facet: value for facet in facets if (value := asked[facet]) and facet != "state"}
    states = STATES if asked["state"] == "any" else [asked["state"]]
    bits = 0
    for state in states:
        bits |= kept.select({**choices, "state": state})
    return bits


def _place_after(ranked: list[int], after: list[int] | None) -> int:
    """Return where to go on in a ranking: behind the row given out last, or where it stood."""
    if after is None:
        return 0
    place, pk = after
    return ranked.index(pk) + 1 if pk in ranked else place


def _procedure(asked: Asked) -> Procedure:
    procedure = _only(Procedure.objects.published().for_page().filter(code=asked["code"]))
    if asked["on"] is None:
        return procedure
    past = versions.as_of(procedure, asked["on"])
    if past is None:
        raise Http404
    return past


def _version(asked: Asked) -> Procedure:
    procedure = _only(Procedure.objects.published().select_related("field", "unit").filter(code=asked["code"]))
    version = _only(ProcedureVersion.objects.filter(procedure=procedure, valid_from=asked["on"]))
    return versions.thaw(version.content, procedure)


def _versions(asked: Asked) -> Rows:
    procedure = _only(Procedure.objects.published().filter(code=asked["code"]))
    changes = ProcedureChange.objects.published().for_list()
    kept = ProcedureVersion.objects.filter(procedure=procedure).defer("content").order_by("-valid_from")
    rows = list(kept.select_related("procedure").prefetch_related(Prefetch("change", changes)))
    total = len(rows)
    for version, later in zip(rows, [None, *rows], strict=False):
        version.valid_to = later and later.valid_from - timedelta(days=1)  # type: ignore[attr-defined]
    if asked["cursor"]:
        rows = [version for version in rows if version.valid_from < asked["cursor"][0]]
    page = rows[: asked["limit"]]
    following = Cursor((page[-1].valid_from,)) if len(rows) > len(page) else None
    return Rows(page, total, following)


def _changes(asked: Asked) -> Rows:
    changes = ProcedureChange.objects.published()
    wanted = {
        "effective_on__gte": asked["since"],
        "decision__published_at__date__gte": asked["published_since"],
        "kind": asked["kind"],
        "procedure__field__slug": asked["field"],
        "decision__document__slug": asked["document"],
    }
    if code := asked["procedure"]:
        changes = changes.filter(Q(procedure__code=code) | Q(successor__code=code))
    changes = changes.filter(**{lookup: value for lookup, value in wanted.items() if value})
    total = changes.count()
    if asked["cursor"]:
        day, pk = asked["cursor"]
        changes = changes.filter(Q(effective_on__lt=day) | Q(effective_on=day, pk__lt=pk))
    rows = list(changes.for_list().order_by("-effective_on", "-pk")[: asked["limit"] + 1])
    page = rows[: asked["limit"]]
    last = page[-1] if page else None
    following = Cursor((last.effective_on, last.pk)) if last and len(rows) > len(page) else None
    return Rows(page, total, following)


def _documents(asked: Asked) -> Rows:
    documents = LegalDocument.objects.public()
    for word in fold(asked["q"] or "").split():
        documents = documents.filter(Q(folded__contains=word) | Q(slug__contains=word))
    if asked["state"]:
        documents = DOCUMENT_STATES[asked["state"]](documents, asked.on)
    if asked["kind"]:
        documents = documents.filter(kind=asked["kind"])
    return _by_key(documents, asked)


def _document(asked: Asked) -> LegalDocument:
    documents = LegalDocument.objects.public().filter(slug=asked["slug"])
    public = LegalDocument.objects.public()
    ahead = DocumentRelation.objects.filter(target__in=public).select_related("document", "target")
    back = DocumentRelation.objects.filter(document__in=public).select_related("document", "target")
    procedures = Procedure.objects.published().only("code", "name", "short_name", "status")
    return _only(
        documents.prefetch_related(
            Prefetch("relations", ahead), Prefetch("reverse_relations", back), Prefetch("procedures", procedures)
        )
    )


def _fees(asked: Asked) -> Rows:
    fees = Fee.objects.valid(asked.on).filter(procedure__in=Procedure.objects.in_force(asked.on))
    wanted = {
        "procedure__field__slug": asked["field"],
        "procedure__code": asked["procedure"],
        "state": asked["state"],
    }
    fees = fees.filter(**{lookup: value for lookup, value in wanted.items() if value})
    return _by_key(fees.select_related("procedure"), asked)


def _fields(asked: Asked) -> Rows:
    counted = fields_with_counts(catalogue.current(asked.on))
    rows: list[Field] = []
    units = Field.objects.select_related("unit").in_bulk([field.pk for field, _ in counted])
    for field, count in counted:
        row = units[field.pk]
        row.procedures_in_force = count  # type: ignore[attr-defined]
        rows.append(row)
    return Rows(rows, len(rows))


def _by_key(rows: QuerySet[Any], asked: Asked) -> Rows:
    """Return a part of the rows in the order in which they were stored."""
    total = rows.count()
    after = asked["cursor"][0] if asked["cursor"] else 0
    found = list(rows.filter(pk__gt=after).order_by("pk")[: asked["limit"] + 1])
    page = found[: asked["limit"]]
    return Rows(page, total, Cursor((page[-1].pk,)) if len(found) > len(page) else None)


def _only(rows: QuerySet[Row]) -> Row:
    row = rows.first()
    if row is None:
        raise Http404
    return row


def _facet_parameters() -> Iterable[Parameter]:
    for facet in FACETS:
        values = [value for value, _ in facet.values.values()]
        said = "; ".join(f"{value}: {label}" for value, label in facet.values.values())
        if facet.name == "state":
            said = f"in_force: Đang áp dụng; {said}; any: Mọi tình trạng"
            yield parameters.choice("state", f"{facet.label} ({said}).", [*STATES, "any"], default="in_force")
        else:
            yield parameters.choice(facet.name, f"{facet.label} ({said}).", values)


_FIELD = parameters.slug("field", "Chỉ lĩnh vực này: slug của lĩnh vực.", "an-toan-buc-xa-va-hat-nhan")
_PROCEDURE = parameters.code("procedure", "Chỉ thủ tục có mã này.")
_CODE = replace(parameters.code("code", "Mã thủ tục."), place="path")


def _kinds(choices: Iterable[tuple[str, str]]) -> str:
    return "; ".join(f"{value}: {label}" for value, label in choices)


OPERATIONS = [
    Operation(
        "procedure-list",
        "procedures",
        "Danh mục thủ tục, lọc như trên trang; có từ khóa thì xếp theo mức phù hợp, nhiều nhất 500 thủ tục",
        (
            parameters.words("q", "Từ khóa, câu hỏi hoặc mã số, có dấu hay không dấu.", "x-quang"),
            _FIELD,
            *_facet_parameters(),
            LIMIT,
            parameters.cursor(int, int),
        ),
        resources.PROCEDURE,
        _procedures,
        is_list=True,
    ),
    Operation(
        "procedure-detail",
        "procedures/{code}",
        "Một thủ tục với đủ các phần, như hôm nay hoặc như một ngày khác",
        (_CODE, parameters.day("on", "Nội dung và phí có hiệu lực vào ngày này; không ghi thì là hôm nay.")),
        resources.PROCEDURE_DETAIL,
        _procedure,
    ),
    Operation(
        "version-list",
        "procedures/{code}/versions",
        "Các bản có hiệu lực của một thủ tục, mới nhất trước",
        (_CODE, LIMIT, parameters.cursor(date)),
        resources.VERSION,
        _versions,
        is_list=True,
    ),
    Operation(
        "version-detail",
        "procedures/{code}/versions/{on}",
        "Nội dung của một bản có hiệu lực",
        (_CODE, replace(parameters.day("on", "Ngày bản này bắt đầu áp dụng."), place="path")),
        resources.PROCEDURE_DETAIL,
        _version,
    ),
    Operation(
        "change-list",
        "changes",
        "Thay đổi đã công bố của các thủ tục, ngày áp dụng mới nhất trước",
        (
            parameters.day("since", "Áp dụng từ ngày này trở đi."),
            parameters.day("published_since", "Công bố trên trang này từ ngày này trở đi."),
            parameters.choice(
                "kind", f"Loại thay đổi ({_kinds(ProcedureChange.Kind.choices)}).", ProcedureChange.Kind.values
            ),
            _FIELD,
            parameters.code("procedure", "Chỉ thủ tục có mã này, hoặc thủ tục mà nó thay thế."),
            parameters.slug("document", "Chỉ theo văn bản này: slug của văn bản.", "2527-qd-bkhcn"),
            LIMIT,
            parameters.cursor(date, int),
        ),
        resources.CHANGE,
        _changes,
        is_list=True,
    ),
    Operation(
        "document-list",
        "documents",
        "Văn bản quy phạm, quyết định công bố và văn bản khác",
        (
            parameters.words("q", "Từ trong số, ký hiệu, trích yếu hoặc cơ quan ban hành.", "63/2010"),
            parameters.choice(
                "kind", f"Loại văn bản ({_kinds(LegalDocument.Kind.choices)}).", LegalDocument.Kind.values
            ),
            parameters.choice("state", "Hiệu lực hôm nay.", DOCUMENT_STATES),
            LIMIT,
            parameters.cursor(int),
        ),
        resources.DOCUMENT,
        _documents,
        is_list=True,
    ),
    Operation(
        "document-detail",
        "documents/{slug}",
        "Một văn bản, với văn bản liên quan và các thủ tục căn cứ vào đó",
        (replace(parameters.slug("slug", "slug của văn bản.", "63-2010-nd-cp"), place="path"),),
        resources.DOCUMENT_DETAIL,
        _document,
    ),
    Operation(
        "fee-list",
        "fees",
        "Phí, lệ phí hôm nay của các thủ tục đang áp dụng",
        (
            _FIELD,
            _PROCEDURE,
            parameters.choice("state", f"Có thu hay không ({_kinds(Fee.State.choices)}).", Fee.State.values),
            LIMIT,
            parameters.cursor(int),
        ),
        resources.FEE_LINE,
        _fees,
        is_list=True,
    ),
    Operation(
        "field-list",
        "fields",
        "Lĩnh vực có thủ tục đang áp dụng",
        (),
        resources.FIELD,
        _fields,
        is_list=True,
    ),
]
