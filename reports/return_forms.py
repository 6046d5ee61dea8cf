"""What a person types into the boxes of a return: numbers as people write them, and why a box is empty."""

import re
from dataclasses import dataclass, field

from django.http import QueryDict

from portal.text import nfc
from reports.return_grid import Box, FormGrid
from reports.returns import box_name

# 1.234 and 1 234 mean one thousand two hundred and thirty-four; 1,5 is no whole number.
_NUMBER = re.compile(r"\d{1,15}|\d{1,3}(?:[. \u00a0\u202f]\d{3})+")
NOT_A_NUMBER = "Nhập số nguyên từ 0 trở lên, ví dụ 1234 hoặc 1.234."


@dataclass
class Typed:
    """The boxes as they were sent: understood ones, and the words of those that were not."""

    boxes: dict[tuple[int, int | None], Box] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)  # by the name of the box
    errors: dict[str, str] = field(default_factory=dict)


def number(text: str) -> int | None:
    """Return the number that somebody typed, nothing for an empty box; raises ValueError."""
    text = text.strip()
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    return int(re.sub(r"\D", "", text))


def read(data: QueryDict, grids: list[FormGrid]) -> Typed:
    """Read the boxes of the grid; what the form did not send stays as it is."""
    typed = Typed()
    for form in grids:
        for row in form.rows:
            for one in row.boxes.values():
                pk = row.field.pk if row.field else None
                name = box_name(one.indicator.pk, pk)
                if one.is_total or name not in data:
                    continue
                typed.raw[name] = data.get(name, "")
                reason = nfc(data.get(f"r{name[1:]}", one.box.blank_reason)).strip()
                comment = nfc(data.get(f"c{name[1:]}", one.box.comment)).strip()
                try:
                    value = number(typed.raw[name])
                except ValueError:
                    typed.errors[name] = NOT_A_NUMBER
                    value = one.box.value
                # A reason for an empty box says nothing of a filled one.
                typed.boxes[one.indicator.pk, pk] = Box(value, "" if value is not None else reason, comment)
    return typed
