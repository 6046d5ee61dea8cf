"""Albums: put together by staff, ordered, and looked at photo by photo."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image as Picture

from news import albums, pictures, publishing
from news.models import Album, Image
from portal.roles import APPROVER, EDITOR, OFFICE, UNIT
from tests.factories import (
    PUBLISHED_AT,
    AlbumFactory,
    AlbumPhotoFactory,
    OrganisationFactory,
    SectionFactory,
    UserFactory,
)

ADD = "/quan-tri/news/album/add/"


def jpeg(name="anh.jpg", size=(60, 40), colour="teal"):
    written = BytesIO()
    Picture.new("RGB", size, colour).save(written, "JPEG")
    return SimpleUploadedFile(name, written.getvalue(), "image/jpeg")


def album_with_photos(count, **values):
    album = AlbumFactory(**values)
    for number in range(1, count + 1):
        AlbumPhotoFactory(album=album, order=number, image__alt=f"Ảnh số {number}")
    return album


def form_data(album, **values):
    """What a browser sends of the album's form when nothing else is typed."""
    photos = list(album.photos.all()) if album else []
    data = {
        "title": album.title if album else "Hội thi",
        "lead": "",
        "seen": album.edit_number if album else "",
        "photos-TOTAL_FORMS": len(photos),
        "photos-INITIAL_FORMS": len(photos),
    }
    for number, photo in enumerate(photos):
        row = {"id": photo.pk, "album": album.pk, "order": photo.order, "alt": photo.image.alt}
        data |= {f"photos-{number}-{name}": value for name, value in row.items()}
    return data | {"_save": "Lưu nháp"} | values


@pytest.fixture
def editor(db):
    return UserFactory(role=EDITOR)


@pytest.fixture
def staff(client, editor):
    client.force_login(editor)
    return client


# Putting together.


def test_files_of_a_browser_without_script_join_the_album_in_their_order(staff, editor):
    files = [jpeg("mot.jpg", colour="red"), jpeg("hai.jpg", colour="blue")]

    staff.post(ADD, form_data(None, files=files, credit_for_all="Trung tâm"))

    photos = list(Album.objects.get().photos.select_related("image"))
    assert [photo.order for photo in photos] == [1, 2]
    assert [photo.image.credit for photo in photos] == ["Trung tâm", "Trung tâm"]
    assert {photo.image.uploaded_by for photo in photos} == {editor}


def test_a_refused_file_is_named_and_the_others_are_kept(staff):
    bad = SimpleUploadedFile("kich-ban.jpg", b"<script>alert(1)</script>", "image/jpeg")

    page = staff.post(ADD, form_data(None, files=[jpeg(), bad]), follow=True).content.decode()

    assert "Chưa nhận: Tệp “kich-ban.jpg”" in page
    assert Album.objects.get().photos.count() == 1


def test_files_stay_with_a_form_that_is_refused(staff):
    page = staff.post(ADD, form_data(None, title="", files=[jpeg()])).content.decode()

    image = Image.objects.get()
    assert f'name="new_image" value="{image.pk}"' in page

    staff.post(ADD, form_data(None, new_image=[image.pk]))

    assert Album.objects.get().photos.get().image == image


def test_a_file_sent_by_itself_is_answered_with_the_picture(staff):
    answer = staff.post("/quan-tri/news/album/tai-anh/", {"file": jpeg()}).json()

    image = Image.objects.get()
    assert answer == {"pk": image.pk, "url": image.url(480)}


def test_a_bad_file_sent_by_itself_is_answered_in_words(staff):
    bad = SimpleUploadedFile("phim.jpg", b"khong phai anh", "image/jpeg")

    answer = staff.post("/quan-tri/news/album/tai-anh/", {"file": bad}).json()

    assert "“phim.jpg” không phải ảnh" in answer["error"]
    assert "pk" not in answer
    assert not Image.objects.exists()


