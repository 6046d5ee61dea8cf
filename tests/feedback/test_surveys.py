import io
from datetime import date, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from post_office.models import Email

from feedback import surveying
from feedback.models import (
    PageRemark,
    PageVotes,
    RatingScale,
    Survey,
    SurveyInvitation,
    SurveyQuestion,
    SurveyReply,
    SurveyResponse,
)
from portal import roles
from portal.models import AttemptCount
from tests.factories import OrganisationFactory, ProcedureFactory, SurveyFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey():
    OrganisationFactory()
    scale = RatingScale.objects.get(name="Mức hài lòng")
    found = SurveyFactory(title="Ý kiến về giấy tờ an toàn bức xạ")
    kinds = [("scale", scale, ""), ("choice", None, "Ở nhà\nTại Một cửa"), ("text", None, "")]
    for order, (kind, of, choices) in enumerate(kinds, start=1):
        SurveyQuestion.objects.create(
            survey=found, order=order, text=f"Câu {order}", kind=kind, scale=of, choices=choices, required=order < 3
        )
    return found


def filled_in(survey, level="2", choice="Ở nhà", text="", **more):
    first, second, third = (f"cau_{question.pk}" for question in survey.questions.all())
    return {first: level, second: choice, third: text, **more}


def number_of(client, survey):
    return client.get(survey.get_absolute_url()).context["number"]


def test_a_reply_is_kept_with_its_day_and_nothing_that_tells_who(client, survey):
    response = client.post(survey.get_absolute_url(), filled_in(survey, text="Nên gộp mẫu."), follow=True)

    assert "Đã nhận ý kiến." in response.content.decode()
    assert not client.cookies
    kept = SurveyResponse.objects.get()
    assert (kept.on, kept.entered_by) == (timezone.localdate(), None)
    assert {(reply.value, reply.text) for reply in kept.replies.all()} == {
        (2, ""),
        (None, "Ở nhà"),
        (None, "Nên gộp mẫu."),
    }
    assert {field.name for field in SurveyResponse._meta.fields} == {"id", "survey", "on", "entered_by"}


def test_the_address_is_counted_and_not_kept(client, survey):
    client.post(survey.get_absolute_url(), filled_in(survey), REMOTE_ADDR="203.0.113.7")

    assert "203.0.113.7" not in str(list(AttemptCount.objects.values()))


def test_what_is_missing_is_told_beside_the_question_and_nothing_is_lost(client, survey):
    response = client.post(survey.get_absolute_url(), filled_in(survey, level="", text="Điều đã viết"))

    text = response.content.decode()
    assert "Lỗi: " in text
    assert "Chọn một ý cho câu “Câu 1”." in text
    assert "Điều đã viết" in text
    assert SurveyResponse.objects.count() == 0


def test_the_same_form_sent_twice_counts_once(client, survey):
    number = number_of(client, survey)
    for _ in range(2):
        response = client.post(survey.get_absolute_url(), filled_in(survey, so=number))
        assert response.status_code == 302

    assert SurveyResponse.objects.count() == 1


def test_a_program_that_fills_in_every_box_is_thanked_and_not_counted(client, survey):
    assert client.post(survey.get_absolute_url(), filled_in(survey, website="x")).status_code == 302
    assert SurveyResponse.objects.count() == 0


def test_many_replies_from_one_place_are_stopped_and_nothing_typed_is_lost(client, survey, monkeypatch):
    monkeypatch.setattr("feedback.survey_views.MOST_REPLIES_A_DAY", 1)
    client.post(survey.get_absolute_url(), filled_in(survey))

    response = client.post(survey.get_absolute_url(), filled_in(survey, text="Điều đã viết"))

    assert response.status_code == 429
    assert "Điều đã viết" in response.content.decode()


def test_a_survey_that_is_over_shows_its_results_and_takes_nothing(client, survey):
    for level in ("3", "3", "1"):
        surveying.take(survey, _keyed(survey, level), on=timezone.localdate())
    Survey.objects.update(first_on=date(2026, 1, 1), last_on=date(2026, 2, 1), conclusion="Sẽ gộp hai mẫu.")

    assert client.post(survey.get_absolute_url(), filled_in(survey)).status_code == 302
    text = client.get(reverse("feedback:survey-results", args=[survey.slug])).content.decode()

    assert SurveyResponse.objects.count() == 3
    assert "67%" in text
    assert "Điểm trung bình 2,3." in text
    assert "Sẽ gộp hai mẫu." in text
    assert "Ý kiến viết tay" not in text


