"""The staff's pages of figures."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from portal import roles
from reports.compiling import compile_period
from tests.factories import ArticleFactory, ReportingPeriodFactory, SubmissionFactory, UnitFactory, UserFactory
from tests.reports.test_compiling import AT, column, hand_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client):
    client.force_login(UserFactory(role=roles.OFFICE))
    return client


def figure_of(compilation, key):
    return compilation.figures.get(indicator=column(key), row="")


def address(figure, name="figure"):
    return reverse(f"reports-staff:{name}", args=[figure.compilation.period.code, figure.pk])


def test_the_office_compiles_and_sees_what_moved(office):
    period = ReportingPeriodFactory()
    compile_period(period, by=None, at=AT)
    article = ArticleFactory(published=True, publish_at=datetime(2024, 9, 1, tzinfo=UTC))

    page = office.post(reverse("reports-staff:compile", args=[period.code]), follow=True)

    assert "Đã tổng hợp lần 2." in page.content.decode()
    assert f"Thêm: {article.title}" in page.content.decode()


def test_a_figure_says_what_was_counted_and_leads_there(office):
    period = ReportingPeriodFactory()
    article = ArticleFactory(published=True, publish_at=datetime(2024, 9, 1, tzinfo=UTC))
    figure = figure_of(compile_period(period, by=None, at=AT), "tin-bai.so")

    page = office.get(address(figure)).content.decode()

    assert article.title in page
    assert reverse("admin:news_article_change", args=[article.pk]) in page
    assert "Số tin, bài đăng trong kỳ" in page


def test_of_a_case_only_the_register_number_is_shown(office):
    case = SubmissionFactory(received_at=AT.replace(day=2), register_year=2024, register_number=7, title="Bí mật")
    figure = figure_of(compile_period(ReportingPeriodFactory(), by=None, at=AT), "phan-anh.trong_ky")

    page = office.get(address(figure)).content.decode()

    assert "Phản ánh số 7/2024" in page
    assert case.title not in page


def test_a_figure_of_the_units_names_each_with_its_reason(office):
    period, unit, silent = ReportingPeriodFactory(), UnitFactory(), UnitFactory()
    hand_in(period, unit, {("truyen-thong.tin_bai", None): 4})
    hand_in(period, silent, {("truyen-thong.tin_bai", None): "Không thực hiện trong kỳ"})
    figure = figure_of(compile_period(period, by=None, at=AT), "truyen-thong.tin_bai")

    page = office.get(address(figure)).content.decode()

    assert "Không thực hiện trong kỳ" in page
    assert reverse("reports-staff:return", args=[period.code, unit.pk]) in page


def test_an_override_is_taken_and_ended_on_the_page(office):
    period = ReportingPeriodFactory()
    figure = figure_of(compile_period(period, by=None, at=AT), "tin-bai.so")

    office.post(address(figure, "override"), {"value": "1.234", "reason": "Tính cả báo giấy"})
    held = period.overrides.get()
    page = office.get(address(figure)).content.decode()
    office.post(address(figure, "override"), {"end": "x", "seen": held.pk})

    assert held.value == 1234
    assert "Tính cả báo giấy" in page
    assert period.overrides.get().ended_at


def test_a_wrong_override_says_what_to_do(office):
    period = ReportingPeriodFactory()
    figure = figure_of(compile_period(period, by=None, at=AT), "tin-bai.so")

    page = office.post(address(figure, "override"), {"value": "nhiều", "reason": ""}).content.decode()

    assert "Ghi lý do thay số liệu." in page
    assert "Ghi số nguyên không âm" in page
    assert not period.overrides.exists()


def test_a_unit_sees_no_figures_of_others_and_cannot_compile(client):
    period = ReportingPeriodFactory()
    figure = figure_of(compile_period(period, by=None, at=AT), "tin-bai.so")
    client.force_login(UserFactory(role=roles.UNIT, unit=UnitFactory()))

    assert client.get(address(figure)).status_code == 403
    assert client.post(reverse("reports-staff:compile", args=[period.code])).status_code == 403
    assert period.compilations.count() == 1


def test_a_period_that_is_not_open_is_not_found(office):
    assert office.get(reverse("reports-staff:moved", args=["2031-Q1"])).status_code == 404
