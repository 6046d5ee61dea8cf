"""The XLSX that a unit fills in: one sheet of procedures and one for each part of several rows.

The rows of the parts name the procedure by its code. A file is taken whole or not at all: every
fault is named with its sheet, row and column, so that the clerk mends them in one go.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from portal.text import fold
from procedures.importing import bases, cleaning, labels
from procedures.importing.records import (
    BasisRecord,
    FeeRecord,
    FormRecord,
    ItemRecord,
    MethodRecord,
    Problem,
    Record,
)
from procedures.importing.sources import dates
from procedures.models import CODE, SHORT_NAME_LENGTH, Fee, Procedure, SubmissionMethod

MOST_ROWS = 20_000  # a sheet
_ROWS_WITH_HELP = 2000  # rows for which drop-down lists and text format are set
_FIRST_ROW = 3  # below the headings and the guidance

PROCEDURES, METHODS, FEES, PAPERS, BASES = "Thủ tục", "Cách nộp", "Phí", "Giấy tờ", "Căn cứ"
CLEAR = "Không có thông tin"

Parse = Callable[[str], Any]


class _Wrong(Exception):
    """A cell's value cannot be taken; the message is the sentence for the clerk."""


def _words(text: str) -> str:
    return cleaning.one_line(text)


def _code(text: str) -> str:
    text = cleaning.one_line(text)
    if not CODE.fullmatch(text):
        raise _Wrong(f"Mã “{text}” không đúng dạng 1.001786 hoặc 1.001786.000.00.00.H06. Ghi lại mã.")
    return text


def _short_name(text: str) -> str:
    text = cleaning.one_line(text)
    if len(text) > SHORT_NAME_LENGTH:
        raise _Wrong(f"Tên ngắn có {len(text)} chữ cái, tối đa {SHORT_NAME_LENGTH}. Rút gọn tên.")
    return text


def _at_most(length: int) -> Parse:
    def parse(text: str) -> str:
        text = cleaning.one_line(text)
        if len(text) > length:
            raise _Wrong(f"Nội dung dài quá {length} chữ cái. Rút gọn nội dung.")
        return text

    return parse


def _day(text: str) -> date | None:
    if not cleaning.clean(text):
        return None
    found = dates.day(text)
    if found is None:
        raise _Wrong("Ngày không đúng. Ghi theo dạng 01/07/2026.")
    return found


def _whole_number(text: str) -> int | None:
    if not cleaning.clean(text):
        return None
    if not text.strip().isdigit() or len(text.strip()) > 4:
        raise _Wrong("Ô này chỉ nhận số nguyên. Ghi lại một số.")
    return int(text)


def _amount(text: str) -> int | None:
    digits = text.replace(".", "").replace(" ", "").removesuffix("đồng").removesuffix("đ")
    if not digits.isdigit() or not 0 < int(digits) < 10**12:
        raise _Wrong("Số tiền là số nguyên lớn hơn 0, tính bằng đồng. Ghi lại số tiền.")
    return int(digits)


def _limit(text: str) -> Decimal:
    try:
        number = Decimal(text.strip().replace(",", "."))
    except ArithmeticError:
        number = Decimal(0)
    if not 0 < number < 10_000:
        raise _Wrong("Thời hạn là một số lớn hơn 0. Thời hạn bằng chữ ghi ở cột bên cạnh.")
    return number


def _url(text: str) -> str:
    text = cleaning.one_line(text)
    if text and (not text.startswith(("https://", "http://")) or len(text) > 500 or " " in text):
        raise _Wrong("Địa chỉ phải bắt đầu bằng https:// hoặc http://. Ghi lại địa chỉ.")
    return text


def _levels(text: str) -> list[str]:
    found = labels.levels(text)
    if not found and cleaning.clean(text):
        raise _Wrong("Cấp thực hiện không đúng. Ghi một hay nhiều cấp: Cấp Bộ, Cấp Tỉnh, Cấp Xã, Cơ quan khác.")
    return found