def _keyed(survey, level):
    first, second, third = survey.questions.all()
    return {first.pk: level, second.pk: "Ở nhà", third.pk: "Ý kiến viết tay"}


def test_while_it_runs_only_the_number_of_replies_is_told(client, survey):
    surveying.take(survey, _keyed(survey, "3"), on=timezone.localdate())

    text = client.get(reverse("feedback:survey-results", args=[survey.slug])).content.decode()

    assert "Đã nhận 1 phiếu." in text
    assert "100%" not in text


@pytest.mark.parametrize("state", [{"published": False}, {"first_on": date(2099, 1, 1), "last_on": date(2099, 2, 1)}])
def test_what_is_not_open_yet_is_not_there(client, survey, state):
    Survey.objects.update(**state)

    assert client.get(survey.get_absolute_url()).status_code == 404
    assert survey.title not in client.get(reverse("feedback:survey-list")).content.decode()


def test_results_take_the_same_number_of_queries_for_many_replies(survey, django_assert_max_num_queries):
    for _ in range(20):
        surveying.take(survey, _keyed(survey, "1"), on=timezone.localdate())

    with django_assert_max_num_queries(6):
        surveying.results(survey, with_texts=True)


# Staff.


@pytest.fixture
def office(client):
    user = UserFactory(role=roles.OFFICE)
    client.force_login(user)
    return client


def step(client, survey, name):
    response = client.post(reverse("admin:feedback_survey_step", args=[survey.pk]), {"buoc": name}, follow=True)
    return [str(message) for message in response.context["messages"]]


def test_a_survey_without_a_rule_or_questions_is_not_opened(office):
    survey = SurveyFactory(published=False, procedure=None)

    [told] = step(office, survey, "mo")

    assert "Thêm ít nhất một câu hỏi." in told
    assert "Chọn thủ tục hoặc quy định mà phiếu hỏi." in told
    assert not Survey.objects.get().published


def test_the_office_opens_invites_and_reminds(office, survey):
    Survey.objects.update(published=False)
    SurveyInvitation.objects.create(survey=survey, organisation="Hiệp hội minh họa", email="hiephoi@example.org")
    SurveyInvitation.objects.create(survey=survey, organisation="Nhận phiếu giấy")

    step(office, survey, "mo")
    assert step(office, survey, "moi") == ["Đã xếp 1 thư mời vào hàng gửi."]
    assert step(office, survey, "moi") == ["Đã xếp 0 thư mời vào hàng gửi."]
    assert step(office, survey, "nhac") == ["Đã xếp 1 thư nhắc vào hàng gửi."]

    assert [mail.to for mail in Email.objects.all()] == [["hiephoi@example.org"]] * 2
    assert survey.get_absolute_url() in Email.objects.first().message


def test_once_somebody_replied_questions_and_scale_stay(office, survey):
    surveying.take(survey, _keyed(survey, "3"), on=timezone.localdate())

    text = office.get(reverse("admin:feedback_survey_change", args=[survey.pk])).content.decode()

    assert 'name="questions-0-text"' not in text
    scale = RatingScale.objects.get(name="Mức hài lòng")
    assert office.post(reverse("admin:feedback_ratingscale_change", args=[scale.pk]), {}).status_code == 403
    assert office.post(reverse("admin:feedback_survey_delete", args=[survey.pk]), {"post": "yes"}).status_code == 403


def test_paper_forms_are_entered_with_who_entered_them(office, survey):
    response = office.post(reverse("admin:feedback_survey_paper", args=[survey.pk]), filled_in(survey), follow=True)

    assert "Đã nhập phiếu." in response.content.decode()
    assert SurveyResponse.objects.get().entered_by is not None


def test_staff_read_what_was_written_and_take_it_along(office, survey):
    surveying.take(survey, _keyed(survey, "3"), on=timezone.localdate())

    page = office.get(reverse("admin:feedback_survey_results", args=[survey.pk])).content.decode()
    response = office.get(reverse("admin:feedback_survey_download", args=[survey.pk]))

    assert "Ý kiến viết tay" in page
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    assert [cell.value for cell in sheet[1]] == ["STT", "Câu 1", "Câu 2", "Câu 3"]
    assert [cell.value for cell in sheet[2]] == [1, "Rất hài lòng", "Ở nhà", "Ý kiến viết tay"]


