"""The review of procedures: its plan in time, its results, and what the public sees of both."""

from datetime import date, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from news import reviewing
from news.models import ReviewPlan, Section
from portal import roles
from portal.admin_site import tasks
from tests.factories import (
    ArticleFactory,
    LegalDocumentFactory,
    ProcedureFactory,
    ReviewItemFactory,
    ReviewPlanFactory,
    UnitFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

LIST = "/quan-tri/news/reviewplan/"
NOON = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def plain(response):
    return response.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ")


class TestAlarm:
    @pytest.mark.parametrize(
        ("sent_on", "on", "alarmed"),
        [
            (None, date(2026, 1, 30), False),
            (None, date(2026, 1, 31), True),
            (date(2026, 1, 30), date(2026, 6, 1), False),
            (date(2025, 12, 20), date(2026, 6, 1), False),
            (date(2026, 1, 31), date(2026, 1, 31), True),
            (date(2026, 3, 1), date(2026, 6, 1), True),
        ],
    )
    def test_the_plan_is_to_be_sent_before_the_last_day_of_january(self, sent_on, on, alarmed):
        assert bool(reviewing.alarm(ReviewPlan(year=2026, sent_on=sent_on), on)) is alarmed

    def test_it_names_the_day_and_the_articles(self):
        sentence = reviewing.alarm(ReviewPlan(year=2026, sent_on=date(2026, 3, 1)), date(2026, 6, 1))

        assert "01/3/2026" in sentence
        assert "trước ngày 31/01/2026" in sentence
        assert "63/2010/NĐ-CP" in sentence


class TestTasks:
    def titles(self, on, role=roles.OFFICE):
        return {task.title: task.urgent for task in tasks.waiting(UserFactory(role=role), on)}

    def test_in_january_a_plan_is_asked_for(self):
        assert "Lập kế hoạch rà soát thủ tục năm 2026" in self.titles(date(2026, 1, 5))
        assert "Lập kế hoạch rà soát thủ tục năm 2026" not in self.titles(date(2026, 2, 5))

        ReviewPlanFactory()
        assert "Lập kế hoạch rà soát thủ tục năm 2026" not in self.titles(date(2026, 1, 5))

    @pytest.mark.parametrize(("on", "urgent"), [(date(2026, 1, 5), False), (date(2026, 1, 31), True)])
    def test_a_plan_that_is_not_sent_is_urgent_once_it_is_late(self, on, urgent):
        ReviewPlanFactory(sent_on=None)

        assert self.titles(on)["Gửi kế hoạch rà soát thủ tục"] is urgent

    def test_what_is_not_reviewed_in_time_is_urgent(self):
        ReviewItemFactory(last_on=date(2026, 6, 30))

        assert "Kế hoạch có thủ tục quá hạn rà soát" not in self.titles(date(2026, 6, 30))
        assert self.titles(date(2026, 7, 1))["Kế hoạch có thủ tục quá hạn rà soát"]

    def test_it_is_nobody_elses_task(self):
        ReviewPlanFactory(sent_on=None)

        assert not [title for title in self.titles(date(2026, 2, 5), roles.EDITOR) if "rà soát" in title]


class TestForm:
    @pytest.fixture(autouse=True)
    def _office(self, client):
        client.force_login(UserFactory(role=roles.OFFICE))

    def posted(self, **item):
        row = {
            "procedure": ProcedureFactory(published=True).pk,
            "agency": UnitFactory().pk,
            "first_on": "01/02/2026",
            "last_on": "30/6/2026",
            "order": 0,
            **item,
        }
        return {
            "year": 2026,
            "title": "Kế hoạch rà soát năm 2026",
            "items-TOTAL_FORMS": 1,
            "items-INITIAL_FORMS": 0,
            **{f"items-0-{name}": value for name, value in row.items()},
        }

    def test_a_plan_is_entered_with_its_procedures_and_a_late_one_is_told(self, client):
        page = client.post(f"{LIST}add/", {**self.posted(), "sent_on": "01/3/2026"}, follow=True)

        assert ReviewPlan.objects.get().items.count() == 1
        assert "Kế hoạch gửi ngày 01/3/2026, phải gửi trước ngày 31/01/2026" in plain(page)

    @pytest.mark.parametrize(
        ("item", "sentence"),
        [
            ({"done_on": "01/6/2026"}, "Chọn kết quả khi đã ghi ngày xong."),
            ({"outcome": "keep"}, "Ghi ngày xong khi đã có kết quả."),
            ({"outcome": "simplify", "done_on": "01/6/2026"}, "Ghi nội dung đề xuất."),
        ],
    )
    def test_half_a_result_is_refused_beside_what_is_missing(self, client, item, sentence):
        page = client.post(f"{LIST}add/", self.posted(**item))

        assert sentence in plain(page)
        assert not ReviewPlan.objects.exists()

    def test_keeping_a_procedure_needs_no_proposal(self, client):
        client.post(f"{LIST}add/", self.posted(outcome="keep", done_on="01/6/2026"))

        assert ReviewPlan.objects.get().items.get().outcome == "keep"

    def test_the_form_and_the_list_tell_how_far_it_is(self, client):
        plan = ReviewPlanFactory(sent_on=None)
        ReviewItemFactory(plan=plan, outcome="keep", done_on=date(2026, 5, 5))
        ReviewItemFactory(plan=plan, last_on=date(2026, 6, 30))

        form, rows = plain(client.get(f"{LIST}{plan.pk}/change/")), plain(client.get(LIST))

        assert "Đã rà soát 1/2 thủ tục" in form
        assert "Kế hoạch chưa gửi" in form
        assert "1/2 thủ tục" in rows

    def test_the_table_can_be_taken_along_before_the_plan_is_public(self, client):
        item = ReviewItemFactory(plan__public=False, outcome="keep", done_on=date(2026, 5, 5))

        response = client.get(reverse("admin:news_reviewplan_file", args=[item.plan_id]))

        rows = list(load_workbook(BytesIO(response.getvalue())).active.values)
        assert rows[1][1:4] == (item.procedure.code, item.procedure.name, item.agency.name)
        assert rows[1][8] == "Giữ nguyên"

    def test_the_form_takes_as_many_queries_for_many_procedures_as_for_one(self, client, django_assert_num_queries):
        plan = ReviewPlanFactory()
        ReviewItemFactory(plan=plan)
        client.get(f"{LIST}{plan.pk}/change/")
        with CaptureQueriesContext(connection) as few:
            client.get(f"{LIST}{plan.pk}/change/")
        for _ in range(5):
            ReviewItemFactory(plan=plan)

        with django_assert_num_queries(len(few)):
            client.get(f"{LIST}{plan.pk}/change/")


class TestPublicPages:
    def test_the_plan_names_procedure_unit_time_basis_and_product_and_then_the_results(self, client):
        plan = ReviewPlanFactory(document=LegalDocumentFactory(number="5/1999/KH-SKHCN"))
        done = ReviewItemFactory(
            plan=plan, outcome="simplify", proposal="Bỏ một giấy tờ.", done_on=date(2026, 5, 5), basis="Nhiều giấy tờ."
        )
        ReviewItemFactory(plan=plan)

        page = plain(client.get(plan.get_absolute_url()))

        for text in (
            done.procedure.get_absolute_url(),
            done.agency.name,
            "01/02/2026",
            "30/6/2026",
            "Nhiều giấy tờ.",
            "Báo cáo kết quả rà soát",
            "Đề xuất đơn giản hóa",
            "Bỏ một giấy tờ.",
            "05/5/2026",
            "5/1999/KH-SKHCN",
            "Đã rà soát 1 trên 2 thủ tục",
        ):
            assert text in page, text

    def test_before_there_are_results_it_says_so(self, client):
        assert "Chưa có kết quả." in plain(client.get(ReviewItemFactory().plan.get_absolute_url()))

    def test_a_draft_of_a_procedure_is_named_without_a_link(self, client):
        item = ReviewItemFactory(procedure=ProcedureFactory())

        page = plain(client.get(item.plan.get_absolute_url()))

        assert item.procedure.title in page
        assert f'href="{item.procedure.get_absolute_url()}"' not in page

    def test_what_is_not_public_is_nowhere(self, client):
        plan = ReviewPlanFactory(public=False, title="Kế hoạch chưa công khai")

        assert client.get(plan.get_absolute_url()).status_code == 404
        assert client.get(reverse("news:review-file", args=[plan.year])).status_code == 404
        assert "Kế hoạch chưa công khai" not in plain(client.get("/ra-soat/"))
        assert plan.get_absolute_url() not in client.get("/sitemap-ra-soat.xml").content.decode()

    def test_the_list_leads_to_every_public_plan_the_latest_first(self, client):
        old, new = ReviewPlanFactory(year=2024), ReviewPlanFactory(year=2026)

        page = plain(client.get("/ra-soat/"))

        assert page.index(new.get_absolute_url()) < page.index(old.get_absolute_url())

    def test_without_plans_the_list_says_so(self, client):
        assert "Chưa có kế hoạch rà soát nào được công khai." in plain(client.get("/ra-soat/"))

    def test_the_three_newest_articles_of_the_section_stand_below(self, client):
        section = Section.objects.get(slug=reviewing.SECTION)
        shown = [ArticleFactory(section=section, published=True) for _ in range(4)][1:]
        other, draft = ArticleFactory(published=True), ArticleFactory(section=section)

        for address in ("/ra-soat/", ReviewPlanFactory().get_absolute_url()):
            page = plain(client.get(address))
            assert [article.title in page for article in shown] == [True] * 3
            assert other.title not in page
            assert draft.title not in page
            assert page.count("/tin-tuc/2026/") == 3

    def test_the_section_on_the_review_leads_to_the_plans_and_no_other_does(self, client):
        of_review, other = Section.objects.get(slug=reviewing.SECTION), Section.objects.get(slug="tin-hoat-dong")

        assert 'href="/ra-soat/"' in plain(client.get(of_review.get_absolute_url()))
        assert 'href="/ra-soat/"' not in plain(client.get(other.get_absolute_url()))

    def test_the_table_is_offered_as_a_file(self, client):
        item = ReviewItemFactory()

        address = reverse("news:review-file", args=[item.plan.year])
        response = client.get(address)

        assert f'href="{address}"' in plain(client.get(item.plan.get_absolute_url()))
        assert load_workbook(BytesIO(response.getvalue())).active["C2"].value == item.procedure.name

    def test_a_long_plan_goes_over_pages_in_as_many_queries(self, client, django_assert_num_queries):
        plan = ReviewPlanFactory()
        ReviewItemFactory(plan=plan)
        client.get(plan.get_absolute_url())
        with CaptureQueriesContext(connection) as few:
            client.get(plan.get_absolute_url())
        agency = UnitFactory()
        items = [ReviewItemFactory(plan=plan, agency=agency, order=1) for _ in range(20)]

        with django_assert_num_queries(len(few)):
            first = plain(client.get(plan.get_absolute_url()))
        second = plain(client.get(plan.get_absolute_url(), {"trang": "2"}))

        assert items[-1].procedure.title not in first
        assert items[-1].procedure.title in second

    def test_progress_counts_what_is_late_on_the_day(self):
        item = ReviewItemFactory(last_on=date(2026, 6, 30))

        assert reviewing.progress(item.plan, date(2026, 6, 30)) == reviewing.Progress(items=1, done=0, late=0)
        assert reviewing.progress(item.plan, date(2026, 7, 1)) == reviewing.Progress(items=1, done=0, late=1)

    def test_articles_to_come_are_left_out(self):
        section = Section.objects.get(slug=reviewing.SECTION)
        ArticleFactory(section=section, published=True, publish_at=NOON)

        assert not reviewing.articles(NOON.replace(hour=11))
        assert reviewing.articles(NOON)
