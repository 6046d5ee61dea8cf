"""Figures and reports: a unit types its numbers, the office compiles and writes, the public reads."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from portal import roles
from portal.models import User
from reports import compiling, narrating, opening, periods, return_grid, returns
from reports.models import Report, ReportForm, ReportingPeriod, UnitReturn
from reports.return_grid import Box
from tests.factories import FieldFactory, OrganisationFactory, UnitFactory, UserFactory

AT = datetime(2024, 9, 10, 2, tzinfo=UTC)
DOSSIERS = {"4": 30, "5": 10, "6": 2, "8": 25, "9": 12, "10": 1, "12": 4, "13": 0}


def load():
    OrganisationFactory()
    office = UserFactory(username="vanphong", role=roles.OFFICE, unit=UnitFactory(name="Văn phòng Sở"))
    unit = UnitFactory(name="Chi cục Tiêu chuẩn Đo lường Chất lượng")
    person = UserFactory(username="donvi", role=roles.UNIT, unit=unit)
    FieldFactory(name="Tiêu chuẩn đo lường chất lượng", unit=unit)
    for form in ReportForm.objects.filter(key__in=["06a", "truyen-thong"]):
        form.units.set([unit])
    period = opening.open_period(periods.parse("2024-Q3"), by=office, at=AT)
    found = period.returns.get()
    boxes = {
        (one.indicator.pk, row.field and row.field.pk): Box(DOSSIERS.get(code, 3))
        for form in return_grid.grid(found)
        for row in form.rows
        for code, one in row.boxes.items()
        if not one.is_total
    }
    returns.save(found, boxes, by=person, at=AT)
    returns.submit(found, by=person, at=AT)
    returns.approve(found, by=office, at=AT)
    compilation = compiling.compile_period(period, by=office, at=AT)
    report = period.reports.get()
    narrating.take_compilation(report, compilation, by=office, at=AT)
    Report.objects.filter(pk=report.pk).update(
        status="sent", document_number="05/BC-SKHCN", document_on=AT.date(), sent_at=AT, sent_by=office
    )
    now = timezone.now()
    name = periods.Name("quarter", now.year + 1, 1)
    late = opening.open_period(name, by=office, at=now)
    compiled = compiling.compile_period(late, by=office, at=now)
    narrating.take_compilation(late.reports.get(), compiled, by=office, at=now)


@pytest.fixture(autouse=True)
def _content(filled):
    filled(load)


@pytest.mark.parametrize("width", [1280])
def test_the_offices_pages_are_accessible_and_fit(page, sign_in, holds_in_every_window):
    sign_in(User.objects.get(username="vanphong"))
    sent, draft = ReportingPeriod.objects.order_by("last_on")
    figure = sent.compilations.get().figures.get(indicator__form__key="06a", indicator__code="3", row="")
    key = "cchc-quy"
    for address in (
        "/quan-tri/bao-cao/",
        f"/quan-tri/bao-cao/{sent.code}/",
        f"/quan-tri/bao-cao/{sent.code}/so-lieu/{figure.pk}/",
        f"/quan-tri/bao-cao/{sent.code}/{key}/",
        f"/quan-tri/bao-cao/{draft.code}/{key}/",
        UnitReturn.objects.get(period=draft).get_absolute_url(),
    ):
        page.goto(address)
        holds_in_every_window(page, enhanced_contrast=False, sizes=[16])


@pytest.mark.parametrize("width", [1280])
def test_the_public_pages_are_accessible_and_fit(page, holds_in_every_window):
    for address in ("/so-lieu/", "/so-lieu/2024/quy-3/"):
        page.goto(address)
        holds_in_every_window(page)


@pytest.mark.parametrize("width", [390])
def test_a_unit_sees_totals_checks_and_large_changes_as_it_types(page, sign_in):
    sign_in(User.objects.get(username="donvi"))
    page.goto(UnitReturn.objects.order_by("-period__last_on").first().get_absolute_url())
    row = page.get_by_role("group", name="Tiêu chuẩn đo lường chất lượng")

    row.get_by_label("(4) Trực tuyến").fill("1.200")
    row.get_by_label("(5) Trực tiếp, dịch vụ bưu chính").fill("34")
    expect(row.locator('output[data-code="3"]')).to_have_text("1.234")
    row.get_by_label("(8) Trước hạn").fill("1000")
    expect(row.locator("[data-checks]")).to_contain_text("phải bằng đã giải quyết (7) cộng đang giải quyết (11)")
    row.get_by_label("(12) Trong hạn").fill("234")
    expect(row.locator("[data-checks]")).to_have_text("")

    page.get_by_role("button", name="Lưu, chưa nộp").click()
    expect(page.get_by_text("Đã lưu, chưa nộp.")).to_be_visible()
    expect(row.get_by_label("(4) Trực tuyến")).to_have_value("1200")
    page.get_by_role("button", name="Nộp số liệu").click()
    expect(page.get_by_role("alert")).to_contain_text("nhập số hoặc ghi lý do để trống")