@pytest.mark.parametrize(
    ("role", "name", "status"),
    [
        (roles.EDITOR, "step", 403),
        (roles.EDITOR, "paper", 403),
        (roles.EDITOR, "results", 200),
        (roles.OFFICE, "paper", 200),
    ],
)
def test_who_may(client, survey, role, name, status):
    client.force_login(UserFactory(role=role))

    assert client.get(reverse(f"admin:feedback_survey_{name}", args=[survey.pk])).status_code == status


def test_a_new_survey_gets_an_address_that_nobody_has(office, survey):
    values = {
        "title": survey.title,
        "purpose": "Hỏi về mẫu mới.",
        "unit": survey.unit_id,
        "procedure": survey.procedure_id,
        "first_on": "01/12/2026",
        "last_on": "15/12/2026",
        **_empty_formset("questions"),
        **_empty_formset("invitations"),
        **_empty_formset("news-evidence-content_type-object_id"),
    }

    response = office.post(reverse("admin:feedback_survey_add"), values)

    assert response.status_code == 302, response.context["errors"]
    slugs = set(Survey.objects.values_list("slug", flat=True))
    assert slugs == {survey.slug, "y-kien-ve-giay-to-an-toan-buc-xa"}


def _empty_formset(prefix):
    return {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}


# Whether a page helps.


@pytest.fixture
def procedure():
    OrganisationFactory()
    return ProcedureFactory(published=True, code="2.002380")


def vote(client, procedure, **values):
    return client.post(reverse("feedback:page-vote", args=[procedure.code]), values, follow=True)


def test_a_vote_is_a_number_of_the_day(client, procedure):
    response = vote(client, procedure, helpful="chua", remark="Thiếu giờ làm việc.")

    assert "Đã ghi nhận." in response.content.decode()
    assert not client.cookies
    counts = PageVotes.objects.get()
    assert (counts.day, counts.helpful, counts.unhelpful) == (timezone.localdate(), 0, 1)
    assert PageRemark.objects.get().text == "Thiếu giờ làm việc."
    assert "0 trên 1 lượt" in response.content.decode()


def test_one_place_votes_once_a_day_on_one_page(client, procedure):
    for _ in range(3):
        vote(client, procedure, helpful="co")
    vote(client, ProcedureFactory(published=True, code="1.000001"), helpful="co")

    assert sorted(PageVotes.objects.values_list("helpful", flat=True)) == [1, 1]


def test_without_a_choice_the_page_says_what_to_do(client, procedure):
    response = vote(client, procedure, remark="Chỉ viết")

    text = response.content.decode()
    assert "Chọn Có hoặc Chưa." in text
    assert "Chỉ viết" in text
    assert not PageVotes.objects.exists()


def test_remarks_wait_on_the_first_page_of_the_office(office, procedure):
    vote(office, procedure, helpful="chua", remark="Thiếu mẫu.")

    assert "Đọc góp ý về trang thủ tục" in office.get(reverse("admin:index")).content.decode()


def test_a_survey_out_of_order_is_refused_beside_its_days():
    survey = SurveyFactory.build(first_on=date(2026, 2, 1), last_on=date(2026, 2, 1) - timedelta(days=1))

    with pytest.raises(Exception, match="Chọn ngày cuối không trước ngày đầu"):
        survey.validate_constraints()


def test_levels_in_words_and_numbers_come_from_the_scale(survey):
    RatingScale.objects.get(name="Mức hài lòng").levels.filter(value=3).update(label="Hài lòng lắm")

    surveying.take(survey, _keyed(survey, "3"), on=timezone.localdate())

    assert surveying.results(survey)[0].shares[0].label == "Hài lòng lắm"
    assert SurveyReply.objects.filter(value=3).count() == 1


def test_a_deleted_remark_is_not_kept_in_the_log(office, procedure):
    remark = PageRemark.objects.create(procedure=procedure, day=date(2026, 11, 2), text="Liên hệ người viết góp ý này.")

    office.post(reverse("admin:feedback_pageremark_delete", args=[remark.pk]), {"post": "yes"})

    assert not PageRemark.objects.exists()
    assert "người viết" not in str(list(LogEntry.objects.values()))
    assert LogEntry.objects.count() == 1
