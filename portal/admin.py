"""The workplace for accounts, the organisation, the calendar and the words of the search."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.contrib.auth.models import Group, Permission
from django.db.models import F, QuerySet, Sum, Window
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from portal import admin_mail, admin_team, calendar, roles  # noqa: F401  (mails and team have modules of their own)
from portal.admin_site import Task, tasks
from portal.models import CalendarDay, ConfirmedYear, Organisation, SearchMiss, SearchSynonym, Unit, User
from portal.templatetags.vietnamese import viet_date

ACTIONS = {"view": "Xem", "add": "Thêm", "change": "Sửa", "delete": "Xóa"}
# From this month on due dates reach into the coming year, and its holidays are usually announced.
FIRST_MONTH_TO_CONFIRM_NEXT_YEAR = 10


class UserLabels:
    """Django's own labels, in the words of this office."""

    labels = {
        "username": "Tên đăng nhập",
        "last_name": "Họ và tên đệm",
        "first_name": "Tên",
        "email": "Thư điện tử",
        "is_active": "Đang dùng",
        "is_staff": "Được vào trang quản trị",
        "is_superuser": "Toàn quyền",
        "groups": "Vai trò",
    }
    help_texts = {
        "username": "Chữ không dấu, số và các dấu @ . + - _, tối đa 150 ký tự.",
        "last_name": "",
        "first_name": "",
        "email": "Nơi nhận nhắc việc.",
        "unit": "Phòng, trung tâm hoặc chi cục nơi làm việc.",
        "job_title": "Ghi như trong văn bản, ví dụ: Chuyên viên.",
        "phone": "Số để đồng nghiệp liên hệ, không hiện công khai.",
        "is_active": "Bỏ chọn khi người này nghỉ việc hoặc chuyển công tác; không cần xóa tài khoản.",
        "is_staff": "Cần chọn để đăng nhập được.",
        "is_superuser": "Làm được mọi việc, kể cả cấp quyền. Chỉ dành cho người quản trị máy chủ.",
        "groups": "Mỗi vai trò có sẵn các quyền của mình; một người có thể giữ nhiều vai trò.",
    }


class AddUserForm(UserCreationForm):
    class Meta(UserLabels):
        model = User
        fields = ["username"]


class ChangeUserForm(UserChangeForm):
    class Meta(UserLabels):
        model = User
        fields = "__all__"


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    form = ChangeUserForm
    add_form = AddUserForm
    add_form_template = None
    list_display = ["username", "full_name", "unit", "role_names", "is_active", "last_login"]
    list_filter = ["is_active", "groups", "unit"]
    list_select_related = ["unit"]
    list_per_page = 50
    search_fields = ["username", "first_name", "last_name", "email", "job_title", "unit__name"]
    search_help_text = "Tìm theo tên đăng nhập, họ tên, thư điện tử, chức vụ hoặc đơn vị."
    autocomplete_fields = ["unit"]
    filter_horizontal = []
    _person: Any = ("Người dùng", {"fields": ["last_name", "first_name", "unit", "job_title", "email", "phone"]})
    _access: Any = ("Quyền", {"fields": ["is_active", "is_staff", "groups", "is_superuser"]})
    fieldsets = [
        (None, {"fields": ["username", "new_password"]}),
        _person,
        _access,
        ("Theo dõi", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "password1", "password2"]}),
        _person,
        _access,
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("groups")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        # Who may keep accounts may not make himself, or anybody, all-powerful.
        guarded = [] if request.user.is_superuser else ["is_superuser"]
        return ["last_login", "date_joined", "new_password", *guarded]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if obj and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if obj and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_delete_permission(request, obj)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"is_staff": True, **super().get_changeform_initial_data(request)}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name in {"groups", "unit"}:
            # Roles and units are kept on their own pages, not in passing.
            for link in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
                setattr(field.widget, link, False)
        return field

    @admin.display(description="họ và tên", ordering="first_name")
    def full_name(self, user: User) -> str:
        return user.get_full_name()

    @admin.display(description="mật khẩu")
    def new_password(self, user: User) -> SafeString:
        return format_html('<a href="{}">Đặt mật khẩu mới</a>', "../password/")

    @admin.display(description="vai trò")
    def role_names(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all())


class PermissionField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, permission: Permission) -> str:
        return _in_vietnamese(permission)


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin):
    """The roles as they stand in portal/roles.py, read only, and groups of the office's own."""

    list_display = ["name", "is_role"]

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return not _is_role(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return not _is_role(obj) and super().has_delete_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: Group | None = None) -> list[Any]:
        return ["name", "may" if not self.has_change_permission(request, obj) else "permissions"]

    def get_readonly_fields(self, request: HttpRequest, obj: Group | None = None) -> list[str]:
        return ["may"]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest | None = None, **kwargs: Any) -> Any:
        if db_field.name == "permissions":
            kwargs["form_class"] = PermissionField
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description="có sẵn", boolean=True)
    def is_role(self, group: Group) -> bool:
        return _is_role(group)

    @admin.display(description="được làm")
    def may(self, group: Group) -> SafeString:
        permissions = group.permissions.select_related("content_type")
        return _list(_in_vietnamese(permission) for permission in permissions)


