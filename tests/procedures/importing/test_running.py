"""A whole import: counted, reported, and never stopped by one bad record."""

import csv
import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.db import DatabaseError

from procedures import importing
from procedures.importing import reading, running
from procedures.importing.sources import tables
from procedures.models import Procedure

pytestmark = pytest.mark.django_db

FILES = Path(__file__).parents[2] / "data" / "import"
AT = datetime(2026, 11, 24, 1, tzinfo=UTC)


def test_every_format_is_imported_and_a_second_run_changes_nothing():
    first = importing.run([FILES], at=AT)
    second = importing.run([FILES], at=AT + timedelta(days=1))

    assert (first.new, first.changed, first.unchanged, first.refused) == (9, 2, 1, 2)
    assert (second.new, second.changed, second.unchanged, second.refused) == (0, 0, 12, 2)
    assert Procedure.objects.count() == 9


def test_refusals_say_where_and_why():
    report = importing.run([FILES / "danh-sach.csv", FILES / "trang-thu-thap.csv"], at=AT)

    refused = [(one.file, one.position, one.code, one.field) for one in report.problems]
    assert refused == [
        ("danh-sach.csv", "dòng 4", "1.9000011", "Mã thủ tục"),
        ("trang-thu-thap.csv", "dòng 36", "1.909999", "Tên thủ tục"),
    ]
    assert all(one.reason.endswith(".") for one in report.problems)


def test_a_dry_run_reports_and_stores_nothing():
    report = importing.run([FILES / "moi-2026.txt"], at=AT, dry_run=True)

    assert (report.dry_run, report.new) == (True, 1)
    assert not Procedure.objects.exists()


def test_the_report_lists_changes_as_plain_values():
    importing.run([FILES / "moi-2026.txt"], at=AT)
    Procedure.objects.update(import_marks={}, steps="Bước 1: Khác.")

    report = importing.run([FILES / "moi-2026.txt"], at=AT, dry_run=True)

    (changed,) = json.loads(json.dumps(report.to_dict()))["records"]
    assert (changed["kind"], changed["code"]) == ("changed", "1.900001")
    assert changed["changes"][0]["label"] == "trình tự thực hiện"
    assert changed["changes"][0]["old"] == "Bước 1: Khác."


def test_proposals_are_a_group_of_their_own_and_a_second_run_has_none():
    importing.run([FILES / "moi-2026.txt"], at=AT)
    Procedure.objects.update(import_marks={}, steps="Bước 1: Khác.", status="published")

    trial = importing.run([FILES / "moi-2026.txt"], at=AT + timedelta(days=1), dry_run=True)
    first = importing.run([FILES / "moi-2026.txt"], at=AT + timedelta(days=1))
    second = importing.run([FILES / "moi-2026.txt"], at=AT + timedelta(days=2))

    (proposed,) = first.to_dict()["records"]
    assert (trial.proposed, first.proposed, second.proposed) == (1, 1, 0)
    assert (first.changed, first.unchanged, second.unchanged) == (0, 0, 1)
    assert first.total == second.total == 1
    assert (proposed["kind"], proposed["changes"][0]["old"]) == ("proposed", "Bước 1: Khác.")
    assert Procedure.objects.get().steps == "Bước 1: Khác."


def test_a_long_text_is_cut_in_the_report():
    importing.run([FILES / "moi-2026.txt"], at=AT)
    Procedure.objects.update(import_marks={}, steps="x" * 1000)

    report = importing.run([FILES / "moi-2026.txt"], at=AT, dry_run=True)

    assert len(report.records[0]["changes"][0]["old"]) == running.SHOWN_LENGTH


def test_a_record_that_the_database_does_not_take_stops_nothing(monkeypatch):
    apply = running.apply

    def failing(record, **options):
        if record.code == "1.900001":
            raise DatabaseError
        return apply(record, **options)

    monkeypatch.setattr(running, "apply", failing)

    report = importing.run([FILES / "danh-sach.csv"], at=AT)

    assert (report.new, report.refused) == (1, 2)


def test_a_reader_that_fails_stops_only_its_file(monkeypatch):
    def failing(*args):
        raise IndexError

    monkeypatch.setattr(tables, "read", failing)

    report = importing.run([FILES / "danh-sach.csv", FILES / "moi-2026.txt"], at=AT)

    assert (report.new, report.refused) == (1, 1)
    assert report.problems[0].reason == reading.NOT_READ


def test_all_problems_are_counted_and_written_and_the_first_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(running, "MOST_PROBLEMS", 2)
    file = tmp_path / "ds.csv"
    file.write_text("Mã số,Tên\n" + "".join(f"=1.{n},Sai\n" for n in range(5)), encoding="utf-8")
    stream = StringIO()

    report = importing.run([file], at=AT, problems_to=stream)

    rows = list(csv.reader(StringIO(stream.getvalue())))
    assert (report.refused, len(report.problems)) == (5, 2)
    assert len(rows) == 6
    assert rows[1][2] == "'=1.0"


def test_only_the_first_changed_records_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(running, "MOST_RECORDS", 3)
    file = tmp_path / "ds.csv"
    file.write_text("Mã số,Tên\n" + "".join(f"1.90000{n},Thủ tục {n}\n" for n in range(5)), encoding="utf-8")

    report = importing.run([file], at=AT)

    assert (report.new, len(report.records)) == (5, 3)


def test_progress_goes_up_to_the_bytes_of_all_files():
    steps = []

    importing.run(
        [FILES / "danh-sach.csv", FILES / "mongo.json"], at=AT, progress=lambda done, total: steps.append((done, total))
    )

    size = sum((FILES / name).stat().st_size for name in ("danh-sach.csv", "mongo.json"))
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert steps[-1] == (size, size)


def test_a_long_list_is_read_as_it_goes(tmp_path):
    file = tmp_path / "ds.csv"
    file.write_text("Mã số,Tên\n" + "".join(f"1.{n:06},Thủ tục {n}\n" for n in range(50_000)), encoding="utf-8")
    read_so_far = []

    record = next(iter(reading.read_file(file, meter=read_so_far.append)))
    rest = reading.read_file(file, meter=read_so_far.append)
    next(rest), next(rest)

    assert record.code == "1.000000"
    assert read_so_far[-1] < file.stat().st_size / 10
