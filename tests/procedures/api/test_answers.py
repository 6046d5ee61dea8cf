import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from procedures import versions
from procedures.models import DocumentRelation, Fee, ProcedureChange
from tests.factories import (
    PUBLISHED_AT,
    DecisionFactory,
    DossierCaseFactory,
    DossierItemFactory,
    FeeFactory,
    FieldFactory,
    FormFileFactory,
    LegalBasisFactory,
    LegalDocumentFactory,
    ProcedureChangeFactory,
    ProcedureFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db

ROOT = "/api/v1/"
Kind = ProcedureChange.Kind


def get(client, address, **parameters):
    response = client.get(f"{ROOT}{address}", parameters)
    assert response.status_code == 200, response.content.decode()
    return response.json()


def codes(answer):
    return [item["code"] for item in answer["items"]]


def read_on(client, answer):
    response = client.get(answer["next"])
    assert response.status_code == 200
    return response.json()


def procedure(**values):
    return ProcedureFactory(published=True, **values)


def change(**values):
    return ProcedureChangeFactory(decision=DecisionFactory(published=True), **values)


# Procedures.


def test_the_list_holds_what_the_page_lists(client):
    procedure(code="1.000001")
    ProcedureFactory(code="1.000002")
    procedure(code="1.000003", in_force_to=date(2020, 1, 1))

    answer = get(client, "procedures")

    assert codes(answer) == ["1.000001"]
    assert (answer["total"], answer["next"]) == (1, None)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("in_force", {"1.000001"}),
        ("upcoming", {"1.000002"}),
        ("ended", {"1.000003"}),
        ("any", {"1.000001", "1.000002", "1.000003"}),
    ],
)
def test_a_state_may_be_chosen(client, state, expected):
    procedure(code="1.000001")
    procedure(code="1.000002", in_force_from=timezone.localdate() + timedelta(days=1))
    procedure(code="1.000003", in_force_to=date(2020, 1, 1))

    answer = get(client, "procedures", state=state)

    assert set(codes(answer)) == expected
    assert state == "any" or answer["items"][0]["state"] == state


@pytest.mark.parametrize(
    ("parameter", "value", "other"),
    [
        ("field", "an-toan-buc-xa", "do-luong"),
        ("audience", "individual", "organisation"),
        ("online", "full", "none"),
        ("level", "province", "ministry"),
        ("fee", "amount", "free"),
        ("time", "20", "1"),
    ],
)
def test_the_filters_are_those_of_the_page(client, parameter, value, other):
    procedure(code="1.000001", field=FieldFactory(slug="an-toan-buc-xa"))

    assert codes(get(client, "procedures", **{parameter: value})) == ["1.000001"]
    assert codes(get(client, "procedures", **{parameter: other})) == []


def test_words_are_found_without_marks(client):
    procedure(code="1.000001", short_name="Đăng ký mã vạch", keywords="X-quang")
    procedure(code="1.000002", short_name="Cấp giấy phép sử dụng thiết bị X-quang")
    procedure(code="1.000003", short_name="Công nhận sáng kiến")

    assert set(codes(get(client, "procedures", q="x-quang"))) == {"1.000001", "1.000002"}
    assert codes(get(client, "procedures", q="x-quang", fee="free")) == []
    assert codes(get(client, "procedures", q="1000003")) == ["1.000003"]


def test_a_line_tells_the_summary_of_the_page(client):
    procedure(code="1.000001", short_name="Cấp giấy phép", field__name="Đo lường", fees__amount=2_000_000)

    line = get(client, "procedures")["items"][0]

    assert line["title"] == "Cấp giấy phép"
    assert line["field"] == {"slug": "do-luong", "name": "Đo lường"}
    assert line["audiences"] == ["individual", "business"]
    assert line["levels"] == ["province"]
    assert line["channels"] == ["direct"]
    assert line["time_summary"] == "18 ngày làm việc"
    assert line["fee_summary"] == "2.000.000\u00a0₫"
    assert line["url"] == "http://testserver/api/v1/procedures/1.000001"
    assert line["page"] == "http://testserver/thu-tuc/1.000001/"


