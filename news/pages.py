"""What the page of one article tells, beside what stands in its row."""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from news import pictures
from news.models import Album, Article, EditorialEvent, Tag
from portal.models import Organisation
from portal.qr_codes import QrCode
from procedures import changes
from procedures.models import LegalDocument, Procedure, ProcedureChange

OTHERS_SHOWN = 3


class ArticlePage:
    def __init__(self, article: Article, organisation: Organisation, at: datetime) -> None:
        self.article = article
        self.organisation = organisation
        self.at = at
        self.on = timezone.localdate(at)

    @property
    def has_address(self) -> bool:
        """Whether the article was approved once; a draft has no address that could be passed on."""
        return bool(self.article.slug)

    @property
    def url(self) -> str:
        return settings.BASE_URL + self.article.get_absolute_url()

    @property
    def description(self) -> str:
        return self.article.lead or self.article.title

    @property
    def signature(self) -> str:
        """Return who made the article: its unit, else the department."""
        return str(self.article.unit) if self.article.unit else self.organisation.full_name

    @cached_property
    def corrected_at(self) -> datetime | None:
        corrections = self.article.events.filter(verb=EditorialEvent.Verb.CORRECT)
        return corrections.order_by("-at").values_list("at", flat=True).first()

    @cached_property
    def procedures(self) -> list[Procedure]:
        return list(self.article.procedures.published().order_by("sort_key", "pk"))

    @cached_property
    def documents(self) -> list[LegalDocument]:
        return list(self.article.documents.filter(pk__in=LegalDocument.objects.public()).order_by("-issued_on", "pk"))

    @cached_property
    def changes(self) -> list[ProcedureChange]:
        public = ProcedureChange.objects.published().filter(articles=self.article)
        return list(changes.for_reading(public).order_by("-effective_on", "order", "pk"))

    @cached_property
    def albums(self) -> list[Album]:
        return list(Album.objects.published(self.at).filter(articles=self.article).newest_first())

    @cached_property
    def tags(self) -> list[Tag]:
        return list(self.article.tags.all())

    @cached_property
    def others(self) -> list[Article]:
        """Return the latest of the section beside this one."""
        same = Article.objects.published(self.at).filter(section=self.article.section).exclude(pk=self.article.pk)
        return list(same.for_list().newest_first()[:OTHERS_SHOWN])

    @property
    def facebook_url(self) -> str:
        return f"https://www.facebook.com/sharer/sharer.php?{urlencode({'u': self.url})}"

    @cached_property
    def qr(self) -> QrCode:
        return QrCode.of(self.url)

    @property
    def linked_data(self) -> dict[str, Any]:
        """Return the article for search engines (schema.org)."""
        article = self.article
        publisher = {"@type": "GovernmentOrganization", "name": self.organisation.full_name}
        node = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "@id": self.url,
            "url": self.url,
            "headline": article.title,
            "description": article.lead,
            "articleSection": article.section.name,
            "inLanguage": "vi",
            "isAccessibleForFree": True,
            "datePublished": _local(article.publish_at),
            "dateModified": _local(self.corrected_at or article.publish_at),
            "author": {**publisher, "name": self.signature},
            "publisher": publisher,
            "keywords": [tag.name for tag in self.tags],
            "image": self._image_addresses(),
        }
        return {name: value for name, value in node.items() if value}

    def _image_addresses(self) -> Sequence[str]:
        cover = self.article.cover
        return [_absolute(cover.url(width)) for width in pictures.WIDTHS[-1:]] if cover else []


def about(procedure: Procedure, at: datetime, count: int) -> QuerySet[Article]:
    """Return the latest articles that tell of the procedure."""
    return Article.objects.published(at).filter(procedures=procedure).newest_first().defer("body")[:count]


def _local(moment: datetime | None) -> str:
    return timezone.localtime(moment).isoformat(timespec="minutes") if moment else ""


def _absolute(address: str) -> str:
    return address if address.startswith("http") else settings.BASE_URL + address
