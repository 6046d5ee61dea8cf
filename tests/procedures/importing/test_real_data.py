"""The real records that were collected for this project; they are not part of it."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from procedures import history, importing, publishing, reconciling, versions
from procedures.importing.records import Problem
from procedures.models import CODE, Procedure, SourceRecord
from tests.factories import UserFactory

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


def of_both_years(tthc_data):
    """Return the files of 2024 and of 2026 whose codes are in both sets."""
    folders = [tthc_data / "dvcqg-2024-txt", tthc_data / "dvcqg-2026-txt"]
    names = set.intersection(*({path.name for path in folder.iterdir()} for folder in folders))
    return tuple([folder / name for name in sorted(names)] for folder in folders)


# One whole import on each database shows that each takes the real records: the one below, of public procedures.
@pytest.mark.any_database
@pytest.mark.django_db
def test_drafts_of_both_years_have_versions_that_tell_what_changed(tthc_data):
    old, new = of_both_years(tthc_data)

    first = importing.run(old, at=AT)
    second = importing.run(new, at=AT + timedelta(days=1))
    again = importing.run([*old, *new], at=AT + timedelta(days=2))

    assert (first.new, first.refused, second.changed, second.refused) == (107, 0, 107, 0)
    assert (again.new, again.changed, again.proposed, again.unchanged) == (0, 0, 0, 214)
    for procedure in Procedure.objects.all():
        after, before = history.versions(procedure.pk)
        assert history.compare(history.snapshot(before), history.snapshot(after)), procedure


@pytest.mark.django_db
def test_public_procedures_of_2024_stay_while_2026_is_proposed_part_by_part(tthc_data):
    old, new = of_both_years(tthc_data)
    importing.run(old, at=AT)
    for procedure in publishing.complete(Procedure.objects.all()):
        publishing.publish(procedure, by=None, at=AT)
    public = Procedure.objects.published()
    before = {procedure.pk: versions.freeze(procedure) for procedure in public}
    assert len(before) >= 80

    report = importing.run(new, at=AT + timedelta(days=1))
    again = importing.run([*old, *new], at=AT + timedelta(days=2))

    assert (report.proposed, report.changed) == (len(before), 107 - len(before))
    assert (again.proposed, again.changed, again.unchanged) == (0, 0, 214)
    # Drafts that were updated meanwhile may complete the title of a document that others rest on too.
    for procedure in public:
        assert list(versions.difference(before[procedure.pk], versions.freeze(procedure))) in ([], ["legal_bases"])
    assert SourceRecord.objects.differing().count() == len(before)
    for kept in SourceRecord.objects.differing().select_related("procedure"):
        found = reconciling.differences(kept)
        assert [difference.part for difference in found] == kept.differing
        assert all(change.passages for difference in found for change in difference.changes), kept


@pytest.mark.any_database  # That a part is taken on each database, tests/procedures/test_reconciling.py shows.
@pytest.mark.django_db
def test_taking_all_of_2026_says_just_what_a_draft_would_say(tthc_data):
    by = UserFactory()
    old, new = (paths[:20] for paths in of_both_years(tthc_data))
    importing.run(old, at=AT)
    for procedure in publishing.complete(Procedure.objects.all()):
        publishing.publish(procedure, by=None, at=AT)
    importing.run(new, at=AT + timedelta(days=1))
    waiting = list(SourceRecord.objects.differing().select_related("procedure"))
    refused = set()

    for kept in waiting:
        try:
            reconciling.take(kept, kept.differing, seen=reconciling.state_number(kept), by=by, at=AT)
        except publishing.NotPublishable:  # The source has lost what the law asks for.
            refused.add(kept.procedure.code)

    assert len(refused) < len(waiting) / 2
    assert set(SourceRecord.objects.differing().values_list("procedure__code", flat=True)) == refused
    for record in importing.read(new):
        if record.code not in refused:
            assert importing.applying.changes(Procedure.objects.get(code=record.code), record) == [], record.code
