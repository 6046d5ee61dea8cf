"""The queue of mails as administrators see it: what waits and why, never what a mail says."""

from collections.abc import Iterator
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.contrib import admin, messages
from django.db.models import BooleanField, Case, OuterRef, Q, QuerySet, Subquery, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from post_office import admin as _library  # noqa: F401  (registers its pages, to be taken off again)
from post_office.models import STATUS, Attachment, Email, EmailTemplate, Log

from portal import mail
from portal.admin_site import Task, tasks
from portal.models import QueuedMail, User

STATES = {
    STATUS.queued: "Đang chờ gửi",
    STATUS.requeued: "Gửi chưa được, sẽ gửi lại",
    STATUS.sent: "Đã gửi",
    STATUS.failed: "Thôi không gửi nữa",
}

# The library's own pages show whole mails, whose links are secrets, and let anybody write new ones.
admin.site.unregister([Email, EmailTemplate, Attachment, Log])
HIDDEN = "(thư về dữ liệu cá nhân)"
COLUMNS = ("subject_said", "recipients_said", "state", "created_at", "next_try", "tries", "reason")


class StateFilter(admin.SimpleListFilter):
    title = "tình trạng"
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(value), label) for value, label in STATES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        states = {str(value): value for value in STATES}
        return queryset.filter(status=states[value]) if (value := self.value()) in states else queryset


@admin.register(QueuedMail)
class QueuedMailAdmin(admin.ModelAdmin):
    list_display = COLUMNS
    list_filter = [StateFilter]
    list_per_page = 50
    ordering = ["-created", "-pk"]
    search_fields = ["to", "subject"]
    search_help_text = "Tìm theo địa chỉ nhận hoặc tiêu đề."
    actions = ["send_soon"]
    fields = COLUMNS
    readonly_fields = COLUMNS

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        failures = Log.objects.filter(email=OuterRef("pk"), status=STATUS.failed).order_by("-date", "-pk")
        queryset = super().get_queryset(request).defer("message", "html_message")
        hidden = Case(When(_kept_from(request), then=True), default=False, output_field=BooleanField())
        return queryset.annotate(failure=Subquery(failures.values("exception_type")[:1]), hidden=hidden)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        # What is hidden would be told by asking for it.
        return (found.filter(hidden=False) if search_term else found), may_repeat

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        # Asked letter by letter in the address, the count of what is found would tell what is hidden.
        return lookup == StateFilter.parameter_name

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: QueuedMail | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: QueuedMail | None = None) -> bool:
        return False

    @admin.action(description="Gửi lại các thư đã chọn mà chưa gửi được", permissions=["view"])
    def send_soon(self, request: HttpRequest, queryset: QuerySet) -> None:
        waiting = queryset.filter(status__in=[STATUS.requeued, STATUS.failed])
        count = Email.objects.filter(pk__in=list(waiting.values_list("pk", flat=True))).update(
            status=STATUS.queued, scheduled_time=None
        )
        messages.success(request, f"{count} thư sẽ được gửi lại trong ít phút.")

    @admin.display(description="tiêu đề", ordering="subject")
    def subject_said(self, row: Any) -> str:
        return HIDDEN if row.hidden else row.subject

    @admin.display(description="người nhận")
    def recipients_said(self, row: Any) -> str:
        return HIDDEN if row.hidden else row.recipients

    @admin.display(description="tình trạng", ordering="status")
    def state(self, row: QueuedMail) -> str:
        return STATES.get(row.status, "")

    @admin.display(description="viết lúc", ordering="created")
    def created_at(self, row: QueuedMail) -> Any:
        return row.created

    @admin.display(description="gửi lại lúc", ordering="scheduled_time")
    def next_try(self, row: QueuedMail) -> Any:
        return row.scheduled_time if row.status == STATUS.requeued else None

    @admin.display(description="số lần đã gửi lại", ordering="number_of_retries")
    def tries(self, row: QueuedMail) -> int:
        return row.number_of_retries or 0

    @admin.display(description="lý do máy chủ báo")
    def reason(self, row: Any) -> str | None:
        return row.failure


def _kept_from(request: HttpRequest) -> Q:
    """Return which mails the person may not tell apart: about people whose data is not the person's to read."""
    user = request.user
    headers = [header for header, permission in mail.RESTRICTED.items() if not user.has_perm(permission)]
    # A condition that is never met stands for "none".
    return reduce(or_, (Q(headers__has_key=header) for header in headers), Q(pk__in=[]))


@tasks.register
def mails_that_are_stuck(user: User, on: date) -> Iterator[Task]:
    if user.has_perm("portal.view_queuedmail"):
        yield Task(
            "Thư chưa gửi được hơn một giờ",
            count=mail.stuck_count(timezone.now()),
            url=f"{reverse('admin:portal_queuedmail_changelist')}?status={STATUS.requeued}",
            note="Xem lại máy chủ thư; thư được gửi lại mỗi 10 phút trong một tuần.",
            urgent=True,
        )
