import pytest
from django.core.exceptions import ValidationError

from portal.models import Organisation, User
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


def test_before_anybody_has_filled_it_in_the_row_is_empty():
    assert Organisation.current().full_name == ""
    assert not Organisation.objects.exists()


def test_there_is_only_ever_one_row():
    OrganisationFactory()

    Organisation(name="Sở khác", place="Thành phố Hồ Chí Minh").save()

    assert Organisation.objects.get().full_name == "Sở khác Thành phố Hồ Chí Minh"


def test_a_second_row_is_refused_by_a_sentence():
    row = OrganisationFactory()
    row.pk = 2

    with pytest.raises(ValidationError, match="Chỉ có một dòng thông tin cơ quan"):
        row.validate_constraints()


def test_a_person_is_named_family_name_first():
    assert str(User(username="canbo", last_name="Họ Đệm", first_name="Tên")) == "Họ Đệm Tên"


def test_an_account_without_a_name_shows_its_username():
    assert str(User(username="vanphong")) == "vanphong"
