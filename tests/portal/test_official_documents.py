"""The layout of NĐ 30/2020/NĐ-CP, Phụ lục I, measured in the finished file."""

from datetime import date
from io import BytesIO

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt

from portal.models import Organisation
from portal.official_documents import Grid, OfficialDocument, Signer

DEPARTMENT = Organisation(
    name="Sở Khoa học và Công nghệ",
    place="tỉnh Bà Rịa - Vũng Tàu",
    place_in_documents="Bà Rịa - Vũng Tàu",
    parent="UBND tỉnh Bà Rịa - Vũng Tàu",
)


def written(on=None):
    document = OfficialDocument("Giấy tiếp nhận 1/2026", DEPARTMENT)
    document.heading_block("SKHCN-VP", on)
    document.title("Thông báo", "Về việc không tiếp nhận")
    document.addressee("Người gửi")
    document.paragraph("Dòng một.\n\nDòng hai.")
    document.table(Grid.simple(["STT", "Nội dung"], [["1", "a"], ["2", "b"]], [1, 4]))
    document.signature(Signer("TL. Giám đốc", "Chánh Văn phòng"), ["Như trên", "Lưu: VT, VP"])
    return Document(BytesIO(document.content()))


@pytest.fixture(scope="module")
def document():
    return written()


def cells(table):
    return [list(cell.paragraphs) for row in table.rows for cell in row.cells]


def test_the_page_has_the_size_and_margins_of_official_documents(document):
    (section,) = document.sections

    assert (section.page_width.mm, section.page_height.mm) == pytest.approx((210, 297), abs=0.1)
    margins = [section.top_margin, section.bottom_margin, section.left_margin, section.right_margin]
    assert [margin.mm for margin in margins] == pytest.approx([20, 20, 30, 15], abs=0.1)


def test_pages_are_numbered_in_the_top_margin_from_the_second_one(document):
    (section,) = document.sections

    assert section.different_first_page_header_footer
    number = section.header.paragraphs[0]
    assert number.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert [part.text for part in number._p.iter(qn("w:instrText"))] == ["PAGE"]
    assert section.first_page_header.paragraphs[0].text == ""


def test_every_kind_of_letter_is_in_times_new_roman_and_in_vietnamese(document):
    properties = document.styles["Normal"].element.rPr
    fonts = properties.find(qn("w:rFonts"))

    assert {fonts.get(qn(f"w:{kind}")) for kind in ("ascii", "hAnsi", "eastAsia", "cs")} == {"Times New Roman"}
    assert properties.find(qn("w:lang")).get(qn("w:val")) == "vi-VN"
    assert document.styles["Normal"].font.size == Pt(14)
    assert document.core_properties.title == "Giấy tiếp nhận 1/2026"
    assert document.core_properties.author == "Sở Khoa học và Công nghệ tỉnh Bà Rịa - Vũng Tàu"


def test_the_head_names_issuer_and_country_and_leaves_number_and_date_open(document):
    left, right, below_left, below_right = cells(document.tables[0])

    assert [paragraph.text for paragraph in left] == ["UBND TỈNH BÀ RỊA - VŨNG TÀU", "SỞ KHOA HỌC VÀ CÔNG NGHỆ", ""]
    assert [paragraph.runs[0].bold for paragraph in left[:2]] == [False, True]
    texts = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", ""]
    assert [paragraph.text for paragraph in right] == texts
    assert {run.font.size for paragraph in right for run in paragraph.runs} <= {Pt(12), Pt(13), Pt(14)}
    assert below_left[0].text == "Số:        /SKHCN-VP"
    assert below_right[0].text == "Bà Rịa - Vũng Tàu, ngày      tháng      năm"
    assert below_right[0].runs[0].italic


def rule_length(paragraph, column):
    assert paragraph._p.pPr.find(qn("w:pBdr")).find(qn("w:bottom")) is not None
    layout = paragraph.paragraph_format
    return column.mm - layout.left_indent.mm - layout.right_indent.mm


def test_the_rules_are_as_long_as_the_decree_says(document):
    table = document.tables[0]
    left, right, *_ = cells(table)

    # 12 points bold the name is 64.5 mm long, the motto in 13 points 56 mm, as measured in the font.
    assert 64.5 / 3 <= rule_length(left[-1], table.columns[0].width) <= 64.5 / 2
    assert rule_length(right[-1], table.columns[1].width) == pytest.approx(56, abs=2)


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (date(2026, 2, 3), "ngày 03 tháng 02 năm 2026"),
        (date(2026, 1, 31), "ngày 31 tháng 01 năm 2026"),
        (date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
    ],
)
def test_small_days_and_the_months_one_and_two_get_a_zero(on, said):
    assert cells(written(on).tables[0])[-1][0].text == f"Bà Rịa - Vũng Tàu, {said}"


def test_the_body_is_justified_with_its_first_line_indented(document):
    body = [paragraph for paragraph in document.paragraphs if paragraph.text.startswith("Dòng")]

    assert [paragraph.text for paragraph in body] == ["Dòng một.", "Dòng hai."]
    for paragraph in body:
        layout = paragraph.paragraph_format
        assert paragraph.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
        assert layout.first_line_indent.cm == pytest.approx(Cm(1.27).cm, abs=0.01)
        assert layout.space_after >= Pt(6)
        assert {run.font.size for run in paragraph.runs} == {Pt(14)}


def test_a_table_has_its_widths_in_columns_and_cells_and_repeats_its_head(document):
    table = document.tables[1]

    widths = [column.width.mm for column in table.columns]
    assert widths == pytest.approx([33, 132], abs=0.1)
    assert [cell.width.mm for row in table.rows for cell in row.cells] == pytest.approx(widths * 3, abs=0.1)
    assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows] == [True, False, False]


def test_receivers_stand_to_the_left_of_the_one_who_signs(document):
    left, right = cells(document.tables[2])

    assert [paragraph.text for paragraph in left] == ["Nơi nhận:", "- Như trên;", "- Lưu: VT, VP."]
    head = left[0].runs[0]
    assert (head.font.size, head.bold, head.italic) == (Pt(12), True, True)
    assert left[1].runs[0].font.size == Pt(11)
    assert [paragraph.text for paragraph in right[:2]] == ["TL. GIÁM ĐỐC", "CHÁNH VĂN PHÒNG"]
    assert right[-1].text == ""  # the name is added when it is signed
    assert sum(column.width for column in document.tables[2].columns) == pytest.approx(Mm(165), abs=Mm(0.2))
