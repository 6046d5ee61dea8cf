"""The named questions about returns and compilations."""

from typing import Any, Self

from django.db import models


class ReturnQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """All for who steers reports, else what the own unit hands in."""
        if user.has_perm("reports.approve_unitreturn"):
            return self
        if user.has_perm("reports.fill_unitreturn") and user.unit_id:
            return self.filter(unit=user.unit_id)
        return self.none()


class CompilationQuerySet(models.QuerySet):
    def latest_of(self, period: Any) -> Any:
        """Return the newest compilation of the period, or nothing."""
        return self.filter(period=period).order_by("-number").first()


class DifficultyQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """All for who answers them, else those of the own unit."""
        if user.has_perm("reports.answer_difficulty"):
            return self
        if user.has_perm("reports.view_difficulty") and user.unit_id:
            return self.filter(unit=user.unit_id)
        return self.none()

    def waiting(self) -> Self:
        """Those that the office has not answered."""
        return self.filter(status="raised")

    def unsolved(self) -> Self:
        return self.exclude(status="withdrawn").filter(solved_on=None)
