"""What makes a procedure public (NĐ 63/2010 Đ8.2), and takes it back."""

from datetime import UTC, datetime

import pytest
from django.contrib.admin.models import LogEntry
from reversion.models import Version

from portal import roles
from portal.models import SearchChange
from procedures import publishing
from procedures.models import Procedure
from tests.factories import FeeFactory, ProcedureFactory, SubmissionMethodFactory, UserFactory

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def stored(procedure):
    return Procedure.objects.get(pk=procedure.pk)


def test_it_publishes_a_complete_draft_and_leaves_a_trace():
    procedure, officer = ProcedureFactory(), UserFactory(role=roles.OFFICE)
    before = SearchChange.latest_number()

    publishing.publish(procedure, by=officer, at=NOON)

    assert procedure.is_published
    assert stored(procedure).status == Procedure.Status.PUBLISHED
    assert stored(procedure).published_at == NOON
    assert SearchChange.objects.filter(pk__gt=before, kind="procedure", object_id=procedure.pk).exists()
    assert LogEntry.objects.get().user == officer
    revision = Version.objects.get_for_object(procedure).get().revision
    assert (revision.user, revision.comment, revision.date_created) == (officer, "Công khai.", NOON)


def test_a_program_may_publish_without_a_person():
    procedure = ProcedureFactory()

    publishing.publish(procedure, by=None, at=NOON)

    assert stored(procedure).is_published
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(
    ("lacking", "field"),
    [
        ({"code": None}, "code"),
        ({"name": ""}, "name"),
        ({"short_name": ""}, "short_name"),
        ({"field": None}, "field"),
        ({"for_individuals": False, "for_businesses": False, "for_organisations": False}, "for_individuals"),
        ({"items": None}, "items"),
        ({"steps": ""}, "steps"),
        ({"methods": None}, "methods"),
        ({"methods__time_limit": None, "methods__time_unit": ""}, "methods"),
        ({"executing_agency": "", "competent_agency": ""}, "executing_agency"),
    ],
)
def test_it_refuses_a_draft_that_lacks_a_required_part(lacking, field):
    procedure = ProcedureFactory(**lacking)

    with pytest.raises(publishing.NotPublishable) as refusal:
        publishing.publish(procedure, by=None, at=NOON)

    assert field in [blocker.field for blocker in refusal.value.blockers]
    assert not stored(procedure).is_published
    assert not Version.objects.exists()
    # The list of the whole catalogue says the same as the page of the one.
    assert list(publishing.incomplete(Procedure.objects.all())) == [procedure]
    assert not publishing.complete(Procedure.objects.all()).exists()


@pytest.mark.parametrize(
    "enough",
    [
        {},
        {"executing_agency": ""},
        {"competent_agency": ""},
        {"for_individuals": False},
        {"methods__time_limit": None, "methods__time_unit": "", "methods__time_text": "Theo từng hồ sơ."},
        {"fees": None, "legal_bases": None, "results": "", "requirements": ""},
    ],
)
def test_it_asks_for_no_more_than_the_law_does(enough):
    procedure = ProcedureFactory(**enough)

    assert publishing.blockers(procedure) == []
    assert list(publishing.complete(Procedure.objects.all())) == [procedure]
    assert not publishing.incomplete(Procedure.objects.all()).exists()


def test_one_method_with_a_time_limit_is_enough():
    procedure = ProcedureFactory()
    SubmissionMethodFactory(procedure=procedure, channel="postal", time_limit=None, time_unit="")

    assert publishing.blockers(procedure) == []
    assert list(publishing.complete(Procedure.objects.all())) == [procedure]


def test_each_blocker_says_what_to_do_in_a_whole_sentence():
    blockers = publishing.blockers(Procedure.objects.create())

    assert len(blockers) == len(publishing.REQUIRED_PARTS)
    assert all(blocker.sentence[0].isupper() and blocker.sentence.endswith(".") for blocker in blockers)


def test_what_counts_is_what_is_stored_not_what_was_read():
    procedure = ProcedureFactory()
    Procedure.objects.filter(pk=procedure.pk).update(steps="")

    with pytest.raises(publishing.NotPublishable):
        publishing.publish(procedure, by=None, at=NOON)


def test_the_second_of_two_publications_conflicts_and_leaves_one_version():
    procedure = ProcedureFactory()
    same = stored(procedure)
    publishing.publish(procedure, by=None, at=NOON)

    with pytest.raises(publishing.Conflict):
        publishing.publish(same, by=None, at=NOON)

    assert Version.objects.get_for_object(procedure).count() == 1


def test_publishing_what_has_been_deleted_conflicts():
    procedure = ProcedureFactory()
    Procedure.objects.filter(pk=procedure.pk).delete()

    with pytest.raises(publishing.Conflict):
        publishing.publish(procedure, by=None, at=NOON)


def test_withdrawing_makes_it_a_draft_that_has_once_been_public():
    procedure = ProcedureFactory()
    publishing.publish(procedure, by=None, at=NOON)
    before = SearchChange.latest_number()

    publishing.withdraw(procedure, by=None, at=NOON)

    assert stored(procedure).status == Procedure.Status.DRAFT
    assert stored(procedure).published_at == NOON
    assert SearchChange.latest_number() > before
    with pytest.raises(publishing.Conflict):
        publishing.withdraw(procedure, by=None, at=NOON)


def test_confirming_a_short_name_needs_that_very_name():
    procedure = ProcedureFactory(short_name="Tên máy đề xuất", short_name_proposed=True)
    seen = stored(procedure)
    Procedure.objects.filter(pk=procedure.pk).update(short_name="Tên khác")

    with pytest.raises(publishing.Conflict):
        publishing.confirm_short_name(seen, by=None, at=NOON)
    publishing.confirm_short_name(stored(procedure), by=None, at=NOON)

    assert not stored(procedure).short_name_proposed


def test_a_version_holds_the_rows_of_the_record():
    procedure = ProcedureFactory()
    FeeFactory(procedure=procedure, amount=5000)

    publishing.publish(procedure, by=None, at=NOON)

    models = [version.content_type.model for version in Version.objects.all()]
    assert sorted(models) == ["dossieritem", "fee", "fee", "legalbasis", "procedure", "submissionmethod"]
