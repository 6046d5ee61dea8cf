"""The staff's site: its look, and a first page that says what waits to be done."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import admin
from django.contrib.admin import AdminSite
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.http import HttpRequest
from django.template.response import TemplateResponse
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

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        apps = super().get_app_list(request, app_label)
        return sorted(apps, key=lambda app: app["app_label"] in GROUND_APPS)
