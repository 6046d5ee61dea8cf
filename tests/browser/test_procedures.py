"""Finding and reading a procedure, as a browser shows it, on the demonstration's procedures."""

import re
import subprocess
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from portal import search
from portal.models import Organisation
from procedures import demonstration, importing, publishing
from procedures.models import Procedure
from tests.factories import PUBLISHED_AT, AdministratorFactory, OrganisationFactory, ProcedureFactory

X_RAY = "1.014675"
PAGES = {
    "list": "/thu-tuc/",
    "search": "/thu-tuc/?q=x-quang",
    "filtered": "/thu-tuc/?phi=khong-thu&doi-tuong=ca-nhan",
    "nothing found": "/thu-tuc/?q=zzzz",
    "field": "/thu-tuc/linh-vuc/an-toan-buc-xa-va-hat-nhan/",
    "procedure": f"/thu-tuc/{X_RAY}/",
    "ended": "/thu-tuc/2.002383/",
    "many cases": "/thu-tuc/9.000001/",
}


def load():
    OrganisationFactory(working_hours="Thứ Hai đến thứ Sáu: 7:30–11:30")
    for record in demonstration.records():
        if record.field == "An toàn bức xạ và hạt nhân":
            publishing.publish(importing.apply(record, at=PUBLISHED_AT).procedure, by=None, at=PUBLISHED_AT)
    long = ProcedureFactory(
        published=True, code="9.000001", name="Tên rất dài " * 75, requirements="- Điều kiện.\n" * 60
    )
    for number in range(3):
        case = long.cases.create(name=f"Đối với trường hợp thứ {number} " * 8)
        long.items.create(case=case, name="Giấy tờ có tên dài " * 40, originals=1, copies=2)
    search.catch_up()


@pytest.fixture(autouse=True)
def _content(filled):
    filled(load)


@pytest.mark.parametrize("width", [1280])
def test_its_pages_are_accessible_and_fit(page: Page, holds_in_every_window) -> None:
    for address in PAGES.values():
        page.goto(address)

        holds_in_every_window(page)


def test_words_without_marks_lead_to_the_x_ray_licences(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Tên thủ tục, từ khóa hoặc mã số").fill("cap giay phep su dung x quang")
    with page.expect_navigation():
        page.get_by_role("button", name="Tìm thủ tục").click()

    titles = page.locator(".result-title").all_inner_texts()
    assert all("X-quang" in title.replace("\u00a0", " ") for title in titles[:3]), titles
    expect(page.locator(".result-title mark").first).to_be_visible()


@pytest.mark.parametrize("width", [390])
def test_a_code_leads_straight_to_its_page(page: Page) -> None:
    page.goto("/thu-tuc/?q=1014675")

    expect(page).to_have_url(re.compile(rf"/thu-tuc/{X_RAY}/$"))


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_filters_combine_without_script_and_are_taken_off_one_by_one(page: Page) -> None:
    page.goto("/thu-tuc/")
    page.get_by_text("Lọc theo lĩnh vực").click()
    choices = page.get_by_label("Lĩnh vực").locator("option").all_inner_texts()
    field = next(choice for choice in choices if choice.startswith("An toàn bức xạ"))
    page.get_by_label("Lĩnh vực").select_option(label=field)
    with page.expect_navigation():
        page.get_by_role("button", name="Lọc thủ tục").click()
    promised = int(re.search(r"\((\d+)\)", field)[1])

    expect(page.locator(".result-title")).to_have_count(promised)

    page.get_by_text("Lọc theo lĩnh vực").click() if not page.get_by_label("Phí, lệ phí").is_visible() else None
    free = page.get_by_label("Phí").locator("option", has_text="Không thu").inner_text()
    page.get_by_label("Phí").select_option(label=free)
    with page.expect_navigation():
        page.get_by_role("button", name="Lọc thủ tục").click()

    expect(page.locator(".result-title")).to_have_count(int(re.search(r"\((\d+)\)", free)[1]))

    page.get_by_role("link", name="Bỏ lọc Phí").click()

    expect(page.locator(".result-title")).to_have_count(promised)


def test_a_citizen_finds_and_reads_a_procedure_by_keyboard_alone(page: Page) -> None:
    page.goto("/")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "q":
            break
    page.keyboard.type("gia han giay phep x quang")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".result-title").first).to_contain_text("Gia hạn")

    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("!!document.activeElement.closest('.result-title')"):
            break
    ring = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("Gia hạn")
    assert ring == "3px"


def test_the_contents_lead_to_each_part(page: Page) -> None:
    page.goto(f"/thu-tuc/{X_RAY}/")
    contents = page.get_by_role("navigation", name="Trong trang này")
    if page.viewport_size["width"] < 900:
        contents.locator("summary").click()

    for link in contents.get_by_role("link").all():
        link.click()

        expect(page.locator(link.get_attribute("href"))).to_be_in_viewport()


