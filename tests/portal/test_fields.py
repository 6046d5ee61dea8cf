import unicodedata

import pytest

from portal.models import Organisation, SearchSynonym, Unit
from procedures.models import Field

NAME = "Chi cục Tiêu chuẩn Đo lường Chất lượng"
DECOMPOSED = unicodedata.normalize("NFD", NAME)

pytestmark = pytest.mark.django_db


def test_text_is_stored_composed_however_it_comes():
    Unit.objects.create(name=DECOMPOSED)
    Unit.objects.filter(name=NAME).update(short_name=unicodedata.normalize("NFD", "Chi cục TĐC"))

    assert Unit.objects.values_list("name", "short_name").get() == (NAME, "Chi cục TĐC")


def test_a_row_is_found_by_either_form():
    Unit.objects.create(name=NAME)

    assert Unit.objects.filter(name=DECOMPOSED).exists()
    assert Unit.objects.filter(name__icontains=unicodedata.normalize("NFD", "Đo lường")).exists()


def test_rows_stored_in_bulk_are_composed_too():
    SearchSynonym.objects.bulk_create([SearchSynonym(phrase=unicodedata.normalize("NFD", "mã vạch"), meaning="x")])

    assert SearchSynonym.objects.filter(phrase="mã vạch").exists()


def test_the_two_forms_of_one_name_are_one_name_to_a_form():
    Unit.objects.create(name=NAME)
    again = Unit(name=DECOMPOSED)

    with pytest.raises(Exception, match="name") as error:
        again.full_clean()

    assert error.value.error_dict["name"][0].code == "unique"


def test_long_text_is_composed():
    field = Field.objects.create(name="Sở hữu trí tuệ", description=DECOMPOSED)

    field.refresh_from_db()

    assert field.description == NAME


def test_an_address_without_a_scheme_means_https():
    field = Organisation._meta.get_field("national_portal_url").formfield()

    assert field.clean("dichvucong.gov.vn") == "https://dichvucong.gov.vn"
    assert field.clean("http://dichvucong.gov.vn") == "http://dichvucong.gov.vn"
