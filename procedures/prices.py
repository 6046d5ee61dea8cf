"""The table of service prices: which rows, in which order, and how each is said."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import QuerySet

from portal.models import Unit
from portal.spreadsheets import Value
from portal.templatetags.vietnamese import money, viet_date
from portal.text import slugify
from procedures.models import ServicePrice
from procedures.tables import Cell, Column, Sorting
from procedures.wording import capital

NAME = Column("Dịch vụ", "ten")
UNIT = Column("Đơn vị cung cấp", "don-vi")
MEASURE = Column("Đơn vị tính")
AMOUNT = Column("Giá", "gia", "number")
VALID = Column("Áp dụng", "ngay")
BASIS = Column("Văn bản")
COLUMNS = [NAME, UNIT, MEASURE, AMOUNT, VALID, BASIS]

_ORDER = {
    "ten": ["sort_key", "pk"],
    "don-vi": ["unit__order", "unit__name", "sort_key", "pk"],
    "gia": ["amount", "sort_key", "pk"],
    "ngay": ["valid_from", "sort_key", "pk"],
}
SHEET_TITLE = "Giá dịch vụ"
SHEET_HEADER = [
    "Dịch vụ",
    "Đơn vị cung cấp",
    "Đơn vị tính",
    "Giá (đồng)",
    "Thuế GTGT",
    "Áp dụng từ",
    "Đến hết ngày",
    "Văn bản",
    "Ghi chú",
]


def on(day: date, sorting: Sorting, unit: Unit | None = None) -> QuerySet[ServicePrice]:
    """Return the prices of the day in the order asked for; of one unit where one is given."""
    prices = ServicePrice.objects.valid(day).select_related("unit", "document")
    prices = prices.filter(unit=unit) if unit else prices
    first, *rest = _ORDER[sorting.name]
    return prices.order_by(f"-{first}" if sorting.descending else first, *rest)


def units() -> dict[str, Unit]:
    """Return the units that have or had prices, by their names in addresses."""
    found = Unit.objects.filter(prices__isnull=False).distinct()
    return {slugify(unit.short_name or unit.name): unit for unit in found}


def rows(prices: Iterable[ServicePrice]) -> list[list[Cell]]:
    return [
        [
            Cell(NAME, price.name, note=price.note),
            Cell(UNIT, price.unit.name),
            Cell(MEASURE, price.measure),
            Cell(AMOUNT, money(price.amount), note=price.get_vat_display()),
            Cell(VALID, validity(price.valid_from, price.valid_to)),
            Cell(BASIS, price.document.number if price.document else ""),
        ]
        for price in prices
    ]


def sheet_rows(prices: Iterable[ServicePrice]) -> Iterator[list[Value]]:
    for price in prices:
        yield [
            price.name,
            price.unit.name,
            price.measure,
            price.amount,
            price.get_vat_display(),
            price.valid_from,
            price.valid_to,
            price.document.number if price.document else "",
            price.note,
        ]


def validity(valid_from: date | None, valid_to: date | None) -> str:
    """Return the days of validity in words: "Từ 01/7/2026", "Đến hết 31/12/2026"; "" where both are open."""
    parts = [f"từ {viet_date(valid_from)}" if valid_from else "", f"đến hết {viet_date(valid_to)}" if valid_to else ""]
    return capital(" ".join(filter(None, parts)))
