"""Staff pages beside the forms: what one is to read, who has read what, and their tables as files."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from news import disseminating
from news.models import Dissemination, ReadReceipt
from portal import spreadsheets
from portal.templatetags.vietnamese import viet_date
from portal.text import slugify
from procedures.admin_views import user

RECEIPTS_A_PAGE = 50
TO_READ_A_PAGE = 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = {"chua-doc": "Chưa đọc", "da-doc": "Đã đọc"}
RECEIPT_COLUMNS = ["Đơn vị", "Người đọc", "Chức vụ", "Xác nhận đã đọc lúc", "Nhắc lần cuối lúc"]


# For everybody on the staff, whatever the role.


def to_read(request: HttpRequest, model_admin: ModelAdmin) -> HttpResponse:
    """List what was addressed to this person, what is still to be read first."""
    own = _own(request).order_by(F("read_at").asc(nulls_first=True), F("dissemination__read_by").asc(nulls_last=True))
    page = Paginator(own, TO_READ_A_PAGE).get_page(request.GET.get("trang"))
    on = timezone.localdate()
    rows = [(receipt, disseminating.lateness(receipt.dissemination, on)) for receipt in page]
    return render_page(request, model_admin, "to_read.html", "Văn bản gửi đến tôi", page=page, rows=rows)


def read(request: HttpRequest, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    """Show the documents to the person they were addressed to, who confirms with one button."""
    receipt = get_object_or_404(_own(request), dissemination=pk)
    if request.method == "POST":
        if disseminating.confirm(receipt, by=user(request), at=timezone.now()):
            messages.success(request, "Đã ghi nhận việc đọc.")
        return redirect("admin:news_dissemination_to-read")
    context = {
        "receipt": receipt,
        "dissemination": receipt.dissemination,
        "documents": receipt.dissemination.documents.prefetch_related("files"),
        "public_pks": set(receipt.dissemination.documents.public().values_list("pk", flat=True)),
        "lateness": disseminating.lateness(receipt.dissemination, timezone.localdate()),
        "on": timezone.localdate(),
    }
    return render_page(request, model_admin, "read.html", receipt.dissemination.title, **context)


# For the office.


def receipts(request: HttpRequest, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    """Show by unit who has read, and let the office remind the others and reach newcomers."""
    dissemination = _sent(request, pk)
    if request.method == "POST":
        _act(request, dissemination)
        return redirect(request.path)
    on = timezone.localdate()
    shown = request.GET.get("xem", "") if request.GET.get("xem") in SHOWN else "chua-doc"
    rows = dissemination.receipts.read() if shown == "da-doc" else dissemination.receipts.unread()
    units = disseminating.progress(dissemination)
    context = {
        "dissemination": dissemination,
        "lateness": disseminating.lateness(dissemination, on),
        "units": units,
        "people": sum(unit.people for unit in units),
        "read_count": sum(unit.read for unit in units),
        "page": Paginator(_in_order(rows), RECEIPTS_A_PAGE).get_page(request.GET.get("trang")),
        "shown": shown,
        "choices": SHOWN.items(),
        "remindable": disseminating.remindable(dissemination, on).count(),
        "newcomers": disseminating.newcomers(dissemination).count(),
    }
    return render_page(request, model_admin, "receipts.html", "Ai đã đọc", **context)


def receipts_file(request: HttpRequest, pk: int) -> FileResponse:
    """Send the receipts of one dissemination as a table."""
    dissemination = _sent(request, pk)
    rows = [
        [
            receipt.unit.name if receipt.unit else "",
            str(receipt.user),
            receipt.user.job_title,
            moment(receipt.read_at),
            moment(receipt.reminded_at),
        ]
        for receipt in _in_order(dissemination.receipts.all())
    ]
    name = f"da-doc-{slugify(dissemination.title, 60)}"
    return xlsx_response(name, "Xác nhận đã đọc", RECEIPT_COLUMNS, rows)


def _act(request: HttpRequest, dissemination: Dissemination) -> None:
    by, at = user(request), timezone.now()
    try:
        if "_remind" in request.POST:
            count = disseminating.remind(dissemination, by=by, at=at)
            messages.success(request, f"Đã nhắc {count} người." if count else "Hôm nay đã nhắc mọi người chưa đọc.")
        elif "_send" in request.POST:
            count = disseminating.send(dissemination, by=by, at=at)
            messages.success(request, f"Đã gửi cho {count} người mới." if count else "Không có người mới.")
    except disseminating.Conflict:
        messages.warning(request, "Người khác vừa gửi. Xem lại danh sách.")


def _own(request: HttpRequest) -> QuerySet[ReadReceipt]:
    mine = ReadReceipt.objects.filter(user=user(request), dissemination__sent_at__isnull=False)
    return mine.select_related("dissemination", "user")


def _sent(request: HttpRequest, pk: int) -> Dissemination:
    if not request.user.has_perm("news.send_dissemination"):
        raise PermissionDenied
    return get_object_or_404(Dissemination, pk=pk, sent_at__isnull=False)


def _in_order(rows: QuerySet[ReadReceipt]) -> QuerySet[ReadReceipt]:
    people = [f"user__{name}" for name in ("first_name", "last_name", "username")]
    return rows.select_related("unit", "user").order_by("unit__order", "unit__name", *people)


# Shared with the other pages of the staff.


def render_page(
    request: HttpRequest, model_admin: ModelAdmin, template_name: str, title: str, **context: Any
) -> HttpResponse:
    shared = {**model_admin.admin_site.each_context(request), "opts": model_admin.opts, "title": title}
    request.current_app = model_admin.admin_site.name
    return render(request, f"admin/news/{template_name}", {**shared, **context})


def xlsx_response(
    name: str, title: str, header: Sequence[str], rows: Iterable[Sequence[spreadsheets.Value]]
) -> FileResponse:
    file = spreadsheets.xlsx_file(title, header, rows)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def moment(value: Any) -> str:
    """Return a moment as people write it, "" for none."""
    return f"{timezone.localtime(value):%H:%M} {viet_date(value)}" if value else ""
