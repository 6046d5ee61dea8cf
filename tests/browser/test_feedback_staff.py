"""A case on the staff's site, from its arrival to its answer, on a telephone."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from feedback import answering, workflow
from feedback.models import CannedAnswer, Submission
from portal import roles
from portal.models import User
from tests.factories import FieldFactory, FocalPersonFactory, OrganisationFactory, UnitFactory, UserFactory

LIST = "/quan-tri/feedback/submission/"


def load():
    OrganisationFactory()
    unit = UnitFactory(name="Phòng Quản lý chuyên ngành")
    focal = UserFactory(username="chuyenmon", role=roles.FOCAL_PERSON, unit=unit)
    UserFactory(username="lanhdao", role=roles.HEAD_OF_UNIT, unit=unit)
    seat = FocalPersonFactory(name="Cán bộ đầu mối - Phòng Quản lý chuyên ngành", unit=unit, user=focal)
    seat.fields.add(FieldFactory(name="An toàn bức xạ và hạt nhân"))
    CannedAnswer.objects.create(title="Cảm ơn", text="Cảm ơn {ho_ten} đã phản ánh.")
    _received("Chờ lâu không có lịch hẹn", seat)
    busy = _received("Chờ lâu, không có lịch hẹn trả kết quả", seat, proposed_solution="Báo lịch hẹn qua tin nhắn.")
    at = timezone.now()
    kinds = {"content_type": "conduct", "subject": "conduct", "time_class": "conduct"}
    workflow.classify(busy, **kinds, by=focal, at=at)
    workflow.note(busy, text="Đã gọi điện cho người gửi.", by=focal, at=at)
    workflow.ask(busy, text="Hồ sơ nộp ngày nào?", by=focal, at=at)
    workflow.reply(busy, text="Nộp ngày 02/11/2026.", at=at)
    answering.draft(busy, text="Sở đã kiểm tra và hẹn trả kết quả ngày 30/11/2026.", by=focal, at=at)


def _received(title, seat, **values):
    case = Submission(
        about="conduct",
        field=seat.fields.get(),
        title=title,
        content="Nộp hồ sơ cấp phép đã ba tuần mà chưa có lịch hẹn trả kết quả.",
        sender_name="Đại diện phòng khám (minh họa)",
        address="Số 9 Đường Thử",
        phone="0900000009",
        received_at=timezone.now(),
        **values,
    )
    return workflow.receive(case, at=timezone.now())


@pytest.fixture(autouse=True)
def _content(filled):
    filled(load)


@pytest.mark.parametrize("width", [1280])
def test_its_pages_are_accessible_and_fit(page, sign_in, holds_in_every_window):
    sign_in(User.objects.get(username="chuyenmon"))
    busy = Submission.objects.get(status="handling")
    for address in (LIST, f"{LIST}{busy.pk}/change/", f"{LIST}add/"):
        page.goto(address)
        for folded in page.locator("details").all():
            folded.evaluate("part => { part.open = true }")
        holds_in_every_window(page, enhanced_contrast=False, sizes=[16])


@pytest.mark.parametrize("width", [390])
def test_a_case_is_classified_asked_answered_approved_and_sent(page, sign_in):
    sign_in(User.objects.get(username="chuyenmon"))
    page.goto(f"{LIST}?viec=phan-loai")
    page.get_by_role("link", name="Chờ lâu không có lịch hẹn").click()

    _open(page, "Phân loại")
    _press(page, "classify")
    expect(page.get_by_text("Đã phân loại.")).to_be_visible()

    _open(page, "Hỏi người gửi")
    _press(page, "ask")
    expect(page.get_by_role("link", name="Viết câu hỏi gửi người phản ánh.")).to_be_visible()
    page.get_by_label("Câu hỏi", exact=True).fill("Hồ sơ nộp ngày nào?")
    _press(page, "ask")
    expect(page.get_by_text("Đang chờ người gửi bổ sung, thời hạn tạm dừng.")).to_be_visible()

    _open(page, "Ghi lời người gửi bổ sung")
    page.get_by_label("Người gửi trả lời").fill("Nộp ngày 02/11/2026.")
    _press(page, "reply")

    page.get_by_label("Nội dung trả lời").fill("Lịch hẹn là ngày 30/11/2026.")
    page.get_by_label("Mẫu câu trả lời").select_option("Cảm ơn")
    page.get_by_role("button", name="Dùng mẫu này").click()
    text = "Lịch hẹn là ngày 30/11/2026.\n\nCảm ơn Đại diện phòng khám (minh họa) đã phản ánh."
    expect(page.get_by_label("Nội dung trả lời")).to_have_value(text)
    page.get_by_role("button", name="Trình duyệt").click()
    expect(page.get_by_text("Chờ người khác duyệt")).to_be_visible()
    address = page.url

    sign_in(User.objects.get(username="lanhdao"))
    page.goto(address)
    _open(page, "Duyệt và gửi")
    _press(page, "approve_and_send")
    expect(page.get_by_text("Đã duyệt và gửi câu trả lời.")).to_be_visible()
    expect(page.get_by_role("heading", name="Đã gửi")).to_be_visible()


def _open(page, label):
    page.locator("summary", has_text=label).first.click()


def _press(page, step):
    page.locator(f"#{step} button").click()
