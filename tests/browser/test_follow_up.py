"""A sender follows the own case from a telephone, and others find the answer in the register."""

import re
from datetime import timedelta
from io import BytesIO

import PIL.Image
import pytest
from django.core.files.storage import storages
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from feedback import answering, disclosing, workflow
from feedback.models import PublicAnswer, Submission
from portal import roles
from portal.models import User
from tests.factories import FocalPersonFactory, OrganisationFactory, ProcedureFactory, SubmissionFactory, UserFactory

CODE = "K7QM4HXT"


def load():
    """A case that came three days ago, classified and asked about; its officer and the head are of one unit."""
    OrganisationFactory(help_phone="0254 000 001")
    seat = FocalPersonFactory(unit__name="Phòng Quản lý chuyên ngành", receives_rest=True)
    officer = UserFactory(username="can-bo", role=roles.OFFICE, unit=seat.unit)
    UserFactory(username="lanh-dao", role=roles.OFFICE, unit=seat.unit)
    came_at = timezone.now() - timedelta(days=3)
    title = "Cấp giấy phép sử dụng thiết bị X-quang chẩn đoán y tế"
    case = workflow.receive(
        SubmissionFactory.build(
            unit=None,
            status="received",
            register_year=None,
            register_number=None,
            received_at=came_at,
            procedure=ProcedureFactory(published=True, code="2.002380", short_name=title),
            title="Một máy chụp răng phải nộp báo cáo như bệnh viện",
            sender_name="Trịnh Thị Thử",
        ),
        at=came_at,
    )
    Submission.objects.filter(pk=case.pk).update(code=CODE)
    case.refresh_from_db()
    workflow.classify(
        case, content_type="unfit", subject="regulation", time_class="ordinary", by=officer, at=timezone.now()
    )
    workflow.ask(case, text="Phòng khám dùng máy loại nào?", by=officer, at=timezone.now())


@pytest.fixture(autouse=True)
def _content(filled, monkeypatch, tmp_path):
    monkeypatch.setitem(vars(storages["attachments"]), "location", str(tmp_path / "attachments"))
    filled(load)


def _answer(text):
    case, at = Submission.objects.get(), timezone.now()
    officer, head = User.objects.get(username="can-bo"), User.objects.get(username="lanh-dao")
    answer = answering.draft(case, text=text, by=officer, at=at)
    answering.submit(answer, by=officer, at=at)
    answering.approve(answer, by=head, at=at)
    case.refresh_from_db()
    answer.refresh_from_db()
    answering.send(answer, by=officer, at=at)


def _publish():
    case, at = Submission.objects.get(), timezone.now()
    officer, head = User.objects.get(username="can-bo"), User.objects.get(username="lanh-dao")
    public = disclosing.prepare(case, by=officer, at=at)
    disclosing.submit(public, by=officer, at=at)
    public.refresh_from_db()
    disclosing.publish(public, by=head, at=at)


def _picture():
    buffer = BytesIO()
    PIL.Image.new("RGB", (640, 480), "teal").save(buffer, "JPEG")
    return {"name": "máy.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


@pytest.mark.parametrize("width", [390])
@pytest.mark.browser_context_args(java_script_enabled=False)
def test_a_sender_follows_answers_reads_and_rates_without_script(page: Page):
    page.goto(reverse("feedback:follow-up-form"))
    page.get_by_label("Mã biên nhận").fill("k7qm 4hxx")
    page.get_by_role("button", name="Xem tình trạng xử lý").click()
    expect(page.get_by_role("alert")).to_contain_text("Chưa tìm thấy mã này")
    page.get_by_label("Mã biên nhận").fill("k7qm 4hxt")
    page.get_by_role("button", name="Xem tình trạng xử lý").click()
    expect(page).to_have_url(re.compile("/phan-anh/theo-doi/K7QM-4HXT/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Sở đang chờ bổ sung")
    expect(page.get_by_text("Phòng Quản lý chuyên ngành").first).to_be_visible()

    # A file that was taken outlives an error in the text.
    page.get_by_role("link", name="Trả lời câu hỏi, gửi thêm tệp").click()
    page.get_by_label("Tệp kèm theo").set_input_files([_picture()])
    page.get_by_role("button", name="Gửi bổ sung").last.click()
    expect(page.get_by_role("alert")).to_contain_text("Viết nội dung bổ sung.")
    expect(page.get_by_role("listitem").filter(has_text="máy.jpg")).to_be_visible()
    page.get_by_label("Nội dung bổ sung").fill("Máy chụp răng toàn cảnh, mua năm 2019.")
    page.get_by_role("button", name="Gửi bổ sung").last.click()
    expect(page.get_by_role("status")).to_have_text("Đã nhận nội dung bổ sung.")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Sẽ trả lời trước ngày"))
    expect(page.get_by_text("Tệp kèm theo: máy.jpg")).to_be_visible()
    page.get_by_text(re.compile("^Vì sao là ngày")).click()
    expect(page.get_by_text("chờ bổ sung").or_(page.get_by_text("ngày làm việc thứ 1")).first).to_be_visible()

    _answer("Kính gửi bà Trịnh Thị Thử.\nPhòng khám chỉ nộp bản kiểm định còn hiệu lực.")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Đã trả lời ngày"))
    expect(page.get_by_text("Phòng khám chỉ nộp bản kiểm định")).to_be_visible()
    expect(page.get_by_text("Trịnh")).to_have_count(0)

    page.get_by_role("link", name="Đánh giá cách xử lý").click()
    page.get_by_label("Hài lòng", exact=True).check()
    page.get_by_role("button", name="Gửi đánh giá").click()
    expect(page.get_by_text("Đã đánh giá: 4 trên 5.")).to_be_visible()

    _publish()
    page.goto("/thu-tuc/2.002380/")
    page.get_by_role("link", name="Một máy chụp răng phải nộp báo cáo như bệnh viện").click()
    expect(page.get_by_text("Phòng khám chỉ nộp bản kiểm định")).to_be_visible()
    expect(page.get_by_text("Trịnh")).to_have_count(0)
    page.get_by_role("link", name="Xem các câu trả lời khác").click()
    page.get_by_label("Từ trong câu hỏi hoặc câu trả lời").fill("kiem dinh")
    page.get_by_role("button", name="Tìm câu trả lời").click()
    expect(page.get_by_role("heading", name="1 câu trả lời với từ “kiem dinh”")).to_be_visible()


@pytest.mark.parametrize("width", [1280])
def test_the_pages_are_accessible_and_fit(page: Page, holds_in_every_window):
    case = f"/phan-anh/theo-doi/{CODE[:4]}-{CODE[4:]}/"
    page.goto(case)
    holds_in_every_window(page)
    page.goto(f"{case}bo-sung/")
    page.get_by_role("button", name="Gửi bổ sung").last.click()
    expect(page.get_by_role("alert")).to_be_visible()
    holds_in_every_window(page)

    workflow.reply(Submission.objects.get(), text="Máy chụp răng toàn cảnh.", at=timezone.now())
    page.goto(case)
    page.get_by_text(re.compile("^Vì sao là ngày")).click()
    holds_in_every_window(page)
    _answer("Phòng khám chỉ nộp bản kiểm định còn hiệu lực.")
    _publish()
    answer = PublicAnswer.objects.get().get_absolute_url()
    for address in (case, f"{case}danh-gia/", reverse("feedback:public-answer-list"), answer):
        page.goto(address)
        holds_in_every_window(page)
