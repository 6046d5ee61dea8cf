"""From an answer to what everybody reads: a redacted copy, checked by machine, approved by another person.

NĐ 20/2008 Đ19 has the result made public; Luật 91/2025 Đ16 keeps the sender out of it. Nothing else sets the
status of a PublicAnswer; each step leaves an event on the case, which says nothing of the content.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from feedback import access, clocks, moves, redacting
from feedback.models import Answer, Event, FocalPerson, PublicAnswer, Submission
from portal.comparing import Change, passages
from portal.models import Organisation, SearchState, User
from portal.search_index import words
from portal.steps import Conflict, NotAllowed, Problem, Refused
from procedures.models import ProcedureChange

Status = PublicAnswer.Status
Verb = Event.Verb

REASON_LENGTH = 300
REMARK_LENGTH = 2000
# What the public reads, with its name for staff.
FIELDS = {"title": "Câu hỏi ngắn", "question": "Nội dung phản ánh", "answer": "Nội dung trả lời"}
EDITABLE = frozenset({Status.DRAFT, Status.WITHDRAWN})
_EXPLAINED = " → "  # between what was found and why it may stand


@dataclass(frozen=True)
class Finding:
    """A passage of the copy that could lead to a person."""

    field: str  # of FIELDS
    text: str
    why: str
    start: int
    end: int
    mask: str
    own: bool
    explanation: str = ""  # why it may stand

    @property
    def label(self) -> str:
        return FIELDS[self.field]


@dataclass(frozen=True)
class Texts:
    title: str
    question: str
    answer: str


# Who may do what.


def _may_prepare(user: User, public: PublicAnswer) -> bool:
    return may_prepare(user, public.submission)


def _may_approve(user: User, public: PublicAnswer) -> bool:
    return user.has_perm("feedback.publish_publicanswer")


def _may_approve_this(user: User, public: PublicAnswer) -> bool:
    return _may_approve(user, public) and public.prepared_by_id != user.pk


def may_prepare(user: User, submission: Submission) -> bool:
    return user.has_perm("feedback.handle_submission") and access.may_open(user, submission)


def may_edit(user: User, public: PublicAnswer) -> bool:
    """Tell whether the person may change the text: while it is written, and after it was taken away."""
    return public.status in EDITABLE and may_prepare(user, public.submission)


@dataclass(frozen=True)
class Move:
    to: PublicAnswer.Status
    may: Callable[[User, PublicAnswer], bool]
    who: str  # says who may, to one who may not


_HANDLERS = "Người xử lý phản ánh mới làm được việc này."
_APPROVERS = "Chỉ người duyệt công khai mới làm được việc này."
_OTHERS = "Bản công khai do một người duyệt khác duyệt, không phải người soạn."

_SUBMIT = Move(Status.SUBMITTED, _may_prepare, _HANDLERS)
MOVES: dict[str, dict[str, Move]] = {
    Status.DRAFT: {Verb.SUBMIT_PUBLIC: _SUBMIT},
    Status.SUBMITTED: {
        Verb.RETURN_PUBLIC: Move(Status.DRAFT, _may_approve, _APPROVERS),
        Verb.PUBLISH: Move(Status.PUBLISHED, _may_approve_this, _OTHERS),
    },
    Status.PUBLISHED: {Verb.UNPUBLISH: Move(Status.WITHDRAWN, _may_approve, _APPROVERS)},
    # Its address goes on telling why, until it is approved again.
    Status.WITHDRAWN: {Verb.SUBMIT_PUBLIC: _SUBMIT},
}


def verbs(public: PublicAnswer, user: User) -> list[Event.Verb]:
    """Return the steps that the person may take with the copy as it stands."""
    return [Verb(verb) for verb, move in MOVES[public.status].items() if move.may(user, public)]


# The copy.


def can_prepare(submission: Submission) -> bool:
    """Tell whether there is something to make public: an answer that was sent and stands."""
    return (
        submission.status == Submission.Status.ANSWERED
        and submission.erased_at is None
        and submission.answers.filter(status=Answer.Status.SENT).exists()
    )


def prepare(submission: Submission, *, by: User, at: datetime) -> PublicAnswer:
    """Return the copy of the case, made now with everything masked that the machine finds unless it is there."""
    if not may_prepare(by, submission):
        raise NotAllowed(_HANDLERS)
    if there := PublicAnswer.objects.filter(submission=submission).first():
        return there
    if not can_prepare(submission):
        raise Refused([Problem("Gửi câu trả lời cho người gửi trước khi soạn bản công khai.")])
    original, known = original_of(submission), known_of(submission)
    made = {name: redacting.masked(getattr(original, name), known) for name in FIELDS}
    public, _ = PublicAnswer.objects.get_or_create(submission=submission, defaults={**fitting(made), "prepared_by": by})
    return public


def original_of(submission: Submission) -> Texts:
    """Return what the sender wrote and was answered, beside which the copy is read."""
    answer = submission.answers.filter(status=Answer.Status.SENT).last()
    question = submission.content
    if submission.proposed_solution:
        question = f"{question}\n\nĐề xuất: {submission.proposed_solution}"
    return Texts(submission.title, question, answer.text if answer else "")


def mask_all(public: PublicAnswer, texts: Texts) -> Texts:
    """Return the texts as the machine proposes them ("Che tự động")."""
    known = known_of(public.submission)
    return Texts(**fitting({name: redacting.masked(getattr(texts, name), known) for name in FIELDS}))


def save(
    public: PublicAnswer,
    texts: Texts,
    *,
    by: User,
    explanations: Iterable[tuple[str, str]] = (),
    change: ProcedureChange | None = None,
) -> None:
    """Keep what was typed; `explanations` are pairs of what was found and why it may stand."""
    if not may_edit(by, public):
        raise NotAllowed(_HANDLERS)
    lines = (f"{_one_line(text)}{_EXPLAINED}{_one_line(why)}" for text, why in explanations if why.strip())
    values: dict[str, Any] = {
        **{name: getattr(texts, name) for name in FIELDS},
        "accepted_findings": "\n".join(lines),
        "change": change,
        "prepared_by": by,
        # Whoever approved an earlier text has not read this one.
        "approved_by": None,
    }
    if not PublicAnswer.objects.filter(pk=public.pk, status=public.status, status__in=EDITABLE).update(**values):
        raise Conflict
    _take_over(public, values)


def findings(public: PublicAnswer) -> list[Finding]:
    """Return what could lead to a person, the explained ones with their reasons."""
    known, reasons = known_of(public.submission), explanations_of(public)
    found = []
    for name in FIELDS:
        text = getattr(public, name)
        for one in redacting.look(text, known):
            passage = one.text(text)
            reason = reasons.get(_one_line(passage), "")
            found.append(Finding(name, passage, one.why, one.start, one.end, one.mask, one.own, reason))
    return found


def explanations_of(public: PublicAnswer) -> dict[str, str]:
    """Return why passages may stand, by passage."""
    lines = (line.partition(_EXPLAINED) for line in public.accepted_findings.splitlines())
    return {text: why for text, _, why in lines if why}


def differences(public: PublicAnswer) -> list[Change]:
    """Return what the copy says differently from the original, word by word."""
    original = original_of(public.submission)
    compared = ((label, passages(getattr(original, name), getattr(public, name))) for name, label in FIELDS.items())
    return [Change(label, found) for label, found in compared if found]


def known_of(submission: Submission, *, may_name: bool = True) -> redacting.Known:
    """Return what is known of the senders of the case and of those merged into it.

    `may_name=False` passes over a consent to be named.
    """
    cases = [submission, *submission.duplicates.all()]
    organisation = Organisation.current()
    published = [organisation.phone, organisation.email] if organisation else []
    for phone, email in FocalPerson.objects.values_list("phone", "email"):
        published += [phone, email]
    return redacting.Known(
        names=tuple(case.sender_name for case in cases),
        organisations=tuple(case.organisation_name for case in cases),
        addresses=tuple(case.address for case in cases),
        phones=tuple(case.phone for case in cases),
        emails=tuple(case.email for case in cases),
        dossiers=tuple(case.dossier_code for case in cases),
        codes=tuple(case.code for case in cases),
        may_name=may_name and all(case.publish_name_at for case in cases),
        published=tuple(filter(None, published)),
    )


# The steps.


def problems(public: PublicAnswer) -> list[Problem]:
    """Return what stands in the way of making the copy public, a sentence each."""
    found = [
        Problem(f"Điền “{label.lower()}”.", name) for name, label in FIELDS.items() if not getattr(public, name).strip()
    ]
    if not can_prepare(public.submission):
        found.append(Problem("Phản ánh chưa có câu trả lời đã gửi, hoặc đang được xem lại."))
    found += [
        Problem(f"{one.label}: che hoặc ghi lý do để nguyên “{_one_line(one.text)}”. {one.why}", one.field)
        for one in findings(public)
        if not one.explanation
    ]
    return found


def submit(public: PublicAnswer, *, by: User, at: datetime) -> None:
    """Hand the copy to those who approve; refused while a finding is neither masked nor explained."""
    with transaction.atomic():
        stored = _start(public, Verb.SUBMIT_PUBLIC, by)
        _refuse(problems(stored))
        _move(public, stored, Verb.SUBMIT_PUBLIC, by=by, at=at)


def return_(public: PublicAnswer, *, by: User, at: datetime, remark: str) -> None:
    """Give the copy back and say what to mend."""
    with transaction.atomic():
        stored = _start(public, Verb.RETURN_PUBLIC, by)
        remark = _said(remark, "Ghi ý kiến để người soạn biết cần sửa gì.", REMARK_LENGTH)
        _move(public, stored, Verb.RETURN_PUBLIC, by=by, at=at, remark=remark)


def publish(public: PublicAnswer, *, by: User, at: datetime) -> None:
    """Make the copy public, approved by another person than the one who prepared it (NĐ 20/2008 Đ19)."""
    with transaction.atomic():
        stored = _start(public, Verb.PUBLISH, by)
        _refuse(problems(stored))
        submission = stored.submission
        answered = submission.answered_at or at
        net, _ = clocks.net_and_gross(submission, timezone.localdate(answered))
        number = stored.number or (PublicAnswer.objects.aggregate(last=Max("number"))["last"] or 0) + 1
        texts = " ".join(getattr(stored, name) for name in FIELDS)
        procedure = submission.procedure.title if submission.procedure else ""
        _move(
            public,
            stored,
            Verb.PUBLISH,
            by=by,
            at=at,
            data={"number": number, "days": net},
            approved_by=by,
            number=number,
            published_at=stored.published_at or at,
            days_taken=net,
            withdrawn_reason="",
            folded=" ".join(words(f"{texts} {procedure}")),
        )


def unpublish(public: PublicAnswer, *, by: User, at: datetime, reason: str) -> None:
    """Take the copy off the public pages; its address tells the reason from then on."""
    with transaction.atomic():
        stored = _start(public, Verb.UNPUBLISH, by)
        reason = _said(reason, "Ghi lý do gỡ. Người đọc thấy lý do này ở địa chỉ của câu trả lời.", REASON_LENGTH)
        if redacting.look(reason, known_of(stored.submission)):
            raise Refused([Problem("Viết lý do không nêu tên, số điện thoại, địa chỉ hay số giấy tờ.", "remark")])
        _move(public, stored, Verb.UNPUBLISH, by=by, at=at, remark=reason, withdrawn_reason=reason)


def _start(public: PublicAnswer, verb: Event.Verb, by: User) -> PublicAnswer:
    """Return the copy as it is stored, if this step leads from its state and the person may take it."""
    # One step at a time, so that no two get the same number; on SQLite the transaction itself is the lock.
    SearchState.lock()
    stored = PublicAnswer.objects.select_related("submission__procedure").filter(pk=public.pk).first()
    move = MOVES[stored.status].get(verb) if stored else None
    if stored is None or move is None or stored.status != public.status:
        raise Conflict
    if not move.may(by, stored):
        raise NotAllowed(move.who)
    return stored


def _move(
    public: PublicAnswer,
    stored: PublicAnswer,
    verb: Event.Verb,
    *,
    by: User,
    at: datetime,
    remark: str = "",
    data: dict[str, Any] | None = None,
    **values: Any,
) -> None:
    values["status"] = MOVES[stored.status][verb].to
    if not PublicAnswer.objects.filter(pk=stored.pk, status=stored.status).update(**values):
        raise Conflict
    public.submission = stored.submission
    _take_over(public, values)
    # Who hears of it reads the copy through the case.
    stored.submission.public_answer = public
    moves.record(stored.submission, verb, by=by, at=at, remark=remark, data=data)


def _take_over(public: PublicAnswer, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(public, name, value)


def _refuse(found: list[Problem]) -> None:
    if found:
        raise Refused(found)


def _said(text: str, otherwise: str, most: int) -> str:
    text = text.strip()
    if not text:
        raise Refused([Problem(otherwise, "remark")])
    if len(text) > most:
        raise Refused([Problem(f"Viết gọn lại trong {most} chữ cái.", "remark")])
    return text


def _one_line(text: str) -> str:
    return " ".join(text.split())


def fitting(texts: dict[str, str]) -> dict[str, str]:
    """Return the texts cut to what the columns hold: a mask may be longer than what it hides."""
    most = PublicAnswer._meta.get_field("title").max_length
    return {**texts, "title": texts["title"][:most]}
