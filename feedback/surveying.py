"""Opinions asked for in forms of the office's own: asking, taking replies, counting them (NĐ 20/2008 Đ9.2).

A reply is kept apart from everything that could tell who gave it: no address, no account, only the day
(NĐ 118/2025 Đ29.3).
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from statistics import fmean
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F
from django.utils import timezone

from feedback.models import PageRemark, PageVotes, Survey, SurveyQuestion, SurveyReply, SurveyResponse
from portal import mail
from portal.models import User
from portal.spreadsheets import Value
from procedures.models import Procedure

INVITATION = mail.Template("mail/survey_invitation.txt", "mail/survey_invitation.html")
REMINDER = mail.Template("mail/survey_reminder.txt", "mail/survey_reminder.html")


class NotPossible(Exception):
    """The step cannot be taken now; the message says why, in Vietnamese."""


@dataclass(frozen=True)
class Share:
    """One possible reply and how many chose it."""

    label: str
    count: int
    percent: int


@dataclass(frozen=True)
class Result:
    """What the replies to one question come to."""

    question: SurveyQuestion
    reply_count: int
    shares: list[Share]  # none for a question answered in words
    mean: float | None  # of a scale
    texts: list[str]  # for staff only: people write names into them


def options(question: SurveyQuestion) -> list[tuple[str, str]]:
    """Return what can be chosen, as stored and as shown."""
    if question.kind == SurveyQuestion.Kind.SCALE and question.scale:
        return [(str(level.value), level.label) for level in question.scale.levels.all()]
    if question.kind == SurveyQuestion.Kind.CHOICE:
        return [(line, line) for line in map(str.strip, question.choices.splitlines()) if line]
    return []


def questions(survey: Survey) -> list[SurveyQuestion]:
    return list(survey.questions.select_related("scale").prefetch_related("scale__levels"))


def problems(survey: Survey) -> list[str]:
    """Return what has to be mended before the public may see the survey."""
    asked = questions(survey)
    found = [] if asked else ["Thêm ít nhất một câu hỏi."]
    found += [f"Chọn thang cho câu “{one.text}”." for one in asked if one.kind == "scale" and not one.scale]
    found += [
        f"Ghi ít nhất hai ý cho câu “{one.text}”." for one in asked if one.kind == "choice" and len(options(one)) < 2
    ]
    if not (survey.procedure_id or survey.document_id):
        # NĐ 20/2008 Đ7.3: a phiếu asks about a specific rule.
        found.append("Chọn thủ tục hoặc quy định mà phiếu hỏi.")
    return found


@transaction.atomic
def take(survey: Survey, replies: Mapping[int, str], *, on: date, entered_by: User | None = None) -> SurveyResponse:
    """Keep one filled-in form; `replies` gives what was chosen or written by the key of the question."""
    if not survey.is_running(on) and entered_by is None:
        raise NotPossible("Phiếu này không còn nhận ý kiến.")
    response = SurveyResponse.objects.create(survey=survey, on=on, entered_by=entered_by)
    SurveyReply.objects.bulk_create(
        SurveyReply(
            response=response,
            question=question,
            value=int(given) if question.kind == SurveyQuestion.Kind.SCALE else None,
            text="" if question.kind == SurveyQuestion.Kind.SCALE else given,
        )
        for question in survey.questions.all()
        if (given := replies.get(question.pk, "").strip())
    )
    return response


def results(survey: Survey, *, with_texts: bool = False) -> list[Result]:
    """Count the replies, question by question, in a constant number of queries."""
    counted = SurveyReply.objects.filter(response__survey=survey).values_list("question", "value", "text")
    by_question: dict[int, list[tuple[int | None, str]]] = {}
    for question, value, text in counted.exclude(question__kind="text").iterator():
        by_question.setdefault(question, []).append((value, text))
    written: dict[int, list[str]] = {}
    words = SurveyReply.objects.filter(response__survey=survey, question__kind="text")
    if with_texts:
        # In the order of the alphabet, which tells nothing of the order in which they came.
        for question, text in words.order_by("text").values_list("question", "text"):
            written.setdefault(question, []).append(text)
    word_counts = dict(words.order_by().values_list("question").annotate(count=Count("pk")))
    return [
        _result(
            question, by_question.get(question.pk, []), written.get(question.pk, []), word_counts.get(question.pk, 0)
        )
        for question in questions(survey)
    ]


def _result(question: SurveyQuestion, given: list[tuple[int | None, str]], texts: list[str], words: int) -> Result:
    chosen = Counter(str(value) if value is not None else text for value, text in given)
    total = len(given)
    shares = [
        Share(label, chosen[stored], round(100 * chosen[stored] / total) if total else 0)
        for stored, label in options(question)
    ]
    values = [value for value, _ in given if value is not None]
    return Result(question, total or words, shares, fmean(values) if values else None, texts)


def sheet(survey: Survey) -> tuple[list[str], Iterator[list[Value]]]:
    """Return the head and the rows of all replies, one row a form, in no order that tells when it came."""
    asked = questions(survey)
    labels = {
        (one.scale_id, level.value): level.label for one in asked if one.scale for level in one.scale.levels.all()
    }

    def rows() -> Iterator[list[Value]]:
        responses = survey.responses.prefetch_related("replies").order_by("on", "pk")
        for number, response in enumerate(responses, start=1):
            replies = {reply.question_id: reply for reply in response.replies.all()}
            yield [number, *(_cell(one, replies.get(one.pk), labels) for one in asked)]

    return ["STT", *(one.text for one in asked)], rows()


def _cell(question: SurveyQuestion, reply: SurveyReply | None, labels: Mapping[tuple[Any, Any], str]) -> Value:
    if reply is None:
        return ""
    return labels.get((question.scale_id, reply.value), reply.text or str(reply.value))


# Whom the office asks.


def invite(survey: Survey, *, at: datetime) -> int:
    """Mail those who were not invited yet; return how many."""
    return _mail(survey, INVITATION, "Mời cho ý kiến", "sent_at", at)


def remind(survey: Survey, *, at: datetime) -> int:
    """Mail once more those who were invited and not reminded; who has replied is not known, so all are."""
    return _mail(survey, REMINDER, "Nhắc cho ý kiến", "reminded_at", at)


@transaction.atomic
def _mail(survey: Survey, template: mail.Template, subject: str, stamp: str, at: datetime) -> int:
    if not survey.is_running(timezone.localdate(at)):
        raise NotPossible("Chỉ gửi thư khi phiếu đang mở cho người dân.")
    asked = survey.invitations.exclude(email="").filter(**{stamp: None})
    if stamp == "reminded_at":
        asked = asked.filter(sent_at__isnull=False)
    addresses = sorted(set(asked.values_list("email", flat=True)))
    context = {"survey": survey, "url": settings.BASE_URL + survey.get_absolute_url()}
    count = mail.send_to_each(addresses, f"{subject}: {survey.title}", template, context)
    asked.update(**{stamp: at})
    return count


# Whether a page helps.


@transaction.atomic
def vote(procedure: Procedure, *, helpful: bool, on: date) -> None:
    """Count one more vote of the day."""
    PageVotes.objects.get_or_create(procedure=procedure, day=on)
    column = "helpful" if helpful else "unhelpful"
    PageVotes.objects.filter(procedure=procedure, day=on).update(**{column: F(column) + 1})


def remark(procedure: Procedure, text: str, *, on: date) -> None:
    """Keep what somebody misses on the page, without any link to a vote."""
    PageRemark.objects.create(procedure=procedure, day=on, text=text)
