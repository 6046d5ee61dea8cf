"""From a citizen's sentence to its answer: the steps of a case (NĐ 20/2008 Đ9).

Which steps lead from which state, and who may take them, stands in `feedback.moves`; the answer itself has its
steps in `feedback.answering`. A function changes the submission that it is given as it changes the row.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from feedback import clocks, codes, merging, moves, numbering, routing
from feedback.attachments import hand_over
from feedback.models import (
    Assessment,
    Attachment,
    Event,
    FeedbackSettings,
    FocalPerson,
    Message,
    Pause,
    Rating,
    Submission,
    TimeClass,
)
from feedback.moves import MOVES, Move, Status, Verb, record, verbs, write
from portal import calendar
from portal.models import User
from portal.steps import Conflict, NotAllowed, Problem, Refused

__all__ = [
    "MOVES",
    "Conflict",
    "Move",
    "NotAllowed",
    "Problem",
    "Refused",
    "ask",
    "assess",
    "assign",
    "classify",
    "clear",
    "collect",
    "decline",
    "discard",
    "disputable_until",
    "dispute",
    "extend",
    "forward",
    "note",
    "rate",
    "receive",
    "record",
    "recount",
    "redirect",
    "reject",
    "reply",
    "resume",
    "transfer",
    "verbs",
    "withdraw",
    "write",
]

# The contents of NĐ 20/2008 Đ5 that are about what an official did, those that are about a rule, and the one
# that may be about either (RULES F4).
SUBJECTS = {
    Submission.Content.CONDUCT: {Submission.Subject.CONDUCT},
    Submission.Content.SOLUTION: {Submission.Subject.CONDUCT, Submission.Subject.REGULATION},
}
_ONLY_REGULATION = {Submission.Subject.REGULATION}
# Beside the questions that the sender answers; more comes from a machine or by mistake.
MOST_ADDITIONS_A_DAY = 5
CRITERIA = ("necessary", "reasonable", "simple", "feasible", "consistent", "treaties")


# It comes in.


@transaction.atomic
def receive(
    submission: Submission,
    *,
    at: datetime,
    by: User | None = None,
    suspicion: str = "",
    attachments: Iterable[Attachment] = (),
) -> Submission:
    """Take in what was sent, all of it or nothing: code, register, focal person, clocks, history, files.

    What looks like spam waits without a number until a person has looked at it. `by` is the officer who enters
    a letter, a call or a visit; the day on which it came is then the submission's own (NĐ 20/2008 Đ7, Đ9.1).
    """
    if by is not None and not by.has_perm("feedback.add_submission"):
        raise NotAllowed("Đầu mối tiếp nhận hoặc Văn phòng Sở mới nhập được phản ánh.")
    submission.received_at = submission.received_at or at
    moves.refuse(list(_missing(submission, at)))
    if submission.about == Submission.About.CONDUCT and submission.time_class == TimeClass.ORDINARY:
        submission.time_class = TimeClass.CONDUCT
    submission.code = _free_code()
    submission.status = Status.RECEIVED
    submission.entered_by = by
    submission.suspicion = suspicion
    submission.save(force_insert=True)
    hand_over(attachments, submission)
    moves.write(submission, Verb.RECEIVE, by=by, at=at, data={"channel": submission.channel})
    if suspicion:
        moves.take(submission, Verb.SUSPECT, by=None, at=at)
    else:
        _register(submission, by=by, at=at)
    return submission


def _missing(submission: Submission, at: datetime) -> Iterable[Problem]:
    """Yield what NĐ 20/2008 Đ7.1 asks for (RULES F6).

    A letter without a name is entered all the same: the register has it, and classification refuses it.
    """
    if submission.received_at > at:
        yield Problem("Chọn ngày nhận không sau hôm nay.", "received_at")
    if not submission.content.strip():
        yield Problem("Nhập nội dung phản ánh.", "content")
    if not submission.title.strip():
        yield Problem("Nhập tiêu đề.", "title")
    if submission.channel != Submission.Channel.WEB:
        return
    if not submission.sender_name.strip():
        yield Problem("Nhập họ và tên.", "sender_name")
    if not submission.address.strip():
        yield Problem("Nhập địa chỉ.", "address")


def _free_code() -> str:
    code = codes.new_code()
    while Submission.objects.filter(code=code).exists():
        code = codes.new_code()
    return code


def _register(submission: Submission, *, by: User | None, at: datetime) -> None:
    """Enter the case in the register, start both clocks and give it to whoever receives such things."""
    work = calendar.load()
    on = timezone.localdate(at)
    year = on.year
    submission.answer_days = clocks.answer_time(submission.time_class, submission.received_on)
    values: dict[str, Any] = {
        "register_year": year,
        "register_number": numbering.next_number(year),
        "forward_due_on": clocks.forward_due(submission, work=work).day,
        "answer_days": submission.answer_days,
        "answer_due_on": _due_day(submission, work),
    }
    entry = f"{values['register_number']}/{year}"
    data = {"register": entry, "due": _iso(values["answer_due_on"]), "forward_due": _iso(values["forward_due_on"])}
    moves.take(submission, Verb.REGISTER, by=by, at=at, data=data, **values)
    route = routing.find(procedure=submission.procedure, field=submission.field, on=on)
    # Where nobody is named it lies with the office, which triages everything.
    _give(submission, Verb.ASSIGN, route.focal_person, by=None, at=at, data={"why": route.why})


@transaction.atomic
def clear(submission: Submission, *, by: User | None, at: datetime) -> None:
    """Say that it is no spam; it enters the register and its clocks count from the day on which it came."""
    stored = moves.start(submission, Verb.CLEAR, by)
    if stored.erased_at:
        raise Refused([Problem("Nội dung đã xóa theo thời hạn lưu, không khôi phục được.")])
    moves.take(submission, Verb.CLEAR, by=by, at=at, closed_at=None)
    _register(submission, by=by, at=at)


@transaction.atomic
def discard(submission: Submission, *, by: User | None, at: datetime, remark: str = "") -> None:
    """Say that it is spam; it is kept for a time, so that a mistake can be mended."""
    stored = moves.start(submission, Verb.DISCARD, by)
    remark = moves.no_names(stored, remark, "remark")
    moves.take(submission, Verb.DISCARD, by=by, at=at, remark=remark, closed_at=at)


# Who holds it.


@transaction.atomic
def assign(
    submission: Submission, focal_person: FocalPerson, *, by: User | None, at: datetime, remark: str = ""
) -> None:
    """Give the case to a focal person; code, first date and clocks stay as they are."""
    stored = moves.start(submission, Verb.ASSIGN, by)
    remark = moves.no_names(stored, remark, "remark")
    _refuse_seat(stored, focal_person, at)
    _give(submission, Verb.ASSIGN, focal_person, by=by, at=at, remark=remark)


@transaction.atomic
def transfer(submission: Submission, focal_person: FocalPerson, *, by: User | None, at: datetime, remark: str) -> None:
    """Hand the case to another unit and say why; code, first date and clocks stay as they are."""
    stored = moves.start(submission, Verb.TRANSFER, by)
    remark = moves.said(stored, remark, "Ghi lý do chuyển để đơn vị nhận biết.", "remark")
    _refuse_seat(stored, focal_person, at)
    _give(submission, Verb.TRANSFER, focal_person, by=by, at=at, remark=remark)


@transaction.atomic
def decline(submission: Submission, *, by: User | None, at: datetime, remark: str) -> None:
    """Give the case back to the office, which finds who is competent; the clocks go on."""
    stored = moves.start(submission, Verb.DECLINE, by)
    remark = moves.said(stored, remark, "Ghi lý do phản ánh không thuộc phạm vi của đơn vị.", "remark")
    office = FocalPerson.objects.on(timezone.localdate(at)).filter(receives_rest=True).select_related("unit").first()
    if stored.unit_id is None or (office and stored.unit_id == office.unit_id):
        raise Refused([Problem("Phản ánh đang ở Văn phòng Sở. Giao cho đơn vị hoặc chuyển cơ quan có thẩm quyền.")])
    _give(submission, Verb.DECLINE, office, by=by, at=at, remark=remark)


def _refuse_seat(submission: Submission, focal_person: FocalPerson, at: datetime) -> None:
    if not focal_person.is_active(timezone.localdate(at)):
        raise Refused([Problem("Chọn đầu mối đang nhận phản ánh.", "focal_person")])
    if focal_person.pk == submission.focal_person_id:
        raise Refused([Problem("Chọn đầu mối khác với đầu mối đang giữ phản ánh.", "focal_person")])


def _give(
    submission: Submission,
    verb: Event.Verb,
    focal_person: FocalPerson | None,
    *,
    by: User | None,
    at: datetime,
    remark: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    unit = focal_person.unit if focal_person else None
    data = {
        **(data or {}),
        "unit": str(unit or ""),
        "focal_person": str(focal_person or ""),
        "unit_before": str(submission.unit or ""),
        "focal_person_before": str(submission.focal_person or ""),
    }
    moves.take(submission, verb, by=by, at=at, remark=remark, data=data, unit=unit, focal_person=focal_person)


# What it is.


@transaction.atomic
def classify(
    submission: Submission, *, content_type: str, subject: str, time_class: str, by: User | None, at: datetime
) -> None:
    """Say what the case is about (NĐ 20/2008 Đ5) and which time holds; the time is that of the day it came."""
    stored = moves.start(submission, Verb.CLASSIFY, by)
    moves.refuse(list(_classification_problems(content_type, subject, time_class)))
    before = {"content_type": stored.content_type, "subject": stored.subject, "time_class": stored.time_class}
    after = {"content_type": content_type, "subject": subject, "time_class": time_class}
    # `extra_days` are on top of it, so an extension survives.
    days = clocks.answer_time(time_class, stored.received_on)
    stored.answer_days = days
    day = _due_day(stored)
    data = {"before": before, "after": after, "due_before": _iso(stored.answer_due_on), "due": _iso(day)}
    values: dict[str, Any] = {**after, "answer_days": days, "answer_due_on": day}
    moves.take(submission, Verb.CLASSIFY, by=by, at=at, data=data, **values)


def _classification_problems(content_type: str, subject: str, time_class: str) -> Iterable[Problem]:
    if content_type not in Submission.Content.values:
        yield Problem("Chọn nội dung phản ánh theo Điều 5 Nghị định 20/2008/NĐ-CP.", "content_type")
    elif subject not in SUBJECTS.get(Submission.Content(content_type), _ONLY_REGULATION):
        wanted = "hành vi" if content_type == Submission.Content.CONDUCT else "quy định"
        yield Problem(f"Nội dung này là phản ánh về {wanted} hành chính. Chọn lại đối tượng.", "subject")
    if time_class not in TimeClass.values:
        yield Problem("Chọn loại thời hạn trả lời.", "time_class")


@transaction.atomic
def reject(submission: Submission, *, by: User | None, at: datetime, reason: str) -> None:
    """Không tiếp nhận: what lacks what NĐ 20/2008 Đ7 asks for; the sender reads why (Đ9.1d, RULES F9 i)."""
    stored = moves.start(submission, Verb.REJECT, by)
    reason = moves.said(stored, reason, "Ghi lý do không tiếp nhận. Người gửi đọc được lý do này.", "reason")
    _end(submission, Verb.REJECT, by=by, at=at, remark=reason)


@transaction.atomic
def redirect(submission: Submission, *, by: User | None, at: datetime, reason: str) -> None:
    """Say where a khiếu nại or tố cáo goes: it is no phản ánh (NĐ 20/2008 Đ1; RULES F2)."""
    stored = moves.start(submission, Verb.REDIRECT, by)
    reason = moves.said(stored, reason, "Ghi nơi nhận khiếu nại, tố cáo. Người gửi đọc được nội dung này.", "reason")
    _end(submission, Verb.REDIRECT, by=by, at=at, remark=reason)


@transaction.atomic
def forward(submission: Submission, *, agency: str, url: str = "", by: User | None, at: datetime, reason: str) -> None:
    """Send the case on to the competent agency: conduct, or a rule of another's competence.

    Within 5 working days from the day it came (NĐ 20/2008 Đ9.1d; RULES F9 ii, iv); later it still has to go, and
    the history says by how many days it was late.
    """
    stored = moves.start(submission, Verb.FORWARD, by)
    reason = moves.said(stored, reason, "Ghi lý do chuyển. Người gửi đọc được lý do này.", "reason")
    agency = agency.strip()
    if not agency:
        raise Refused([Problem("Nhập tên cơ quan có thẩm quyền nhận phản ánh.", "agency")])
    moves.no_names(stored, f"{agency} {url}", "agency")
    if not stored.subject:
        raise Refused([Problem("Phân loại phản ánh trước khi chuyển cơ quan khác.", "content_type")])
    on = timezone.localdate(at)
    late = max(calendar.working_days_between(stored.forward_due_on, on), 0) if stored.forward_due_on else 0
    data = {"agency": agency, "forward_due": _iso(stored.forward_due_on), "days_late": late}
    values = {"forwarded_to": agency, "forwarded_url": url.strip()}
    _end(submission, Verb.FORWARD, by=by, at=at, remark=reason, data=data, **values)


def _end(
    submission: Submission,
    verb: Event.Verb,
    *,
    by: User | None,
    at: datetime,
    remark: str = "",
    data: dict[str, Any] | None = None,
    **values: Any,
) -> None:
    """Close the case, and tell those whose own case was merged into it."""
    _end_pause(submission, timezone.localdate(at))
    moves.take(submission, verb, by=by, at=at, remark=remark, data=data, closed_at=at, **values)
    merging.follow(submission, verb, by=by, at=at, remark=remark, data=data, **values)


# Asking the sender.


@transaction.atomic
def ask(submission: Submission, *, text: str, by: User | None, at: datetime) -> Message:
    """Ask the sender; from the next day until the reply the clock of the answer rests, so there is no due date."""
    moves.start(submission, Verb.ASK, by)
    text = _written(text, "Viết câu hỏi gửi người phản ánh.")
    message = _message(submission, text, by=by, at=at)
    Pause.objects.create(submission=submission, first_on=timezone.localdate(at))
    moves.take(
        submission, Verb.ASK, by=by, at=at, data={"due_before": _iso(submission.answer_due_on)}, answer_due_on=None
    )
    return message


@transaction.atomic
def reply(
    submission: Submission,
    *,
    text: str,
    at: datetime,
    by: User | None = None,
    attachments: Iterable[Attachment] = (),
) -> Message:
    """Keep what the sender answered and let the clock go on, or what the sender adds without being asked.

    `by` is the officer who writes down a call.
    """
    stored = moves.start(submission, Verb.REPLY, by)
    is_asked = stored.status == Status.ASKED
    text = _written(text, "Viết nội dung bổ sung.")
    if by is None and not is_asked:
        _refuse_many_additions(stored, timezone.localdate(at))
    message = _message(submission, text, by=by, at=at, from_sender=True)
    hand_over(attachments, submission, message)
    if is_asked:
        _go_on(submission, Verb.REPLY, by=by, at=at)
    else:
        moves.take(submission, Verb.REPLY, by=by, at=at)
    return message


def _refuse_many_additions(submission: Submission, on: date) -> None:
    if submission.events.filter(verb=Verb.REPLY, by=None, at__date=on).count() >= MOST_ADDITIONS_A_DAY:
        raise Refused([Problem("Hôm nay đã nhận đủ số lần bổ sung. Gửi tiếp vào ngày mai hoặc gọi Sở.", "text")])


@transaction.atomic
def resume(submission: Submission, *, by: User | None, at: datetime, remark: str = "") -> None:
    """Take the case up again: the sender does not answer, ground is there, a dispute is right, a merge was wrong."""
    stored = moves.start(submission, Verb.RESUME, by)
    remark = moves.no_names(stored, remark, "remark")
    if stored.status == Status.MERGED:
        merging.release(submission, by=by, at=at, remark=remark)
    else:
        _go_on(submission, Verb.RESUME, by=by, at=at, remark=remark)


def _go_on(submission: Submission, verb: Event.Verb, *, by: User | None, at: datetime, remark: str = "") -> None:
    _end_pause(submission, timezone.localdate(at))
    day = _due_day(submission)
    moves.take(submission, verb, by=by, at=at, remark=remark, data={"due": _iso(day)}, answer_due_on=day)


def _end_pause(submission: Submission, on: date) -> None:
    submission.pauses.filter(last_on=None).update(last_on=on)


def _written(text: str, otherwise: str) -> str:
    text = text.strip()
    if not text:
        raise Refused([Problem(otherwise, "text")])
    return text


def _message(
    submission: Submission,
    text: str,
    *,
    by: User | None,
    at: datetime,
    audience: str = Message.Audience.SENDER,
    from_sender: bool = False,
) -> Message:
    return Message.objects.create(
        submission=submission, audience=audience, from_sender=from_sender, by=by, at=at, text=text
    )


# Working on it.


@transaction.atomic
def collect(submission: Submission, *, by: User | None, at: datetime, reason: str) -> None:
    """Chưa đủ cơ sở, tiếp tục tập hợp: only of a rule; the clock goes on (NĐ 20/2008 Đ14.2; RULES F10)."""
    stored = moves.start(submission, Verb.COLLECT, by)
    reason = moves.said(stored, reason, "Ghi lý do chưa đủ cơ sở. Người gửi đọc được lý do này.", "reason")
    _refuse_other_than_regulation(stored)
    moves.take(submission, Verb.COLLECT, by=by, at=at, remark=reason)


@transaction.atomic
def assess(submission: Submission, assessment: Assessment, *, by: User, at: datetime) -> Assessment:
    """Keep whether there is ground enough and, if so, each of the six criteria (NĐ 20/2008 Đ14.2; RULES F10)."""
    stored = moves.start(submission, Verb.ASSESS, by)
    _refuse_other_than_regulation(stored)
    values = {name: getattr(assessment, name) for name in ("sufficient", *CRITERIA, "remark")}
    if assessment.sufficient:
        moves.refuse([Problem("Chọn mức đánh giá.", name) for name in CRITERIA if not values[name]])
    kept, _ = Assessment.objects.update_or_create(submission=submission, defaults={**values, "by": by, "at": at})
    moves.take(submission, Verb.ASSESS, by=by, at=at, data={"sufficient": kept.sufficient})
    return kept


def _refuse_other_than_regulation(submission: Submission) -> None:
    if submission.subject != Submission.Subject.REGULATION:
        raise Refused([Problem("Việc này chỉ dùng cho phản ánh đã phân loại là quy định hành chính.", "subject")])


@transaction.atomic
def extend(submission: Submission, *, days: int, by: User | None, at: datetime, reason: str) -> None:
    """Give the answer more working days: before the due date, and in all not more than its own time once more.

    The law sets no time for the answer (RULES F14), so the department's own table is not stretched without end.
    """
    stored = moves.start(submission, Verb.EXTEND, by)
    reason = moves.said(stored, reason, "Ghi lý do gia hạn. Người gửi đọc được lý do này.", "reason")
    if stored.answer_due_on is None or timezone.localdate(at) > stored.answer_due_on:
        raise Refused([Problem("Đã quá hạn trả lời nên không gia hạn được. Trả lời sớm nhất có thể.", "days")])
    most = (stored.answer_days or 0) - stored.extra_days
    if most < 1:
        raise Refused([Problem("Đã gia hạn đủ số ngày được phép. Trả lời trong hạn hiện tại.", "days")])
    if not 1 <= days <= most:
        raise Refused([Problem(f"Chọn số ngày gia hạn từ 1 đến {most}.", "days")])
    stored.extra_days += days
    day = _due_day(stored)
    data = {"days": days, "due_before": _iso(stored.answer_due_on), "due": _iso(day)}
    values: dict[str, Any] = {"extra_days": stored.extra_days, "answer_due_on": day}
    moves.take(submission, Verb.EXTEND, by=by, at=at, remark=reason, data=data, **values)


@transaction.atomic
def note(submission: Submission, *, text: str, by: User | None, at: datetime) -> Message:
    """Keep a note among staff; the history only says that there is one."""
    moves.start(submission, Verb.NOTE, by)
    message = _message(submission, _written(text, "Viết ghi chú."), by=by, at=at, audience=Message.Audience.STAFF)
    moves.take(submission, Verb.NOTE, by=by, at=at)
    return message


# What the sender does.


@transaction.atomic
def withdraw(submission: Submission, *, at: datetime, by: User | None = None, reason: str = "") -> None:
    """End the case because the sender wants it so; what others sent about the same is taken up again."""
    moves.start(submission, Verb.WITHDRAW, by)
    # The sender's words; they may name a person, and the history is kept for good.
    if reason.strip():
        _message(submission, reason.strip(), by=by, at=at, from_sender=True)
    elif by is not None:
        raise Refused([Problem("Ghi người gửi đã rút bằng cách nào và vì sao.", "reason")])
    _end_pause(submission, timezone.localdate(at))
    moves.take(submission, Verb.WITHDRAW, by=by, at=at, closed_at=at)
    merging.release_all(submission, by=by, at=at)


def disputable_until(submission: Submission) -> date | None:
    """Return the last day on which the sender may ask to look at the answer again; None where that is past or done."""
    can = Verb.DISPUTE in MOVES[submission.status] and submission.answered_at
    if not can or submission.events.filter(verb=Verb.DISPUTE).exists():
        return None
    return timezone.localdate(submission.answered_at) + timedelta(days=FeedbackSettings.current().dispute_days)


@transaction.atomic
def dispute(submission: Submission, *, at: datetime, reason: str, by: User | None = None) -> Message:
    """Ask once to look at the answer again; the head of the unit does, within the class's time from this day on."""
    stored = moves.start(submission, Verb.DISPUTE, by)
    last = disputable_until(stored)
    on = timezone.localdate(at)
    if last is None:
        raise Refused([Problem("Câu trả lời này không đề nghị xem lại được nữa. Gửi phản ánh mới nếu còn vướng mắc.")])
    if on > last:
        raise Refused([Problem(f"Đã quá hạn đề nghị xem lại ({last:%d/%m/%Y}). Gửi phản ánh mới nếu còn vướng mắc.")])
    message = _message(submission, _written(reason, "Viết điều chưa được trả lời rõ."), by=by, at=at, from_sender=True)
    # Days on which it lay answered are nobody's delay.
    Pause.objects.create(submission=submission, first_on=timezone.localdate(stored.answered_at), last_on=on)
    stored.answer_from_on, stored.extra_days = on, 0
    day = _due_day(stored)
    values: dict[str, Any] = {"answer_from_on": on, "extra_days": 0, "answer_due_on": day, "closed_at": None}
    moves.take(submission, Verb.DISPUTE, by=by, at=at, data={"due": _iso(day)}, **values)
    return message


