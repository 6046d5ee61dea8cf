"""Who hears of each step, and what nobody hears."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail as outbox
from django.utils import timezone
from post_office.models import STATUS, Email

from feedback import answering, merging, notifying, workflow
from feedback.models import Answer, Event, FeedbackSettings, Message, PublicAnswer, Submission
from feedback.notifying import TO_SENDER, TO_STAFF
from portal import mail, roles, steps
from tests.factories import (
    EventFactory,
    FocalPersonFactory,
    OrganisationFactory,
    SubmissionFactory,
    UnitFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

Verb = Event.Verb
AT = datetime(2026, 11, 3, 2, tzinfo=UTC)  # a Tuesday, 9:00 in Vietnam
SENDER = "nguoi-gui@example.org"
# What names the sender, or is the sender's own text.
PERSONAL = {
    "sender_name": "Danh Tính Riêng",
    "organisation_name": "Phòng khám Minh Họa",
    "address": "Số 9 Ngõ Kín",
    "phone": "0900000077",
    "email": SENDER,
    "title": "Tiêu đề có Danh Tính Riêng",
    "content": "Nội dung kể chuyện nhà",
}
SECRET = "BÍ-MẬT-NỘI-BỘ"


class Office:
    """A unit with its focal person, the deputy and the head; and the office above it."""

    def __init__(self):
        OrganisationFactory()
        self.unit = UnitFactory()
        self.focal = self.account("dau-moi", roles.FOCAL_PERSON, self.unit)
        self.head = self.account("lanh-dao", roles.HEAD_OF_UNIT, self.unit)
        self.office = self.account("van-phong", roles.OFFICE, UnitFactory())
        deputy = FocalPersonFactory(unit=self.unit, email="thay@example.org", order=200)
        self.seat = FocalPersonFactory(unit=self.unit, user=self.focal, deputy=deputy, order=1)

    @staticmethod
    def account(name, role, unit):
        return UserFactory(username=name, email=f"{name}@example.org", role=role, unit=unit)


@pytest.fixture
def staff():
    return Office()


def case(staff, **values):
    return SubmissionFactory(unit=staff.unit, focal_person=staff.seat, **{**PERSONAL, **values})


def new(**values):
    return Submission(about="unfit", **{**PERSONAL, **values})


def told(*addresses):
    """Return the mails to the addresses, to all without any."""
    return [row for row in Email.objects.order_by("pk") if not addresses or row.to[0] in addresses]


def said(row):
    return "\n".join([row.subject, row.message, row.html_message])


def subjects(*addresses):
    return [row.subject for row in told(*addresses)]


@pytest.mark.parametrize("verb", Verb)
def test_no_internal_word_reaches_the_sender_and_no_sender_reaches_the_staff(staff, verb):
    submission = case(staff)
    for audience, from_sender in (("staff", False), ("staff", True), ("sender", True)):
        Message.objects.create(submission=submission, audience=audience, from_sender=from_sender, at=AT, text=SECRET)
    Answer.objects.create(submission=submission, text=SECRET, written_by=staff.focal, written_at=AT)
    PublicAnswer.objects.create(submission=submission, number=1, title="x", question="x", answer="x")
    data = {"clock": "answer", "stage": "due", "due": "2026-11-17", "left": 0, "net": 3, "gross": 5, "note": SECRET}
    event = EventFactory(submission=submission, verb=verb, remark=SECRET, data=data, at=AT)

    notifying.notify(event)

    to_sender = told(SENDER)
    assert len(to_sender) == (verb in TO_SENDER)
    assert not [row.subject for row in to_sender if SECRET in said(row)]
    to_staff = [row for row in told() if row not in to_sender]
    assert bool(to_staff) == (verb in TO_STAFF)
    named = [*PERSONAL.values(), submission.shown_code, submission.code, SECRET]
    assert not [(row.subject, text) for row in to_staff for text in named if text in said(row)]


def test_every_verb_of_the_tables_may_be_seen_by_the_sender_or_is_for_staff():
    internal = {Verb.NOTE, Verb.SUSPECT, Verb.DISCARD, Verb.ASSESS, Verb.SUBMIT_ANSWER, Verb.REMIND, Verb.ESCALATE}

    assert not {verb for verb in internal if notifying.visible_to_sender(Event(verb=verb))}
    assert notifying.remark_for_sender(Event(verb=Verb.NOTE, remark="x", public=True)) == ""
    assert notifying.remark_for_sender(Event(verb=Verb.REJECT, remark="x", public=False)) == ""
    assert notifying.remark_for_sender(Event(verb=Verb.REJECT, remark="x", public=True)) == "x"


def test_a_received_case_is_told_to_the_sender_and_to_who_handles_it(staff):
    staff.seat.receives_rest = True
    staff.seat.save()

    submission = workflow.receive(new(), at=AT)

    (receipt,) = told(SENDER)
    assert receipt.subject == f"Phản ánh {submission.shown_code}: đã tiếp nhận"
    assert f"/phan-anh/theo-doi/{submission.shown_code}/" in receipt.message
    assert "17/11/2026" in receipt.message
    assert receipt.headers["X-Feedback"] == str(submission.pk)
    expected = [f"Phản ánh {submission.register_entry}: được giao xử lý"] * 2
    assert subjects("dau-moi@example.org", "thay@example.org") == expected
    assert len(told()) == 3


def test_a_case_that_nobody_receives_is_told_to_the_office(staff):
    submission = workflow.receive(new(), at=AT)

    assert submission.focal_person is None
    assert [row.to[0] for row in told()] == [SENDER, "van-phong@example.org"]


def test_suspected_spam_tells_nobody_until_a_person_has_cleared_it(staff):
    submission = workflow.receive(new(), at=AT, suspicion="Gửi quá nhanh")
    assert told() == []

    workflow.clear(submission, by=staff.office, at=AT + timedelta(hours=1))

    assert subjects(SENDER) == [f"Phản ánh {submission.shown_code}: đã tiếp nhận"]


def test_who_gave_no_address_gets_no_mail(staff):
    notifying.notify(EventFactory(submission=case(staff, email=""), verb=Verb.ANSWER))

    assert told() == []


def test_nobody_is_told_of_the_own_step(staff):
    notifying.notify(EventFactory(submission=case(staff), verb=Verb.NOTE, by=staff.focal))

    assert [row.to[0] for row in told()] == ["thay@example.org"]


def test_a_deputy_whose_time_is_over_is_not_told(staff):
    deputy = staff.seat.deputy
    deputy.last_on = date(2026, 11, 2)
    deputy.save()

    notifying.notify(EventFactory(submission=case(staff), verb=Verb.REPLY, at=AT))

    assert [row.to[0] for row in told()] == ["dau-moi@example.org"]


def test_the_office_hears_of_a_case_whose_focal_persons_have_left(staff):
    for seat in (staff.seat, staff.seat.deputy):
        seat.last_on = date(2026, 11, 2)
        seat.save()

    notifying.notify(EventFactory(submission=case(staff), verb=Verb.REPLY, at=AT))

    assert [row.to[0] for row in told()] == ["van-phong@example.org"]


def test_a_unit_without_a_head_has_the_office_above_it(staff):
    staff.head.is_active = False
    staff.head.save()

    notifying.notify(EventFactory(submission=case(staff), verb=Verb.SUBMIT_ANSWER, by=staff.focal))

    assert [row.to[0] for row in told()] == ["van-phong@example.org"]


def test_the_sender_reads_the_question_and_the_reason_of_a_refusal(staff):
    submission = case(staff, status="handling", subject="regulation")
    workflow.ask(submission, text="Giấy nào phải nộp hai lần?", by=staff.focal, at=AT)
    workflow.reply(submission, text="Tờ khai", at=AT + timedelta(days=1))
    workflow.forward(submission, agency="Sở Y tế", by=staff.focal, at=AT + timedelta(days=1), reason="Việc của ngành y")

    asked, forwarded = told(SENDER)
    assert "Giấy nào phải nộp hai lần?" in asked.message
    assert "Sở Y tế" in forwarded.message
    assert "Việc của ngành y" in forwarded.html_message


def test_a_date_that_did_not_move_is_not_worth_a_mail(staff):
    submission = case(staff)
    for due, before in (("2026-11-17", "2026-11-17"), ("", "2026-11-17")):
        data = {"due": due, "due_before": before}
        notifying.notify(EventFactory(submission=submission, verb=Verb.RECOUNT, data=data))
    assert told(SENDER) == []

    data = {"due": "2026-11-18", "due_before": "2026-11-17"}
    notifying.notify(EventFactory(submission=submission, verb=Verb.RECOUNT, data=data))

    assert len(told(SENDER)) == 1


def test_all_senders_of_merged_cases_read_the_one_answer(staff):
    FeedbackSettings(dispute_days=15).save()
    first = case(staff, status="handling", subject="regulation")
    second = case(staff, status="handling", email="thu-hai@example.org", received_at=AT + timedelta(hours=1))
    merging.merge(second, first, by=staff.office, at=AT + timedelta(hours=2))
    answer = answering.draft(first, text="Từ nay chỉ nộp một lần.", by=staff.focal, at=AT + timedelta(days=1))
    answering.submit(answer, by=staff.focal, at=AT + timedelta(days=1))
    Email.objects.all().delete()

    answering.approve_and_send(answer, by=staff.head, at=AT + timedelta(days=2))

    for address, submission, other in ((SENDER, first, second), ("thu-hai@example.org", second, first)):
        (row,) = told(address)
        assert row.subject == f"Phản ánh {submission.shown_code}: đã trả lời"
        assert "Từ nay chỉ nộp một lần." in row.message
        assert "chậm nhất ngày 20/11/2026" in row.message
        assert other.shown_code not in said(row)


def test_a_step_that_is_undone_leaves_no_mail(staff):
    submission = case(staff)
    submission.version = 7  # somebody else was faster

    with pytest.raises(steps.Conflict):
        workflow.note(submission, text="Xem lại", by=staff.office, at=AT)

    assert told() == []


def test_a_mail_server_that_is_away_for_a_day_loses_nothing_and_delays_nothing(staff, monkeypatch):
    def away(self, messages):
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", away)
        workflow.receive(new(), at=AT)
        assert outbox.outbox == []  # nothing is sent within a request
        mail.send_waiting(timezone.now())
    # A day later the server is there again.
    Email.objects.update(scheduled_time=None)
    mail.send_waiting(timezone.now() + timedelta(days=1))

    assert sorted(message.to[0] for message in outbox.outbox) == [SENDER, "van-phong@example.org"]
    assert set(Email.objects.values_list("status", flat=True)) == {STATUS.sent}


def test_what_names_the_sender_is_forgotten_with_the_case(staff):
    submission, other = case(staff), case(staff)
    for one in (submission, other):
        notifying.notify(EventFactory(submission=one, verb=Verb.WITHDRAW))

    mail.forget(notifying.HEADER, str(submission.pk))

    assert subjects(SENDER) == [f"Phản ánh {other.shown_code}: đã rút"]
