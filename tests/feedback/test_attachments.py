"""What is sent along is a picture or a PDF and nothing else, and only who may see it gets it."""

import tracemalloc
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import PIL.Image
import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, storages
from django.http import FileResponse, Http404
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback import attachments, drafting, pdf_files, spam
from feedback.models import AccessRecord, Attachment, Event
from portal import pdf as drawing
from portal import worker
from tests.factories import AnswerFactory, SubmissionFactory
from tests.feedback import hostile_files
from tests.feedback.cast import cast
from tests.news import hostile_files as pictures

AT = datetime(2026, 11, 24, 3, tzinfo=UTC)
PDF = hostile_files.pdf()


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path) -> Path:
    """A folder of attachments of its own for each test."""
    monkeypatch.setitem(vars(storages["attachments"]), "location", str(tmp_path / "tep"))
    return tmp_path / "tep"


def upload(content: bytes, name: str = "anh.jpg") -> ContentFile:
    return ContentFile(content, name=name)


def check(content: bytes, name: str = "anh.jpg") -> attachments.Checked:
    return attachments.check(upload(content, name))


def refusal(content: bytes, name: str) -> str:
    with pytest.raises(ValidationError) as refused:
        check(content, name)
    [sentence] = refused.value.messages
    return sentence


def store(content: bytes = PDF, name: str = "a.pdf", **owner) -> Attachment:
    return attachments.store(check(content, name), at=AT, **(owner or {"submission": SubmissionFactory()}))


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("**/*") if path.is_file())


# What is refused.


@pytest.mark.parametrize("name", hostile_files.REFUSED)
def test_a_hostile_or_broken_file_is_refused_in_words(name):
    sentence = refusal(hostile_files.REFUSED[name], name)

    assert f"“{name}”" in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize("name", hostile_files.PDFS)
def test_the_refusal_of_a_pdf_says_why(name):
    content, why = hostile_files.PDFS[name]

    assert why in refusal(content, name)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("may-anh.heic", "Tệp “may-anh.heic” là ảnh HEIC, không đọc được; lưu thành JPG, PNG hoặc PDF rồi chọn lại."),
        ("hinh.svg", "Tệp “hinh.svg” không đọc được; dùng JPG, PNG hoặc PDF."),
        ("mat-khau.pdf", "Tệp “mat-khau.pdf” có đặt mật khẩu; bỏ mật khẩu rồi chọn lại."),
        ("rong.pdf", "Tệp “rong.pdf” trống; chọn tệp khác."),
    ],
)
def test_the_refusal_says_what_to_do(name, sentence):
    assert refusal(hostile_files.REFUSED[name], name) == sentence


def test_more_than_5_megabytes_are_refused():
    file = upload(b"", "a.pdf")
    file.size = attachments.MOST_BYTES + 1

    with pytest.raises(ValidationError, match="lớn hơn 5 MB"):
        attachments.check(file)


def test_a_file_that_is_larger_than_it_says_is_refused():
    file = upload(PDF + b"\n" * attachments.MOST_BYTES, "a.pdf")
    file.size = 10

    with pytest.raises(ValidationError, match="lớn hơn 5 MB"):
        attachments.check(file)


def test_a_bomb_in_a_pdf_is_refused_before_it_is_kept_in_memory():
    tracemalloc.start()
    with pytest.raises(ValidationError, match="phình quá lớn"):
        check(hostile_files.REFUSED["bom.pdf"], "bom.pdf")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 40_000_000


@given(cut=st.integers(min_value=0, max_value=len(PDF)), put=st.binary(max_size=60))
@settings(max_examples=200)
def test_whatever_is_done_to_a_pdf_it_is_taken_or_refused(cut, put):
    with suppress(pdf_files.Refused):
        pdf_files.check(PDF[:cut] + put + PDF[cut:])


def test_all_faults_of_several_files_are_told_at_once():
    with pytest.raises(ValidationError) as refused:
        attachments.check_all([upload(PDF, "a.pdf"), upload(b"x", "b.exe"), upload(b"", "c.png")])

    assert [sentence.split("”")[0] for sentence in refused.value.messages] == ["Tệp “b.exe", "Tệp “c.png"]


