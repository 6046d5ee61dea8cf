"""The report as DOCX in the layout of NĐ 30/2020/NĐ-CP (RULES L1 to L14)."""

from portal.official_documents import HEAD, RECIPIENTS, SMALL_HEAD, TEXT_WIDTH, OfficialDocument
from reports.exporting import document
from reports.exporting.document import Annex, ChartPart, Heading, Paragraph, TablePart
from reports.models import Report

_DOTS_PER_MM = 200 / 25.4


def content(report: Report) -> bytes:
    """Return the file."""
    given = document.of(report)
    made = OfficialDocument(given.summary, given.organisation, at=given.at)
    made.heading_block(given.symbol, given.on, number=given.number)
    made.title(given.kind, given.summary)
    made.addressee(given.addressee)
    for block in given.blocks:
        _write(made, block)
    made.signature(given.signer, given.recipients)
    for annex in given.annexes:
        _annex(made, annex, given.attached)
    return made.content()


def _write(made: OfficialDocument, block: document.Block) -> None:
    match block:
        case Heading():
            made.heading(block.text, block.level)
        case Paragraph():
            made.paragraph(block.text, italic=block.italic)
        case TablePart():
            made.line(block.caption, size=HEAD, bold=True)
            _table(made, block, SMALL_HEAD)
        case ChartPart():
            made.line(block.caption, size=HEAD, bold=True)
            made.picture(
                block.chart.png(round(TEXT_WIDTH * _DOTS_PER_MM)),
                title=block.chart.title,
                description=block.chart.description,
            )


def _table(made: OfficialDocument, part: TablePart, size: int) -> None:
    if part.measure:
        made.line(f"Đơn vị tính: {part.measure}", size=SMALL_HEAD, italic=True, align="right")
    made.table(part.grid, size=size)
    for note in part.notes:
        made.note(note)


def _annex(made: OfficialDocument, annex: Annex, attached: str) -> None:
    made.annex(annex.label, annex.title, attached, across=annex.across)
    made.line(annex.period, size=HEAD)
    made.columns([annex.form] if annex.form else [], annex.offices)
    _table(made, annex.part, RECIPIENTS if annex.across else SMALL_HEAD)
