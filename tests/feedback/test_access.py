import logging

import pytest
from django.core.exceptions import PermissionDenied

from feedback import access
from feedback.models import AccessRecord, Attachment, Submission
from portal import roles
from tests.factories import SubmissionFactory, UserFactory
from tests.feedback.cast import CAME, cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("mask", "text", "expected"),
    [
        (access.mask_words, "Nguyễn Văn A", "N*** V*** A***"),
        (access.mask_words, "", ""),
        (access.mask_phone, "0903 000 000", "090***000"),
        (access.mask_phone, "113", "***"),
        (access.mask_phone, "", ""),
        (access.mask_email, "guithu@example.org", "g***@***"),
        (access.mask_email, "", ""),
    ],
)
def test_masks_leave_just_enough_to_tell_two_senders_apart(mask, text, expected):
    assert mask(text) == expected


def test_a_case_shows_masks_only():
    submission = SubmissionFactory(sender_name="Người Gửi Thử", phone="0903000000", address="Số 2 Đường Thử")

    shown = access.masked(submission)

    assert (shown.name, shown.phone, shown.address) == ("N*** G*** T***", "090***000", "***")
    assert shown.is_masked


def test_the_unit_that_holds_the_case_reads_its_sender_and_others_do_not():
    people = cast()
    submission = SubmissionFactory(unit=people.unit)

    assert access.may_read_sender(people.officer, submission)
    assert access.may_read_sender(people.office, submission)
    assert not access.may_open(people.stranger, submission)
    assert not access.may_read_sender(people.stranger, submission)


def test_an_administrator_sets_up_feedback_and_reads_nobody():
    administrator = UserFactory(role=roles.ADMINISTRATOR)

    assert not access.may_read_sender(administrator, SubmissionFactory())


def test_opening_the_sender_is_written_down():
    people = cast()
    submission = SubmissionFactory(unit=people.unit, sender_name="Người Gửi Thử")

    sender = access.open_sender(submission, by=people.officer, at=CAME)

    assert sender.name == "Người Gửi Thử"
    record = AccessRecord.objects.get()
    assert (record.submission, record.by, record.at, record.how) == (submission, people.officer, CAME, "view")


def test_who_may_not_read_the_sender_gets_nothing_and_leaves_no_record():
    people = cast()
    submission = SubmissionFactory(unit=people.unit)

    with pytest.raises(PermissionDenied):
        access.open_sender(submission, by=people.stranger, at=CAME)

    assert not AccessRecord.objects.exists()


def test_a_sender_that_gets_into_a_log_does_not_show(caplog):
    sender = access.sender_of(SubmissionFactory(sender_name="Người Gửi Thử", phone="0903000000"))

    logging.getLogger("feedback").error("Lost: %s", sender)

    assert "Lost" in caplog.text
    assert "Người" not in caplog.text
    assert "0903" not in caplog.text


def test_what_logs_print_of_a_case_and_a_file_names_nobody():
    case = Submission(pk=7, code="K7QM4HXT", title="Ông Thử hỏi")
    assert [repr(case), repr(Attachment(pk=8, name="don-cua-thu.pdf"))] == ["<Submission 7>", "<Attachment 8>"]
