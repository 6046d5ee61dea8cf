"""Whom to address, surveys and the question whether a page helps."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from feedback import surveying
from feedback.models import PageVotes, RatingScale, SurveyQuestion, SurveyResponse
from portal import roles
from tests.factories import (
    FieldFactory,
    FocalPersonFactory,
    OrganisationFactory,
    ProcedureFactory,
    SurveyFactory,
    UserFactory,
)


def load():
    OrganisationFactory(email="vanphong@example.org", working_hours="7:30–17:00")
    procedure = ProcedureFactory(published=True, code="2.002380", short_name="Cấp giấy phép sử dụng thiết bị X-quang")
    person = FocalPersonFactory(
        name="Cán bộ đầu mối - Văn phòng", email="phananh@example.org", answers_within="Trong 2 ngày làm việc"
    )
    person.fields.add(procedure.field, FieldFactory(name="Tiêu chuẩn, đo lường, chất lượng sản phẩm hàng hóa"))
    today = timezone.localdate()
    over = {"first_on": today - timedelta(days=30), "last_on": today - timedelta(days=3)}
    for slug, days in (("dang-mo", {}), ("da-dong", over)):
        survey = SurveyFactory(slug=slug, procedure=procedure, **days)
        scale = RatingScale.objects.get(name="Mức hài lòng")
        first = SurveyQuestion.objects.create(survey=survey, order=1, text="Mức hài lòng chung", scale=scale)
        SurveyQuestion.objects.create(survey=survey, order=2, text="Còn vướng gì?", kind="text", required=False)
        surveying.take(survey, {first.pk: "3"}, on=survey.first_on, entered_by=UserFactory())


@pytest.fixture(autouse=True)
def _content(filled):
    filled(load)


@pytest.mark.parametrize("width", [1280])
def test_pages_are_accessible_and_fit(page, holds_in_every_window):
    for name, arguments in [
        ("contact", []),
        ("feedback:notice", []),
        ("feedback:survey-list", []),
        ("feedback:survey", ["dang-mo"]),
        ("feedback:survey-results", ["da-dong"]),
        ("feedback:page-vote", ["2.002380"]),
    ]:
        page.goto(reverse(name, args=arguments))
        holds_in_every_window(page)


@pytest.mark.parametrize("width", [390])
@pytest.mark.browser_context_args(java_script_enabled=False)
def test_a_reader_says_what_is_missing_and_replies_to_a_survey(page):
    page.goto(reverse("procedures:procedure-detail", args=["2.002380"]))
    page.get_by_role("link", name="Trang này có giúp ích không?").click()
    page.get_by_label("Chưa", exact=True).check()
    page.get_by_label("Trang còn thiếu gì?").fill("Thiếu giờ làm việc.")
    page.get_by_role("button", name="Gửi ý kiến").click()
    expect(page.get_by_role("status")).to_contain_text("Đã ghi nhận.")
    assert PageVotes.objects.get().unhelpful == 1

    page.goto(reverse("feedback:survey", args=["dang-mo"]))
    page.get_by_role("button", name="Gửi ý kiến").click()
    page.get_by_role("link", name="Chọn một ý cho câu “Mức hài lòng chung”.").click()
    page.get_by_label("Rất hài lòng").check()
    page.get_by_role("button", name="Gửi ý kiến").click()
    expect(page.get_by_role("status")).to_contain_text("Đã nhận ý kiến.")
    assert SurveyResponse.objects.filter(entered_by=None).count() == 1


@pytest.mark.parametrize("width", [1280])
def test_the_pages_of_staff_are_accessible(page, sign_in, axe):
    sign_in(UserFactory(role=roles.OFFICE))
    for name, arguments in [
        ("admin:feedback_focalperson_changelist", []),
        ("admin:feedback_focalperson_rehearsal", []),
        ("admin:feedback_survey_change", [1]),
        ("admin:feedback_survey_results", [2]),
        ("admin:feedback_survey_paper", [1]),
    ]:
        page.goto(reverse(name, args=arguments))
        axe(page, enhanced_contrast=False)
