"""The same report for spreadsheets and as PDF, and all of them in LibreOffice."""

import subprocess
from io import BytesIO

import pytest
from openpyxl import load_workbook

from reports import narrating
from reports.exporting import csv, docx, pdf, xlsx

pytestmark = pytest.mark.any_database  # What a file looks like does not depend on where its words are kept.


def sheet_of(report):
    book = load_workbook(BytesIO(xlsx.content(report)))
    return next(sheet for sheet in book if any(cell.value == "(13)" for row in sheet.iter_rows() for cell in row))


def test_totals_are_formulas_over_real_numbers_below_a_frozen_head(report):
    sheet = sheet_of(report)
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert sheet.freeze_panes is not None
    assert 1230 in [cell.value for cell in cells]
    formulas = [cell.value for cell in cells if cell.data_type == "f"]
    assert any(formula.startswith("=SUM(") for formula in formulas)
    assert len(formulas) >= 3 * 3


def test_what_people_wrote_is_no_formula(report):
    book = load_workbook(BytesIO(xlsx.content(report)))
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row if "An toàn" in str(cell.value)]
    assert found
    assert {cell.data_type for cell in found} == {"s"}
    lines = list(csv.report_lines(report))
    assert any("'=An toàn" in line or "\"'=An toàn" in line for line in lines)
    assert not any(line.startswith("=") or ",=An" in line for line in lines)


def run(*arguments):
    return subprocess.run(arguments, check=True, capture_output=True, text=True, timeout=120).stdout


def pages(path):
    return run("pdftotext", "-layout", str(path), "-").split("\f")[:-1]


def test_the_pdf_says_the_same_in_the_letters_of_official_documents(report, tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf.content(report))

    found = pages(path)
    assert "BÁO CÁO" in found[0]
    assert "Kính gửi: Sở Nội vụ" in found[0]
    assert all(page.strip() for page in found)
    fonts = run("pdffonts", str(path)).splitlines()[2:]
    assert fonts
    assert all("Tinos" in line and " yes " in line for line in fonts)


def test_libreoffice_opens_all_of_them_without_an_empty_page(report, tmp_path):
    (tmp_path / "report.docx").write_bytes(docx.content(report))
    (tmp_path / "figures.xlsx").write_bytes(xlsx.content(report))
    figures = narrating.figures_of(report)

    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    files = [str(tmp_path / name) for name in ("report.docx", "figures.xlsx")]
    run("soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(tmp_path / "opened"), *files)

    document = pages(tmp_path / "opened" / "report.pdf")
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in document[0]
    assert all(page.strip() for page in document)
    told = run("pdfinfo", "-l", "20", str(tmp_path / "opened" / "report.pdf")).splitlines()
    sizes = {line.split(":", 1)[1].strip() for line in told if line.startswith("Page ") and "size" in line}
    assert len(sizes) == 2  # upright and across
    # Counted by LibreOffice from the formulas; its signs of thousands are those of the machine.
    counted = "\n".join(pages(tmp_path / "opened" / "figures.pdf"))
    assert str(figures.value("06a.3")) in counted.replace(",", "").replace(".", "")
