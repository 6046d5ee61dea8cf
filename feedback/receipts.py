"""The receipt: the code, the due date with the days that lead to it, and what happens next (RULES F13, F14).

It tells nothing of what was written or by whom: papers lie about, and whoever has the code reads the rest online.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.conf import settings

from feedback import clocks
from feedback.clocks import CountedDay
from feedback.models import Submission
from portal import calendar
from portal.models import Organisation
from portal.pdf import Paper
from portal.qr_codes import QrCode


@dataclass(frozen=True)
class Stretch:
    """Days in a row that all count, or all do not for the same reason."""

    first: date
    last: date
    numbers: tuple[int, int] | None  # of the first and the last working day
    why: str


def stretches(days: Iterable[CountedDay]) -> list[Stretch]:
    """Return the days in fewer lines, so that the longest way to a date has room on one sheet."""
    found = []
    for (_, why), group in groupby(days, lambda day: (day.number is None, day.why)):
        row = list(group)
        first, last = row[0], row[-1]
        numbers = (first.number, last.number) if first.number and last.number else None
        found.append(Stretch(first.day, last.day, numbers, why))
    return found


def context(submission: Submission) -> dict[str, Any]:
    """Return what the page and the paper show."""
    work = calendar.load()
    # Before somebody has looked at what may be spam no clock runs; while the sender owes an answer it rests.
    due = clocks.due(submission, work=work) if submission.is_open and submission.answer_due_on else None
    follow_up = f"{settings.BASE_URL}{submission.get_absolute_url()}"
    days = clocks.days(submission, submission.answer_due_on, work=work) if due else []
    return {
        "submission": submission,
        "follow_up": follow_up,
        "qr": QrCode.of(follow_up),
        "forward_within": clocks.FORWARD_WITHIN,
        "due_on": submission.answer_due_on if due else None,
        "due_note": due.note if due else "",
        "days": days,
        "stretches": stretches(days),
    }


def paper(submission: Submission) -> Paper:
    """Return the receipt on one A4 page; draw it with `Paper.drawn`, which keeps no file: the code is a secret."""
    shown = {**context(submission), "organisation": Organisation.current()}
    # The name is of a kept file; nothing is kept of this one.
    return Paper.of("bien-nhan", "feedback/receipt_print.html", shown, stylesheet="receipt-print.css")
