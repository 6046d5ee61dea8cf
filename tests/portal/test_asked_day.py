from datetime import date

import pytest

from portal.asked_day import ERROR, AskedDay

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize("typed", ["01/7/2025", "01/07/2025", "2025-07-01", " 1/7/2025 "])
def test_a_day_is_read_as_people_and_addresses_write_it(typed):
    asked = AskedDay.read(typed, today=TODAY)

    assert asked.day == date(2025, 7, 1)
    assert asked.typed == "01/7/2025"
    assert asked.parameters == {"ngay": "2025-07-01"}
    assert not asked.error


def test_nothing_typed_means_today():
    asked = AskedDay.read("", today=TODAY)

    assert (asked.day, asked.is_today, asked.parameters) == (TODAY, True, {})


@pytest.mark.parametrize("typed", ["hôm qua", "31/02/2025", "2025", "1/1/99999", "<script>"])
def test_a_bad_day_is_told_and_kept_in_the_box_while_today_is_shown(typed):
    asked = AskedDay.read(typed, today=TODAY)

    assert asked.day == TODAY
    assert asked.typed == typed
    assert asked.error == ERROR
    assert asked.parameters == {}
