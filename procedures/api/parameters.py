"""What an address of the API takes: each parameter's schema beside the function that reads it."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict

from portal.text import tidy
from procedures.filters import QUERY_LENGTH
from procedures.models import CODE

Schema = Mapping[str, Any]

DEFAULT_LIMIT, MOST_ROWS = 20, 100
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Unreadable(ValueError):
    """The value cannot be taken; the message says what to write, in Vietnamese."""


@dataclass(frozen=True)
class Fault:
    parameter: str
    sentence: str


class BadQuery(Exception):
    """What stands after the question mark cannot be answered."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(" ".join(f"{fault.parameter}: {fault.sentence}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class Parameter:
    """A parameter of the query, or of the path, which is then always there."""

    name: str
    description: str
    schema: Schema
    read: Callable[[str], Any]
    example: str
    default: Any = None
    place: str = "query"


def words(name: str, description: str, example: str) -> Parameter:
    schema = {"type": "string", "minLength": 1, "maxLength": QUERY_LENGTH}
    return Parameter(name, description, schema, _read_words, example)


def slug(name: str, description: str, example: str, **place: str) -> Parameter:
    schema = {"type": "string", "pattern": "^[-a-z0-9_]{1,120}$"}
    return Parameter(name, description, schema, _read_slug, example, **place)


def choice(name: str, description: str, values: Iterable[str], default: str | None = None) -> Parameter:
    allowed = list(values)

    def read(text: str) -> str:
        if text not in allowed:
            raise Unreadable(f"Ghi một trong các giá trị: {', '.join(allowed)}.")
        return text

    schema: dict[str, Any] = {"type": "string", "enum": allowed}
    if default:
        schema["default"] = default
    return Parameter(name, description, schema, read, allowed[0], default)


def day(name: str, description: str, **place: str) -> Parameter:
    return Parameter(name, description, {"type": "string", "format": "date"}, _read_day, "2026-07-01", **place)


def code(name: str, description: str, **place: str) -> Parameter:
    schema = {"type": "string", "pattern": r"^[0-9]\.[0-9]{6}(\.000\.00\.00\.[A-Z][0-9]{2})?$"}
    return Parameter(name, description, schema, _read_code, "1.001786", **place)


@dataclass(frozen=True)
class Cursor:
    """The place in a list after the last row that was given out; a row put in meanwhile moves nothing.

    `keys` are what the list is ordered by, the last one the row's own key.
    """

    keys: tuple[int | date, ...]

    def __str__(self) -> str:
        return "-".join(str(key.toordinal() if isinstance(key, date) else key) for key in self.keys)


def cursor(*kinds: type[int] | type[date]) -> Parameter:
    """Declare the cursor of a list ordered by keys of these kinds."""
    pattern = re.compile("-".join([r"([0-9]{1,18})"] * len(kinds)))

    def read(text: str) -> list[int | date]:
        parts = pattern.fullmatch(text)
        if parts is None:
            raise Unreadable("Dùng nguyên địa chỉ trong “next” của lần trả lời trước.")
        return [_as_key(kind, int(part)) for kind, part in zip(kinds, parts.groups(), strict=True)]

    # Nobody makes one himself: it stands in the address that the last answer gives as "next".
    description = "Chỗ đọc tiếp; có sẵn trong địa chỉ “next”."
    return Parameter("cursor", description, {"type": "string", "pattern": f"^{pattern.pattern}$"}, read, "")


def read_query(query: QueryDict, declared: Iterable[Parameter]) -> dict[str, Any]:
    """Return the value of each parameter; raise `BadQuery` with everything that is wrong at once."""
    known = {parameter.name: parameter for parameter in declared if parameter.place == "query"}
    values = {name: parameter.default for name, parameter in known.items()}
    faults = []
    for name, given in query.lists():
        try:
            values[name] = _read_once(known.get(name), given)
        except Unreadable as unreadable:
            faults.append(Fault(name, str(unreadable)))
    if faults:
        raise BadQuery(faults)
    return values


def _read_once(parameter: Parameter | None, given: list[str]) -> Any:
    # A filter that is misspelt and left out would answer a question that nobody asked.
    if parameter is None:
        raise Unreadable("Bỏ tham số này: địa chỉ này không có.")
    if len(given) != 1:
        raise Unreadable("Ghi tham số này một lần.")
    return parameter.read(given[0])


def _read_words(text: str) -> str:
    if not 0 < len(text) <= QUERY_LENGTH:
        raise Unreadable(f"Ghi từ 1 đến {QUERY_LENGTH} chữ cái.")
    return "".join(sign for sign in tidy(text).replace("\n", " ") if sign.isprintable()).strip()


def _read_slug(text: str) -> str:
    if not 0 < len(text) <= 120 or not set(text) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_"):
        raise Unreadable("Ghi bằng chữ thường không dấu, số và gạch nối.")
    return text


def _read_day(text: str) -> date:
    try:
        # The one form only: fromisoformat also takes 20260701 and weeks.
        if not _DAY.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise Unreadable("Ghi ngày theo dạng 2026-07-01.") from None


def _read_code(text: str) -> str:
    if not (text.isascii() and CODE.fullmatch(text)):
        raise Unreadable("Ghi mã theo dạng 1.001786 hoặc 1.001786.000.00.00.H06.")
    return text


def _read_limit(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= MOST_ROWS):
        raise Unreadable(f"Ghi một số từ 1 đến {MOST_ROWS}.")
    return int(text)


def _as_key(kind: type[int] | type[date], number: int) -> int | date:
    return date.fromordinal(min(max(number, 1), date.max.toordinal())) if kind is date else number


LIMIT = Parameter(
    "limit",
    "Số dòng nhiều nhất trong một lần trả lời.",
    {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": DEFAULT_LIMIT},
    _read_limit,
    "50",
    DEFAULT_LIMIT,
)
