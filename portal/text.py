"""Vietnamese text: one form in storage (NFC), one accent-folding for search, slugs and codes."""

import re
import unicodedata

from django.utils.text import slugify as django_slugify

_MARKS = re.compile("[\u0300-\u036f]+")
_SPACES = re.compile(r"[^\S\n]+")
_LINE_BREAKS = re.compile(r"\s*\n\s*")


def nfc(text: str) -> str:
    """Return the text in the one Unicode form that this portal stores."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Return the text in small letters without Vietnamese marks: "Đo lường" becomes "do luong"."""
    return _MARKS.sub("", unicodedata.normalize("NFD", text)).casefold().replace("đ", "d")


def tidy(text: str) -> str:
    """Return NFC text with single spaces and no blank lines, its line breaks kept."""
    text = nfc(text).replace("\r\n", "\n").replace("\r", "\n")
    return _LINE_BREAKS.sub("\n", _SPACES.sub(" ", text)).strip()


def slugify(text: str, max_length: int = 80) -> str:
    """Return an ASCII slug of at most `max_length` characters, cut between words."""
    slug = django_slugify(fold(text))
    if len(slug) <= max_length:
        return slug
    return slug[: max_length + 1].rpartition("-")[0] or slug[:max_length]
