import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal import roles
from portal.models import User
from tests.factories import AdministratorFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db

ADD = "/quan-tri/portal/user/add/"


@pytest.fixture
def keeper(client):
    """Somebody who keeps accounts, without being all-powerful."""
    user = UserFactory(role=roles.ADMINISTRATOR)
    client.force_login(user)
    return user


def change_url(user):
    return reverse("admin:portal_user_change", args=[user.pk])


def account(**values):
    return {
        "username": "canbomoi",
        "password1": "mot-cau-dai-de-nho",
        "password2": "mot-cau-dai-de-nho",
        "is_active": "on",
        "is_staff": "on",
        **values,
    }


def test_a_new_account_gets_unit_job_title_telephone_and_role(client, keeper):
    unit, role = UnitFactory(), Group.objects.get(name=roles.EDITOR)

    response = client.post(
        ADD, account(unit=unit.pk, job_title="Biên tập viên", phone="0254 000 003", groups=[role.pk])
    )

    user = User.objects.get(username="canbomoi")
    assert response.status_code == 302
    assert (user.unit, user.job_title, user.phone, user.is_staff) == (unit, "Biên tập viên", "0254 000 003", True)
    assert list(user.groups.all()) == [role]
    assert user.check_password("mot-cau-dai-de-nho")


def test_the_form_for_a_new_account_is_ready_for_a_member_of_staff(client, keeper):
    form = client.get(ADD).context["adminform"].form

    assert form["is_staff"].value() is True
    assert form["is_active"].value() is True


@pytest.mark.parametrize(
    ("password", "sentence"),
    [("ngan", "Mật khẩu cần ít nhất 14 ký tự."), ("20261124202611", "Không chỉ gồm chữ số.")],
)
def test_a_weak_password_is_refused_in_vietnamese(client, keeper, password, sentence):
    response = client.post(ADD, account(password1=password, password2=password))

    assert sentence in response.content.decode()
    assert not User.objects.filter(username="canbomoi").exists()


def test_who_keeps_accounts_cannot_make_anybody_all_powerful(client, keeper):
    client.post(ADD, account(is_superuser="on"))
    client.post(change_url(keeper), {"username": keeper.username, "is_active": "on", "is_superuser": "on"})

    assert not User.objects.filter(is_superuser=True).exists()


@pytest.mark.parametrize("page", ["admin:portal_user_change", "admin:auth_user_password_change"])
def test_an_all_powerful_account_is_closed_to_others(client, keeper, page):
    owner = AdministratorFactory(username="may-chu")
    password = owner.password

    response = client.post(
        reverse(page, args=[owner.pk]),
        {"username": "bi-chiem", "password1": "mot-cau-dai-de-nho", "password2": "mot-cau-dai-de-nho"},
    )

    owner.refresh_from_db()
    assert response.status_code == 403
    assert (owner.username, owner.password) == ("may-chu", password)


def test_an_all_powerful_person_may_make_another(client):
    client.force_login(AdministratorFactory())

    client.post(ADD, account(is_superuser="on"))

    assert User.objects.get(username="canbomoi").is_superuser


@pytest.mark.parametrize("name", sorted(set(roles.ROLES) - {roles.ADMINISTRATOR}))
def test_other_roles_do_not_see_accounts(client, name):
    client.force_login(UserFactory(role=name))

    assert client.get("/quan-tri/portal/user/").status_code == 403
    assert client.get(ADD).status_code == 403


def test_the_list_of_accounts_takes_the_same_queries_however_long(client, keeper):
    UserFactory(role=roles.UNIT, unit=UnitFactory())
    client.get("/")  # the first request of a day looks for changes that take effect
    queries_of_the_list(client)  # and the first list of a process reads what Django then keeps
    few = queries_of_the_list(client)
    for _ in range(8):
        UserFactory(role=roles.UNIT, unit=UnitFactory())

    assert queries_of_the_list(client) == few


def queries_of_the_list(client):
    with CaptureQueriesContext(connection) as queries:
        client.get("/quan-tri/portal/user/")
    return len(queries)


def test_a_password_is_set_anew_on_its_own_page(client, keeper):
    person = UserFactory()
    page = client.get(change_url(person)).content.decode()

    client.post(
        reverse("admin:auth_user_password_change", args=[person.pk]),
        {"password1": "mot-cau-moi-de-nho", "password2": "mot-cau-moi-de-nho", "set-password": "1"},
    )

    person.refresh_from_db()
    assert person.check_password("mot-cau-moi-de-nho")
    assert "Đặt mật khẩu mới" in page
    assert "argon2" not in page


def test_the_permissions_of_a_role_are_shown_in_words_and_cannot_be_changed(client):
    client.force_login(AdministratorFactory())
    role = Group.objects.get(name=roles.OFFICE)
    url = reverse("admin:auth_group_change", args=[role.pk])

    page = client.get(url).content.decode()
    response = client.post(url, {"name": "Tên khác"})

    assert "Được công khai thủ tục hành chính" in page
    assert "Sửa thủ tục hành chính" in page
    assert "Can change" not in page
    assert response.status_code == 403
    assert client.post(reverse("admin:auth_group_delete", args=[role.pk]), {"post": "yes"}).status_code == 403


def test_a_group_of_the_offices_own_can_be_made(client):
    client.force_login(AdministratorFactory())

    page = client.get("/quan-tri/auth/group/add/").content.decode()
    client.post("/quan-tri/auth/group/add/", {"name": "Tổ tổng hợp"})

    assert "Sửa thủ tục hành chính" in page
    assert Group.objects.filter(name="Tổ tổng hợp").exists()
