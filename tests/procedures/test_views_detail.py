import re
from datetime import date

import pytest
from django.test import RequestFactory

from procedures.models import Procedure
from procedures.views import render_procedure
from tests.factories import (
    DossierCaseFactory,
    DossierItemFactory,
    FeeFactory,
    FormFileFactory,
    OrganisationFactory,
    ProcedureFactory,
    SubmissionMethodFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _department():
    OrganisationFactory()


def show(procedure: Procedure, on: date = TODAY, **options) -> str:
    request = RequestFactory().get(f"/thu-tuc/{procedure.code}/")
    stored = Procedure.objects.for_page().get(pk=procedure.pk)
    html = render_procedure(request, stored, on=on, **options).content.decode()
    return html.replace("\u00a0", " ").replace("&nbsp;", " ")


def procedure(**values) -> Procedure:
    return ProcedureFactory(published=True, **values)


def test_the_public_reads_it_at_its_code(client, settings):
    settings.BASE_URL = "https://example.org"
    wanted = procedure(code="2.002380", short_name="Cấp giấy phép X-quang")

    response = client.get("/thu-tuc/2.002380/")

    assert response.status_code == 200
    assert response.context["procedure"] == wanted
    assert '<link rel="canonical" href="https://example.org/thu-tuc/2.002380/">' in response.content.decode()


@pytest.mark.parametrize("address", ["/thu-tuc/2002380/", "/thu-tuc/2.002380", "/thu-tuc/2002380"])
def test_other_ways_to_write_the_code_lead_there(client, address):
    procedure(code="2.002380")

    response = client.get(address, follow=True)

    assert response.redirect_chain[-1][0] == "/thu-tuc/2.002380/"
    assert response.status_code == 200


@pytest.mark.parametrize(
    "typed",
    ["1.001786.000.00.00.H06", "1.001786.000.00.00.h06", "10017860000000H06", "1.001786", "1001786"],
)
def test_a_code_with_the_suffix_of_the_province_works(client, typed):
    procedure(code="1.001786.000.00.00.H06")

    response = client.get(f"/thu-tuc/{typed}/", follow=True)

    assert response.status_code == 200
    assert response.context["procedure"].code == "1.001786.000.00.00.H06"


def test_a_code_that_two_provinces_use_means_neither(client):
    procedure(code="1.001786.000.00.00.H06")
    procedure(code="1.001786.000.00.00.H29")

    assert client.get("/thu-tuc/1001786/").status_code == 404


@pytest.mark.parametrize("address", ["/thu-tuc/9.999999/", "/thu-tuc/khong-co/", "/thu-tuc/%00/", "/thu-tuc/١.٠٠١٧٨٦/"])
def test_unknown_codes_are_not_found(client, address):
    assert client.get(address).status_code == 404


def test_a_draft_is_not_public(client):
    ProcedureFactory(code="2.002380")

    assert client.get("/thu-tuc/2.002380/").status_code == 404
    assert client.get("/thu-tuc/2002380/").status_code == 404


def test_a_preview_says_that_it_is_one():
    html = show(ProcedureFactory(code=None), preview=True)

    assert "Bản xem trước, chưa công khai." in html
    assert "chưa có" in html
    assert 'content="noindex"' in html
    assert 'rel="canonical"' not in html


def test_the_parts_stand_under_the_headings_of_the_page():
    html = show(procedure(requirements="Có người phụ trách an toàn."))

    headings = re.findall(r'<section class="[^"]*" id="([\w-]+)"><h2>([^<]+)</h2>', html)
    assert headings == [
        ("doi-tuong", "Ai làm thủ tục này"),
        ("ho-so", "Giấy tờ cần nộp"),
        ("cach-lam", "Các bước thực hiện"),
        ("noi-nop", "Nơi nộp, thời hạn, phí"),
        ("ket-qua", "Kết quả nhận được"),
        ("can-cu", "Căn cứ pháp lý"),
        ("lich-su", "Lịch sử thay đổi"),
        ("vuong-mac", "Gặp vướng mắc?"),
    ]
    assert re.findall(r'<a href="#([\w-]+)">', html)[-8:] == [anchor for anchor, _ in headings]


def test_empty_parts_are_left_out_with_their_entries():
    html = show(procedure(results="", legal_bases=None, items=None, decision_number="", steps=""))

    for anchor in ("ket-qua", "can-cu", "ho-so", "cach-lam"):
        assert f"#{anchor}" not in html
        assert f'id="{anchor}"' not in html
    assert "Điều kiện cần đáp ứng" not in html


def test_the_four_facts_come_first():
    html = show(procedure(methods__time_limit=18, methods__channel="online"))

    facts = re.findall(r"<dt>([^<]+)</dt><dd>(.*?)</dd>", html)[:4]
    assert facts == [
        ("Thời hạn", "18 ngày làm việc"),
        ("Phí", "2.000.000 ₫"),
        ("Cách nộp", "Trực tuyến toàn trình"),
        ("Kết quả", "Giấy phép"),
    ]


def test_what_is_not_known_is_said_to_be_unknown():
    html = show(procedure(methods=None, fees=None, results=""))

    facts = re.findall(r"<dt>[^<]+</dt><dd>(.*?)</dd>", html)[:4]
    assert facts == ["Chưa có thông tin"] * 4
    assert "<p>Phí, lệ phí: chưa có thông tin.</p>" in html
    assert "Không thu" not in html


def test_free_is_not_unknown():
    html = show(procedure(fees__free=True))

    assert "<dd>Không thu phí</dd>" in html
    assert "<p>Phí, lệ phí: không thu phí.</p>" in html


def test_the_official_name_is_shown_when_it_is_another_one():
    named = procedure(name="Thủ tục cấp giấy phép theo quy định", short_name="Cấp giấy phép")
    same = procedure(name="Cấp phép", short_name="Cấp phép")

    assert "Tên trong quyết định công bố: Thủ tục cấp giấy phép theo quy định" in show(named)
    assert "Tên trong quyết định công bố" not in show(same)


def test_one_files_online_only_where_there_is_such_a_way():
    online = procedure(methods__channel="online", portal_url="https://dichvucong.gov.vn/tt/1")
    elsewhere = procedure(methods__channel="online", portal_url="")
    counter = procedure(methods__channel="direct", portal_url="https://dichvucong.gov.vn/tt/2")
    button = '<a class="button" href="{}">Nộp hồ sơ trực tuyến</a>'

    assert button.format("https://dichvucong.gov.vn/tt/1") in show(online)
    assert button.format("https://dichvucong.gov.vn/") in show(elsewhere)
    assert "Nộp hồ sơ trực tuyến" not in show(counter)


def test_papers_are_grouped_by_case_with_their_numbers_and_forms():
    wanted = procedure(items=None, dossier_sets=2)
    case = DossierCaseFactory(procedure=wanted, name="Gia hạn giấy phép")
    DossierItemFactory(procedure=wanted, name="Giấy phép cũ", case=case, originals=0, copies=1)
    form = FormFileFactory(name="Mẫu số 5", url="https://example.org/5.docx")
    DossierItemFactory(procedure=wanted, name="Đơn đề nghị", originals=1, copies=2, form=form, note="ký tên")

    html = show(wanted)

    assert "Nộp <b>2 bộ</b>." in html
    assert html.index("Mọi trường hợp") < html.index("Đơn đề nghị") < html.index("Gia hạn giấy phép</h3>")
    assert '<span class="muted">1 bản chính, 2 bản sao. ký tên</span>' in html
    assert '<span class="muted">1 bản sao</span>' in html
    link = '<a href="/thu-tuc/{}/mau/mau-so-5/">Tải mẫu đơn (DOCX)<span class="visually-hidden">: Mẫu số 5</span></a>'
    assert link.format(wanted.code) in html


def test_a_form_that_cannot_be_fetched_is_still_named():
    wanted = procedure(items=None)
    DossierItemFactory(procedure=wanted, form=FormFileFactory(name="Mẫu số 5 Phụ lục II", url=""))

    assert "Theo mẫu: Mẫu số" in show(wanted)


def test_steps_are_numbered_unless_the_record_does_not_number_them():
    numbered = show(procedure(steps="Bước 1: Nộp hồ sơ\n- Tại quầy\nBước 2: Nhận kết quả"))
    plain = show(procedure(steps="- Nộp hồ sơ\n- Nhận kết quả"))

    assert "<li><h3>Nộp hồ sơ</h3><ul><li>Tại quầy</li></ul></li>" in numbered
    assert 'class="steps"' not in plain
    assert "<ul><li>Nộp hồ sơ</li><li>Nhận kết quả</li></ul>" in plain


def test_each_way_to_file_has_its_place_and_limit():
    wanted = procedure(methods=None)
    SubmissionMethodFactory(procedure=wanted, channel="online", time_limit=7, time_unit="day")
    SubmissionMethodFactory(procedure=wanted, channel="direct", time_limit=14, time_unit="day")

    html = show(wanted)

    assert "<dt>Thời hạn</dt><dd>Từ 7 đến 14 ngày</dd>" in html
    assert 'data-label="Nơi nhận">Cổng Dịch vụ công quốc gia<' in html
    assert 'data-label="Nơi nhận">Bộ phận Một cửa<' in html


def test_a_note_said_of_every_way_stands_once():
    wanted = procedure(methods=None)
    for channel in ("online", "postal", "direct"):
        SubmissionMethodFactory(procedure=wanted, channel=channel, description="Tính từ ngày nhận đủ hồ sơ.")

    assert show(wanted).count("Tính từ ngày nhận đủ hồ sơ.") == 1


def test_the_limits_of_one_way_to_file_stand_together():
    wanted = procedure(methods=None)
    SubmissionMethodFactory(procedure=wanted, time_limit=15, description="Máy dùng trong y tế.")
    SubmissionMethodFactory(procedure=wanted, time_limit=25, description="Máy khác.")

    html = show(wanted)

    assert html.count('scope="row">Tại quầy<') == 1
    assert html.index("15 ngày") < html.index("Máy dùng trong y tế.") < html.index("Máy khác.")


def test_limits_with_the_same_note_share_it():
    wanted = procedure(methods=None)
    for limit in (15, 25):
        SubmissionMethodFactory(procedure=wanted, time_limit=limit, description="Tùy loại máy.")
    SubmissionMethodFactory(procedure=wanted, channel="online", description="")

    html = show(wanted)

    assert "15 ngày làm việc; 25 ngày làm việc" in html
    assert html.count("Tùy loại máy.") == 1


def test_a_limit_in_long_words_stands_once_under_the_table():
    wanted = procedure(methods=None)
    words = "Trong thời hạn 10 ngày làm việc kể từ ngày nhận được hồ sơ hợp lệ. " * 4
    for channel in ("online", "postal", "direct"):
        SubmissionMethodFactory(procedure=wanted, channel=channel, time_limit=None, time_unit="", time_text=words)

    html = show(wanted)

    assert html.count(words.strip()) == 1
    assert html.count("Nêu ở dưới bảng") == 3


def test_a_numbered_paper_keeps_its_number_in_line():
    html = show(procedure(items__name="(1) Hồ sơ gồm:\n- Đơn\n- Bản sao"))

    assert "<li>(1) Hồ sơ gồm:<ul><li>Đơn</li><li>Bản sao</li></ul>" in html


def test_fees_of_today_and_of_later_days_stand_apart():
    wanted = procedure(fees=None)
    FeeFactory(procedure=wanted, amount=100_000, valid_to=date(2025, 12, 31))
    FeeFactory(procedure=wanted, amount=200_000, valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31))
    FeeFactory(procedure=wanted, amount=300_000, valid_from=date(2027, 1, 1))

    html = show(wanted)

    assert "<dt>Phí</dt><dd>200.000 ₫</dd>" in html
    assert "100.000 ₫" not in html
    assert html.index("Đến hết ngày") < html.index('Phí, lệ phí từ ngày <span class="nowrap">01/01/2027')
    assert "300.000 ₫" in html


