import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from openpyxl import load_workbook

from portal.text import nfc
from procedures import versions
from procedures.models import Fee
from tests.factories import (
    FeeFactory,
    LegalDocumentFactory,
    OrganisationFactory,
    ProcedureFactory,
    ServicePriceFactory,
    SubmissionMethodFactory,
    UnitFactory,
)
from tests.html import Page

pytestmark = pytest.mark.django_db

PRICES, FEES = "/gia-dich-vu/", "/phi-le-phi/"
NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _department():
    OrganisationFactory()


def get(client, address, **parameters) -> str:
    response = client.get(address, parameters)
    assert response.status_code == 200
    return response.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def order(html, *words) -> list[str]:
    return sorted(words, key=html.index)


def csv_rows(client, address, **parameters) -> list[dict[str, str]]:
    response = client.get(address, parameters)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(response.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


# Prices.


def test_a_price_is_told_with_unit_measure_tax_document_and_days(client):
    ServicePriceFactory(
        unit__name="Trung tâm Kỹ thuật",
        name="Kiểm định cột đo xăng dầu",
        measure="vòi",
        amount=450_000,
        note="Giá minh họa.",
        document=LegalDocumentFactory(number="15/QĐ-UBND"),
        valid_to=date(2030, 12, 31),
    )

    html = get(client, PRICES)

    assert "1 mức giá áp dụng ngày" in html
    for told in ("Trung tâm Kỹ thuật", "vòi", "450.000 ₫", "Đã gồm thuế GTGT", "Giá minh họa.", "15/QĐ-UBND"):
        assert told in html
    assert "đến hết" in html


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", ["An toàn", "Bảo dưỡng", "Đo kiểm"]),
        ("ten", ["An toàn", "Bảo dưỡng", "Đo kiểm"]),
        ("-ten", ["Đo kiểm", "Bảo dưỡng", "An toàn"]),
        ("gia", ["Bảo dưỡng", "Đo kiểm", "An toàn"]),
        ("-gia", ["An toàn", "Đo kiểm", "Bảo dưỡng"]),
        ("ngay", ["Đo kiểm", "An toàn", "Bảo dưỡng"]),
        ("don-vi", ["Bảo dưỡng", "Đo kiểm", "An toàn"]),
    ],
)
def test_prices_are_ordered_by_what_the_address_says(client, value, expected):
    first, second = UnitFactory(name="Chi cục", order=1), UnitFactory(name="Trung tâm", order=2)
    ServicePriceFactory(name="Đo kiểm", amount=200, valid_from=date(2024, 1, 1), unit=first)
    ServicePriceFactory(name="An toàn", amount=900, valid_from=date(2025, 1, 1), unit=second)
    ServicePriceFactory(name="Bảo dưỡng", amount=100, valid_from=date(2026, 1, 1), unit=first)

    html = get(client, PRICES, **({"sap-xep": value} if value else {}))

    assert order(html, "An toàn", "Bảo dưỡng", "Đo kiểm") == expected


def test_the_column_in_use_says_its_direction_and_its_link_turns_it(client):
    ServicePriceFactory()

    response = client.get(PRICES, {"sap-xep": "gia"})

    assert [head["aria-sort"] for head in Page(response).all("th") if "aria-sort" in head] == ["ascending"]
    assert [link["href"] for link in Page(response).all("a", **{"aria-current": "true"})][
        -1
    ] == "/gia-dich-vu/?sap-xep=-gia"


def test_prices_are_those_of_the_day_asked_for(client):
    ServicePriceFactory(name="Hiệu chuẩn", amount=40_000, valid_from=date(2025, 1, 1), valid_to=date(2025, 12, 31))
    ServicePriceFactory(name="Hiệu chuẩn", amount=45_000, valid_from=date(2026, 1, 1))

    assert "45.000 ₫" in get(client, PRICES)
    for day in ("31/12/2025", "2025-12-31"):
        html = get(client, PRICES, ngay=day)
        assert "40.000 ₫" in html
        assert "45.000 ₫" not in html
        assert '1 mức giá áp dụng ngày <span class="nowrap">31/12/2025' in html
    assert "45.000 ₫" in get(client, PRICES, ngay="01/01/2026")


def test_a_bad_day_is_told_beside_the_box_and_today_is_shown(client):
    ServicePriceFactory()

    response = client.get(PRICES, {"ngay": "32/13/2026"})

    assert "Ngày không đúng. Ghi theo dạng 01/7/2026." in response.content.decode()
    assert Page(response).all("input", id="ngay")[0]["value"] == "32/13/2026"
    assert "100.000" in response.content.decode()