def test_reading_on_meets_each_row_once_whatever_is_put_in_or_renamed_meanwhile(client):
    wanted = {procedure().code for _ in range(5)}
    answer = get(client, "procedures", limit=2)
    seen = codes(answer)
    procedure(short_name="A đứng đầu danh sách")
    last = procedure()
    last.short_name = "A"
    last.save()

    while answer["next"]:
        answer = read_on(client, answer)
        seen += codes(answer)

    assert len(seen) == len(set(seen))
    assert wanted <= set(seen)


def test_a_ranking_is_read_on_behind_the_last_row_given(client):
    for number in range(4):
        procedure(code=f"1.00000{number}", short_name=f"Cấp giấy phép bức xạ {number}", keywords="bức xạ")
    first = get(client, "procedures", q="bức xạ", limit=2)
    procedure(code="1.000009", short_name="Bức xạ")

    rest = codes(read_on(client, first))

    assert not set(rest) & set(codes(first))
    assert set(codes(first) + rest) >= {f"1.00000{number}" for number in range(4)} - {codes(first)[0]}


def test_the_next_address_keeps_the_choices(client):
    for _ in range(3):
        procedure(online_level="full")
    procedure(online_level="none")

    answer = get(client, "procedures", online="full", limit=2)

    assert "online=full" in answer["next"]
    assert "limit=2" in answer["next"]
    assert len(read_on(client, answer)["items"]) == 1


def test_a_procedure_is_told_with_all_its_parts(client):
    one = procedure(code="1.000001", methods__time_limit=5, fees__amount=500_000, legal_bases=None, items=None)
    case = DossierCaseFactory(procedure=one, name="Gia hạn")
    form = FormFileFactory(name="Mẫu số 1", url="https://example.org/1.docx")
    DossierItemFactory(procedure=one, case=case, name="Đơn", originals=1, copies=2, form=form)
    LegalBasisFactory(procedure=one, document__number="63/2010/NĐ-CP")

    told = get(client, "procedures/1.000001")

    assert told["steps"] == "Bước 1: Nộp hồ sơ.\nBước 2: Nhận kết quả."
    assert told["requirements"] is None
    assert told["methods"] == [
        {
            "channel": "direct",
            "time_limit": 5,
            "time_unit": "working_day",
            "time_text": None,
            "description": None,
        }
    ]
    assert [(fee["kind"], fee["amount"]) for fee in told["fees"]] == [("fee", 500_000)]
    assert told["dossier_items"] == [
        {
            "name": "Đơn",
            "case": "Gia hạn",
            "originals": 1,
            "copies": 2,
            "form": {"name": "Mẫu số 1", "url": "https://example.org/1.docx"},
            "note": None,
        }
    ]
    assert told["legal_bases"][0]["document"]["url"] == "http://testserver/api/v1/documents/63-2010-nd-cp"


def test_free_and_unknown_are_told_apart(client):
    free, unknown = procedure(fees=None), procedure(fees=None)
    FeeFactory(procedure=free, free=True)
    FeeFactory(procedure=unknown, unknown=True)

    states = [get(client, f"procedures/{each.code}")["fees"][0]["state"] for each in (free, unknown)]

    assert states == [Fee.State.FREE, Fee.State.UNKNOWN]


def test_half_a_day_is_a_number(client):
    procedure(code="1.000001", methods__time_limit="0.5")

    assert get(client, "procedures/1.000001")["methods"][0]["time_limit"] == 0.5


@pytest.mark.parametrize("address", ["procedures/9.999999", "procedures/x", "procedures/1.000001/versions"])
def test_what_is_not_public_is_not_found(client, address):
    ProcedureFactory(code="1.000001")

    response = client.get(f"{ROOT}{address}")

    assert response.status_code == 404
    assert response.json()["status"] == 404


# Versions.


@pytest.fixture
def changed():
    """A procedure whose fee rose on 2026-07-01."""
    one = procedure(code="1.000001", fees__amount=100_000, in_force_from=date(2024, 1, 1))
    versions.record(one, valid_from=date(2024, 1, 1), change=None, at=PUBLISHED_AT)
    one.fees.update(amount=200_000)
    amendment = change(procedure=one, effective_on=date(2026, 7, 1), kind=Kind.FEE, sentence="Phí tăng.")
    versions.record(one, valid_from=date(2026, 7, 1), change=amendment, at=PUBLISHED_AT)
    return one


