from datetime import UTC, date, datetime

import pytest

from portal import roles
from procedures.models import Field
from reports import compiling, narrating, opening, periods
from reports.models import Report, ReportForm, ReturnValue, UnitReturn
from tests.factories import DifficultyFactory, FieldFactory, OrganisationFactory, UnitFactory, UserFactory

AT = datetime(2024, 9, 15, 2, tzinfo=UTC)
DOSSIERS = {"4": 1230, "5": 10, "6": 2, "8": 1225, "9": 12, "10": 1, "12": 4, "13": 0}


@pytest.fixture
def report(db):
    """The quarterly report of a unit with two fields, a difficulty that looks like a formula, and no other figure."""
    OrganisationFactory(parent="UBND tỉnh Bà Rịa - Vũng Tàu", place_in_documents="Bà Rịa - Vũng Tàu")
    unit = UnitFactory(name="Phòng chuyên môn")
    FieldFactory(unit=unit, name="Sở hữu trí tuệ")
    FieldFactory(unit=unit, name="=An toàn bức xạ & hạt nhân <A>")
    ReportForm.objects.get(key="06a").units.set([unit])
    period = opening.open_period(periods.parse("2024-Q3"), by=None, at=AT)
    found = UnitReturn.objects.get(period=period, unit=unit)
    for field in Field.objects.all():
        for column in ReportForm.objects.get(key="06a").indicators.filter(supplier="units"):
            ReturnValue.objects.create(unit_return=found, indicator=column, field=field, value=DOSSIERS[column.code])
    UnitReturn.objects.filter(pk=found.pk).update(status="approved")
    DifficultyFactory(unit=unit, title="=1+1 hồ sơ chưa đồng bộ & <thiếu>", raised_on=date(2024, 8, 20))
    one = period.reports.get()
    office = UserFactory(role=roles.OFFICE)
    narrating.take_compilation(one, compiling.compile_period(period, by=office, at=AT), by=office, at=AT)
    return Report.objects.select_related("period", "report_type", "compilation__period").get(pk=one.pk)
