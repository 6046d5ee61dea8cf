"""The staff's addresses under /quan-tri/bao-cao/; every view is wrapped in `admin.site.admin_view`.

The first that fits is taken: words of our own stand before the keys of reports.
"""

from typing import Any

from django.urls import register_converter

from reports.periods import PeriodConverter

register_converter(PeriodConverter, "ky")

app_name = "reports-staff"
urlpatterns: list[Any] = [
    # Periods, units' returns, figures.
    # Reports: "<ky:name>/<slug:key>/…" last.
]
