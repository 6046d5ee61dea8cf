from datetime import date

import pytest

from feedback import clocks
from feedback.models import AnswerTime, Pause
from tests.factories import SubmissionFactory

pytestmark = pytest.mark.django_db


def day(number: int) -> date:
    return date(2026, 11, number)


def test_an_answer_is_due_ten_working_days_after_the_day_it_came():
    assert clocks.due(SubmissionFactory(answer_days=10)).day == day(17)


def test_a_case_is_to_be_forwarded_within_five_working_days():
    assert clocks.forward_due(SubmissionFactory()).day == day(10)


def test_days_off_are_not_counted_and_say_why():
    case = SubmissionFactory(answer_days=16)

    counted = clocks.days(case)

    assert counted[-1] == clocks.CountedDay(day(26), 16)
    assert clocks.CountedDay(day(7), None, "cuối tuần") in counted
    assert clocks.CountedDay(day(24), None, "nghỉ lễ") in counted
    assert [one.number for one in counted if one.number] == list(range(1, 17))


def test_an_extension_counts_on_top():
    assert clocks.due(SubmissionFactory(answer_days=10, extra_days=3)).day == day(20)


def test_a_pause_moves_the_due_date_by_its_working_days_after_the_first():
    case = SubmissionFactory(answer_days=10)
    Pause.objects.create(submission=case, first_on=day(5), last_on=day(10))

    counted = clocks.days(case)

    assert clocks.due(case).day == day(20)
    assert [one.day.day for one in counted if one.why == "chờ bổ sung"] == [6, 9, 10]


def test_there_is_no_due_date_while_the_sender_owes_an_answer():
    case = SubmissionFactory(answer_days=10)
    Pause.objects.create(submission=case, first_on=day(5))

    assert clocks.due(case) is None
    assert clocks.days(case)[-1] == clocks.CountedDay(day(5), 2)


def test_time_taken_is_told_without_and_with_the_pauses():
    case = SubmissionFactory(answer_days=10)
    Pause.objects.create(submission=case, first_on=day(5), last_on=day(10))

    assert clocks.net_and_gross(case, day(13)) == (5, 8)


def test_a_late_answer_is_told_in_working_days():
    case = SubmissionFactory(answer_due_on=day(13))

    assert [clocks.late(case, on) for on in (day(13), day(14), day(16), day(25))] == [0, 0, 1, 7]


def test_the_time_of_the_day_it_came_holds():
    AnswerTime.objects.filter(time_class="ordinary").update(last_on=day(1))
    AnswerTime.objects.create(time_class="ordinary", working_days=7, first_on=day(2), last_on=day(9))

    days = [clocks.answer_time("ordinary", on) for on in (day(1), day(2), day(9))]

    assert days == [10, 7, 7]


def test_a_gap_in_the_table_leaves_no_case_without_a_clock():
    AnswerTime.objects.filter(time_class="complex").update(last_on=day(1), working_days=15)
    AnswerTime.objects.filter(time_class="conduct").delete()

    assert clocks.answer_time("complex", day(3)) == 15
    assert clocks.answer_time("conduct", day(3)) == 5


def test_a_date_that_rests_on_an_unconfirmed_year_says_so():
    assert clocks.due(SubmissionFactory(answer_days=60)).unconfirmed_years == (2027,)
