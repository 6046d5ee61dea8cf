"""Days as the sources write them."""

import re
from datetime import date, datetime

_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


def day(text: str | date | None) -> date | None:
    """Read 03-06-2008, 3/6/2008 or 2008-06-03; None where the text is no day."""
    if isinstance(text, datetime):
        return text.date()
    if isinstance(text, date) or not text:
        return text or None
    try:
        if found := _DAY_FIRST.fullmatch(text.strip()):
            return date(int(found[3]), int(found[2]), int(found[1]))
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None
