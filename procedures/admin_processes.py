"""The staff's workplace for internal processes and service prices."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from portal.admin_site import Task, tasks
from portal.models import User
from portal.templatetags.vietnamese import money
from portal.text import fold
from procedures import processes
from procedures.admin import FoldedSearchMixin, ShortTextMixin
from procedures.models import InternalProcess, ProcessStep, ServicePrice
from procedures.prices import validity


class TotalFilter(admin.SimpleListFilter):
    title = "tổng thời gian"
    parameter_name = "tong"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("khac", "Khác thời hạn của thủ tục")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        if self.value() == "khac":
            return queryset.filter(pk__in=_to_mend(timezone.localdate()))
        return None


class ValidTodayFilter(admin.SimpleListFilter):
    title = "áp dụng hôm nay"
    parameter_name = "ap-dung"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("co", "Đang áp dụng"), ("sap", "Sắp áp dụng"), ("het", "Đã thôi áp dụng")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        on = timezone.localdate()
        match self.value():
            case "co":
                return queryset.valid(on)
            case "sap":
                return queryset.filter(valid_from__gt=on)
            case "het":
                return queryset.filter(valid_to__lt=on)
        return None


class StepInline(ShortTextMixin, admin.TabularInline):
    model = ProcessStep
    template = "admin/procedures/rows.html"
    fields = ["order", "name", "role", "unit", "time", "time_unit", "result"]
    autocomplete_fields = ["unit"]
    extra = 0
    min_num = 1


@admin.register(InternalProcess)
class InternalProcessAdmin(admin.ModelAdmin):
    inlines = [StepInline]
    fieldsets = [
        (None, {"fields": ["procedure", "case", "total"]}),
        (
            "Văn bản, hiệu lực",
            {
                "fields": ["document", ("valid_from", "valid_to"), "note"],
                "description": "Người dân thấy quy trình từ ngày áp dụng, khi thủ tục đã công khai. Quy trình mới thì "
                "thêm một bản khác và ghi ngày thôi áp dụng vào bản cũ.",
            },
        ),
    ]
    autocomplete_fields = ["procedure", "document"]
    readonly_fields = ["total"]
    list_display = ["procedure", "case", "total", "valid_from", "valid_to", "document"]
    list_filter = [TotalFilter, ValidTodayFilter]
    list_per_page = 50
    search_fields = ["procedure__folded__contains"]
    search_help_text = "Tìm theo mã, tên thủ tục; gõ có dấu hay không dấu đều được."

    class Media:
        css = {"all": ["css/admin-procedures.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        found: Any = super().get_queryset(request)
        return found.for_page()

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        return super().get_search_results(request, queryset, fold(search_term))

    @admin.display(description="cộng các bước")
    def total(self, process: InternalProcess) -> str:
        if process.pk is None:
            return "–"
        found = processes.mismatch(process)
        return f"Cần sửa: {found.sentence}" if found else processes.duration(process.hours)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        stored = InternalProcess.objects.for_page().get(pk=form.instance.pk)
        if found := processes.mismatch(stored):
            self.message_user(request, f"Đã lưu, nhưng cần xem lại. {found.sentence}", messages.WARNING)


@admin.register(ServicePrice)
class ServicePriceAdmin(FoldedSearchMixin, admin.ModelAdmin):
    fields = ["unit", "name", "measure", ("amount", "vat"), "document", ("valid_from", "valid_to"), "note"]
    autocomplete_fields = ["unit", "document"]
    list_display = ["name", "unit", "measure", "price", "vat", "validity"]
    list_filter = [ValidTodayFilter, "unit", "vat"]
    list_select_related = ["unit"]
    list_per_page = 50
    search_fields = ["name"]
    search_help_text = "Tìm theo tên dịch vụ; gõ có dấu hay không dấu đều được."

    @admin.display(description="giá", ordering="amount")
    def price(self, price: ServicePrice) -> str:
        return money(price.amount)

    @admin.display(description="áp dụng", ordering="valid_from")
    def validity(self, price: ServicePrice) -> str:
        return validity(price.valid_from, price.valid_to)


@tasks.register
def processes_waiting(user: User, on: date) -> Iterator[Task]:
    """Internal processes whose steps do not add up to the time limit, for those who can mend them."""
    if user.has_perm("procedures.change_internalprocess"):
        address = f"{reverse('admin:procedures_internalprocess_changelist')}?tong=khac"
        note = "Tổng thời gian các bước phải bằng thời hạn của thủ tục."
        yield Task("Sửa quy trình nội bộ có tổng thời gian chưa đúng", len(_to_mend(on)), address, note)


def _to_mend(on: date) -> list[int]:
    """Return those not yet ended whose steps do not add up."""
    return processes.mismatched(InternalProcess.objects.not_ended(on))
