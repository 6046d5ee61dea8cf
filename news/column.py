"""What the public may read of the column, in memory: which articles, in which section and month.

Lists of any depth and the counts of months cost the same whatever the number of articles. It is
derived: a process builds it anew when an article or a procedure changes, or when the moment comes
at which an article begins or ends to be public.
"""

import threading
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from itertools import chain, product
from typing import NamedTuple

from django.utils import timezone

from news.models import Article
from portal.models import SearchChange

FEATURED_SHOWN = 3


class Month(NamedTuple):
    year: int
    month: int

    @property
    def value(self) -> str:
        """Return the month as addresses write it."""
        return f"{self.year}-{self.month:02}"

    def __str__(self) -> str:
        return f"tháng {self.month}/{self.year}"


class Place(NamedTuple):
    section: int  # primary key
    month: Month


class Column:
    """The articles that are public from one moment until another, the newest first."""

    def __init__(self, version: int, at: datetime) -> None:
        self.version = version
        self.at = at
        self.until = _next_turn(at)
        self.places: dict[int, Place] = {}
        self._lists: dict[tuple[int | None, Month | None], list[int]] = defaultdict(list)
        featured = []
        rows = Article.objects.published(at).newest_first()
        for pk, publish_at, section, is_featured in rows.values_list("pk", "publish_at", "section", "featured"):
            day = timezone.localdate(publish_at)
            month = Month(day.year, day.month)
            self.places[pk] = Place(section, month)
            for choice in product((None, section), (None, month)):
                self._lists[choice].append(pk)
            if is_featured:
                featured.append(pk)
        self.featured = featured[:FEATURED_SHOWN]
        # All articles, the featured ones first.
        self.front_page = [*self.featured, *(pk for pk in self.places if pk not in self.featured)]

    def is_of(self, version: int, at: datetime) -> bool:
        return self.version == version and self.at <= at and (self.until is None or at < self.until)

    def listed(self, *, section: int | None = None, month: Month | None = None) -> list[int]:
        """Return the articles of the section and of the month, the newest first."""
        return self._lists.get((section, month), [])

    def narrow(self, pks: Sequence[int], *, section: int | None = None, month: Month | None = None) -> list[int]:
        """Return those of the articles that are public, of the section and of the month, in their order."""
        found = ((pk, self.places[pk]) for pk in pks if pk in self.places)
        return [pk for pk, place in found if section in {None, place.section} and month in {None, place.month}]

    def months(self, section: int | None = None) -> list[tuple[Month, int]]:
        """Return the months that have articles, the latest first, with their number."""
        lists = self._lists.items()
        return sorted(
            ((month, len(pks)) for (of, month), pks in lists if of == section and month is not None), reverse=True
        )

    def section_count(self, section: int) -> int:
        return len(self.listed(section=section))


_kept: Column | None = None
_building = threading.Lock()


def current(at: datetime) -> Column:
    """Return the column as of the latest change; costs one query while nothing changes."""
    global _kept
    version = SearchChange.latest_number()
    kept = _kept
    if kept and kept.is_of(version, at):
        return kept
    with _building:
        if not (_kept and _kept.is_of(version, at)):
            _kept = Column(version, at)
        return _kept


def forget() -> None:
    """Drop what this process keeps, as after a change that left no trace (tests that roll back)."""
    global _kept
    _kept = None


def _next_turn(at: datetime) -> datetime | None:
    """Return when the next approved article begins or ends to be public."""
    approved = Article.objects.filter(status=Article.Status.PUBLISHED)
    begins = approved.filter(publish_at__gt=at).order_by("publish_at").values_list("publish_at", flat=True)[:1]
    ends = approved.filter(unpublish_at__gt=at).order_by("unpublish_at").values_list("unpublish_at", flat=True)[:1]
    return min((moment for moment in chain(begins, ends) if moment), default=None)
