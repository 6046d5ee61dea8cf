"""The report as a document of NĐ 30/2020, measured point by point (RULES L1 to L14)."""

from datetime import date
from io import BytesIO

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from reports.exporting import docx

pytestmark = pytest.mark.any_database  # The layout of a file does not depend on where its words are kept.
CENTRE, JUSTIFIED = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY


@pytest.fixture
def document(report):
    return Document(BytesIO(docx.content(report)))


def paragraphs(document):
    """Return every paragraph in the order of the page, those in tables too."""
    from docx.text.paragraph import Paragraph

    return [Paragraph(one, document) for one in document.element.body.iter(qn("w:p"))]


def saying(document, text):
    return next(one for one in paragraphs(document) if one.text.strip().startswith(text))


def look(paragraph):
    run = paragraph.runs[0]
    return run.font.size.pt, bool(run.font.bold), bool(run.font.italic), paragraph.alignment


def has_rule(paragraph):
    return paragraph._p.find(f"{qn('w:pPr')}/{qn('w:pBdr')}/{qn('w:bottom')}") is not None


def following(document, paragraph):
    found = paragraphs(document)
    return found[next(place for place, one in enumerate(found) if one._p is paragraph._p) + 1]


def test_l1_l14_page_margins_and_font(document):
    first = document.sections[0]
    assert (first.page_width.mm, first.page_height.mm) == pytest.approx((210, 297), abs=0.1)
    margins = [first.top_margin, first.bottom_margin, first.left_margin, first.right_margin]
    assert [margin.mm for margin in margins] == pytest.approx([20, 20, 30, 15], abs=0.1)
    style = document.styles["Normal"]
    fonts = style.element.rPr.rFonts
    assert {fonts.get(qn(f"w:{kind}")) for kind in ("ascii", "hAnsi", "eastAsia", "cs")} == {"Times New Roman"}
    assert style.font.size.pt == 14


def test_l2_page_numbers_in_the_top_margin_hidden_on_first_pages_each_annex_apart(document):
    assert len(document.sections) == 3  # the report and its two annexes
    for section in document.sections:
        assert section.different_first_page_header_footer
    number = document.sections[0].header.paragraphs[0]
    assert [part.text for part in number._p.iter(qn("w:instrText"))] == ["PAGE"]
    assert number.alignment == CENTRE
    for annex in document.sections[1:]:
        assert annex._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"


def test_l3_l4_heads_of_country_and_of_the_department(document):
    assert look(saying(document, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")) == (12, True, False, CENTRE)
    motto = saying(document, "Độc lập - Tự do - Hạnh phúc")
    assert look(motto) == (13, True, False, CENTRE)
    assert has_rule(following(document, motto))
    assert look(saying(document, "UBND TỈNH BÀ RỊA - VŨNG TÀU")) == (12, False, False, CENTRE)
    issuer = saying(document, "SỞ KHOA HỌC VÀ CÔNG NGHỆ")
    assert look(issuer) == (12, True, False, CENTRE)
    assert has_rule(following(document, issuer))


def test_l5_l6_number_symbol_place_and_date_stay_open_until_they_are_given(document, report):
    number = saying(document, "Số:")
    assert number.text == "Số:        /BC-SKHCN"
    assert look(number)[0] == 13
    assert look(saying(document, "Bà Rịa - Vũng Tàu, ngày"))[:3] == (13, False, True)

    report.status, report.document_number, report.document_on = "sent", "5/BC-SKHCN", date(2024, 9, 5)
    report.sent_at = report.compilation.at
    given = Document(BytesIO(docx.content(report)))

    assert saying(given, "Số:").text == "Số: 05/BC-SKHCN"
    assert saying(given, "Bà Rịa - Vũng Tàu, ngày").text == "Bà Rịa - Vũng Tàu, ngày 05 tháng 9 năm 2024"


def test_l7_l12_kind_summary_and_addressee(document):
    assert look(saying(document, "BÁO CÁO")) == (14, True, False, CENTRE)
    summary = saying(document, "Kết quả công tác kiểm soát thủ tục hành chính")
    assert look(summary) == (14, True, False, CENTRE)
    assert has_rule(following(document, summary))
    assert saying(document, "Kính gửi:").text == "Kính gửi: Sở Nội vụ"


def test_l8_l9_body_and_headings(document):
    body = saying(document, "Trên đây là kết quả")
    assert look(body) == (14, False, False, JUSTIFIED)
    layout = body.paragraph_format
    assert layout.first_line_indent == pytest.approx(Cm(1.27), abs=700)
    assert layout.space_after >= Pt(6)
    assert look(saying(document, "I. KẾT QUẢ THỰC HIỆN"))[:2] == (14, True)
    assert look(saying(document, "1. Công bố, công khai thủ tục hành chính"))[:2] == (14, True)


def test_l10_l11_l12_signature_and_recipients(document):
    assert look(saying(document, "GIÁM ĐỐC")) == (14, True, False, CENTRE)
    assert look(saying(document, "Nơi nhận:"))[:3] == (12, True, True)
    lines = [one.text for one in paragraphs(document) if one.text.startswith("- ")]
    assert lines == [
        "- Như trên;",
        "- Giám đốc, các Phó Giám đốc Sở;",
        "- Các phòng, đơn vị thuộc Sở;",
        "- Lưu: VT, VP.",
    ]
    assert look(saying(document, "- Như trên;"))[0] == 11


def test_l13_annexes_wide_ones_across_with_the_head_of_the_form(document):
    annex = saying(document, "Phụ lục I")
    assert look(annex)[:2] == (14, True)
    wide = document.sections[1]
    assert wide.orientation == WD_ORIENT.LANDSCAPE
    assert (wide.page_width.mm, wide.page_height.mm) == pytest.approx((297, 210), abs=0.1)
    attached = saying(document, "(Kèm theo Báo cáo số")
    assert look(attached)[2]
    text = "\n".join(one.text for one in paragraphs(document))
    for words in (
        "Từ ngày 15 tháng 6 năm 2024 đến ngày 14 tháng 9 năm 2024",
        "Đơn vị báo cáo: ",
        "Đơn vị nhận báo cáo: Sở Nội vụ",
        "Đơn vị tính: Số hồ sơ TTHC",
        "Biểu số II.06a",
    ):
        assert words in text


def test_the_form_prints_its_groups_numbers_of_columns_rows_and_total(document):
    table = next(one for one in document.tables if "(13)" in [cell.text for row in one.rows for cell in row.cells])
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert "Số hồ sơ tiếp nhận" in rows[0]
    assert rows[2][-11:] == [f"({number})" for number in range(3, 14)]
    assert rows[-1][-11:] == ["2.484", "2.460", "20", "4", "2.476", "2.450", "24", "2", "8", "8", "0"]
    assert any("=An toàn bức xạ & hạt nhân <A>" in row for row in rows)


def test_what_people_wrote_is_text_whatever_signs_it_has(document):
    text = "\n".join(one.text for one in paragraphs(document))
    assert "=1+1 hồ sơ chưa đồng bộ & <thiếu>" in text
