"""Numbers, changes and days as official Vietnamese documents write them (NĐ 30/2020, Phụ lục I)."""

from datetime import date

from portal.templatetags.vietnamese import number

MISSING = "chưa có số liệu"
NOTHING_TO_COMPARE = "chưa có số liệu để so sánh"


def counted(value: int | None) -> str:
    """Return a number before what it counts: 05, 12, 1.234; nought is 0."""
    if value is None:
        return MISSING
    return f"{value:02}" if 0 < value < 10 else number(value)


def share(part: int | None, whole: int | None) -> str:
    """Return "95,2%"; of nothing there is no share."""
    if part is None or not whole:
        return MISSING
    # All is said of all only, and nothing of nothing only.
    found = round(100 * part / whole, 1)
    if part < whole:
        found = min(found, 99.9)
    return percent(max(found, 0.1) if part else 0)


def percent(value: float) -> str:
    return f"{number(value)}%"


def change(now: int | None, before: int | None, than: str, noun: str = "") -> str:
    """Return "tăng 05 tin, bài (25%) so với quý II năm 2024", or that nothing can be compared."""
    if now is None or before is None:
        return f"{NOTHING_TO_COMPARE} với {than}"
    difference = now - before
    if not difference:
        return f"bằng {than}"
    what = f" {noun}" if noun else ""
    per_cent = f" ({percent(round(abs(difference) * 100 / before, 1))})" if before else ""
    return f"{'tăng' if difference > 0 else 'giảm'} {counted(abs(difference))}{what}{per_cent} so với {than}"


def day(value: date) -> str:
    """Return 05/9/2024: days below 10 and the months 1 and 2 with a zero."""
    month = f"{value.month:02}" if value.month < 3 else str(value.month)
    return f"{value.day:02}/{month}/{value.year}"


def listed(items: list[str]) -> str:
    return "; ".join(items)
