"""The named questions about procedures."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q


class ProcedureQuerySet(models.QuerySet):
    def published(self) -> Self:
        """Those that have a public page: in force, to come, or ended."""
        return self.filter(status="published")

    def published_in_bulk(self, pks: Sequence[int]) -> list[Any]:
        """Return those of the procedures that are published, in the order of `pks`.

        The primary keys alone are asked for: given an order or a status as well, SQLite walks
        through all of that index to find the few.
        """
        rows: dict[int, Any] = self.order_by().in_bulk(pks)
        return [rows[pk] for pk in pks if pk in rows and rows[pk].is_published]

    def in_force(self, on: date) -> Self:
        return self.published().filter(
            Q(in_force_from=None) | Q(in_force_from__lte=on), Q(in_force_to=None) | Q(in_force_to__gte=on)
        )

    def ended(self, on: date) -> Self:
        return self.published().filter(in_force_to__lt=on)

    def upcoming(self, on: date) -> Self:
        return self.published().filter(in_force_from__gt=on)

    def newest(self, since: date, on: date) -> Self:
        """Those that took effect on `since` or later, or will take effect; the latest first."""
        running = Q(in_force_to=None) | Q(in_force_to__gte=on)
        return self.published().filter(running, in_force_from__gte=since).order_by("-in_force_from", "sort_key", "pk")

    def for_list(self) -> Self:
        """What a line of a list shows, in a constant number of queries."""
        return self.select_related("field").prefetch_related("methods", "fees")

    def for_page(self) -> Self:
        """All that the public page of a procedure shows."""
        return self.select_related("field__unit", "unit").prefetch_related(
            "methods", "fees", "cases", "items__form", "legal_bases__document"
        )


class FeeQuerySet(models.QuerySet):
    def valid(self, on: date) -> Self:
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_to=None) | Q(valid_to__gte=on))
