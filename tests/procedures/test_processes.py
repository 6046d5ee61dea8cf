from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from portal.demonstration import load_organisation
from procedures import demonstration, importing, processes
from procedures.demonstration import processes_and_prices
from procedures.models import InternalProcess, ProcessStep, SubmissionMethod
from tests.factories import (
    PUBLISHED_AT,
    InternalProcessFactory,
    ProcedureFactory,
    ProcessStepFactory,
    SubmissionMethodFactory,
    UnitFactory,
)

TimeUnit = SubmissionMethod.TimeUnit

times = st.decimals(min_value="0.25", max_value="400", places=2)
units = st.sampled_from(ProcessStep.TimeUnit.values)


def process(*steps, limit=18, limit_unit=TimeUnit.WORKING_DAY, case=""):
    """Return a stored process with steps of (time, unit) for a procedure with this limit."""
    procedure = ProcedureFactory(published=True, methods__time_limit=limit, methods__time_unit=limit_unit)
    made = InternalProcessFactory(procedure=procedure, case=case)
    for time, unit in steps:
        ProcessStepFactory(process=made, time=time, time_unit=unit)
    return InternalProcess.objects.for_page().get(pk=made.pk)


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ("4", "4 giờ làm việc"),
        ("0.5", "0,5 giờ làm việc"),
        ("8", "1 ngày làm việc"),
        ("200", "25 ngày làm việc"),
        ("20", "2 ngày làm việc 4 giờ"),
    ],
)
def test_hours_are_said_as_working_days_of_eight(hours, words):
    assert processes.duration(Decimal(hours)) == words


@given(st.lists(st.tuples(times, units), min_size=1, max_size=12))
def test_the_total_is_what_the_steps_add_up_to(steps):
    found = InternalProcess(pk=1)
    rows = [ProcessStep(time=time, time_unit=unit) for time, unit in steps]
    found._prefetched_objects_cache = {"steps": rows}

    in_days = sum((row.time for row in rows if row.time_unit == "working_day"), Decimal(0))
    in_hours = sum((row.time for row in rows if row.time_unit == "hour"), Decimal(0))
    assert found.hours == 8 * in_days + in_hours


@given(st.decimals(min_value="0.25", max_value="4000", places=2))
def test_no_hour_is_lost_in_words(hours):
    words = processes.duration(hours)
    numbers = [Decimal(word.replace(".", "").replace(",", ".")) for word in words.split() if word[0].isdigit()]

    days = numbers.pop(0) if "ngày" in words else 0
    assert 8 * days + sum(numbers) == hours


@pytest.mark.django_db
def test_steps_that_add_up_to_the_limit_are_right():
    assert processes.mismatch(process((4, "hour"), (17, "working_day"), (4, "hour"))) is None


@pytest.mark.django_db
def test_steps_that_do_not_add_up_are_told_with_both_times():
    found = processes.mismatch(process((4, "hour"), (17, "working_day")))

    assert found is not None
    assert found.sentence == (
        "Các bước cộng lại là 17 ngày làm việc 4 giờ, thời hạn của thủ tục là 18 ngày làm việc. "
        "Sửa thời gian của các bước."
    )


@pytest.mark.django_db
def test_a_limit_in_hours_is_compared_in_hours():
    assert processes.mismatch(process((1, "working_day"), limit=8, limit_unit=TimeUnit.HOUR)) is None
    assert processes.mismatch(process((1, "working_day"), limit=9, limit_unit=TimeUnit.HOUR)) is not None


@pytest.mark.django_db
def test_a_limit_in_days_only_bounds_the_steps():
    # Twenty working days fit into 27 days in a row (three weeks of five, and six days), 21 do not.
    assert processes.mismatch(process((20, "working_day"), limit=27, limit_unit=TimeUnit.DAY)) is None
    found = processes.mismatch(process((21, "working_day"), limit=27, limit_unit=TimeUnit.DAY))
    assert found is not None
    assert "dài hơn thời hạn 27 ngày" in found.sentence


@pytest.mark.django_db
def test_with_several_limits_the_longest_counts():
    made = process((18, "working_day"), limit=18)
    SubmissionMethodFactory(procedure=made.procedure, time_limit=25)

    found = processes.mismatch(InternalProcess.objects.for_page().get(pk=made.pk))

    assert found is not None
    assert "thời hạn của thủ tục là 25 ngày làm việc" in found.sentence


@pytest.mark.django_db
def test_the_process_of_a_case_may_meet_any_of_the_limits():
    made = process((18, "working_day"), limit=18, case="Máy dùng trong y tế")
    SubmissionMethodFactory(procedure=made.procedure, time_limit=25)

    assert processes.mismatch(InternalProcess.objects.for_page().get(pk=made.pk)) is None


@pytest.mark.django_db
def test_without_a_number_there_is_nothing_to_compare():
    made = process((3, "working_day"))
    made.procedure.methods.update(time_limit=None, time_unit="", time_text="Trong ngày")

    assert processes.mismatch(InternalProcess.objects.for_page().get(pk=made.pk)) is None


@pytest.mark.django_db
def test_a_process_without_steps_is_not_right():
    assert processes.mismatch(process()) is not None


@given(st.integers(min_value=0, max_value=400), st.integers(min_value=0, max_value=6))
def test_no_run_of_days_holds_more_working_days(days, first_weekday):
    weekdays = [(first_weekday + day) % 7 for day in range(days)]

    assert sum(weekday < 5 for weekday in weekdays) <= processes.most_working_days(days)


@pytest.mark.parametrize("days", range(30))
def test_some_run_of_days_holds_that_many(days):
    # From a Monday on.
    assert sum(day % 7 < 5 for day in range(days)) == processes.most_working_days(days)


@pytest.mark.django_db
def test_checking_many_takes_a_constant_number_of_queries(django_assert_num_queries):
    wrong = [process((1, "working_day")) for _ in range(5)]
    process((18, "working_day"))

    with django_assert_num_queries(3):
        found = processes.mismatched(InternalProcess.objects.all())

    assert set(found) == {one.pk for one in wrong}


@pytest.mark.django_db
@pytest.mark.parametrize("values", [{"time": 0}, {"role": "", "unit": None}])
def test_a_step_takes_time_and_has_somebody(values):
    with pytest.raises(IntegrityError), transaction.atomic():
        ProcessStepFactory(**values)


@pytest.mark.django_db
def test_who_is_the_role_and_the_unit():
    step = ProcessStepFactory(role="Chuyên viên thụ lý", unit=UnitFactory(name="Phòng Quản lý chuyên ngành"))

    assert step.who == "Chuyên viên thụ lý, Phòng Quản lý chuyên ngành"


@pytest.mark.django_db
def test_the_demonstration_s_processes_add_up():
    load_organisation()
    codes = {values["procedure"] for values in processes_and_prices.read("processes.json")}
    for record in demonstration.records():
        if record.code in codes:
            importing.apply(record, at=PUBLISHED_AT)

    processes_and_prices.load()

    assert InternalProcess.objects.count() == len(processes_and_prices.read("processes.json"))
    assert processes.mismatched(InternalProcess.objects.all()) == []


@pytest.mark.django_db
def test_loading_the_demonstration_again_adds_nothing():
    load_organisation()
    ProcedureFactory(published=True, code="1.014390")
    processes_and_prices.load()

    processes_and_prices.load()

    assert InternalProcess.objects.count() == 1
