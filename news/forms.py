"""What staff type about publications, and all that can be said beside a field."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from news import articles, history, pictures, publishing
from news.models import Article, Image, Publication
from portal.comparing import Segments, changed_passages
from portal.text import fold, tidy

MINE, THEIRS = "mine", "theirs"
COVERS_OFFERED = 11


class PublicationForm(forms.ModelForm):
    """The content of a publication; `seen` counts the saves that the person has seen."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    instance: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.changed_meanwhile = False
        if self.instance.pk:
            self.initial["seen"] = self.instance.edit_number
        if self.is_bound:
            self.data = self._with_theirs_where_chosen(self.data)

    @property
    def is_correction(self) -> bool:
        """Whether what is saved is already approved."""
        return self.instance.status == Publication.Status.PUBLISHED

    def clean_publish_at(self) -> datetime | None:
        typed = self.cleaned_data["publish_at"]
        # What is approved has its moment; emptied, it keeps it.
        return typed or (self.initial.get("publish_at") if self.is_correction else None)

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

    def _with_theirs_where_chosen(self, data: Any) -> Any:
        """Return what was typed, with what is stored in the fields for which the person chose it."""
        chosen = [name for name in self.fields if data.get(f"take-{name}") == THEIRS]
        if not chosen:
            return data
        data = data.copy()
        for name in chosen:
            _write(data, self.add_prefix(name), self.fields[name], self.initial.get(name))
        return data

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


@dataclass(frozen=True)
class Difference:
    """One field of which somebody else has stored what this person did not type."""

    name: str
    label: str
    passages: list[tuple[Segments, Segments]]  # stored, typed
    default: str  # the side that loses nothing, as far as can be told


class CoverSelect(forms.RadioSelect):
    """Small pictures to choose from."""

    template_name = "admin/news/article/covers.html"
    images: Iterable[Image] = ()

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        chosen = str(value or "")
        context["covers"] = [(image, image.url(480), str(image.pk) == chosen) for image in self.images]
        context["none_chosen"] = not any(is_chosen for *_, is_chosen in context["covers"])
        return context

    def _render(self, template_name: str, context: Any, renderer: Any = None) -> SafeString:
        # Among the project's templates, which Django's own renderer of widgets does not know.
        return render_to_string(template_name, context)


