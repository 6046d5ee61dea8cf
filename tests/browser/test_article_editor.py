"""An article from a blank page to the screen of a telephone."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.conf import settings
from django.utils import timezone
from PIL import Image as Picture
from playwright.sync_api import Page, expect

from news.models import Article, UnsavedArticle
from portal.roles import APPROVER, EDITOR
from tests.factories import OrganisationFactory, UserFactory

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><body>
<h2 style="mso-outline-level:2">Kết quả<o:p></o:p></h2>
<p class="MsoNormal" style="font-family:Arial;color:red">Mười đội <b>dự thi</b>.<o:p></o:p></p>
<table class="MsoTableGrid"><tr><td><p class="MsoNormal">Đội</p></td><td><p class="MsoNormal">Điểm</p></td></tr></table>
</body></html>"""


@pytest.fixture
def people(page, transactional_db):
    OrganisationFactory()
    return {role: UserFactory(role=role, last_name="Cán bộ", first_name=role) for role in (EDITOR, APPROVER)}


def photo() -> dict:
    written = BytesIO()
    Picture.new("RGB", (1300, 800), "teal").save(written, "JPEG")
    return {"name": "hoi-thi.jpg", "mimeType": "image/jpeg", "buffer": written.getvalue()}


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("width", [1280])
def test_an_article_goes_from_a_blank_page_to_a_telephone(page: Page, people, sign_in, axe, fits_its_width) -> None:
    sign_in(people[EDITOR])
    page.goto("/quan-tri/news/article/add/")
    text = page.frame_locator(".cke_wysiwyg_frame").locator("body")
    expect(text).to_be_editable()
    axe(page, enhanced_contrast=False)
    page.set_viewport_size({"width": 390, "height": 844})
    axe(page, enhanced_contrast=False)
    fits_its_width(page)
    page.set_viewport_size({"width": 1280, "height": 900})

    # Written: from the keyboard, and pasted as Word leaves it on the clipboard.
    page.get_by_label("Tiêu đề").fill("Hội thi tìm hiểu cải cách hành chính")
    expect(page.get_by_text("36/90 chữ cái")).to_be_visible()
    page.evaluate("html => CKEDITOR.instances.id_body.fire('paste', {type: 'html', dataValue: html})", WORD)
    expect(text).to_contain_text("Mười đội")

    # Kept without being saved.
    expect(page.get_by_text("Đã giữ bản chưa lưu lúc")).to_be_visible()
    assert UnsavedArticle.objects.get().content["title"] == ["Hội thi tìm hiểu cải cách hành chính"]

    # A session that has ended takes nothing with it.
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Gửi duyệt").click()
    expect(page.get_by_text("Phiên đăng nhập đã hết.")).to_be_visible()
    expect(page.get_by_label("Tiêu đề")).to_have_value("Hội thi tìm hiểu cải cách hành chính")
    sign_in(people[EDITOR])

    # Handed in before it is complete, it says what it lacks and loses nothing.
    page.get_by_label("Chuyên mục").select_option(label="Tin hoạt động")
    page.get_by_label("Tải ảnh đại diện lên").set_input_files(photo())
    press(page, "Gửi duyệt")
    expect(page.get_by_text("Ghi tóm tắt một hai câu").first).to_be_visible()
    expect(page.get_by_text("Mô tả ảnh đại diện trong một câu").first).to_be_visible()
    page.get_by_label("Tóm tắt").fill("Mười đội dự thi trong hai ngày.")
    page.get_by_label("Mô tả ảnh đại diện").fill("Các đội trên sân khấu")
    press(page, "Gửi duyệt")
    expect(page.get_by_text("Chờ duyệt")).to_be_visible()

    # Returned with a remark, mended, handed in again.
    article = Article.objects.get()
    assert "<h2>Kết quả</h2>" in article.body
    assert not any(word in article.body for word in ("Mso", "style=", "o:p"))
    form = f"/quan-tri/news/article/{article.pk}/change/"
    sign_in(people[APPROVER])
    page.goto(form)
    page.get_by_label("Ý kiến khi trả lại").fill("Ghi rõ ngày.")
    press(page, "Trả lại")
    sign_in(people[EDITOR])
    page.goto(form)
    expect(page.get_by_text("Trả lại. Ghi rõ ngày.")).to_be_visible()
    page.get_by_label("Tóm tắt").fill("Mười đội dự thi ngày 20 và 21/11.")
    press(page, "Gửi duyệt")

    # Approved for a moment that has still to come.
    sign_in(people[APPROVER])
    page.goto(form)
    later = timezone.localtime() + timedelta(minutes=2)
    page.get_by_label("Đăng lúc:", exact=True).fill(f"{later:%Y-%m-%dT%H:%M}")
    press(page, "Duyệt đăng")
    expect(page.get_by_text("Hẹn giờ đăng")).to_be_visible()
    article.refresh_from_db()
    assert page.request.get(article.get_absolute_url()).status == 404

    # The moment has come: read on a telephone by somebody without account.
    Article.objects.update(publish_at=timezone.now() - timedelta(minutes=1))
    page.context.clear_cookies()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(article.get_absolute_url())
    expect(page.get_by_role("heading", level=1)).to_have_text("Hội thi tìm hiểu cải cách hành chính")
    expect(page.get_by_role("heading", name="Kết quả")).to_be_visible()
    expect(page.get_by_role("img", name="Các đội trên sân khấu")).to_be_visible()
    expect(page.get_by_role("cell", name="Điểm")).to_be_visible()
    fits_its_width(page)
    axe(page)
