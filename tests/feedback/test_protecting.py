import io
import logging
import zipfile
from datetime import UTC, date, datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from openpyxl import load_workbook
from post_office.models import Email

from feedback import data_requests, disclosing, merging, moves, protecting, retention, workflow
from feedback.disclosing import Texts
from feedback.models import (
    AccessRecord,
    Attachment,
    DataRequest,
    Draft,
    Event,
    Message,
    PublicAnswer,
    RetentionRule,
    Submission,
    Tombstone,
)
from portal import worker
from portal.steps import Conflict, NotAllowed, Refused
from procedures.models import Subscription
from tests.factories import SubmissionFactory, SubscriptionFactory
from tests.feedback.cast import cast, handled, later
from tests.feedback.test_disclosing import answered, published

pytestmark = pytest.mark.django_db

# Each string is of this sender only.
SENDER = {
    "sender_name": "Quách Thử Nghiệm",
    "organisation_name": "Công ty Mộc Lan Thử",
    "address": "Số 777 Đường Không Có, phường Thử",
    "phone": "0909777111",
    "email": "quachthu@example.org",
}
WRITTEN = {
    "title": "Quách hỏi về giấy phép",
    "content": "Tôi, Quách Thử Nghiệm, đã đến ba lần. Gọi 0909777111.",
    "proposed_solution": "Quách đề xuất bỏ bớt giấy.",
    "dossier_code": "QTN-777-0001",
    "external_reference": "DVCQG-QTN-777",
}
TRACES = ["quách", "quach", "mộc lan", "0909777111", "số 777", "qtn-777"]


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "attachments": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path, "base_url": None},
        },
    }
    return tmp_path


@pytest.fixture
def people():
    return cast()


@pytest.fixture
def case(people):
    found = answered(people, **SENDER, **WRITTEN)
    message = Message.objects.create(
        submission=found, audience="sender", from_sender=True, at=later(1), text="Quách xin bổ sung."
    )
    Message.objects.create(submission=found, audience="staff", by=people.officer, at=later(1), text="Gọi ông Quách.")
    attach(submission=found, name="anh-quach.jpg")
    attach(submission=found, message=message, name="don-quach.jpg")
    Draft.objects.create(token="t" * 43, content="Quách", started_at=later(0), expires_at=later(1), submission=found)
    workflow.rate(found, score=4, comment="Quách cảm ơn.", at=later(3))
    return Submission.objects.get(pk=found.pk)


def attach(**values):
    return Attachment.objects.create(
        file=ContentFile(b"picture of Quach", name="x.jpg"),
        kind="jpg",
        size=16,
        digest="0" * 64,
        added_at=later(0),
        **values,
    )


def dump():
    """Return everything that the database holds, personal fields opened."""
    said = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            said += [str(value) for row in cursor.fetchall() for value in row]
    for model in (Submission, Draft):
        said += [str(value) for row in model.objects.values_list() for value in row]
    return "\n".join(said).casefold()


def test_erasing_leaves_no_trace_of_the_sender(case, people, folder, django_capture_on_commit_callbacks):
    before = dump()
    assert all(trace in before for trace in TRACES), "the test looks for what was there"
    assert Email.objects.filter(to__contains=SENDER["email"]).exists()

    with django_capture_on_commit_callbacks(execute=True):
        protecting.erase(case, by=people.office, at=later(9), reason="Người gửi yêu cầu.")

    after = dump()
    assert [trace for trace in TRACES if trace in after] == []
    assert [file for file in folder.rglob("*") if file.is_file()] == []
    assert storages["attachments"].listdir("")[1] == []


def test_erasing_leaves_the_figures_and_a_tombstone(case, people):
    kept = ["status", "kind", "about", "unit_id", "received_at", "answered_at", "register_number", "answer_due_on"]
    before = {name: getattr(case, name) for name in kept}

    protecting.erase(case, by=people.office, at=later(9), reason="Người gửi yêu cầu.")

    stored = Submission.objects.get()
    assert {name: getattr(stored, name) for name in kept} == before
    assert stored.kind == "proposal"
    assert stored.rating.score == 4
    assert stored.erased_at == later(9)
    tombstone = Tombstone.objects.get()
    assert tombstone.erased["tệp"] == 2
    assert tombstone.erased["người gửi"] == 5
    assert tombstone.by == people.office
    assert stored.events.last().verb == "erase"


def test_an_open_case_is_not_erased(people):
    with pytest.raises(Refused, match="Kết thúc"):
        protecting.erase(handled(people), by=people.office, at=later(9), reason="Yêu cầu.")


