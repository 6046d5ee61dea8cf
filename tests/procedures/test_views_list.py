from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.models import SearchMiss
from procedures.models import Procedure
from tests.factories import FieldFactory, OrganisationFactory, ProcedureFactory, SubmissionMethodFactory, UnitFactory

pytestmark = pytest.mark.django_db

URL = "/thu-tuc/"


@pytest.fixture(autouse=True)
def _department():
    OrganisationFactory()


def page(client, **parameters):
    response = client.get(URL, parameters)
    assert response.status_code == 200
    return response.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def procedure(**values):
    return ProcedureFactory(published=True, **values)


def test_it_lists_procedures_in_force_alphabetically(client):
    procedure(short_name="Gia hạn giấy phép")
    procedure(short_name="Cấp chứng chỉ")
    ProcedureFactory(short_name="Còn là bản nháp")

    html = page(client)

    assert "2 thủ tục đang áp dụng" in html
    assert html.index("Cấp chứng chỉ") < html.index("Gia hạn giấy phép")
    assert "Còn là bản nháp" not in html


def test_a_line_tells_status_code_time_fee_and_how_to_file(client):
    procedure(code="1.014675", methods__time_limit=18)

    html = page(client)

    assert "Đang áp dụng</span>" in html
    assert "1.014675" in html
    assert "Thời hạn <b>18 ngày làm việc</b>. Phí <b>2.000.000 ₫</b>. Nộp tại quầy." in html


def test_words_are_found_without_marks_and_kept_in_the_box(client):
    procedure(short_name="Cấp giấy phép sử dụng thiết bị X-quang")
    procedure(short_name="Đăng ký mã vạch")

    html = page(client, q="x-quang")

    assert "1 thủ tục với từ “x-quang”" in html
    assert 'value="x-quang"' in html
    assert "Đăng ký mã vạch" not in html
    assert '<meta name="robots" content="noindex, follow">' in html


def test_more_hits_than_are_looked_at_are_not_given_as_their_number(client, monkeypatch):
    monkeypatch.setattr("procedures.listing.MOST_HITS", 2)
    for _ in range(3):
        procedure()

    assert "Ít nhất 2 thủ tục với từ “giấy phép”" in page(client, q="giấy phép")


def test_a_passage_shows_why_a_procedure_was_found(client):
    procedure(short_name="Cấp giấy phép", keywords="máy chụp răng")

    html = page(client, q="chup rang")

    assert '<p class="muted passage">' in html
    assert "<mark>chụp răng</mark>" in html
    assert '<p class="muted passage">' not in page(client, q="giay phep")


def test_a_code_goes_straight_to_its_page(client):
    wanted = procedure(code="2.002380")

    for typed in ("2.002380", "2002380"):
        assert client.get(URL, {"q": typed}).headers["Location"] == wanted.get_absolute_url()


def test_the_code_of_a_draft_does_not(client):
    ProcedureFactory(code="2.002380")

    assert "Không tìm thấy" in page(client, q="2.002380")


def test_filters_combine_and_tell_their_counts(client):
    radiation = FieldFactory(name="An toàn bức xạ", slug="an-toan-buc-xa")
    procedure(short_name="Một", field=radiation, for_individuals=True)
    procedure(short_name="Hai", field=radiation, for_individuals=False)
    procedure(short_name="Ba", for_individuals=True)

    html = page(client, **{"linh-vuc": "an-toan-buc-xa", "doi-tuong": "ca-nhan"})

    assert "1 thủ tục đang áp dụng" in html
    assert ">Một<" in html
    assert 'value="an-toan-buc-xa" selected>An toàn bức xạ (1)</option>' in html
    assert 'value="doanh-nghiep">Doanh nghiệp, hợp tác xã (2)</option>' in html
    assert '<details class="more" open>' in html
    assert 'href="/thu-tuc/?linh-vuc=an-toan-buc-xa"' in html
    assert 'href="/thu-tuc/?doi-tuong=ca-nhan"' in html


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("truc-tuyen", "toan-trinh"),
        ("cap", "tinh"),
        ("phi", "co-thu"),
        ("thoi-han", "20"),
        ("doi-tuong", "doanh-nghiep"),
    ],
)
def test_each_filter_leaves_what_meets_it(client, parameter, value):
    procedure(short_name="Giữ lại")
    procedure(
        short_name="Bị lọc ra",
        online_level="",
        at_province=False,
        fees=None,
        methods__time_limit=30,
        for_businesses=False,
    )

    html = page(client, **{parameter: value})

    assert ">Giữ lại<" in html
    assert "Bị lọc ra" not in html


def test_ended_and_upcoming_ones_are_listed_on_their_own(client):
    procedure(short_name="Đã hết", in_force_to=date(2000, 1, 1))
    procedure(short_name="Sắp tới", in_force_from=date(2999, 1, 1))

    assert "1 thủ tục hết hiệu lực" in page(client, **{"tinh-trang": "het-hieu-luc"})
    assert ">Sắp tới<" in page(client, **{"tinh-trang": "sap-ap-dung"})


def test_choices_that_leave_nothing_are_not_offered(client):
    procedure(online_level="full")

    html = page(client)

    assert "Toàn trình (1)" in html
    assert "Một phần" not in html


