"""Two texts side by side, the words that differ marked; and values as staff read them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any

from django.db import models
from django.utils import timezone

from portal.templatetags.vietnamese import number, viet_date

# Comparing words costs the square of their number; longer passages are shown whole.
_MOST_WORDS = 3000
_WORDS = re.compile(r"\s*\S+\s*")

Segments = list[tuple[str, bool]]  # text, and whether it is only on this side


@dataclass(frozen=True)
class Change:
    """What one part of a record says differently in two versions, passage by passage."""

    label: str
    passages: list[tuple[Segments, Segments]]


def passages(before: str, after: str) -> list[tuple[Segments, Segments]]:
    """Return what differs between two texts, line by line and word by word."""
    return changed_passages(before.splitlines(), after.splitlines())


def label(field: models.Field) -> str:
    """Return the name of the field as the head of a part."""
    name = str(field.verbose_name)
    return name[:1].upper() + name[1:]


def shown(row: models.Model, field: models.Field, names: Mapping[tuple[Any, Any], str]) -> str:
    """Return the value in words; `names` gives those of related rows by model and key."""
    value = getattr(row, field.attname)
    if value is None or value == "":
        return ""
    if isinstance(field, models.ForeignKey):
        return names.get((field.related_model, value), "(không còn)")
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return viet_date(value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, int | Decimal):
        return number(value)
    return str(value)


def moment(at: datetime) -> str:
    """Return a time as the staff read it: 14:05 ngày 01/7/2024."""
    local = timezone.localtime(at)
    return f"{local:%H:%M} ngày {viet_date(local.date())}"


def changed_passages(before: list[str], after: list[str]) -> list[tuple[Segments, Segments]]:
    """Return the lines that differ, old beside new."""
    lines = SequenceMatcher(None, before, after, autojunk=False)
    passages = []
    for kind, start, end, new_start, new_end in lines.get_opcodes():
        if kind == "equal":
            continue
        old, new = before[start:end], after[new_start:new_end]
        # Rows that were only touched stand opposite each other; the rest is gone or new as a whole.
        paired = min(len(old), len(new))
        passages += [_marked(one, other) for one, other in zip(old[:paired], new[:paired], strict=True)]
        passages += [([(line, True)], []) for line in old[paired:]] + [([], [(line, True)]) for line in new[paired:]]
    return passages


def _marked(old: str, new: str) -> tuple[Segments, Segments]:
    """Return both texts in pieces, the words that only one of them has marked."""
    one, other = _WORDS.findall(old), _WORDS.findall(new)
    if len(one) > _MOST_WORDS or len(other) > _MOST_WORDS:
        return [(old, True)], [(new, True)]
    words = SequenceMatcher(None, [word.strip() for word in one], [word.strip() for word in other], autojunk=False)
    left: Segments = []
    right: Segments = []
    for kind, start, end, new_start, new_end in words.get_opcodes():
        left += [("".join(one[start:end]), kind != "equal")]
        right += [("".join(other[new_start:new_end]), kind != "equal")]
    return _joined(left), _joined(right)


def _joined(segments: Segments) -> Segments:
    """Return the pieces without empty ones, neighbours of one kind put together."""
    filled = [segment for segment in segments if segment[0]]
    return [("".join(text for text, _ in run), mark) for mark, run in groupby(filled, key=lambda segment: segment[1])]
