from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal import calendar, roles
from tests.factories import (
    FieldFactory,
    FocalPersonFactory,
    OrganisationFactory,
    ProcedureFactory,
    SubmissionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

LIST = reverse("admin:feedback_focalperson_changelist")
REHEARSAL = reverse("admin:feedback_focalperson_rehearsal")


@pytest.fixture
def office(client):
    user = UserFactory(role=roles.OFFICE)
    client.force_login(user)
    return client


def test_the_public_reads_who_receives_today_and_nobody_else(client):
    OrganisationFactory()
    FocalPersonFactory(name="Đầu mối đang làm", phone="0254 000 0123").fields.add(FieldFactory(name="An toàn bức xạ"))
    FocalPersonFactory(name="Đầu mối đã thôi", last_on=date(2024, 2, 1))
    FocalPersonFactory(name="Đầu mối của đơn vị đã giải thể", unit__active=False)

    for page in (reverse("contact"), reverse("feedback:notice")):
        text = client.get(page).content.decode().replace("\xa0", " ")
        assert "Đầu mối đang làm" in text
        assert "An toàn bức xạ" in text
        assert 'href="tel:02540000123"' in text
        assert "đã thôi" not in text
        assert "đã giải thể" not in text


def test_the_pages_of_contact_ask_as_much_for_many_as_for_one(client, django_assert_max_num_queries):
    OrganisationFactory()
    for _ in range(12):
        FocalPersonFactory().fields.add(FieldFactory())

    for page in (reverse("contact"), reverse("feedback:notice")):
        with django_assert_max_num_queries(8):
            client.get(page)


def test_the_office_keeps_the_list(office):
    unit = FocalPersonFactory().unit

    values = {"name": "Cán bộ đầu mối mới", "unit": unit.pk, "first_on": "01/12/2026", "order": 1}
    response = office.post(reverse("admin:feedback_focalperson_add"), values)

    assert response.status_code == 302
    assert unit.focal_persons.filter(name="Cán bộ đầu mối mới", first_on=date(2026, 12, 1)).exists()


def test_a_last_day_before_the_first_is_refused_beside_the_days(office):
    person = FocalPersonFactory()
    values = {
        "name": person.name,
        "unit": person.unit_id,
        "first_on": "01/12/2026",
        "last_on": "01/11/2026",
        "order": 1,
    }

    response = office.post(reverse("admin:feedback_focalperson_change", args=[person.pk]), values)

    assert "Chọn ngày cuối không trước ngày đầu." in response.content.decode()


def test_the_list_asks_as_much_for_many_as_for_one(office):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            office.get(LIST)
        return len(captured)

    FocalPersonFactory().fields.add(FieldFactory())
    office.get(LIST)
    few = queries()
    for _ in range(12):
        FocalPersonFactory().fields.add(FieldFactory())

    assert queries() == few


def test_a_change_is_rehearsed_on_the_cases_of_the_last_quarter(office):
    today = timezone.localdate()
    year, quarter = calendar.reporting_quarter_of(today)
    last = calendar.reporting_quarter(year, quarter - 1) if quarter > 1 else calendar.reporting_quarter(year - 1, 4)
    field = FieldFactory()
    FocalPersonFactory(name="Người của hôm nay").fields.add(field)
    coming = FocalPersonFactory(name="Người sắp nhận", first_on=date(today.year + 1, 1, 1), order=1)
    coming.fields.add(field)
    at = timezone.make_aware(timezone.datetime.combine(last.first_day, timezone.datetime.min.time()))
    case = SubmissionFactory(field=field, received_at=at, title="Việc của quý trước")

    same = office.get(REHEARSAL).content.decode()
    changed = office.get(REHEARSAL, {"ngay": f"01/01/{today.year + 1}"}).content.decode()

    assert "Không phản ánh nào đổi người nhận." in same
    assert "Việc của quý trước" in changed
    assert "Người sắp nhận (theo lĩnh vực)" in changed
    case.refresh_from_db()
    assert case.focal_person is None


def test_a_day_that_is_none_is_told_beside_the_box(office):
    assert 'aria-invalid="true"' in office.get(REHEARSAL, {"ngay": "32/13/2026"}).content.decode()


def test_a_field_without_a_focal_person_is_an_alarm_for_the_office(office):
    ProcedureFactory(published=True, field__name="Lĩnh vực bỏ trống")

    page = office.get(reverse("admin:index")).content.decode()

    assert "Cử đầu mối cho lĩnh vực chưa có người nhận phản ánh" in page
    assert "Lĩnh vực bỏ trống" in page


def test_others_neither_rehearse_nor_change(client):
    client.force_login(UserFactory(role=roles.EDITOR))
    person = FocalPersonFactory()

    assert client.post(reverse("admin:feedback_focalperson_change", args=[person.pk]), {}).status_code == 403
    client.logout()
    assert client.get(REHEARSAL).status_code == 302
