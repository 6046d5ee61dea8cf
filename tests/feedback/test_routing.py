from datetime import date

import pytest

from feedback import routing
from feedback.models import FocalPerson
from tests.factories import FieldFactory, FocalPersonFactory, ProcedureFactory, SubmissionFactory, UnitFactory

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 24)


@pytest.fixture
def field():
    return FieldFactory(unit=UnitFactory())


@pytest.fixture
def procedure(field):
    return ProcedureFactory(published=True, field=field)


@pytest.fixture
def rest():
    return FocalPersonFactory(receives_rest=True)


def found(procedure=None, field=None, unit=None, on=ON):
    return routing.find(procedure=procedure, field=field, unit=unit, on=on).focal_person


def person_of_field(field, **values):
    person = FocalPersonFactory(**values)
    person.fields.add(field)
    return person


def test_who_has_the_procedure_goes_before_who_has_its_field(procedure, field, rest):
    person_of_field(field)
    own = FocalPersonFactory()
    own.procedures.add(procedure)

    assert found(procedure) == own


def test_a_procedure_goes_by_its_field(procedure, field, rest):
    person = person_of_field(field)
    FocalPersonFactory(unit=field.unit)

    assert found(procedure) == person
    assert found(field=field) == person


def test_a_field_without_a_person_goes_by_its_unit(procedure, field, rest):
    other_field = person_of_field(FieldFactory(), unit=field.unit, order=1)
    general = FocalPersonFactory(unit=field.unit, order=2)

    assert found(field=field) == general
    FocalPerson.objects.filter(pk=general.pk).update(last_on=date(2026, 11, 1))
    assert found(field=field) == other_field


def test_a_unit_that_an_officer_names_goes_before_the_field(field, rest):
    person_of_field(field)
    named = FocalPersonFactory()

    assert found(field=field, unit=named.unit) == named


def test_what_fits_nowhere_goes_to_who_takes_the_rest(procedure, rest):
    assert found(procedure) == rest
    assert found() == rest


def test_without_anybody_there_is_no_one_and_it_says_so():
    route = routing.find(procedure=None, field=None, on=ON)

    assert (route.focal_person, route.unit, route.why) == (None, None, "chưa có đầu mối nào phù hợp")


def test_only_who_is_active_on_the_day_receives(field):
    person_of_field(field, last_on=date(2026, 11, 23))
    coming = person_of_field(field, first_on=date(2026, 12, 1))

    assert found(field=field) is None
    assert found(field=field, on=date(2026, 12, 1)) == coming


def test_a_change_of_rules_is_rehearsed_on_cases_and_moves_none(field, django_assert_max_num_queries):
    now = person_of_field(field, last_on=date(2026, 11, 30))
    then = person_of_field(field, first_on=date(2026, 12, 1))
    cases = [SubmissionFactory(field=field) for _ in range(3)]

    with django_assert_max_num_queries(6):
        result = routing.rehearse(cases, on=ON, then=date(2026, 12, 1))

    assert {(one.now.focal_person, one.then.focal_person, one.differs) for one in result} == {(now, then, True)}


def test_a_field_that_nobody_receives_is_told_even_where_somebody_takes_the_rest(procedure, field, rest):
    assert routing.fields_without(ON) == [field]

    FocalPersonFactory(unit=field.unit)
    assert routing.fields_without(ON) == []
