from datetime import timedelta

import pytest
from django.contrib.staticfiles import finders
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from django.views.defaults import bad_request, permission_denied, server_error

from portal.models import Organisation
from procedures import catalogue
from tests.factories import FieldFactory, OrganisationFactory, ProcedureFactory, UnitFactory
from tests.html import Page

# The marks of a page are the same whatever database its rows come from.
pytestmark = pytest.mark.any_database


def test_every_page_has_one_heading_one_main_part_and_a_way_to_it(page_response):
    page = Page(page_response)
    assert len(page.all("h1")) == 1
    assert len(page.all("main", id="main")) == 1
    assert page.all("a", href="#main", **{"class": "skip-link"})


def test_every_page_is_vietnamese_and_names_the_department(page_response):
    page = Page(page_response)
    assert page.all("html", lang="vi")
    title = page_response.content.decode().partition("<title>")[2].partition("</title>")[0]
    assert title.endswith(" – Sở KH&amp;CN")
    assert len(title.split(" – ")) >= 2


def test_every_page_ends_with_who_answers_for_it(page_response):
    text = Page(page_response).text.replace("\u00a0", " ")
    assert "Chịu trách nhiệm nội dung: Văn phòng Sở." in text
    assert "Sở Khoa học và Công nghệ tỉnh Bà Rịa – Vũng Tàu" in text
    assert "Chung tay cải cách." in text


def test_no_page_holds_style_script_or_handlers_of_its_own(page_response):
    page = Page(page_response)
    assert not page.all("style")
    # A block of linked data is no script.
    scripts = [attributes for attributes in page.all("script") if attributes.get("type") != "application/ld+json"]
    assert [attributes["src"] for attributes in scripts] == ["/static/js/portal.js"]
    for tag, attributes in page.elements:
        assert "style" not in attributes, tag
        assert not [name for name in attributes if name.startswith("on")], tag


def test_ids_are_unique_and_what_points_to_them_finds_them(page_response):
    page = Page(page_response)
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in page.elements:
        for name in ("aria-labelledby", "aria-describedby", "for"):
            assert set((attributes.get(name) or "").split()) <= set(ids)
        target = attributes.get("href") or ""
        assert not target.startswith("#") or target[1:] in ids


def test_pages_stand_without_a_department_named_yet(db, client):
    for name in ("home", "contact", "accessibility", "privacy", "site-map"):
        assert client.get(reverse(name)).status_code == 200
    assert not Organisation.objects.exists()


def test_another_department_needs_another_row_only(db, client):
    OrganisationFactory(name="Sở Nội vụ", place="thành phố Mới", address="Số 2 Đường Mới", help_phone="0123")
    content = client.get("/").content.decode()
    assert "Sở Nội vụ" in content
    for word in ("Bà Rịa", "Vũng Tàu", "Khoa học và Công nghệ", "KH&amp;CN"):
        assert word not in content


def test_the_menu_marks_the_section_of_the_page(addresses, client):
    def current(address):
        # The site's name, first in the header, marks the home page.
        links = [attributes for attributes in Page(client.get(address)).all("a") if "aria-current" in attributes]
        return {(link["href"], link["aria-current"]) for link in links}

    assert current("/") == {("/", "page")}
    assert (addresses["contact"], "page") in current(addresses["contact"])
    assert (addresses["list"], "page") in current(addresses["list"])
    assert (addresses["list"], "true") in current(addresses["procedure"])


def test_home_tells_how_many_procedures_are_in_force(organisation, client):
    field = FieldFactory(name="Sở hữu trí tuệ")
    ProcedureFactory.create_batch(3, published=True, field=field)
    ProcedureFactory(published=True, field=field, in_force_to=timezone.localdate() - timedelta(days=1))
    ProcedureFactory(field=field)
    text = Page(client.get("/")).text.replace("\u00a0", " ")
    assert "của 3 thủ tục đang áp dụng" in text
    assert "Sở hữu trí tuệ" in text
    assert "3 thủ tục" in text


def test_home_shows_what_takes_effect_the_latest_first(organisation, client):
    today = timezone.localdate()
    for days, name in ((-100, "Đã lâu"), (-10, "Vừa áp dụng"), (20, "Sắp tới")):
        ProcedureFactory(published=True, short_name=name, in_force_from=today + timedelta(days=days))
    ProcedureFactory(short_name="Còn là bản nháp", in_force_from=today)
    text = Page(client.get("/")).text
    assert text.index("Sắp tới") < text.index("Vừa áp dụng")
    assert "Đã lâu" not in text
    assert "Còn là bản nháp" not in text


def test_home_leaves_out_what_began_and_ended_meanwhile(organisation, client):
    today = timezone.localdate()
    begun, ended = today - timedelta(days=30), today - timedelta(days=1)
    ProcedureFactory(published=True, short_name="Chỉ một tháng", in_force_from=begun, in_force_to=ended)
    assert "Chỉ một tháng" not in Page(client.get("/")).text


