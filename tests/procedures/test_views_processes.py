from datetime import date, timedelta

import pytest
from django.utils import timezone

from procedures.models import InternalProcess
from tests.factories import (
    InternalProcessFactory,
    LegalDocumentFactory,
    OrganisationFactory,
    ProcedureFactory,
    ProcessStepFactory,
)
from tests.html import Page

pytestmark = pytest.mark.django_db

LIST = "/quy-trinh-noi-bo/"


@pytest.fixture(autouse=True)
def _department():
    OrganisationFactory()


def process(code="2.002380", steps=2, **values) -> InternalProcess:
    made = InternalProcessFactory(procedure__code=code, **values)
    ProcessStepFactory.create_batch(steps, process=made)
    return made


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def test_the_list_tells_how_many_steps_and_how_long(client):
    document = LegalDocumentFactory(number="12/QĐ-UBND", kind="decision")
    process(procedure__short_name="Cấp giấy phép X-quang", document=document)

    html = text(client.get(LIST))

    assert "1 quy trình đang áp dụng" in html
    assert 'href="/quy-trinh-noi-bo/2.002380/">Cấp giấy phép' in html
    assert "2 bước, cộng <b>2 ngày làm việc</b>." in html
    assert "Theo quyết định số" in html


def test_only_processes_of_today_and_of_public_procedures_are_listed(client):
    today = timezone.localdate()
    process(procedure__short_name="Đang áp dụng hôm nay")
    process("1.000001", procedure__short_name="Chưa đến ngày", valid_from=today + timedelta(days=1))
    process("1.000002", procedure__short_name="Đã thôi", valid_to=today - timedelta(days=1))
    process("1.000003", procedure__short_name="Còn là nháp", procedure__published=False)

    html = text(client.get(LIST))

    assert "Đang áp dụng hôm nay" in html
    for absent in ("Chưa đến ngày", "Đã thôi", "Còn là nháp"):
        assert absent not in html


@pytest.mark.parametrize("typed", ["x-quang", "giấy phép", "GIAY PHEP", "2.002380", "quang phép"])
def test_a_process_is_found_by_words_of_its_procedure(client, typed):
    process(procedure__short_name="Cấp giấy phép X-quang")
    process("1.000001", procedure__short_name="Đăng ký mã vạch", procedure__name="Đăng ký mã vạch")

    html = text(client.get(LIST, {"q": typed}))

    assert "1 quy trình với từ" in html
    assert "Cấp giấy phép" in html
    assert "mã vạch" not in html


def test_nothing_found_says_what_to_do(client):
    assert "Dùng ít từ hơn" in text(client.get(LIST, {"q": "zzzz"}))
    assert "Sở chưa công khai quy trình nội bộ nào." in text(client.get(LIST))


def test_twenty_a_page_keep_the_words(client):
    for number in range(21):
        process(f"1.{number:06}", steps=1, procedure__short_name=f"Cấp phép {number:02}")

    first, second = text(client.get(LIST, {"q": "cấp"})), text(client.get(LIST, {"q": "cấp", "trang": "2"}))

    assert first.count("/quy-trinh-noi-bo/1.") == 20
    assert second.count("/quy-trinh-noi-bo/1.") == 1
    assert "?q=c%E1%BA%A5p&amp;trang=2" in first


def test_an_empty_box_leaves_the_plain_address(client):
    assert client.get(LIST, {"q": ""}).url == LIST


def test_the_page_draws_the_steps_and_lists_them(client):
    made = process(steps=0, document=LegalDocumentFactory(number="12/QĐ-UBND", issued_on=date(2025, 12, 20)))
    ProcessStepFactory(process=made, name="Thẩm định hồ sơ", role="Chuyên viên", time="2.5", result="Báo cáo")
    ProcessStepFactory(process=made, name="Ký kết quả", role="Lãnh đạo Sở", time=4, time_unit="hour")

    response = client.get(made.get_absolute_url())

    html, page = text(response), Page(response)
    assert len(page.all("svg", role="img", **{"class": "flow"})) == 1
    assert html.count('<text class="flow-digit"') == 2
    assert "<h4>Thẩm định hồ sơ</h4><p>Chuyên viên: <b>2,5 ngày làm việc</b>. Kết quả: Báo cáo.</p>" in html
    assert "<h4>Ký kết quả</h4><p>Lãnh đạo Sở: <b>4 giờ làm việc</b>.</p>" in html
    assert "Cộng các bước: <b>3 ngày làm việc</b>" in html
    assert "20/12/2025" in html


