"""Who hears of each step by mail: one table, from the verb to the sender and to the staff.

What a sender reads is put together here from a few named things, so that no internal note can slip into a
mail; what staff reads names no sender at all. The rows of the mails belong to the step's transaction.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from feedback import clocks, merging, workflow
from feedback.models import Event, FeedbackSettings, FocalPerson, Message, Submission
from portal import mail
from portal.models import User

Verb = Event.Verb

# Erasing a case's personal data deletes the mails with this header: `mail.forget(HEADER, str(pk))`.
HEADER = "X-Feedback"
# Such a mail holds the sender's address and in its subject the code that opens the follow-up page.
mail.restrict(HEADER, "feedback.triage_submission")

RECEIPT = mail.Template("mail/feedback_receipt.txt", "mail/feedback_receipt.html")
STEP = mail.Template("mail/feedback_step.txt", "mail/feedback_step.html")
ANSWER = mail.Template("mail/feedback_answer.txt", "mail/feedback_answer.html")
STAFF = mail.Template("mail/feedback_staff.txt", "mail/feedback_staff.html")

# What a clock of `feedback.reminding` is the time for; sorting ends that of forwarding (NĐ 20/2008 Đ9.1d).
CLOCKS = {"answer": "trả lời", "forward": "phân loại hoặc chuyển cơ quan khác"}

BY_MACHINE = {"Auto-Submitted": "auto-generated"}


@dataclass(frozen=True)
class ToSender:
    """What the sender hears; {due}, {agency} and {complaints} are filled in."""

    subject: str  # after "Phản ánh K7QM-4HXT: "
    sentence: str
    template: mail.Template = STEP
    button: str = "Xem phản ánh"
    remark_label: str = "Lý do"


class Who(Enum):
    FOCAL = "the focal person of the case and the deputy"
    HEAD = "who heads the unit of the case"
    OFFICE = "who sorts and watches all cases"


@dataclass(frozen=True)
class ToStaff:
    """What staff hears; {clock} is filled in, of reminders."""

    who: tuple[Who, ...]
    subject: str  # after "Phản ánh 12/2026: "
    sentence: str


# Refused, forwarded, asked: the sender hears why (NĐ 20/2008 Đ9.1); and how it went (Đ12.2, Đ19).
TO_SENDER: dict[Event.Verb, ToSender] = {
    Verb.REGISTER: ToSender(
        "đã tiếp nhận", "Sở đã tiếp nhận phản ánh và sẽ trả lời trước ngày {due}.", RECEIPT, "Theo dõi phản ánh"
    ),
    Verb.REJECT: ToSender("không tiếp nhận", "Sở không tiếp nhận phản ánh này."),
    Verb.REDIRECT: ToSender(
        "hướng dẫn nơi giải quyết",
        "Nội dung này là khiếu nại hoặc tố cáo, được giải quyết theo luật riêng, không theo trình tự phản ánh. "
        "Nơi nhận: {complaints}",
        remark_label="Hướng dẫn",
    ),
    Verb.FORWARD: ToSender(
        "đã chuyển cơ quan khác",
        "Việc này thuộc thẩm quyền của {agency}. Sở đã chuyển phản ánh đến cơ quan đó để trả lời.",
    ),
    Verb.ASK: ToSender(
        "cần bổ sung",
        "Sở cần biết thêm để trả lời. Mở trang theo dõi để viết câu trả lời; trong lúc chờ, thời hạn tạm dừng.",
        button="Trả lời câu hỏi",
    ),
    Verb.COLLECT: ToSender(
        "tiếp tục tập hợp",
        "Sở đã nghiên cứu phản ánh. Hiện chưa đủ cơ sở để xử lý nên Sở tiếp tục tập hợp thêm ý kiến.",
    ),
    Verb.RESUME: ToSender("tiếp tục xử lý", "Sở tiếp tục xử lý phản ánh và sẽ trả lời trước ngày {due}."),
    Verb.EXTEND: ToSender("thời hạn mới", "Việc cần thêm thời gian. Sở sẽ trả lời trước ngày {due}."),
    Verb.CLASSIFY: ToSender("thời hạn mới", "Sở đã phân loại phản ánh. Hạn trả lời nay là ngày {due}."),
    Verb.RECOUNT: ToSender("thời hạn mới", "Lịch làm việc thay đổi nên thời hạn tính lại. Hạn mới là ngày {due}."),
    Verb.ANSWER: ToSender("đã trả lời", "Sở đã trả lời phản ánh.", ANSWER, "Xem và đánh giá câu trả lời"),
    Verb.MERGE: ToSender(
        "xử lý cùng phản ánh khác",
        "Có phản ánh khác về cùng việc này. Sở xử lý chung và gửi câu trả lời cho từng người gửi.",
    ),
    Verb.WITHDRAW: ToSender("đã rút", "Phản ánh đã được rút. Sở dừng xử lý."),
    Verb.PUBLISH: ToSender(
        "câu trả lời đã công khai",
        "Câu trả lời đã được công khai trên trang của Sở để người khác cùng tham khảo. "
        "Bản công khai không có thông tin của người gửi.",
    ),
}

TO_STAFF: dict[Event.Verb, ToStaff] = {
    Verb.ASSIGN: ToStaff((Who.FOCAL,), "được giao xử lý", "Phản ánh này vừa được giao xử lý."),
    Verb.TRANSFER: ToStaff((Who.FOCAL,), "được chuyển đến", "Phản ánh này được chuyển đến đơn vị."),
    Verb.DECLINE: ToStaff(
        (Who.OFFICE,), "bị trả lại", "Đơn vị trả lại phản ánh này. Giao lại cho đơn vị có thẩm quyền."
    ),
    Verb.REPLY: ToStaff((Who.FOCAL,), "người gửi đã bổ sung", "Người gửi đã gửi thêm thông tin."),
    Verb.NOTE: ToStaff((Who.FOCAL,), "có ghi chú mới", "Có ghi chú nội bộ mới trong hồ sơ."),
    Verb.SUBMIT_ANSWER: ToStaff((Who.HEAD,), "trình câu trả lời", "Có câu trả lời chờ duyệt."),
    Verb.RETURN_ANSWER: ToStaff((Who.FOCAL,), "câu trả lời được trả lại", "Câu trả lời cần sửa."),
    Verb.APPROVE_ANSWER: ToStaff((Who.FOCAL,), "câu trả lời đã duyệt", "Câu trả lời đã được duyệt."),
    Verb.DISPUTE: ToStaff((Who.HEAD, Who.FOCAL), "đề nghị xem lại", "Người gửi đề nghị xem lại câu trả lời."),
    Verb.WITHDRAW: ToStaff((Who.FOCAL,), "người gửi đã rút", "Người gửi đã rút phản ánh. Không cần xử lý tiếp."),
    Verb.SUBMIT_PUBLIC: ToStaff((Who.OFFICE,), "trình bản công khai", "Có bản công khai chờ duyệt."),
    Verb.RETURN_PUBLIC: ToStaff((Who.FOCAL,), "bản công khai được trả lại", "Bản công khai cần sửa."),
    Verb.REMIND: ToStaff((Who.FOCAL,), "nhắc hạn", "{clock}"),
    Verb.ESCALATE: ToStaff((Who.HEAD, Who.OFFICE), "quá hạn", "{clock} Đôn đốc hoặc giao người khác xử lý."),
}

# Where nobody receives the field (`feedback.routing`).
UNASSIGNED = ToStaff((Who.OFFICE,), "chưa có đầu mối", "Chưa có đầu mối nào nhận phản ánh này. Giao cho một đơn vị.")
# Of these steps the sender hears only when they moved the date that was promised.
_ONLY_IF_DATE_MOVED = frozenset({Verb.CLASSIFY, Verb.RECOUNT})

# Steps that the sender may see on the follow-up page; the remark of one only where the event is public.
_SHOWN_TO_SENDER = frozenset(TO_SENDER) | {
    Verb.RECEIVE,
    Verb.ASSIGN,
    Verb.TRANSFER,
    Verb.REPLY,
    Verb.DISPUTE,
    Verb.RATE,
}


def visible_to_sender(event: Event) -> bool:
    """Return whether the sender may know of the step."""
    return event.verb in _SHOWN_TO_SENDER


def remark_for_sender(event: Event) -> str:
    """Return the reason that stands with the step as far as the sender may read it."""
    return event.remark if event.public and visible_to_sender(event) else ""


def notify(event: Event, **kwargs: Any) -> None:
    """Put the mails of a step into the queue (receiver of `feedback.signals.moved`)."""
    verb = Verb(event.verb)
    notice, told = TO_SENDER.get(verb), TO_STAFF.get(verb)
    if notice and (verb not in _ONLY_IF_DATE_MOVED or _date_moved(event)):
        _tell_sender(event, notice)
    if verb == Verb.ASSIGN and event.submission.focal_person is None:
        told = UNASSIGNED
    if told:
        _tell_staff(event, told)


def case_url(submission: Submission) -> str:
    """Return the address of the case page, for a mail to staff."""
    return settings.BASE_URL + reverse("admin:feedback_submission_change", args=[submission.pk])


def about(submission: Submission) -> str:
    """Name the case for a mail to staff: not by its title, into which people write names."""
    return submission.procedure.title if submission.procedure else submission.get_about_display()


def days_said(net: int, gross: int) -> str:
    """Return how many working days a case has taken, in words."""
    waited = f", kể cả lúc chờ người gửi là {gross} ngày" if gross != net else ""
    return f"Đã dùng {net} ngày làm việc{waited}."


def addresses_of(submission: Submission, who: Iterable[Who], *, on: date, without: User | None = None) -> list[str]:
    """Return the mail addresses of the staff named, each once; nobody is told of the own step."""
    own = without.email.casefold() if without else ""
    found: dict[str, str] = {}
    for one in who:
        for address in _ADDRESSES[one](submission, on):
            if address and address.casefold() != own:
                found.setdefault(address.casefold(), address)
    return list(found.values())


def with_permission(codename: str) -> QuerySet[User]:
    """Return the accounts in use that hold the permission by a role."""
    backend = "django.contrib.auth.backends.ModelBackend"
    users = User.objects.with_perm(f"feedback.{codename}", include_superusers=False, backend=backend)
    return users.filter(is_staff=True)


def address_of(person: FocalPerson) -> str:
    """Return where a focal person gets mail: the account's address, else the published one."""
    account = person.user
    if account and account.is_active and account.email:
        return account.email
    return person.email


