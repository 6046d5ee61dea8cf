"""The staff's workplace for the plan of communication: its tasks, how they stand, and what was done for them."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.views.decorators.http import require_POST

from news import plans
from news.internal_views import xlsx_response
from news.models import CommunicationPlan, Evidence, PlanTask
from portal.admin_site import Task, tasks
from portal.models import User
from procedures.admin import FoldedSearchMixin
from procedures.admin_views import user

State = PlanTask.State
TAGS = {State.LATE: "repealed", State.GOING: "amended", State.TO_COME: "", State.DONE: "new"}
# As addresses write them.
STATES = {"cham": State.LATE, "dang-lam": State.GOING, "chua-den": State.TO_COME, "xong": State.DONE}
SOON = "sap-den-han"
STYLES = {"all": ["css/admin-procedures.css", "css/admin-plan.css"]}


def state_tag(state: PlanTask.State) -> SafeString:
    return format_html('<span class="tag tag-{}">{}</span>', TAGS[state], state.label)


# Plans.


class PlanForm(forms.ModelForm):
    class Meta:
        model = CommunicationPlan
        fields = ["year", "title", "document", "public"]
        help_texts = {
            "year": "Mỗi năm một kế hoạch.",
            "title": "Ghi như trong văn bản.",
            "document": "Văn bản ban hành kế hoạch, nếu đã có trong kho văn bản.",
            "public": "Chọn để người dân xem được nhiệm vụ và việc đã làm ở trang Kế hoạch truyền thông.",
        }


@admin.register(CommunicationPlan)
class CommunicationPlanAdmin(admin.ModelAdmin):
    form = PlanForm
    autocomplete_fields = ["document"]
    list_display = ["year", "title", "standing", "public", "progress_link"]
    list_display_links = ["year", "title"]
    list_per_page = 50
    actions = ["copy_to_next_year"]
    view_on_site = False
    change_form_template = "admin/news/communicationplan/form.html"

    class Media:
        css = STYLES

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("tasks")

    @admin.display(description="tình hình hôm nay")
    def standing(self, plan: CommunicationPlan) -> str:
        on = timezone.localdate()
        return plans.sentence(task.state(on) for task in plan.tasks.all())

    @admin.display(description="tiến độ")
    def progress_link(self, plan: CommunicationPlan) -> SafeString:
        address = reverse("admin:news_communicationplan_progress", args=[plan.pk])
        return format_html(
            '<a href="{}">Xem tiến độ<span class="visually-hidden"> năm {}</span></a>', address, plan.year
        )

    @admin.action(description="Sao các nhiệm vụ sang kế hoạch năm sau", permissions=["add"])
    def copy_to_next_year(self, request: HttpRequest, queryset: QuerySet) -> None:
        for plan in queryset.order_by("-year"):
            self._copy(request, plan)

    def _copy(self, request: HttpRequest, plan: CommunicationPlan) -> CommunicationPlan | None:
        try:
            copy = plans.copy_to_next_year(plan)
        except plans.AlreadyThere:
            self.message_user(request, f"Chưa sao: năm {plan.year + 1} đã có kế hoạch.", messages.WARNING)
            return None
        text = f"Đã lập kế hoạch năm {copy.year} từ năm {plan.year}. Xem lại nội dung và ngày của từng nhiệm vụ."
        self.message_user(request, text, messages.SUCCESS)
        return copy

    # The plan at a glance.

    def get_urls(self) -> list[URLPattern]:
        own = [
            ("tien-do/", self.progress_view, "news_communicationplan_progress"),
            ("tien-do.xlsx", self.progress_file, "news_communicationplan_file"),
            ("sao/", require_POST(self.copy_view), "news_communicationplan_copy"),
        ]
        guard = self.admin_site.admin_view
        return [path(f"<int:pk>/{end}", guard(view), name=name) for end, view, name in own] + super().get_urls()

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        plan = self._viewable(request, pk)
        progress = plans.progress(plan, at=timezone.now())
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Tiến độ năm {plan.year}",
            "progress": progress,
            "counts": [(state.label, sum(line.state == state for line in progress.lines)) for state in State],
            "lines": [(line, state_tag(line.state)) for line in progress.lines],
            "may_copy": self.has_add_permission(request),
        }
        request.current_app = self.admin_site.name
        return render(request, "admin/news/communicationplan/progress.html", context)

    def progress_file(self, request: HttpRequest, pk: int) -> FileResponse:
        progress = plans.progress(self._viewable(request, pk), at=timezone.now())
        name = f"tien-do-ke-hoach-{progress.plan.year}-{progress.on.isoformat()}"
        return xlsx_response(name, plans.SHEET_TITLE, plans.SHEET_HEADER, progress.rows())

    def copy_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        plan = self._viewable(request, pk)
        if not self.has_add_permission(request):
            raise PermissionDenied
        copy = self._copy(request, plan) or plan
        return redirect("admin:news_communicationplan_progress", copy.pk)

    def _viewable(self, request: HttpRequest, pk: int) -> CommunicationPlan:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(CommunicationPlan.objects.select_related("document"), pk=pk)


# Tasks.


class StateFilter(admin.SimpleListFilter):
    title = "tình trạng"
    parameter_name = "tinh-trang"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        soon = (SOON, f"Đến hạn trong {plans.SOON_DAYS} ngày")
        return [soon, *((value, state.label) for value, state in STATES.items())]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        on = timezone.localdate()
        if self.value() == SOON:
            return queryset.due(on, _soon(on))
        state = STATES.get(self.value() or "")
        return queryset.in_state(state, on) if state else None


class TaskForm(forms.ModelForm):
    class Meta:
        model = PlanTask
        fields = [
            "plan",
            "number",
            "content",
            "lead",
            "cooperating",
            "cooperating_others",
            "time",
            "first_on",
            "last_on",
            "form_of_work",
            "order",
            "done_on",
            "result",
        ]
        widgets = {"cooperating": forms.CheckboxSelectMultiple}
        help_texts = {
            "plan": "Kế hoạch của năm nào.",
            "content": "Việc phải làm, ghi gọn từ văn bản.",
            "lead": "Người của đơn vị này được nhắc khi nhiệm vụ sắp đến hạn hoặc chậm.",
            "cooperating": "Các đơn vị thuộc Sở cùng làm.",
            "cooperating_others": "Cơ quan ngoài Sở, ví dụ: các cơ quan có liên quan.",
            "first_on": "Từ ngày này nhiệm vụ là “Đang làm”.",
            "last_on": "Sau ngày này mà chưa ghi ngày xong thì nhiệm vụ là “Chậm”.",
            "form_of_work": "Ví dụ: ban hành văn bản; viết, đăng tin, bài.",
            "order": "Số nhỏ đứng trước.",
            "done_on": "Ghi khi đã làm xong; để trống khi còn làm.",
            "result": "Một vài câu về kết quả; người dân đọc được khi kế hoạch công khai.",
        }

    def clean_done_on(self) -> date | None:
        done_on = self.cleaned_data["done_on"]
        if done_on and done_on > timezone.localdate():
            raise ValidationError("Ghi ngày đã xong, không ghi ngày sau hôm nay.", code="future")
        return done_on


@admin.register(PlanTask)
class PlanTaskAdmin(FoldedSearchMixin, admin.ModelAdmin):
    form = TaskForm
    fieldsets = [
        (None, {"fields": ["plan", "number", "content", "lead", "cooperating", "cooperating_others"]}),
        ("Thời gian, cách làm", {"fields": ["time", ("first_on", "last_on"), "form_of_work", "order"]}),
        ("Kết quả", {"fields": ["done_on", "result"]}),
    ]
    list_display = ["number", "short_content", "year", "lead", "state", "last_on"]
    list_display_links = ["number", "short_content"]
    list_filter = [StateFilter, "plan", "lead"]
    list_select_related = ["plan", "lead"]
    list_per_page = 50
    ordering = ["-plan__year", "order", "pk"]
    search_fields = ["content"]
    searched = ("number", "content")
    search_help_text = "Tìm theo mục, nội dung; gõ có dấu hay không dấu đều được."
    change_form_template = "admin/news/plantask/form.html"

    class Media:
        css = STYLES

    @admin.display(description="nội dung")
    def short_content(self, task: PlanTask) -> str:
        return Truncator(task.content).chars(120)

    @admin.display(description="năm", ordering="plan__year")
    def year(self, task: PlanTask) -> int:
        return task.plan.year

    @admin.display(description="tình trạng")
    def state(self, task: PlanTask) -> SafeString:
        return state_tag(task.state(timezone.localdate()))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name in {"plan", "lead", "cooperating"}:
            # Plans and units are kept on their own pages, not in passing.
            for link in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
                setattr(field.widget, link, False)
        return field

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        task: PlanTask | None = kwargs.get("obj")
        line = plans.line(task, at=timezone.now()) if task else None
        context |= {"line": line, "state": state_tag(line.state) if line else None}
        return super().render_change_form(request, context, *args, **kwargs)

    # What was done for a task.

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        own = [
            path("<int:pk>/viec-da-lam/", guard(self.evidence_view), name="news_plantask_evidence"),
            path("<int:pk>/gan/", guard(require_POST(self.link_view)), name="news_plantask_add_evidence"),
            path("<int:pk>/bo/", guard(require_POST(self.unlink_view)), name="news_plantask_remove_evidence"),
        ]
        return own + super().get_urls()

    def evidence_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what was done for the task, and look for more that was."""
        task = self._viewable(request, pk)
        line = plans.line(task, at=timezone.now())
        kinds = self._kinds(request)
        kind = next((kind for kind in kinds if kind.key == request.GET.get("loai")), kinds[0])
        asked = request.GET.get("q", "").strip()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Việc đã làm của mục {task.number}",
            "task": task,
            "line": line,
            "state": state_tag(line.state),
            "done": [(item, self._address(item.item)) for item in line.items],
            "waiting": [(row, row.item, self._address(row.item)) for row in self._seen(request, line.waiting)],
            "kinds": kinds,
            "kind": kind,
            "asked": asked,
            "found": self._found(request, task, kind, asked) if asked else [],
            "may_add": request.user.has_perm("news.add_evidence"),
            "may_remove": request.user.has_perm("news.delete_evidence"),
        }
        request.current_app = self.admin_site.name
        return render(request, "admin/news/plantask/evidence.html", context)

    def link_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        task = self._viewable(request, pk)
        kind = next((kind for kind in self._kinds(request) if kind.key == request.POST.get("loai")), None)
        number = request.POST.get("muc", "")
        if not request.user.has_perm("news.add_evidence") or kind is None or not number.isdecimal():
            raise PermissionDenied
        item = get_object_or_404(self._rows(request, kind), pk=number)
        _, new = Evidence.objects.get_or_create(
            task=task,
            content_type=ContentType.objects.get_for_model(kind.model),
            object_id=item.pk,
            defaults={"added_by": user(request)},
        )
        text = f"Đã gắn: {item}." if new else "Mục này đã gắn từ trước."
        self.message_user(request, text, messages.SUCCESS if new else messages.INFO)
        asked = urlencode({"loai": kind.key, "q": request.POST.get("q", "")})
        return redirect(f"{reverse('admin:news_plantask_evidence', args=[pk])}?{asked}")

    def unlink_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        task = self._viewable(request, pk)
        number = request.POST.get("dong", "")
        if not request.user.has_perm("news.delete_evidence") or not number.isdecimal():
            raise PermissionDenied
        gone, _ = task.evidence.filter(pk=number).delete()
        text = "Đã bỏ gắn. Nội dung đã làm vẫn còn nguyên." if gone else "Mục này đã được bỏ từ trước."
        self.message_user(request, text, messages.SUCCESS if gone else messages.INFO)
        return redirect("admin:news_plantask_evidence", pk)

    def _viewable(self, request: HttpRequest, pk: int) -> PlanTask:
        if not self.has_view_permission(request):
            raise PermissionDenied
        tasks = PlanTask.objects.select_related("plan", "lead").prefetch_related("evidence__item")
        return get_object_or_404(tasks, pk=pk)

    def _kinds(self, request: HttpRequest) -> list[plans.Kind]:
        """Return the kinds of which this person sees the list."""
        return [
            kind
            for kind in plans.kinds()
            if self.admin_site.is_registered(kind.model)
            and self.admin_site.get_model_admin(kind.model).has_view_permission(request)
        ]

    def _rows(self, request: HttpRequest, kind: plans.Kind) -> QuerySet:
        return self.admin_site.get_model_admin(kind.model).get_queryset(request)

    def _seen(self, request: HttpRequest, waiting: list[Evidence]) -> list[Evidence]:
        """Return what this person finds in the lists as well: a draft is named to those who may read it."""
        pks: dict[type, set[int]] = {}
        for row in waiting:
            pks.setdefault(type(row.item), set()).add(row.object_id)
        seen = {
            (kind.model, pk)
            for kind in self._kinds(request)
            if kind.model in pks
            for pk in self._rows(request, kind).filter(pk__in=pks[kind.model]).values_list("pk", flat=True)
        }
        return [row for row in waiting if (type(row.item), row.object_id) in seen]

    def _found(self, request: HttpRequest, task: PlanTask, kind: plans.Kind, asked: str) -> list[tuple[Any, bool]]:
        """Return what is found, and whether it is chosen for the task already."""
        type_id = ContentType.objects.get_for_model(kind.model).pk
        chosen = {row.object_id for row in task.evidence.all() if row.content_type_id == type_id}
        return [(item, item.pk in chosen) for item in plans.find(kind, asked, self._rows(request, kind))]

    def _address(self, item: Any) -> str:
        if not self.admin_site.is_registered(type(item)):
            return ""
        return reverse(f"admin:{item._meta.app_label}_{item._meta.model_name}_change", args=[item.pk])


# The first page.


@tasks.register
def plan_tasks(user: User, on: date) -> Iterator[Task]:
    """Remind those who steer the plan of every task, and the people of a unit of those that it leads."""
    found = PlanTask.objects.all()
    narrowed: dict[str, str] = {}
    if not user.has_perm("news.change_plantask"):
        if not (user.has_perm("news.view_plantask") and user.unit_id):
            return
        found = found.filter(lead=user.unit_id)
        narrowed = {"lead__id__exact": str(user.unit_id)}
    address = reverse("admin:news_plantask_changelist")
    late = f"{address}?{urlencode({'tinh-trang': 'cham', **narrowed})}"
    yield Task("Nhiệm vụ truyền thông bị chậm", found.late(on).count(), late, urgent=True)
    soon = f"{address}?{urlencode({'tinh-trang': SOON, **narrowed})}"
    title = f"Nhiệm vụ truyền thông đến hạn trong {plans.SOON_DAYS} ngày"
    yield Task(title, found.due(on, _soon(on)).count(), soon)


def _soon(on: date) -> date:
    return on + timedelta(days=plans.SOON_DAYS)
