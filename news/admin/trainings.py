"""The staff's workplace for trainings, with the attendance by unit."""

from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone

from news import trainings
from news.admin.evidence import EvidenceInline
from news.internal_views import render_page, xlsx_response
from news.models import TrainingAttendance, TrainingRecord
from portal.models import Unit, User
from portal.templatetags.vietnamese import viet_date
from procedures.admin import ShortTextMixin
from procedures.admin_views import user


class YearFilter(admin.SimpleListFilter):
    title = "năm"
    parameter_name = "nam"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(year), str(year)) for year in trainings.years()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        year = self.value() or ""
        return queryset.filter(first_on__year=int(year)) if year.isascii() and year.isdigit() else None


class UnitFilter(admin.SimpleListFilter):
    title = "đơn vị"
    parameter_name = "don-vi"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(unit.pk), unit.name) for unit in Unit.objects.filter(attendances__isnull=False).distinct()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        unit = self.value() or ""
        if not (unit.isascii() and unit.isdigit()):
            return None
        # Not by a join: the other units' people still count in the line.
        attended = TrainingAttendance.objects.filter(training=OuterRef("pk"), unit=int(unit))
        return queryset.filter(Exists(attended))


class AttendanceForm(forms.ModelForm):
    class Meta:
        model = TrainingAttendance
        fields = ["unit", "people", "users"]
        help_texts = {
            "unit": "Mỗi đơn vị một dòng.",
            "people": "Số người của đơn vị đã tham gia.",
            "users": "Không bắt buộc: nêu tên ai thì chọn tài khoản của người đó.",
        }

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        people, named = cleaned.get("people"), len(cleaned.get("users") or [])
        if people is not None and people < max(named, 1):
            text = f"Ghi số người từ {max(named, 1)} trở lên" + (
                ", bằng số người đã nêu tên hoặc hơn." if named else "."
            )
            self.add_error("people", forms.ValidationError(text, code="too_few"))
        return cleaned


class AttendanceInline(ShortTextMixin, admin.TabularInline):
    model = TrainingAttendance
    form = AttendanceForm
    template = "admin/procedures/rows.html"
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("unit").prefetch_related("users")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "unit" and not _keeps_all(request):
            kwargs["queryset"] = Unit.objects.filter(pk=_unit(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        # A plain list: an autocomplete asks for the right to see accounts, which the office has not.
        if db_field.name == "users":
            kwargs["queryset"] = User.objects.all() if _keeps_all(request) else User.objects.filter(unit=_unit(request))
        return super().formfield_for_manytomany(db_field, request, **kwargs)


@admin.register(TrainingRecord)
class TrainingRecordAdmin(admin.ModelAdmin):
    """The office keeps all of them; a unit notes those that only its own people attended."""

    inlines = [AttendanceInline, EvidenceInline]
    fields = ["course", "skill", "organiser", "first_on", "last_on", "document", "note"]
    autocomplete_fields = ["document"]
    list_display = ["course", "skill", "days", "people"]
    list_filter = [YearFilter, UnitFilter]
    list_per_page = 50
    search_fields = ["course", "skill", "organiser"]
    search_help_text = "Tìm theo khóa, kỹ năng hoặc cơ quan tổ chức."

    class Media:
        css = {"all": ["css/admin-procedures.css", "css/admin-news.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(people=Sum("attendances__people")).order_by("-first_on", "-pk")

    def has_change_permission(self, request: HttpRequest, obj: TrainingRecord | None = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        if obj is None or _keeps_all(request):
            return True
        unit = _unit(request)
        return bool(unit) and not obj.attendances.exclude(unit=unit).exists()

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and (text := HELP_TEXTS.get(db_field.name)):
            field.help_text = text
        return field

    @admin.display(description="thời gian", ordering="first_on")
    def days(self, row: TrainingRecord) -> str:
        if row.first_on == row.last_on:
            return viet_date(row.first_on)
        return f"{viet_date(row.first_on)} – {viet_date(row.last_on)}"

    @admin.display(description="số người", ordering="people")
    def people(self, row: Any) -> int:
        return row.people or 0

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("tong-hop/", wrap(partial(totals, model_admin=self)), name="news_trainingrecord_totals"),
            path(
                "boi-duong-<int:year>.xlsx",
                wrap(partial(totals_file, model_admin=self)),
                name="news_trainingrecord_totals-file",
            ),
            *super().get_urls(),
        ]


HELP_TEXTS = {
    "course": "Tên khóa như trong giấy mời hoặc văn bản cử đi.",
    "organiser": "Cơ quan mở khóa bồi dưỡng.",
    "first_on": "Khóa được tính vào năm của ngày này.",
    "last_on": "Khóa trong một ngày thì ghi hai ngày như nhau.",
    "document": "Văn bản cử công chức, viên chức tham gia, nếu có trong kho văn bản.",
    "note": "Địa điểm, kết quả hoặc điều cần nhớ khi báo cáo.",
}


def totals(request: HttpRequest, model_admin: admin.ModelAdmin) -> HttpResponse:
    """Show what the courses of a year add up to, by unit."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    year = _asked_year(request, timezone.localdate())
    rows = trainings.totals(year)
    context = {
        "year": year,
        "years": sorted({*trainings.years(), year}, reverse=True),
        "rows": rows,
        "courses": trainings.of_year(year).count(),
        "people": sum(row.people for row in rows),
    }
    return render_page(request, model_admin, "training_totals.html", f"Bồi dưỡng năm {year}", **context)


def totals_file(request: HttpRequest, year: int, model_admin: admin.ModelAdmin) -> FileResponse:
    """Send the courses of a year as a table, a row a course and unit."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    return xlsx_response(f"boi-duong-{year}", f"Bồi dưỡng {year}", trainings.COLUMNS, trainings.table(_known(year)))


def _asked_year(request: HttpRequest, on: date) -> int:
    typed = request.GET.get("nam", "")
    return _known(int(typed)) if typed.isascii() and typed.isdigit() and len(typed) == 4 else on.year


def _known(year: int) -> int:
    """Return the year if a calendar has it: a database refuses the others."""
    return min(max(year, 1), 9999)


def _unit(request: HttpRequest) -> int:
    """Return the key of the person's unit, 0 for none."""
    return user(request).unit_id or 0


def _keeps_all(request: HttpRequest) -> bool:
    return request.user.has_perm("news.delete_trainingrecord")
