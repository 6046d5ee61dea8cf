"""The first page of the staff's site shows each what concerns them, and nobody else's figures."""

from datetime import UTC, datetime

import pytest

from news.models import Section
from portal import roles
from reports import compiling, opening, periods
from tests.factories import ArticleFactory, UnitFactory, UserFactory
from tests.html import Page

pytestmark = pytest.mark.django_db
AT = datetime(2024, 9, 15, 2, tzinfo=UTC)


@pytest.fixture
def unit():
    """A unit that is asked for the third quarter of 2024, of which one article tells."""
    found = UnitFactory(name="Chi cục Tiêu chuẩn")
    ArticleFactory(published=True, publish_at=AT.replace(month=8), section=Section.objects.get(name="Tin hoạt động"))
    period = opening.open_period(periods.parse("2024-Q3"), by=None, at=AT)
    compiling.compile_period(period, by=None, at=AT)
    return found


def shown_to(client, role, unit):
    client.force_login(UserFactory(role=role, unit=unit))
    return Page(client.get("/quan-tri/")).text.replace("\u00a0", " ")


def test_the_office_sees_who_handed_in_and_figures_with_their_charts(unit, client):
    said = shown_to(client, roles.OFFICE, UnitFactory())
    assert "Đơn vị nộp số liệu quý III năm 2024" in said
    assert "Chi cục Tiêu chuẩn" in said
    assert "Tin hoạt động" in said
    assert b"<svg" in client.get("/quan-tri/").content


def test_a_unit_sees_its_own_returns_only(unit, client):
    said = shown_to(client, roles.UNIT, unit)
    assert "Số liệu của đơn vị" in said
    assert "Đơn vị nộp số liệu" not in said
    assert "Tin, bài theo chuyên mục" not in said


def test_the_centre_sees_its_articles_without_links_that_it_may_not_open(unit, client):
    said = shown_to(client, roles.APPROVER, UnitFactory())
    assert "Tin, bài theo chuyên mục" in said
    assert b"/quan-tri/bao-cao/2024-Q3/so-lieu/" not in client.get("/quan-tri/").content


def test_more_units_ask_no_more_queries(unit, client, django_assert_max_num_queries):
    client.force_login(UserFactory(role=roles.OFFICE))
    client.get("/quan-tri/")
    with django_assert_max_num_queries(60):
        client.get("/quan-tri/")
