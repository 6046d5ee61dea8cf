"""A procedure as of a day, before and after a change, and a decision entered by staff, as a browser shows them."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from procedures import deciding, publishing
from procedures.models import Decision, Procedure, ProcedureChange
from tests.factories import (
    PUBLISHED_AT,
    AdministratorFactory,
    OrganisationFactory,
    ProcedureChangeFactory,
    ProcedureFactory,
)

CODE = "2.002380"


def load():
    """The fee and the steps of a procedure change tomorrow."""
    OrganisationFactory()
    today = timezone.localdate()
    procedure = ProcedureFactory(code=CODE, in_force_from=today - timedelta(days=900), steps="Bước 1: Nộp đơn.\n" * 9)
    publishing.publish(procedure, by=None, at=PUBLISHED_AT)
    change = ProcedureChangeFactory(
        procedure=procedure, effective_on=today + timedelta(days=1), sentence="Phí giảm còn 1.500.000 đồng."
    )
    draft = deciding.prepare_draft(change, by=None, at=PUBLISHED_AT)
    draft.fees.update(amount=1_500_000, note="Phí thẩm định có tên rất dài " * 12)
    Procedure.objects.filter(pk=draft.pk).update(steps="Bước 1: Nộp tờ khai.\n" * 9)
    deciding.publish(change.decision, by=None, at=timezone.now())


@pytest.fixture(autouse=True)
def change(filled) -> ProcedureChange:
    filled(load)
    return ProcedureChange.objects.get()


def pages(change: ProcedureChange) -> list[str]:
    tomorrow = f"/thu-tuc/{CODE}/ngay/{change.effective_on:%Y-%m-%d}/"
    own = f"/thu-tuc/{CODE}/"
    return [own, tomorrow, f"{own}ngay/?ngay=x", f"{own}ngay/2001-01-01/", change.get_absolute_url()]


@pytest.mark.parametrize("width", [1280])
def test_its_pages_are_accessible_and_fit(page: Page, holds_in_every_window, change) -> None:
    for address in pages(change):
        page.goto(address)

        holds_in_every_window(page)


@pytest.mark.parametrize("width", [390])
@pytest.mark.browser_context_args(java_script_enabled=False)
def test_the_history_leads_to_another_day_without_script(page: Page, change) -> None:
    page.goto(f"/thu-tuc/{CODE}/")
    page.get_by_label("Xem theo ngày").fill(f"{change.effective_on:%d/%m/%Y}")
    page.get_by_role("button", name="Xem nội dung ngày này").click()

    expect(page.get_by_text("sẽ áp dụng ngày")).to_be_visible()
    expect(page.locator("#noi-nop")).to_contain_text("1.500.000")


@pytest.mark.parametrize("width", [390])
def test_the_notice_leads_to_the_comparison(page: Page, change) -> None:
    page.goto(f"/thu-tuc/{CODE}/")
    page.get_by_role("link", name="So với bản trước").first.click()

    expect(page.locator("del").first).to_contain_text("đơn")
    expect(page.locator("ins").first).to_contain_text("tờ khai")


@pytest.mark.parametrize("width", [1280])
def test_staff_draft_and_publish_a_change(page: Page, sign_in, axe, change) -> None:
    procedure = ProcedureFactory(in_force_from=timezone.localdate() - timedelta(days=90), steps="Bước 1: Nộp đơn.")
    publishing.publish(procedure, by=None, at=PUBLISHED_AT)
    waiting = ProcedureChangeFactory(procedure=procedure, effective_on=timezone.localdate())
    sign_in(AdministratorFactory())
    decision = f"/quan-tri/procedures/decision/{waiting.decision_id}/change/"
    page.goto(decision)
    axe(page, enhanced_contrast=False)

    page.get_by_role("button", name="Soạn nội dung mới").click()
    page.get_by_label("Trình tự thực hiện").fill("Bước 1: Nộp tờ khai qua mạng.")
    with page.expect_navigation():
        page.get_by_role("button", name="Lưu lại", exact=True).or_(page.locator("input[name=_save]")).first.click()
    page.goto(decision)
    page.get_by_role("button", name="Lưu và công bố").click()

    expect(page.locator(".messagelist")).to_contain_text("Đã công bố.")
    assert Decision.objects.get(pk=waiting.decision_id).status == "published"
    page.goto(procedure.get_absolute_url())
    expect(page.locator("#cach-lam")).to_contain_text("Nộp tờ khai qua mạng")
