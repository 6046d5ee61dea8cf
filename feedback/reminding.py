"""Clocks that speak up: reminders before, on and after a due date, word to the head, and a list each morning.

What was said stands in the history (REMIND, ESCALATE with the clock and its date), so nothing is said twice,
whichever machine asks and however many days none did; a date that moves is spoken of anew.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from feedback import clocks, moves, notifying
from feedback.models import Answer, Event, FeedbackSettings, FocalPerson, Submission
from portal import calendar, mail, steps
from portal.calendar import WorkCalendar
from portal.models import Lease

Status = Submission.Status
DIGEST = mail.Template("mail/feedback_digest.txt", "mail/feedback_digest.html")
# Mails reach people when they come to work.
SPEAK_FROM = time(7)
# Of the five working days for forwarding, the fourth and the fifth are spoken of (NĐ 20/2008 Đ9.1d).
FORWARD_REMIND_BEFORE = 1
_MOST_IN_GROUP = 20
_DIGEST_LEASE = "feedback.digest"


@dataclass(frozen=True)
class Due:
    """One clock of a case on one day."""

    clock: str  # "answer" or "forward"
    due_on: date
    left: int  # working days to the due date; negative: so many late
    remind_before: int  # working days

    @property
    def stage(self) -> str:
        """Which reminder the day asks for; empty as long as there is time."""
        if self.left < 0:
            return "after"
        if self.left == 0:
            return "due"
        return "before" if self.left <= self.remind_before else ""


@dataclass
class Line:
    """One case in the morning's list."""

    entry: str
    about: str
    due_said: str  # the clock that ends first
    days_said: str
    url: str


@dataclass
class Group:
    title: str
    late: bool = False
    cases: list[Line] = field(default_factory=list)

    @property
    def shown(self) -> list[Line]:
        return self.cases[:_MOST_IN_GROUP]

    @property
    def more(self) -> int:
        return max(len(self.cases) - _MOST_IN_GROUP, 0)


def remind_due(now: datetime) -> None:
    """Remind the focal person of what is due, and tell the head and the office of what is late (a job)."""
    on, work = timezone.localdate(now), calendar.load()
    if not _speaks(now, work):
        return
    rules = FeedbackSettings.current()
    for submission in _pressing(on, rules, work):
        said = {_key(event) for event in submission.events.all()}
        try:
            _remind(submission, said, rules, work, now)
        except steps.Conflict:
            # Somebody took a step at this moment, or another machine spoke first; the next turn looks again.
            continue


def send_digests(now: datetime) -> int:
    """Mail everybody who handles feedback what is open, once each working morning (a job); return to how many."""
    on, work = timezone.localdate(now), calendar.load()
    if not _speaks(now, work):
        return 0
    with transaction.atomic():
        return _send_digests(on, work) if _first_today(now) else 0


def due_clocks(submission: Submission, on: date, rules: FeedbackSettings, work: WorkCalendar) -> list[Due]:
    """Return the clocks that run for the case: none rests on a question to the sender, one ends by sorting."""
    found = []
    if submission.answer_due_on:
        left = work.working_days_between(on, submission.answer_due_on)
        found.append(Due("answer", submission.answer_due_on, left, rules.remind_before_days))
    if submission.forward_due_on and submission.status == Status.REGISTERED:
        left = work.working_days_between(on, submission.forward_due_on)
        found.append(Due("forward", submission.forward_due_on, left, FORWARD_REMIND_BEFORE))
    return found


def _speaks(now: datetime, work: WorkCalendar) -> bool:
    local = timezone.localtime(now)
    return local.time() >= SPEAK_FROM and work.is_working_day(local.date())


def _running() -> Any:
    # While the sender owes an answer the clock rests.
    return Submission.objects.open().exclude(status__in=[Status.RECEIVED, Status.ASKED])


def _pressing(on: date, rules: FeedbackSettings, work: WorkCalendar) -> Iterable[Submission]:
    ahead = max(rules.remind_before_days, FORWARD_REMIND_BEFORE)
    horizon = work.add_working_days(on, ahead).day
    due = Q(answer_due_on__lte=horizon) | Q(forward_due_on__lte=horizon, status=Status.REGISTERED)
    # The events are read after the rows: another machine's word is either seen here or has moved the row.
    return _running().filter(due).prefetch_related("events", "pauses").order_by("answer_due_on", "pk")


def _key(event: Event) -> tuple[str, str, str, str]:
    data = event.data
    return event.verb, data.get("clock", ""), data.get("stage", ""), data.get("due", "")


