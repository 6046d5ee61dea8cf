"""The staff's site: its look, and a first page that says what waits to be done."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import admin
from django.contrib.admin import AdminSite
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.views import shortcut
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone

from portal.models import User


@dataclass(frozen=True)
class Task:
    """Work that waits, counted; shown only while there is some."""

    title: str  # what to do, e.g. "Xác nhận tên ngắn do máy đề xuất"
    count: int
    url: str  # the list that holds just what was counted
    note: str = ""
    urgent: bool = False  # overdue or nearly so; stands first


# Returns nothing for work that this person may not do.
FindTasks = Callable[[User, date], Iterable[Task]]


class TaskRegistry:
    """The questions that the apps ask for the first page, in the order of their registration."""

    def __init__(self) -> None:
        self._finders: list[FindTasks] = []

    def register(self, find: FindTasks) -> FindTasks:
        """Add a function that finds tasks; usable as a decorator."""
        self._finders.append(find)
        return find

    def waiting(self, user: User, on: date) -> list[Task]:
        """Return what waits for this person on this day, the urgent first."""
        found = [task for find in self._finders for task in find(user, on) if task.count]
        return sorted(found, key=lambda task: not task.urgent)


tasks = TaskRegistry()


def add_inline(model: type[Model], inline: type[admin.options.InlineModelAdmin]) -> None:
    """Add rows of an app above to the form of a model below, which is registered already."""
    own: Any = admin.site.get_model_admin(model)
    own.inlines = [*own.inlines, inline]


# What is set up once stands below what is worked with every day.
GROUND_APPS = {"portal", "auth"}


class PortalAdminSite(AdminSite):
    site_header = "Quản trị cổng thông tin"
    site_title = "Quản trị"
    index_title = "Việc cần làm"
    empty_value_display = "–"
    # The breadcrumb and the first page lead everywhere; a second list beside every form narrows it.
    enable_nav_sidebar = False

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        user = request.user
        waiting = [] if isinstance(user, AnonymousUser) else tasks.waiting(user, timezone.localdate())
        return super().index(request, {**(extra_context or {}), "tasks": waiting})

    def get_urls(self) -> list[Any]:
        show = self.admin_view(self.show_on_site)
        # As Django's own, which this one stands before.
        return [path("r/<path:content_type_id>/<path:object_id>/", show, name="view_on_site"), *super().get_urls()]

    def show_on_site(self, request: HttpRequest, content_type_id: str, object_id: str) -> HttpResponseBase:
        """Lead to the public page of what the person may see in the admin, where the admin offers that page.

        Django's own view leads everybody on the staff to the address of any row, and an address may be a secret.
        """
        if not all(number.isdecimal() and len(number) < 19 for number in (content_type_id, object_id)):
            raise Http404
        model = get_object_or_404(ContentType, pk=content_type_id).model_class()
        if model is None or not self.is_registered(model):
            raise Http404
        own: Any = self.get_model_admin(model)
        if own.view_on_site is not True or not own.has_view_permission(request):
            raise Http404
        get_object_or_404(own.get_queryset(request), pk=object_id)
        return shortcut(request, content_type_id, object_id)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        apps = super().get_app_list(request, app_label)
        return sorted(apps, key=lambda app: app["app_label"] in GROUND_APPS)
