"""How a procedure's time limit, fee and ways to file are said in a line."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.templatetags.vietnamese import money, number, viet_date
from procedures.catalogue import WORKING_DAYS
from procedures.models import DossierItem, Fee, Procedure, ProcedureChange, SubmissionMethod

UNKNOWN = "Chưa có thông tin"
FREE = "Không thu phí"
# The words of people at the counter; the law's word for the last is "trực tiếp" (NĐ 118/2025 Đ15).
CHANNELS = {"online": "Trực tuyến", "postal": "Bưu chính", "direct": "Tại quầy"}
SHORT_TEXT = 60
Kind = ProcedureChange.Kind


@dataclass(frozen=True)
class Status:
    label: str
    kind: str  # of the tag: "new", "amended" or "repealed"


CHANGE_TAGS = {
    Kind.NEW: Status("Mới", "new"),
    Kind.AMENDED: Status("Sửa đổi", "amended"),
    Kind.REPLACED: Status("Thay thế", "amended"),
    Kind.REPEALED: Status("Bãi bỏ", "repealed"),
    Kind.PROCESS: Status("Quy trình nội bộ", "amended"),
    Kind.FEE: Status("Phí, lệ phí", "amended"),
    Kind.PRICE: Status("Giá dịch vụ", "amended"),
}
CHANGE_SENTENCES = {
    Kind.NEW: "Thủ tục mới được ban hành.",
    Kind.AMENDED: "Một số nội dung của thủ tục thay đổi.",
    Kind.REPLACED: "Thủ tục được thay thế.",
    Kind.REPEALED: "Thủ tục không còn áp dụng.",
    Kind.PROCESS: "Cách giải quyết trong cơ quan thay đổi.",
    Kind.FEE: "Mức phí, lệ phí thay đổi.",
    Kind.PRICE: "Giá dịch vụ thay đổi.",
}


def status(procedure: Procedure, on: date) -> Status:
    if not procedure.is_published:
        return Status("Chưa công khai", "amended")
    if procedure.is_ended(on):
        return Status("Hết hiệu lực", "repealed")
    if procedure.is_upcoming(on):
        return Status(f"Áp dụng từ {viet_date(procedure.in_force_from)}", "amended")
    return Status("Đang áp dụng", "new")


def change_tag(change: ProcedureChange) -> Status:
    """Return a change's kind in the words of lists."""
    return CHANGE_TAGS[Kind(change.kind)]


def change_sentence(change: ProcedureChange) -> str:
    """Return what the change means in one plain sentence: the office's own, or what the decision itself tells."""
    if change.sentence:
        return change.sentence
    if change.kind == Kind.REPLACED and change.successor:
        return f"Thay bằng thủ tục “{change.successor.title}”."
    if change.parts and change.kind != Kind.REPEALED:
        return f"Thay đổi: {', '.join(uncapital(part) for part in change.parts)}."
    return CHANGE_SENTENCES[Kind(change.kind)]


def time_limit(method: SubmissionMethod) -> str:
    """Return the limit of one way to file: "18 ngày làm việc", "0,5 ngày làm việc"; "" where unknown."""
    if method.time_limit is None:
        return method.time_text
    return f"{number(method.time_limit)} {method.get_time_unit_display()}"


def time_summary(methods: Iterable[SubmissionMethod]) -> str:
    """Return the limit in short: "25 ngày", "từ 7 đến 14 ngày"; "" where nothing is known."""
    methods = list(methods)
    numbered = sorted((method for method in methods if method.time_limit is not None), key=_working_days)
    texts = {method.time_text for method in methods if method.time_limit is None and method.time_text}
    if not numbered:
        short = len(texts) == 1 and len(text := next(iter(texts))) <= SHORT_TEXT and "\n" not in text
        return text if short else "tùy trường hợp" if texts else ""
    shortest, longest = time_limit(numbered[0]), time_limit(numbered[-1])
    if shortest == longest:
        summary = longest
    elif numbered[0].time_unit == numbered[-1].time_unit:
        summary = f"từ {number(numbered[0].time_limit)} đến {longest}"
    else:
        summary = f"từ {shortest} đến {longest}"
    return f"{summary}, có trường hợp khác" if texts else summary


def fee_summary(fees: Iterable[Fee]) -> str:
    """Return the fees in short; `fees` are those valid on the day.

    "Không thu phí", "Chưa có thông tin" and an amount are three different things, and an amount
    is never the sum of fees that may not be due together.
    """
    by_kind: dict[str, list[Fee]] = {}
    for fee in fees:
        by_kind.setdefault(fee.kind, []).append(fee)
    said = {kind: _kind_summary(rows) for kind, rows in by_kind.items()}
    if set(said.values()) <= {UNKNOWN.lower()}:
        return UNKNOWN
    if set(said.values()) == {"không thu"}:
        return FREE
    if list(said) == [Fee.Kind.FEE]:
        return capital(said[Fee.Kind.FEE])
    return capital(", ".join(f"{Fee.Kind(kind).label.lower()} {words}" for kind, words in said.items()))


def channel_summary(methods: Iterable[SubmissionMethod]) -> str:
    """Return the ways to file: "trực tuyến, bưu chính, tại quầy"; "" where unknown."""
    offered = {method.channel for method in methods}
    return ", ".join(label.lower() for channel, label in CHANNELS.items() if channel in offered)


def quantity(item: DossierItem) -> str:
    """Return how many to hand in: "1 bản chính, 2 bản sao"; "" where the record does not say."""
    counts = [(item.originals, "bản chính"), (item.copies, "bản sao")]
    return ", ".join(f"{count} {kind}" for count, kind in counts if count)


def _working_days(method: SubmissionMethod) -> Decimal:
    return (method.time_limit or Decimal(0)) * WORKING_DAYS[SubmissionMethod.TimeUnit(method.time_unit)]


def _kind_summary(fees: list[Fee]) -> str:
    amounts = sorted({fee.amount for fee in fees if fee.amount is not None})
    states = {fee.state for fee in fees}
    parts = []
    if Fee.State.FREE in states:
        parts.append("không thu")
    if amounts:
        parts.append(money(amounts[0]) if len(amounts) == 1 else f"từ {money(amounts[0])}")
    if not parts:
        return UNKNOWN.lower()
    summary = " hoặc ".join(parts)
    return f"{summary}, có khoản chưa rõ" if Fee.State.UNKNOWN in states else summary


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def uncapital(text: str) -> str:
    return text[:1].lower() + text[1:]
