"""What a sender does with the receipt code: answer a question or add something, ask to look again, rate, withdraw.

Each may be sent twice, by a second click or a connection that was lost: the second time nothing happens and the
sender reads the same. A step returns nothing where it was taken, else what stands in its way.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from feedback import workflow
from feedback.models import Attachment, Event, Message, Rating, Submission
from portal.steps import Conflict, NotAllowed, Problem, Refused

Status = Submission.Status
Verb = Event.Verb

MOVED_ON = Problem("Phản ánh vừa chuyển sang bước khác. Mở lại trang theo dõi để xem tình trạng.")


def reply(case: Submission, *, text: str, attachments: Sequence[Attachment], at: datetime) -> list[Problem] | None:
    return _take(
        lambda: workflow.reply(case, text=text, at=at, attachments=attachments), lambda: is_replied(case, text)
    )


def dispute(case: Submission, *, reason: str, at: datetime) -> list[Problem] | None:
    return _take(lambda: workflow.dispute(case, at=at, reason=reason), lambda: is_disputed(case))


def rate(case: Submission, *, score: int, comment: str, at: datetime) -> list[Problem] | None:
    return _take(lambda: workflow.rate(case, score=score, comment=comment, at=at), lambda: is_rated(case))


def withdraw(case: Submission, *, reason: str, at: datetime) -> list[Problem] | None:
    return _take(lambda: workflow.withdraw(case, at=at, reason=reason), lambda: is_withdrawn(case))


def is_replied(case: Submission, text: str) -> bool:
    """Tell whether this very text came last from the sender, and no question waits for its answer."""
    if _status(case) == Status.ASKED:
        return False
    last = case.messages.model.objects.filter(submission=case, audience=Message.Audience.SENDER).last()
    return last is not None and last.from_sender and last.text.split() == text.split()


def is_disputed(case: Submission) -> bool:
    return _status(case) != Status.ANSWERED and case.events.filter(verb=Verb.DISPUTE).exists()


def is_rated(case: Submission) -> bool:
    return Rating.objects.filter(submission=case).exists()


def is_withdrawn(case: Submission) -> bool:
    return _status(case) == Status.WITHDRAWN


def _status(case: Submission) -> str:
    """Return where the case stands now, which another sending may have changed."""
    return Submission.objects.values_list("status", flat=True).get(pk=case.pk)


def _take(step: Callable[[], object], is_taken: Callable[[], bool]) -> list[Problem] | None:
    try:
        step()
    except Refused as refused:
        return refused.problems
    except (Conflict, NotAllowed):
        return None if is_taken() else [MOVED_ON]
    return None
