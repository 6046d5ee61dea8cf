"""The staff's addresses under /quan-tri/bao-cao/; every view is wrapped in `admin.site.admin_view`.

The first that fits is taken: words of our own stand before the keys of reports.
"""

from typing import Any

from django.contrib import admin
from django.urls import path, register_converter

from reports import compile_views, export_views, period_views, report_views, return_views, sheet_views
from reports.periods import PeriodConverter, PkConverter

register_converter(PeriodConverter, "ky")
register_converter(PkConverter, "pk")

_staff = admin.site.admin_view

app_name = "reports-staff"
urlpatterns: list[Any] = [
    # Periods, units' returns, figures.
    path("", _staff(period_views.board), name="periods"),
    path("mo/", _staff(period_views.open_named), name="open"),
    path("<ky:name>/", _staff(period_views.show), name="period"),
    path("<ky:name>/ngay/", _staff(period_views.dates), name="dates"),
    path("<ky:name>/nhac/<pk:unit>/", _staff(period_views.remind), name="remind"),
    path("<ky:name>/don-vi/<pk:unit>/", _staff(return_views.show), name="return"),
    path("<ky:name>/don-vi/<pk:unit>/mau.xlsx", _staff(sheet_views.sheet), name="sheet"),
    path("<ky:name>/don-vi/<pk:unit>/nop-tep/", _staff(sheet_views.upload), name="sheet-upload"),
    path("<ky:name>/don-vi/<pk:unit>/<slug:verb>/", _staff(return_views.step), name="return-step"),
    path("<ky:name>/tong-hop/", _staff(compile_views.compile_now), name="compile"),
    path("<ky:name>/thay-doi/", _staff(compile_views.moved), name="moved"),
    path("<ky:name>/so-lieu.xlsx", _staff(export_views.figures_file), name="figures-file"),
    path("<ky:name>/so-lieu/<pk:pk>/", _staff(compile_views.figure), name="figure"),
    path("<ky:name>/so-lieu/<pk:pk>/thay/", _staff(compile_views.override), name="override"),
    # Reports: "<ky:name>/<slug:key>/…" last.
    path("<ky:name>/<slug:key>/", _staff(report_views.show), name="report"),
    path("<ky:name>/<slug:key>/tai/<slug:kind>/", _staff(export_views.export), name="export"),
    path("<ky:name>/<slug:key>/xem/", _staff(export_views.preview), name="preview"),
    path("<ky:name>/<slug:key>/doi-chieu/", _staff(report_views.differences), name="report-differences"),
    path("<ky:name>/<slug:key>/tep/<pk:pk>/", _staff(report_views.sent_file), name="sent-file"),
    path("<ky:name>/<slug:key>/viec/<slug:verb>/", _staff(report_views.step), name="report-step"),
]
