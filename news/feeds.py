"""Feeds of articles, as Atom and as RSS: all, and those of one section."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.core.files.storage import default_storage
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Enclosure, Rss201rev2Feed, SyndicationFeed, get_tag_uri
from django.utils.html import escape

from news.models import Article, Section
from news.models.image import size_name
from portal.models import Organisation

ITEMS_SHOWN = 30
COVER_WIDTH = 800


class ArticleFeed(Feed):
    feed_type: type[SyndicationFeed] = Atom1Feed
    language = "vi"

    def get_object(self, request: HttpRequest, slug: str | None = None) -> Section | None:
        return get_object_or_404(Section, slug=slug) if slug else None

    def title(self, section: Section | None) -> str:
        return f"Tin tức: {section.name}" if section else "Tin tức: CCHC - Kiểm soát TTHC"

    def description(self, section: Section | None) -> str:
        if section:
            return section.description
        return "Tin, bài của Sở về cải cách hành chính và kiểm soát thủ tục hành chính."

    def subtitle(self, section: Section | None) -> str:
        return self.description(section)

    # Addresses are those of the public, whatever stands between it and this process.

    def link(self, section: Section | None) -> str:
        return settings.BASE_URL + (section.get_absolute_url() if section else reverse("news:home"))

    def feed_url(self, section: Section | None) -> str:
        return settings.BASE_URL + self._path("feed", section)

    def feed_guid(self, section: Section | None) -> str:
        return self.feed_url(section)

    def author_name(self, section: Section | None) -> str:
        organisation = Organisation.current()
        return organisation.full_name or organisation.site_name

    def items(self, section: Section | None) -> Iterable[Article]:
        public = Article.objects.published(timezone.now()).for_list().newest_first()
        return (public.filter(section=section) if section else public)[:ITEMS_SHOWN]

    def item_title(self, item: Article) -> str:
        return item.title

    def item_description(self, item: Article) -> str:
        # A summary counts as HTML.
        return escape(item.lead)

    def item_link(self, item: Article) -> str:
        return settings.BASE_URL + item.get_absolute_url()

    def item_guid(self, item: Article) -> str:
        # The moment of an address never changes, whatever happens to the article.
        return get_tag_uri(f"{settings.BASE_URL}/tin-tuc/{item.pk}", item.created_at)

    item_guid_is_permalink = False

    def item_pubdate(self, item: Article) -> datetime | None:
        return item.publish_at

    def item_updateddate(self, item: Article) -> datetime | None:
        return max(filter(None, (item.publish_at, item.changed_at)))

    def item_categories(self, item: Article) -> list[str]:
        return [item.section.name]

    def item_enclosures(self, item: Article) -> list[Enclosure]:
        if item.cover is None:
            return []
        width = next((made for made in item.cover.widths if made >= COVER_WIDTH), item.cover.widths[-1])
        try:
            length = default_storage.size(size_name(item.cover.name, width, "jpg"))
        except FileNotFoundError:
            # A lost picture takes no reader's feed away.
            return []
        return [Enclosure(_absolute(item.cover.url(width)), str(length), "image/jpeg")]

    def _path(self, name: str, section: Section | None) -> str:
        return reverse(f"news:section-{name}", args=[section.slug]) if section else reverse(f"news:{name}")


class ArticleRssFeed(ArticleFeed):
    feed_type = Rss201rev2Feed

    def feed_url(self, section: Section | None) -> str:
        return settings.BASE_URL + self._path("rss", section)


def _absolute(address: str) -> str:
    return address if address.startswith("http") else settings.BASE_URL + address
