import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from feedback import access, disclosing, protecting
from feedback.models import DataRequest, Incident, Submission, Tombstone
from portal import roles
from portal.admin_site import tasks
from tests.factories import SubmissionFactory, UserFactory
from tests.feedback.cast import CAME, cast, later
from tests.feedback.test_disclosing import answered

pytestmark = pytest.mark.django_db

SENDER = {
    "sender_name": "Quách Thử Nghiệm",
    "organisation_name": "Công ty Mộc Lan Thử",
    "address": "Số 777 Đường Không Có",
    "phone": "0909777111",
    "email": "quachthu@example.org",
}


@pytest.fixture
def people():
    return cast()


@pytest.fixture
def case(people):
    return answered(people, **SENDER, content="Phải nộp hai lần.")


def asked(case, kind, **values):
    today = timezone.localdate()
    return DataRequest.objects.create(
        **{"submission": case, "kind": kind, "received_on": today, "due_on": today + timedelta(days=10), **values}
    )


def page(found, name="change"):
    return reverse(f"admin:feedback_datarequest_{name}", args=[found.pk])


# Who looked.


def test_the_log_of_access_names_no_sender(case, people, client):
    access.open_sender(case, by=people.officer, at=CAME)
    client.force_login(UserFactory(role=roles.ADMINISTRATOR))

    text = client.get(reverse("admin:feedback_accessrecord_changelist"), {"how": "view"}).content.decode()

    assert str(people.officer) in text
    assert case.register_entry in text
    assert case.title not in text
    assert case.shown_code not in text
    assert SENDER["sender_name"] not in text


def test_the_log_is_filtered_by_person(case, people, client):
    access.open_sender(case, by=people.officer, at=CAME)
    access.open_sender(case, by=people.head, at=CAME)
    client.force_login(people.office)

    response = client.get(reverse("admin:feedback_accessrecord_changelist"), {"by__id__exact": people.head.pk})

    assert [record.by for record in response.context["cl"].result_list] == [people.head]


def test_the_log_is_nobodys_to_change(case, people, client):
    record = access.open_sender(case, by=people.officer, at=CAME)
    assert record.name
    client.force_login(UserFactory(is_superuser=True))

    assert client.get(reverse("admin:feedback_accessrecord_add")).status_code == 403
    assert client.post(reverse("admin:feedback_accessrecord_delete", args=[case.accesses.get().pk])).status_code == 403


def test_a_focal_person_does_not_read_the_log(people, client):
    client.force_login(people.officer)

    assert client.get(reverse("admin:feedback_accessrecord_changelist")).status_code == 403


# What senders ask for.


def test_a_request_is_entered_by_the_number_in_the_register(case, people, client):
    client.force_login(people.office)
    values = {"entry": case.register_entry, "kind": "erase", "received_on": "2026-11-03"}

    client.post(reverse("admin:feedback_datarequest_add"), values)

    found = DataRequest.objects.get()
    assert (found.submission, found.by) == (case, people.office)
    assert f"{found.due_on:%d/%m/%Y}" == "23/11/2026"


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [("999/2026", "Trong sổ không có số này."), ("abc", "Nhập số vào sổ theo dạng 12/2026.")],
)
def test_a_number_that_is_not_there_is_said(entry, sentence, people, client):
    client.force_login(people.office)
    values = {"entry": entry, "kind": "erase", "received_on": "2026-11-03"}

    assert sentence in client.post(reverse("admin:feedback_datarequest_add"), values).content.decode()


def test_the_list_and_the_first_page_show_what_is_late(case, people, client):
    today = timezone.localdate()
    asked(case, "view", due_on=today - timedelta(days=2))
    client.force_login(people.office)

    text = client.get(reverse("admin:feedback_datarequest_changelist"), {"tinh-trang": "qua-han"}).content.decode()

    assert "Quá hạn 2 ngày" in text
    urgent = [task.title for task in tasks.waiting(people.office, today) if task.urgent]
    assert "Yêu cầu về dữ liệu cá nhân đã quá hạn" in urgent


def test_the_data_is_handed_out_as_a_file_that_is_not_kept(case, people, client):
    client.force_login(people.office)

    response = client.post(page(asked(case, "view"), "export"))

    assert zipfile.ZipFile(io.BytesIO(response.content)).namelist() == ["du-lieu.xlsx"]
    assert "no-store" in response["Cache-Control"]
    assert case.register_entry.replace("/", "-") not in response["Content-Disposition"]


def test_a_correction_needs_only_the_part_that_is_wrong(case, people, client):
    found = asked(case, "correct")
    client.force_login(people.office)
    shown = client.get(page(found)).content.decode()

    client.post(page(found, "correct"), {"phone": "0909777222", "sender_name": ""})

    assert SENDER["phone"] not in shown
    stored = Submission.objects.get()
    assert (stored.phone, stored.sender_name) == ("0909777222", SENDER["sender_name"])
    found.refresh_from_db()
    assert found.done_on == timezone.localdate()
    assert "0909777222" not in found.result


