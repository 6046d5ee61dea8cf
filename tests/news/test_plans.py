"""The plan of communication: how it stands, for the public and for the staff."""

from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from news import plans
from news.demonstration import plan as demonstration
from news.models import CommunicationPlan, Dissemination, Evidence, PlanTask
from portal import roles
from portal.admin_site import tasks
from portal.demonstration import load_organisation
from tests.factories import (
    PUBLISHED_AT,
    ArticleFactory,
    CommunicationPlanFactory,
    DecisionFactory,
    LegalDocumentFactory,
    PlanTaskFactory,
    UnitFactory,
    UserFactory,
)

ADMIN = "/quan-tri/news/plantask/"
NOW = datetime(2026, 11, 24, 10, tzinfo=timezone.get_default_timezone())
ON = NOW.date()

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    return CommunicationPlanFactory(public=True)


@pytest.fixture
def office(client):
    user = UserFactory(role=roles.OFFICE)
    client.force_login(user)
    return user


def article(**values):
    return ArticleFactory(published=True, **values)


def link(task, *items):
    for item in items:
        Evidence.objects.create(task=task, item=item)


# The state.


def test_what_is_late_stands_first_and_what_is_done_last(plan):
    done = PlanTaskFactory(plan=plan, done_on=ON)
    to_come = PlanTaskFactory(plan=plan, first_on=ON + timedelta(days=1))
    going = PlanTaskFactory(plan=plan, last_on=ON)
    late = PlanTaskFactory(plan=plan, last_on=ON - timedelta(days=1))

    progress = plans.progress(plan, at=NOW)

    assert [line.task for line in progress.lines] == [late, going, to_come, done]
    assert progress.sentence == "4 nhiệm vụ: 1 đã xong, 1 đang làm, 1 chậm, 1 chưa đến hạn làm."


def test_plan_without_tasks_says_so(plan):
    assert plans.progress(plan, at=NOW).sentence == "Kế hoạch chưa có nhiệm vụ nào."


def test_only_what_was_done_counts_as_done(plan):
    task = PlanTaskFactory(plan=plan)
    link(
        task,
        article(),
        article(unpublish_at=PUBLISHED_AT + timedelta(days=1)),
        ArticleFactory(),
        DecisionFactory(published=True),
        DecisionFactory(),
        Dissemination.objects.create(title="Đã gửi", sent_at=PUBLISHED_AT),
        Dissemination.objects.create(title="Chưa gửi"),
    )

    line = plans.line(task, at=NOW)

    assert line.done == "2 tin, bài; 1 quyết định thay đổi thủ tục; 1 lần phổ biến văn bản"
    assert len(line.waiting) == 3


def test_public_sees_neither_what_ran_out_nor_what_is_internal(plan):
    task = PlanTaskFactory(plan=plan)
    shown = article()
    over = article(unpublish_at=PUBLISHED_AT + timedelta(days=1))
    link(task, shown, over, Dissemination.objects.create(title="Đã gửi", sent_at=PUBLISHED_AT))

    assert [item.item for item in plans.line(task, at=NOW).public_items] == [shown]


def test_last_day_is_that_of_the_deed_and_not_of_the_link(plan):
    task = PlanTaskFactory(plan=plan)
    link(task, LegalDocumentFactory(issued_on=date(2026, 3, 2)), LegalDocumentFactory(issued_on=date(2026, 2, 1)))

    assert plans.line(task, at=NOW).last_on == date(2026, 3, 2)


def test_deleted_document_leaves_no_evidence_behind(plan):
    document = LegalDocumentFactory()
    link(PlanTaskFactory(plan=plan), document)

    document.delete()

    assert not Evidence.objects.exists()


# The next year's plan.


