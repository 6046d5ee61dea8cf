"""Staff keep the library of documents."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from portal import roles
from procedures.models import LegalDocument
from tests.factories import LegalBasisFactory, LegalDocumentFactory, UserFactory
from tests.html import Page

LIST = reverse("admin:procedures_legaldocument_changelist")
ADD = reverse("admin:procedures_legaldocument_add")
PDF = b"%PDF-1.7 van ban"

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client):
    client.force_login(UserFactory(role=roles.OFFICE))
    return client


def rows(prefix: str, *given: dict) -> dict:
    sent = {f"{prefix}-TOTAL_FORMS": len(given), f"{prefix}-INITIAL_FORMS": 0}
    return sent | {
        f"{prefix}-{number}-{name}": value for number, row in enumerate(given) for name, value in row.items()
    }


def sent(files: tuple = (), relations: tuple = (), **values) -> dict:
    return {
        "number": "118/2025/NĐ-CP",
        "kind": "decree",
        **values,
        **rows("files", *files),
        **rows("relations", *relations),
        **rows("reverse_relations"),
    }


def change_page(document: LegalDocument) -> str:
    return reverse("admin:procedures_legaldocument_change", args=[document.pk])


def test_a_document_is_entered_with_its_relations_and_files(office, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    old = LegalDocumentFactory(number="61/2018/NĐ-CP")
    file = {"title": "Toàn văn", "file": SimpleUploadedFile("ban-ky.pdf", PDF), "order": 0}
    relation = {"kind": "replaces", "target": old.pk, "note": "Điều 40"}

    response = office.post(ADD, sent((file,), (relation,), valid_from="01/7/2025", title="Về cơ chế một cửa"))

    assert response.status_code == 302
    document = LegalDocument.objects.get(number="118/2025/NĐ-CP")
    assert (document.slug, document.valid_from) == ("118-2025-nd-cp", date(2025, 7, 1))
    assert [(row.kind, row.target) for row in document.relations.all()] == [("replaces", old)]
    assert document.files.get().file.name.endswith(".pdf")
    assert "118/2025/NĐ-CP" in office.get(change_page(old)).content.decode()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("van-ban.exe", b"MZ", "không dùng được"),
        ("van-ban.pdf", b"<html>", "không phải PDF"),
        ("van-ban.pdf", PDF + b" " * 10 * 1024 * 1024, "lớn hơn 10 MB"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(office, name, content, why):
    file = {"title": "Toàn văn", "file": SimpleUploadedFile(name, content), "order": 0}

    response = office.post(ADD, sent((file,)))

    assert why in response.content.decode()
    assert not LegalDocument.objects.exists()


def test_the_last_day_may_not_be_before_the_first(office):
    response = office.post(ADD, sent(valid_from="01/7/2025", valid_to="30/6/2025"))

    assert "không được trước ngày có hiệu lực" in response.content.decode()


@pytest.mark.parametrize("typed", ["kiểm soát", "KIEM SOAT", "63/2010", "chinh phu kiem"])
def test_the_list_is_searched_with_and_without_marks(office, typed):
    LegalDocumentFactory(number="63/2010/NĐ-CP", title="Về kiểm soát thủ tục hành chính", issuer="Chính phủ")
    LegalDocumentFactory(number="47/2011/NĐ-CP", title="Bưu chính", issuer="Chính phủ")

    content = office.get(LIST, {"q": typed}).content.decode()

    assert "63/2010/NĐ-CP" in content
    assert "47/2011/NĐ-CP" not in content


def test_the_list_is_filtered_by_the_state_of_today(office):
    today = timezone.localdate()
    LegalDocumentFactory(number="1/2025/NĐ-CP", valid_from=today)
    LegalDocumentFactory(number="2/2025/NĐ-CP", valid_to=today - timedelta(days=1))
    LegalDocumentFactory(number="3/2025/NĐ-CP", valid_from=today + timedelta(days=1))
    LegalDocumentFactory(number="4/2025/NĐ-CP")

    def shown(value):
        content = office.get(LIST, {"hieu-luc": value}).content.decode()
        return [number for number in "1234" if f"{number}/2025/NĐ-CP" in content]

    assert shown("con-hieu-luc") == ["1"]
    assert shown("het-hieu-luc") == ["2"]
    assert shown("chua-co-hieu-luc") == ["3"]
    assert shown("chua-ro") == ["4"]


def test_the_lists_and_forms_cost_the_same_whatever_they_hold(office, django_assert_max_num_queries):
    document = LegalDocumentFactory()
    for _ in range(15):
        LegalBasisFactory(document=document)
        document.relations.create(target=LegalDocumentFactory(), kind="amends")
        LegalDocumentFactory().relations.create(target=document, kind="guides")
        document.files.create(title="Phụ lục", text="Chữ")

    with django_assert_max_num_queries(12):
        office.get(LIST)
    with django_assert_max_num_queries(12):
        office.get(change_page(document))


def test_a_document_on_which_procedures_rest_is_not_deleted(office):
    document = LegalBasisFactory().document

    office.post(reverse("admin:procedures_legaldocument_delete", args=[document.pk]), {"post": "yes"})

    assert LegalDocument.objects.filter(pk=document.pk).exists()


def test_the_form_leads_to_the_public_page(office):
    document = LegalDocumentFactory()

    assert Page(office.get(change_page(document))).all("a", href=document.get_absolute_url())


@pytest.mark.parametrize("role", [roles.EDITOR, roles.APPROVER, roles.FOCAL_PERSON, roles.ADMINISTRATOR])
def test_other_roles_read_only(client, role):
    client.force_login(UserFactory(role=role))
    document = LegalDocumentFactory()

    assert client.get(change_page(document)).status_code == 200
    assert client.post(change_page(document), sent(number="1/2025/NĐ-CP")).status_code == 403
    assert client.get(ADD).status_code == 403
