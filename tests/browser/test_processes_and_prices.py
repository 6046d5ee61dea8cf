"""Internal processes, service prices and fees, as a browser shows them, on the demonstration's content."""

import pytest
from playwright.sync_api import Page, expect

from portal.demonstration import load_organisation
from procedures import demonstration, importing, publishing
from procedures.demonstration import processes_and_prices
from procedures.models import InternalProcess
from tests.factories import PUBLISHED_AT, ProcessStepFactory

PAGES = {
    "processes": "/quy-trinh-noi-bo/",
    "nothing found": "/quy-trinh-noi-bo/?q=zzzz",
    "process": "/quy-trinh-noi-bo/1.014675/",
    "process of another day": "/quy-trinh-noi-bo/1.014678/?ngay=2026-06-30",
    "bad day": "/quy-trinh-noi-bo/1.014678/?ngay=hom-qua",
    "prices": "/gia-dich-vu/",
    "prices of another day": "/gia-dich-vu/?ngay=2025-07-01&sap-xep=-gia",
    "no prices": "/gia-dich-vu/?ngay=2001-01-01",
    "fees": "/phi-le-phi/",
    "fees by amount": "/phi-le-phi/?sap-xep=-so-tien",
    "procedure": "/thu-tuc/1.014675/",
}


def load():
    load_organisation()
    for record in demonstration.records():
        if record.field == "An toàn bức xạ và hạt nhân":
            publishing.publish(importing.apply(record, at=PUBLISHED_AT).procedure, by=None, at=PUBLISHED_AT)
    processes_and_prices.load()


@pytest.fixture(autouse=True)
def _content(filled):
    filled(load)


@pytest.mark.parametrize("width", [1280])
def test_its_pages_are_accessible_and_fit(page: Page, holds_in_every_window) -> None:
    for address in PAGES.values():
        page.goto(address)

        holds_in_every_window(page)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_picture_can_be_read_and_keeps_its_words_inside(page: Page) -> None:
    process = InternalProcess.objects.filter(procedure__code="1.014678").latest("valid_from")
    wide = "Mmmmmm nhượng quyền thương mại MMMMMM "  # the widest letters there are
    ProcessStepFactory(process=process, name=wide * 4, role=wide.strip() * 2, order=99)
    page.goto("/quy-trinh-noi-bo/1.014678/")

    lines = page.locator("svg.flow text").evaluate_all(
        "texts => texts.map(text => ({"
        "  size: parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a,"
        "  right: text.getBBox().x + text.getBBox().width}))"
    )

    assert len(lines) > 20
    assert min(line["size"] for line in lines) >= 14
    assert max(line["right"] for line in lines) <= 340


def test_a_reader_goes_from_the_procedure_to_its_process_and_back(page: Page) -> None:
    page.goto("/thu-tuc/1.014675/")
    page.get_by_role("link", name="Quy trình giải quyết trong cơ quan").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Cấp giấy phép sử dụng thiết bị")
    expect(page.get_by_role("img", name="Sơ đồ các bước")).to_have_count(2)
    expect(page.get_by_text("Cộng các bước: 25 ngày làm việc")).to_be_visible()
    page.get_by_role("link", name="Xem giấy tờ, nơi nộp").click()
    expect(page).to_have_url("/thu-tuc/1.014675/")


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_prices_are_ordered_by_a_link_and_read_as_of_a_day_without_scripts(page: Page) -> None:
    page.goto("/gia-dich-vu/")
    page.get_by_label("Xem theo ngày").fill("01/7/2025")
    page.get_by_role("button", name="Xem giá").click()
    expect(page.get_by_role("heading", level=2).first).to_have_text("2 mức giá áp dụng ngày 01/7/2025")

    order = page.get_by_role("navigation", name="Xếp theo")
    with page.expect_navigation():
        order.get_by_role("link", name="Giá", exact=True).click()
    order.get_by_role("link", name="Giá").click()

    expect(page.get_by_role("columnheader", name="Giá")).to_have_attribute("aria-sort", "descending")
    expect(page.get_by_role("rowheader").first).to_contain_text("Kiểm định cột đo xăng dầu")
    expect(page.get_by_label("Xem theo ngày")).to_have_value("01/7/2025")


@pytest.mark.parametrize("width", [390])
def test_a_bad_day_is_told_beside_the_box(page: Page) -> None:
    page.goto("/phi-le-phi/?ngay=32/13/2026")

    box = page.get_by_label("Xem theo ngày")
    expect(box).to_have_value("32/13/2026")
    expect(box).to_have_accessible_description(
        "Ví dụ: 01/7/2026. Để trống để xem hôm nay. Lỗi: Ngày không đúng. Ghi theo dạng 01/7/2026."
    )


@pytest.mark.parametrize("width", [390])
def test_a_table_is_downloaded(page: Page) -> None:
    page.goto("/gia-dich-vu/?ngay=2025-07-01")

    with page.expect_download() as download:
        page.get_by_role("link", name="Giá dịch vụ (XLSX)").click()

    assert download.value.suggested_filename == "gia-dich-vu-2025-07-01.xlsx"
