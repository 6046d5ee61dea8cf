"""Decisions: proposed, returned, published whole, taking effect on their days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry

from portal import roles
from procedures import deciding, publishing, versions
from procedures.models import Decision, Procedure, ProcedureChange, ProcedureVersion
from procedures.signals import change_published
from tests.factories import (
    DecisionFactory,
    ProcedureChangeFactory,
    ProcedureFactory,
    UnitFactory,
    UserFactory,
)

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)
TODAY, TOMORROW = date(2026, 11, 24), date(2026, 11, 25)
LONG_AGO = date(2024, 3, 1)
Kind = ProcedureChange.Kind

pytestmark = pytest.mark.django_db


def public_procedure(**values):
    """A procedure that went public by the door, so that its first version is kept."""
    procedure = ProcedureFactory(**{"in_force_from": LONG_AGO, **values})
    publishing.publish(procedure, by=None, at=NOON)
    return procedure


def stored(procedure):
    return Procedure.objects.get(pk=procedure.pk)


def drafted(change, **columns):
    """Prepare the new content of the change: other columns, or another fee."""
    draft = deciding.prepare_draft(change, by=None, at=NOON)
    if amount := columns.pop("amount", None):
        draft.fees.update(amount=amount)
    Procedure.objects.filter(pk=draft.pk).update(**columns)
    return change


def fee_on(procedure, day):
    return versions.as_of(stored(procedure), day).fees.all()[0].amount


def test_an_amendment_for_tomorrow_changes_nothing_today_and_everything_tomorrow():
    procedure = public_procedure(steps="Bước 1: Cũ.")
    change = drafted(ProcedureChangeFactory(procedure=procedure, effective_on=TOMORROW), steps="Bước 1: Mới.")

    deciding.publish(change.decision, by=None, at=NOON)

    assert stored(procedure).steps == "Bước 1: Cũ."
    assert versions.as_of(procedure, TODAY).steps == "Bước 1: Cũ."
    assert versions.as_of(procedure, TOMORROW).steps == "Bước 1: Mới."
    assert deciding.take_effect(TODAY, NOON) == 0
    assert deciding.take_effect(TOMORROW, NOON + timedelta(days=1)) == 1
    assert stored(procedure).steps == "Bước 1: Mới."
    assert stored(procedure).decision_number == change.decision.document.number
    assert deciding.take_effect(TOMORROW, NOON + timedelta(days=1)) == 0


def test_what_is_due_is_applied_at_once():
    procedure = public_procedure()
    change = drafted(ProcedureChangeFactory(procedure=procedure, kind=Kind.FEE, effective_on=TODAY), amount=500_000)

    deciding.publish(change.decision, by=None, at=NOON)

    assert stored(procedure).fees.get().amount == 500_000
    assert fee_on(procedure, TODAY - timedelta(days=1)) == 2_000_000


def test_a_draft_leaves_with_the_publication_and_names_the_parts_it_changed():
    change = drafted(ProcedureChangeFactory(procedure=public_procedure()), steps="Bước 1: Mới.")
    draft = change.draft

    deciding.publish(change.decision, by=None, at=NOON)

    change.refresh_from_db()
    assert change.draft is None
    assert not Procedure.objects.filter(pk=draft.pk).exists()
    assert "Trình tự thực hiện" in change.parts


def test_a_new_procedure_becomes_public_from_its_day():
    draft = ProcedureFactory()
    change = ProcedureChangeFactory(procedure=draft, kind=Kind.NEW, effective_on=TOMORROW)

    deciding.publish(change.decision, by=None, at=NOON)

    new = stored(draft)
    assert new.is_upcoming(TODAY)
    assert new.is_in_force(TOMORROW)
    assert versions.as_of(new, TODAY) is None
    assert versions.as_of(new, TOMORROW).name == new.name
    assert new.versions.get().change == change


def test_a_replaced_procedure_ends_the_day_before_its_successor_begins():
    old, successor = public_procedure(), ProcedureFactory()
    decision = DecisionFactory()
    ProcedureChangeFactory(
        decision=decision, procedure=old, kind=Kind.REPLACED, successor=successor, effective_on=TOMORROW
    )
    ProcedureChangeFactory(decision=decision, procedure=successor, kind=Kind.NEW, effective_on=TOMORROW)

    deciding.publish(decision, by=None, at=NOON)

    assert stored(old).in_force_to == TODAY
    assert stored(old).is_in_force(TODAY)
    assert not stored(old).is_in_force(TOMORROW)
    assert stored(successor).is_in_force(TOMORROW)


def test_a_repealed_procedure_keeps_its_content():
    procedure = public_procedure()
    change = ProcedureChangeFactory(procedure=procedure, kind=Kind.REPEALED, effective_on=TODAY)

    deciding.publish(change.decision, by=None, at=NOON)

    assert stored(procedure).is_published
    assert stored(procedure).is_ended(TODAY)
    assert versions.as_of(stored(procedure), TODAY).steps == procedure.steps


def test_nothing_is_published_while_one_change_lacks_something():
    procedure, draft = public_procedure(), ProcedureFactory(steps="")
    decision = DecisionFactory()
    ProcedureChangeFactory(decision=decision, procedure=procedure, kind=Kind.REPEALED, effective_on=TODAY)
    lacking = ProcedureChangeFactory(decision=decision, procedure=draft, kind=Kind.NEW)

    with pytest.raises(deciding.NotPublishable) as refusal:
        deciding.publish(decision, by=None, at=NOON)

    assert [problem.change for problem in refusal.value.problems] == [lacking]
    assert Decision.objects.get().status == Decision.Status.DRAFT
    assert stored(procedure).in_force_to is None


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"kind": Kind.NEW}, "đã công khai"),
        ({"kind": Kind.REPLACED}, "Chọn thủ tục thay thế."),
        ({"kind": Kind.REPEALED, "effective_on": LONG_AGO}, "01/3/2024"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused_with_what_to_do(values, sentence):
    change = ProcedureChangeFactory(procedure=public_procedure(), **values)

    with pytest.raises(deciding.NotPublishable, match=sentence):
        deciding.publish(change.decision, by=None, at=NOON)


def test_a_procedure_ends_only_once():
    procedure = public_procedure()
    deciding.publish(
        ProcedureChangeFactory(procedure=procedure, kind=Kind.REPEALED, effective_on=TOMORROW).decision,
        by=None,
        at=NOON,
    )
    again = ProcedureChangeFactory(procedure=procedure, kind=Kind.REPEALED, effective_on=TOMORROW)
    late = ProcedureChangeFactory(procedure=procedure, effective_on=TOMORROW + timedelta(days=1))

    for change in (again, late):
        with pytest.raises(deciding.NotPublishable):
            deciding.publish(change.decision, by=None, at=NOON)


def test_an_unchanged_or_incomplete_draft_is_refused():
    same = ProcedureChangeFactory(procedure=public_procedure())
    deciding.prepare_draft(same, by=None, at=NOON)
    lacking = drafted(ProcedureChangeFactory(procedure=public_procedure()), steps="")

    for change in (same, lacking):
        with pytest.raises(deciding.NotPublishable):
            deciding.publish(change.decision, by=None, at=NOON)


def test_the_second_publication_conflicts():
    change = ProcedureChangeFactory(procedure=public_procedure(), kind=Kind.REPEALED)
    deciding.publish(change.decision, by=None, at=NOON)

    with pytest.raises(deciding.Conflict):
        deciding.publish(Decision.objects.get(), by=None, at=NOON)


@pytest.mark.parametrize("broken", ["_end", "_begin", "_take_content", "_log"])
def test_a_failure_at_any_step_leaves_nothing_half(broken, monkeypatch):
    old, successor, amended = public_procedure(), ProcedureFactory(), public_procedure()
    decision = DecisionFactory()
    ProcedureChangeFactory(decision=decision, procedure=successor, kind=Kind.NEW, effective_on=TODAY)
    drafted(ProcedureChangeFactory(decision=decision, procedure=amended, effective_on=TODAY), steps="Mới.")
    ProcedureChangeFactory(
        decision=decision, procedure=old, kind=Kind.REPLACED, successor=successor, effective_on=TODAY
    )
    before = state()
    real = getattr(deciding, broken)

    def work_then_break(*args, **kwargs):
        real(*args, **kwargs)
        raise RuntimeError("killed")

    monkeypatch.setattr(deciding, broken, work_then_break)
    with pytest.raises(RuntimeError):
        deciding.publish(decision, by=None, at=NOON)

    assert state() == before


def state():
    return [
        list(model.objects.order_by("pk").values())
        for model in (Decision, Procedure, ProcedureChange, ProcedureVersion)
    ]


# Who may do what.


def test_a_unit_proposes_the_office_returns_and_publishes():
    unit = UnitFactory()
    officer, member = UserFactory(role=roles.OFFICE), UserFactory(role=roles.UNIT, unit=unit)
    decision = ProcedureChangeFactory(procedure=public_procedure(), kind=Kind.REPEALED).decision

    deciding.propose(decision, by=member, at=NOON)
    assert (decision.status, decision.unit, decision.proposed_by) == ("proposed", unit, member)
    assert not deciding.may_edit(member, decision)

    deciding.return_(decision, by=officer, at=NOON, remark="Ghi rõ ngày áp dụng.")
    assert (decision.status, decision.remark) == ("returned", "Ghi rõ ngày áp dụng.")
    assert deciding.may_edit(member, decision)

    deciding.propose(decision, by=member, at=NOON)
    deciding.publish(decision, by=officer, at=NOON)

    assert Decision.objects.get().status == Decision.Status.PUBLISHED
    assert [entry.user for entry in LogEntry.objects.order_by("pk") if entry.object_id == str(decision.pk)] == [
        member,
        officer,
        member,
        officer,
    ]


def test_a_unit_neither_publishes_nor_touches_what_is_not_its_own():
    member = UserFactory(role=roles.UNIT, unit=UnitFactory())
    decision = ProcedureChangeFactory(
        procedure=public_procedure(), kind=Kind.REPEALED, decision__unit=UnitFactory()
    ).decision

    for step in (deciding.propose, deciding.publish):
        with pytest.raises(deciding.NotAllowed):
            step(decision, by=member, at=NOON)
    with pytest.raises(deciding.NotAllowed):
        deciding.return_(decision, by=member, at=NOON, remark="Sửa.")


def test_returning_asks_for_a_remark_and_proposing_for_a_change():
    with pytest.raises(deciding.NotPublishable):
        deciding.return_(DecisionFactory(status="proposed"), by=None, at=NOON, remark=" ")
    with pytest.raises(deciding.NotPublishable):
        deciding.propose(DecisionFactory(), by=None, at=NOON)


# Corrections.


def test_a_corrected_day_moves_the_version_and_leaves_a_line():
    officer, procedure = UserFactory(role=roles.OFFICE), public_procedure()
    change = drafted(ProcedureChangeFactory(procedure=procedure, effective_on=TODAY), steps="Mới.")
    deciding.publish(change.decision, by=officer, at=NOON)
    assert stored(procedure).steps == "Mới."

    deciding.correct(change, by=officer, at=NOON, reason="Nhập nhầm ngày", effective_on=TOMORROW)

    assert stored(procedure).steps == procedure.steps
    assert versions.as_of(procedure, TOMORROW).steps == "Mới."
    line = LogEntry.objects.filter(object_id=str(change.decision.pk)).order_by("pk").last()
    assert "24/11/2026" in line.change_message
    assert "25/11/2026" in line.change_message
    assert "Nhập nhầm ngày" in line.change_message


@pytest.mark.parametrize(("kind", "column", "day"), [(Kind.REPEALED, "in_force_to", TODAY)])
def test_a_corrected_end_moves_the_last_day(kind, column, day):
    procedure = public_procedure()
    change = ProcedureChangeFactory(procedure=procedure, kind=kind, effective_on=date(2026, 12, 1))
    deciding.publish(change.decision, by=None, at=NOON)

    deciding.correct(change, by=None, at=NOON, reason="Nhập nhầm ngày", effective_on=TOMORROW)

    assert getattr(stored(procedure), column) == day


def test_a_corrected_beginning_moves_the_first_version():
    draft = ProcedureFactory()
    change = ProcedureChangeFactory(procedure=draft, kind=Kind.NEW, effective_on=TOMORROW)
    deciding.publish(change.decision, by=None, at=NOON)

    deciding.correct(change, by=None, at=NOON, reason="Nhập nhầm ngày", effective_on=TODAY)

    assert stored(draft).in_force_from == TODAY
    assert stored(draft).versions.get().valid_from == TODAY


def test_a_correction_needs_a_reason_and_a_published_change():
    change = ProcedureChangeFactory(procedure=public_procedure(), kind=Kind.REPEALED)
    with pytest.raises(deciding.Conflict):
        deciding.correct(change, by=None, at=NOON, reason="Vì", sentence="Khác.")
    deciding.publish(change.decision, by=None, at=NOON)
    with pytest.raises(deciding.NotPublishable):
        deciding.correct(change, by=None, at=NOON, reason="", sentence="Khác.")


def test_content_may_follow_after_the_publication():
    procedure = public_procedure()
    change = ProcedureChangeFactory(procedure=procedure, effective_on=TODAY)
    deciding.publish(change.decision, by=None, at=NOON)

    drafted(change, steps="Mới.")
    deciding.add_content(change, by=None, at=NOON)

    assert stored(procedure).steps == "Mới."
    with pytest.raises(deciding.Conflict):
        deciding.add_content(change, by=None, at=NOON)


# Telling others.


@pytest.fixture
def heard():
    changes = []

    def hear(change, **kwargs):
        changes.append(change)

    change_published.connect(hear)
    yield changes
    change_published.disconnect(hear)


def test_each_change_is_announced_once_after_the_commit(heard, django_capture_on_commit_callbacks):
    decision = DecisionFactory()
    for _ in range(2):
        ProcedureChangeFactory(decision=decision, procedure=public_procedure(), kind=Kind.REPEALED)
    with django_capture_on_commit_callbacks(execute=True):
        deciding.publish(decision, by=None, at=NOON)
        assert heard == []

    assert len(heard) == 2
    assert deciding.announce(NOON) == 0
    assert len(heard) == 2


def test_an_announcement_that_failed_is_made_again(heard, django_capture_on_commit_callbacks, caplog):
    def fail(**kwargs):
        raise RuntimeError("no room")

    change_published.connect(fail)
    change = ProcedureChangeFactory(procedure=public_procedure(), kind=Kind.REPEALED)
    with django_capture_on_commit_callbacks(execute=True):
        deciding.publish(change.decision, by=None, at=NOON)
    change_published.disconnect(fail)
    heard.clear()
    assert "could not be announced" in caplog.text

    assert deciding.announce(NOON) == 1
    assert heard == [change]
