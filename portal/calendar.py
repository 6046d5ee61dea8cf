"""Working days and reporting periods.

Ordinary years come from the package `holidays` (BLLĐ 45/2019 Đ111-112); the office's `CalendarDay`
rows win over it. The government fixes Tết, the National Day and the swapped days only some months
ahead, so a date that rests on a year without a `ConfirmedYear` row is marked as not confirmed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays

from portal.models import CalendarDay, ConfirmedYear

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class DueDate:
    """The last day of a time limit."""

    day: date
    unconfirmed_years: tuple[int, ...] = ()  # years it rests on whose days off may still change

    @property
    def confirmed(self) -> bool:
        return not self.unconfirmed_years

    @property
    def note(self) -> str:
        """What a reader must know beside the date; empty when the date stands."""
        if self.confirmed:
            return ""
        years = ", ".join(str(year) for year in self.unconfirmed_years)
        return f"Lịch nghỉ lễ năm {years} chưa được xác nhận, ngày này có thể thay đổi."


@dataclass(frozen=True)
class WorkCalendar:
    """The calendar read once, for as many questions as there are. Get it from `load()`."""

    corrections: dict[date, bool]  # True: a working day
    confirmed_years: frozenset[int]

    def is_working_day(self, day: date) -> bool:
        correction = self.corrections.get(day)
        return _is_ordinary_working_day(day) if correction is None else correction

    def add_working_days(self, start: date, count: int) -> DueDate:
        """Return the last day of a time limit of `count` working days; the day `start` is not counted (BLDS Đ147)."""
        if count < 1:
            raise ValueError("a time limit is at least one working day")
        day = start
        while count:
            day += _ONE_DAY
            count -= self.is_working_day(day)
        return self._due(start, day)

    def add_days(self, start: date, count: int) -> DueDate:
        """Return the last day of a time limit of `count` calendar days ("ngày").

        The day `start` is not counted; a limit that ends on a day off ends on the next working day (BLDS Đ147-148).
        """
        if count < 1:
            raise ValueError("a time limit is at least one day")
        day = start + count * _ONE_DAY
        while not self.is_working_day(day):
            day += _ONE_DAY
        return self._due(start, day)

    def working_days_between(self, start: date, end: date) -> int:
        """Count the working days after `start` up to and with `end`; negative where `end` comes first.

        So `end` is the day that `add_working_days(start, n)` returns, and n the number of days left on `start`.
        """
        if end < start:
            return -self.working_days_between(end, start)
        days = (start + number * _ONE_DAY for number in range(1, (end - start).days + 1))
        return sum(self.is_working_day(day) for day in days)

    def _due(self, start: date, day: date) -> DueDate:
        years = range(start.year, day.year + 1)
        return DueDate(day, tuple(year for year in years if year not in self.confirmed_years))


def load() -> WorkCalendar:
    """Read the calendar, in two queries. One row a day off, so all of it is some hundred rows in ten years."""
    return WorkCalendar(
        {row.day: row.is_working for row in CalendarDay.objects.all()},
        frozenset(ConfirmedYear.objects.values_list("year", flat=True)),
    )


def is_working_day(day: date) -> bool:
    return load().is_working_day(day)


def add_working_days(start: date, count: int) -> DueDate:
    """See `WorkCalendar.add_working_days`."""
    return load().add_working_days(start, count)


def add_days(start: date, count: int) -> DueDate:
    """See `WorkCalendar.add_days`."""
    return load().add_days(start, count)


def working_days_between(start: date, end: date) -> int:
    """See `WorkCalendar.working_days_between`."""
    return load().working_days_between(start, end)


def unconfirmed_years(years: Iterable[int]) -> list[int]:
    """Return those of the years whose days off may still change."""
    years = list(years)
    confirmed = set(ConfirmedYear.objects.filter(year__in=years).values_list("year", flat=True))
    return [year for year in years if year not in confirmed]


def weekdays_off(year: int) -> list[date]:
    """Return the days from Monday to Friday on which the office is closed, for people to check."""
    calendar = load()
    days = (date(year, 1, 1) + number * _ONE_DAY for number in range((date(year + 1, 1, 1) - date(year, 1, 1)).days))
    return [day for day in days if day.weekday() < 5 and not calendar.is_working_day(day)]


def _is_ordinary_working_day(day: date) -> bool:
    return bool(_national_calendar(day.year).is_working_day(day))


@cache
def _national_calendar(year: int) -> holidays.HolidayBase:
    # A Saturday may be worked for a day off of the year before.
    return holidays.country_holidays("VN", years=(year - 1, year), expand=False)


# Reporting periods: figures are closed on the 14th and the next period begins on the 15th (NĐ 09/2019/NĐ-CP Đ12).


@dataclass(frozen=True)
class Period:
    """A range of days of a report, both ends counted."""

    first_day: date
    last_day: date

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


def reporting_month(year: int, month: int) -> Period:
    """The 15th of the month before to the 14th of the month (NĐ 09/2019 Đ12)."""
    return _period(year, month, month)


def reporting_quarter(year: int, quarter: int) -> Period:
    """The 15th of the month before the quarter to the 14th of its last month (NĐ 09/2019 Đ12)."""
    if quarter not in range(1, 5):
        raise ValueError("a quarter is a number from 1 to 4")
    return _period(year, quarter * 3 - 2, quarter * 3)


def reporting_six_months(year: int) -> Period:
    """15 December of the year before to 14 June (NĐ 09/2019 Đ12)."""
    return _period(year, 1, 6)


def reporting_nine_months(year: int) -> Period:
    """15 December of the year before to 14 September (NĐ 09/2019 Đ12)."""
    return _period(year, 1, 9)


def reporting_year(year: int) -> Period:
    """15 December of the year before to 14 December (NĐ 09/2019 Đ12)."""
    return _period(year, 1, 12)


def reporting_month_of(day: date) -> tuple[int, int]:
    """Return the year and the month whose report counts the day."""
    months = day.year * 12 + day.month - 1 + (day.day >= 15)
    return months // 12, months % 12 + 1


def reporting_quarter_of(day: date) -> tuple[int, int]:
    """Return the year and the quarter whose report counts the day."""
    year, month = reporting_month_of(day)
    return year, (month + 2) // 3


def reporting_year_of(day: date) -> int:
    """Return the year whose yearly report counts the day."""
    return reporting_month_of(day)[0]


def _period(year: int, first_month: int, last_month: int) -> Period:
    before = date(year - 1, 12, 15) if first_month == 1 else date(year, first_month - 1, 15)
    return Period(before, date(year, last_month, 14))
