from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from post_office.models import STATUS, Email, EmailTemplate, Log

from portal import roles
from tests.factories import UserFactory
from tests.html import Page

pytestmark = pytest.mark.django_db

URL = "/quan-tri/portal/queuedmail/"


@pytest.fixture
def administrator(client):
    client.force_login(UserFactory(role=roles.ADMINISTRATOR))
    return client


def mail(**values):
    row = Email.objects.create(
        **{
            "from_email": "khong-tra-loi@example.org",
            "to": ["a@example.org"],
            "subject": "Thử",
            "message": "Liên kết bí mật",
            "status": STATUS.queued,
            **values,
        }
    )
    Email.objects.filter(pk=row.pk).update(created=timezone.now() - timedelta(hours=2))
    return row


def test_administrators_see_what_waits_and_why_but_not_what_it_says(administrator):
    stuck = mail(status=STATUS.requeued, number_of_retries=3)
    Log.objects.create(email=stuck, status=STATUS.failed, exception_type="ConnectionRefusedError", message="x")

    for address in (URL, f"{URL}{stuck.pk}/change/"):
        text = Page(administrator.get(address)).text
        assert "a@example.org" in text
        assert "Gửi chưa được, sẽ gửi lại" in text
        assert "ConnectionRefusedError" in text
        assert "Liên kết bí mật" not in text


def test_a_mail_is_sent_again_soon_when_asked(administrator):
    stuck = mail(status=STATUS.requeued, scheduled_time=timezone.now() + timedelta(minutes=9))
    sent = mail(status=STATUS.sent)

    administrator.post(URL, {"action": "send_soon", "_selected_action": [stuck.pk, sent.pk]})

    stuck.refresh_from_db()
    sent.refresh_from_db()
    assert (stuck.status, stuck.scheduled_time) == (STATUS.queued, None)
    assert sent.status == STATUS.sent


def test_the_state_narrows_the_list(administrator):
    mail(subject="Đang nằm lại", status=STATUS.requeued)
    mail(subject="Đã đi rồi", status=STATUS.sent)

    text = Page(administrator.get(f"{URL}?status={STATUS.requeued}")).text

    assert "Đang nằm lại" in text
    assert "Đã đi rồi" not in text


def test_stuck_mails_are_work_for_administrators(administrator):
    mail(status=STATUS.requeued)

    page = Page(administrator.get(reverse("admin:index")))

    assert "Thư chưa gửi được hơn một giờ" in page.text
    assert page.all("a", href=f"{URL}?status={STATUS.requeued}")


@pytest.mark.parametrize("role", sorted(set(roles.ROLES) - {roles.ADMINISTRATOR}))
def test_nobody_else_sees_the_queue(role, client):
    mail(status=STATUS.requeued)
    client.force_login(UserFactory(role=role))

    assert client.get(URL).status_code == 403
    assert "Thư chưa gửi được" not in Page(client.get(reverse("admin:index"))).text


def test_the_pages_of_the_library_are_gone(admin_client):
    assert not any(admin.site.is_registered(model) for model in (Email, EmailTemplate, Log))
    assert "Post Office" not in admin_client.get(reverse("admin:index")).content.decode()


def test_a_mail_about_a_person_is_kept_from_who_may_not_read_the_person(administrator):
    stuck = mail(
        to=["nguoi-gui@example.org"],
        subject="Phản ánh K7QM-4HXT: đã tiếp nhận",
        headers={"X-Feedback": "7"},
        status=STATUS.requeued,
    )

    for address in (URL, f"{URL}{stuck.pk}/change/", f"{URL}?q=nguoi-gui"):
        text = Page(administrator.get(address)).text
        assert "nguoi-gui@" not in text
        assert "K7QM" not in text
    # That it waits is the administrator's business; that it goes to this address is not.
    assert row_count(administrator.get(URL)) == 1
    assert row_count(administrator.get(f"{URL}?q=nguoi-gui")) == 0


@pytest.mark.parametrize(
    "asked", ["subject__contains=K7QM", "to__contains=nguoi-gui", "message__contains=a", "headers__has_key=X"]
)
def test_the_address_asks_nothing_about_what_is_hidden(administrator, asked):
    assert administrator.get(f"{URL}?{asked}").status_code == 400


def row_count(response):
    return response.context["cl"].result_count


def test_who_may_read_the_person_sees_the_mail(client):
    allowed = UserFactory(role=roles.ADMINISTRATOR)
    allowed.groups.add(Group.objects.get(name=roles.OFFICE))
    client.force_login(allowed)
    mail(to=["nguoi-gui@example.org"], headers={"X-Feedback": "7"})

    response = client.get(f"{URL}?q=nguoi-gui")

    assert row_count(response) == 1
    assert "nguoi-gui@" in Page(response).text
