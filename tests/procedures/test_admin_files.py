"""Files that staff hand in: forms for citizens, and imports that are tried first."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from portal import roles
from procedures import admin_forms, admin_views, importing
from procedures.models import Field, FormFile, ImportBatch, LegalDocument, Procedure, SourceRecord
from tests.factories import (
    DossierItemFactory,
    FieldFactory,
    FormFileFactory,
    LegalBasisFactory,
    ProcedureFactory,
    UserFactory,
)

ADD_FORM = reverse("admin:procedures_formfile_add")
IMPORT = reverse("admin:procedures_importbatch_add")
PDF = b"%PDF-1.7 mau don"
# The list as the national portal hands it out.
LIST = """STT,Mã TTHC,Tên TTHC,Lĩnh vực
1,1.000001,Cấp giấy phép bức xạ,An toàn bức xạ
2,{},Khai báo thiết bị,An toàn bức xạ
"""

TRIAL = importing.Report(new=1).to_dict()

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    user = UserFactory(role=roles.OFFICE)
    client.force_login(user)
    return user


def zipped(member):
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        archive.writestr(member, "nội dung")
    return content.getvalue()


def add_form(client, name, content, **data):
    return client.post(ADD_FORM, {"name": "Đơn đề nghị", "url": "", "file": SimpleUploadedFile(name, content), **data})


def error_codes(response):
    errors = response.context["adminform"].form.errors.as_data()
    return [error.code for error in errors.get("file", []) + errors.get("__all__", [])]


# Forms for citizens.


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Đơn.pdf", PDF),
        ("Đơn.PDF", PDF),
        ("mau.doc", admin_forms._OLE + b"word"),
        ("mau.xls", admin_forms._OLE + b"excel"),
        ("mau.docx", zipped("word/document.xml")),
        ("mau.xlsx", zipped("xl/workbook.xml")),
        ("mau.odt", zipped("content.xml")),
    ],
)
def test_a_form_is_kept_under_a_name_nobody_can_guess(client, officer, name, content):
    response = add_form(client, name, content)

    form = FormFile.objects.get()
    assert response.status_code == 302
    with form.file.open() as file:
        assert file.read() == content
    assert Path(form.file.name).suffix == Path(name).suffix.casefold()
    assert len(Path(form.file.name).stem) == 32
    assert "mau" not in Path(form.file.name).name


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("mau.html", b"<script>", "kind"),
        ("mau.exe", b"MZ", "kind"),
        ("mau", PDF, "kind"),
        ("mau.pdf", b"<html>", "content"),
        ("mau.docx", PDF, "content"),
        ("mau.docx", zipped("xl/workbook.xml"), "content"),
        ("mau.docx", b"PK\x03\x04 broken", "content"),
        ("mau.pdf", PDF + b" " * admin_forms.FORM_FILE_LIMIT, "size"),
    ],
)
def test_a_form_that_is_not_what_it_says_is_refused(client, officer, name, content, code):
    response = add_form(client, name, content)

    assert error_codes(response) == [code]
    assert not FormFile.objects.exists()


def test_a_form_is_somewhere(client, officer):
    response = client.post(ADD_FORM, {"name": "Đơn đề nghị", "url": ""})

    assert error_codes(response) == ["nowhere"]


def test_renaming_a_form_leaves_its_file_alone(client, officer):
    add_form(client, "mau.pdf", PDF)
    form = FormFile.objects.get()

    client.post(reverse("admin:procedures_formfile_change", args=[form.pk]), {"name": "Tên mới", "url": ""})

    assert FormFile.objects.get().name == "Tên mới"
    assert FormFile.objects.get().file.name == form.file.name


def test_the_lists_beside_procedures_count_in_one_query(client, officer, django_assert_max_num_queries):
    add_form(client, "mau.pdf", PDF)
    for _ in range(3):
        procedure = ProcedureFactory(published=True)
        DossierItemFactory(procedure=procedure, form=FormFile.objects.first())

    for model, text in [("field", "Lĩnh vực"), ("legaldocument", "NĐ-CP"), ("formfile", "PDF, 16")]:
        with django_assert_max_num_queries(12):
            page = client.get(reverse(f"admin:procedures_{model}_changelist")).content.decode()
        assert text in page


def test_documents_and_fields_lead_to_their_procedures(client, officer):
    basis = LegalBasisFactory(procedure=ProcedureFactory(legal_bases=None))
    ProcedureFactory.create_batch(2, legal_bases=None)
    pages = [client.get(reverse(f"admin:procedures_{model}_changelist")) for model in ("legaldocument", "field")]

    by_document = client.get(
        reverse("admin:procedures_procedure_changelist"), {"legal_documents": basis.document_id}
    ).context["cl"]

    assert f"?legal_documents={basis.document_id}" in pages[0].content.decode()
    assert "field__id__exact=" in pages[1].content.decode()
    assert list(by_document.result_list) == [basis.procedure]


@pytest.mark.parametrize(("term", "found"), [("so huu", 1), ("SỞ HỮU", 1), ("trí tuệ sở", 1), ("do luong", 0), ("", 2)])
def test_fields_are_found_without_marks(client, officer, term, found):
    FieldFactory(name="Sở hữu trí tuệ")
    FieldFactory(name="An toàn bức xạ")

    response = client.get(reverse("admin:procedures_field_changelist"), {"q": term})

    assert response.context["cl"].result_count == found


def test_the_address_of_a_field_stays_when_it_is_renamed(client, officer):
    field = FieldFactory(name="Bức xạ")

    data = {"name": "An toàn bức xạ", "description": "", "unit": "", "order": "1", "slug": "khac"}
    client.post(reverse("admin:procedures_field_change", args=[field.pk]), data)

    assert Field.objects.get().name == "An toàn bức xạ"
    assert Field.objects.get().slug == "buc-xa"


def test_a_form_that_is_used_shows_where(client, officer):
    FormFileFactory(name="Đơn ở trang khác")

    page = client.get(reverse("admin:procedures_formfile_changelist")).content.decode()

    assert "Ở trang khác" in page


# Imports.


def hand_in(client, *files):
    files = [SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode()) for name, text in files]
    return client.post(IMPORT, {"files": files}, follow=True)


def apply_url(batch):
    return reverse("admin:procedures_importbatch_apply", args=[batch.pk])


def kept(batch):
    return settings.DATA_DIR / "imports" / batch.folder


@pytest.mark.parametrize(
    ("role", "may_look", "may_import"),
    [(roles.OFFICE, True, True), (roles.ADMINISTRATOR, True, False), (roles.UNIT, False, False)],
)
def test_who_may_import(client, role, may_look, may_import):
    user = UserFactory(role=role)
    client.force_login(user)
    batch = ImportBatch.objects.create(at=timezone.now(), folder="a" * 32, trial=TRIAL)

    assert (client.get(reverse("admin:procedures_importbatch_changelist")).status_code == 200) == may_look
    report = client.get(reverse("admin:procedures_importbatch_change", args=[batch.pk]))
    assert (report.status_code == 200) == may_look
    assert (client.get(IMPORT).status_code == 200) == may_import
    assert (client.post(apply_url(batch)).status_code == 302) == may_import


def test_a_trial_shows_what_would_change_and_changes_nothing(client, officer):
    existing = ProcedureFactory(code="1.000001", name="Cấp giấy phép cũ")

    response = hand_in(client, ("danh-muc.csv", LIST.format("1.0000021")))

    page = response.content.decode()
    batch = ImportBatch.objects.get()
    assert batch.by == officer
    assert batch.applied_at is None
    assert (batch.trial["changed"], batch.trial["refused"]) == (1, 1)
    assert "Đây là kết quả thử, danh mục chưa thay đổi." in page
    assert "danh-muc.csv" in page
    assert "1.0000021" in page
    assert Procedure.objects.get().name == existing.name
    changes = client.get(response.request["PATH_INFO"], {"muc": "thay-doi"}).content.decode()
    assert "Cấp giấy phép cũ</del>" in changes
    assert "Cấp giấy phép bức xạ</ins>" in changes


def test_what_is_public_is_listed_as_a_proposal_and_stays_when_the_import_is_done(client, officer):
    existing = ProcedureFactory(code="1.000001", name="Cấp giấy phép cũ", published=True)

    response = hand_in(client, ("danh-muc.csv", LIST.format("1.000002")))
    proposals = client.get(response.request["PATH_INFO"], {"muc": "de-nghi"}).content.decode()
    client.post(apply_url(ImportBatch.objects.get()))

    batch = ImportBatch.objects.get()
    assert (batch.trial["new"], batch.trial["changed"], batch.trial["proposed"]) == (1, 0, 1)
    assert (batch.result["new"], batch.result["changed"], batch.result["proposed"]) == (1, 0, 1)
    assert "Cấp giấy phép bức xạ</ins>" in proposals
    assert Procedure.objects.get(code="1.000001").name == existing.name
    assert SourceRecord.objects.differing().get().procedure == existing
    done = client.get(response.request["PATH_INFO"], {"muc": "de-nghi"}).content.decode()
    assert reverse("admin:procedures_sourcerecord_changelist") in done


def test_applying_takes_in_just_what_was_tried_once(client, officer):
    hand_in(client, ("danh-muc.csv", LIST.format("1.000002")))
    batch = ImportBatch.objects.get()

    first = client.post(apply_url(batch), follow=True)
    again = client.post(apply_url(batch), follow=True)

    batch.refresh_from_db()
    assert set(Procedure.objects.values_list("code", flat=True)) == {"1.000001", "1.000002"}
    assert not Procedure.objects.published().exists()
    assert batch.applied_at
    assert batch.result["new"] == 2
    assert "Đã nhập" in first.content.decode()
    assert "không thực hiện được nữa" in again.content.decode()


def test_an_import_that_breaks_off_can_be_started_again(client, officer, monkeypatch):
    hand_in(client, ("danh-muc.csv", LIST.format("1.000002")))
    batch = ImportBatch.objects.get()
    monkeypatch.setattr("procedures.importing.run", lambda *args, **kwargs: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        client.post(apply_url(batch))

    batch.refresh_from_db()
    assert batch.applied_at is None


def test_a_large_import_is_left_to_the_command(client, officer, monkeypatch):
    monkeypatch.setattr(admin_views, "MOST_IN_A_REQUEST", 1)

    response = hand_in(client, ("danh-muc.csv", LIST.format("1.000002")))
    client.post(apply_url(ImportBatch.objects.get()))

    assert "import_procedures" in response.content.decode()
    assert not Procedure.objects.exists()


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ([], "required"),
        ([("virus.exe", "MZ")], "kind"),
        ([("trong.csv", "")], "empty"),
        ([("a.csv", "x"), ("a.csv", "y")], "same_name"),
        ([(f"{number}.csv", "x") for number in range(admin_forms.IMPORT_FILES + 1)], "count"),
        ([("to.csv", b"x" * (admin_forms.IMPORT_LIMIT + 1))], "size"),
    ],
)
def test_files_that_cannot_be_read_are_refused_beside_the_box(client, officer, files, code):
    response = hand_in(client, *files)

    assert code in [error.code for error in response.context["form"].errors.as_data()["files"]]
    assert not ImportBatch.objects.exists()


def test_a_broken_workbook_is_told_and_changes_nothing(client, officer):
    response = hand_in(client, ("mau.xlsx", b"PK\x03\x04 broken"))

    assert ImportBatch.objects.get().trial["refused"] == 1
    assert "mau.xlsx" in response.content.decode()
    assert "Thực hiện nhập" not in response.content.decode()


def test_a_file_name_cannot_leave_its_folder(client, officer):
    hand_in(client, ("..\\..\\settings.csv", LIST.format("1.000002")), (f"{'ộ' * 100}.csv", LIST.format("1.000003")))

    batch = ImportBatch.objects.get()
    assert sorted(path.name for path in kept(batch).iterdir()) == sorted(batch.files)
    assert batch.files == ["settings.csv", f"{'ộ' * 60}.csv"]


def test_old_files_are_cleaned_up_and_their_report_stays(client, officer):
    hand_in(client, ("danh-muc.csv", LIST.format("1.000002")))
    old = ImportBatch.objects.get()
    ImportBatch.objects.update(at=timezone.now() - timedelta(days=admin_views.DAYS_KEPT + 1))

    hand_in(client, ("danh-muc.csv", LIST.format("1.000002")))

    assert not kept(old).exists()
    page = client.get(reverse("admin:procedures_importbatch_change", args=[old.pk])).content.decode()
    assert "Cấp giấy phép bức xạ" in page
    assert "Thực hiện nhập" not in page
    client.post(apply_url(old))
    assert not Procedure.objects.exists()


def test_while_an_import_runs_its_page_says_so(client, officer):
    batch = ImportBatch.objects.create(at=timezone.now(), folder="b" * 32, trial=TRIAL, applied_at=timezone.now())

    page = client.get(reverse("admin:procedures_importbatch_change", args=[batch.pk])).content.decode()

    assert "Đang nhập." in page


def test_the_template_is_a_workbook_that_the_import_reads(client, officer):
    response = client.get(reverse("admin:procedures_importbatch_template"))

    assert load_workbook(BytesIO(response.content)).sheetnames[:2] == ["Hướng dẫn", "Thủ tục"]
    assert response["Content-Disposition"] == 'attachment; filename="mau-nhap-thu-tuc.xlsx"'
    tried = hand_in(client, ("mau.xlsx", response.content))
    assert tried.status_code == 200
    assert not LegalDocument.objects.exists()
