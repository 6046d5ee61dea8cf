"""Versions of a procedure: compared part by part, restored whole."""

from datetime import UTC, datetime

import pytest
import reversion

from portal.text import nfc
from procedures import history, importing, publishing
from procedures.importing import FeeRecord, ItemRecord, Record
from procedures.models import DossierItem, LegalDocument, Procedure
from tests.factories import DossierCaseFactory, DossierItemFactory, FeeFactory, FormFileFactory, ProcedureFactory

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def save(procedure):
    """Leave a version of the procedure as it is stored."""
    with reversion.create_revision():
        reversion.add_to_revision(Procedure.objects.get(pk=procedure.pk))
    return history.versions(procedure.pk).first()


def changes_since(version):
    procedure = Procedure.objects.get(pk=version.object_id)
    return {
        change.label: change.passages
        for change in history.compare(history.snapshot(version), history.stored(procedure))
    }


def test_a_version_without_changes_equals_what_is_stored():
    assert changes_since(save(ProcedureFactory())) == {}


def test_only_the_words_that_differ_are_marked():
    procedure = ProcedureFactory(steps="Bước 1: Nộp hồ sơ.\nBước 2: Nhận giấy phép.")
    version = save(procedure)
    procedure.steps = "Bước 1: Nộp hồ sơ.\nBước 2: Nhận giấy chứng nhận."
    procedure.save()

    passages = changes_since(version)["Trình tự thực hiện"]

    assert passages == [
        (
            [("Bước 2: Nhận giấy ", False), ("phép.", True)],
            [("Bước 2: Nhận giấy ", False), ("chứng nhận.", True)],
        )
    ]


def test_rows_are_compared_in_words_people_know():
    procedure = ProcedureFactory()
    fee = procedure.fees.get()
    version = save(procedure)
    fee.amount = 1_500_000
    fee.save()
    FeeFactory(procedure=procedure, kind="charge", free=True, order=1)

    changed, added = changes_since(version)["Phí, lệ phí"]

    assert ("2.000.000", True) in changed[0]
    assert ("1.500.000", True) in changed[1]
    assert added == ([], [("Loại: Lệ phí; Mức thu: Không thu", True)])


def test_related_names_and_yes_or_no_are_written_out():
    procedure = ProcedureFactory(at_commune=False)
    version = save(procedure)
    other = ProcedureFactory()
    old_field, procedure.field, procedure.at_commune = procedure.field, other.field, True
    procedure.save()

    changes = changes_since(version)

    assert "".join(text for text, _ in changes["Lĩnh vực"][0][0]) == old_field.name
    assert "".join(text for text, _ in changes["Lĩnh vực"][0][1]) == other.field.name
    assert changes["Cấp xã"] == [([("Không", True)], [("Có", True)])]


def test_comparing_takes_the_same_number_of_queries_however_many_rows(django_assert_num_queries):
    procedure = ProcedureFactory()
    case = DossierCaseFactory(procedure=procedure)
    for _ in range(12):
        DossierItemFactory(procedure=procedure, case=case, form=FormFileFactory())
    version = save(procedure)

    # The procedure, five kinds of rows twice, and the names of fields, forms and documents.
    with django_assert_num_queries(14):
        changes_since(version)


def test_restoring_brings_back_the_record_with_its_rows():
    procedure = ProcedureFactory(steps="Bước 1: Nộp.")
    case = DossierCaseFactory(procedure=procedure, name="Cấp mới")
    paper = DossierItemFactory(procedure=procedure, case=case, name="Đơn đề nghị")
    version = save(procedure)
    procedure.steps = "Bước 1: Chờ."
    procedure.save()
    case.delete()
    late = DossierItemFactory(procedure=procedure, name="Giấy tờ thêm sau")

    lost = history.restore(version, by=None, at=NOON)

    assert lost == []
    assert changes_since(version) == {}
    assert Procedure.objects.get(pk=procedure.pk).steps == "Bước 1: Nộp."
    assert DossierItem.objects.get(pk=paper.pk).case.name == "Cấp mới"
    assert not DossierItem.objects.filter(pk=late.pk).exists()


