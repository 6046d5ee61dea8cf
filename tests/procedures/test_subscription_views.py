import re

import pytest
from django.test import Client
from django.utils import timezone
from post_office.models import Email

from procedures import subscription_views
from procedures.models import Subscription
from tests.factories import FieldFactory, OrganisationFactory, ProcedureFactory, SubscriptionFactory
from tests.html import Page

pytestmark = pytest.mark.django_db

URL = "/nhan-tin/"
ADDRESS = "nguoi.dan@example.org"
VALUES = {"about": "tat-ca", "frequency": "at_once", "email": ADDRESS, "website": ""}


@pytest.fixture(autouse=True)
def _department():
    OrganisationFactory()


@pytest.fixture
def client():
    """A browser that comes without any token, as a mail program does."""
    return Client(enforce_csrf_checks=True)


def text(response):
    return Page(response).text.replace("\u00a0", " ")


def confirmation():
    return re.search(r"http://testserver(/nhan-tin/xac-nhan/\S+)", Email.objects.latest("pk").message)[1]


def test_a_reader_signs_up_confirms_and_ends_it(client):
    assert client.post(URL, VALUES).headers["Location"] == "/nhan-tin/da-gui/"
    assert "Mở thư để xác nhận" in text(client.get("/nhan-tin/da-gui/"))

    address = confirmation()
    assert "Xác nhận nhận tin" in text(client.get(address))
    assert Subscription.objects.get().confirmed_at is None
    assert "Đã đăng ký nhận tin" in text(client.post(address))
    subscription = Subscription.objects.get()
    assert subscription.confirmed_at <= timezone.now()

    address = f"/nhan-tin/thoi/{subscription.token}/"
    assert "Thôi nhận tin?" in text(client.get(address))
    assert Subscription.objects.exists()
    assert "Đã thôi nhận tin" in text(client.post(address))
    assert not Subscription.objects.exists()


def test_a_mail_program_ends_it_with_one_press(client):
    subscription = SubscriptionFactory()

    response = client.post(f"/nhan-tin/thoi/{subscription.token}/", {"List-Unsubscribe": "One-Click"})

    assert response.status_code == 200
    assert not Subscription.objects.exists()


def test_ending_twice_is_no_error(client):
    for response in (client.get("/nhan-tin/thoi/khong-co/"), client.post("/nhan-tin/thoi/khong-co/")):
        assert response.status_code == 200
        assert "Đã thôi nhận tin" in text(response)


def test_the_answer_is_the_same_for_every_address(client):
    SubscriptionFactory(email=ADDRESS)

    known = client.post(URL, VALUES)
    unknown = client.post(URL, {**VALUES, "email": "khac@example.org"})
    limited = [client.post(URL, VALUES) for _ in range(6)][-1]
    program = client.post(URL, {**VALUES, "website": "http://example.org"})

    answers = {(answer.status_code, answer.headers["Location"]) for answer in (known, unknown, limited, program)}
    assert answers == {(302, "/nhan-tin/da-gui/")}


def test_a_program_that_fills_in_everything_sends_no_mail(client):
    client.post(URL, {**VALUES, "website": "http://example.org"})

    assert not Email.objects.exists()
    assert not Subscription.objects.exists()


def test_one_place_may_not_sign_up_hundreds(client, monkeypatch):
    monkeypatch.setattr(subscription_views, "MOST_SIGN_UPS_A_DAY", 3)
    for number in range(5):
        client.post(URL, {**VALUES, "email": f"nguoi-{number}@example.org"})

    assert Email.objects.count() == 3


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"email": ""}, "Nhập địa chỉ thư điện tử."),
        ({"email": "sai"}, "Thư điện tử cần có dạng ten@tenmien.vn."),
        ({"frequency": ""}, "Chọn khi nào gửi thư."),
    ],
)
def test_what_is_wrong_is_said_at_its_place_and_on_top(client, values, sentence):
    response = client.post(URL, {**VALUES, **values})

    page = Page(response)
    assert page.text.count(sentence) == 2
    assert "Lỗi: " in response.content.decode().partition("</title>")[0]
    assert page.all("div", role="alert")
    ids = [attributes.get("id") for _, attributes in page.elements]
    links = [a["href"] for a in page.all("a") if (a.get("href") or "").startswith("#") and a["href"] != "#main"]
    assert links
    assert {link[1:] for link in links} <= set(ids)
    assert not Subscription.objects.exists()


