"""The day that a reader asks a page for ("Xem theo ngày"), read from the address."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.core.exceptions import ValidationError

from portal.templatetags.vietnamese import viet_date

PARAMETER = "ngay"
ERROR = "Ngày không đúng. Ghi theo dạng 01/7/2026."
LONGEST_TYPED = 40


@dataclass(frozen=True)
class AskedDay:
    """The day shown: the one asked for, or today where none was given or it cannot be read."""

    day: date
    is_today: bool
    typed: str  # what the box shows again
    error: str = ""

    @classmethod
    def read(cls, typed: str, *, today: date) -> "AskedDay":
        """Read a day as people write it (01/7/2026) or as addresses have it (2026-07-01)."""
        typed = typed.strip()[:LONGEST_TYPED]
        if not typed:
            return cls(today, True, "")
        try:
            day = forms.DateField().clean(typed)
        except ValidationError:
            return cls(today, True, typed, ERROR)
        return cls(day, day == today, viet_date(day))

    @property
    def parameters(self) -> dict[str, str]:
        """Return what the address of the same page needs for this day; today needs nothing."""
        return {} if self.is_today else {PARAMETER: self.day.isoformat()}
