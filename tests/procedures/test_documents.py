"""The library of documents: what is in force on a day, what a list finds, and what the page of one tells."""

import unicodedata
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.urls import reverse

from procedures import documents
from procedures.importing import bases
from procedures.models import Decision, DocumentFile, DocumentRelation, LegalDocument
from tests.factories import (
    DecisionFactory,
    LegalBasisFactory,
    LegalDocumentFactory,
    OrganisationFactory,
    ProcedureChangeFactory,
    ProcedureFactory,
)
from tests.html import Page

LIST = reverse("procedures:document-list")
DAY = date(2026, 11, 24)

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return Page(response).text.replace("\u00a0", " ")


def found(client, address: str) -> list[str]:
    """The slugs of the documents that a list shows, in its order."""
    links = [link["href"] for link in Page(client.get(address)).all("a")]
    return [
        link.removeprefix(LIST).strip("/")
        for link in links
        if link.startswith(LIST) and link[len(LIST) :].endswith("/")
    ]


# The state on a day.


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "checked_on", "question", "label"),
    [
        (date(2010, 10, 14), None, None, "in_force", "Còn hiệu lực"),
        (DAY, DAY, None, "in_force", "Còn hiệu lực"),
        (None, None, DAY, "in_force", "Còn hiệu lực"),
        (None, DAY, date(2026, 1, 1), "in_force", "Còn hiệu lực"),
        (DAY + timedelta(days=1), None, None, "upcoming", "Có hiệu lực từ 25/11/2026"),
        (DAY + timedelta(days=1), None, DAY, "upcoming", "Có hiệu lực từ 25/11/2026"),
        (None, date(2025, 6, 30), DAY, "lapsed", "Hết hiệu lực"),
        (date(2018, 6, 21), DAY - timedelta(days=1), None, "lapsed", "Hết hiệu lực"),
        (None, None, None, "of_unknown_state", "Hiệu lực: chưa có thông tin"),
        (None, DAY, None, "of_unknown_state", "Hiệu lực: chưa có thông tin"),
        (None, None, DAY + timedelta(days=1), "of_unknown_state", "Hiệu lực: chưa có thông tin"),
    ],
)
def test_each_document_has_one_state_on_a_day(valid_from, valid_to, checked_on, question, label):
    document = LegalDocumentFactory(valid_from=valid_from, valid_to=valid_to, checked_on=checked_on)

    answers = {name for name, _ in documents.STATE.values.values() if getattr(LegalDocument.objects, name)(DAY)}

    assert answers == {question}
    assert documents.status(document, DAY).label == label


def test_the_state_changes_at_the_end_of_the_last_day():
    document = LegalDocumentFactory(valid_from=date(2018, 6, 21), valid_to=date(2025, 6, 30))

    assert documents.status(document, date(2025, 6, 30)).label == "Còn hiệu lực"
    assert documents.status(document, date(2025, 7, 1)).label == "Hết hiệu lực"


# What a number tells.


@pytest.mark.parametrize(
    ("number", "kind", "year"),
    [
        ("63/2010/NĐ-CP", "decree", 2010),
        ("09/2026/TT-BTP", "circular", 2026),
        ("05/2016/TTLT-BKHCN-BTTTT", "circular", 2016),
        ("94/2025/QH15", "law", 2025),
        ("66.18/2026/NQ-CP", "resolution", 2026),
        ("30/CT-TTg", "directive", None),
        ("3578/QĐ-BKHCN", "decision", None),
        ("02/2026/QĐ-TTg", "decision", 2026),
        ("…/KH-SKHCN (2024)", "plan", 2024),
        ("Luật Đất đai", "other", None),
    ],
)
def test_a_number_tells_kind_and_year(number, kind, year):
    document = LegalDocumentFactory(number=number)

    assert bases.kind_of(number) == kind
    assert document.year == year


def test_the_day_of_issue_tells_the_year_better():
    assert LegalDocumentFactory(number="3854/QĐ-UBND", issued_on=date(2023, 12, 29)).year == 2023


@pytest.mark.parametrize(
    ("number", "kind", "name"),
    [
        ("63/2010/NĐ-CP", "decree", "Nghị định 63/2010/NĐ-CP"),
        ("3578/QĐ-BKHCN", "publication_decision", "Quyết định 3578/QĐ-BKHCN"),
        ("Luật Đất đai", "law", "Luật Đất đai"),
        ("Luật Đất đai", "other", "Luật Đất đai"),
    ],
)
def test_a_document_is_named_as_people_say_it(number, kind, name):
    assert documents.name(LegalDocumentFactory(number=number, kind=kind)) == name


# The list.


