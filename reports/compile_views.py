"""The staff's pages of figures: compiling, what moved, and each number with what it was made of."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.steps import Conflict, NotAllowed, Refused
from procedures.admin_views import user
from reports import arithmetic, compiling, narrating, overriding, periods
from reports.figures import Figures, Shown
from reports.models import Compilation, CompiledFigure, FigureOverride, Report, ReportingPeriod
from reports.periods import Name

ROWS_A_PAGE = 20
MOVED_SHOWN = 200


class OverrideForm(forms.Form):
    value = forms.CharField(
        label="Số liệu thay",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": "Ghi số liệu thay; không có thì ghi 0."},
    )
    reason = forms.CharField(
        label="Lý do",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=overriding.REASON_LENGTH,
        error_messages={"required": "Ghi lý do thay số liệu.", "max_length": "Viết lý do trong 1.000 chữ."},
    )

    def clean_value(self) -> int:
        try:
            value = arithmetic.read_number(self.cleaned_data["value"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        if value is None:
            raise forms.ValidationError("Ghi số liệu thay; không có thì ghi 0.")
        return value


@require_POST
def compile_now(request: HttpRequest, name: Name) -> HttpResponse:
    """Count the period anew and write its unsent reports from the new figures."""
    period = _period(name)
    by, at = user(request), timezone.now()
    try:
        with transaction.atomic():
            compilation = compiling.compile_period(period, by=by, at=at)
            for report in period.reports.filter(status=Report.Status.DRAFT):
                narrating.take_compilation(report, compilation, by=by, at=at)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except Conflict as conflict:
        messages.warning(request, str(conflict) or "Người khác vừa sửa báo cáo của kỳ này. Tổng hợp lại một lần nữa.")
    else:
        messages.success(request, f"Đã tổng hợp lần {compilation.number}. Các báo cáo chưa gửi dùng số liệu này.")
    return redirect("reports-staff:moved", period.code)


@require_safe
@never_cache
def moved(request: HttpRequest, name: Name) -> HttpResponse:
    """Show what compiling anew changed, and what it would change now."""
    period = _period(name)
    _check_may_see(request)
    latest = Compilation.objects.filter(period=period).select_related("by").order_by("-number")[:2]
    last, before = [*latest, None, None][:2]
    since = compiling.moved_since(last, timezone.now(), with_rows=True) if last else []
    context = {
        "last": last,
        "before": before,
        "between": compiling.moved(before, last)[:MOVED_SHOWN] if before and last else [],
        "since": since[:MOVED_SHOWN],
        "may_compile": request.user.has_perm("reports.compile_period"),
        "figures": Figures.of(last, with_comparison=False) if last else None,
    }
    return _render(request, "moved.html", "Tổng hợp số liệu", period, **context)


@require_safe
@never_cache
def figure(request: HttpRequest, name: Name, pk: int) -> HttpResponse:
    """Show what a number means, what it was made of, and what the office put in its place."""
    period = _period(name)
    _check_may_see(request)
    return _figure_page(request, _compiled(period, pk), OverrideForm())


@require_POST
@never_cache
def override(request: HttpRequest, name: Name, pk: int) -> HttpResponse:
    """Put a value in place of the compiled one, or use the compiled one again."""
    period = _period(name)
    _check_may_see(request)
    compiled = _compiled(period, pk)
    form = OverrideForm(request.POST)
    try:
        if "end" in request.POST:
            at = timezone.now()
            with transaction.atomic():
                overriding.end(_seen(request, period), by=user(request), at=at)
                _draft_anew(period, at=at)
            messages.success(request, "Đã dùng lại số tổng hợp.")
        elif form.is_valid():
            seen = _seen(request, period) if request.POST.get("seen") else None
            _override(period, compiled, form, seen, request)
            messages.success(request, "Đã thay số liệu. Số tổng hợp và lý do vẫn được giữ.")
        else:
            return _figure_page(request, compiled, form)
    except Refused as refused:
        for problem in refused.problems:
            form.add_error(problem.field or None, problem.sentence)
        return _figure_page(request, compiled, form)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except Conflict as conflict:
        messages.warning(request, str(conflict))
    return redirect("reports-staff:figure", period.code, pk)


def _override(
    period: ReportingPeriod,
    compiled: CompiledFigure,
    form: OverrideForm,
    seen: FigureOverride | None,
    request: HttpRequest,
) -> None:
    at = timezone.now()
    typed = form.cleaned_data
    with transaction.atomic():
        overriding.override(
            period,
            compiled.key,
            typed["value"],
            reason=typed["reason"],
            by=user(request),
            at=at,
            instead_of=seen,
        )
        _draft_anew(period, at=at)


def _draft_anew(period: ReportingPeriod, *, at: datetime) -> None:
    """Let the texts of unsent reports say the new value; edits stay."""
    for report in period.reports.filter(status=Report.Status.DRAFT, compilation__isnull=False):
        narrating.draft(report, at=at)


def _figure_page(request: HttpRequest, compiled: CompiledFigure, form: OverrideForm) -> HttpResponse:
    period = compiled.compilation.period
    figures = Figures.of(compiled.compilation)
    shown = figures.with_pk(compiled.pk)
    table = figures.table(shown.key.partition(".")[0])
    latest = Compilation.objects.latest_of(period)
    page = Paginator(compiled.rows, ROWS_A_PAGE).get_page(request.GET.get("trang"))
    context = {
        "compiled": compiled,
        "shown": shown,
        "table": table,
        "comparison": figures.compare(shown.key),
        "in_rows": [] if compiled.row else [one for one in table.cells() if one.key.startswith(f"{shown.key}/")],
        "components": _components(figures, compiled),
        "page": page,
        "rows": list(zip(page, _links(request, page), strict=True)),
        "is_latest": latest == compiled.compilation,
        "in_latest": _same_in(latest, compiled),
        "may_override": latest == compiled.compilation and request.user.has_perm("reports.compile_period"),
        "form": form,
        "history": period.overrides.filter(key=shown.key).select_related("by", "ended_by"),
    }
    return _render(request, "figure.html", f"{table.name}: {shown.label}", period, **context)


def _components(figures: Figures, compiled: CompiledFigure) -> list[Shown]:
    """Return the figures of the same row that a formula names."""
    indicator = compiled.indicator
    suffix = f"/{compiled.row}" if compiled.row else ""
    keys = [f"{indicator.form.key}.{code}{suffix}" for code in arithmetic.codes_in(indicator.formula)]
    return [figures.figure(key) for key in keys if key in figures]


def _same_in(latest: Compilation | None, compiled: CompiledFigure) -> CompiledFigure | None:
    """Return the same figure of the latest compilation, where this is an older one."""
    if latest is None or latest == compiled.compilation:
        return None
    same = latest.figures.filter(
        indicator__form__key=compiled.indicator.form.key, indicator__code=compiled.indicator.code, row=compiled.row
    )
    return same.defer("rows").first()


def _links(request: HttpRequest, rows: Iterable[dict[str, Any]]) -> list[str]:
    """Return the address of each row in the admin, empty where the person may not open it."""
    rows = list(rows)
    by_model: dict[str, set[int]] = {}
    for row in rows:
        by_model.setdefault(row["model"], set()).add(row["pk"])
    open_rows = {(model, pk) for model, pks in by_model.items() for pk in _openable(request, model, pks)}
    return [_address(row) if (row["model"], row["pk"]) in open_rows else "" for row in rows]


def _openable(request: HttpRequest, label: str, pks: set[int]) -> set[int]:
    try:
        model = apps.get_model(label)
    except LookupError:  # of a model that is no more
        return set()
    if not admin.site.is_registered(model):
        return set()
    own = admin.site.get_model_admin(model)
    if not own.has_view_permission(request):
        return set()
    return set(own.get_queryset(request).filter(pk__in=pks).values_list("pk", flat=True))


def _address(row: dict[str, Any]) -> str:
    return reverse(f"admin:{row['model'].replace('.', '_')}_change", args=[row["pk"]])


def _period(name: Name) -> ReportingPeriod:
    found = periods.find(name)
    if found is None:
        raise Http404
    return found


def _compiled(period: ReportingPeriod, pk: int) -> CompiledFigure:
    rows = CompiledFigure.objects.select_related("compilation__period", "compilation__by", "indicator__form")
    return get_object_or_404(rows, pk=pk, compilation__period=period)


def _seen(request: HttpRequest, period: ReportingPeriod) -> FigureOverride:
    """Return the override that stood on the page."""
    pk = request.POST.get("seen", "")
    if not (pk.isascii() and pk.isdecimal() and len(pk) < 19):
        raise Http404
    return get_object_or_404(FigureOverride, pk=pk, period=period)


def _check_may_see(request: HttpRequest) -> None:
    if not request.user.has_perm("reports.view_compiledfigure"):
        raise PermissionDenied


def _render(request: HttpRequest, template: str, title: str, period: ReportingPeriod, **context: Any) -> HttpResponse:
    shown = {**admin.site.each_context(request), "title": title, "period": period, **context}
    return render(request, f"admin/reports/{template}", shown)
