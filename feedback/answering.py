"""The answer: written by one person, approved by another, then sent (NĐ 20/2008 Đ15, Đ19)."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from feedback import clocks, merging, moves
from feedback.models import Answer, Submission
from feedback.moves import Status, Verb
from portal.models import User
from portal.steps import Conflict, NotAllowed, Problem, Refused

_ANSWERABLE = frozenset({Status.HANDLING, Status.COLLECTING, Status.ASKED, Status.DISPUTED})
# What says that a rule is to be changed rests on the assessment of the rule (NĐ 20/2008 Đ14.2, Đ15; RULES F10, F11).
_ON_ASSESSMENT = frozenset({Answer.Outcome.AMENDED, Answer.Outcome.PROPOSED, Answer.Outcome.NEW_RULE})
_ANOTHER = "Câu trả lời do người khác duyệt, không phải người soạn hoặc người trình."


def in_the_making(submission: Submission) -> Answer | None:
    """Return the answer that is not sent yet; there is at most one."""
    return submission.answers.exclude(status=Answer.Status.SENT).first()


@transaction.atomic
def draft(
    submission: Submission,
    *,
    text: str,
    outcome: str = Answer.Outcome.EXPLAINED,
    document_number: str = "",
    document_on: date | None = None,
    by: User,
    at: datetime,
) -> Answer:
    """Keep what is being written; whoever wrote last counts as the writer. It is no step of the case."""
    stored = (
        Submission.objects.select_for_update(of=("self",)).select_related("focal_person__deputy").get(pk=submission.pk)
    )
    if stored.status not in _ANSWERABLE:
        raise Conflict
    if not moves.handles(by, stored):
        raise NotAllowed("Đơn vị đang giữ phản ánh hoặc Văn phòng Sở mới soạn được câu trả lời.")
    moves.refuse(list(_text_problems(text, outcome)))
    values = {
        "text": text.strip(),
        "outcome": outcome,
        "document_number": document_number.strip(),
        "document_on": document_on,
        "written_by": by,
        "written_at": at,
    }
    answer = in_the_making(stored)
    if answer is None:
        try:
            with transaction.atomic():
                return Answer.objects.create(submission=submission, **values)
        except IntegrityError as error:
            raise Conflict from error
    if answer.status != Answer.Status.DRAFT:
        raise Refused([Problem("Câu trả lời đang chờ duyệt. Trả lại để soạn tiếp.")])
    _set(answer, Answer.Status.DRAFT, **values)
    return answer


def _text_problems(text: str, outcome: str) -> Iterable[Problem]:
    if not text.strip():
        yield Problem("Viết nội dung trả lời.", "text")
    if outcome not in Answer.Outcome.values:
        yield Problem("Chọn kết quả xử lý.", "outcome")


@transaction.atomic
def submit(answer: Answer, *, by: User, at: datetime) -> None:
    """Hand the answer to those who approve."""
    submission = _case(answer, Answer.Status.DRAFT)
    moves.start(submission, Verb.SUBMIT_ANSWER, by)
    moves.refuse(list(problems(answer, submission)))
    _set(answer, Answer.Status.SUBMITTED)
    moves.take(submission, Verb.SUBMIT_ANSWER, by=by, at=at)
    _follow(answer, submission)


def problems(answer: Answer, submission: Submission) -> Iterable[Problem]:
    """Yield what has to be mended before the answer can be handed in."""
    yield from _text_problems(answer.text, answer.outcome)
    if not submission.subject:
        yield Problem("Phân loại phản ánh trước khi trình câu trả lời.", "content_type")
    if answer.outcome not in _ON_ASSESSMENT:
        return
    if submission.subject == Submission.Subject.CONDUCT:
        yield Problem("Kết quả này chỉ dùng cho phản ánh về quy định hành chính. Chọn kết quả khác.", "outcome")
    elif not hasattr(submission, "assessment") or not submission.assessment.sufficient:
        sentence = "Đánh giá đủ cơ sở theo sáu tiêu chí trước khi trả lời là sửa đổi hoặc kiến nghị sửa đổi quy định."
        yield Problem(sentence, "outcome")


@transaction.atomic
def return_(answer: Answer, *, by: User, at: datetime, remark: str) -> None:
    """Give the answer back to its writer and say what to mend."""
    submission = _case(answer, Answer.Status.SUBMITTED, Answer.Status.APPROVED)
    stored = moves.start(submission, Verb.RETURN_ANSWER, by)
    remark = moves.said(stored, remark, "Ghi ý kiến để người soạn biết cần sửa gì.", "remark")
    _set(answer, Answer.Status.DRAFT, approved_by=None)
    moves.take(submission, Verb.RETURN_ANSWER, by=by, at=at, remark=remark)
    _follow(answer, submission)


@transaction.atomic
def approve(answer: Answer, *, by: User, at: datetime) -> None:
    """Approve the answer: the head of the unit or the office, never who wrote it or handed it in."""
    submission = _case(answer, Answer.Status.SUBMITTED)
    moves.start(submission, Verb.APPROVE_ANSWER, by)
    if not may_approve(answer, by):
        raise NotAllowed(_ANOTHER)
    _set(answer, Answer.Status.APPROVED, approved_by=by)
    moves.take(submission, Verb.APPROVE_ANSWER, by=by, at=at)
    _follow(answer, submission)


def may_approve(answer: Answer, user: User) -> bool:
    """Tell whether the person may approve what waits: a head of the unit or the office, and not the own work."""
    if answer.status != Answer.Status.SUBMITTED or not moves.heads(user, answer.submission):
        return False
    handed_in = answer.submission.events.filter(verb=Verb.SUBMIT_ANSWER).values_list("by", flat=True).last()
    return user.pk not in {answer.written_by_id, handed_in}


@transaction.atomic
def send(answer: Answer, *, by: User, at: datetime) -> None:
    """Send what was approved: the case is answered, and so are those merged into it."""
    submission = _case(answer, Answer.Status.APPROVED)
    stored = moves.start(submission, Verb.ANSWER, by)
    _set(answer, Answer.Status.SENT, sent_at=at)
    on = timezone.localdate(at)
    net, gross = clocks.net_and_gross(stored, on)
    data = {
        "outcome": answer.outcome,
        "due": stored.answer_due_on.isoformat() if stored.answer_due_on else "",
        "days": net,
        "days_with_pauses": gross,
        "days_late": clocks.late(stored, on),
    }
    moves.take(submission, Verb.ANSWER, by=by, at=at, data=data, answered_at=at, closed_at=at)
    merging.follow(submission, Verb.ANSWER, by=by, at=at, data={"into": submission.register_entry})
    _follow(answer, submission)


@transaction.atomic
def approve_and_send(answer: Answer, *, by: User, at: datetime) -> None:
    """Approve the answer and send it at once."""
    approve(answer, by=by, at=at)
    send(answer, by=by, at=at)


def _case(answer: Answer, *expected: str) -> Submission:
    """Return the case as it is now; the answer must be what the person saw."""
    if answer.status not in expected:
        raise Conflict
    return Submission.objects.get(pk=answer.submission_id)


def _follow(answer: Answer, submission: Submission) -> None:
    # The caller's own copy of the case shall not look stale to the next step.
    for name in ("status", "version", "answered_at", "closed_at"):
        setattr(answer.submission, name, getattr(submission, name))


def _set(answer: Answer, status: str, **values: object) -> None:
    """Change the answer by compare-and-set, so that of two people at once only one does."""
    rows = Answer.objects.filter(pk=answer.pk, status=answer.status, written_at=answer.written_at)
    if not rows.update(status=status, **values):
        raise Conflict
    answer.status = status
    for name, value in values.items():
        setattr(answer, name, value)
