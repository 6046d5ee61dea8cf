"""What a sender reads and does with the receipt code, and what nobody learns by it."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from post_office.models import Email

from feedback import answering, follow_up, follow_up_views, merging, moves, sender_steps, workflow
from feedback.models import OPEN, Attachment, Draft, Event, FeedbackSettings, Message, Pause, Rating, Submission
from portal import roles
from tests.factories import (
    AnswerFactory,
    EventFactory,
    FocalPersonFactory,
    OrganisationFactory,
    SubmissionFactory,
    UnitFactory,
    UserFactory,
)
from tests.html import Page

FORM = reverse("feedback:follow-up-form")
AT = datetime(2026, 11, 12, 2, tzinfo=UTC)
SENDER = {
    "sender_name": "Trịnh Thị Thử",
    "organisation_name": "Công ty TNHH Thử Nghiệm Hoa Mai",
    "address": "Số 77 Đường Hoa Sim, thành phố Bà Rịa",
    "phone": "0903111222",
    "email": "trinh.thu@example.org",
}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _organisation(db):
    OrganisationFactory(phone="0254 000 0001")


@pytest.fixture
def unit():
    return UnitFactory(name="Phòng Quản lý chuyên ngành", phone="0254 000 0002")


@pytest.fixture
def officer(unit):
    FocalPersonFactory(unit=unit, receives_rest=True)
    return UserFactory(role=roles.OFFICE, unit=unit)


@pytest.fixture
def case(unit):
    return SubmissionFactory(unit=unit, status="handling", subject="regulation", content_type="unfit", **SENDER)


def text_of(response) -> str:
    return " ".join(Page(response).text.replace("\u00a0", " ").split())


def address(case, step: str = "") -> str:
    return reverse(f"feedback:follow-up{'-' + step if step else ''}", args=[case.shown_code])


def page(case, at=AT) -> follow_up.Page:
    return follow_up.page(follow_up.find(case.code), at=at)


def asked(case, officer, text="Dùng máy nào?"):
    workflow.ask(case, text=text, by=officer, at=AT)
    return case


def answered(case, officer, text="Sở đã bỏ giấy tờ trùng nhau.", at=AT):
    answer = answering.draft(case, text=text, by=officer, at=at)
    answering.submit(answer, by=officer, at=at)
    head = UserFactory(role=roles.OFFICE, unit=officer.unit)
    answering.approve(answer, by=head, at=at)
    answering.send(answer, by=officer, at=at)
    case.refresh_from_db()
    return case


def picture(name="anh.png") -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (8, 8), "white").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), "image/png")


# The box.


@pytest.mark.parametrize("typed", ["{}", "{} ", " {}", "mã"])
def test_a_code_is_read_however_it_is_written(client, case, typed):
    written = {"mã": case.code.lower()}.get(typed, typed.format(case.shown_code))
    response = client.post(FORM, {"code": written})
    assert response.headers["Location"] == address(case)


def test_another_way_to_write_the_code_leads_to_the_one_address(client, case):
    response = client.get(f"{FORM}{case.code.lower()}/rut/")
    assert response.headers["Location"] == address(case, "withdraw")


def test_the_box_needs_no_cookie_and_no_token(case):
    client = Client(enforce_csrf_checks=True)
    assert not client.get(FORM).cookies
    assert client.post(FORM, {"code": case.code}).status_code == 302


def test_an_empty_box_says_what_to_enter(client):
    text = text_of(client.post(FORM, {"code": ""}))
    assert "Nhập mã biên nhận có 8 chữ và số." in text


def _answer_to(client, typed):
    response = client.post(FORM, {"code": typed})
    return response.status_code, response.content.decode().replace(typed, "")


def test_codes_that_cannot_be_and_codes_of_nobody_get_the_same_answer(client, case):
    nobody = _answer_to(client, "K7QM4HXT")
    assert nobody[0] == 404
    assert "Chưa tìm thấy mã này" in nobody[1]
    assert _answer_to(client, "khong-phai-ma") == nobody
    assert client.get(f"{FORM}K7QM-4HXT/").status_code == 404


def test_what_is_no_code_stays_out_of_addresses(client):
    response = client.post(FORM, {"code": "0903 111 222"})
    assert response.status_code == 404
    assert "0903 111 222" in response.content.decode()


@pytest.mark.parametrize("typed", ["K7QM4HXT", "khong-phai-ma"])
def test_wrong_codes_cost_the_same_queries(client, django_assert_num_queries, typed):
    client.post(FORM, {"code": "11112222"})
    with django_assert_num_queries(8):
        client.post(FORM, {"code": typed})


def test_after_many_wrong_codes_right_ones_are_not_told_either(client, case, monkeypatch):
    monkeypatch.setattr(follow_up_views, "MOST_WRONG_CODES_A_DAY", 2)
    for _ in range(2):
        client.get(f"{FORM}K7QM-4HXT/")
    for response in (client.get(address(case)), client.post(FORM, {"code": case.code})):
        assert response.status_code == 429
        assert "Thử lại vào ngày mai hoặc gọi" in text_of(response)
    assert client.get(address(case), REMOTE_ADDR="203.0.113.9").status_code == 200


def test_right_codes_are_not_counted(client, case, monkeypatch):
    monkeypatch.setattr(follow_up_views, "MOST_WRONG_CODES_A_DAY", 2)
    assert [client.get(address(case)).status_code for _ in range(4)] == [200] * 4


# The page.


def test_the_pages_are_kept_by_nobody_and_found_by_nobody(client, case):
    response = client.get(address(case))
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert '<meta name="robots" content="noindex">' in response.content.decode()


@pytest.mark.parametrize(
    ("values", "stage", "heading", "day"),
    [
        ({"status": "registered"}, "Đã tiếp nhận", "Sẽ trả lời trước ngày", date(2026, 11, 17)),
        ({"status": "handling"}, "Đang xử lý", "Sẽ trả lời trước ngày", date(2026, 11, 17)),
        ({"status": "collecting"}, "Đang xử lý", "Sẽ trả lời trước ngày", date(2026, 11, 17)),
        ({"status": "disputed"}, "Đang xử lý", "Sẽ trả lời lại trước ngày", date(2026, 11, 17)),
        ({"status": "asked", "answer_due_on": None}, "Cần bổ sung", "Sở đang chờ bổ sung", None),
        ({"answered": True}, "Đã trả lời", "Đã trả lời ngày", date(2026, 11, 10)),
        ({"status": "rejected", "closed_at": AT}, "Không tiếp nhận", "Không tiếp nhận, ngày", date(2026, 11, 12)),
        ({"status": "redirected", "closed_at": AT}, "Không tiếp nhận", "Không tiếp nhận, ngày", date(2026, 11, 12)),
        (
            {"status": "forwarded", "closed_at": AT},
            "Đã chuyển cơ quan khác",
            "Đã chuyển cơ quan khác ngày",
            date(2026, 11, 12),
        ),
        ({"status": "withdrawn", "closed_at": AT}, "Đã rút", "Đã rút ngày", date(2026, 11, 12)),
        (
            {"status": "suspected", "register_number": None, "register_year": None, "answer_due_on": None},
            "Đã tiếp nhận",
            "Đã tiếp nhận ngày",
            date(2026, 11, 3),
        ),
    ],
)
def test_each_state_has_its_words_and_its_date(client, values, stage, heading, day):
    case = SubmissionFactory(**values)
    shown = page(case)
    assert (shown.stage.label, shown.heading, shown.heading_day) == (stage, heading, day)
    assert client.get(address(case)).status_code == 200


def test_every_state_has_its_words():
    assert set(follow_up.STAGES) == set(Submission.Status)


def test_the_due_day_is_in_time_and_the_next_is_overdue(case):
    on_the_day = page(case, at=datetime(2026, 11, 17, 3, tzinfo=UTC))
    late = page(case, at=datetime(2026, 11, 18, 3, tzinfo=UTC))
    assert not on_the_day.is_overdue
    assert late.is_overdue


def test_an_overdue_case_says_whom_to_call(client, case):
    text = text_of(client.get(address(case)))
    assert "Đã quá ngày hẹn 17/11/2026" in text
    assert "có thể gọi 0254 000 0002 để hỏi" in text


def test_the_page_tells_who_holds_it_and_counts_the_days(client, case):
    text = text_of(client.get(address(case)))
    assert "Đang ở: Phòng Quản lý chuyên ngành" in text
    assert "04/11/2026: ngày làm việc thứ 1" in text
    assert "07/11/2026: không tính, cuối tuần" in text
    assert "17/11/2026: ngày làm việc thứ 10" in text


def _everything_said(case, officer):
    """Let the sender's data stand in every text that the page could show."""
    name = "Kính gửi bà Trịnh Thị Thử, 0903111222, Cty TNHH Thử Nghiệm Hoa Mai, trinh.thu@example.org, 77 Hoa Sim."
    Submission.objects.filter(pk=case.pk).update(
        title=f"{case.title} Trịnh Thị Thử", content=name, proposed_solution=name
    )
    case.refresh_from_db()
    asked(case, officer, text=name)
    workflow.reply(case, text=name, at=AT)
    attachment(case, "Trịnh Thị Thử.png")
    answered(case, officer, text=name)