def test_copy_moves_days_and_words_by_a_year_and_takes_no_evidence_along(plan):
    unit = UnitFactory()
    task = PlanTaskFactory(
        plan=plan,
        content="Tổng kết năm 2026 theo Quyết định 3854/QĐ-UBND và Nghị định 15/2026/NĐ-CP",
        time="Trước ngày 15/12/2026",
        done_on=ON,
        result="Đã gửi.",
    )
    task.cooperating.add(unit)
    link(task, article())

    copy = plans.copy_to_next_year(plan)

    new = copy.tasks.get()
    assert (copy.year, copy.title, copy.public) == (2027, "Kế hoạch truyền thông năm 2027", False)
    assert new.content == "Tổng kết năm 2027 theo Quyết định 3854/QĐ-UBND và Nghị định 15/2026/NĐ-CP"
    assert new.time == "Trước ngày 15/12/2027"
    assert (new.first_on, new.last_on) == (date(2027, 1, 1), date(2027, 12, 31))
    assert (new.done_on, new.result, new.evidence.count()) == (None, "", 0)
    assert list(new.cooperating.all()) == [unit]


def test_copy_of_a_leap_day_is_the_last_of_february():
    plan = CommunicationPlanFactory(year=2028)
    PlanTaskFactory(plan=plan, last_on=date(2028, 2, 29))

    assert plans.copy_to_next_year(plan).tasks.get().last_on == date(2029, 2, 28)


def test_plan_that_is_there_is_never_overwritten(plan):
    other = CommunicationPlanFactory(year=2027)
    PlanTaskFactory(plan=plan)

    with pytest.raises(plans.AlreadyThere):
        plans.copy_to_next_year(plan)

    assert not other.tasks.exists()


# The public pages.


def test_public_page_says_first_how_the_plan_stands(client, plan):
    task = PlanTaskFactory(plan=plan, done_on=ON, result="Đã báo cáo UBND tỉnh.")
    document = LegalDocumentFactory(title="Công khai đầu mối")
    link(task, document)

    page = client.get("/ke-hoach/2026/").content.decode().replace("\xa0", " ")

    assert page.index("1 nhiệm vụ: 1 đã xong.") < page.index("<table")
    assert document.get_absolute_url() in page
    assert "Đã báo cáo UBND tỉnh." in page


def test_internal_evidence_is_counted_but_not_named(client, plan):
    sent = Dissemination.objects.create(title="Quán triệt nội bộ", sent_at=PUBLISHED_AT)
    link(PlanTaskFactory(plan=plan), sent)

    page = client.get("/ke-hoach/2026/").content.decode()

    assert "lần phổ biến" in page
    assert "Quán triệt nội bộ" not in page


def test_plan_that_is_not_public_has_no_page(client):
    hidden = CommunicationPlanFactory(title="Kế hoạch chưa công khai")

    assert client.get("/ke-hoach/2026/").status_code == 404
    assert hidden.title not in client.get("/ke-hoach/").content.decode()


def test_list_names_public_plans_with_their_state(client, plan):
    PlanTaskFactory(plan=plan, last_on=date(2026, 1, 2))

    page = client.get("/ke-hoach/").content.decode().replace("\xa0", " ")

    assert plan.get_absolute_url() in page
    assert "nhiệm vụ: 1 chậm." in page


def test_document_of_an_unpublished_decision_is_not_linked(client, plan):
    CommunicationPlan.objects.update(document=DecisionFactory().document)

    assert "Văn bản:" not in client.get("/ke-hoach/2026/").content.decode()


def test_page_costs_the_same_whatever_was_done(client, plan):
    task = PlanTaskFactory(plan=plan)
    link(task, article(), LegalDocumentFactory())
    client.get("/ke-hoach/2026/")
    with CaptureQueriesContext(connection) as few:
        client.get("/ke-hoach/2026/")
    for _ in range(3):
        more = PlanTaskFactory(plan=plan)
        more.cooperating.add(UnitFactory())
        link(more, article(), article(), LegalDocumentFactory())

    with CaptureQueriesContext(connection) as many:
        client.get("/ke-hoach/2026/")

    assert len(many) <= len(few)


