"""Who hears of changes by e-mail, with the addresses masked; ended here at a person's request."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from procedures import subscribing
from procedures.models import Subscription

COLUMNS = ("masked_email", "subject_said", "frequency", "asked_at", "confirmed_at")


class ConfirmedFilter(admin.SimpleListFilter):
    title = "xác nhận"
    parameter_name = "confirmed"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", "Đã xác nhận"), ("no", "Chưa xác nhận")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        asked = {"yes": False, "no": True}.get(self.value() or "")
        return queryset if asked is None else queryset.filter(confirmed_at__isnull=asked)


@admin.register(Subscription)
class SubscriptionAdmin(admin.ModelAdmin):
    list_display = COLUMNS
    list_filter = [ConfirmedFilter, "bulletin", "frequency", "field"]
    list_select_related = ["procedure", "field"]
    list_per_page = 50
    search_fields = ["=email"]
    search_help_text = "Gõ đúng cả địa chỉ thư của người yêu cầu để tìm đăng ký của người đó."
    fields = COLUMNS
    readonly_fields = COLUMNS

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Subscription | None = None) -> bool:
        return False

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[list, dict, set, list]:
        # What hangs on it is of no interest to the office.
        return [str(row) for row in objs], {Subscription._meta.verbose_name_plural: len(objs)}, set(), []

    def delete_model(self, request: HttpRequest, obj: Subscription) -> None:
        subscribing.end(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        for subscription in queryset:
            subscribing.end(subscription)

    @admin.display(description="thư điện tử", ordering="email")
    def masked_email(self, row: Subscription) -> str:
        name, _, host = row.email.partition("@")
        return f"{name[:1]}•••@{host}"

    @admin.display(description="nhận tin về")
    def subject_said(self, row: Subscription) -> str:
        return row.subject
