"""Official documents as DOCX, in the layout of NĐ 30/2020/NĐ-CP, Phụ lục I.

Number, date and signature stay open: the clerk gives them when the document is issued.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt

from portal.models import Organisation

FONT = "Times New Roman"
LANGUAGE = "vi-VN"
COUNTRY = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"

# Millimetres and points, of Phụ lục I as the house chose among them.
PAGE_WIDTH, PAGE_HEIGHT = 210, 297
TOP, BOTTOM, LEFT, RIGHT = 20, 20, 30, 15
TEXT_WIDTH = PAGE_WIDTH - LEFT - RIGHT
_ISSUER_WIDTH = 72  # of the two columns at the top; the name of the country needs the rest
BODY, SMALL_HEAD, HEAD, RECIPIENTS = 14, 12, 13, 11
_FIRST_LINE = Cm(1.27)
_NONE, _GAP = Pt(0), Pt(6)
_ROOM_FOR_SIGNATURE = 4  # empty lines
_WITH_LINES = "Table Grid"  # a style of the empty document
# Width of an average bold letter in parts of its size, measured in Times New Roman.
_CAPITAL, _SMALL = 0.61, 0.45
_MM_PER_POINT = 0.3528

_LEFT, _CENTRE, _JUSTIFIED = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY


@dataclass(frozen=True)
class Signer:
    """Who signs: by whose authority ("TL. GIÁM ĐỐC") and in which post ("CHÁNH VĂN PHÒNG"); the name is added later."""

    authority: str
    post: str
    name: str = ""


class OfficialDocument:
    """A document that is written from top to bottom, one call a part."""

    def __init__(self, subject: str, organisation: Organisation) -> None:
        """Start an empty A4 page; `subject` and the department stand in the properties of the file."""
        self._document: Any = Document()
        self._organisation = organisation
        properties = self._document.core_properties
        properties.title, properties.author, properties.language = subject, organisation.full_name, LANGUAGE
        properties.comments = ""
        self._set_page()
        self._set_style()

    def heading_block(self, number: str, on: date | None = None) -> None:
        """Write issuer and number to the left, country, motto, place and date to the right.

        `number` is what follows the open place ("SKHCN-VP" gives "Số:      /SKHCN-VP"); without `on` the date stays
        open too.
        """
        organisation = self._organisation
        table = self._bare_table([_ISSUER_WIDTH, TEXT_WIDTH - _ISSUER_WIDTH])
        (left, right), (below_left, below_right) = (row.cells for row in table.rows)
        _write(left.paragraphs[0], organisation.parent.upper(), size=SMALL_HEAD, align=_CENTRE)
        issuer = organisation.name.upper()
        _write(left.add_paragraph(), issuer, size=SMALL_HEAD, bold=True, align=_CENTRE)
        # A third to a half of the name.
        _rule(left.add_paragraph(), _ISSUER_WIDTH, 0.4 * _width(issuer, SMALL_HEAD, _ISSUER_WIDTH, _CAPITAL))
        _write(right.paragraphs[0], COUNTRY, size=SMALL_HEAD, bold=True, align=_CENTRE)
        _write(right.add_paragraph(), MOTTO, size=HEAD, bold=True, align=_CENTRE)
        column = TEXT_WIDTH - _ISSUER_WIDTH
        _rule(right.add_paragraph(), column, _width(MOTTO, HEAD, column, _SMALL))
        _write(below_left.paragraphs[0], f"Số:        /{number}", size=HEAD, align=_CENTRE)
        place = f"{organisation.place_in_documents}, {_dated(on)}"
        _write(below_right.paragraphs[0], place, size=HEAD, italic=True, align=_CENTRE)

    def title(self, kind: str, summary: str) -> None:
        """Write the name of the kind of document and below it what it is about, with its rule."""
        _write(self._add(before=Pt(18)), kind.upper(), bold=True, align=_CENTRE)
        _write(self._add(), summary, bold=True, align=_CENTRE)
        _rule(self._add(after=_GAP), TEXT_WIDTH, 0.4 * _width(summary, BODY, TEXT_WIDTH, _SMALL))

    def addressee(self, name: str) -> None:
        """Write to whom the document goes ("Kính gửi")."""
        _write(self._add(before=_GAP, after=Pt(12)), f"Kính gửi: {name}", align=_CENTRE)

    def paragraph(self, text: str, *, bold: bool = False, italic: bool = False) -> None:
        """Write a justified paragraph; line breaks in the text start further ones."""
        for line in filter(None, (line.strip() for line in text.splitlines())):
            paragraph = self._add(after=_GAP)
            paragraph.paragraph_format.first_line_indent = _FIRST_LINE
            _write(paragraph, line, bold=bold, italic=italic, align=_JUSTIFIED)

    def table(self, header: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
        """Write a table with a heading that recurs on each page; widths in parts of the text's width."""
        whole = sum(widths)
        millimetres = [TEXT_WIDTH * width / whole for width in widths]
        table = self._document.add_table(rows=1 + len(rows), cols=len(header), style=_WITH_LINES)
        _set_widths(table, millimetres)
        for row, texts in zip(table.rows, [header, *rows], strict=True):
            is_header = row._index == 0
            for cell, text in zip(row.cells, texts, strict=True):
                align = _CENTRE if is_header else _LEFT
                _write(cell.paragraphs[0], text, size=SMALL_HEAD, bold=is_header, align=align)
            _mark_row(row, "w:cantSplit")
        _mark_row(table.rows[0], "w:tblHeader")
        self._add(after=_GAP)

    def signature(self, signer: Signer, recipients: Sequence[str]) -> None:
        """Write to the left who receives it ("Nơi nhận"), to the right who signs, with room for the signature."""
        self._add()
        table = self._bare_table([TEXT_WIDTH / 2, TEXT_WIDTH / 2], rows=1)
        left, right = table.rows[0].cells
        _mark_row(table.rows[0], "w:cantSplit")
        _write(left.paragraphs[0], "Nơi nhận:", size=SMALL_HEAD, bold=True, italic=True, align=_LEFT)
        for number, recipient in enumerate(recipients, start=1):
            end = "." if number == len(recipients) else ";"
            _write(left.add_paragraph(), f"- {recipient}{end}", size=RECIPIENTS, align=_LEFT)
        lines = [line for line in (signer.authority, signer.post) if line]
        for number, line in enumerate(lines):
            paragraph = right.add_paragraph() if number else right.paragraphs[0]
            _write(paragraph, line.upper(), bold=True, align=_CENTRE)
        for _ in range(_ROOM_FOR_SIGNATURE):
            right.add_paragraph()
        _write(right.add_paragraph(), signer.name, bold=True, align=_CENTRE)

    def content(self) -> bytes:
        """Return the file."""
        file = BytesIO()
        self._document.save(file)
        return file.getvalue()

    def _add(self, *, before: Any = _NONE, after: Any = _NONE) -> Any:
        paragraph = self._document.add_paragraph()
        paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = before, after
        return paragraph

    def _bare_table(self, widths: Sequence[float], rows: int = 2) -> Any:
        table = self._document.add_table(rows=rows, cols=len(widths))
        margins = OxmlElement("w:tblCellMar")
        for side in ("left", "right"):
            margin = OxmlElement(f"w:{side}")
            margin.set(qn("w:w"), "0")
            margin.set(qn("w:type"), "dxa")
            margins.append(margin)
        table._tbl.tblPr.append(margins)
        _set_widths(table, widths)
        return table

    def _set_page(self) -> None:
        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(PAGE_WIDTH), Mm(PAGE_HEIGHT)
        section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
        section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
        section.header_distance = Mm(10)
        # The number of the page stands in the top margin, from the second page on.
        section.different_first_page_header_footer = True
        number = section.header.paragraphs[0]
        number.alignment = _CENTRE
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            number.add_run()._r.append(_field_part(kind, text))

    def _set_style(self) -> None:
        style = self._document.styles["Normal"]
        style.font.name, style.font.size = FONT, Pt(BODY)
        properties = style.element.get_or_add_rPr()
        fonts = properties.get_or_add_rFonts()
        for kind in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
            fonts.set(qn(kind), FONT)
        language = OxmlElement("w:lang")
        for kind in ("w:val", "w:eastAsia", "w:bidi"):
            language.set(qn(kind), LANGUAGE)
        properties.append(language)
        style.paragraph_format.space_after = _NONE
        style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE


