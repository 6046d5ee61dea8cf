import pytest
from django.db import transaction

from feedback import numbering

pytestmark = pytest.mark.django_db


def test_each_year_has_its_own_series_from_one():
    numbers = [numbering.next_number(year) for year in (2026, 2026, 2027, 2026)]

    assert numbers == [1, 2, 1, 3]


def test_a_number_is_free_again_when_the_transaction_fails():
    numbering.next_number(2026)
    save = transaction.savepoint()
    assert numbering.next_number(2026) == 2
    transaction.savepoint_rollback(save)

    assert numbering.next_number(2026) == 2