@pytest.fixture
def library():
    OrganisationFactory()
    LegalDocumentFactory(
        number="63/2010/NĐ-CP",
        kind="decree",
        title="Về kiểm soát thủ tục hành chính",
        issuer="Chính phủ",
        issued_on=date(2010, 6, 8),
        valid_from=date(2010, 10, 14),
    )
    LegalDocumentFactory(
        number="163/2010/TT-BTC",
        kind="circular",
        title="Phí thẩm định",
        issuer="Bộ Tài chính",
        issued_on=date(2010, 9, 1),
        valid_to=date(2020, 1, 1),
    )
    LegalDocumentFactory(
        number="94/2025/QH15",
        kind="law",
        title="Luật Năng lượng nguyên tử",
        issuer="Quốc hội",
        valid_from=date(2026, 1, 1),
    )


@pytest.mark.parametrize(
    "typed",
    ["kiểm soát thủ tục", "kiem soat thu tuc", "KIEM  SOÁT", "63/2010/nđ-cp", "63-2010-nd-cp", "kiem chinh phu"],
)
def test_words_find_a_document_with_and_without_marks(client, library, typed):
    assert "63-2010-nd-cp" in found(client, f"{LIST}?q={typed}")


def test_decomposed_letters_find_as_well(client, library):
    typed = unicodedata.normalize("NFD", "kiểm soát thủ tục")

    assert found(client, f"{LIST}?q={typed}") == ["63-2010-nd-cp"]


def test_a_number_that_begins_as_typed_stands_first(client, library):
    assert found(client, f"{LIST}?q=63/2010") == ["63-2010-nd-cp", "163-2010-tt-btc"]


def test_the_newest_stand_first(client, library):
    assert found(client, LIST) == ["94-2025-qh15", "163-2010-tt-btc", "63-2010-nd-cp"]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("loai=nghi-dinh", ["63-2010-nd-cp"]),
        ("co-quan=bo-tai-chinh", ["163-2010-tt-btc"]),
        ("nam=2010", ["163-2010-tt-btc", "63-2010-nd-cp"]),
        ("nam=2010&hieu-luc=con-hieu-luc", ["63-2010-nd-cp"]),
        ("hieu-luc=het-hieu-luc", ["163-2010-tt-btc"]),
        ("q=phi&loai=nghi-dinh", []),
    ],
)
def test_choices_combine(client, library, query, wanted):
    assert found(client, f"{LIST}?{query}") == wanted


def test_an_office_written_in_two_ways_is_one_choice(client):
    LegalDocumentFactory(number="1/2025/QĐ", issuer="UBND tỉnh Bà Rịa - Vũng Tàu")
    LegalDocumentFactory(number="2/2025/QĐ", issuer="UBND tỉnh Bà Rịa – Vũng Tàu")

    response = client.get(f"{LIST}?co-quan=ubnd-tinh-ba-ria-vung-tau")

    assert response.context["list"].page.paginator.count == 2
    assert [choice.count for choice in response.context["list"].selects[1].choices] == [2]


def test_each_choice_says_how_many_it_would_leave_of_the_others(client, library):
    selects = {select.facet.parameter: select for select in client.get(f"{LIST}?nam=2010").context["list"].selects}

    def counts(parameter):
        return {choice.value: choice.count for choice in selects[parameter].choices}

    assert counts("nam") == {"2025": 1, "2010": 2}
    assert counts("loai") == {"nghi-dinh": 1, "thong-tu": 1}
    assert counts("co-quan") == {"bo-tai-chinh": 1, "chinh-phu": 1}
    assert counts("hieu-luc") == {"con-hieu-luc": 1, "het-hieu-luc": 1}


def test_what_is_not_understood_is_left_out_and_said(client, library):
    response = client.get(f"{LIST}?nam=abc&loai=decree&hieu-luc=con-hieu-luc")

    assert "đã bỏ qua" in text_of(response)
    assert response.context["list"].page.paginator.count == 2


def test_the_empty_fields_of_a_form_leave_the_address(client, library):
    response = client.get(f"{LIST}?q=phi&loai=&nam=2010")

    assert response.headers["Location"] == f"{LIST}?q=phi&nam=2010"


def test_an_empty_list_says_what_to_do(client, library):
    text = text_of(client.get(f"{LIST}?q=khong-co"))

    assert "Không tìm thấy văn bản với từ “khong-co”" in text
    assert "Xem tất cả văn bản" in text


def test_an_empty_library_says_so(client):
    assert "Chưa có văn bản nào." in text_of(client.get(LIST))