def test_a_fee_that_is_the_same_for_every_way_stands_once():
    wanted = procedure(methods__channel="direct", fees=None)
    SubmissionMethodFactory(procedure=wanted, channel="online")
    for channel in ("direct", "online"):
        FeeFactory(procedure=wanted, amount=200_000, channel=channel)
    FeeFactory(procedure=wanted, amount=50_000, channel="online", kind="charge")

    html = show(wanted)

    assert html.count('class="number">200.000 ₫<') == 1
    assert html.count("Khi nộp trực tuyến") == 1


def test_an_ended_procedure_stays_and_says_so():
    html = show(procedure(in_force_to=date(2026, 6, 30), methods__channel="online"))

    assert "Hết hiệu lực</span>" in html
    assert "Thủ tục này đã hết hiệu lực" in html
    assert "30/6/2026" in html
    assert "Nộp hồ sơ trực tuyến" not in html


def test_an_upcoming_procedure_says_from_when():
    html = show(procedure(in_force_from=date(2027, 1, 1)))

    assert "Thủ tục này chưa áp dụng" in html
    assert "01/01/2027" in html


def test_a_procedure_that_will_end_says_when():
    html = show(procedure(in_force_to=date(2026, 12, 31)))

    assert "Thủ tục này áp dụng có thời hạn." in html
    assert "31/12/2026" in html


