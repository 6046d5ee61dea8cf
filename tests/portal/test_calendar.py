from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import calendar
from portal.models import CalendarDay, ConfirmedYear

DAYS = st.dates(date(2023, 12, 1), date(2031, 12, 31))
COUNTS = st.integers(1, 250)
CORRECTIONS = st.dictionaries(DAYS, st.booleans(), max_size=30)
CALENDARS = st.builds(calendar.WorkCalendar, CORRECTIONS, st.frozensets(st.integers(2023, 2033)))

# K5 of the domain's rules: the weekdays off as the government announced them.
ANNOUNCED = {
    2024: "01-01 02-08 02-09 02-12 02-13 02-14 04-18 04-29 04-30 05-01 09-02 09-03",
    2025: "01-01 01-27 01-28 01-29 01-30 01-31 04-07 04-30 05-01 05-02 09-01 09-02",
    2026: "01-01 01-02 02-16 02-17 02-18 02-19 02-20 04-27 04-30 05-01 08-31 09-01 09-02 11-24",
}


@pytest.mark.django_db
@pytest.mark.parametrize("year", ANNOUNCED)
def test_the_weekdays_off_are_the_announced_ones(year):
    announced = [date.fromisoformat(f"{year}-{day}") for day in ANNOUNCED[year].split()]

    assert calendar.weekdays_off(year) == announced


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["2024-05-04", "2025-04-26", "2026-01-10", "2026-08-22"])
def test_a_make_up_saturday_is_worked(day):
    assert calendar.is_working_day(date.fromisoformat(day))


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["2024-05-11", "2026-01-11", "2026-11-24", "2027-01-01", "2027-05-03"])
def test_an_ordinary_day_off_is_not_worked(day):
    assert not calendar.is_working_day(date.fromisoformat(day))


@pytest.mark.django_db
def test_the_shipped_days_do_not_hang_on_the_package(monkeypatch):
    monkeypatch.setattr(calendar, "_is_ordinary_working_day", lambda day: day.weekday() < 5)

    for year, days in ANNOUNCED.items():
        assert [f"{day:%m-%d}" for day in calendar.weekdays_off(year)] == days.split()


@pytest.mark.django_db
def test_a_row_wins_over_the_ordinary_calendar():
    CalendarDay.objects.create(day=date(2027, 9, 1), kind=CalendarDay.Kind.HOLIDAY)
    CalendarDay.objects.create(day=date(2027, 9, 11), kind=CalendarDay.Kind.SWAP_WORK)

    assert not calendar.is_working_day(date(2027, 9, 1))
    assert calendar.is_working_day(date(2027, 9, 11))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        ("2026-11-23", 1, "2026-11-25"),  # over the new holiday of 24 November
        ("2026-11-20", 1, "2026-11-23"),  # over a weekend
        ("2024-05-03", 1, "2024-05-04"),  # onto a make-up Saturday
        ("2026-02-13", 5, "2026-02-27"),  # over Tết
        ("2024-04-26", 3, "2024-05-04"),
        ("2026-11-24", 20, "2026-12-22"),
    ],
)
def test_the_first_day_is_not_counted_and_days_off_are_skipped(start, count, due):
    assert calendar.add_working_days(date.fromisoformat(start), count).day == date.fromisoformat(due)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        ("2026-11-16", 10, "2026-11-26"),
        ("2026-11-16", 8, "2026-11-25"),  # ends on the holiday of 24 November
        ("2026-01-10", 35, "2026-02-23"),  # ends on a Saturday that Tết follows
    ],
)
def test_a_limit_of_calendar_days_that_ends_on_a_day_off_ends_on_the_next_working_day(start, count, due):
    assert calendar.add_days(date.fromisoformat(start), count).day == date.fromisoformat(due)


@pytest.mark.django_db
def test_a_due_date_in_a_confirmed_year_needs_no_note():
    due = calendar.add_working_days(date(2026, 11, 24), 5)

    assert due.confirmed
    assert due.note == ""


@pytest.mark.django_db
def test_a_due_date_in_an_unconfirmed_year_says_so():
    due = calendar.add_working_days(date(2026, 12, 30), 5)

    assert due == calendar.DueDate(date(2027, 1, 7), unconfirmed_years=(2027,))
    assert not due.confirmed
    assert due.note == "Lịch nghỉ lễ năm 2027 chưa được xác nhận, ngày này có thể thay đổi."


@pytest.mark.django_db
def test_a_year_is_confirmed_by_its_row():
    ConfirmedYear.objects.create(year=2027)

    assert calendar.add_working_days(date(2026, 12, 30), 5).confirmed


