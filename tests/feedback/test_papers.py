"""Papers of a case and the register: what stands in them, who gets them, and that it is written down."""

import re
import subprocess
from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from feedback import access, letters, papers
from feedback.letters import Kind
from feedback.models import AccessRecord, Message, Submission
from portal import pdf, roles
from tests.factories import (
    EventFactory,
    FocalPersonFactory,
    OrganisationFactory,
    SubmissionFactory,
    UnitFactory,
    UserFactory,
)
from tests.html import Page

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 24, 3, tzinfo=UTC)
NAME, PHONE = "Danh Tính Riêng", "0900000077"


@pytest.fixture
def submission():
    OrganisationFactory(help_phone="0254 000 001")
    unit = UnitFactory()
    seat = FocalPersonFactory(unit=unit)
    return SubmissionFactory(unit=unit, focal_person=seat, sender_name=NAME, phone=PHONE, address="Số 9 Ngõ Kín")


@pytest.fixture
def focal(client, submission):
    client.force_login(UserFactory(role=roles.FOCAL_PERSON, unit=submission.unit))
    return client


def content(response):
    return b"".join(response.streaming_content)


def words(docx):
    document = Document(BytesIO(docx))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def text_of(file):
    return subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=file, capture_output=True, check=True
    ).stdout.decode()


def address(name, *args):
    return reverse(f"admin:feedback_submission_{name}", args=args)


# On paper.


def test_the_case_file_has_everything_and_masks_the_sender(submission):
    EventFactory(submission=submission, verb="transfer", remark="Việc của phòng khác", at=AT)
    Message.objects.create(submission=submission, audience="staff", at=AT, text="Ghi chú cho phòng")

    html = papers.case_paper(submission, sender=access.masked(submission), at=AT).html

    for said in ("Việc của phòng khác", "Ghi chú cho phòng", submission.content, "D*** T*** R***", "17/11/2026"):
        assert said in html
    assert NAME not in html
    assert PHONE not in html


def test_the_case_file_is_drawn_for_the_archive_and_kept_nowhere(submission, settings, tmp_path):
    settings.DATA_DIR = tmp_path

    file = papers.case_paper(submission, sender=access.sender_of(submission), at=AT).drawn()

    assert NAME in text_of(file)
    assert list(tmp_path.rglob("*")) == []


def test_the_register_is_across_with_its_heading_on_each_sheet(submission):
    SubmissionFactory.create_batch(24, unit=submission.unit)
    rows = list(papers.for_register(Submission.objects.all()))

    file = papers.register_paper(papers.entries(rows, senders={}), period=papers.period_of(rows), at=AT).drawn()

    facts = subprocess.run(["pdfinfo", "-"], input=file, capture_output=True, check=True).stdout.decode()
    assert re.search(r"Page size: +841\.\d+ x 595\.\d+ pts \(A4\)", facts)
    sheets = int(re.search(r"Pages: +(\d+)", facts)[1])
    assert sheets > 1
    text = text_of(file)
    assert text.count("Nội dung tóm tắt") == sheets
    assert "25 phản ánh, kiến nghị" in text
    assert NAME not in text


def test_the_register_is_in_the_order_of_its_numbers_with_what_the_decree_asks(submission):
    last = SubmissionFactory(
        unit=submission.unit,
        status="forwarded",
        forwarded_to="Sở Y tế",
        register_year=2027,
        register_number=1,
        answered_at=AT,
    )
    SubmissionFactory(status="suspected", register_year=None, register_number=None)

    rows = list(papers.for_register(Submission.objects.order_by("-pk")))
    (first, second) = papers.entries(rows, senders={last.pk: access.sender_of(last)})

    assert first.number == submission.register_entry
    assert first.sender == "D*** T*** R***"
    assert first.result == "Đã vào sổ, chờ phân loại"
    assert (second.number, second.sender, second.result) == ("1/2027", "Người gửi phản ánh", "Đã chuyển Sở Y tế")
    assert second.answered_on.isoformat() == "2026-11-24"


def test_the_register_asks_as_often_for_many_cases_as_for_one(submission, django_assert_max_num_queries):
    SubmissionFactory.create_batch(12)

    with django_assert_max_num_queries(2):
        assert len(list(papers.entries(papers.for_register(Submission.objects.all()), senders={}))) == 13


# Letters.


def test_letters_fit_what_became_of_the_case():
    def kinds(status, number=1):
        return letters.kinds(Submission(status=status, register_number=number))

    assert kinds("registered") == [Kind.RECEIPT]
    assert kinds("forwarded") == [Kind.RECEIPT, Kind.TRANSFER]
    assert kinds("rejected") == [Kind.REFUSAL]
    assert kinds("suspected", None) == []


def test_a_receipt_names_code_number_and_date(submission):
    text = words(letters.letter(Kind.RECEIPT, submission, sender=access.sender_of(submission)))

    for said in (
        NAME,
        submission.shown_code,
        submission.register_entry,
        "17/11/2026",
        "Số:        /",
        "- Lưu: VT, VP.",
    ):
        assert said in text


@pytest.mark.parametrize(
    ("kind", "status", "verb", "said"),
    [(Kind.TRANSFER, "forwarded", "forward", "Kính gửi: Sở Y tế"), (Kind.REFUSAL, "rejected", "reject", "Điều 7")],
)
def test_a_letter_says_the_public_reason_and_no_other(submission, kind, status, verb, said):
    submission.status, submission.forwarded_to = status, "Sở Y tế"
    EventFactory(submission=submission, verb=verb, remark="Lý do cho người gửi", public=True)
    EventFactory(submission=submission, verb=verb, remark="Lý do nội bộ")

    text = words(letters.letter(kind, submission))

    assert "Lý do cho người gửi" in text
    assert "nội bộ" not in text
    assert said in text
    # Without the right to read it the place for the name stays open.
    assert NAME not in text
    assert letters.BLANK in text


