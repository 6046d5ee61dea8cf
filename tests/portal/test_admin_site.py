import re
from datetime import date

import pytest
from django.contrib import admin
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from portal import admin as portal_admin
from portal import roles
from portal.admin_site import Task, TaskRegistry, tasks
from portal.models import CalendarDay, ConfirmedYear, Organisation, SearchMiss, SearchSynonym, Unit
from tests.factories import (
    AdministratorFactory,
    OrganisationFactory,
    SubmissionFactory,
    SurveyFactory,
    UnitFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

HOME = "/quan-tri/"


@pytest.fixture
def only_tasks(monkeypatch):
    """A registry of this test's own."""
    registry = TaskRegistry()
    monkeypatch.setattr("portal.admin_site.tasks", registry)
    return registry


def test_the_log_in_page_is_in_vietnamese_and_sets_no_script_inside(client):
    OrganisationFactory()

    response = client.get("/quan-tri/login/")

    page = response.content.decode()
    assert "<h1>Đăng nhập</h1>" in page
    assert "Sở Khoa học và Công nghệ" in page.replace("\u00a0", " ")
    assert not re.search(r'<script(?![^>]*\bsrc=)|<style|\sstyle="|\son[a-z]+="', page)
    assert "'unsafe-inline'" not in response.headers["Content-Security-Policy"]


def test_a_wrong_password_is_answered_with_what_to_do(client):
    page = client.post("/quan-tri/login/", {"username": "ai-do", "password": "sai"}).content.decode()

    assert "Tên đăng nhập hoặc mật khẩu chưa đúng. Gõ lại, chú ý chữ hoa và chữ thường." in page
    assert "<title>Lỗi: Đăng nhập" in page


@pytest.mark.parametrize("name", roles.ROLES)
def test_everybody_on_the_staff_has_a_first_page(client, name):
    client.force_login(UserFactory(role=name))

    page = client.get(HOME).content.decode()

    assert "<h1>Việc cần làm</h1>" in page
    assert page.index("Việc cần làm") < page.index("Vừa làm gần đây") < page.index("Tất cả danh mục")


def test_an_account_without_a_role_is_told_whom_to_ask(client):
    client.force_login(UserFactory())

    assert "Tài khoản này chưa có vai trò nào." in client.get(HOME).content.decode()


def test_waiting_work_is_counted_and_linked_the_urgent_first(client, only_tasks):
    only_tasks.register(lambda user, on: [Task("Xác nhận tên ngắn", 1234, "/quan-tri/x/?a=1&b=2")])
    only_tasks.register(
        lambda user, on: [Task("Trả lời quá hạn", 3, "/quan-tri/y/", urgent=True), Task("Rỗng", 0, "/")]
    )
    client.force_login(AdministratorFactory())

    page = client.get(HOME).content.decode()

    assert page.index("Trả lời quá hạn") < page.index("Xác nhận tên ngắn")
    assert '<a href="/quan-tri/x/?a=1&amp;b=2">Xác nhận tên ngắn</a>' in page
    assert "1.234" in page
    assert "Rỗng" not in page


def test_nothing_waiting_says_so(client, only_tasks):
    client.force_login(AdministratorFactory())

    assert "Không có việc nào đang chờ." in client.get(HOME).content.decode()


def test_tasks_are_asked_for_the_person_and_today(client, only_tasks):
    asked = []
    only_tasks.register(lambda user, on: asked.append((user, on)) or [])
    user = AdministratorFactory()
    client.force_login(user)

    client.get(HOME)

    assert asked == [(user, timezone.localdate())]


def test_the_first_page_shows_ones_own_recent_work_only(client):
    mine, other = AdministratorFactory(), AdministratorFactory()
    mine_unit, other_unit = Unit.objects.create(name="Phòng của tôi"), Unit.objects.create(name="Phòng của ai")
    LogEntry.objects.log_actions(mine.pk, [mine_unit], ADDITION)
    LogEntry.objects.log_actions(other.pk, [other_unit], ADDITION)
    client.force_login(mine)

    page = client.get(HOME).content.decode()

    assert "Phòng của tôi" in page
    assert "Phòng của ai" not in page


def test_what_is_used_daily_stands_before_what_is_set_up_once(client):
    client.force_login(AdministratorFactory())

    apps = [app["app_label"] for app in client.get(HOME).context["app_list"]]

    assert apps.index("procedures") < apps.index("portal") < apps.index("auth")


class TestOrganisation:
    LIST = "/quan-tri/portal/organisation/"

    def test_its_list_is_its_form(self, client):
        OrganisationFactory()
        client.force_login(UserFactory(role=roles.OFFICE))

        response = client.get(self.LIST)

        assert response.headers["Location"] == f"{self.LIST}1/change/"
        assert client.get(f"{self.LIST}1/change/").status_code == 200

    def test_where_there_is_none_it_is_added_once(self, client):
        client.force_login(AdministratorFactory())

        assert client.get(self.LIST).headers["Location"] == f"{self.LIST}add/"

        OrganisationFactory()
        assert client.get(f"{self.LIST}add/").status_code == 403

    def test_it_is_never_deleted(self, client):
        OrganisationFactory()
        client.force_login(AdministratorFactory())

        assert client.post(f"{self.LIST}1/delete/", {"post": "yes"}).status_code == 403
        assert Organisation.objects.exists()

    def test_a_merger_is_one_form(self, client):
        OrganisationFactory()
        client.force_login(UserFactory(role=roles.OFFICE))
        values = {name: value or "" for name, value in Organisation.objects.values().get().items()}

        client.post(f"{self.LIST}1/change/", {**values, "place": "Thành phố Hồ Chí Minh"})

        assert Organisation.current().full_name == "Sở Khoa học và Công nghệ Thành phố Hồ Chí Minh"

    def test_others_may_read_it_only(self, client):
        OrganisationFactory()
        client.force_login(UserFactory(role=roles.UNIT))

        assert client.get(f"{self.LIST}1/change/").status_code == 200
        assert client.post(f"{self.LIST}1/change/", {"name": "Khác"}).status_code == 403


class TestCalendar:
    def test_a_day_is_typed_day_first(self, client):
        client.force_login(UserFactory(role=roles.OFFICE))

        client.post("/quan-tri/portal/calendarday/add/", {"day": "03/04/2027", "kind": "holiday"})

        assert CalendarDay.objects.filter(day=date(2027, 4, 3)).exists()

    def test_the_list_warns_of_a_coming_year_that_is_not_confirmed(self, client):
        year = timezone.localdate().year + 1
        # Shipped for some years only.
        ConfirmedYear.objects.get_or_create(year=year - 1)
        client.force_login(UserFactory(role=roles.OFFICE))

        assert (
            f"Lịch nghỉ lễ năm {year} chưa được xác nhận."
            in client.get("/quan-tri/portal/calendarday/").content.decode()
        )

        ConfirmedYear.objects.get_or_create(year=year)
        assert "chưa được xác nhận" not in client.get("/quan-tri/portal/calendarday/").content.decode()

    def test_a_year_is_confirmed_beside_the_days_it_will_have(self, client):
        client.force_login(UserFactory(role=roles.OFFICE))
        CalendarDay.objects.create(day=date(2027, 9, 1), kind="holiday")

        page = client.get("/quan-tri/portal/confirmedyear/add/?year=2027").content.decode()
        client.post("/quan-tri/portal/confirmedyear/add/", {"year": 2027, "basis": "Thông báo lịch nghỉ"})

        assert "01/9/2027" in page
        assert ConfirmedYear.objects.filter(year=2027).exists()

    @pytest.mark.parametrize(
        ("on", "years"),
        [
            (date(2026, 9, 30), []),
            (date(2026, 10, 1), [2027]),
            (date(2027, 3, 1), [2027]),
            (date(2027, 10, 1), [2027, 2028]),
        ],
    )
    def test_confirming_is_a_task_from_october_on(self, on, years):
        found = list(portal_admin.years_to_confirm(UserFactory(role=roles.OFFICE), on))

        assert [task.title for task in found] == [f"Xác nhận lịch nghỉ lễ năm {year}" for year in years]
        assert [task.urgent for task in found] == [year == on.year for year in years]

    def test_confirming_is_nobody_elses_task(self):
        assert not list(portal_admin.years_to_confirm(UserFactory(role=roles.EDITOR), date(2026, 12, 1)))

    def test_the_task_is_registered(self):
        assert "lịch nghỉ lễ năm 2040" in str(tasks.waiting(UserFactory(role=roles.OFFICE), date(2040, 1, 1)))


class TestSearchWords:
    def test_the_most_wanted_missing_words_come_first(self, client):
        for query, day, count in [("xin visa", 1, 6), ("may chup rang", 1, 4), ("may chup rang", 2, 3)]:
            SearchMiss.objects.create(query=query, day=date(2026, 11, day), count=count)
        client.force_login(UserFactory(role=roles.EDITOR))

        rows = client.get("/quan-tri/portal/searchmiss/").context["cl"].result_list

        assert [(row.query, row.total) for row in rows] == [("may chup rang", 7), ("may chup rang", 7), ("xin visa", 6)]

    def test_a_missing_word_leads_to_a_synonym_for_it(self, client):
        SearchMiss.objects.create(query="máy & răng", day=date(2026, 11, 1))
        client.force_login(UserFactory(role=roles.EDITOR))

        page = client.get("/quan-tri/portal/searchmiss/").content.decode()
        address = re.search(r'href="(/quan-tri/portal/searchsynonym/add/[^"]+)"', page)[1]

        assert client.get(address).context["adminform"].form["phrase"].value() == "máy & răng"

    def test_what_was_counted_cannot_be_changed(self, client):
        miss = SearchMiss.objects.create(query="xin visa", day=date(2026, 11, 1))
        client.force_login(AdministratorFactory())

        assert client.get("/quan-tri/portal/searchmiss/add/").status_code == 403
        assert client.post(f"/quan-tri/portal/searchmiss/{miss.pk}/change/", {"count": 9}).status_code == 403
        assert client.post(f"/quan-tri/portal/searchmiss/{miss.pk}/delete/", {"post": "yes"}).status_code == 403

    def test_editors_keep_synonyms(self, client):
        client.force_login(UserFactory(role=roles.EDITOR))

        client.post("/quan-tri/portal/searchsynonym/add/", {"phrase": "từ mới", "meaning": "sở hữu trí tuệ"})

        assert SearchSynonym.objects.get(phrase="từ mới").meaning == "sở hữu trí tuệ"


def test_every_list_and_form_of_the_ground_opens_without_anything_inline(client):
    OrganisationFactory()
    client.force_login(AdministratorFactory())
    ours = [model for model in admin.site._registry if model._meta.app_label in {"portal", "auth"}]

    for model in ours:
        base = f"/quan-tri/{model._meta.app_label}/{model._meta.model_name}/"
        for url in (base, f"{base}add/"):
            response = client.get(url)
            if response.status_code == 200:
                assert not re.search(
                    r'<script(?![^>]*\bsrc=)(?![^>]*type="application/json")|<style|\sstyle="',
                    response.content.decode(),
                ), url
    assert len(ours) == 10


@pytest.mark.parametrize("role", [roles.EDITOR, roles.ADMINISTRATOR, roles.HEAD_OF_UNIT, roles.OFFICE])
def test_nobody_on_the_staff_is_led_to_the_secret_address_of_a_case(client, role):
    case = SubmissionFactory()
    client.force_login(UserFactory(role=role, unit=UnitFactory()))
    row = f"{ContentType.objects.get_for_model(case).pk}/{case.pk}"

    assert client.get(f"/quan-tri/r/{row}/").status_code == 404
    assert client.get(f"/quan-tri/r/+{row}/").status_code == 404


def test_what_the_staff_sees_leads_to_its_public_page(client):
    survey = SurveyFactory()
    client.force_login(UserFactory(role=roles.EDITOR))

    response = client.get(f"/quan-tri/r/{ContentType.objects.get_for_model(survey).pk}/{survey.pk}/")

    assert response["Location"].endswith(survey.get_absolute_url())


def test_a_row_that_one_may_not_see_leads_nowhere(client):
    survey = SurveyFactory()
    client.force_login(UserFactory(is_staff=True))

    assert client.get(f"/quan-tri/r/{ContentType.objects.get_for_model(survey).pk}/{survey.pk}/").status_code == 404
