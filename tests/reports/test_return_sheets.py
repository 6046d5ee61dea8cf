import io
import json
import zipfile
from typing import Any

import pytest
from openpyxl import load_workbook

from portal import roles
from reports import return_grid, return_sheets, returns
from reports.models import Indicator, ReturnEvent, ReturnValue, UnitReturn
from reports.return_grid import Box
from tests.factories import FieldFactory, ReportingPeriodFactory, UnitFactory, UnitReturnFactory, UserFactory

pytestmark = pytest.mark.django_db
ROW = {"C": None, "D": 7, "E": 3, "F": 2, "H": 6, "I": 3, "J": 1, "L": 2, "M": 0}


@pytest.fixture
def found() -> UnitReturn:
    unit = UnitFactory()
    FieldFactory(name="An toàn bức xạ", unit=unit)
    return UnitReturnFactory(unit=unit)


def filled(unit_return: UnitReturn, cells: dict[str, Any] | None = None, sheet: str = "II.06a") -> io.BytesIO:
    """Return the downloaded workbook with the first row of II.06a filled in, then with these cells of a sheet."""
    with return_sheets.write(unit_return) as file:
        book = load_workbook(file)
    for letter, value in ROW.items():
        if value is not None:
            book["II.06a"][f"{letter}9"] = value
    for name, value in (cells or {}).items():
        book[sheet][name] = value
    return saved(book)


def saved(book: Any) -> io.BytesIO:
    buffer = io.BytesIO()
    book.save(buffer)
    buffer.seek(0)
    return buffer


def sentences(unit_return: UnitReturn, file: Any) -> list[str]:
    return [str(problem) for problem in return_sheets.read(unit_return, file).problems]


def box(read: return_sheets.Read, code: str, form: str = "06a") -> Box:
    column = Indicator.objects.get(form__key=form, code=code)
    return next(box for (pk, _), box in read.boxes.items() if pk == column.pk)


def test_what_is_filled_in_comes_back_as_boxes(found):
    read = return_sheets.read(found, filled(found, {"N9": "Chưa đối chiếu xong"}))

    assert read.problems == []
    assert (box(read, "4"), box(read, "13")) == (Box(7), Box(0))
    assert box(read, "tin_bai", "truyen-thong") == Box()
    assert not any(pk == Indicator.objects.get(form__key="06a", code="3").pk for pk, _ in read.boxes)


def test_a_reason_belongs_to_the_empty_boxes_of_its_row(found):
    read = return_sheets.read(found, filled(found, {"J9": None, "N9": "Chưa đối chiếu xong"}))

    assert box(read, "10") == Box(None, "Chưa đối chiếu xong")
    assert box(read, "9") == Box(3)


def test_a_file_sent_back_untouched_changes_nothing(found):
    field = FieldFactory(unit=found.unit)
    for code, values in {"4": {"value": 12, "comment": "Tăng do gia hạn."}, "10": {"blank_reason": "Chưa rõ."}}.items():
        column = Indicator.objects.get(form__key="06a", code=code)
        ReturnValue.objects.create(unit_return=found, indicator=column, field=field, **values)

    with return_sheets.write(found) as file:
        read = return_sheets.read(found, file)

    assert {key: box for key, box in read.boxes.items() if box != Box()} == return_grid.saved(found)


def test_totals_are_formulas_and_only_what_is_filled_in_is_open(found):
    with return_sheets.write(found) as file:
        sheet = load_workbook(file)["II.06a"]

    assert [sheet[name].value for name in ("C9", "G9", "K9")] == ["=D9+E9+F9", "=H9+I9+J9", "=L9+M9"]
    assert sheet.protection.sheet
    assert not sheet["D9"].protection.locked
    assert sheet["C9"].protection.locked
    assert sheet["C10"].value == "=SUM(C9:C9)"


@pytest.mark.parametrize(
    ("cell", "value", "sentence"),
    [
        ("D9", "bảy", "ô D9: “bảy” không phải số nguyên"),
        ("D9", 7.5, "ô D9: Chỉ nhận số nguyên"),
        ("D9", -1, "ô D9: Chỉ nhận số nguyên"),
        ("D9", "=1+6", "ô D9: Ô chứa công thức"),
        ("B9", "Lĩnh vực khác", "ô B9: Dòng này phải là “An toàn bức xạ”"),
        ("N9", "x" * 301, "ô N9: Viết gọn lại"),
        ("C9", 13, "ô C9: Tổng trong tệp là 13, các ô cộng lại là 12"),
    ],
)
def test_each_fault_is_named_with_its_form_and_cell(found, cell, value, sentence):
    read = return_sheets.read(found, filled(found, {cell: value}))

    assert [str(problem) for problem in read.problems] == [str(read.problems[0])]
    assert str(read.problems[0]).startswith("Biểu II.06a, ")
    assert sentence in str(read.problems[0])


