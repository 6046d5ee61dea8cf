"""What each step with a case asks for. The workflow says what is missing; so nothing here is required twice."""

from datetime import date
from typing import Any

from django import forms

from feedback import attachments
from feedback.models import Answer, Assessment, Attachment, CannedAnswer, FocalPerson, Submission, TimeClass


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; `feedback.attachments` says which are taken."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        chosen = data if isinstance(data, list) else [data]
        return [super(FilesField, self).clean(one, initial) for one in chosen if one]


def files_field() -> FilesField:
    hint = "Tối đa 3 tệp JPG, PNG hoặc PDF, mỗi tệp không quá 5 MB."
    widget = FilesInput(attrs={"accept": ".jpg,.jpeg,.png,.pdf"})
    return FilesField(label="Tệp đính kèm (nếu có)", required=False, help_text=hint, widget=widget)


def _words(label: str, help_text: str = "", rows: int = 3) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, widget=widget, required=False)


def _day(label: str, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label, help_text=help_text, required=False, widget=forms.DateInput(attrs={"class": "vDateField"})
    )


class StepForm(forms.Form):
    """Asks for nothing: the step is its own button."""

    use_required_attribute = False

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prepare(on)

    def prepare(self, on: date) -> None:
        """Offer what can be chosen on the day."""


class RemarkForm(StepForm):
    remark = _words("Lý do")


class RemarkOnAnswerForm(StepForm):
    remark = _words("Cần sửa gì")


class OptionalRemarkForm(StepForm):
    remark = _words("Ý kiến (nếu có)")


class WithdrawForm(StepForm):
    reason = _words("Người gửi rút bằng cách nào, vì sao")


class DisputeForm(StepForm):
    reason = _words("Điều người gửi chưa được trả lời rõ", "Ghi trung thực lời người gửi.")


class PublicReasonForm(StepForm):
    reason = _words("Lý do", "Người gửi đọc được lý do này. Không ghi tên, số điện thoại của ai.")


class AskForm(StepForm):
    text = _words("Câu hỏi", "Hỏi rõ cần bổ sung gì. Không ghi tên, số điện thoại của ai.", rows=4)


class NoteForm(StepForm):
    text = _words("Ghi chú", "Chỉ cán bộ xử lý đọc được.")


class ReplyForm(StepForm):
    text = _words("Người gửi trả lời", "Ghi trung thực lời người gửi nói qua điện thoại, thư hoặc trực tiếp.", rows=4)
    attached = files_field()

    def clean_attached(self) -> list[attachments.Checked]:
        return attachments.check_all(self.cleaned_data["attached"])


class AssignForm(StepForm):
    focal_person = forms.ModelChoiceField(
        FocalPerson.objects.none(),
        label="Đầu mối",
        empty_label="Chọn đầu mối",
        error_messages={"required": "Chọn đầu mối sẽ xử lý."},
    )
    remark = _words("Ý kiến khi giao (nếu có)")

    def prepare(self, on: date) -> None:
        field: Any = self.fields["focal_person"]
        field.queryset = FocalPerson.objects.on(on).filter(unit__active=True).select_related("unit")
        field.label_from_instance = lambda person: f"{person.unit}: {person}"


class TransferForm(AssignForm):
    remark = _words("Lý do chuyển")


class ClassifyForm(StepForm):
    content_type = forms.ChoiceField(
        label="Nội dung theo Điều 5 Nghị định 20/2008/NĐ-CP",
        choices=[("", "Chọn nội dung"), *Submission.Content.choices],
        error_messages={"required": "Chọn nội dung của phản ánh."},
    )
    subject = forms.ChoiceField(
        label="Đối tượng phản ánh",
        choices=[("", "Chọn đối tượng"), *Submission.Subject.choices],
        error_messages={"required": "Chọn đối tượng: hành vi hay quy định."},
    )
    time_class = forms.ChoiceField(
        label="Loại thời hạn trả lời",
        choices=TimeClass.choices,
        help_text="Đổi loại thì hạn trả lời được tính lại từ ngày nhận.",
    )


