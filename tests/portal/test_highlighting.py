import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.highlighting import highlight, snippet
from portal.search_index import words
from portal.text import nfc

TERMS = st.frozensets(st.sampled_from(["giay", "phep", "x", "quang", "can", "b"]))
TEXTS = st.lists(
    st.one_of(
        st.text(max_size=12), st.sampled_from(["Giấy", "phép", "X-quang", "<b>", "&amp;", "căn", "\n", "“", "😀"])
    )
).map(" ".join)


def plain(marked: str) -> str:
    return html.unescape(re.sub(r"</?mark>", "", marked))


@given(text=TEXTS, terms=TERMS)
def test_highlighting_changes_nothing_of_the_text(text, terms):
    assert plain(highlight(text, terms)) == nfc(text)


@given(text=TEXTS, terms=TERMS)
def test_no_other_tag_than_mark_comes_out(text, terms):
    assert set(re.findall("<[^>]*>", highlight(text, terms))) <= {"<mark>", "</mark>"}
    assert set(re.findall("<[^>]*>", snippet(text, terms, 30))) <= {"<mark>", "</mark>"}


@given(text=TEXTS, terms=TERMS)
def test_every_word_that_was_searched_for_is_marked(text, terms):
    marked = " ".join(re.findall("<mark>(.*?)</mark>", highlight(text, terms), re.DOTALL))

    assert [word for word in words(text) if word in terms] == words(html.unescape(marked))


@given(text=TEXTS, terms=TERMS, length=st.integers(20, 300))
def test_a_snippet_is_a_piece_of_the_text_or_nothing(text, terms, length):
    piece = plain(snippet(text, terms, length)).removeprefix("… ").removesuffix(" …")

    assert piece in " ".join(nfc(text).split())
    assert bool(piece) == any(word in terms for word in words(text))


@pytest.mark.parametrize(
    ("text", "terms", "expected"),
    [
        ("Cấp giấy phép", {"giay", "phep"}, "Cấp <mark>giấy phép</mark>"),
        ("Thiết bị X-quang", {"x", "quang"}, "Thiết bị <mark>X-quang</mark>"),
        ("Đo lường <i>", {"do"}, "<mark>Đo</mark> lường &lt;i&gt;"),
        ("Không có gì", set(), "Không có gì"),
    ],
)
def test_neighbouring_words_share_one_mark(text, terms, expected):
    assert highlight(text, terms) == expected


def test_text_with_combining_marks_is_marked_like_any_other():
    assert highlight("giấy phép", {"phep"}) == "giấy <mark>phép</mark>"


def test_a_snippet_shows_the_passage_with_most_of_the_words():
    text = "Nộp giấy tờ. " + "Chờ kết quả. " * 40 + "Giấy phép sử dụng thiết bị X-quang được cấp. " + "Hết. " * 80

    passage = snippet(text, {"giay", "phep", "x", "quang"}, 120)

    assert "<mark>Giấy phép</mark> sử dụng thiết bị <mark>X-quang</mark>" in passage
    assert passage.startswith("… ")
    assert passage.endswith(" …")
    assert len(plain(passage)) <= 130
