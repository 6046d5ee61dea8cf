"""Public addresses of figures and reports."""

from typing import Any

from django.urls import path

from reports import calendar_feed, public_views

app_name = "reports"
urlpatterns: list[Any] = [
    path("", public_views.index, name="index"),
    path("lich-bao-cao.ics", calendar_feed.show, name="calendar"),
    path("<int:year>/", public_views.period, name="year"),
    path("<int:year>/so-lieu.xlsx", public_views.tables_file, name="year-file"),
    path("<int:year>/chia-se.png", public_views.card, name="year-card"),
    path("<int:year>/quy-<int:number>/", public_views.period, name="period"),
    path("<int:year>/quy-<int:number>/so-lieu.xlsx", public_views.tables_file, name="period-file"),
    path("<int:year>/quy-<int:number>/chia-se.png", public_views.card, name="period-card"),
    # After the words of our own: "<form key>.csv".
    path("<int:year>/<slug:form_key>.csv", public_views.table_file, name="year-table"),
    path("<int:year>/quy-<int:number>/<slug:form_key>.csv", public_views.table_file, name="period-table"),
]
