"""A quarter and its year from the first day to the locked copy, as the office lives them."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.core.management import call_command
from docx import Document
from openpyxl import load_workbook

from portal import roles
from portal.steps import Conflict, Refused
from reports import compiling, narrating, opening, periods, return_grid, return_sheets, returns, sending
from reports.figures import Figures
from reports.models import Compilation, Report, ReportForm, ReturnEvent, UnitReturn
from reports.return_grid import Box
from tests.factories import (
    ArticleFactory,
    CommunicationPlanFactory,
    FieldFactory,
    OrganisationFactory,
    PlanTaskFactory,
    UnitFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
OPENED = datetime(2024, 8, 16, 1, tzinfo=UTC)
HANDED_IN = datetime(2024, 9, 12, 2, tzinfo=UTC)
COMPILED = datetime(2024, 9, 15, 1, tzinfo=UTC)
SENT = datetime(2024, 9, 15, 8, tzinfo=UTC)
LATER = datetime(2024, 10, 2, 2, tzinfo=UTC)
# Columns 4 to 13 of II.06a as typed: received, done, open; 3 = 7 + 11.
DOSSIERS = {"4": 30, "5": 10, "6": 2, "8": 25, "9": 12, "10": 1, "12": 4, "13": 0}
TOLD = {"tin_bai": 3, "hinh_anh": 6, "hoi_nghi": 1, "luot_nguoi": 40, "van_ban": 2}


@pytest.fixture
def office():
    return UserFactory(role=roles.OFFICE, unit=UnitFactory(name="Văn phòng Sở", active=True))


@pytest.fixture
def units(office):
    found = [UnitFactory(name=f"Phòng chuyên môn {letter}") for letter in "ABCD"]
    for unit in found:
        FieldFactory(unit=unit)
    for form in ReportForm.objects.filter(key__in=["06a", "truyen-thong"]):
        form.units.set(found)
    return found


def boxes_of(unit_return, **changed):
    """Return what the unit says in all its boxes."""
    found = {}
    for form in return_grid.grid(unit_return):
        given = {**(DOSSIERS if form.form.key == "06a" else TOLD), **changed}
        for row in form.rows:
            for code, one in row.boxes.items():
                if not one.is_total:
                    found[one.indicator.pk, row.field and row.field.pk] = Box(given[code])
    return found


def text_of(content):
    document = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def bytes_of(report, kind):
    with report.files.get(kind=kind).file.open("rb") as file:
        return file.read()


def test_the_quarter_from_its_opening_to_a_correction_against_the_locked_copy(office, units, tmp_path, settings):
    settings.DATA_DIR = tmp_path
    OrganisationFactory()
    ArticleFactory(published=True, publish_at=datetime(2024, 7, 1, 2, tzinfo=UTC))
    period = opening.open_period(periods.parse("2024-Q3"), by=office, at=OPENED)
    assert (period.first_on, period.last_on) == (date(2024, 6, 15), date(2024, 9, 14))
    by_sheet, corrected, absent, approved_late = UnitReturn.objects.filter(period=period).order_by("unit__name")

    # One unit fills in the workbook.
    person = UserFactory(role=roles.UNIT, unit=by_sheet.unit)
    returns.save(by_sheet, boxes_of(by_sheet), by=person, at=HANDED_IN)
    with return_sheets.write(by_sheet) as workbook:
        read = return_sheets.read(by_sheet, workbook)
    assert not read.problems
    returns.save(by_sheet, read.boxes, by=person, at=HANDED_IN, verb=ReturnEvent.Verb.IMPORT)
    returns.submit(by_sheet, by=person, at=HANDED_IN)
    returns.approve(by_sheet, by=office, at=HANDED_IN)

    # Another hands in what does not add up, is sent back, and mends it.
    person = UserFactory(role=roles.UNIT, unit=corrected.unit)
    returns.save(corrected, boxes_of(corrected, **{"8": 99}), by=person, at=HANDED_IN)
    with pytest.raises(Refused, match=r"phải bằng đã giải quyết"):
        returns.submit(corrected, by=person, at=HANDED_IN)
    returns.save(corrected, boxes_of(corrected, tin_bai=30), by=person, at=HANDED_IN)
    returns.submit(corrected, by=person, at=HANDED_IN)
    returns.return_(corrected, by=office, at=HANDED_IN, remark="Tin, bài gõ thừa số 0.")
    returns.save(corrected, boxes_of(corrected), by=person, at=HANDED_IN)
    returns.submit(corrected, by=person, at=HANDED_IN)
    returns.approve(corrected, by=office, at=HANDED_IN)

    # The third is reminded; for the fourth the office types, and says why.
    returns.remind(absent, by=office, at=HANDED_IN)
    with pytest.raises(Refused, match="lý do"):
        returns.save(approved_late, boxes_of(approved_late), by=office, at=HANDED_IN)
    returns.save(approved_late, boxes_of(approved_late), by=office, at=HANDED_IN, reason="Gửi bằng văn bản giấy.")
    returns.submit(approved_late, by=office, at=HANDED_IN)
    returns.approve(approved_late, by=office, at=HANDED_IN)

    first = compiling.compile_period(period, by=office, at=COMPILED)
    figures = Figures.of(first)
    assert figures.value("06a.3") == 3 * 42
    assert figures.value("truyen-thong.tin_bai") == 9
    assert figures.value("tin-bai.so") == 1
    assert [absent.unit.name in sentence for sentence in figures.missing_units] == [True]

    report = period.reports.get()
    narrating.take_compilation(report, first, by=office, at=COMPILED)
    assert any("chưa nộp" in sentence for sentence in sending.lacks(report, COMPILED.date()))
    edited = report.paragraphs.get(part__key="phuong-huong")
    narrating.edit(edited, "Mở rộng lấy ý kiến trực tuyến.", by=office, at=COMPILED, version=edited.version)
    sent = sending.send(report, document_number="5/BC-SKHCN", document_on=date(2024, 9, 15), by=office, at=SENT)

    content = bytes_of(sent, "docx")
    said = text_of(content)
    assert "Số: 05/BC-SKHCN" in said
    assert "Mở rộng lấy ý kiến trực tuyến." in said
    assert "126 hồ sơ" in said
    book = load_workbook(BytesIO(bytes_of(sent, "xlsx")))
    assert any(str(cell.value).startswith("=") for sheet in book for row in sheet.iter_rows() for cell in row)
    with pytest.raises(Conflict):
        narrating.edit(edited, "Sửa sau khi gửi.", by=office, at=LATER, version=edited.version + 1)

    # What came in later shows against the locked copy, in a version of its own.
    returns.reopen(absent, until=date(2024, 10, 5), reason="Nộp muộn.", by=office, at=LATER)
    person = UserFactory(role=roles.UNIT, unit=absent.unit)
    returns.save(absent, boxes_of(absent), by=person, at=LATER)
    returns.submit(absent, by=person, at=LATER)
    returns.approve(absent, by=office, at=LATER)
    compiling.compile_period(period, by=office, at=LATER)
    moved = {one.key: (one.before, one.after) for one in sending.moved_since_sent(sent).figures}
    assert moved["06a.3"] == (126, 168)
    later = sending.correct(sent, reason="Bổ sung số liệu nộp muộn.", by=office, at=LATER)
    assert later.version == 2
    assert any("168 hồ sơ" in change.after for change in sending.differences(sent, later).texts)
    assert bytes_of(sent, "docx") == content


def test_the_year_adds_up_its_quarters_and_lists_the_tasks_of_the_plan(office, units, tmp_path, settings):
    settings.DATA_DIR = tmp_path
    OrganisationFactory()
    plan = CommunicationPlanFactory(year=2024)
    PlanTaskFactory(plan=plan, number="II.1", content="Phổ biến văn bản đến cán bộ.", done_on=date(2024, 11, 1))
    for number in (1, 2, 3, 4):
        quarter = opening.open_period(periods.Name("quarter", 2024, number), by=office, at=OPENED)
        at = datetime(2024, number * 3, 14, 2, tzinfo=UTC)
        one = quarter.returns.order_by("unit__name").first()
        person = UserFactory(role=roles.UNIT, unit=one.unit)
        returns.save(one, boxes_of(one), by=person, at=at)
        returns.submit(one, by=person, at=at)
        returns.approve(one, by=office, at=at)

    call_command("compile_report", "2024", "--out", str(tmp_path / "out"))

    report = Report.objects.get(period__rhythm="year")
    figures = Figures.of(Compilation.objects.latest_of(report.period))
    # Sums over the quarters; what came from before only once, what is left only at the end.
    assert figures.value("06a.4") == 4 * 30
    assert figures.value("06a.6") == 2
    assert figures.value("06a.12") == 4
    assert report.due_on == date(2024, 12, 14)
    said = text_of((tmp_path / "out" / "truyen-thong-nam-2024.docx").read_bytes())
    assert "Phổ biến văn bản đến cán bộ." in said
    assert "Văn phòng UBND tỉnh" in said
    assert {path.suffix for path in (tmp_path / "out").iterdir()} == {".docx", ".pdf", ".xlsx", ".csv"}
