"""The staff's addresses under /quan-tri/bao-cao/; every view is wrapped in `admin.site.admin_view`.

The first that fits is taken: words of our own stand before the keys of reports.
"""

from typing import Any

from django.contrib import admin
from django.urls import path, register_converter

from reports import return_views, sheet_views
from reports.periods import PeriodConverter

register_converter(PeriodConverter, "ky")

_staff = admin.site.admin_view

app_name = "reports-staff"
urlpatterns: list[Any] = [
    # Periods, units' returns, figures.
    path("<ky:name>/don-vi/<int:unit>/", _staff(return_views.show), name="return"),
    path("<ky:name>/don-vi/<int:unit>/mau.xlsx", _staff(sheet_views.sheet), name="sheet"),
    path("<ky:name>/don-vi/<int:unit>/nop-tep/", _staff(sheet_views.upload), name="sheet-upload"),
    path("<ky:name>/don-vi/<int:unit>/<slug:verb>/", _staff(return_views.step), name="return-step"),
    # Reports: "<ky:name>/<slug:key>/…" last.
]
