"""A bulletin from the editor's list to the reader's screen and paper, in Chromium."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from news.models import Bulletin
from portal import roles
from tests.factories import ArticleFactory, DecisionFactory, OrganisationFactory, ProcedureChangeFactory, UserFactory


@pytest.fixture
def last_month(page, transactional_db):
    # After `page`: the database must be set up inside the event loop that Playwright starts.
    OrganisationFactory(responsible="Văn phòng Sở")
    day = timezone.now().replace(day=1) - timedelta(days=5)
    for number, title in enumerate(["Bài thứ nhất", "Bài thứ hai", "Bài thứ ba"]):
        ArticleFactory(published=True, title=title, publish_at=day - timedelta(days=number))
    ProcedureChangeFactory(decision=DecisionFactory(published=True), effective_on=day.date())


@pytest.mark.parametrize("width", [1280])
@pytest.mark.usefixtures("last_month")
def test_an_issue_goes_from_the_list_of_the_staff_to_its_readers(page, sign_in, holds_in_every_window, fits_its_width):
    editor, approver = UserFactory(role=roles.EDITOR), UserFactory(role=roles.APPROVER)
    sign_in(editor)
    page.goto("/quan-tri/news/bulletin/")
    with page.expect_navigation():
        page.get_by_role("button", name="Lập bản tin tháng trước").click()
    expect(page.get_by_text("Đã lập bản nháp")).to_be_visible()
    holds_in_every_window(page, enhanced_contrast=False, sizes=[])
    page.set_viewport_size({"width": 390, "height": 900})
    fits_its_width(page)
    page.set_viewport_size({"width": 1280, "height": 900})

    # By keyboard: the third article goes first; the second is left out.
    up = page.get_by_role("button", name="Lên trước: Bài thứ ba")
    up.press("Enter")
    up.press("Enter")
    page.get_by_label("Bài thứ hai", exact=True).uncheck()
    page.get_by_role("row", name="Bài thứ ba").get_by_role("checkbox").last.check()
    with page.expect_navigation():
        page.get_by_role("button", name="Gửi duyệt").click()
    expect(page.get_by_text("Đã lưu và gửi duyệt.")).to_be_visible()
    bulletin = Bulletin.objects.get()
    items = [(str(item.article or "thay đổi"), item.full) for item in bulletin.items.select_related("article")]
    assert items == [("Bài thứ ba", True), ("Bài thứ nhất", False), ("thay đổi", False)]

    sign_in(approver)
    page.goto(f"/quan-tri/news/bulletin/{bulletin.pk}/change/")
    with page.expect_navigation():
        page.get_by_role("button", name="Duyệt đăng").click()
    expect(page.get_by_text("Đã duyệt đăng.")).to_be_visible()

    page.context.clear_cookies()
    page.goto("/ban-tin/")
    holds_in_every_window(page)
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("link", name=f"Số {bulletin.number}/{bulletin.year}").click()
    expect(page.get_by_role("heading", name="Bài thứ ba")).to_be_visible()
    holds_in_every_window(page)
    printed = page.request.get(page.url + "ban-tin.pdf")
    assert printed.headers["content-type"] == "application/pdf"
    assert printed.body().startswith(b"%PDF-1.7")
