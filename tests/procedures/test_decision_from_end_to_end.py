"""One decision of every kind, published for tomorrow: what the site says today, and on the day."""

import re
import threading
from datetime import UTC, date, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from portal import roles, worker
from procedures import deciding, publishing, versions
from procedures.models import Decision, Procedure, ProcedureChange
from tests.factories import (
    LegalDocumentFactory,
    ProcedureChangeFactory,
    ProcedureFactory,
    UserFactory,
)

TODAY = datetime(2026, 11, 24, 5, tzinfo=UTC)
TOMORROW = datetime(2026, 11, 25, 1, tzinfo=UTC)
Kind = ProcedureChange.Kind


@pytest.fixture
def clock(monkeypatch):
    def move(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    move(TODAY)
    return move


def public(**values):
    procedure = ProcedureFactory(in_force_from=date(2024, 1, 1), **values)
    publishing.publish(procedure, by=None, at=TODAY)
    return procedure


def page(client, address):
    """Return what a person reads there."""
    html = client.get(address).content.decode().replace("\u00a0", " ")
    return re.sub(r"\s+", " ", re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", html, flags=re.DOTALL))


def enter_by_the_admin(client, rows):
    document = LegalDocumentFactory(number="77/QĐ-UBND", kind="publication_decision", issued_on=date(2026, 11, 24))
    data = {"document": document.pk, "changes-TOTAL_FORMS": len(rows), "changes-INITIAL_FORMS": 0}
    for number, (kind, procedure, successor) in enumerate(rows):
        data |= {
            f"changes-{number}-kind": kind,
            f"changes-{number}-procedure": procedure.pk,
            f"changes-{number}-successor": successor.pk if successor else "",
            f"changes-{number}-effective_on": "25/11/2026",
            f"changes-{number}-order": number,
        }
    client.post("/quan-tri/procedures/decision/add/", data)
    return Decision.objects.get()


@pytest.mark.django_db
@pytest.mark.parametrize("wait_for", ["request", "worker"])
def test_a_decision_is_announced_today_and_takes_effect_tomorrow(client, clock, wait_for):
    new, successor = ProcedureFactory(), ProcedureFactory()
    amended, costing, replaced, repealed = (public(steps="Bước 1: Nộp hồ sơ kiểu cũ.") for _ in range(4))
    client.force_login(UserFactory(role=roles.OFFICE))
    decision = enter_by_the_admin(
        client,
        [
            (Kind.NEW, new, None),
            (Kind.AMENDED, amended, None),
            (Kind.REPLACED, replaced, successor),
            (Kind.NEW, successor, None),
            (Kind.REPEALED, repealed, None),
            (Kind.FEE, costing, None),
        ],
    )
    draft = deciding.prepare_draft(decision.changes.get(kind=Kind.AMENDED), by=None, at=TODAY)
    Procedure.objects.filter(pk=draft.pk).update(steps="Bước 1: Nộp hồ sơ kiểu mới.")
    deciding.prepare_draft(decision.changes.get(kind=Kind.FEE), by=None, at=TODAY).fees.update(amount=750_000)
    deciding.publish(decision, by=None, at=TODAY)
    client.logout()

    # Today: notices, and nothing else.
    listed = page(client, "/thu-tuc/")
    assert all(procedure.code in listed for procedure in (amended, costing, replaced, repealed))
    assert new.code not in listed
    assert "Áp dụng từ 25/11/2026" in page(client, new.get_absolute_url())
    assert "kiểu mới" not in page(client, amended.get_absolute_url())
    assert "Sẽ thay đổi từ" in page(client, amended.get_absolute_url())
    assert "2.000.000 ₫" in page(client, costing.get_absolute_url())
    assert "Bãi bỏ từ" in page(client, repealed.get_absolute_url())
    assert "hết hiệu lực" not in page(client, repealed.get_absolute_url())

    clock(TOMORROW)
    if wait_for == "worker":
        next(job for job in worker.JOBS if job.run is deciding.follow).run(TOMORROW)
        assert costing.fees.get().amount == 750_000

    # Tomorrow: the new state.
    listed = page(client, "/thu-tuc/")
    assert all(procedure.code in listed for procedure in (new, successor, amended, costing))
    assert all(procedure.code not in listed for procedure in (replaced, repealed))
    assert "kiểu mới" in page(client, amended.get_absolute_url())
    assert "750.000 ₫" in page(client, costing.get_absolute_url())
    for ended in (replaced, repealed):
        assert "Thủ tục này đã hết hiệu lực." in page(client, ended.get_absolute_url())
        assert "77/QĐ-UBND" in page(client, ended.get_absolute_url())
    assert f'href="{successor.get_absolute_url()}"' in client.get(replaced.get_absolute_url()).content.decode()
    # And what was in force the day before.
    yesterday = reverse("procedures:procedure-as-of", args=[costing.code, "2026-11-24"])
    assert "2.000.000 ₫" in page(client, yesterday)
    assert "750.000 ₫" not in page(client, yesterday)


# Together and interrupted.


def in_threads(*works):
    """Run the works at once and return what each raised, or None."""
    barrier, results = threading.Barrier(len(works)), [None] * len(works)

    def run(number, work):
        barrier.wait()
        try:
            work()
        except Exception as error:
            results[number] = type(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_two_publishers_of_one_decision_publish_it_once():
    procedure = public()
    change = ProcedureChangeFactory(procedure=procedure, effective_on=date(2026, 11, 24))
    Procedure.objects.filter(pk=deciding.prepare_draft(change, by=None, at=TODAY).pk).update(steps="Mới.")
    decisions = [Decision.objects.get(pk=change.decision_id) for _ in range(2)]

    results = in_threads(*(lambda one=one: deciding.publish(one, by=None, at=TODAY) for one in decisions))

    assert set(results) == {deciding.Conflict, None}
    assert procedure.versions.count() == 2
    assert Procedure.objects.get(pk=procedure.pk).steps == "Mới."


@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_cannot_both_end_a_procedure():
    procedure = public()
    days = date(2026, 11, 25), date(2026, 11, 26)
    decisions = [
        ProcedureChangeFactory(procedure=procedure, kind=Kind.REPEALED, effective_on=day).decision for day in days
    ]

    results = in_threads(*(lambda one=one: deciding.publish(one, by=None, at=TODAY) for one in decisions))

    assert set(results) == {deciding.NotPublishable, None}
    assert Decision.objects.filter(status="published").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_worker_and_two_requests_apply_a_day_once():
    procedure = public()
    change = ProcedureChangeFactory(procedure=procedure, effective_on=date(2026, 11, 25))
    Procedure.objects.filter(pk=deciding.prepare_draft(change, by=None, at=TODAY).pk).update(steps="Mới.")
    deciding.publish(change.decision, by=None, at=TODAY)
    counts = []

    work = [lambda: counts.append(deciding.take_effect(date(2026, 11, 25), TOMORROW))] * 3
    results = in_threads(*work)

    assert results == [None, None, None]
    assert sorted(counts) == [0, 0, 1]
    assert Procedure.objects.get(pk=procedure.pk).steps == "Mới."


@pytest.mark.django_db
def test_a_day_that_was_interrupted_is_made_up_for(monkeypatch):
    first, second = public(), public()
    for procedure in (first, second):
        change = ProcedureChangeFactory(procedure=procedure, effective_on=date(2026, 11, 25))
        Procedure.objects.filter(pk=deciding.prepare_draft(change, by=None, at=TODAY).pk).update(steps="Mới.")
        deciding.publish(change.decision, by=None, at=TODAY)
    real, done = versions.settle, []

    def settle_then_break(*args, **kwargs):
        real(*args, **kwargs)
        if done:
            raise RuntimeError("killed")
        done.append(1)

    monkeypatch.setattr(versions, "settle", settle_then_break)
    with pytest.raises(RuntimeError):
        deciding.take_effect(date(2026, 11, 25), TOMORROW)
    steps = set(Procedure.objects.values_list("steps", flat=True))
    monkeypatch.undo()

    assert "Mới." in steps
    assert len(steps) == 2
    assert deciding.take_effect(date(2026, 11, 25), TOMORROW) == 1
    assert set(Procedure.objects.values_list("steps", flat=True)) == {"Mới."}


# The demonstration command.


@pytest.mark.django_db
def test_the_demonstration_tells_of_both_days(clock, capsys, settings):
    settings.DEBUG = True
    for _ in range(4):
        public()

    call_command("demonstrate_change")
    today = capsys.readouterr().out
    call_command("demonstrate_change", on=date(2026, 11, 25))
    tomorrow = capsys.readouterr().out
    call_command("demonstrate_change")

    assert "90.000\u00a0₫" not in today
    assert "90.000\u00a0₫" in tomorrow
    assert today.count("Đang áp dụng") == 4
    assert tomorrow.count("Hết hiệu lực") == 2
    assert "(2 thủ tục vừa chuyển nội dung)" in capsys.readouterr().out
    assert Decision.objects.count() == 1


@pytest.mark.django_db
def test_the_demonstration_stays_away_from_real_content():
    with pytest.raises(CommandError, match="DEBUG"):
        call_command("demonstrate_change")
    assert not Decision.objects.exists()
