"""The named questions about articles, albums, bulletins and the plan."""

from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import Q


class PublicationQuerySet(models.QuerySet):
    def published(self, at: datetime) -> Self:
        """What the public may read at the moment; nothing has to run for a time to come or to pass."""
        running = Q(unpublish_at=None) | Q(unpublish_at__gt=at)
        return self.filter(running, status="published", publish_at__lte=at)

    def scheduled(self, at: datetime) -> Self:
        return self.filter(status="published", publish_at__gt=at)

    def submitted(self) -> Self:
        return self.filter(status="submitted")

    def newest_first(self) -> Self:
        return self.order_by("-publish_at", "-pk")

    def made_public(self, first: date, last: date) -> Self:
        """What became public from `first` to `last`, both days included, and was not withdrawn since."""
        return self.filter(status="published", publish_at__date__range=(first, last))


class ArticleQuerySet(PublicationQuerySet):
    def for_list(self) -> Self:
        """What a line of a list shows, in a constant number of queries; the body stays where it is."""
        return self.select_related("section", "unit", "cover").defer("body")


class TaskQuerySet(models.QuerySet):
    def for_list(self) -> Self:
        return self.select_related("plan", "lead").prefetch_related("cooperating", "evidence")

    def for_choice(self) -> Self:
        """The latest plan first, its tasks in their order."""
        return self.select_related("plan").order_by("-plan__year", "order", "pk")

    def late(self, on: date) -> Self:
        return self.filter(done_on=None, last_on__lt=on)

    def due(self, first: date, last: date) -> Self:
        """What is not done and falls due from `first` to `last`, both days included."""
        return self.filter(done_on=None, last_on__range=(first, last))

    def in_state(self, state: str, on: date) -> Self:
        """Those of which `PlanTask.state` says so."""
        done = Q(done_on__isnull=False, done_on__lte=on)
        match state:
            case "done":
                return self.filter(done)
            case "late":
                return self.exclude(done).filter(last_on__lt=on)
            case "going":
                return self.exclude(done).filter(first_on__lte=on, last_on__gte=on)
        return self.exclude(done).filter(first_on__gt=on)

    def taking_evidence(self, on: date) -> Self:
        """The tasks of this year and the last, which reports still look at, and what is not done yet."""
        return self.filter(Q(plan__year__gte=on.year - 1) | Q(done_on=None))


class ReceiptQuerySet(models.QuerySet):
    def read(self) -> Self:
        return self.filter(read_at__isnull=False)

    def unread(self) -> Self:
        return self.filter(read_at=None)
