"""Letters about a case as DOCX in the official layout: receipt, transfer, refusal (NĐ 20/2008 Đ9.1).

An officer completes, numbers and signs them. Who sent the case stands in a letter only where the caller passes it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils import timezone

from feedback.access import Sender
from feedback.models import Event, FeedbackSettings, Submission
from portal.models import Organisation
from portal.official_documents import OfficialDocument, Signer

# To be written by hand, where the letter does not name the sender.
# Lines may break inside it: kept whole, it would pull the words before it apart.
BLANK = "…\u200b" * 24
_OFFICE = "VP"  # in the number and below "Nơi nhận"


class Kind(TextChoices):
    RECEIPT = "receipt", "Giấy tiếp nhận"
    TRANSFER = "transfer", "Phiếu chuyển"
    REFUSAL = "refusal", "Thông báo không tiếp nhận"


@dataclass(frozen=True)
class _Case:
    """What a letter is written from."""

    submission: Submission
    sender: Sender | None
    organisation: Organisation
    document: OfficialDocument

    # What is not kept (any more) is written by hand as well.

    @property
    def name(self) -> str:
        return (self.sender.shown if self.sender else "") or BLANK

    @property
    def address(self) -> str:
        return (self.sender.address if self.sender else "") or BLANK

    @property
    def described(self) -> str:
        entry = self.submission.register_entry
        return (
            f"{self.submission.get_kind_display().lower()} vào sổ số {entry} ngày {_day(self.submission.received_on)}"
        )


def kinds(submission: Submission) -> list[Kind]:
    """Return the letters that fit what happened to the case."""
    status = Submission.Status
    found = [Kind.RECEIPT] if submission.register_number and submission.status != status.REJECTED else []
    if submission.status == status.FORWARDED:
        found.append(Kind.TRANSFER)
    if submission.status == status.REJECTED:
        found.append(Kind.REFUSAL)
    return found


def letter(kind: Kind, submission: Submission, *, sender: Sender | None = None) -> bytes:
    """Return the letter; without `sender` the places for name and address stay open."""
    organisation = Organisation.current()
    document = OfficialDocument(f"{kind.label} {submission.register_entry}", organisation)
    _WRITERS[kind](_Case(submission, sender, organisation, document))
    return document.content()


def _receipt(case: _Case) -> None:
    document, submission = case.document, case.submission
    document.heading_block(f"{case.organisation.document_symbol}-{_OFFICE}")
    document.title("Giấy tiếp nhận", "Phản ánh, kiến nghị về quy định hành chính")
    at = timezone.localtime(submission.received_at)
    document.paragraph(
        f"{case.organisation.full_name} đã nhận {submission.get_kind_display().lower()} của: {case.name}"
    )
    document.paragraph(f"Địa chỉ: {case.address}")
    document.paragraph(f"Nhận lúc {at:%H} giờ {at:%M} ngày {_day(submission.received_on)}.")
    document.paragraph(f"Kênh tiếp nhận: {submission.get_channel_display()}.")
    document.paragraph(f"Số vào sổ: {submission.register_entry}. Mã biên nhận: {submission.shown_code}.")
    document.paragraph(f"Nội dung: {submission.title}")
    if submission.unit:
        document.paragraph(f"Đơn vị xử lý: {submission.unit.name}.")
    if submission.answer_due_on:
        document.paragraph(f"Hạn trả lời: ngày {_day(submission.answer_due_on)}.")
    if phone := _phone(case.organisation):
        document.paragraph(f"Cần hỏi về việc giải quyết, gọi số {phone} và nêu mã biên nhận.")
    _close(case, ["Người gửi"])


def _transfer(case: _Case) -> None:
    document, submission = case.document, case.submission
    document.heading_block(f"PC-{case.organisation.document_symbol}")
    document.title("Phiếu chuyển", "Phản ánh, kiến nghị của cá nhân, tổ chức")
    document.addressee(submission.forwarded_to or BLANK)
    document.paragraph(
        f"{case.organisation.full_name} nhận được {case.described} của: {case.name}; địa chỉ: {case.address}."
    )
    document.paragraph(f"Nội dung: {submission.title}")
    document.paragraph(submission.content)
    if submission.proposed_solution:
        document.paragraph(f"Đề xuất của người gửi: {submission.proposed_solution}")
    document.paragraph(
        "Việc này thuộc thẩm quyền của quý cơ quan. Căn cứ Điều 9 Nghị định số 20/2008/NĐ-CP, "
        f"{case.organisation.name} chuyển phản ánh, kiến nghị nêu trên để xem xét, xử lý, trả lời người gửi "
        "theo quy định."
    )
    _reason(case, Event.Verb.FORWARD, "Lý do chuyển")
    _close(case, ["Như trên", "Người gửi (để biết)"])


def _refusal(case: _Case) -> None:
    document = case.document
    document.heading_block(f"TB-{case.organisation.document_symbol}")
    document.title("Thông báo", "Về việc không tiếp nhận phản ánh, kiến nghị")
    document.addressee(case.name)
    document.paragraph(f"Địa chỉ: {case.address}")
    document.paragraph(f"{case.organisation.full_name} đã xem xét {case.described}: {case.submission.title}")
    document.paragraph(
        "Căn cứ Điều 7 và Điều 9 Nghị định số 20/2008/NĐ-CP, phản ánh, kiến nghị này chưa đủ điều kiện tiếp nhận."
    )
    _reason(case, Event.Verb.REJECT, "Lý do")
    document.paragraph(
        f"Người gửi có thể bổ sung cho đủ rồi gửi lại. Cần hướng dẫn, gọi số {_phone(case.organisation) or BLANK}."
    )
    _close(case, ["Như trên"])


def _reason(case: _Case, verb: Event.Verb, label: str) -> None:
    # A remark for staff only does not leave the house.
    event = case.submission.events.filter(verb=verb, public=True).last()
    case.document.paragraph(f"{label}: {event.remark if event and event.remark else BLANK}")


def _close(case: _Case, recipients: list[str]) -> None:
    rules = FeedbackSettings.current()
    signer = Signer(rules.signer_authority, rules.signer_post)
    case.document.signature(signer, [*recipients, f"Lưu: VT, {_OFFICE}"])


def _phone(organisation: Organisation) -> str:
    """Return the number to ask at, in one piece."""
    return (organisation.help_phone or organisation.phone).replace(" ", "\u00a0")


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


_WRITERS: dict[Kind, Callable[[_Case], None]] = {
    Kind.RECEIPT: _receipt,
    Kind.TRANSFER: _transfer,
    Kind.REFUSAL: _refusal,
}
