"""What a sender reads of the own submission with the receipt code (NĐ 20/2008 Đ12.2; RULES F13).

Whoever holds the code reads it, so nothing on it tells who sent it: the sender's data is looked for in every text
and masked, and what staff says among themselves is left out by name of the step, not by chance.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch
from django.utils import timezone

from feedback import clocks, codes, moves, notifying, redacting, workflow
from feedback.clocks import CountedDay
from feedback.models import OPEN, Answer, Attachment, Event, FeedbackSettings, Message, Submission
from feedback.redacting import Known
from portal import calendar
from portal.models import Unit
from portal.templatetags.vietnamese import viet_date

Status = Submission.Status
Verb = Event.Verb


@dataclass(frozen=True)
class Stage:
    """Where a case stands, in the words of the public."""

    label: str
    tag: str = ""  # kind of the tag: "new", "amended", "repealed", or nothing


RECEIVED = Stage("Đã tiếp nhận")
HANDLING = Stage("Đang xử lý", "amended")
MORE_NEEDED = Stage("Cần bổ sung", "amended")
FORWARDED = Stage("Đã chuyển cơ quan khác")
ANSWERED = Stage("Đã trả lời", "new")
REFUSED = Stage("Không tiếp nhận", "repealed")
WITHDRAWN = Stage("Đã rút")

# What waits for a look by a person because it may be spam does not show it: most of it is none.
STAGES = {
    Status.SUSPECTED: RECEIVED,
    Status.RECEIVED: RECEIVED,
    Status.REGISTERED: RECEIVED,
    Status.HANDLING: HANDLING,
    Status.COLLECTING: HANDLING,
    Status.DISPUTED: HANDLING,
    Status.MERGED: HANDLING,
    Status.ASKED: MORE_NEEDED,
    Status.FORWARDED: FORWARDED,
    Status.ANSWERED: ANSWERED,
    Status.REJECTED: REFUSED,
    Status.REDIRECTED: REFUSED,
    Status.SPAM: REFUSED,
    Status.WITHDRAWN: WITHDRAWN,
}

# The steps of the timeline in the sender's words; no other step is shown.
STEPS = {
    Verb.RECEIVE: "Đã tiếp nhận",
    Verb.ASSIGN: "Đã giao đơn vị xử lý",
    Verb.TRANSFER: "Đã chuyển đơn vị khác của Sở",
    Verb.REJECT: "Không tiếp nhận",
    Verb.REDIRECT: "Đã hướng dẫn nơi nhận khiếu nại, tố cáo",
    Verb.FORWARD: "Đã chuyển cơ quan khác",
    Verb.ASK: "Sở hỏi thêm",
    Verb.REPLY: "Đã bổ sung",
    Verb.COLLECT: "Chưa đủ cơ sở, Sở tiếp tục tập hợp",
    Verb.RESUME: "Sở xử lý tiếp",
    Verb.EXTEND: "Sở gia hạn trả lời",
    Verb.RECOUNT: "Hạn trả lời được tính lại",
    Verb.ANSWER: "Đã trả lời",
    Verb.DISPUTE: "Đã đề nghị xem lại câu trả lời",
    Verb.RATE: "Đã đánh giá",
    Verb.MERGE: "Xử lý chung với phản ánh khác về cùng việc",
    Verb.WITHDRAW: "Đã rút phản ánh",
    Verb.PUBLISH: "Đã công khai câu trả lời",
}


@dataclass(frozen=True)
class Step:
    label: str
    at: datetime
    place: str = ""  # the unit or the agency
    detail: str = ""


@dataclass(frozen=True)
class Line:
    """One message between the sender and the department."""

    from_sender: bool
    at: datetime
    text: str
    files: list[str]


@dataclass(frozen=True)
class SentAnswer:
    text: str
    outcome: str
    sent_at: datetime
    document: str  # number and date; empty where there is none
    files: list[Attachment]


@dataclass(frozen=True)
class Sent:
    """What was sent, as far as it names nobody."""

    title: str
    content: str
    proposed_solution: str
    files: list[str]


@dataclass(frozen=True)
class Page:
    case: Submission
    stage: Stage
    heading: str
    heading_day: date | None  # stands at the end of the heading
    due_on: date | None
    is_overdue: bool
    unit: Unit | None  # that holds it
    steps: list[Step]
    due_note: str  # says that the date may still change
    days: list[CountedDay]  # up to the due date
    clock: Submission  # whose days these are
    messages: list[Line]
    answers: list[SentAnswer]  # the latest first
    sent: Sent | None  # missing once it was erased
    refusal: str  # the reason, where it was not taken
    is_complaint: bool  # which goes elsewhere (NĐ 20/2008 Đ1)
    complaints_address: str
    can_reply: bool  # to a question
    can_add: bool  # without being asked
    can_rate: bool
    can_dispute_until: date | None
    can_withdraw: bool
    rating: int | None

    @property
    def is_refused(self) -> bool:
        return self.stage is REFUSED

    @property
    def is_forwarded(self) -> bool:
        return self.stage is FORWARDED

    @property
    def question(self) -> Line | None:
        asked = [line for line in self.messages if not line.from_sender]
        return asked[-1] if asked else None

    @property
    def exchanged(self) -> list[Line]:
        """Return the messages without the question that waits for its answer and stands above."""
        question = self.question if self.can_reply else None
        return [line for line in self.messages if line is not question]

    def can(self, step: str) -> bool:
        """Tell whether the sender can take the step now: reply, dispute, rate or withdraw."""
        open_steps = {
            "reply": self.can_reply or self.can_add,
            "dispute": self.can_dispute_until is not None,
            "rate": self.can_rate,
            "withdraw": self.can_withdraw,
        }
        return open_steps[step]


def find(typed: str) -> Submission | None:
    """Return the submission with the code; the database is asked whatever was typed, so that time tells nothing."""
    sender_reads = Message.objects.filter(audience=Message.Audience.SENDER).prefetch_related("attachments")
    answers = Answer.objects.filter(status=Answer.Status.SENT).prefetch_related("attachments")
    found = Submission.objects.select_related("procedure", "unit", "merged_into__unit")
    return (
        found.prefetch_related(
            Prefetch("messages", sender_reads),
            Prefetch("answers", answers),
            Prefetch("attachments", Attachment.objects.filter(message=None, answer=None)),
        )
        .filter(code=codes.read(typed) or "-")
        .first()
    )


def page(case: Submission, *, at: datetime) -> Page:
    """Return all that the sender reads of the case at the moment."""
    on = timezone.localdate(at)
    main = main_of(case)
    standing = standing_of(case)
    hide = _masking(case, main)
    erased = case.erased_at is not None
    may = [] if erased else moves.verbs(case, None)
    # The clock of the case that is answered; while it rests, the own one of the other sender goes on.
    clock = main if main.answer_due_on else case
    due_on = clock.answer_due_on if standing in OPEN and standing != Status.ASKED else None
    work = calendar.load() if due_on else None
    due = clocks.due(clock, work=work) if due_on else None
    rating = getattr(case, "rating", None)
    heading, heading_day = _heading(case, standing, due_on, on)
    disputable_until = workflow.disputable_until(case) if Verb.DISPUTE in may else None
    return Page(
        case=case,
        stage=STAGES[standing],
        heading=heading,
        heading_day=heading_day,
        due_on=due_on,
        is_overdue=due_on is not None and due_on < on,
        unit=main.unit if standing in OPEN else None,
        steps=_steps(case, hide, erased),
        due_note=due.note if due_on and due else "",
        days=clocks.days(clock, due_on, work=work) if due_on else [],
        clock=clock,
        messages=[] if erased else _messages(case, hide),
        answers=[] if erased else _answers(case, hide),
        sent=None if erased else _sent(case),
        refusal="" if erased else _refusal(case, hide),
        is_complaint=standing == Status.REDIRECTED,
        complaints_address=FeedbackSettings.current().complaints_address if standing == Status.REDIRECTED else "",
        can_reply=Verb.REPLY in may and case.status == Status.ASKED,
        can_add=Verb.REPLY in may and case.status != Status.ASKED,
        can_rate=Verb.RATE in may and case.answered_at is not None and rating is None,
        can_dispute_until=disputable_until if disputable_until and on <= disputable_until else None,
        can_withdraw=Verb.WITHDRAW in may,
        rating=rating.score if rating else None,
    )


def main_of(case: Submission) -> Submission:
    """Return the case that is answered for this one: itself, or the one into which it was merged."""
    return case.merged_into if case.status == Status.MERGED and case.merged_into else case


def standing_of(case: Submission) -> Submission.Status:
    """Return the state in which the sender sees the case; a merged one stands where the other one does."""
    main = main_of(case)
    if case.status == Status.MERGED and case.answered_at:
        return Status.ANSWERED
    if main is not case and main.status == Status.ASKED:
        # Another sender was asked.
        return Status.HANDLING
    return Status(main.status)


# What names the sender.


def _known(case: Submission) -> Known:
    return Known(
        names=_filled(case.sender_name),
        organisations=_filled(case.organisation_name),
        addresses=_filled(case.address),
        phones=_filled(case.phone),
        emails=_filled(case.email),
    )


def _filled(text: str) -> tuple[str, ...]:
    return (text,) if text else ()


def _masking(*cases: Submission) -> Callable[[str], str]:
    """Return what masks the data of the senders of these cases in a text."""
    known = [_known(case) for case in {case.pk: case for case in cases}.values()]

    def hide(text: str) -> str:
        for one in known:
            for found in reversed([found for found in redacting.look(text, one) if found.own]):
                text = text[: found.start] + found.mask + text[found.end :]
        return text

    return hide


def _hide_all(text: str, case: Submission) -> str:
    """Mask in the sender's own text also what only has the shape of personal data: an ID number, a mail address."""
    return redacting.masked(text, _known(case))


