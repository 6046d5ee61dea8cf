"""Texts that answers start from, with the words in {braces} filled in from the case."""

import re

from django.db.models import Q, QuerySet

from feedback.models import CannedAnswer, Submission
from portal.templatetags.vietnamese import viet_date

WORDS = ("ho_ten", "ma", "so", "thu_tuc", "ngay_nhan", "han", "don_vi")
_IN_BRACES = re.compile(r"\{([^{}\s]+)\}")


def for_unit(unit_id: int | None, among: QuerySet | None = None) -> QuerySet:
    """Return what a unit may use: the texts of everybody and its own."""
    found = CannedAnswer.objects.filter(active=True) if among is None else among
    return found.filter(Q(unit=None) | Q(unit=unit_id)) if unit_id else found.filter(unit=None)


def asks_for_name(text: str) -> bool:
    return "{ho_ten}" in text


def unknown_words(text: str) -> list[str]:
    """Return what stands in braces and would not be filled in."""
    return [f"{{{word}}}" for word in _IN_BRACES.findall(text) if word not in WORDS]


def fill(text: str, submission: Submission, *, name: str = "") -> str:
    """Return the text with what is known of the case; without a name it addresses "Ông/Bà".

    What the case lacks leaves dots, so that nobody overlooks the gap.
    """
    values = {
        "ho_ten": name or "Ông/Bà",
        "ma": submission.shown_code,
        "so": submission.register_entry,
        "thu_tuc": submission.procedure.title if submission.procedure else "",
        "ngay_nhan": viet_date(submission.received_at),
        "han": viet_date(submission.answer_due_on),
        "don_vi": submission.unit.name if submission.unit else "",
    }
    return _IN_BRACES.sub(lambda match: _value(match, values), text)


def _value(match: re.Match[str], values: dict[str, str]) -> str:
    return values[match[1]] or "…" if match[1] in values else match[0]