def attachment(case, name, **values):
    return Attachment.objects.create(
        submission=case, file="x.png", name=name, kind="png", size=1, digest="0" * 64, added_at=AT, **values
    )


def test_the_sender_is_named_nowhere(client, case, officer):
    _everything_said(case, officer)
    for step in ("", "rate", "dispute"):
        shown = text_of(client.get(address(case, step))).casefold()
        for kept in ("trịnh", "thị thử", "0903", "hoa mai", "trinh.thu", "hoa sim"):
            assert kept not in shown, (step, kept)


def test_an_id_number_that_the_sender_wrote_is_masked(client, case):
    Submission.objects.filter(pk=case.pk).update(content="Căn cước số 077190001234.")
    assert "077190001234" not in client.get(address(case)).content.decode()


def test_what_staff_says_among_themselves_is_not_shown(client, case, officer):
    workflow.note(case, text="Nội bộ: hỏi lãnh đạo.", by=officer, at=AT)
    other = FocalPersonFactory()
    workflow.transfer(case, other, by=officer, at=AT, remark="Đơn vị kia rảnh hơn.")
    text = text_of(client.get(address(case)))
    assert "Nội bộ" not in text
    assert "rảnh hơn" not in text
    [step] = [step for step in page(case).steps if step.label == "Đã chuyển đơn vị khác của Sở"]
    assert step.place == other.unit.name


