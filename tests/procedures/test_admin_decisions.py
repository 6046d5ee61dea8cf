"""Decisions in the staff's site: proposed by a unit, returned, published and corrected by the office."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal import roles
from portal.admin_site import tasks
from procedures import deciding, publishing, versions
from procedures.models import Decision, LegalDocument, Procedure, ProcedureChange
from tests.factories import (
    DecisionFactory,
    LegalBasisFactory,
    LegalDocumentFactory,
    ProcedureChangeFactory,
    ProcedureFactory,
    UnitFactory,
    UserFactory,
)

Kind = ProcedureChange.Kind
LIST = "/quan-tri/procedures/decision/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def office(client):
    user = UserFactory(role=roles.OFFICE)
    client.force_login(user)
    return user


@pytest.fixture
def member(client):
    user = UserFactory(role=roles.UNIT, unit=UnitFactory())
    client.force_login(user)
    return user


def public_procedure(**values):
    procedure = ProcedureFactory(in_force_from=date(2024, 1, 1), **values)
    publishing.publish(procedure, by=None, at=timezone.now())
    return procedure


def address(decision):
    return f"{LIST}{decision.pk}/change/"


def posted(decision=None, changes=(), **values):
    """Return what the browser sends: the stored changes untouched, then new ones."""
    stored = list(decision.changes.order_by("order", "pk")) if decision else []
    data = {
        "changes-TOTAL_FORMS": len(stored) + len(changes),
        "changes-INITIAL_FORMS": len(stored),
        "document": decision.document_id if decision else "",
        "unit": (decision.unit_id or "") if decision else "",
        **values,
    }
    rows = [
        {
            "id": row.pk,
            "kind": row.kind,
            "procedure": row.procedure_id,
            "successor": row.successor_id or "",
            "effective_on": f"{row.effective_on:%d/%m/%Y}",
            "sentence": row.sentence,
            "order": row.order,
        }
        for row in stored
    ]
    for number, row in enumerate([*rows, *changes]):
        data |= {f"changes-{number}-{name}": value for name, value in {"order": 0, **row}.items()}
    return data


def test_a_unit_enters_a_decision_and_hands_it_in(client, member, today):
    procedure, document = public_procedure(), LegalDocumentFactory()
    change = {"kind": Kind.REPEALED, "procedure": procedure.pk, "effective_on": f"{today:%d/%m/%Y}", "sentence": "Bỏ."}

    response = client.post(f"{LIST}add/", posted(changes=[change], document=document.pk, _propose="1"))

    assert response.status_code == 302
    decision = Decision.objects.get()
    assert (decision.status, decision.unit, decision.proposed_by) == ("proposed", member.unit, member)
    assert decision.changes.get().sentence == "Bỏ."
    # Handed in, it is the office's.
    assert "Lưu và gửi đề nghị" not in client.get(address(decision)).content.decode()
    assert client.post(address(decision), posted(decision)).status_code == 403


def test_a_unit_sees_its_own_decisions_and_published_ones_only(client, member):
    own = DecisionFactory(unit=member.unit)
    other = DecisionFactory(unit=UnitFactory())
    published = DecisionFactory(published=True)

    page = client.get(LIST).content.decode()

    assert own.document.number in page
    assert published.document.number in page
    assert other.document.number not in page
    assert client.get(address(other)).status_code == 302


def test_the_office_returns_with_a_remark_that_the_unit_reads(client, member):
    decision = ProcedureChangeFactory(decision__unit=member.unit, decision__status="proposed").decision
    client.force_login(UserFactory(role=roles.OFFICE))
    assert "Trả lại kèm ý kiến" in client.get(address(decision)).content.decode()
    client.post(address(decision), posted(decision, _return="1", remark="Ghi rõ căn cứ."))

    client.force_login(member)
    page = client.get(address(decision)).content.decode()

    assert "Ghi rõ căn cứ." in page
    assert "Lưu và gửi đề nghị" in page
    assert [task.title for task in tasks.waiting(member, timezone.localdate())] == ["Sửa đề nghị bị trả lại"]


def test_the_office_publishes_and_the_form_closes(client, office):
    procedure = public_procedure()
    decision = ProcedureChangeFactory(
        procedure=procedure, kind=Kind.REPEALED, effective_on=timezone.localdate()
    ).decision

    client.post(address(decision), posted(decision, _publish="1"))

    assert Decision.objects.get().status == "published"
    page = client.get(address(decision)).content.decode()
    assert "Đính chính" in page
    assert "Công bố." in page
    assert 'name="changes-0-sentence"' not in page
    assert "Lưu và công bố" not in page


def test_what_stands_in_the_way_is_said_and_nothing_is_published(client, office):
    decision = ProcedureChangeFactory(procedure=public_procedure(), kind=Kind.REPLACED).decision

    response = client.post(address(decision), posted(decision, _publish="1"), follow=True)

    assert "Chọn thủ tục thay thế." in response.content.decode()
    assert Decision.objects.get().status == "draft"


def test_saving_never_takes_a_publication_back(client, office):
    decision = ProcedureChangeFactory(procedure=public_procedure(), kind=Kind.REPEALED).decision
    deciding.publish(decision, by=None, at=timezone.now())

    client.post(address(decision), posted(decision, entered_on="24/11/2026"))

    stored = Decision.objects.get()
    assert (stored.status, stored.entered_on) == ("published", date(2026, 11, 24))


def test_a_unit_writes_the_new_content_of_its_own_change_only(client, member):
    procedure = public_procedure()
    change = ProcedureChangeFactory(procedure=procedure, decision__unit=member.unit)
    response = client.post(address(change.decision), posted(change.decision, _draft=str(change.pk)))

    draft = ProcedureChange.objects.get().draft
    assert response.url == reverse("admin:procedures_procedure_change", args=[draft.pk])
    page = client.get(response.url).content.decode()
    assert 'name="steps"' in page
    assert 'name="methods-0-time_limit"' in page
    assert 'name="code"' not in page
    assert "Lưu và công khai" not in page
    # The public procedure itself stays closed.
    closed = client.get(reverse("admin:procedures_procedure_change", args=[procedure.pk])).content.decode()
    assert 'name="steps"' not in closed


def test_a_correction_asks_for_its_reason_and_is_logged(client, office):
    change = ProcedureChangeFactory(
        procedure=public_procedure(), kind=Kind.REPEALED, effective_on=timezone.localdate() + timedelta(days=5)
    )
    deciding.publish(change.decision, by=None, at=timezone.now())
    page = reverse("admin:procedures_decision_correct", args=[change.decision_id, change.pk])
    data = {"effective_on": "01/12/2027", "sentence": "Bãi bỏ từ tháng 12.", "reason": ""}

    assert "Ghi lý do đính chính." in client.post(page, data).content.decode()
    client.post(page, {**data, "reason": "Nhập nhầm ngày"})

    change.refresh_from_db()
    assert (change.effective_on, change.sentence) == (date(2027, 12, 1), "Bãi bỏ từ tháng 12.")
    assert "Nhập nhầm ngày" in client.get(address(change.decision)).content.decode()


def test_only_the_office_corrects(client, member):
    change = ProcedureChangeFactory(procedure=public_procedure(), kind=Kind.REPEALED)
    deciding.publish(change.decision, by=None, at=timezone.now())

    page = reverse("admin:procedures_decision_correct", args=[change.decision_id, change.pk])

    assert client.get(page).status_code == 403


# Alarms.


def counts(user, on):
    return {task.title: task.count for task in tasks.waiting(user, on)}


def test_the_office_hears_of_a_page_that_is_not_updated(client, office, today):
    procedure = public_procedure()
    change = ProcedureChangeFactory(procedure=procedure, effective_on=today, decision__entered_on=today)
    deciding.publish(change.decision, by=None, at=timezone.now())
    title = "Cập nhật trang theo quyết định đã có hiệu lực"

    assert counts(office, today - timedelta(days=1)).get(title) is None
    assert counts(office, today)[title] == 1
    assert change.decision.document.number in client.get(f"{LIST}?can-xem=chua-cap-nhat").content.decode()

    draft = deciding.prepare_draft(change, by=None, at=timezone.now())
    Procedure.objects.filter(pk=draft.pk).update(steps="Mới.")
    client.post(address(change.decision), {"_content": str(change.pk), **posted(entered_on="")} | EMPTY)

    assert counts(office, today).get(title) is None
    assert versions.as_of(procedure, today).steps == "Mới."


EMPTY = {"changes-TOTAL_FORMS": 0, "changes-INITIAL_FORMS": 0}


@pytest.mark.parametrize(("day", "late"), [(date(2024, 7, 8), 0), (date(2024, 7, 9), 1)])
def test_the_national_database_waits_five_working_days_from_the_signing(office, day, late):
    # Signed on a Monday; five working days end on the Monday after.
    signed = date(2024, 7, 1)
    kind = LegalDocument.Kind.PUBLICATION_DECISION
    DecisionFactory(published=True, document__issued_on=signed, document__kind=kind)
    DecisionFactory(published=True, document__issued_on=signed, document__kind=kind, entered_on=signed)
    DecisionFactory(published=True, document__issued_on=signed, document__kind=LegalDocument.Kind.DECISION)

    assert counts(office, day).get("Nhập quyết định vào Cơ sở dữ liệu quốc gia", 0) == late


def test_the_office_hears_of_a_basis_that_has_lapsed(client, office, today):
    lapsed = LegalDocumentFactory(valid_to=today - timedelta(days=1))
    resting = LegalBasisFactory(procedure=public_procedure(), document=lapsed).procedure
    LegalBasisFactory(procedure=public_procedure(), document=LegalDocumentFactory(valid_to=today))
    LegalBasisFactory(procedure=ProcedureFactory(), document=lapsed)

    assert counts(office, today)["Xem lại thủ tục có căn cứ đã hết hiệu lực"] == 1
    page = client.get("/quan-tri/procedures/procedure/?can-cu=het-hieu-luc").content.decode()
    assert resting.code in page
    assert "1 thủ tục" in page


def test_the_list_costs_the_same_for_many(client, office):
    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get(LIST)
        return len(found)

    ProcedureChangeFactory()
    queries()
    before = queries()
    for _ in range(4):
        ProcedureChangeFactory(decision__unit=UnitFactory())

    assert queries() == before
