"""Trainings: who attended by unit, what a year adds up to, and which a unit may write itself."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from news import trainings
from news.models import TrainingAttendance, TrainingRecord
from portal import roles
from tests.factories import TrainingRecordFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db

LIST = "/quan-tri/news/trainingrecord/"


def posted(*attendances, **values):
    data = {
        "course": "Kỹ năng tiếp nhận hồ sơ",
        "skill": "Tiếp nhận, xử lý hồ sơ",
        "first_on": "04/5/2026",
        "last_on": "05/5/2026",
        "attendances-TOTAL_FORMS": len(attendances),
        "attendances-INITIAL_FORMS": 0,
        **values,
    }
    for number, row in enumerate(attendances):
        data |= {f"attendances-{number}-{name}": value for name, value in row.items()}
    return data


@pytest.fixture
def office(client):
    user = UserFactory(role=roles.OFFICE)
    client.force_login(user)
    return user


def attended(unit, people, **values):
    record = TrainingRecordFactory(**values)
    TrainingAttendance.objects.create(training=record, unit=unit, people=people)
    return record


def test_a_course_is_noted_with_its_people_by_unit(client, office):
    unit, person = UnitFactory(), UserFactory()

    client.post(f"{LIST}add/", posted({"unit": unit.pk, "people": 2, "users": [person.pk]}))

    attendance = TrainingRecord.objects.get().attendances.get()
    assert (attendance.unit, attendance.people, list(attendance.users.all())) == (unit, 2, [person])


@pytest.mark.parametrize(
    ("people", "named", "sentence"),
    [(0, 0, "Ghi số người từ 1 trở lên."), (1, 2, "Ghi số người từ 2 trở lên, bằng số người đã nêu tên hoặc hơn.")],
)
def test_fewer_people_than_named_or_none_is_refused_beside_the_number(client, office, people, named, sentence):
    users = [UserFactory().pk for _ in range(named)]

    page = client.post(f"{LIST}add/", posted({"unit": UnitFactory().pk, "people": people, "users": users}))

    assert sentence in page.content.decode()
    assert not TrainingRecord.objects.exists()


def test_the_office_chooses_among_all_accounts_and_a_unit_among_its_own(client, office):
    own, other = UserFactory(unit=UnitFactory()), UserFactory()
    member = UserFactory(role=roles.UNIT, unit=own.unit)

    everybody = client.get(f"{LIST}add/").content.decode()
    client.force_login(member)
    mine = client.get(f"{LIST}add/").content.decode()

    assert f'<option value="{other.pk}">{other}</option>' in everybody
    assert f'<option value="{own.pk}">{own}</option>' in mine
    assert f'<option value="{other.pk}">{other}</option>' not in mine


def test_a_year_adds_up_by_unit(client, office):
    first, second = UnitFactory(name="Phòng A"), UnitFactory(name="Phòng B")
    record = attended(first, 3)
    TrainingAttendance.objects.create(training=record, unit=second, people=1)
    attended(first, 4)
    attended(first, 50, first_on=date(2025, 1, 2), last_on=date(2025, 1, 2))

    rows = trainings.totals(2026)
    page = client.get(reverse("admin:news_trainingrecord_totals"), {"nam": "2026"}).content.decode()

    assert [(row.unit, row.courses, row.people) for row in rows] == [("Phòng A", 2, 7), ("Phòng B", 1, 1)]
    assert "<strong>8</strong> lượt người" in page
    assert "<strong>2</strong> khóa" in page


@pytest.mark.parametrize("typed", ["", "abc", "0000", "9999", "²026"])
def test_an_odd_year_is_answered_with_a_page(client, office, typed):
    assert client.get(reverse("admin:news_trainingrecord_totals"), {"nam": typed}).status_code == 200


def test_the_year_is_a_table_with_a_row_a_course_and_unit(client, office):
    record = attended(UnitFactory(name="Phòng A"), 3)
    TrainingRecordFactory(course="Chưa ghi đơn vị")

    response = client.get(reverse("admin:news_trainingrecord_totals-file", args=[2026]))

    rows = list(load_workbook(BytesIO(response.getvalue())).active.values)
    assert [(row[0], row[6], row[7]) for row in rows[1:]] == [
        (record.course, "Phòng A", 3),
        ("Chưa ghi đơn vị", None, None),
    ]


def test_the_list_is_narrowed_to_a_year_and_a_unit_and_counts_everybody(client, office):
    first, second = UnitFactory(), UnitFactory()
    record = attended(first, 3)
    TrainingAttendance.objects.create(training=record, unit=second, people=2)
    attended(second, 9, first_on=date(2025, 1, 2), last_on=date(2025, 1, 2))

    rows = client.get(LIST, {"nam": "2026", "don-vi": first.pk}).context["cl"].result_list

    assert [(row, row.people) for row in rows] == [(record, 5)]


class TestUnit:
    @pytest.fixture
    def member(self, client):
        user = UserFactory(role=roles.UNIT, unit=UnitFactory())
        client.force_login(user)
        return user

    def test_it_notes_the_courses_of_its_own_people(self, client, member):
        client.post(f"{LIST}add/", posted({"unit": member.unit_id, "people": 2}))

        assert TrainingAttendance.objects.get().unit == member.unit

    def test_it_does_not_count_the_people_of_another(self, client, member):
        response = client.post(f"{LIST}add/", posted({"unit": UnitFactory().pk, "people": 2}))

        assert response.status_code == 200
        assert not TrainingAttendance.objects.exists()

    def test_it_changes_no_course_that_others_attended(self, client, member):
        own, foreign = attended(member.unit, 2), attended(UnitFactory(), 2)

        assert "_save" in client.get(f"{LIST}{own.pk}/change/").content.decode()
        assert "_save" not in client.get(f"{LIST}{foreign.pk}/change/").content.decode()
        assert client.post(f"{LIST}{foreign.pk}/change/", posted(course="Khác")).status_code == 403
        assert client.post(f"{LIST}{own.pk}/delete/", {"post": "yes"}).status_code == 403