@pytest.mark.parametrize(
    "parameters", [{"linh-vuc": "khong-co"}, {"phi": "'; drop"}, {"trang": "mot"}, {"la": "x"}, {"tinh-trang": "x"}]
)
def test_values_that_make_no_sense_are_left_out(client, parameters):
    procedure(short_name="Vẫn thấy")

    assert ">Vẫn thấy<" in page(client, **parameters)


def test_it_says_that_a_filter_was_left_out(client):
    procedure()

    assert "Có điều kiện lọc không dùng được nên đã bỏ qua." in page(client, phi="xyz")
    assert "đã bỏ qua" not in page(client)


def test_the_empty_fields_of_a_form_do_not_stay_in_the_address(client):
    procedure()

    response = client.get(URL + "?q=gi%E1%BA%A5y&linh-vuc=&phi=co-thu&trang=")

    assert response.headers["Location"] == "/thu-tuc/?q=gi%E1%BA%A5y&phi=co-thu"
    assert client.get(URL + "?q=&linh-vuc=").headers["Location"] == URL


def test_addresses_have_one_order(client, settings):
    settings.BASE_URL = "https://example.org"
    procedure(short_name="Cấp giấy phép")

    html = page(client, phi="co-thu", q="giấy")

    assert '<link rel="canonical" href="https://example.org/thu-tuc/?q=gi%E1%BA%A5y&amp;phi=co-thu">' in html


def test_twenty_a_page_and_the_nearest_page_for_a_wrong_number(client):
    for number in range(1, 22):
        procedure(short_name=f"Thủ tục số {number:02}")

    first, second = page(client), page(client, trang="2")

    assert first.count('class="result-title"') == 20
    assert second.count('class="result-title"') == 1
    assert 'href="/thu-tuc/?trang=2"' in first
    assert ">Thủ tục số 21<" in page(client, trang="99")
    assert page(client, trang="x").count('class="result-title"') == 20


def test_an_empty_search_helps_and_is_counted(client):
    procedure(field=FieldFactory(name="Sở hữu trí tuệ"))

    html = page(client, q="xquangg zzz")

    assert "Không tìm thấy thủ tục với từ “xquangg zzz”" in html
    assert "Sở hữu trí tuệ" in html
    assert 'href="tel:02540000001"' in html
    assert SearchMiss.objects.get().day == timezone.localdate()


def test_a_search_emptied_by_filters_says_where_the_rest_is(client):
    procedure(short_name="Cấp giấy phép", fees__free=True)
    procedure(short_name="Cấp giấy phép cũ", in_force_to=date(2000, 1, 1))

    html = page(client, q="giấy phép", phi="co-thu")

    assert '<a href="/thu-tuc/?q=gi%E1%BA%A5y+ph%C3%A9p">1 thủ tục</a>' in html
    assert '<a href="/thu-tuc/?q=gi%E1%BA%A5y+ph%C3%A9p&amp;tinh-trang=het-hieu-luc">1 thủ tục</a> hết hiệu lực' in html
    assert not SearchMiss.objects.exists()


@pytest.mark.parametrize("text", ["(", '"', "<script>alert(1)</script>", "😀", "%", "\x00", "a" * 5000, "- : *"])
def test_whatever_is_typed_is_answered(client, text):
    response = client.get(URL, {"q": text})

    assert response.status_code in (200, 302)
    assert "<script>alert" not in response.content.decode()


@pytest.mark.parametrize(
    ("parameters", "most"), [({}, 6), ({"phi": "co-thu", "trang": "2"}, 6), ({"q": "giấy phép"}, 9)]
)
def test_the_queries_do_not_grow_with_the_rows(client, django_assert_max_num_queries, parameters, most):
    for rows in (5, 50):
        while Procedure.objects.count() < rows:
            SubmissionMethodFactory(procedure=procedure(), channel="online")
        client.get(URL)  # the process takes the catalogue into memory once

        with django_assert_max_num_queries(most):
            response = client.get(URL, parameters)

        assert response.content.count(b'class="result-title"') == min(rows, 20)


def test_suggestions_are_json_that_caches_may_keep(client):
    wanted = procedure(code="2.002380", short_name="Cấp giấy phép X-quang")

    response = client.get(reverse("procedures:suggestions"), {"q": "giay phep x"})

    assert response.json() == [{"title": "Cấp giấy phép X-quang", "code": "2.002380", "url": wanted.get_absolute_url()}]
    assert "public" in response.headers["Cache-Control"]
    assert "max-age=300" in response.headers["Cache-Control"]


def test_nothing_typed_suggests_nothing(client):
    procedure()

    assert client.get("/thu-tuc/goi-y/").json() == []
    assert client.get("/thu-tuc/goi-y/", {"q": "  "}).json() == []


def test_a_field_shows_its_procedures_and_who_is_in_charge(client):
    unit = UnitFactory(name="Phòng Chuyên ngành")
    field = FieldFactory(name="An toàn bức xạ", description="Cấp phép cho cơ sở có nguồn bức xạ.", unit=unit)
    procedure(short_name="Cấp giấy phép", field=field)
    procedure(short_name="Thủ tục khác")

    html = client.get(field.get_absolute_url()).content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")

    assert "<h1>An toàn bức xạ</h1>" in html
    assert "Cấp phép cho cơ sở có nguồn bức xạ." in html
    assert "Phòng Chuyên ngành" in html
    assert "1 thủ tục đang áp dụng" in html
    assert "Thủ tục khác" not in html


def test_an_unknown_field_is_not_found(client):
    assert client.get("/thu-tuc/linh-vuc/khong-co/").status_code == 404
