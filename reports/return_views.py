"""The page of what one unit hands in for one period, and the steps taken on it."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from portal.steps import Conflict, NotAllowed, Problem, Refused
from procedures.admin_views import user
from procedures.models import Field
from reports import locks, reminding, return_forms, return_grid, returns
from reports.models import ReportsSettings, ReturnEvent, UnitReturn
from reports.periods import Name
from reports.return_grid import FormGrid, GridBox, GridRow

Verb = ReturnEvent.Verb
SOMEBODY_ELSE = (
    "Người khác vừa lưu số liệu này. Các ô anh, chị gõ vẫn còn ở dưới; ô nào khác với bản vừa lưu thì ghi rõ "
    "cả hai giá trị. Kiểm tra rồi lưu lại."
)
EVENTS_SHOWN = 50


class RemarkForm(forms.Form):
    remark = forms.CharField(label="Điều cần sửa", widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)
    until = forms.DateField(
        label="Đơn vị sửa được đến hết ngày",
        required=False,
        help_text="Bắt buộc khi kỳ đã khóa nhập.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )


class ReopenForm(forms.Form):
    until = forms.DateField(label="Mở đến hết ngày", widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label="Lý do mở lại", widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)


@dataclass(frozen=True)
class ShownBox:
    """A box of the page: what stands in it, and what is said beside it."""

    one: GridBox
    name: str
    text: str  # as typed, or the number
    error: str = ""
    stored: str = ""  # what somebody else saved meanwhile

    @property
    def suffix(self) -> str:
        return self.name[1:]


@dataclass(frozen=True)
class ShownRow:
    row: GridRow
    boxes: list[ShownBox]


@dataclass(frozen=True)
class ShownForm:
    grid: FormGrid
    rows: list[ShownRow]
    checks: list[dict[str, str]]  # for the script: as IndicatorCheck


@never_cache
def show(request: HttpRequest, name: Name, unit: int) -> HttpResponse:
    """Show the boxes; on POST keep what was typed, and hand it in where that was asked."""
    found = _found(request, name, unit)
    if request.method != "POST":
        return _page(request, found)
    return _save(request, found)


@never_cache
@require_POST
def step(request: HttpRequest, name: Name, unit: int, verb: str) -> HttpResponse:
    """Approve, return or open again."""
    found = _found(request, name, unit)
    by, at = user(request), timezone.now()
    form: forms.Form | None = None
    try:
        if verb == "duyet":
            returns.approve(found, by=by, at=at, version=_version(request))
            messages.success(request, "Đã duyệt số liệu của đơn vị.")
        elif verb == "tra-lai":
            form = RemarkForm(request.POST, prefix=verb)
            if form.is_valid():
                with transaction.atomic():
                    returns.return_(found, by=by, at=at, version=_version(request), **form.cleaned_data)
                    count = reminding.tell(found, at=at)
                messages.success(request, f"Đã trả lại; thư báo gửi đến {count} địa chỉ của đơn vị.")
        elif verb == "mo-lai":
            form = ReopenForm(request.POST, prefix=verb)
            if form.is_valid():
                with transaction.atomic():
                    returns.reopen(found, by=by, at=at, version=_version(request), **form.cleaned_data)
                    count = reminding.tell(found, at=at)
                messages.success(request, f"Đã mở lại; thư báo gửi đến {count} địa chỉ của đơn vị.")
        else:
            raise Http404
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    except Conflict:
        messages.error(request, "Số liệu vừa được người khác sửa hoặc đổi trạng thái. Xem lại rồi làm tiếp.")
    except Refused as refused:
        for problem in refused.problems:
            if form is not None and problem.field in form.fields:
                form.add_error(problem.field, problem.sentence)
            else:
                messages.error(request, problem.sentence)
    if form is not None and form.errors:
        return _page(request, found, step_form=(verb, form))
    return redirect(found.get_absolute_url())


def _save(request: HttpRequest, found: UnitReturn) -> HttpResponse:
    by, at = user(request), timezone.now()
    extra = _added_field(request)
    grids = return_grid.grid(found, extra_fields=extra)
    typed = return_forms.read(request.POST, grids)
    version = _version(request)
    reason = request.POST.get("reason", "")
    problems = [Problem(sentence, box) for box, sentence in typed.errors.items()]
    if problems:
        return _page(request, found, typed=typed, problems=problems, extra=extra, reason=reason)
    before = found.version
    try:
        returns.save(found, typed.boxes, by=by, at=at, version=version, reason=reason)
        if request.POST.get("verb") == "nop":
            returns.submit(found, by=by, at=at)
            messages.success(request, "Đã nộp số liệu. Văn phòng Sở sẽ duyệt.")
        elif not extra:
            messages.success(request, "Đã lưu, chưa nộp." if found.version != before else "Không có ô nào thay đổi.")
    except Conflict:
        found.refresh_from_db()
        return _page(request, found, typed=typed, problems=[Problem(SOMEBODY_ELSE)], conflict=True, reason=reason)
    except NotAllowed as problem:
        return _page(request, found, typed=typed, problems=[Problem(str(problem))], reason=reason)
    except Refused as refused:
        return _page(request, found, typed=typed, problems=refused.problems, extra=extra, reason=reason)
    if extra:
        return _page(request, found, extra=extra)
    return redirect(found.get_absolute_url())


def _version(request: HttpRequest) -> int:
    """Return the version of the page that was typed into; one that no return has where it is none."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def _added_field(request: HttpRequest) -> tuple[int, ...]:
    """Return the field of which the person wants a row."""
    pk = request.POST.get("add-field", "")
    return (int(pk),) if pk.isdecimal() and len(pk) < 10 and Field.objects.filter(pk=pk).exists() else ()


