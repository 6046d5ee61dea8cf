"""Reading the news, as a browser shows it."""

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from news.demonstration.drawings import draw
from news.models import Article, Section
from news.pictures import store
from tests.factories import PUBLISHED_AT, ArticleFactory, OrganisationFactory, ProcedureFactory

BODY = """<h2>Ba việc</h2><ul><li>Xem giấy tờ.</li><li>Tải mẫu đơn.</li></ul>
<table><caption>Câu hỏi</caption><thead><tr><th scope="col">Người dân hỏi</th>
<th scope="col">Ô trên trang</th></tr></thead>
<tbody><tr><td>Bao lâu thì xong?</td><td>Thời hạn</td></tr></tbody></table>
<blockquote><p>Xem trang thủ tục trước khi đi.</p></blockquote><p><img src="{src}" alt="Tờ giấy"></p>"""


@pytest.fixture(autouse=True)
def article(page, transactional_db, tmp_path) -> Article:
    OrganisationFactory()
    pictures = [store(draw(name, "jade"), by=None, at=PUBLISHED_AT, alt="Hình vẽ") for name in ("phone", "checklist")]
    section = Section.objects.get(slug="tin-hoat-dong")
    for number in range(22):
        ArticleFactory(published=True, section=section, cover=pictures[number % 2], featured=number < 2)
    body = BODY.format(src=pictures[1].url(800))
    wanted = ArticleFactory(published=True, section=section, title="Chuẩn bị hồ sơ", cover=pictures[0], body=body)
    wanted.procedures.add(ProcedureFactory(published=True))
    ArticleFactory(published=True, slug="da-go", status="withdrawn", withdrawn_reason="Đăng nhầm.")
    return wanted


def addresses(article: Article) -> list[str]:
    pages = ["/tin-tuc/", "/tin-tuc/?trang=2", "/tin-tuc/tin-hoat-dong/?thang=2026-11", "/tin-tuc/?q=khong+co"]
    return [*pages, article.get_absolute_url(), "/tin-tuc/2026/da-go/"]


@pytest.mark.parametrize("width", [1280])
def test_its_pages_are_accessible_and_fit(page: Page, holds_in_every_window, article) -> None:
    for address in addresses(article):
        page.goto(address)

        holds_in_every_window(page)


def test_a_reader_goes_from_home_to_an_article_and_nothing_jumps(page: Page, article) -> None:
    page.goto("/")
    page.get_by_role("link", name="Xem tất cả tin tức").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("CCHC – Kiểm soát TTHC")
    page.get_by_role("link", name="Chuẩn bị hồ sơ").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Chuẩn bị hồ sơ")

    page.wait_for_load_state("networkidle")
    shifts = page.evaluate(
        """() => new Promise(resolve => new PerformanceObserver(list => resolve(
            list.getEntries().reduce((sum, entry) => sum + entry.value, 0)
        )).observe({type: "layout-shift", buffered: true}) || setTimeout(() => resolve(0), 300))"""
    )
    assert shifts < 0.01
    page.get_by_text("Mã QR để mở bài trên điện thoại").click()
    expect(page.get_by_role("img", name="Mã QR chứa địa chỉ của bài")).to_be_visible()
    # Only a secure address may write to the clipboard; the machine's own counts as one.
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Chép địa chỉ").click()
    expect(page.get_by_role("status")).to_have_text("Đã chép.")
    assert page.evaluate("navigator.clipboard.readText()") == settings.BASE_URL + article.get_absolute_url()


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_everything_is_reached_without_scripts(page: Page, article) -> None:
    page.goto("/tin-tuc/")
    page.get_by_label("Tìm tin, bài").fill("chuan bi ho so")
    page.get_by_role("button", name="Tìm tin, bài").click()
    page.get_by_role("link", name="Chuẩn bị hồ sơ").click()

    expect(page.get_by_label("Địa chỉ của bài", exact=True)).to_have_value(
        settings.BASE_URL + article.get_absolute_url()
    )
    expect(page.get_by_role("button", name="Chép địa chỉ")).to_be_hidden()
