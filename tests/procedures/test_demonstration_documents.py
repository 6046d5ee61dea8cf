"""The documents of the 2024 plan, as the demonstration tells them."""

import json
import unicodedata
from datetime import date

import pytest
from django.conf import settings

from portal.templatetags.vietnamese import viet_date
from procedures import documents
from procedures.demonstration import documents as content
from procedures.models import LegalDocument
from tests.factories import LegalDocumentFactory

TODAY = date(2026, 11, 24)
PLAN = settings.BASE_DIR.parent / "shared" / "domain" / "PLAN-2024.txt"
# As the plan names them: number, day of issue, issuer.
NAMED = [
    ("3854/QĐ-UBND", date(2023, 12, 29), "UBND tỉnh Bà Rịa - Vũng Tàu"),
    ("63/2010/NĐ-CP", date(2010, 6, 8), "Chính phủ"),
    ("48/2013/NĐ-CP", date(2013, 5, 14), "Chính phủ"),
    ("92/2017/NĐ-CP", date(2017, 8, 7), "Chính phủ"),
    ("20/2008/NĐ-CP", date(2008, 2, 14), "Chính phủ"),
    ("61/2018/NĐ-CP", date(2018, 4, 23), "Chính phủ"),
    ("107/2021/NĐ-CP", date(2021, 12, 6), "Chính phủ"),
    ("30/CT-TTg (2018)", date(2018, 10, 30), "Thủ tướng Chính phủ"),
]

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded():
    content.load()


def state(number: str, on: date = TODAY) -> str:
    return documents.status(LegalDocument.objects.get(number=number), on).label


def test_every_document_that_the_plan_names_is_there(loaded):
    for number, issued_on, issuer in NAMED:
        document = LegalDocument.objects.get(number=number)
        assert (document.issued_on, document.issuer) == (issued_on, issuer)
        assert document.title


def test_the_plan_itself_says_that_its_number_is_blank(loaded):
    plan = LegalDocument.objects.get(kind="plan")

    assert plan.get_absolute_url() == "/van-ban/kh-skhcn-2024/"
    assert plan.issued_on is None
    assert "để trống số, ngày" in plan.note
    assert "trước ngày 15/12/2024" in plan.files.get().text


@pytest.mark.parametrize(
    "number", ["63/2010/NĐ-CP", "48/2013/NĐ-CP", "92/2017/NĐ-CP", "20/2008/NĐ-CP", "118/2025/NĐ-CP"]
)
def test_what_is_in_force_today(loaded, number):
    assert state(number) == "Còn hiệu lực"


@pytest.mark.parametrize("number", ["61/2018/NĐ-CP", "107/2021/NĐ-CP"])
def test_the_old_one_stop_decrees_ended_with_june_2025(loaded, number):
    assert state(number) == "Hết hiệu lực"
    assert state(number, date(2025, 6, 30)) != "Hết hiệu lực"
    replacing = LegalDocument.objects.get(number=number).reverse_relations.filter(kind="replaces").get().document
    assert replacing.number == "118/2025/NĐ-CP"


def test_what_could_not_be_read_says_so(loaded):
    for document in LegalDocument.objects.all():
        if document.issued_on is None or not (document.valid_from or document.valid_to):
            assert document.note or document.valid_to, document


def test_every_row_is_valid_and_composed(loaded):
    text = content.FILE.read_text(encoding="utf-8")
    assert text == unicodedata.normalize("NFC", text)
    for document in LegalDocument.objects.all():
        document.full_clean()
        for row in [*document.relations.all(), *document.files.all()]:
            row.full_clean()
    stored = LegalDocument.objects.count()
    assert stored == len(json.loads(text)["documents"])


def test_a_second_load_changes_nothing_and_no_document_that_was_there(db):
    LegalDocumentFactory(number="63/2010/NĐ-CP", title="Do Văn phòng Sở ghi")
    content.load()
    before = list(LegalDocument.objects.order_by("pk").values())

    assert content.load() == 0

    assert list(LegalDocument.objects.order_by("pk").values()) == before
    assert LegalDocument.objects.get(number="63/2010/NĐ-CP").title == "Do Văn phòng Sở ghi"


def test_titles_of_the_plan_are_those_of_the_plan(loaded):
    if not PLAN.is_file():
        pytest.skip(f"The plan is not at {PLAN}.")
    plan = " ".join(unicodedata.normalize("NFC", PLAN.read_text(encoding="utf-8")).split()).casefold()
    for number, issued_on, _ in NAMED:
        document = LegalDocument.objects.get(number=number)
        spoken = number.partition(" ")[0]
        assert spoken.casefold() in plan
        assert f"ngày {viet_date(issued_on)}" in plan, number
        if number in ("107/2021/NĐ-CP", "61/2018/NĐ-CP"):
            continue  # the plan names one title for both
        assert document.title.removeprefix("Về ").casefold() in plan, number
