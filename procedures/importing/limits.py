"""Thời hạn giải quyết: "18 WORKING_DAY" or "10 Ngày làm việc" as a number and a unit."""

import re
from decimal import Decimal

from portal.text import fold
from procedures.importing import cleaning
from procedures.models import SubmissionMethod

Unit = SubmissionMethod.TimeUnit
Limit = tuple[Decimal | None, str, str]  # number, unit, text: a number with a unit, or a text, or nothing

UNKNOWN: Limit = (None, "", "")
UNITS = {
    "working_day": Unit.WORKING_DAY,
    "ngay lam viec": Unit.WORKING_DAY,
    "day": Unit.DAY,
    "ngay": Unit.DAY,
    "hour": Unit.HOUR,
    "gio": Unit.HOUR,
    "gio lam viec": Unit.HOUR,
    "month": Unit.MONTH,
    "thang": Unit.MONTH,
}
# What goes without saying after a time limit, so that the number says it all.
_FROM_RECEIPT = (
    r"(?:,? (?:ke )?tu (?:ngay|khi) (?:tiep )?nhan (?:duoc |du |day du )*ho so"
    r"(?:(?:,| va)? (?:day du|hop le|theo quy dinh))*)?"
)
_LIMIT = re.compile(
    r"(?:(?:khong qua|toi da|trong thoi han|trong thoi gian|trong vong|trong|thoi han) )*"
    r"(?P<number>\d{1,4}(?:[.,]\d{1,2})?)(?: ?\([^()]*\))? ?"
    rf"(?P<unit>{'|'.join(sorted(UNITS, key=len, reverse=True))}){_FROM_RECEIPT}[.;, ]*"
)
_OTHER = re.compile(r"\s*\bOTHER\s*$")
_EMPTY = {"khac", "other"}


def parse(text: str | None) -> Limit:
    """Read a time limit. A number of which nobody knows what it counts ("1 OTHER") is nothing."""
    given = _OTHER.sub("", cleaning.joined(cleaning.plain(text)).replace("\n", " "))
    given = cleaning.without_bullet(given)
    if cleaning.is_placeholder(given, _EMPTY) or re.fullmatch(r"\d+(?:[.,]\d+)?", given):
        return UNKNOWN
    found = _LIMIT.fullmatch(fold(given))
    if not found:
        return None, "", given
    number = Decimal(found["number"].replace(",", "."))
    return (number, UNITS[found["unit"]], "") if number else UNKNOWN