@pytest.mark.django_db
def test_the_queries_do_not_grow_with_the_time_limit(django_assert_num_queries):
    with django_assert_num_queries(2):
        calendar.add_working_days(date(2024, 1, 2), 700)
    with django_assert_num_queries(2):
        calendar.working_days_between(date(2024, 1, 2), date(2026, 12, 31))


@pytest.mark.parametrize("method", ["add_working_days", "add_days"])
def test_a_time_limit_of_no_day_is_refused(method):
    with pytest.raises(ValueError, match="at least one"):
        getattr(calendar.WorkCalendar({}, frozenset()), method)(date(2026, 11, 24), 0)


@given(CALENDARS, DAYS, COUNTS)
def test_adding_and_counting_are_each_others_inverse(work_calendar, start, count):
    due = work_calendar.add_working_days(start, count)

    assert work_calendar.is_working_day(due.day)
    assert work_calendar.working_days_between(start, due.day) == count


@given(CALENDARS, DAYS, COUNTS, COUNTS)
def test_a_longer_limit_ends_later_and_limits_add_up(work_calendar, start, count, more):
    due = work_calendar.add_working_days(start, count).day

    assert due < work_calendar.add_working_days(start, count + more).day
    assert work_calendar.add_working_days(due, more).day == work_calendar.add_working_days(start, count + more).day


@given(CALENDARS, DAYS, DAYS, COUNTS)
def test_a_later_start_never_ends_earlier(work_calendar, one, other, count):
    earlier, later = sorted([one, other])

    assert work_calendar.add_working_days(earlier, count).day <= work_calendar.add_working_days(later, count).day
    assert work_calendar.add_days(earlier, count).day <= work_calendar.add_days(later, count).day


@given(CALENDARS, DAYS, COUNTS)
def test_a_limit_of_calendar_days_ends_on_the_first_working_day_from_its_last_one(work_calendar, start, count):
    last = start + timedelta(days=count)

    due = work_calendar.add_days(start, count).day

    assert due >= last
    assert work_calendar.is_working_day(due)
    assert not any(work_calendar.is_working_day(last + timedelta(days=n)) for n in range((due - last).days))


@given(CALENDARS, DAYS, DAYS, DAYS)
def test_spans_of_working_days_add_up_in_any_order(work_calendar, first, second, third):
    between = work_calendar.working_days_between

    assert between(first, second) + between(second, third) == between(first, third)
    assert between(first, second) == -between(second, first)


@given(CALENDARS, DAYS, COUNTS)
def test_a_due_date_names_just_the_unconfirmed_years_it_rests_on(work_calendar, start, count):
    due = work_calendar.add_working_days(start, count)

    years = set(range(start.year, due.day.year + 1))
    assert set(due.unconfirmed_years) == years - work_calendar.confirmed_years
    assert bool(due.note) == bool(due.unconfirmed_years)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        (calendar.reporting_month(2024, 6), "2024-05-15", "2024-06-14"),
        (calendar.reporting_month(2024, 1), "2023-12-15", "2024-01-14"),
        (calendar.reporting_quarter(2024, 1), "2023-12-15", "2024-03-14"),
        (calendar.reporting_quarter(2024, 2), "2024-03-15", "2024-06-14"),
        (calendar.reporting_quarter(2024, 4), "2024-09-15", "2024-12-14"),
        (calendar.reporting_six_months(2024), "2023-12-15", "2024-06-14"),
        (calendar.reporting_nine_months(2024), "2023-12-15", "2024-09-14"),
        (calendar.reporting_year(2024), "2023-12-15", "2024-12-14"),
    ],
)
def test_figures_close_on_the_14th(period, first, last):
    assert period == calendar.Period(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("quarter", [0, 5])
def test_there_are_four_quarters(quarter):
    with pytest.raises(ValueError, match="from 1 to 4"):
        calendar.reporting_quarter(2024, quarter)


YEARS = st.integers(2000, 2100)


@given(YEARS)
def test_months_and_quarters_tile_the_reporting_year(year):
    whole = calendar.reporting_year(year)
    months = [calendar.reporting_month(year, month) for month in range(1, 13)]
    quarters = [calendar.reporting_quarter(year, quarter) for quarter in range(1, 5)]

    for parts in (months, quarters):
        assert (parts[0].first_day, parts[-1].last_day) == (whole.first_day, whole.last_day)
        for part, following in pairwise(parts):
            assert following.first_day == part.last_day + timedelta(days=1)
    assert calendar.reporting_year(year + 1).first_day == whole.last_day + timedelta(days=1)


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_each_day_falls_in_the_period_that_is_named_for_it(day):
    assert day in calendar.reporting_month(*calendar.reporting_month_of(day))
    assert day in calendar.reporting_quarter(*calendar.reporting_quarter_of(day))
    assert day in calendar.reporting_year(calendar.reporting_year_of(day))
