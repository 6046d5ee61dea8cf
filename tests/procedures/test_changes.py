from datetime import date, timedelta

import pytest
from django.utils import timezone

from procedures import changes, versions
from tests.factories import (
    PUBLISHED_AT,
    DecisionFactory,
    FeeFactory,
    FieldFactory,
    LegalDocumentFactory,
    OrganisationFactory,
    ProcedureChangeFactory,
    ProcedureFactory,
)
from tests.html import Page

pytestmark = pytest.mark.django_db

URL = "/thay-doi/"
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _department(monkeypatch):
    OrganisationFactory(email="vanphong@example.org")
    monkeypatch.setattr(timezone, "localdate", lambda *arguments: TODAY)


def change(name="Cấp giấy phép", days=0, **values):
    decision = values.pop("decision", None) or DecisionFactory(published=True)
    return ProcedureChangeFactory(
        decision=decision,
        effective_on=TODAY + timedelta(days=days),
        **({"procedure__short_name": name} if "procedure" not in values else {}),
        **values,
    )


def text(client, address=URL):
    response = client.get(address)
    assert response.status_code == 200
    return Page(response).text.replace("\u00a0", " ")


# The list.


def test_changes_to_come_stand_first_then_month_by_month_backwards(client):
    for name, days in (("Cũ", -60), ("Mới đây", -3), ("Còn xa", 40), ("Ngày mai", 1), ("Hôm nay", 0)):
        change(name, days)

    shown = text(client).partition("Lọc thay đổi")[2]

    order = ["Sắp áp dụng", "Ngày mai", "Còn xa", "Tháng 11/2026", "Hôm nay", "Mới đây", "Tháng 9/2026", "Cũ"]
    places = [shown.index(word) for word in order]
    assert places == sorted(places)


def test_a_line_tells_kind_day_name_sentence_and_decision(client):
    change(
        "Cấp giấy phép X-quang",
        7,
        sentence="Giảm thời hạn từ 30 ngày xuống 25 ngày.",
        decision=DecisionFactory(published=True, document__number="3565/QĐ-UBND"),
    )

    page = Page(client.get(URL))

    words = page.text.replace("\u00a0", " ")
    assert "Sửa đổi" in words
    assert "Áp dụng từ 01/12/2026" in words
    assert "Cấp giấy phép X-quang" in words
    assert "Giảm thời hạn từ 30 ngày xuống 25 ngày." in words
    assert page.all("a", href="/van-ban/3565-qd-ubnd/")


@pytest.mark.parametrize(
    ("kind", "values", "sentence"),
    [
        ("new", {}, "Thủ tục mới được ban hành."),
        ("repealed", {"parts": ["Phí"]}, "Thủ tục không còn áp dụng."),
        ("fee", {"parts": ["Phí, lệ phí", "Thời hạn"]}, "Thay đổi: phí, lệ phí, thời hạn."),
        ("replaced", {}, "Thủ tục được thay thế."),
    ],
)
def test_a_change_without_a_sentence_of_the_office_says_what_is_known(client, kind, values, sentence):
    change(kind=kind, sentence="", **values)

    assert sentence in text(client)


def test_a_replaced_procedure_names_its_successor(client):
    successor = ProcedureFactory(published=True, short_name="Cấp giấy phép kiểu mới")
    change(kind="replaced", successor=successor, sentence="")

    assert "Thay bằng thủ tục “Cấp giấy phép kiểu mới”." in text(client)


def test_what_is_not_published_is_not_told(client):
    change("Còn đang soạn", decision=DecisionFactory())

    assert "Còn đang soạn" not in text(client)


def test_a_procedure_without_a_public_page_is_named_but_not_linked(client):
    draft = ProcedureFactory(short_name="Chưa công khai")
    change(procedure=draft)

    page = Page(client.get(URL))

    assert "Chưa công khai" in page.text
    assert not page.all("a", href=draft.get_absolute_url())


def test_kinds_and_field_narrow_the_list(client):
    radiation = FieldFactory(name="An toàn bức xạ", slug="an-toan")
    change("Một", kind="new", procedure__field=radiation)
    change("Hai", kind="repealed", procedure__field=radiation)
    change("Ba", kind="fee", procedure__field=radiation)
    change("Bốn", kind="new")

    shown = text(client, f"{URL}?loai=moi,bai-bo&linh-vuc=an-toan")

    assert [name in shown for name in ("Một", "Hai", "Ba", "Bốn")] == [True, True, False, False]
    assert "Bỏ lọc Loại: Mới ban hành" in shown


def test_the_form_leads_to_the_short_address(client):
    response = client.get(f"{URL}?loai=moi&loai=phi&linh-vuc=")

    assert response.headers["Location"] == f"{URL}?loai=moi,phi"


def test_what_is_not_understood_is_left_out_and_said(client):
    change("Vẫn thấy")

    shown = text(client, f"{URL}?loai=la&linh-vuc=khong-co")

    assert "Vẫn thấy" in shown
    assert "Có điều kiện lọc không dùng được nên đã bỏ qua." in shown


