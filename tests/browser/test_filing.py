"""A business files: from a procedure's page to the receipt, in a small window."""

import re
from io import BytesIO

import PIL.Image
import pytest
from django.core.files.storage import storages
from django.urls import reverse
from playwright.sync_api import expect

from feedback.models import FeedbackSettings, Submission
from tests.factories import FocalPersonFactory, OrganisationFactory, ProcedureFactory


def load():
    OrganisationFactory(email="vanphong@example.org", working_hours="7:30–17:00", help_phone="0254 000 001")
    FeedbackSettings(
        complaints_address="Ban Tiếp công dân, số 1 Đường Thử", data_protection_contact="Văn phòng Sở"
    ).save()
    FocalPersonFactory(name="Cán bộ đầu mối - Văn phòng Sở", receives_rest=True, email="phananh@example.org")
    for code, name in (("2.002380", "Cấp"), ("2.002381", "Gia hạn")):
        title = f"{name} giấy phép sử dụng thiết bị X-quang chẩn đoán y tế"
        ProcedureFactory(published=True, code=code, short_name=title)


@pytest.fixture(autouse=True)
def _content(filled, monkeypatch, tmp_path):
    monkeypatch.setitem(vars(storages["attachments"]), "location", str(tmp_path / "attachments"))
    filled(load)


def _file(kind, name):
    buffer = BytesIO()
    PIL.Image.new("RGB", (640, 480), "teal").save(buffer, kind)
    types = {"JPEG": "image/jpeg", "PDF": "application/pdf"}
    return {"name": name, "mimeType": types[kind], "buffer": buffer.getvalue()}


def _button(page, name):
    return page.get_by_role("button", name=name, exact=True)


# Whoever has no mouse files with these.


def _reach(page, place):
    for _ in range(80):
        page.keyboard.press("Tab")
        if place.evaluate("one => one === document.activeElement"):
            return
    pytest.fail("The Tab key does not lead there.")


def _type(page, label, text):
    _reach(page, page.get_by_label(label))
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(text)


def _press(page, place):
    _reach(page, place)
    page.keyboard.press("Enter")


def _write(page):
    page.get_by_label("Giải quyết chậm, gây phiền hà").check()
    page.get_by_label("Tiêu đề").fill("Chậm trả kết quả")
    page.get_by_label("Nội dung phản ánh, kiến nghị").fill("Nộp ngày 02/11, đến nay chưa có kết quả.\nĐã gọi hai lần.")


def _sign(page):
    page.get_by_label("Doanh nghiệp, tổ chức", exact=True).check()
    page.get_by_label("Tên doanh nghiệp, tổ chức").fill("Phòng khám Thử")
    page.get_by_label("Họ và tên người gửi").fill("Người đại diện")
    page.get_by_label("Địa chỉ").fill("Số 2 Đường Thử, thành phố Bà Rịa")


