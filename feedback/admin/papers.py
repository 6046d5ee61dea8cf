"""What staff takes out of the house on paper or as a file: one case, its letters, the register.

By GET the sender is masked. By POST the sender stands in it, for whom that is allowed; both are written down.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any

from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
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
    if (rows := _listed(request, model_admin)) is None:
        return redirect("admin:feedback_submission_changelist")
    lines = papers.entries(rows, senders=_senders(request, rows))
    paper = papers.register_paper(lines, period=papers.period_of(rows), at=timezone.now())
    return _drawn(model_admin, request, paper, "so-tiep-nhan.pdf")


def register_xlsx(request: HttpRequest, model_admin: Any) -> HttpResponseBase:
    if (rows := _listed(request, model_admin)) is None:
        return redirect("admin:feedback_submission_changelist")
    file = papers.register_xlsx(papers.entries(rows, senders=_senders(request, rows)))
    return FileResponse(file, as_attachment=True, filename="so-tiep-nhan.xlsx", content_type=XLSX)


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


def _senders(request: HttpRequest, rows: list[Submission]) -> dict[int, Sender]:
    """Return who sent the cases of the register where that was asked for by POST, and write it down for each."""
    if request.method != "POST":
        return {}
    asking = user(request)
    # The rows are those that the person may open (`Submission.objects.visible_to`).
    if not asking.has_perm("feedback.read_sender"):
        raise PermissionDenied
    with transaction.atomic():
        for row in rows:
            _note(row, asking, AccessRecord.How.EXPORT, "sổ tiếp nhận", True)
    return {row.pk: access.sender_of(row) for row in rows}


def _note(submission: Submission, by: User, how: AccessRecord.How, what: str, with_sender: bool) -> None:
    detail = f"{what}, {'có' if with_sender else 'che'} người gửi"
    access.note(submission, by=by, at=timezone.now(), how=how, detail=detail)


def _listed(request: HttpRequest, model_admin: Any) -> list[Submission] | None:
    """Return what the list shows under the same filters, as far as it is in the register; None for odd filters."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    try:
        changelist = model_admin.get_changelist_instance(request)
    except (IncorrectLookupParameters, DisallowedModelAdminLookup):
        return None
    return list(papers.for_register(changelist.queryset))


def _drawn(model_admin: Any, request: HttpRequest, paper: Any, name: str) -> HttpResponseBase:
    try:
        content = paper.drawn()
    except NotAvailable:
        model_admin.message_user(request, NO_PANGO, level="ERROR")
        return redirect("admin:feedback_submission_changelist")
    return _file(content, name, PDF)


def _file(content: bytes, name: str, kind: str) -> HttpResponseBase:
    return FileResponse(BytesIO(content), as_attachment=True, filename=name, content_type=kind)


def _entry(submission: Submission) -> str:
    """Name the case in a file's name: by its register number, which tells nobody anything."""
    return submission.register_entry.replace("/", "-") or f"chua-vao-so-{submission.pk}"
