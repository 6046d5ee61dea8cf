from datetime import UTC, datetime

import pytest

from feedback.demonstration import cases, focal_persons
from feedback.models import Event, PublicAnswer, Submission
from feedback.redacting import Known, look
from portal import demonstration
from portal.models import Unit
from tests.factories import FieldFactory, ProcedureFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)


def load() -> None:
    demonstration.load_organisation()
    unit = Unit.objects.get(name=demonstration.SPECIALISED_DIVISION)
    field = FieldFactory(unit=unit)
    elsewhere = FieldFactory(unit=None)
    for code in {sent.procedure for sent in cases.SENT.values() if sent.procedure}:
        ProcedureFactory(code=code, field=elsewhere if code == cases.SENT["forwarded"].procedure else field)
    demonstration.load_accounts()
    focal_persons.load()
    cases.load(at=NOW)


def test_a_first_start_shows_a_case_in_each_state():
    load()

    shown = set(Submission.objects.values_list("status", flat=True))
    assert shown == set(Submission.Status) - {"received", "spam"}
    assert Submission.objects.overdue(NOW.date()).exists()
    assert PublicAnswer.objects.published().exists()


def test_no_words_of_a_sender_stand_in_the_texts():
    load()

    for case in Submission.objects.all():
        known = Known(names=(case.sender_name,), organisations=tuple(filter(None, [case.organisation_name])))
        told = [case.title, case.content, case.proposed_solution]
        told += [answer.text for answer in case.answers.all()] + [message.text for message in case.messages.all()]
        assert [text for text in told if look(text, known)] == []


def test_nothing_happens_in_the_future_and_loading_again_adds_nothing():
    load()
    count = Submission.objects.count()
    cases.load(at=NOW)

    assert Submission.objects.count() == count
    assert not Event.objects.filter(at__gt=NOW).exists()


def test_a_real_register_begins_with_a_real_case():
    demonstration.load_organisation()

    cases.load(at=NOW)

    assert not Submission.objects.exists()
