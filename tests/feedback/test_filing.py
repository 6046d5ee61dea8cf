"""Filing as a browser does it: three pages, one submission."""

from datetime import timedelta
from io import BytesIO

import PIL.Image
import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from feedback import drafting, filing, spam, workflow
from feedback.models import Attachment, Draft, Event, FeedbackSettings, RegisterCounter, Submission
from procedures.models import Subscription
from tests.factories import FieldFactory, OrganisationFactory, ProcedureFactory
from tests.html import Page
from tests.portal.test_budgets import KB, gzipped, sent_size, static_file

pytestmark = pytest.mark.django_db

CONTENT_URL, SENDER_URL, CHECK_URL = (
    reverse(f"feedback:{name}") for name in ("file-content", "file-sender", "file-check")
)
CONTENT = {"about": "unfit", "title": "Giấy tờ trùng nhau", "content": "Phải nộp hai lần cùng một loại giấy."}
SENDER = {
    "sender_kind": "organisation",
    "organisation_name": "Phòng khám Thử",
    "sender_name": "Người đại diện",
    "address": "Số 2 Đường Thử, thành phố Bà Rịa",
    "phone": "+84 903 000 000",
    "email": "mot@example.org",
}


@pytest.fixture(autouse=True)
def _folder_of_attachments(monkeypatch, tmp_path):
    monkeypatch.setitem(vars(storages["attachments"]), "location", str(tmp_path))


def form_token(seconds=60):
    return spam.form_token(at=timezone.now() - timedelta(seconds=seconds))


def write(client, url=CONTENT_URL, **values):
    return client.post(url, {"form": form_token(), **CONTENT, **values})


def sign(client, url=SENDER_URL, **values):
    return client.post(url, {**SENDER, **values})


def filled(client, **content):
    write(client, **content)
    sign(client)
    return Draft.objects.get()


def picture(name="anh.png"):
    buffer = BytesIO()
    PIL.Image.new("RGB", (40, 30), "navy").save(buffer, "PNG")
    return SimpleUploadedFile(name, buffer.getvalue())


def value_of(response, name):
    page = Page(response)
    found = [*page.all("input", name=name)]
    return found[0]["value"] if found else response.content.decode().partition(f'name="{name}"')[2].partition("</")[0]