# The parts of the page.


def _heading(case: Submission, standing: Submission.Status, due_on: date | None, on: date) -> tuple[str, date | None]:
    """Return the heading and the date at its end."""
    answered_on, closed_on = (timezone.localdate(at) if at else None for at in (case.answered_at, case.closed_at))
    if standing in _ENDS:
        return _ENDS[standing], answered_on if standing == Status.ANSWERED else closed_on
    if standing == Status.ASKED:
        return "Sở đang chờ bổ sung", None
    if due_on is None:
        return "Đã tiếp nhận ngày", case.received_on
    if due_on < on:
        return "Đã quá ngày hẹn", due_on
    return ("Sẽ trả lời lại trước ngày" if standing == Status.DISPUTED else "Sẽ trả lời trước ngày"), due_on


_ENDS = {
    Status.ANSWERED: "Đã trả lời ngày",
    Status.FORWARDED: "Đã chuyển cơ quan khác ngày",
    Status.REJECTED: "Không tiếp nhận, ngày",
    Status.REDIRECTED: "Không tiếp nhận, ngày",
    Status.SPAM: "Không tiếp nhận, ngày",
    Status.WITHDRAWN: "Đã rút ngày",
}


def _steps(case: Submission, hide: Callable[[str], str], erased: bool) -> list[Step]:
    return [
        Step(
            STEPS[Verb(event.verb)],
            event.at,
            _place(event, case),
            "" if erased else hide(notifying.remark_for_sender(event)),
        )
        for event in case.events.all()
        if event.verb in STEPS and notifying.visible_to_sender(event)
    ]