def _focal(submission: Submission, on: date) -> list[str]:
    person = submission.focal_person
    seats = [one for one in (person, person.deputy if person else None) if one and one.is_active(on)]
    # Where nobody sits, or nobody has an address, the office has to find somebody.
    return list(filter(None, map(address_of, seats))) or _office(submission, on)


def _heads(submission: Submission, on: date) -> list[str]:
    heads = with_permission("head_submission").filter(unit__isnull=False, unit=submission.unit_id)
    # A unit without a head has the office above it.
    return _mails_of(heads) or _office(submission, on)


def _office(submission: Submission, on: date) -> list[str]:
    return _mails_of(with_permission("triage_submission"))


def _mails_of(users: QuerySet[User]) -> list[str]:
    return list(users.exclude(email="").order_by("pk").values_list("email", flat=True))


_ADDRESSES = {Who.FOCAL: _focal, Who.HEAD: _heads, Who.OFFICE: _office}


def _tell_sender(event: Event, notice: ToSender) -> None:
    submission = event.submission
    if not submission.email:
        return
    complaints = FeedbackSettings.current().complaints_address
    answer = merging.answer_of(submission) if event.verb == Verb.ANSWER else None
    context = {
        "heading": f"Phản ánh {submission.shown_code}: {notice.subject}",
        "sentence": notice.sentence.format(
            due=_said(submission.answer_due_on),
            agency=submission.forwarded_to or "cơ quan khác",
            complaints=complaints or "như hướng dẫn dưới đây.",
        )
        + (_due_note(submission) if "{due}" in notice.sentence else ""),
        "code": submission.shown_code,
        "title": submission.title,
        "received_at": submission.received_at,
        "remark": remark_for_sender(event),
        "remark_label": notice.remark_label,
        "question": _question(submission) if event.verb == Verb.ASK else "",
        "answer": answer,
        "file_count": answer.attachments.count() if answer else 0,
        "disputable_until": workflow.disputable_until(submission) if answer else None,
        "button": notice.button,
        "url": settings.BASE_URL + _page_for_sender(event),
    }
    headers = {HEADER: str(submission.pk), **BY_MACHINE}
    mail.send(submission.email, context["heading"], notice.template, context, headers)


