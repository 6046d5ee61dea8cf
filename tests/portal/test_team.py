"""The roster of the Bộ phận kiểm soát TTHC: as of a day, replaced, and shown to the public."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal import roles, team
from portal.models import TeamMember
from tests.factories import TeamMemberFactory, UserFactory

pytestmark = pytest.mark.django_db

LIST = "/quan-tri/portal/teammember/"


@pytest.fixture
def office(client):
    user = UserFactory(role=roles.OFFICE)
    client.force_login(user)
    return user


def posted(successor, first_on):
    return {
        "first_on": f"{first_on:%d/%m/%Y}",
        "name": "Chuyên viên Văn phòng Sở",
        "role": "Trưởng bộ phận",
        "unit": successor.unit_id,
        "decision": "Quyết định kiện toàn số 5",
    }


@pytest.mark.parametrize(
    ("on", "present"),
    [(date(2023, 12, 31), False), (date(2024, 1, 1), True), (date(2024, 6, 30), True), (date(2024, 7, 1), False)],
)
def test_a_seat_is_held_from_its_first_day_to_its_last(on, present):
    TeamMemberFactory(first_on=date(2024, 1, 1), last_on=date(2024, 6, 30))

    assert TeamMember.objects.on(on).exists() is present


def test_replacing_ends_one_seat_and_begins_the_next_the_day_after():
    old = TeamMemberFactory(order=3)
    new = TeamMemberFactory.build(unit=old.unit, name="Người mới", first_on=date(2026, 3, 2))

    team.replace(old, new)

    old.refresh_from_db()
    assert old.last_on == date(2026, 3, 1)
    assert new.order == 3
    assert list(TeamMember.objects.on(date(2026, 3, 1))) == [old]
    assert list(TeamMember.objects.on(date(2026, 3, 2))) == [new]


def test_nobody_is_replaced_from_before_he_came():
    old = TeamMemberFactory(first_on=date(2024, 1, 1))

    with pytest.raises(team.NotPossible):
        team.replace(old, TeamMemberFactory.build(unit=old.unit, first_on=date(2024, 1, 1)))

    assert TeamMember.objects.get().last_on is None


def test_a_seat_that_is_over_is_not_ended_later():
    old = TeamMemberFactory(last_on=date(2024, 6, 30))

    with pytest.raises(team.NotPossible):
        team.end(old, last_on=date(2025, 6, 30))

    old.refresh_from_db()
    assert old.last_on == date(2024, 6, 30)


def test_the_office_replaces_a_member_in_one_step(client, office):
    old = TeamMemberFactory()
    today = timezone.localdate()

    page = client.get(f"{LIST}{old.pk}/change/").content.decode()
    response = client.post(reverse("admin:portal_teammember_replace", args=[old.pk]), posted(old, today), follow=True)

    assert "Thay người" in page
    assert f"Chuyên viên Văn phòng Sở thay {old.name}" in response.content.decode()
    assert [seat.name for seat in TeamMember.objects.on(today)] == ["Chuyên viên Văn phòng Sở"]
    assert [seat.name for seat in TeamMember.objects.on(today - timedelta(days=1))] == [old.name]


def test_a_day_that_cannot_be_is_answered_beside_its_box(client, office):
    old = TeamMemberFactory()

    response = client.post(reverse("admin:portal_teammember_replace", args=[old.pk]), posted(old, old.first_on))

    assert "Chọn ngày sau ngày người này bắt đầu tham gia." in response.content.decode()
    assert TeamMember.objects.count() == 1


def test_the_roster_of_a_past_day_is_shown(client, office):
    TeamMemberFactory(name="Người cũ", last_on=date(2024, 6, 30))
    TeamMemberFactory(name="Người mới", first_on=date(2024, 7, 1))

    then = client.get(reverse("admin:portal_teammember_roster"), {"ngay": "30/6/2024"}).content.decode()
    now = client.get(reverse("admin:portal_teammember_roster")).content.decode()

    assert "Người cũ" in then
    assert "Người mới" not in then
    assert "Người mới" in now
    assert "Người cũ" not in now


def test_who_took_part_is_never_deleted(client, office):
    begun = TeamMemberFactory()
    to_come = TeamMemberFactory(first_on=timezone.localdate() + timedelta(days=9))

    assert client.post(f"{LIST}{begun.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(f"{LIST}{to_come.pk}/delete/", {"post": "yes"})
    client.post(LIST, {"action": "delete_selected", "_selected_action": [begun.pk], "post": "yes"})

    assert list(TeamMember.objects.all()) == [begun]


def test_others_see_the_roster_and_change_nothing(client):
    member = TeamMemberFactory()
    client.force_login(UserFactory(role=roles.UNIT))

    assert client.get(LIST).status_code == 200
    assert client.get(reverse("admin:portal_teammember_roster")).status_code == 200
    assert client.get(reverse("admin:portal_teammember_replace", args=[member.pk])).status_code == 403


def test_the_contact_page_names_todays_members_only(client):
    TeamMemberFactory(name="Người cũ", last_on=date(2024, 6, 30))
    current = TeamMemberFactory(name="Người đương nhiệm", role="Trưởng bộ phận")

    page = client.get(reverse("contact")).content.decode().replace("\u00a0", " ")

    assert "Bộ phận kiểm soát thủ tục hành chính" in page
    assert current.name in page
    assert current.unit.name in page
    assert "Người cũ" not in page


def test_without_members_the_contact_page_has_no_such_part(client):
    assert "Bộ phận kiểm soát" not in client.get(reverse("contact")).content.decode().replace("\u00a0", " ")
