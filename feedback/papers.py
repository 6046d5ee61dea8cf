"""Papers of the archive: the file of one case, and the register of a period as PDF and XLSX (NĐ 20/2008 Đ9.1)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from django.db.models import Prefetch
from django.utils import timezone

from feedback import access
from feedback.access import Sender
from feedback.models import Answer, Submission
from portal.models import Organisation
from portal.pdf import Paper
from portal.spreadsheets import Value, xlsx_file

# Of the content, as much as a register says.
_LETTERS = 200


@dataclass(frozen=True)
class Entry:
    """One line of the register."""

    number: str
    received_on: date
    channel: str
    sender: str
    summary: str
    kind: str
    unit: str
    due_on: date | None
    result: str
    answered_on: date | None


HEADER = (
    "Số",
    "Ngày nhận",
    "Kênh",
    "Người gửi",
    "Nội dung tóm tắt",
    "Loại",
    "Đơn vị xử lý",
    "Hạn trả lời",
    "Kết quả",
    "Ngày trả lời",
)


def case_paper(submission: Submission, *, sender: Sender, at: datetime) -> Paper:
    """Return the whole case for the archive; `sender` is masked or not, as the caller may.

    It names a person or tells of one: draw it with `Paper.drawn`, which keeps no file.
    """
    events = submission.events.select_related("by").order_by("at", "pk")
    context = {
        "submission": submission,
        "sender": sender,
        "events": list(events),
        "messages": list(submission.messages.select_related("by").prefetch_related("attachments")),
        "answers": list(submission.answers.select_related("written_by", "approved_by").prefetch_related("attachments")),
        "attachments": list(submission.attachments.filter(message=None, answer=None)),
        "assessment": getattr(submission, "assessment", None),
        "rating": getattr(submission, "rating", None),
        "organisation": Organisation.current(),
        "printed_at": at,
    }
    return Paper.of(
        f"ho-so-{submission.pk}",
        "feedback/print/case.html",
        context,
        stylesheet="feedback-print.css",
    )


def for_register(submissions: Any, *, first_on: date | None = None, last_on: date | None = None) -> Any:
    """Return what of the given cases stands in the register, in its order, with all that a line needs.

    Narrowed to those that came from `first_on` to `last_on`, both days included, as far as they are given.
    """
    if first_on:
        submissions = submissions.filter(received_at__date__gte=first_on)
    if last_on:
        submissions = submissions.filter(received_at__date__lte=last_on)
    answers = Answer.objects.filter(status=Answer.Status.SENT)
    return (
        submissions.in_register()
        .select_related("unit")
        .prefetch_related(Prefetch("answers", answers, to_attr="sent_answers"))
        .order_by("register_year", "register_number")
    )


def entries(submissions: Iterable[Submission], *, senders: Mapping[int, Sender]) -> Iterator[Entry]:
    """Return the lines of the register; whoever is not in `senders` (by key of the case) stays masked."""
    for submission in submissions:
        yield _entry(submission, senders.get(submission.pk) or access.masked(submission))


def register_paper(rows: Iterable[Entry], *, period: str, at: datetime) -> Paper:
    """Return the register for print, A4 across with its heading on each sheet."""
    context = {
        "rows": list(rows),
        "header": HEADER,
        "period": period,
        "organisation": Organisation.current(),
        "printed_at": at,
    }
    return Paper.of("so-tiep-nhan", "feedback/print/register.html", context, stylesheet="feedback-print.css")


def register_xlsx(rows: Iterable[Entry]) -> IO[bytes]:
    """Return the register as an open temporary file."""
    return xlsx_file("Sổ tiếp nhận", HEADER, (_cells(row) for row in rows))


def period_of(submissions: Iterable[Submission]) -> str:
    """Return from which day to which day the cases came, in words."""
    moments = [submission.received_on for submission in submissions]
    return f"Từ ngày {min(moments):%d/%m/%Y} đến ngày {max(moments):%d/%m/%Y}" if moments else "Chưa có phản ánh nào"


def _cells(row: Entry) -> list[Value]:
    return [
        row.number,
        row.received_on,
        row.channel,
        row.sender,
        row.summary,
        row.kind,
        row.unit,
        row.due_on,
        row.result,
        row.answered_on,
    ]


def _entry(submission: Any, sender: Sender) -> Entry:
    answered_at = submission.answered_at
    return Entry(
        number=submission.register_entry,
        received_on=submission.received_on,
        channel=submission.get_channel_display(),
        sender=sender.shown,
        summary=_short(submission.title),
        kind=submission.get_subject_display() or submission.get_kind_display(),
        unit=(submission.unit.short_name or submission.unit.name) if submission.unit else "",
        due_on=submission.answer_due_on,
        result=_result(submission),
        answered_on=timezone.localdate(answered_at) if answered_at else None,
    )


def _result(submission: Any) -> str:
    """Return how the case ended, or where it stands."""
    if submission.sent_answers and not submission.is_open:
        return submission.sent_answers[-1].get_outcome_display()
    if submission.status == Submission.Status.FORWARDED:
        return f"Đã chuyển {submission.forwarded_to}"
    return submission.get_status_display()


def _short(text: str) -> str:
    return text if len(text) <= _LETTERS else f"{text[:_LETTERS].rpartition(' ')[0]}…"
