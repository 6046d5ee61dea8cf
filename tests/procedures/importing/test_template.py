"""The XLSX that a unit fills in: taken whole, or refused with sheet, row and column of each fault."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from procedures import importing
from procedures.importing import template
from procedures.importing.records import Problem
from procedures.models import Procedure

AT = datetime(2026, 11, 24, 1, tzinfo=UTC)

FILLED = {
    "Thủ tục": [
        {
            "Mã thủ tục": "1.900001",
            "Tên thủ tục": "Cấp giấy phép thử",
            "Lĩnh vực": "Lĩnh vực kiểm thử",
            "Cấp thực hiện": "Cấp Tỉnh, Cấp Xã",
            "Mức độ trực tuyến": "Toàn trình",
            "Trình tự thực hiện": "Bước 1: Nộp đơn.\nBước 2: Nhận kết quả.",
            "Yêu cầu, điều kiện": "Không có thông tin",
            "Số bộ hồ sơ": 1,
            "Ngày quyết định": datetime(2026, 7, 1),
            "Có hiệu lực từ": "15/07/2026",
        },
        {"Mã thủ tục": "1.900010", "Tên thủ tục": "Trả giấy phép thử"},
    ],
    "Cách nộp": [
        {"Mã thủ tục": "1.900001", "Cách nộp": "Trực tuyến", "Thời hạn": 4.5, "Đơn vị": "ngày làm việc"},
        {"Mã thủ tục": "1.900001", "Cách nộp": "Trực tiếp", "Thời hạn bằng chữ": "Trong ngày"},
    ],
    "Phí": [
        {"Mã thủ tục": "1.900001", "Loại": "Phí", "Mức thu": "Có mức thu", "Số tiền (đồng)": "2.000.000"},
        {"Mã thủ tục": "1.900001", "Loại": "Lệ phí", "Mức thu": "Không thu"},
    ],
    "Giấy tờ": [
        {"Mã thủ tục": "1.900001", "Tên giấy tờ": "Đơn đề nghị", "Bản chính": 1, "Tên mẫu đơn, tờ khai": "Mẫu 1"},
    ],
    "Căn cứ": [{"Mã thủ tục": "1.900001", "Số, ký hiệu": "142/2020/NĐ-CP", "Cơ quan ban hành": "Chính phủ"}],
}


@pytest.fixture(scope="module")
def book():
    """The template, filled in; made once, as that takes longer than to read it."""
    book = load_workbook(BytesIO(template.build()))
    for title, rows in FILLED.items():
        headings = [cell.value for cell in book[title][1]]
        for number, row in enumerate(rows, start=3):
            for heading, value in row.items():
                book[title].cell(number, headings.index(heading) + 1, value)
    return book


@pytest.fixture
def fill(book, tmp_path):
    """Return a function that fills the template, with some cells changed, and gives the file."""

    def fill(*changes, before_saving=None):
        path = tmp_path / "mau.xlsx"
        cells = [(book[title][cell], value) for title, cell, value in changes]
        before = [(cell, cell.value, cell.number_format) for cell, _ in cells]
        for cell, value in cells:
            cell.value = value
        book.save(path)
        for cell, value, number_format in before:
            cell.value, cell.number_format = value, number_format
        if before_saving:
            copy = load_workbook(path)
            before_saving(copy)
            copy.save(path)
        return path

    return fill


def problems(path):
    found = list(importing.read([path]))
    assert all(isinstance(one, Problem) and not one.warning for one in found), found
    return [(one.position, one.field) for one in found]


def test_the_empty_template_has_nothing_to_import(tmp_path):
    path = tmp_path / "mau.xlsx"
    path.write_bytes(template.build())

    assert list(importing.read([path])) == []


def test_the_template_keeps_codes_as_text_and_offers_lists():
    book = load_workbook(BytesIO(template.build()))

    assert book["Phí"]["A3"].number_format == "@"
    lists = [validation.formula1 for validation in book["Cách nộp"].data_validations.dataValidation]
    assert '"Trực tuyến,Bưu chính,Trực tiếp"' in lists


def test_a_filled_template_is_read(fill):
    first, second = importing.read([fill()])

    assert (first.code, first.name, first.source) == ("1.900001", "Cấp giấy phép thử", "template")
    assert first.position == "trang “Thủ tục”, dòng 3"
    assert first.levels == ["province", "commune"]
    assert first.online_level == "full"
    assert first.requirements == ""
    assert first.keywords is None
    assert (first.decision_on, first.in_force_from) == (date(2026, 7, 1), date(2026, 7, 15))
    assert [(m.channel, m.time_limit, m.time_unit, m.time_text) for m in first.methods] == [
        ("online", Decimal("4.5"), "working_day", ""),
        ("direct", None, "", "Trong ngày"),
    ]
    assert [(f.kind, f.state, f.amount) for f in first.fees] == [("fee", "amount", 2_000_000), ("charge", "free", None)]
    assert [(i.name, i.originals, i.copies, i.form.name) for i in first.items] == [("Đơn đề nghị", 1, None, "Mẫu 1")]
    assert [(b.number, b.issuer) for b in first.legal_bases] == [("142/2020/NĐ-CP", "Chính phủ")]
    assert (second.methods, second.fees, second.items, second.legal_bases) == (None, None, None, None)


@pytest.mark.django_db
def test_a_filled_template_is_imported_and_imported_again_changes_nothing(fill):
    path = fill()

    first = importing.run([path], at=AT)
    second = importing.run([path], at=AT.replace(hour=2))

    assert (first.new, first.refused, first.problems) == (2, 0, [])
    assert (second.new, second.changed, second.unchanged) == (0, 0, 2)


@pytest.mark.parametrize(
    ("change", "position", "field"),
    [
        (("Thủ tục", "A3", "1.9000011"), "trang “Thủ tục”, dòng 3, cột A", "Mã thủ tục"),
        (("Thủ tục", "A3", 1.90001), "trang “Thủ tục”, dòng 3, cột A", "Mã thủ tục"),
        (("Thủ tục", "A4", "1.900001"), "trang “Thủ tục”, dòng 4, cột A", "Mã thủ tục"),
        (("Thủ tục", "B3", None), "trang “Thủ tục”, dòng 3, cột B", "Tên thủ tục"),
        (("Thủ tục", "B3", '=HYPERLINK("x")'), "trang “Thủ tục”, dòng 3, cột B", "Tên thủ tục"),
        (("Thủ tục", "C3", "a" * 81), "trang “Thủ tục”, dòng 3, cột C", "Tên ngắn"),
        (("Thủ tục", "E3", "Cấp thôn"), "trang “Thủ tục”, dòng 3, cột E", "Cấp thực hiện"),
        (("Thủ tục", "G3", "Mức 4"), "trang “Thủ tục”, dòng 3, cột G", "Mức độ trực tuyến"),
        (("Thủ tục", "J3", "một"), "trang “Thủ tục”, dòng 3, cột J", "Số bộ hồ sơ"),
        (("Thủ tục", "T3", "31/02/2026"), "trang “Thủ tục”, dòng 3, cột T", "Ngày quyết định"),
        (("Thủ tục", "V3", "01/07/2026"), "trang “Thủ tục”, dòng 3, cột V", "Có hiệu lực đến hết ngày"),
        (("Thủ tục", "W3", "dichvucong"), "trang “Thủ tục”, dòng 3, cột W", "Trang trên Cổng Dịch vụ công quốc gia"),
        (("Cách nộp", "B3", "Qua mạng"), "trang “Cách nộp”, dòng 3, cột B", "Cách nộp"),
        (("Cách nộp", "C3", -1), "trang “Cách nộp”, dòng 3, cột C", "Thời hạn"),
        (("Cách nộp", "C4", 3), "trang “Cách nộp”, dòng 4, cột D", "Đơn vị"),
        (("Phí", "A3", "1.900077"), "trang “Phí”, dòng 3, cột A", "Mã thủ tục"),
        (("Phí", "D3", None), "trang “Phí”, dòng 3, cột D", "Số tiền (đồng)"),
        (("Phí", "D4", 5000), "trang “Phí”, dòng 4, cột D", "Số tiền (đồng)"),
        (("Phí", "D3", "hai triệu"), "trang “Phí”, dòng 3, cột D", "Số tiền (đồng)"),
        (("Giấy tờ", "D3", "nhiều"), "trang “Giấy tờ”, dòng 3, cột D", "Bản chính"),
        (("Căn cứ", "B3", None), "trang “Căn cứ”, dòng 3, cột B", "Số, ký hiệu"),
        (("Căn cứ", "A1", "Mã"), "trang “Căn cứ”, dòng 1, cột A", "Mã thủ tục"),
    ],
)
def test_a_fault_is_named_with_sheet_row_and_column(fill, change, position, field):
    assert (position, field) in problems(fill(change))


def test_every_fault_is_named_at_once(fill):
    path = fill(("Thủ tục", "B3", None), ("Phí", "B3", "Tiền"), ("Căn cứ", "B3", None))

    assert len(problems(path)) == 3


def test_a_missing_sheet_is_named(fill):
    path = fill(before_saving=lambda book: book.remove(book["Phí"]))

    assert problems(path) == [("trang “Phí”", "Trang")]


@pytest.mark.django_db
def test_a_template_with_a_fault_changes_nothing(fill):
    report = importing.run([fill(("Phí", "D3", "hai triệu"))], at=AT)

    assert (report.new, report.refused) == (0, 1)
    assert not Procedure.objects.exists()


def test_a_sheet_of_too_many_rows_is_refused(fill, monkeypatch):
    monkeypatch.setattr(template, "MOST_ROWS", 3)

    assert ("trang “Thủ tục”, dòng 4", "Dòng") in problems(fill())
