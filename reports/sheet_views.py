"""A return's workbook: downloading it, and handing it back filled in."""

from pathlib import PurePath

from django import forms
from django.contrib import admin, messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.steps import Conflict, NotAllowed, Problem, Refused
from portal.text import slugify
from procedures.admin_views import user
from reports import locks, return_sheets, returns
from reports.models import ReturnEvent, UnitReturn
from reports.periods import Name

CHANGED_SINCE = (
    "Số liệu trên trang đã thay đổi sau khi tải tệp này. Xem lại trang số liệu; nếu số trong tệp mới đúng, "
    "đánh dấu “Thay số trên trang bằng số trong tệp” rồi nộp lại."
)
SOMEBODY_ELSE = "Người khác vừa lưu số liệu này. Xem lại trang số liệu rồi nộp lại tệp."
SHOWN = 50  # problems of one file


class SheetForm(forms.Form):
    file = forms.FileField(
        label="Tệp Excel đã điền",
        help_text="Tệp mẫu .xlsx tải từ trang này.",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": "Chọn tệp đã điền.", "empty": "Tệp rỗng. Chọn tệp mẫu đã điền."},
    )
    reason = forms.CharField(
        label="Lý do Văn phòng Sở nhập thay",
        help_text="Đơn vị đọc được.",
        max_length=returns.REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Ghi lý do Văn phòng Sở nhập thay đơn vị."},
    )
    replace = forms.BooleanField(label="Thay số trên trang bằng số trong tệp", required=False)

    def __init__(self, *args, for_unit: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if not for_unit:
            del self.fields["reason"]

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > return_sheets.LARGEST_FILE:
            raise forms.ValidationError(return_sheets.TOO_LARGE, code="too_large")
        if PurePath(file.name or "").suffix.casefold() == ".xlsm":
            raise forms.ValidationError(return_sheets.MACROS, code="macros")
        return file


@never_cache
@require_safe
def sheet(request: HttpRequest, name: Name, unit: int) -> FileResponse:
    """Send the workbook with what is saved."""
    found = _found(request, name, unit)
    file_name = f"so-lieu-{found.period.code}-{slugify(found.unit.short_name or found.unit.name)}.xlsx"
    return FileResponse(return_sheets.write(found), as_attachment=True, filename=file_name)


@never_cache
def upload(request: HttpRequest, name: Name, unit: int) -> HttpResponse:
    """Take a filled-in workbook as a draft; where something in it is wrong, nothing is stored."""
    found = _found(request, name, unit)
    by = user(request)
    lock = locks.lock_of(found, by, timezone.localdate())
    form = SheetForm(request.POST or None, request.FILES or None, for_unit=by.unit_id != found.unit_id)
    problems: list[Problem] = []
    if request.method == "POST" and lock is None and form.is_valid():
        problems = _take(request, found, form)
        if not problems:
            return redirect(found.get_absolute_url())
    context = {
        **admin.site.each_context(request),
        "title": "Nộp tệp Excel",
        "unit_return": found,
        "period": found.period,
        "form": form,
        "lock": lock,
        "problems": problems[:SHOWN],
        "problem_count": len(problems),
    }
    return render(request, "admin/reports/sheet.html", context)


def _take(request: HttpRequest, found: UnitReturn, form: SheetForm) -> list[Problem]:
    """Store what the file says; return what stands in the way."""
    read = return_sheets.read(found, form.cleaned_data["file"])
    if read.problems:
        return read.problems
    if read.version != found.version and not form.cleaned_data["replace"]:
        return [Problem(CHANGED_SINCE)]
    reason = form.cleaned_data.get("reason", "")
    try:
        event = returns.save(
            found,
            read.boxes,
            by=user(request),
            at=timezone.now(),
            version=found.version,
            verb=ReturnEvent.Verb.IMPORT,
            reason=reason,
        )
    except Refused as refused:
        return refused.problems
    except NotAllowed as refused:
        return [Problem(str(refused))]
    except Conflict:
        return [Problem(SOMEBODY_ELSE)]
    changed = len(event.data["boxes"]) if event else 0
    if changed:
        messages.success(request, f"Đã lưu {changed} ô từ tệp, chưa nộp. Xem lại rồi bấm “Nộp số liệu”.")
    else:
        messages.info(request, "Tệp không làm thay đổi ô nào.")
    return []


def _found(request: HttpRequest, name: Name, unit: int) -> UnitReturn:
    visible = UnitReturn.objects.visible_to(user(request)).select_related("period", "unit")
    return get_object_or_404(
        visible, period__rhythm=name.rhythm, period__year=name.year, period__number=name.number, unit=unit
    )
