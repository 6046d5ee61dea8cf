from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template

from portal.templatetags.paging import page_numbers, with_page
from portal.templatetags.vietnamese import WORDS, bound, joined, money, number, phone_link, viet_date
from portal.text import nfc


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2024, 7, 1), "01/7/2024"),
        (date(2024, 1, 5), "05/01/2024"),
        (date(2024, 2, 29), "29/02/2024"),
        (date(2024, 3, 9), "09/3/2024"),
        (date(2024, 12, 31), "31/12/2024"),
        (None, ""),
    ],
)
def test_a_date_is_written_as_in_official_papers(day, written):
    assert viet_date(day) == written


def test_a_moment_is_dated_by_the_clock_of_vietnam():
    assert viet_date(datetime(2024, 6, 30, 18, tzinfo=UTC)) == "01/7/2024"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (999, "999"),
        (1234, "1.234"),
        (2_000_000, "2.000.000"),
        (Decimal("0.50"), "0,5"),
        (Decimal("18.00"), "18"),
        (Decimal("1234.25"), "1.234,25"),
        (None, ""),
    ],
)
def test_numbers_have_dots_between_thousands_and_a_decimal_comma(value, written):
    assert number(value) == written


def test_an_amount_and_its_sign_stay_on_one_line():
    assert money(2_000_000) == "2.000.000\u00a0₫"


def test_an_unknown_amount_is_not_written_as_nothing_to_pay():
    assert money(None) == ""
    assert money(0) == "0\u00a0₫"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Cấp giấy phép sử dụng thiết bị", "Cấp giấy~phép sử~dụng thiết~bị"),
        ("Thiết bị của người dân", "Thiết~bị của người~dân"),
        ("Theo Điều 8, khoản 2", "Theo Điều~8, khoản~2"),
        ("Trong 25 ngày làm việc", "Trong 25~ngày làm việc"),
        ("Bà Rịa - Vũng Tàu", "Bà Rịa~– Vũng Tàu"),
        ("tài liệu học", "tài~liệu học"),
        ("mặt bị", "mặt bị"),
    ],
)
def test_words_and_numbers_are_bound_where_a_line_should_not_part_them(text, written):
    assert bound(text) == written.replace("~", "\u00a0")


def test_binding_changes_nothing_but_spaces_and_dashes():
    text = "Thủ tục 25 ngày - theo Điều 8 của Nghị định số 63/2010/NĐ-CP"
    assert bound(text).replace("\u00a0", " ").replace("–", "-") == text


def test_the_list_of_words_can_match_stored_text():
    assert all(pair == nfc(pair).lower() and len(pair.split()) == 2 for pair in WORDS)
    assert len(WORDS) == len(set(WORDS))


@pytest.mark.parametrize(
    "code",
    [
        "63/2010/NĐ-CP",
        "287/2016/TT-BTC",
        "12/QĐ-UBND",
        "41/2024/QH15",
        "1.000120",
        "X-quang",
        "01/7/2024",
        "7:30–11:30",
    ],
)
def test_a_code_stays_on_one_line(code):
    assert joined(f"theo {code}, rồi") == f'theo <span class="nowrap">{code}</span>, rồi'


@pytest.mark.parametrize("text", ["1.000120.000.00.00.H06", "và/hoặc", "2.000.000", "km/h", "2/Bộ hồ sơ"])
def test_what_is_long_or_no_code_may_be_parted(text):
    assert "nowrap" not in joined(text)


def test_what_people_typed_is_escaped_beside_a_code():
    assert joined("<b>x</b> & 1.000120 <i>") == (
        '&lt;b&gt;x&lt;/b&gt; &amp; <span class="nowrap">1.000120</span> &lt;i&gt;'
    )


def test_joined_needs_no_load_in_a_template():
    shown = Template("{{ name|joined }}").render(Context({"name": "Máy X-quang <b>"}))
    assert shown == 'Máy <span class="nowrap">X-quang</span> &lt;b&gt;'


@pytest.mark.parametrize("nothing", [None, ""])
def test_nothing_is_shown_as_nothing(nothing):
    assert joined(nothing) == bound(nothing) == phone_link(nothing) == viet_date(nothing) == number(nothing) == ""


def test_a_telephone_number_can_be_called():
    assert phone_link("0254 000 001") == '<a class="nowrap" href="tel:0254000001">0254 000 001</a>'
    assert phone_link("(+84) 254.000.001") == '<a class="nowrap" href="tel:+84254000001">(+84) 254.000.001</a>'


def test_words_without_a_number_make_no_telephone_link():
    assert phone_link("chưa có") == ""


def test_a_long_list_shows_the_ends_and_the_neighbours():
    assert page_numbers(Paginator(range(1000), 20).get_page(25)) == [1, None, 24, 25, 26, None, 50]


def test_the_first_page_has_the_address_of_the_list():
    assert with_page("/thu-tuc/?q=x", 1) == "/thu-tuc/?q=x"
    assert with_page("/thu-tuc/?q=x", 3) == "/thu-tuc/?q=x&trang=3"
    assert with_page("/thu-tuc/", 2) == "/thu-tuc/?trang=2"
