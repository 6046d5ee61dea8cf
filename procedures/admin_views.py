"""The staff's pages beside the forms: preview, versions, and import from files."""

import shutil
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST
from reversion.models import Version

from portal.models import User
from portal.text import nfc
from procedures import history, importing, publishing, reconciling, views, wording
from procedures.admin_forms import ImportForm, KeepOursForm
from procedures.importing import template
from procedures.models import ImportBatch, Procedure, SourceRecord

VERSIONS_A_PAGE = 20
LINES_A_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What was handed in is kept for looking into an import afterwards, not for good.
DAYS_KEPT = 30
# More than this takes minutes; the command shows its progress and is not tied to a browser.
MOST_IN_A_REQUEST = 5000
SECTIONS = {
    "khong-nhan": "Không nhận, cần xem",
    "de-nghi": "Đề nghị thay đổi",
    "thay-doi": "Thay đổi",
    "moi": "Mới",
}


# Preview.


def preview(request: HttpRequest, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    """Show the public page in two frames: as on a computer and as on a telephone."""
    procedure = _viewable(request, pk, model_admin)
    missing = publishing.blockers(procedure)
    return _render(
        request, model_admin, "preview.html", "Xem trước", procedure, blockers=missing, article=publishing.ARTICLE
    )


def preview_page(request: HttpRequest, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    """Show the page that the public would see today, drafts included."""
    _viewable(request, pk, model_admin)
    procedure = get_object_or_404(Procedure.objects.for_page(), pk=pk)
    return views.render_procedure(request, procedure, on=timezone.localdate(), preview=True)


# Versions.


def versions(request: HttpRequest, object_id: str, model_admin: ModelAdmin) -> HttpResponse:
    """List who saved the procedure when, and let two versions be chosen for comparison."""
    procedure = _viewable(request, object_id, model_admin)
    page = Paginator(history.versions(procedure.pk), VERSIONS_A_PAGE).get_page(request.GET.get("trang"))
    return _render(request, model_admin, "versions.html", "Lịch sử", procedure, page=page)


def compare(request: HttpRequest, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    """Show what differs between two versions, or between one and what is stored now."""
    procedure = _viewable(request, pk, model_admin)
    old, new = _chosen_versions(request, pk)
    if old is None:
        messages.warning(request, "Chọn hai bản khác nhau để so sánh.")
        return redirect("admin:procedures_procedure_history", pk)
    after = history.snapshot(new) if new else history.stored(procedure)
    context = {
        "old": old,
        "before": f"Lưu lúc {history.moment(old.revision.date_created)}",
        "after": f"Lưu lúc {history.moment(new.revision.date_created)}" if new else "Đang lưu",
        "changes": history.compare(history.snapshot(old), after),
        "latest": history.latest_number(pk),
        "may_restore": new is None and model_admin.has_change_permission(request, procedure),
    }
    return _render(request, model_admin, "compare.html", "So sánh", procedure, **context)


@require_POST
def restore(request: HttpRequest, pk: int, version: int, model_admin: ModelAdmin) -> HttpResponse:
    """Bring the whole record back to the version, unless somebody has saved it since the comparison."""
    procedure = get_object_or_404(Procedure, pk=pk)
    if not model_admin.has_change_permission(request, procedure):
        raise PermissionDenied
    found = get_object_or_404(history.versions(pk), pk=version)
    with transaction.atomic():
        Procedure.objects.select_for_update().filter(pk=pk).first()
        if request.POST.get("latest") != str(history.latest_number(pk)):
            messages.warning(request, "Thủ tục vừa được người khác lưu. Xem lại phần khác nhau rồi khôi phục.")
            return redirect(f"{request.path.partition('khoi-phuc')[0]}so-sanh/?truoc={version}")
        _restore(request, found)
    return redirect("admin:procedures_procedure_change", pk)


def deleted_procedures(request: HttpRequest, model_admin: ModelAdmin) -> HttpResponse:
    """List the drafts that have been deleted."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    page = Paginator(history.deleted(), VERSIONS_A_PAGE).get_page(request.GET.get("trang"))
    may_recover = model_admin.has_add_permission(request)
    return _render(request, model_admin, "deleted.html", "Bản nháp đã xóa", page=page, may_recover=may_recover)


@require_POST
def recover(request: HttpRequest, version: int, model_admin: ModelAdmin) -> HttpResponse:
    """Bring a deleted draft back with all its rows."""
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    found = get_object_or_404(history.deleted(), pk=version)
    if _restore(request, found):
        return redirect("admin:procedures_procedure_change", found.object_id)
    return redirect("admin:procedures_procedure_deleted")


def _restore(request: HttpRequest, version: Version) -> bool:
    try:
        lost = history.restore(version, by=user(request), at=timezone.now())
    except history.NotRestorable as error:
        messages.error(request, str(error))
        return False
    messages.success(request, "Đã khôi phục thủ tục cùng giấy tờ, cách nộp, phí và căn cứ.")
    for sentence in lost:
        messages.warning(request, sentence)
    return True


def _chosen_versions(request: HttpRequest, pk: int) -> tuple[Version | None, Version | None]:
    """Return the older and the newer version; the second is None for what is stored now."""
    typed = [request.GET.get(name, "") for name in ("truoc", "sau")]
    numbers = {int(text) for text in typed if text.isascii() and text.isdigit() and len(text) < 19}
    found: list[Version] = list(history.versions(pk).filter(pk__in=numbers).order_by("pk"))
    if len(found) == 2:
        return found[0], found[1]
    # The same version twice is nothing to compare.
    if len(found) == 1 and not all(typed):
        return found[0], None
    return None, None


# Import from files.


def try_import(request: HttpRequest, model_admin: ModelAdmin) -> HttpResponse:
    """Take files in and show what they would change; nothing in the catalogue changes yet."""
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if request.method == "POST" and form.is_valid():
        batch = _keep(form.cleaned_data["files"], by=user(request), at=timezone.now())
        report = importing.run(_paths(batch), at=batch.at, dry_run=True, by=batch.by)
        batch.trial = report.to_dict()
        batch.save(update_fields=["trial"])
        return redirect("admin:procedures_importbatch_change", batch.pk)
    return _render(request, model_admin, "import_form.html", "Nhập từ tệp", form=form)


def import_report(request: HttpRequest, object_id: str, model_admin: ModelAdmin) -> HttpResponse:
    """Show what a trial found or an import did, a page of lines at a time."""
    batch = get_object_or_404(ImportBatch.objects.select_related("by"), pk=_number(object_id))
    if not model_admin.has_view_permission(request, batch):
        raise PermissionDenied
    # Empty while the import runs; whoever lost the connection comes back to this page.
    report = batch.result if batch.applied_at else batch.trial
    sections = _sections(report)
    chosen = request.GET.get("muc") if request.GET.get("muc") in sections else next(iter(sections), "")
    lines, count = sections.get(chosen or "", ([], 0))
    context: dict[str, Any] = {
        "batch": batch,
        "report": report,
        "sections": [(name, SECTIONS[name], number) for name, (_, number) in sections.items()],
        "chosen": chosen,
        "page": Paginator(lines, LINES_A_PAGE).get_page(request.GET.get("trang")),
        "not_listed": len(lines) < count,
        "may_apply": _may_apply(batch) and model_admin.has_add_permission(request),
        "too_many": batch.applied_at is None and _too_many(batch),
    }
    return _render(request, model_admin, "import_report.html", "Nhập từ tệp", **context)


def _sections(report: dict[str, Any]) -> dict[str, tuple[list[dict[str, Any]], int]]:
    """Return the lines of each part that has some and how many there were in all, what needs a look first."""
    records = report.get("records", [])
    parts = {
        "khong-nhan": (report.get("problems", []), report.get("refused", 0) + report.get("warnings", 0)),
        "de-nghi": ([record for record in records if record["kind"] == "proposed"], report.get("proposed", 0)),
        "thay-doi": ([record for record in records if record["kind"] == "changed"], report.get("changed", 0)),
        "moi": ([record for record in records if record["kind"] == "new"], report.get("new", 0)),
    }
    return {name: part for name, part in parts.items() if part[1]}


@require_POST
def apply_import(request: HttpRequest, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    """Take in just the files that were tried."""
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    batch = get_object_or_404(ImportBatch, pk=pk)
    at = timezone.now()
    # Whoever presses twice, or two people at once, start one import.
    if not _may_apply(batch) or not ImportBatch.objects.filter(pk=pk, applied_at=None).update(applied_at=at):
        messages.warning(request, "Lần nhập này không thực hiện được nữa. Chọn tệp và thử lại nếu cần.")
        return redirect("admin:procedures_importbatch_change", pk)
    try:
        report = importing.run(_paths(batch), at=at, by=user(request))
    except BaseException:
        # What was taken stays taken; the same import again leaves it alone and goes on.
        ImportBatch.objects.filter(pk=pk).update(applied_at=None)
        raise
    ImportBatch.objects.filter(pk=pk).update(result=report.to_dict())
    messages.success(request, "Đã nhập. Thủ tục mới là bản nháp, cần kiểm tra trước khi công khai.")
    return redirect("admin:procedures_importbatch_change", pk)


def import_template(request: HttpRequest, model_admin: ModelAdmin) -> HttpResponse:
    """Hand out the workbook that a unit can fill in."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    response = HttpResponse(template.build(), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="mau-nhap-thu-tuc.xlsx"'
    return response


def _may_apply(batch: ImportBatch) -> bool:
    return bool(batch.trial) and batch.applied_at is None and _folder(batch).is_dir() and not _too_many(batch)


def _too_many(batch: ImportBatch) -> bool:
    return sum(batch.trial.get(kind, 0) for kind in ("new", "changed", "proposed")) > MOST_IN_A_REQUEST


def _keep(files: Iterable[UploadedFile], *, by: User, at: datetime) -> ImportBatch:
    _clean_up(at)
    batch = ImportBatch(by=by, at=at, folder=uuid4().hex)
    folder = _folder(batch)
    folder.mkdir(parents=True)
    for number, file in enumerate(files, start=1):
        name = _file_name(str(file.name))
        if (folder / name).exists():
            name = f"{number}-{name}"
        with (folder / name).open("wb") as kept:
            for chunk in file.chunks():
                kept.write(chunk)
        batch.files.append(name)
    batch.save()
    return batch


def _file_name(name: str) -> str:
    """Return the person's own name for the file, short enough for every file system."""
    given = Path(nfc(name).replace("\\", "/"))
    stem = "".join(letter for letter in given.stem if letter.isprintable()).lstrip(".")
    return f"{stem[:60] or 'tep'}{given.suffix.casefold()}"


def _clean_up(at: datetime) -> None:
    old = ImportBatch.objects.filter(at__lt=at - timedelta(days=DAYS_KEPT))
    for folder in old.values_list("folder", flat=True):
        shutil.rmtree(_imports() / folder, ignore_errors=True)


def _imports() -> Path:
    return settings.DATA_DIR / "imports"


def _folder(batch: ImportBatch) -> Path:
    return _imports() / batch.folder


def _paths(batch: ImportBatch) -> list[Path]:
    return [_folder(batch) / name for name in batch.files]


# What sources say differently.


def reconcile(request: HttpRequest, object_id: str, model_admin: ModelAdmin) -> HttpResponse:
    """Show part by part what a source says differently of a public procedure, and take the office's answer."""
    records = SourceRecord.objects.of_published().select_related("procedure__field", "kept_by")
    kept = get_object_or_404(records, pk=_number(object_id))
    may_answer = model_admin.has_change_permission(request, kept)
    if not model_admin.has_view_permission(request, kept) or (request.method == "POST" and not may_answer):
        raise PermissionDenied
    form = KeepOursForm(request.POST if "_keep" in request.POST else None)
    if request.method == "POST" and (not form.is_bound or form.is_valid()):
        try:
            _answer(request, kept, form)
        except publishing.Conflict:
            messages.warning(request, "Thủ tục hoặc bản ghi nguồn vừa thay đổi. Xem lại phần khác nhau rồi trả lời.")
        return redirect("admin:procedures_sourcerecord_change", kept.pk)
    context = {
        "kept": kept,
        "differences": reconciling.differences(kept),
        "seen": reconciling.state_number(kept),
        "form": form,
        "may_answer": may_answer,
        "article": reconciling.ARTICLE,
    }
    title = f"Đối chiếu với {kept.get_origin_display()}"
    return _render(request, model_admin, "reconcile.html", title, kept.procedure, **context)


def _answer(request: HttpRequest, kept: SourceRecord, form: KeepOursForm) -> None:
    seen, at = request.POST.get("seen", ""), timezone.now()
    if form.is_bound:
        reconciling.keep_ours(kept, reason=form.cleaned_data["reason"], seen=seen, by=user(request), at=at)
        messages.success(request, "Đã giữ bản của Sở. Cổng sẽ hỏi lại khi bản ghi nguồn thay đổi.")
        return
    parts = kept.differing if "_take_all" in request.POST else request.POST.getlist("part")
    if not parts:
        messages.warning(request, "Chọn ít nhất một phần cần lấy.")
        return
    try:
        taken = reconciling.take(kept, parts, seen=seen, by=user(request), at=at)
    except publishing.NotPublishable as error:
        messages.error(request, f"Chưa lấy được vì thủ tục sẽ thiếu phần bắt buộc ({publishing.ARTICLE}). {error}")
    except importing.Refused as refused:
        messages.error(request, f"Chưa lấy được. {' '.join(problem.reason for problem in refused.problems)}")
    else:
        messages.success(request, f"Đã lấy: {', '.join(taken)}. Người dân thấy nội dung mới ngay.")


# What all of them need.


def _viewable(request: HttpRequest, object_id: int | str, model_admin: ModelAdmin) -> Procedure:
    procedure = get_object_or_404(Procedure.objects.select_related("field"), pk=_number(object_id))
    if not model_admin.has_view_permission(request, procedure):
        raise PermissionDenied
    return procedure


def _number(text: int | str) -> int:
    """Return the number that an address names; 0, which no row has, for anything else."""
    return int(text) if str(text).isascii() and str(text).isdigit() and len(str(text)) < 19 else 0


def user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  admin_view lets nobody else in
    return request.user


def _render(
    request: HttpRequest,
    model_admin: ModelAdmin,
    template_name: str,
    title: str,
    procedure: Procedure | None = None,
    **context: Any,
) -> HttpResponse:
    status = wording.status(procedure, timezone.localdate()) if procedure else None
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": title,
        "subtitle": str(procedure) if procedure else None,
        "procedure": procedure,
        "status": status,
        **context,
    }
    request.current_app = model_admin.admin_site.name
    return render(request, f"admin/procedures/{template_name}", context)