@pytest.mark.parametrize("query", ["q=%00", "q=%25", "trang=-1", "trang=x", "q=" + "a" * 5000, "nam=2010%00"])
def test_nothing_that_is_typed_breaks_the_list(client, library, query):
    assert client.get(f"{LIST}?{query}", follow=True).status_code == 200


def test_the_list_costs_the_same_whatever_it_holds(client, library, django_assert_max_num_queries):
    LegalDocumentFactory.create_batch(45, issuer="Chính phủ", issued_on=DAY)

    with django_assert_max_num_queries(13):
        response = client.get(f"{LIST}?q=quy")

    assert len(found(client, f"{LIST}?q=quy&trang=3")) == 5
    assert response.context["list"].page.paginator.count == 45


# The page of a document.


def test_relations_are_read_from_both_ends(client):
    old, new = LegalDocumentFactory(number="61/2018/NĐ-CP"), LegalDocumentFactory(number="118/2025/NĐ-CP")
    new.relations.create(target=old, kind="replaces", note="Điều 40 khoản 1")

    of_old, of_new = text_of(client.get(old.get_absolute_url())), text_of(client.get(new.get_absolute_url()))

    assert "Được thay thế bởi" in of_old
    assert "118/2025/NĐ-CP" in of_old
    assert "Điều 40 khoản 1" in of_old
    assert "Thay thế" in of_new
    assert "61/2018/NĐ-CP" in of_new


def test_a_document_has_no_relation_to_itself():
    document = LegalDocumentFactory()

    with pytest.raises(ValidationError, match="chính nó"):
        DocumentRelation(document=document, target=document, kind="amends").full_clean()
    with pytest.raises(IntegrityError):
        document.relations.create(target=document, kind="amends")


def test_what_is_not_known_is_said_to_be_so(client):
    text = text_of(client.get(LegalDocumentFactory(issuer="").get_absolute_url()))

    assert "Hiệu lực: chưa có thông tin" in text
    assert text.count("Chưa có thông tin") == 4


def test_the_note_is_shown(client):
    document = LegalDocumentFactory(note="Chưa đọc được bản gốc.")

    assert "Chưa đọc được bản gốc." in text_of(client.get(document.get_absolute_url()))