def test_versions_are_told_newest_first_with_their_days_and_changes(client, changed):
    first, second = get(client, "procedures/1.000001/versions")["items"]

    assert (first["valid_from"], first["valid_to"]) == ("2026-07-01", None)
    assert first["change"]["sentence"] == "Phí tăng."
    assert (second["valid_from"], second["valid_to"]) == ("2024-01-01", "2026-06-30")
    assert second["change"] is None


def test_a_version_holds_what_was_in_force(client, changed):
    old = get(client, "procedures/1.000001/versions")["items"][1]["url"]

    told = client.get(old).json()

    assert told["code"] == "1.000001"
    assert told["fees"][0]["amount"] == 100_000
    assert told["legal_bases"][0]["document"]["number"]


def test_versions_are_read_on(client, changed):
    first = get(client, "procedures/1.000001/versions", limit=1)
    second = read_on(client, first)

    assert first["total"] == second["total"] == 2
    assert [each["items"][0]["valid_from"] for each in (first, second)] == ["2026-07-01", "2024-01-01"]
    assert second["items"][0]["valid_to"] == "2026-06-30"
    assert second["next"] is None


@pytest.mark.parametrize(("day", "amount"), [("2026-06-30", 100_000), ("2026-07-01", 200_000)])
def test_a_procedure_is_told_as_of_a_day(client, changed, day, amount):
    assert get(client, "procedures/1.000001", on=day)["fees"][0]["amount"] == amount


@pytest.mark.parametrize("address", ["procedures/1.000001?on=2023-12-31", "procedures/1.000001/versions/2025-01-01"])
def test_a_day_of_which_nothing_is_kept_is_not_found(client, changed, address):
    assert client.get(f"{ROOT}{address}").status_code == 404


# Changes.


def test_only_published_changes_are_told_the_latest_day_first(client):
    change(effective_on=date(2026, 7, 1), sentence="Cũ.")
    change(effective_on=date(2026, 11, 1), sentence="Mới.")
    ProcedureChangeFactory(sentence="Chưa công bố.")

    answer = get(client, "changes")

    assert [item["sentence"] for item in answer["items"]] == ["Mới.", "Cũ."]
    assert answer["total"] == 2


def test_a_change_names_procedure_successor_and_document(client):
    one = change(kind=Kind.REPLACED, successor=procedure(code="2.000002"), procedure__code="1.000001")

    told = get(client, "changes")["items"][0]

    assert told["id"] == one.pk
    assert told["procedure"]["code"] == "1.000001"
    assert told["successor"]["url"] == "http://testserver/api/v1/procedures/2.000002"
    assert told["document"]["number"] == one.decision.document.number
    assert told["published_at"] == "2026-11-02T01:00:00Z"


def test_a_change_of_a_procedure_that_is_not_public_leads_nowhere(client):
    change(procedure=ProcedureFactory(code="1.000001"))

    assert get(client, "changes")["items"][0]["procedure"]["url"] is None


@pytest.mark.parametrize(
    ("parameter", "value", "count"),
    [
        ("since", "2026-07-01", 1),
        ("since", "2026-07-02", 0),
        ("published_since", "2026-11-02", 1),
        ("published_since", "2026-11-03", 0),
        ("kind", "fee", 1),
        ("kind", "new", 0),
        ("field", "do-luong", 1),
        ("field", "an-toan-buc-xa", 0),
        ("procedure", "1.000001", 1),
        ("procedure", "1.000002", 0),
        ("document", "1-qd-ubnd", 1),
        ("document", "2-qd-ubnd", 0),
    ],
)
def test_changes_may_be_narrowed(client, parameter, value, count):
    ProcedureChangeFactory(
        decision=DecisionFactory(published=True, document__number="1/QĐ-UBND"),
        procedure=procedure(code="1.000001", field=FieldFactory(slug="do-luong")),
        effective_on=date(2026, 7, 1),
        kind=Kind.FEE,
    )

    assert get(client, "changes", **{parameter: value})["total"] == count


def test_a_change_to_come_says_so(client):
    tomorrow = timezone.localdate() + timedelta(days=1)
    change(effective_on=tomorrow)
    change(effective_on=tomorrow - timedelta(days=1))

    assert [item["state"] for item in get(client, "changes")["items"]] == ["upcoming", "in_effect"]