@transaction.atomic
def rate(submission: Submission, *, score: int, comment: str = "", at: datetime) -> Rating:
    """Keep how content the sender is, from 1 to 5, once (NĐ 118/2025 Đ33); the history has no score."""
    stored = moves.start(submission, Verb.RATE, None)
    if stored.answered_at is None:
        raise Refused([Problem("Phản ánh chưa có câu trả lời để đánh giá.")])
    if Rating.objects.filter(submission=stored).exists():
        raise Refused([Problem("Phản ánh này đã được đánh giá.")])
    if score not in range(1, 6):
        raise Refused([Problem("Chọn mức từ 1 đến 5.", "score")])
    rating = Rating.objects.create(submission=submission, score=score, comment=comment.strip(), at=at)
    moves.take(submission, Verb.RATE, by=None, at=at)
    return rating


# What the portal does.


def recount(at: datetime) -> int:
    """Move the due dates of open cases after the calendar of days off changed, with a trace of both dates.

    A job of the worker. Returns how many cases it moved.
    """
    work = calendar.load()
    cases = Submission.objects.open().filter(register_number__isnull=False).prefetch_related("pauses")
    return sum(_recount(case, work, at) for case in cases)


def _recount(case: Submission, work: calendar.WorkCalendar, at: datetime) -> bool:
    values: dict[str, Any] = {
        "answer_due_on": _due_day(case, work),
        "forward_due_on": clocks.forward_due(case, work=work).day,
    }
    if values == {name: getattr(case, name) for name in values}:
        return False
    data = {
        "due_before": _iso(case.answer_due_on),
        "due": _iso(values["answer_due_on"]),
        "forward_due_before": _iso(case.forward_due_on),
        "forward_due": _iso(values["forward_due_on"]),
    }
    try:
        with transaction.atomic():
            moves.start(case, Verb.RECOUNT, None)
            moves.take(case, Verb.RECOUNT, by=None, at=at, data=data, **values)
    except Conflict:
        # Somebody works on it at this moment; the next turn of the job finds it.
        return False
    return True


def _due_day(submission: Submission, work: calendar.WorkCalendar | None = None) -> date | None:
    due = clocks.due(submission, work=work)
    return due.day if due else None


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