def test_numbered_pages_lead_through_the_whole_list(page: Page) -> None:
    ProcedureFactory.create_batch(30, published=True)
    page.goto("/thu-tuc/")
    seen = []
    while True:
        seen += page.locator(".result-title a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        following = page.get_by_role("link", name="Trang sau")
        if not following.count():
            break
        with page.expect_navigation():  # until the whole next page is there
            following.click()

    on = timezone.localdate()
    assert sorted(seen) == sorted(procedure.get_absolute_url() for procedure in Procedure.objects.in_force(on))


@pytest.mark.parametrize("width", [1280])
def test_a_usual_procedure_prints_on_two_pages_with_boxes_to_tick(page: Page, tmp_path) -> None:
    page.goto("/thu-tuc/1.014676/")
    printed = tmp_path / "thu-tuc.pdf"

    page.pdf(path=printed, prefer_css_page_size=True, print_background=False)

    facts = subprocess.run(["pdfinfo", printed], capture_output=True, text=True, check=True).stdout
    text = subprocess.run(["pdftotext", "-layout", printed, "-"], capture_output=True, text=True, check=True).stdout
    fonts = subprocess.run(["pdffonts", printed], capture_output=True, text=True, check=True).stdout
    pages = int(re.search(r"Pages:\s+(\d+)", facts)[1])
    assert pages <= 2
    assert "(A4)" in facts
    assert "Tinos" in fonts
    assert "Giấy tờ cần nộp" in text
    assert "/thu-tuc/1.014676/" in text
    assert "Nộp hồ sơ trực tuyến" not in text
    page.emulate_media(media="print")
    box = page.locator(".papers li").first.evaluate(
        "paper => { const box = getComputedStyle(paper, '::before'); return [box.width, box.borderTopStyle] }"
    )
    assert box == [box[0], "solid"]
    assert float(box[0].removesuffix("px")) > 10


@pytest.mark.parametrize("width", [390])
def test_a_change_is_found_within_a_second_of_the_worker(page: Page) -> None:
    Procedure.objects.get(code=X_RAY).save()
    ProcedureFactory(published=True, short_name="Cấp thẻ kiểm tra vật lạ", in_force_from=timezone.localdate())
    call_command("work", once=True)

    page.goto("/thu-tuc/?q=the+vat+la")

    expect(page.locator(".result-title").first).to_contain_text("vật lạ")


@pytest.mark.parametrize("width", [1280])
def test_staff_publish_a_draft_and_the_public_sees_it(page: Page, sign_in) -> None:
    draft = ProcedureFactory(short_name="Cấp giấy chứng nhận thử")
    sign_in(AdministratorFactory())
    page.goto(f"/quan-tri/procedures/procedure/{draft.pk}/change/")

    page.get_by_role("button", name="Lưu và công khai").click()

    expect(page.locator(".messagelist")).to_contain_text("công khai")
    page.goto(draft.get_absolute_url())
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cấp giấy chứng nhận thử")


@pytest.mark.parametrize("width", [1280])
def test_axe_finds_nothing_on_the_staff_pages(page: Page, sign_in, holds_in_every_window) -> None:
    sign_in(AdministratorFactory())
    pk = Procedure.objects.get(code=X_RAY).pk
    for address in ("", "procedures/procedure/", "procedures/procedure/add/", f"procedures/procedure/{pk}/change/"):
        page.goto(f"/quan-tri/{address}")

        holds_in_every_window(page, enhanced_contrast=False, sizes=[])


@pytest.mark.parametrize("width", [390])
def test_an_ended_procedure_says_so_and_leaves_the_lists(page: Page) -> None:
    page.goto("/thu-tuc/2.002383/")
    expect(page.get_by_text("Thủ tục này đã hết hiệu lực")).to_be_visible()
    assert Procedure.objects.get(code="2.002383").in_force_to < timezone.localdate() - timedelta(days=1)

    page.goto("/thu-tuc/?q=2.002383")
    expect(page).to_have_url(re.compile("/thu-tuc/2.002383/$"))
    page.goto("/thu-tuc/linh-vuc/an-toan-buc-xa-va-hat-nhan/")
    expect(page.get_by_text("2.002383")).to_have_count(0)


@pytest.mark.parametrize("width", [390])
def test_the_department_is_named_from_its_row(page: Page) -> None:
    Organisation.objects.update(name="Sở Thử nghiệm")

    page.goto("/thu-tuc/")

    expect(page.get_by_role("banner")).to_contain_text("Sở Thử nghiệm")
    expect(page.get_by_role("contentinfo")).to_contain_text("Sở Thử nghiệm")
