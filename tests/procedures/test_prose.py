import html
import re

import pytest
from django.utils.html import strip_tags
from hypothesis import given
from hypothesis import strategies as st

from portal.text import nfc
from procedures import prose


def as_html(text: str) -> str:
    return str(prose.to_html(prose.blocks(text))).replace("\u00a0", " ")


def letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def test_lines_without_marks_are_paragraphs():
    assert as_html("Nộp tại quầy.\nNhận giấy hẹn.") == "<p>Nộp tại quầy.</p><p>Nhận giấy hẹn.</p>"


def test_a_line_broken_in_mid_sentence_is_one_paragraph():
    assert as_html("gửi Bộ Khoa học và Công\nnghệ thông báo.") == "<p>gửi Bộ Khoa học và Công nghệ thông báo.</p>"


@pytest.mark.parametrize("mark", ["- ", "-", "+ ", "* ", "• ", "– "])
def test_dashes_become_a_list(mark):
    assert as_html(f"{mark}Đơn\n{mark}Bản sao") == "<ul><li>Đơn</li><li>Bản sao</li></ul>"


@pytest.mark.parametrize("mark", ["a)", "1.", "(1)", "2.1", "ii)", "IV."])
def test_official_marks_are_kept(mark):
    assert as_html(f"{mark} Đơn") == f'<ul class="lettered"><li>{mark} Đơn</li></ul>'


def test_lists_nest_by_their_marks():
    assert as_html("1. Đấu giá\n- Đơn:\n+ Bản chính\n- Cam kết\n2. Thi tuyển") == (
        '<ul class="lettered"><li>1. Đấu giá<ul><li>Đơn:<ul><li>Bản chính</li></ul></li><li>Cam kết</li></ul></li>'
        "<li>2. Thi tuyển</li></ul>"
    )


def test_a_case_mark_after_dashes_starts_a_new_list():
    assert as_html("- Đơn\n* Trường hợp khác\n- Bản sao") == (
        "<ul><li>Đơn</li></ul><ul><li>Trường hợp khác<ul><li>Bản sao</li></ul></li></ul>"
    )


def test_a_list_run_together_in_a_line_is_taken_apart():
    assert as_html("Hồ sơ gồm: - Đơn; - Bản sao.") == "<p>Hồ sơ gồm:</p><ul><li>Đơn;</li><li>Bản sao.</li></ul>"


@pytest.mark.parametrize("text", ["-5 độ C", "63/2010/NĐ-CP", "01 bộ", "Luật (sửa đổi)"])
def test_text_that_only_looks_marked_stays_a_paragraph(text):
    assert as_html(text) == f"<p>{prose.running(text)}</p>".replace("\u00a0", " ")


def test_markup_in_a_record_is_shown_not_run():
    assert "<script>" not in as_html("- <script>alert(1)</script>")


@given(st.text(alphabet=st.sampled_from("aăđ Bước12.:;)-+*•<&\n"), max_size=80))
def test_no_letter_is_lost(text):
    shown = html.unescape(strip_tags(as_html(text).replace("&lt;", "").replace("<", " <")))

    assert letters(shown) == letters(nfc(text))


def test_results_on_lines_of_their_own_are_a_list():
    assert [type(block) for block in prose.listed("Giấy phép\nChứng chỉ")] == [prose.Listing]
    assert [type(block) for block in prose.listed("Giấy phép")] == [prose.Paragraph]


def test_steps_are_numbered_with_titles_and_text():
    (group,) = prose.step_groups("Bước 1: Nộp hồ sơ.\nNộp tại quầy.\n- Bước 2: Nhận kết quả")

    assert [step.title for step in group.steps] == ["Nộp hồ sơ", "Nhận kết quả"]
    assert group.steps[0].blocks == [prose.Paragraph("Nộp tại quầy.")]


def test_no_step_has_a_title_where_one_is_a_long_sentence():
    sentence = "Trong thời hạn 25 ngày làm việc kể từ ngày nhận đủ hồ sơ hợp lệ, cơ quan tổ chức thẩm định hồ sơ."
    (group,) = prose.step_groups(f"Bước 1: Nộp hồ sơ.\nBước 2: {sentence}")

    assert [step.title for step in group.steps] == ["", ""]
    assert [step.blocks for step in group.steps] == [[prose.Paragraph("Nộp hồ sơ.")], [prose.Paragraph(sentence)]]


def test_each_case_has_its_own_steps():
    first, second = prose.step_groups(
        "* Cấp mới\nBước 1: Nộp hồ sơ\nBước 2: Nhận giấy\n* Gia hạn:\nBước 1: Nộp đơn\nBước 2: Nhận giấy"
    )

    assert (first.heading, second.heading) == ("Cấp mới", "Gia hạn")
    assert [step.title for step in second.steps] == ["Nộp đơn", "Nhận giấy"]


def test_what_stands_above_the_steps_comes_first():
    (group,) = prose.step_groups("Làm theo thứ tự sau.\nBước 1: Nộp hồ sơ")

    assert group.intro == [prose.Paragraph("Làm theo thứ tự sau.")]


@pytest.mark.parametrize("text", ["", "Nộp hồ sơ.", "Bước 2: Nộp\nBước 3: Nhận", "Bước 1: Nộp\nBước 3: Nhận"])
def test_text_whose_numbers_are_not_in_order_has_no_steps(text):
    assert prose.step_groups(text) == []


def test_no_word_of_the_real_records_is_lost(tthc_data):
    files = sorted(tthc_data.glob("dvcqg-202*-txt/*.txt"))
    for file in files:
        text = nfc(file.read_text(encoding="utf-8"))
        shown = html.unescape(strip_tags(as_html(text)))
        assert letters(shown) == letters(text), file.name
    assert len(files) > 1000
