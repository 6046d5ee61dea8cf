"""Pages of a procedure as of a day, before and after a change, and its history."""

import re
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from procedures import deciding, publishing
from procedures.models import Procedure, ProcedureChange
from tests.factories import DecisionFactory, ProcedureChangeFactory, ProcedureFactory

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)
TODAY = date(2026, 11, 24)
Kind = ProcedureChange.Kind

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(move_clock):
    move_clock(NOON)


@pytest.fixture
def move_clock(monkeypatch):
    def move(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return move


@pytest.fixture
def procedure():
    found = ProcedureFactory(in_force_from=date(2024, 1, 1), steps="Bước 1: Nộp hồ sơ giấy.", code="2.002380")
    publishing.publish(found, by=None, at=NOON)
    return found


@pytest.fixture
def fee_change(procedure):
    """The fee falls tomorrow."""
    change = ProcedureChangeFactory(
        procedure=procedure, kind=Kind.FEE, effective_on=date(2026, 11, 25), sentence="Phí giảm còn 1.500.000 đồng."
    )
    deciding.prepare_draft(change, by=None, at=NOON).fees.update(amount=1_500_000)
    deciding.publish(change.decision, by=None, at=NOON)
    return change


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode().replace("\u00a0", " ")))


def test_the_page_of_a_day_shows_the_fee_of_that_day(client, procedure, fee_change):
    before = client.get("/thu-tuc/2.002380/ngay/2026-11-24/")
    after = client.get("/thu-tuc/2.002380/ngay/2026-11-25/")

    assert "2.000.000 ₫" in text(before)
    assert "1.500.000 ₫" not in text(before)
    assert "1.500.000 ₫" in text(after)
    assert "sẽ áp dụng ngày 25/11/2026" in text(after)
    assert 'content="noindex"' in before.content.decode()


@pytest.mark.parametrize("day", ["2026-02-30", "20260101", "01-01-2026", "x", "2026-1-1", "٢٠٢٦-٠١-٠١"])
def test_a_day_that_no_calendar_has_is_no_page(client, procedure, day):
    assert client.get(f"/thu-tuc/2.002380/ngay/{day}/").status_code == 404


def test_a_day_before_anything_was_kept_says_so(client, procedure):
    response = client.get("/thu-tuc/2.002380/ngay/2023-12-31/")

    assert response.status_code == 404
    assert "Nội dung được lưu từ ngày 01/01/2024" in text(response)


@pytest.mark.parametrize(
    ("typed", "address"),
    [("01/7/2024", "/thu-tuc/2.002380/ngay/2024-07-01/"), ("", "/thu-tuc/2.002380/")],
)
def test_the_form_leads_to_the_page_of_the_day(client, procedure, typed, address):
    response = client.get(reverse("procedures:procedure-day", args=["2.002380"]), {"ngay": typed})

    assert response.status_code == 302
    assert response.url == address


def test_a_day_that_cannot_be_read_is_asked_for_again(client, procedure):
    response = client.get("/thu-tuc/2.002380/ngay/", {"ngay": "hôm qua"})

    assert response.status_code == 200
    assert "Ngày không đúng." in text(response)
    assert 'value="hôm qua"' in response.content.decode()


def test_drafts_and_unknown_codes_have_no_days(client):
    draft = ProcedureFactory()
    for code in (draft.code, "9.999999"):
        assert client.get(f"/thu-tuc/{code}/ngay/").status_code == 404
        assert client.get(f"/thu-tuc/{code}/ngay/2026-11-24/").status_code == 404
        assert client.get(f"/thu-tuc/{code}/thay-doi/1/").status_code == 404


def test_two_versions_are_compared_in_words_that_can_be_heard(client, procedure, fee_change):
    response = client.get(fee_change.get_absolute_url())

    page = response.content.decode()
    assert '<del><span class="visually-hidden">Bỏ: </span>2.000.000' in page
    assert '<ins><span class="visually-hidden">Thêm: </span>1.500.000' in page
    assert "Trình tự thực hiện" not in page
    assert "Phí giảm còn 1.500.000 đồng." in text(response)


def test_a_change_is_compared_under_its_own_procedure_only(client, procedure, fee_change):
    other = ProcedureFactory(published=True)

    assert client.get(f"/thu-tuc/{other.code}/thay-doi/{fee_change.pk}/").status_code == 404


def test_an_unpublished_change_is_nowhere_to_be_seen(client, procedure):
    change = ProcedureChangeFactory(procedure=procedure, sentence="Chưa ai biết.")

    assert client.get(change.get_absolute_url()).status_code == 404
    assert "Chưa ai biết." not in text(client.get(procedure.get_absolute_url()))


def test_the_page_tells_what_is_coming_and_then_what_came(client, procedure, fee_change, move_clock):
    page = client.get(procedure.get_absolute_url())
    assert "Sẽ thay đổi từ 25/11/2026" in text(page)
    assert "2.000.000 ₫" in text(page)

    move_clock(datetime(2026, 11, 25, 1, tzinfo=UTC))
    page = client.get(procedure.get_absolute_url())

    # Without a worker: the first request of the day applied it.
    assert "Có thay đổi từ 25/11/2026" in text(page)
    assert "1.500.000 ₫" in text(page)
    assert "Lịch sử thay đổi" in text(page)

    move_clock(datetime(2027, 3, 1, 1, tzinfo=UTC))
    page = client.get(procedure.get_absolute_url())
    assert "Có thay đổi từ" not in text(page)
    assert "Phí giảm còn 1.500.000 đồng." in text(page)


def test_a_replaced_procedure_names_its_successor_and_the_successor_what_it_replaced(client, procedure):
    successor, decision = ProcedureFactory(), DecisionFactory(document__number="99/QĐ-UBND")
    for values in ({"procedure": successor, "kind": Kind.NEW}, {"kind": Kind.REPLACED, "successor": successor}):
        ProcedureChangeFactory(
            **{"decision": decision, "procedure": procedure, "effective_on": TODAY, "sentence": "", **values}
        )
    deciding.publish(decision, by=None, at=NOON)

    old, new = client.get(procedure.get_absolute_url()), client.get(successor.get_absolute_url())

    assert "Thủ tục này đã hết hiệu lực." in text(old)
    assert "Thay thế từ 24/11/2026 theo quyết định công bố số 99/QĐ-UBND" in text(old)
    assert f'href="{successor.get_absolute_url()}"' in old.content.decode()
    assert f"Thay thế thủ tục “{procedure.title}”." in text(new)


def test_the_number_of_queries_does_not_grow_with_the_history(client, procedure):
    def counted(address):
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    addresses = [procedure.get_absolute_url(), "/thu-tuc/2.002380/ngay/2026-11-24/"]
    before = [counted(address) for address in addresses]
    for number in range(3):
        change = ProcedureChangeFactory(procedure=procedure, effective_on=TODAY)
        draft = deciding.prepare_draft(change, by=None, at=NOON)
        Procedure.objects.filter(pk=draft.pk).update(steps=f"Bước 1: Lần {number}.")
        deciding.publish(change.decision, by=None, at=NOON)

    assert [counted(address) for address in addresses] == before
    assert all("Set-Cookie" not in client.get(address).headers for address in addresses)