def _place(event: Event, case: Submission) -> str:
    if event.verb in {Verb.ASSIGN, Verb.TRANSFER}:
        return str(event.data.get("unit", ""))
    return case.forwarded_to if event.verb == Verb.FORWARD else ""


def _messages(case: Submission, hide: Callable[[str], str]) -> list[Line]:
    return [
        Line(
            message.from_sender,
            message.at,
            _hide_all(message.text, case) if message.from_sender else hide(message.text),
            [_hide_all(attachment.name, case) for attachment in message.attachments.all()],
        )
        for message in case.messages.all()
        if message.audience == Message.Audience.SENDER
    ]


def _answers(case: Submission, hide: Callable[[str], str]) -> list[SentAnswer]:
    sent = list(case.answers.all())
    if case.merged_into and case.answered_at:
        # Withdrawn or split off later, it keeps what its sender was told.
        sent += case.merged_into.answers.filter(status=Answer.Status.SENT).prefetch_related("attachments")
    shown = [(answer.sent_at, answer) for answer in sent if answer.status == Answer.Status.SENT and answer.sent_at]
    return [
        SentAnswer(
            hide(answer.text),
            answer.get_outcome_display(),
            sent_at,
            _document(answer),
            list(answer.attachments.all()),
        )
        for sent_at, answer in sorted(shown, key=lambda row: row[0], reverse=True)
    ]


def _document(answer: Answer) -> str:
    if not answer.document_number:
        return ""
    day = f" ngày {viet_date(answer.document_on)}" if answer.document_on else ""
    return f"Văn bản số {answer.document_number}{day}"


def _sent(case: Submission) -> Sent:
    return Sent(
        _hide_all(case.title, case),
        _hide_all(case.content, case),
        _hide_all(case.proposed_solution, case),
        [_hide_all(attachment.name, case) for attachment in case.attachments.all()],
    )


def _refusal(case: Submission, hide: Callable[[str], str]) -> str:
    if STAGES[Status(case.status)] is not REFUSED:
        return ""
    refused = case.events.filter(verb__in=[Verb.REJECT, Verb.REDIRECT]).last()
    return hide(notifying.remark_for_sender(refused)) if refused else ""
