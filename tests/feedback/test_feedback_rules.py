"""The office's times, switches and texts to start from."""

from datetime import date

import pytest
from django.urls import reverse

from feedback import canned
from feedback.models import AnswerTime, CannedAnswer, FeedbackSettings, RetentionRule
from portal import roles
from tests.factories import SubmissionFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client):
    client.force_login(UserFactory(role=roles.OFFICE))
    return client


@pytest.fixture
def ordinary():
    AnswerTime.objects.filter(time_class="ordinary").delete()
    return AnswerTime.objects.create(time_class="ordinary", working_days=10, first_on=date(2024, 1, 1))


def change(model, pk):
    return reverse(f"admin:feedback_{model}_change", args=[pk])


def test_a_time_that_cases_rest_on_is_ended_and_not_changed(office, ordinary):
    SubmissionFactory()
    office.post(change("answertime", ordinary.pk), {"working_days": 3, "last_on": "31/12/2026", "basis": "QĐ 1"})
    ordinary.refresh_from_db()
    assert (ordinary.working_days, ordinary.last_on) == (10, date(2026, 12, 31))


def test_a_time_does_not_end_before_a_case_that_rests_on_it(office, ordinary):
    SubmissionFactory()  # of 3 November 2026
    response = office.post(change("answertime", ordinary.pk), {"last_on": "02/11/2026", "basis": ""})
    assert "last_on" in response.context["adminform"].form.errors


def test_a_time_that_nobody_used_may_be_changed_and_deleted(office, ordinary):
    values = {"time_class": "ordinary", "working_days": 8, "first_on": "01/01/2024", "last_on": "", "basis": ""}
    office.post(change("answertime", ordinary.pk), values)
    ordinary.refresh_from_db()
    assert ordinary.working_days == 8
    office.post(reverse("admin:feedback_answertime_delete", args=[ordinary.pk]), {"post": "yes"})
    assert not AnswerTime.objects.filter(pk=ordinary.pk).exists()


def test_two_times_of_a_class_do_not_hold_on_one_day(office, ordinary):
    values = {"time_class": "ordinary", "working_days": 8, "first_on": "01/01/2027", "last_on": "", "basis": ""}
    response = office.post(reverse("admin:feedback_answertime_add"), values)
    assert "first_on" in response.context["adminform"].form.errors

    AnswerTime.objects.filter(pk=ordinary.pk).update(last_on=date(2026, 12, 31))
    office.post(reverse("admin:feedback_answertime_add"), values)
    assert AnswerTime.objects.filter(time_class="ordinary").count() == 2


def test_the_list_of_settings_is_its_form(office):
    FeedbackSettings.objects.all().delete()

    response = office.get(reverse("admin:feedback_feedbacksettings_changelist"))
    assert response["Location"] == change("feedbacksettings", 1)
    assert office.get(change("feedbacksettings", 1)).status_code == 200


def test_each_class_keeps_its_one_retention_rule(office):
    assert office.get(reverse("admin:feedback_retentionrule_add")).status_code == 403
    rule = RetentionRule.objects.get(kind="spam")
    assert (
        office.post(reverse("admin:feedback_retentionrule_delete", args=[rule.pk]), {"post": "yes"}).status_code == 403
    )


def test_a_text_with_an_unknown_word_is_refused(office):
    values = {"title": "Mẫu", "text": "Thưa {hoten}", "active": "on"}
    response = office.post(reverse("admin:feedback_cannedanswer_add"), values)
    assert response.context["adminform"].form.errors["text"] == [
        "Không có chỗ điền nào tên là {hoten}. Sửa lại theo danh sách bên dưới."
    ]


def test_a_text_is_filled_in_from_the_case():
    case = SubmissionFactory(register_number=7, unit__name="Phòng Thử")
    text = "Thưa {ho_ten}: {so}, {ngay_nhan}, {han}, {don_vi}, {thu_tuc}, {khac}"
    assert canned.fill(text, case) == "Thưa Ông/Bà: 7/2026, 03/11/2026, 17/11/2026, Phòng Thử, …, {khac}"


def test_a_unit_starts_from_its_own_texts_and_everybodys():
    own, other = UnitFactory(), UnitFactory()
    CannedAnswer.objects.all().delete()
    for title, unit in (("chung", None), ("của mình", own), ("của đơn vị khác", other)):
        CannedAnswer.objects.create(title=title, text="…", unit=unit)
    CannedAnswer.objects.create(title="thôi dùng", text="…", active=False)
    assert {text.title for text in canned.for_unit(own.pk)} == {"chung", "của mình"}
