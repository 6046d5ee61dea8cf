"""Reports and figures as files, and a report as it will look on paper."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.pdf import NotAvailable
from reports import periods
from reports.exporting import csv, docx, pdf, xlsx
from reports.models import Compilation, Report, SentFile
from reports.periods import Name

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS: dict[str, tuple[str, Callable[[Report], bytes]]] = {
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", docx.content),
    "pdf": ("application/pdf", pdf.content),
    "xlsx": (XLSX, xlsx.content),
}


@never_cache
@require_safe
def export(request: HttpRequest, name: Name, key: str, kind: str) -> HttpResponseBase:
    """Give the report as a file; of one that was sent the copy that was kept."""
    report = _report(request, name, key)
    again = f"-lan-{report.version}" if report.version > 1 else ""
    filename = f"{key}-{report.period.code}{again}.{kind}"
    if kind == "csv":
        headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
        return StreamingHttpResponse(csv.report_lines(report), content_type="text/csv; charset=utf-8", headers=headers)
    if kind not in KINDS:
        raise Http404
    content_type, made = KINDS[kind]
    if sent := SentFile.objects.filter(report=report, kind=kind).first():
        return FileResponse(sent.file.open("rb"), as_attachment=True, filename=filename, content_type=content_type)
    try:
        return _file(made(report), content_type, filename)
    except NotAvailable:
        messages.error(request, "Máy chủ chưa cài phần mềm tạo tệp PDF. Báo quản trị cổng thông tin.")
        return redirect("reports-staff:report", name, key)


@never_cache
@require_safe
def preview(request: HttpRequest, name: Name, key: str) -> HttpResponseBase:
    """Show the report as it will look on paper; of one that was sent the copy that was kept."""
    report = _report(request, name, key)
    if kept := SentFile.objects.filter(report=report, kind=SentFile.Kind.PDF).first():
        return FileResponse(kept.file.open("rb"), content_type="application/pdf")
    context = {**admin.site.each_context(request), **pdf.context(report), "report": report, "period": report.period}
    context["kinds"] = [("docx", "Word (DOCX)"), ("pdf", "PDF"), ("xlsx", "Excel (XLSX)"), ("csv", "CSV")]
    return render(request, "reports/print/preview.html", context)


@never_cache
@require_safe
def figures_file(request: HttpRequest, name: Name) -> HttpResponse:
    """Give the newest figures of the period, each form on a sheet."""
    if not request.user.has_perm("reports.view_compilation"):
        raise PermissionDenied
    period = periods.find(name)
    compilation = Compilation.objects.latest_of(period) if period else None
    if compilation is None:
        raise Http404
    return _file(xlsx.figures(compilation), XLSX, f"so-lieu-{periods.code_of(name)}.xlsx")


def _report(request: HttpRequest, name: Name, key: str) -> Report:
    """Return the latest version of the report, or the one that `lan` asks for."""
    if not request.user.has_perm("reports.view_report"):
        raise PermissionDenied
    found = Report.objects.filter(
        period__rhythm=name.rhythm, period__year=name.year, period__number=name.number, report_type__key=key
    ).select_related("period", "report_type", "compilation__period", "corrects")
    if version := request.GET.get("lan", ""):
        if not (version.isascii() and version.isdecimal()) or len(version) > 4:
            raise Http404
        return get_object_or_404(found, version=int(version))
    report = found.order_by("-version").first()
    if report is None:
        raise Http404
    return report


def _file(content: bytes, content_type: str, filename: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)