def test_files_show_type_size_and_text(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    document = LegalDocumentFactory()
    file = SimpleUploadedFile("Quyết định (ký).PDF", b"%PDF-1.7" + b" " * 2040)
    stored = document.files.create(title="Toàn văn", file=file, text="Điều 1. Phạm vi\n<script>")
    document.files.create(title="Phụ lục I", text="Danh mục")

    response = client.get(document.get_absolute_url())

    assert stored.file.name.startswith("van-ban/")
    assert "quy" not in stored.file.name.casefold()
    assert "Tải tệp (PDF, 2,0 KB): Toàn văn" in text_of(response)
    assert "Điều 1. Phạm vi" in text_of(response)
    assert "&lt;script&gt;" in response.content.decode()
    assert "Danh mục" in text_of(response)


def test_a_file_that_is_gone_is_offered_without_its_size(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    document = LegalDocumentFactory()
    document.files.create(title="Toàn văn", file="van-ban/mat.pdf")

    assert "Tải tệp (PDF)" in text_of(client.get(document.get_absolute_url()))


def test_a_file_needs_a_file_or_a_text():
    with pytest.raises(ValidationError, match="Chọn tệp hoặc ghi nội dung chữ"):
        DocumentFile(document=LegalDocumentFactory(), title="Toàn văn").full_clean()


def test_the_public_procedures_that_rest_on_it_are_listed_by_the_page(client):
    document = LegalDocumentFactory()
    for _ in range(21):
        LegalBasisFactory(document=document, procedure=ProcedureFactory(published=True, legal_bases=None))
    LegalBasisFactory(document=document, procedure=ProcedureFactory(short_name="Còn là bản nháp", legal_bases=None))

    first = client.get(document.get_absolute_url())
    second = client.get(f"{document.get_absolute_url()}?trang=2")

    assert "21 thủ tục" in text_of(first)
    assert "Còn là bản nháp" not in text_of(first)
    assert [len(response.context["page"].procedures.object_list) for response in (first, second)] == [20, 1]


def test_a_decision_shows_the_procedures_that_it_published(client):
    decision = LegalDocumentFactory(number="3578/QĐ-BKHCN", kind="publication_decision", issued_on=date(2025, 12, 1))
    ProcedureFactory(
        published=True, short_name="Cùng ngày", decision_number="3578/QĐ-BKHCN", decision_on=date(2025, 12, 1)
    )
    ProcedureFactory(published=True, short_name="Không rõ ngày", decision_number="3578/QĐ-BKHCN")
    ProcedureFactory(
        published=True, short_name="Năm khác", decision_number="3578/QĐ-BKHCN", decision_on=date(2024, 5, 1)
    )

    text = text_of(client.get(decision.get_absolute_url()))

    assert "Cùng ngày" in text
    assert "Không rõ ngày" in text
    assert "Năm khác" not in text


def test_the_changes_of_a_published_decision_are_shown(client):
    change = ProcedureChangeFactory(decision=DecisionFactory(published=True), sentence="Giảm còn 15 ngày.")

    text = text_of(client.get(change.decision.document.get_absolute_url()))

    assert "Thay đổi thủ tục theo văn bản này" in text
    assert change.procedure.title in text
    assert "Giảm còn 15 ngày." in text


@pytest.mark.parametrize("status", [Decision.Status.DRAFT, Decision.Status.PROPOSED, Decision.Status.RETURNED])
def test_nothing_tells_of_a_decision_that_is_not_published(client, status):
    decision = DecisionFactory(status=status)
    known = LegalDocumentFactory()
    decision.document.relations.create(target=known, kind="amends")

    assert client.get(decision.document.get_absolute_url()).status_code == 404
    assert decision.document.slug not in found(client, LIST)
    assert decision.document.number not in text_of(client.get(known.get_absolute_url()))


def test_a_document_on_which_public_procedures_rest_stays_while_a_decision_is_drafted_about_it(client):
    decision = DecisionFactory()
    LegalBasisFactory(document=decision.document, procedure=ProcedureFactory(published=True, legal_bases=None))

    assert client.get(decision.document.get_absolute_url()).status_code == 200


def test_an_unknown_document_is_not_there(client):
    assert client.get(f"{LIST}khong-co/").status_code == 404


def test_the_page_costs_the_same_whatever_it_holds(client, django_assert_max_num_queries):
    document = DecisionFactory(published=True).document
    for _ in range(12):
        LegalBasisFactory(document=document, procedure=ProcedureFactory(published=True, legal_bases=None))
        document.relations.create(target=LegalDocumentFactory(), kind="amends")
        document.files.create(title="Phụ lục", text="Chữ")
        ProcedureChangeFactory(decision=document.decision)

    with django_assert_max_num_queries(11):
        client.get(document.get_absolute_url())


def test_no_page_sets_a_cookie(client, library):
    for address in (LIST, f"{LIST}?q=phi", f"{LIST}63-2010-nd-cp/"):
        response = client.get(address)

        assert not response.cookies
        assert "Cookie" not in response.headers.get("Vary", "")


def test_pages_are_only_read(client, library):
    assert client.post(LIST).status_code == 405
    assert client.post(f"{LIST}63-2010-nd-cp/").status_code == 405


# From a procedure to its documents.


def test_a_legal_basis_leads_to_its_page(client):
    basis = LegalBasisFactory(procedure=ProcedureFactory(published=True, legal_bases=None))

    page = Page(client.get(basis.procedure.get_absolute_url()))

    assert page.all("a", href=basis.document.get_absolute_url())


def test_the_decision_is_a_link_where_the_library_has_it(client):
    known = LegalDocumentFactory(number="1234/QĐ-UBND", issued_on=date(2025, 3, 1))
    with_page = ProcedureFactory(published=True, decision_number="1234/QĐ-UBND")
    of_other_year = ProcedureFactory(published=True, decision_number="1234/QĐ-UBND", decision_on=date(2024, 3, 1))
    without = ProcedureFactory(published=True, decision_number="99/QĐ-UBND")

    def leads_there(procedure):
        return bool(Page(client.get(procedure.get_absolute_url())).all("a", href=known.get_absolute_url()))

    assert leads_there(with_page)
    assert not leads_there(of_other_year)
    assert not leads_there(without)


def test_the_section_is_in_menu_and_site_map(client):
    OrganisationFactory()

    assert Page(client.get("/")).all("a", href=LIST)
    assert Page(client.get(reverse("site-map"))).all("a", href=LIST)
    assert Page(client.get(LIST)).all("a", href=LIST, **{"aria-current": "page"})


@pytest.mark.parametrize(
    ("issuer", "issued_on", "line"),
    [
        ("Chính phủ", date(2010, 6, 8), "Chính phủ ban hành ngày 08/6/2010."),
        ("Chính phủ", None, "Cơ quan ban hành: Chính phủ."),
        ("", date(2010, 6, 8), "Ban hành ngày 08/6/2010."),
        ("", None, "Hiệu lực: chưa có thông tin."),
    ],
)
def test_a_line_of_the_list_says_who_issued_it_and_when(client, issuer, issued_on, line):
    LegalDocumentFactory(issuer=issuer, issued_on=issued_on)

    assert line in text_of(client.get(LIST))
