"""Staff upload pictures: from the editor, and many at once."""

from datetime import UTC, datetime

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from news import pictures, upload_views
from news.models import Album, AlbumPhoto, Article, Image, Section
from portal import roles
from portal.admin_site import tasks
from tests.factories import UserFactory
from tests.html import Page
from tests.news import hostile_files

UPLOAD = reverse("ckeditor_upload")
LIST = reverse("admin:news_image_changelist")
ADD = reverse("admin:news_image_add")
AT = datetime(2026, 11, 24, 3, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def editor():
    return UserFactory(role=roles.EDITOR)


@pytest.fixture
def writer():
    """Somebody of a unit, who sees only pictures of his own."""
    return UserFactory(role=roles.UNIT)


def as_(client: Client, user) -> Client:
    client.force_login(user)
    return client


def file(name: str = "a.jpg", content: bytes = hostile_files.picture(size=(900, 600))) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def stored_for(user, **values) -> Image:
    return pictures.store(file(content=hostile_files.picture()), by=user, at=AT, **values)


def page_of(image: Image) -> str:
    return reverse("admin:news_image_change", args=[image.pk])


# From the editor.


def test_the_editor_gets_the_address_and_the_measures(client, editor):
    answer = as_(client, editor).post(UPLOAD, {"upload": file("Ảnh <b>.jpg")}).json()

    image = Image.objects.get()
    assert answer == {
        "uploaded": 1,
        "fileName": f"anh-{image.pk}.jpg",
        "url": image.url(800),
        "width": 800,
        "height": 533,
    }
    assert image.uploaded_by == editor
    assert default_storage.exists(image.file(800))


@pytest.mark.parametrize("name", ["trang.gif", "hinh-svg.jpg", "bom.png", "chuong-trinh.png"])
def test_the_editor_is_told_why_a_file_is_refused(client, editor, name):
    answer = as_(client, editor).post(UPLOAD, {"upload": file(name, hostile_files.REFUSED[name])}).json()

    assert answer["uploaded"] == 0
    assert name in answer["error"]["message"]
    assert not Image.objects.exists()


def test_a_name_of_markup_does_not_reach_the_editor_which_would_show_it(client, editor):
    answer = as_(client, editor).post(UPLOAD, {"upload": file("<img src=x onerror=alert(1)>.jpg", b"x")}).json()

    assert "<" not in answer["error"]["message"]


def test_only_who_may_add_pictures_uploads(client):
    assert client.post(UPLOAD, {"upload": file()}).status_code == 403
    for person in (UserFactory(role=roles.FOCAL_PERSON), UserFactory(role=roles.EDITOR, is_staff=False)):
        assert as_(client, person).post(UPLOAD, {"upload": file()}).status_code == 403
    assert not Image.objects.exists()


def test_an_upload_needs_the_token_of_its_page(editor):
    client = as_(Client(enforce_csrf_checks=True), editor)

    assert client.post(UPLOAD, {"upload": file(), "ckCsrfToken": "x" * 40}).status_code == 403
    token = Page(client.get(ADD)).all("input", name="csrfmiddlewaretoken")[0]["value"]
    assert client.post(UPLOAD, {"upload": file()}, headers={"x-csrftoken": token}).json()["uploaded"] == 1


def test_nothing_is_uploaded_by_reading_and_nothing_can_be_browsed(client, editor):
    as_(client, editor)

    assert client.get(UPLOAD, {"CKEditorFuncNum": "1);alert(1"}).status_code == 405
    assert client.get(reverse("ckeditor_browse")).status_code == 404


def test_an_upload_without_a_file_says_so(client, editor):
    assert as_(client, editor).post(UPLOAD).json()["error"]["message"] == "Chọn một tệp ảnh."


def test_one_person_uploads_so_many_a_day(client, editor, monkeypatch):
    monkeypatch.setattr(upload_views, "UPLOADS_A_DAY", 1)
    as_(client, editor)

    answers = [client.post(UPLOAD, {"upload": file()}).json()["uploaded"] for _ in range(2)]

    assert answers == [1, 0]
    client.post(ADD, {"files": [file()]})
    assert Image.objects.count() == 1


# Many at once.


def test_many_files_are_answered_one_by_one_and_the_good_ones_kept(client, editor):
    files = [file("a.jpg"), file("trang.gif", hostile_files.REFUSED["trang.gif"]), file("b.png")]

    page = Page(as_(client, editor).post(ADD, {"files": files, "credit": "Trung tâm"}, follow=True))

    assert Image.objects.filter(credit="Trung tâm").count() == 2
    assert "Chưa nhận: Tệp “trang.gif” là ảnh GIF" in page.text
    assert "Đã nhận 2 ảnh. Mô tả từng ảnh rồi lưu." in page.text


def test_the_upload_page_keeps_what_was_typed_when_nothing_was_kept(client, editor):
    page = Page(as_(client, editor).post(ADD, {"files": [file(content=b"x")], "credit": "Trung tâm"}))

    assert page.all("input", name="credit", value="Trung tâm")
    assert "Chọn ít nhất một tệp ảnh." in Page(client.post(ADD)).text


def test_more_files_than_allowed_are_refused_together(client, editor):
    page = Page(as_(client, editor).post(ADD, {"files": [file(content=b"x") for _ in range(51)]}))

    assert "Chọn nhiều nhất 50 tệp mỗi lần." in page.text


def test_a_picture_is_described_in_the_list_while_others_wait(client, editor):
    wordless, waiting = stored_for(editor), stored_for(editor)
    rows = {"form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 2, "_save": "Lưu"}
    for number, image in enumerate([waiting, wordless]):
        rows |= {f"form-{number}-id": image.pk, f"form-{number}-alt": "", f"form-{number}-caption": ""}

    as_(client, editor).post(LIST, rows | {"form-1-alt": "Quầy tiếp nhận"})
    wordless.refresh_from_db()
    refused = Page(client.post(LIST, rows | {"form-0-caption": "Sáng thứ Hai"}))

    assert wordless.alt == "Quầy tiếp nhận"
    assert "Mô tả ảnh trong một câu, hoặc chọn “ảnh trang trí”." in refused.text


def test_the_list_shows_ones_own_first_and_asks_the_database_as_often_for_twenty(
    client, editor, writer, django_assert_max_num_queries
):
    own, other = stored_for(editor, alt="Của tôi"), stored_for(writer, alt="Của người khác")
    as_(client, editor)

    with django_assert_max_num_queries(12):
        page = Page(client.get(LIST))
    assert own.url(480) in page.addresses()
    assert other.url(480) not in page.addresses()
    assert other.url(480) in Page(client.get(LIST, {"cua": "moi-nguoi"})).addresses()
    assert other.url(480) in Page(client.get(LIST, {"cua": "moi-nguoi", "q": "cua nguoi khac"})).addresses()


def test_a_unit_sees_only_its_writers_own_pictures(client, editor, writer):
    other = stored_for(editor, alt="Của người khác")
    as_(client, writer)

    assert other.url(480) not in Page(client.get(LIST, {"cua": "moi-nguoi"})).addresses()
    assert client.get(page_of(other)).status_code == 302
    assert client.get(reverse("admin:news_image_original", args=[other.pk])).status_code == 404


def test_the_original_is_handed_out_to_staff_only(client, editor):
    image = stored_for(editor)
    address = reverse("admin:news_image_original", args=[image.pk])

    assert client.get(address).status_code == 302
    response = as_(client, editor).get(address)
    content = b"".join(response.streaming_content)
    response.close()

    assert content.startswith(b"\xff\xd8")
    assert f'filename="anh-{image.pk}.jpg"' in response["Content-Disposition"]


# Deleting.


def article_showing(image: Image) -> Article:
    return Article.objects.create(
        title="Bài có ảnh", section=Section.objects.first(), body=f'<p><img src="{image.url(800)}" alt="a"></p>'
    )


def test_a_picture_in_use_says_where_and_cannot_be_deleted(client, editor):
    inline, in_album, unused = (stored_for(editor, alt=f"Ảnh số {number}") for number in range(3))
    article_showing(inline)
    AlbumPhoto.objects.create(album=Album.objects.create(title="Album có ảnh"), image=in_album)
    as_(client, editor)

    for image, place in ((inline, "Bài có ảnh"), (in_album, "Album có ảnh")):
        assert place in Page(client.get(page_of(image))).text
        client.post(reverse("admin:news_image_delete", args=[image.pk]), {"post": "yes"})
    client.post(reverse("admin:news_image_delete", args=[unused.pk]), {"post": "yes"})

    assert set(Image.objects.all()) == {inline, in_album}


def test_many_are_deleted_together_only_when_none_is_in_use(client, editor):
    inline, unused = stored_for(editor), stored_for(editor)
    article_showing(inline)
    as_(client, editor)
    chosen = {"action": "delete_selected", "_selected_action": [inline.pk, unused.pk], "post": "yes"}

    client.post(LIST, chosen)
    assert Image.objects.count() == 2

    client.post(LIST, chosen | {"_selected_action": [unused.pk]})
    assert Image.objects.get() == inline


def test_the_first_page_tells_of_pictures_without_description(editor):
    stored_for(editor)
    stored_for(editor, decorative=True)

    [task] = [task for task in tasks.waiting(editor, timezone.localdate(AT)) if task.title == "Mô tả ảnh đã tải lên"]

    assert task.count == 1