@pytest.mark.parametrize("already", [0, 1])
def test_more_than_three_files_are_refused(already):
    files = [upload(PDF, "a.pdf")] * 3
    if not already:
        assert len(attachments.check_all(files)) == 3
        files = files * 2

    with pytest.raises(ValidationError, match="Kèm tối đa 3 tệp"):
        attachments.check_all(files, already=already)


# What is taken.


def test_pdfs_of_other_makers_are_taken():
    made = [drawing.draw("<html lang='vi'><title>Đơn</title><p>Đơn</p></html>", "", "")]
    # With objects packed as every modern program does, a link, a form and a script's name in the text of a page.
    page = hostile_files.stream(b"(HTML/JS) Tj")
    packed = hostile_files.objects(b"<< /Type /Page /Parent 2 0 R /A << /S /URI /URI (https://example.org) >> >>")
    made += [PDF, hostile_files.pdf(packed, page, catalog=b"/AcroForm << /Fields [] >> /OpenAction [3 0 R /Fit]")]
    made += [PDF.replace(b"\n", b"\r\n"), PDF + b"\r\n\0\0"]

    for content in made:
        assert check(content, "don.pdf").content == content


def test_what_the_camera_wrote_and_what_was_put_behind_the_picture_is_gone():
    checked = check(pictures.with_everything_a_camera_writes())

    kept = PIL.Image.open(BytesIO(checked.content))
    assert kept.size == (40, 60)  # upright
    assert not kept.getexif()
    for hidden in (b"May anh thu", pictures.COMMENT, pictures.XMP, b"<script"):
        assert hidden not in checked.content


def test_a_picture_behind_which_a_page_or_an_archive_was_put_is_a_picture_only():
    for behind in (pictures.SCRIPT, hostile_files.zipped(), PDF):
        content = check(pictures.picture() + behind).content
        assert content == check(pictures.picture()).content


def test_a_large_photo_is_made_smaller_and_a_screenshot_stays_sharp():
    photo = check(pictures.picture(size=(4000, 3000)), "a.jpg")
    screenshot = check(pictures.picture("PNG", size=(1000, 400)), "a.png")

    assert PIL.Image.open(BytesIO(photo.content)).size == (3200, 2400)
    assert PIL.Image.open(BytesIO(screenshot.content)).format == "PNG"


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("D:\\giấy tờ\\ảnh chụp.JPG", "ảnh chụp.JPG"),
        ("anh\u202egpj.exe", "anhgpj.jpg"),
        ("a\x00b\r\nc.jpg", "abc.jpg"),
        ("anh.pdf.exe", "anh.pdf.jpg"),
        (".htaccess", "htaccess.jpg"),
        ("<img src=x>.jpg", "img src=x.jpg"),
        ("ảnh " * 80 + ".jpeg", None),
        ("...", "tep.jpg"),
        ("", "không tên.jpg"),
    ],
)
def test_the_name_tells_what_the_content_is_and_nothing_else(given_name, kept):
    file = upload(pictures.picture())
    file.name = given_name

    name = attachments.check(file).name

    assert name == kept or (kept is None and len(name) <= 65 and name.endswith(".jpeg"))


def test_neither_name_nor_content_is_printed():
    assert "anh" not in repr(check(pictures.picture(), "anh.jpg"))


# Where it is kept.


@pytest.mark.django_db
def test_it_is_kept_under_a_name_that_nobody_chose_and_not_in_public(folder, client):
    attachment = store(name="Nguyễn Thử.pdf")

    [name] = files_in(folder)
    assert name == attachment.file.name
    assert len(name) == len("0" * 32 + ".pdf")
    assert attachment.name == "Nguyễn Thử.pdf"
    assert (folder / name).read_bytes() == PDF
    assert client.get(django_settings.MEDIA_URL + name).status_code == 404