def test_each_case_has_a_part_of_its_own(client):
    made = process(case="Máy dùng trong y tế")
    other = InternalProcessFactory(procedure=made.procedure, case="Máy khác")
    ProcessStepFactory(process=other)

    html = text(client.get(made.get_absolute_url()))

    assert html.count('<svg class="flow"') == 2
    assert "Máy dùng trong y tế</h2>" in html
    assert "Máy khác</h2>" in html


def test_another_day_shows_the_process_of_that_day(client):
    made = process(valid_to=date(2026, 6, 30))
    new = InternalProcessFactory(procedure=made.procedure, valid_from=date(2026, 7, 1))
    ProcessStepFactory(process=new, name="Bước mới")

    then = text(client.get(made.get_absolute_url(), {"ngay": "30/6/2026"}))
    now = text(client.get(made.get_absolute_url()))

    assert "Quy trình áp dụng ngày 30/6/2026." in then
    assert '<meta name="robots" content="noindex, follow">' in then
    assert "Bước mới" not in then
    assert "Bước mới" in now
    assert 'href="/quy-trinh-noi-bo/2.002380/?ngay=2026-06-30">Đã thôi áp dụng' in now


def test_a_day_without_a_process_says_so(client):
    html = text(client.get(process().get_absolute_url(), {"ngay": "01/01/2020"}))

    assert "Không có quy trình nào áp dụng ngày" in html


def test_a_bad_day_is_told_beside_the_box(client):
    response = client.get(process().get_absolute_url(), {"ngay": "hôm qua"})

    assert "Ngày không đúng. Ghi theo dạng 01/7/2026." in text(response)
    assert "<title>Lỗi: " in text(response)
    assert Page(response).all("input", id="ngay")[0]["aria-invalid"] == "true"


@pytest.mark.parametrize("code", ["1.999999", "khong-co", "2002380"])
def test_an_unknown_code_is_not_found(client, code):
    process()

    assert client.get(f"/quy-trinh-noi-bo/{code}/").status_code == 404


def test_a_draft_s_process_is_not_public(client):
    assert client.get(process(procedure__published=False).get_absolute_url()).status_code == 404


def test_the_procedure_leads_to_its_process(client):
    made = process()
    without = ProcedureFactory(published=True, code="1.000001")

    assert 'href="/quy-trinh-noi-bo/2.002380/">Quy trình giải quyết' in text(client.get("/thu-tuc/2.002380/"))
    assert "Quy trình giải quyết" not in text(client.get(without.get_absolute_url()))
    made.delete()
    assert "Quy trình giải quyết" not in text(client.get("/thu-tuc/2.002380/"))


def test_what_staff_typed_is_shown_as_text(client):
    script = "<script>alert(1)</script>"
    made = process(steps=0, case=script, note=script)
    ProcessStepFactory(process=made, name=script, role=script, result=script)

    html = text(client.get(made.get_absolute_url()))

    assert script not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize("count", [1, 15])
def test_the_queries_do_not_grow_with_the_rows(client, count, django_assert_num_queries):
    for number in range(count):
        process(f"1.{number:06}", steps=4)

    client.get("/")  # the first request of a day looks for changes that take effect
    with django_assert_num_queries(5):  # department, count, processes with procedures, steps, methods
        client.get(LIST)
    with django_assert_num_queries(4):
        client.get("/quy-trinh-noi-bo/1.000000/")


def test_no_cookie_is_set(client):
    made = process()

    for address in (LIST, made.get_absolute_url()):
        response = client.get(address)
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")
