"""Numbers as they are typed, columns that are counted from others, and what must hold between columns."""

import re
from collections.abc import Iterable, Mapping

from reports.models import Indicator, IndicatorCheck, ReportForm

Values = Mapping[str, int | None]

_PARTS = re.compile(r"([+-]?)\s*([a-z0-9._]+)")  # sign and code, as in 4+5-6
_NUMBER = re.compile(r"\d+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?: \d{3})+")
_SPACES = re.compile(r"\s+")
MOST_DIGITS = 12
HOW_TO_WRITE = "Ghi số nguyên không âm, ví dụ: 0 hoặc 1.234."


def read_number(text: str) -> int | None:
    """Return what "1.234", "1 234" or "1234" says, nothing for an empty text; raises ValueError, in Vietnamese."""
    text = _SPACES.sub(" ", text).strip()
    if not text:
        return None
    if not (text.isascii() and _NUMBER.fullmatch(text)):
        raise ValueError(HOW_TO_WRITE)
    digits = text.replace(".", "").replace(" ", "")
    if len(digits.lstrip("0")) > MOST_DIGITS:
        raise ValueError(f"Số dài quá {MOST_DIGITS} chữ số; xem lại số đã ghi.")
    return int(digits)


def codes_in(formula: str) -> list[str]:
    """Return the codes that "7+11" or "4+5-6" names."""
    return [code for _, code in _PARTS.findall(formula)]


def evaluate(formula: str, values: Values) -> int | None:
    """Return the sum of what is known of "4+5-6"; missing only where every part is."""
    parts = [(sign, values.get(code)) for sign, code in _PARTS.findall(formula)]
    known = [-value if sign == "-" else value for sign, value in parts if value is not None]
    return sum(known) if known else None


def with_formulas(formulas: Mapping[str, str], values: Values) -> dict[str, int | None]:
    """Return the values with those of the formulas, by code; sums of sums included."""
    found: dict[str, int | None] = {code: value for code, value in values.items() if code not in formulas}

    def find(code: str) -> int | None:
        if code not in found:
            found[code] = None  # a formula that leads back to itself has no value
            if code in formulas:
                found[code] = evaluate(formulas[code], {part: find(part) for part in codes_in(formulas[code])})
        return found[code]

    for code in formulas:
        find(code)
    return {code: value for code, value in found.items() if code in values or code in formulas}


def complete(form: ReportForm, values: Values) -> dict[str, int | None]:
    """Return the values of one row with the columns that the form counts from others."""
    return with_formulas(formulas_of(form.indicators.all()), values)


def formulas_of(indicators: Iterable[Indicator]) -> dict[str, str]:
    return {one.code: one.formula for one in indicators if one.supplier == Indicator.Supplier.FORMULA}


def failed(form: ReportForm, values: Values) -> list[IndicatorCheck]:
    """Return the checks that do not hold in one row; what cannot be compared is not wrong."""
    known = complete(form, values)
    return [check for check in form.checks.all() if not _holds(check, known)]


def _holds(check: IndicatorCheck, values: Values) -> bool:
    left, right = evaluate(check.left, values), evaluate(check.right, values)
    if left is None or right is None:
        return True
    return left == right if check.relation == IndicatorCheck.Relation.EQUAL else left <= right
