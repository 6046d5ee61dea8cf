"""Staff upload pictures in a browser."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import FilePayload, Page, expect

from news.models import Image
from portal import roles
from tests.factories import UserFactory
from tests.news import hostile_files


@pytest.fixture
def editor(page: Page, transactional_db, settings, tmp_path, sign_in):
    settings.MEDIA_ROOT = tmp_path
    person = UserFactory(role=roles.EDITOR)
    sign_in(person)
    return person


@pytest.mark.parametrize("width", [1280])
def test_pictures_are_uploaded_and_described(page: Page, base_url: str, editor, holds_in_every_window: Callable):
    files: list[FilePayload] = [
        {"name": "quầy.jpg", "mimeType": "image/jpeg", "buffer": hostile_files.picture(size=(900, 600))},
        {"name": "trang.jpg", "mimeType": "image/jpeg", "buffer": hostile_files.REFUSED["trang.jpg"]},
    ]
    page.goto(f"{base_url}{reverse('admin:news_image_add')}")
    holds_in_every_window(page, enhanced_contrast=False, sizes=[16])

    page.get_by_label("Tệp ảnh").set_input_files(files)
    with page.expect_navigation():
        page.get_by_role("button", name="Tải lên").click()

    expect(page.get_by_text("Không đọc được ảnh “trang.jpg”")).to_be_visible()
    holds_in_every_window(page, enhanced_contrast=False, sizes=[])
    page.locator("input[name=form-0-alt]").fill("Quầy tiếp nhận hồ sơ")
    with page.expect_navigation():
        page.get_by_role("button", name="Lưu").first.click()
    assert Image.objects.get().alt == "Quầy tiếp nhận hồ sơ"
    page.goto(f"{base_url}{reverse('admin:news_image_change', args=[Image.objects.get().pk])}")
    holds_in_every_window(page, enhanced_contrast=False, sizes=[16])
