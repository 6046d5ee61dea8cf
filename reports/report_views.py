"""The page on which the office writes a report beside its figures, sends it, and corrects what was sent."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from portal import pdf
from portal.comparing import Segments, passages
from portal.steps import Conflict, NotAllowed, Refused
from procedures.admin_views import user
from reports import narrating, sending
from reports.figures import Figures, Shown
from reports.models import Compilation, OutlinePart, Report, ReportParagraph, SentFile
from reports.periods import Name
from reports.report_forms import CorrectForm, SendForm

SOMEBODY_ELSE = "Người khác vừa sửa đoạn này. Bản vừa lưu ở trên, phần anh, chị viết vẫn còn trong ô; đọc lại rồi lưu."


@dataclass(frozen=True)
class Block:
    """A part of the outline as the page shows it."""

    part: OutlinePart
    paragraph: ReportParagraph | None = None
    typed: str | None = None  # what could not be kept
    error: str = ""
    figures: list[Shown] | None = None
    previous: str = ""  # the text of the period before
    passages: list[tuple[Segments, Segments]] | None = None  # from what was drafted then to what is drafted now

    @property
    def text(self) -> str:
        if self.typed is not None:
            return self.typed
        return self.paragraph.shown if self.paragraph else ""


@never_cache
def show(request: HttpRequest, name: Name, key: str) -> HttpResponse:
    """Show the latest version, or the one that `?lan=` names; on POST keep the texts that were edited."""
    report = _found(request, name, key)
    if request.method == "POST":
        return _save(request, report)
    return _page(request, report)


@never_cache
@require_POST
def step(request: HttpRequest, name: Name, key: str, verb: str) -> HttpResponse:
    """Take the newest figures, take a drafted text, record the sending, or begin a correction."""
    report = _found(request, name, key)
    by, at = user(request), timezone.now()
    form: forms.Form | None = None
    try:
        if verb == "so-lieu-moi":
            newest = Compilation.objects.latest_of(report.period)
            if newest is None:
                messages.error(request, "Tổng hợp số liệu của kỳ trước.")
            elif report.is_locked:
                raise Conflict
            else:
                narrating.take_compilation(report, newest, by=by, at=at)
                messages.success(request, "Đã soạn lại từ số liệu mới nhất; đoạn đã sửa vẫn giữ.")
        elif verb == "gui":
            form = SendForm(request.POST, request.FILES)
            if form.is_valid():
                sending.send(report, **form.cleaned_data, by=by, at=at)
                messages.success(request, "Đã ghi nhận gửi và khóa báo cáo.")
        elif verb == "dinh-chinh":
            form = CorrectForm(request.POST)
            if form.is_valid():
                later = sending.correct(report, reason=form.cleaned_data["reason"], by=by, at=at)
                messages.success(request, f"Đã mở bản đính chính lần {later.version}.")
        else:
            raise Http404
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    except Conflict:
        messages.error(request, "Người khác vừa làm việc này. Xem lại trạng thái mới.")
    except pdf.NotAvailable:
        messages.error(request, "Máy chủ chưa vẽ được PDF nên chưa ghi nhận gửi. Đề nghị quản trị cài thư viện Pango.")
    except Refused as refused:
        for problem in refused.problems:
            if form is not None and problem.field in form.fields:
                form.add_error(problem.field, problem.sentence)
            else:
                messages.error(request, problem.sentence)
    if form is not None and form.errors:
        return _page(request, report, step_form=form)
    return redirect(report.get_absolute_url())


@never_cache
def differences(request: HttpRequest, name: Name, key: str) -> HttpResponse:
    """Show what a later version, or the figures of now, say otherwise than the locked copy."""
    report = _found(request, name, key)
    sent = report if report.is_locked else report.corrects
    if sent is None:
        raise Http404
    later = None if report.is_locked else report
    found = sending.differences(sent, later) if later else sending.moved_since_sent(sent)
    context = {
        **_context(request, report, "Đối chiếu với bản đã gửi"),
        "sent": sent,
        "later": later,
        "texts": [(change.heading, passages(change.before, change.after)) for change in found.texts],
        "moved": found.figures,
    }
    return render(request, "admin/reports/report_differences.html", context)


@never_cache
def sent_file(request: HttpRequest, name: Name, key: str, pk: int) -> HttpResponseBase:
    report = _found(request, name, key)
    versions = Report.objects.filter(period=report.period, report_type__key=key)
    file = get_object_or_404(SentFile.objects.filter(report__in=versions).select_related("report"), pk=pk)
    filename = f"bao-cao-{report.period.code.lower()}-{key}-lan-{file.report.version}.{file.kind}"
    return FileResponse(file.file.open("rb"), as_attachment=True, filename=filename)


def _save(request: HttpRequest, report: Report) -> HttpResponse:
    by, at = user(request), timezone.now()
    failed: dict[int, tuple[str, str]] = {}
    pressed = {name: _number(request.POST.get(name, "")) for name in ("take", "keep", "previous")}
    for paragraph in report.paragraphs.select_related("part"):
        typed = request.POST.get(f"text-{paragraph.pk}")
        if typed is None:
            continue
        version = _number(request.POST.get(f"version-{paragraph.pk}", ""))
        try:
            if paragraph.pk == pressed["take"]:
                narrating.back_to_draft(paragraph, by=by, version=version)
            elif paragraph.pk == pressed["keep"] and _same(typed, paragraph.shown):
                narrating.keep(paragraph, by=by, version=version)
            else:
                earlier = ""
                if paragraph.pk == pressed["previous"]:
                    earlier = narrating.from_previous(report, paragraph.part)
                narrating.edit(paragraph, earlier or typed, by=by, at=at, version=version)
        except Conflict:
            failed[paragraph.pk] = (typed, SOMEBODY_ELSE)
        except NotAllowed as problem:
            failed[paragraph.pk] = (typed, str(problem))
        except Refused as refused:
            failed[paragraph.pk] = (typed, str(refused))
    if failed:
        return _page(request, report, failed=failed)
    messages.success(request, "Đã lưu.")
    return redirect(report.get_absolute_url())


def _same(typed: str, shown: str) -> bool:
    """Tell whether nothing was changed in a box; browsers send lines with another end."""
    return typed.replace("\r\n", "\n").strip() == shown.strip()


def _number(text: str) -> int:
    """Return the number that a form sent; one that no row has where it is none."""
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def _found(request: HttpRequest, name: Name, key: str) -> Report:
    by = user(request)
    if not (by.has_perm("reports.send_report") or by.has_perm("reports.view_report")):
        raise PermissionDenied
    rows = Report.objects.filter(
        period__rhythm=name.rhythm, period__year=name.year, period__number=name.number, report_type__key=key
    ).select_related("period", "report_type", "compilation__period", "corrects")
    version = request.GET.get("lan", "")
    if version.isdecimal() and len(version) < 5:
        return get_object_or_404(rows, version=version)
    report = rows.order_by("-version").first()
    if report is None:
        raise Http404
    return report


def _page(
    request: HttpRequest,
    report: Report,
    *,
    failed: dict[int, tuple[str, str]] | None = None,
    step_form: forms.Form | None = None,
) -> HttpResponse:
    by = user(request)
    at = timezone.now()
    may_write = by.has_perm("reports.send_report")
    figures = narrating.figures_of(report)
    newest = Compilation.objects.latest_of(report.period)
    context = {
        **_context(request, report, str(report)),
        "report": report,
        "blocks": _blocks(report, figures, failed or {}, editable=may_write and not report.is_locked),
        "editable": may_write and not report.is_locked,
        "may_write": may_write,
        "undrafted": not report.is_locked and may_write and not report.paragraphs.exists(),
        "lacks": [] if report.is_locked else sending.lacks(report, timezone.localdate(at)),
        "newer": newest if newest and newest.pk != report.compilation_id else None,
        "send_form": step_form
        if isinstance(step_form, SendForm)
        else SendForm(initial={"document_on": timezone.localdate(at)}),
        "correct_form": step_form if isinstance(step_form, CorrectForm) else CorrectForm(),
        "files": report.files.all(),
        "versions": Report.objects.filter(period=report.period, report_type__key=report.report_type.key),
        "days_left": (report.due_on - timezone.localdate(at)).days,
        "is_latest": not Report.objects.filter(corrects=report).exists(),
    }
    return render(request, "admin/reports/report.html", context)


def _blocks(
    report: Report, figures: Figures | None, failed: dict[int, tuple[str, str]], *, editable: bool
) -> list[Block]:
    paragraphs = {one.part_id: one for one in report.paragraphs.select_related("edited_by")}
    blocks = []
    for part in report.report_type.outline.select_related("form"):
        paragraph = paragraphs.get(part.pk)
        if paragraph is None:
            blocks.append(Block(part))
            continue
        typed, error = failed.get(paragraph.pk, (None, ""))
        blocks.append(
            Block(
                part,
                paragraph,
                typed,
                error,
                narrating.used(part.template, figures) if figures else None,
                narrating.from_previous(report, part) if editable and part.template else "",
                passages(paragraph.edited_from, paragraph.drafted) if paragraph.is_stale else None,
            )
        )
    return blocks


def _context(request: HttpRequest, report: Report, title: str) -> dict[str, Any]:
    return {**admin.site.each_context(request), "title": title, "period": report.period, "report": report}
