"""Several opinions about the same: answered once, told to all who sent them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from feedback import clocks, moves
from feedback.models import Answer, Event, Submission
from feedback.moves import Status, Verb
from portal.models import User
from portal.steps import Problem, Refused


@transaction.atomic
def merge(submission: Submission, into: Submission, *, by: User | None, at: datetime) -> None:
    """Let the answer to `into` answer this case too; its own code, number and files stay.

    The earlier case is answered, so that no sender waits longer than by the own clock.
    """
    moves.start(submission, Verb.MERGE, by)
    main = Submission.objects.select_for_update().get(pk=into.pk)
    moves.refuse(list(_problems(submission, main)))
    submission.pauses.filter(last_on=None).update(last_on=timezone.localdate(at))
    moves.take(submission, Verb.MERGE, by=by, at=at, data={"into": main.register_entry}, merged_into=main)
    for duplicate in submission.duplicates.filter(status=Status.MERGED):
        moves.take(duplicate, Verb.MERGE, by=by, at=at, data={"into": main.register_entry}, merged_into=main)


def _problems(submission: Submission, main: Submission) -> Iterable[Problem]:
    if main.pk == submission.pk:
        yield Problem("Chọn phản ánh khác để gộp vào.", "into")
    elif not main.is_open:
        yield Problem("Phản ánh được chọn đã kết thúc. Chọn phản ánh đang xử lý.", "into")
    elif main.received_at > submission.received_at:
        yield Problem("Gộp phản ánh đến sau vào phản ánh đến trước.", "into")


def follow(
    main: Submission,
    verb: Event.Verb,
    *,
    by: User | None,
    at: datetime,
    remark: str = "",
    data: dict[str, Any] | None = None,
    **values: Any,
) -> None:
    """Let what ended the main case end those merged into it, so that each sender is told."""
    if verb == Verb.ANSWER:
        values["answered_at"] = at
    for duplicate in main.duplicates.filter(status=Status.MERGED):
        moves.take(duplicate, verb, by=by, at=at, remark=remark, data=data, closed_at=at, **values)


def release(submission: Submission, *, by: User | None, at: datetime, remark: str = "") -> None:
    """Make a case of its own again of what was merged; its clock has gone on all the time."""
    if submission.answered_at or submission.closed_at:
        raise Refused([Problem("Người gửi đã nhận kết quả. Phản ánh này không tách ra được nữa.")])
    submission.merged_into = None
    due = clocks.due(submission)
    day = due.day if due else None
    data = {"due": day.isoformat() if day else ""}
    moves.take(submission, Verb.RESUME, by=by, at=at, remark=remark, data=data, merged_into=None, answer_due_on=day)


def release_all(main: Submission, *, by: User | None, at: datetime) -> None:
    """Take up again what was merged into a case that its own sender withdrew."""
    for duplicate in main.duplicates.filter(status=Status.MERGED, closed_at=None):
        release(duplicate, by=by, at=at)


def answer_of(submission: Submission) -> Answer | None:
    """Return the latest answer that the sender has got: to the own case, or to the one it was merged into."""
    own = submission.answers.filter(status=Answer.Status.SENT).last()
    if own or submission.merged_into_id is None or submission.answered_at is None:
        return own
    return Answer.objects.filter(submission=submission.merged_into_id, status=Answer.Status.SENT).last()