class ArticleForm(PublicationForm):
    tag_names = forms.CharField(
        label="Từ khóa",
        required=False,
        max_length=500,
        help_text="Cách nhau bằng dấu phẩy. Từ khóa mới được tạo khi lưu.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    cover_file = forms.FileField(
        label="Tải ảnh đại diện lên",
        required=False,
        help_text="JPG, PNG hoặc WebP. Vị trí chụp và thông tin máy ảnh được xóa.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    cover_alt = forms.CharField(
        label="Mô tả ảnh đại diện",
        required=False,
        max_length=300,
        help_text="Ảnh cho thấy gì, trong một câu, cho người không xem được ảnh.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    cover_decorative = forms.BooleanField(
        label="Ảnh trang trí", required=False, help_text="Chọn khi ảnh không mang thông tin; không cần mô tả."
    )

    class Meta:
        model = Article
        fields = "__all__"  # noqa: DJ007  the admin's fieldsets name them
        widgets = {"cover": CoverSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cover = self.instance.cover if self.instance.pk else None
        if self.instance.pk:
            self.initial["tag_names"] = ", ".join(self.instance.tags.values_list("name", flat=True))
        if cover:
            self.initial.update({"cover_alt": cover.alt, "cover_decorative": cover.decorative})
        self.differences: list[Difference] = []

    def clean_tag_names(self) -> list[str]:
        names: dict[str, str] = {}
        for name in self.cleaned_data["tag_names"].split(","):
            if name := tidy(name):
                names.setdefault(fold(name), name)
        if any(len(name) > 60 for name in names.values()):
            raise ValidationError("Mỗi từ khóa không quá 60 chữ cái. Đặt dấu phẩy giữa các từ khóa.", code="long")
        return list(names.values())

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if "_restored" in self.data:
            # Shown as it was typed; it is stored by the next button.
            self.add_error(None, ValidationError("Xem lại bản chưa lưu rồi bấm lưu.", code="restored"))
        return cleaned

    def told_meanwhile(self) -> str:
        theirs = history.versions(self.instance.pk).first()
        who = theirs.revision.user if theirs else None
        at = timezone.localtime(self.instance.changed_at)
        return (
            f"{who or 'Người khác'} đã lưu bài này lúc {at.hour}:{at:%M}, trong khi trang này đang mở. "
            "Chưa có gì bị ghi đè: chọn giữa hai bản ở dưới rồi bấm lưu lần nữa."
        )

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.changed_meanwhile:
            self.differences = list(self._differences())

    def _differences(self) -> Iterator[Difference]:
        base = history.at_edit(self.instance, self.cleaned_data.get("seen") or 0)
        began = history.snapshot(base).values if base else {}
        for name in history.FIELDS:
            if name not in self.fields and name != "tags":
                continue
            theirs, mine = self._stored_lines(name), self._typed_lines(name)
            if theirs == mine:
                continue
            field: Any = Article._meta.get_field(name)
            before = history.lines(name, began[field.attname]) if field.attname in began else None
            shown = "tag_names" if name == "tags" else name
            label = str(self.fields[shown].label)
            default = THEIRS if before == mine else MINE
            yield Difference(shown, label[:1].upper() + label[1:], changed_passages(theirs, mine), default)

    def _stored_lines(self, name: str) -> list[str]:
        if name == "tags":
            return sorted(part.strip() for part in self.initial.get("tag_names", "").split(",") if part.strip())
        return history.lines(name, self.initial.get(name))

    def _typed_lines(self, name: str) -> list[str]:
        if name == "tags":
            return sorted(self.cleaned_data.get("tag_names") or [])
        return history.lines(name, self.cleaned_data.get(name))

    def _save_m2m(self) -> None:
        super()._save_m2m()  # type: ignore[misc]
        if "tag_names" in self.cleaned_data:
            self.instance.tags.set(articles.tags(self.cleaned_data["tag_names"]))
        self._describe_cover()

    def _describe_cover(self) -> None:
        """Store the description typed beside the cover, unless another picture was chosen than it stood beside."""
        cover = self.instance.cover
        typed = {"cover_alt", "cover_decorative"} & set(self.changed_data)
        just_came = str(cover.pk) == self.data.get("_new_cover") if cover else False
        if cover is None or not typed or ("cover" in self.changed_data and not just_came):
            return
        cover.alt, cover.decorative = self.cleaned_data["cover_alt"], self.cleaned_data["cover_decorative"]
        cover.save(update_fields=["alt", "decorative"])


def covers_for(article: Article | None, user: Any, also: str | None = None) -> list[Image]:
    """Return the pictures to choose a cover from: the present one, those in the body, and the person's latest.

    `also` is the one that the form has sent; one of somebody else's is for those who keep everybody's.
    """
    chosen = [article.cover] if article and article.cover else []
    inline = pictures.inline_images(article.body) if article else []
    latest = Image.objects.filter(uploaded_by=user).order_by("-uploaded_at", "-pk")[:COVERS_OFFERED]
    seen = Image.objects.all() if user.has_perm("news.delete_image") else Image.objects.filter(uploaded_by=user)
    typed = seen.filter(pk=int(also)) if also and also.isascii() and also.isdigit() and len(also) < 19 else []
    found = {image.pk: image for image in [*typed, *chosen, *inline, *latest]}
    return list(found.values())


def _write(data: QueryDict, name: str, field: forms.Field, value: Any) -> None:
    """Write the value as a browser would send it."""
    widget: Any = field.widget
    widget = getattr(widget, "widget", widget)  # The admin puts its add link around it.
    if isinstance(widget, forms.SelectMultiple):
        data.setlist(name, [str(getattr(one, "pk", one)) for one in value or []])
    elif isinstance(value, bool):
        data.pop(name, None)
        if value:
            data[name] = "on"
    else:
        data[name] = str(field.prepare_value(value) if value is not None else "")
