from datetime import UTC, datetime

import pytest

from portal import demonstration
from portal.models import Unit
from reports import return_grid
from reports import returns as door
from reports.demonstration import difficulties, returns, sent
from reports.models import Compilation, Difficulty, Report, ReportingPeriod, ReturnEvent, ReturnValue, UnitReturn
from tests.factories import FieldFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 11, 25, 3, tzinfo=UTC)


@pytest.fixture
def _units():
    demonstration.load_organisation()
    FieldFactory(name="An toàn bức xạ và hạt nhân", unit=Unit.objects.get(name=demonstration.SPECIALISED_DIVISION))
    FieldFactory(name="Tiêu chuẩn đo lường chất lượng", unit=Unit.objects.get(name=demonstration.STANDARDS_BRANCH))


@pytest.mark.usefixtures("_units")
def test_every_period_that_is_over_is_handed_in_and_compiled_but_the_one_to_try():
    returns.load(at=NOW)

    codes = {period.code for period in ReportingPeriod.objects.all()}
    assert {"2023-Q1", "2023", "2024-Q2", "2024-Q4"} <= codes
    assert "2024-Q3" not in codes
    compiled = {compilation.period.code for compilation in Compilation.objects.all()}
    assert codes - compiled == {"2024-Q4"}
    over = UnitReturn.objects.exclude(period__year=2024, period__number=4)
    assert set(over.values_list("status", flat=True)) == {"approved"}
    assert over.filter(snapshot={}).count() == 0


@pytest.mark.usefixtures("_units")
def test_its_figures_pass_every_check_and_each_quarter_begins_where_the_last_ended():
    returns.load(at=NOW)

    for one in UnitReturn.objects.filter(period__year=2024, status="approved"):
        grids = return_grid.grid(one)
        assert door._failed(grids) + door._gaps(grids) == []
    for row in ReturnValue.objects.filter(indicator__code="6", unit_return__period__number=2):
        before = ReturnValue.objects.filter(
            field=row.field,
            indicator__code__in=["12", "13"],
            unit_return__period__year=row.unit_return.period.year,
            unit_return__period__number=1,
        )
        assert row.value == sum(one.value for one in before)


@pytest.mark.usefixtures("_units")
def test_of_the_open_quarter_some_have_handed_in_and_loading_again_adds_nothing():
    returns.load(at=NOW)
    now = UnitReturn.objects.filter(period__year=2024, period__number=4, period__rhythm="quarter")
    count = ReturnEvent.objects.count()

    returns.load(at=NOW)

    assert sorted(now.values_list("status", flat=True)) == ["expected", "expected", "saved", "submitted"]
    assert ReturnEvent.objects.count() == count
    assert not ReturnEvent.objects.filter(at__gt=NOW).exists()


@pytest.mark.usefixtures("_units")
def test_difficulties_say_that_they_are_made_up_and_none_comes_from_the_future():
    difficulties.load(at=NOW)

    assert Difficulty.objects.filter(status="answered").exists()
    assert Difficulty.objects.filter(status="raised").exists()
    assert all(difficulties.MADE_UP in row.content for row in Difficulty.objects.all())
    assert not Difficulty.objects.filter(raised_on__gt=NOW.date()).exists()


@pytest.mark.usefixtures("_units")
def test_the_latest_reports_are_sent_and_what_goes_on_stays_open(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(sent, "KEPT", 1)
    demonstration.load_accounts()
    returns.load(at=NOW)

    assert sent.load() == 1

    report = Report.objects.get(status="sent")
    assert report.period.code == "2024-Q2"
    assert {file.kind for file in report.files.all()} == {"docx", "pdf", "xlsx"}
    assert [one.period.code for one in Report.objects.filter(status="draft")] == ["2024-Q4"]
