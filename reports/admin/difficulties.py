"""The staff's list of difficulties: a unit writes down its own, the office answers and decides what reports carry."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from portal.admin_site import Task, tasks
from portal.models import User
from portal.steps import Conflict, NotAllowed, Refused
from procedures.admin_views import user
from reports import difficulties
from reports.models import Difficulty

Status = Difficulty.Status
TAGS = {Status.RAISED: "amended", Status.ANSWERED: "new", Status.WITHDRAWN: "repealed"}
OFFICE = ("answer", "in_reports", "solved_on")
HELP_TEXTS = {
    "content": "Việc gì xảy ra, ở khâu nào, bao nhiêu hồ sơ. Không ghi tên người nộp hồ sơ.",
    "proposal": "Để trống khi chưa có đề xuất.",
    "answer": "Người đã nêu nhận thư có nội dung này.",
    "in_reports": "Báo cáo của các kỳ có vướng mắc này nêu ra cho đến khi giải quyết xong.",
    "solved_on": "Để trống khi còn vướng.",
}


class DifficultyForm(forms.ModelForm):
    class Meta:
        model = Difficulty
        fields = ["unit", *difficulties.WORDS, *OFFICE]

    def clean_answer(self) -> str:
        text = self.cleaned_data["answer"].strip()
        if not text and self.instance.answer:
            raise ValidationError("Giữ lại câu trả lời: đơn vị đã đọc. Sửa nội dung nếu cần.", code="answer_kept")
        return text

    def clean_solved_on(self) -> date | None:
        day: date | None = self.cleaned_data["solved_on"]
        first = self.instance.raised_on
        if day and (day > timezone.localdate() or (first and day < first)):
            raise ValidationError("Chọn ngày không trước ngày nêu và không sau hôm nay.", code="solved_in_order")
        return day


class StateFilter(admin.SimpleListFilter):
    title = "giải quyết"
    parameter_name = "giai-quyet"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("cho-tra-loi", "Chờ trả lời"), ("con-vuong", "Còn vướng"), ("da-xong", "Đã giải quyết xong")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        match self.value():
            case "cho-tra-loi":
                return queryset.waiting()
            case "con-vuong":
                return queryset.unsolved()
            case "da-xong":
                return queryset.filter(solved_on__isnull=False)
        return None


@admin.register(Difficulty)
class DifficultyAdmin(admin.ModelAdmin):
    form = DifficultyForm
    change_form_template = "admin/reports/difficulty/form.html"
    list_display = ["title", "state", "unit", "kind", "raised_on", "in_reports"]
    list_filter = [StateFilter, "status", "kind", ("unit", admin.RelatedOnlyFieldListFilter), "in_reports"]
    list_select_related = ["unit"]
    list_per_page = 20
    list_max_show_all = 20
    date_hierarchy = "raised_on"
    search_fields = ["title", "content", "proposal", "answer"]
    autocomplete_fields = ["procedure"]
    actions = None

    class Media:
        css = {"all": ["css/admin-procedures.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows: Any = super().get_queryset(request)
        rows = rows.visible_to(user(request))
        return rows.select_related("unit", "procedure", "field", "raised_by", "answered_by")

    def has_add_permission(self, request: HttpRequest) -> bool:
        who = user(request)
        return super().has_add_permission(request) and (difficulties.answers(who) or who.unit_id is not None)

    def has_change_permission(self, request: HttpRequest, obj: Difficulty | None = None) -> bool:
        if not super().has_change_permission(request, obj) or obj is None:
            return super().has_change_permission(request, obj)
        return bool(_open_fields(user(request), obj))

    def has_delete_permission(self, request: HttpRequest, obj: Difficulty | None = None) -> bool:
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Difficulty | None = None) -> Any:
        unit = ["unit"] if difficulties.answers(user(request)) and obj is None else []
        words: tuple[str | None, Any] = (None, {"fields": [*unit, *difficulties.WORDS]})
        if obj is None or (obj.status != Status.ANSWERED and not difficulties.answers(user(request))):
            return [words]
        return [words, ("Văn phòng Sở", {"fields": [*OFFICE]})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None:
            return []
        return [name for name in (*difficulties.WORDS, *OFFICE) if name not in _open_fields(user(request), obj)]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and (text := HELP_TEXTS.get(db_field.name)):
            field.help_text = text
        if field and db_field.name in {"unit", "procedure", "field"}:
            # Each is kept on its own page, not in passing.
            for link in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
                setattr(field.widget, link, False)
        return field

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"unit": user(request).unit_id, **super().get_changeform_initial_data(request)}

    @admin.display(description="tình trạng", ordering="status")
    def state(self, row: Difficulty) -> SafeString:
        return state_tag(row)

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().changeform_view(request, object_id, *args, **kwargs)
        except (Refused, NotAllowed, Conflict) as error:
            _tell(request, error)
            return redirect(request.path)

    def save_model(self, request: HttpRequest, obj: Difficulty, form: Any, change: bool) -> None:
        by, at, changed = user(request), timezone.now(), set(form.changed_data)
        if not change:
            # The form shows a unit only to the office; everybody else speaks for the own one.
            if "unit" not in form.fields and by.unit:
                obj.unit = by.unit
            difficulties.raise_(obj, by=by, at=at)
            return
        if changed & set(difficulties.WORDS):
            difficulties.edit(obj, by=by)
        if changed & {"in_reports", "solved_on"}:
            difficulties.settle(obj, in_reports=obj.in_reports, solved_on=obj.solved_on, by=by, at=at)
        if "answer" in changed:
            difficulties.answer(obj, text=obj.answer, by=by, at=at)

    def get_urls(self) -> list[URLPattern]:
        withdraw = self.admin_site.admin_view(require_POST(self.withdraw))
        return [path("<int:pk>/rut/", withdraw, name="reports_difficulty_withdraw"), *super().get_urls()]

    def withdraw(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = get_object_or_404(self.get_queryset(request), pk=pk)
        try:
            difficulties.withdraw(found, by=user(request))
            messages.success(request, "Đã rút. Báo cáo không nêu vướng mắc này.")
        except (NotAllowed, Conflict) as error:
            _tell(request, error)
        return redirect("admin:reports_difficulty_change", pk)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        found: Difficulty | None = kwargs.get("obj")
        context["state"] = state_tag(found) if found else ""
        context["may_withdraw"] = found is not None and difficulties.may_edit(user(request), found)
        return super().render_change_form(request, context, *args, **kwargs)


def _open_fields(who: User, found: Difficulty) -> set[str]:
    """Return what the person may write of the row as it stands."""
    fields = set(difficulties.WORDS) if difficulties.may_edit(who, found) else set()
    if difficulties.answers(who) and found.status != Status.WITHDRAWN:
        fields |= set(OFFICE)
    return fields


def _tell(request: HttpRequest, error: Exception) -> None:
    text = str(error) or "Chưa lưu được vì người khác vừa trả lời hoặc rút vướng mắc này. Xem lại rồi làm tiếp."
    messages.warning(request, text)


def state_tag(row: Difficulty) -> SafeString:
    if row.solved_on:
        return format_html('<span class="tag tag-new">{}</span>', "Đã giải quyết xong")
    return format_html('<span class="tag tag-{}">{}</span>', TAGS[Status(row.status)], row.get_status_display())


@tasks.register
def _unanswered(who: User, on: date) -> Iterable[Task]:
    if not difficulties.answers(who):
        return
    address = f"{reverse('admin:reports_difficulty_changelist')}?giai-quyet=cho-tra-loi"
    yield Task("Trả lời khó khăn, vướng mắc của đơn vị", Difficulty.objects.waiting().count(), address)
