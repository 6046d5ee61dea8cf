"""The staff's site: its look, and a first page that says what waits to be done."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
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

from portal.charts import Chart
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


@dataclass(frozen=True)
class PanelLine:
    label: str
    value: int | str | None  # words stand as they are; missing is "chưa có số liệu"
    url: str = ""  # where the rows behind the value are
    note: str = ""

    @property
    def is_number(self) -> bool:
        return isinstance(self.value, int)


@dataclass(frozen=True)
class Panel:
    """A small table on the first page, with a chart of its numbers where that tells something."""

    title: str
    lines: Sequence[PanelLine]
    heads: tuple[str, str]  # of the labels, of the values
    note: str = ""
    url: str = ""  # the page that tells more
    with_chart: bool = False

    @property
    def chart(self) -> Chart | None:
        values = [line.value if isinstance(line.value, int) else None for line in self.lines]
        # One of noughts only would show nothing.
        if not self.with_chart or not any(values):
            return None
        return Chart(self.title, [line.label for line in self.lines], [(self.heads[1], values)])


# Returns nothing for what this person may not see; asks a bounded number of queries.
FindPanels = Callable[[User, datetime], Iterable[Panel]]


class PanelRegistry:
    """What the apps show on the first page, in the order of their registration."""

    def __init__(self) -> None:
        self._finders: list[FindPanels] = []

    def register(self, find: FindPanels) -> FindPanels:
        """Add a function that finds panels; usable as a decorator."""
        self._finders.append(find)
        return find

    def shown(self, user: User, at: datetime) -> list[Panel]:
        return [panel for find in self._finders for panel in find(user, at)]


panels = PanelRegistry()


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
        shown: dict[str, Any] = {}
        if not isinstance(user, AnonymousUser):
            shown = {"tasks": tasks.waiting(user, timezone.localdate()), "panels": panels.shown(user, timezone.now())}
        return super().index(request, {**(extra_context or {}), **shown})

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
