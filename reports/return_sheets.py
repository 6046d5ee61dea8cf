"""A return as a workbook: downloaded with what is saved, filled in away from the portal, and read back.

A sheet a form, laid out as on paper; a hidden sheet says what each cell stands for. A file is taken whole or not at
all: every fault is named with its form and cell, so that the clerk mends them in one go.
"""

import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import IO, Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.child import INVALID_TITLE_REGEX
from openpyxl.worksheet.datavalidation import DataValidation

from portal.steps import Problem
from portal.templatetags.vietnamese import viet_date
from portal.text import tidy
from reports import arithmetic, return_forms, return_grid
from reports.models import Indicator, UnitReturn
from reports.return_grid import Box, FormGrid, GridRow

LARGEST_FILE = 2 * 2**20  # bytes
LARGEST_CONTENT = 20 * 2**20  # bytes of all parts, unpacked
_MOST_PARTS = 200
_KEYS = "khoa"
_KIND = "so-lieu-don-vi-1"  # of the layout; a later one is another
_FIRST_ROW = 9  # of the figures, below the head of the form
_FIRST_COLUMN = 3  # after the number and the name of the row
_WORDS = ("Lý do để trống (của các ô trống trong dòng)", "Giải thích (khi số thay đổi lớn)")
_WORDS_LENGTH = 300

NOT_XLSX = "Tệp không phải là tệp Excel (.xlsx). Chọn tệp mẫu đã tải từ trang này và đã điền."
TOO_LARGE = "Tệp quá lớn so với một tệp mẫu. Tải lại tệp mẫu, chỉ điền số rồi nộp lại."
BROKEN = "Tệp bị hỏng nên không mở được. Tải lại tệp mẫu, điền rồi nộp lại."
MACROS = "Tệp có chứa macro nên không nhận. Lưu tệp dạng Excel Workbook (.xlsx) rồi nộp lại."
NO_KEYS = "Tệp này không phải tệp mẫu tải từ trang này. Tải tệp mẫu, chép số vào rồi nộp lại."
OTHER_RETURN = "Tệp này là của kỳ hoặc đơn vị khác ({what}). Chọn đúng tệp của {own}."
OTHER_FORMS = "Biểu mẫu của kỳ đã đổi sau khi tải tệp này. Tải lại tệp mẫu, chép số vào rồi nộp lại."

_FILL = PatternFill("solid", fgColor="FFF9E5")  # to be filled in
_HEAD = PatternFill("solid", fgColor="E9EFF6")
_LINE = Side(style="thin", color="808080")
_FRAME = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)


@dataclass
class Read:
    """What a file says: the boxes, or what is to be mended first."""

    boxes: dict[tuple[int, int | None], Box] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    version: int | None = None  # of the return when the file was downloaded


# Writing.


def write(unit_return: UnitReturn) -> IO[bytes]:
    """Return an open temporary file with the forms of the return; whoever sends it closes it."""
    grids = return_grid.grid(unit_return)
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for form in grids:
        _write_form(book.create_sheet(_title(form)), form, unit_return)
    keys = book.create_sheet(_KEYS)
    keys.sheet_state = "veryHidden"
    keys.append([_KIND])
    keys.append([json.dumps(_keys(unit_return, grids))])
    file = TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    book.save(file)
    file.seek(0)
    return file


def _title(form: FormGrid) -> str:
    return INVALID_TITLE_REGEX.sub(" ", form.form.code or form.form.key)[:31].strip()


def _name(form: FormGrid) -> str:
    return f"Biểu {form.form.code}" if form.form.code else f"Biểu “{form.form.title}”"


def _keys(unit_return: UnitReturn, grids: list[FormGrid]) -> dict[str, Any]:
    """Return what the cells stand for, by row and column of each sheet."""
    return {
        "period": unit_return.period.code,
        "period_name": unit_return.period.name,
        "unit": unit_return.unit_id,
        "unit_name": unit_return.unit.name,
        "version": unit_return.version,
        "forms": [
            {
                "sheet": _title(form),
                "form": form.form.pk,
                "columns": [column.pk for column in form.columns],
                "rows": [row.field.pk if row.field else None for row in form.rows],
            }
            for form in grids
        ],
    }


