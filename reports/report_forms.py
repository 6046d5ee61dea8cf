from django import forms


class SendForm(forms.Form):
    """What the clerk gave the document; checked by `reports.sending`, so that its sentences are the only ones."""

    document_number = forms.CharField(
        label="Số, ký hiệu văn bản", max_length=60, required=False, help_text="Ví dụ: 05/BC-SKHCN"
    )
    document_on = forms.DateField(
        label="Ngày văn bản", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    scan = forms.FileField(
        label="Bản ký, quét PDF",
        required=False,
        help_text="Không bắt buộc, tối đa 20 MB.",
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
    )


class CorrectForm(forms.Form):
    reason = forms.CharField(
        label="Lý do đính chính", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