@pytest.mark.parametrize("verb", [verb for verb in Event.Verb if verb not in moves.PUBLIC_REMARKS])
def test_a_remark_is_shown_only_where_the_step_is_told_to_the_sender(client, case, verb):
    EventFactory(submission=case, verb=verb, remark="Chỉ nội bộ đọc.", public=False)
    assert "Chỉ nội bộ đọc." not in text_of(client.get(address(case)))


def test_the_reason_of_a_refusal_is_shown_with_what_to_do(client, case, officer):
    workflow.reject(case, by=officer, at=AT, reason="Thiếu địa chỉ.")
    text = text_of(client.get(address(case)))
    assert "Lý do: Thiếu địa chỉ." in text
    assert "Có thể gửi lại" in text


def test_a_complaint_is_shown_its_way_and_not_back_here(client, case, officer):
    FeedbackSettings(complaints_address="Ban Tiếp công dân, số 1 Đường Thử").save()
    workflow.redirect(case, by=officer, at=AT, reason="Đây là khiếu nại.")
    text = text_of(client.get(address(case)))
    assert "Nơi nhận khiếu nại, tố cáo: Ban Tiếp công dân, số 1 Đường Thử" in text
    assert "gửi lại" not in text


def test_another_agency_is_named_and_linked(client, case, officer):
    workflow.forward(
        case, agency="Sở Xây dựng", url="https://example.org/", by=officer, at=AT, reason="Thuộc thẩm quyền khác."
    )
    page = client.get(address(case)).content.decode()
    assert "Sở Xây dựng" in page
    assert 'href="https://example.org/"' in page


def test_an_answer_stands_with_its_document_and_files(client, case):
    answer = AnswerFactory(submission=case, document_number="123/SKHCN-VP", document_on=date(2026, 11, 10))
    file = attachment(case, "Văn bản.pdf", answer=answer)
    Submission.objects.filter(pk=case.pk).update(status="answered", answered_at=answer.sent_at)
    page = client.get(address(case))
    assert "Văn bản số 123/SKHCN-VP ngày 10/11/2026" in text_of(page)
    assert reverse("feedback:follow-up-file", args=[case.shown_code, file.pk]) in page.content.decode()


def test_files_of_unsent_answers_and_of_senders_are_not_given(client, case):
    own = attachment(case, "anh.png")
    draft = attachment(case, "nhap.png", answer=AnswerFactory(submission=case, status="draft", sent_at=None))
    other = SubmissionFactory(answered=True)
    theirs = attachment(other, "khac.png", answer=AnswerFactory(submission=other))
    for file in (own, draft, theirs):
        assert client.get(reverse("feedback:follow-up-file", args=[case.shown_code, file.pk])).status_code == 404