def expire(draft):
    Draft.objects.filter(pk=draft.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


def test_three_pages_make_one_submission(client):
    procedure = ProcedureFactory(published=True, code="2.002380")

    first = write(client, procedure="2.002380", proposed_solution="Nộp một lần.", dossier_code="H06.1")
    second = sign(client, publish_name="on")
    checked = client.get(CHECK_URL)
    sent = client.post(CHECK_URL)

    assert (first.url, second.url, sent.url) == (SENDER_URL, CHECK_URL, reverse("feedback:receipt"))
    assert "Nộp một lần." in Page(checked).text
    assert "0903 000 000" in Page(checked).text
    submission = Submission.objects.get()
    assert submission.channel == "web"
    assert submission.kind == "proposal"
    assert submission.procedure == procedure
    assert submission.field == procedure.field
    assert submission.dossier_code == "H06.1"
    assert submission.phone == "0903000000"
    assert submission.organisation_name == "Phòng khám Thử"
    assert submission.publish_name_at == submission.received_at
    assert submission.news_at is None
    assert submission.contact_key == spam.contact_key("0903000000", "")
    assert submission.status == "registered"


def test_the_senders_data_stays_in_the_submission_alone(client):
    filled(client)
    client.post(CHECK_URL)
    draft = Draft.objects.get()
    assert draft.submission == Submission.objects.get()
    assert draft.content == ""


def test_what_was_typed_stays_after_an_error_and_is_still_there_when_one_comes_back(client):
    response = client.post(CONTENT_URL, {"form": form_token(), "title": "Chậm trả kết quả", "proposed_solution": "Sửa"})
    assert response.content.decode().partition("<title>")[2].startswith("Lỗi: ")
    assert value_of(response, "title") == "Chậm trả kết quả"
    again = client.get(CONTENT_URL)
    assert value_of(again, "title") == "Chậm trả kết quả"
    assert "Sửa" in value_of(again, "proposed_solution")
    assert not Page(again).all("div", **{"class": "error-summary"})


def test_going_back_from_the_second_page_keeps_what_is_half_filled(client):
    write(client)
    back = client.post(SENDER_URL, {"sender_name": "Người đại diện", "phone": "09", "back": "1"})
    assert back.url == CONTENT_URL
    page = client.get(SENDER_URL)
    assert value_of(page, "sender_name") == "Người đại diện"
    assert value_of(page, "phone") == "09"


def test_a_link_to_edit_leads_back_to_the_check_page(client):
    filled(client)
    assert write(client, url=CONTENT_URL + "?sua=1", title="Tiêu đề khác").url == CHECK_URL
    assert sign(client, url=SENDER_URL + "?sua=1", phone="").url == CHECK_URL
    text = Page(client.get(CHECK_URL)).text
    assert "Tiêu đề khác" in text
    assert "0903 000 000" not in text


def test_an_incomplete_draft_cannot_be_checked_or_sent(client):
    write(client, title="")
    for response in (client.get(CHECK_URL), client.post(CHECK_URL)):
        assert response.url == CONTENT_URL + "?thieu=1"
    assert "Nhập tiêu đề, tóm tắt việc trong một câu." in Page(client.get(CONTENT_URL + "?thieu=1")).text
    write(client)
    assert client.get(CHECK_URL).url == SENDER_URL + "?thieu=1"
    assert not Submission.objects.exists()


def test_a_page_of_a_procedure_fills_its_name_in(client):
    procedure = ProcedureFactory(published=True, code="2.002380")
    assert CONTENT_URL + "?thu-tuc=2.002380" in client.get(procedure.get_absolute_url()).content.decode()
    response = client.get(CONTENT_URL + "?thu-tuc=2.002380")
    assert value_of(response, "procedure") == f"2.002380 – {procedure.title}"
    assert write(client, procedure=value_of(response, "procedure")).url == SENDER_URL


def test_several_procedures_are_offered_on_the_page(client):
    first, second = (
        ProcedureFactory(published=True, name=f"{verb} giấy phép sử dụng thiết bị X-quang")
        for verb in ("Cấp", "Gia hạn")
    )
    page = Page(write(client, procedure="giấy phép X-quang"))
    offered = [choice["value"] for choice in page.all("input", name="procedure_choice")]
    assert set(offered) == {str(first.pk), str(second.pk), "khong-co"}
    chosen = {"procedure_asked": "giấy phép X-quang", "procedure_choice": str(second.pk)}
    assert write(client, procedure="giấy phép X-quang", **chosen).url == SENDER_URL
    assert second.title in Page(_checked(client)).text.replace("\u00a0", " ")


def _checked(client):
    sign(client)
    return client.get(CHECK_URL)


def test_a_double_click_or_resend_makes_one_submission(client):
    filled(client)
    assert [client.post(CHECK_URL).url for _ in range(3)] == [reverse("feedback:receipt")] * 3
    assert Submission.objects.count() == 1


def test_two_sendings_at_once_make_one_submission(client):
    # Both have read the draft before either has sent it.
    draft = filled(client)
    first, second = (Draft.objects.get(pk=draft.pk) for _ in range(2))
    at = timezone.now()
    assert filing.send(first, at=at) == filing.send(second, at=at)
    assert Submission.objects.count() == 1


def test_a_failure_in_between_leaves_the_draft_as_it_was(client, monkeypatch):
    draft = filled(client)

    def fail(*args, **kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(workflow, "receive", fail)
    with pytest.raises(RuntimeError):
        filing.send(draft, at=timezone.now())
    draft.refresh_from_db()
    assert draft.submitted_at is None
    assert drafting.values(draft, filing.SENDER)["sender_name"] == "Người đại diện"
    monkeypatch.undo()
    assert client.post(CHECK_URL).url == reverse("feedback:receipt")


class BrokenOff(Exception):
    pass


def break_off_at(number):
    """Return a wrapper that lets so many statements pass."""
    passed = iter(range(number))

    def execute(run, sql, *arguments):
        if next(passed, None) is None and not sql.startswith("ROLLBACK"):
            raise BrokenOff
        return run(sql, *arguments)

    return execute


def test_a_sending_that_breaks_off_anywhere_leaves_all_or_nothing(client):
    FieldFactory(slug="so-huu-tri-tue")
    write(client, field="so-huu-tri-tue", new_files=[picture()])
    sign(client, news="on")
    draft = Draft.objects.get()
    at = timezone.now()
    statements = 0
    while True:
        try:
            with transaction.atomic(), connection.execute_wrapper(break_off_at(statements)):
                filing.send(Draft.objects.get(pk=draft.pk), at=at, visitor="203.0.113.9")
            break
        except BrokenOff:
            statements += 1
        left = [Submission, Event, Email, Subscription, RegisterCounter]
        assert not any(model.objects.exists() for model in left), statements
        assert Draft.objects.get(submission=None, submitted_at=None).content
        assert Attachment.objects.get().draft == draft
    assert statements > 20
    assert Submission.objects.get().attachments.count() == 1
    assert Subscription.objects.count() == 1


def test_after_sending_a_new_form_is_empty_and_makes_another(client):
    filled(client)
    client.post(CHECK_URL)
    assert value_of(client.get(CONTENT_URL), "title") == ""
    assert client.get(CHECK_URL).url == reverse("feedback:receipt")
    write(client, title="Việc thứ hai")
    sign(client)
    client.post(CHECK_URL)
    assert set(Submission.objects.values_list("title", flat=True)) == {"Giấy tờ trùng nhau", "Việc thứ hai"}


def test_a_late_form_keeps_what_it_brings_and_says_why_it_begins_anew(client):
    write(client)
    expire(Draft.objects.get())
    response = write(client, title="Viết rất lâu")
    assert response.status_code == 200
    assert "Phiên làm việc đã hết sau 2\u00a0giờ. Nội dung chưa được gửi." in Page(response).text
    assert value_of(response, "title") == "Viết rất lâu"
    assert write(client, title="Viết rất lâu").url == SENDER_URL


def test_a_late_second_page_keeps_the_sender(client):
    write(client)
    expire(Draft.objects.get())
    response = sign(client)
    assert response.url == CONTENT_URL + "?het-gio=1"
    assert "Phiên làm việc đã hết" in Page(client.get(response.url)).text
    write(client)
    assert value_of(client.get(SENDER_URL), "sender_name") == "Người đại diện"


def test_a_late_sending_sends_nothing_and_says_so(client):
    expire(filled(client))
    response = client.post(CHECK_URL)
    assert response.url == CONTENT_URL + "?het-gio=1"
    assert "Nội dung chưa được gửi." in Page(client.get(response.url)).text
    assert not Submission.objects.exists()
    # Told once; a new form is no late one.
    assert "Phiên làm việc" not in Page(client.get(CONTENT_URL)).text
    assert write(client).url == SENDER_URL


def test_expired_drafts_are_deleted_with_their_files_and_sent_ones_leave_the_submission(
    client, django_capture_on_commit_callbacks
):
    write(client, new_files=[picture()])
    stored = Attachment.objects.get().file
    expire(Draft.objects.get())
    with django_capture_on_commit_callbacks(execute=True):
        drafting.forget_expired(timezone.now())
    assert not Draft.objects.exists()
    assert not Attachment.objects.exists()
    assert not stored.storage.exists(stored.name)

    filled(client, new_files=[picture()])
    client.post(CHECK_URL)
    drafting.forget_expired(timezone.now() + 2 * filing.RECEIPT_FOR)
    assert not Draft.objects.exists()
    assert Submission.objects.get().attachments.count() == 1


def test_a_draft_that_is_not_over_stays(client):
    write(client)
    drafting.forget_expired(timezone.now() + drafting.LIFETIME - timedelta(minutes=1))
    assert Draft.objects.exists()


def test_files_survive_errors_are_shown_and_can_be_taken_away(client):
    response = write(client, title="", new_files=[picture("anh-1.png"), picture("khac.exe.png")])
    assert "anh-1.png" in Page(response).text
    first = Attachment.objects.get()  # the same content twice is one file
    seen = client.get(reverse("feedback:draft-file", args=[first.pk]))
    assert b"".join(seen.streaming_content).startswith(b"\x89PNG")

    removed = write(client, title="Còn nguyên", remove=str(first.pk))
    assert removed.url == CONTENT_URL + "#new_files"
    assert not Attachment.objects.exists()
    assert value_of(client.get(CONTENT_URL), "title") == "Còn nguyên"


def test_a_file_that_cannot_be_taken_is_told_and_the_others_are_kept(client):
    page = Page(write(client, new_files=[SimpleUploadedFile("thu.docx", b"PK\x03\x04"), picture()]))
    assert "“thu.docx”" in page.text
    assert Attachment.objects.get().name == "anh.png"
    assert page.all("a", href="#new_files")


def test_more_files_than_allowed_are_told(client):
    files = []
    for number in range(4):
        buffer = BytesIO()
        PIL.Image.new("RGB", (20 + number, 20), "navy").save(buffer, "PNG")
        files.append(SimpleUploadedFile(f"anh-{number}.png", buffer.getvalue()))
    page = Page(write(client, new_files=files))
    assert "Kèm tối đa 3 tệp." in page.text
    assert Attachment.objects.count() == 3


def test_nobody_else_sees_the_draft_or_its_files(client, django_user_model):
    write(client, new_files=[picture()])
    other = type(client)()
    assert other.get(reverse("feedback:draft-file", args=[Attachment.objects.get().pk])).status_code == 404
    assert other.get(SENDER_URL).url == CONTENT_URL
    other.cookies[drafting.COOKIE] = Draft.objects.get().token
    assert other.get(SENDER_URL).url == CONTENT_URL


def test_the_browser_holds_a_signed_token_for_these_pages_only(client):
    assert drafting.COOKIE not in client.get(CONTENT_URL).cookies
    cookie = write(client).cookies[drafting.COOKIE]
    assert cookie["path"] == "/phan-anh/"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert Draft.objects.get().token in cookie.value
    assert "Giấy" not in cookie.value


def test_what_was_typed_can_be_deleted_at_once(client):
    filled(client)
    response = client.post(reverse("feedback:draft-discard"))
    assert response.url == reverse("feedback:home")
    assert not Draft.objects.exists()
    assert client.get(SENDER_URL).url == CONTENT_URL


def test_spam_waits_for_a_person_and_its_sender_sees_the_same(client):
    write(client, website="https://spam.example")
    sign(client)
    assert client.post(CHECK_URL).url == reverse("feedback:receipt")
    submission = Submission.objects.get()
    assert submission.status == "suspected"
    assert submission.suspicion == "Điền cả ô ẩn mà người đọc không thấy"
    assert len(submission.code) == 8


@pytest.mark.parametrize("token", ["", "đặt bừa"])
def test_a_form_that_is_not_ours_is_suspected(client, token):
    filled(client, form=token)
    client.post(CHECK_URL)
    assert "Gửi không qua biểu mẫu của trang" in Submission.objects.get().suspicion


def test_too_many_sendings_are_put_off_and_lose_nothing(client):
    OrganisationFactory(help_phone="0254 000 001")
    filled(client)
    for _ in range(spam.MOST_IN_MINUTES):
        spam.is_over_the_limit("127.0.0.1", at=timezone.now())
    response = client.post(CHECK_URL)
    assert response.status_code == 429
    text = Page(response).text
    assert "Đã gửi nhiều lần trong ít phút" in text
    assert "0254 000 001" in text
    assert "Phải nộp hai lần" in text
    assert not Submission.objects.exists()
    assert client.get(CHECK_URL).status_code == 200


def test_under_attack_a_question_is_asked_and_a_wrong_answer_gets_a_new_one(client):
    FeedbackSettings(challenge=True).save()
    draft = filled(client)
    asked = client.get(CHECK_URL)
    assert "bằng mấy?" in Page(asked).text
    wrong = client.post(CHECK_URL, {"question": value_of(asked, "question"), "challenge": "mười một"})
    assert "Câu trả lời chưa đúng." in Page(wrong).text
    assert "Trả lời câu hỏi bằng số hoặc bằng chữ." in Page(client.post(CHECK_URL)).text
    assert not Submission.objects.exists()

    token = value_of(wrong, "question")
    assert token != value_of(asked, "question")
    answer = next(str(number) for number in range(11) if spam.is_answered(token, str(number), draft.token))
    assert client.post(CHECK_URL, {"question": token, "challenge": answer}).url == reverse("feedback:receipt")
    assert Submission.objects.count() == 1


def test_news_are_asked_for_only_when_ticked_and_confirmed_first(client):
    field = FieldFactory(slug="so-huu-tri-tue")
    write(client, field="so-huu-tri-tue")
    sign(client, news="on")
    client.post(CHECK_URL)
    subscription = Subscription.objects.get()
    assert subscription.email == "mot@example.org"
    assert subscription.field == field
    assert subscription.confirmed_at is None
    assert Submission.objects.get().news_at


@pytest.mark.parametrize("url", [CONTENT_URL, SENDER_URL, CHECK_URL])
def test_pages_of_the_form_are_kept_by_nobody_else_and_found_by_no_search(client, url):
    filled(client)
    response = client.get(url)
    assert "private" in response.headers["Cache-Control"]
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert Page(response).all("meta", name="robots", content="noindex")


@pytest.mark.parametrize("url", [CONTENT_URL, SENDER_URL, CHECK_URL])
def test_a_page_of_the_form_takes_at_most_45_kb(client, url):
    FieldFactory.create_batch(20)
    filled(client, content="Phải nộp hai lần cùng một loại giấy. " * 100)
    response = client.get(url)
    files = {static_file(address) for address in Page(response).addresses() if address.startswith("/static/")}
    assert gzipped(response.content) + sum(map(sent_size, files)) <= 45 * KB
    assert sent_size(static_file("/static/css/feedback.css")) <= 2 * KB


def test_a_form_from_elsewhere_is_refused(client):
    strict = type(client)(enforce_csrf_checks=True)
    assert strict.post(CONTENT_URL, CONTENT).status_code == 403


def test_the_consents_are_unticked_and_no_identity_number_is_asked_for(client):
    write(client)
    page = Page(client.get(SENDER_URL))
    boxes = page.all("input", type="checkbox")
    assert {box["name"] for box in boxes} == {"publish_name", "news"}
    assert not any("checked" in box for box in boxes)
    assert {field.get("name") for field in page.all("input")} == {
        "csrfmiddlewaretoken",
        "sender_kind",
        "organisation_name",
        "sender_name",
        "phone",
        "email",
        "publish_name",
        "news",
        "website",
    }


@pytest.mark.parametrize("odd", ["\x00", "9" * 60, "²", "%"])
def test_odd_signs_break_nothing(client, odd):
    typed = {"procedure": f"giấy {odd}", "procedure_asked": f"giấy {odd}", "procedure_choice": odd, "remove": odd}
    odd_fields = dict.fromkeys(("about", "field", "title", "content", "form", "sender_kind", "email"), odd)
    assert client.get(CONTENT_URL, {"thu-tuc": odd}).status_code == 200
    assert write(client, **{**odd_fields, **typed}).status_code == 302
    assert (
        write(client, **{**odd_fields, "procedure": odd, "procedure_asked": odd, "procedure_choice": odd}).status_code
        == 200
    )
    assert sign(client, **odd_fields, sender_name=odd, address=odd, phone=odd).status_code == 200
    assert client.get(CHECK_URL).status_code == 302


def test_a_key_of_thousands_of_digits_breaks_nothing(client):
    write(client)
    number = "9" * 5000
    assert write(client, remove=number).status_code == 302
    asked = {"procedure": "Cấp phép", "procedure_asked": "Cấp phép", "procedure_choice": number}
    assert write(client, **asked).status_code == 200


def test_typed_markup_stays_text(client):
    write(client, title="<script>alert(1)</script>", content='"><img src=x onerror=alert(1)>')
    sign(client, sender_name="<b>Tên</b>")
    for url in (CONTENT_URL, SENDER_URL, CHECK_URL):
        content = client.get(url).content.decode()
        assert "<script>alert" not in content
        assert "<img src=x" not in content
        assert "<b>Tên" not in content


def test_the_first_page_leads_on_and_needs_no_cookie(client):
    FeedbackSettings(complaints_address="Ban Tiếp công dân, số 1 Đường Thử").save()
    response = client.get(reverse("feedback:home"))
    assert not response.cookies
    page = Page(response)
    assert page.all("a", href=CONTENT_URL)
    assert page.all("form", action=reverse("feedback:follow-up-form"))
    assert "Ban Tiếp công dân, số 1 Đường Thử" in page.text
    assert "Chưa có câu trả lời nào được công khai." in page.text
