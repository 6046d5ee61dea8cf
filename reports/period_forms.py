"""Forms about a period: which one to open, and its dates."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from reports import periods
from reports.models import Report, ReportingPeriod
from reports.periods import Name


class OpenForm(forms.Form):
    code = forms.CharField(
        label="Kỳ", max_length=8, help_text="Quý: 2024-Q3. Năm: 2024. Tháng: 2024-M08. Sáu tháng, chín tháng: 2024-6M."
    )

    def clean_code(self) -> Name:
        try:
            name = periods.parse(self.cleaned_data["code"].strip().upper())
        except ValueError:
            raise forms.ValidationError("Ghi kỳ như 2024-Q3, 2024, 2024-M08 hoặc 2024-6M.", "code") from None
        if name.year > timezone.localdate().year + 1:
            raise forms.ValidationError("Kỳ này còn quá xa: chọn kỳ của năm nay hoặc năm sau.", "code")
        return name


class _DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def _day(label: str, help_text: str = "") -> forms.DateField:
    return forms.DateField(label=label, widget=_DayInput(), input_formats=["%Y-%m-%d"], help_text=help_text)


class DatesForm(forms.Form):
    """The dates of one period; a report that was sent keeps its own."""

    def __init__(self, period: ReportingPeriod, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if period.asks_units:
            cut = f"Ngày chốt số liệu của kỳ là {period.last_on:%d/%m/%Y}."
            self.fields["units_due_on"] = _day("Hạn đơn vị nộp", f"{cut} Sau hạn này đơn vị vẫn nộp được, ghi là trễ.")
            self.fields["closing_on"] = _day("Khóa nhập sau ngày", "Sau ngày này đơn vị chỉ sửa được khi được mở lại.")
            self.initial.update(units_due_on=period.units_due_on, closing_on=period.closing_on)
        drafts = period.reports.filter(status=Report.Status.DRAFT).select_related("report_type")
        self._reports = {f"report-{report.pk}": report for report in drafts}
        for name, report in self._reports.items():
            self.fields[name] = _day(f"Hạn gửi {report.report_type.recipient}", report.report_type.name)
            self.initial[name] = report.due_on
        self.fields["reason"] = forms.CharField(
            label="Lý do đổi ngày",
            help_text="Cần ghi khi có ngày thay đổi. Lý do được giữ lại cùng người đổi và các ngày cũ.",
            widget=forms.Textarea({"rows": 3}),
            max_length=2000,
            required=False,
        )

    @property
    def reports_due(self) -> dict[int, date]:
        return {report.pk: self.cleaned_data[name] for name, report in self._reports.items()}
