"""Lists in XLSX, and workbooks that are broken or mean harm."""

import zipfile
from io import BytesIO

import pytest
from openpyxl import Workbook

from procedures import importing
from procedures.importing import template
from procedures.importing.sources import workbooks


@pytest.fixture
def listed(tmp_path):
    """Return a function that writes a list as the national portal exports it."""

    def listed(*rows, before_saving=None):
        book = Workbook()
        sheet = book.active
        sheet.title = "Danh sách TTHC"
        sheet.append(["DANH SÁCH THỦ TỤC HÀNH CHÍNH\n\n"])
        sheet.merge_cells("A1:E1")
        sheet.append(["Mã số", "Tên", "Cơ quan ban hành", "Cơ quan thực hiện", "Lĩnh vực"])
        for row in rows:
            sheet.append(row)
        if before_saving:
            before_saving(sheet)
        path = tmp_path / "danh-sach.xlsx"
        book.save(path)
        return path

    return listed


def test_a_list_below_its_banner_is_read(listed):
    (record,) = importing.read([listed(["1.900001", "Cấp phép ", "Bộ", "Sở A\nSở B\n", "Đo lường"])])

    assert (record.code, record.name, record.executing_agency) == ("1.900001", "Cấp phép", "Sở A; Sở B")
    assert record.position == "trang “Danh sách TTHC”, dòng 3"


def test_a_code_that_became_a_number_is_refused_and_the_next_row_is_read(listed):
    problem, record = importing.read([listed([1.90012, "Mất số không"], ["1.900002", "Đủ số"])])

    assert (problem.position, problem.field) == ("trang “Danh sách TTHC”, dòng 3, cột A", "Mã thủ tục")
    assert "Văn bản" in problem.reason
    assert record.code == "1.900002"


def test_a_formula_is_not_taken_for_a_value(listed):
    (problem,) = importing.read([listed(["1.900001", "=1+1"])])

    assert problem.position == "trang “Danh sách TTHC”, dòng 3, cột B"


def test_a_workbook_without_a_list_is_refused(listed):
    path = listed(before_saving=lambda sheet: sheet.delete_rows(2))

    (problem,) = importing.read([path])

    assert problem.reason == workbooks.NO_LIST


def rewritten(path, change):
    """Write the zip again with each part changed by `change(name, content)`."""
    stream = BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    path.write_bytes(stream.getvalue())
    return path


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"])
def test_a_workbook_with_a_damaged_part_is_refused(listed, part):
    path = rewritten(
        listed(["1.900001", "Cấp phép"]),
        lambda name, content: content[: len(content) // 2] if name == part else content,
    )

    found = list(importing.read([path]))

    assert found[-1].reason == workbooks.BROKEN


def test_a_workbook_without_a_sheet_file_is_refused(listed):
    path = rewritten(listed(["1.900001", "Cấp phép"]), lambda name, content: None if "sheet1" in name else content)

    assert [problem.reason for problem in importing.read([path])] == [workbooks.NO_LIST]


def test_a_workbook_cut_short_is_refused(tmp_path):
    path = tmp_path / "mau.xlsx"
    path.write_bytes(template.build()[:-3000])

    (problem,) = importing.read([path])

    assert problem.reason == workbooks.BROKEN


def test_a_workbook_that_unpacks_too_large_is_not_opened(listed, monkeypatch):
    monkeypatch.setattr(workbooks, "LARGEST_CONTENT", 1000)
    monkeypatch.setattr(workbooks, "load_workbook", None)

    (problem,) = importing.read([listed()])

    assert problem.reason == workbooks.TOO_LARGE


def test_a_workbook_with_entities_of_its_own_is_refused(listed):
    def with_entity(name, content):
        return content.replace(b"<workbook", b'<!DOCTYPE x [<!ENTITY a "b">]><workbook', 1)

    (problem,) = importing.read([rewritten(listed(), with_entity)])

    assert problem.reason == workbooks.BROKEN
