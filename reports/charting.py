"""The chart of a table of figures, the same on pages and in documents."""

from portal.charts import Chart
from reports.figures import Column, Table, TableRow

MOST_BARS = 12


def chart_of(table: Table) -> Chart | None:
    """Return the bars of the table; nothing where there is no number to draw.

    A table of one row shows its columns; one of several shows its rows by what leads each group of columns.
    """
    chart = _of_columns(table) if table.total is None else _of_rows(table)
    known = any(value is not None for _, values in chart.series for value in values)
    return chart if known else None


def leading(table: Table) -> list[int]:
    """Return the places of the columns that stand for the table: the first of each group, else the first of all."""
    places = {column.group: place for place, column in reversed(list(enumerate(table.columns))) if column.group}
    return sorted(places.values()) or ([0] if table.columns else [])


def short_title(column: Column) -> str:
    """Return what names a leading column: its group, which it sums up, or its own name."""
    return column.group or column.name


def _of_columns(table: Table) -> Chart:
    cells = table.rows[0].cells if table.rows else []
    labels = [column.title for column in table.columns]
    return Chart(table.title, labels, [(table.title, [cell.value for cell in cells])] if cells else [], table.measure)


def _of_rows(table: Table) -> Chart:
    places = leading(table)
    rows = _largest(table.rows, places)
    series = [(short_title(table.columns[place]), [row.cells[place].value for row in rows]) for place in places]
    return Chart(table.title, [row.label for row in rows], series, table.measure)


def _largest(rows: list[TableRow], places: list[int]) -> list[TableRow]:
    """Return the rows in their order, the small ones left out where there are too many for one picture."""
    if len(rows) <= MOST_BARS or not places:
        return rows
    by_size = sorted(rows, key=lambda row: row.cells[places[0]].value or 0, reverse=True)
    chosen = {row.label for row in by_size[:MOST_BARS]}
    return [row for row in rows if row.label in chosen]
