import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.text import fold, nfc, slugify, tidy

VIETNAMESE = st.text("aăâeêioôơuưyđAĂÂEÊIOÔƠUƯYĐáàảãạấầẩẫậếềểễệốồổỗộớờởỡợứừửữựýỳỷỹỵbcghklmnpqrstvx -.,\n\u0301\u0323")


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đo lường chất lượng", "do luong chat luong"),
        ("Đo lường chất lượng".upper(), "do luong chat luong"),
        (unicodedata.normalize("NFD", "Sở hữu trí tuệ"), "so huu tri tue"),
        ("X-quang", "x-quang"),
        ("Giấy phép số 63/2010/NĐ-CP", "giay phep so 63/2010/nd-cp"),
    ],
)
def test_folding_takes_marks_and_capitals_away(text, folded):
    assert fold(text) == folded


@given(VIETNAMESE)
def test_folding_is_the_same_for_every_form_of_unicode_and_done_once(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(nfc(text)) == fold(fold(text))


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("  Bước 1:   Nộp hồ sơ \r\n\r\n \t\n Bước 2: Nhận kết quả. ", "Bước 1: Nộp hồ sơ\nBước 2: Nhận kết quả."),
        ("một\u00a0dòng", "một dòng"),
        ("", ""),
    ],
)
def test_tidying_leaves_single_spaces_and_no_blank_line(text, tidied):
    assert tidy(text) == tidied


@given(st.text())
def test_tidied_text_stays_as_it_is(text):
    assert tidy(tidy(text)) == tidy(text)
    assert unicodedata.is_normalized("NFC", tidy(text))


def test_a_slug_is_ascii_with_hyphens():
    assert slugify("An toàn bức xạ và hạt nhân") == "an-toan-buc-xa-va-hat-nhan"


def test_a_long_slug_is_cut_between_words():
    slug = slugify("Hoạt động khoa học và công nghệ", max_length=20)

    assert slug == "hoat-dong-khoa-hoc"


@given(VIETNAMESE, st.integers(1, 40))
def test_a_slug_is_never_longer_than_asked(text, length):
    slug = slugify(text, length)

    assert len(slug) <= length
    assert slug.isascii()
    assert not slug.endswith("-")