@pytest.mark.parametrize(("role", "status"), [(EDITOR, 200), (APPROVER, 200), (UNIT, 200), (OFFICE, 403)])
def test_only_who_may_add_pictures_sends_files(client, db, role, status):
    client.force_login(UserFactory(role=role))

    assert client.post("/quan-tri/news/album/tai-anh/", {"file": jpeg()}).status_code == status


def test_nobody_puts_another_persons_picture_into_an_album(staff):
    other = AlbumPhotoFactory().image

    staff.post(ADD, form_data(None, title="Của tôi", new_image=[other.pk]))

    assert not Album.objects.get(title="Của tôi").photos.exists()


def test_photos_are_ordered_by_number_and_numbered_anew(staff, editor):
    album = album_with_photos(3, author=editor)
    first, second, third = album.photos.all()

    staff.post(
        f"/quan-tri/news/album/{album.pk}/change/",
        form_data(album, **{"photos-0-order": 9, "photos-1-order": 2, "photos-2-order": 5}),
    )

    assert [photo.pk for photo in album.photos.all()] == [second.pk, third.pk, first.pk]
    assert [photo.order for photo in album.photos.all()] == [1, 2, 3]


def test_what_is_said_of_a_photo_is_said_of_the_picture(staff, editor):
    album = album_with_photos(1, author=editor)

    staff.post(
        f"/quan-tri/news/album/{album.pk}/change/",
        form_data(album, **{"photos-0-alt": "Khách tham quan", "photos-0-caption": "Ngày khai mạc"}),
    )

    image = album.photos.get().image
    assert (image.alt, image.caption) == ("Khách tham quan", "Ngày khai mạc")


def test_a_photo_taken_out_stays_among_the_pictures(staff, editor):
    album = album_with_photos(2, author=editor)
    image = album.photos.first().image

    staff.post(f"/quan-tri/news/album/{album.pk}/change/", form_data(album, **{"photos-0-DELETE": "on"}))

    assert [photo.order for photo in album.photos.all()] == [1]
    assert Image.objects.filter(pk=image.pk).exists()


# What it must have.


def test_an_album_asks_for_photos_and_their_descriptions(db):
    empty, undescribed = AlbumFactory(), album_with_photos(3)
    Image.objects.filter(album_photos__album=undescribed, album_photos__order=2).update(alt="")

    assert [str(problem) for problem in albums.problems(empty)] == ["Thêm ít nhất một ảnh."]
    assert [str(problem) for problem in albums.problems(undescribed)] == ["Mô tả ảnh thứ 2, hoặc chọn “ảnh trang trí”."]


def test_an_album_goes_from_draft_to_the_public(client, editor):
    album = album_with_photos(1, author=editor, title="Ngày hội chuyển đổi số")

    publishing.submit(album, by=editor, at=PUBLISHED_AT)
    publishing.publish(album, by=UserFactory(role=APPROVER), at=PUBLISHED_AT)

    assert album.get_absolute_url() == "/hinh-anh/ngay-hoi-chuyen-doi-so/"
    assert client.get(album.get_absolute_url()).status_code == 200


# Looking at.


@pytest.fixture
def album(db):
    OrganisationFactory()
    return album_with_photos(3, published=True, title="Hội thi", slug="hoi-thi")


def test_the_list_shows_public_albums_with_their_first_photo_and_count(client, album):
    album_with_photos(1, title="Bản nháp")

    page = client.get("/hinh-anh/").content.decode()

    assert "Hội thi" in page
    assert "3 ảnh" in page
    assert album.photos.first().image.name in page
    assert "Bản nháp" not in page


def test_the_list_costs_the_same_however_many_albums(client, album):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get("/hinh-anh/")
        return len(captured)

    queries()  # The first page of a day applies what is due.
    one = queries()
    for number in range(4):
        album_with_photos(2, published=True, slug=f"so-{number}")

    assert queries() == one