def test_one_unit_may_be_chosen(client):
    ServicePriceFactory(name="Kiểm định", unit__name="Trung tâm Kỹ thuật")
    ServicePriceFactory(name="Đào tạo", unit__name="Trung tâm Thông tin")
    UnitFactory(name="Đơn vị không có giá")

    html = get(client, PRICES, **{"don-vi": "trung-tam-ky-thuat"})

    assert "Kiểm định" in html
    assert "Đào tạo" not in html
    assert "Đơn vị không có giá" not in html
    assert "2 mức giá" in get(client, PRICES, **{"don-vi": "khong-co"})


def test_empty_boxes_do_not_stay_in_the_address(client):
    ServicePriceFactory(unit__name="Trung tâm Kỹ thuật")

    response = client.get(PRICES, {"ngay": "", "don-vi": "trung-tam-ky-thuat"})

    assert response.url == "/gia-dich-vu/?don-vi=trung-tam-ky-thuat"


def test_without_prices_it_says_so(client):
    assert "Sở chưa công bố giá dịch vụ nào." in get(client, PRICES)
    assert "xem giá đang áp dụng hôm nay" in get(client, PRICES, ngay="01/01/2001")


def test_prices_are_downloaded_as_they_are_shown(client):
    ServicePriceFactory(name="Đo kiểm", amount=200)
    ServicePriceFactory(name="An toàn", amount=900)
    ServicePriceFactory(name="Giá cũ", valid_to=date(2026, 2, 1))

    rows = csv_rows(client, f"{PRICES}gia-dich-vu.csv", **{"sap-xep": "gia"})
    response = client.get(f"{PRICES}gia-dich-vu.xlsx", {"ngay": "2026-02-01", "sap-xep": "-gia"})
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active

    assert [(row["Dịch vụ"], row["Giá (đồng)"], row["Áp dụng từ"]) for row in rows] == [
        ("Đo kiểm", "200", "2026-01-01"),
        ("An toàn", "900", "2026-01-01"),
    ]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["Giá cũ", "An toàn", "Đo kiểm"]
    assert 'filename="gia-dich-vu-2026-02-01.xlsx"' in response["Content-Disposition"]


@pytest.mark.parametrize("address", [f"{PRICES}gia-dich-vu.pdf", f"{FEES}phi-le-phi.exe"])
def test_other_kinds_of_files_are_not_found(client, address):
    assert client.get(address).status_code == 404


def test_a_sum_of_nothing_is_no_price():
    with pytest.raises(IntegrityError, match="price_above_nought"), transaction.atomic():
        ServicePriceFactory(amount=0)


# Fees.


def test_a_fee_leads_to_its_procedure_and_says_kind_level_and_days(client):
    FeeFactory(
        procedure=ProcedureFactory(published=True, code="2.002381", short_name="Gia hạn giấy phép", fees=None),
        kind=Fee.Kind.CHARGE,
        amount=250_000,
        note="Mỗi chứng chỉ",
        valid_to=date(2030, 12, 31),
    )

    html = get(client, FEES)

    assert "1 khoản áp dụng ngày" in html
    assert 'href="/thu-tuc/2.002381/">Gia hạn' in html
    for told in ("Lệ phí", "Mỗi chứng chỉ", "250.000 ₫", 'Đến hết <span class="nowrap">31/12/2030'):
        assert told in html


def test_free_unknown_and_an_amount_are_three_things_and_unknown_is_last(client):
    ProcedureFactory(published=True, short_name="Một", fees__free=True)
    ProcedureFactory(published=True, short_name="Hai", fees__unknown=True)
    ProcedureFactory(published=True, short_name="Ba", fees__amount=500)

    up, down = get(client, FEES, **{"sap-xep": "so-tien"}), get(client, FEES, **{"sap-xep": "-so-tien"})

    words = "Không thu</div>", "500 ₫</div>", "Chưa có thông tin</div>"
    assert order(up, *words) == list(words)
    assert order(down, *words) == [words[1], words[0], words[2]]


def test_a_fee_that_is_the_same_for_every_way_to_file_stands_once(client):
    procedure = ProcedureFactory(published=True, fees=None)
    SubmissionMethodFactory(procedure=procedure, channel="online")
    for channel in ("online", "direct"):
        FeeFactory(procedure=procedure, channel=channel, amount=700)
    FeeFactory(procedure=procedure, channel="online", amount=300)

    html = get(client, FEES)

    assert "2 khoản áp dụng" in html
    assert html.count("700 ₫") == 1
    assert html.count("Khi nộp trực tuyến.") == 1


