import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail as outbox
from django.db import IntegrityError
from django.utils import timezone
from post_office.models import Email

from portal import mail, roles
from procedures import deciding, subscribing
from procedures.apps import _change_published
from procedures.models import Delivery, Subscription
from procedures.signals import change_published
from tests.factories import (
    DecisionFactory,
    FieldFactory,
    OrganisationFactory,
    ProcedureChangeFactory,
    ProcedureFactory,
    SubscriptionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)  # 10:00 in Việt Nam
SOON = NOW + subscribing.SETTLING
ADDRESS = "nguoi.dan@example.org"
DAILY = Subscription.Frequency.DAILY


def ask(at=NOW, email=ADDRESS, procedure=None, field=None, frequency="at_once", **values):
    subscribing.ask(email, procedure=procedure, field=field, frequency=frequency, at=at, **values)


def signed_part(message):
    return re.search(r"/nhan-tin/xac-nhan/([^/]+)/", message)[1]


def last_mail():
    return Email.objects.latest("pk")


def change(**values):
    return ProcedureChangeFactory(**{"decision": DecisionFactory(published=True), **values})


# Ask and confirm.


def test_an_address_hears_nothing_before_it_is_confirmed():
    ask()

    assert last_mail().to == [ADDRESS]
    assert subscribing.announce(change(), at=NOW) == 0

    subscribing.confirm(subscribing.find_asked(signed_part(last_mail().message), at=NOW), at=NOW)

    assert subscribing.announce(change(), at=NOW) == 1


def test_both_parts_of_the_mail_lead_to_the_page_that_confirms():
    ask()

    assert signed_part(last_mail().message) == signed_part(last_mail().html_message)
    assert ADDRESS not in last_mail().message


def test_the_address_is_kept_in_small_letters_so_that_it_is_one():
    ask(email="Nguoi.Dan@Example.org")
    ask(email=ADDRESS)

    assert Subscription.objects.get().email == ADDRESS


def test_a_link_works_for_three_days():
    ask()
    signed = signed_part(last_mail().message)

    assert subscribing.find_asked(signed, at=NOW + timedelta(days=3))
    assert subscribing.find_asked(signed, at=NOW + timedelta(days=3, seconds=1)) is None


def test_a_link_that_somebody_made_up_confirms_nothing():
    ask()
    signed = signed_part(last_mail().message)

    assert subscribing.find_asked(signed[:-1] + ("a" if signed[-1] != "a" else "b"), at=NOW) is None
    assert subscribing.find_asked("bia-dat", at=NOW) is None


def test_asking_again_for_the_same_thing_tells_the_address_only():
    SubscriptionFactory(email=ADDRESS)

    ask()

    assert last_mail().subject == "Địa chỉ này đã đăng ký nhận tin"
    assert Subscription.objects.count() == 1


def test_another_way_of_sending_is_confirmed_first():
    SubscriptionFactory(email=ADDRESS)
    ask(frequency=DAILY)
    assert Subscription.objects.get().frequency == "at_once"

    subscribing.confirm(subscribing.find_asked(signed_part(last_mail().message), at=NOW), at=NOW)

    assert Subscription.objects.get().frequency == DAILY


def test_nobody_can_fill_the_box_of_somebody_else():
    for _ in range(9):
        ask()
    assert Email.objects.count() == subscribing.MOST_ASKED_A_DAY

    ask(at=NOW + timedelta(days=1))
    assert Email.objects.count() == subscribing.MOST_ASKED_A_DAY + 1


def test_an_address_that_never_answered_is_forgotten_with_its_mail():
    ask()
    confirmed = SubscriptionFactory()

    subscribing.forget_unconfirmed(NOW + timedelta(days=3))
    assert Subscription.objects.count() == 2
    subscribing.forget_unconfirmed(NOW + timedelta(days=3, seconds=1))

    assert list(Subscription.objects.all()) == [confirmed]
    assert not Email.objects.exists()


# Bulletins.


def test_an_address_may_hear_of_all_changes_and_get_bulletins():
    ask()
    ask(bulletin=True)

    assert [subscription.bulletin for subscription in Subscription.objects.order_by("pk")] == [False, True]
    assert "khi ra số bản tin mới (mỗi số một thư)" in last_mail().message


def test_who_wants_bulletins_only_hears_of_no_change():
    SubscriptionFactory(bulletin=True)

    assert subscribing.announce(change(), at=NOW) == 0