def test_it_tells_who_answers_and_when_it_was_checked():
    unit = UnitFactory(name="Phòng Chuyên ngành", phone="0254 000 0002")
    html = show(procedure(unit=unit, checked_on=date(2026, 11, 20)))

    assert 'Gọi Phòng Chuyên ngành: <a class="nowrap" href="tel:02540000002">' in html
    assert 'Kiểm tra lần cuối ngày <span class="nowrap">20/11/2026</span>' in html
    assert 'href="tel:02540000001"' in show(procedure())


def test_a_very_long_record_is_shown_whole():
    name = "Thủ tục cấp giấy phép " * 40
    steps = "\n".join(f"- Nội dung thứ {number} của bước này;" for number in range(1500))

    html = show(procedure(name=name.strip(), steps=steps))

    assert "Nội dung thứ 0 " in html
    assert "Nội dung thứ 1499 " in html
    assert html.count("Thủ tục cấp giấy phép") >= 40


def test_markup_in_a_record_is_shown_as_text():
    script = "<script>alert(1)</script>"
    wanted = procedure(
        name=script,
        steps=f"Bước 1: {script}\n{script}",
        requirements=f"- {script}",
        results=script,
        audience=script,
        executing_agency=script,
        receiving_address=script,
        decision_number=script,
        methods__description=script,
        fees__note=script,
        items__name=script,
        items__note=script,
        legal_bases__document__title=script,
    )

    html = show(wanted)

    assert script not in html
    assert html.count("&lt;script&gt;") >= 12


def test_the_queries_do_not_grow_with_the_rows(client, django_assert_max_num_queries):
    wanted = procedure(code="2.002380")
    for _ in range(30):
        case = DossierCaseFactory(procedure=wanted)
        DossierItemFactory(procedure=wanted, case=case, form=FormFileFactory())
        SubmissionMethodFactory(procedure=wanted)
        FeeFactory(procedure=wanted)

    with django_assert_max_num_queries(15):
        client.get("/thu-tuc/2.002380/")


def test_no_cookie_is_set(client):
    procedure(code="2.002380")

    for address in ("/thu-tuc/", "/thu-tuc/?q=giấy", "/thu-tuc/2.002380/"):
        response = client.get(address)
        assert not response.cookies
        assert "Cookie" not in response.headers.get("Vary", "")
