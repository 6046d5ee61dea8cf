"""The plan of communication in a browser: what the public reads, and how the office notes what was done."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from portal import roles
from portal.demonstration import load_organisation
from tests.factories import CommunicationPlanFactory, LegalDocumentFactory, PlanTaskFactory, UserFactory


@pytest.fixture
def plan(page, transactional_db):
    load_organisation()
    on = timezone.localdate()
    plan = CommunicationPlanFactory(year=on.year, public=True)
    late = on - timedelta(days=1)
    PlanTaskFactory(plan=plan, number="II.1", content="Thông báo thủ tục mới. " * 12, first_on=late, last_on=late)
    PlanTaskFactory(plan=plan, number="II.2", content="Việc đã xong", done_on=late, result="Đã gửi báo cáo.")
    LegalDocumentFactory(title="Thông báo thủ tục mới ban hành", issued_on=late)
    return plan


@pytest.mark.parametrize("width", [1280])
def test_office_notes_what_was_done_and_the_public_reads_it(page: Page, plan, sign_in, holds_in_every_window) -> None:
    sign_in(UserFactory(role=roles.OFFICE))
    page.goto(f"/quan-tri/news/communicationplan/{plan.pk}/tien-do/")
    expect(page.locator("tbody tr").first).to_contain_text("Chậm")
    holds_in_every_window(page, sizes=[])

    page.get_by_role("link", name="Chưa ghi nhận ở mục II.1").click()
    page.get_by_label("Loại").select_option(label="văn bản")
    page.get_by_label("Tên, số hoặc vài chữ").fill("thong bao thu tuc")
    page.get_by_role("button", name="Tìm", exact=True).click()
    with page.expect_navigation():
        page.get_by_role("button", name="Gắn").click()
    expect(page.get_by_role("table")).to_contain_text("văn bản")
    holds_in_every_window(page, sizes=[])

    page.goto(plan.get_absolute_url())
    expect(page.get_by_text("2 nhiệm vụ: 1 đã xong, 1 chậm.")).to_be_visible()
    page.get_by_text("Xem việc đã làm của mục II.1").click()
    expect(page.get_by_role("link", name="/1999/NĐ-CP")).to_be_visible()
    holds_in_every_window(page, sizes=[16])