@pytest.mark.parametrize("values", [{"bulletin": True, "field": True}, {"bulletin": True, "procedure": True}])
def test_a_subscription_is_to_one_thing(values):
    factories = {"field": FieldFactory, "procedure": ProcedureFactory}
    values = {name: factories[name]() if name in factories else value for name, value in values.items()}

    with pytest.raises(IntegrityError, match="subscription_to_one_thing"):
        SubscriptionFactory(**values)


def test_one_address_gets_bulletins_once():
    SubscriptionFactory(email=ADDRESS, bulletin=True)

    with pytest.raises(IntegrityError):
        SubscriptionFactory(email=ADDRESS, bulletin=True)


# Be told.


def test_readers_hear_of_their_procedure_their_field_or_of_all():
    radiation = FieldFactory(name="An toàn bức xạ")
    x_ray = ProcedureFactory(published=True, field=radiation)
    wanted = {
        SubscriptionFactory(procedure=x_ray),
        SubscriptionFactory(field=radiation),
        SubscriptionFactory(),
    }
    SubscriptionFactory(procedure=ProcedureFactory(published=True, field=radiation))
    SubscriptionFactory(field=FieldFactory())
    SubscriptionFactory(confirmed_at=None)

    subscribing.announce(change(procedure=x_ray), at=NOW)

    assert {delivery.subscription for delivery in Delivery.objects.all()} == wanted


def test_readers_of_the_successor_hear_that_it_takes_the_place_of_another():
    successor = ProcedureFactory(published=True)
    reader = SubscriptionFactory(procedure=successor)

    subscribing.announce(change(kind="replaced", successor=successor), at=NOW)

    assert Delivery.objects.get().subscription == reader


def test_an_address_hears_of_a_change_once_whatever_it_subscribed_to():
    about = change()
    daily = SubscriptionFactory(email=ADDRESS, frequency=DAILY)
    at_once = SubscriptionFactory(email=ADDRESS, procedure=about.procedure)

    assert subscribing.announce(about, at=NOW) == 1
    assert Delivery.objects.get().subscription == at_once
    assert subscribing.announce(about, at=NOW) == 0
    at_once.delete()
    daily.delete()


def test_the_signal_of_a_published_change_reaches_the_readers():
    SubscriptionFactory()
    about = change()

    change_published.send(sender=None, change=about)
    change_published.send(sender=None, change=about)

    assert Delivery.objects.get().change == about
    assert _change_published in [receiver() for _, receiver, *_ in change_published.receivers]


def test_a_mail_tells_what_changes_from_when_and_by_which_decision():
    OrganisationFactory()
    SubscriptionFactory(email=ADDRESS)
    about = change(
        procedure__short_name="Cấp giấy phép X-quang",
        effective_on=date(2026, 12, 1),
        sentence="Giảm thời hạn từ 30 ngày xuống 25 ngày.",
        decision=DecisionFactory(published=True, document__number="3565/QĐ-UBND"),
    )
    subscribing.announce(about, at=NOW)

    subscribing.mail_news(SOON)

    told = last_mail()
    assert told.to == [ADDRESS]
    assert told.subject == "Sửa đổi, bổ sung: Cấp giấy phép X-quang"
    for part in (told.message, told.html_message):
        assert "Giảm thời hạn từ 30 ngày xuống 25 ngày." in part
        assert "Áp dụng từ" in part
        assert "01/12/2026" in part
        assert "3565/QĐ-UBND" in part
        assert f"http://testserver{about.procedure.get_absolute_url()}" in part
        assert f"http://testserver/nhan-tin/thoi/{Subscription.objects.get().token}/" in part


def test_a_mail_program_can_end_the_subscription_with_one_press():
    SubscriptionFactory()
    subscribing.announce(change(), at=NOW)
    subscribing.mail_news(SOON)
    mail.send_waiting(timezone.now())

    headers = outbox.outbox[0].message()

    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"] == f"<http://testserver/nhan-tin/thoi/{Subscription.objects.get().token}/>"


def test_the_changes_of_one_decision_come_in_one_mail():
    SubscriptionFactory()
    for _ in range(3):
        subscribing.announce(change(), at=NOW)

    subscribing.mail_news(NOW)
    assert not Email.objects.exists()  # more may follow
    subscribing.mail_news(SOON)
    subscribing.mail_news(SOON + timedelta(hours=1))

    assert Email.objects.get().subject == "3 thay đổi về thủ tục hành chính"


