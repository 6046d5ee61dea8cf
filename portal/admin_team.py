"""The roster of the Bộ phận kiểm soát TTHC: on any day, and how it changes."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone

from portal import team
from portal.asked_day import AskedDay
from portal.models import TeamMember, Unit, User

LIST = "admin:portal_teammember_changelist"
HELP_TEXTS = {
    "unit": "Đơn vị của người này khi tham gia bộ phận.",
    "user": "Để trống nếu người này không có tài khoản.",
    "first_on": "Ngày bắt đầu tham gia, theo quyết định.",
    "last_on": "Để trống khi còn tham gia. Thay người thì dùng nút “Thay người”.",
    "decision": "Số, ngày của quyết định thành lập hoặc kiện toàn.",
    "order": "Số nhỏ đứng trước.",
}


class SeatFilter(admin.SimpleListFilter):
    title = "tham gia"
    parameter_name = "tham-gia"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("hom-nay", "Đang tham gia"), ("da-thoi", "Đã thôi"), ("sap-toi", "Sắp tham gia")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        on = timezone.localdate()
        match self.value():
            case "hom-nay":
                return queryset.on(on)
            case "da-thoi":
                return queryset.over(on)
            case "sap-toi":
                return queryset.filter(first_on__gt=on)
        return None


@admin.register(TeamMember)
class TeamMemberAdmin(admin.ModelAdmin):
    fields = ["name", "role", "unit", "user", "first_on", "last_on", "decision", "order"]
    list_display = ["name", "role", "unit", "first_on", "last_on", "decision"]
    list_filter = [SeatFilter, "unit"]
    list_select_related = ["unit"]
    list_per_page = 50
    search_fields = ["name", "role", "decision"]
    autocomplete_fields = ["unit"]
    change_form_template = "admin/portal/teammember/form.html"

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and (text := HELP_TEXTS.get(db_field.name)):
            field.help_text = text
        if field and db_field.name in {"unit", "user"}:
            # Units and accounts are kept on their own pages, not in passing.
            for link in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
                setattr(field.widget, link, False)
        return field

    def has_delete_permission(self, request: HttpRequest, obj: TeamMember | None = None) -> bool:
        # Who took part stays on record; only what has not begun may be a mistake without a trace.
        return obj is not None and obj.first_on > timezone.localdate() and super().has_delete_permission(request, obj)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        member: TeamMember | None = kwargs.get("obj")
        running = bool(member and (member.last_on is None or member.last_on >= timezone.localdate()))
        context["may_replace"] = running and self.has_change_permission(request, member)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("theo-ngay/", wrap(partial(roster, model_admin=self)), name="portal_teammember_roster"),
            path("<int:pk>/thay-nguoi/", wrap(partial(replace, model_admin=self)), name="portal_teammember_replace"),
            *super().get_urls(),
        ]


class SuccessorForm(forms.ModelForm):
    """Who takes a seat over, and from which day."""

    class Meta:
        model = TeamMember
        fields = ["first_on", "name", "role", "unit", "user", "decision"]
        labels = {"first_on": "Thay từ ngày", "name": "Họ tên hoặc vị trí của người mới"}
        widgets = {"first_on": AdminDateWidget}
        help_texts = {
            **{name: HELP_TEXTS[name] for name in ("unit", "user", "decision")},
            "first_on": "Người cũ thôi tham gia từ hết ngày hôm trước.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.filter(active=True)  # type: ignore[attr-defined]
        self.fields["user"].queryset = User.objects.filter(is_active=True)  # type: ignore[attr-defined]


def roster(request: HttpRequest, model_admin: admin.ModelAdmin) -> HttpResponse:
    """Show who took part on a day, today where none is asked for."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    asked = AskedDay.read(request.GET.get("ngay", ""), today=timezone.localdate())
    members = TeamMember.objects.on(asked.day).select_related("unit")
    return _render(request, model_admin, "roster.html", "Thành phần theo ngày", asked=asked, members=members)


def replace(request: HttpRequest, pk: int, model_admin: admin.ModelAdmin) -> HttpResponse:
    """Kiện toàn in one step: the seat ends, and the successor's begins the day after."""
    member = get_object_or_404(TeamMember.objects.select_related("unit"), pk=pk)
    if not (model_admin.has_change_permission(request, member) and model_admin.has_add_permission(request)):
        raise PermissionDenied
    initial = {"first_on": timezone.localdate(), "role": member.role, "unit": member.unit_id}
    form = SuccessorForm(request.POST or None, initial=initial)
    if form.is_valid() and _replaced(request, member, form, model_admin):
        return redirect(LIST)
    return _render(request, model_admin, "replace.html", "Thay người", member=member, form=form)


def _replaced(request: HttpRequest, member: TeamMember, form: SuccessorForm, model_admin: admin.ModelAdmin) -> bool:
    try:
        with transaction.atomic():
            successor = team.replace(member, form.save(commit=False))
            model_admin.log_change(request, member, f"Thôi tham gia, thay bằng {successor.name}.")
            model_admin.log_addition(request, successor, f"Thay {member.name}.")
    except team.NotPossible as error:
        form.add_error("first_on", str(error))
        return False
    messages.success(request, f"{successor.name} thay {member.name} từ ngày {successor.first_on:%d/%m/%Y}.")
    return True


def _render(request: HttpRequest, model_admin: admin.ModelAdmin, name: str, title: str, **context: Any) -> HttpResponse:
    shared = {**model_admin.admin_site.each_context(request), "opts": model_admin.opts, "title": title}
    request.current_app = model_admin.admin_site.name
    return render(request, f"admin/portal/teammember/{name}", {**shared, **context})
