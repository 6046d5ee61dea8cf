"""A short name proposed from the official one, for staff to confirm."""

import re
from pathlib import Path

from portal.text import nfc
from procedures.models import SHORT_NAME_LENGTH

# Shorter than this a name no longer says what the procedure is about.
_LEAST_LENGTH = 20
_LEADING = re.compile(r"^(?:thủ tục|tthc)(?: hành chính)?\s*[:.\-–]?\s+", re.IGNORECASE)
_LEGAL_TAIL = re.compile(
    r"[\s,;-]+(?:theo|được|như)?\s*(?:quy định|ban hành|nêu|hướng dẫn)\s+(?:tại|của|trong|kèm theo|ở|theo)\s.*$"
    r"|[\s,;-]+theo\s+(?:Nghị định|Nghị quyết|Thông tư|Quyết định|Luật|Bộ luật|Pháp lệnh|Hiệp định|khoản|điểm|Điều)"
    r"\s.*$"
)
_BRACKETS = re.compile(r"\s*\([^()]*\)")
_LAST_BRACKET = re.compile(r"\s*\((?P<inside>[^()]{8,})\)$")
# What stands in brackets only to narrow down or to refer; what names the case itself is kept.
_SIDE_REMARK = re.compile(
    r"(?:trừ|ngoại trừ|bao gồm|gồm|không|kể cả|quy định|theo|nếu|sau đây|gọi|đã|được|thuộc|áp dụng|bổ sung"
    r"|thực hiện)\b",
    re.IGNORECASE,
)
_SHORTER = (
    ("Ủy ban nhân dân", "UBND"),
    ("Hội đồng nhân dân", "HĐND"),
    ("trách nhiệm hữu hạn", "TNHH"),
    ("có vốn đầu tư nước ngoài", "có vốn nước ngoài"),
)

# Where a phrase may end: before these words, the first kind being the better place.
_STRONG = re.compile(
    r"\s+(?=(?:đối với|trong trường hợp|trong phạm vi|trong quá trình|trên địa bàn|trường hợp|thuộc|nhằm|của|theo"
    r"|cho|để|do|tại|bằng|qua|thông qua|khi|ở|từ|trên|giữa|mà|có)\b)|\s*[;:]\s|\s+[-–]\s",
    re.IGNORECASE,
)
_WEAK = re.compile(
    r"\s*,\s|\s+(?=(?:và|hoặc|cùng|với|trong|về|vào|liên quan|phục vụ|trừ|không|được mua)\b)", re.IGNORECASE
)
_STRONG_BONUS = 12
# After a comma these go on with a list whose common object is still to come.
_LIST_GOES_ON = re.compile(
    r"\s*,\s(?:cấp|sửa|bổ sung|gia hạn|điều chỉnh|thu hồi|hủy|chấm dứt|thay đổi|chỉ định|lắp đặt|bảo dưỡng|thẩm định"
    r"|phê duyệt|công nhận|đăng ký|duy trì|tạm dừng|mở rộng|thành lập|giải thể|tổ chức lại|đặt hàng|tuyển chọn|đánh giá"
    r"|nâng|miễn|giảm|xếp|tiếp nhận|nhập khẩu|xuất khẩu|vận chuyển|kinh doanh|khai thác|chế biến)\b",
    re.IGNORECASE,
)
_SET_PHRASE = re.compile(r"khoa học và công nghệ|bức xạ và hạt nhân", re.IGNORECASE)
# Words of two syllables that a cut would tear.
_COMPOUNDS = frozenset((Path(__file__).parent / "compounds.txt").read_text(encoding="utf-8").split("\n"))
# Words that a phrase cannot end with.
_DANGLING = re.compile(
    r"[\s,;:/–-]+(?:của|và|cho|đối|đối với|hoặc|từ|các|những|một|có|được|không|bị|theo|để|tại|trong|với|về|là|do|thuộc"
    r"|trên|dưới|khi|mà|đã|sẽ|nhằm|số|loại|trừ|nơi|việc|như|hay|bởi|ở|ra|vào|giữa|bằng|qua|sau|trước|cùng|mới"
    r"|trường hợp|đến|lên|đang|chưa|phải|cần|quá trình|nội dung của)$",
    re.IGNORECASE,
)


