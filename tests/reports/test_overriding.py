"""The office's own value beside the compiled one."""

from datetime import UTC, datetime

import pytest

from portal import roles
from portal.steps import Conflict, NotAllowed, Refused
from reports.compiling import compile_period
from reports.figures import Figures
from reports.overriding import end, override
from tests.factories import FieldFactory, ReportingPeriodFactory, UnitFactory, UserFactory
from tests.reports.test_compiling import AT, hand_in

pytestmark = pytest.mark.django_db

LATER = datetime(2024, 9, 16, 2, tzinfo=UTC)


@pytest.fixture
def office():
    return UserFactory(role=roles.OFFICE)


@pytest.fixture
def period():
    period, safety = ReportingPeriodFactory(), FieldFactory(name="An toàn bức xạ")
    hand_in(period, UnitFactory(), {("06a.4", safety): 5, ("06a.5", safety): 2, ("06a.8", safety): 7})
    compile_period(period, by=None, at=AT)
    return period


def figures(period):
    return Figures.of(period.compilations.latest("number"))


def test_an_override_shows_both_values_and_totals_follow(period, office):
    override(period, "06a.4/An toàn bức xạ", 9, reason="Đếm lại sổ", by=office, at=LATER)

    found = figures(period)
    shown = found.figure("06a.4/An toàn bức xạ")
    assert (shown.value, shown.compiled, shown.override.reason) == (9, 5, "Đếm lại sổ")
    assert found.value("06a.3/An toàn bức xạ") == 11
    assert (found.value("06a.4"), found.value("06a.3")) == (9, 11)
    assert found.figure("06a.3").compiled == 7
    assert found.value("06a.7") == 7


def test_it_outlives_compiling_anew_and_says_that_the_figure_moved(period, office):
    override(period, "06a.4/An toàn bức xạ", 9, reason="Đếm lại sổ", by=office, at=LATER)
    hand_in(period, UnitFactory(), {("06a.4", period.returns.get().values.first().field): 1})

    compile_period(period, by=office, at=LATER)

    shown = figures(period).figure("06a.4/An toàn bức xạ")
    assert (shown.value, shown.compiled, shown.moved_under_override) == (9, 6, True)


def test_ending_it_shows_the_compiled_value_and_keeps_the_row(period, office):
    held = override(period, "06a.4", 9, reason="Đếm lại sổ", by=office, at=LATER)

    end(held, by=office, at=LATER)

    assert figures(period).value("06a.4") == 5
    assert period.overrides.get().ended_by == office
    with pytest.raises(Conflict):
        end(held, by=office, at=LATER)


def test_one_who_has_not_seen_the_override_of_another_is_stopped(period, office):
    first = override(period, "06a.4", 9, reason="Đếm lại sổ", by=office, at=LATER)

    with pytest.raises(Conflict):
        override(period, "06a.4", 8, reason="Khác", by=office, at=LATER)
    override(period, "06a.4", 8, reason="Khác", by=office, at=LATER, instead_of=first)

    assert figures(period).value("06a.4") == 8
    assert period.overrides.count() == 2


@pytest.mark.parametrize(
    ("key", "value", "reason", "field"),
    [
        ("06a.4", 9, " ", "reason"),
        ("06a.4", -1, "Đếm lại", "value"),
        ("06a.4", 5, "Đếm lại", "value"),
        ("06a.99", 5, "Đếm lại", ""),
    ],
)
def test_it_is_refused_with_the_field_to_mend(period, office, key, value, reason, field):
    with pytest.raises(Refused) as refused:
        override(period, key, value, reason=reason, by=office, at=LATER)

    assert [problem.field for problem in refused.value.problems] == [field]
    assert not period.overrides.exists()


def test_units_may_not_override(period):
    with pytest.raises(NotAllowed):
        override(period, "06a.4", 9, reason="Đếm lại", by=UserFactory(role=roles.UNIT), at=LATER)