def _write_form(sheet: Any, form: FormGrid, unit_return: UnitReturn) -> None:
    period = unit_return.period
    head = [
        f"{_name(form)}. {form.form.title}" if form.form.code else form.form.title,
        f"Kỳ báo cáo: {period.name} (từ ngày {viet_date(period.first_on)} đến ngày {viet_date(period.last_on)})",
        f"Đơn vị báo cáo: {unit_return.unit.name}",
        f"Đơn vị tính: {form.form.measure}" if form.form.measure else "",
        "Điền số nguyên vào các ô nền vàng; không có thì ghi 0; ô để trống phải ghi lý do. Ô tổng tự cộng.",
    ]
    for number, text in enumerate(head, start=1):
        _text(sheet, number, 1, text).font = Font(bold=number == 1, size=13 if number == 1 else 11)
    _write_head(sheet, form)
    for number, row in enumerate(form.rows, start=_FIRST_ROW):
        _write_row(sheet, form, row, number)
    if form.form.rows == form.form.Rows.FIELDS and form.rows:
        _write_totals(sheet, form)
    sheet.freeze_panes = sheet.cell(_FIRST_ROW, _FIRST_COLUMN)
    sheet.protection.sheet = True  # without a password: it guards against slips
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToHeight = 0


def _write_head(sheet: Any, form: FormGrid) -> None:
    """Write the titles in three lines: groups, columns, numbers as printed on the form."""
    top, middle, bottom = _FIRST_ROW - 3, _FIRST_ROW - 2, _FIRST_ROW - 1
    words_at = _FIRST_COLUMN + len(form.columns)
    titles = {1: "STT", 2: form.form.row_title or "Đơn vị", words_at: _WORDS[0], words_at + 1: _WORDS[1]}
    for number in range(1, words_at + 2):
        for line in (top, middle, bottom):
            cell = sheet.cell(line, number)
            cell.fill, cell.border, cell.alignment, cell.font = _HEAD, _FRAME, _MIDDLE, Font(bold=True)
    for number, title in titles.items():
        _text(sheet, top, number, title)
        sheet.merge_cells(start_row=top, end_row=bottom, start_column=number, end_column=number)
        sheet.column_dimensions[get_column_letter(number)].width = 6 if number == 1 else 34
    for number, column in enumerate(form.columns, start=_FIRST_COLUMN):
        _text(sheet, middle, number, column.name)
        _text(sheet, bottom, number, column.number)
        sheet.column_dimensions[get_column_letter(number)].width = 14
    start = _FIRST_COLUMN
    for title, count in form.groups:
        if title:
            _text(sheet, top, start, title)
            sheet.merge_cells(start_row=top, end_row=top, start_column=start, end_column=start + count - 1)
        start += count