def test_what_was_typed_is_kept_beside_its_error(client):
    page = Page(client.post(URL, {**VALUES, "email": "sai", "frequency": "daily"}))

    assert page.all("input", name="email", value="sai")
    assert "checked" in page.all("input", value="daily")[0]


def test_a_procedure_or_field_that_one_came_from_is_chosen(client):
    procedure = ProcedureFactory(published=True, code="2.002380", short_name="Cấp giấy phép X-quang")
    field = FieldFactory(name="Sở hữu trí tuệ")

    assert "selected" in Page(client.get(f"{URL}?thu-tuc=2.002380")).all("option", value="thu-tuc")[0]
    option = Page(client.get(f"{URL}?linh-vuc={field.slug}")).all("option", value=f"linh-vuc:{field.slug}")[0]
    assert "selected" in option

    client.post(f"{URL}?thu-tuc=2.002380", {**VALUES, "about": "thu-tuc"})
    client.post(URL, {**VALUES, "about": f"linh-vuc:{field.slug}"})

    assert {(s.procedure, s.field) for s in Subscription.objects.all()} == {(procedure, None), (None, field)}


def test_a_draft_cannot_be_followed(client):
    ProcedureFactory(code="2.002380", short_name="Còn là bản nháp")

    assert "Còn là bản nháp" not in text(client.get(f"{URL}?thu-tuc=2.002380"))
    assert client.post(f"{URL}?thu-tuc=2.002380", {**VALUES, "about": "thu-tuc"}).status_code == 200
    assert not Subscription.objects.exists()


def test_a_link_that_is_too_old_leads_to_a_new_one(client):
    response = client.get("/nhan-tin/xac-nhan/bia-dat/")

    assert response.status_code == 410
    assert Page(response).all("a", href=URL)
    assert client.post("/nhan-tin/xac-nhan/bia-dat/").status_code == 410


def test_no_page_sets_a_cookie_and_secret_ones_are_not_kept(client):
    token = SubscriptionFactory().token
    client.post(URL, VALUES)
    secret = [f"/nhan-tin/thoi/{token}/", confirmation()]
    for address in [URL, "/nhan-tin/da-gui/", *secret]:
        response = client.get(address)
        assert not response.cookies, address
        assert "cookie" not in response.headers.get("Vary", "").lower()
    for address in secret:
        response = client.get(address)
        assert "no-store" in response.headers["Cache-Control"]
        assert Page(response).all("meta", name="robots", content="noindex")


def test_no_address_stands_in_an_address(client):
    client.post(URL, VALUES)

    assert ADDRESS.split("@")[0] not in confirmation()


@pytest.mark.parametrize("address", [URL, "/nhan-tin/thoi/x/", "/nhan-tin/xac-nhan/x/"])
def test_other_methods_are_refused(client, address):
    assert client.delete(address).status_code == 405


def test_a_reader_signs_up_for_the_bulletins(client):
    (chosen,) = [option for option in Page(client.get(URL + "?ve=ban-tin")).all("option") if "selected" in option]
    assert chosen["value"] == "ban-tin"

    client.post(URL, {**VALUES, "about": "ban-tin", "frequency": "daily"})
    assert "Sở sẽ gửi thư khi ra số bản tin mới: mỗi số một thư." in text(client.post(confirmation()))

    subscription = Subscription.objects.get()
    assert (subscription.bulletin, subscription.frequency) == (True, "at_once")