def test_a_number_kept_as_text_is_read_as_people_write_it(found):
    read = return_sheets.read(found, filled(found, {"D9": "1.234", "E9": 4.0}))

    assert (box(read, "4"), box(read, "5")) == (Box(1234), Box(4))


def test_a_file_of_another_period_is_refused(found):
    other = UnitReturnFactory(unit=found.unit, period=ReportingPeriodFactory(number=4))

    [sentence] = sentences(found, filled(other))

    assert "quý IV năm 2024" in sentence
    assert found.period.name in sentence


def _with_part(name: str, content: bytes) -> io.BytesIO:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr(name, content)
    return buffer


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (io.BytesIO(b"%PDF-1.7"), return_sheets.NOT_XLSX),
        (_with_part("xl/vbaProject.bin", b"macro"), return_sheets.MACROS),
        (_with_part("xl/big.xml", b" " * (return_sheets.LARGEST_CONTENT + 1)), return_sheets.TOO_LARGE),
        (_with_part("xl/evil.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'), return_sheets.BROKEN),
        (_with_part("xl/other.xml", b"<a/>"), return_sheets.BROKEN),
        (_with_part("word/document.xml", b"<a/>"), return_sheets.BROKEN),
    ],
)
def test_what_is_no_such_workbook_is_refused_with_the_reason(found, file, sentence):
    assert sentences(found, file) == [sentence]


def test_keys_that_somebody_tampered_with_are_refused(found):
    book = load_workbook(filled(found))
    keys = json.loads(book["khoa"]["A2"].value)
    keys["forms"][0]["columns"].reverse()
    book["khoa"]["A2"] = json.dumps(keys)

    assert sentences(found, saved(book)) == [return_sheets.OTHER_FORMS]


# The pages.


def address(unit_return: UnitReturn, last: str) -> str:
    return f"/quan-tri/bao-cao/{unit_return.period.code}/don-vi/{unit_return.unit_id}/{last}"


@pytest.fixture
def open_return(found) -> UnitReturn:
    UnitReturn.objects.update(reopened_until="2099-12-31")
    found.refresh_from_db()
    return found


def upload(unit_return: UnitReturn, file: io.BytesIO, **data: str) -> dict[str, Any]:
    file.name = "so-lieu.xlsx"
    return {"path": address(unit_return, "nop-tep/"), "data": {"file": file, **data}}


def test_a_unit_downloads_fills_in_and_sends_back_its_own(client, open_return):
    client.force_login(UserFactory(role=roles.UNIT, unit=open_return.unit))
    sent = b"".join(client.get(address(open_return, "mau.xlsx")).streaming_content)
    book = load_workbook(io.BytesIO(sent))
    for letter, value in ROW.items():
        if value is not None:
            book["II.06a"][f"{letter}9"] = value

    response = client.post(**upload(open_return, saved(book)))

    assert response.status_code == 302
    open_return.refresh_from_db()
    assert open_return.status == "saved"
    assert open_return.values.get(indicator__code="4").value == 7
    assert open_return.events.get().verb == ReturnEvent.Verb.IMPORT


def test_a_file_with_a_fault_stores_nothing(client, open_return):
    client.force_login(UserFactory(role=roles.OFFICE, unit=UnitFactory()))
    file = filled(open_return, {"E9": "ba"})

    page = client.post(**upload(open_return, file, reason="Đơn vị gửi qua thư.")).content.decode()

    assert "Biểu II.06a, ô E9" in page
    assert not ReturnValue.objects.exists()


def test_figures_saved_since_the_download_are_replaced_only_if_asked(client, open_return):
    person = UserFactory(role=roles.UNIT, unit=open_return.unit)
    client.force_login(person)
    file = filled(open_return)
    column = Indicator.objects.get(form__key="truyen-thong", code="tin_bai")
    returns.save(open_return, {(column.pk, None): Box(4)}, by=person, at=open_return.period.opened_at)

    page = client.post(**upload(open_return, file)).content.decode()
    file.seek(0)
    asked = client.post(**upload(open_return, file, replace="on"))

    assert "đã thay đổi sau khi tải tệp này" in page
    assert asked.status_code == 302
    assert not open_return.values.filter(indicator=column).exists()


@pytest.mark.parametrize("last", ["mau.xlsx", "nop-tep/"])
def test_no_other_unit_gets_the_sheet(client, found, last):
    client.force_login(UserFactory(role=roles.UNIT, unit=UnitFactory()))

    assert client.get(address(found, last)).status_code == 404
