import pytest

from feedback import codes


def test_a_new_code_is_eight_letters_that_nobody_misreads():
    code = codes.new_code()

    assert len(code) == 8
    assert not set(code) & set("ILOU")
    assert codes.new_code() != code


@pytest.mark.parametrize("typed", ["K7QM-4HXT", "k7qm4hxt", " K7QM 4HXT ", "K7QM–4HXT"])
def test_a_code_is_read_however_it_is_typed(typed):
    assert codes.read(typed) == "K7QM4HXT"


def test_letters_that_look_alike_are_taken_for_each_other():
    assert codes.read("oOiI-lL00") == "00111100"


@pytest.mark.parametrize("typed", ["", "K7QM", "K7QM-4HXTT", "K7QM-4HXU", "khong phai"])
def test_what_cannot_be_a_code_is_none(typed):
    assert codes.read(typed) == ""
