"""Text freed of what is no text: placeholders, HTML, page noise, broken lines."""

import pytest

from procedures.importing import cleaning


@pytest.mark.parametrize(
    "text", ["Không có thông tin", ".", "N/A", "Không", " không có. ", "", None, "Chưa xác định rõ"]
)
def test_placeholders_become_empty(text):
    assert cleaning.clean(text) == ""


@pytest.mark.parametrize("text", ["Không quá 10 ngày", "Không thu phí", "Có"])
def test_text_that_says_something_is_kept(text):
    assert cleaning.clean(text) == text


def test_letters_with_combining_marks_become_one_form():
    assert cleaning.clean("Bo\u0302\u0323 Khoa ho\u0323c") == "Bộ Khoa học"


def test_eth_that_looks_like_the_vietnamese_letter_becomes_that_letter():
    assert cleaning.clean("QÐ-UBND, ðo lường") == "QĐ-UBND, đo lường"


def test_scraps_of_html_go_and_their_breaks_stay():
    assert cleaning.clean("Một.</p> <br>Hai &amp; ba<b>!</b>") == "Một.\nHai & ba!"


def test_less_than_in_words_is_no_tag():
    assert cleaning.clean("nồng độ < 5 và pH > 7") == "nồng độ < 5 và pH > 7"


def test_bullets_of_word_become_dashes():
    assert cleaning.clean("\uf076\tĐiều kiện về nhân lực") == "- Điều kiện về nhân lực"


def test_broken_sentences_are_joined_and_lists_are_not():
    text = "Nơi tiếp nhận\nkiểm tra hồ sơ:\na) đủ giấy tờ;\nb) đúng mẫu"

    assert cleaning.paragraphs(text) == "Nơi tiếp nhận kiểm tra hồ sơ:\na) đủ giấy tờ;\nb) đúng mẫu"


def test_a_text_that_stands_there_twice_is_kept_once():
    assert cleaning.paragraphs("Một.\nHai.\nMột.\nHai.") == "Một.\nHai."


@pytest.mark.parametrize("text", ["không", "Không yêu cầu", "Không có yêu cầu, điều kiện.", "Không quy định", "."])
def test_requirements_that_are_none_become_empty(text):
    assert cleaning.requirements(text) == ""


def test_each_step_begins_a_line():
    text = "Tại cửa khẩu Bước 1: Khai báo. - Bước 02. Kiểm tra; Bước 3: Trả kết quả."

    assert cleaning.steps(text) == "Tại cửa khẩu\nBước 1: Khai báo.\nBước 2: Kiểm tra;\nBước 3: Trả kết quả."


def test_a_step_that_is_only_mentioned_does_not_begin_a_line():
    assert cleaning.steps("Bước 1: Nộp đơn.\nBước 2: Nếu sai thì làm lại Bước 1: Nộp đơn.").count("\n") == 1


def test_numbers_before_numbered_steps_go():
    assert cleaning.steps("1.\nBước 1: Nộp đơn.\n2. Bước 2: Nhận.") == "Bước 1: Nộp đơn.\nBước 2: Nhận."


def test_a_single_number_before_the_only_step_goes():
    assert cleaning.steps("1. Nộp đơn ở quầy.") == "Nộp đơn ở quầy."


def test_results_lose_their_codes_and_the_buttons_of_the_page():
    text = (
        "Giấy phépMã: KQ.G01.000020Văn bản từ chốiMã: Chưa xác định rõTừ khóaKhông có thông tin"
        "Mô tảKhông có thông tinChọn cơ quan thực hiệnTỉnh/ Thành phố-- Chọn Cơ sở --Nộp hồ sơ"
    )

    assert cleaning.results(text) == "Giấy phép\nVăn bản từ chối"


def test_results_of_markdown_lose_their_codes():
    assert cleaning.results("* Giấy phép (Mã: `KQ.H21.000023`)\n* Quyết định (Mã: ``)") == "Giấy phép\nQuyết định"


def test_agencies_on_several_lines_become_one_list():
    assert cleaning.names("Tòa án cấp cao\n\nTòa án tỉnh; Tòa án tỉnh\n") == "Tòa án cấp cao; Tòa án tỉnh"
