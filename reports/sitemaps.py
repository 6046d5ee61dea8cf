"""The addresses of public figures that search engines should know."""

from typing import Any

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet

from reports.models import ReportingPeriod
from reports.public_figures import address, public_periods


class FiguresSitemap(Sitemap):
    limit = 10_000

    def items(self) -> QuerySet[ReportingPeriod]:
        return public_periods()

    def location(self, period: Any) -> str:
        return address(period)
