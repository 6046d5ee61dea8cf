"""Numbers of văn bản: 142/2020/NĐ-CP as everybody writes it, taken out of whatever stands around it."""

import re
from collections.abc import Iterable
from datetime import date

from procedures.importing import cleaning
from procedures.importing.records import BasisRecord

NUMBER = re.compile(
    r"(?<![\w/.])\d+[A-Za-z]?(?:\.\d+)*\.?\s*/\s*\.?(?:\d{4}\s*/\s*)?"  # 66.16/2026/ or 949/
    r"[A-ZĐ][A-ZĐa-zđ\d]*"
    r"(?:\s?[-–/_]\s?(?:[A-ZĐ]{2,}[A-ZĐa-zđ\d]*)|[-/][A-ZĐ][A-ZĐa-zđ\d]*)*"
)
_SPACES = re.compile(r"\s+")
_KIND = (
    r"(?:Bộ luật|Luật|Nghị quyết liên tịch|Nghị quyết|Nghị định|Thông tư liên tịch|Thông tư|Quyết định|Pháp lệnh|"
    r"Văn bản hợp nhất|Hiến pháp|Chỉ thị|Công văn)"
)
_ONLY_NUMBER = re.compile(rf"(?:{_KIND})?\s*(?:số)?\s*[:.]?\s*", re.IGNORECASE)
_DECISION_WORDS = re.compile(r"^(?:Quyết định)?\s*(?:số)?\s*:?\s*", re.IGNORECASE)


def number_in(text: str) -> str:
    """Return the first number of a văn bản in the text, written as the law writes it; or ""."""
    found = NUMBER.search(text)
    return _written(found[0]) if found else ""


def _written(number: str) -> str:
    number = _SPACES.sub("", number).replace("–", "-").replace("_", "-").replace("./", "/").replace("/.", "/")
    return re.sub(r"\bND-CP\b", "NĐ-CP", re.sub(r"\bQD-", "QĐ-", number))


def decision_number(text: str | None) -> str:
    """Return the number of a quyết định công bố, as given where it has no usual form."""
    given = cleaning.one_line(text)
    return number_in(given) or _DECISION_WORDS.sub("", given).strip(" .")


def basis(
    number: str | None, title: str | None = "", issuer: str | None = "", issued_on: date | None = None
) -> BasisRecord | None:
    """Return a BasisRecord of what a source gives; None where it names no document at all."""
    given, title = cleaning.one_line(number), cleaning.one_line(title)
    known = number_in(given) or number_in(title)
    if not (known or given or title):
        return None
    return BasisRecord(known or given or title, _title(title, known), cleaning.one_line(issuer), issued_on)


def _title(title: str, number: str) -> str:
    """Return the trích yếu, or "" where it only repeats kind and number."""
    rest = NUMBER.sub("", title) if number else title
    if _ONLY_NUMBER.fullmatch(rest.strip(" .,;:-–()")):
        return ""
    return title.strip(" ;")


def distinct(bases: Iterable[BasisRecord | None]) -> list[BasisRecord]:
    """Return each document once, in order, with the longest title that was given."""
    kept: dict[str, BasisRecord] = {}
    for base in bases:
        if base is None:
            continue
        first = kept.setdefault(base.number.casefold(), base)
        if len(base.title) > len(first.title):
            first.title = base.title
    return list(kept.values())