def _found(request: HttpRequest, name: Name, unit: int) -> UnitReturn:
    visible = UnitReturn.objects.visible_to(user(request)).select_related("period", "unit")
    return get_object_or_404(
        visible, period__rhythm=name.rhythm, period__year=name.year, period__number=name.number, unit=unit
    )


def _page(
    request: HttpRequest,
    found: UnitReturn,
    *,
    typed: return_forms.Typed | None = None,
    problems: list[Problem] | None = None,
    conflict: bool = False,
    extra: tuple[int, ...] = (),
    reason: str = "",
    step_form: tuple[str, forms.Form] | None = None,
) -> HttpResponse:
    by, on = user(request), timezone.localdate()
    lock = locks.lock_of(found, by, on)
    grids = return_grid.grid(found, typed.boxes if typed else None, extra)
    stored = return_grid.saved(found) if conflict else {}
    told = {problem.field: problem.sentence for problem in problems or [] if problem.field}
    shown = [_shown(form, typed, told, stored) for form in grids]
    steers = returns.steers(by, found)
    context = {
        **admin.site.each_context(request),
        "title": f"Số liệu {found.period.name}: {found.unit}",
        "unit_return": found,
        "period": found.period,
        "forms": shown,
        "editable": lock is None,
        "lock": lock,
        "problems": problems or [],
        "late": found.is_late(on),
        "verbs": set(returns.verbs(found, by)),
        "for_unit": by.unit_id != found.unit_id,
        "reason": reason,
        "steers": steers,
        "steps": _step_forms(found, by, step_form) if steers else [],
        "other_fields": _other_fields(grids) if lock is None else [],
        "events": found.events.select_related("by").order_by("-at", "-pk")[:EVENTS_SHOWN],
        "reopened": locks.is_reopened(found, on),
        "swing_percent": ReportsSettings.current().swing_percent,
    }
    return render(request, "admin/reports/return.html", context, status=409 if conflict else 200)


def _shown(
    form: FormGrid,
    typed: return_forms.Typed | None,
    told: dict[str, str],
    stored: dict[tuple[int, int | None], return_grid.Box],
) -> ShownForm:
    rows = []
    for row in form.rows:
        pk = row.field.pk if row.field else None
        boxes = []
        for one in row.boxes.values():
            name = returns.box_name(one.indicator.pk, pk)
            text = "" if one.box.value is None else str(one.box.value)
            if typed and name in typed.raw:
                text = typed.raw[name]
            other = stored.get((one.indicator.pk, pk))
            differs = other is not None and other.value != one.box.value and not one.is_total
            said = "" if other is None or other.value is None else str(other.value)
            boxes.append(ShownBox(one, name, text, told.get(name, ""), (said or "trống") if differs else ""))
        rows.append(ShownRow(row, boxes))
    checks = [
        {"left": check.left, "relation": check.relation, "right": check.right, "message": check.message}
        for check in form.form.checks.all()
    ]
    return ShownForm(form, rows, checks)


def _other_fields(grids: list[FormGrid]) -> list[Field]:
    """Return the fields of which a row can be added."""
    by_field = [form for form in grids if form.form.rows == form.form.Rows.FIELDS]
    if not by_field:
        return []
    there = {row.field.pk for row in by_field[0].rows if row.field}
    return list(Field.objects.exclude(pk__in=there))


def _step_forms(
    found: UnitReturn, by: Any, given: tuple[str, forms.Form] | None
) -> list[tuple[str, str, forms.Form | None]]:
    """Return the office's steps that may be taken now: address, label of the button, what to fill in."""
    offered: dict[ReturnEvent.Verb, tuple[str, str, forms.Form | None]] = {
        Verb.APPROVE: ("duyet", "Duyệt", None),
        Verb.RETURN: ("tra-lai", "Trả lại", RemarkForm(prefix="tra-lai")),
        Verb.REOPEN: ("mo-lai", "Mở lại", ReopenForm(prefix="mo-lai")),
    }
    steps: list[tuple[str, str, forms.Form | None]] = [
        offered[verb] for verb in returns.verbs(found, by) if verb in offered
    ]
    if given:
        steps = [(verb, label, given[1] if verb == given[0] else form) for verb, label, form in steps]
    return steps
