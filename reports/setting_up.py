"""Forms and kinds of reports as dated rows: what may still change, and a new version from a day on (RULES R8, G1)."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Model

from portal.steps import Problem, Refused
from portal.templatetags.vietnamese import viet_date
from reports import arithmetic
from reports.models import CompiledFigure, Indicator, Report, ReportForm, ReportingPeriod, ReportType, ReturnValue

USED = "Biểu mẫu, loại báo cáo đã dùng trong một kỳ: lập bản mới từ một ngày để đổi."


def is_used(row: ReportForm | ReportType) -> bool:
    """Tell whether a figure, a box or a report rests on the row, so that changing it would rewrite history."""
    if isinstance(row, ReportType):
        return Report.objects.filter(report_type=row).exists()
    boxes = ReturnValue.objects.filter(indicator__form=row)
    return boxes.exists() or CompiledFigure.objects.filter(indicator__form=row).exists()


def last_used_on(row: ReportForm | ReportType) -> date | None:
    """Return the last day of the latest open period that the row serves: from then on it may be another."""
    periods = ReportingPeriod.objects.filter(last_on__gte=row.first_on)
    if row.last_on:
        periods = periods.filter(last_on__lte=row.last_on)
    if isinstance(row, ReportType):
        periods = periods.filter(rhythm=row.rhythm)
    return periods.aggregate(last=Max("last_on"))["last"]


def formula_problems(columns: list[Indicator], checks: list[tuple[str, str]]) -> list[str]:
    """Return what is wrong with the formulas of a form, as sentences: unknown columns and circles."""
    formulas = {column.code: column.formula for column in columns}
    found = []
    for column in columns:
        unknown = [code for code in arithmetic.codes_in(column.formula) if code not in formulas]
        found += [f"Công thức của cột {column.code}: không có cột “{code}”." for code in unknown]
        if _leads_to(column.code, column.code, formulas):
            found.append(f"Công thức của cột {column.code} dẫn về chính nó.")
    for left, right in checks:
        for code in [*arithmetic.codes_in(left), *arithmetic.codes_in(right)]:
            if code not in formulas:
                found.append(f"Kiểm tra {left} với {right}: không có cột “{code}”.")
    return found


def _leads_to(start: str, wanted: str, formulas: dict[str, str]) -> bool:
    waiting, seen = [start], set()
    while waiting:
        for code in arithmetic.codes_in(formulas.get(waiting.pop(), "")):
            if code == wanted:
                return True
            if code not in seen:
                seen.add(code)
                waiting.append(code)
    return False


@transaction.atomic
def new_version(row: ReportForm | ReportType, first_on: date) -> Any:
    """Return a copy of the row with its children that holds from the day on; the old one ends the day before.

    Raises Refused where the day is not after the first one, or a period that the old one serves ends on it or later.
    """
    if first_on <= row.first_on:
        raise Refused([Problem(f"Chọn ngày sau {viet_date(row.first_on)}, ngày bản này bắt đầu.", "first_on")])
    if (used := last_used_on(row)) and used >= first_on:
        sentence = f"Bản này đã dùng cho kỳ đến {viet_date(used)}. Chọn ngày sau ngày đó."
        raise Refused([Problem(sentence, "first_on")])
    if type(row).objects.filter(key=row.key, first_on=first_on).exists():
        raise Refused([Problem("Đã có bản áp dụng từ ngày này.", "first_on")])
    copy = _copied(row, first_on=first_on, last_on=row.last_on)
    if isinstance(row, ReportType):
        copy.forms.set(row.forms.all())
        children: list[Model] = [*row.outline.all()]
    else:
        copy.units.set(row.units.all())
        children = [*row.indicators.all(), *row.checks.all()]
    parent = "report_type" if isinstance(row, ReportType) else "form"
    for child in children:
        _copied(child, **{parent: copy})
    type(row).objects.filter(pk=row.pk).update(last_on=first_on - timedelta(days=1))
    return copy


def _copied(row: Any, **values: Any) -> Any:
    kept = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}
    copy = type(row)(**kept)
    for name, value in values.items():
        setattr(copy, name, value)
    copy.save()
    return copy
