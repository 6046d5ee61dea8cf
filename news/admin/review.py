"""The staff's workplace for the review of procedures: the year's plan, its procedures and their results."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from news import review_views, reviewing
from news.admin.evidence import EvidenceInline
from news.models import ReviewItem, ReviewPlan
from portal.admin_site import Task, tasks
from portal.models import User
from portal.templatetags.vietnamese import viet_date
from procedures.admin import ShortTextMixin
from procedures.admin_forms import RowFormSet

LIST = "admin:news_reviewplan_changelist"
HELP_TEXTS = {
    "year": "Năm của kế hoạch.",
    "title": "Tên như trong văn bản ban hành.",
    "document": "Văn bản ban hành kế hoạch, nếu có trong kho văn bản.",
    "public": "Chọn để kế hoạch và kết quả hiện ở trang Rà soát thủ tục hành chính.",
    "conclusion": "Nhận xét chung sau khi rà soát xong, hiện ở trang công khai.",
}


class ReviewItemForm(forms.ModelForm):
    class Meta:
        model = ReviewItem
        fields = [
            "procedure",
            "agency",
            "first_on",
            "last_on",
            "basis",
            "product",
            "outcome",
            "proposal",
            "done_on",
            "order",
        ]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        outcome, done_on = cleaned.get("outcome"), cleaned.get("done_on")
        if done_on and not outcome:
            self.add_error("outcome", forms.ValidationError("Chọn kết quả khi đã ghi ngày xong.", code="required"))
        if outcome and not done_on:
            self.add_error("done_on", forms.ValidationError("Ghi ngày xong khi đã có kết quả.", code="required"))
        if outcome and outcome != ReviewItem.Outcome.KEEP and not cleaned.get("proposal"):
            self.add_error("proposal", forms.ValidationError("Ghi nội dung đề xuất.", code="required"))
        return cleaned


class ReviewItemFormSet(RowFormSet):
    links = ("procedure", "agency")


class ReviewItemInline(ShortTextMixin, admin.TabularInline):
    model = ReviewItem
    form = ReviewItemForm
    formset = ReviewItemFormSet
    template = "admin/procedures/rows.html"
    autocomplete_fields = ["procedure", "agency"]
    ordering = ["order", "pk"]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("procedure", "agency")


class LateFilter(admin.SimpleListFilter):
    title = "cần xem"
    parameter_name = "can-xem"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("chua-gui", "Chưa gửi"), ("qua-han", "Có thủ tục quá hạn rà soát")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        on = timezone.localdate()
        match self.value():
            case "chua-gui":
                return queryset.filter(pk__in=reviewing.not_sent(on).values("pk"))
            case "qua-han":
                return queryset.filter(pk__in=reviewing.late_items(on).values("plan"))
        return None


@admin.register(ReviewPlan)
class ReviewPlanAdmin(admin.ModelAdmin):
    inlines = [ReviewItemInline, EvidenceInline]
    fields = ["year", "title", "document", "sent_on", "public", "conclusion"]
    autocomplete_fields = ["document"]
    list_display = ["title", "year", "sent", "progress", "public"]
    list_filter = [LateFilter, "public"]
    list_per_page = 50
    search_fields = ["title", "year"]
    change_form_template = "admin/news/reviewplan/form.html"
    view_on_site = False  # the form leads there once there is something to see

    class Media:
        css = {"all": ["css/admin-procedures.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return reviewing.with_counts(super().get_queryset(request), timezone.localdate()).order_by("-year")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and (text := HELP_TEXTS.get(db_field.name)):
            field.help_text = text
        return field

    @admin.display(description="gửi ngày", ordering="sent_on")
    def sent(self, plan: ReviewPlan) -> SafeString | str:
        words = viet_date(plan.sent_on) or "Chưa gửi"
        late = reviewing.alarm(plan, timezone.localdate())
        return format_html('{} <span class="tag tag-repealed">Quá hạn</span>', words) if late else words

    @admin.display(description="đã rà soát", ordering="done_count")
    def progress(self, plan: Any) -> str:
        late = f", {plan.late_count} quá hạn" if plan.late_count else ""
        return f"{plan.done_count}/{plan.item_count} thủ tục{late}"

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        plan: ReviewPlan | None = kwargs.get("obj")
        on = timezone.localdate()
        if plan:
            context |= {"alarm": reviewing.alarm(plan, on), "progress": self.progress(plan)}
        return super().render_change_form(request, context, *args, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if sentence := reviewing.alarm(form.instance, timezone.localdate()):
            self.message_user(request, sentence, messages.WARNING)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.file)
        return [path("<int:pk>/ke-hoach.xlsx", view, name="news_reviewplan_file"), *super().get_urls()]

    def file(self, request: HttpRequest, pk: int) -> FileResponse | HttpResponse:
        """Send the plan as a table, before it is public as well."""
        plan = get_object_or_404(ReviewPlan, pk=pk)
        if not self.has_view_permission(request, plan):
            raise PermissionDenied
        return review_views.plan_file(plan)


@tasks.register
def reviews_waiting(user: User, on: date) -> Iterator[Task]:
    """What the plan of the year asks of the office: to be made and sent in January, then to be carried out."""
    if not user.has_perm("news.change_reviewplan"):
        return
    limit = reviewing.due(on.year)
    duty = f"Gửi trước ngày {viet_date(limit)} ({reviewing.ARTICLE})."
    missing = on < limit and not ReviewPlan.objects.filter(year=on.year).exists()
    address = f"{reverse('admin:news_reviewplan_add')}?year={on.year}"
    yield Task(f"Lập kế hoạch rà soát thủ tục năm {on.year}", int(missing), address, note=duty)
    unsent = list(reviewing.not_sent(on))
    late = any(reviewing.alarm(plan, on) for plan in unsent)
    yield Task("Gửi kế hoạch rà soát thủ tục", len(unsent), f"{reverse(LIST)}?can-xem=chua-gui", note=duty, urgent=late)
    plans = reviewing.late_items(on).values("plan").distinct().count()
    yield Task("Kế hoạch có thủ tục quá hạn rà soát", plans, f"{reverse(LIST)}?can-xem=qua-han", urgent=True)
