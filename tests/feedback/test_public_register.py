"""The register of public answers: what a list finds, what a page tells, and what was taken away."""

from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from feedback import public_register
from feedback.models import PublicAnswer
from feedback.templatetags.public_answers import first_sentence
from news import plans
from tests.factories import (
    AnswerFactory,
    EventFactory,
    FieldFactory,
    OrganisationFactory,
    ProcedureChangeFactory,
    ProcedureFactory,
    PublicAnswerFactory,
    SubmissionFactory,
    UnitFactory,
)
from tests.html import Page

LIST = reverse("feedback:public-answer-list")
NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _organisation(db):
    OrganisationFactory()


def text_of(response) -> str:
    return " ".join(Page(response).text.replace("\u00a0", " ").split())


def found(client, query: str = "") -> list[int]:
    """The numbers of the answers that a list shows, in its order."""
    hrefs = [link["href"] for link in Page(client.get(LIST + query)).all("a")]
    return [int(part) for href in hrefs if (part := str(href).removeprefix(LIST).strip("/")).isdigit()]


def of(field=None, **values) -> PublicAnswer:
    return PublicAnswerFactory(submission=SubmissionFactory(answered=True, field=field), **values)


# The list.


def test_the_list_shows_what_was_published_and_nothing_else(client):
    shown = PublicAnswerFactory()
    for status in ("draft", "submitted", "withdrawn"):
        PublicAnswerFactory(status=status, withdrawn_reason="Có lỗi." if status == "withdrawn" else "")
    assert found(client) == [shown.number]


def test_the_newest_stands_first(client):
    old = PublicAnswerFactory(published_at=datetime(2026, 1, 5, tzinfo=UTC))
    new = PublicAnswerFactory(published_at=datetime(2026, 6, 5, tzinfo=UTC))
    assert found(client) == [new.number, old.number]


@pytest.mark.parametrize("query", ["may do", "MÁY ĐO", "do  may", "máy, đo"])
def test_words_are_found_without_marks_in_any_order(client, query):
    wanted = PublicAnswerFactory(title="Kiểm định máy đo ở đâu?")
    PublicAnswerFactory(title="Giấy tờ nộp mấy bản?", question="Nộp mấy bản?", answer="Nộp một bản.")
    assert found(client, f"?q={query}") == [wanted.number]


def test_found_words_are_marked(client):
    PublicAnswerFactory(title="Kiểm định máy đo ở đâu?")
    assert "<mark>máy đo</mark>" in client.get(LIST + "?q=may+do").content.decode()


def test_choices_narrow_the_list(client):
    field, unit = FieldFactory(name="Đo lường"), UnitFactory()
    case = SubmissionFactory(answered=True, procedure=ProcedureFactory(field=field), unit=unit)
    AnswerFactory(submission=case, outcome="amended")
    wanted = PublicAnswerFactory(submission=case, published_at=datetime(2025, 12, 31, 20, tzinfo=UTC))
    PublicAnswerFactory(published_at=datetime(2025, 12, 31, 16, tzinfo=UTC))

    for query in (f"?linh-vuc={field.slug}", f"?don-vi={unit.pk}", "?ket-qua=sua-doi", "?nam=2026"):
        assert found(client, query) == [wanted.number], query


def test_the_outcome_is_that_of_the_last_answer(client):
    case = SubmissionFactory(answered=True)
    AnswerFactory(submission=case, outcome="explained", sent_at=datetime(2026, 11, 5, tzinfo=UTC))
    AnswerFactory(submission=case, outcome="remedied", sent_at=datetime(2026, 11, 9, tzinfo=UTC))
    wanted = PublicAnswerFactory(submission=case)
    assert found(client, "?ket-qua=khac-phuc") == [wanted.number]
    assert found(client, "?ket-qua=giai-thich") == []


def test_choices_that_nobody_offers_are_left_out_and_said_so(client):
    shown = PublicAnswerFactory()
    response = client.get(LIST + "?linh-vuc=khong-co&trang=99")
    assert "đã bỏ qua" in text_of(response)
    assert found(client, "?linh-vuc=khong-co") == [shown.number]


def test_empty_fields_of_the_form_leave_the_address(client):
    assert client.get(LIST + "?q=&linh-vuc=").headers["Location"] == LIST


def test_a_search_without_a_hit_leads_on(client):
    PublicAnswerFactory()
    assert "Không tìm thấy câu trả lời với từ “khongco”" in text_of(client.get(LIST + "?q=khongco"))


def test_without_answers_the_page_says_so(client):
    assert "Chưa có câu trả lời nào được công khai." in text_of(client.get(LIST))


def test_pages_have_twenty_answers_and_cost_the_same_queries(client, django_assert_max_num_queries):
    for _ in range(21):
        of(FieldFactory(), change=ProcedureChangeFactory())
    client.get(LIST)
    with django_assert_max_num_queries(14):
        assert len(found(client)) == 20
    assert len(found(client, "?trang=2")) == 1


def test_the_list_sets_no_cookie(client):
    PublicAnswerFactory()
    assert not client.get(LIST).cookies


# By field.


