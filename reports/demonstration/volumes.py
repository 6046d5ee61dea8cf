"""Figures made up evenly: they grow with the years, follow the seasons, and a quarter begins where the last ended."""

from collections.abc import Iterator
from random import Random

from portal import demonstration
from reports.periods import Name

# Dossiers that come in a quarter of 2023.
DOSSIERS = {
    "An toàn bức xạ và hạt nhân": 34,
    "Hoạt động khoa học và công nghệ": 15,
    "Sở hữu trí tuệ": 6,
    "Tiêu chuẩn đo lường chất lượng": 118,
}
_OTHERS = 10
_GROWTH = 0.07  # a year
_SEASONS = (0.88, 1.04, 1.0, 1.12)  # the first quarter has the New Year's days off
# What the plan asks of units, in a quarter: articles, pictures, meetings, people there, documents.
TOLD = {
    demonstration.SPECIALISED_DIVISION: (3, 6, 1, 42, 4),
    demonstration.INFORMATION_CENTRE: (9, 24, 2, 85, 2),
    demonstration.STANDARDS_BRANCH: (4, 9, 1, 60, 3),
    demonstration.STANDARDS_CENTRE: (2, 5, 1, 30, 2),
}
TOLD_CODES = ("tin_bai", "hinh_anh", "hoi_nghi", "luot_nguoi", "van_ban")


def dossiers(field: str, quarters: list[Name]) -> Iterator[tuple[Name, dict[str, int]]]:
    """Yield the columns of II.06a that units fill in, quarter after quarter: 6 is the 11 of the quarter before."""
    dice = Random(field)  # noqa: S311 - the same figures at every start
    waiting = 3
    for quarter in quarters:
        came = round(DOSSIERS.get(field, _OTHERS) * _level(quarter) * dice.uniform(0.9, 1.1))
        online = round(came * min(0.55 + 0.1 * (quarter.year - 2023), 0.9))
        total = came + waiting
        left = round(total * dice.uniform(0.06, 0.12))
        left_late = 1 if left > 4 and dice.random() < 0.3 else 0
        done = total - left
        late = min(done, dice.choice((0, 0, 0, 1, 2)))
        early = round((done - late) * dice.uniform(0.6, 0.8))
        yield (
            quarter,
            {
                "4": online,
                "5": came - online,
                "6": waiting,
                "8": early,
                "9": done - late - early,
                "10": late,
                "12": left - left_late,
                "13": left_late,
            },
        )
        waiting = left


def told(unit: str, quarters: list[Name]) -> Iterator[tuple[Name, dict[str, int]]]:
    """Yield what the unit did to make procedures known, quarter after quarter."""
    dice = Random(unit)  # noqa: S311 - the same figures at every start
    usual = TOLD.get(unit, (1, 2, 0, 0, 1))
    for quarter in quarters:
        values = [round(value * _level(quarter) * dice.uniform(0.8, 1.25)) for value in usual]
        yield quarter, dict(zip(TOLD_CODES, values, strict=True))


def _level(quarter: Name) -> float:
    return (1 + _GROWTH) ** (quarter.year - 2023) * _SEASONS[quarter.number - 1]
