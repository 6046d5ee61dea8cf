"""manage.py import_procedures."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from procedures.models import Procedure

FILES = Path(__file__).parents[2] / "data" / "import"


def run(*arguments):
    output = StringIO()
    call_command("import_procedures", *arguments, stdout=output, verbosity=0)
    return output.getvalue()


@pytest.mark.django_db
def test_it_imports_and_tells_what_became_of_the_records():
    output = run(str(FILES / "danh-sach.csv"))

    assert "2 mới, 0 thay đổi, 0 đề nghị thay đổi, 0 không đổi, 1 bị từ chối" in output
    assert "Từ chối: danh-sach.csv, dòng 4, 1.9000011, Mã thủ tục: Mã “1.9000011” không đúng dạng" in output
    assert Procedure.objects.count() == 2


@pytest.mark.django_db
def test_a_dry_run_says_so_and_stores_nothing():
    output = run("--dry-run", str(FILES / "danh-sach.csv"))

    assert "Chạy thử, không lưu gì: 2 mới" in output
    assert not Procedure.objects.exists()


@pytest.mark.django_db
def test_it_tells_where_proposals_are_answered():
    run(str(FILES / "danh-sach.csv"))
    Procedure.objects.update(name="Tên khác", import_marks={}, short_name="Tên khác", status="published")

    output = run(str(FILES / "danh-sach.csv"))

    assert "0 thay đổi, 2 đề nghị thay đổi" in output
    assert "mục Đối chiếu với CSDL quốc gia" in output


@pytest.mark.django_db
def test_the_report_file_opens_in_a_spreadsheet(tmp_path):
    run(str(FILES / "danh-sach.csv"), "--report", str(tmp_path / "bao-cao.csv"))

    content = (tmp_path / "bao-cao.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert "1.9000011" in content.decode()


def test_it_writes_the_template(tmp_path):
    output = run("--template", str(tmp_path / "mau.xlsx"))

    assert "mau.xlsx" in output
    assert "Giấy tờ" in load_workbook(tmp_path / "mau.xlsx").sheetnames


def test_it_asks_for_a_path():
    with pytest.raises(CommandError):
        run()
