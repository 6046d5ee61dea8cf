"""Clocks that speak up, once each, in working time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from post_office.models import Email

from feedback import moves, reminding, workflow
from feedback.models import Event, FeedbackSettings, Pause
from portal import calendar, roles, steps, worker
from portal.models import ConfirmedYear
from tests.factories import FocalPersonFactory, OrganisationFactory, SubmissionFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db

FOCAL, HEAD, OFFICE = "dau-moi@example.org", "lanh-dao@example.org", "van-phong@example.org"
# The factory's case: came on Tuesday, 3 November 2026; forwarding due on the 10th, answer on Tuesday, the 17th.


def morning(day, hour=7):
    """Return the hour of the day in November 2026, in Vietnam."""
    return datetime(2026, 11, day, tzinfo=UTC) + timedelta(hours=hour - 7)


@pytest.fixture
def submission():
    OrganisationFactory()
    ConfirmedYear.objects.get_or_create(year=2026)
    FeedbackSettings(remind_before_days=2, escalate_after_days=1).save()
    unit = UnitFactory()
    focal = UserFactory(email=FOCAL, role=roles.FOCAL_PERSON, unit=unit)
    UserFactory(email=HEAD, role=roles.HEAD_OF_UNIT, unit=unit)
    UserFactory(email=OFFICE, role=roles.OFFICE, unit=UnitFactory())
    seat = FocalPersonFactory(unit=unit, user=focal)
    return SubmissionFactory(unit=unit, focal_person=seat, status="handling", email="nguoi-gui@example.org")


def told():
    return [(row.to[0], row.subject.partition(": ")[2]) for row in Email.objects.order_by("pk")]


def said():
    return [(event.verb, event.data["clock"], event.data["stage"]) for event in Event.objects.order_by("pk")]


def test_it_speaks_before_on_and_after_the_date_and_then_above(submission):
    by_day = {}
    for day in range(9, 21):
        reminding.remind_due(morning(day))
        by_day[day] = said()

    new = {day: by_day[day][len(by_day.get(day - 1, [])) :] for day in by_day}
    assert {day: steps for day, steps in new.items() if steps} == {
        13: [("remind", "answer", "before")],  # Friday: two working days are left
        17: [("remind", "answer", "due")],
        18: [("remind", "answer", "after"), ("escalate", "answer", "late")],
    }
    assert told() == [
        (FOCAL, "nhắc hạn"),
        (FOCAL, "nhắc hạn"),
        (FOCAL, "nhắc hạn"),
        (HEAD, "quá hạn"),
        (OFFICE, "quá hạn"),
    ]


def test_it_says_how_many_days_were_taken_with_and_without_the_pauses(submission):
    Pause.objects.create(submission=submission, first_on=date(2026, 11, 4), last_on=date(2026, 11, 6))

    reminding.remind_due(morning(18))

    last = Email.objects.order_by("pk").last()
    assert "Quá hạn trả lời 1 ngày làm việc (hạn ngày 17/11/2026)." in last.message
    assert "Đã dùng 9 ngày làm việc, kể cả lúc chờ người gửi là 11 ngày." in last.message


def test_asking_again_says_nothing_again(submission):
    for hour in (7, 8, 17):
        reminding.remind_due(morning(18, hour))

    assert len(said()) == 2


def test_days_on_which_nothing_ran_are_not_made_up_for(submission):
    reminding.remind_due(morning(20))

    assert said() == [("remind", "answer", "after"), ("escalate", "answer", "late")]


@pytest.mark.parametrize("moment", [morning(18, hour=6), morning(21)], ids=["before seven", "a Saturday"])
def test_it_is_silent_outside_of_working_time(submission, moment):
    reminding.remind_due(moment)
    reminding.send_digests(moment)

    assert told() == []


def test_a_date_that_moved_is_spoken_of_anew(submission):
    reminding.remind_due(morning(17))
    submission.refresh_from_db()
    submission.answer_due_on = date(2026, 11, 19)
    submission.save()

    reminding.remind_due(morning(19))

    assert said() == [("remind", "answer", "due"), ("remind", "answer", "due")]


def test_the_clock_of_forwarding_speaks_on_its_fourth_and_fifth_day_until_the_case_is_sorted(submission):
    submission.status = "registered"
    submission.save()

    for day in (6, 9, 10):  # the third, fourth and fifth working day
        reminding.remind_due(morning(day))
    assert said() == [("remind", "forward", "before"), ("remind", "forward", "due")]
    assert "Hôm nay là hạn phân loại hoặc chuyển cơ quan khác." in Email.objects.order_by("pk").last().message

    submission.refresh_from_db()
    by = submission.focal_person.user
    time_class = {"content_type": "unfit", "subject": "regulation", "time_class": "ordinary"}
    workflow.classify(submission, **time_class, by=by, at=morning(10, hour=9))
    reminding.remind_due(morning(11))
    assert Event.objects.filter(verb__in=["remind", "escalate"]).count() == 2


@pytest.mark.parametrize("status", ["asked", "answered", "forwarded", "suspected"])
def test_nothing_is_said_of_a_clock_that_rests_or_has_ended(submission, status):
    submission.status = status
    submission.save()

    reminding.remind_due(morning(18))

    assert said() == []


def test_of_two_machines_at_once_one_speaks(submission, monkeypatch):
    """The second has read the case before the first one spoke."""
    on, rules, work = date(2026, 11, 17), FeedbackSettings.current(), calendar.load()
    reads = [list(reminding._pressing(on, rules, work)) for _ in range(2)]
    monkeypatch.setattr(reminding, "_pressing", lambda *given: reads.pop())

    reminding.remind_due(morning(17))
    reminding.remind_due(morning(17))

    assert reads == []
    assert len(said()) == 1


def test_a_step_taken_at_the_same_moment_holds_up_no_other_case(submission, monkeypatch):
    other = SubmissionFactory(unit=submission.unit, focal_person=submission.focal_person, status="handling")
    record = moves.record

    def conflict(case, *given, **more):
        if case.pk == submission.pk:
            raise steps.Conflict
        return record(case, *given, **more)

    monkeypatch.setattr(moves, "record", conflict)
    reminding.remind_due(morning(17))

    assert [event.submission for event in Event.objects.all()] == [other]


def test_each_morning_everybody_gets_one_list_of_the_own_cases(submission):
    later = date(2026, 12, 10)
    SubmissionFactory(unit=submission.unit, status="registered", answer_due_on=later, forward_due_on=later)
    SubmissionFactory(status="handling", answer_due_on=later)  # of another unit

    for moment in (morning(18), morning(18, hour=9)):
        reminding.send_digests(moment)

    assert sorted(told()) == [(FOCAL, "2"), (HEAD, "2"), (OFFICE, "3")]
    text = Email.objects.get(to=FOCAL).message
    assert text.index("Quá hạn (1)") < text.index("Chờ phân loại (1)")
    assert f"- {submission.register_entry}: " in text
    assert "hạn trả lời 17/11/2026. Đã dùng 11 ngày làm việc." in text
    assert submission.title not in text
    assert submission.shown_code not in text

    assert reminding.send_digests(morning(19)) == 3


def test_a_focal_person_without_an_account_gets_the_list_too(submission):
    seat = FocalPersonFactory(unit=submission.unit, email="khong-tai-khoan@example.org")
    SubmissionFactory(unit=submission.unit, focal_person=seat, status="handling")

    reminding.send_digests(morning(18))

    assert ("khong-tai-khoan@example.org", "1") in told()


def test_nobody_gets_an_empty_list(submission):
    submission.status = "withdrawn"
    submission.save()

    assert reminding.send_digests(morning(18)) == 0
    assert told() == []


def test_a_long_list_is_cut_and_says_so(submission):
    for _ in range(24):
        SubmissionFactory(unit=submission.unit, status="handling", answer_due_on=date(2026, 12, 30))

    reminding.send_digests(morning(12))

    text = Email.objects.get(to=HEAD).message
    assert "Đang xử lý (25)" in text
    assert "và 5 phản ánh khác" in text


def test_the_worker_speaks():
    assert {reminding.remind_due, reminding.send_digests} <= {job.run for job in worker.JOBS}