@pytest.mark.parametrize(("taken", "median"), [([4], 4), ([1, 9, 3], 3), ([2, 3, 10, 4], 3.5), ([5, 5], 5)])
def test_the_median_is_the_middle_of_the_days(taken, median):
    field = FieldFactory()
    for days in taken:
        of(field, days_taken=days)
    of(FieldFactory(), days_taken=99)
    assert [(line.count, line.median_days) for line in public_register.by_field() if line.name == field.name] == [
        (len(taken), median)
    ]


def test_an_answer_without_days_counts_and_leaves_the_median():
    field = FieldFactory()
    of(field, days_taken=None)
    of(field, days_taken=6)
    [line] = public_register.by_field()
    assert (line.count, line.median_days) == (2, 6)


def test_answers_of_no_field_stand_last():
    of(None)
    of(FieldFactory(name="Đo lường"))
    assert [line.name for line in public_register.by_field()] == ["Đo lường", "Chưa rõ lĩnh vực"]


def test_the_table_costs_two_queries(django_assert_num_queries):
    for _ in range(3):
        of(FieldFactory())
    with django_assert_num_queries(2):
        public_register.by_field()


# One answer.


def test_the_page_tells_question_answer_unit_days_and_outcome(client):
    case = SubmissionFactory(answered=True, unit=UnitFactory(name="Phòng Quản lý chuyên ngành"))
    AnswerFactory(submission=case, outcome="amended")
    answer = PublicAnswerFactory(submission=case)
    text = text_of(client.get(answer.get_absolute_url()))
    for said in (answer.question, answer.answer, "Phòng Quản lý chuyên ngành", "03/11/2026", "10/11/2026"):
        assert said in text
    assert "5 ngày làm việc" in text
    assert "Sửa đổi, bãi bỏ theo thẩm quyền" in text


def test_the_page_says_nothing_of_the_sender_and_leads_to_no_case(client):
    case = SubmissionFactory(answered=True, sender_name="Trịnh Thị Thử", phone="0903111222", content="Chưa che.")
    response = client.get(PublicAnswerFactory(submission=case).get_absolute_url())
    page = response.content.decode()
    for kept in (case.sender_name, case.phone, case.address, case.code, case.shown_code, case.content):
        assert kept not in page
    assert not response.cookies


def test_a_change_that_came_of_it_is_linked(client):
    change = ProcedureChangeFactory(decision__status="published")
    text = client.get(PublicAnswerFactory(change=change).get_absolute_url()).content.decode()
    assert "Ý kiến này đã dẫn đến thay đổi" in text
    assert change.get_absolute_url() in text


def test_what_was_taken_away_leaves_the_reason_and_not_the_question(client):
    answer = PublicAnswerFactory(status="withdrawn", withdrawn_reason="Lộ thông tin của người khác.")
    taken = datetime(2026, 11, 20, 2, tzinfo=UTC)
    EventFactory(submission=answer.submission, verb="unpublish", status="answered", at=taken)
    response = client.get(answer.get_absolute_url())
    text = text_of(response)
    assert response.status_code == 410
    assert "Lý do: Lộ thông tin của người khác." in text
    assert "20/11/2026" in text
    assert answer.title not in text
    assert answer.question not in text


@pytest.mark.parametrize("status", ["draft", "submitted"])
def test_what_is_being_written_has_no_page(client, status):
    answer = PublicAnswerFactory(status=status)
    assert client.get(f"{LIST}{answer.number}/").status_code == 404


# Elsewhere.


def test_the_page_of_a_procedure_lists_its_answers(client):
    procedure = ProcedureFactory(published=True)
    answer = PublicAnswerFactory(submission__procedure=procedure)
    other = PublicAnswerFactory()
    page = client.get(procedure.get_absolute_url()).content.decode()
    assert "Câu trả lời về thủ tục này" in page
    assert answer.get_absolute_url() in page
    assert other.title not in page


def test_the_feed_holds_the_latest_answers(client):
    answer = PublicAnswerFactory(title="Nộp <mấy> bản?")
    feed = ElementTree.fromstring(client.get(reverse("feedback:public-answer-feed")).content)
    [entry] = feed.findall("{*}entry")
    assert entry.findtext("{*}title") == answer.title
    assert entry.findtext("{*}summary") == "Không phải nộp hai lần."


def test_the_site_map_leads_to_answers(client):
    shown, hidden = PublicAnswerFactory(), PublicAnswerFactory(status="draft")
    page = client.get("/sitemap-tra-loi.xml").content.decode()
    assert shown.get_absolute_url() in page
    assert hidden.get_absolute_url() not in page


def test_public_answers_carry_out_tasks_of_the_plan():
    [kind] = [kind for kind in plans.kinds() if kind.model is PublicAnswer]
    shown = PublicAnswerFactory()
    PublicAnswerFactory(published_at=datetime(2026, 11, 30, tzinfo=UTC))
    assert list(kind.counted(NOW)) == [shown]
    assert kind.day(shown) == date(2026, 11, 16)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("Nộp một bản theo Quyết định 12.2024. Không nộp thêm.", "Nộp một bản theo Quyết định 12.2024."),
        ("Kính gửi: Ông/Bà\nSở trả lời như sau. Nộp một bản.", "Sở trả lời như sau."),
        ("Nộp một bản", "Nộp một bản"),
        ("từ " * 200, ("từ " * 80).strip() + " …"),
    ],
)
def test_a_list_shows_the_first_whole_sentence(answer, sentence):
    assert first_sentence(PublicAnswer(answer=answer)) == sentence