def test_only_fees_of_procedures_in_force_are_listed(client):
    ProcedureFactory(published=True, short_name="Đã hết", in_force_to=date(2026, 1, 1))
    ProcedureFactory(short_name="Bản nháp")
    ProcedureFactory(published=True, short_name="Đang áp dụng")

    html = get(client, FEES)

    assert "1 khoản" in html
    assert "Đang áp dụng" in html
    assert "Đã hết" in get(client, FEES, ngay="01/01/2026")


def test_fees_of_another_day_are_those_valid_then(client):
    procedure = ProcedureFactory(published=True, fees=None)
    FeeFactory(procedure=procedure, amount=100, valid_to=date(2026, 6, 30))
    FeeFactory(procedure=procedure, amount=200, valid_from=date(2026, 7, 1))

    assert "200 ₫" in get(client, FEES, ngay="01/7/2026")
    html = get(client, FEES, ngay="30/6/2026")
    assert "100 ₫" in html
    assert "200 ₫" not in html


def changed(on, **values):
    """Return a procedure whose fee of 2,000,000 became 1,500,000 on the day."""
    procedure = ProcedureFactory(published=True, in_force_from=date(2025, 1, 1), **values)
    versions.record(procedure, valid_from=date(2025, 1, 1), change=None, at=NOON)
    procedure.fees.update(amount=1_500_000)
    versions.record(procedure, valid_from=on, change=None, at=NOON)
    return procedure


@pytest.mark.parametrize("sorting", ["ten", "-ten", "so-tien", "-so-tien", "ngay", "-ngay"])
def test_fees_before_a_change_come_from_the_version_of_that_day(client, sorting):
    changed(date(2026, 7, 1), short_name="Đã đổi phí")
    ProcedureFactory(published=True, short_name="Không đổi", fees__amount=700)

    before = get(client, FEES, ngay="30/6/2026", **{"sap-xep": sorting})
    after = get(client, FEES, ngay="01/7/2026", **{"sap-xep": sorting})

    assert "2.000.000 ₫" in before
    assert "1.500.000 ₫" not in before
    assert "1.500.000 ₫" in after
    assert "2.000.000 ₫" not in after
    for html in (before, after):
        assert "2 khoản áp dụng" in html
        assert "700 ₫" in html


@pytest.mark.parametrize("sorting", ["ten", "-ten", "so-tien", "-so-tien", "ngay", "-ngay"])
def test_the_order_does_not_depend_on_where_fees_are_read_from(client, sorting):
    for number, amount in enumerate([700, 200, 900, 200]):
        ProcedureFactory(
            published=True,
            code=f"1.00000{number}",
            short_name=f"Thủ tục số {number % 3}",
            fees__amount=amount,
            fees__valid_from=date(2025, 1, 1 + number) if number else None,
        )
    ProcedureFactory(published=True, code="1.000008", fees__free=True)
    ProcedureFactory(published=True, code="1.000009", fees__unknown=True)
    day = {"ngay": "30/6/2026", "sap-xep": sorting}
    rows = csv_rows(client, f"{FEES}phi-le-phi.csv", **day)

    # From now on a procedure of that day has to be read from its version.
    changed(date(2026, 7, 1), code="9.000000")

    assert [row for row in csv_rows(client, f"{FEES}phi-le-phi.csv", **day) if row["Mã thủ tục"] != "9.000000"] == rows


def test_fees_to_come_are_those_of_the_version_to_come(client):
    procedure = ProcedureFactory(published=True, in_force_from=date(2025, 1, 1))
    first = versions.record(procedure, valid_from=date(2025, 1, 1), change=None, at=NOON)
    tomorrow = timezone.localdate() + timedelta(days=1)
    content = {**first.content, "fees": [{**first.content["fees"][0], "amount": 990_000}]}
    procedure.versions.create(valid_from=tomorrow, content=content, stored_at=NOON)

    assert "2.000.000 ₫" in get(client, FEES)
    html = get(client, FEES, ngay=tomorrow.isoformat())
    assert "990.000 ₫" in html
    assert "2.000.000 ₫" not in html


