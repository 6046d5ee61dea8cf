"""Thời hạn giải quyết as a number with its unit, or as words."""

from decimal import Decimal

import pytest

from procedures.importing import limits


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("18 WORKING_DAY", "18", "working_day"),
        ("0.5 WORKING_DAY", "0.5", "working_day"),
        ("10 Ngày làm việc", "10", "working_day"),
        ("22,5 ngày làm việc", "22.5", "working_day"),
        ("2 MONTH", "2", "month"),
        ("8 HOUR", "8", "hour"),
        ("01 Giờ", "1", "hour"),
        ("30 ngày", "30", "day"),
        ("67 ngày làm việc, kể từ ngày nhận đủ hồ sơ hợp lệ.", "67", "working_day"),
        ("Trong thời hạn 03 (ba) ngày làm việc kể từ ngày nhận đủ hồ sơ hợp lệ", "3", "working_day"),
        ("không quá 15 ngày", "15", "day"),
    ],
)
def test_a_number_with_its_unit_is_read(text, number, unit):
    assert limits.parse(text) == (Decimal(number), unit, "")


@pytest.mark.parametrize(
    "text", ["1 OTHER", " OTHER", "0 OTHER", "0 Giờ", "3", "Khác", "N/A", "Không có thông tin", "", None]
)
def test_what_nobody_can_count_is_nothing(text):
    assert limits.parse(text) == (None, "", "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("15/12 OTHER", "15/12"),
        ("Không quy định", "Không quy định"),
        ("30 phút", "30 phút"),
        ("- Từ 5 đến 10 ngày", "Từ 5 đến 10 ngày"),
        ("10 ngày làm việc kể từ ngày kết thúc kiểm tra", "10 ngày làm việc kể từ ngày kết thúc kiểm tra"),
        ("5 ngày (cấp mới), 3 ngày (cấp lại)", "5 ngày (cấp mới), 3 ngày (cấp lại)"),
    ],
)
def test_what_is_more_than_one_number_stays_in_words(text, words):
    assert limits.parse(text) == (None, "", words)
