"""Codes of periods and the days that they count."""

import re
from typing import NamedTuple

from portal import calendar
from reports.models import ReportingPeriod, Rhythm

_CODE = re.compile(r"(?P<year>20\d\d)(?:-(?:Q(?P<quarter>[1-4])|M(?P<month>0[1-9]|1[0-2])|(?P<months>[69])M))?")


class Name(NamedTuple):
    rhythm: Rhythm
    year: int
    number: int


def parse(code: str) -> Name:
    """Return what 2024-Q3, 2024, 2024-M08, 2024-6M or 2024-9M names; raises ValueError."""
    found = _CODE.fullmatch(code)
    if not found:
        raise ValueError(f"{code!r} is no period")
    year = int(found["year"])
    if found["quarter"]:
        return Name(Rhythm.QUARTER, year, int(found["quarter"]))
    if found["month"]:
        return Name(Rhythm.MONTH, year, int(found["month"]))
    if found["months"]:
        return Name(Rhythm.SIX_MONTHS if found["months"] == "6" else Rhythm.NINE_MONTHS, year, 1)
    return Name(Rhythm.YEAR, year, 1)


def days(name: Name) -> calendar.Period:
    """Return the days that the period counts (NĐ 09/2019 Đ12)."""
    match name.rhythm:
        case Rhythm.MONTH:
            return calendar.reporting_month(name.year, name.number)
        case Rhythm.QUARTER:
            return calendar.reporting_quarter(name.year, name.number)
        case Rhythm.SIX_MONTHS:
            return calendar.reporting_six_months(name.year)
        case Rhythm.NINE_MONTHS:
            return calendar.reporting_nine_months(name.year)
    return calendar.reporting_year(name.year)


def before(name: Name) -> Name:
    """Return the period before: the quarter before a quarter, the year before the others of a year."""
    most = {Rhythm.QUARTER: 4, Rhythm.MONTH: 12}.get(name.rhythm, 1)
    if name.number > 1:
        return name._replace(number=name.number - 1)
    return name._replace(year=name.year - 1, number=most)


def year_before(name: Name) -> Name:
    """Return the same period of the year before."""
    return name._replace(year=name.year - 1)


def name_of(period: ReportingPeriod) -> Name:
    return Name(Rhythm(period.rhythm), period.year, period.number)


def find(name: Name) -> ReportingPeriod | None:
    """Return the period once it is open."""
    return ReportingPeriod.objects.filter(rhythm=name.rhythm, year=name.year, number=name.number).first()


def within(period: ReportingPeriod) -> list[Name]:
    """Return the quarters that a longer period adds up (each begins the day after the one before ends)."""
    quarters = {Rhythm.SIX_MONTHS: 2, Rhythm.NINE_MONTHS: 3, Rhythm.YEAR: 4}.get(Rhythm(period.rhythm), 0)
    return [Name(Rhythm.QUARTER, period.year, number) for number in range(1, quarters + 1)]


def code_of(name: Name) -> str:
    """Return the code that `parse` reads; the same as `ReportingPeriod.code`."""
    return ReportingPeriod(rhythm=name.rhythm, year=name.year, number=name.number).code


class PkConverter:
    """A key of a row in an address, no larger than a database takes."""

    regex = r"[1-9]\d{0,9}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int | str) -> str:
        return str(value)


class PeriodConverter:
    """The code of a period in an address; the view gets its Name."""

    regex = r"20\d\d(?:-(?:Q[1-4]|M(?:0[1-9]|1[0-2])|[69]M))?"

    def to_python(self, value: str) -> Name:
        return parse(value)

    def to_url(self, value: Name | str) -> str:
        return value if isinstance(value, str) else code_of(value)
