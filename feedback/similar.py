"""Cases that may say the same: of the same sender, about the same procedure, or under nearly the same title."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from difflib import SequenceMatcher

from django.db.models import Q, QuerySet

from feedback.models import Submission
from portal.text import fold

# What lies further apart than this is hardly about the same event.
_NEAR = timedelta(days=180)
_LIKE = 0.6  # share of letters that two titles have in common
_MOST_READ = 200
SHOWN = 5


@dataclass(frozen=True)
class Similar:
    submission: Submission
    why: str


def of_same_sender(submission: Submission, among: QuerySet) -> QuerySet:
    """Return the other cases with the same telephone or address, without reading either."""
    if not submission.contact_key:
        return among.none()
    return among.filter(contact_key=submission.contact_key).exclude(pk=submission.pk).order_by("-received_at")


def likely_duplicates(submission: Submission, among: QuerySet) -> list[Similar]:
    """Return those of `among` that may be answered together with the case, the most alike first."""
    span = (submission.received_at - _NEAR, submission.received_at + _NEAR)
    near = among.filter(received_at__range=span, register_number__isnull=False).exclude(pk=submission.pk)
    near = near.exclude(status__in=["merged", "withdrawn"]).order_by("-received_at")
    same_kind = Q(field=submission.field_id) if submission.field_id else Q()
    if submission.procedure_id:
        same_kind |= Q(procedure=submission.procedure_id)
    if submission.contact_key:
        same_kind |= Q(contact_key=submission.contact_key)
    found = _rated(submission, near.filter(same_kind)[:_MOST_READ])
    return [similar for _, similar in found[:SHOWN]]


def _rated(submission: Submission, others: Iterable[Submission]) -> list[tuple[float, Similar]]:
    title = fold(submission.title)
    found = []
    for other in others:
        alike = SequenceMatcher(None, title, fold(other.title)).ratio()
        same_sender = bool(submission.contact_key) and other.contact_key == submission.contact_key
        same_procedure = submission.procedure_id is not None and other.procedure_id == submission.procedure_id
        if alike < _LIKE and not (same_sender and same_procedure):
            continue
        reasons = ["tiêu đề gần giống"] if alike >= _LIKE else []
        reasons += ["cùng người gửi"] if same_sender else []
        reasons += ["cùng thủ tục"] if same_procedure else []
        found.append((alike + same_sender + same_procedure, Similar(other, ", ".join(reasons))))
    return sorted(found, key=lambda pair: -pair[0])
