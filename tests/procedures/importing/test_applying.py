"""One record into the catalogue: new, changed, unchanged or refused, whole or not at all."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError
from reversion.models import Version

from procedures import importing
from procedures.importing import applying
from procedures.importing.records import BasisRecord, FeeRecord, FormRecord, ItemRecord, MethodRecord, Record
from procedures.models import Field, FormFile, LegalDocument, Procedure
from tests.factories import FieldFactory, LegalDocumentFactory, ProcedureFactory, UserFactory

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 1, tzinfo=UTC)


def record(**changes):
    values = {
        "code": "1.900001",
        "name": "Thủ tục cấp giấy phép thử",
        "source": "txt-2026",
        "file": "1.900001.txt",
        "field": "Lĩnh vực kiểm thử",
        "levels": ["province"],
        "audience": "Doanh nghiệp, Công dân Việt Nam",
        "steps": "Bước 1: Nộp đơn.",
        "methods": [MethodRecord("online", Decimal(5), "working_day")],
        "fees": [FeeRecord("fee", "amount", 2_000_000)],
        "items": [ItemRecord("Đơn đề nghị", "Trường hợp đầu", 1, 0, FormRecord("Mau.docx", "https://example.org/1"))],
        "legal_bases": [BasisRecord("01/2024/QH15", "Luật Đo mẫu")],
    }
    return Record(**{**values, **changes})


def run(day):
    return MONDAY + timedelta(days=day)


def test_a_new_code_makes_a_draft_with_all_its_parts():
    outcome = importing.apply(record(), at=MONDAY)

    procedure = Procedure.objects.get(code="1.900001")
    assert outcome.kind == "new"
    assert outcome.procedure == procedure
    assert procedure.status == "draft"
    assert (procedure.short_name, procedure.short_name_proposed) == ("Cấp giấy phép thử", True)
    assert procedure.field.name == "Lĩnh vực kiểm thử"
    assert (procedure.at_province, procedure.at_ministry) == (True, False)
    assert (procedure.for_individuals, procedure.for_businesses, procedure.for_organisations) == (True, True, False)
    assert procedure.methods.get().time_limit == 5
    assert procedure.fees.get().amount == 2_000_000
    item = procedure.items.get()
    assert (item.case.name, item.originals, item.form.url) == ("Trường hợp đầu", 1, "https://example.org/1")
    assert procedure.legal_bases.get().document.title == "Luật Đo mẫu"


def test_the_same_record_again_changes_nothing():
    importing.apply(record(), at=run(0))
    versions = Version.objects.count()
    rows = list(Procedure.objects.get().items.values_list("pk"))

    outcome = importing.apply(record(), at=run(1))

    assert (outcome.kind, outcome.changes) == ("unchanged", [])
    assert Version.objects.count() == versions
    assert list(Procedure.objects.get().items.values_list("pk")) == rows


def test_other_content_of_the_same_code_is_an_update_that_names_what_changed():
    importing.apply(record(), at=run(0))

    outcome = importing.apply(record(fees=[FeeRecord("fee", "free")], steps="Bước 1: Gửi đơn."), at=run(1))

    assert outcome.kind == "changed"
    assert {change.label: (change.old, change.new) for change in outcome.changes} == {
        "trình tự thực hiện": ("Bước 1: Nộp đơn.", "Bước 1: Gửi đơn."),
        "phí, lệ phí": ("Phí: 2.000.000 đồng", "Phí: Không thu"),
    }
    assert Procedure.objects.get().fees.get().state == "free"


def test_what_staff_edited_stays_when_the_same_record_comes_again():
    importing.apply(record(), at=run(0))
    Procedure.objects.update(steps="Bước 1: Nộp đơn ở quầy số 3.")

    importing.apply(record(), at=run(1))
    importing.apply(record(), at=run(2))

    assert Procedure.objects.get().steps == "Bước 1: Nộp đơn ở quầy số 3."


def test_a_code_twice_in_one_source_with_other_content_changes_nothing_on_the_second_run():
    both = [record(steps="Bước 1: Một."), record(steps="Bước 1: Hai.")]
    assert [importing.apply(one, at=run(0)).kind for one in both] == ["new", "changed"]

    assert [importing.apply(one, at=run(1)).kind for one in both] == ["unchanged", "unchanged"]
    assert [importing.apply(one, at=run(2)).kind for one in both] == ["unchanged", "unchanged"]
    assert Procedure.objects.get().steps == "Bước 1: Hai."


def test_two_sources_of_one_code_change_nothing_on_the_second_run():
    both = [record(source="txt-2024", steps="Bước 1: Cũ."), record()]
    assert [importing.apply(one, at=run(0)).kind for one in both] == ["new", "changed"]

    assert [importing.apply(one, at=run(1)).kind for one in both] == ["unchanged", "unchanged"]


def test_a_source_that_goes_back_to_older_content_is_an_update():
    importing.apply(record(), at=run(0))
    importing.apply(record(steps="Bước 1: Sửa."), at=run(1))

    outcome = importing.apply(record(), at=run(2))

    assert outcome.kind == "changed"
    assert Procedure.objects.get().steps == "Bước 1: Nộp đơn."


def test_the_same_record_in_another_file_is_the_same():
    importing.apply(record(), at=run(0))

    assert importing.apply(record(file="khac.txt", position="dòng 9"), at=run(1)).kind == "unchanged"


def test_a_source_that_does_not_speak_of_a_part_leaves_it_alone():
    importing.apply(record(), at=run(0))

    listed = Record(code="1.900001", name="Tên mới của thủ tục", source="list", file="ds.csv")
    outcome = importing.apply(listed, at=run(1))

    procedure = Procedure.objects.get()
    assert {change.label for change in outcome.changes} == {"tên trong quyết định công bố", "tên ngắn"}
    assert procedure.steps == "Bước 1: Nộp đơn."
    assert procedure.field
    assert (procedure.methods.count(), procedure.fees.count(), procedure.items.count()) == (1, 1, 1)
    assert procedure.legal_bases.count() == 1
    assert procedure.at_province


def test_a_source_that_says_that_there_is_nothing_empties_the_part():
    importing.apply(record(), at=run(0))

    importing.apply(record(fees=[], items=[], steps=""), at=run(1))

    procedure = Procedure.objects.get()
    assert (procedure.fees.count(), procedure.items.count(), procedure.cases.count()) == (0, 0, 0)
    assert procedure.steps == ""


def test_a_dry_run_stores_nothing_and_tells_the_same():
    importing.apply(record(), at=run(0))
    before = Procedure.objects.values().get()
    changed = record(steps="Bước 1: Khác.", field="Lĩnh vực mới", legal_bases=[BasisRecord("2/2024/QH15")])

    outcomes = [
        importing.apply(changed, at=run(1), dry_run=True),
        importing.apply(record(code="1.900002"), at=run(1), dry_run=True),
    ]

    assert [outcome.kind for outcome in outcomes] == ["changed", "new"]
    assert {change.label for change in outcomes[0].changes} == {"trình tự thực hiện", "lĩnh vực", "căn cứ pháp lý"}
    assert Procedure.objects.values().get() == before
    assert Field.objects.count() == LegalDocument.objects.count() == FormFile.objects.count() == 1


def test_a_confirmed_short_name_is_never_overwritten():
    ProcedureFactory(code="1.900001", short_name="Giấy phép thử", short_name_proposed=False)

    importing.apply(record(), at=MONDAY)

    assert Procedure.objects.get().short_name == "Giấy phép thử"


def test_a_proposed_short_name_follows_the_official_name():
    importing.apply(record(), at=run(0))

    importing.apply(record(name="Thủ tục đổi giấy phép thử"), at=run(1))

    assert Procedure.objects.get().short_name == "Đổi giấy phép thử"


def test_a_short_name_that_the_source_gives_counts_as_confirmed():
    importing.apply(record(short_name="Giấy phép thử"), at=MONDAY)

    procedure = Procedure.objects.get()
    assert (procedure.short_name, procedure.short_name_proposed) == ("Giấy phép thử", False)


@pytest.mark.parametrize("code", ["1.0133611", "1.014955-Xoa", "2.009182739", "1.90001", "1900001", "1.900001 "])
def test_a_malformed_code_is_refused_and_not_guessed(code):
    with pytest.raises(importing.Refused) as refused:
        importing.apply(record(code=code), at=MONDAY)

    (problem,) = refused.value.problems
    assert (problem.field, problem.code, problem.file) == ("Mã thủ tục", code, "1.900001.txt")
    assert f"“{code}”" in problem.reason
    assert not Procedure.objects.exists()


def test_an_unknown_code_without_a_name_is_refused():
    with pytest.raises(importing.Refused) as refused:
        importing.apply(record(name=None), at=MONDAY)

    assert refused.value.problems[0].field == "Tên thủ tục"


def test_a_known_code_without_a_name_keeps_its_name():
    importing.apply(record(), at=run(0))

    importing.apply(record(name=None, source="crawl-2025", steps="Bước 1: Mới."), at=run(1))

    assert Procedure.objects.get().name == "Thủ tục cấp giấy phép thử"


def test_a_record_without_a_code_becomes_a_draft_found_again_by_its_name():
    first = importing.apply(record(code=None), at=run(0))
    second = importing.apply(record(code=None), at=run(1))

    assert (first.kind, second.kind) == ("new", "unchanged")
    assert Procedure.objects.get().code is None


def test_a_record_without_a_code_is_refused_where_a_code_has_its_name():
    importing.apply(record(), at=run(0))

    with pytest.raises(importing.Refused) as refused:
        importing.apply(record(code=None), at=run(1))

    assert "1.900001" in refused.value.problems[0].reason


def test_days_out_of_order_are_refused():
    with pytest.raises(importing.Refused) as refused:
        importing.apply(record(in_force_from=date(2026, 2, 1), in_force_to=date(2026, 1, 1)), at=MONDAY)

    assert refused.value.problems[0].field == "có hiệu lực đến hết ngày"
    assert not Procedure.objects.exists()


def test_a_failure_half_way_leaves_nothing(monkeypatch):
    def fail(*args):
        raise DatabaseError

    monkeypatch.setattr(applying, "_find_documents", fail)

    with pytest.raises(DatabaseError):
        importing.apply(record(), at=MONDAY)

    assert not Procedure.objects.exists()
    assert not Field.objects.exists()


def test_a_field_is_found_whatever_its_capitals_and_marks():
    field = FieldFactory(name="Thủy sản")

    importing.apply(record(field="THUỶ SẢN"), at=MONDAY)

    assert Procedure.objects.get().field == field


def test_a_document_is_found_by_its_number_and_completed():
    document = LegalDocumentFactory(number="01/2024/QH15", title="", issuer="Quốc hội")

    importing.apply(record(legal_bases=[BasisRecord("01/2024/QH15", "Luật Đo mẫu", "Cơ quan khác")]), at=MONDAY)

    document.refresh_from_db()
    assert (document.title, document.issuer) == ("Luật Đo mẫu", "Quốc hội")
    assert LegalDocument.objects.count() == 1


def test_a_new_document_has_its_kind_year_address_and_folded_text():
    importing.apply(record(legal_bases=[BasisRecord("47/2011/NĐ-CP", "Bưu chính")]), at=MONDAY)

    document = LegalDocument.objects.get()
    assert (document.kind, document.year, document.slug) == ("decree", 2011, "47-2011-nd-cp")
    assert "buu chinh" in document.folded


def test_a_basis_that_names_no_document_is_left_out_with_a_warning():
    outcome = importing.apply(record(legal_bases=[BasisRecord("12"), BasisRecord("01/2024/QH15")]), at=MONDAY)

    assert Procedure.objects.get().legal_bases.count() == 1
    assert [(problem.field, problem.warning) for problem in outcome.warnings] == [("căn cứ pháp lý", True)]


def test_forms_of_one_address_are_shared_and_forms_without_one_are_not():
    form = FormRecord("Mau.docx", "https://example.org/1")
    bare = FormRecord("Mau.docx")
    for code in ("1.900001", "1.900002"):
        items = [ItemRecord("Đơn", form=form), ItemRecord("Đơn khác", form=bare)]
        importing.apply(record(code=code, items=items), at=MONDAY)

    assert FormFile.objects.filter(url="https://example.org/1").count() == 1
    assert FormFile.objects.filter(url="").count() == 2


def test_a_form_keeps_the_file_that_staff_gave_it_when_the_papers_change():
    importing.apply(record(items=[ItemRecord("Đơn", form=FormRecord("Mau.docx"))]), at=run(0))
    FormFile.objects.update(file="mau-don/mau.docx")

    importing.apply(record(items=[ItemRecord("Đơn mới", form=FormRecord("Mau.docx"))]), at=run(1))

    assert Procedure.objects.get().items.get().form.file.name == "mau-don/mau.docx"


def test_an_import_leaves_one_version_of_the_whole_record_with_its_author():
    user = UserFactory()

    outcome = importing.apply(record(), at=MONDAY, by=user)

    (version,) = Version.objects.get_for_object(outcome.procedure)
    models = sorted(one.content_type.model for one in version.revision.version_set.all())
    assert version.revision.user == user
    assert models == ["dossiercase", "dossieritem", "fee", "legalbasis", "procedure", "submissionmethod"]


def test_a_published_procedure_stays_published():
    ProcedureFactory(code="1.900001", published=True)

    importing.apply(record(), at=MONDAY)

    assert Procedure.objects.get().is_published
