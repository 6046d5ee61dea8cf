"""Figures as XLSX: real numbers, formulas where a value is a sum, and text that is never a formula."""

import re
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.child import INVALID_TITLE_REGEX

from portal.official_documents import FONT, Grid
from reports.arithmetic import evaluate
from reports.exporting import document
from reports.exporting.document import MISSING, TablePart
from reports.figures import Figures, Shown, Table
from reports.models import Compilation, Report

_THIN = Side(style="thin")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_PARTS = re.compile(r"([+-]?)\s*([a-z0-9._]+)")
_LABEL_WIDTH, _NUMBER_WIDTH, _WORDS_WIDTH = 44, 13, 30  # in letters
_TITLE_LETTERS = 31  # that the name of a sheet holds


def content(report: Report) -> bytes:
    """Return the tables of the report, a sheet each."""
    given = document.of(report)
    book, titles = _book(), set[str]()
    for annex in given.annexes:
        lines = [annex.label, annex.title, f"({given.attached})", annex.period, annex.form, *annex.offices]
        _sheet_of(book, titles, annex.part, lines)
    for block in given.blocks:
        if isinstance(block, TablePart):
            _sheet_of(book, titles, block, [block.caption, given.organisation.full_name, given.summary])
    return _saved(book)


def figures(compilation: Compilation) -> bytes:
    """Return all tables of a compilation, a sheet each."""
    book, titles = _book(), set[str]()
    for table in Figures.of(compilation, with_comparison=False).tables():
        sheet = _sheet(book, titles, table.code or table.title)
        _figures(sheet, table, [table.name, str(compilation)], [])
    return _saved(book)


def _sheet_of(book: Workbook, titles: set[str], part: TablePart, lines: Sequence[str]) -> None:
    if part.table is None:
        _words(_sheet(book, titles, part.caption), part.grid, lines, part.notes)
        return
    _figures(_sheet(book, titles, part.table.code or part.table.title), part.table, lines, part.notes)


def _figures(sheet: Any, table: Table, lines: Sequence[str], notes: Iterable[str]) -> None:
    grid = document.form_grid(table)
    measure = [f"Đơn vị tính: {table.measure}"] if table.measure else []
    first = _head(sheet, grid, [*lines, *measure])
    offset = len(grid.widths) - len(table.columns)  # of the first figure
    letters = {column.code: get_column_letter(offset + place) for place, column in enumerate(table.columns, start=1)}
    for serial, row in enumerate(table.rows, start=1):
        number = first + serial - 1
        if offset:
            _put(sheet, number, 1, serial)
            _put(sheet, number, 2, row.label)
        for place in range(1, len(row.cells) + 1):
            _put(sheet, number, offset + place, _in_row(table, place - 1, row.cells, letters, number))
    last = first + len(table.rows) - 1
    if table.total is not None:
        _put(sheet, last + 1, 1, "")
        _put(sheet, last + 1, 2, "Tổng cộng", bold=True)
        for place in range(len(table.columns)):
            _put(sheet, last + 1, offset + place + 1, _total(table, place, letters, first, last), bold=True)
        last += 1
    _close(sheet, last, notes)
    for place in range(1, len(grid.widths) + 1):
        is_label = offset and place == 2
        width = 6 if offset and place == 1 else _LABEL_WIDTH if is_label else _NUMBER_WIDTH
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = sheet.cell(first, offset + 1)
    _set_print(sheet, len(grid.head) + bool(grid.column_numbers), first, across=table.landscape)


def _in_row(table: Table, place: int, cells: Sequence[Shown], letters: dict[str, str], row: int) -> Any:
    """Return the formula of a column that has one, where it gives the value that is reported; else the value."""
    formula, value = table.columns[place].formula, cells[place].value
    if formula and value is not None:
        values = {column.code: cell.value for column, cell in zip(table.columns, cells, strict=True)}
        if evaluate(formula, values) == value:
            return _formula(formula, letters, row)
    return value


def _total(table: Table, place: int, letters: dict[str, str], first: int, last: int) -> Any:
    """Return the sum over the rows, where that is the total that is reported; else the total."""
    value = table.total[place].value if table.total else None
    parts = [row.cells[place].value for row in table.rows]
    known = [part for part in parts if part is not None]
    if value is not None and known and sum(known) == value:
        letter = letters[table.columns[place].code]
        return f"=SUM({letter}{first}:{letter}{last})"
    return value