def test_home_says_so_when_nothing_changed(organisation, client):
    text = Page(client.get("/")).text.replace("\u00a0", " ")
    assert "Không có thủ tục nào bắt đầu áp dụng trong 90 ngày qua." in text
    assert "Chưa có thủ tục nào được công khai." in text


def test_home_shows_no_figure_of_which_nothing_is_known(organisation, client):
    ProcedureFactory(published=True, online_level="", fees=None)
    text = Page(client.get("/")).text
    assert "thủ tục đang áp dụng" in text
    assert "không thu phí, lệ phí" not in text
    assert "nộp trực tuyến toàn trình" not in text


def test_each_figure_leads_to_a_list_of_as_many(organisation, client):
    ProcedureFactory.create_batch(2, published=True, online_level="full", fees__free=True)
    ProcedureFactory(published=True, online_level="partial")
    content = client.get("/").content.decode()
    for address, count in (("/thu-tuc/?truc-tuyen=toan-trinh", 2), ("/thu-tuc/?phi=khong-thu", 2), ("/thu-tuc/", 3)):
        assert f'href="{address}">{count}<' in content
        assert f"{count} thủ tục" in Page(client.get(address)).text.replace("\u00a0", " ")


@pytest.mark.parametrize("name", ["home", "site-map"])
def test_the_number_of_queries_does_not_grow_with_the_catalogue(
    name, organisation, client, django_assert_max_num_queries
):
    for size in (2, 30):
        ProcedureFactory.create_batch(size, published=True, in_force_from=timezone.localdate())
        catalogue.current(timezone.localdate())  # built once after a change, whoever comes first
        with django_assert_max_num_queries(8):  # one of them asks for the latest quarter
            client.get(reverse(name))


def test_a_page_reads_the_department_once(organisation, client, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get(reverse("accessibility"))


def test_contact_lists_the_units_that_still_exist(organisation, client):
    UnitFactory(name="Phòng Quản lý khoa học", phone="0254 000 002", email="phong@example.org")
    UnitFactory(name="Phòng đã giải thể", active=False)
    response = client.get(reverse("contact"))
    page = Page(response)
    assert page.all("a", href="tel:0254000002")
    assert page.all("a", href="mailto:phong@example.org")
    assert "Phòng đã giải thể" not in page.text


def test_contact_leaves_out_what_no_unit_has_filled_in(organisation, client):
    UnitFactory(phone="0254 000 002")
    assert len(Page(client.get(reverse("contact"))).all("th", scope="col")) == 2
    UnitFactory(address="Số 3 Đường Thử")
    assert len(Page(client.get(reverse("contact"))).all("th", scope="col")) == 3


def test_contact_says_what_is_not_known(db, client):
    Organisation(name="Sở").save()
    assert "Chưa có thông tin" in Page(client.get(reverse("contact"))).text


def test_the_site_map_leads_to_every_section_and_field(addresses, procedure, client):
    links = {attributes["href"] for attributes in Page(client.get(addresses["site-map"])).all("a")}
    assert {addresses[name] for name in ("home", "list", "contact", "accessibility", "privacy", "field")} <= links


def test_an_unknown_address_offers_search_and_a_telephone(organisation, client):
    response = client.get("/khong-co-trang-nay/")
    page = Page(response)
    assert response.status_code == 404
    assert page.all("form", role="search", action=reverse("procedures:procedure-list"))
    assert page.all("a", href="tel:02540000001")
    assert page.all("meta", name="robots", content="noindex")


@pytest.mark.parametrize(("show", "status"), [(server_error, 500), (bad_request, 400)])
def test_pages_for_a_broken_server_ask_no_database(show, status):
    # Without the `db` fixture any query fails the test.
    request = RequestFactory().get("/")
    response = show(request) if show is server_error else show(request, Exception())
    page = Page(response)
    assert response.status_code == status
    assert page.all("form", role="search")
    assert page.all("a", href=reverse("contact"))


def test_a_refused_visitor_reads_why_in_vietnamese(organisation):
    response = permission_denied(RequestFactory().get("/quan-tri/"), Exception())
    assert response.status_code == 403
    assert "chưa được phép" in Page(response).text


def test_a_form_without_its_token_is_explained(organisation):
    response = Client(enforce_csrf_checks=True).post("/quan-tri/login/", {"username": "x"})
    assert response.status_code == 403
    assert "Nội dung chưa được gửi" in Page(response).text


def test_robots_keep_out_of_the_staff_site_only_and_are_shown_the_rest(client):
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert lines == ["User-agent: *", "Disallow: /quan-tri/", "Sitemap: http://testserver/sitemap.xml"]


def test_the_old_address_of_the_icon_leads_to_it(client):
    response = client.get("/favicon.ico")
    assert response.status_code == 302
    assert finders.find(response.url.removeprefix("/static/"))