def _write(
    paragraph: Any, text: str, *, size: int = BODY, bold: bool = False, italic: bool = False, align: Any = None
) -> None:
    paragraph.alignment = align
    run = paragraph.add_run(text)
    run.font.size, run.font.bold, run.font.italic = Pt(size), bold, italic


def _dated(on: date | None) -> str:
    """Return the date as documents write it: days below 10 and the months 1 and 2 with a zero."""
    if on is None:
        return "ngày      tháng      năm"
    month = f"{on.month:02}" if on.month < 3 else str(on.month)
    return f"ngày {on.day:02} tháng {month} năm {on.year}"


def _width(text: str, size: int, most: float, letter: float) -> float:
    """Return about how many millimetres the text takes in one line of `most`."""
    return min(len(text) * letter * size * _MM_PER_POINT, most)


def _rule(paragraph: Any, column: float, width: float) -> None:
    """Turn an empty paragraph into a rule of so many millimetres in the middle of its column."""
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = Mm((column - width) / 2)
    layout.line_spacing = Pt(3)
    layout.space_after = Pt(6)
    edges = OxmlElement("w:pBdr")
    edge = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "000000")):
        edge.set(qn(f"w:{name}"), value)
    edges.append(edge)
    # The schema wants the edges before the indents.
    paragraph._p.get_or_add_pPr().insert_element_before(edges, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")


def _set_widths(table: Any, millimetres: Sequence[float]) -> None:
    # Word reads the cells, LibreOffice the columns.
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(table.columns, millimetres, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def _mark_row(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _field_part(kind: str, text: str) -> Any:
    if text:
        part = OxmlElement("w:instrText")
        part.set(qn("xml:space"), "preserve")
        part.text = text
        return part
    part = OxmlElement("w:fldChar")
    part.set(qn("w:fldCharType"), kind)
    return part