# The staff's pages.


def test_progress_page_links_the_counts_and_the_table_file(client, office, plan):
    task = PlanTaskFactory(plan=plan, content="Thông báo thủ tục mới")
    link(task, article(), LegalDocumentFactory())
    start = f"/quan-tri/news/communicationplan/{plan.pk}/"

    page = client.get(f"{start}tien-do/").content.decode()
    sheet = load_workbook(_file(client.get(f"{start}tien-do.xlsx"))).active

    assert f"{ADMIN}{task.pk}/viec-da-lam/" in page
    assert "1 tin, bài" in page
    row = [cell.value for cell in sheet[2]]
    assert (row[0], row[1]) == (task.number, "Thông báo thủ tục mới")
    assert row[10] == "1 tin, bài; 1 văn bản"


def _file(response):
    return BytesIO(b"".join(response.streaming_content))


def test_evidence_is_found_without_marks_and_added_once(client, office, plan):
    task = PlanTaskFactory(plan=plan)
    wanted = article(title="Hội nghị tập huấn một cửa")
    article(title="Chuyện khác")
    address = f"{ADMIN}{task.pk}/"

    found = client.get(f"{address}viec-da-lam/", {"loai": "article", "q": "tap huan"}).content.decode()
    for _ in range(2):
        client.post(f"{address}gan/", {"loai": "article", "muc": wanted.pk, "q": "tap huan"})

    assert "Hội nghị tập huấn một cửa" in found
    assert "Chuyện khác" not in found
    evidence = Evidence.objects.get()
    assert (evidence.task, evidence.item, evidence.added_by) == (task, wanted, office)


def test_evidence_is_taken_off_by_those_who_may_delete_it(client, office, plan):
    task = PlanTaskFactory(plan=plan)
    link(task, article())
    form = {"dong": task.evidence.get().pk}

    client.force_login(UserFactory(role=roles.UNIT))
    assert client.post(f"{ADMIN}{task.pk}/bo/", form).status_code == 403
    client.force_login(office)
    client.post(f"{ADMIN}{task.pk}/bo/", form)

    assert not task.evidence.exists()


def test_who_may_not_see_a_draft_cannot_choose_it(client, plan):
    task = PlanTaskFactory(plan=plan)
    draft = ArticleFactory(title="Bài mật của đơn vị khác", unit=UnitFactory())
    client.force_login(UserFactory(role=roles.UNIT, unit=UnitFactory()))

    page = client.get(f"{ADMIN}{task.pk}/viec-da-lam/", {"loai": "article", "q": "bai mat"}).content.decode()
    posted = client.post(f"{ADMIN}{task.pk}/gan/", {"loai": "article", "muc": draft.pk})

    assert "Bài mật của đơn vị khác" not in page
    assert posted.status_code == 404
    assert not Evidence.objects.exists()


def test_a_draft_chosen_for_a_task_is_named_only_to_those_who_see_it(client, office, plan):
    task = PlanTaskFactory(plan=plan)
    link(task, ArticleFactory(title="Bài mật của đơn vị khác", unit=UnitFactory()))
    shown = client.get(f"{ADMIN}{task.pk}/viec-da-lam/").content.decode()
    client.force_login(UserFactory(role=roles.UNIT, unit=UnitFactory()))

    assert "Bài mật của đơn vị khác" in shown
    assert "Bài mật của đơn vị khác" not in client.get(f"{ADMIN}{task.pk}/viec-da-lam/").content.decode()


