"""Text as the sources give it, freed of page noise, scraps of HTML and placeholders."""

import html
import re

from portal.text import fold, tidy

_LATIN = [*map(chr, range(0x41, 0x250)), *map(chr, range(0x1E00, 0x1F00))]
# For character classes: the alphabet's order of code points mixes small letters and capitals.
SMALL = "".join(filter(str.islower, _LATIN))
CAPITAL = "".join(filter(str.isupper, _LATIN))

_BREAKING_TAG = re.compile(r"<br\s*/?>|</?(?:p|div|li|ul|ol|tr|table|tbody|h[1-6])(?:\s[^<>]*)?/?>", re.IGNORECASE)
_OTHER_TAG = re.compile(r"</?(?:a|b|i|u|em|strong|span|font|sup|sub|td|th)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Word's own bullets, which no other font has.
_PRIVATE_BULLET = re.compile("^[ \\t]*[\ue000-\uf8ff][ \\t]*", re.MULTILINE)
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_ETH = str.maketrans("Ðð", "Đđ")  # Latin letters eth that stand for the Vietnamese letters they look like

_LINK = re.compile(r"\[([^\[\]]*)\]\((https?://[^)\s]*)\)")
_LIST_MARK = re.compile(r"(?:[a-zđ]{1,2}|[ivx]+)(?:\.\d+)*[.)/]", re.IGNORECASE)
_BULLETS = re.compile(r"^(?:[-+*•●▪·–—\u20f0]\s*)+")
# What the page shows below the results, down to its buttons.
_PAGE_NOISE = re.compile(r"Từ khóa.{0,2000}?Mô tả.*$|Chọn cơ quan thực hiện.*?Nộp hồ sơ\s*$", re.DOTALL)

PLACEHOLDERS = {
    "",
    "khong",
    "khong co",
    "khong co thong tin",
    "chua co",
    "chua co thong tin",
    "chua xac dinh",
    "chua xac dinh ro",
    "khong xac dinh",
    "n/a",
    "null",
    "none",
}
# What a requirement that is none is called, besides.
NO_REQUIREMENTS = {
    "khong yeu cau",
    "khong quy dinh",
    "khong co yeu cau",
    "khong co dieu kien",
    "khong co yeu cau, dieu kien",
    "khong yeu cau, dieu kien",
    "khong co quy dinh",
}


def clean(text: str | None) -> str:
    """Return tidy NFC text; "" where the source only says that it has nothing."""
    text = plain(text)
    return "" if is_placeholder(text) else text


def plain(text: str | None) -> str:
    """Return tidy NFC text without HTML and invisible characters, placeholders kept."""
    if not text:
        return ""
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _OTHER_TAG.sub("", _BREAKING_TAG.sub("\n", text))
    text = _INVISIBLE.sub("", text.translate(_ETH))
    text = _PRIVATE.sub("", _PRIVATE_BULLET.sub("- ", text))
    return "\n".join(line.strip() for line in tidy(text).split("\n"))


def is_placeholder(text: str, also: set[str] = frozenset()) -> bool:  # type: ignore[assignment]
    """Tell whether the text stands for "nothing here"."""
    if len(text) > 60:
        return False
    folded = fold(text).strip(" .:;,-–_*+/()#\n\t")
    return folded in PLACEHOLDERS or folded in also or folded.startswith("khong co thong tin ")


def one_line(text: str | None) -> str:
    """Return clean text on a single line, as names and numbers are written."""
    return " ".join(clean(text).split())


def without_bullet(text: str) -> str:
    """Return a line without the dashes and stars before it."""
    return _BULLETS.sub("", text.strip()).strip()


def without_links(text: str) -> str:
    """Return text without Markdown links; the name of the linked file goes as well."""
    return _LINK.sub("", text)


def links(text: str) -> list[tuple[str, str]]:
    """Return (name, address) of each Markdown link; addresses without the quotes some carry."""
    return [(name.strip(), url.replace("'", "")) for name, url in _LINK.findall(text)]


def joined(text: str) -> str:
    """Put together again the sentences that the source broke over several lines."""
    lines: list[str] = []
    for line in text.split("\n"):
        if lines and _continues(lines[-1], line):
            lines[-1] += " " + line
        else:
            lines.append(line)
    return "\n".join(lines)


def _continues(before: str, line: str) -> bool:
    return (
        line[:1].islower()
        and not _LIST_MARK.match(line)
        and before[-1:] not in ".;:!?"
        and not re.match(r"bước \d", line)
    )


def paragraphs(text: str | None) -> str:
    """Return clean text whose lines are whole sentences; a text that stands there twice, once."""
    return once(joined(clean(text)))


def once(text: str) -> str:
    """Return the text, or its first half where the second half says the same again."""
    lines = text.split("\n")
    half, odd = divmod(len(lines), 2)
    if half and not odd and lines[:half] == lines[half:]:
        return "\n".join(lines[:half])
    return text


def requirements(text: str | None) -> str:
    cleaned = paragraphs(text)
    return "" if is_placeholder(cleaned, NO_REQUIREMENTS) else cleaned


_STEP = r"B[ưu]ớc\s+(?P<number>\d{1,2})"
# A step begins a line when its number is followed by a stop and what stands before does not lead into it.
_STEP_INSIDE = re.compile(
    rf"(?P<before>\S)[ \t]*[-+*•–]?[ \t]*(?P<step>{_STEP}\s*(?:[:.]|[-–](?=\s))\s*(?=[{CAPITAL}+*-]))"
)
# The source's own numbering of steps that are already numbered: "1. Bước 1:".
_NUMBER_BEFORE_STEP = re.compile(r"^\d{1,2}\.\s*(?=[-+*•]?\s*B[ưu]ớc\s+\d)", re.MULTILINE)
_LEADS_IN = re.compile(r"(?:tại|ở|theo|của|từ|sau|và|đến|trong|qua|lại|các|với|hoặc|khoản|mục|điểm)\s*$", re.IGNORECASE)
_STEP_AT_START = re.compile(rf"^[-+*•–●\s]*{_STEP}\s*(?:[:.]|[-–](?=\s)|(?=\n|$))\s*", re.IGNORECASE | re.MULTILINE)


def steps(text: str | None) -> str:
    """Return the trình tự thực hiện with each "Bước N:" at the start of a line."""
    cleaned = _NUMBER_BEFORE_STEP.sub("", paragraphs(text))
    if cleaned.startswith("1. ") and not re.search(r"^2\. ", cleaned, re.MULTILINE):
        cleaned = cleaned.removeprefix("1. ")

    def broken(match: re.Match) -> str:
        if _LEADS_IN.search(cleaned[: match.end("before")].rsplit("\n", 1)[-1]):
            return match[0]
        return f"{match['before']}\n{match['step']}"

    cleaned = _STEP_INSIDE.sub(broken, cleaned)
    return once(_STEP_AT_START.sub(lambda match: f"Bước {int(match['number'])}: ", cleaned).strip())


_RESULT_CODE = re.compile(
    r"\s*\(?\s*Mã:\s*(?:`[^`]*`|Chưa xác định rõ|Không có thông tin"
    rf"|[A-Z\d][\w.-]*?\d(?=[{CAPITAL}\s)(]|$))\s*\)?"
    r"|\s*\(?\bKQ\.[A-Z]\d+\.\d+\)?"
)


def results(text: str | None) -> str:
    """Return the kết quả, one a line, without the codes and the buttons of the page."""
    # Where a full list was joined by commas, a semicolon before the comma still tells its lines.
    text = _PAGE_NOISE.sub("", plain(text)).replace(";, ", ";\n")
    lines = [without_bullet(line) for line in _RESULT_CODE.sub("\n", text).split("\n")]
    kept = dict.fromkeys(line for line in lines if not is_placeholder(line))
    return once(joined("\n".join(kept)))


def keywords_in_noise(text: str | None) -> str:
    """Return the từ khóa that the page noise after the results holds."""
    found = re.search(r"Từ khóa(.*?)Mô tả", plain(text), re.DOTALL)
    return one_line(found[1]) if found else ""


def names(text: str | None) -> str:
    """Return a list of agencies on one line: lines and semicolons become "; "."""
    parts = [part.strip(" ;\n") for part in re.split(r"[;\n]", clean(text))]
    return "; ".join(dict.fromkeys(part for part in parts if part))
