"""The content of a procedure from day to day."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from portal.models import Organisation
from procedures import deciding, history, publishing, versions
from procedures.models import Procedure, ProcedureVersion
from procedures.pages import ProcedurePage
from tests.factories import (
    DecisionFactory,
    DossierCaseFactory,
    DossierItemFactory,
    FormFileFactory,
    LegalBasisFactory,
    LegalDocumentFactory,
    ProcedureChangeFactory,
    ProcedureFactory,
)

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)
TODAY = date(2026, 11, 24)

pytestmark = pytest.mark.django_db


def full_procedure(**values):
    procedure = ProcedureFactory(in_force_from=date(2024, 1, 1), **values)
    case = DossierCaseFactory(procedure=procedure, name="Cấp lần đầu")
    DossierItemFactory(procedure=procedure, case=case, form=FormFileFactory(), name="Đơn đề nghị", order=1)
    LegalBasisFactory(procedure=procedure, document=LegalDocumentFactory(title="Luật Thử"), note="Điều 1", order=1)
    publishing.publish(procedure, by=None, at=NOON)
    return Procedure.objects.get(pk=procedure.pk)


def test_content_survives_json_whole():
    procedure = full_procedure()
    content = json.loads(json.dumps(versions.freeze(procedure)))

    thawed = versions.thaw(content, procedure)

    assert history.compare(history.stored(procedure), history.stored(thawed)) == []
    assert thawed.methods.all()[0].time_limit == Decimal(18)


def test_a_page_can_be_made_of_a_version_without_asking_the_database(django_assert_num_queries):
    procedure = full_procedure()
    content = versions.freeze(procedure)
    organisation = Organisation()
    procedure = Procedure.objects.for_page().get(pk=procedure.pk)
    with django_assert_num_queries(0):
        page = ProcedurePage(versions.thaw(content, procedure), organisation, TODAY)
        papers = [[item.name for item in dossier.items] for dossier in page.dossiers]
        bases = [str(basis.document) for basis in page.procedure.legal_bases.all()]

        assert page.fee
        assert papers[1] == ["Đơn đề nghị"]
        assert page.dossiers[1].case.name == "Cấp lần đầu"
        assert page.dossiers[1].items[0].form.url
        assert len(bases) == 2


def test_a_copy_says_the_same_and_is_nobodys_procedure():
    procedure = full_procedure()

    draft = versions.copy(versions.freeze(procedure))

    assert draft.code is None
    assert not draft.is_published
    assert versions.freeze(draft) == versions.freeze(procedure)


def test_publishing_keeps_the_first_version():
    procedure = full_procedure()

    version = procedure.versions.get()

    assert version.valid_from == date(2024, 1, 1)
    assert version.content == versions.freeze(procedure)
    assert versions.as_of(procedure, date(2023, 12, 31)) is None


def test_without_a_first_day_nothing_is_claimed_of_the_days_before_publication():
    procedure = ProcedureFactory()
    publishing.publish(procedure, by=None, at=NOON)

    assert versions.as_of(procedure, TODAY) is not None
    assert versions.as_of(procedure, TODAY - timedelta(days=1)) is None


def test_what_was_public_before_versions_were_kept_is_read_from_its_rows():
    procedure = ProcedureFactory(published=True)

    assert versions.as_of(procedure, TODAY).steps == procedure.steps
    assert versions.as_of(procedure, date(2020, 1, 1)) is None
    assert versions.as_of(ProcedureFactory(), TODAY) is None


def test_a_correction_goes_into_the_version_in_force_and_the_later_ones():
    procedure = full_procedure()
    change = ProcedureChangeFactory(procedure=procedure, effective_on=TODAY + timedelta(days=30))
    draft = deciding.prepare_draft(change, by=None, at=NOON)
    draft.fees.update(amount=500_000)
    deciding.publish(change.decision, by=None, at=NOON)

    publishing.withdraw(procedure, by=None, at=NOON)
    Procedure.objects.filter(pk=procedure.pk).update(results="Giấy phép (đã sửa lỗi chính tả)")
    publishing.publish(procedure, by=None, at=NOON)

    now, later = (versions.as_of(procedure, day) for day in (TODAY, change.effective_on))
    assert now.results == later.results == "Giấy phép (đã sửa lỗi chính tả)"
    assert (now.fees.all()[0].amount, later.fees.all()[0].amount) == (2_000_000, 500_000)
    assert procedure.versions.count() == 2


def test_a_correction_after_a_change_belongs_to_that_change():
    procedure = full_procedure(steps="Bước 1: Cũ.")
    change = ProcedureChangeFactory(procedure=procedure, effective_on=TODAY)
    Procedure.objects.filter(pk=deciding.prepare_draft(change, by=None, at=NOON).pk).update(steps="Bước 1: Mơi.")
    deciding.publish(change.decision, by=None, at=NOON)

    publishing.withdraw(procedure, by=None, at=NOON)
    Procedure.objects.filter(pk=procedure.pk).update(steps="Bước 1: Mới.")
    publishing.publish(procedure, by=None, at=NOON)
    versions.recut(Procedure.objects.get(pk=procedure.pk), at=NOON)

    assert versions.as_of(procedure, TODAY - timedelta(days=1)).steps == "Bước 1: Cũ."
    assert versions.as_of(procedure, TODAY).steps == "Bước 1: Mới."


def test_a_change_may_take_effect_before_the_procedure_was_put_here():
    procedure = ProcedureFactory(steps="Cũ.")
    publishing.publish(procedure, by=None, at=NOON)
    change = ProcedureChangeFactory(procedure=procedure, effective_on=date(2024, 7, 1))
    Procedure.objects.filter(pk=deciding.prepare_draft(change, by=None, at=NOON).pk).update(steps="Mới.")

    deciding.publish(change.decision, by=None, at=NOON)

    assert versions.as_of(procedure, date(2024, 6, 30)).steps == "Cũ."
    assert versions.as_of(procedure, date(2024, 7, 1)).steps == "Mới."


def test_rows_that_are_gone_are_made_again():
    procedure = full_procedure()
    content = versions.freeze(procedure)
    form = procedure.items.get(name="Đơn đề nghị").form
    form.delete()

    draft = versions.copy(content)

    again = draft.items.get(name="Đơn đề nghị").form
    assert (again.name, again.url) == (form.name, form.url)


# Each change says which part it changes, from which day on, and to what.
PARTS = ["steps", "results", "requirements", "fee"]
CHANGES = st.lists(
    st.tuples(st.sampled_from(PARTS), st.integers(-30, 30), st.integers(1, 9)),
    min_size=1,
    max_size=3,
    unique_by=lambda change: change[:2],
)


class OrderOfEntry(TestCase):
    """Hypothesis rolls each of its examples back."""

    # Each example publishes several decisions.
    @settings(max_examples=25)
    @given(changes=CHANGES, data=st.data())
    def test_the_state_on_a_day_depends_only_on_effective_dates(self, changes, data):
        order = data.draw(st.permutations(range(len(changes))))

        procedure = entered(changes, order)

        for day in {TODAY, *(TODAY + timedelta(days=offset + shift) for _, offset, _ in changes for shift in (-1, 0))}:
            found = versions.as_of(procedure, day)
            expected = {"steps": "0", "results": "0", "requirements": "0", "fee": 1}
            for part, offset, value in sorted(changes, key=lambda change: change[1]):
                if TODAY + timedelta(days=offset) <= day:
                    expected[part] = value * 1_000_000 if part == "fee" else f"{part} {value}"
            assert said(found) == expected
        assert said(Procedure.objects.get(pk=procedure.pk)) == said(versions.as_of(procedure, TODAY))
        assert len({version.valid_from for version in procedure.versions.all()}) == procedure.versions.count()


def entered(changes, order):
    """Return a procedure whose changes were entered and published in the order."""
    procedure = ProcedureFactory(
        in_force_from=date(2024, 1, 1), steps="0", results="0", requirements="0", fees__amount=1
    )
    publishing.publish(procedure, by=None, at=NOON)
    for index in order:
        part, offset, value = changes[index]
        decision = DecisionFactory(document__number=f"{index}/NQ-HĐND", document__kind="resolution")
        change = ProcedureChangeFactory(
            decision=decision, procedure=procedure, effective_on=TODAY + timedelta(days=offset)
        )
        draft = deciding.prepare_draft(change, by=None, at=NOON)
        if part == "fee":
            draft.fees.update(amount=value * 1_000_000, note=str(index))
        else:
            # Two changes may bring the same words; a draft must still say something new.
            Procedure.objects.filter(pk=draft.pk).update(**{part: f"{part} {value}", "audience": str(index)})
        deciding.publish(decision, by=None, at=NOON)
    return Procedure.objects.get(pk=procedure.pk)


def said(procedure):
    return {
        "steps": procedure.steps,
        "results": procedure.results,
        "requirements": procedure.requirements,
        "fee": procedure.fees.all()[0].amount,
    }


def test_a_version_is_unique_for_its_day():
    procedure = full_procedure()
    for number in range(2):
        change = ProcedureChangeFactory(procedure=procedure, effective_on=TODAY)
        draft = deciding.prepare_draft(change, by=None, at=NOON)
        Procedure.objects.filter(pk=draft.pk).update(**{["steps", "results"][number]: "Mới."})
        deciding.publish(change.decision, by=None, at=NOON)

    found = ProcedureVersion.objects.get(procedure=procedure, valid_from=TODAY)

    assert (found.content["columns"]["steps"], found.content["columns"]["results"]) == ("Mới.", "Mới.")
