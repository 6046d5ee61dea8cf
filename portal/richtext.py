"""Text with headings, lists, tables and pictures: typed in CKEditor, sanitised when it is stored.

`sanitise` first rewrites any HTML into plain blocks (`portal.richtext_blocks`), which keeps what pasted
text means, and then lets nothing through but the allow-list below (nh3), which makes it safe.
"""

import re
from typing import Any
from urllib.parse import urlsplit

import nh3
from ckeditor.widgets import CKEditorWidget
from csp.decorators import csp_update
from django import forms
from django.conf import settings
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.templatetags.static import static
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString, mark_safe

from portal.fields import TextField
from portal.richtext_blocks import CLASSES, Addresses, rewrite, tokens
from portal.text import fold, nfc, tidy

ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
_TEXT = {"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "hr", "br", "a", "strong", "em", "s", "sub", "sup"}
_TABLE = {"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"}
_CLASSED = ("p", "h2", "h3", "h4", "td", "th", "figure", "img", "div")
_CLEANER = nh3.Cleaner(
    tags=_TEXT | _TABLE | {"figure", "figcaption", "img", "div"},
    attributes=ATTRIBUTES,
    allowed_classes={tag: set(CLASSES) for tag in _CLASSED},
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel="noopener",
)
PICTURE_FOLDER = "anh/"  # below the public media
_FILE = re.compile(r"[\w-]+(?:/[\w-]+)*\.(?:jpe?g|webp|png)", re.ASCII)
_PHONE = re.compile(r"tel:\+?[\d.()\-]{3,20}", re.ASCII)

# Syllables a minute. An assumption: people read silently 180 to 260 words a minute, and Vietnamese writes each
# syllable as a word of its own; the lower part promises nobody too little time.
READING_SPEED = 200
_WORD = re.compile(r"[^\W_]+(?:[.,/-][^\W_]+)*")
_BLOCK = re.compile(r"(?:p|div|h[1-6]|li|tr|table|caption|figcaption|figure|blockquote|ul|ol|hr|br)")


# Characters of HTML; a book of a hundred pages has fewer.
MAX_LENGTH = 500_000
TOO_LONG = "Nội dung quá dài. Chia thành nhiều bài, hoặc bỏ bớt định dạng dán từ nơi khác."


_VAGUE = re.compile(
    r"\W*(?:(?:xem|doc|bam|nhan|vao|chi tiet|them|click|tai ve|tai)(?: |$))*(?:(?:o |tai )?day|here)?\W*"
)


class Sanitised(str):
    """HTML that went through `sanitise`, or came from a field that lets nothing else in."""

    __slots__ = ()


def sanitise(html: str) -> Sanitised:
    """Return the HTML with nothing in it but what the allow-list names; a second time changes nothing."""
    return Sanitised(_CLEANER.clean(rewrite(html, Addresses(link_address, picture_address))))


def shown(html: str) -> SafeString:
    """Return rich text ready for a page: sanitised first, unless it is known to be.

    The one place that marks HTML as safe. What a form holds is a plain string, so a preview of what was
    never stored is sanitised here, too; so is whatever was changed after it was read.
    """
    return mark_safe(html if isinstance(html, Sanitised) else sanitise(html))  # noqa: S308  # the reason is above


def link_address(address: str) -> str:
    """Return the address of a link if readers may be sent there, or "": web, e-mail, telephone or this portal."""
    address = re.sub(r"\s+", "", nfc(address)).replace("\\", "/")
    if address.startswith("//"):
        address = f"https:{address}"
    scheme, colon, rest = address.partition(":")
    if not colon or re.search(r"[/?#]", scheme):
        return "" if address.startswith("#") else address
    scheme = scheme.lower()
    if scheme in {"http", "https"}:
        return f"{scheme}:{rest}" if rest.startswith("//") and _has_host(rest) else ""
    if scheme == "mailto":
        return f"mailto:{rest}" if "@" in rest else ""
    return address.lower() if _PHONE.fullmatch(address.lower()) else ""


def _has_host(rest: str) -> bool:
    try:
        return bool(urlsplit(f"https:{rest}").hostname)
    except ValueError:
        return False


def picture_address(address: str) -> str:
    """Return the address of one of our own pictures without its host, or "" for any other."""
    address = address.strip()
    for host in ("", settings.BASE_URL):
        start = f"{host}{settings.MEDIA_URL}{PICTURE_FOLDER}"
        if address.startswith(start) and _FILE.fullmatch(address[len(start) :]):
            return address[len(host) :]
    return ""


def plain(html: str) -> str:
    """Return the text without its tags, a line for each paragraph, item and row."""
    pieces: list[str] = []
    for kind, value, _ in tokens(html):
        if kind == "text":
            pieces.append(value.replace("\n", " "))
        elif value in {"td", "th"}:
            pieces.append(" ")
        elif _BLOCK.fullmatch(value):
            pieces.append("\n")
    return tidy("".join(pieces))


def words(html: str) -> int:
    """Return the number of syllables, as Vietnamese writes them apart; a number or a code is one."""
    return sum(1 for _ in _WORD.finditer(plain(html)))


def reading_minutes(html: str) -> int:
    """Return how many minutes a reader needs, at least 1."""
    return max(1, round(words(html) / READING_SPEED))


def vague_links(html: str) -> list[str]:
    """Return the texts of links that do not say where they lead, such as "xem tại đây"."""
    found: list[str] = []
    inside = False
    for kind, value, _ in tokens(html):
        if kind == "start" and value == "a":
            inside = True
            found.append("")
        elif kind == "end" and value == "a":
            inside = False
        elif kind == "text" and inside:
            found[-1] += value
    return [text.strip() for text in found if _VAGUE.fullmatch(" ".join(fold(text).split()))]


def warnings(html: str) -> list[str]:
    """Return sentences for the writer about what makes the text hard to use; none of it stops anybody."""
    return [
        f"Thay chữ “{text}” của đường dẫn bằng tên của trang hoặc văn bản mà đường dẫn mở ra."
        for text in dict.fromkeys(vague_links(html))
    ]


def shouting(text: str) -> bool:
    """Say whether a title is written in capitals; abbreviations and codes alone are not."""
    letters = [letter for letter in text if letter.isalpha()]
    words = [word for word in re.findall(r"[^\W\d_]+", text) if len(word) > 1]
    return len(words) > 3 and len(letters) > 12 and sum(map(str.isupper, letters)) > 0.7 * len(letters)


class RichTextWidget(CKEditorWidget):
    """CKEditor with the portal's short list of formats (`CKEDITOR_CONFIGS`).

    A page that shows it needs `RichTextAdminMixin` or `editor_policy`.
    """

    def _set_config(self) -> None:
        super()._set_config()
        # What is dropped, pasted or chosen goes where the portal checks pictures.
        self.config["uploadUrl"] = self.config["filebrowserUploadUrl"] = reverse("ckeditor_upload")
        self.config["customConfig"] = static("js/editor.js")
        self.config["pictureAddress"] = f"{settings.MEDIA_URL}{PICTURE_FOLDER}"
        # Text looks as the public page will show it.
        self.config["contentsCss"] = [static(f"css/{name}.css") for name in ("portal", "news", "editor")]
        self.config["bodyClass"] = "article-body"


class RichTextFormField(forms.CharField):
    widget = RichTextWidget

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        if len(value or "") > MAX_LENGTH:
            raise ValidationError(TOO_LONG, code="max_length")
        return sanitise(value) if value else value


class RichTextField(TextField):
    """HTML that is safe to show, whoever stored it; read from the database it is `Sanitised`."""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Sanitised | None:
        return None if value is None else Sanitised(value)

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        value = super().pre_save(model_instance, add)
        if isinstance(value, str):
            value = sanitise(value)
            setattr(model_instance, self.attname, value)
        return value

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        # Not get_prep_value: that also prepares what is searched for.
        if isinstance(value, str):
            value = str(value if isinstance(value, Sanitised) else sanitise(value))
        return super().get_db_prep_save(value, connection)

    def formfield(self, **kwargs: Any) -> Any:
        # The admin would give any long text its own widget.
        return super().formfield(**{**kwargs, "form_class": RichTextFormField, "widget": RichTextWidget})


# CKEditor writes handlers and styles into the page. Everywhere else both are refused.
_EDITOR_SOURCES = ["'self'", "'unsafe-inline'"]
editor_policy = csp_update({"script-src": _EDITOR_SOURCES, "style-src": _EDITOR_SOURCES})


@method_decorator(editor_policy, name="add_view")
@method_decorator(editor_policy, name="change_view")
class RichTextAdminMixin(ModelAdmin):
    """For the admin of a model with a `RichTextField`: lets CKEditor work on the add and change pages alone."""
