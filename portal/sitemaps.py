"""The pages that are always there, for search engines."""

from typing import Any

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from portal.navigation import SECTIONS

OTHER_PAGES = [
    "procedures:process-list",
    "procedures:fee-list",
    "procedures:price-list",
    "news:bulletin-list",
    "news:album-list",
    "news:plan-list",
    "news:review-list",
    "feedback:public-answer-list",
    "accessibility",
    "privacy",
    "site-map",
    "api:guide",
]


class PageSitemap(Sitemap):
    def items(self) -> list[str]:
        return ["home", *(name for _, name in SECTIONS), *OTHER_PAGES]

    def location(self, name: Any) -> str:
        return reverse(name)
