"""Who receives feedback, and what a change of it would do to the cases of the last quarter."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import urlencode

from feedback import routing
from feedback.models import FocalPerson, Submission
from portal import calendar
from portal.admin_site import Task, tasks
from portal.asked_day import AskedDay
from portal.models import User

SHOWN = 20
HELP_TEXTS = {
    "unit": "Đơn vị xử lý phản ánh mà người này nhận.",
    "user": "Tài khoản dùng để xử lý; để trống nếu người này chỉ nghe điện thoại.",
    "deputy": "Người xử lý thay khi người này vắng.",
    "email": "Hiện công khai; cũng là nơi nhận nhắc việc khi tài khoản không có thư điện tử.",
    "address": "Nơi nhận thư, văn bản phản ánh.",
    "hours": "Để trống: như giờ làm việc của Sở.",
    "answers_within": "Ví dụ: Trả lời trong 2 ngày làm việc.",
    "first_on": "Từ ngày này phản ánh mới được giao cho người này.",
    "last_on": "Để trống khi còn làm đầu mối. Người mới: mở người cũ, sửa tên và ngày, chọn “Lưu thành mới”.",
    "order": "Số nhỏ đứng trước.",
}


class SeatFilter(admin.SimpleListFilter):
    title = "thời gian"
    parameter_name = "thoi-gian"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("hom-nay", "Đang nhận phản ánh"), ("sap-toi", "Sắp nhận"), ("da-thoi", "Đã thôi")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        on = timezone.localdate()
        match self.value():
            case "hom-nay":
                return queryset.on(on)
            case "sap-toi":
                return queryset.filter(first_on__gt=on)
            case "da-thoi":
                return queryset.filter(last_on__lt=on)
        return None


@admin.register(FocalPerson)
class FocalPersonAdmin(admin.ModelAdmin):
    fieldsets = [
        (None, {"fields": ["name", "job_title", "unit", "user", "deputy"]}),
        ("Nhận phản ánh về", {"fields": ["fields", "procedures", "receives_rest"]}),
        ("Liên hệ, hiện công khai", {"fields": ["phone", "email", "address", "hours", "answers_within"]}),
        ("Thời gian làm đầu mối", {"fields": ["first_on", "last_on", "order"]}),
    ]
    list_display = ["name", "unit", "received_fields", "receives_rest", "phone", "first_on", "last_on"]
    list_filter = [SeatFilter, "unit"]
    list_per_page = 50
    search_fields = ["name", "unit__name", "phone"]
    autocomplete_fields = ["unit", "procedures", "deputy"]
    filter_horizontal = ["fields"]
    save_as = True
    change_list_template = "admin/feedback/focalperson/list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("unit").prefetch_related("fields", "procedures")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and (text := HELP_TEXTS.get(db_field.name)):
            field.help_text = text
        if field and db_field.name in {"unit", "user", "deputy", "fields", "procedures"}:
            # Each is kept on its own page, not in passing.
            for link in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
                setattr(field.widget, link, False)
        return field

    @admin.display(description="nhận phản ánh về")
    def received_fields(self, person: FocalPerson) -> str:
        names = [field.name for field in person.fields.all()]
        names += [procedure.title for procedure in person.procedures.all()]
        return "; ".join(names) or "Việc chung của đơn vị"

    def get_urls(self) -> list[URLPattern]:
        rehearsal = self.admin_site.admin_view(self.rehearsal)
        return [path("thu-phan-cong/", rehearsal, name="feedback_focalperson_rehearsal"), *super().get_urls()]

    def rehearsal(self, request: HttpRequest) -> HttpResponse:
        """Show who would get the cases of the last quarter by the rules entered for a day."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        today = timezone.localdate()
        asked = AskedDay.read(request.GET.get("ngay", ""), today=today)
        period = _last_quarter(today)
        cases = Submission.objects.received_between(period.first_day, period.last_day)
        cases = cases.select_related("procedure__field__unit", "procedure__unit", "field__unit")
        found = routing.rehearse(cases.order_by("received_at", "pk"), on=today, then=asked.day)
        differing = Paginator([one for one in found if one.differs], SHOWN)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Thử phân công",
            "asked": asked,
            "period": period,
            "case_count": len(found),
            "totals": _totals(found),
            "page": differing.get_page(request.GET.get("trang")),
            "asked_query": urlencode({"ngay": asked.typed}),
        }
        request.current_app = self.admin_site.name
        return render(request, "admin/feedback/focalperson/rehearsal.html", context)


def _last_quarter(on: date) -> calendar.Period:
    """The reporting quarter before the one in which the day lies."""
    year, quarter = calendar.reporting_quarter_of(on)
    return calendar.reporting_quarter(year, quarter - 1) if quarter > 1 else calendar.reporting_quarter(year - 1, 4)


def _totals(found: Iterable[routing.Rehearsed]) -> list[tuple[FocalPerson | None, int, int]]:
    """Return for each focal person how many cases by the rules of now and by the others."""
    found = list(found)
    now = Counter(one.now.focal_person for one in found)
    then = Counter(one.then.focal_person for one in found)
    people = sorted({*now, *then}, key=lambda person: (person is None, str(person)))
    return [(person, now[person], then[person]) for person in people]


@tasks.register
def _fields_without_focal_person(user: User, on: date) -> Iterable[Task]:
    if not user.has_perm("feedback.change_focalperson"):
        return
    fields = routing.fields_without(on)
    yield Task(
        "Cử đầu mối cho lĩnh vực chưa có người nhận phản ánh",
        len(fields),
        reverse("admin:feedback_focalperson_changelist"),
        note=", ".join(field.name for field in fields),
        urgent=True,
    )