def test_fees_are_fifty_a_page(client):
    procedure = ProcedureFactory(published=True, fees=None)
    for number in range(51):
        FeeFactory(procedure=procedure, amount=1000 + number)

    assert get(client, FEES).count('<tr role="row">') == 1 + 50
    second = get(client, FEES, trang="2", **{"sap-xep": "-so-tien"})
    assert second.count('<tr role="row">') == 1 + 1
    assert "1.000 ₫" in second
    assert "?sap-xep=-so-tien&amp;trang=1" not in second
    assert 'href="/phi-le-phi/?sap-xep=-so-tien"' in second


def test_fees_are_downloaded_with_code_amount_and_ways_to_file(client):
    procedure = ProcedureFactory(published=True, code="1.001786", fees=None)
    SubmissionMethodFactory(procedure=procedure, channel="online")
    FeeFactory(procedure=procedure, channel="online", note="=1+1", amount=300)
    FeeFactory(procedure=procedure, free=True)

    rows = csv_rows(client, f"{FEES}phi-le-phi.csv", **{"sap-xep": "-so-tien"})
    response = client.get(f"{FEES}phi-le-phi.xlsx", {"sap-xep": "-so-tien"})
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active

    assert [
        (row["Mã thủ tục"], row["Khoản thu"], row["Mức thu"], row["Số tiền (đồng)"], row["Cách nộp"]) for row in rows
    ] == [
        ("1.001786", "'=1+1", "Có mức thu", "300", "trực tuyến"),
        ("1.001786", "", "Không thu", "", ""),
    ]
    assert [cell.value for cell in sheet[2]][:7] == [
        "1.001786",
        procedure.title,
        "Phí",
        "=1+1",
        "Có mức thu",
        300,
        "trực tuyến",
    ]


def test_without_fees_it_says_so(client):
    assert "Chưa có thủ tục nào ghi mức phí, lệ phí." in get(client, FEES)


@pytest.mark.parametrize("count", [1, 40])
def test_the_queries_do_not_grow_with_the_rows(client, count, django_assert_num_queries):
    for _ in range(count):
        ProcedureFactory(published=True)
        ServicePriceFactory(document=LegalDocumentFactory())

    client.get("/")  # the first request of a day looks for changes that take effect
    with django_assert_num_queries(4):  # department, units, count, prices
        client.get(PRICES)
    # Department, versions, latest change, order, fees, then procedures, fees and methods of the page.
    with django_assert_num_queries(8):
        client.get(FEES)
    with django_assert_num_queries(7):  # the order is kept
        client.get(FEES)


def test_a_changed_fee_is_shown_at_once(client):
    procedure = ProcedureFactory(published=True, fees__amount=700)
    get(client, FEES)
    with transaction.atomic():
        procedure.save()
        procedure.fees.all().delete()
        FeeFactory(procedure=procedure, amount=900)

    html = get(client, FEES)

    assert "1 khoản áp dụng" in html
    assert "900 ₫" in html


@pytest.mark.parametrize("count", [1, 20])
def test_the_queries_of_a_past_day_do_not_grow_with_what_changed(client, count, django_assert_num_queries):
    for _ in range(count):
        changed(date(2026, 7, 1))
    ProcedureFactory(published=True)

    client.get("/")  # the first request of a day looks for changes that take effect
    with django_assert_num_queries(7):
        client.get(FEES, {"ngay": "30/6/2026"})


@pytest.mark.parametrize("address", [PRICES, FEES])
def test_no_cookie_is_set_and_text_is_composed(client, address):
    ServicePriceFactory()
    ProcedureFactory(published=True)

    response = client.get(address)

    assert not response.cookies
    assert nfc(response.content.decode()) == response.content.decode()


@pytest.mark.parametrize("address", [PRICES, FEES, f"{PRICES}gia-dich-vu.csv"])
def test_nothing_may_be_posted(client, address):
    assert client.post(address).status_code == 405


def test_what_staff_typed_is_shown_as_text(client):
    script = "<script>alert(1)</script>"
    ServicePriceFactory(name=script, measure=script, note=script, unit__name=script)
    ProcedureFactory(published=True, short_name=script, fees__note=script)

    for address in (PRICES, FEES):
        html = get(client, address)
        assert script not in html
        assert "&lt;script&gt;" in html


def test_the_site_map_leads_to_processes_fees_and_prices(client):
    links = {link["href"] for link in Page(client.get("/so-do-trang/")).all("a")}

    assert {"/quy-trinh-noi-bo/", "/phi-le-phi/", "/gia-dich-vu/"} <= links
