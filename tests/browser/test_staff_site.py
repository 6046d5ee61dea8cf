"""The staff's own pages, as a browser shows them."""

from datetime import date

import pytest
from playwright.sync_api import expect

from portal import roles
from portal.models import SearchMiss
from tests.factories import PASSWORD, AdministratorFactory, OrganisationFactory, UnitFactory, UserFactory

PAGES = [
    "/quan-tri/",
    "/quan-tri/portal/organisation/1/change/",
    "/quan-tri/portal/user/",
    "/quan-tri/portal/user/add/",
    "/quan-tri/portal/calendarday/",
    "/quan-tri/portal/calendarday/add/",
    "/quan-tri/portal/confirmedyear/add/",
    "/quan-tri/portal/searchmiss/",
    "/quan-tri/password_change/",
]


def load():
    OrganisationFactory()


@pytest.fixture(autouse=True)
def _content(filled):
    filled(load)


@pytest.mark.parametrize("width", [1280])
def test_its_pages_are_accessible_and_fit(page, sign_in, holds_in_every_window):
    UnitFactory()
    SearchMiss.objects.create(query="may chup rang", day=date(2026, 11, 20), count=3)
    sign_in(AdministratorFactory())

    for address in PAGES:
        page.goto(address)
        holds_in_every_window(page, enhanced_contrast=False, sizes=[16])


def test_one_logs_in_and_out_by_keyboard(page, axe, fits_its_width):
    UserFactory(username="vanphong", role=roles.OFFICE)
    page.goto("/quan-tri/")
    axe(page, enhanced_contrast=False)
    fits_its_width(page)

    expect(page.get_by_label("Tên đăng nhập")).to_be_focused()
    page.keyboard.type("vanphong")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Việc cần làm")).to_be_visible()
    page.get_by_role("button", name="Đăng xuất").press("Enter")
    expect(page.get_by_role("button", name="Đăng xuất")).to_have_count(0)


def test_a_wrong_password_is_answered_and_the_name_kept(page, axe):
    page.goto("/quan-tri/")
    page.get_by_label("Tên đăng nhập").fill("ai-do")
    page.get_by_label("Mật khẩu").fill("sai")
    with page.expect_navigation():
        page.get_by_role("button", name="Đăng nhập").click()

    expect(page.get_by_role("alert")).to_contain_text("Tên đăng nhập hoặc mật khẩu chưa đúng.")
    expect(page.get_by_label("Tên đăng nhập")).to_have_value("ai-do")
    axe(page, enhanced_contrast=False)
