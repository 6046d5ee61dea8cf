"""What somebody who is asked fills in."""

from typing import Any

from django import forms

from feedback import surveying
from feedback.models import Survey, SurveyQuestion
from portal.text import nfc

MOST_LETTERS = 2000
_TOO_LONG = f"Viết gọn lại trong {MOST_LETTERS:,} chữ cái.".replace(",", ".")


class SurveyForm(forms.Form):
    """The questions of one survey, a field each."""

    website = forms.CharField(label="Để trống ô này", required=False)

    def __init__(self, survey: Survey, data: Any = None) -> None:
        super().__init__(data, auto_id="%s")
        self.questions = surveying.questions(survey)
        for question in self.questions:
            self.fields[f"cau_{question.pk}"] = _field(question)

    @property
    def is_from_a_program(self) -> bool:
        return bool(self.cleaned_data["website"])

    @property
    def asked(self) -> list[forms.BoundField]:
        return [self[f"cau_{question.pk}"] for question in self.questions]

    @property
    def replies(self) -> dict[int, str]:
        return {question.pk: self.cleaned_data[f"cau_{question.pk}"] for question in self.questions}


def _field(question: SurveyQuestion) -> forms.Field:
    label = question.text if question.required else f"{question.text} (không bắt buộc)"
    if question.kind == SurveyQuestion.Kind.TEXT:
        return forms.CharField(
            label=label,
            required=question.required,
            max_length=MOST_LETTERS,
            widget=forms.Textarea,
            error_messages={"required": "Viết ý kiến.", "max_length": _TOO_LONG},
        )
    return forms.ChoiceField(
        label=label,
        required=question.required,
        choices=surveying.options(question),
        widget=forms.RadioSelect,
        error_messages={"required": f"Chọn một ý cho câu “{question.text}”.", "invalid_choice": "Chọn một ý có sẵn."},
    )


class VoteForm(forms.Form):
    """Whether the page of a procedure helps, and what is missing."""

    helpful = forms.ChoiceField(
        label="Trang này có giúp ích không?",
        choices=[("co", "Có"), ("chua", "Chưa")],
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn Có hoặc Chưa.", "invalid_choice": "Chọn Có hoặc Chưa."},
    )
    remark = forms.CharField(
        label="Trang còn thiếu gì? (không bắt buộc)",
        required=False,
        max_length=MOST_LETTERS,
        widget=forms.Textarea,
        error_messages={"max_length": _TOO_LONG},
    )
    website = forms.CharField(label="Để trống ô này", required=False)

    def clean_remark(self) -> str:
        return nfc(self.cleaned_data["remark"])
