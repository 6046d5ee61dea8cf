"""What units are stuck with (vướng mắc): raised at any time, answered by the office, carried into the report.

The one door of `Difficulty.status` (NĐ 63/2010 Đ35.3đ).
"""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from portal import mail
from portal.models import User
from portal.steps import Conflict, NotAllowed, Problem, Refused
from reports.models import Difficulty, ReportingPeriod

Status = Difficulty.Status

ANSWERED = mail.Template("mail/difficulty_answered.txt", "mail/difficulty_answered.html")
# Written by a person for a person, yet sent by the portal: nobody's absence note should answer it.
_HEADERS = {"Auto-Submitted": "auto-generated"}
# What the unit says of it; the rest is the office's.
WORDS = ("kind", "title", "content", "proposal", "procedure", "field")

_UNIT = "Chỉ đơn vị đã nêu hoặc Văn phòng Sở mới làm được việc này."
_OFFICE = "Văn phòng Sở mới làm được việc này."


def answers(user: User) -> bool:
    """Tell whether the person answers what any unit raises: the office."""
    return user.has_perm("reports.answer_difficulty")


def may_edit(user: User, difficulty: Difficulty) -> bool:
    """Tell whether the words are still the person's to change: until the office has answered."""
    return difficulty.status == Status.RAISED and _speaks_for(user, difficulty)


def of_period(period: ReportingPeriod) -> QuerySet[Difficulty]:
    """Return what the period's report tells of: raised in it, or raised before and unsolved at its end."""
    known = Difficulty.objects.exclude(status=Status.WITHDRAWN).filter(in_reports=True)
    unsolved = Q(solved_on=None) | Q(solved_on__gt=period.last_on)
    found = known.filter(unsolved | Q(raised_on__gte=period.first_on), raised_on__lte=period.last_on)
    return found.select_related("unit", "field", "procedure").order_by("unit__order", "unit__name", "raised_on", "pk")


@transaction.atomic
def raise_(difficulty: Difficulty, *, by: User, at: datetime) -> Difficulty:
    """Keep what a unit has written down, not stored yet; the office may write for a unit."""
    if not (by.has_perm("reports.add_difficulty") and _speaks_for(by, difficulty)):
        raise NotAllowed(_UNIT)
    _check_words(difficulty)
    difficulty.status = Status.RAISED
    difficulty.raised_on, difficulty.raised_by = timezone.localdate(at), by
    difficulty.save(force_insert=True)
    return difficulty


@transaction.atomic
def edit(difficulty: Difficulty, *, by: User) -> None:
    """Store the words as they stand on the row, unless the office has answered meanwhile."""
    if not _speaks_for(by, difficulty):
        raise NotAllowed(_UNIT)
    _check_words(difficulty)
    _move(difficulty, {Status.RAISED}, **{name: getattr(difficulty, name) for name in WORDS})


@transaction.atomic
def withdraw(difficulty: Difficulty, *, by: User) -> None:
    """Take back what has not been answered; it stays in the list, not in reports."""
    if not _speaks_for(by, difficulty):
        raise NotAllowed(_UNIT)
    _move(difficulty, {Status.RAISED}, status=Status.WITHDRAWN)


@transaction.atomic
def answer(difficulty: Difficulty, *, text: str, by: User, at: datetime) -> None:
    """Answer, or answer anew, and mail who raised it."""
    if not answers(by):
        raise NotAllowed(_OFFICE)
    text = text.strip()
    if not text:
        raise Refused([Problem("Ghi nội dung trả lời.", "answer")])
    _move(
        difficulty,
        {Status.RAISED, Status.ANSWERED},
        status=Status.ANSWERED,
        answer=text,
        answered_on=timezone.localdate(at),
        answered_by=by,
    )
    _tell(difficulty, by)


@transaction.atomic
def settle(difficulty: Difficulty, *, in_reports: bool, solved_on: date | None, by: User, at: datetime) -> None:
    """Decide whether reports carry it, and since when it is solved."""
    if not answers(by):
        raise NotAllowed(_OFFICE)
    if solved_on and not difficulty.raised_on <= solved_on <= timezone.localdate(at):
        sentence = "Chọn ngày giải quyết xong không trước ngày nêu và không sau hôm nay."
        raise Refused([Problem(sentence, "solved_on")])
    _move(difficulty, {Status.RAISED, Status.ANSWERED}, in_reports=in_reports, solved_on=solved_on)


def _speaks_for(user: User, difficulty: Difficulty) -> bool:
    if answers(user):
        return True
    return user.has_perm("reports.change_difficulty") and bool(user.unit_id) and user.unit_id == difficulty.unit_id


def _check_words(difficulty: Difficulty) -> None:
    if not difficulty.title.strip():
        raise Refused([Problem("Nêu vướng mắc trong một câu.", "title")])


def _move(difficulty: Difficulty, allowed: set[Difficulty.Status], **values: Any) -> None:
    """Change the row by compare-and-set: somebody else may have answered or withdrawn it meanwhile."""
    rows = Difficulty.objects.filter(pk=difficulty.pk, status__in=allowed)
    if not rows.update(**values):
        raise Conflict
    for name, value in values.items():
        setattr(difficulty, name, value)


def _tell(difficulty: Difficulty, by: User) -> None:
    raiser = difficulty.raised_by
    if raiser is None or not raiser.is_active or not raiser.email or raiser == by:
        return
    context = {
        "heading": "Văn phòng Sở đã trả lời vướng mắc",
        "difficulty": difficulty,
        "url": settings.BASE_URL + reverse("admin:reports_difficulty_change", args=[difficulty.pk]),
    }
    mail.send(raiser.email, f"Đã trả lời vướng mắc: {difficulty.title}", ANSWERED, context, _HEADERS)
