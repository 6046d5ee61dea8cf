import smtplib
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.db import transaction
from django.utils import timezone
from post_office.models import STATUS, Email

from portal import mail, worker
from portal.models import Lease, Organisation
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db

TEMPLATE = mail.Template("mail/known_already.txt", "mail/known_already.html")
# Longer than a server that is away is left alone, and longer than one waits between two tries.
LATER = timedelta(minutes=11)


class Subscription:
    """What the template reads, with words that Django's templates would take for their own."""

    subject = "thủ tục “{{ lạ }} {% url 'home' %} <b>”"
    occasion = f"có thay đổi về {subject}"
    schedule = "ngay khi công bố"


def put(to="a@example.org", subject="Thử", headers=None):
    context = {"subscription": Subscription, "end_url": "https://example.org/thoi/"}
    return mail.send(to, subject, TEMPLATE, context, headers)


@pytest.fixture
def server(monkeypatch):
    """The mail server: `server.refuse = error` lets each mail fail."""

    class Server:
        refuse = None

    server = Server()
    deliver = outbox.backends.locmem.EmailBackend.send_messages

    def send_messages(self, messages):
        if server.refuse:
            raise server.refuse
        return deliver(self, messages)

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", send_messages)
    return server


@pytest.fixture
def wait(monkeypatch):
    """`wait(duration)` sets the queue's clock forward and works a turn."""
    now = timezone.now()

    def work(duration=timedelta(0)):
        nonlocal now
        now += duration
        Email.objects.filter(scheduled_time__lte=now).update(scheduled_time=None)
        mail.send_waiting(now)

    return work


def test_a_mail_waits_until_the_worker_sends_it(wait):
    OrganisationFactory()
    put(subject="Dòng một\ndòng hai")
    assert outbox.outbox == []

    wait()

    (sent,) = outbox.outbox
    assert sent.to == ["a@example.org"]
    assert sent.subject == "Dòng một dòng hai"
    assert "{{ lạ }} {% url 'home' %} <b>" in sent.body
    (html, kind) = sent.alternatives[0]
    assert kind == "text/html"
    assert "{{ lạ }} {% url &#x27;home&#x27; %} &lt;b&gt;" in html
    assert "Sở Khoa học và Công nghệ" in sent.body
    assert "<img" not in html


def test_a_mail_is_kept_only_with_the_rows_it_tells_of():
    with transaction.atomic():
        put()
        transaction.set_rollback(True)

    assert not Email.objects.exists()


def test_what_was_sent_is_not_sent_again(wait):
    put()

    wait()
    wait(LATER)

    assert len(outbox.outbox) == 1


def test_nothing_is_lost_while_the_server_is_away(server, wait):
    for number in range(3):
        put(to=f"a{number}@example.org")
    server.refuse = ConnectionRefusedError()

    wait()
    assert outbox.outbox == []
    server.refuse = None
    wait(LATER)

    assert sorted(message.to[0] for message in outbox.outbox) == [f"a{number}@example.org" for number in range(3)]


def test_a_server_that_is_away_is_left_alone_for_a_while(server, wait):
    put()
    put()
    server.refuse = ConnectionRefusedError()

    for _ in range(5):
        wait(timedelta(seconds=1))

    assert sorted(Email.objects.values_list("status", flat=True)) == [STATUS.queued, STATUS.requeued]


def test_an_address_that_does_not_exist_holds_up_no_other(server, wait):
    put(to="khong-co@example.org")
    server.refuse = smtplib.SMTPRecipientsRefused({})
    wait()
    server.refuse = None
    put(to="b@example.org")

    wait(timedelta(seconds=1))

    assert [message.to for message in outbox.outbox] == [["b@example.org"]]


def test_only_one_machine_sends_at_a_time(wait):
    put()
    lease = Lease.objects.create(name="mail", until=timezone.now() + timedelta(minutes=2))
    wait()
    assert outbox.outbox == []

    lease.delete()
    wait()

    assert len(outbox.outbox) == 1


def test_a_machine_that_died_while_sending_is_waited_for_only_some_minutes(wait):
    put()
    Lease.objects.create(name="mail", until=timezone.now() + mail.LEASE)

    wait(mail.LEASE + timedelta(seconds=1))

    assert len(outbox.outbox) == 1


def test_mails_that_are_stuck_are_counted(server, wait):
    put()
    server.refuse = ConnectionRefusedError()
    wait()

    assert mail.stuck_count(timezone.now()) == 0
    assert mail.stuck_count(timezone.now() + timedelta(hours=2)) == 1


def test_old_mails_are_deleted():
    old, new = put(), put()
    Email.objects.filter(pk=old.pk).update(created=timezone.now() - timedelta(days=31))

    mail.clean_up(timezone.now())

    assert list(Email.objects.all()) == [new]


def test_mails_with_one_header_are_forgotten():
    put(headers={"List-Unsubscribe": "<https://example.org/1/>"})
    other = put(headers={"List-Unsubscribe": "<https://example.org/2/>"})

    mail.forget("List-Unsubscribe", "<https://example.org/1/>")

    assert list(Email.objects.all()) == [other]


def test_no_address_is_written_to_the_log(server, wait, caplog):
    put(to="rieng-tu@example.org")
    server.refuse = smtplib.SMTPRecipientsRefused({"rieng-tu@example.org": (550, b"no such user")})

    wait()

    assert "A mail was not sent" in caplog.text
    assert "rieng-tu" not in caplog.text


def test_the_worker_sends_mails(settings):
    assert mail.send_waiting in [job.run for job in worker.JOBS]
    assert settings.POST_OFFICE["BATCH_SIZE"] == 1
    assert not Organisation.objects.exists()