def test_changes_of_one_day_are_read_on_without_loss(client):
    wanted = {change(effective_on=date(2026, 7, 1)).pk for _ in range(5)}
    answer = get(client, "changes", limit=2)
    seen = [item["id"] for item in answer["items"]]
    change(effective_on=date(2026, 8, 1))

    while answer["next"]:
        answer = read_on(client, answer)
        seen += [item["id"] for item in answer["items"]]

    assert sorted(seen) == sorted(wanted)


# Documents, fees, fields.


def test_documents_are_found_by_words_kind_and_state(client):
    LegalDocumentFactory(
        number="63/2010/NĐ-CP", title="Kiểm soát thủ tục hành chính", kind="decree", valid_from=date(2010, 10, 14)
    )
    LegalDocumentFactory(number="1/2020/TT-BKHCN", title="Khác", kind="circular", valid_to=date(2021, 1, 1))

    def numbers(**parameters):
        return [item["number"] for item in get(client, "documents", **parameters)["items"]]

    assert numbers() == ["63/2010/NĐ-CP", "1/2020/TT-BKHCN"]
    assert numbers(q="kiem soat") == ["63/2010/NĐ-CP"]
    assert numbers(kind="circular") == ["1/2020/TT-BKHCN"]
    assert numbers(state="in_force") == ["63/2010/NĐ-CP"]
    assert numbers(state="lapsed") == ["1/2020/TT-BKHCN"]


def test_the_document_of_a_decision_not_yet_published_is_not_told(client):
    draft = DecisionFactory()

    assert get(client, "documents")["total"] == 0
    assert client.get(f"{ROOT}documents/{draft.document.slug}").status_code == 404


def test_a_document_is_told_with_relations_both_ways_and_public_procedures(client):
    amending, amended = LegalDocumentFactory(number="2/2025/NĐ-CP"), LegalDocumentFactory(number="1/2020/NĐ-CP")
    DocumentRelation.objects.create(document=amending, target=amended, kind=DocumentRelation.Kind.AMENDS)
    LegalBasisFactory(procedure=procedure(code="1.000001"), document=amended)
    LegalBasisFactory(procedure=ProcedureFactory(code="1.000002"), document=amended)

    told, other = (get(client, f"documents/{each.slug}") for each in (amended, amending))

    assert told["relations"] == other["relations"]
    assert told["relations"][0]["kind"] == "amends"
    assert told["relations"][0]["target"]["number"] == "1/2020/NĐ-CP"
    assert codes({"items": told["procedures"]}) == ["1.000001"]


def test_fees_are_those_of_today_of_procedures_in_force(client):
    one = procedure(code="1.000001", fees__amount=100)
    FeeFactory(procedure=one, amount=200, valid_from=timezone.localdate() + timedelta(days=1))
    procedure(code="1.000002", in_force_to=date(2020, 1, 1))
    ProcedureFactory()

    answer = get(client, "fees")

    assert [(item["procedure"]["code"], item["amount"]) for item in answer["items"]] == [("1.000001", 100)]
    assert get(client, "fees", procedure="1.000002")["total"] == 0
    assert get(client, "fees", state="free")["total"] == 0
    assert get(client, "fees", field=one.field.slug)["total"] == 1


