"""The addresses that search engines should know, with the day of their last change where it is known."""

from datetime import datetime
from functools import cached_property

from django.contrib.sitemaps import Sitemap
from django.db.models import Max, QuerySet
from reversion.models import Version

from procedures.models import Field, LegalDocument, Procedure


class _Sitemap(Sitemap):
    limit = 10_000


class ProcedureSitemap(_Sitemap):
    """Every public procedure; ended ones keep their pages."""

    def items(self) -> QuerySet[Procedure]:
        return Procedure.objects.published().only("code", "field_id", "published_at").order_by("pk")

    def lastmod(self, procedure: Procedure) -> datetime | None:
        return _last_change(procedure, self._stored)

    @cached_property
    def _stored(self) -> dict[int, datetime]:
        return _days_stored()


class FieldSitemap(_Sitemap):
    """The fields that have a public procedure; a field's page changes with its procedures."""

    def items(self) -> QuerySet[Field]:
        return Field.objects.filter(procedures__in=Procedure.objects.published()).distinct().order_by("pk")

    def lastmod(self, field: Field) -> datetime | None:
        return self._latest.get(field.pk)

    @cached_property
    def _latest(self) -> dict[int, datetime]:
        stored = _days_stored()
        latest: dict[int, datetime] = {}
        for procedure in Procedure.objects.published().only("field_id", "published_at"):
            changed = _last_change(procedure, stored)
            if changed and procedure.field_id:
                latest[procedure.field_id] = max(latest.get(procedure.field_id, changed), changed)
        return latest


class DocumentSitemap(_Sitemap):
    """The documents; of these no day of change is kept."""

    def items(self) -> QuerySet[LegalDocument]:
        return LegalDocument.objects.public().only("slug").order_by("pk")


def _days_stored() -> dict[int, datetime]:
    """Return when each procedure was last stored: every change leaves a version."""
    rows = Version.objects.get_for_model(Procedure).order_by().values_list("object_id")
    return {int(pk): day for pk, day in rows.annotate(Max("revision__date_created"))}


def _last_change(procedure: Procedure, stored: dict[int, datetime]) -> datetime | None:
    moments = [stored.get(procedure.pk), procedure.published_at]
    return max((moment for moment in moments if moment), default=None)