@admin.register(Unit)
class UnitAdmin(admin.ModelAdmin):
    list_display = ["name", "short_name", "phone", "email", "order", "active"]
    list_filter = ["active"]
    list_per_page = 50
    search_fields = ["name", "short_name"]


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    """One row: its list is its form."""

    fieldsets = [
        (
            "Tên gọi",
            {
                "fields": ["name", "place", "parent", "site_name", "slogan", "responsible"],
                "description": "Hiện ở đầu và cuối mọi trang. Khi sáp nhập hoặc đổi tên, sửa ở đây là đủ.",
            },
        ),
        ("Liên hệ", {"fields": ["address", "phone", "help_phone", "email", "working_hours"]}),
        ("Nơi nộp hồ sơ", {"fields": ["reception_name", "reception_address", "national_portal_url"]}),
        ("Trong văn bản", {"fields": ["document_symbol", "place_in_documents"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not Organisation.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Organisation | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if Organisation.objects.exists():
            return redirect("admin:portal_organisation_change", 1)
        if self.has_add_permission(request):
            return redirect("admin:portal_organisation_add")
        return super().changelist_view(request, extra_context)


@admin.register(CalendarDay)
class CalendarDayAdmin(admin.ModelAdmin):
    list_display = ["day", "weekday", "kind", "note"]
    list_filter = ["kind"]
    list_per_page = 50
    date_hierarchy = "day"
    search_fields = ["note"]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.method == "GET":
            for year in calendar.unconfirmed_years(_this_and_next_year(timezone.localdate())):
                messages.warning(request, _unconfirmed_sentence(year))
        return super().changelist_view(request, extra_context)

    @admin.display(description="thứ")
    def weekday(self, row: CalendarDay) -> str:
        return date_format(row.day, "l")


@admin.register(ConfirmedYear)
class ConfirmedYearAdmin(admin.ModelAdmin):
    list_display = ["year", "basis"]
    fields = ["year", "basis", "days_off"]
    readonly_fields = ["days_off"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"year": _year_to_confirm(), **super().get_changeform_initial_data(request)}

    @admin.display(description="ngày nghỉ đang tính")
    def days_off(self, row: ConfirmedYear) -> SafeString:
        """What the calendar holds for the year, to be compared with the announcement before confirming."""
        year = row.year or _year_to_confirm()
        return format_html(
            "<p>Năm {}, ngoài thứ Bảy và Chủ nhật. So với thông báo lịch nghỉ; ngày nào khác thì sửa ở "
            '<a href="{}">Ngày nghỉ, ngày làm bù</a>.</p>{}',
            year,
            reverse("admin:portal_calendarday_changelist"),
            _list(f"{date_format(day, 'l')}, {viet_date(day)}" for day in calendar.weekdays_off(year)),
        )


@tasks.register
def years_to_confirm(user: User, on: date) -> Iterator[Task]:
    if not user.has_perm("portal.add_confirmedyear"):
        return
    years = _this_and_next_year(on) if on.month >= FIRST_MONTH_TO_CONFIRM_NEXT_YEAR else [on.year]
    for year in calendar.unconfirmed_years(years):
        yield Task(
            f"Xác nhận lịch nghỉ lễ năm {year}",
            count=1,
            url=f"{reverse('admin:portal_confirmedyear_add')}?year={year}",
            note="Hạn trả lời rơi vào năm này còn có thể thay đổi.",
            urgent=year == on.year,
        )


@admin.register(SearchSynonym)
class SearchSynonymAdmin(admin.ModelAdmin):
    list_display = ["phrase", "meaning"]
    list_per_page = 50
    search_fields = ["phrase", "meaning"]


@admin.register(SearchMiss)
class SearchMissAdmin(admin.ModelAdmin):
    """What people look for in vain, the most wanted first."""

    list_display = ["query", "total", "day", "count", "remedy"]
    list_display_links = None
    list_filter = ["day"]
    list_per_page = 50
    search_fields = ["query"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        # The days that the filter leaves out do not count towards the total either.
        total = Window(Sum("count"), partition_by=F("query"))
        return SearchMiss.objects.annotate(total=total).order_by(*self.get_ordering(request))

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return ["-total", "query", "-day"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: SearchMiss | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: SearchMiss | None = None) -> bool:
        return False

    @admin.display(description="tổng số lần", ordering="total")
    def total(self, miss: Any) -> int:
        return miss.total

    @admin.display(description="xử lý")
    def remedy(self, miss: SearchMiss) -> SafeString:
        address = f"{reverse('admin:portal_searchsynonym_add')}?{urlencode({'phrase': miss.query})}"
        return format_html('<a href="{}">Thêm từ đồng nghĩa</a>', address)


def _list(lines: Any) -> SafeString:
    return format_html(
        '<ul class="plain-list">{}</ul>', format_html_join("", "<li>{}</li>", ((line,) for line in lines))
    )


def _is_role(group: Group | None) -> bool:
    return group is not None and group.name in roles.ROLES


def _in_vietnamese(permission: Permission) -> str:
    """Return "Sửa thủ tục hành chính" for what Django stores as "Can change thủ tục hành chính"."""
    action, _, _ = permission.codename.partition("_")
    if permission.name.startswith("Can ") and action in ACTIONS:
        return f"{ACTIONS[action]} {permission.content_type.name.partition(' | ')[2] or permission.content_type.name}"
    return permission.name


def _this_and_next_year(on: date) -> list[int]:
    return [on.year, on.year + 1]


def _year_to_confirm() -> int:
    years = _this_and_next_year(timezone.localdate())
    return next(iter(calendar.unconfirmed_years(years)), years[-1] + 1)


def _unconfirmed_sentence(year: int) -> SafeString:
    return format_html(
        "Lịch nghỉ lễ năm {} chưa được xác nhận. Khi có thông báo, ghi ngày nghỉ vào đây "
        'rồi <a href="{}">xác nhận</a>.',
        year,
        f"{reverse('admin:portal_confirmedyear_add')}?year={year}",
    )
