"""Tables that a reader orders by links: what their columns are, and how they are ordered now."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

PARAMETER = "sap-xep"
PAGE_SIZE = 50


@dataclass(frozen=True)
class Column:
    label: str
    sort: str = ""  # its name in addresses; "" where the table is not ordered by it
    kind: str = ""  # class of its cells: "number" or nothing


@dataclass(frozen=True)
class Sorting:
    """By which column, and which way; the first sortable column upwards where nothing is said."""

    column: Column
    descending: bool = False

    @classmethod
    def read(cls, value: str, columns: Sequence[Column]) -> "Sorting":
        known = {column.sort: column for column in columns if column.sort}
        descending = value.startswith("-")
        name = value.removeprefix("-")
        if name not in known:
            return cls(next(iter(known.values())))
        return cls(known[name], descending)

    @property
    def name(self) -> str:
        return self.column.sort

    @property
    def value(self) -> str:
        """Return it as addresses have it."""
        return f"-{self.name}" if self.descending else self.name

    def direction(self, column: Column) -> str:
        """Return the value of aria-sort for the column; "" for those that do not order the table."""
        if column != self.column:
            return ""
        return "descending" if self.descending else "ascending"


@dataclass(frozen=True)
class Cell:
    column: Column
    text: str
    url: str = ""
    note: str = ""  # in small letters below


@dataclass(frozen=True)
class SortLink:
    """Orders the table by a column, or turns the order round where it already is by it."""

    label: str
    url: str
    direction: str


@dataclass(frozen=True)
class Table:
    caption: str
    columns: Sequence[Column]
    sorting: Sorting
    address: str
    parameters: dict[str, str] = field(default_factory=dict)  # the choices other than the order
    rows: list[list[Cell]] = field(default_factory=list)

    @property
    def heads(self) -> list[tuple[Column, str]]:
        return [(column, self.sorting.direction(column)) for column in self._filled]

    @property
    def filled_rows(self) -> list[list[Cell]]:
        """Return the rows without the columns that nobody has filled in on this page."""
        return [[cell for cell in row if cell.column in self._filled] for row in self.rows]

    @property
    def _filled(self) -> list[Column]:
        used = {cell.column for row in self.rows for cell in row if cell.text}
        return [column for column in self.columns if column in used]

    @property
    def sort_links(self) -> list[SortLink]:
        links = []
        for column in self.columns:
            if column.sort:
                direction = self.sorting.direction(column)
                turned = Sorting(column, descending=direction == "ascending")
                links.append(SortLink(column.label, self._url(turned), direction))
        return links

    @property
    def url(self) -> str:
        """Return the address of this table, without a page number."""
        return self._url(self.sorting)

    @property
    def query(self) -> str:
        """Return the choices and the order as the end of an address: "?ngay=2026-07-01", or nothing."""
        return self.url.removeprefix(self.address)

    def _url(self, sorting: Sorting) -> str:
        parameters = dict(self.parameters)
        if sorting != Sorting.read("", self.columns):
            parameters[PARAMETER] = sorting.value
        return f"{self.address}?{urlencode(parameters)}" if parameters else self.address
