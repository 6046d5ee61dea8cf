"""A figure beside the period before and the same one of the year before."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Comparison:
    """What a figure was then and is now; missing where no figure is known, and then nothing is said of a change."""

    now: int | None
    previous: int | None
    year_before: int | None
    previous_name: str  # as documents name the period: quý II năm 2024
    year_before_name: str

    @property
    def difference(self) -> int | None:
        return difference(self.now, self.previous)

    @property
    def percent(self) -> float | None:
        return percent(self.now, self.previous)

    @property
    def year_difference(self) -> int | None:
        return difference(self.now, self.year_before)

    @property
    def year_percent(self) -> float | None:
        return percent(self.now, self.year_before)


def difference(now: int | None, before: int | None) -> int | None:
    return None if now is None or before is None else now - before


def percent(now: int | None, before: int | None) -> float | None:
    """Return the change in per cent of what was before, to one decimal; missing where that was nought."""
    if now is None or not before:
        return None
    return round(100 * (now - before) / before, 1)
