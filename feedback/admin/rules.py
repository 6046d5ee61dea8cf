"""What the office sets about feedback: times, retention, switches and texts to start from."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from feedback import canned
from feedback.models import AnswerTime, CannedAnswer, FeedbackSettings, RetentionRule, Submission
from procedures.admin_views import user

HELP_TEXTS = {
    "working_days": "Đếm từ ngày làm việc sau ngày nhận; không đếm thời gian chờ người gửi bổ sung.",
    "first_on": "Phản ánh nhận từ ngày này theo thời hạn này; phản ánh đã nhận giữ thời hạn cũ.",
    "last_on": "Để trống khi còn áp dụng. Đổi thời hạn: ghi ngày cuối vào đây, rồi thêm thời hạn mới từ ngày hôm sau.",
    "basis": "Số, ngày của văn bản đặt ra thời hạn này.",
    "months": "Hết thời gian này, tên, địa chỉ, điện thoại và nội dung bị xóa; số liệu vẫn còn.",
    "most_a_day_from_address": "Quá số này, người gửi được mời gọi điện hoặc gửi vào ngày sau.",
    "most_a_day_from_contact": "Tính theo số điện thoại hoặc thư điện tử.",
    "dispute_days": "Số ngày sau khi trả lời mà người gửi còn được đề nghị xem lại, một lần.",
    "remind_before_days": "Đầu mối nhận thư nhắc trước hạn chừng này ngày làm việc.",
    "escalate_after_days": "Quá hạn chừng này ngày làm việc, lãnh đạo đơn vị và Văn phòng Sở nhận thư báo.",
    "data_protection_contact": "Nơi người gửi hỏi về dữ liệu của mình: vị trí, điện thoại, thư điện tử.",
}


class _ExplainedAdmin(admin.ModelAdmin):
    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and (text := HELP_TEXTS.get(db_field.name)):
            field.help_text = text
        return field


class AnswerTimeForm(forms.ModelForm):
    class Meta:
        model = AnswerTime
        fields = ["time_class", "working_days", "first_on", "last_on", "basis"]

    def clean_last_on(self) -> Any:
        last_on = self.cleaned_data["last_on"]
        if last_on is None or not self.instance.pk or "last_on" not in self.changed_data:
            return last_on
        latest = _cases_of(self.instance).filter(received_at__date__gt=last_on)
        if latest.exists():
            raise ValidationError("Đã có phản ánh nhận sau ngày này theo thời hạn này. Chọn ngày cuối muộn hơn.")
        return last_on

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        # Of a row that cases rest on the form holds only what may still change.
        time_class = cleaned.get("time_class") or self.instance.time_class
        first_on = cleaned.get("first_on") or self.instance.first_on
        if time_class and first_on and "last_on" in cleaned:
            others = AnswerTime.objects.filter(time_class=time_class).exclude(pk=self.instance.pk)
            others = others.filter(Q(last_on=None) | Q(last_on__gte=first_on))
            if last_on := cleaned["last_on"]:
                others = others.filter(first_on__lte=last_on)
            if others.exists():
                text = "Loại này đã có thời hạn trong những ngày đó. Ghi ngày cuối cho thời hạn cũ trước."
                self.add_error("first_on" if "first_on" in self.fields else None, text)
        return cleaned


@admin.register(AnswerTime)
class AnswerTimeAdmin(_ExplainedAdmin):
    """The table that NĐ 20/2008 leaves to the department; a row that cases rest on is only ended."""

    form = AnswerTimeForm
    list_display = ["time_class", "working_days", "first_on", "last_on", "basis"]
    list_filter = ["time_class"]

    def get_readonly_fields(self, request: HttpRequest, obj: AnswerTime | None = None) -> Any:
        return ["time_class", "working_days", "first_on"] if obj and _is_used(obj) else []

    def has_delete_permission(self, request: HttpRequest, obj: AnswerTime | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and _is_used(obj))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        # Whether a row may go is asked of each, on its own page.
        return {}


def _cases_of(time: AnswerTime) -> QuerySet:
    found = Submission.objects.in_register().filter(time_class=time.time_class, received_at__date__gte=time.first_on)
    return found.filter(received_at__date__lte=time.last_on) if time.last_on else found


def _is_used(time: AnswerTime) -> bool:
    return _cases_of(time).exists()


@admin.register(RetentionRule)
class RetentionRuleAdmin(_ExplainedAdmin):
    list_display = ["kind", "months", "basis"]

    def get_readonly_fields(self, request: HttpRequest, obj: RetentionRule | None = None) -> Any:
        return ["kind"] if obj else []

    def has_add_permission(self, request: HttpRequest) -> bool:
        # Each class has its row from the beginning.
        return False

    def has_delete_permission(self, request: HttpRequest, obj: RetentionRule | None = None) -> bool:
        return False


@admin.register(FeedbackSettings)
class FeedbackSettingsAdmin(_ExplainedAdmin):
    """The one row of settings: its list is its form."""

    fieldsets = [
        ("Chống gửi rác", {"fields": ["challenge", "most_a_day_from_address", "most_a_day_from_contact"]}),
        ("Thời gian", {"fields": ["dispute_days", "remind_before_days", "escalate_after_days"]}),
        ("Người gửi đọc được", {"fields": ["complaints_address", "data_protection_contact"]}),
        ("Người ký giấy tiếp nhận, phiếu chuyển, thông báo", {"fields": ["signer_authority", "signer_post"]}),
    ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        FeedbackSettings.objects.get_or_create(pk=1)
        return HttpResponseRedirect(reverse("admin:feedback_feedbacksettings_change", args=[1]))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: FeedbackSettings | None = None) -> bool:
        return False


class CannedAnswerForm(forms.ModelForm):
    class Meta:
        model = CannedAnswer
        fields = ["title", "text", "unit", "active"]

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        if unknown := canned.unknown_words(text):
            raise ValidationError(
                f"Không có chỗ điền nào tên là {', '.join(unknown)}. Sửa lại theo danh sách bên dưới."
            )
        return text


@admin.register(CannedAnswer)
class CannedAnswerAdmin(_ExplainedAdmin):
    form = CannedAnswerForm
    list_display = ["title", "unit", "active"]
    list_filter = ["active", "unit"]
    list_select_related = ["unit"]
    search_fields = ["title", "text"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        found = super().get_queryset(request)
        if self.has_change_permission(request):
            return found
        return canned.for_unit(user(request).unit_id, found)
