"""Numbers of văn bản in whatever stands around them."""

import pytest

from procedures.importing import bases


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Nghị định số 142/2020/NĐ-CP ngày 09/12/2020", "142/2020/NĐ-CP"),
        ("Luật 47/2014/QH13", "47/2014/QH13"),
        ("66.16/2026/NQ-CP", "66.16/2026/NQ-CP"),
        ("21/2008/TTLT- BQP-BLĐTBXH-BTC", "21/2008/TTLT-BQP-BLĐTBXH-BTC"),
        ("188/2007/QĐ-TTg - Về việc sửa đổi", "188/2007/QĐ-TTg"),
        ("59/2015/ND-CP", "59/2015/NĐ-CP"),
        ("210/2016/tt-btc", "210/2016/TT-BTC"),
        ("ngày 09/12/2020", ""),
        ("12", ""),
    ],
)
def test_the_number_is_taken_from_the_text(text, number):
    assert bases.number_in(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Quyết định số 6225/QĐ-BQP", "6225/QĐ-BQP"),
        ("Số 34/QĐ - BKHCN", "34/QĐ-BKHCN"),
        ("3212/QĐ-BKHCN.", "3212/QĐ-BKHCN"),
        ("2267./QĐ-BXD", "2267/QĐ-BXD"),
        ("3149/QD-UBND (Đặc thù)", "3149/QĐ-UBND"),
        ("2565", "2565"),
        ("Không có thông tin", ""),
    ],
)
def test_the_number_of_a_decision_is_written_one_way(text, number):
    assert bases.decision_number(text) == number


def test_a_title_that_only_repeats_the_number_is_empty():
    assert bases.basis("269/2016/TT-BTC", "Thông tư 269/2016/TT-BTC").title == ""


def test_a_number_that_was_cut_short_is_found_in_the_title():
    assert bases.basis("12", "Luật số 05/2022/QH15 về mẫu").number == "05/2022/QH15"


def test_each_document_stands_once_with_its_longest_title():
    found = bases.distinct([bases.basis("1/2024/QH15"), bases.basis("1/2024/QH15", "Luật Đo mẫu"), None])

    assert [(basis.number, basis.title) for basis in found] == [("1/2024/QH15", "Luật Đo mẫu")]


@pytest.mark.parametrize("text", ["12", "01/07/2008", "Thông tư", "số"])
def test_a_bare_number_or_kind_names_no_document(text):
    assert not bases.names_a_document(text)