@pytest.mark.django_db
def test_a_full_disk_or_a_refused_row_leaves_nothing(folder, monkeypatch):
    submission = SubmissionFactory()

    def full(self, name, content):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(FileSystemStorage, "_save", full)
        with pytest.raises(ValidationError, match="Chưa lưu được tệp"):
            store(submission=submission)
    monkeypatch.setattr(Attachment, "save", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        store(submission=submission)

    assert files_in(folder) == []
    assert not Attachment.objects.exists()


@pytest.mark.django_db
def test_a_full_disk_loses_nothing_that_was_typed(client, monkeypatch):
    def full(self, name, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    form = {"form": spam.form_token(at=timezone.now()), "about": "unfit", "title": "Tiêu đề", "content": "Nội dung dài"}

    response = client.post(reverse("feedback:file-content"), {**form, "new_files": upload(PDF, "a.pdf")})

    page = response.content.decode()
    assert response.status_code == 200
    assert "Chưa lưu được tệp “a.pdf” do lỗi của máy chủ" in page
    assert "Nội dung dài" in page
    assert "Nội dung dài" in client.get(reverse("feedback:file-content")).content.decode()


@pytest.mark.django_db
def test_the_file_goes_with_its_row_but_not_before_it_is_gone_for_good(folder, django_capture_on_commit_callbacks):
    attachment = store()

    with django_capture_on_commit_callbacks(execute=True):
        attachment.delete()
        assert files_in(folder)

    assert files_in(folder) == []


@pytest.mark.django_db
def test_a_file_without_a_row_is_swept_after_a_day(folder):
    kept = store()
    (folder / "mat-dong.pdf").write_bytes(b"x")
    now = datetime.now(UTC)
    assert attachments.sweep in [job.run for job in worker.JOBS]

    assert attachments.sweep(now) == 0
    assert attachments.sweep(now + attachments.LEFT_BEHIND + timedelta(minutes=1)) == 1

    assert files_in(folder) == [kept.file.name]


@pytest.mark.django_db
def test_what_belongs_to_an_answer_belongs_to_its_case():
    answer = AnswerFactory()

    assert store(answer=answer).submission == answer.submission


@pytest.mark.django_db
def test_a_file_is_handed_over_once():
    first, second = SubmissionFactory(), SubmissionFactory()
    attachment = store(submission=first)

    attachments.hand_over([attachment], second)

    attachment.refresh_from_db()
    assert attachment.submission == first


# How it goes out.


def respond(attachment: Attachment, **options) -> FileResponse:
    response = attachments.respond(attachment, **options)
    response.close()
    return response


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "name", "content_type", "disposition"),
    [
        (PDF, "Đơn.pdf", "application/pdf", "attachment; filename*=utf-8''%C4%90%C6%A1n.pdf"),
        (pictures.picture(), "anh.jpg", "image/jpeg", 'inline; filename="anh.jpg"'),
    ],
)
def test_it_goes_out_as_what_it_is_and_may_do_nothing(content, name, content_type, disposition):
    response = respond(store(content, name))

    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"] == disposition
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_a_picture_can_be_saved_too():
    response = respond(store(pictures.picture()), download=True)

    assert response["Content-Disposition"].startswith("attachment")


@pytest.mark.django_db
def test_a_lost_file_is_not_there_and_is_logged_without_its_name(folder, caplog):
    attachment = store(name="Nguyễn Thử.pdf")
    (folder / attachment.file.name).unlink()

    with pytest.raises(Http404):
        attachments.respond(attachment)

    assert "is lost" in caplog.text
    assert "Nguyễn" not in caplog.text


def address(attachment: Attachment) -> str:
    return reverse("admin:feedback_attachment_file", args=[attachment.pk])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "status"), [("office", 200), ("officer", 200), ("head", 200), ("stranger", 403), (None, 302)]
)
def test_staff_open_files_of_their_cases_only_and_each_look_is_written_down(client, who, status):
    people = cast()
    attachment = store(name="Nguyễn Thử.pdf", submission=SubmissionFactory(unit=people.unit))
    if who:
        client.force_login(getattr(people, who))

    response = client.get(address(attachment))

    assert response.status_code == status
    looks = [(look.by, look.how, look.detail) for look in AccessRecord.objects.all()]
    seen = [(getattr(people, who), "file", f"Tệp {attachment.pk}")] if status == 200 else []
    assert looks == seen
    if status == 200:
        assert b"".join(response.streaming_content) == PDF
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.django_db
def test_the_list_of_files_is_nobodys(admin_client):
    assert admin_client.get("/quan-tri/feedback/attachment/").status_code == 404
    assert "/quan-tri/feedback/attachment/" not in admin_client.get(reverse("admin:index")).content.decode()


@pytest.mark.django_db
def test_what_was_not_sent_is_not_shown_to_staff(client):
    attachment = store(draft=drafting.begin(at=AT))
    client.force_login(cast().office)

    assert client.get(address(attachment)).status_code == 404
    assert not Event.objects.exists()