def test_a_section_shows_its_albums(client, album):
    section = SectionFactory(slug="hinh-anh-moi")
    Album.objects.update(section=section)

    page = client.get("/tin-tuc/hinh-anh-moi/").content.decode()

    assert '<a href="/hinh-anh/hoi-thi/">Hội thi</a>' in page
    assert "Xem mọi album" in page
    assert "Xem mọi album" not in client.get("/tin-tuc/").content.decode()


def test_an_empty_list_leads_on(client, db):
    assert "Chưa có album nào được đăng." in client.get("/hinh-anh/").content.decode()


def test_photos_lead_from_one_to_the_next(client, album):
    first = client.get("/hinh-anh/hoi-thi/1/").content.decode()
    second = client.get("/hinh-anh/hoi-thi/2/").content.decode()
    last = client.get("/hinh-anh/hoi-thi/3/").content.decode()

    assert "ảnh 2 trên 3" in second
    assert re.findall(r'rel="(?:prev|next)" href="([^"]+)">(?:Trước|Sau)', second) == [
        "/hinh-anh/hoi-thi/1/",
        "/hinh-anh/hoi-thi/3/",
    ]
    assert ">Trước<" not in first
    assert ">Sau<" not in last
    assert client.get("/hinh-anh/hoi-thi/4/").status_code == 404
    assert client.get("/hinh-anh/hoi-thi/0/").status_code == 404
    assert client.get(f"/hinh-anh/hoi-thi/{10**30}/").status_code == 404


def test_pictures_have_their_measures_and_later_ones_wait(client, album):
    AlbumPhotoFactory(album=album, order=4)

    tags = re.findall(r"<img [^>]+>", client.get("/hinh-anh/hoi-thi/").content.decode())

    assert len(tags) == 4
    assert all(" width=" in tag and " height=" in tag for tag in tags)
    assert ['loading="lazy"' in tag for tag in tags] == [False, False, False, True]


def test_a_withdrawn_album_tells_why(client, album):
    publishing.withdraw(album, by=UserFactory(role=APPROVER), at=PUBLISHED_AT, reason="Ảnh đăng nhầm ngày.")

    for address in ("/hinh-anh/hoi-thi/", "/hinh-anh/hoi-thi/1/"):
        response = client.get(address)

        assert response.status_code == 410
        assert "Ảnh đăng nhầm ngày." in response.content.decode()


def test_an_album_whose_time_is_over_says_since_when(client, album):
    Album.objects.filter(pk=album.pk).update(unpublish_at=PUBLISHED_AT + timedelta(days=1))

    response = client.get("/hinh-anh/hoi-thi/")

    assert response.status_code == 410
    assert "03/11/2026" in response.content.decode()


def test_what_was_never_public_is_not_found(client, db):
    album_with_photos(1, slug="nhap")

    assert client.get("/hinh-anh/nhap/").status_code == 404


def test_the_card_of_an_album_is_drawn_over_its_first_photo(client, album):
    album.photos.filter(order=1).update(image=pictures.store(jpeg(size=(900, 600)), by=None, at=PUBLISHED_AT))
    response = client.get("/hinh-anh/hoi-thi/anh-chia-se.png")

    assert Picture.open(BytesIO(response.content)).size == (1200, 630)
    assert "hoi-thi/anh-chia-se.png" in client.get("/hinh-anh/hoi-thi/").content.decode()


def test_staff_preview_a_draft_that_the_public_cannot_see(staff, editor):
    draft = album_with_photos(2, author=editor, title="Sắp đăng")

    page = staff.get(reverse("admin:news_album_preview", args=[draft.pk])).content.decode()

    assert "Bản xem trước" in page
    assert "Sắp đăng" in page


def test_an_album_is_saved_whatever_the_number_of_its_fields(staff, editor):
    album = album_with_photos(1, author=editor)
    # As many as some two hundred photos have.
    fields = {f"photos-{number}-caption": "" for number in range(1, 1500)}

    response = staff.post(
        f"/quan-tri/news/album/{album.pk}/change/", form_data(album, **fields, **{"photos-0-caption": "Khai mạc"})
    )

    assert response.status_code == 302
    assert album.photos.get().image.caption == "Khai mạc"
