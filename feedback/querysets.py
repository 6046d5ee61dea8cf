"""The named questions about feedback and those who answer for it."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q

from portal.querysets import DatedQuerySet

# Kept beside `feedback.models.OPEN`, which a test compares with it; models import this module.
_OPEN = ["received", "registered", "handling", "asked", "collecting", "disputed"]


class FocalPersonQuerySet(DatedQuerySet):
    def published(self, on: date) -> Self:
        """Those who receive feedback on the day, with what the public reads of each."""
        return self.on(on).filter(unit__active=True).select_related("unit").prefetch_related("fields")


class SubmissionQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(status__in=_OPEN)

    def overdue(self, on: date) -> Self:
        return self.open().filter(answer_due_on__lt=on)

    def due_between(self, first: date, last: date) -> Self:
        """What is open and to be answered from `first` to `last`, both days included."""
        return self.open().filter(answer_due_on__range=(first, last))

    def for_unit(self, unit: Any) -> Self:
        return self.filter(unit=unit)

    def suspected(self) -> Self:
        return self.filter(status="suspected")

    def in_register(self) -> Self:
        return self.filter(register_number__isnull=False)

    def received_between(self, first: date, last: date) -> Self:
        """What is in the register and came from `first` to `last`, both days included."""
        return self.in_register().filter(received_at__date__range=(first, last))

    def visible_to(self, user: Any) -> Self:
        """What the person may open: all for who triages, else what the own unit holds."""
        if user.has_perm("feedback.triage_submission"):
            return self
        if user.has_perm("feedback.handle_submission") and user.unit_id:
            mine = Q(unit=user.unit_id) | Q(focal_person__user=user.pk) | Q(focal_person__deputy__user=user.pk)
            return self.filter(mine).exclude(status__in=["suspected", "spam"]).distinct()
        return self.none()


class PublicAnswerQuerySet(models.QuerySet):
    def published(self) -> Self:
        return self.filter(status="published")

    def for_list(self) -> Self:
        return self.select_related("submission__procedure", "submission__field", "submission__unit", "change")


class SurveyQuerySet(models.QuerySet):
    def public(self) -> Self:
        return self.filter(published=True)

    def running(self, on: date) -> Self:
        return self.public().filter(first_on__lte=on, last_on__gte=on)
