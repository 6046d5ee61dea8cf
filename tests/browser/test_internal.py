"""Documents made known inside the department, and the review that everybody may read, in a browser."""

from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from news import disseminating
from portal import roles
from tests.factories import (
    DisseminationFactory,
    LegalDocumentFactory,
    OrganisationFactory,
    ReviewItemFactory,
    TeamMemberFactory,
    UserFactory,
)


@pytest.fixture
def office(page, transactional_db):
    # After `page`: the database must be set up inside the event loop that Playwright starts.
    OrganisationFactory()
    return UserFactory(role=roles.OFFICE, last_name="Văn", first_name="Phòng")


@pytest.mark.parametrize("width", [1280])
def test_a_document_is_read_and_confirmed_and_the_office_sees_by_whom(page, office, sign_in, holds_in_every_window):
    document = LegalDocumentFactory(title="Về kiểm soát thủ tục hành chính")
    document.files.create(title="Toàn văn", text="Điều 1. Phạm vi điều chỉnh.\nĐiều 2. Đối tượng áp dụng.")
    dissemination = DisseminationFactory(
        title="Quán triệt nghị định", documents=[document], message="Đọc kỹ Điều 1.", read_by=timezone.localdate()
    )
    UserFactory(role=roles.UNIT, last_name="Người", first_name="Chưa đọc")
    disseminating.send(dissemination, by=office, at=timezone.now())
    sign_in(office)

    page.goto("/quan-tri/")
    with page.expect_navigation():
        page.get_by_role("link", name="Văn bản cần đọc").click()
    holds_in_every_window(page, enhanced_contrast=False, sizes=[16])
    with page.expect_navigation():
        page.get_by_role("button", name="Tôi đã đọc").press("Enter")
    expect(page.get_by_text("Đã ghi nhận việc đọc.")).to_be_visible()
    holds_in_every_window(page, enhanced_contrast=False, sizes=[16])

    for name in ("news/dissemination/", f"news/dissemination/{dissemination.pk}/change/"):
        page.goto(f"/quan-tri/{name}")
        holds_in_every_window(page, enhanced_contrast=False, sizes=[16])
    page.goto(f"/quan-tri/news/dissemination/{dissemination.pk}/da-doc/")
    expect(page.get_by_text("1/2", exact=True)).to_be_visible()
    expect(page.get_by_role("rowheader", name="Người Chưa đọc")).to_be_visible()
    holds_in_every_window(page, enhanced_contrast=False, sizes=[16])
    with page.expect_navigation():
        page.get_by_role("button", name="Nhắc 1 người chưa đọc").click()
    expect(page.get_by_text("Đã nhắc 1 người.")).to_be_visible()


@pytest.mark.parametrize("width", [1280])
def test_forms_of_the_office_are_accessible_and_fit(page, office, sign_in, holds_in_every_window):
    member, item = TeamMemberFactory(), ReviewItemFactory()
    sign_in(office)

    for name in (
        "news/dissemination/add/",
        "news/trainingrecord/add/",
        "news/trainingrecord/tong-hop/",
        f"news/reviewplan/{item.plan_id}/change/",
        f"portal/teammember/{member.pk}/thay-nguoi/",
        "portal/teammember/theo-ngay/",
    ):
        page.goto(f"/quan-tri/{name}")
        holds_in_every_window(page, enhanced_contrast=False, sizes=[16])


@pytest.mark.parametrize("width", [1280])
def test_the_review_and_the_team_are_read_by_everybody(page, office, holds_in_every_window):
    TeamMemberFactory()
    item = ReviewItemFactory(outcome="simplify", proposal="Bỏ một giấy tờ.", done_on=date(2026, 5, 5))

    for address in (item.plan.get_absolute_url(), "/ra-soat/", "/lien-he/"):
        page.goto(address)
        holds_in_every_window(page)
