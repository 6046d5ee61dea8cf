"""What a sender fills in with the receipt code."""

from typing import Any

from django import forms

from feedback.forms import LettersField
from feedback.models import MOST_LETTERS
from feedback.moves import REMARK_LENGTH
from portal.steps import Problem

SCORES = [
    ("5", "Rất hài lòng"),
    ("4", "Hài lòng"),
    ("3", "Bình thường"),
    ("2", "Chưa hài lòng"),
    ("1", "Rất chưa hài lòng"),
]


class _WithProblems(forms.Form):
    def __init__(self, data: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, initial=initial, auto_id="%s")

    def add_problems(self, problems: list[Problem]) -> None:
        """Show what the workflow refused beside the field it is about."""
        first = next(iter(self.fields))
        for problem in problems:
            self.add_error(problem.field if problem.field in self.fields else first, problem.sentence)


class CodeForm(_WithProblems):
    """The one box of the receipt code."""

    code = forms.CharField(
        label="Mã biên nhận", max_length=60, error_messages={"required": "Nhập mã biên nhận có 8 chữ và số."}
    )


class ReplyForm(_WithProblems):
    text = LettersField(
        label="Nội dung bổ sung",
        most=MOST_LETTERS,
        name="Nội dung",
        error_messages={"required": "Viết nội dung bổ sung."},
    )
    # Files are checked and kept apart, so that an error elsewhere loses none.
    new_files = forms.Field(label="Tệp kèm theo (không bắt buộc)", required=False)


class DisputeForm(_WithProblems):
    reason = LettersField(
        label="Vì sao cần xem lại?",
        most=REMARK_LENGTH,
        name="Lý do",
        error_messages={"required": "Viết lý do đề nghị xem lại câu trả lời."},
    )


class RatingForm(_WithProblems):
    score = forms.TypedChoiceField(
        label="Cách Sở xử lý và trả lời có làm ông/bà hài lòng không?",
        choices=SCORES,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn một mức.", "invalid_choice": "Chọn một mức."},
    )
    comment = LettersField(label="Góp ý thêm (không bắt buộc)", required=False, most=REMARK_LENGTH, name="Góp ý")


class WithdrawForm(_WithProblems):
    reason = LettersField(label="Lý do (không bắt buộc)", required=False, most=REMARK_LENGTH, name="Lý do")
