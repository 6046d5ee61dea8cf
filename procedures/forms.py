"""What a visitor types."""

from collections.abc import Iterable

from django import forms

from procedures.models import Field, Procedure, Subscription

EVERYTHING = "tat-ca"
PROCEDURE = "thu-tuc"
BULLETIN = "ban-tin"
FIELD = "linh-vuc:"


class SubscriptionForm(forms.Form):
    """Of what, how often, and to which address."""

    about = forms.ChoiceField(label="Nhận tin về")
    frequency = forms.ChoiceField(
        label="Gửi thư khi nào",
        choices=Subscription.Frequency.choices,
        initial=Subscription.Frequency.AT_ONCE,
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn khi nào gửi thư."},
    )
    email = forms.EmailField(
        label="Thư điện tử",
        error_messages={
            "required": "Nhập địa chỉ thư điện tử.",
            "invalid": "Thư điện tử cần có dạng ten@tenmien.vn.",
        },
    )
    # People never see it; programs that fill in every form do.
    website = forms.CharField(label="Để trống ô này", required=False)

    def __init__(self, *args, procedure: Procedure | None, fields: Iterable[Field], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.procedure = procedure
        self.by_slug = {field.slug: field for field in fields}
        choices = [(PROCEDURE, f"Thủ tục: {procedure.title}")] if procedure else []
        choices += [(EVERYTHING, "Mọi thủ tục của Sở"), (BULLETIN, "Bản tin của Sở, mỗi số một thư")]
        choices += [(FIELD + slug, f"Lĩnh vực: {field.name}") for slug, field in self.by_slug.items()]
        self.fields["about"].choices = choices  # type: ignore[attr-defined]

    @property
    def is_from_a_program(self) -> bool:
        return bool(self.cleaned_data["website"])

    @property
    def chosen_procedure(self) -> Procedure | None:
        return self.procedure if self.cleaned_data["about"] == PROCEDURE else None

    @property
    def is_for_bulletins(self) -> bool:
        return self.cleaned_data["about"] == BULLETIN

    @property
    def chosen_frequency(self) -> str:
        """How often; a bulletin is sent when it is out, whatever was ticked."""
        return Subscription.Frequency.AT_ONCE if self.is_for_bulletins else self.cleaned_data["frequency"]

    @property
    def chosen_field(self) -> Field | None:
        return self.by_slug.get(self.cleaned_data["about"].removeprefix(FIELD))
