"""The table of a case: which steps lead from which state, who may take them, and the one door they go through.

Nothing else sets the status of a submission. Each step moves the row by compare-and-set, leaves an Event in the
same transaction and tells those who listen (`feedback.signals.moved`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from feedback import redacting
from feedback.models import Event, Submission
from feedback.signals import moved
from portal.models import User
from portal.steps import Conflict, NotAllowed, Problem, Refused
from portal.text import fold

Status = Submission.Status
Verb = Event.Verb

REMARK_LENGTH = 2000


# Who may do what. Nobody (None) is the sender, or the portal itself.


def triages(user: User | None) -> bool:
    """Tell whether the person sees and moves every case: the office (NĐ 20/2008 Đ9)."""
    return user is not None and user.has_perm("feedback.triage_submission")


def handles(user: User | None, submission: Submission) -> bool:
    """Tell whether the person handles the case: the office, the unit that holds it, the seat's holder or deputy.

    The same people as `Submission.objects.visible_to`.
    """
    if user is None:
        return False
    if triages(user):
        return True
    if not (user.has_perm("feedback.handle_submission") and user.unit_id):
        return False
    if submission.status in {Status.SUSPECTED, Status.SPAM}:
        return False
    return submission.unit_id == user.unit_id or _sits_for(user, submission)


def heads(user: User | None, submission: Submission) -> bool:
    """Tell whether the person answers for the unit that holds the case: its head, or the office."""
    if user is None or not user.has_perm("feedback.head_submission"):
        return False
    return triages(user) or (submission.unit_id is not None and submission.unit_id == user.unit_id)


def _sits_for(user: User, submission: Submission) -> bool:
    seat = submission.focal_person
    if seat is None:
        return False
    return user.pk == seat.user_id or (seat.deputy is not None and user.pk == seat.deputy.user_id)


def _triages(user: User | None, submission: Submission) -> bool:
    return triages(user)


def _assigns(user: User | None, submission: Submission) -> bool:
    return user is None or triages(user)


def _sender(user: User | None, submission: Submission) -> bool:
    return user is None


def _sender_or_handler(user: User | None, submission: Submission) -> bool:
    # An officer writes down what the sender says on the telephone or in a letter (NĐ 20/2008 Đ7.2).
    return user is None or handles(user, submission)


def _publishes(user: User | None, submission: Submission) -> bool:
    return user is not None and user.has_perm("feedback.publish_publicanswer")


def _erases(user: User | None, submission: Submission) -> bool:
    return user is None or user.has_perm("feedback.erase_submission")


@dataclass(frozen=True)
class Move:
    to: Submission.Status
    may: Callable[[User | None, Submission], bool]
    who: str  # says who may, to one who may not


_HANDLERS = "Đơn vị đang giữ phản ánh hoặc Văn phòng Sở mới làm được việc này."
_OFFICE = "Văn phòng Sở mới làm được việc này."
_HEADS = "Lãnh đạo đơn vị đang giữ phản ánh hoặc Văn phòng Sở mới làm được việc này."
_PORTAL = "Cổng thông tin tự làm việc này."
_SENDER = "Chỉ người gửi mới làm được việc này."
_PUBLISHERS = "Người được giao duyệt công khai mới làm được việc này."
_ERASERS = "Người được giao xuất, xóa dữ liệu cá nhân mới làm được việc này."


def _row(status: Submission.Status, steps: dict[Event.Verb, Move]) -> dict[str, Move]:
    """Return the steps from a state, with those that leave every case where it is."""
    beside = {
        Verb.NOTE: Move(status, handles, _HANDLERS),
        Verb.EXPORT: Move(status, _erases, _ERASERS),
        Verb.CORRECT: Move(status, _erases, _ERASERS),
        Verb.RESTRICT: Move(status, _erases, _ERASERS),
        Verb.ERASE: Move(status, _erases, _ERASERS),
    }
    return {str(verb): move for verb, move in {**beside, **steps}.items()}


def _open(status: Submission.Status, steps: dict[Event.Verb, Move]) -> dict[str, Move]:
    """Return the steps from a state in which the department still owes something."""
    # Code, first date and clocks survive whoever holds it (RULES F8, F9).
    holding = {
        Verb.ASSIGN: Move(status, _assigns, _OFFICE),
        Verb.TRANSFER: Move(status, handles, _HANDLERS),
        Verb.DECLINE: Move(status, handles, _HANDLERS),
        Verb.WITHDRAW: Move(Status.WITHDRAWN, _sender_or_handler, _HANDLERS),
        Verb.MERGE: Move(Status.MERGED, _triages, _OFFICE),
        Verb.RECOUNT: Move(status, _sender, _PORTAL),
        Verb.REMIND: Move(status, _sender, _PORTAL),
        Verb.ESCALATE: Move(status, _sender, _PORTAL),
    }
    return _row(status, {**holding, **steps})


def _with_answer(status: Submission.Status) -> dict[Event.Verb, Move]:
    # Who approves is somebody else than who wrote: `feedback.answering` sees to that (NĐ 20/2008 Đ15).
    return {
        Verb.SUBMIT_ANSWER: Move(status, handles, _HANDLERS),
        Verb.RETURN_ANSWER: Move(status, heads, _HEADS),
        Verb.APPROVE_ANSWER: Move(status, heads, _HEADS),
        Verb.ANSWER: Move(Status.ANSWERED, handles, _HANDLERS),
    }


_CLASSIFY = Move(Status.HANDLING, handles, _HANDLERS)
_REJECT = Move(Status.REJECTED, handles, _HANDLERS)
_REDIRECT = Move(Status.REDIRECTED, handles, _HANDLERS)
_RESUME = Move(Status.HANDLING, handles, _HANDLERS)


def _addition(status: Submission.Status) -> dict[Event.Verb, Move]:
    # What the sender adds without being asked; nothing else changes by it.
    return {Verb.REPLY: Move(status, _sender_or_handler, _HANDLERS)}


_REMARKS_OF_SENDER = {
    Verb.DISPUTE: Move(Status.DISPUTED, _sender_or_handler, _HANDLERS),
}
_PUBLIC_COPY = {
    Verb.SUBMIT_PUBLIC: handles,
    Verb.RETURN_PUBLIC: _publishes,
    Verb.PUBLISH: _publishes,
    Verb.UNPUBLISH: _publishes,
}

# The state before there is a row.
START = ""
MOVES: dict[str, dict[str, Move]] = {
    START: {Verb.RECEIVE: Move(Status.RECEIVED, lambda user, submission: True, _HANDLERS)},
    # Only within the transaction that receives or clears it (NĐ 20/2008 Đ9.1: nhận, vào sổ).
    Status.RECEIVED: _row(
        Status.RECEIVED,
        {
            Verb.SUSPECT: Move(Status.SUSPECTED, _sender, _PORTAL),
            Verb.REGISTER: Move(Status.REGISTERED, _sender, _PORTAL),
        },
    ),
    Status.SUSPECTED: _row(
        Status.SUSPECTED,
        {
            Verb.CLEAR: Move(Status.RECEIVED, _triages, _OFFICE),
            Verb.DISCARD: Move(Status.SPAM, _triages, _OFFICE),
        },
    ),
    Status.SPAM: _row(Status.SPAM, {Verb.CLEAR: Move(Status.RECEIVED, _triages, _OFFICE)}),
    # RULES F9: (i) không tiếp nhận; (ii)-(iv) only after it has been classified.
    Status.REGISTERED: _open(
        Status.REGISTERED,
        {
            Verb.CLASSIFY: _CLASSIFY,
            Verb.REJECT: _REJECT,
            Verb.REDIRECT: _REDIRECT,
            **_addition(Status.REGISTERED),
        },
    ),
    Status.HANDLING: _open(
        Status.HANDLING,
        {
            Verb.CLASSIFY: _CLASSIFY,
            Verb.REJECT: _REJECT,
            Verb.REDIRECT: _REDIRECT,
            Verb.FORWARD: Move(Status.FORWARDED, handles, _HANDLERS),
            Verb.ASK: Move(Status.ASKED, handles, _HANDLERS),
            Verb.COLLECT: Move(Status.COLLECTING, handles, _HANDLERS),
            Verb.ASSESS: Move(Status.HANDLING, handles, _HANDLERS),
            Verb.EXTEND: Move(Status.HANDLING, heads, _HEADS),
            **_addition(Status.HANDLING),
            **_with_answer(Status.HANDLING),
        },
    ),
    Status.ASKED: _open(
        Status.ASKED,
        {
            Verb.REPLY: Move(Status.HANDLING, _sender_or_handler, _HANDLERS),
            Verb.RESUME: _RESUME,
            Verb.REJECT: _REJECT,
            Verb.REDIRECT: _REDIRECT,
        },
    ),
    # "Chưa đủ cơ sở, tiếp tục tập hợp" (NĐ 20/2008 Đ14.2); the clock of the answer goes on.
    Status.COLLECTING: _open(
        Status.COLLECTING,
        {
            Verb.RESUME: _RESUME,
            Verb.ASSESS: Move(Status.COLLECTING, handles, _HANDLERS),
            Verb.EXTEND: Move(Status.COLLECTING, heads, _HEADS),
            **_addition(Status.COLLECTING),
        },
    ),
    Status.ANSWERED: _row(
        Status.ANSWERED,
        {
            Verb.RATE: Move(Status.ANSWERED, _sender, _SENDER),
            **_REMARKS_OF_SENDER,
            **{verb: Move(Status.ANSWERED, may, _PUBLISHERS) for verb, may in _PUBLIC_COPY.items()},
        },
    ),
    # The head of the unit looks at it first (RULES F13).
    Status.DISPUTED: _open(
        Status.DISPUTED,
        {
            Verb.RESUME: Move(Status.HANDLING, heads, _HEADS),
            Verb.EXTEND: Move(Status.DISPUTED, heads, _HEADS),
            Verb.UNPUBLISH: Move(Status.DISPUTED, _publishes, _PUBLISHERS),
            **_addition(Status.DISPUTED),
            **_with_answer(Status.DISPUTED),
        },
    ),
    Status.REJECTED: _row(Status.REJECTED, {}),
    Status.REDIRECTED: _row(Status.REDIRECTED, {}),
    Status.FORWARDED: _row(Status.FORWARDED, {}),
    Status.WITHDRAWN: _row(Status.WITHDRAWN, {}),
    # What becomes of the case into which it was merged is told to its sender too.
    Status.MERGED: _row(
        Status.MERGED,
        {
            Verb.ANSWER: Move(Status.MERGED, handles, _HANDLERS),
            Verb.FORWARD: Move(Status.MERGED, handles, _HANDLERS),
            Verb.REJECT: Move(Status.MERGED, handles, _HANDLERS),
            Verb.REDIRECT: Move(Status.MERGED, handles, _HANDLERS),
            Verb.MERGE: Move(Status.MERGED, _triages, _OFFICE),
            Verb.RESUME: Move(Status.REGISTERED, _triages, _OFFICE),
            Verb.RATE: Move(Status.MERGED, _sender, _SENDER),
            **_REMARKS_OF_SENDER,
        },
    ),
}

# A public copy can be taken away, or given back by who should approve it, however the case went on after a dispute.
for _status in set(Status) - {Status.RECEIVED, Status.SUSPECTED, Status.SPAM}:
    for _verb in (Verb.RETURN_PUBLIC, Verb.UNPUBLISH):
        MOVES[_status].setdefault(_verb, Move(_status, _publishes, _PUBLISHERS))

# Nothing is written any more into a case whose data was erased: nobody would erase that (Luật 91/2025 Đ14).
# Clearing spam says so in words of its own.
_AFTER_ERASURE = frozenset({Verb.UNPUBLISH, Verb.CLEAR})

# Of these steps the sender reads the remark: the law wants the sender told why (RULES F9, F10; Đ9.1d, Đ14.2).
PUBLIC_REMARKS = frozenset({Verb.REJECT, Verb.REDIRECT, Verb.FORWARD, Verb.COLLECT, Verb.EXTEND})


def verbs(submission: Submission, user: User | None) -> list[Event.Verb]:
    """Return the steps that the person may take with the case as it stands."""
    return [
        Verb(verb)
        for verb, move in MOVES[submission.status].items()
        if move.may(user, submission) and _is_open_to(submission, verb)
    ]


def _is_open_to(submission: Submission, verb: str) -> bool:
    return submission.erased_at is None or verb in _AFTER_ERASURE


# The one door.


def start(submission: Submission, verb: Event.Verb, by: User | None) -> Submission:
    """Return the case as it is stored, locked, if this step leads from its state and the person may take it.

    Called inside the transaction of the step. On SQLite the transaction itself is the lock.
    """
    rows = Submission.objects.select_for_update(of=("self",)).select_related("focal_person__deputy", "unit")
    stored = rows.filter(pk=submission.pk).first()
    if stored is None or (stored.status, stored.version) != (submission.status, submission.version):
        raise Conflict
    move = MOVES[stored.status].get(verb)
    if move is None or not _is_open_to(stored, verb):
        raise Conflict
    if not move.may(by, stored):
        raise NotAllowed(move.who)
    return stored


def take(
    submission: Submission,
    verb: Event.Verb,
    *,
    by: User | None,
    at: datetime,
    remark: str = "",
    data: dict[str, Any] | None = None,
    **values: Any,
) -> Event:
    """Move the row by compare-and-set, write the event and tell those who listen; `values` are other columns."""
    values["status"] = MOVES[submission.status][verb].to
    values["version"] = submission.version + 1
    rows = Submission.objects.filter(pk=submission.pk, status=submission.status, version=submission.version)
    if not rows.update(**values):
        raise Conflict
    for name, value in values.items():
        setattr(submission, name, value)
    return write(submission, verb, by=by, at=at, remark=remark, data=data)


def write(
    submission: Submission,
    verb: Event.Verb,
    *,
    by: User | None,
    at: datetime,
    remark: str = "",
    data: dict[str, Any] | None = None,
) -> Event:
    """Write down a step that has moved the row already."""
    event = Event.objects.create(
        submission=submission,
        verb=verb,
        status=submission.status,
        by=by,
        at=at,
        remark=remark,
        public=bool(remark) and verb in PUBLIC_REMARKS,
        data=data or {},
    )
    moved.send(Submission, event=event)
    return event


@transaction.atomic
def record(
    submission: Submission,
    verb: Event.Verb,
    *,
    by: User | None,
    at: datetime,
    remark: str = "",
    data: dict[str, Any] | None = None,
) -> Event:
    """Take a step that changes nothing of the row but needs a place in the history (reminders, public copies, …)."""
    stored = start(submission, verb, by)
    if MOVES[stored.status][verb].to != stored.status:
        raise ValueError(f"{verb} changes the case; it has a function of its own")
    return take(submission, verb, by=by, at=at, remark=no_names(stored, remark, "remark"), data=data)


# What is said with a step.


def refuse(problems: list[Problem]) -> None:
    if problems:
        raise Refused(problems)


def said(submission: Submission, text: str, otherwise: str, field: str) -> str:
    """Return a reason that a step cannot do without."""
    text = text.strip()
    if not text:
        raise Refused([Problem(otherwise, field)])
    return no_names(submission, text, field)


def no_names(submission: Submission, text: str, field: str) -> str:
    """Return what goes into the history, which can never be erased and so must not name the sender (RULES F17)."""
    text = text.strip()
    if len(text) > REMARK_LENGTH:
        raise Refused([Problem(f"Viết gọn lại trong {REMARK_LENGTH} chữ cái.", field)])
    if _names_sender(submission, text):
        sentence = "Bỏ họ tên, điện thoại, thư điện tử, địa chỉ của người gửi: lịch sử xử lý được giữ mãi."
        raise Refused([Problem(sentence, field)])
    return text


def _names_sender(submission: Submission, text: str) -> bool:
    folded = f" {' '.join(fold(text).split())} "
    digits = "".join(filter(str.isdigit, text))
    # However it begins: 0903…, +84 903…
    phone = redacting.national(submission.phone)
    if len(phone) >= 7 and phone in digits:
        return True
    words = [submission.sender_name, submission.organisation_name, submission.address, submission.email]
    # One word alone may be anybody's and anything's.
    names = [" ".join(fold(value).split()) for value in words if " " in value.strip() or "@" in value]
    return any(name in folded for name in names)