def test_a_case_is_erased_once(case, people):
    protecting.erase(case, by=people.office, at=later(9), reason="Yêu cầu.")

    with pytest.raises(Conflict):
        protecting.erase(Submission.objects.get(), by=people.office, at=later(9), reason="Yêu cầu.")


def test_a_focal_person_erases_and_exports_nothing(case, people):
    with pytest.raises(NotAllowed):
        protecting.erase(case, by=people.officer, at=later(9), reason="Yêu cầu.")
    with pytest.raises(NotAllowed):
        protecting.export(case, by=people.officer, at=later(9))

    assert Submission.objects.get().sender_name == SENDER["sender_name"]


def test_nothing_is_written_into_an_erased_case(case, people, client):
    protecting.erase(case, by=people.office, at=later(9), reason="Người gửi yêu cầu.")

    with pytest.raises(Conflict):
        workflow.dispute(case, at=later(9), reason="Tôi là Quách.")
    with pytest.raises(Conflict):
        workflow.note(case, text="Ông Quách gọi.", by=people.office, at=later(9))
    assert moves.verbs(case, people.office) == ["unpublish"]


def test_a_merged_case_is_kept_until_its_sender_is_answered(people):
    main, twin = handled(people), handled(people, **SENDER)
    merging.merge(twin, main, by=people.office, at=later(1))
    RetentionRule.objects.update_or_create(kind="rejected", defaults={"months": 1})

    assert not retention.due(later(400)).exists()
    with pytest.raises(Refused, match="Kết thúc xử lý"):
        protecting.erase(twin, by=people.office, at=later(9), reason="Người gửi yêu cầu.")


def test_what_was_let_stand_in_a_published_copy_is_erased_with_the_case(case, people):
    public = published(disclosing.prepare(case, by=people.officer, at=later(4)), people)
    PublicAnswer.objects.filter(pk=public.pk).update(accepted_findings="0909777111 → đã hỏi")

    erased = Submission.objects.get(pk=case.pk)
    protecting.erase(erased, by=people.office, at=later(9), reason="Người gửi yêu cầu.")

    assert PublicAnswer.objects.get().accepted_findings == ""


def test_the_reason_of_erasing_names_nobody(case, people):
    with pytest.raises(Refused):
        protecting.erase(case, by=people.office, at=later(9), reason="Ông Quách Thử Nghiệm yêu cầu.")

    assert not Tombstone.objects.exists()


def test_what_the_public_reads_stays(case, people):
    copy = published(disclosing.prepare(case, by=people.officer, at=later(3)), people)

    protecting.erase(Submission.objects.get(), by=people.office, at=later(9), reason="Yêu cầu.")

    assert PublicAnswer.objects.get().answer == copy.answer


def test_a_name_that_was_published_is_masked(people):
    case = answered(people, **SENDER, publish_name_at=later(0))
    copy = disclosing.prepare(case, by=people.officer, at=later(3))
    disclosing.save(copy, Texts("Giấy phép", "Ông Quách Thử Nghiệm hỏi.", "Đã bỏ."), by=people.officer)
    published(copy, people)

    protecting.erase(Submission.objects.get(), by=people.office, at=later(9), reason="Yêu cầu.")

    stored = PublicAnswer.objects.get()
    assert stored.question == "Ông [tên] hỏi."
    assert "quach" not in stored.folded


def test_a_copy_that_nobody_has_read_goes_too(case, people):
    disclosing.prepare(case, by=people.officer, at=later(3))

    protecting.erase(case, by=people.office, at=later(9), reason="Yêu cầu.")

    assert not PublicAnswer.objects.exists()


def test_nothing_personal_is_logged_while_erasing(case, people, caplog):
    caplog.set_level(logging.DEBUG)

    protecting.erase(case, by=people.office, at=later(9), reason="Yêu cầu.")

    # SQL is logged by Django in development with its values; ours is not.
    ours = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    assert "Quách" not in ours


# On schedule.


def closed(kept_months, **values):
    at = retention.months_before(datetime(2026, 11, 24, tzinfo=UTC), kept_months)
    return SubmissionFactory(closed_at=at, **values)


NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)


def test_each_class_is_kept_as_long_as_its_rule_says():
    answered_long_ago = closed(24, status="answered")
    closed(23, status="answered")
    forwarded = closed(25, status="forwarded")
    rejected = closed(13, status="rejected")
    spam = closed(4, status="spam", register_year=None, register_number=None)
    closed(100, status="handling")

    assert set(retention.due(NOW)) == {answered_long_ago, forwarded, rejected, spam}


def test_a_class_without_a_rule_is_kept():
    closed(300, status="answered")
    RetentionRule.objects.all().delete()

    assert not retention.due(NOW).exists()


