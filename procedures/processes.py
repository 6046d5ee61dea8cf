"""Whether the steps of an internal process add up to the time limit of its procedure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from portal.templatetags.vietnamese import number
from procedures import wording
from procedures.catalogue import WORKING_DAYS
from procedures.models import HOURS_A_DAY, InternalProcess, SubmissionMethod
from procedures.querysets import ProcessQuerySet

Unit = SubmissionMethod.TimeUnit
LONGEST_MONTH = 31  # days


@dataclass(frozen=True)
class Mismatch:
    """Why the steps cannot be right, in a sentence for the office."""

    sentence: str


def mismatch(process: InternalProcess) -> Mismatch | None:
    """Compare the sum of the steps with the procedure's limit; None where they agree or no limit is a number.

    A process for every case is held against the longest limit; one for a named case may match any of
    them. Limits in working days or hours must be met exactly. One in days or months holds more or
    fewer working days by where it begins, so there the steps may only not be longer than it can hold.
    """
    if not process.steps.all():
        return Mismatch("Quy trình chưa có bước nào. Thêm các bước.")
    limits = _limits(process.procedure.methods.all())
    if not limits:
        return None
    candidates = limits if process.case else limits[-1:]
    if any(_fits(process.hours, limit) for limit in candidates):
        return None
    return Mismatch(_sentence(process.hours, limits[-1]))


def mismatched(processes: ProcessQuerySet) -> list[int]:
    """Return the pks of those whose steps do not add up, in a constant number of queries."""
    return [process.pk for process in processes.for_page() if mismatch(process)]


def duration(hours: Decimal) -> str:
    """Return working hours in words: "25 ngày làm việc", "2 ngày làm việc 4 giờ", "4 giờ làm việc"."""
    days, rest = divmod(hours, HOURS_A_DAY)
    if not days:
        return f"{number(rest)} giờ làm việc"
    return f"{number(days)} ngày làm việc" + (f" {number(rest)} giờ" if rest else "")


def most_working_days(days: int) -> int:
    """Return how many working days `days` days in a row can hold at most, without days off or swaps."""
    weeks, rest = divmod(days, 7)
    return 5 * weeks + min(rest, 5)


def _limits(methods: Iterable[SubmissionMethod]) -> list[SubmissionMethod]:
    """Return the methods whose limit is a number, the longest last."""
    numbered = [method for method in methods if method.time_limit is not None]
    return sorted(numbered, key=lambda method: (method.time_limit or 0) * WORKING_DAYS[Unit(method.time_unit)])


def _fits(hours: Decimal, limit: SubmissionMethod) -> bool:
    time = limit.time_limit or Decimal(0)
    match Unit(limit.time_unit):
        case Unit.HOUR:
            return hours == time
        case Unit.WORKING_DAY:
            return hours == time * HOURS_A_DAY
        case Unit.DAY:
            return hours <= most_working_days(int(time)) * HOURS_A_DAY
        case Unit.MONTH:
            return hours <= most_working_days(int(time * LONGEST_MONTH)) * HOURS_A_DAY


def _sentence(hours: Decimal, limit: SubmissionMethod) -> str:
    total, allowed = duration(hours), wording.time_limit(limit)
    if limit.time_unit in {Unit.DAY, Unit.MONTH}:
        return f"Các bước cộng lại là {total}, dài hơn thời hạn {allowed}. Sửa thời gian của các bước."
    return f"Các bước cộng lại là {total}, thời hạn của thủ tục là {allowed}. Sửa thời gian của các bước."
