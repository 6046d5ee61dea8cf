"""Telephone numbers as people write them."""

import re

_GAPS = re.compile(r"[\s.\-()/]+")
_COUNTRY = re.compile(r"(?:\+|00)840?|84(?=[235789]\d{8,9}$)")
# Mobile numbers have ten digits, lines with an area code ten or eleven.
_VIETNAMESE = re.compile(r"0[35789]\d{8}|02\d{8,9}")
_FOREIGN = re.compile(r"\+(?!84)[1-9]\d{6,14}")


def read_phone(typed: str) -> str:
    """Return the number in one form, e.g. "0903000000"; empty where it cannot be a telephone number.

    Takes gaps, dots and +84; numbers abroad begin with + (NĐ 20/2008 Đ3: Vietnamese and foreigners alike).
    """
    digits = _GAPS.sub("", typed.strip())
    national = _COUNTRY.sub("0", digits, count=1) if _COUNTRY.match(digits) else digits
    if _VIETNAMESE.fullmatch(national):
        return national
    foreign = re.sub(r"^00", "+", digits)
    return foreign if _FOREIGN.fullmatch(foreign) else ""


def show_phone(number: str) -> str:
    """Return a number of `read_phone` in groups, as people read it out: 0903 000 000."""
    if number.startswith("+") or not number:
        return number
    return f"{number[:4]} {number[4:7]} {number[7:]}"