def _choice(choices: Any) -> Parse:
    """Make a parser that takes one of the labels of a TextChoices."""
    values = {fold(label): value for value, label in choices.choices}

    def parse(text: str) -> str:
        found = values.get(fold(cleaning.plain(text)))
        if found is None:
            raise _Wrong(f"Giá trị “{text}” không có trong danh sách. Chọn một trong: {', '.join(choices.labels)}.")
        return found

    return parse


@dataclass(frozen=True)
class Column:
    name: str  # of the record's part
    heading: str
    parse: Parse
    help: str
    width: int = 20
    required: bool = False
    choices: tuple[str, ...] = ()
    text: bool = False  # kept as text by the spreadsheet: a code, a number of a decision


_CODE_COLUMN = Column("code", "Mã thủ tục", _code, "Bắt buộc. Ví dụ: 1.001786", 16, required=True, text=True)
_LINES = "Có thể xuống dòng trong ô (Alt + Enter)."

SHEETS: dict[str, tuple[Column, ...]] = {
    PROCEDURES: (
        _CODE_COLUMN,
        Column("name", "Tên thủ tục", _words, "Bắt buộc. Tên trong quyết định công bố.", 60, required=True),
        Column("short_name", "Tên ngắn", _short_name, "Tên dễ hiểu, tối đa 80 chữ cái. Để trống thì máy đề xuất.", 40),
        Column("field", "Lĩnh vực", _at_most(200), "Ví dụ: An toàn bức xạ và hạt nhân", 30),
        Column(
            "levels",
            "Cấp thực hiện",
            _levels,
            "Nhiều cấp thì ghi cách nhau bằng dấu phẩy.",
            18,
            choices=("Cấp Tỉnh", "Cấp Bộ", "Cấp Xã", "Cấp Tỉnh, Cấp Xã", "Cấp Bộ, Cấp Tỉnh", "Cơ quan khác"),
        ),
        Column("audience", "Đối tượng thực hiện", _words, "Ví dụ: Công dân Việt Nam, Doanh nghiệp", 36),
        Column(
            "online_level",
            "Mức độ trực tuyến",
            _choice(Procedure.OnlineLevel),
            "Chọn trong danh sách.",
            20,
            choices=tuple(Procedure.OnlineLevel.labels),
        ),
        Column("steps", "Trình tự thực hiện", cleaning.steps, f"Mỗi bước bắt đầu bằng “Bước 1:”. {_LINES}", 60),
        Column("requirements", "Yêu cầu, điều kiện", cleaning.requirements, _LINES, 40),
        Column("dossier_sets", "Số bộ hồ sơ", _whole_number, "Ví dụ: 1", 12),
        Column("results", "Kết quả thực hiện", cleaning.results, f"Mỗi kết quả một dòng. {_LINES}", 36),
        Column("executing_agency", "Cơ quan thực hiện", cleaning.names, "Ví dụ: Sở Khoa học và Công nghệ", 30),
        Column("competent_agency", "Cơ quan có thẩm quyền", cleaning.names, "Cơ quan quyết định.", 30),
        Column("delegated_agency", "Cơ quan được ủy quyền", cleaning.names, "Nếu có.", 24),
        Column("coordinating_agencies", "Cơ quan phối hợp", cleaning.names, "Nếu có; cách nhau bằng dấu ;", 24),
        Column("receiving_address", "Địa chỉ tiếp nhận hồ sơ", cleaning.paragraphs, "Nơi nộp hồ sơ trực tiếp.", 36),
        Column("keywords", "Từ khóa", _words, "Cách nhau bằng dấu phẩy.", 24),
        Column("synonyms", "Từ đồng nghĩa", cleaning.clean, f"Từ người dân hay dùng, mỗi từ một dòng. {_LINES}", 24),
        Column("decision_number", "Số quyết định công bố", _at_most(100), "Ví dụ: 2527/QĐ-BKHCN", 22, text=True),
        Column("decision_on", "Ngày quyết định", _day, "Ví dụ: 01/07/2026", 14),
        Column("in_force_from", "Có hiệu lực từ", _day, "Ví dụ: 01/07/2026", 14),
        Column("in_force_to", "Có hiệu lực đến hết ngày", _day, "Để trống khi còn hiệu lực.", 14),
        Column("portal_url", "Trang trên Cổng Dịch vụ công quốc gia", _url, "Bắt đầu bằng https://", 36),
    ),
    METHODS: (
        _CODE_COLUMN,
        Column(
            "channel",
            "Cách nộp",
            _choice(SubmissionMethod.Channel),
            "Bắt buộc. Mỗi cách một dòng.",
            16,
            required=True,
            choices=tuple(SubmissionMethod.Channel.labels),
        ),
        Column("time_limit", "Thời hạn", _limit, "Một số. Ví dụ: 15", 12),
        Column(
            "time_unit",
            "Đơn vị",
            _choice(SubmissionMethod.TimeUnit),
            "Chọn trong danh sách.",
            16,
            choices=tuple(SubmissionMethod.TimeUnit.labels),
        ),
        Column("time_text", "Thời hạn bằng chữ", _words, "Chỉ khi không ghi được bằng một số.", 40),
        Column("description", "Mô tả", cleaning.paragraphs, _LINES, 60),
    ),
    FEES: (
        _CODE_COLUMN,
        Column("kind", "Loại", _choice(Fee.Kind), "Bắt buộc.", 12, required=True, choices=tuple(Fee.Kind.labels)),
        Column(
            "state",
            "Mức thu",
            _choice(Fee.State),
            "Bắt buộc. Chọn trong danh sách.",
            18,
            required=True,
            choices=tuple(Fee.State.labels),
        ),
        Column("amount", "Số tiền (đồng)", _amount, "Chỉ khi có mức thu. Ví dụ: 2000000", 16),
        Column("note", "Ghi chú", cleaning.paragraphs, "Thu cho việc gì, trường hợp nào.", 60),
        Column(
            "channel",
            "Cách nộp",
            _choice(SubmissionMethod.Channel),
            "Để trống khi như nhau với mọi cách nộp.",
            18,
            choices=tuple(SubmissionMethod.Channel.labels),
        ),
        Column("valid_from", "Áp dụng từ", _day, "Nếu có.", 14),
        Column("valid_to", "Áp dụng đến hết ngày", _day, "Nếu có.", 14),
    ),
    PAPERS: (
        _CODE_COLUMN,
        Column("name", "Tên giấy tờ", cleaning.paragraphs, "Bắt buộc. Mỗi giấy tờ một dòng.", 70, required=True),
        Column("case", "Trường hợp", _words, "Để trống khi mọi trường hợp đều nộp.", 30),
        Column("originals", "Bản chính", _whole_number, "Số bản.", 10),
        Column("copies", "Bản sao", _whole_number, "Số bản.", 10),
        Column("form_name", "Tên mẫu đơn, tờ khai", _at_most(300), "Nếu có mẫu.", 30),
        Column("form_url", "Địa chỉ tải mẫu", _url, "Bắt đầu bằng https://", 36),
        Column("note", "Ghi chú", cleaning.paragraphs, "Nếu có.", 30),
    ),
    BASES: (
        _CODE_COLUMN,
        Column("number", "Số, ký hiệu", _at_most(100), "Bắt buộc. Ví dụ: 142/2020/NĐ-CP", 24, required=True, text=True),
        Column("title", "Trích yếu", _words, "Tên văn bản.", 70),
        Column("issuer", "Cơ quan ban hành", _at_most(200), "Ví dụ: Chính phủ", 30),
        Column("issued_on", "Ngày ban hành", _day, "Ví dụ: 01/07/2026", 16),
    ),
}