def test_an_erased_case_shows_dates_only(client, case, officer):
    answered(case, officer, text="Sở đã bỏ giấy tờ.")
    Submission.objects.filter(pk=case.pk).update(erased_at=AT)
    text = text_of(client.get(address(case)))
    assert "Đã trả lời ngày 12/11/2026" in text
    assert "đã được xóa ngày 12/11/2026" in text
    for gone in ("Sở đã bỏ giấy tờ.", case.content, case.title, "Rút phản ánh", "Đánh giá cách xử lý"):
        assert gone not in text


def test_the_page_costs_the_same_queries_however_much_happened(client, case, officer, django_assert_max_num_queries):
    for _ in range(4):
        asked(case, officer)
        workflow.reply(case, text="Máy X.", at=AT)
        attachment(case, "anh.png", message=case.messages.last())
    answered(case, officer)
    client.get(address(case))
    with django_assert_max_num_queries(17):
        client.get(address(case))


# A merged case.


def test_a_merged_case_stands_where_the_other_one_does_without_its_words(client, case, officer):
    duplicate = SubmissionFactory(status="registered", received_at=AT, answer_due_on=date(2026, 11, 26))
    merging.merge(duplicate, case, by=officer, at=AT)
    asked(case, officer, text="Hỏi riêng người kia?")
    shown = page(duplicate)
    assert shown.stage.label == "Đang xử lý"
    assert shown.due_on == date(2026, 11, 26)
    assert "Hỏi riêng người kia" not in text_of(client.get(address(duplicate)))

    workflow.reply(case, text="Máy X của tôi.", at=AT)
    answered(case, officer, text="Kính gửi bà Trịnh Thị Thử. Sở đã bỏ giấy tờ.")
    text = text_of(client.get(address(duplicate)))
    assert "Đã trả lời ngày 12/11/2026" in text
    assert "Sở đã bỏ giấy tờ." in text
    assert "Trịnh Thị Thử" not in text
    assert "Máy X của tôi" not in text


# Answering a question.


def test_the_sender_answers_a_question_with_a_file(client, case, officer):
    asked(case, officer)
    assert "Dùng máy nào?" in text_of(client.get(address(case, "reply")))
    response = client.post(address(case, "reply"), {"text": "Máy X.", "new_files": [picture()]})
    assert response.headers["Location"] == f"{address(case)}?xong=bo-sung"

    case.refresh_from_db()
    message = case.messages.get(from_sender=True)
    assert (case.status, message.text) == ("handling", "Máy X.")
    assert [file.name for file in message.attachments.all()] == ["anh.png"]
    assert "Đã nhận nội dung bổ sung." in text_of(client.get(response.headers["Location"]))


def test_a_second_sending_of_the_same_changes_nothing_and_reads_the_same(client, case, officer):
    asked(case, officer)
    answers = [client.post(address(case, "reply"), {"text": "Máy X.\r\nMáy Y."}) for _ in range(2)]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert case.messages.filter(from_sender=True).count() == 1


def test_an_error_keeps_text_and_files(client, case, officer):
    asked(case, officer)
    bad = SimpleUploadedFile("thu.exe", b"MZ" + b"\0" * 100)
    response = client.post(address(case, "reply"), {"text": "", "new_files": [picture(), bad]})
    assert "Viết nội dung bổ sung." in text_of(response)
    assert "thu.exe" in text_of(response)
    assert "Lỗi: " in response.content.decode().split("</title>")[0]
    [token] = Page(response).all("input", name="tep")

    client.post(address(case, "reply"), {"text": "Máy X.", "tep": token["value"]})
    assert [file.name for file in case.messages.get(from_sender=True).attachments.all()] == ["anh.png"]


def test_a_chosen_file_can_be_taken_back_and_the_text_stays(client, case, officer):
    asked(case, officer)
    response = client.post(address(case, "reply"), {"text": "", "new_files": [picture()]})
    [token] = Page(response).all("input", name="tep")
    [button] = Page(response).all("button", name="remove")
    form = {"text": "Máy X.", "tep": token["value"], "remove": button["value"]}
    response = client.post(address(case, "reply"), form)
    assert "Máy X." in response.content.decode()
    assert not Attachment.objects.exists()


