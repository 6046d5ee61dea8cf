"""Official documents as DOCX, in the layout of NĐ 30/2020/NĐ-CP, Phụ lục I.

Number, date and signature stay open until the clerk gives them when the document is issued.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
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
# Across, the page is bound at its upper edge: the margins turn with it.
TEXT_WIDTH_ACROSS = PAGE_HEIGHT - TOP - BOTTOM
TEXT_HEIGHT = PAGE_HEIGHT - TOP - BOTTOM
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
_RIGHT = WD_ALIGN_PARAGRAPH.RIGHT
_ALIGNED = {"left": _LEFT, "centre": _CENTRE, "right": _RIGHT}
_PADDING = 1.2  # millimetres between the edge of a box and its words
_OPEN_NUMBER = " " * 7


@dataclass(frozen=True)
class Signer:
    """Who signs: by whose authority ("TL. GIÁM ĐỐC") and in which post ("CHÁNH VĂN PHÒNG"); the name is added later."""

    authority: str
    post: str
    name: str = ""


@dataclass(frozen=True)
class Head:
    """A box in the head of a table, which may span columns and rows of it."""

    text: str
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True)
class Grid:
    """A table as it is printed: all its boxes are words."""

    head: Sequence[Sequence[Head]]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]  # of the columns, in parts of the whole
    aligned: Sequence[str] = ()  # left, centre or right, for each column; all left without it
    column_numbers: Sequence[str] = ()  # "(1)", "(2)": a further row of the head
    total: Sequence[str] = ()  # a last row, bold

    @classmethod
    def simple(cls, header: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> "Grid":
        """Return a table of words with one row of headings."""
        return cls([[Head(text) for text in header]], rows, widths)

    @property
    def alignment(self) -> Sequence[str]:
        return self.aligned or ["left"] * len(self.widths)


class OfficialDocument:
    """A document that is written from top to bottom, one call a part."""

    def __init__(self, subject: str, organisation: Organisation, *, at: datetime | None = None) -> None:
        """Start an empty A4 page; `subject`, the department and when it was made stand in the file's properties."""
        self._document: Any = Document()
        self._organisation = organisation
        self._text_width = TEXT_WIDTH
        properties = self._document.core_properties
        properties.title, properties.author, properties.language = subject, organisation.full_name, LANGUAGE
        properties.comments = ""
        if at is not None:
            properties.created = properties.modified = at.astimezone(UTC).replace(tzinfo=None)
        self._set_page()
        self._set_style()

    def heading_block(self, symbol: str, on: date | None = None, *, number: str = "") -> None:
        """Write issuer and number to the left, country, motto, place and date to the right.

        `symbol` is what follows the open place ("SKHCN-VP" gives "Số:      /SKHCN-VP"), `number` the whole of it once
        it is given ("5/BC-SKHCN" gives "Số: 05/BC-SKHCN"). Without `on` the date stays open too.
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
        _write(below_left.paragraphs[0], f"Số: {numbered(symbol, number)}", size=HEAD, align=_CENTRE)
        place = f"{organisation.place_in_documents}, {dated(on)}"
        _write(below_right.paragraphs[0], place, size=HEAD, italic=True, align=_CENTRE)

    def title(self, kind: str, summary: str) -> None:
        """Write the name of the kind of document and below it what it is about, with its rule."""
        _write(self._add(before=Pt(18)), kind.upper(), bold=True, align=_CENTRE)
        _write(self._add(), summary, bold=True, align=_CENTRE)
        _rule(self._add(after=_GAP), TEXT_WIDTH, 0.4 * _width(summary, BODY, TEXT_WIDTH, _SMALL))

    def addressee(self, name: str) -> None:
        """Write to whom the document goes ("Kính gửi")."""
        _write(self._add(before=_GAP, after=Pt(12)), f"Kính gửi: {name}", align=_CENTRE)

    def heading(self, text: str, level: int) -> None:
        """Write the title of a part: 1 is "I. TITLE" in bold capitals, 2 is "1. Title" bold, 3 "a) Title" regular."""
        paragraph = self._add(before=_GAP, after=_GAP)
        layout = paragraph.paragraph_format
        layout.first_line_indent, layout.keep_with_next = _FIRST_LINE, True
        _set_outline_level(paragraph, level)
        _write(paragraph, text.upper() if level == 1 else text, bold=level < 3, align=_JUSTIFIED)

    def paragraph(self, text: str, *, bold: bool = False, italic: bool = False) -> None:
        """Write a justified paragraph; line breaks in the text start further ones."""
        for line in filter(None, (line.strip() for line in text.splitlines())):
            paragraph = self._add(after=_GAP)
            paragraph.paragraph_format.first_line_indent = _FIRST_LINE
            _write(paragraph, line, bold=bold, italic=italic, align=_JUSTIFIED)

    def line(
        self, text: str, *, size: int = BODY, bold: bool = False, italic: bool = False, align: str = "centre"
    ) -> None:
        """Write a line that belongs to what follows: the caption of a table, a unit of measure."""
        paragraph = self._add(after=Pt(3))
        paragraph.paragraph_format.keep_with_next = True
        _write(paragraph, text, size=size, bold=bold, italic=italic, align=_ALIGNED[align])

    def note(self, text: str) -> None:
        """Write a remark below a table."""
        _write(self._add(after=_GAP), text, size=SMALL_HEAD, italic=True, align=_JUSTIFIED)

    def table(self, grid: Grid, *, size: int = SMALL_HEAD) -> None:
        """Write a table whose head recurs on each page and whose rows no page parts."""
        millimetres = [self._text_width * width / sum(grid.widths) for width in grid.widths]
        head = len(grid.head) + bool(grid.column_numbers)
        rows = [*grid.rows, *([grid.total] if grid.total else [])]
        table = self._document.add_table(rows=head + len(rows), cols=len(millimetres), style=_WITH_LINES)
        _set_widths(table, millimetres)
        _set_padding(table, _PADDING)
        cells = [row.cells for row in table.rows]
        _write_head(cells, grid, size)
        for number, texts in enumerate(rows):
            bold = bool(grid.total) and number == len(rows) - 1
            for cell, text, align in zip(cells[head + number], texts, grid.alignment, strict=True):
                _write(cell.paragraphs[0], text, size=size, bold=bold, align=_ALIGNED[align])
                cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        for number, row in enumerate(table.rows):
            _mark_row(row, "w:cantSplit")
            if number < head:
                _mark_row(row, "w:tblHeader")
        self._add(after=_GAP).paragraph_format.line_spacing = Pt(3)

    def columns(self, left: Sequence[str], right: Sequence[str], *, size: int = SMALL_HEAD) -> None:
        """Write lines side by side, without edges."""
        table = self._bare_table([self._text_width / 2] * 2, rows=1)
        for cell, lines, align in zip(table.rows[0].cells, (left, right), (_LEFT, _LEFT), strict=True):
            for number, line in enumerate(lines):
                paragraph = cell.add_paragraph() if number else cell.paragraphs[0]
                paragraph.paragraph_format.keep_with_next = True
                _write(paragraph, line, size=size, align=align)

    def picture(self, png: bytes, *, title: str, description: str) -> None:
        """Write a picture as wide as the text, or as high as the page lets it be, with words for who cannot see it."""
        paragraph = self._add(before=_GAP, after=_GAP)
        paragraph.alignment = _CENTRE
        shape = paragraph.add_run().add_picture(BytesIO(png), width=Mm(self._text_width))
        most = Mm(TEXT_HEIGHT * 0.8)
        if shape.height > most:
            shape.width, shape.height = int(shape.width * most / shape.height), most
        properties = shape._inline.docPr
        properties.set("title", title)
        properties.set("descr", description)

    def annex(self, label: str, title: str, attached: str, *, across: bool = False) -> None:
        """Start an annex on a page of its own, numbered apart ("Phụ lục I"); `attached` says to what it belongs."""
        section = self._document.add_section(WD_SECTION.NEW_PAGE)
        _lay(section, across=across)
        self._text_width = TEXT_WIDTH_ACROSS if across else TEXT_WIDTH
        _number_from_one(section)
        heading = self._add()
        _set_outline_level(heading, 1)
        _write(heading, label, bold=True, align=_CENTRE)
        _write(self._add(), title.upper(), bold=True, align=_CENTRE)
        _write(self._add(after=_GAP), f"({attached})", italic=True, align=_CENTRE)

    def signature(self, signer: Signer, recipients: Sequence[str]) -> None:
        """Write to the left who receives it ("Nơi nhận"), to the right who signs, with room for the signature."""
        # Who signs does not stand alone on a page.
        for paragraph in (*self._document.paragraphs[-1:], self._add()):
            paragraph.paragraph_format.keep_with_next = True
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
        _set_padding(table, 0)
        _set_widths(table, widths)
        return table

    def _set_page(self) -> None:
        section = self._document.sections[0]
        _lay(section, across=False)
        # The number of the page stands in the top margin, from the second page on.
        section.different_first_page_header_footer = True
        number = section.header.paragraphs[0]
        number.alignment = _CENTRE
        number.paragraph_format.space_after = _NONE
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


def numbered(symbol: str, number: str = "") -> str:
    """Return the number and symbol of a document: an open place before the symbol, or 5/BC-SKHCN as 05/BC-SKHCN."""
    given = re.sub(r"\s+", "", number)
    return re.sub(r"^\d(?=/)", r"0\g<0>", given) if given else f"{_OPEN_NUMBER}/{symbol}"


def dated(on: date | None) -> str:
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


def _set_padding(table: Any, millimetres: float) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(Mm(millimetres).twips))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook", "w:tblCaption", "w:tblDescription")


def _write_head(cells: Sequence[Sequence[Any]], grid: Grid, size: int) -> None:
    taken: set[tuple[int, int]] = set()
    for row, boxes in enumerate(grid.head):
        column = 0
        for box in boxes:
            while (row, column) in taken:
                column += 1
            last_row, last_column = row + box.rows - 1, column + box.columns - 1
            taken |= {(r, c) for r in range(row, last_row + 1) for c in range(column, last_column + 1)}
            cell = cells[row][column]
            if (box.rows, box.columns) != (1, 1):
                cell = cell.merge(cells[last_row][last_column])
            _write(cell.paragraphs[0], box.text, size=size, bold=True, align=_CENTRE)
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            column = last_column + 1
    for cell, text in zip(cells[len(grid.head)], grid.column_numbers, strict=False):
        _write(cell.paragraphs[0], text, size=RECIPIENTS, italic=True, align=_CENTRE)


def _lay(section: Any, *, across: bool) -> None:
    """Give the section an A4 page, upright or across."""
    width, height = (PAGE_HEIGHT, PAGE_WIDTH) if across else (PAGE_WIDTH, PAGE_HEIGHT)
    top, right, bottom, left = (LEFT, TOP, RIGHT, BOTTOM) if across else (TOP, RIGHT, BOTTOM, LEFT)
    section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    section.header_distance = Mm(top / 2)


def _number_from_one(section: Any) -> None:
    for old in section._sectPr.findall(qn("w:pgNumType")):
        section._sectPr.remove(old)
    numbers = OxmlElement("w:pgNumType")
    numbers.set(qn("w:start"), "1")
    section._sectPr.find(qn("w:pgMar")).addnext(numbers)


def _set_outline_level(paragraph: Any, level: int) -> None:
    """Let programs list the paragraph among the headings; it keeps its looks."""
    mark = OxmlElement("w:outlineLvl")
    mark.set(qn("w:val"), str(level - 1))
    paragraph._p.get_or_add_pPr().insert_element_before(
        mark, "w:divId", "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange"
    )


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