# Who gets them.


@pytest.fixture
def undrawn(monkeypatch):
    """Tell what would be drawn, which takes a second each time."""
    monkeypatch.setattr(pdf.Paper, "drawn", lambda paper: paper.html.encode())


def copies():
    return [(record.how, record.detail) for record in AccessRecord.objects.order_by("pk")]


def test_each_copy_of_a_case_is_written_down_and_the_sender_comes_by_post_only(focal, submission, undrawn):
    url = address("paper", submission.pk)

    masked = content(focal.get(url)).decode()
    whole = content(focal.post(url)).decode()

    assert NAME not in masked
    assert NAME in whole
    assert copies() == [("print", "hồ sơ, che người gửi"), ("print", "hồ sơ, có người gửi")]


def test_a_letter_is_a_file_named_by_the_register_number(focal, submission):
    response = focal.post(address("letter", submission.pk, "receipt"))

    entry = submission.register_entry.replace("/", "-")
    assert f'filename="giay-tiep-nhan-{entry}.docx"' in response.headers["Content-Disposition"]
    assert "no-store" in response.headers["Cache-Control"]
    assert NAME in words(content(response))
    assert copies() == [("print", "giấy tiếp nhận, có người gửi")]
    assert focal.get(address("letter", submission.pk, "transfer")).status_code == 404
    assert focal.get(address("letter", submission.pk, "khac")).status_code == 404


def test_another_unit_gets_nothing(client, submission):
    client.force_login(UserFactory(role=roles.FOCAL_PERSON, unit=UnitFactory()))

    for url in (address("paper", submission.pk), address("letter", submission.pk, "receipt")):
        assert client.get(url).status_code == 404
        assert client.post(url).status_code == 404
    file = content(client.get(address("register_xlsx")))
    assert len(list(load_workbook(BytesIO(file)).active.rows)) == 1
    assert copies() == []


@pytest.mark.parametrize("role", [roles.ADMINISTRATOR, roles.EDITOR, roles.UNIT])
def test_who_handles_no_feedback_gets_no_register(client, submission, role):
    client.force_login(UserFactory(role=role, unit=submission.unit))

    for name in ("register_xlsx", "register_pdf"):
        assert client.get(address(name)).status_code == 403
        assert client.post(address(name)).status_code == 403


def test_who_may_not_read_senders_gets_the_masked_copy_only(focal, submission, undrawn, django_user_model):
    user = django_user_model.objects.get()
    user.groups.clear()
    user.user_permissions.add(*permissions("view_submission", "handle_submission"))

    assert NAME not in content(focal.get(address("paper", submission.pk))).decode()
    for url in (address("paper", submission.pk), address("register_xlsx")):
        assert focal.post(url, {"with_senders": "on"}).status_code == 403


def permissions(*codenames):
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(codename__in=codenames)


def test_the_register_holds_what_the_list_shows(focal, submission):
    SubmissionFactory(unit=submission.unit, channel="letter", focal_person=submission.focal_person)

    file = content(focal.get(address("register_xlsx") + "?channel__exact=web"))

    header, row = load_workbook(BytesIO(file)).active.iter_rows(values_only=True)
    assert header == papers.HEADER
    assert row[0] == submission.register_entry
    assert row[3] == "D*** T*** R***"
    assert copies() == []


def test_the_register_may_be_of_a_period(focal, submission):
    for day in (2, 30):
        SubmissionFactory(unit=submission.unit, received_at=datetime(2026, 11, day, 18, tzinfo=UTC))  # 1:00 in Vietnam

    file = content(focal.post(address("register_xlsx"), {"first_on": "04/11/2026", "last_on": "01/12/2026"}))

    rows = list(load_workbook(BytesIO(file)).active.iter_rows(min_row=2, values_only=True))
    assert [row[1].day for row in rows] == [1]
    assert {row[3] for row in rows} == {"N*** g*** p*** á***"}
    assert copies() == []


def test_a_period_that_ends_before_it_begins_is_told_on_the_list(focal, submission):
    dates = {"first_on": "04/11/2026", "last_on": "03/11/2026", "channel__exact": "web"}

    response = focal.post(address("register_pdf"), dates, follow=True)

    assert response.redirect_chain[-1][0].endswith("?channel__exact=web")
    assert "Chọn ngày cuối không trước ngày đầu." in response.content.decode()


def test_the_list_leads_to_the_register_under_its_own_filters(focal, submission):
    page = Page(focal.get(reverse("admin:feedback_submission_changelist") + "?channel__exact=web&p=1"))

    assert page.all("form", action=address("register_pdf"))
    assert page.all("button", formaction=address("register_xlsx"))
    assert {field["value"] for field in page.all("input", name="channel__exact")} == {"web"}
    assert page.all("input", name="p") == []


def test_a_register_with_senders_is_written_down_for_each_case(focal, submission):
    SubmissionFactory(unit=submission.unit)

    file = content(focal.post(address("register_xlsx"), {"with_senders": "on", "channel__exact": "web"}))

    assert NAME in [row[3] for row in load_workbook(BytesIO(file)).active.iter_rows(values_only=True)]
    assert copies() == [("export", "sổ tiếp nhận, có người gửi")] * 2


def test_a_machine_without_pango_says_so(focal, submission, monkeypatch):
    def lacking(paper):
        raise pdf.NotAvailable

    monkeypatch.setattr(pdf.Paper, "drawn", lacking)

    response = focal.get(address("register_pdf"), follow=True)

    assert "Máy chủ chưa cài phần mềm tạo tệp PDF." in response.content.decode()