def _page_for_sender(event: Event) -> str:
    submission = event.submission
    if event.verb == Verb.PUBLISH:
        return submission.public_answer.get_absolute_url()
    return submission.get_absolute_url()


def _question(submission: Submission) -> str:
    asked = submission.messages.filter(audience=Message.Audience.SENDER, from_sender=False).last()
    return asked.text if asked else ""


def _date_moved(event: Event) -> bool:
    return bool(event.data.get("due")) and event.data["due"] != event.data.get("due_before")


def _tell_staff(event: Event, told: ToStaff) -> None:
    submission: Submission = event.submission
    addresses = addresses_of(submission, told.who, on=timezone.localdate(event.at), without=event.by)
    if not addresses:
        return
    # By the register number: the receipt code opens the follow-up page.
    subject = f"Phản ánh {submission.register_entry}: {told.subject}"
    context = {
        "heading": subject,
        "sentence": told.sentence.format(clock=_clock_said(event)),
        "about": about(submission),
        "unit": submission.unit,
        "due_on": submission.answer_due_on,
        "forward_due_on": submission.forward_due_on if submission.status == Submission.Status.REGISTERED else None,
        "days_said": _taken(event),
        "url": case_url(submission),
    }
    mail.send_to_each(addresses, subject, STAFF, context, BY_MACHINE)


def _taken(event: Event) -> str:
    return days_said(event.data["net"], event.data["gross"]) if event.verb in (Verb.REMIND, Verb.ESCALATE) else ""


def _clock_said(event: Event) -> str:
    """Return which clock of a reminder stands how, as `feedback.reminding` wrote it into the event."""
    if event.verb not in (Verb.REMIND, Verb.ESCALATE):
        return ""
    what = CLOCKS[event.data["clock"]]
    day, left = _said(date.fromisoformat(event.data["due"])), event.data["left"]
    if left > 0:
        return f"Còn {left} ngày làm việc đến hạn {what} (ngày {day})."
    return f"Hôm nay là hạn {what}." if left == 0 else f"Quá hạn {what} {-left} ngày làm việc (hạn ngày {day})."


def _due_note(submission: Submission) -> str:
    """Say that the promised date may still change, where it rests on a year whose days off are not confirmed (K6)."""
    due = clocks.due(submission) if submission.answer_due_on else None
    return f" {due.note}" if due and due.note else ""


def _said(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "chưa xác định"
