import csv
import io
from datetime import date

import pytest
from openpyxl import load_workbook

from portal.spreadsheets import csv_lines, xlsx_file

HEADER = ["Tên", "Giá (đồng)", "Từ ngày"]
DAY = date(2026, 7, 1)


def csv_rows(*rows):
    text = "".join(csv_lines(HEADER, rows))
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


def test_csv_holds_numbers_and_days_that_programs_read():
    assert csv_rows(["Đo lường, thử nghiệm", 45000, DAY], ["“Hai\ndòng”", None, None]) == [
        HEADER,
        ["Đo lường, thử nghiệm", "45000", "2026-07-01"],
        ["“Hai\ndòng”", "", ""],
    ]


@pytest.mark.parametrize("text", ["=1+1", "+84", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_of_a_csv_is_a_formula(text):
    assert csv_rows([text, None, None])[1][0] == f"'{text}"


def test_xlsx_keeps_numbers_days_and_text_apart():
    with xlsx_file("Giá dịch vụ", HEADER, [["=1+1", 45000, DAY]]) as file:
        sheet = load_workbook(file).active

    assert sheet.title == "Giá dịch vụ"
    assert [cell.value for cell in sheet[1]] == HEADER
    name, amount, day = sheet[2]
    assert (name.value, name.data_type) == ("=1+1", "s")
    assert (amount.value, amount.data_type) == (45000, "n")
    assert day.value.date() == DAY
    assert day.number_format == "dd/mm/yyyy"


def test_xlsx_leaves_out_signs_that_the_format_forbids():
    with xlsx_file("Bảng", ["Tên"], [["a\x00b" + "c" * 40_000]]) as file:
        value = load_workbook(file).active["A2"].value

    assert value.startswith("abc")
    assert len(value) == 32_767