def _remind(
    submission: Submission,
    said: set[tuple[str, str, str, str]],
    rules: FeedbackSettings,
    work: WorkCalendar,
    now: datetime,
) -> None:
    on = timezone.localdate(now)
    for due in due_clocks(submission, on, rules, work):
        for verb, stage in _wanted(due, rules):
            if (verb, due.clock, stage, due.due_on.isoformat()) in said:
                continue
            net, gross = clocks.net_and_gross(submission, on, work=work)
            data = {"clock": due.clock, "stage": stage, "due": due.due_on.isoformat(), "left": due.left}
            event = moves.record(submission, verb, by=None, at=now, data={**data, "net": net, "gross": gross})
            # The step has moved the row on.
            submission = event.submission


def _wanted(due: Due, rules: FeedbackSettings) -> Iterator[tuple[Event.Verb, str]]:
    if due.stage:
        yield Event.Verb.REMIND, due.stage
    if due.left < 0 and -due.left >= rules.escalate_after_days:
        yield Event.Verb.ESCALATE, "late"


def _first_today(now: datetime) -> bool:
    """Take today's turn; whoever asks later today gets no other. Given back if the transaction fails."""
    Lease.objects.get_or_create(name=_DIGEST_LEASE, defaults={"until": now})
    tomorrow = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return Lease.objects.filter(name=_DIGEST_LEASE, until__lte=now).update(until=tomorrow) == 1


def _send_digests(on: date, work: WorkCalendar) -> int:
    rules = FeedbackSettings.current()
    sent: set[str] = set()
    for address, cases in _readers(on):
        if not address or address.casefold() in sent:
            continue
        if groups := _groups(cases, on, rules, work):
            sent.add(address.casefold())
            _send_digest(address, groups, on)
    return len(sent)


def _readers(on: date) -> Iterator[tuple[str, Sequence[Submission]]]:
    """Return each address with the open cases of the person; accounts first, then seats without one."""
    open_cases = Submission.objects.open().exclude(status=Status.RECEIVED)
    wanted = open_cases.select_related("procedure").prefetch_related("pauses", "answers")
    for user in notifying.with_permission("handle_submission").order_by("pk"):
        yield user.email, list(wanted.visible_to(user).order_by("answer_due_on", "pk"))
    for seat in FocalPerson.objects.on(on).filter(user=None).exclude(email=""):
        yield seat.email, list(wanted.filter(focal_person=seat).order_by("answer_due_on", "pk"))


def _groups(cases: Sequence[Submission], on: date, rules: FeedbackSettings, work: WorkCalendar) -> list[Group]:
    """Sort the cases, each into the first group that it fits."""
    late, today, soon = Group("Quá hạn", late=True), Group("Hạn là hôm nay"), Group("Sắp đến hạn")
    approve, sort, waiting = Group("Chờ duyệt câu trả lời"), Group("Chờ phân loại"), Group("Chờ người gửi bổ sung")
    rest = Group("Đang xử lý")
    for case in cases:
        dues = sorted(due_clocks(case, on, rules, work), key=lambda due: due.left)
        stage = dues[0].stage if dues else ""
        if case.status == Status.ASKED:
            group = waiting
        elif stage:
            group = {"after": late, "due": today, "before": soon}[stage]
        elif any(answer.status == Answer.Status.SUBMITTED for answer in case.answers.all()):
            group = approve
        else:
            group = sort if case.status == Status.REGISTERED else rest
        group.cases.append(_line(case, dues[:1], on, work, is_late=group is late))
    return [group for group in (late, today, soon, approve, sort, rest, waiting) if group.cases]


def _line(case: Submission, dues: Sequence[Due], on: date, work: WorkCalendar, *, is_late: bool) -> Line:
    taken = notifying.days_said(*clocks.net_and_gross(case, on, work=work)) if is_late else ""
    due_said = "".join(f"hạn {notifying.CLOCKS[due.clock]} {due.due_on:%d/%m/%Y}" for due in dues)
    return Line(case.register_entry, notifying.about(case), due_said, taken, notifying.case_url(case))


def _send_digest(address: str, groups: list[Group], on: date) -> None:
    count = sum(len(group.cases) for group in groups)
    heading = f"Phản ánh chưa xong ngày {on:%d/%m/%Y}: {count}"
    url = settings.BASE_URL + reverse("admin:feedback_submission_changelist")
    context = {"heading": heading, "groups": groups, "url": url}
    mail.send(address, heading, DIGEST, context, notifying.BY_MACHINE)
