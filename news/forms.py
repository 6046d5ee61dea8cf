"""What staff type about publications, and all that can be said beside a field."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from news import publishing
from news.models import Publication


class PublicationForm(forms.ModelForm):
    """The content of a publication; `seen` counts the saves that the person has seen."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    instance: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.changed_meanwhile = False
        if self.instance.pk:
            self.initial["seen"] = self.instance.edit_number

    @property
    def is_correction(self) -> bool:
        """Whether what is saved is already approved."""
        return self.instance.status == Publication.Status.PUBLISHED

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        self._refuse_to_overwrite_unseen()
        if self.is_correction and self.changed_data and not self.data.get("remark", "").strip():
            self.add_error(None, ValidationError("Ghi lý do sửa bài đã duyệt đăng.", code="reason"))
        return cleaned

    def _refuse_to_overwrite_unseen(self) -> None:
        if not self.instance.pk or self.cleaned_data.get("seen") == self.instance.edit_number:
            return
        self.changed_meanwhile = True
        # Shown again, the form knows of the change, so that the next save is a decision.
        data: Any = self.data
        self.data = data = data.copy()
        data[self.add_prefix("seen")] = self.instance.edit_number
        self.add_error(None, ValidationError(self.told_meanwhile(), code="changed_meanwhile"))

    def told_meanwhile(self) -> str:
        """Say that somebody else has saved; a kind that knows who says more."""
        return (
            "Trong lúc đang sửa, người khác đã lưu nội dung này. Nội dung vừa nhập vẫn còn ở dưới. "
            "Đối chiếu rồi bấm lưu lần nữa nếu muốn giữ nội dung vừa nhập."
        )

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        # What the public reads stays complete; a draft may lack anything until it is handed in.
        if self.is_correction and not self.errors:
            for problem in publishing.problems(self.instance):
                self.add_error(problem.field if problem.field in self.fields else None, problem.sentence)