@pytest.mark.parametrize(
    ("published", "due"),
    [
        (datetime(2026, 11, 24, 3, tzinfo=UTC), datetime(2026, 11, 25, 0, tzinfo=UTC)),
        (datetime(2026, 11, 23, 23, 59, tzinfo=UTC), datetime(2026, 11, 24, 0, tzinfo=UTC)),
        (datetime(2026, 11, 24, 0, 0, tzinfo=UTC), datetime(2026, 11, 25, 0, tzinfo=UTC)),
    ],
)
def test_daily_readers_hear_at_seven_in_the_morning(published, due):
    SubscriptionFactory(frequency=DAILY)
    subscribing.announce(change(), at=published)
    subscribing.announce(change(), at=published)

    subscribing.mail_news(due - timedelta(seconds=1))
    assert not Email.objects.exists()
    subscribing.mail_news(due)

    assert Email.objects.count() == 1


def test_mornings_without_a_worker_are_made_up_for_once():
    SubscriptionFactory(frequency=DAILY)
    for days in range(3):
        subscribing.announce(change(), at=NOW + timedelta(days=days))

    for _ in range(2):
        subscribing.mail_news(NOW + timedelta(days=10))

    assert Email.objects.get().subject == "3 thay đổi về thủ tục hành chính"


def test_a_mail_that_cannot_be_written_leaves_the_news_waiting(monkeypatch):
    SubscriptionFactory()
    subscribing.announce(change(), at=NOW)
    write = mail.send

    def fail(*arguments):
        raise OSError("disk")

    monkeypatch.setattr(mail, "send", fail)
    with pytest.raises(OSError, match="disk"):
        subscribing.mail_news(SOON)
    assert Delivery.objects.get().mailed_at is None

    monkeypatch.setattr(mail, "send", write)
    subscribing.mail_news(SOON)

    assert Email.objects.count() == 1


def test_what_another_machine_has_just_put_into_a_mail_is_left_to_it():
    reader = SubscriptionFactory()
    subscribing.announce(change(), at=NOW)
    subscribing.mail_news(SOON)

    subscribing._mail_news(reader, SOON)

    assert Email.objects.count() == 1


def test_many_readers_are_told_in_a_constant_number_of_queries(django_assert_max_num_queries):
    SubscriptionFactory.create_batch(30)
    about = change()

    with django_assert_max_num_queries(4):
        assert subscribing.announce(about, at=NOW) == 30


# End it.


def test_ending_deletes_the_address_and_the_mails_sent_and_waiting():
    leaving, staying = SubscriptionFactory(), SubscriptionFactory()
    subscribing.announce(change(), at=NOW)
    subscribing.mail_news(SOON)
    mail.send_waiting(timezone.now())
    subscribing.announce(change(), at=NOW)
    subscribing.mail_news(SOON)

    subscribing.end(leaving)

    assert list(Subscription.objects.all()) == [staying]
    assert {tuple(message.to) for message in Email.objects.all()} == {(staying.email,)}
    assert set(Delivery.objects.values_list("subscription", flat=True)) == {staying.pk}


# From the office's decision to the reader.


def test_mail_and_feed_tell_what_the_office_published(client, django_capture_on_commit_callbacks):
    office = UserFactory(role=roles.OFFICE)
    procedure = ProcedureFactory(published=True, short_name="Cấp giấy phép X-quang", in_force_from=date(2024, 1, 1))
    decision = DecisionFactory(document__number="3565/QĐ-UBND")
    told = {"kind": "repealed", "effective_on": date(2026, 12, 1), "sentence": "Không phải làm thủ tục này nữa."}
    ProcedureChangeFactory(decision=decision, procedure=procedure, **told)
    SubscriptionFactory(procedure=procedure)

    with django_capture_on_commit_callbacks(execute=True):
        deciding.publish(decision, by=office, at=NOW)
    subscribing.mail_news(timezone.now() + subscribing.SETTLING)
    mail.send_waiting(timezone.now())

    (sent,) = outbox.outbox
    feed = client.get("/thay-doi/feed.xml").content.decode()
    for text in (sent.body, sent.alternatives[0][0], feed):
        assert "Cấp giấy phép X-quang" in text
        assert "Không phải làm thủ tục này nữa." in text
        assert "01/12/2026" in text
        assert "3565/QĐ-UBND" in text