@pytest.mark.parametrize("width", [390])
@pytest.mark.browser_context_args(java_script_enabled=False)
def test_a_business_files_with_keys_alone_and_without_script(page):
    page.goto("/thu-tuc/2.002380/")
    _press(page, page.get_by_role("link", name="Gửi phản ánh về thủ tục này"))
    expect(page.get_by_label("Thủ tục liên quan")).to_have_value(
        "2.002380 – Cấp giấy phép sử dụng thiết bị X-quang chẩn đoán y tế"
    )

    # What is wrong is told at the top and beside; what is right stays, files too.
    _type(page, "Tiêu đề", "Chậm trả kết quả")
    page.get_by_label("Tệp kèm theo").set_input_files([_file("JPEG", "biên nhận.jpg"), _file("PDF", "don.pdf")])
    _press(page, _button(page, "Tiếp tục").last)
    expect(page).to_have_title("Lỗi: Gửi phản ánh, kiến nghị (bước 1 trên 3) – Sở KH&CN")
    expect(page.get_by_role("alert")).to_contain_text("Cần sửa 2 chỗ trước khi tiếp tục")
    expect(page.get_by_role("alert")).to_be_focused()
    _press(page, page.get_by_role("link", name="Nhập nội dung phản ánh, kiến nghị."))
    expect(page).to_have_url(re.compile("#content$"))
    expect(page.get_by_label("Tiêu đề")).to_have_value("Chậm trả kết quả")
    expect(page.get_by_role("listitem").filter(has_text="don.pdf")).to_be_visible()

    # The link leads into the box.
    page.keyboard.insert_text("Nộp ngày 02/11, đến nay chưa có kết quả.\nĐã gọi hai lần.")
    _reach(page, page.get_by_label("Giải quyết chậm, gây phiền hà"))
    page.keyboard.press("Space")
    # Enter in a box goes on, and takes no file away.
    _press(page, page.get_by_label("Tiêu đề"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Người gửi")

    _reach(page, page.get_by_label("Cá nhân", exact=True))
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    _type(page, "Tên doanh nghiệp, tổ chức", "Phòng khám Thử")
    _type(page, "Họ và tên người gửi", "Người đại diện")
    _type(page, "Địa chỉ", "Số 2 Đường Thử, thành phố Bà Rịa")
    _type(page, "Số điện thoại", "0903")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Số điện thoại cần đủ 10 chữ số")
    _type(page, "Số điện thoại", "0903.000.000")
    _press(page, _button(page, "Tiếp tục"))

    expect(page.get_by_role("heading", level=1)).to_have_text("Kiểm tra trước khi gửi")
    main = page.locator("main")
    for shown in ("Phòng khám Thử", "0903 000 000", "biên nhận.jpg", "don.pdf", "Đã gọi hai lần."):
        expect(main).to_contain_text(shown)
    _press(page, page.get_by_role("link", name="Sửa tiêu đề"))
    _type(page, "Tiêu đề", "Chậm trả kết quả cấp phép")
    page.keyboard.press("Enter")
    expect(main).to_contain_text("Chậm trả kết quả cấp phép")

    _press(page, _button(page, "Gửi phản ánh, kiến nghị"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/phan-anh/da-gui/")
    submission = Submission.objects.get()
    expect(main).to_contain_text(submission.shown_code)
    assert submission.title == "Chậm trả kết quả cấp phép"
    assert submission.procedure.code == "2.002380"
    assert submission.attachments.count() == 2
    # The browser's Back and the button once more lead to the same receipt.
    page.goto(reverse("feedback:file-check"))
    expect(main).to_contain_text(submission.shown_code)


@pytest.mark.parametrize("width", [390])
def test_pages_of_the_form_hold_in_every_window_and_warn_before_text_is_lost(page, holds_in_every_window):
    FeedbackSettings.objects.update(challenge=True)
    page.goto(reverse("feedback:home"))
    holds_in_every_window(page)
    page.get_by_role("link", name="Gửi phản ánh, kiến nghị", exact=True).last.click()
    expect(page.locator("#content-count")).to_have_text("Tối đa 5.000 chữ cái.")
    _write(page)
    expect(page.locator("#content-count")).to_have_text("Còn viết được 4.944 chữ cái.")
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.evaluate("location.reload()")
    expect(page.get_by_label("Tiêu đề")).to_have_value("Chậm trả kết quả")
    assert asked == ["beforeunload"]

    page.get_by_label("Thủ tục liên quan").fill("giấy phép x-quang")
    page.get_by_label("Tệp kèm theo").set_input_files([_file("JPEG", f"ảnh chụp giấy tiếp nhận {'a' * 60}.jpg")])
    _button(page, "Tiếp tục").last.click()
    expect(page.get_by_role("alert")).to_be_focused()
    holds_in_every_window(page)
    page.get_by_label("Gia hạn giấy phép sử dụng").check()
    _button(page, "Tiếp tục").last.click()

    _button(page, "Tiếp tục").click()
    expect(page.get_by_role("alert")).to_be_focused()
    holds_in_every_window(page)
    _sign(page)
    page.get_by_label("Thư điện tử").fill("mot-dia-chi-thu-rat-dai-cua-phong-kham@example.org")
    _button(page, "Tiếp tục").click()

    _button(page, "Gửi phản ánh, kiến nghị").click()
    expect(page.get_by_role("alert")).to_contain_text("Trả lời câu hỏi bằng số hoặc bằng chữ.")
    holds_in_every_window(page)