def test_erasing_is_confirmed_first(case, people, client):
    found = asked(case, "erase")
    client.force_login(people.office)

    client.post(page(found, "erase"))
    assert not Tombstone.objects.exists()
    client.post(page(found, "erase"), {"sure": "1"})

    assert Submission.objects.get().sender_name == ""
    text = client.get(reverse("admin:feedback_tombstone_changelist")).content.decode()
    assert "người gửi: 5" in text


def test_a_consent_is_taken_back(people, client):
    case = answered(people, **SENDER, publish_name_at=CAME)
    client.force_login(people.office)

    client.post(page(asked(case, "restrict"), "restrict"))

    assert Submission.objects.get().publish_name_at is None


@pytest.mark.parametrize("name", ["export", "correct", "restrict", "erase"])
def test_a_focal_person_does_nothing_of_it(name, case, people, client):
    kind = {"export": "view"}.get(name, name)
    client.force_login(people.officer)

    assert client.post(page(asked(case, kind), name), {"sure": "1"}).status_code == 403
    assert Submission.objects.get().sender_name == SENDER["sender_name"]


def test_a_request_is_done_only_with_a_result(case, people, client):
    client.force_login(people.office)

    response = client.post(page(asked(case, "view")), {"done_on": "2026-11-24", "result": ""})

    assert "Ghi kết quả hoặc lý do từ chối." in response.content.decode()


# Incidents.


def test_an_incident_shows_its_clock_and_waits_on_the_first_page(people, client):
    late = Incident.objects.create(
        title="Gửi nhầm thư", detected_at=timezone.now() - timedelta(hours=73, minutes=5), description="Gửi nhầm."
    )
    client.force_login(people.office)

    listed = client.get(reverse("admin:feedback_incident_changelist")).content.decode()
    shown = client.get(reverse("admin:feedback_incident_change", args=[late.pk])).content.decode()

    assert '<span class="tag tag-repealed">Quá hạn 2 giờ</span>' in listed
    assert "Quá hạn 2 giờ" in shown
    (task,) = [task for task in tasks.waiting(people.office, timezone.localdate()) if "72 giờ" in task.title]
    assert (task.count, task.urgent, task.note) == (1, True, "Sớm nhất: quá hạn 2 giờ")


def test_the_notice_is_a_file(people, client):
    found = Incident.objects.create(
        title="Gửi nhầm thư", detected_at=datetime(2026, 11, 24, 1, tzinfo=UTC), description="Gửi nhầm."
    )
    client.force_login(people.office)

    response = client.get(reverse("admin:feedback_incident_notice", args=[found.pk]))

    assert "Phát hiện lúc: 08:00 ngày 24/11/2026" in response.content.decode("utf-8-sig")
    assert response["Content-Disposition"].startswith("attachment")


# Nothing personal on any page.


def kept_by_staff():
    """Return the models of feedback that have pages in the staff's site."""
    return [model for model in apps.get_app_config("feedback").get_models() if admin.site.is_registered(model)]


def every_page():
    """Yield the addresses of all pages of feedback in the staff's site, as far as they are read.

    Papers have tests of their own, which read what is drawn.
    """
    yield reverse("admin:index")
    for model in kept_by_staff():
        keys = model._default_manager.values_list("pk", flat=True)[:3]
        for pattern in admin.site.get_model_admin(model).get_urls():
            for args in ([], *([key] for key in keys)):
                try:
                    address = reverse(f"admin:{pattern.name}", args=args)
                except NoReverseMatch:
                    continue
                if not address.endswith(".pdf"):
                    yield address


def reader_of_all():
    who = UserFactory()
    may = Permission.objects.filter(content_type__app_label="feedback").exclude(codename="read_sender")
    who.user_permissions.set(may)
    return who


READERS = {
    "reads all but the sender": lambda people: reader_of_all(),
    "administrator": lambda people: UserFactory(role=roles.ADMINISTRATOR),
    "of another unit": lambda people: people.stranger,
}


@pytest.mark.any_database  # Templates and permissions decide what a page shows.
@pytest.mark.parametrize("role", READERS)
def test_no_page_shows_the_sender_to_who_may_not_read_it(role, case, people, client):
    disclosing.prepare(case, by=people.officer, at=later(3))
    access.open_sender(case, by=people.officer, at=CAME)
    erased = SubmissionFactory(status="rejected", register_year=2025, **SENDER)
    protecting.erase(erased, by=people.office, at=later(9), reason="Yêu cầu.")
    asked(case, "correct")
    client.force_login(READERS[role](people))
    read = 0

    for address in every_page():
        response = client.get(address)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        said = f"{address} {dict(response.headers)} {content.decode(errors='ignore')}"
        assert [value for value in SENDER.values() if value in said] == [], address
        read += response.status_code == 200

    assert read > (3 if role != "reads all but the sender" else 20)
