"""The plan of communication at a glance: the state of its tasks, and what carries them out (RULES N5).

Anything may carry out a task. What counts, and what of it the public may read, is registered here by
kind; an app above registers its own kinds when it is loaded.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model, QuerySet
from django.db.models.signals import post_delete
from django.utils import timezone

from news.models import (
    Album,
    Article,
    Bulletin,
    CommunicationPlan,
    Dissemination,
    Evidence,
    PlanTask,
    Publication,
    ReviewPlan,
    TrainingRecord,
)
from portal.spreadsheets import Value
from portal.text import fold
from procedures.models import Decision, LegalDocument

State = PlanTask.State
# What asks for attention stands first.
STATE_ORDER = [State.LATE, State.GOING, State.TO_COME, State.DONE]
_SENTENCE_ORDER = [State.DONE, State.GOING, State.LATE, State.TO_COME]
SOON_DAYS = 14
MOST_FOUND = 20
SHEET_TITLE = "Tiến độ kế hoạch"
SHEET_HEADER = [
    "Mục",
    "Nội dung",
    "Chủ trì",
    "Phối hợp",
    "Thời gian",
    "Từ ngày",
    "Đến ngày",
    "Hình thức thực hiện",
    "Tình trạng",
    "Xong ngày",
    "Đã thực hiện",
    "Gần nhất ngày",
    "Kết quả, ghi chú",
]


@dataclass(frozen=True)
class Kind:
    """A kind of thing that may carry out a task."""

    model: type[Model]
    label: str  # after a number: "3 album ảnh"
    counted: Callable[[datetime], QuerySet]  # those that were done by the moment, a draft was not
    day: Callable[[Any], date | None]  # when it was done
    searched: tuple[str, ...]  # columns in which staff look for it
    is_public: Callable[[Any, datetime], bool] = lambda item, at: False
    url: Callable[[Any], str] = lambda item: item.get_absolute_url()

    @property
    def key(self) -> str:
        return self.model._meta.model_name or ""


_kinds: dict[type[Model], Kind] = {}


def register(kind: Kind) -> None:
    """Let what is of this kind carry out tasks."""
    _kinds[kind.model] = kind
    post_delete.connect(_forget, sender=kind.model)


def kinds() -> list[Kind]:
    return list(_kinds.values())


def _forget(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """Take away what points to a deleted row: no foreign key does."""
    Evidence.objects.filter(content_type=ContentType.objects.get_for_model(sender), object_id=instance.pk).delete()


def _approved(model: type[Publication]) -> Callable[[datetime], QuerySet]:
    """Return what was made public by a moment and not withdrawn, its time being over or not."""
    status = Publication.Status.PUBLISHED
    return lambda at: model._default_manager.filter(status=status, publish_at__lte=at)


def _publish_day(item: Publication) -> date | None:
    return timezone.localdate(item.publish_at) if item.publish_at else None


def _publication(model: type[Publication], label: str) -> Kind:
    return Kind(model, label, _approved(model), _publish_day, ("title",), is_public=lambda item, at: item.is_public(at))


register(_publication(Article, "tin, bài"))
register(_publication(Album, "album ảnh"))
register(_publication(Bulletin, "bản tin"))
register(
    Kind(
        Decision,
        "quyết định thay đổi thủ tục",
        lambda at: Decision.objects.filter(status=Decision.Status.PUBLISHED).select_related("document"),
        lambda item: timezone.localdate(item.published_at) if item.published_at else None,
        ("document__folded",),
        is_public=lambda item, at: True,
        url=lambda item: item.document.get_absolute_url(),
    )
)
register(
    Kind(
        LegalDocument,
        "văn bản",
        lambda at: LegalDocument.objects.public(),
        lambda item: item.issued_on,
        ("folded",),
        is_public=lambda item, at: True,
    )
)
register(
    Kind(
        Dissemination,
        "lần phổ biến văn bản",
        lambda at: Dissemination.objects.filter(sent_at__lte=at),
        lambda item: timezone.localdate(item.sent_at),
        ("title",),
    )
)
register(
    Kind(
        TrainingRecord,
        "khóa bồi dưỡng",
        lambda at: TrainingRecord.objects.filter(first_on__lte=timezone.localdate(at)),
        lambda item: item.first_on,
        ("course", "skill"),
    )
)
register(
    Kind(
        ReviewPlan,
        "kế hoạch rà soát",
        lambda at: ReviewPlan.objects.filter(sent_on__lte=timezone.localdate(at)),
        lambda item: item.sent_on,
        ("title",),
        is_public=lambda item, at: item.public,
    )
)


# The state of a plan.


@dataclass(frozen=True)
class Item:
    """One thing that was done for a task."""

    kind: Kind
    evidence: Evidence
    item: Any
    day: date
    is_public: bool

    @property
    def url(self) -> str:
        return self.kind.url(self.item)


@dataclass(frozen=True)
class Line:
    """A task as it stands."""

    task: PlanTask
    state: PlanTask.State
    items: list[Item]  # the latest first
    waiting: list[Evidence]  # chosen as evidence, but not done yet: drafts and the like

    @property
    def counts(self) -> list[tuple[str, int]]:
        """Return what was done, by kind: label and number."""
        found = Counter(item.kind.label for item in self.items)
        return [(kind.label, found[kind.label]) for kind in kinds() if found[kind.label]]

    @property
    def done(self) -> str:
        """Return it in words: "3 tin, bài; 1 album ảnh"."""
        return "; ".join(f"{count} {label}" for label, count in self.counts)

    @property
    def last_on(self) -> date | None:
        return max((item.day for item in self.items), default=None)

    @property
    def public_items(self) -> list[Item]:
        return [item for item in self.items if item.is_public]

    @property
    def cooperating(self) -> str:
        return self._with_others(unit.short_name or unit.name for unit in self.task.cooperating.all())

    @property
    def cooperating_in_full(self) -> str:
        return self._with_others(unit.name for unit in self.task.cooperating.all())

    def _with_others(self, names: Iterable[str]) -> str:
        return "; ".join([*names, *filter(None, [self.task.cooperating_others])])


@dataclass(frozen=True)
class Progress:
    """A plan on a day, what is late first."""

    plan: CommunicationPlan
    on: date
    lines: list[Line]

    @property
    def sentence(self) -> str:
        return sentence(line.state for line in self.lines)

    def rows(self) -> Iterator[list[Value]]:
        """Return the rows of the sheet, in the order of the plan."""
        for line in sorted(self.lines, key=lambda line: (line.task.order, line.task.pk)):
            task = line.task
            yield [
                task.number,
                task.content,
                task.lead.name,
                line.cooperating_in_full,
                task.time,
                task.first_on,
                task.last_on,
                task.form_of_work,
                line.state.label,
                task.done_on,
                line.done,
                line.last_on,
                task.result,
            ]


def sentence(states: Iterable[PlanTask.State]) -> str:
    """Return "5 nhiệm vụ: 3 đã xong, 1 đang làm, 1 chậm."."""
    found = Counter(states)
    if not found:
        return "Kế hoạch chưa có nhiệm vụ nào."
    parts = [f"{found[state]} {state.label[0].lower()}{state.label[1:]}" for state in _SENTENCE_ORDER if found[state]]
    return f"{found.total()} nhiệm vụ: {', '.join(parts)}."


def progress(plan: CommunicationPlan, *, at: datetime) -> Progress:
    """Return the plan as it stands, in a number of queries that grows with the kinds only."""
    on = timezone.localdate(at)
    tasks = list(plan.tasks.for_list())
    chosen = [evidence for task in tasks for evidence in task.evidence.all()]
    items = _items(chosen, at)
    lines = [_line(task, on, items) for task in tasks]
    lines.sort(key=lambda line: STATE_ORDER.index(line.state))
    return Progress(plan, on, lines)


def line(task: PlanTask, *, at: datetime) -> Line:
    """Return one task as it stands."""
    return _line(task, timezone.localdate(at), _items(list(task.evidence.all()), at))


def _line(task: PlanTask, on: date, items: dict[int, Item]) -> Line:
    own = [items[evidence.pk] for evidence in task.evidence.all() if evidence.pk in items]
    own.sort(key=lambda item: item.day, reverse=True)
    return Line(task, task.state(on), own, [row for row in task.evidence.all() if row.pk not in items])


def _items(chosen: list[Evidence], at: datetime) -> dict[int, Item]:
    """Return what was done, by the key of its evidence: one query a kind."""
    found: dict[int, Item] = {}
    for kind in kinds():
        type_id = ContentType.objects.get_for_model(kind.model).pk
        own = [evidence for evidence in chosen if evidence.content_type_id == type_id]
        if not own:
            continue
        rows = {row.pk: row for row in kind.counted(at).filter(pk__in={evidence.object_id for evidence in own})}
        for evidence in own:
            if row := rows.get(evidence.object_id):
                day = kind.day(row) or timezone.localdate(evidence.added_at)
                found[evidence.pk] = Item(kind, evidence, row, day, kind.is_public(row, at))
    return found


def find(kind: Kind, text: str, among: QuerySet) -> list[Any]:
    """Return which of the rows staff look for, typed with or without marks, the latest first."""
    words = fold(text).split()
    found: list[int] = []
    for pk, *texts in among.order_by("-pk").values_list("pk", *kind.searched).iterator():
        folded = fold("\n".join(texts))
        if all(word in folded for word in words):
            found.append(pk)
            if len(found) == MOST_FOUND:
                break
    by_pk = among.in_bulk(found)
    return [by_pk[pk] for pk in found]


# The next year's.


class AlreadyThere(Exception):
    """The year has its plan already."""


@transaction.atomic
def copy_to_next_year(plan: CommunicationPlan) -> CommunicationPlan:
    """Return next year's plan with the same tasks, a year later; neither public nor carried out.

    Raises AlreadyThere. The document is the new year's own, so it is left open.
    """
    year = plan.year + 1
    copy, new = CommunicationPlan.objects.get_or_create(year=year, defaults={"title": _later(plan.title, plan.year)})
    if not new:
        raise AlreadyThere
    for task in plan.tasks.prefetch_related("cooperating"):
        units = task.cooperating.all()
        task = PlanTask.objects.create(
            plan=copy,
            number=task.number,
            content=_later(task.content, plan.year),
            lead=task.lead,
            cooperating_others=task.cooperating_others,
            time=_later(task.time, plan.year),
            first_on=_year_later(task.first_on),
            last_on=_year_later(task.last_on),
            form_of_work=_later(task.form_of_work, plan.year),
            order=task.order,
        )
        task.cooperating.set(units)
    return copy


def _later(text: str, year: int) -> str:
    """Return the text with "năm 2024" and "15/12/2024" a year later; numbers of documents stay."""
    return re.sub(rf"(năm |\b\d{{1,2}}/\d{{1,2}}/){year}\b", rf"\g<1>{year + 1}", text)


def _year_later(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + 1, day=28)
