"""What came by letter, telephone or in person, entered by an officer."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from feedback.models import Submission
from portal import roles
from tests.factories import FocalPersonFactory, OrganisationFactory, ProcedureFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db

ENTRY = reverse("admin:feedback_submission_add")


@pytest.fixture
def officer(client):
    OrganisationFactory()
    unit = UnitFactory()
    user = UserFactory(role=roles.OFFICE, unit=unit)
    FocalPersonFactory(unit=unit, user=user, receives_rest=True)
    client.force_login(user)
    return user


def typed(**values):
    return {
        "channel": "letter",
        "received_at": f"{timezone.localtime() - timedelta(days=2):%Y-%m-%dT%H:%M}",
        "about": "unfit",
        "title": "Giấy tờ trùng nhau",
        "content": "Phải nộp hai lần cùng một loại giấy.",
        "sender_kind": "person",
        "sender_name": "Người Gửi Thư",
        "address": "Số 3 Đường Thử",
        **values,
    }


def test_a_letter_goes_into_the_register_from_the_day_it_came(client, officer):
    response = client.post(ENTRY, typed(external_reference="12/CV", phone="0900 000 008"), follow=True)

    case = Submission.objects.get()
    assert response.redirect_chain[-1][0] == reverse("admin:feedback_submission_change", args=[case.pk])
    assert (case.status, case.channel, case.entered_by) == ("registered", "letter", officer)
    assert case.received_on == timezone.localdate() - timedelta(days=2)
    assert case.phone == "0900000008"
    text = response.content.decode()
    assert f"Mã biên nhận để báo người gửi: {case.shown_code}." in text
    assert "Hạn trả lời: " in text
    assert "Người Gửi Thư" not in text


def test_nothing_is_received_in_the_future_and_what_is_typed_stays(client, officer):
    tomorrow = f"{timezone.localtime() + timedelta(days=1):%Y-%m-%dT%H:%M}"
    response = client.post(ENTRY, typed(received_at=tomorrow))
    text = response.content.decode()
    assert response.context["received"].errors == {"received_at": ["Chọn ngày giờ nhận không sau lúc này."]}
    assert "Phải nộp hai lần cùng một loại giấy." in text
    assert 'value="Người Gửi Thư"' in text
    assert not Submission.objects.exists()


def test_it_is_checked_as_the_public_form_is(client, officer):
    response = client.post(ENTRY, typed(channel="", about="", content="", phone="12"))
    wrong = {name for form in response.context["forms"] for name in form.errors}
    assert wrong == {"channel", "about", "content", "phone"}


def test_the_web_is_no_way_to_enter(client, officer):
    client.post(ENTRY, typed(channel="web"))
    assert not Submission.objects.exists()


def test_a_letter_without_a_name_is_entered_to_be_refused(client, officer):
    client.post(ENTRY, typed(sender_name="", address=""))
    assert Submission.objects.get().register_number


def test_a_double_click_makes_one_entry(client, officer):
    sent = typed()
    first, second = client.post(ENTRY, sent), client.post(ENTRY, sent)
    assert Submission.objects.count() == 1
    assert first["Location"] == second["Location"]


def test_on_a_full_disk_nothing_is_entered_and_what_is_typed_stays(client, officer, monkeypatch):
    def save(*args, **kwargs):
        raise OSError("No space left on device")

    monkeypatch.setattr(storages["attachments"], "_save", save)
    content = BytesIO()
    Image.new("RGB", (40, 30), "white").save(content, "PNG")
    response = client.post(ENTRY, typed(attached=SimpleUploadedFile("thu.png", content.getvalue())))

    [error] = response.context["received"].errors["attached"]
    assert error.startswith("Chưa lưu được tệp “thu.png”")
    assert "Phải nộp hai lần cùng một loại giấy." in response.content.decode()
    assert not Submission.objects.exists()


def test_a_procedure_is_named_by_its_code(client, officer):
    procedure = ProcedureFactory(published=True, code="1.008377")
    client.post(ENTRY, typed(procedure="1.008377"))
    assert Submission.objects.get().procedure == procedure


def test_only_who_receives_feedback_enters_it(client):
    OrganisationFactory()
    client.force_login(UserFactory(role=roles.EDITOR))
    assert client.get(ENTRY).status_code == 403
    assert client.post(ENTRY, typed()).status_code == 403
