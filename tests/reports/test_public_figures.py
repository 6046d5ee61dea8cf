from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from reports.compiling import compile_period
from reports.models import Report, ReportForm, ReportType
from tests.factories import FieldFactory, OrganisationFactory, ReportingPeriodFactory, UnitReturnFactory, UserFactory
from tests.html import Page

AT = datetime(2024, 9, 15, 2, tzinfo=UTC)
ADDRESS = "/so-lieu/2024/quy-3/"


def hand_in(period, **given):
    """Hand in one line of form II.06a by the codes of its columns ("c4"), approved."""
    unit_return = UnitReturnFactory(period=period, status="approved")
    field = FieldFactory(name="An toàn bức xạ")
    for column in ReportForm.objects.get(key="06a").indicators.filter(supplier="units"):
        unit_return.values.create(indicator=column, field=field, value=given.get(f"c{column.code}", 0))


def send(period):
    compilation = compile_period(period, by=None, at=AT)
    return Report.objects.create(
        period=period,
        report_type=ReportType.objects.get(rhythm=period.rhythm),
        due_on=period.last_on,
        compilation=compilation,
        status="sent",
        sent_at=AT,
        document_number="12/BC-SKHCN",
        document_on=date(2024, 9, 15),
    )


@pytest.fixture
def quarter(db):
    OrganisationFactory()
    return ReportingPeriodFactory()


def test_a_period_is_public_once_a_report_of_it_was_sent(quarter, client):
    compile_period(quarter, by=None, at=AT)
    assert client.get(ADDRESS).status_code == 404
    assert ADDRESS not in client.get(reverse("reports:index")).content.decode()

    send(quarter)

    assert "12/BC-SKHCN" in Page(client.get(ADDRESS)).text
    assert ADDRESS in client.get(reverse("reports:index")).content.decode()


def test_a_table_says_its_sentence_its_numbers_and_where_nothing_is_known(quarter, client):
    hand_in(quarter, c4=7, c5=3, c8=9, c10=1)
    send(quarter)

    text = Page(client.get(ADDRESS)).text.replace("\u00a0", " ")

    assert "Các đơn vị tiếp nhận 10 hồ sơ, đã giải quyết 10 hồ sơ, trong đó 1 hồ sơ quá hạn." in text
    assert "chưa có số liệu" in text
    assert "14/9/2024" in text


def test_what_is_not_public_is_neither_on_the_page_nor_in_a_file(quarter, client):
    ReportForm.objects.get(key="06a").indicators.filter(code="13").update(public=False, name="Giấu cột này")
    hand_in(quarter, c4=7)
    send(quarter)

    assert "Tin, bài theo đơn vị viết" not in Page(client.get(ADDRESS)).text
    assert "Giấu cột này" not in Page(client.get(ADDRESS)).text
    assert client.get(f"{ADDRESS}tin-bai-don-vi.csv").status_code == 404
    assert "Giấu cột này" not in b"".join(client.get(f"{ADDRESS}06a.csv").streaming_content).decode()


def test_a_value_replaced_after_sending_does_not_show(quarter, client):
    hand_in(quarter, c4=7)
    send(quarter)
    quarter.overrides.create(key="06a.4", value=999, reason="Sai", by=UserFactory(), at=AT.replace(day=20))
    assert "999" not in Page(client.get(ADDRESS)).text


def test_all_tables_come_as_one_workbook(quarter, client):
    send(quarter)
    assert b"".join(client.get(f"{ADDRESS}so-lieu.xlsx").streaming_content).startswith(b"PK")


@pytest.mark.parametrize("address", ["/so-lieu/2024/quy-5/", "/so-lieu/99999/", "/so-lieu/2024/"])
def test_a_period_without_a_page_is_not_found(address, quarter, client):
    assert client.get(address).status_code == 404