def test_files_of_somebody_elses_form_are_not_reached(client, case, officer):
    asked(case, officer)
    draft = Draft.objects.create(token="t" * 43, started_at=AT, expires_at=AT + timedelta(days=999))
    client.post(address(case, "reply"), {"text": "Máy X.", "tep": draft.token})
    assert not case.messages.get(from_sender=True).attachments.exists()


@pytest.mark.parametrize("status", ["registered", "handling", "collecting", "disputed"])
def test_the_sender_adds_words_and_a_file_without_being_asked(client, case, status):
    Submission.objects.filter(pk=case.pk).update(status=status)
    due_on = case.answer_due_on
    assert "Gửi thêm thông tin, tệp" in text_of(client.get(address(case)))
    form = client.get(address(case, "reply"))
    assert "Gửi thêm thông tin, tệp" in text_of(form)
    assert "Trả lời câu hỏi" not in text_of(form)
    client.post(address(case, "reply"), {"text": "Thêm một ý.", "new_files": [picture()]})

    case.refresh_from_db()
    message = case.messages.get(from_sender=True)
    assert (case.status, case.answer_due_on, message.text) == (status, due_on, "Thêm một ý.")
    assert [file.name for file in message.attachments.all()] == ["anh.png"]
    assert "Thêm một ý." in text_of(client.get(address(case)))


def test_what_is_added_twice_by_the_same_form_is_added_once(client, case):
    [seen] = Page(client.get(address(case, "reply"))).all("input", name="seen")
    form = {"text": "Xem tệp.", "seen": seen["value"]}
    answers = [client.post(address(case, "reply"), form) for _ in range(2)]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert case.messages.count() == 1

    # Opened anew, the form may bring another file with the same words.
    [seen] = Page(client.get(address(case, "reply"))).all("input", name="seen")
    client.post(address(case, "reply"), {"text": "Xem tệp.", "seen": seen["value"], "new_files": [picture()]})
    assert case.messages.count() == 2


def test_too_many_additions_of_a_day_are_refused_and_kept_on_the_page(client, case):
    for number in range(workflow.MOST_ADDITIONS_A_DAY):
        client.post(address(case, "reply"), {"text": f"Ý {number}."})
    response = client.post(address(case, "reply"), {"text": "Thêm một ý.", "new_files": [picture()]})
    assert "Hôm nay đã nhận đủ số lần bổ sung." in text_of(response)
    assert "Thêm một ý." in response.content.decode()
    assert "anh.png" in text_of(response)
    assert case.messages.count() == workflow.MOST_ADDITIONS_A_DAY


def test_a_reply_after_the_answer_is_refused_and_kept_on_the_page(client, case, officer):
    answered(case, officer)
    response = client.post(address(case, "reply"), {"text": "Thêm một ý."})
    assert response.status_code == 409
    assert "Thêm một ý." in response.content.decode()
    assert "Mở lại trang theo dõi" in text_of(response)
    assert not case.messages.filter(from_sender=True).exists()


@pytest.mark.parametrize("step", ["reply", "dispute", "rate", "withdraw"])
def test_without_the_token_no_step_is_taken(case, step):
    client = Client(enforce_csrf_checks=True)
    assert client.post(address(case, step), {"text": "Máy X."}).status_code == 403


# Looking again, rating, withdrawing.


def test_the_sender_asks_once_to_look_again(client, case, officer):
    answered(case, officer, at=timezone.now())
    assert "Đề nghị xem lại câu trả lời" in text_of(client.get(address(case)))
    for _ in range(2):
        response = client.post(address(case, "dispute"), {"reason": "Chưa nói về phí."})
        assert response.headers["Location"].endswith("?xong=xem-lai")
    case.refresh_from_db()
    assert case.status == "disputed"
    assert case.events.filter(verb="dispute").count() == 1


def test_after_the_time_the_answer_stands(client, case, officer):
    answered(case, officer)
    late = follow_up.page(follow_up.find(case.code), at=AT + timedelta(days=16))
    last = follow_up.page(follow_up.find(case.code), at=AT + timedelta(days=15))
    assert late.can_dispute_until is None
    assert last.can_dispute_until == date(2026, 11, 27)


