"""The pages every visitor meets, as a browser shows them."""

import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories import OrganisationFactory, ProcedureFactory, UnitFactory

PAGES = ["/", "/lien-he/", "/tiep-can/", "/du-lieu-ca-nhan/", "/so-do-trang/", "/khong-co-trang-nay/"]
FOUND = [
    {"title": f"Cấp giấy phép sử dụng máy số {number}", "code": f"2.00238{number}", "url": f"/thu-tuc/2.00238{number}/"}
    for number in range(3)
]


def load():
    OrganisationFactory(email="vanphong@example.org", responsible="Văn phòng Sở", working_hours="Thứ Hai: 7:30–11:30")
    UnitFactory(
        name="Trung tâm Thông tin và Ứng dụng tiến bộ khoa học và công nghệ",
        phone="0254 000 002",
        email="mot.don-vi.co-ten-rat-dai@khoahoccongnghe.example.org",
    )
    ProcedureFactory(published=True, code="2.002380", in_force_from=timezone.localdate(), fees__free=True)


@pytest.fixture(autouse=True)
def _content(filled):
    filled(load)


@pytest.fixture
def suggestions(page):
    """Answers what the search box asks while one types, and tells what it asked."""
    asked = []

    def answer(route):
        asked.append(route.request.url)
        route.fulfill(json=FOUND)

    page.route(re.compile(re.escape(reverse("procedures:suggestions"))), answer)
    return asked


@pytest.mark.parametrize("width", [1280])
@pytest.mark.parametrize("address", PAGES)
def test_its_pages_are_accessible_and_fit(address, page, holds_in_every_window):
    page.goto(address)
    holds_in_every_window(page)


@pytest.mark.parametrize("address", PAGES)
def test_text_of_twice_the_size_still_fits(address, page, fits_its_width):
    page.goto(address)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    fits_its_width(page)


def test_the_first_tab_leads_past_the_menu(page):
    page.goto("/lien-he/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Đến nội dung chính")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("width", [390])
@pytest.mark.browser_context_args(java_script_enabled=False)
def test_the_menu_opens_without_script(page):
    page.goto("/")
    page.locator(".main-menu summary").click()
    page.locator(".main-menu").get_by_role("link", name="Đầu mối, liên hệ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đầu mối, liên hệ")


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_search_works_without_script(page):
    page.goto("/")
    page.get_by_label("Tên thủ tục, từ khóa hoặc mã số").fill("giấy phép")
    page.get_by_role("button", name="Tìm thủ tục").click()
    expect(page).to_have_url(re.compile(r"/thu-tuc/\?q=gi"))


def test_suggestions_appear_and_are_read_out(page, suggestions, axe):
    page.clock.install()
    page.goto("/")
    page.clock.pause_at(timezone.now() + timedelta(hours=1))  # a busy machine would type too slowly
    box = page.get_by_role("combobox")
    box.press_sequentially("may x")
    assert suggestions == []
    page.clock.run_for(1000)
    expect(page.get_by_role("option")).to_have_count(3)
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status")).to_contain_text("3 thủ tục gợi ý")
    assert len(suggestions) == 1, "asked for each letter instead of waiting for a pause"
    page.clock.resume()
    axe(page)


def test_suggestions_are_chosen_by_keyboard(page, suggestions):
    page.goto("/")
    box = page.get_by_role("combobox")
    box.press_sequentially("may x")
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("ArrowUp")
    expect(page.get_by_role("option", selected=True)).to_contain_text("2.002382")
    box.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_have_count(0)
    box.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", "q-suggestions-0")
    expect(box).to_be_focused()
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/thu-tuc/2\.002380/$"))


def test_escape_closes_the_suggestions_and_keeps_the_words(page, suggestions):
    page.goto("/")
    box = page.get_by_role("combobox")
    box.press_sequentially("may x")
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value("may x")


def test_enter_without_a_choice_searches(page, suggestions):
    page.goto("/")
    box = page.get_by_role("combobox")
    box.press_sequentially("may x")
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/thu-tuc/\?q=may\+x"))


def test_a_late_answer_does_not_cover_a_newer_one(page):
    def answer(route):
        title = "Cũ" if route.request.url.endswith("q=ab") else "Mới"
        if title == "Mới":
            route.fulfill(body=json.dumps([{"title": title, "code": "1.000001", "url": "/"}]))
        # The older question is left without an answer: the page must have given it up.

    page.route(re.compile(re.escape(reverse("procedures:suggestions"))), answer)
    page.goto("/")
    box = page.get_by_role("combobox")
    with page.expect_event("requestfailed") as given_up, page.expect_request(re.compile("q=abc$")):
        with page.expect_request(re.compile("q=ab$")):
            box.press_sequentially("ab")
        box.press_sequentially("c")
    assert given_up.value.url.endswith("q=ab")
    expect(page.get_by_role("option")).to_have_text(re.compile("Mới"))
