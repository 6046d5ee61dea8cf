"""Albums: put together by staff with the keyboard, looked at on a telephone."""

import re
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from PIL import Image as Picture
from playwright.sync_api import Page, expect

from news import pictures
from news.models import Album
from portal.roles import EDITOR
from tests.factories import PUBLISHED_AT, AlbumFactory, AlbumPhotoFactory, OrganisationFactory, UserFactory


@pytest.fixture
def editor(page, transactional_db):
    OrganisationFactory()
    return UserFactory(role=EDITOR)


def photos(album: Album, count: int, **values: str) -> None:
    for number in range(1, count + 1):
        content = ContentFile(file("", "teal")["buffer"], name="anh.jpg")
        image = pictures.store(content, by=None, at=PUBLISHED_AT, alt=f"Đội thứ {number}", **values)
        AlbumPhotoFactory(album=album, image=image, order=number)


def file(name: str, colour: str) -> dict:
    written = BytesIO()
    Picture.new("RGB", (90, 60), colour).save(written, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": written.getvalue()}


@pytest.mark.parametrize("width", [1280])
def test_an_editor_sends_many_files_and_orders_them_by_keyboard(page: Page, editor, sign_in, axe) -> None:
    sign_in(editor)
    page.goto("/quan-tri/news/album/add/")
    page.get_by_label("Tên album").fill("Hội thi")
    broken = {"name": "hong.jpg", "mimeType": "image/jpeg", "buffer": b"khong phai anh"}
    page.get_by_label("Thêm ảnh").set_input_files([file("mot.jpg", "red"), broken, file("hai.jpg", "blue")])

    expect(page.locator(".upload.done")).to_have_count(2)
    expect(page.get_by_text("Tệp “hong.jpg” không phải ảnh")).to_be_visible()
    expect(page.get_by_role("button", name="Gửi lại hong.jpg")).to_be_visible()

    page.get_by_role("button", name="Lưu nháp").click()
    expect(page.locator(".photo-row")).to_have_count(2)
    for number, words in enumerate(["Đội thứ nhất", "Đội thứ hai"]):
        page.get_by_label("Mô tả ảnh").nth(number).fill(words)
    with page.expect_navigation():
        page.get_by_role("button", name="Lưu nháp").click()
    axe(page, enhanced_contrast=False)

    down = page.get_by_role("button", name="Xuống ảnh Đội thứ nhất")
    down.focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("button", name="Lên ảnh Đội thứ nhất")).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="vị trí 2 trên 2")).to_have_count(1)
    with page.expect_navigation():
        page.get_by_role("button", name="Lưu nháp").click()
    photos = Album.objects.get().photos.select_related("image")
    assert [photo.image.alt for photo in photos] == ["Đội thứ hai", "Đội thứ nhất"]


@pytest.mark.browser_context_args(java_script_enabled=False)
@pytest.mark.parametrize("width", [390])
def test_photos_lead_from_one_to_the_next_without_script(page: Page, editor) -> None:
    album = AlbumFactory(published=True, slug="hoi-thi", title="Hội thi")
    photos(album, 3)
    page.goto("/hinh-anh/")
    page.get_by_role("link", name="Hội thi").click()
    page.get_by_role("link", name="Ảnh 1 trên 3").click()
    with page.expect_navigation():
        page.get_by_role("link", name="Sau").click()
    page.get_by_role("link", name="Sau").click()

    expect(page).to_have_url(re.compile("/hinh-anh/hoi-thi/3/$"))
    expect(page.get_by_role("link", name="Sau")).to_have_count(0)


def test_the_pages_of_albums_are_accessible_and_fit(page: Page, editor, axe, fits_its_width) -> None:
    album = AlbumFactory(published=True, slug="hoi-thi", title="Hội thi tìm hiểu cải cách hành chính " * 5)
    photos(album, 5, caption="Chú thích dài " * 15)
    for address in ("/hinh-anh/", "/hinh-anh/hoi-thi/", "/hinh-anh/hoi-thi/2/"):
        page.goto(address)

        axe(page)
        fits_its_width(page)
