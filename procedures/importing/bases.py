"""Numbers of văn bản: 142/2020/NĐ-CP as everybody writes it, taken out of whatever stands around it."""

import re
from collections.abc import Iterable
from datetime import date

from procedures.importing import cleaning
from procedures.importing.records import BasisRecord
from procedures.models import LegalDocument

NUMBER = re.compile(
    r"(?<![\w/.])\d+[A-Za-z]?(?:\.\d+)*\.?\s*/\s*\.?(?:\d{4}\s*/\s*)?"  # 66.16/2026/ or 949/
    r"[A-ZĐ][A-ZĐa-zđ\d]*"
    r"(?:\s?[-–/_]\s?(?:[A-ZĐ]{2,}[A-ZĐa-zđ\d]*)|[-/][A-ZĐ][A-ZĐa-zđ\d]*)*"
)
# The same written in small letters: 210/2016/tt-btc.
_SMALL_NUMBER = re.compile(r"(?<![\w/.])\d+/\d{4}/(?:tt|nđ|nd|qđ|qd|nq|ttlt|qh)[a-zđ\d]*(?:-[a-zđ]+)*", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_KIND = (
    r"(?:Bộ luật|Luật|Nghị quyết liên tịch|Nghị quyết|Nghị định|Thông tư liên tịch|Thông tư|Quyết định|Pháp lệnh|"
    r"Văn bản hợp nhất|Hiến pháp|Chỉ thị|Công văn)"
)
_ONLY_NUMBER = re.compile(rf"(?:{_KIND})?\s*(?:số)?\s*[:.]?\s*", re.IGNORECASE)
_NO_BASIS = re.compile(r"Không có thông tin|Chưa có thông tin", re.IGNORECASE)
_DECISION_WORDS = re.compile(r"^(?:Quyết định)?\s*(?:số)?\s*:?\s*", re.IGNORECASE)

# What stands after the last stroke of a number, and the kind that it tells.
_KINDS = [
    (re.compile(r"QH\d*$"), LegalDocument.Kind.LAW),
    (re.compile(r"NĐ-"), LegalDocument.Kind.DECREE),
    (re.compile(r"NQ(?:LT)?(?:-|\d|$)|UBTVQH"), LegalDocument.Kind.RESOLUTION),
    (re.compile(r"CT-"), LegalDocument.Kind.DIRECTIVE),
    (re.compile(r"TT(?:LT)?-"), LegalDocument.Kind.CIRCULAR),
    (re.compile(r"QĐ-"), LegalDocument.Kind.DECISION),
    (re.compile(r"KH-"), LegalDocument.Kind.PLAN),
]


def number_in(text: str) -> str:
    """Return the first number of a văn bản in the text, written as the law writes it; or ""."""
    found = NUMBER.search(text)
    if found:
        return _written(found[0])
    small = _SMALL_NUMBER.search(text)
    return _written(small[0].upper().replace("TTG", "TTg")) if small else ""


def _written(number: str) -> str:
    number = _SPACES.sub("", number).replace("–", "-").replace("_", "-").replace("./", "/").replace("/.", "/")
    return re.sub(r"\bND-CP\b", "NĐ-CP", re.sub(r"\bQD-", "QĐ-", number))


def kind_of(number: str) -> LegalDocument.Kind:
    """Return the kind of văn bản that the number tells; 54/2014/QH13 may be a resolution, but seldom is."""
    symbol = number.rpartition("/")[2]
    return next((kind for pattern, kind in _KINDS if pattern.match(symbol)), LegalDocument.Kind.OTHER)


def decision_number(text: str | None) -> str:
    """Return the number of a quyết định công bố, as given where it has no usual form."""
    given = cleaning.one_line(text)
    return number_in(given) or _DECISION_WORDS.sub("", given).strip(" .")


def basis(
    number: str | None, title: str | None = "", issuer: str | None = "", issued_on: date | None = None
) -> BasisRecord | None:
    """Return a BasisRecord of what a source gives; None where it names no document at all."""
    given, title = cleaning.one_line(number), cleaning.one_line(title)
    given = "" if _NO_BASIS.match(given) else given
    title = "" if _NO_BASIS.match(title) else title
    known = number_in(given) or number_in(title)
    if not (known or given or title):
        return None
    if not known and title and not names_a_document(given):
        # Half a number ("54") finds nothing; the law's own name does.
        return BasisRecord(title.strip(" ;"), "", cleaning.one_line(issuer), issued_on)
    return BasisRecord(known or given.strip(" ;"), _title(title, known), cleaning.one_line(issuer), issued_on)


def names_a_document(number: str) -> bool:
    """Tell whether a document can be found by this: a bare number or a bare "Thông tư" is none."""
    return any(letter.isalpha() for letter in number) and not _ONLY_NUMBER.fullmatch(number)


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
