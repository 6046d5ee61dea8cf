"""Figures counted by hand, and the same ones compiled."""

from datetime import UTC, date, datetime

import pytest

from reports.compiling import compile_period
from reports.figures import Figures
from reports.models import Indicator, ReturnValue
from tests.factories import (
    ArticleFactory,
    FieldFactory,
    ReportingPeriodFactory,
    UnitFactory,
    UnitReturnFactory,
)

pytestmark = pytest.mark.django_db

AT = datetime(2024, 9, 15, 2, tzinfo=UTC)


def column(key):
    form, code = key.split(".", 1)
    return Indicator.objects.get(form__key=form, code=code)


def hand_in(period, unit, boxes, *, status="approved"):
    """Put down what a unit hands in: values by key and field, "06a.4" and None for one row."""
    unit_return = UnitReturnFactory(period=period, unit=unit, status=status)
    for (key, field), value in boxes.items():
        reason = value if isinstance(value, str) else ""
        ReturnValue.objects.create(
            unit_return=unit_return,
            indicator=column(key),
            field=field,
            value=None if reason else value,
            blank_reason=reason,
        )
    return unit_return


def figures_of(period):
    return Figures.of(compile_period(period, by=None, at=AT))


def test_it_adds_up_what_the_units_handed_in_field_by_field():
    period, safety, metrology = ReportingPeriodFactory(), FieldFactory(name="An toàn bức xạ"), FieldFactory(name="Đo")
    hand_in(period, UnitFactory(), {("06a.4", safety): 5, ("06a.5", safety): 2, ("06a.4", metrology): 1})
    hand_in(period, UnitFactory(), {("06a.4", safety): 3})

    figures = figures_of(period)

    assert figures.value("06a.4/An toàn bức xạ") == 8
    assert figures.value("06a.3/An toàn bức xạ") == 10
    assert figures.value("06a.4") == 9
    assert figures.value("06a.3") == 11
    assert [row.label for row in figures.table("06a").rows] == ["An toàn bức xạ", "Đo"]


def test_it_counts_what_the_portal_did_in_the_period_and_keeps_the_rows():
    period = ReportingPeriodFactory()
    inside = ArticleFactory(published=True, publish_at=datetime(2024, 9, 14, 16, 59, tzinfo=UTC))
    ArticleFactory(published=True, publish_at=datetime(2024, 9, 14, 17, 1, tzinfo=UTC))

    compilation = compile_period(period, by=None, at=datetime(2024, 9, 20, tzinfo=UTC))

    figure = compilation.figures.get(indicator=column("tin-bai.so"))
    assert figure.value == 1
    assert figure.rows == [{"model": "news.article", "pk": inside.pk, "label": inside.title}]
