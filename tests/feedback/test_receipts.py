"""What a sender leaves with: a code, a date, a telephone number."""

import re
import subprocess
from datetime import date

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from feedback import drafting, receipt_views, receipts, workflow
from feedback.models import Pause, Submission
from portal import pdf
from tests.factories import OrganisationFactory, ProcedureFactory, SubmissionFactory
from tests.feedback.cast import CAME, cast, sent
from tests.html import Page

pytestmark = pytest.mark.django_db

RECEIPT, PAPER = reverse("feedback:receipt"), reverse("feedback:receipt-paper")
PERSONAL = ("Người Gửi Thử", "Giấy tờ trùng nhau", "Phải nộp hai lần", "0903", "Đường Thử", "@")


@pytest.fixture(autouse=True)
def organisation():
    return OrganisationFactory(help_phone="0254 000 001", working_hours="7 giờ 30 đến 17 giờ")


def received(**values) -> Submission:
    """Return what came on Tuesday, 3 November 2026, and goes to the unit of its field."""
    people = cast()
    procedure = ProcedureFactory(published=True, field=people.field, short_name="Cấp giấy phép thử")
    return workflow.receive(sent(field=people.field, procedure=procedure, **values), at=CAME)


def hold(client, submission: Submission | None) -> None:
    """Let the browser hold a draft that became the submission, or did not yet."""
    draft = drafting.begin(at=timezone.now())
    draft.submission = submission
    draft.save()
    response = HttpResponse()
    drafting.hold(response, draft)
    client.cookies = response.cookies


def text_of(response) -> str:
    return re.sub(r"\s+", " ", Page(response).text.replace("\u00a0", " "))


def told_by(*arguments: str, content: bytes) -> str:
    return subprocess.run([*arguments], input=content, capture_output=True, check=True).stdout.decode()


def test_the_page_shows_code_dates_and_what_happens_next(client):
    submission = received()
    hold(client, submission)

    shown = text_of(client.get(RECEIPT))

    assert submission.shown_code in shown
    assert "9:00 ngày 03/11/2026" in shown
    assert "Cấp giấy phép thử" in shown
    assert "5 ngày làm việc, chậm nhất ngày 10/11/2026" in shown
    assert f"{submission.unit.name} xử lý" in shown
    assert "Trả lời chậm nhất ngày 17/11/2026" in shown
    assert "07/11/2026: không tính, cuối tuần" in shown
    assert "17/11/2026: ngày làm việc thứ 10" in shown
    assert "0254 000 001" in shown
    assert f"http://testserver/phan-anh/theo-doi/{submission.shown_code}/" in shown


def test_it_tells_nothing_of_the_sender_and_of_what_was_written(client):
    submission = received()
    hold(client, submission)

    page = client.get(RECEIPT).content.decode()
    paper = receipts.paper(submission).html

    for text in PERSONAL:
        assert text not in page.partition("<main")[2].partition("</main>")[0]
        assert text not in paper
    assert "vào sổ" not in paper


def test_loading_it_again_shows_the_same_and_nobody_keeps_it(client):
    hold(client, received())

    first, second = client.get(RECEIPT), client.get(RECEIPT)

    assert first.content == second.content
    assert "no-store" in first["Cache-Control"]
    assert 'name="robots" content="noindex"' in first.content.decode()
    assert first["Referrer-Policy"] == "same-origin"


def test_what_waits_for_a_look_has_a_code_and_no_date(client):
    submission = workflow.receive(sent(), at=CAME, suspicion="Nhiều liên kết")
    hold(client, submission)

    shown = text_of(client.get(RECEIPT))

    assert submission.shown_code in shown
    assert "Ngày trả lời hiện trên trang theo dõi." in shown
    assert "chậm nhất" not in shown
    assert "rác" not in shown


def test_a_session_that_is_over_is_told_how_to_look_it_up(client):
    response = client.get(RECEIPT)

    assert response.status_code == 404
    assert "Xem lại bằng mã biên nhận" in text_of(response)
    assert reverse("feedback:follow-up-form") in response.content.decode()
    assert client.get(PAPER).url == RECEIPT


def test_what_was_not_sent_yet_has_no_receipt(client):
    hold(client, None)

    assert client.get(RECEIPT).url == reverse("feedback:file-check")


def test_the_paper_is_one_page_even_with_a_long_way_to_the_date(client):
    submission = received()
    submission.procedure.short_name = (
        "Cấp giấy phép tiến hành công việc bức xạ, sử dụng thiết bị X-quang chẩn đoán y tế"
    )
    submission.answer_days, submission.extra_days = 20, 20
    Pause.objects.create(submission=submission, first_on=date(2026, 11, 9), last_on=date(2026, 11, 20))
    submission.answer_due_on = date(2027, 1, 15)
    submission.save()
    hold(client, submission)

    content = client.get(PAPER).content

    facts = told_by("pdfinfo", "-", content=content)
    assert re.search(r"^Pages: +1$", facts, re.MULTILINE)
    assert "(A4)" in facts
    assert re.search(r"^Tagged: +yes$", facts, re.MULTILINE)
    words = re.sub(r"\s+", " ", told_by("pdftotext", "-layout", "-", "-", content=content))
    assert submission.shown_code in words
    assert "chờ bổ sung" in words
    assert f"http://testserver/phan-anh/theo-doi/{submission.shown_code}/" in words


def test_the_follow_up_page_gives_the_same_paper_under_a_name_without_the_code(client, monkeypatch):
    monkeypatch.setattr(pdf, "draw", lambda html, *rest: html.encode())
    submission = received()
    hold(client, submission)
    address = reverse("feedback:follow-up-paper", args=[submission.shown_code])

    response = client.get(address)

    assert response.content == client.get(PAPER).content
    assert response["Content-Disposition"] == 'attachment; filename="bien-nhan.pdf"'
    assert "no-store" in response["Cache-Control"]
    assert client.get(reverse("feedback:follow-up-paper", args=["ZZZZ-ZZZZ"])).status_code == 404


def test_nothing_of_the_paper_stays_on_the_disk(client, monkeypatch, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(pdf, "draw", lambda *given: b"%PDF-")
    hold(client, received())

    client.get(PAPER)

    assert list(tmp_path.glob("**/*")) == []


@pytest.mark.parametrize(("too_many", "status", "words"), [(True, 429, "vào ngày mai"), (False, 503, "chưa cài")])
def test_who_gets_no_paper_is_told_what_to_do(client, monkeypatch, too_many, status, words):
    def draw(*given):
        raise pdf.NotAvailable

    monkeypatch.setattr(pdf, "draw", draw)
    monkeypatch.setattr(receipt_views, "MOST_PAPERS_A_DAY", 0 if too_many else 9)
    submission = received()
    hold(client, submission)

    response = client.get(PAPER)

    assert response.status_code == status
    assert words in text_of(response)
    assert submission.shown_code in text_of(response)


def test_a_case_that_is_closed_counts_no_days():
    context = receipts.context(SubmissionFactory(status="withdrawn"))

    assert context["days"] == []
    assert context["due_on"] is None
