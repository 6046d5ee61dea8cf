"""Figures counted by hand, and the same ones compiled."""

from datetime import UTC, date, datetime
from unittest import mock

import pytest
from django.db import connection
from django.db.models import Value
from django.db.models.functions import Concat
from django.test.utils import CaptureQueriesContext

from feedback.models import RatingScale, SurveyResponse
from portal import roles
from portal.steps import Conflict, NotAllowed
from reports.compiling import compile_period, moved, moved_since
from reports.figures import Figures
from reports.models import Indicator, ReturnValue
from reports.overriding import override
from tests.factories import (
    ArticleFactory,
    FieldFactory,
    ReportingPeriodFactory,
    SectionFactory,
    SubmissionFactory,
    SurveyFactory,
    UnitFactory,
    UnitReturnFactory,
    UserFactory,
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


def test_what_is_not_approved_does_not_count_and_is_named():
    period = ReportingPeriodFactory()
    hand_in(period, UnitFactory(name="Phòng Một"), {("truyen-thong.tin_bai", None): 4})
    hand_in(period, UnitFactory(name="Phòng Hai"), {("truyen-thong.tin_bai", None): 9}, status="submitted")
    hand_in(period, UnitFactory(name="Phòng Ba"), {}, status="expected")

    figures = figures_of(period)

    assert figures.value("truyen-thong.tin_bai") == 4
    assert figures.missing_units == ["Phòng Ba (chưa nộp)", "Phòng Hai (đã nộp, chưa duyệt)"]


def test_missing_stays_missing_and_keeps_its_reason():
    period, unit = ReportingPeriodFactory(), UnitFactory()
    hand_in(period, unit, {("truyen-thong.tin_bai", None): "Không thực hiện"})

    shown = figures_of(period).figure("truyen-thong.tin_bai")

    assert shown.value is None
    assert shown.parts == [
        {"unit": unit.name, "unit_id": unit.pk, "value": None, "blank_reason": "Không thực hiện"},
    ]
    assert figures_of(period).table("06a").rows == []
    assert figures_of(period).value("06a.3") is None


def test_a_year_adds_up_its_quarters_each_column_in_its_way():
    field, unit = FieldFactory(name="Đo lường"), UnitFactory(name="Chi cục")
    for number, (new, before, left) in enumerate([(5, 2, 1), (7, 1, 3), (4, 3, 2)], start=1):
        quarter = ReportingPeriodFactory(number=number)
        hand_in(quarter, unit, {("06a.4", field): new, ("06a.6", field): before, ("06a.12", field): left})
    late = ReportingPeriodFactory(number=4)
    hand_in(late, unit, {("06a.4", field): 1, ("06a.12", field): 6}, status="submitted")
    year = ReportingPeriodFactory(rhythm="year", number=1)

    figures = figures_of(year)

    assert figures.value("06a.4/Đo lường") == 16
    assert figures.value("06a.6/Đo lường") == 2
    assert figures.value("06a.3") == 18
    assert figures.value("06a.12") is None
    assert figures.missing_units == ["Chi cục, quý IV năm 2024 (đã nộp, chưa duyệt)"]


def test_a_year_names_the_quarters_that_are_not_open():
    ReportingPeriodFactory(number=1)
    figures = figures_of(ReportingPeriodFactory(rhythm="year", number=1))

    assert figures.missing_units == [
        f"mọi đơn vị, quý {number} năm 2024 (chưa mở kỳ)" for number in ("II", "III", "IV")
    ]


def test_a_year_takes_what_the_office_put_in_place_in_a_quarter():
    unit, quarter, year = UnitFactory(), ReportingPeriodFactory(number=1), None
    hand_in(quarter, unit, {("truyen-thong.tin_bai", None): 4})
    compile_period(quarter, by=None, at=AT)
    override(quarter, "truyen-thong.tin_bai", 6, reason="Thiếu hai bài", by=UserFactory(role=roles.OFFICE), at=AT)
    year = ReportingPeriodFactory(rhythm="year", number=1)

    assert figures_of(year).value("truyen-thong.tin_bai") == 6


def test_nothing_frozen_changes_when_the_rows_do():
    period = ReportingPeriodFactory()
    article = ArticleFactory(published=True, publish_at=datetime(2024, 9, 1, tzinfo=UTC), title="Tên cũ")
    first = compile_period(period, by=None, at=AT)
    type(article).objects.filter(pk=article.pk).update(title="Tên mới", status="withdrawn")

    second = compile_period(period, by=None, at=AT)

    assert (first.number, second.number) == (1, 2)
    assert first.figures.get(indicator=column("tin-bai.so")).rows[0]["label"] == "Tên cũ"
    assert Figures.of(first).value("tin-bai.so") == 1
    assert Figures.of(second).value("tin-bai.so") == 0
    by_key = {one.key: one for one in moved(first, second)}
    assert (by_key["tin-bai.so"].before, by_key["tin-bai.so"].after) == (1, 0)
    assert by_key["tin-bai.so"].left == ["Tên cũ"]
    assert moved_since(second, AT) == []
    assert {one.key for one in moved_since(first, AT)} == set(by_key)


def test_the_layout_of_a_form_stays_as_it_was_compiled():
    period = ReportingPeriodFactory()
    compilation = compile_period(period, by=None, at=AT)
    Indicator.objects.filter(form__key="06a").update(name="Tên khác", code=Concat("code", Value("x")))

    table = Figures.of(compilation).table("06a")

    assert (table.code, table.landscape, table.columns[0].name) == ("II.06a", True, "Tổng số")
    assert table.groups == [("Số hồ sơ tiếp nhận", 4), ("Số hồ sơ đã giải quyết", 4), ("Số hồ sơ đang giải quyết", 3)]


def test_figures_are_compared_with_the_period_before_and_the_year_before():
    for year, quarter, count in [(2023, 3, 0), (2024, 2, 2), (2024, 3, 3)]:
        period = ReportingPeriodFactory(year=year, number=quarter)
        for _ in range(count):
            moment = datetime(year, quarter * 3, 1, tzinfo=UTC)
            ArticleFactory(published=True, publish_at=moment)
        compilation = compile_period(period, by=None, at=datetime(year, quarter * 3, 20, tzinfo=UTC))

    comparison = Figures.of(compilation).compare("tin-bai.so")

    assert (comparison.now, comparison.previous, comparison.year_before) == (3, 2, 0)
    assert (comparison.difference, comparison.percent) == (1, 50.0)
    assert (comparison.year_difference, comparison.year_percent) == (3, None)
    assert (comparison.previous_name, comparison.year_before_name) == ("quý II năm 2024", "quý III năm 2023")


def test_of_an_unknown_past_nothing_is_said():
    comparison = figures_of(ReportingPeriodFactory()).compare("tin-bai.so")

    assert (comparison.now, comparison.previous, comparison.difference, comparison.percent) == (0, None, None, None)


def test_of_two_who_compile_at_once_the_second_is_told():
    period = ReportingPeriodFactory()
    compile_period(period, by=None, at=AT)

    with (
        mock.patch("reports.compiling._last_number", return_value=0),
        pytest.raises(Conflict, match="Người khác vừa tổng hợp"),
    ):
        compile_period(period, by=None, at=AT)

    assert period.compilations.count() == 1


def test_units_may_not_compile():
    with pytest.raises(NotAllowed):
        compile_period(ReportingPeriodFactory(), by=UserFactory(role=roles.UNIT), at=AT)


def test_more_rows_ask_no_more_queries(django_assert_max_num_queries):
    period = ReportingPeriodFactory()
    units, section = UnitFactory.create_batch(3), SectionFactory()
    fields = FieldFactory.create_batch(4)
    for unit in units:
        hand_in(period, unit, {("06a.4", field): 1 for field in fields})
        SubmissionFactory.create_batch(3, unit=unit, received_at=AT.replace(day=3), register_year=2024)
        ArticleFactory(published=True, publish_at=AT.replace(day=3), section=section)
    with CaptureQueriesContext(connection) as few:
        compile_period(period, by=None, at=AT)
    for unit in units:
        SubmissionFactory.create_batch(3, unit=unit, received_at=AT.replace(day=3), register_year=2024)
        ArticleFactory(published=True, publish_at=AT.replace(day=3), section=section)

    with CaptureQueriesContext(connection) as many:
        compilation = compile_period(period, by=None, at=AT)

    assert len(many) == len(few)
    with django_assert_max_num_queries(8):
        figures = Figures.of(compilation)
        figures.tables()
        figures.compare("06a.3")


def test_surveys_and_contents_are_counted():
    period = ReportingPeriodFactory()
    survey = SurveyFactory(first_on=date(2024, 6, 1), last_on=date(2024, 6, 15), title="Phiếu một")
    SurveyFactory(first_on=date(2024, 9, 15), last_on=date(2024, 9, 30))
    for day in (date(2024, 6, 14), date(2024, 6, 15), date(2024, 9, 14)):
        SurveyResponse.objects.create(survey=survey, on=day)
    SubmissionFactory(received_at=AT.replace(day=3), register_year=2024, content_type="unfit")

    figures = figures_of(period)

    assert (figures.value("lay-y-kien.phieu"), figures.value("lay-y-kien.tra_loi")) == (1, 2)
    assert figures.value("lay-y-kien-phieu.so/Phiếu một") == 2
    assert figures.value("phan-anh-loai.tiep_nhan/Quy định không phù hợp với thực tế") == 1
    assert figures.value("phan-anh-loai.tiep_nhan") == 1


def test_levels_chosen_on_scales_are_counted():
    period, survey = ReportingPeriodFactory(), SurveyFactory(title="Phiếu một")
    scale = RatingScale.objects.create(name="Thang hai mức")
    for value, label in ((1, "Không hài lòng"), (2, "Hài lòng")):
        scale.levels.create(value=value, label=label)
    question = survey.questions.create(text="Thời gian", scale=scale)
    for value in (2, 2):
        response = SurveyResponse.objects.create(survey=survey, on=date(2024, 9, 1))
        response.replies.create(question=question, value=value)

    figures = figures_of(period)

    assert figures.value("lay-y-kien-muc.so/Hài lòng") == 2
    assert figures.value("lay-y-kien-muc.so/Không hài lòng") == 0
