"""Atom feeds of changes: all, of one field, of one procedure."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, get_tag_uri
from django.utils.html import format_html

from portal.models import Organisation
from portal.templatetags.vietnamese import viet_date
from procedures import changes, documents, wording
from procedures.models import Field, Procedure, ProcedureChange
from procedures.querysets import ChangeQuerySet

ITEMS_SHOWN = 50


class ChangeFeed(Feed):
    feed_type = Atom1Feed
    language = "vi"

    def get_object(self, request: HttpRequest) -> Field | Procedure | None:
        return None

    def title(self, about: Field | Procedure | None) -> str:
        return "Thủ tục vừa thay đổi"

    def subtitle(self, about: Field | Procedure | None) -> str:
        return "Thủ tục mới ban hành, sửa đổi, thay thế, bãi bỏ; thay đổi về quy trình, phí và giá."

    # Addresses are those of the public, whatever stands between it and this process.

    def link(self, about: Field | Procedure | None) -> str:
        return settings.BASE_URL + reverse("procedures:change-list")

    def feed_url(self, about: Field | Procedure | None) -> str:
        return settings.BASE_URL + reverse("procedures:change-feed")

    def feed_guid(self, about: Field | Procedure | None) -> str:
        return self.feed_url(about)

    def author_name(self, about: Field | Procedure | None) -> str:
        organisation = Organisation.current()
        return organisation.full_name or organisation.site_name

    def items(self, about: Field | Procedure | None) -> Iterable[ProcedureChange]:
        published = changes.for_reading(self.changes(about))
        return published.order_by("-decision__published_at", "-effective_on", "order", "pk")[:ITEMS_SHOWN]

    def changes(self, about: Field | Procedure | None) -> ChangeQuerySet:
        return ProcedureChange.objects.published()

    def item_title(self, item: ProcedureChange) -> str:
        return f"{item.get_kind_display()}: {item.procedure.title}"

    def item_description(self, item: ProcedureChange) -> str:
        # A summary counts as HTML.
        return format_html(
            "{} Áp dụng từ ngày {}. {}.",
            wording.change_sentence(item),
            viet_date(item.effective_on),
            documents.name(item.decision.document),
        )

    def item_link(self, item: ProcedureChange) -> str:
        page = item.procedure.get_absolute_url() if item.procedure.is_published else reverse("procedures:change-list")
        return settings.BASE_URL + page

    def item_guid(self, item: ProcedureChange) -> str:
        return get_tag_uri(f"{settings.BASE_URL}/thay-doi/{item.pk}", item.decision.published_at)

    def item_pubdate(self, item: ProcedureChange) -> datetime | None:
        return item.decision.published_at

    def item_updateddate(self, item: ProcedureChange) -> datetime | None:
        return item.decision.published_at


class FieldFeed(ChangeFeed):
    def get_object(self, request: HttpRequest, slug: str) -> Field:  # type: ignore[override]
        return get_object_or_404(Field, slug=slug)

    def title(self, about: Field) -> str:  # type: ignore[override]
        return f"Thủ tục vừa thay đổi: {about.name}"

    def link(self, about: Field) -> str:  # type: ignore[override]
        return settings.BASE_URL + about.get_absolute_url()

    def feed_url(self, about: Field) -> str:  # type: ignore[override]
        return settings.BASE_URL + reverse("procedures:field-change-feed", args=[about.slug])

    def changes(self, about: Field) -> ChangeQuerySet:  # type: ignore[override]
        return super().changes(about).of_field(about)


class ProcedureFeed(ChangeFeed):
    def get_object(self, request: HttpRequest, code: str) -> Procedure:  # type: ignore[override]
        return get_object_or_404(Procedure.objects.published(), code=code)

    def title(self, about: Procedure) -> str:  # type: ignore[override]
        return f"Thay đổi của thủ tục {about.code}: {about.title}"

    def link(self, about: Procedure) -> str:  # type: ignore[override]
        return settings.BASE_URL + about.get_absolute_url()

    def feed_url(self, about: Procedure) -> str:  # type: ignore[override]
        return settings.BASE_URL + reverse("procedures:procedure-change-feed", args=[about.code])

    def changes(self, about: Procedure) -> ChangeQuerySet:  # type: ignore[override]
        return super().changes(about).of_procedure(about)