def _write_row(sheet: Any, form: FormGrid, row: GridRow, number: int) -> None:
    sheet.cell(number, 1, number - _FIRST_ROW + 1)
    _text(sheet, number, 2, row.label)
    letters = _letters(form)
    for column, one in zip(form.columns, row.boxes.values(), strict=True):
        cell = sheet[f"{letters[column.code]}{number}"]
        if one.is_total:
            cell.value = _formula(column, letters, number)
            cell.font = Font(bold=True)
        else:
            cell.value = one.box.value
            cell.fill, cell.protection = _FILL, Protection(locked=False)
        cell.number_format = "#,##0"
    whole = DataValidation(type="whole", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
    whole.errorTitle, whole.error = "Số nguyên", "Nhập số nguyên từ 0 trở lên."
    sheet.add_data_validation(whole)
    for column in form.columns:
        if not column.formula:
            whole.add(f"{letters[column.code]}{number}")
    for place, text in enumerate(_words(row), start=_FIRST_COLUMN + len(form.columns)):
        cell = _text(sheet, number, place, text)
        cell.fill, cell.protection, cell.number_format = _FILL, Protection(locked=False), "@"
        cell.alignment = Alignment(wrap_text=True)
    for place in range(1, _FIRST_COLUMN + len(form.columns) + len(_WORDS)):
        sheet.cell(number, place).border = _FRAME


def _write_totals(sheet: Any, form: FormGrid) -> None:
    number = _FIRST_ROW + len(form.rows)
    _text(sheet, number, 2, "Tổng số")
    for letter in _letters(form).values():
        cell = sheet[f"{letter}{number}"]
        cell.value, cell.number_format = f"=SUM({letter}{_FIRST_ROW}:{letter}{number - 1})", "#,##0"
    for place in range(1, _FIRST_COLUMN + len(form.columns)):
        cell = sheet.cell(number, place)
        cell.border, cell.font = _FRAME, Font(bold=True)


def _letters(form: FormGrid) -> dict[str, str]:
    return {one.code: get_column_letter(place) for place, one in enumerate(form.columns, start=_FIRST_COLUMN)}


def _formula(column: Indicator, letters: dict[str, str], number: int) -> str:
    signs = ["-" if sign == "-" else "+" for sign, _ in _signed(column.formula)]
    parts = [f"{letters[code]}{number}" for _, code in _signed(column.formula) if code in letters]
    return "=" + "".join(f"{sign}{part}" for sign, part in zip(signs, parts, strict=False)).removeprefix("+")


def _signed(formula: str) -> list[tuple[str, str]]:
    """Return the signs and the columns of a formula."""
    words = formula.replace("+", " + ").replace("-", " - ").split()
    signs = ["+", *words[1::2]]
    return list(zip(signs, words[::2], strict=False))


def _words(row: GridRow) -> tuple[str, str]:
    """Return why boxes of the row are empty, and what explains others, each said once."""
    boxes = [one.box for one in row.boxes.values() if not one.is_total]
    reasons = dict.fromkeys(box.blank_reason for box in boxes if box.blank_reason)
    comments = dict.fromkeys(box.comment for box in boxes if box.comment)
    return "; ".join(reasons), "; ".join(comments)


def _text(sheet: Any, row: int, column: int, text: str) -> Any:
    cell = sheet.cell(row, column)
    cell.value = text
    if text:
        cell.data_type = "s"  # never a formula
    return cell


# Reading.


def read(unit_return: UnitReturn, file: IO[bytes]) -> Read:
    """Return what the file says of the boxes of this return. Nothing is stored."""
    if fault := _fault(file):
        return Read(problems=[Problem(fault, "file")])
    # Whatever a broken file makes of the library, the person is told that it is broken.
    try:
        file.seek(0)
        typed = load_workbook(file, read_only=True, keep_links=False)
        file.seek(0)
        counted = load_workbook(file, read_only=True, keep_links=False, data_only=True)
        return _read(unit_return, typed, counted)
    except Exception:
        return Read(problems=[Problem(BROKEN, "file")])


def _fault(file: IO[bytes]) -> str:
    """Return what forbids to open the file: not ours, a zip bomb, macros, or XML that brings its own entities."""
    file.seek(0)
    if not zipfile.is_zipfile(file):
        return NOT_XLSX
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_CONTENT:
                return TOO_LARGE
            names = [part.filename for part in parts]
            if any("vbaproject" in name.casefold() for name in names):
                return MACROS
            if "xl/workbook.xml" not in names:
                return NOT_XLSX
            for part in parts:
                with archive.open(part) as opened:
                    if b"<!" in opened.read(512).replace(b"<!--", b""):
                        return BROKEN
    except Exception:
        return BROKEN
    return ""


def _read(unit_return: UnitReturn, typed: Any, counted: Any) -> Read:
    if _KEYS not in typed.sheetnames:
        return Read(problems=[Problem(NO_KEYS, "file")])
    lines = [row[0].value for row in typed[_KEYS].iter_rows(max_row=2, max_col=1)]
    if lines[:1] != [_KIND]:
        return Read(problems=[Problem(NO_KEYS, "file")])
    keys = json.loads(str(lines[1]))
    if (keys["period"], keys["unit"]) != (unit_return.period.code, unit_return.unit_id):
        what = f"{keys['unit_name']}, {keys['period_name']}"
        own = f"{unit_return.unit.name}, {unit_return.period.name}"
        return Read(problems=[Problem(OTHER_RETURN.format(what=what, own=own), "file")])
    fields = tuple(pk for form in keys["forms"] for pk in form["rows"] if pk)
    grids = {form.form.pk: form for form in return_grid.grid(unit_return, extra_fields=fields)}
    found = Read(version=keys["version"])
    for given in keys["forms"]:
        form = grids.get(given["form"])
        if form is None or [column.pk for column in form.columns] != given["columns"]:
            return Read(problems=[Problem(OTHER_FORMS, "file")])
        rows = {row.field.pk if row.field else None: row for row in form.rows}
        if given["sheet"] not in typed.sheetnames or not set(given["rows"]) <= set(rows):
            return Read(problems=[Problem(OTHER_FORMS, "file")])
        _FormReader(form, typed[given["sheet"]], counted[given["sheet"]], found).read(
            [rows[pk] for pk in given["rows"]]
        )
    return found


class _FormReader:
    """Reads one sheet into what is found."""

    def __init__(self, form: FormGrid, typed: Any, counted: Any, found: Read) -> None:
        self._form, self._found = form, found
        self._typed, self._counted = typed, counted

    def read(self, rows: list[GridRow]) -> None:
        last = _FIRST_ROW + len(rows) - 1
        width = _FIRST_COLUMN + len(self._form.columns) + len(_WORDS) - 1
        area = {"min_row": _FIRST_ROW, "max_row": last, "max_col": width}
        lines = self._typed.iter_rows(**area), self._counted.iter_rows(**area, values_only=True)
        for number, (row, cells, values) in enumerate(zip(rows, *lines, strict=True), start=_FIRST_ROW):
            if tidy(str(cells[1].value or "")) != tidy(row.label):
                self._problem("B", number, f"Dòng này phải là “{row.label}”. Tải lại tệp mẫu, giữ nguyên thứ tự dòng.")
                continue
            self._row(row, number, cells, values)

    def _row(self, row: GridRow, number: int, cells: Any, values: Any) -> None:
        letters = _letters(self._form)
        before = len(self._found.problems)
        numbers: dict[str, int | None] = {}
        inputs = [column for column in self._form.columns if not column.formula]
        at = {column.code: place for place, column in enumerate(self._form.columns, start=_FIRST_COLUMN - 1)}
        for column in inputs:
            try:
                numbers[column.code] = _number(cells[at[column.code]])
            except ValueError as error:
                self._problem(letters[column.code], number, str(error))
        words = [tidy(str(value)) if value is not None else "" for value in values[-len(_WORDS) :]]
        for place, text in enumerate(words, start=_FIRST_COLUMN + len(self._form.columns)):
            if len(text) > _WORDS_LENGTH:
                self._problem(get_column_letter(place), number, f"Viết gọn lại trong {_WORDS_LENGTH} chữ cái.")
        if len(self._found.problems) > before:
            return
        self._check_totals(
            number, arithmetic.with_formulas(arithmetic.formulas_of(self._form.columns), numbers), values
        )
        self._keep(row, numbers, *words)

    def _check_totals(self, number: int, ours: dict[str, int | None], values: Any) -> None:
        """A total that says otherwise tells that a figure or the formula was lost."""
        letters = _letters(self._form)
        for place, column in enumerate(self._form.columns, start=_FIRST_COLUMN - 1):
            theirs = values[place]
            # An untouched file holds no results yet; an empty row sums up to nought.
            if column.formula and theirs not in (None, "") and theirs != (ours[column.code] or 0):
                sentence = f"Tổng trong tệp là {theirs}, các ô cộng lại là {ours[column.code] or 0}. Sửa ô sai."
                self._problem(letters[column.code], number, sentence)

    def _keep(self, row: GridRow, numbers: dict[str, int | None], reason: str, comment: str) -> None:
        """Keep the boxes of the row; words that stand as they were written stay with their own boxes."""
        reason_written, comment_written = _words(row)
        explained = _explained(row, numbers) if comment != comment_written else []
        for code, value in numbers.items():
            old = row.boxes[code].box
            said = _kept_reason(old, reason) if reason == reason_written else reason
            kept = old.comment if comment == comment_written else (comment if code in explained else "")
            key = (row.boxes[code].indicator.pk, row.field.pk if row.field else None)
            self._found.boxes[key] = Box(value, said if value is None else "", kept)

    def _problem(self, letter: str, number: int, sentence: str) -> None:
        self._found.problems.append(Problem(f"{_name(self._form)}, ô {letter}{number}: {sentence}", "file"))


def _explained(row: GridRow, numbers: dict[str, int | None]) -> Iterable[str]:
    """Return the boxes that an explanation of the row is about: what differs from the last period, else the first."""
    moved = [code for code, value in numbers.items() if value is not None and value != row.boxes[code].before]
    known = [code for code, value in numbers.items() if value is not None]
    return moved[:1] or known[:1]


def _number(cell: Any) -> int | None:
    """Return the whole number of a cell; raises ValueError with what to do."""
    value = cell.value
    if cell.data_type in {"f", "e"}:
        raise ValueError("Ô chứa công thức. Gõ số vào ô.")
    if value is None:
        return None
    if isinstance(value, str):
        try:
            return return_forms.number(value)
        except ValueError:
            raise ValueError(f"“{value[:40]}” không phải số nguyên từ 0 trở lên. Gõ lại số.") from None
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value) or value < 0:
        raise ValueError("Chỉ nhận số nguyên từ 0 trở lên, không có số lẻ. Gõ lại số, không gõ dấu chấm.")
    return int(value)


def _kept_reason(old: Box, reason: str) -> str:
    """Return why a box is empty where its row's words stand as written; one that was emptied now shares them."""
    return old.blank_reason or (reason if old.value is not None else "")
