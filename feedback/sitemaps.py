"""The addresses of public answers that search engines should know."""

from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet

from feedback.models import PublicAnswer


class PublicAnswerSitemap(Sitemap):
    limit = 10_000

    def items(self) -> QuerySet[PublicAnswer]:
        return PublicAnswer.objects.published().only("number", "published_at").order_by("number")

    def lastmod(self, answer: PublicAnswer) -> datetime | None:
        return answer.published_at
