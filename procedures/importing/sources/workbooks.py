"""XLSX: the portal's list of procedures, and our own template (`procedures.importing.template`).

A workbook comes from anybody, so its size is checked before it is opened, formulas are never
taken for values, and a code that a spreadsheet made a number (and so cut its zeros) is refused.
"""

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from portal.text import fold
from procedures.importing import template
from procedures.importing.records import Problem, Record
from procedures.importing.sources import tables

LARGEST_CONTENT = 300 * 2**20  # bytes of all parts, unpacked
_MOST_PARTS = 2000
# The portal's export has a banner above the headings.
_HEADINGS_WITHIN = 20

BROKEN = "Tệp XLSX bị hỏng nên không mở được. Mở tệp bằng phần mềm bảng tính, lưu lại rồi nhập lại."
TOO_LARGE = "Tệp XLSX giải nén ra quá lớn. Chia nhỏ tệp rồi nhập lại."
NO_LIST = (
    "Không trang tính nào có cột “Mã số” và “Tên”. "
    "Dùng tệp mẫu của cổng hoặc danh sách xuất từ Cổng Dịch vụ công quốc gia."
)
NUMERIC_CODE = (
    "Ô mã thủ tục có kiểu số nên phần mềm bảng tính đã làm mất số 0. Đặt định dạng ô là Văn bản rồi gõ lại mã."
)
FORMULA = "Ô chứa công thức hoặc lỗi công thức. Gõ giá trị vào ô rồi nhập lại."


def recognises(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return False


def read(path: Path, meter: Callable[[int], None]) -> Iterator[Record | Problem]:
    fault = _fault(path)
    if fault:
        yield Problem(path.name, "", "Tệp", fault)
        return
    # Whatever a broken file makes of the library, the person is told that it is broken.
    try:
        book = load_workbook(path, read_only=True, keep_links=False)
    except Exception:
        yield Problem(path.name, "", "Tệp", BROKEN)
        return
    try:
        if template.is_template(book):
            yield from template.read(book, path.name)
        else:
            yield from _list(book, path, meter)
    except (zipfile.BadZipFile, KeyError, ValueError, SyntaxError, EOFError, OSError):
        yield Problem(path.name, "", "Tệp", BROKEN)
    finally:
        book.close()


def _fault(path: Path) -> str:
    """Return what forbids to open the file: a zip bomb, or XML that brings its own entities."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_CONTENT:
                return TOO_LARGE
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as opened:
                        if b"<!" in opened.read(512).replace(b"<!--", b""):
                            return BROKEN
    except Exception:
        return BROKEN
    return ""


def _list(book: Any, path: Path, meter: Callable[[int], None]) -> Iterator[Record | Problem]:
    found = False
    size = path.stat().st_size
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        headings: list[str] = []
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            if not headings:
                row = [fold(str(cell.value or "").strip()) for cell in cells]
                if {"ma so", "ten"} <= set(row) or {"ma tthc", "ten tthc"} <= set(row):
                    headings, found = row, True
                elif number >= _HEADINGS_WITHIN:
                    break
                continue
            yield from _list_row(headings, cells, path.name, f"trang “{sheet.title}”, dòng {number}")
            if number % 1000 == 0:
                meter(min(size, int(size * number / max(number, sheet.max_row or number))))
    if not found:
        yield Problem(path.name, "", "Tệp", NO_LIST)


def _list_row(headings: list[str], cells: tuple, file: str, position: str) -> Iterator[Record | Problem]:
    row: dict[str, str] = {}
    for heading, cell in zip(headings, cells, strict=False):
        if cell.value is None or not heading:
            continue
        column = f"{position}, cột {get_column_letter(cell.column)}"
        if cell.data_type in {"f", "e"}:
            yield Problem(file, column, str(heading), FORMULA)
            return
        if heading in {"ma so", "ma tthc"} and cell.data_type == "n":
            yield Problem(file, column, "Mã thủ tục", NUMERIC_CODE, code=str(cell.value))
            return
        row[heading] = str(cell.value)
    if any(value.strip() for value in row.values()):
        yield from tables.listed({**dict.fromkeys(headings, ""), **row}, file, position)
