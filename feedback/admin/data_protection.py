"""The staff's workplace for personal data: who looked at it, what senders ask for, what went, what leaked."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from feedback import data_requests, incidents, protecting
from feedback.models import AccessRecord, DataRequest, Incident, Submission, Tombstone
from news.admin.publications import MomentInput
from portal import calendar
from portal.admin_site import Task, tasks
from portal.models import Organisation, User
from portal.steps import Conflict, NotAllowed, Refused
from procedures.admin_views import user

Kind = DataRequest.Kind
ERASE_REASON = "Người gửi yêu cầu xóa (Luật 91/2025 Điều 4)."


class ReadOnlyAdmin(admin.ModelAdmin):
    actions = None
    list_per_page = 20
    list_max_show_all = 20

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="phản ánh số", ordering="submission__register_number")
    def entry(self, row: Any) -> str:
        # Neither the title nor the receipt code: the one may name a person, the other opens the follow-up page.
        return row.submission.register_entry or "chưa vào sổ"


@admin.register(AccessRecord)
class AccessRecordAdmin(ReadOnlyAdmin):
    list_display = ["at", "by", "how", "entry", "detail"]
    list_display_links = None
    list_filter = ["how", ("by", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["by", "submission"]
    date_hierarchy = "at"

    def has_view_permission(self, request: HttpRequest, obj: AccessRecord | None = None) -> bool:
        # One row says no more than the list, and its page would name the case.
        return obj is None and super().has_view_permission(request, obj)


@admin.register(Tombstone)
class TombstoneAdmin(ReadOnlyAdmin):
    list_display = ["at", "entry", "what", "reason", "by_whom"]
    list_display_links = None
    list_select_related = ["by", "submission"]
    date_hierarchy = "at"

    def has_view_permission(self, request: HttpRequest, obj: Tombstone | None = None) -> bool:
        return obj is None and super().has_view_permission(request, obj)

    @admin.display(description="đã xóa")
    def what(self, tombstone: Tombstone) -> str:
        return ", ".join(f"{what}: {count}" for what, count in tombstone.erased.items() if count)

    @admin.display(description="người làm", ordering="by")
    def by_whom(self, tombstone: Tombstone) -> str:
        return str(tombstone.by) if tombstone.by else "Tự động theo thời hạn lưu"


# Requests.


class DataRequestForm(forms.ModelForm):
    """The case is named by its number in the register, so that no list of cases is shown for choosing."""

    entry = forms.CharField(label="Số vào sổ", help_text="Ví dụ: 12/2026.", max_length=15)

    class Meta:
        model = DataRequest
        fields = ["kind", "received_on", "result", "done_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields.pop("entry", None)
        if "result" in self.fields:
            self.fields["result"].help_text = "Không ghi họ tên, điện thoại hay địa chỉ của người gửi."

    def clean_entry(self) -> str:
        number, _, year = self.cleaned_data["entry"].replace(" ", "").partition("/")
        if not (number.isascii() and number.isdigit() and year.isascii() and year.isdigit()) or len(number + year) > 12:
            raise forms.ValidationError("Nhập số vào sổ theo dạng 12/2026.")
        found = Submission.objects.filter(register_number=int(number), register_year=int(year)).first()
        if found is None:
            raise forms.ValidationError("Trong sổ không có số này. Xem lại số và năm.")
        if found.erased_at:
            raise forms.ValidationError("Dữ liệu cá nhân của phản ánh này đã xóa.")
        self.instance.submission = found
        return self.cleaned_data["entry"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("done_on") and not (cleaned.get("result") or "").strip():
            self.add_error("result", "Ghi kết quả hoặc lý do từ chối.")
        return cleaned


class StateFilter(admin.SimpleListFilter):
    title = "tình trạng"
    parameter_name = "tinh-trang"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("dang-cho", "Đang chờ"), ("qua-han", "Quá hạn"), ("xong", "Đã xong")]

    def queryset(self, request: HttpRequest, queryset: Any) -> models.QuerySet | None:
        match self.value():
            case "dang-cho":
                return queryset.filter(done_on=None)
            case "qua-han":
                return queryset.filter(done_on=None, due_on__lt=timezone.localdate())
            case "xong":
                return queryset.filter(done_on__isnull=False)
        return None


@admin.register(DataRequest)
class DataRequestAdmin(admin.ModelAdmin):
    form = DataRequestForm
    change_form_template = "admin/feedback/datarequest/form.html"
    list_display = ["kind", "entry", "received_on", "acknowledge", "due_on", "clock"]
    list_filter = [StateFilter, "kind"]
    list_select_related = ["submission"]
    list_per_page = 20
    actions = None

    class Media:
        css = {"all": ["css/admin-procedures.css", "css/admin-disclosing.css"]}

    def has_delete_permission(self, request: HttpRequest, obj: DataRequest | None = None) -> bool:
        return False

    def get_fieldsets(self, request: HttpRequest, obj: DataRequest | None = None) -> Any:
        if obj is None:
            return [(None, {"fields": ["entry", "kind", "received_on"]})]
        return [(None, {"fields": ["kind", "received_on", "due_on", "result", "done_on"]})]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        # `entry` is a field of the form only.
        kwargs["fields"] = ["kind", "received_on"] if obj is None else ["result", "done_on"]
        return super().get_form(request, obj, change, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["kind", "received_on", "due_on"] if obj else []

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"received_on": timezone.localdate(), **super().get_changeform_initial_data(request)}

    @admin.display(description="phản ánh số", ordering="submission__register_number")
    def entry(self, row: DataRequest) -> str:
        return row.submission.register_entry

    @admin.display(description="báo đã nhận trước")
    def acknowledge(self, row: DataRequest) -> date:
        return data_requests.acknowledge_by(row.received_on, work=self._calendar).day

    @admin.display(description="còn", ordering="due_on")
    def clock(self, row: DataRequest) -> SafeString | str:
        if row.done_on:
            return "Đã xong"
        left = data_requests.days_left(row, timezone.localdate())
        if left < 0:
            return format_html('<span class="tag tag-repealed">Quá hạn {} ngày</span>', -left)
        return "Hạn là hôm nay" if left == 0 else f"Còn {left} ngày"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        # The calendar is read once for all rows of a list.
        self._calendar = calendar.load()
        return super().get_queryset(request)

    def save_model(self, request: HttpRequest, obj: DataRequest, form: Any, change: bool) -> None:
        if not change:
            obj.by = user(request)
            obj.due_on = data_requests.due(obj.kind, obj.received_on).day
        super().save_model(request, obj, form, change)

    def get_urls(self) -> list[URLPattern]:
        def page(address: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
            return path(f"<int:pk>/{address}", self.admin_site.admin_view(view), name=f"feedback_datarequest_{name}")

        return [
            page("du-lieu.zip", require_POST(self.export), "export"),
            page("sua/", require_POST(self.correct), "correct"),
            page("rut-dong-y/", require_POST(self.restrict), "restrict"),
            page("xoa/", require_POST(self.erase), "erase"),
            *super().get_urls(),
        ]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        found: DataRequest | None = kwargs.get("obj")
        context["may_do"] = found is not None and self._may_do(request, found)
        context["identity"] = protecting.IDENTITY
        context["is_closed"] = found is not None and found.submission.status in protecting.CLOSED
        return super().render_change_form(request, context, *args, **kwargs)

    def _may_do(self, request: HttpRequest, found: DataRequest) -> bool:
        return (
            user(request).has_perm("feedback.erase_submission") and not found.done_on and not found.submission.erased_at
        )

    def _asked(self, request: HttpRequest, pk: int, kind: DataRequest.Kind) -> DataRequest:
        if not user(request).has_perm("feedback.erase_submission"):
            raise PermissionDenied
        return get_object_or_404(DataRequest.objects.select_related("submission"), pk=pk, kind=kind, done_on=None)

    def export(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = self._asked(request, pk, Kind.VIEW)
        try:
            content = protecting.export(found.submission, by=user(request), at=timezone.now())
        except (Refused, NotAllowed, Conflict) as error:
            return self._back(request, found, error)
        response = HttpResponse(content, content_type="application/zip")
        response["Content-Disposition"] = 'attachment; filename="du-lieu-ca-nhan.zip"'
        response["Cache-Control"] = "no-store"
        return response

    def correct(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = self._asked(request, pk, Kind.CORRECT)
        # An empty box leaves the part as it is: so nobody needs to read the others for correcting one.
        values = {name: request.POST[name] for name in protecting.IDENTITY if request.POST.get(name, "").strip()}
        try:
            parts = protecting.correct(found.submission, values, by=user(request), at=timezone.now())
        except (Refused, NotAllowed, Conflict) as error:
            return self._back(request, found, error)
        return self._done(request, found, f"Đã sửa: {', '.join(parts)}.")

    def restrict(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = self._asked(request, pk, Kind.RESTRICT)
        try:
            protecting.restrict(found.submission, by=user(request), at=timezone.now())
        except (Refused, NotAllowed, Conflict) as error:
            return self._back(request, found, error)
        return self._done(request, found, "Đã rút đồng ý nêu tên và nhận tin.")

    def erase(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = self._asked(request, pk, Kind.ERASE)
        if "sure" not in request.POST:
            messages.warning(request, "Đánh dấu ô xác nhận trước khi xóa. Dữ liệu đã xóa không lấy lại được.")
            return redirect("admin:feedback_datarequest_change", pk)
        try:
            protecting.erase(found.submission, by=user(request), at=timezone.now(), reason=ERASE_REASON)
        except (Refused, NotAllowed, Conflict) as error:
            return self._back(request, found, error)
        return self._done(request, found, "Đã xóa dữ liệu cá nhân của phản ánh.")

    def _done(self, request: HttpRequest, found: DataRequest, result: str) -> HttpResponse:
        found.result, found.done_on = result, timezone.localdate()
        found.save(update_fields=["result", "done_on"])
        messages.success(request, result)
        return redirect("admin:feedback_datarequest_change", found.pk)

    def _back(self, request: HttpRequest, found: DataRequest, error: Exception) -> HttpResponse:
        text = str(error) or "Việc vừa chọn không thực hiện được vì người khác đã xử lý."
        messages.warning(request, text)
        return redirect("admin:feedback_datarequest_change", found.pk)


# Incidents.


@admin.register(Incident)
class IncidentAdmin(admin.ModelAdmin):
    change_form_template = "admin/feedback/incident/form.html"
    fieldsets = [
        (None, {"fields": ["title", "detected_at", "description", "data_kinds", "people", "measures"]}),
        ("Thông báo trong 72 giờ (Luật 91/2025 Điều 23)", {"fields": ["notified_at", "notified_to"]}),
        (None, {"fields": ["closed_at"]}),
    ]
    list_display = ["title", "detected_at", "notify_before", "clock", "closed_at"]
    list_per_page = 20
    actions = None
    formfield_overrides = {models.DateTimeField: {"form_class": forms.DateTimeField, "widget": MomentInput}}

    class Media:
        css = {"all": ["css/admin-procedures.css"]}

    def has_delete_permission(self, request: HttpRequest, obj: Incident | None = None) -> bool:
        return False

    @admin.display(description="thông báo trước", ordering="detected_at")
    def notify_before(self, incident: Incident) -> Any:
        return incident.notify_by

    @admin.display(description="đồng hồ 72 giờ", ordering="detected_at")
    def clock(self, incident: Incident) -> SafeString | str:
        return clock_tag(incident)

    def save_model(self, request: HttpRequest, obj: Incident, form: Any, change: bool) -> None:
        if not change:
            obj.by = user(request)
        super().save_model(request, obj, form, change)

    def get_urls(self) -> list[URLPattern]:
        notice = self.admin_site.admin_view(require_safe(self.notice))
        return [path("<int:pk>/thong-bao.txt", notice, name="feedback_incident_notice"), *super().get_urls()]

    def notice(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        text = incidents.notice(get_object_or_404(Incident, pk=pk), Organisation.current())
        response = HttpResponse(f"\ufeff{text}", content_type="text/plain; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="thong-bao-su-co-{pk}.txt"'
        return response

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        incident: Incident | None = kwargs.get("obj")
        context["clock"] = clock_tag(incident) if incident else ""
        return super().render_change_form(request, context, *args, **kwargs)


def clock_tag(incident: Incident) -> SafeString | str:
    at = timezone.now()
    said = incidents.clock(incident, at)
    waits = incident.notified_at is None and incident.closed_at is None
    if not waits:
        return said
    kind = "repealed" if incidents.hours_left(incident, at) < 0 else "amended"
    return format_html('<span class="tag tag-{}">{}</span>', kind, said)


@tasks.register
def _untold_incidents(who: User, on: date) -> Iterable[Task]:
    if not who.has_perm("feedback.change_incident"):
        return
    found = list(incidents.untold())
    note = f"Sớm nhất: {incidents.clock(found[0], timezone.now()).lower()}" if found else ""
    title = "Thông báo sự cố dữ liệu cá nhân cho cơ quan chuyên trách (trong 72 giờ)"
    yield Task(title, len(found), reverse("admin:feedback_incident_changelist"), note=note, urgent=True)


@tasks.register
def _waiting_requests(who: User, on: date) -> Iterable[Task]:
    if not who.has_perm("feedback.change_datarequest"):
        return
    address = f"{reverse('admin:feedback_datarequest_changelist')}?tinh-trang="
    late = data_requests.waiting().filter(due_on__lt=on).count()
    yield Task("Yêu cầu về dữ liệu cá nhân đã quá hạn", late, f"{address}qua-han", urgent=True)
    yield Task("Thực hiện yêu cầu về dữ liệu cá nhân", data_requests.waiting().count(), f"{address}dang-cho")
