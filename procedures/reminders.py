"""What the office has still to do about decisions and their documents."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from portal import calendar
from procedures.deciding import WITH_CONTENT
from procedures.models import Decision, LegalBasis, LegalDocument, ProcedureChange
from procedures.querysets import ProcedureQuerySet

# Working days from the signing by the chairman of the province (NĐ 63/2010 Đ24.2).
DATABASE_LIMIT = 5


def not_updated(on: date) -> QuerySet[Decision]:
    """Return the published decisions with a change in effect that no page says yet."""
    silent = ProcedureChange.objects.filter(
        decision=OuterRef("pk"), kind__in=WITH_CONTENT, effective_on__lte=on, patch={}
    )
    return Decision.objects.filter(Exists(silent), status=Decision.Status.PUBLISHED)


def late_for_database(on: date) -> list[int]:
    """Return the published decisions that are not in the national database within the working days of the law."""
    waiting = Decision.objects.filter(
        status=Decision.Status.PUBLISHED,
        entered_on=None,
        document__kind=LegalDocument.Kind.PUBLICATION_DECISION,
        document__issued_on__lt=on,
    )
    days = calendar.load()
    return [
        pk
        for pk, signed in waiting.values_list("pk", "document__issued_on")
        if signed and days.add_working_days(signed, DATABASE_LIMIT).day < on
    ]


def on_lapsed_basis(procedures: ProcedureQuerySet, on: date) -> ProcedureQuerySet:
    """Return those of the procedures in force that rest on a document that is no longer."""
    lapsed = LegalBasis.objects.filter(procedure=OuterRef("pk"), document__valid_to__lt=on)
    return procedures.in_force(on).filter(Exists(lapsed))
