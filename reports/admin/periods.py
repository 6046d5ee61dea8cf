"""The settings of data calls, and what of periods, returns and reports waits on the first page."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from portal.admin_site import Task, tasks
from portal.models import User
from portal.templatetags.vietnamese import viet_date
from reports import reminding
from reports.models import Report, ReportsSettings, UnitReturn

NEAR = timedelta(days=3)


@admin.register(ReportsSettings)
class ReportsSettingsAdmin(admin.ModelAdmin):
    """The one row of settings: its list is its form."""

    fieldsets = [
        ("Mở kỳ, hạn nộp", {"fields": ["open_before", "units_due_after", "closing_after"]}),
        ("Nhắc", {"fields": ["remind_before", "remind_late_every"]}),
        ("Kiểm tra", {"fields": ["swing_percent"]}),
    ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        ReportsSettings.objects.get_or_create(pk=1)
        return HttpResponseRedirect(reverse("admin:reports_reportssettings_change", args=[1]))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ReportsSettings | None = None) -> bool:
        return False


@tasks.register
def waiting_reports(user: User, on: date) -> Iterator[Task]:
    """What the own unit is to hand in; for the office what is missing, to approve and to send."""
    if user.has_perm("reports.approve_unitreturn"):
        yield from _of_office(on)
    elif user.has_perm("reports.fill_unitreturn") and user.unit_id:
        for unit_return in reminding.waiting(on).filter(unit=user.unit_id):
            yield _to_hand_in(unit_return, on)


def _to_hand_in(unit_return: UnitReturn, on: date) -> Task:
    due = reminding.due_on(unit_return)
    said = f"Hạn {viet_date(due)}. {reminding.days_said(due, on)}."
    title = f"Nộp số liệu {unit_return.period.name}"
    return Task(title, 1, unit_return.get_absolute_url(), said, urgent=due - on <= NEAR)


def _of_office(on: date) -> Iterator[Task]:
    yield from _late_units(on)
    submitted = UnitReturn.objects.filter(status=UnitReturn.Status.SUBMITTED).select_related("period")
    yield from _by_period("Duyệt số liệu các đơn vị", list(submitted))
    drafts = Report.objects.filter(status=Report.Status.DRAFT, due_on__lte=on + reminding.REPORT_NEAR)
    for report in drafts.select_related("period", "report_type").order_by("due_on", "pk"):
        said = f"Hạn {viet_date(report.due_on)}. {reminding.days_said(report.due_on, on)}."
        urgent = report.due_on - on <= NEAR
        yield Task(f"Gửi báo cáo: {report}", 1, report.period.get_absolute_url(), said, urgent=urgent)


def _late_units(on: date) -> Iterator[Task]:
    found = [one for one in reminding.waiting(on) if reminding.due_on(one) - on <= NEAR]
    late = any(reminding.due_on(one) < on for one in found)
    yield from _by_period("Đơn vị chưa nộp số liệu", found, urgent=late)


def _by_period(title: str, found: list[UnitReturn], *, urgent: bool = False) -> Iterator[Task]:
    """Return a task for each period, which leads to its workbench."""
    periods = {one.period_id: one.period for one in found}
    for pk, period in periods.items():
        count = sum(one.period_id == pk for one in found)
        yield Task(f"{title}, {period.name}", count, period.get_absolute_url(), urgent=urgent)
