"""The register of public answers: which ones a list shows, and how long answers took by field (NĐ 20/2008 Đ19)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import mean
from urllib.parse import urlencode

import django_filters
from django.core.paginator import Page, Paginator
from django.db.models import Count, F, IntegerField, Max, Min, OuterRef, Q, QuerySet, Subquery, Value, Window
from django.db.models.expressions import Case, When
from django.db.models.functions import Coalesce, RowNumber
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from feedback.models import Answer, Event, PublicAnswer
from feedback.querysets import PublicAnswerQuerySet
from portal.models import Unit
from portal.search_index import words
from portal.text import fold, tidy
from procedures.filters import QUERY_LENGTH, ActiveFilter, Choice, Facet, Select
from procedures.models import Field, Procedure

PAGE_SIZE = 20
OUTCOME = Facet(
    "outcome",
    "ket-qua",
    "Kết quả",
    {
        "giai-thich": (Answer.Outcome.EXPLAINED, Answer.Outcome.EXPLAINED.label),
        "khac-phuc": (Answer.Outcome.REMEDIED, Answer.Outcome.REMEDIED.label),
        "sua-doi": (Answer.Outcome.AMENDED, Answer.Outcome.AMENDED.label),
        "kien-nghi": (Answer.Outcome.PROPOSED, Answer.Outcome.PROPOSED.label),
        "quy-dinh-moi": (Answer.Outcome.NEW_RULE, Answer.Outcome.NEW_RULE.label),
        "khong-dung": (Answer.Outcome.UNFOUNDED, Answer.Outcome.UNFOUNDED.label),
    },
)
NO_FIELD = "Chưa rõ lĩnh vực"


class AnswerFilter(django_filters.FilterSet):
    """Narrows the answers by words and choices; a choice that nobody offered is left out."""

    text = django_filters.CharFilter(method="with_words")
    field = django_filters.ChoiceFilter(field_name="shown_field")
    unit = django_filters.ChoiceFilter(field_name="submission__unit")
    year = django_filters.ChoiceFilter(field_name="published_at__year")
    outcome = django_filters.ChoiceFilter()

    def __init__(self, data: Mapping[str, str], queryset: QuerySet, *, facets: list[Facet]) -> None:
        super().__init__(data, queryset)
        for facet in facets:
            self.filters[facet.name].extra["choices"] = list(facet.values.values())

    def matching(self, leaving_out: str = "") -> PublicAnswerQuerySet:
        """Return the answers by all that is asked, or by all but one choice."""
        self.form.is_valid()
        rows = self.queryset
        for name, value in self.form.cleaned_data.items():
            if name != leaving_out:
                rows = self.filters[name].filter(rows, value)
        return rows

    def with_words(self, rows: QuerySet, name: str, text: str) -> QuerySet:
        for word in words(text):
            rows = rows.filter(folded__contains=word)
        return rows


@dataclass(frozen=True)
class AnswerCriteria:
    """The words and choices of one list, and the one address that they have."""

    text: str
    values: Mapping[str, str]  # parameter: value in the address

    @property
    def url(self) -> str:
        pairs = {"q": self.text} if self.text else {}
        address = reverse("feedback:public-answer-list")
        return f"{address}?{urlencode(pairs | dict(self.values))}" if pairs or self.values else address

    @property
    def url_of_text(self) -> str:
        return AnswerCriteria(self.text, {}).url

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text or self.values)

    @property
    def terms(self) -> frozenset[str]:
        """Return the folded words that are marked where they were found."""
        return frozenset(words(self.text))

    def url_without(self, parameter: str) -> str:
        rest = {name: value for name, value in self.values.items() if name != parameter}
        return AnswerCriteria(self.text, rest).url


@dataclass(frozen=True)
class AnswerList:
    criteria: AnswerCriteria
    selects: list[Select]
    active: list[ActiveFilter]
    page: Page
    ignored: bool  # something in the address was not understood


@dataclass(frozen=True)
class FieldLine:
    """How many answers of a field are public, and the middle one of the days that they took."""

    name: str
    slug: str  # empty for those of no field
    count: int
    median_days: float | None  # working days

    @property
    def url(self) -> str:
        return AnswerCriteria("", {"linh-vuc": self.slug}).url if self.slug else ""


def published() -> PublicAnswerQuerySet:
    """Return what the public may read, with the field and the outcome under one name each."""
    answers = Answer.objects.filter(submission=OuterRef("submission"), status=Answer.Status.SENT)
    return PublicAnswer.objects.published().annotate(
        shown_field=Coalesce("submission__field__slug", "submission__procedure__field__slug"),
        outcome=Subquery(answers.order_by("-sent_at", "-pk").values("outcome")[:1]),
    )


def find(parameters: QueryDict) -> AnswerList:
    """Return one page of the answers that the address asks for, with what each other choice would leave."""
    rows = published()
    facets = [_fields(), _units(), _years(), OUTCOME]
    asked = {facet.parameter: parameters.get(facet.parameter, "").strip() for facet in facets}
    values = {facet.parameter: value for facet in facets if (value := asked[facet.parameter]) in facet.values}
    text = tidy(parameters.get("q", "").replace("\0", "")[:QUERY_LENGTH]).replace("\n", " ")
    criteria = AnswerCriteria(text, values)
    chosen = {facet.name: facet.values[values[facet.parameter]][0] for facet in facets if facet.parameter in values}
    filters = AnswerFilter({"text": text, **chosen}, rows, facets=facets)
    return AnswerList(
        criteria,
        [_select(facet, filters, values.get(facet.parameter, "")) for facet in facets],
        [
            ActiveFilter(facet, facet.values[value][1], criteria.url_without(facet.parameter))
            for facet in facets
            if (value := values.get(facet.parameter, ""))
        ],
        _page(_ordered(filters.matching(), text), parameters.get("trang")),
        any(value and name not in values for name, value in asked.items()),
    )


def latest(number: int) -> list[PublicAnswer]:
    """Return the answers that became public last, ready for a list."""
    return list(PublicAnswer.objects.published().for_list()[:number])


def about(procedure: Procedure, number: int) -> list[PublicAnswer]:
    """Return the latest public answers to submissions about the procedure."""
    return list(PublicAnswer.objects.published().filter(submission__procedure=procedure)[:number])


def outcome(answer: PublicAnswer) -> str:
    """Return in words what came of the submission, by the last answer that was sent."""
    sent = answer.submission.answers.filter(status=Answer.Status.SENT).order_by("-sent_at", "-pk").first()
    return sent.get_outcome_display() if sent else ""


def withdrawn_at(answer: PublicAnswer) -> datetime | None:
    taken_back = answer.submission.events.filter(verb=Event.Verb.UNPUBLISH).order_by("-at")
    return taken_back.values_list("at", flat=True).first()


def by_field() -> list[FieldLine]:
    """Return a line for each field that has public answers, in the order of the fields; two queries."""
    names = ("shown_field", "field_order", "field_name")
    rows = PublicAnswer.objects.published().annotate(
        shown_field=Coalesce("submission__field__slug", "submission__procedure__field__slug"),
        field_order=Coalesce("submission__field__order", "submission__procedure__field__order"),
        field_name=Coalesce("submission__field__name", "submission__procedure__field__name"),
    )
    medians = _median_days(rows)
    counts = rows.order_by().values_list(*names).annotate(Count("pk"))
    # Sorted here: a database need not know that Đ comes after D.
    found = sorted(counts, key=lambda row: (row[0] is None, row[1] or 0, fold(row[2] or "")))
    return [FieldLine(name or NO_FIELD, slug or "", count, medians.get(slug)) for slug, _, name, count in found]


def _median_days(rows: QuerySet) -> Mapping[str | None, float]:
    """Return the median of the days taken by field: the database numbers the rows and gives the middle ones."""
    field = [F("shown_field")]
    numbered = rows.filter(days_taken__isnull=False).annotate(
        twice_place=Window(RowNumber(), field, F("days_taken").asc()) * 2, of=Window(Count("pk"), field)
    )
    middle = numbered.filter(twice_place__gte=F("of"), twice_place__lte=F("of") + 2).order_by()
    days: dict[str | None, list[int]] = {}
    for slug, taken in middle.values_list("shown_field", "days_taken"):
        days.setdefault(slug, []).append(taken)
    return {slug: mean(taken) for slug, taken in days.items()}


def _fields() -> Facet:
    # Sorted here: a database need not know that Đ comes after D.
    known = sorted(Field.objects.values_list("order", "name", "slug"), key=lambda row: (row[0], fold(row[1])))
    return Facet("field", "linh-vuc", "Lĩnh vực", {slug: (slug, name) for _, name, slug in known})


def _units() -> Facet:
    units = Unit.objects.values_list("pk", "name")
    return Facet("unit", "don-vi", "Đơn vị trả lời", {str(pk): (str(pk), name) for pk, name in units})


def _years() -> Facet:
    moments = PublicAnswer.objects.published().aggregate(first=Min("published_at"), last=Max("published_at"))
    first, last = (timezone.localdate(moment).year if moment else 0 for moment in moments.values())
    years = map(str, range(last, first - 1, -1)) if last else ()
    return Facet("year", "nam", "Năm công khai", {year: (year, year) for year in years})


def _select(facet: Facet, filters: AnswerFilter, chosen: str) -> Select:
    counts = _counts(facet, filters)
    choices = [
        Choice(value, label, counts.get(str(kept), 0), value == chosen)
        for value, (kept, label) in facet.values.items()
        if counts.get(str(kept)) or value == chosen
    ]
    return Select(facet, choices)


def _counts(facet: Facet, filters: AnswerFilter) -> Mapping[str, int]:
    rows = filters.matching(leaving_out=facet.name).order_by()
    column = filters.filters[facet.name].field_name
    if facet.name == "year":
        # Asked as a span of moments, which costs a tenth of asking each moment for its year.
        return rows.aggregate(**{year: Count("pk", filter=Q(**{column: int(year)})) for year in facet.values})
    return {str(value): count for value, count in rows.values_list(column).annotate(Count("pk"))}


def _page(rows: QuerySet, number: str | None) -> Page:
    """Return one page: which rows is asked first, so that the rest of them need not be read."""
    page = Paginator(rows.values_list("pk", flat=True), PAGE_SIZE).get_page(number)
    found = PublicAnswer.objects.for_list().in_bulk(list(page.object_list))
    page.object_list = [found[pk] for pk in page.object_list]
    return page


def _ordered(rows: PublicAnswerQuerySet, text: str) -> QuerySet:
    """Return the newest first; before them those whose short question begins with the words typed."""
    typed: Sequence[str] = words(text)
    if not typed:
        return rows
    begins = Case(
        When(folded__startswith=" ".join(typed), then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return rows.order_by(begins, "-published_at", "-pk")