def propose(name: str) -> str:
    """Return a name of at most 80 characters, cut where a phrase ends and never inside a word."""
    text = _LEADING.sub("", " ".join(nfc(name).split())).strip(" .;,:")
    text = text[:1].upper() + text[1:]
    if _fits(text):
        return text
    for shorter in (_without_legal_tail, _with_case, _without_brackets, _abbreviated):
        text = shorter(text)
        if _fits(text):
            return text
    return _cut(text)


def _fits(text: str) -> bool:
    return len(text) <= SHORT_NAME_LENGTH


def _without_legal_tail(text: str) -> str:
    shorter = _LEGAL_TAIL.sub("", text)
    return shorter if len(shorter) >= _LEAST_LENGTH and shorter.count("(") == shorter.count(")") else text


def _with_case(text: str) -> str:
    """Turn a last bracket that names the case into "… - case": it tells the procedure from its neighbours."""
    bracket = _LAST_BRACKET.search(text)
    if not bracket or _SIDE_REMARK.match(bracket["inside"]):
        return text
    head = _BRACKETS.sub("", text[: bracket.start()]).strip()
    room = SHORT_NAME_LENGTH - len(head) - 3
    case = bracket["inside"].strip()
    if len(case) > room:
        case = _cut_at_phrase(case, room)
    return f"{head} - {case}" if case else text


def _without_brackets(text: str) -> str:
    shorter = " ".join(_BRACKETS.sub("", text).split()).strip(" ,;")
    # A bracket that is never closed goes with all that follows.
    return shorter.split("(")[0].strip(" ,;") if len(shorter.split("(")[0]) >= _LEAST_LENGTH else shorter


def _abbreviated(text: str) -> str:
    for long, short in _SHORTER:
        text = text.replace(long, short)
    return text


def _cut(text: str, room: int = SHORT_NAME_LENGTH) -> str:
    """Return the beginning of the text, up to the best place at which a phrase ends."""
    at_phrase = _cut_at_phrase(text, room)
    if at_phrase:
        return at_phrase
    words = text[: room + 1].split(" ")[:-1] or [text[:room]]
    following = text[len(" ".join(words)) :].split(maxsplit=1)
    if following and len(words) > 1 and f"{words[-1]} {following[0]}".lower().strip(",;.") in _COMPOUNDS:
        words.pop()
    return _finished(" ".join(words))


def _cut_at_phrase(text: str, room: int) -> str:
    places = [(match.start() + _STRONG_BONUS, match.start()) for match in _STRONG.finditer(text)]
    places += [(match.start(), match.start()) for match in _WEAK.finditer(text)]
    fitting = [
        place
        for place in places
        if _LEAST_LENGTH <= place[1] <= room and not _LIST_GOES_ON.match(text, place[1]) and not _tears(text, place[1])
    ]
    return _finished(text[: max(fitting)[1]]) if fitting else ""


def _tears(text: str, place: int) -> bool:
    """Tell whether a cut at the place would part the syllables of one word."""
    if any(match.start() < place < match.end() for match in _SET_PHRASE.finditer(text)):
        return True
    before, after = text[:place].split(" ")[-1], text[place:].split(maxsplit=1)[0]
    return f"{before} {after}".lower().strip(",;.") in _COMPOUNDS


def _finished(text: str) -> str:
    """Take away the words with which no phrase ends, and a quotation mark that is not closed."""
    text = text.strip(" ,;:–-")
    while (shorter := _DANGLING.sub("", text).strip(" ,;:–-")) and len(shorter) < len(text):
        if _tears(text, len(shorter)):
            break
        text = shorter
    if text.count("“") != text.count("”") or text.count('"') % 2:
        text = re.sub(r"[“”\"]", "", text)
    return text.strip()
