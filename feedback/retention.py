"""Personal data is kept as long as the office's table says, then erased (Luật 91/2025 Đ3, Đ14; RULES D5)."""

import calendar
import logging
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from feedback import protecting
from feedback.models import RetentionRule, Submission
from portal.steps import Conflict, Refused

log = logging.getLogger(__name__)

Kind = RetentionRule.Kind
Status = Submission.Status
KINDS: dict[str, list[Submission.Status]] = {
    Kind.ANSWERED: [Status.ANSWERED],
    Kind.FORWARDED: [Status.FORWARDED],
    Kind.REJECTED: [Status.REJECTED, Status.REDIRECTED, Status.WITHDRAWN, Status.MERGED],
    Kind.SPAM: [Status.SPAM],
}
# The index of the search and the mails wait meanwhile.
MOST_IN_A_TURN = 50


def due(at: datetime) -> QuerySet[Submission]:
    """Return the closed cases whose data has been kept long enough, the oldest first.

    While somebody waits for their data, it stays.
    """
    ended: Any = Coalesce("closed_at", "answered_at", "received_at")
    rows = Submission.objects.filter(erased_at=None).annotate(ended_at=ended)
    found = Submission.objects.none().values("pk")
    for rule in RetentionRule.objects.all():
        kept_from = months_before(at, rule.months)
        found = found | rows.filter(status__in=KINDS[rule.kind], ended_at__lt=kept_from).values("pk")
    waiting = Submission.objects.filter(data_requests__done_on=None, data_requests__isnull=False)
    # A merged case goes on until the other one is answered.
    rows = rows.exclude(status=Status.MERGED, closed_at=None)
    return rows.filter(pk__in=found).exclude(pk__in=waiting.values("pk")).order_by("ended_at", "pk")


def erase_due(now: datetime) -> int:
    """Erase some of what is due (a job of the worker, which comes again); return how many."""
    erased = 0
    months = {rule.kind: rule.months for rule in RetentionRule.objects.all()}
    for submission in due(now)[:MOST_IN_A_TURN]:
        kind = next(kind for kind, statuses in KINDS.items() if submission.status in statuses)
        reason = f"Hết thời hạn lưu {months[kind]} tháng (Luật 91/2025 Điều 14)."
        try:
            protecting.erase(submission, by=None, at=now, reason=reason)
            erased += 1
        except (Conflict, Refused):
            # Somebody has moved it meanwhile; the next turn asks again.
            log.warning("The case with the key %s was not erased", submission.pk)
    return erased


def months_before(at: datetime, months: int) -> datetime:
    """Return the same time so many months earlier, on the month's last day where it has no such day."""
    local = timezone.localtime(at)
    index = local.year * 12 + local.month - 1 - months
    year, month = index // 12, index % 12 + 1
    day = min(local.day, calendar.monthrange(year, month)[1])
    return local.replace(year=year, month=month, day=day)