GUIDANCE = (
    "Tệp mẫu nhập thủ tục hành chính",
    "1. Mỗi thủ tục ghi một dòng ở trang “Thủ tục”, từ dòng 3.",
    "2. Cách nộp, phí, giấy tờ và căn cứ ghi ở trang riêng; mỗi dòng ghi lại mã thủ tục ở cột A.",
    f"3. Ô để trống thì giữ nguyên nội dung đang có trên cổng. Ghi “{CLEAR}” để xóa nội dung đang có.",
    "4. Trang không có dòng nào của một thủ tục thì giữ nguyên phần đó; có dòng thì các dòng này thay cho cả phần đó.",
    "5. Không đổi tên trang, tên cột và không xóa dòng 1, dòng 2.",
    "6. Khi tệp có chỗ sai, cổng báo từng ô và không nhập gì. Sửa hết các ô rồi nhập lại.",
)

_HEADING_FILL = PatternFill("solid", fgColor="1F4E79")
_HELP_FILL = PatternFill("solid", fgColor="F2F2F2")


def build() -> bytes:
    """Return the empty template as an XLSX file."""
    book = Workbook()
    first = book.active
    assert first is not None  # noqa: S101  a new workbook has one sheet
    first.title = "Hướng dẫn"
    first.column_dimensions["A"].width = 110
    for number, line in enumerate(GUIDANCE, start=1):
        cell = first.cell(number, 1, line)
        cell.font = Font(bold=number == 1, size=14 if number == 1 else 11)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for title, columns in SHEETS.items():
        _build_sheet(book.create_sheet(title), columns)
    book.active = 1
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _build_sheet(sheet: Any, columns: tuple[Column, ...]) -> None:
    for number, column in enumerate(columns, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = column.width
        heading, helping = sheet.cell(1, number, column.heading), sheet.cell(2, number, column.help)
        heading.font, heading.fill = Font(bold=True, color="FFFFFF"), _HEADING_FILL
        helping.font, helping.fill = Font(italic=True, color="595959"), _HELP_FILL
        for cell in (heading, helping):
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        if column.text:
            # As text, or the spreadsheet takes 1.001780 for a number and cuts its last zero.
            for row in range(_FIRST_ROW, _FIRST_ROW + _ROWS_WITH_HELP):
                sheet.cell(row, number).number_format = "@"
        if column.choices:
            _add_list(sheet, f"{letter}{_FIRST_ROW}:{letter}{_FIRST_ROW + _ROWS_WITH_HELP}", column)
    sheet.freeze_panes = "B3"


def _add_list(sheet: Any, cells: str, column: Column) -> None:
    # Quoted and separated by commas; where a choice has a comma itself, the list is left to the guidance.
    choices = [choice for choice in column.choices if "," not in choice]
    validation = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
    # Cấp thực hiện takes several at once, so other words are let in there and checked on import.
    validation.showErrorMessage = column.name != "levels"
    validation.error = "Chọn một giá trị trong danh sách."
    validation.add(cells)
    sheet.add_data_validation(validation)


def is_template(book: Any) -> bool:
    """Tell whether the workbook is our template, be it with a sheet missing."""
    return PROCEDURES in book.sheetnames and (METHODS in book.sheetnames or PAPERS in book.sheetnames)


Cells = dict[str, Any]


@dataclass
class _Sheet:
    """The rows of one sheet that hold something, each with its number."""

    title: str
    file: str
    rows: list[tuple[int, Cells]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    wrong_rows: set[int] = field(default_factory=set)

    def refuse(self, row: int | None, column: int | None, heading: str, reason: str, code: str = "") -> None:
        where = f"trang “{self.title}”"
        if row:
            where += f", dòng {row}"
            self.wrong_rows.add(row)
        if column:
            where += f", cột {get_column_letter(column)}"
        self.problems.append(Problem(self.file, where, heading, reason, code))


def read(book: Any, file: str) -> Iterator[Record | Problem]:
    """Read a filled template: its records, or where anything is wrong only the problems."""
    sheets = {title: _read_sheet(book, title, file) for title in SHEETS}
    _check(sheets)
    problems = [problem for sheet in sheets.values() for problem in sheet.problems]
    if problems:
        yield from problems
    else:
        yield from _records(sheets, file)


def _read_sheet(book: Any, title: str, file: str) -> _Sheet:
    columns, found = SHEETS[title], _Sheet(title, file)
    if title not in book.sheetnames:
        found.refuse(None, None, "Trang", f"Thiếu trang “{title}”. Dùng lại tệp mẫu của cổng.")
        return found
    sheet = book[title]
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(max_col=len(columns)), start=1):
        if number == 1:
            if not _headings_match(found, cells, columns):
                return found
        elif number > MOST_ROWS:
            found.refuse(number, None, "Dòng", f"Trang có quá {MOST_ROWS:,} dòng. Chia nhỏ tệp.".replace(",", "."))
            return found
        elif number >= _FIRST_ROW and any(cell.value not in (None, "") for cell in cells):
            found.rows.append((number, _read_row(found, number, cells, columns)))
    return found


def _headings_match(sheet: _Sheet, cells: tuple, columns: tuple[Column, ...]) -> bool:
    given = [fold(str(cell.value or "").strip()) for cell in cells] + [""] * len(columns)
    for number, column in enumerate(columns, start=1):
        if given[number - 1] != fold(column.heading):
            sheet.refuse(1, number, column.heading, f"Cột này phải là “{column.heading}”. Dùng lại tệp mẫu của cổng.")
    return not sheet.problems


def _read_row(sheet: _Sheet, number: int, cells: tuple, columns: tuple[Column, ...]) -> Cells:
    """Read the cells; an empty one is None, which leaves alone what is stored."""
    values: Cells = {}
    for place, (column, cell) in enumerate(zip(columns, cells, strict=False), start=1):
        try:
            values[column.name] = _read_cell(column, cell)
        except _Wrong as wrong:
            sheet.refuse(number, place, column.heading, str(wrong), str(values.get("code") or ""))
            values[column.name] = None
    for column in columns:
        values.setdefault(column.name, None)
    return values


def _read_cell(column: Column, cell: Any) -> Any:
    value = cell.value
    if value is None or value == "":
        if column.required:
            raise _Wrong("Ô này bắt buộc. Ghi giá trị vào ô.")
        return None
    if cell.data_type in {"f", "e"}:
        raise _Wrong("Ô chứa công thức hoặc lỗi công thức. Gõ giá trị vào ô.")
    if column.name == "code" and cell.data_type != "s":
        raise _Wrong(
            "Ô mã có kiểu số nên phần mềm bảng tính đã làm mất số 0. Đặt định dạng ô là Văn bản rồi gõ lại mã."
        )
    if isinstance(value, datetime):
        value = f"{value:%d/%m/%Y}"
    elif isinstance(value, float) and value.is_integer():
        value = int(value)
    parsed = column.parse(str(value))
    if column.required and parsed in (None, ""):
        raise _Wrong("Ô này bắt buộc. Ghi giá trị vào ô.")
    return parsed


def _check(sheets: dict[str, _Sheet]) -> None:
    """Find what is wrong between cells: a code twice or unknown, an amount without its state."""
    codes: dict[str, int] = {}
    for number, row in sheets[PROCEDURES].rows:
        code = row["code"]
        if code in codes:
            reason = f"Mã này đã ghi ở dòng {codes[code]}. Mỗi thủ tục chỉ ghi một dòng."
            sheets[PROCEDURES].refuse(number, 1, "Mã thủ tục", reason, code)
        elif code:
            codes[code] = number
        _check_days(sheets[PROCEDURES], number, row, "in_force_from", "in_force_to")
    for title in (METHODS, FEES, PAPERS, BASES):
        for number, row in sheets[title].rows:
            if row["code"] and row["code"] not in codes:
                reason = "Mã này không có ở trang “Thủ tục”. Ghi thủ tục ở trang đó hoặc sửa mã."
                sheets[title].refuse(number, 1, "Mã thủ tục", reason, row["code"])
    for number, row in sheets[METHODS].rows:
        _check_method(sheets[METHODS], number, row)
    for number, row in sheets[FEES].rows:
        _check_fee(sheets[FEES], number, row)


def _place(title: str, name: str) -> int:
    return next(number for number, column in enumerate(SHEETS[title], start=1) if column.name == name)


def _check_days(sheet: _Sheet, number: int, row: Cells, first: str, last: str) -> None:
    if number not in sheet.wrong_rows and row[first] and row[last] and row[last] < row[first]:
        place = _place(sheet.title, last)
        heading = SHEETS[sheet.title][place - 1].heading
        sheet.refuse(number, place, heading, "Ngày cuối không được trước ngày đầu. Sửa lại ngày.", row["code"] or "")


def _check_method(sheet: _Sheet, number: int, row: Cells) -> None:
    # A cell that could not be read is empty here; its own fault is enough.
    if number not in sheet.wrong_rows and (row["time_limit"] is None) != (row["time_unit"] is None):
        name = "time_unit" if row["time_unit"] is None else "time_limit"
        place = _place(METHODS, name)
        heading = SHEETS[METHODS][place - 1].heading
        sheet.refuse(number, place, heading, "Thời hạn là một số kèm đơn vị. Ghi cả hai ô hoặc để trống cả hai.")


def _check_fee(sheet: _Sheet, number: int, row: Cells) -> None:
    if number not in sheet.wrong_rows and (row["state"] == Fee.State.AMOUNT) != (row["amount"] is not None):
        place = _place(FEES, "amount")
        reason = "Ghi số tiền khi mức thu là “Có mức thu”; để trống khi không thu hoặc chưa có thông tin."
        sheet.refuse(number, place, "Số tiền (đồng)", reason)
    _check_days(sheet, number, row, "valid_from", "valid_to")


def _records(sheets: dict[str, _Sheet], file: str) -> Iterator[Record]:
    parts: dict[str, dict[str, list[Any]]] = {title: {} for title in SHEETS}
    for title, make in ((METHODS, _method), (FEES, _fee), (PAPERS, _paper), (BASES, _basis)):
        for _, row in sheets[title].rows:
            parts[title].setdefault(row.pop("code"), []).append(make(row))
    for number, row in sheets[PROCEDURES].rows:
        code = row["code"]
        yield Record(
            source="template",
            file=file,
            position=f"trang “{PROCEDURES}”, dòng {number}",
            methods=parts[METHODS].get(code),
            fees=parts[FEES].get(code),
            items=parts[PAPERS].get(code),
            legal_bases=parts[BASES].get(code),
            **row,
        )


def _given(row: Cells) -> Cells:
    """Leave out the empty cells, so that the record has its own defaults there."""
    return {name: value for name, value in row.items() if value is not None}


def _method(row: Cells) -> MethodRecord:
    return MethodRecord(**_given(row))


def _fee(row: Cells) -> FeeRecord:
    return FeeRecord(**_given(row))


def _paper(row: Cells) -> ItemRecord:
    name, url = row.pop("form_name") or "", row.pop("form_url") or ""
    form = FormRecord(name or "Mẫu đơn, tờ khai", url) if name or url else None
    return ItemRecord(form=form, **_given(row))


def _basis(row: Cells) -> BasisRecord:
    number = bases.number_in(row["number"]) or row["number"]
    return BasisRecord(**{**_given(row), "number": number})