class ForwardForm(StepForm):
    agency = forms.CharField(label="Cơ quan nhận", max_length=300, required=False)
    url = forms.URLField(
        label="Trang nhận phản ánh của cơ quan đó (nếu có)",
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "Ghi địa chỉ trang đầy đủ, ví dụ https://moj.gov.vn."},
    )
    reason = _words("Lý do chuyển", "Người gửi đọc được lý do này. Không ghi tên, số điện thoại của ai.")


class ExtendForm(StepForm):
    days = forms.IntegerField(
        label="Thêm bao nhiêu ngày làm việc",
        min_value=1,
        max_value=60,
        error_messages={
            "required": "Ghi số ngày làm việc cần thêm.",
            "invalid": "Ghi số ngày bằng chữ số, ví dụ 5.",
            "min_value": "Ghi ít nhất 1 ngày.",
            "max_value": "Ghi không quá 60 ngày.",
        },
    )
    reason = _words("Lý do gia hạn", "Người gửi đọc được lý do này.")


class MergeForm(StepForm):
    into = forms.CharField(
        label="Gộp vào phản ánh số",
        help_text="Số vào sổ của phản ánh đến trước, ví dụ 12/2026.",
        error_messages={"required": "Ghi số vào sổ của phản ánh để gộp vào."},
    )

    def clean_into(self) -> Submission:
        number, _, year = self.cleaned_data["into"].replace(" ", "").partition("/")
        if _is_number(number) and _is_number(year):
            found = Submission.objects.in_register().filter(register_number=number, register_year=year).first()
            if found:
                return found
        raise forms.ValidationError("Chưa tìm thấy phản ánh có số này. Ghi số và năm, ví dụ 12/2026.")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


class AssessmentForm(forms.ModelForm):
    """The step of one's own competence: ground enough or not, then the six criteria (NĐ 20/2008 Đ14.2)."""

    use_required_attribute = False
    sufficient = forms.TypedChoiceField(
        label="Cơ sở để xem xét",
        choices=[("", "Chọn một ý"), ("yes", "Đủ cơ sở"), ("no", "Chưa đủ cơ sở")],
        coerce=lambda value: value == "yes",
        error_messages={"required": "Chọn đủ hay chưa đủ cơ sở."},
    )

    class Meta:
        model = Assessment
        fields = [
            "sufficient",
            "necessary",
            "reasonable",
            "simple",
            "feasible",
            "consistent",
            "treaties",
            "remark",
        ]
        widgets = {"remark": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["sufficient"] = "yes" if self.instance.sufficient else "no"


class AnswerForm(StepForm):
    canned = forms.ModelChoiceField(
        CannedAnswer.objects.none(), label="Mẫu câu trả lời", empty_label="Chọn mẫu", required=False
    )
    text = _words("Nội dung trả lời", "Gửi nguyên văn cho người gửi.", rows=12)
    outcome = forms.ChoiceField(label="Kết quả", choices=Answer.Outcome.choices)
    document_number = forms.CharField(label="Số văn bản (nếu có)", max_length=60, required=False)
    document_on = _day("Ngày văn bản (nếu có)", "Ví dụ: 24/11/2026.")
    attached = files_field()
    remove = forms.ModelMultipleChoiceField(
        Attachment.objects.none(), label="Bỏ tệp đã đính kèm", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, answer: Answer | None, texts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answer = answer
        canned: Any = self.fields["canned"]
        canned.queryset = texts
        kept: Any = self.fields["remove"]
        kept.queryset = answer.attachments.all() if answer else Attachment.objects.none()
        if not (answer and kept.queryset.exists()):
            del self.fields["remove"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        removed = len(cleaned.get("remove", []))
        already = self.answer.attachments.count() - removed if self.answer else 0
        if files := cleaned.get("attached"):
            try:
                cleaned["attached"] = attachments.check_all(files, already=already)
            except forms.ValidationError as error:
                self.add_error("attached", error)
        return cleaned
