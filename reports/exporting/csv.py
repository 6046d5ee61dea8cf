"""Figures as CSV for other programs: plain numbers, and nothing that a program takes for a formula."""

from collections.abc import Iterator

from portal.spreadsheets import csv_lines
from reports.exporting import document
from reports.figures import Table
from reports.models import Report


def lines(table: Table) -> Iterator[str]:
    """Return the lines of one table, its total last."""
    first = [] if table.total is None else [table.row_title]
    rows = [[*([row.label] if first else []), *(cell.value for cell in row.cells)] for row in table.rows]
    if table.total is not None:
        rows.append(["Tổng cộng", *(cell.value for cell in table.total)])
    return csv_lines([*first, *(column.title for column in table.columns)], rows)


def report_lines(report: Report) -> Iterator[str]:
    """Return the lines of all tables of figures in the report, a line for each figure."""
    header = ["Biểu", "Dòng", "Chỉ tiêu", "Mã", "Giá trị", "Giá trị tổng hợp", "Lý do thay"]
    return csv_lines(header, _rows(report))


def _rows(report: Report) -> Iterator[list[str | int | None]]:
    for part in document.of(report).tables:
        if table := part.table:
            total = [("Tổng cộng", table.total)] if table.total is not None else []
            for label, cells in [*((row.label, row.cells) for row in table.rows), *total]:
                for column, cell in zip(table.columns, cells, strict=True):
                    reason = cell.override.reason if cell.override else ""
                    yield [table.name, label, column.title, cell.key, cell.value, cell.compiled, reason]
