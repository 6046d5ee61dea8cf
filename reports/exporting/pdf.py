"""The report as PDF: the same parts and layout, drawn from a page of our own."""

from base64 import b64encode
from typing import Any

from portal.charts import Chart
from portal.official_documents import COUNTRY, MOTTO, TEXT_WIDTH
from portal.pdf import Paper
from reports.exporting import document
from reports.models import Report

_DOTS_PER_MM = 200 / 25.4


def content(report: Report) -> bytes:
    """Return the file; raises portal.pdf.NotAvailable."""
    name = f"bao-cao-{report.pk}"
    return Paper.of(name, "reports/print/report.html", context(report), stylesheet="report-print.css").drawn()


def context(report: Report) -> dict[str, Any]:
    """Return what the page for print and the preview are filled in with."""
    given = document.of(report)
    charts = [block.chart for block in given.blocks if isinstance(block, document.ChartPart)]
    # By all that they say: two charts may have one title.
    pictures = {chart.description: _picture(chart) for chart in charts}
    return {"document": given, "pictures": pictures, "country": COUNTRY, "motto": MOTTO}


def _picture(chart: Chart) -> str:
    png = chart.png(round(TEXT_WIDTH * _DOTS_PER_MM))
    return f"data:image/png;base64,{b64encode(png).decode()}"