def test_task_is_marked_done_with_its_result_but_not_ahead_of_its_day(client, office, plan):
    task = PlanTaskFactory(plan=plan)
    today = timezone.localdate()
    names = ["plan_id", "number", "content", "lead_id", "time", "first_on", "last_on", "order"]
    form = {name.removesuffix("_id"): getattr(task, name) for name in names} | {"result": "Đã gửi báo cáo."}

    refused = client.post(f"{ADMIN}{task.pk}/change/", form | {"done_on": today + timedelta(days=1)})
    assert "không ghi ngày sau hôm nay" in refused.content.decode()
    client.post(f"{ADMIN}{task.pk}/change/", form | {"done_on": today})

    task.refresh_from_db()
    assert (task.done_on, task.result) == (today, "Đã gửi báo cáo.")


def test_task_is_added_from_its_plan(client, office, plan):
    page = client.get(f"{ADMIN}add/", {"plan": plan.pk}).content.decode()

    assert f'<option value="{plan.pk}" selected>' in page


def test_copying_from_the_page_leads_to_the_new_plan(client, office, plan):
    PlanTaskFactory(plan=plan)

    response = client.post(f"/quan-tri/news/communicationplan/{plan.pk}/sao/", follow=True)

    assert "Đã lập kế hoạch năm 2027 từ năm 2026" in response.content.decode()
    assert PlanTask.objects.filter(plan__year=2027).count() == 1


def test_unit_copies_no_plan(client, plan):
    client.force_login(UserFactory(role=roles.UNIT))

    assert client.post(f"/quan-tri/news/communicationplan/{plan.pk}/sao/").status_code == 403


def test_first_page_reminds_the_office_of_all_and_a_unit_of_its_own(plan):
    unit = UnitFactory()
    PlanTaskFactory(plan=plan, lead=unit, last_on=ON - timedelta(days=1))
    PlanTaskFactory(plan=plan, last_on=ON - timedelta(days=1))
    PlanTaskFactory(plan=plan, lead=unit, last_on=ON + timedelta(days=14))
    PlanTaskFactory(plan=plan, last_on=ON + timedelta(days=15))
    PlanTaskFactory(plan=plan, last_on=ON - timedelta(days=1), done_on=ON)

    def waiting(**values):
        return {task.title: task.count for task in tasks.waiting(UserFactory(**values), ON)}

    late, soon = "Nhiệm vụ truyền thông bị chậm", "Nhiệm vụ truyền thông đến hạn trong 14 ngày"
    assert waiting(role=roles.OFFICE).items() >= {late: 2, soon: 1}.items()
    assert waiting(role=roles.UNIT, unit=unit).items() >= {late: 1, soon: 1}.items()
    assert late not in waiting(role=roles.UNIT)


def test_first_page_leads_to_just_what_it_counted(client, office, plan):
    on = timezone.localdate()
    late = PlanTaskFactory(plan=plan, content="Việc chậm", first_on=date(2020, 1, 1), last_on=on - timedelta(days=1))
    PlanTaskFactory(plan=plan, content="Việc còn hạn", last_on=on + timedelta(days=90))

    [task] = [task for task in tasks.waiting(office, on) if task.title.endswith("bị chậm")]
    page = client.get(task.url).content.decode()

    assert late.content in page
    assert "Việc còn hạn" not in page


# The demonstration.


def test_demonstration_shows_the_plan_of_2024_and_each_state_of_this_year():
    load_organisation()

    assert demonstration.load(at=NOW) == 2
    assert demonstration.load(at=NOW) == 0

    old, new = CommunicationPlan.objects.order_by("year")
    assert (old.year, new.year) == (2024, 2026)
    assert {task.number: task.lead.name for task in old.tasks.all()}.items() >= {
        ("II.1", "Văn phòng Sở"),
        ("II.2", "Trung tâm Thông tin và Ứng dụng khoa học và công nghệ"),
    }
    report = old.tasks.get(number="IV.3, cả năm")
    assert (report.time, report.last_on) == ("Trước ngày 15/12/2024", date(2024, 12, 14))
    assert [line.state for line in plans.progress(new, at=NOW).lines].count(PlanTask.State.LATE) == 1
    assert "{year}" not in "".join(task.content + task.time for task in PlanTask.objects.all())
