"""Sums and checks between the columns of one row: 3 = 4+5+6, and 3 = 7+11 (RULES R6)."""

import re
from collections.abc import Iterable, Mapping

from reports.models import Indicator, IndicatorCheck, ReportForm

_PART = re.compile(r"([+-]?)\s*([a-z0-9._]+)")  # sign and code


def codes(formula: str) -> list[str]:
    """Return the columns that a formula names."""
    return [code for _, code in _PART.findall(formula)]


def evaluate(formula: str, values: Mapping[str, int | None]) -> int | None:
    """Return the sum of what is known; missing only where nothing is."""
    parts = [(sign, values.get(code)) for sign, code in _PART.findall(formula)]
    known = [-value if sign == "-" else value for sign, value in parts if value is not None]
    return sum(known) if known else None


def complete(columns: Iterable[Indicator], values: Mapping[str, int | None]) -> dict[str, int | None]:
    """Return the values with those of the columns that have a formula, sums of sums included."""
    formulas = {column.code: column.formula for column in columns if column.formula}
    known: dict[str, int | None] = {code: value for code, value in values.items() if code not in formulas}

    def find(code: str) -> int | None:
        if code not in known:
            known[code] = None  # a formula that leads back to itself has no value
            if code in formulas:
                known[code] = evaluate(formulas[code], {part: find(part) for part in codes(formulas[code])})
        return known[code]

    for code in formulas:
        find(code)
    return known


def failed(form: ReportForm, values: Mapping[str, int | None]) -> list[IndicatorCheck]:
    """Return the checks that do not hold of a row; `values` as `complete` gives them. What is missing fails nothing."""
    return [check for check in form.checks.all() if not _holds(check, values)]


def _holds(check: IndicatorCheck, values: Mapping[str, int | None]) -> bool:
    left, right = evaluate(check.left, values), evaluate(check.right, values)
    if left is None or right is None:
        return True
    return left == right if check.relation == IndicatorCheck.Relation.EQUAL else left <= right