def test_while_a_request_waits_the_data_stays():
    case = closed(30, status="answered")
    DataRequest.objects.create(submission=case, kind="view", received_on=date(2026, 11, 20), due_on=date(2026, 11, 30))

    assert not retention.due(NOW).exists()


def test_the_job_erases_what_is_due_once():
    case = closed(24, status="answered")

    assert [retention.erase_due(NOW), retention.erase_due(NOW)] == [1, 0]

    case.refresh_from_db()
    assert case.sender_name == ""
    assert "24 tháng" in Tombstone.objects.get().reason


@pytest.mark.parametrize(
    ("at", "months", "expected"),
    [
        (datetime(2026, 3, 31, 5, tzinfo=UTC), 1, date(2026, 2, 28)),
        (datetime(2026, 1, 15, 5, tzinfo=UTC), 1, date(2025, 12, 15)),
        (datetime(2028, 2, 29, 5, tzinfo=UTC), 24, date(2026, 2, 28)),
    ],
)
def test_months_end_where_a_month_is_shorter(at, months, expected):
    assert retention.months_before(at, months).date() == expected


def test_the_background_process_does_it():
    assert retention.erase_due in [job.run for job in worker.JOBS]


# Asked for by the sender.


def test_the_export_holds_what_the_sender_gave_and_nothing_internal(case, people):
    with zipfile.ZipFile(io.BytesIO(protecting.export(case, by=people.office, at=later(9)))) as archive:
        names = archive.namelist()
        rows = list(load_workbook(io.BytesIO(archive.read("du-lieu.xlsx"))).active.values)

    said = "\n".join(str(value) for row in rows for value in row)
    assert names == ["du-lieu.xlsx", "tep/1.jpg", "tep/2.jpg"]
    assert all(value in said for value in [*SENDER.values(), WRITTEN["content"], "Quách xin bổ sung."])
    assert "Gọi ông Quách." not in said
    assert AccessRecord.objects.get().how == "export"
    assert Event.objects.filter(verb="export").count() == 1


def test_a_correction_is_in_the_history_without_its_values(case, people):
    parts = protecting.correct(case, {"phone": "0909777222", "address": "Số 9"}, by=people.office, at=later(9))

    stored = Submission.objects.get()
    assert (stored.phone, stored.address, stored.sender_name) == ("0909777222", "Số 9", SENDER["sender_name"])
    assert parts == ["điện thoại", "địa chỉ"]
    event = Event.objects.get(verb="correct")
    assert "0909777222" not in event.remark


def test_another_telephone_finds_other_cases_of_the_sender(case, people):
    other = answered(people, **{**SENDER, "phone": "0909777222", "contact_key": ""})
    protecting.correct(other, {"phone": "0909777333"}, by=people.office, at=later(9))

    protecting.correct(case, {"phone": "0909777333"}, by=people.office, at=later(9))

    keys = set(Submission.objects.values_list("contact_key", flat=True))
    assert len(keys) == 1
    assert keys != {""}


def test_taking_back_a_consent_masks_the_published_name(people):
    case = answered(people, **SENDER, publish_name_at=later(0), news_at=later(0))
    copy = disclosing.prepare(case, by=people.officer, at=later(3))
    disclosing.save(copy, Texts("Giấy phép", "Ông Quách Thử Nghiệm hỏi.", "Đã bỏ."), by=people.officer)
    published(copy, people)

    protecting.restrict(Submission.objects.get(), by=people.office, at=later(9))

    stored = Submission.objects.get()
    assert (stored.publish_name_at, stored.news_at) == (None, None)
    assert "Quách" not in PublicAnswer.objects.get().question


def test_taking_back_the_consent_to_news_ends_them(people):
    case = answered(people, **SENDER, news_at=later(0))
    SubscriptionFactory(email=SENDER["email"], procedure=None, field=people.field)
    other = SubscriptionFactory(email="nguoikhac@example.org", procedure=None, field=people.field)

    protecting.restrict(case, by=people.office, at=later(9))

    assert list(Subscription.objects.all()) == [other]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("view", date(2026, 11, 13)),
        ("correct", date(2026, 11, 13)),
        ("restrict", date(2026, 11, 18)),
        ("erase", date(2026, 11, 23)),
    ],
)
def test_requests_are_met_within_the_days_of_the_decree(kind, expected):
    assert data_requests.due(kind, date(2026, 11, 3)).day == expected


def test_a_request_is_acknowledged_within_two_working_days():
    assert data_requests.acknowledge_by(date(2026, 11, 6)).day == date(2026, 11, 10)