def test_fees_and_documents_are_read_on(client):
    for _ in range(3):
        procedure()

    for address in ("fees", "documents"):
        first = get(client, address, limit=2)
        rest = read_on(client, first)
        assert (len(first["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)


def test_fields_tell_their_unit_and_how_many_procedures_they_have(client):
    field = FieldFactory(name="Đo lường", unit=UnitFactory(name="Chi cục"))
    procedure(field=field)
    FieldFactory(name="Trống")

    assert get(client, "fields")["items"] == [
        {
            "slug": "do-luong",
            "name": "Đo lường",
            "description": None,
            "unit": "Chi cục",
            "procedures_in_force": 1,
            "page": "http://testserver/thu-tuc/linh-vuc/do-luong/",
        }
    ]


# What every address does.

ADDRESSES = ["procedures", "procedures?q=giay", "changes", "documents", "fees", "fields"]


def queries(client, address):
    client.get(f"{ROOT}{address}")
    with CaptureQueriesContext(connection) as found:
        client.get(f"{ROOT}{address}")
    return len(found)


@pytest.mark.parametrize("address", [*ADDRESSES, "procedures/1.000002", "procedures/1.000002/versions"])
def test_the_number_of_queries_does_not_grow_with_the_rows(client, address):
    for number in range(3):
        one = procedure(code=f"1.00000{number}")
        versions.record(one, valid_from=date(2024, 1, 1), change=change(procedure=one), at=PUBLISHED_AT)
        versions.record(one, valid_from=date(2025, 1, 1), change=change(procedure=one), at=PUBLISHED_AT)
        for _ in range(number * 3):
            DossierItemFactory(procedure=one, form=FormFileFactory())
            LegalBasisFactory(procedure=one)
    few = queries(client, address)
    for _ in range(6):
        another = change().procedure
        versions.record(another, valid_from=date(2024, 1, 1), change=None, at=PUBLISHED_AT)
    for day in range(1, 5):
        versions.record(one, valid_from=date(2024, 2, day), change=change(procedure=one), at=PUBLISHED_AT)

    assert queries(client, address) <= few <= 12


@pytest.mark.parametrize("address", [*ADDRESSES, "openapi.json"])
def test_nothing_is_sent_again_while_nothing_changes(client, address):
    procedure()
    first = client.get(f"{ROOT}{address}")

    again = client.get(f"{ROOT}{address}", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


def test_a_change_makes_another_tag(client):
    one = procedure(code="1.000001")
    first = client.get(f"{ROOT}procedures/1.000001").headers["ETag"]
    one.steps = "Bước 1: Khác."
    one.save()

    assert client.get(f"{ROOT}procedures/1.000001", headers={"If-None-Match": first}).status_code == 200


@pytest.mark.parametrize("address", [*ADDRESSES, "openapi.json", "khong-co", ""])
def test_other_sites_may_read_and_no_cookie_is_set(client, address):
    response = client.get(f"{ROOT}{address}", headers={"Origin": "https://example.org"})

    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert not response.cookies
    assert "cookie" not in response.headers.get("Vary", "").lower()


def test_a_browser_that_asks_first_is_told_what_it_may(client):
    response = client.options(f"{ROOT}procedures", headers={"Access-Control-Request-Method": "GET"})

    assert response.status_code == 204
    assert response.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


def test_each_wrong_parameter_is_named_with_what_to_write(client):
    response = client.get(f"{ROOT}procedures?limit=0&online=fast&page=2&q=a&q=b&cursor=x")

    told = response.json()
    assert response.status_code == told["status"] == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert {each["name"]: each["detail"] for each in told["parameters"]} == {
        "limit": "Ghi một số từ 1 đến 100.",
        "online": "Ghi một trong các giá trị: full, partial, info_only, none, unknown.",
        "page": "Bỏ tham số này: địa chỉ này không có.",
        "q": "Ghi tham số này một lần.",
        "cursor": "Dùng nguyên địa chỉ trong “next” của lần trả lời trước.",
    }


@pytest.mark.parametrize("day", ["2026-7-1", "20260701", "2026-W27-1", "2026-02-30", "hôm qua", ""])
def test_a_day_has_one_form(client, day):
    assert client.get(f"{ROOT}changes", {"since": day}).status_code == 400


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(method):
    response = getattr(Client(enforce_csrf_checks=True), method)(f"{ROOT}procedures")

    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert response.headers["Content-Type"] == "application/problem+json"


def test_a_page_still_asks_for_its_form_token():
    assert Client(enforce_csrf_checks=True).post("/thu-tuc/").status_code == 403


@pytest.mark.parametrize(("accept", "status"), [("text/html", 406), ("application/*", 200), ("*/*", 200)])
def test_only_json_is_there(client, accept, status):
    assert client.get(f"{ROOT}fields", headers={"Accept": accept}).status_code == status


def test_the_head_of_an_answer_is_that_of_the_whole(client):
    procedure()

    head, whole = client.head(f"{ROOT}procedures"), client.get(f"{ROOT}procedures")

    assert head.content == b""
    assert head.headers["ETag"] == whole.headers["ETag"]


def test_the_guide_names_every_address_and_parameter(client):
    html = client.get("/api/").content.decode()

    for path, item in client.get("/api/v1/openapi.json").json()["paths"].items():
        assert path in html
        for parameter in item["get"]["parameters"]:
            assert parameter["name"] in html


def test_the_examples_of_the_guide_work(client):
    found = re.findall(r'href="(http://testserver/api/v1/[^"]+)"', client.get("/api/").content.decode())

    assert len(found) == 4
    for address in found:
        assert client.get(address.replace("&amp;", "&")).status_code == 200
