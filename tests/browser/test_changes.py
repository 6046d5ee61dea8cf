"""Reading of changes and signing up for them, as a browser shows it."""

import re
import subprocess
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect
from post_office.models import Email

from procedures.models import Subscription
from procedures.signals import change_published
from tests.factories import (
    DecisionFactory,
    FieldFactory,
    OrganisationFactory,
    ProcedureChangeFactory,
    ProcedureFactory,
    SubscriptionFactory,
)

PAGES = ["/thay-doi/", "/thay-doi/?loai=moi,phi", "/thay-doi/niem-yet/3565-qd-ubnd/", "/nhan-tin/", "/nhan-tin/da-gui/"]
KINDS = ["new", "amended", "replaced", "repealed", "process", "fee", "price"]


def load():
    OrganisationFactory(working_hours="Thứ Hai đến thứ Sáu: 7:30–11:30", email="vanphong@example.org")
    field = FieldFactory(name="An toàn bức xạ và hạt nhân", slug="an-toan")
    successor = ProcedureFactory(published=True, name="Tên rất dài " * 40, field=field)
    decision = DecisionFactory(published=True, document__number="3565/QĐ-UBND")
    for number in range(25):
        kind = KINDS[number % len(KINDS)]
        ProcedureChangeFactory(
            decision=decision,
            kind=kind,
            procedure__short_name=f"Cấp giấy phép sử dụng thiết bị số {number}",
            procedure__field=field,
            successor=successor if kind == "replaced" else None,
            effective_on=timezone.localdate() + timedelta(days=5 - number * 10),
        )


@pytest.fixture(autouse=True)
def _content(filled):
    filled(load)


@pytest.fixture
def secret_pages():
    """The pages that only a mail leads to."""
    subscription = SubscriptionFactory()
    return [f"/nhan-tin/thoi/{subscription.token}/", "/nhan-tin/thoi/khong-con/", "/nhan-tin/xac-nhan/sai/"]


@pytest.mark.parametrize("width", [1280])
def test_its_pages_are_accessible_and_fit(page: Page, holds_in_every_window, secret_pages) -> None:
    for address in [*PAGES, *secret_pages, "/"]:
        page.goto(address)

        holds_in_every_window(page)


def test_axe_finds_nothing_where_something_must_be_mended(page: Page, axe) -> None:
    page.goto("/nhan-tin/")
    page.get_by_label("Thư điện tử").fill("sai")
    page.get_by_role("button", name="Gửi thư xác nhận").click()

    expect(page.get_by_role("alert")).to_be_focused()
    expect(page).to_have_title(re.compile("^Lỗi: "))
    axe(page)


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_kinds_are_chosen_without_script(page: Page) -> None:
    page.goto("/thay-doi/")
    page.get_by_text("Lọc theo loại thay đổi").click()
    page.get_by_label("Mới ban hành").check()
    page.get_by_label("Phí, lệ phí").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Lọc thay đổi").click()

    expect(page).to_have_url(re.compile(r"/thay-doi/\?loai=moi,phi$"))
    tags = set(page.locator(".result-list .tag").all_inner_texts())
    assert tags == {"Mới", "Phí, lệ phí"}

    with page.expect_navigation():
        page.get_by_role("link", name="Bỏ lọc Loại: Mới").click()

    assert set(page.locator(".result-list .tag").all_inner_texts()) == {"Phí, lệ phí"}


@pytest.mark.parametrize("width", [390])
@pytest.mark.browser_context_args(java_script_enabled=False)
def test_a_reader_signs_up_hears_of_a_change_and_ends_it(page: Page) -> None:
    procedure = ProcedureFactory(published=True, code="2.002380", short_name="Cấp giấy phép X-quang")
    page.goto(procedure.get_absolute_url())
    page.get_by_role("link", name="Nhận tin khi thủ tục này thay đổi").click()
    expect(page.get_by_label("Nhận tin về")).to_have_value("thu-tuc")
    page.get_by_label("Thư điện tử").fill("nguoi.dan@example.org")
    page.get_by_role("button", name="Gửi thư xác nhận").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mở thư để xác nhận")

    page.goto(re.search(r"http://testserver(/nhan-tin/xac-nhan/\S+)", Email.objects.get().message)[1])
    page.get_by_role("button", name="Xác nhận").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã đăng ký nhận tin")

    change = ProcedureChangeFactory(procedure=procedure, decision=DecisionFactory(published=True))
    change_published.send(sender=None, change=change)
    subscription = Subscription.objects.get()
    subscription.deliveries.update(due_at=timezone.now())
    call_command("work", once=True)
    told = Email.objects.latest("pk")
    assert told.subject == "Sửa đổi, bổ sung: Cấp giấy phép X-quang"

    page.goto(re.search(r"http://testserver(/nhan-tin/thoi/\S+)", told.message)[1])
    page.get_by_role("button", name="Thôi nhận tin").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã thôi nhận tin")
    assert not Subscription.objects.exists()
    assert page.context.cookies() == []


@pytest.mark.parametrize("width", [1280])
def test_the_notice_prints_across_the_sheet_with_all_its_columns(page: Page, tmp_path) -> None:
    page.goto("/thay-doi/niem-yet/3565-qd-ubnd/")
    printed = tmp_path / "niem-yet.pdf"

    page.pdf(path=printed, prefer_css_page_size=True, print_background=False)

    facts = subprocess.run(["pdfinfo", printed], capture_output=True, text=True, check=True).stdout
    text = subprocess.run(["pdftotext", "-layout", printed, "-"], capture_output=True, text=True, check=True).stdout
    wide, high = map(float, re.search(r"Page size:\s+([\d.]+) x ([\d.]+)", facts).groups())
    assert (round(wide), round(high)) == (842, 595)
    assert "Ghi chú" in text
    assert "In bản niêm yết" not in text
    assert "Áp dụng từ" in text
