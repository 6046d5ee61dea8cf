import os
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tantivy import Query

from portal import search_index
from portal.search_index import Document, Index, State, Unreadable, found, terms, words
from portal.search_ranking import ranked

STATE = State("token", 7)


@pytest.fixture
def index(tmp_path):
    made = Index(tmp_path / "index")
    made.rebuild([Document(1, title="Cấp giấy phép X-quang"), Document(2, title="Đăng ký nhãn hiệu")], STATE)
    return made


def pks(index, text):
    return ranked(index.searcher(), [words(text)], 10)


@given(st.text())
def test_any_text_has_terms_and_looks_the_same_in_every_unicode_form(text):
    assert terms(unicodedata.normalize("NFD", text)) == terms(unicodedata.normalize("NFC", text))
    assert not any(set(term) & set(" \t\n()\"'") for term in terms(text))


def test_terms_are_folded_syllables_and_pairs_of_neighbours():
    assert terms("Đo lường, X-quang") == ["do", "luong", "x", "quang", "do_luong", "luong_x", "x_quang"]


def test_it_finds_what_was_put_in_and_keeps_its_state(index):
    assert pks(index, "x quang") == [1]
    assert index.state() == STATE


def test_a_change_takes_the_place_of_what_was_there(index):
    index.change([Document(1, title="Cấp phép bưu chính")], [1, 2], State("token", 8))

    assert pks(index, "bưu chính") == [1]
    assert pks(index, "x-quang") == []
    assert pks(index, "nhãn hiệu") == []
    assert index.state().position == 8


def failing():
    yield Document(3, title="Kiểm định phương tiện đo")
    raise RuntimeError("the database went away")


def test_a_change_that_fails_leaves_everything_as_it_was(index):
    with pytest.raises(RuntimeError):
        index.change(failing(), [1, 2], State("token", 9))

    assert pks(index, "x-quang") == [1]
    assert pks(index, "phương tiện đo") == []
    assert index.state() == STATE


def test_a_rebuild_that_fails_leaves_everything_as_it_was(index):
    with pytest.raises(RuntimeError):
        index.rebuild(failing(), State("token", 9))

    assert pks(index, "x-quang") == [1]
    assert index.state() == STATE


def test_another_reader_sees_a_change_at_once(index, tmp_path):
    reader = Index(tmp_path / "index")
    assert pks(reader, "bưu chính") == []

    index.change([Document(3, title="Cấp phép bưu chính")], [3], STATE)

    assert pks(reader, "bưu chính") == [3]


def write_garbage(folder):
    for file in folder.iterdir():
        file.write_bytes(os.urandom(64))


def remove(folder):
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()


def damage_documents(folder):
    for file in folder.glob("*.term"):
        file.write_bytes(file.read_bytes()[:-8])


@pytest.mark.parametrize("harm", [write_garbage, remove, damage_documents])
def test_a_damaged_folder_is_unreadable_and_can_be_rebuilt(index, tmp_path, harm):
    harm(tmp_path / "index")
    reader = Index(tmp_path / "index")

    with pytest.raises(Unreadable):
        reader.state()
    reader.rebuild([Document(5, title="Cấp phép bưu chính")], STATE)

    assert pks(reader, "bưu chính") == [5]


def test_an_index_of_another_version_is_unreadable(index, monkeypatch):
    monkeypatch.setattr(search_index, "VERSION", search_index.VERSION + 1)

    with pytest.raises(Unreadable):
        index.state()


def test_equal_documents_come_in_the_order_of_their_keys_wherever_they_lie(tmp_path):
    index = Index(tmp_path / "index")
    index.rebuild([Document(pk, title="Cấp phép bưu chính") for pk in (4, 2)], STATE)
    index.change([Document(3, title="Cấp phép bưu chính")], [3], STATE)

    assert pks(index, "bưu chính") == [2, 3, 4]


def test_the_state_is_not_found_as_a_document(index):
    assert [pk for pk, _ in found(index.searcher(), Query.all_query(), 10) if pk > 0] == [1, 2]
    assert pks(index, "state token") == []
