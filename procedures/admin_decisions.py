"""The staff's workplace for decisions: what a unit proposes, and the office returns, publishes and corrects."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.widgets import AdminDateWidget
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.admin_site import Task, tasks
from portal.models import User
from procedures import admin_views, deciding, reminders
from procedures.admin import ShortTextMixin
from procedures.models import Decision, ProcedureChange

Status = Decision.Status
TAGS = {Status.DRAFT: "", Status.PROPOSED: "amended", Status.RETURNED: "repealed", Status.PUBLISHED: "new"}
LOG_LINES = 30


class ToDoFilter(admin.SimpleListFilter):
    title = "cần xem"
    parameter_name = "can-xem"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("chua-cap-nhat", "Đã áp dụng, trang chưa cập nhật"), ("qua-han-csdl", "Quá hạn nhập CSDL quốc gia")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        on = timezone.localdate()
        match self.value():
            case "chua-cap-nhat":
                return queryset.filter(pk__in=reminders.not_updated(on).values("pk"))
            case "qua-han-csdl":
                return queryset.filter(pk__in=reminders.late_for_database(on))
        return None


class ChangeForm(forms.ModelForm):
    class Meta:
        model = ProcedureChange
        fields = ["kind", "procedure", "successor", "effective_on", "sentence", "order"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.instance.draft_id and {"procedure", "effective_on"} & set(self.changed_data):
            text = "Đã có bản soạn nội dung mới. Xóa dòng này rồi thêm lại nếu muốn đổi thủ tục hoặc ngày áp dụng."
            self.add_error(None, text)
        return cleaned


class ChangeInline(ShortTextMixin, admin.TabularInline):
    model = ProcedureChange
    form = ChangeForm
    template = "admin/procedures/rows.html"
    fields = ["kind", "procedure", "successor", "effective_on", "sentence", "order", "content"]
    readonly_fields = ["content"]
    autocomplete_fields = ["procedure", "successor"]
    ordering = ["order", "pk"]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        # What says "content" and the rows themselves.
        return super().get_queryset(request).select_related("procedure", "successor", "draft", "decision")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and _open_to(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and _open_to(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and _open_to(request, obj)

    @admin.display(description="nội dung")
    def content(self, change: ProcedureChange) -> SafeString | str:
        if change.pk is None or change.kind in deciding.ENDING or change.kind == ProcedureChange.Kind.NEW:
            return "–"
        if change.draft:
            address = reverse("admin:procedures_procedure_change", args=[change.draft.pk])
            return format_html('<a href="{}">Sửa nội dung mới</a>', address)
        return "Đã có nội dung" if change.patch else "Chưa soạn"


@admin.register(Decision)
class DecisionAdmin(admin.ModelAdmin):
    inlines = [ChangeInline]
    fields = ["document", "unit", "entered_on"]
    autocomplete_fields = ["document", "unit"]
    list_display = ["document", "state", "unit", "change_count", "remark", "published_at", "entered_on"]
    list_filter = ["status", ToDoFilter, "unit"]
    list_select_related = ["document", "unit"]
    list_per_page = 50
    search_fields = ["document__folded__contains", "changes__procedure__folded__contains"]
    search_help_text = "Tìm theo số văn bản, mã hoặc tên thủ tục; gõ không dấu."
    change_form_template = "admin/procedures/decision.html"

    class Media:
        css = {"all": ["css/admin-procedures.css"]}

    # Who may do what.

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        found = super().get_queryset(request).annotate(change_count=Count("changes"))
        if request.user.has_perm("procedures.publish_decision"):
            return found
        visible = Q(status=Status.PUBLISHED)
        user = admin_views.user(request)
        if user.has_perm("procedures.propose_decision") and user.unit_id:
            visible |= Q(unit=user.unit_id)
        return found.filter(visible)

    def has_change_permission(self, request: HttpRequest, obj: Decision | None = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or _may_publish(request) or _open_to(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Decision | None = None) -> bool:
        if not super().has_delete_permission(request, obj):
            return False
        return obj is not None and obj.status in deciding.OPEN and _open_to(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Decision | None = None) -> list[str]:
        if not _may_publish(request):
            return ["unit", "entered_on"]
        return ["document", "unit"] if obj and obj.status == Status.PUBLISHED else []

    # The list.

    @admin.display(description="trạng thái", ordering="status")
    def state(self, decision: Decision) -> SafeString:
        kind = TAGS[Status(decision.status)]
        return format_html('<span class="tag tag-{}">{}</span>', kind, decision.get_status_display())

    @admin.display(description="thay đổi")
    def change_count(self, decision: Any) -> int:
        return decision.change_count

    # The form.

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST":
            return found
        # Whoever saves waits for the one who is just publishing, and then sees it published.
        Decision.objects.select_for_update().filter(pk=found.pk).first()
        return super().get_object(request, object_id, from_field)

    def save_model(self, request: HttpRequest, obj: Decision, form: Any, change: bool) -> None:
        if change:
            # The state is for `deciding` alone.
            obj.save(update_fields=form.changed_data or ["unit"])
            return
        if not _may_publish(request):
            obj.unit = admin_views.user(request).unit
        obj.save()

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        decision: Decision | None = kwargs.get("obj")
        if decision:
            published = decision.status == Status.PUBLISHED
            context |= {
                "state": self.state(decision),
                "problems": [] if published else deciding.problems(decision),
                "published": published,
                "log": _log(decision),
            }
            context |= {"rows": self._rows(request, decision)}
        context |= self._buttons(request, decision)
        return super().render_change_form(request, context, *args, **kwargs)

    def _buttons(self, request: HttpRequest, decision: Decision | None) -> dict[str, bool]:
        open_to, may_publish = _open_to(request, decision), _may_publish(request)
        return {
            "may_propose": open_to and (decision is None or decision.status in deciding.OPEN) and not may_publish,
            "may_publish": may_publish and (decision is None or decision.status != Status.PUBLISHED),
            "may_return": bool(may_publish and decision and decision.status == Status.PROPOSED),
        }

    def _rows(self, request: HttpRequest, decision: Decision) -> list[dict[str, Any]]:
        """Return each stored change with the steps that this person may take."""
        user, published = admin_views.user(request), decision.status == Status.PUBLISHED
        changes = decision.changes.for_list().select_related("draft").order_by("order", "pk")
        return [
            {
                "change": change,
                "may_draft": change.draft is None and deciding.may_draft(user, change),
                "may_add_content": published and change.draft is not None and _may_publish(request),
                "may_correct": published and _may_publish(request),
            }
            for change in changes
        ]

    def response_add(self, request: HttpRequest, obj: Decision, post_url_continue: str | None = None) -> HttpResponse:
        return self._respond(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Decision) -> HttpResponse:
        return self._respond(request, obj) or super().response_change(request, obj)

    def _respond(self, request: HttpRequest, decision: Decision) -> HttpResponse | None:
        """Take the step that the button names; None for the buttons that only save."""
        by, at, post = admin_views.user(request), timezone.now(), request.POST
        try:
            if "_propose" in post:
                deciding.propose(decision, by=by, at=at)
                text = "Đã lưu và gửi đề nghị đến Văn phòng Sở."
            elif "_return" in post:
                deciding.return_(decision, by=by, at=at, remark=post.get("remark", ""))
                text = "Đã trả lại đơn vị kèm ý kiến."
            elif "_publish" in post:
                deciding.publish(decision, by=by, at=at)
                text = "Đã công bố. Thay đổi đến ngày áp dụng sẽ tự có hiệu lực."
            elif "_draft" in post:
                draft = deciding.prepare_draft(_change(decision, post["_draft"]), by=by, at=at)
                return redirect("admin:procedures_procedure_change", draft.pk)
            elif "_content" in post:
                deciding.add_content(_change(decision, post["_content"]), by=by, at=at)
                text = "Đã công bố nội dung mới."
            else:
                return None
        except deciding.NotAllowed as error:
            raise PermissionDenied from error
        except deciding.Conflict:
            text = "Đã lưu. Việc vừa chọn không thực hiện được vì người khác đã xử lý quyết định này."
            self.message_user(request, text, messages.WARNING)
        except deciding.NotPublishable as error:
            self.message_user(request, "Đã lưu. Còn việc cần làm trước:", messages.WARNING)
            for problem in error.problems:
                self.message_user(request, str(problem), messages.WARNING)
        else:
            self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:procedures_decision_change", args=[decision.pk]))

    # Corrections.

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.correct_view)
        own = [path("<int:pk>/dinh-chinh/<int:change>/", view, name="procedures_decision_correct")]
        return own + super().get_urls()

    def correct_view(self, request: HttpRequest, pk: int, change: int) -> HttpResponse:
        """Correct the sentence or the day of a published change; the reason stays on record."""
        if not _may_publish(request):
            raise PermissionDenied
        found = get_object_or_404(ProcedureChange.objects.published().for_list(), pk=change, decision=pk)
        initial = {"effective_on": found.effective_on, "sentence": found.sentence}
        form = CorrectionForm(request.POST or None, initial=initial)
        if form.is_valid():
            try:
                deciding.correct(found, by=admin_views.user(request), at=timezone.now(), **form.cleaned_data)
            except deciding.NotPublishable as error:
                for problem in error.problems:
                    form.add_error(None, str(problem))
            else:
                self.message_user(request, "Đã đính chính.", messages.SUCCESS)
                return redirect("admin:procedures_decision_change", pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Đính chính",
            "change": found,
            "form": form,
        }
        request.current_app = self.admin_site.name
        return render(request, "admin/procedures/correct.html", context)


class CorrectionForm(forms.Form):
    effective_on = forms.DateField(label="Áp dụng từ ngày", widget=AdminDateWidget)
    sentence = forms.CharField(label="Một câu cho người dân", max_length=300, required=False)
    reason = forms.CharField(
        label="Lý do đính chính",
        max_length=300,
        error_messages={"required": "Ghi lý do đính chính."},
        help_text="Được lưu trong nhật ký của quyết định.",
    )


@tasks.register
def decisions_waiting(user: User, on: date) -> Iterator[Task]:
    """What waits to be decided, and what a published decision still asks for."""
    if user.has_perm("procedures.publish_decision"):
        late = len(reminders.late_for_database(on))
        note = f"Hạn {reminders.DATABASE_LIMIT:02} ngày làm việc từ ngày ký (Điều 24 Nghị định 63/2010/NĐ-CP)."
        address = _address(**{"can-xem": "qua-han-csdl"})
        yield Task("Nhập quyết định vào Cơ sở dữ liệu quốc gia", late, address, note, urgent=True)
        silent = reminders.not_updated(on).count()
        address = _address(**{"can-xem": "chua-cap-nhat"})
        yield Task("Cập nhật trang theo quyết định đã có hiệu lực", silent, address, urgent=True)
        proposed = Decision.objects.filter(status=Status.PROPOSED).count()
        yield Task("Xem đề nghị thay đổi thủ tục của đơn vị", proposed, _address(status__exact="proposed"))
    elif user.has_perm("procedures.propose_decision") and user.unit_id:
        own = Decision.objects.filter(unit=user.unit_id)
        returned = own.filter(status=Status.RETURNED).count()
        yield Task("Sửa đề nghị bị trả lại", returned, _address(status__exact="returned"), urgent=True)
        yield Task(
            "Đề nghị đang chờ Văn phòng Sở",
            own.filter(status=Status.PROPOSED).count(),
            _address(status__exact="proposed"),
        )


def _address(**filters: str) -> str:
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    return f"{reverse('admin:procedures_decision_changelist')}?{query}"


def _may_publish(request: HttpRequest) -> bool:
    return request.user.has_perm("procedures.publish_decision")


def _open_to(request: HttpRequest, decision: Decision | None) -> bool:
    return decision is None or deciding.may_edit(admin_views.user(request), decision)


def _change(decision: Decision, number: str) -> ProcedureChange:
    pk = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
    return get_object_or_404(ProcedureChange.objects.select_related("decision"), pk=pk, decision=decision)


def _log(decision: Decision) -> list[LogEntry]:
    kind = ContentType.objects.get_for_model(Decision)
    entries = LogEntry.objects.filter(content_type=kind, object_id=str(decision.pk))
    return list(entries.select_related("user").order_by("-action_time", "-pk")[:LOG_LINES])
