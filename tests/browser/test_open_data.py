"""What machines are offered, as a browser meets it."""

import json

import pytest
from playwright.sync_api import Page, expect

from procedures import downloads
from tests.factories import OrganisationFactory, ProcedureFactory

GUIDE = "/api/"


def load():
    OrganisationFactory()
    ProcedureFactory(published=True, code="1.001786", short_name="Cấp giấy phép X-quang")


@pytest.fixture(autouse=True)
def _content(filled):
    filled(load)


@pytest.mark.parametrize("width", [1280])
def test_the_guide_is_accessible_and_fits(page: Page, holds_in_every_window) -> None:
    page.goto(GUIDE)

    holds_in_every_window(page)


def test_the_list_leads_to_a_file_of_the_catalogue(page: Page) -> None:
    page.goto("/thu-tuc/")
    page.get_by_role("main").get_by_role("link", name="Dữ liệu mở").click()
    with page.expect_download() as started:
        page.get_by_role("link", name="Bảng CSV").click()

    assert started.value.suggested_filename.startswith(f"{downloads.NAME}-")
    assert "1.001786" in started.value.path().read_text(encoding="utf-8-sig")


def test_an_example_of_the_guide_can_be_looked_at(page: Page, base_url: str) -> None:
    page.goto(GUIDE)
    # Examples name the portal's public address.
    address = page.get_by_role("link", name="procedures?q=").inner_text().replace("http://testserver", base_url)

    page.goto(address)

    assert "1.001786" in page.locator("body").inner_text()


def test_the_policy_lets_linked_data_stand_and_stay_unexecuted(page: Page) -> None:
    page.goto("/thu-tuc/1.001786/")

    block = page.locator('script[type="application/ld+json"]')
    expect(block).to_have_count(1)
    assert json.loads(block.text_content())["identifier"] == "1.001786"  # the page fixture heard no complaint
