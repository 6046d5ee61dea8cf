import pytest
from post_office.models import Email

from portal import roles
from procedures import subscribing
from procedures.models import Subscription
from tests.factories import PUBLISHED_AT, SubscriptionFactory, UserFactory
from tests.html import Page

pytestmark = pytest.mark.django_db

URL = "/quan-tri/procedures/subscription/"
ADDRESS = "nguoi.dan@example.org"


@pytest.fixture
def office(client):
    client.force_login(UserFactory(role=roles.OFFICE))
    return client


def test_the_office_counts_readers_without_seeing_their_addresses(office):
    SubscriptionFactory.create_batch(3)
    subscription = SubscriptionFactory(email=ADDRESS)

    for address in (URL, f"{URL}{subscription.pk}/change/", f"{URL}{subscription.pk}/delete/"):
        assert ADDRESS not in office.get(address).content.decode()
    text = Page(office.get(URL)).text
    assert "n•••@example.org" in text
    assert "4 đăng ký nhận tin" in text.replace("\u00a0", " ")


def test_a_reader_is_found_by_the_whole_address_only(office):
    SubscriptionFactory(email=ADDRESS)

    assert "n•••@example.org" in Page(office.get(f"{URL}?q={ADDRESS}")).text
    assert "n•••@example.org" not in Page(office.get(f"{URL}?q=nguoi")).text


def test_what_is_deleted_here_is_ended_with_its_mails(office):
    for number in range(3):
        subscribing.ask(f"nguoi-{number}@example.org", procedure=None, field=None, frequency="daily", at=PUBLISHED_AT)
    first, *others = Subscription.objects.values_list("pk", flat=True)

    office.post(f"{URL}{first}/delete/", {"post": "yes"})
    assert Email.objects.count() == 2
    office.post(URL, {"action": "delete_selected", "_selected_action": others, "post": "yes"})

    assert not Subscription.objects.exists()
    assert not Email.objects.exists()


def test_the_list_is_narrowed_to_those_who_confirmed(office):
    SubscriptionFactory(email="a@example.org")
    SubscriptionFactory(email="b@example.org", confirmed_at=None)

    assert "b•••" not in Page(office.get(f"{URL}?confirmed=yes")).text
    assert "a•••" not in Page(office.get(f"{URL}?confirmed=no")).text


def test_units_see_no_readers(client):
    client.force_login(UserFactory(role=roles.UNIT))

    assert client.get(URL).status_code == 403
