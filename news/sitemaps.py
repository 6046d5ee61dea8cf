"""The addresses of the column that search engines should know."""

from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from news.models import Album, Article, Bulletin, CommunicationPlan, ReviewPlan, Section


class ArticleSitemap(Sitemap):
    limit = 10_000

    def items(self) -> QuerySet[Article]:
        public = Article.objects.published(timezone.now())
        return public.only("year", "slug", "publish_at", "changed_at").order_by("pk")

    def lastmod(self, article: Article) -> datetime | None:
        # It may have been written long before its time came.
        return max(filter(None, (article.publish_at, article.changed_at)))


class AlbumSitemap(Sitemap):
    limit = 10_000

    def items(self) -> QuerySet[Album]:
        return Album.objects.published(timezone.now()).only("slug", "publish_at", "changed_at").order_by("pk")

    def lastmod(self, album: Album) -> datetime | None:
        return max(filter(None, (album.publish_at, album.changed_at)))


class SectionSitemap(Sitemap):
    """The sections in which something can be read."""

    def items(self) -> QuerySet[Section]:
        public = Article.objects.published(timezone.now()).filter(section=OuterRef("pk"))
        return Section.objects.filter(Exists(public)).order_by("order", "pk")


class BulletinSitemap(Sitemap):
    def items(self) -> QuerySet[Bulletin]:
        return Bulletin.objects.published(timezone.now()).order_by("year", "number")


class PlanSitemap(Sitemap):
    """The years whose plan of communication is public."""

    def items(self) -> QuerySet[CommunicationPlan]:
        return CommunicationPlan.objects.filter(public=True).only("year").order_by("year")


class ReviewSitemap(Sitemap):
    """The years whose review of procedures is public."""

    def items(self) -> QuerySet[ReviewPlan]:
        return ReviewPlan.objects.filter(public=True).only("year").order_by("year")
