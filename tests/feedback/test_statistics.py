"""What a period brought in feedback, against cases counted by hand."""

from datetime import UTC, date, datetime

import pytest

from feedback import statistics
from feedback.models import Rating
from portal.statistics import Period
from tests.factories import FieldFactory, ProcedureFactory, PublicAnswerFactory, SubmissionFactory, UnitFactory

# Vietnam is seven hours ahead: its last minutes of October, and the first of November.
BEFORE_MIDNIGHT = datetime(2026, 10, 31, 16, 59, tzinfo=UTC)
AFTER_MIDNIGHT = datetime(2026, 10, 31, 17, 0, tzinfo=UTC)
IN_NOVEMBER = datetime(2026, 11, 12, 2, tzinfo=UTC)
IN_DECEMBER = datetime(2026, 12, 2, 2, tzinfo=UTC)
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30), IN_DECEMBER)

pytestmark = pytest.mark.django_db


def case(status="handling", received_at=IN_NOVEMBER, closed_at=None, **values):
    answered_at = closed_at if status == "answered" else None
    values = {"answer_due_on": date(2026, 12, 10), **values}
    return SubmissionFactory(
        status=status, received_at=received_at, closed_at=closed_at, answered_at=answered_at, **values
    )


def rows(figure):
    return set(figure.rows)


def counts(figures):
    return {figure.label: figure.count for figure in figures}


def test_a_case_belongs_to_the_vietnamese_day_on_which_it_came():
    before, after = case(received_at=BEFORE_MIDNIGHT), case(received_at=AFTER_MIDNIGHT)
    assert rows(statistics.received(NOVEMBER)) == {after}
    assert rows(statistics.carried_over(NOVEMBER)) == {before}


def test_what_is_not_in_the_register_does_not_count():
    case(status="suspected", register_number=None, register_year=None)
    assert statistics.received(NOVEMBER).count == 0
    assert statistics.in_progress(NOVEMBER).count == 0


def test_what_ended_before_the_period_is_not_carried_over():
    case(status="answered", received_at=BEFORE_MIDNIGHT, closed_at=BEFORE_MIDNIGHT)
    assert statistics.carried_over(NOVEMBER).count == 0


def test_what_came_and_was_there_is_what_ended_and_what_is_left():
    case(received_at=BEFORE_MIDNIGHT)
    case(received_at=BEFORE_MIDNIGHT, status="forwarded", closed_at=AFTER_MIDNIGHT)
    case(received_at=BEFORE_MIDNIGHT, status="answered", closed_at=BEFORE_MIDNIGHT)
    case(status="asked", answer_due_on=None)
    case(status="rejected", closed_at=IN_NOVEMBER)
    case(status="answered", closed_at=IN_NOVEMBER)
    case(status="answered", closed_at=IN_DECEMBER)
    case(received_at=IN_DECEMBER)

    there = statistics.carried_over(NOVEMBER).count + statistics.received(NOVEMBER).count
    gone = statistics.ended(NOVEMBER).count + statistics.in_progress(NOVEMBER).count
    assert (there, gone) == (6, 6)
    assert statistics.ended(NOVEMBER).count == 3


def test_an_answer_on_the_due_day_is_on_time_and_one_on_the_next_is_late():
    day = timezone_day(IN_NOVEMBER)
    on_time = case(status="answered", closed_at=IN_NOVEMBER, answer_due_on=day)
    late = case(status="answered", closed_at=IN_NOVEMBER, answer_due_on=date(2026, 11, 11))
    assert rows(statistics.answered_on_time(NOVEMBER)) == {on_time}
    assert rows(statistics.answered_late(NOVEMBER)) == {late}
    assert rows(statistics.answered(NOVEMBER)) == {on_time, late}


def timezone_day(moment):
    return date(moment.year, moment.month, moment.day)


def test_what_is_left_is_late_once_its_due_day_is_over():
    in_time = case(answer_due_on=NOVEMBER.last)
    resting = case(status="asked", answer_due_on=None)
    late = case(answer_due_on=date(2026, 11, 29))
    assert rows(statistics.in_progress_late(NOVEMBER)) == {late}
    assert rows(statistics.in_progress_in_time(NOVEMBER)) == {in_time, resting}


@pytest.mark.parametrize(
    ("status", "question"),
    [
        ("forwarded", statistics.forwarded),
        ("rejected", statistics.rejected),
        ("redirected", statistics.rejected),
        ("withdrawn", statistics.withdrawn),
    ],
)
def test_each_way_to_end_has_its_figure(status, question):
    ended = case(status=status, closed_at=IN_NOVEMBER)
    case(status="answered", closed_at=IN_NOVEMBER)
    assert rows(question(NOVEMBER)) == {ended}


def test_a_merged_case_is_counted_as_such():
    merged = case(status="merged", merged_into=case(), closed_at=IN_NOVEMBER)
    assert rows(statistics.merged(NOVEMBER)) == {merged}


def test_forwarding_has_five_working_days_by_law():
    case(status="forwarded", closed_at=IN_NOVEMBER, forward_due_on=date(2026, 11, 12))
    late = case(status="forwarded", closed_at=IN_NOVEMBER, forward_due_on=date(2026, 11, 11))
    assert rows(statistics.forwarded_late(NOVEMBER)) == {late}


def test_what_came_is_split_by_subject_kind_channel_and_unit():
    unit = UnitFactory()
    case(subject="conduct", channel="phone", unit=unit)
    case(subject="regulation", proposed_solution="Bỏ bớt một bản.", unit=unit)
    case(unit=None)

    assert counts(statistics.received_by_subject(NOVEMBER)) == {
        "Hành vi hành chính": 1,
        "Quy định hành chính": 1,
        "Chưa phân loại": 1,
    }
    assert counts(statistics.received_by_kind(NOVEMBER)) == {"Phản ánh": 2, "Kiến nghị": 1}
    assert counts(statistics.received_by_channel(NOVEMBER))["Điện thoại"] == 1
    assert counts(statistics.received_by_unit(NOVEMBER)) == {unit.name: 2, "Không ghi đơn vị": 1}


def test_a_case_without_a_field_counts_with_the_field_of_its_procedure():
    field = FieldFactory(name="Đo lường")
    case(field=field)
    case(procedure=ProcedureFactory(field=field))
    case()
    assert counts(statistics.received_by_field(NOVEMBER)) == {"Đo lường": 2, "Chưa rõ lĩnh vực": 1}


def test_only_answers_that_still_stand_count_as_public():
    shown = PublicAnswerFactory()
    PublicAnswerFactory(status="withdrawn", withdrawn_reason="Có lỗi.")
    PublicAnswerFactory(published_at=IN_DECEMBER)
    assert rows(statistics.published(NOVEMBER)) == {shown}


def test_ratings_have_a_mean_that_is_missing_where_nobody_rated():
    assert statistics.content(NOVEMBER).mean is None
    for score in (5, 4, 4):
        Rating.objects.create(submission=case(status="answered", closed_at=IN_NOVEMBER), score=score, at=IN_NOVEMBER)

    assert statistics.content(NOVEMBER).mean == pytest.approx(13 / 3)
    assert counts(statistics.ratings_by_score(NOVEMBER)) == {"1": 0, "2": 0, "3": 0, "4": 2, "5": 1}


def test_figures_cost_the_same_whatever_there_is_to_count(django_assert_num_queries):
    for _ in range(4):
        case(unit=UnitFactory(active=False), field=FieldFactory())
    with django_assert_num_queries(3):
        statistics.received_by_field(NOVEMBER)
    with django_assert_num_queries(4):
        statistics.received_by_unit(NOVEMBER)
