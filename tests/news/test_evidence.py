"""Tasks of the plan chosen in the forms of what carries them out."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.utils import timezone

from feedback.models import PublicAnswer
from news import plans
from news.admin.evidence import EvidenceInline
from news.models import Evidence
from portal import roles
from tests.factories import (
    DecisionFactory,
    LegalDocumentFactory,
    PlanTaskFactory,
    UserFactory,
)

ROWS = "news-evidence-content_type-object_id"

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client):
    user = UserFactory(role=roles.OFFICE)
    client.force_login(user)
    return user


@pytest.fixture
def document():
    return LegalDocumentFactory()


def address(row):
    return f"/quan-tri/procedures/{row._meta.model_name}/{row.pk}/change/"


def document_form(document, tasks=(), stored=0, **values):
    """Return what the browser sends for the document and its rows of evidence."""
    form = {"number": document.number, "kind": document.kind, "title": document.title}
    for prefix in ("files", "relations", "reverse_relations"):
        form |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    form |= {f"{ROWS}-TOTAL_FORMS": str(len(tasks)), f"{ROWS}-INITIAL_FORMS": str(stored)}
    for index, task in enumerate(tasks):
        form |= {f"{ROWS}-{index}-task": str(task.pk), f"{ROWS}-{index}-note": "Đã niêm yết."}
    return form | values


def test_document_chosen_as_evidence_notes_task_and_person(client, office, document):
    task = PlanTaskFactory()

    client.post(address(document), document_form(document, [task]))

    evidence = Evidence.objects.get()
    assert (evidence.task, evidence.item, evidence.note) == (task, document, "Đã niêm yết.")
    assert evidence.added_by == office


def test_evidence_is_taken_away_where_it_was_chosen(client, office, document):
    evidence = Evidence.objects.create(task=PlanTaskFactory(), item=document)
    marked = {f"{ROWS}-0-id": str(evidence.pk), f"{ROWS}-0-DELETE": "on"}

    client.post(address(document), document_form(document, [evidence.task], stored=1, **marked))

    assert not Evidence.objects.exists()


def test_same_task_twice_is_refused(client, office, document):
    task = PlanTaskFactory()

    response = client.post(address(document), document_form(document, [task, task]))

    assert response.status_code == 200
    assert not Evidence.objects.exists()


def test_form_sent_without_the_rows_keeps_them(client, office, document):
    Evidence.objects.create(task=PlanTaskFactory(), item=document)
    form = {name: value for name, value in document_form(document).items() if not name.startswith(ROWS)}

    client.post(address(document), {**form, "note": "Ghi chú mới"})

    document.refresh_from_db()
    assert document.note == "Ghi chú mới"
    assert Evidence.objects.count() == 1


def test_published_decision_can_be_linked_to_a_task(client, office):
    PlanTaskFactory(content="Thông báo thủ tục mới")

    page = client.get(address(DecisionFactory(published=True))).content.decode()

    assert "Thông báo thủ tục mới" in page


def test_finished_task_of_an_old_plan_is_not_offered_except_where_it_stands(client, office, document):
    year = timezone.localdate().year - 3
    old = PlanTaskFactory(plan__year=year, content="Việc đã xong từ lâu", done_on=timezone.localdate() - timedelta(800))
    chosen = LegalDocumentFactory()
    Evidence.objects.create(task=old, item=chosen)

    assert old.content not in client.get(address(document)).content.decode()
    assert old.content in client.get(address(chosen)).content.decode()


def test_rows_of_evidence_cost_no_query_each(client, office, document, django_assert_max_num_queries):
    for _ in range(3):
        Evidence.objects.create(task=PlanTaskFactory(), item=document)
    with django_assert_max_num_queries(60) as few:
        client.get(address(document))
    for _ in range(5):
        Evidence.objects.create(task=PlanTaskFactory(), item=document)

    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(address(document))


def test_focal_person_sees_no_box_to_choose_a_task(client, document):
    client.force_login(UserFactory(role=roles.FOCAL_PERSON))
    PlanTaskFactory()

    page = client.get(address(document)).content.decode()

    assert f'name="{ROWS}-0-task"' not in page
    assert "__prefix__-task" not in page


def test_all_that_can_be_chosen_in_a_form_counts_as_done_for_its_task():

    registered = {
        model for model in admin.site._registry if EvidenceInline in admin.site.get_model_admin(model).inlines
    }

    # A public answer has a page of its own kind; it is found from the task.
    assert registered | {PublicAnswer} == {kind.model for kind in plans.kinds()}
