"""The two clocks of a case: forwarding by law, answering by the department's own table.

Both count working days; the day on which something came is not counted (BLDS 91/2015 Đ147-148; RULES K1).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from feedback.models import AnswerTime, Pause, Submission, TimeClass
from portal import calendar
from portal.calendar import DueDate, WorkCalendar

# What is not of the department's competence goes on within so many working days (NĐ 20/2008 Đ9.1d; RULES F9).
FORWARD_WITHIN = 5
# Where the office has emptied the table of times: a case without any clock would be forgotten (RULES F14).
_OTHERWISE = {TimeClass.ORDINARY: 10, TimeClass.CONDUCT: 5, TimeClass.COMPLEX: 20}
_ONE_DAY = timedelta(days=1)
_LONGEST = 3660  # days, ten years; a calendar without working days ends no time limit


@dataclass(frozen=True)
class CountedDay:
    """One day of the way to the due date."""

    day: date
    number: int | None  # of the working day, counted from 1; None where the day does not count
    why: str = ""  # it does not count, in Vietnamese


def answer_time(time_class: str, on: date) -> int:
    """Return the working days within which what came on the day is answered (RULES F14)."""
    times = AnswerTime.objects.filter(time_class=time_class)
    # A gap in the table is bridged by the time that held before it.
    found = times.on(on).order_by("-first_on").first() or times.filter(first_on__lte=on).order_by("-first_on").first()
    return found.working_days if found else _OTHERWISE[TimeClass(time_class)]


def forward_due(submission: Submission, *, work: WorkCalendar | None = None) -> DueDate:
    """Return the last day for sending the case on to another agency (NĐ 20/2008 Đ9.1d)."""
    return (work or calendar.load()).add_working_days(submission.received_on, FORWARD_WITHIN)


def due(submission: Submission, *, work: WorkCalendar | None = None) -> DueDate | None:
    """Return the last day for the answer; None while the clock rests because the sender owes an answer.

    Counts from the day it came, after a dispute from that day, and leaves out the days of each pause.
    """
    work = work or calendar.load()
    pauses = _pauses(submission)
    if submission.answer_days is None or any(pause.last_on is None for pause in pauses):
        return None
    wanted = submission.answer_days + submission.extra_days
    for counted in _count(submission, work, pauses):
        if counted.number == wanted:
            # The working calendar knows which years are not confirmed.
            years = range(_start(submission).year, counted.day.year + 1)
            return DueDate(counted.day, tuple(year for year in years if year not in work.confirmed_years))
    raise ValueError("no working day in ten years")


def days(submission: Submission, until: date | None = None, *, work: WorkCalendar | None = None) -> list[CountedDay]:
    """Return the days after the clock began, each with its number or why it does not count.

    They end on `until`; without it on the due date, and while the clock rests on the day on which it was stopped.
    """
    work = work or calendar.load()
    pauses = _pauses(submission)
    if until is None:
        found = due(submission, work=work)
        resting = [pause.first_on for pause in pauses if pause.last_on is None]
        until = found.day if found else max(resting, default=_start(submission))
    counted = []
    for day in _count(submission, work, pauses):
        if day.day > until:
            break
        counted.append(day)
    return counted


def net_and_gross(submission: Submission, on: date, *, work: WorkCalendar | None = None) -> tuple[int, int]:
    """Return the working days that the case has taken: without the pauses, and with them.

    Counted to the answer, to another end, or to the day `on` while the case is open.
    """
    work = work or calendar.load()
    ended_at = None if submission.is_open else submission.answered_at or submission.closed_at
    end = min(timezone.localdate(ended_at), on) if ended_at else on
    gross = max(work.working_days_between(submission.received_on, end), 0)
    pauses = _pauses(submission)
    rested = sum(
        work.is_working_day(day) and _pause_of(day, pauses) is not None
        for day in _days_after(submission.received_on, end)
    )
    return gross - rested, gross


def late(submission: Submission, on: date, *, work: WorkCalendar | None = None) -> int:
    """Return by how many working days the answer is late: on the day it was given, or on `on`; 0 within time."""
    if submission.answer_due_on is None:
        return 0
    end = timezone.localdate(submission.answered_at) if submission.answered_at and not submission.is_open else on
    return max((work or calendar.load()).working_days_between(submission.answer_due_on, end), 0)


def _start(submission: Submission) -> date:
    return submission.answer_from_on or submission.received_on


def _pauses(submission: Submission) -> list[Pause]:
    return list(submission.pauses.all()) if submission.pk else []


def _pause_of(day: date, pauses: list[Pause]) -> Pause | None:
    for pause in pauses:
        if pause.first_on < day and (pause.last_on is None or day <= pause.last_on):
            return pause
    return None


def _count(submission: Submission, work: WorkCalendar, pauses: list[Pause]) -> Iterator[CountedDay]:
    number = 0
    start = _start(submission)
    for day in _days_after(start, start + _LONGEST * _ONE_DAY):
        if not work.is_working_day(day):
            yield CountedDay(day, None, "cuối tuần" if day.weekday() >= 5 else "nghỉ lễ")
        elif _pause_of(day, pauses):
            yield CountedDay(day, None, "chờ bổ sung")
        else:
            number += 1
            yield CountedDay(day, number)


def _days_after(start: date, end: date) -> Iterator[date]:
    return (start + number * _ONE_DAY for number in range(1, (end - start).days + 1))