def _formula(formula: str, letters: dict[str, str], row: int) -> str:
    """Return 4+5-6 as =SUM(C7,D7)-SUM(E7): a missing part is a dash, which SUM passes over."""
    signs: dict[str, list[str]] = {"+": [], "-": []}
    for sign, code in _PARTS.findall(formula):
        signs[sign or "+"].append(f"{letters[code]}{row}")
    less = f"-SUM({','.join(signs['-'])})" if signs["-"] else ""
    return f"=SUM({','.join(signs['+'])}){less}"


def _words(sheet: Any, grid: Grid, lines: Sequence[str], notes: Iterable[str]) -> None:
    first = _head(sheet, grid, lines)
    for number, row in enumerate(grid.rows, start=first):
        for place, text in enumerate(row, start=1):
            _put(sheet, number, place, int(text) if place == 1 and text.isdecimal() else text)
    _close(sheet, first + len(grid.rows) - 1, notes)
    for place in range(1, len(grid.widths) + 1):
        sheet.column_dimensions[get_column_letter(place)].width = 6 if place == 1 else _WORDS_WIDTH
    sheet.freeze_panes = sheet.cell(first, 1)
    _set_print(sheet, len(grid.head), first, across=True)


def _head(sheet: Any, grid: Grid, lines: Sequence[str]) -> int:
    """Write what stands above the table and its head; return the first row below."""
    row = 1
    for place, line in enumerate(filter(None, lines)):
        cell = sheet.cell(row, 1)
        _set_text(cell, line)
        cell.font = Font(name=FONT, size=13, bold=place < 2)
        row += 1
    taken: set[tuple[int, int]] = set()
    for level, boxes in enumerate(grid.head):
        column = 1
        for box in boxes:
            while (level, column) in taken:
                column += 1
            covered = [(level + r, column + c) for r in range(box.rows) for c in range(box.columns)]
            taken.update(covered)
            for r, c in covered:
                _put(sheet, row + r, c, "", bold=True)
            _put(sheet, row + level, column, box.text, bold=True, centre=True)
            if len(covered) > 1:
                (last_level, last_column) = covered[-1]
                sheet.merge_cells(
                    start_row=row + level, start_column=column, end_row=row + last_level, end_column=last_column
                )
            column += box.columns
    row += len(grid.head)
    if grid.column_numbers:
        for place, text in enumerate(grid.column_numbers, start=1):
            _put(sheet, row, place, text, centre=True)
        row += 1
    return row


def _put(sheet: Any, row: int, column: int, value: Any, *, bold: bool = False, centre: bool = False) -> None:
    cell = sheet.cell(row, column)
    is_formula = isinstance(value, str) and value.startswith("=SUM(")
    if value is None:
        value = MISSING
    if isinstance(value, str) and not is_formula:
        _set_text(cell, value)
    else:
        cell.value = value
        cell.number_format = "#,##0"
    cell.font = Font(name=FONT, size=12, bold=bold)
    cell.border = _BOX
    is_number = is_formula or isinstance(value, int) or value == MISSING
    side = "center" if centre else "right" if is_number else "left"
    cell.alignment = Alignment(horizontal=side, vertical="center", wrap_text=not is_number)


def _set_text(cell: Any, text: str) -> None:
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type = "s"  # never a formula


def _close(sheet: Any, last: int, notes: Iterable[str]) -> None:
    for place, note in enumerate(notes, start=2):
        cell = sheet.cell(last + place, 1)
        _set_text(cell, note)
        cell.font = Font(name=FONT, size=12, italic=True)


def _set_print(sheet: Any, head: int, first: int, *, across: bool) -> None:
    sheet.page_setup.orientation = "landscape" if across else "portrait"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{first - head}:{first - 1}"
    margins = (0.79, 0.79, 1.18, 0.59) if across else (1.18, 0.59, 0.79, 0.79)  # inches: left, right, top, bottom
    page = sheet.page_margins
    page.left, page.right, page.top, page.bottom = margins


def _book() -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    return book


def _sheet(book: Workbook, titles: set[str], wanted: str) -> Any:
    name = INVALID_TITLE_REGEX.sub(" ", wanted.removeprefix("Bảng: "))[:_TITLE_LETTERS].strip() or "Bảng"
    title, number = name, 2
    while title.casefold() in titles:
        title, number = f"{name[: _TITLE_LETTERS - 4]} ({number})", number + 1
    titles.add(title.casefold())
    return book.create_sheet(title)


def _saved(book: Workbook) -> bytes:
    if not book.worksheets:
        _set_text(book.create_sheet("Số liệu").cell(1, 1), document.NO_FIGURES)
    file = BytesIO()
    book.save(file)
    return file.getvalue()
