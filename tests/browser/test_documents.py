"""Finding and reading a document, as a browser shows it, on the documents of the 2024 plan."""

import re

import pytest
from playwright.sync_api import Page, expect

from procedures.demonstration import documents
from procedures.models import LegalDocument
from tests.factories import (
    AdministratorFactory,
    DecisionFactory,
    LegalBasisFactory,
    LegalDocumentFactory,
    OrganisationFactory,
    ProcedureChangeFactory,
    ProcedureFactory,
)

PAGES = {
    "list": "/van-ban/",
    "search": "/van-ban/?q=kiem+soat+thu+tuc",
    "filtered": "/van-ban/?loai=nghi-dinh&hieu-luc=con-hieu-luc",
    "nothing found": "/van-ban/?q=zzzz",
    "decree": "/van-ban/63-2010-nd-cp/",
    "plan": "/van-ban/kh-skhcn-2024/",
    "everything": "/van-ban/9999-qd-ubnd/",
}


def load():
    OrganisationFactory(working_hours="Thứ Hai đến thứ Sáu: 7:30–11:30")
    documents.load()
    long = LegalDocumentFactory(
        number="9999/QĐ-UBND",
        kind="publication_decision",
        title="Công bố danh mục thủ tục hành chính " * 20,
        note="Rõ. " * 60,
    )
    for number in range(25):
        LegalBasisFactory(document=long, procedure=ProcedureFactory(published=True, legal_bases=None))
        long.files.create(title=f"Phụ lục {number}", text="Điều 1. Phạm vi.\n" * 5)
    ProcedureChangeFactory(decision=DecisionFactory(published=True, document=long))
    long.relations.create(target=LegalDocument.objects.get(number="63/2010/NĐ-CP"), kind="guides", note="Điều 1")


@pytest.fixture(autouse=True)
def _content(filled):
    filled(load)


@pytest.mark.parametrize("width", [1280])
def test_its_pages_are_accessible_and_fit(page: Page, holds_in_every_window) -> None:
    for address in PAGES.values():
        page.goto(address)

        holds_in_every_window(page)


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_a_reader_searches_narrows_and_opens_a_document_without_script(page: Page) -> None:
    page.goto("/")
    if page.viewport_size["width"] < 900:
        page.locator(".main-menu summary").click()
    page.get_by_role("navigation").get_by_role("link", name="Văn bản").first.click()
    page.get_by_label("Số, ký hiệu hoặc trích yếu").fill("co che mot cua")
    with page.expect_navigation():
        page.get_by_role("button", name="Tìm văn bản").click()
    page.get_by_text("Lọc theo loại").click()
    choice = page.get_by_label("Hiệu lực hôm nay").locator("option", has_text="Hết hiệu lực").inner_text()
    page.get_by_label("Hiệu lực hôm nay").select_option(label=choice)
    with page.expect_navigation():
        page.get_by_role("button", name="Lọc văn bản").click()

    expect(page.locator(".result-title")).to_have_count(int(re.search(r"\((\d+)\)", choice)[1]))

    page.get_by_role("link", name="Nghị định 61/2018/NĐ-CP").click()

    expect(page.get_by_role("heading", name="Được thay thế bởi")).to_be_visible()
    page.get_by_role("link", name="Nghị định 118/2025/NĐ-CP").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("118/2025/NĐ-CP")
    expect(page.locator(".tag").first).to_have_text("Còn hiệu lực")


@pytest.mark.parametrize("width", [390])
def test_a_legal_basis_leads_to_its_document_and_back(page: Page) -> None:
    procedure = ProcedureFactory(published=True, short_name="Cấp giấy phép thử", legal_bases=None)
    LegalBasisFactory(procedure=procedure, document=LegalDocument.objects.get(number="63/2010/NĐ-CP"))
    page.goto(procedure.get_absolute_url())

    page.get_by_role("link", name="63/2010/NĐ-CP").click()

    expect(page).to_have_url(re.compile("/van-ban/63-2010-nd-cp/$"))
    page.get_by_role("link", name="Cấp giấy phép thử").click()
    expect(page).to_have_url(re.compile(procedure.get_absolute_url()))


@pytest.mark.parametrize("width", [1280])
def test_axe_finds_nothing_where_staff_keep_documents(page: Page, sign_in, axe) -> None:
    sign_in(AdministratorFactory())
    pk = LegalDocument.objects.get(number="63/2010/NĐ-CP").pk
    for address in ("", "add/", f"{pk}/change/"):
        page.goto(f"/quan-tri/procedures/legaldocument/{address}")

        axe(page, enhanced_contrast=False)
