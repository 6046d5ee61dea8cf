"""Keep programs from flooding the office without putting anything in the way of people.

Nothing is refused for what it says: what looks like spam waits for a person in the queue, and its sender gets
the same receipt. Only too many sendings within minutes are put off.
"""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from feedback.contacts import read_phone
from feedback.models import FeedbackSettings
from portal import limits
from portal.text import fold

# Nobody reads, fills in and checks three pages in less.
SHORTEST = timedelta(seconds=3)
# From one network address; a whole office may share one.
MOST_IN_MINUTES = 10
MINUTES = 10
MOST_FILES_A_DAY = 100
MOST_LINKS = 2
# More would not fit the row, and say no more.
_MOST_REASONS = 4

_FORM_SALT = "feedback.form"

_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
_MARKUP = re.compile(r"\[url[=\]]|<a\s+href|\[/?link\]", re.IGNORECASE)
_LATIN = re.compile(r"[a-zđ]")
_LETTER = re.compile(r"[^\W\d_]")
# As folded; words that no opinion on a procedure has.
_TRADE = re.compile(
    r"\b(?:casino|viagra|cialis|ca cuoc|ca do bong da|nha cai uy tin|danh bai online|xo so online|forex"
    r"|vay tien nhanh|dich vu seo|backlinks?|tang like|hut ham cau|thuoc giam can)\b"
)


@dataclass(frozen=True)
class Sending:
    """What is about to be sent, as far as it may tell of a program."""

    started_at: datetime
    visitor: str  # network address
    contact: str  # of `contact_key`
    texts: Iterable[str]
    trapped: bool = False  # a field was filled in that people do not see
    formless: bool = False  # came without a form that the portal gave out


def contact_key(phone: str, email: str) -> str:
    """Return a keyed hash of the telephone number, else of the e-mail address; empty without either."""
    contact = read_phone(phone) or phone.strip() or email.strip().lower()
    return salted_hmac("feedback.contact", contact, algorithm="sha256").hexdigest() if contact else ""


def form_token(*, at: datetime) -> str:
    """Return what a form carries to tell when it was opened."""
    return signing.dumps(int(at.timestamp()), salt=_FORM_SALT)


def opened_at(token: str) -> datetime | None:
    """Return when the form was opened; nothing for a token that is not ours."""
    try:
        return datetime.fromtimestamp(signing.loads(token, salt=_FORM_SALT), tz=timezone.get_current_timezone())
    except signing.BadSignature:
        return None


def is_over_the_limit(visitor: str, *, at: datetime) -> bool:
    """Count one more sending from the network address; return whether there are too many within minutes."""
    window = int(at.timestamp()) // (60 * MINUTES)
    on = timezone.localdate(at)
    return not limits.allows("feedback-minutes", f"{window} {visitor}", most=MOST_IN_MINUTES, on=on)


def may_add_file(visitor: str, *, at: datetime) -> bool:
    """Count one more file from the network address; return whether it is within the day's number."""
    return limits.allows("feedback-file", visitor, most=MOST_FILES_A_DAY, on=timezone.localdate(at))


def suspicion(sending: Sending, settings: FeedbackSettings, *, at: datetime) -> str:
    """Return why a person should look first, in Vietnamese; empty where nothing is suspect. Counts the sending."""
    on = timezone.localdate(at)
    from_here = limits.allows("feedback-day", sending.visitor, most=settings.most_a_day_from_address, on=on)
    from_person = not sending.contact or limits.allows(
        "feedback-contact", sending.contact, most=settings.most_a_day_from_contact, on=on
    )
    reasons = [
        (sending.trapped, "điền cả ô ẩn mà người đọc không thấy"),
        (sending.formless, "gửi không qua biểu mẫu của trang"),
        (at - sending.started_at < SHORTEST, "điền xong nhanh bất thường"),
        (not from_here, "quá nhiều lượt gửi trong ngày từ một địa chỉ mạng"),
        (not from_person, "quá nhiều lượt gửi trong ngày của một người"),
        *_of_text("\n".join(sending.texts)),
    ]
    found = ", ".join([reason for holds, reason in reasons if holds][:_MOST_REASONS])
    return f"{found[:1].upper()}{found[1:]}"


def _of_text(text: str) -> list[tuple[bool, str]]:
    folded = fold(text)
    letters = _LETTER.findall(folded)
    foreign = len(letters) - len(_LATIN.findall(folded))
    return [
        (len(_LINK.findall(text)) > MOST_LINKS, "có nhiều liên kết"),
        (bool(_MARKUP.search(text)), "có mã chèn liên kết"),
        (bool(_TRADE.search(folded)), "có từ ngữ quảng cáo"),
        (2 * foreign > len(letters), "không viết bằng tiếng Việt"),
    ]


_NUMBERS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"]
_READ_AS = {
    **{fold(word): number for number, word in enumerate(_NUMBERS)},
    **{str(number): number for number in range(len(_NUMBERS))},
    "tu": 4,
}


@dataclass(frozen=True)
class Challenge:
    """A question that everybody can answer; asked only while the office is under attack."""

    question: str
    token: str  # what the form carries; without the key it tells nothing of the answer


def challenge(draft_token: str) -> Challenge:
    """Return a new question for one draft."""
    first, second = 1 + secrets.randbelow(5), 1 + secrets.randbelow(5)
    nonce = secrets.token_hex(8)
    question = f"{_NUMBERS[first].capitalize()} cộng {_NUMBERS[second]} bằng mấy?"
    return Challenge(question, f"{nonce}-{_mark(nonce, draft_token, first + second)}")


def is_answered(token: str, typed: str, draft_token: str) -> bool:
    """Return whether the text, a number in figures or in words, answers the question that was put to the draft."""
    nonce, _, mark = token.partition("-")
    answer = _READ_AS.get(fold(typed).strip(" ."))
    return answer is not None and constant_time_compare(mark, _mark(nonce, draft_token, answer))


def _mark(nonce: str, draft_token: str, answer: int) -> str:
    return salted_hmac("feedback.challenge", f"{nonce} {draft_token} {answer}", algorithm="sha256").hexdigest()
