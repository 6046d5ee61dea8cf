import pytest

from portal import roles
from procedures import publishing
from tests.factories import FeeFactory, ProcedureFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_procedure_of_the_factory_has_all_that_publishing_asks_for():
    procedure = ProcedureFactory()

    assert publishing.blockers(procedure) == []
    procedure.full_clean()


def test_a_row_can_be_left_out():
    procedure = ProcedureFactory(fees=None, methods__time_limit=5)

    assert not procedure.fees.exists()
    assert procedure.methods.get().time_limit == 5


def test_a_row_alone_brings_its_procedure():
    fee = FeeFactory(free=True)

    assert list(fee.procedure.fees.all()) == [fee]


@pytest.mark.parametrize("role", roles.ROLES)
def test_staff_get_the_role_they_are_given(role):
    assert UserFactory(role=role).groups.get().name == role
