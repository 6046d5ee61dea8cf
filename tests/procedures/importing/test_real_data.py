"""The real records that were collected for this project; they are not part of it."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from procedures import importing
from procedures.importing.records import Problem
from procedures.models import CODE, Procedure

AT = datetime(2026, 11, 24, 1, tzinfo=UTC)

# Folder, how many records it holds, and how many of their codes are missing or malformed.
FOLDERS = [
    ("dvcqg-2026-txt", 922, 0),
    ("dvcqg-2024-txt", 595, 0),
    ("dvcqg-2026-json", 148, 0),
    ("dvcqg-2026-md", 207, 0),
    ("dvcqg-2026-api", 12, 0),
    ("bqp-2025-json", 161, 0),
    ("dvcqg-2021-mongo-json", 65, 65),
    ("danh-muc/full-data-2026-07.csv", 4151, 1),
    ("danh-muc/TTHC-2025-05.csv", 1428, 4),
    ("danh-muc/tthc_recrawl-2025-05.csv", 61, 0),
    ("danh-muc/toa-an-nhan-dan.xlsx", 3, 0),
]


@pytest.fixture(scope="module")
def read(tthc_data):
    """Return a function that reads a folder once for all tests of this file."""
    kept = {}

    def read(folder):
        if folder not in kept:
            kept[folder] = list(importing.read([tthc_data / folder]))
        return kept[folder]

    return read


@pytest.mark.parametrize(("folder", "count", "malformed"), FOLDERS)
def test_every_record_is_read(read, folder, count, malformed):
    found = read(folder)

    assert [one for one in found if isinstance(one, Problem)] == []
    assert len(found) == count
    assert sum(not (record.code and CODE.fullmatch(record.code)) for record in found) == malformed


FULL = [folder for folder, *_ in FOLDERS[:6]]


@pytest.mark.parametrize("folder", FULL)
def test_full_records_have_their_main_parts(read, folder):
    records = read(folder)

    for name in ("name", "steps", "methods"):
        filled = sum(bool(getattr(record, name)) for record in records)
        assert filled >= 0.98 * len(records), name
    assert sum(bool(record.items) for record in records) >= 0.9 * len(records)
    assert sum(bool(record.legal_bases) for record in records) >= 0.85 * len(records)


def texts(record):
    for value in vars(record).values():
        if isinstance(value, str):
            yield value
        for row in value if isinstance(value, list) else ():
            if not isinstance(row, str):
                yield from (text for text in vars(row).values() if isinstance(text, str))


@pytest.mark.parametrize("folder", [*FULL, "dvcqg-2021-mongo-json"])
def test_no_noise_is_left(read, folder):
    noise = re.compile(
        r"</?(?:p|br|div|b)\b|&nbsp;|&amp;|Chọn cơ quan thực hiện|-- Chọn|Mã: KQ|^Không có thông tin|ĐồngXem chi tiết"
        r"|WORKING_DAY"
        r"|[\u0300\u0301\u0303\u0309\u0323\ue000-\uf8ff\u200b\ufeff]"
    )

    for record in read(folder):
        for text in texts(record):
            assert not noise.search(text), (record.code, text[:200])


@pytest.mark.parametrize("folder", FULL)
def test_amounts_are_plausible_and_zero_is_never_free_without_words(read, folder):
    for record in read(folder):
        for fee in record.fees or ():
            assert (fee.amount is not None) == (fee.state == "amount")
            assert fee.amount is None or 1000 <= fee.amount <= 500_000_000, (record.code, fee)
            if fee.state == "free":
                assert "%" not in fee.note
                assert "mức thu" not in fee.note.casefold(), (record.code, fee)


def test_an_x_ray_licence_has_a_fee_for_each_kind_of_device(read):
    record = next(one for one in read("dvcqg-2026-txt") if one.code == "1.014675")

    fees = {(fee.state, fee.amount, fee.note) for fee in record.fees}
    assert ("amount", 8_000_000, "Sử dụng thiết bị X-quang chụp cắt lớp vi tính (CT Scanner):") in fees
    assert ("unknown", None, "Sử dụng thiết bị SPECT (SPECT/CT): Chưa có quy định") in fees


@pytest.mark.django_db
def test_records_of_two_years_are_applied_once_and_then_leave_all_as_it_is(tthc_data):
    codes = {path.name for path in (tthc_data / "dvcqg-2024-txt").iterdir()}
    both = sorted(path for path in (tthc_data / "dvcqg-2026-txt").iterdir() if path.name in codes)[:12]
    paths = [tthc_data / "dvcqg-2024-txt" / path.name for path in both] + both

    first = importing.run(paths, at=AT)
    second = importing.run(paths, at=AT + timedelta(days=1))

    assert (first.new, first.changed, first.refused) == (12, 12, 0)
    assert (second.new, second.changed, second.unchanged) == (0, 0, 24)
    assert Procedure.objects.count() == 12
