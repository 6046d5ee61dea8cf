"""The named questions about procedures."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

if TYPE_CHECKING:
    from procedures.models import Field, Procedure, ProcedureChange


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


class ValidQuerySet(models.QuerySet):
    """Rows that hold from one day to another, both included; an empty day leaves that side open."""

    def valid(self, on: date) -> Self:
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_to=None) | Q(valid_to__gte=on))


class FeeQuerySet(ValidQuerySet):
    def of_procedures_in_force(self, on: date) -> Self:
        return self.filter(
            Q(procedure__in_force_from=None) | Q(procedure__in_force_from__lte=on),
            Q(procedure__in_force_to=None) | Q(procedure__in_force_to__gte=on),
            procedure__status="published",
        )


class ProcessQuerySet(ValidQuerySet):
    def public(self) -> Self:
        """Those of procedures that have a public page."""
        return self.filter(procedure__status="published")

    def not_ended(self, on: date) -> Self:
        """Those that apply on the day or will apply later."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on))

    def for_page(self) -> Self:
        """All that a list, a page or a check of the total asks of a process."""
        return self.select_related("procedure__field", "document").prefetch_related("steps__unit", "procedure__methods")


class DocumentQuerySet(models.QuerySet):
    def public(self) -> Self:
        """All but those of a decision that is not published yet, unless a public procedure rests on them."""
        resting = self.model._default_manager.filter(pk=OuterRef("pk"), legal_bases__procedure__status="published")
        return self.filter(Q(decision=None) | Q(decision__status="published") | Exists(resting))

    def in_force(self, on: date) -> Self:
        """Those known to be in force: since their first day, or since somebody looked them up."""
        begun = Q(valid_from__lte=on) | Q(valid_from=None, checked_on__lte=on)
        return self.filter(begun, Q(valid_to=None) | Q(valid_to__gte=on))

    def upcoming(self, on: date) -> Self:
        return self.filter(valid_from__gt=on)

    def lapsed(self, on: date) -> Self:
        return self.filter(valid_to__lt=on)

    def of_unknown_state(self, on: date) -> Self:
        unchecked = Q(checked_on=None) | Q(checked_on__gt=on)
        return self.filter(unchecked, Q(valid_to=None) | Q(valid_to__gte=on), valid_from=None)

    def newest_first(self) -> Self:
        return self.order_by(F("year").desc(nulls_last=True), F("issued_on").desc(nulls_last=True), "number")


class ChangeQuerySet(models.QuerySet):
    def published(self) -> Self:
        return self.filter(decision__status="published")

    def upcoming(self, on: date) -> Self:
        return self.published().filter(effective_on__gt=on)

    def of_procedure(self, procedure: "Procedure") -> Self:
        """Its own changes and those by which it took another one's place."""
        return self.filter(Q(procedure=procedure) | Q(successor=procedure))

    def of_field(self, field: "Field") -> Self:
        return self.filter(procedure__field=field)

    def between(self, first: date, last: date) -> Self:
        """Those that take effect from `first` to `last`, both days included."""
        return self.published().filter(effective_on__range=(first, last))

    def for_list(self) -> Self:
        """What a line of a list of changes shows."""
        return self.select_related("procedure__field", "successor", "decision__document")


class VersionQuerySet(models.QuerySet):
    def in_force(self, on: date) -> Self:
        """The versions that had begun on the day, the latest first; the first of a procedure is in force."""
        return self.filter(valid_from__lte=on).order_by("procedure", "-valid_from")


class SubscriptionQuerySet(models.QuerySet):
    def confirmed(self) -> Self:
        return self.filter(confirmed_at__isnull=False)

    def unconfirmed(self, since: datetime) -> Self:
        """Those asked for before `since` whose address never answered."""
        return self.filter(confirmed_at=None, asked_at__lt=since)

    def interested_in(self, change: "ProcedureChange") -> Self:
        """Those that hear of the change: of its procedures, of their fields, or of every change."""
        procedures = [procedure for procedure in (change.procedure, change.successor) if procedure]
        fields = [procedure.field_id for procedure in procedures if procedure.field_id]
        everything = Q(procedure=None, field=None, bulletin=False)
        return self.confirmed().filter(Q(procedure__in=procedures) | Q(field__in=fields) | everything)

    def to_bulletins(self) -> Self:
        return self.confirmed().filter(bulletin=True)

    def with_news(self, at: datetime) -> Self:
        """Those with changes that are due to be told and stand in no mail yet."""
        return self.confirmed().filter(deliveries__mailed_at=None, deliveries__due_at__lte=at).distinct()


class SourceRecordQuerySet(models.QuerySet):
    def of_published(self) -> Self:
        return self.filter(procedure__status="published")

    def for_link(self) -> Self:
        """What a link to the comparison shows, without the content."""
        return self.only("procedure_id", "origin")

    def differing(self) -> Self:
        """Those whose differences from what is public the office has not answered yet (NĐ 63/2010 Đ26.2)."""
        return self.of_published().filter(state="differs")
