"""The office's comparison with the national database, as a browser shows it."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from portal import roles
from procedures import importing
from procedures.importing.records import FeeRecord, Record
from procedures.models import Procedure
from tests.factories import OrganisationFactory, ProcedureFactory, UserFactory

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)
LIST = "/quan-tri/procedures/sourcerecord/?state__exact=differs"


def load():
    OrganisationFactory()
    ProcedureFactory(code="1.900001", published=True, short_name="Cấp giấy phép bức xạ")
    parts = {"steps": "Bước 1: Gửi hồ sơ.", "fees": [FeeRecord("fee", "free")]}
    importing.apply(Record("1.900001", None, "txt-2026", "1.900001.txt", **parts), at=NOON)


@pytest.fixture(autouse=True)
def _content(filled):
    filled(load)


@pytest.mark.parametrize("width", [1280])
def test_list_and_comparison_are_accessible_and_fit(page, sign_in, holds_in_every_window):
    sign_in(UserFactory(role=roles.OFFICE))

    page.goto(LIST)
    holds_in_every_window(page, enhanced_contrast=False, sizes=[16])
    with page.expect_navigation():
        page.get_by_role("link", name="Cấp giấy phép bức xạ").click()
    expect(page.get_by_role("heading", name="Đối chiếu với CSDL quốc gia")).to_be_visible()
    holds_in_every_window(page, enhanced_contrast=False, sizes=[16])


@pytest.mark.parametrize("width", [1280])
@pytest.mark.browser_context_args(java_script_enabled=False)
def test_one_part_is_taken_and_the_other_kept_without_scripts(page, sign_in):
    sign_in(UserFactory(role=roles.OFFICE))
    page.goto(LIST)
    page.get_by_role("link", name="Cấp giấy phép bức xạ").click()

    page.get_by_label("Lấy phần “Phí, lệ phí” của CSDL quốc gia").check()
    page.get_by_role("button", name="Lấy các phần đã chọn").click()
    expect(page.get_by_text("Đã lấy: Phí, lệ phí.")).to_be_visible()
    page.get_by_label("Lý do giữ bản của Sở").fill("CSDL quốc gia chưa cập nhật.")
    page.get_by_role("button", name="Giữ bản của Sở ở mọi phần khác nhau").click()

    expect(page.get_by_role("heading", name="Đã giữ bản của Sở")).to_be_visible()
    assert Procedure.objects.get().fees.get().state == "free"
