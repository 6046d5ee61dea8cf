import pytest
from django.db import DatabaseError, connection, transaction

from feedback.models import OPEN, Event, Submission
from feedback.querysets import _OPEN
from tests.factories import EventFactory, SubmissionFactory

pytestmark = pytest.mark.django_db


def refused(action):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        action()


def test_the_database_itself_keeps_the_history():
    event = EventFactory()

    refused(lambda: Event.objects.filter(pk=event.pk).update(remark="khác"))
    refused(lambda: Event.objects.filter(pk=event.pk).delete())

    assert Event.objects.get().remark == event.remark


def test_a_register_entry_is_neither_deleted_nor_numbered_anew():
    submission = SubmissionFactory(register_year=2026, register_number=1)
    rows = Submission.objects.filter(pk=submission.pk)

    refused(lambda: rows.update(register_number=2))
    refused(lambda: rows.update(register_year=None, register_number=None, status="received"))
    with connection.cursor() as cursor:
        refused(lambda: cursor.execute("DELETE FROM feedback_submission"))
    rows.update(title="Tiêu đề khác")

    assert rows.get().register_entry == "1/2026"


def test_what_is_not_in_the_register_yet_may_get_its_number():
    submission = SubmissionFactory(status="received", register_year=None, register_number=None)

    Submission.objects.filter(pk=submission.pk).update(register_year=2026, register_number=7, status="registered")

    assert Submission.objects.get().register_number == 7


def test_queries_and_rows_mean_the_same_by_open():
    assert set(_OPEN) == OPEN
