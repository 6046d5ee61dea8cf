"""What staff takes out of the house on paper or as a file: one case, its letters, the register.

The sender is masked, unless somebody who may read it asks for it by POST; that is written down.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from feedback import access, letters, papers
from feedback.access import Sender
from feedback.models import AccessRecord, Submission
from portal.models import User
from portal.pdf import NotAvailable
from procedures.admin_views import user

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NO_PANGO = "Máy chủ chưa cài phần mềm tạo tệp PDF. Báo quản trị cổng thông tin."


class PeriodForm(forms.Form):
    """From when to when the cases of the register came, and whether it names the senders."""

    first_on = forms.DateField(label="Nhận từ ngày", required=False)
    last_on = forms.DateField(label="Đến hết ngày", required=False)
    with_senders = forms.BooleanField(label="Kèm người gửi", required=False)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_on"), cleaned.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", "Chọn ngày cuối không trước ngày đầu.")
        return cleaned


@dataclass(frozen=True)
class Link:
    """One paper of a case: to be opened masked, and by POST with the sender."""

    label: str
    url: str


def links(submission: Submission) -> list[Link]:
    """Return the papers that fit the case, for its page."""
    found = [Link("Hồ sơ (PDF)", reverse("admin:feedback_submission_paper", args=[submission.pk]))]
    for kind in letters.kinds(submission):
        url = reverse("admin:feedback_submission_letter", args=[submission.pk, kind.value])
        found.append(Link(f"{kind.label} (DOCX)", url))
    return found


def urls(model_admin: Any) -> list[URLPattern]:
    """Return the addresses that the admin of cases adds to its own, before them."""

    def page(address: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
        checked = never_cache(require_http_methods(["GET", "HEAD", "POST"])(view))
        wrapped = model_admin.admin_site.admin_view(partial(checked, model_admin=model_admin))
        return path(address, wrapped, name=f"feedback_submission_{name}")

    return [
        page("so-tiep-nhan.pdf", register_pdf, "register_pdf"),
        page("so-tiep-nhan.xlsx", register_xlsx, "register_xlsx"),
        page("<int:pk>/ho-so.pdf", case_pdf, "paper"),
        page("<int:pk>/thu/<slug:kind>.docx", letter, "letter"),
    ]


def case_pdf(request: HttpRequest, pk: int, model_admin: Any) -> HttpResponseBase:
    submission = _found(request, pk)
    sender = _sender(request, submission, "hồ sơ")
    paper = papers.case_paper(submission, sender=sender or access.masked(submission), at=timezone.now())
    return _drawn(model_admin, request, paper, f"ho-so-{_entry(submission)}.pdf")


def letter(request: HttpRequest, pk: int, kind: str, model_admin: Any) -> HttpResponseBase:
    submission = _found(request, pk)
    if kind not in letters.kinds(submission):
        raise Http404
    wanted = letters.Kind(kind)
    content = letters.letter(wanted, submission, sender=_sender(request, submission, wanted.label.lower()))
    return _file(content, f"{_NAMES[wanted]}-{_entry(submission)}.docx", DOCX)


def register_pdf(request: HttpRequest, model_admin: Any) -> HttpResponseBase:
    def answer(rows: list[Submission], lines: Iterable[papers.Entry]) -> HttpResponseBase:
        paper = papers.register_paper(lines, period=papers.period_of(rows), at=timezone.now())
        return _drawn(model_admin, request, paper, "so-tiep-nhan.pdf")

    return _register(request, model_admin, answer)


def register_xlsx(request: HttpRequest, model_admin: Any) -> HttpResponseBase:
    def answer(rows: list[Submission], lines: Iterable[papers.Entry]) -> HttpResponseBase:
        file = papers.register_xlsx(lines)
        return FileResponse(file, as_attachment=True, filename="so-tiep-nhan.xlsx", content_type=XLSX)

    return _register(request, model_admin, answer)


def _register(
    request: HttpRequest,
    model_admin: Any,
    answer: Callable[[list[Submission], Iterable[papers.Entry]], HttpResponseBase],
) -> HttpResponseBase:
    """Answer with what the list shows under the same filters, as far as it is in the register and of the period.

    The filters come in the address, or as the list's own form sends them.
    """
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    period = PeriodForm(request.POST or request.GET)
    filters = (request.POST or request.GET).copy()
    for name in ("csrfmiddlewaretoken", *period.fields):
        filters.pop(name, None)
    if not period.is_valid():
        model_admin.message_user(
            request, " ".join(str(error) for found in period.errors.values() for error in found), messages.ERROR
        )
        return _list(filters)
    request.GET = filters  # type: ignore[assignment]  # where the list looks for them
    try:
        listed = model_admin.get_changelist_instance(request).queryset
    except (IncorrectLookupParameters, DisallowedModelAdminLookup):
        return _list()
    chosen = period.cleaned_data
    rows = list(papers.for_register(listed, first_on=chosen["first_on"], last_on=chosen["last_on"]))
    named = request.method == "POST" and chosen["with_senders"]
    return answer(rows, papers.entries(rows, senders=_senders(user(request), rows) if named else {}))


def _list(filters: QueryDict | None = None) -> HttpResponseBase:
    query = f"?{filters.urlencode()}" if filters else ""
    return redirect(reverse("admin:feedback_submission_changelist") + query)


_NAMES = {
    letters.Kind.RECEIPT: "giay-tiep-nhan",
    letters.Kind.TRANSFER: "phieu-chuyen",
    letters.Kind.REFUSAL: "thong-bao",
}


def _found(request: HttpRequest, pk: int) -> Submission:
    cases = Submission.objects.visible_to(user(request)).select_related("procedure", "field", "unit", "focal_person")
    return get_object_or_404(cases, pk=pk)


def _sender(request: HttpRequest, submission: Submission, what: str) -> Sender | None:
    """Return who sent the case where that was asked for by POST; either way, write down that a copy was taken."""
    wanted = request.method == "POST"
    if wanted and not access.may_read_sender(user(request), submission):
        raise PermissionDenied
    _note(submission, user(request), AccessRecord.How.PRINT, what, wanted)
    return access.sender_of(submission) if wanted else None


def _senders(asking: User, rows: list[Submission]) -> dict[int, Sender]:
    """Return who sent the cases, which the person may open, and write it down for each."""
    if not asking.has_perm("feedback.read_sender"):
        raise PermissionDenied
    with transaction.atomic():
        for row in rows:
            _note(row, asking, AccessRecord.How.EXPORT, "sổ tiếp nhận", True)
    return {row.pk: access.sender_of(row) for row in rows}


def _note(submission: Submission, by: User, how: AccessRecord.How, what: str, with_sender: bool) -> None:
    detail = f"{what}, {'có' if with_sender else 'che'} người gửi"
    access.note(submission, by=by, at=timezone.now(), how=how, detail=detail)


def _drawn(model_admin: Any, request: HttpRequest, paper: Any, name: str) -> HttpResponseBase:
    try:
        content = paper.drawn()
    except NotAvailable:
        model_admin.message_user(request, NO_PANGO, messages.ERROR)
        return _list()
    return _file(content, name, PDF)


def _file(content: bytes, name: str, kind: str) -> HttpResponseBase:
    return FileResponse(BytesIO(content), as_attachment=True, filename=name, content_type=kind)


def _entry(submission: Submission) -> str:
    """Name the case in a file's name: by its register number, which tells nobody anything."""
    return submission.register_entry.replace("/", "-") or f"chua-vao-so-{submission.pk}"
