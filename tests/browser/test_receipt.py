"""The receipt on every screen, and printed from the page."""

import re
import subprocess
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from feedback import drafting, workflow
from feedback.models import Submission
from tests.factories import FieldFactory, FocalPersonFactory, OrganisationFactory, ProcedureFactory
from tests.feedback.cast import sent


def load():
    OrganisationFactory(help_phone="0254 000 001", working_hours="7:30–17:00")
    field = FieldFactory(name="An toàn bức xạ")
    FocalPersonFactory(receives_rest=True, unit__name="Phòng Quản lý chuyên ngành").fields.add(field)
    title = "Cấp giấy phép tiến hành công việc bức xạ, sử dụng thiết bị X-quang y tế"
    procedure = ProcedureFactory(published=True, field=field, short_name=title)
    submission = workflow.receive(sent(field=field, procedure=procedure), at=timezone.now() - timedelta(minutes=1))
    # The widest letters that a code may have.
    Submission.objects.filter(pk=submission.pk).update(code="WMWMWMWM")


@pytest.fixture(autouse=True)
def _content(filled):
    filled(load)


def hold(page, submission):
    """Let the browser hold what became the submission."""
    draft = drafting.begin(at=timezone.now())
    draft.submission = submission
    draft.save()
    response = HttpResponse()
    drafting.hold(response, draft)
    cookie = response.cookies[drafting.COOKIE]
    address = page.url.partition("/phan-anh/")[0] + "/phan-anh/"
    page.context.add_cookies([{"name": drafting.COOKIE, "value": cookie.value, "url": address}])


@pytest.mark.parametrize("width", [390])
def test_a_receipt_is_read_on_every_screen_and_printed_on_one_sheet(page, holds_in_every_window):
    submission = Submission.objects.get()
    page.goto(reverse("feedback:receipt"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Không còn biên nhận trên máy này")

    hold(page, submission)
    page.reload()
    expect(page.locator(".receipt-code")).to_have_text(submission.shown_code)
    page.get_by_text("Vì sao là ngày").first.click()
    expect(page.get_by_text("ngày làm việc thứ 10").first).to_be_visible()
    printed = page.pdf(prefer_css_page_size=True)
    told = subprocess.run(["pdfinfo", "-"], input=printed, capture_output=True, check=True).stdout.decode()
    assert re.search(r"^Pages: +1$", told, re.MULTILINE)
    words = subprocess.run(["pdftotext", "-", "-"], input=printed, capture_output=True, check=True).stdout.decode()
    assert submission.get_absolute_url() in words
    assert "Tải biên nhận" not in words
    assert reverse("feedback:receipt") not in words
    holds_in_every_window(page)
    page.context.clear_cookies()
    page.reload()
    holds_in_every_window(page)
