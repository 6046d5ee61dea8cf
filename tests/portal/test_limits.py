from datetime import UTC, date, datetime

import pytest
from django.test import RequestFactory

from portal import limits
from portal.models import AttemptCount

DAY = date(2026, 11, 24)


def allowed(who, day=DAY, what="thử"):
    return limits.allows(what, who, most=2, on=day)


@pytest.mark.django_db
def test_the_first_tries_of_a_day_are_allowed():
    assert [allowed("a@example.org") for _ in range(4)] == [True, True, False, False]


@pytest.mark.django_db
def test_others_other_days_and_other_things_count_for_themselves():
    for _ in range(3):
        allowed("a@example.org")

    assert allowed("b@example.org")
    assert allowed("a@example.org", day=date(2026, 11, 25))
    assert allowed("a@example.org", what="khác")


@pytest.mark.django_db
def test_nobody_is_named_by_a_count():
    allowed("a@example.org")

    assert "example" not in str(AttemptCount.objects.values_list().get())


@pytest.mark.django_db
def test_counts_are_forgotten_after_two_days():
    allowed("a@example.org", day=date(2026, 11, 22))
    allowed("a@example.org", day=date(2026, 11, 23))

    limits.forget_old_counts(datetime(2026, 11, 24, 3, tzinfo=UTC))

    assert AttemptCount.objects.get().day == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("connection", "header", "address"),
    [
        ("203.0.113.5", None, "203.0.113.5"),
        ("127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "10.0.0.1, 198.51.100.7", "198.51.100.7"),
        ("", "198.51.100.7", "198.51.100.7"),
        ("203.0.113.5", "198.51.100.7", "203.0.113.5"),
    ],
)
def test_only_a_server_on_this_machine_is_believed_whom_it_speaks_for(connection, header, address):
    request = RequestFactory().get("/", REMOTE_ADDR=connection, **({"HTTP_X_FORWARDED_FOR": header} if header else {}))

    assert limits.visitor_address(request) == address
