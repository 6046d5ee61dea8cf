import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from portal import roles
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def permissions_of(name):
    held = Permission.objects.filter(group__name=name).select_related("content_type")
    return {f"{permission.content_type.app_label}.{permission.codename}" for permission in held}


def existing_permissions():
    everything = Permission.objects.select_related("content_type")
    return {f"{permission.content_type.app_label}.{permission.codename}" for permission in everything}


def test_the_roles_of_the_plan_are_there():
    assert set(roles.ROLES) == {
        "Quản trị",
        "Văn phòng Sở",
        "Trung tâm – biên tập",
        "Trung tâm – duyệt bài",
        "Đầu mối",
        "Lãnh đạo đơn vị",
        "Đơn vị",
    }
    assert set(Group.objects.values_list("name", flat=True)) == set(roles.ROLES)


@pytest.mark.parametrize("name", roles.ROLES)
def test_each_role_holds_just_what_its_line_says(name):
    assert permissions_of(name) == roles.ROLES[name]


@pytest.mark.parametrize("name", roles.ROLES)
def test_the_table_names_no_permission_that_does_not_exist(name):
    assert roles.ROLES[name] <= existing_permissions()


@pytest.mark.parametrize(
    ("permission", "holders"),
    [
        ("procedures.publish_procedure", {roles.OFFICE}),
        ("procedures.change_procedure", {roles.OFFICE}),
        ("procedures.view_procedure", set(roles.ROLES)),
        ("portal.add_user", {roles.ADMINISTRATOR}),
        ("portal.change_user", {roles.ADMINISTRATOR}),
        ("portal.delete_user", set()),
        ("auth.change_group", set()),
        ("portal.change_organisation", {roles.ADMINISTRATOR, roles.OFFICE}),
        ("portal.add_confirmedyear", {roles.ADMINISTRATOR, roles.OFFICE}),
        ("portal.add_searchsynonym", {roles.ADMINISTRATOR, roles.OFFICE, roles.EDITOR, roles.APPROVER}),
        ("portal.view_searchmiss", {roles.ADMINISTRATOR, roles.OFFICE, roles.EDITOR, roles.APPROVER}),
    ],
)
def test_who_may(permission, holders):
    assert {name for name in roles.ROLES if UserFactory(role=name).has_perm(permission)} == holders


def test_a_permission_given_by_hand_is_taken_back_and_a_lost_one_comes_again():
    unit = Group.objects.get(name=roles.UNIT)
    unit.permissions.add(Permission.objects.get(codename="publish_procedure"))
    unit.permissions.remove(Permission.objects.get(codename="view_procedure"))

    call_command("migrate", verbosity=0)

    assert permissions_of(roles.UNIT) == roles.ROLES[roles.UNIT]


def test_a_group_of_the_offices_own_is_left_alone():
    own = Group.objects.create(name="Tổ tổng hợp")
    own.permissions.add(Permission.objects.get(codename="publish_procedure"))

    call_command("migrate", verbosity=0)

    assert permissions_of("Tổ tổng hợp") == {"procedures.publish_procedure"}


def test_a_deleted_role_comes_back_with_its_permissions():
    Group.objects.get(name=roles.OFFICE).delete()

    call_command("migrate", verbosity=0)

    assert permissions_of(roles.OFFICE) == roles.ROLES[roles.OFFICE]


def test_applying_one_app_leaves_the_permissions_of_others(monkeypatch):
    monkeypatch.setitem(roles.ROLES, roles.UNIT, {"procedures.view_field"})

    roles.apply(apps, "procedures")

    of_portal = {name for name in permissions_of(roles.UNIT) if name.startswith("portal.")}
    assert of_portal == {
        "portal.view_organisation",
        "portal.view_unit",
        "portal.view_calendarday",
        "portal.view_teammember",
    }
    of_procedures = {name for name in permissions_of(roles.UNIT) if name.startswith("procedures.")}
    assert of_procedures == {"procedures.view_field"}


def test_a_permission_that_a_later_app_will_add_is_no_error(monkeypatch):
    monkeypatch.setitem(roles.ROLES, roles.UNIT, {"procedures.view_field", "procedures.add_procedurechange"})

    roles.apply(apps, "procedures")

    assert "procedures.view_field" in permissions_of(roles.UNIT)
