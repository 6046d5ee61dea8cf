"""What a sender fills in: what it is about, and who sends it (NĐ 20/2008 Đ7.1)."""

from collections.abc import Iterable
from typing import Any

from django import forms

from feedback.contacts import read_phone
from feedback.models import MOST_LETTERS, Submission
from portal.text import fold, nfc, tidy
from procedures import codes, search
from procedures.models import CODE, Field, Procedure

# As many as one reads through to find one's own.
MOST_CHOICES = 6
NO_PROCEDURE = "khong-co"
MOST_TITLE_LETTERS = 150


class LettersField(forms.CharField):
    """Text of so many letters; what is too long is refused with the number to leave out, never cut off."""

    def __init__(self, *, most: int, name: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most
        self.name = name

    def to_python(self, value: Any) -> str:
        # A browser sends each line break as two signs.
        return nfc(super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")

    def validate(self, value: str) -> None:
        super().validate(value)
        if (over := len(value) - self.most) > 0:
            raise forms.ValidationError(
                f"{self.name} dài quá {_dotted(self.most)} chữ cái, cần bớt {_dotted(over)}.", code="too_long"
            )


class _StepForm(forms.Form):
    # People never see it; programs that fill in every form do.
    website = forms.CharField(label="Để trống ô này", required=False)

    # What is kept in the draft; texts unless named in `switches`.
    switches: tuple[str, ...] = ()

    @classmethod
    def typed(cls, data: Any) -> dict[str, Any]:
        """Return what a browser sent for this step, right or wrong, as the draft keeps it."""
        names = [*cls.base_fields, *cls.extra_names()]
        return {name: bool(data.get(name)) if name in cls.switches else data.get(name, "") for name in names}

    @classmethod
    def extra_names(cls) -> tuple[str, ...]:
        return ()

    @property
    def is_from_a_program(self) -> bool:
        return bool(self.data.get("website"))


class ContentForm(_StepForm):
    """Step 1: what is to be said, about which procedure, with which files."""

    about = forms.ChoiceField(
        label="Muốn phản ánh việc gì?",
        choices=Submission.About.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Chọn nội dung muốn phản ánh.",
            "invalid_choice": "Chọn nội dung muốn phản ánh.",
        },
    )
    procedure = LettersField(label="Thủ tục liên quan (không bắt buộc)", required=False, most=1000, name="Tên thủ tục")
    field = forms.ModelChoiceField(
        label="Lĩnh vực (không bắt buộc)",
        queryset=Field.objects.all(),
        to_field_name="slug",
        required=False,
        error_messages={"invalid_choice": "Chọn một lĩnh vực trong danh sách hoặc để trống."},
    )
    dossier_code = LettersField(label="Mã số hồ sơ (không bắt buộc)", required=False, most=60, name="Mã số hồ sơ")
    title = LettersField(
        label="Tiêu đề",
        most=MOST_TITLE_LETTERS,
        name="Tiêu đề",
        error_messages={"required": "Nhập tiêu đề, tóm tắt việc trong một câu."},
    )
    content = LettersField(
        label="Nội dung phản ánh, kiến nghị",
        most=MOST_LETTERS,
        name="Nội dung",
        error_messages={"required": "Nhập nội dung phản ánh, kiến nghị."},
    )
    proposed_solution = LettersField(
        label="Đề xuất cách giải quyết (không bắt buộc)", required=False, most=MOST_LETTERS, name="Đề xuất"
    )
    # Files are checked and kept apart, so that an error elsewhere loses none; this place holds what is wrong with them.
    new_files = forms.Field(label="Tệp kèm theo (không bắt buộc)", required=False)

    def __init__(self, data: Any = None, *, fields: Iterable[Field], initial: Any = None) -> None:
        super().__init__(data, initial=initial, auto_id="%s")
        self.all_fields = list(fields)
        # Offered where what was typed may mean several.
        self.offered: list[Procedure] = []

    @classmethod
    def typed(cls, data: Any) -> dict[str, Any]:
        kept = super().typed(data)
        del kept["new_files"]
        return kept

    @classmethod
    def extra_names(cls) -> tuple[str, ...]:
        return ("procedure_choice", "procedure_asked")

    def clean_procedure(self) -> Procedure | None:
        typed = tidy(self.cleaned_data["procedure"]).replace("\n", " ")
        if not typed:
            return None
        choice = self.data.get("procedure_choice", "")
        # A choice belongs to the words for which it was offered.
        if choice and tidy(self.data.get("procedure_asked", "")) == typed:
            if choice == NO_PROCEDURE:
                return None
            is_key = choice.isdecimal() and len(choice) < 19
            if is_key and (chosen := Procedure.objects.published().filter(pk=int(choice)).first()):
                return chosen
        return self._resolve(typed)

    def clean_dossier_code(self) -> str:
        return tidy(self.cleaned_data["dossier_code"]).replace("\n", " ")

    def clean_title(self) -> str:
        return tidy(self.cleaned_data["title"]).replace("\n", " ")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if procedure := cleaned.get("procedure"):
            cleaned["field"] = procedure.field
        return cleaned

    def _resolve(self, typed: str) -> Procedure:
        """Return the one procedure that the words mean; offer several where they may mean more than one."""
        hits = search.search(typed, limit=MOST_CHOICES)
        found = Procedure.objects.published_in_bulk(hits.ids)
        if hits.exact and found and found[0].pk == hits.exact:
            return found[0]
        named = [row for row in found if fold(typed) in {fold(row.short_name), fold(row.name)}]
        if len(named) == 1 or len(found) == 1:
            return (named or found)[0]
        if found:
            self.offered = found
            raise forms.ValidationError("Có nhiều thủ tục gần với tên này. Chọn một thủ tục.", code="several")
        raise forms.ValidationError(
            f"Chưa tìm thấy thủ tục “{typed[:80]}”. Sửa lại tên, mã số hoặc để trống ô này.", code="unknown"
        )


class SenderForm(_StepForm):
    """Step 2: who sends it, and how the answer gets there. Nothing else is asked (RULES F6, D9)."""

    switches = ("publish_name", "news")

    sender_kind = forms.ChoiceField(
        label="Gửi với tư cách",
        choices=Submission.SenderKind.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Chọn gửi với tư cách cá nhân hay tổ chức.",
            "invalid_choice": "Chọn gửi với tư cách cá nhân hay tổ chức.",
        },
    )
    organisation_name = LettersField(
        label="Tên doanh nghiệp, tổ chức", required=False, most=300, name="Tên doanh nghiệp, tổ chức"
    )
    sender_name = LettersField(
        label="Họ và tên người gửi",
        most=150,
        name="Họ và tên",
        error_messages={"required": "Nhập họ và tên."},
    )
    address = LettersField(label="Địa chỉ", most=500, name="Địa chỉ", error_messages={"required": "Nhập địa chỉ."})
    phone = LettersField(label="Số điện thoại (không bắt buộc)", required=False, most=40, name="Số điện thoại")
    email = forms.EmailField(
        label="Thư điện tử (không bắt buộc)",
        required=False,
        max_length=254,
        error_messages={
            "invalid": "Thư điện tử cần có dạng ten@tenmien.vn.",
            "max_length": "Thư điện tử cần có dạng ten@tenmien.vn.",
        },
    )
    publish_name = forms.BooleanField(
        label="Sở được nêu tên người gửi khi công khai câu trả lời (không bắt buộc)", required=False
    )
    news = forms.BooleanField(
        label="Nhận thư báo khi thủ tục, lĩnh vực này có thay đổi (không bắt buộc)", required=False
    )

    def __init__(self, data: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, initial=initial, auto_id="%s")

    def clean_organisation_name(self) -> str:
        return tidy(self.cleaned_data["organisation_name"]).replace("\n", " ")

    def clean_sender_name(self) -> str:
        return tidy(self.cleaned_data["sender_name"]).replace("\n", " ")

    def clean_address(self) -> str:
        return tidy(self.cleaned_data["address"])

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        if not typed:
            return ""
        if phone := read_phone(typed):
            return phone
        raise forms.ValidationError(
            "Số điện thoại cần đủ 10 chữ số, ví dụ 0903 000 000; máy bàn có mã vùng, ví dụ 0254 3800 000.",
            code="phone",
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("sender_kind") == Submission.SenderKind.PERSON:
            cleaned["organisation_name"] = ""
            self.errors.pop("organisation_name", None)
        elif cleaned.get("sender_kind") and not cleaned.get("organisation_name", "-"):
            self.add_error("organisation_name", forms.ValidationError("Nhập tên doanh nghiệp, tổ chức.", "required"))
        if cleaned.get("news") and not cleaned.get("email", "-"):
            self.add_error(
                "email", forms.ValidationError("Nhập thư điện tử để nhận tin, hoặc bỏ chọn nhận tin.", "required")
            )
        return cleaned


class ChallengeForm(forms.Form):
    """The question against programs, while the office asks it."""

    challenge = forms.CharField(label="", error_messages={"required": "Trả lời câu hỏi bằng số hoặc bằng chữ."})


def procedure_words(procedure: Procedure) -> str:
    """Return the words that mean this procedure and no other, as the box of step 1 holds them."""
    return f"{procedure.code} – {procedure.title}" if procedure.code else procedure.title


def find_procedure(code: str) -> Procedure | None:
    """Return the published procedure with the code of an address."""
    exact = Procedure.objects.published().filter(code=code).first() if CODE.fullmatch(code) else None
    return exact or codes.find_published(code)


def _dotted(number: int) -> str:
    return f"{number:,}".replace(",", ".")