def test_restoring_is_a_version_of_its_own():
    procedure = ProcedureFactory()
    version = save(procedure)
    procedure.steps = "Bước 1: Khác."
    procedure.save()
    save(procedure)

    history.restore(version, by=None, at=NOON)

    latest = history.versions(procedure.pk).first()
    assert latest.revision.date_created == NOON
    assert latest.revision.comment.startswith("Khôi phục bản lưu lúc ")
    assert history.compare(history.snapshot(version), history.snapshot(latest)) == []


def test_restoring_leaves_the_publication_as_it_is():
    procedure = ProcedureFactory()
    draft = save(procedure)
    publishing.publish(procedure, by=None, at=NOON)
    published = history.versions(procedure.pk).first()

    history.restore(draft, by=None, at=NOON)
    assert Procedure.objects.get(pk=procedure.pk).is_published

    publishing.withdraw(procedure, by=None, at=NOON)
    history.restore(published, by=None, at=NOON)
    assert not Procedure.objects.get(pk=procedure.pk).is_published


@pytest.mark.parametrize("lacking", [{"short_name": ""}, {"steps": ""}, {"items": None}])
def test_a_public_procedure_never_goes_back_to_an_incomplete_version(lacking):
    procedure = ProcedureFactory(**lacking)
    incomplete = save(procedure)
    procedure.short_name, procedure.steps = "Tên ngắn", "Bước 1: Nộp."
    procedure.save()
    DossierItemFactory(procedure=procedure)
    publishing.publish(procedure, by=None, at=NOON)

    with pytest.raises(history.NotRestorable):
        history.restore(incomplete, by=None, at=NOON)

    assert publishing.blockers(Procedure.objects.get(pk=procedure.pk)) == []


def test_a_code_that_went_to_another_procedure_is_not_taken_back():
    procedure = ProcedureFactory(code="1.000001")
    version = save(procedure)
    procedure.code = "1.000002"
    procedure.save()
    other = ProcedureFactory(code="1.000001")

    with pytest.raises(history.NotRestorable, match=r"1\.000001"):
        history.restore(version, by=None, at=NOON)

    assert Procedure.objects.get(code="1.000001") == other


def test_what_a_version_points_to_and_is_gone_is_told():
    procedure = ProcedureFactory()
    form = FormFileFactory()
    DossierItemFactory(procedure=procedure, form=form, name="Đơn đề nghị")
    version = save(procedure)
    form.delete()
    procedure.legal_bases.all().delete()
    LegalDocument.objects.all().delete()

    lost = history.restore(version, by=None, at=NOON)

    assert "Mẫu đơn, tờ khai của “Đơn đề nghị” nay không còn nên để trống." in lost
    assert len(lost) == 2
    assert not Procedure.objects.get(pk=procedure.pk).legal_bases.exists()


def test_a_deleted_draft_comes_back_with_its_rows():
    procedure = ProcedureFactory()
    pk = procedure.pk
    save(procedure)
    procedure.delete()

    found = history.deleted().get()
    history.restore(found, by=None, at=NOON)

    restored = Procedure.objects.get(pk=pk)
    assert restored.methods.count() == restored.items.count() == restored.fees.count() == 1
    assert not history.deleted().exists()


def test_a_revision_of_several_procedures_restores_only_the_one():
    one, other = ProcedureFactory(), ProcedureFactory()
    with reversion.create_revision():
        reversion.add_to_revision(one)
        reversion.add_to_revision(other)
    for procedure in (one, other):
        procedure.steps = "Bước 1: Sửa sau."
        procedure.save()

    history.restore(history.versions(one.pk).first(), by=None, at=NOON)

    assert Procedure.objects.get(pk=one.pk).steps != "Bước 1: Sửa sau."
    assert Procedure.objects.get(pk=other.pk).steps == "Bước 1: Sửa sau."


def test_an_import_leaves_a_version_with_the_rows_it_brought():
    record = Record(
        code="1.000001",
        name=nfc("Cấp giấy phép"),
        source="thu",
        file="thu.txt",
        fees=[FeeRecord("fee", "amount", 200_000)],
        items=[ItemRecord("Đơn đề nghị", case="Cấp mới")],
    )

    procedure = importing.apply(record, at=NOON).procedure

    version = history.versions(procedure.pk).get()
    assert changes_since(version) == {}
    assert len(history.snapshot(version).rows["fees"]) == 1
    assert len(history.snapshot(version).rows["cases"]) == 1
