"""Questions that rows of every app are asked."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q


class DatedQuerySet(models.QuerySet):
    """Rows that hold from a day (`first_on`) to a day (`last_on`, open where it is missing)."""

    def on(self, day: date) -> Self:
        return self.filter(Q(last_on=None) | Q(last_on__gte=day), first_on__lte=day)
