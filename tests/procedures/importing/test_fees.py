"""Fees: an amount, free, and unknown are three different things."""

import pytest

from procedures.importing import fees
from procedures.importing.records import FeeRecord


def read(text, **options):
    return [(fee.kind, fee.state, fee.amount, fee.note) for fee in fees.parse(text, **options)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.500.000 Đồng", [("fee", "amount", 1_500_000, "")]),
        ("200,000 Việt Nam Đồng(Cấp lần đầu)", [("fee", "amount", 200_000, "Cấp lần đầu")]),
        ("100000 Đồng Lệ phí cấp phép", [("charge", "amount", 100_000, "Lệ phí cấp phép")]),
        ("Lệ phí : 150.000 Đồng Thông tư số 183", [("charge", "amount", 150_000, "Thông tư số 183")]),
        ("4500000 VNĐ ()", [("fee", "amount", 4_500_000, "")]),
        ("0 VNĐ (50.000 đồng/giấy)", [("fee", "amount", 50_000, "50.000 đồng/giấy")]),
        ("Lệ phí: 200000 ĐồngXem chi tiết", [("charge", "amount", 200_000, "")]),
    ],
)
def test_an_amount_is_read_with_its_note(text, expected):
    assert read(text) == expected


def test_several_fees_of_one_cell_are_told_apart():
    assert read("2000000 VNĐ (Máy A) | 3000000 VNĐ (Máy B)") == [
        ("fee", "amount", 2_000_000, "Máy A"),
        ("fee", "amount", 3_000_000, "Máy B"),
    ]
    assert read("Phí : 250.000 Đồng Mẫu nhỏ  Lệ phí : 100000 Đồng") == [
        ("fee", "amount", 250_000, "Mẫu nhỏ"),
        ("charge", "amount", 100_000, ""),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Miễn phí",
        "Không thu",
        "0 VNĐ (Miễn phí)",
        "Phí : Không Đồng",
        "0 VNĐ (Không thu lệ phí)",
        "Phí : 0 Đồng không có",
    ],
)
def test_a_fee_is_free_where_words_say_so(text):
    assert [fee.state for fee in fees.parse(text)] == ["free"]


@pytest.mark.parametrize(
    "text",
    [
        "0 VNĐ ()",
        "0 VNĐ () | 0 VNĐ ()",
        "Phí : 0 Đồng",
        "Phí : # Đồng",
        "Phí : o Đồng",
        "Lệ phí :  Đồng",
        "Không có thông tin",
        "",
        None,
    ],
)
def test_a_bare_zero_or_nothing_is_no_row(text):
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("0 VNĐ (75% mức thu phí thẩm định lần đầu)", "75% mức thu phí thẩm định lần đầu"),
        ("0 VNĐ (Không quy định)", "Không quy định"),
        ("Phí : Đồng Theo quy định của Bộ Tài chính", "Theo quy định của Bộ Tài chính"),
        ("0 VNĐ (Miễn lệ phí. Phí công bố: 100.000 đồng/lần)", "Miễn lệ phí. Phí công bố: 100.000 đồng/lần"),
        ("0 VNĐ (Miễn phí đối với trẻ em)", "Miễn phí đối với trẻ em"),
        ("Phí : 5.000.000-10.000.000 Đồng Theo hợp đồng", "5.000.000-10.000.000 Đồng Theo hợp đồng"),
        ("20 USD Cấp ở nước ngoài", "20 USD Cấp ở nước ngoài"),
        ("70 VNĐ (Cấp mới hộ chiếu)", "70 VNĐ (Cấp mới hộ chiếu)"),
    ],
)
def test_what_only_a_person_can_read_is_unknown_with_its_words(text, note):
    assert read(text) == [("fee", "unknown", None, note)]


def test_the_same_unknown_fee_stands_once():
    assert len(fees.parse("0 VNĐ (Theo quy định của Bộ Tài chính) | 0 VNĐ (Theo quy định của Bộ tài chính)")) == 1


def test_the_word_that_a_source_prints_for_zero_says_nothing():
    assert read("Miễn phí", zero_word="Miễn phí") == []
    assert read("Miễn phí(75% mức thu)", zero_word="Miễn phí") == [("fee", "unknown", None, "75% mức thu")]


def test_files_beside_a_fee_are_left_out():
    assert read("Lệ phí : 2.500.000 Đồng  [25-btc.pdf](https://example.org/f?ma='3f')") == [
        ("charge", "amount", 2_500_000, "")
    ]


def amount(value):
    return FeeRecord("fee", "amount", value)


def test_a_fee_that_is_the_same_in_every_channel_is_stored_once():
    merged = fees.merge([("online", [amount(1000)]), ("direct", [amount(1000)]), ("direct", [amount(1000)])])

    assert [(fee.amount, fee.channel) for fee in merged] == [(1000, "")]


def test_a_fee_of_one_channel_keeps_its_channel():
    merged = fees.merge([("online", [amount(1000)]), ("direct", [amount(2000)]), ("postal", [])])

    assert [(fee.amount, fee.channel) for fee in merged] == [(1000, "online"), (2000, "direct")]
