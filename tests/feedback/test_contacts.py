import pytest

from feedback.contacts import read_phone, show_phone
from feedback.spam import contact_key


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("0903 000 000", "0903000000"),
        ("0903.000.000", "0903000000"),
        ("(090) 300-0000", "0903000000"),
        ("+84 903 000 000", "0903000000"),
        ("+84 (0) 903 000 000", "0903000000"),
        ("0084903000000", "0903000000"),
        ("84903000000", "0903000000"),
        ("0254 3800 000", "02543800000"),
        ("028 3800 0000", "02838000000"),
        ("+1 (202) 555-0100", "+12025550100"),
        ("00 49 30 901820", "+4930901820"),
    ],
)
def test_a_telephone_number_is_read_as_people_write_it(typed, read):
    assert read_phone(typed) == read


@pytest.mark.parametrize(
    "typed", ["", "0903 000 00", "0903 000 0000", "903000000", "không có", "079203001234", "+84 12", "0103000000"]
)
def test_what_cannot_be_a_telephone_number_is_none(typed):
    assert read_phone(typed) == ""


def test_numbers_are_shown_in_groups():
    assert show_phone("0903000000") == "0903 000 000"
    assert show_phone("02543800000") == "0254 380 0000"
    assert show_phone("+12025550100") == "+12025550100"


def test_one_person_has_one_key_however_the_number_is_written():
    key = contact_key("0903 000 000", "")
    assert key == contact_key("+84903000000", "mot@example.org")
    assert key != contact_key("0903 000 001", "")
    assert contact_key("", "Mot@Example.org") == contact_key("", "mot@example.org ")
    assert contact_key("", "") == ""


def test_a_key_tells_nothing_of_the_contact():
    assert "0903000000" not in contact_key("0903000000", "")
    assert len(contact_key("0903000000", "")) == 64
