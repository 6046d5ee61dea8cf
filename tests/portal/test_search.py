import shutil
from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from portal import search, search_index
from portal.models import SearchChange, SearchMiss, SearchState, SearchSynonym
from portal.search import Unreadable, _without_personal_data
from tests.factories import ProcedureFactory

pytestmark = pytest.mark.django_db
KIND = "procedure"
DAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """An index folder that no other test has."""
    settings.DATA_DIR = tmp_path
    return tmp_path / "search" / KIND


def find(text):
    return search.find(KIND, text, lambda pks: [], limit=20).pks


def test_a_saved_row_is_found_after_catching_up():
    procedure = ProcedureFactory(published=True, short_name="Cấp giấy phép X-quang")

    search.catch_up()

    assert find("x quang") == [procedure.pk]


def test_catching_up_twice_takes_nothing_the_second_time():
    search.catch_up()
    ProcedureFactory(published=True)

    assert search.catch_up() > 0
    assert search.catch_up() == 0


def test_more_changes_than_one_batch_are_all_taken(monkeypatch):
    monkeypatch.setattr(search, "BATCH", 3)
    search.catch_up()
    procedures = ProcedureFactory.create_batch(8, published=True, name="Cấp giấy phép X-quang")

    taken = search.catch_up()

    assert taken == SearchChange.objects.count()
    assert sorted(find("x quang")) == sorted(procedure.pk for procedure in procedures)


def test_without_an_index_it_says_so():
    ProcedureFactory(published=True)

    with pytest.raises(Unreadable):
        find("giấy phép")


def remove_folder(folder):
    shutil.rmtree(folder)


def write_garbage(folder):
    for file in folder.iterdir():
        file.write_bytes(b"garbage")


def lose_a_file(folder):
    for file in folder.glob("*.term"):
        file.unlink()


def replace_database(folder):
    SearchState.objects.filter(pk=1).delete()
    SearchState.objects.create(pk=1)


def restore_older_database(folder):
    SearchChange.objects.filter(pk=SearchChange.latest_number()).delete()


def lose_changes(folder):
    SearchChange.record(KIND, 1)
    SearchChange.objects.filter(pk__lt=SearchChange.latest_number() + 1).delete()
    SearchChange.record(KIND, 2)


@pytest.mark.parametrize(
    "harm", [remove_folder, write_garbage, lose_a_file, replace_database, restore_older_database, lose_changes]
)
def test_the_index_heals_itself(folder, harm):
    procedure = ProcedureFactory(published=True, name="Cấp giấy phép X-quang")
    search.catch_up()
    # A row that no change tells of: only an index made anew has it.
    type(procedure).objects.filter(pk=procedure.pk).update(name="Cấp phép bưu chính", short_name="Bưu chính")

    harm(folder)
    search.catch_up()

    assert find("bưu chính") == [procedure.pk]
    assert find("x-quang") == []


def test_an_index_of_another_version_heals_itself(monkeypatch):
    procedure = ProcedureFactory(published=True, name="Cấp giấy phép X-quang")
    search.catch_up()

    monkeypatch.setattr(search_index, "VERSION", 99)
    with pytest.raises(Unreadable):
        find("x-quang")
    search.catch_up()

    assert find("x-quang") == [procedure.pk]


def test_the_index_of_another_database_is_not_searched():
    ProcedureFactory(published=True)
    search.catch_up()

    replace_database(None)

    with pytest.raises(Unreadable):
        find("giấy phép")


def test_nobody_writes_while_another_has_the_turn():
    with search._turn_to_write(wait=True):
        assert search.catch_up() == 0

    with pytest.raises(Unreadable):
        find("giấy phép")


def test_rebuilding_tells_of_its_progress():
    ProcedureFactory.create_batch(3, published=True)
    seen = []

    def progress(documents, total):
        for number, document in enumerate(documents, 1):
            seen.append((number, total))
            yield document

    assert search.rebuild(progress) == 3
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_old_changes_are_trimmed_but_never_the_latest():
    at = timezone.now()
    for _ in range(3):
        SearchChange.record(KIND, 1)
    SearchChange.objects.update(at=at - timedelta(days=8))
    latest = SearchChange.latest_number()

    search.trim_changes(at)

    assert [change.pk for change in SearchChange.objects.all()] == [latest]
    assert search.trim_changes(at) == 0


def test_trimming_does_not_make_an_index_that_followed_start_anew(monkeypatch):
    ProcedureFactory(published=True)
    search.catch_up()
    SearchChange.objects.update(at=timezone.now() - timedelta(days=8))
    search.trim_changes(timezone.now())
    monkeypatch.setattr(search, "_rebuild", lambda kind: pytest.fail("made anew"))

    SearchChange.record(KIND, 1)

    assert search.catch_up() == 1


@pytest.mark.parametrize(("typed", "other"), [("đăng ký shtt", "sở hữu trí tuệ"), ("sở hữu trí tuệ", "shtt")])
def test_a_synonym_works_both_ways(typed, other):
    SearchSynonym.objects.update_or_create(phrase="SHTT", defaults={"meaning": "sở hữu trí tuệ"})

    assert any(f" {' '.join(search_index.words(other))} " in f" {' '.join(way)} " for way in search.variants(typed)[1:])


def test_a_synonym_is_not_seen_inside_a_longer_word():
    SearchSynonym.objects.create(phrase="ga", meaning="nhà ga")

    assert search.variants("gan") == [["gan"]]


def test_a_miss_is_counted_by_words_and_day():
    search.record_miss("  Máy   soi ", on=DAY)
    search.record_miss("Máy soi", on=DAY)
    search.record_miss("Máy soi", on=DAY + timedelta(days=1))

    assert sorted(SearchMiss.objects.values_list("query", "day", "count")) == [
        ("Máy soi", DAY, 2),
        ("Máy soi", DAY + timedelta(days=1), 1),
    ]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("hồ sơ của 0912345678", "hồ sơ của"),
        ("gọi 0912 345 678 nhé", "gọi nhé"),
        ("gọi +84.912.345.678", "gọi"),
        ("căn cước 079123456789", "căn cước"),
        ("gửi an.nguyen@example.org giúp", "gửi giúp"),
        ("mã 1.002380", "mã 1.002380"),
        ("mã 1002380", "mã 1002380"),
        ("nghị định 63/2010/NĐ-CP", "nghị định 63/2010/NĐ-CP"),
    ],
)
def test_what_could_name_a_person_is_not_kept(typed, kept):
    search.record_miss(typed, on=DAY)

    assert SearchMiss.objects.get().query == kept


@pytest.mark.parametrize("typed", ["", "  ", "(((", "0912345678", "a@b.vn"])
def test_nothing_worth_keeping_is_not_counted(typed):
    search.record_miss(typed, on=DAY)

    assert not SearchMiss.objects.exists()


def test_a_very_long_miss_is_cut():
    search.record_miss("từ " * 2000, on=DAY)

    assert len(SearchMiss.objects.get().query) <= 100


@given(st.text(alphabet="0123456789 .-()+ab@", max_size=60))
def test_no_eight_digits_stay_together(text):
    kept = _without_personal_data(text)

    assert "@" not in kept
    assert all(len(run) < 8 for run in "".join(c if c.isdigit() else " " for c in kept).split())