def test_twenty_stand_on_a_page_with_their_months(client):
    decision = DecisionFactory(published=True)
    for number in range(45):
        change(days=-number, decision=decision)

    first, last = Page(client.get(URL)), Page(client.get(f"{URL}?trang=3"))

    assert len(first.all("h3", **{"class": "result-title"})) == 20
    assert len(last.all("h3", **{"class": "result-title"})) == 5
    assert "Tháng 10/2026" in last.text.replace("\u00a0", " ")


def test_the_number_of_queries_does_not_grow_with_the_changes(client, django_assert_max_num_queries):
    client.get(URL)  # the first of a day sees to what takes effect on it
    for size in (2, 30):
        for _ in range(size):
            change()
        with django_assert_max_num_queries(4):
            client.get(URL)


def test_an_empty_list_says_what_will_be_there(client):
    shown = text(client)

    assert "Không có thủ tục nào thay đổi trong 90 ngày qua." in shown
    assert "Khi Sở công bố thủ tục mới" in shown


def test_a_quiet_time_is_said_above_what_changed_before(client):
    change("Lâu rồi", -91)

    assert "Không có thủ tục nào thay đổi trong 90 ngày qua." in text(client)

    change("Vừa xong", -90)

    assert "Không có thủ tục nào thay đổi" not in text(client)


def test_a_choice_that_leaves_nothing_leads_back(client):
    change(kind="new")

    page = Page(client.get(f"{URL}?loai=gia"))

    assert "Không có thay đổi nào theo các điều kiện đã chọn." in page.text.replace("\u00a0", " ")
    assert page.all("meta", name="robots", content="noindex, follow")


# The home page.


def test_home_shows_the_three_latest_changes(client):
    for name, days in (("Thứ nhất", 5), ("Thứ hai", 0), ("Thứ ba", -80), ("Thứ tư", -81), ("Quá cũ", -91)):
        change(name, days)

    shown = text(client, "/")

    assert [name in shown for name in ("Thứ nhất", "Thứ hai", "Thứ ba", "Thứ tư", "Quá cũ")] == [True] * 3 + [False] * 2
    assert "Thủ tục vừa thay đổi" in shown
    assert "Mới áp dụng, sắp áp dụng" not in shown


# The notice for the wall.


def posting(client, number="3565/QĐ-UBND"):
    return Page(client.get(f"/thay-doi/niem-yet/{number.lower().replace('/', '-').replace('đ', 'd')}/"))


def test_the_notice_has_the_columns_of_published_lists(client):
    decision = DecisionFactory(published=True, document__number="3565/QĐ-UBND")
    change(
        kind="new", procedure=ProcedureFactory(published=True, code="1.000001", name="Thủ tục mới"), decision=decision
    )
    change(kind="repealed", procedure=ProcedureFactory(published=True, code="1.000002"), decision=decision)
    successor = ProcedureFactory(published=True, code="1.000004", name="Thủ tục kế tiếp")
    replaced = ProcedureFactory(published=True, code="1.000003")
    change(kind="replaced", procedure=replaced, successor=successor, decision=decision)

    shown = posting(client).text.replace("\u00a0", " ")

    columns = (
        """Mã TTHC, Tên TTHC, Thời hạn giải quyết, Cách thức thực hiện, Căn cứ pháp lý, Cơ quan thực hiện, Ghi chú"""
    )
    assert all(column in shown for column in columns.split(", "))
    begun, _, ended = shown.partition("Thủ tục bị bãi bỏ, thay thế")
    assert [code in begun for code in ("1.000001", "1.000002", "1.000004")] == [True, False, True]
    assert "Thay thế thủ tục 1.000003." in begun
    assert ended.index("1.000002") < ended.index("1.000003")
    assert "18 ngày làm việc" in begun
    assert "Gửi Sở Khoa học và Công nghệ" in ended
    assert "vanphong@example.org" in ended


def test_the_notice_tells_what_is_in_force_from_the_day_of_the_change(client):
    procedure = ProcedureFactory(published=True, fees=None, in_force_from=date(2024, 1, 1))
    FeeFactory(procedure=procedure, amount=300_000)
    versions.record(procedure, valid_from=TODAY + timedelta(days=7), change=None, at=PUBLISHED_AT)
    procedure.fees.update(amount=200_000)
    versions.record(procedure, valid_from=date(2024, 1, 1), change=None, at=PUBLISHED_AT)
    decision = DecisionFactory(published=True, document__number="3565/QĐ-UBND")
    change(kind="fee", procedure=procedure, days=7, decision=decision)

    shown = posting(client).text.replace("\u00a0", " ")

    assert "300.000 ₫" in shown
    assert "200.000 ₫" not in shown


def test_a_document_that_changes_nothing_has_no_notice(client):
    LegalDocumentFactory(number="1/2025/NĐ-CP")
    DecisionFactory(document__number="2/QĐ-UBND")

    for slug in ("1-2025-nd-cp", "2-qd-ubnd", "khong-co"):
        assert client.get(f"/thay-doi/niem-yet/{slug}/").status_code == 404


def test_the_notice_of_a_long_decision_takes_no_more_queries(django_assert_num_queries):
    for size in (2, 12):
        decision = DecisionFactory(published=True)
        for _ in range(size):
            change(decision=decision)
        with django_assert_num_queries(9):
            changes.posting(decision.document)
