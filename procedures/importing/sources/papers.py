"""Thành phần hồ sơ: quantities, forms and cases, in the ways the sources write them."""

import re

from procedures.importing import cleaning
from procedures.importing.records import FormRecord, ItemRecord

_SETS = re.compile(r"[Ss]ố lượng(?: hồ sơ)?\s*:?\s*(\d{1,2})\s*(?:\([^()]*\)\s*)?bộ(?: hồ sơ)?", re.IGNORECASE)
# Headings that name no case: the papers below are asked for always.
_NO_CASE = re.compile(r"(?:--|bao gồm|thành phần hồ sơ|hồ sơ(?: bao)? gồm|giấy tờ phải nộp)?\W*", re.IGNORECASE)
_BEFORE_NAME = re.compile(r"^[-+*•●▪·–—\u20f0).,;:\s]+")
QUANTITY = re.compile(r"Bản chính\s*:\s*(\d+)\s*[-,;\n]?\s*Bản sao\s*:\s*(\d+)", re.IGNORECASE)


Quantity = str | int | None


def quantities(originals: Quantity, copies: Quantity) -> tuple[int | None, int | None]:
    """Return the two numbers; neither where both are zero: then the line is no paper to be counted."""
    given = (str(value or "").strip() for value in (originals, copies))
    numbers = [int(value) if value.isdigit() else 0 for value in given]
    if not any(numbers) or max(numbers) > 999:
        return None, None
    return numbers[0], numbers[1]


def item(
    name: str,
    case: str = "",
    originals: Quantity = None,
    copies: Quantity = None,
    form: FormRecord | None = None,
    note: str = "",
) -> ItemRecord | None:
    """Return one paper; None where the line only says how many sets to hand in, or nothing."""
    name = _BEFORE_NAME.sub("", cleaning.paragraphs(name)).rstrip(" ;")
    if cleaning.is_placeholder(name, cleaning.NO_REQUIREMENTS | {"0"}) or is_only_sets(name):
        return None
    name = name[0].upper() + name[1:]
    first, second = quantities(originals, copies)
    return ItemRecord(name, case_name(case), first, second, form, note)


def case_name(heading: str) -> str:
    """Return the case that a heading names; "" where it stands for every case."""
    heading = cleaning.without_bullet(cleaning.one_line(heading).strip("[] "))
    if is_only_sets(heading) or _NO_CASE.fullmatch(heading):
        return ""
    return heading.rstrip(" :;")


def sets(text: str) -> int | None:
    """Return the số bộ hồ sơ that the text names."""
    found = _SETS.search(text)
    return int(found[1]) or None if found else None


def is_only_sets(text: str) -> bool:
    return bool(_SETS.fullmatch(text.strip(" [].*-+;")))


def form(name: str, url: str = "") -> FormRecord | None:
    """Return a form; an address that leads nowhere (`...?ma=`) is left out."""
    name, url = cleaning.one_line(name), url.strip().replace("'", "")
    if not url.startswith(("http://", "https://")) or url.endswith("=") or len(url) > 500:
        url = ""
    if cleaning.is_placeholder(name) and not url:
        return None
    return FormRecord(name[:300].strip(), url)


def with_cases(items: list[ItemRecord | None]) -> list[ItemRecord]:
    """Return the papers; a single heading over all of them is no case unless it says so."""
    kept = [item for item in items if item]
    cases = {item.case for item in kept}
    if len(cases) == 1 and not re.match(r"(?:đối với|trường hợp|nếu)\b", kept[0].case, re.IGNORECASE):
        for item in kept:
            item.case = ""
    return kept