def test_the_sender_rates_once(client, case, officer):
    answered(case, officer)
    client.post(address(case, "rate"), {"score": "4", "comment": "Nhanh."})
    response = client.post(address(case, "rate"), {"score": "1"})
    assert response.headers["Location"].endswith("?xong=danh-gia")
    rating = Rating.objects.get()
    assert (rating.score, rating.comment) == (4, "Nhanh.")
    text = text_of(client.get(address(case)))
    assert "Đã đánh giá: 4 trên 5." in text
    assert "Đánh giá cách xử lý" not in text


@pytest.mark.parametrize("score", ["", "0", "6", "x"])
def test_a_rating_is_one_of_five(client, case, officer, score):
    answered(case, officer)
    assert "Chọn một mức." in text_of(client.post(address(case, "rate"), {"score": score}))
    assert not Rating.objects.exists()


def test_the_sender_withdraws_after_being_asked(client, case):
    assert "Rút phản ánh này?" in text_of(client.get(address(case, "withdraw")))
    for _ in range(2):
        response = client.post(address(case, "withdraw"), {"reason": "Đã xong việc."})
        assert response.headers["Location"].endswith("?xong=rut")
    case.refresh_from_db()
    assert case.status == "withdrawn"
    assert "Đã rút ngày" in text_of(client.get(address(case)))


@pytest.mark.parametrize("step", ["reply", "dispute", "rate"])
def test_a_step_that_is_not_open_leads_back_to_the_case(client, case, step):
    workflow.withdraw(case, at=AT)
    assert client.get(address(case, step)).headers["Location"] == address(case)


def test_what_changed_meanwhile_is_told_and_nothing_is_lost(client, case, officer):
    stale = Submission.objects.get(pk=case.pk)
    answered(case, officer)
    problems = sender_steps.withdraw(stale, reason="", at=AT)
    assert [problem.sentence for problem in problems or []] == [str(sender_steps.MOVED_ON)]


def test_two_sendings_at_the_same_moment_are_one(case, officer):
    asked(case, officer)
    stale = [Submission.objects.get(pk=case.pk) for _ in range(2)]
    results = [sender_steps.reply(one, text="Máy X.", attachments=[], at=AT) for one in stale]
    assert results == [None, None]
    assert case.messages.filter(from_sender=True).count() == 1


def test_of_two_different_sendings_the_second_is_told(case, officer):
    asked(case, officer)
    stale = [Submission.objects.get(pk=case.pk) for _ in range(2)]
    sender_steps.reply(stale[0], text="Máy X.", attachments=[], at=AT)
    assert sender_steps.reply(stale[1], text="Máy Y.", attachments=[], at=AT) == [sender_steps.MOVED_ON]


def test_the_steps_offered_are_those_that_the_table_allows(case):
    for status in Submission.Status:
        if status in {"merged", "suspected", "spam", "received"}:
            continue
        Submission.objects.filter(pk=case.pk).update(status=status, answered_at=AT)
        shown = page(case)
        assert shown.can_withdraw is (status in OPEN), status
        assert shown.can_rate is (status == "answered"), status
        assert shown.can_reply is (status == "asked"), status
        assert shown.can_add is (status in {"registered", "handling", "collecting", "disputed"}), status


def test_days_on_which_the_sender_owed_an_answer_are_said_so(client, case):
    Pause.objects.create(submission=case, first_on=date(2026, 11, 4), last_on=date(2026, 11, 5))
    Submission.objects.filter(pk=case.pk).update(answer_due_on=date(2026, 11, 18))
    assert "05/11/2026: không tính, chờ bổ sung" in text_of(client.get(address(case)))


def test_a_note_among_staff_is_no_message_to_the_sender(case):
    Message.objects.create(submission=case, audience="staff", text="Nội bộ.", at=AT)
    assert page(case).messages == []


def test_a_date_in_a_year_whose_days_off_are_open_is_said_to_be_so(client, unit):
    FocalPersonFactory(unit=unit, receives_rest=True)
    came = datetime(2026, 12, 24, 2, tzinfo=UTC)
    filled = {"about": "unfit", "title": "Giấy tờ", "content": "Trùng nhau.", **SENDER}
    case = workflow.receive(Submission(**filled), at=came)

    page = follow_up.page(follow_up.find(case.code), at=came)

    assert page.due_on == date(2027, 1, 8)
    assert "2027 chưa được xác nhận" in page.due_note
    assert "2027 chưa được xác nhận" in Email.objects.get(to__contains=SENDER["email"]).message
    assert "2027 chưa được xác nhận" in Page(client.get(case.get_absolute_url())).text
