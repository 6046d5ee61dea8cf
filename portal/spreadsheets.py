"""Tables as files for people: CSV that spreadsheet programs open rightly, and XLSX."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from tempfile import TemporaryFile
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.workbook.child import INVALID_TITLE_REGEX

Value = str | int | date | None

# Programs take a cell that begins so for a formula; the apostrophe tells them that it is text.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_MOST_LETTERS = 32_767  # that one cell of an XLSX holds
_MOST_LETTERS_OF_A_TITLE = 31


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[str]:
    """Return the lines of the file, to be streamed; days as 2026-07-01, money as plain numbers."""
    yield "\ufeff"  # without it Excel does not see that the letters are UTF-8
    yield _csv_line(header)
    for row in rows:
        yield _csv_line(row)


def xlsx_file(title: str, header: Sequence[str], rows: Iterable[Sequence[Value]]) -> IO[bytes]:
    """Return an open temporary file that holds one sheet with a frozen heading."""
    return xlsx_book([(title, header, rows)])


def xlsx_book(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Value]]]]) -> IO[bytes]:
    """Return an open temporary file with a sheet for each table (title, heading, rows), its heading frozen."""
    book = Workbook(write_only=True)
    for title, header, rows in sheets:
        sheet = book.create_sheet(INVALID_TITLE_REGEX.sub(" ", title)[:_MOST_LETTERS_OF_A_TITLE].strip())
        sheet.freeze_panes = "A2"
        for number in range(1, len(header) + 1):
            sheet.column_dimensions[get_column_letter(number)].width = 24
        sheet.append([_xlsx_cell(sheet, label, bold=True) for label in header])
        for row in rows:
            sheet.append([_xlsx_cell(sheet, value) for value in row])
    file = TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    book.save(file)
    file.seek(0)
    return file


def _csv_line(row: Sequence[Value]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([_csv_value(value) for value in row])
    return buffer.getvalue()


def _csv_value(value: Value) -> Value:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


def _xlsx_cell(sheet: Any, value: Value, *, bold: bool = False) -> Any:
    known: Any = value  # the stubs do not know that a day may be written
    if isinstance(value, str):
        known = ILLEGAL_CHARACTERS_RE.sub("", value)[:_MOST_LETTERS]
    cell = WriteOnlyCell(sheet, value=known)
    if isinstance(value, str):
        cell.data_type = "s"  # never a formula
    elif isinstance(value, date):
        cell.number_format = "dd/mm/yyyy"
    elif isinstance(value, int):
        cell.number_format = "#,##0"
    if bold:
        cell.font = Font(bold=True)
    return cell
