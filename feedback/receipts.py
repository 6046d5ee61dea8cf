"""The receipt: the code, the due date with the days that lead to it, and what happens next (RULES F13, F14).

It tells nothing of what was written or by whom: papers lie about, and whoever has the code reads the rest online.
"""

from typing import Any

from django.conf import settings

from feedback import clocks
from feedback.models import Submission
from portal import calendar
from portal.models import Organisation
from portal.pdf import Paper
from portal.qr_codes import QrCode


def context(submission: Submission) -> dict[str, Any]:
    """Return what the page and the paper show."""
    work = calendar.load()
    # Before somebody has looked at what may be spam no clock runs; while the sender owes an answer it rests.
    due = clocks.due(submission, work=work) if submission.is_open and submission.answer_due_on else None
    return {
        "submission": submission,
        "forward_within": clocks.FORWARD_WITHIN,
        "due_on": submission.answer_due_on if due else None,
        "due_note": due.note if due else "",
        "days": clocks.days(submission, submission.answer_due_on, work=work) if due else [],
    }


def paper(submission: Submission) -> Paper:
    """Return the receipt on one A4 page; draw it with `Paper.drawn`, which keeps no file: the code is a secret."""
    follow_up = f"{settings.BASE_URL}{submission.get_absolute_url()}"
    shown = {
        **context(submission),
        "organisation": Organisation.current(),
        "follow_up": follow_up,
        "qr": QrCode.of(follow_up).data_url,
    }
    # The name is of a kept file; nothing is kept of this one.
    return Paper.of("bien-nhan", "feedback/receipt_print.html", shown, stylesheet="receipt-print.css")
