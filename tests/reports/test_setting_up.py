"""Forms and kinds of reports are dated: an old period keeps its own, and no change rewrites what was reported."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from portal import roles
from portal.steps import Refused
from reports import narrating, opening, setting_up
from reports.models import Indicator, OutlinePart, ReportForm, ReportType, ReturnValue
from reports.periods import parse
from tests.factories import FieldFactory, UnitReturnFactory, UserFactory

pytestmark = pytest.mark.django_db
AT = datetime(2024, 9, 10, 2, tzinfo=UTC)


@pytest.fixture
def form():
    return ReportForm.objects.get(key="06a")


@pytest.fixture
def office(client):
    client.force_login(UserFactory(role=roles.OFFICE))
    return client


def fill_in(form):
    column = form.indicators.get(code="4")
    return ReturnValue.objects.create(unit_return=UnitReturnFactory(), indicator=column, field=FieldFactory(), value=3)


def posted(page):
    """Return what the form of an admin page would send."""
    data = {}
    forms = [page.context["adminform"].form, *(one.formset for one in page.context["inline_admin_formsets"])]
    for one in forms:
        bound = [one] if not hasattr(one, "forms") else [one.management_form, *one.forms]
        for part in bound:
            for field in part:
                if field.field.disabled:  # as browsers do
                    continue
                value = field.value()
                if value is True:
                    value = "on"
                if value is not None and value is not False:
                    data[field.html_name] = (
                        [row.pk if hasattr(row, "pk") else row for row in value] if isinstance(value, list) else value
                    )
    return {**data, "indicators-__prefix__-code": ""}


def test_a_new_version_leaves_the_old_periods_the_old_form(form):
    columns = form.indicators.count()

    copy = setting_up.new_version(form, date(2026, 8, 1))

    form.refresh_from_db()
    assert form.last_on == date(2026, 7, 31)
    assert (copy.key, copy.indicators.count(), copy.checks.count()) == ("06a", columns, 1)
    old, new = (opening.open_period(parse(code), by=None, at=AT) for code in ("2024-Q3", "2026-Q3"))
    assert form in opening.forms_of(old)
    assert copy not in opening.forms_of(old)
    assert copy in opening.forms_of(new)
    assert form not in opening.forms_of(new)


def test_a_kind_of_report_takes_its_outline_and_annexes_along():
    kind = ReportType.objects.get(key="cchc-quy")

    copy = setting_up.new_version(kind, date(2027, 1, 1))

    assert [part.key for part in copy.outline.all()] == [part.key for part in kind.outline.all()]
    assert set(copy.forms.all()) == set(kind.forms.all())


@pytest.mark.parametrize("day", [date(2022, 1, 1), date(2024, 9, 1)])
def test_a_version_begins_after_the_last_period_that_used_the_old_one(form, day):
    fill_in(form)  # of a period until 14 September 2024

    with pytest.raises(Refused):
        setting_up.new_version(form, day)


def test_formulas_name_columns_of_their_form_and_lead_in_no_circle():
    columns = [Indicator(code="a", formula="b+c"), Indicator(code="b", formula="a"), Indicator(code="d")]

    found = setting_up.formula_problems(columns, [("d", "x+a")])

    assert found == [
        "Công thức của cột a: không có cột “c”.",
        "Công thức của cột a dẫn về chính nó.",
        "Công thức của cột b dẫn về chính nó.",
        "Kiểm tra d với x+a: không có cột “x”.",
    ]


def test_the_shipped_forms_and_templates_are_in_order():
    for form in ReportForm.objects.all():
        checks = [(check.left, check.right) for check in form.checks.all()]
        assert setting_up.formula_problems(list(form.indicators.all()), checks) == []
    known = narrating.known_keys()
    for part in OutlinePart.objects.all():
        assert narrating.problems(part.template, known) == [], part


def test_the_office_changes_words_but_not_what_a_used_number_means(office, form):
    row = fill_in(form)
    address = reverse("admin:reports_reportform_change", args=[form.pk])
    data = posted(office.get(address))
    place = next(name[:-3] for name, value in data.items() if name.endswith("-id") and value == row.indicator_id)

    response = office.post(address, {**data, "title": "Tên mới", f"{place}-name": "Qua mạng", f"{place}-code": "99"})

    assert response.status_code == 302, [one.errors for one in response.context["inline_admin_formsets"]]
    form.refresh_from_db()
    row.indicator.refresh_from_db()
    assert form.title == "Tên mới"
    assert (row.indicator.name, row.indicator.code) == ("Qua mạng", "4")


def test_a_used_column_is_not_deleted(office, form):
    row = fill_in(form)
    address = reverse("admin:reports_reportform_change", args=[form.pk])
    data = posted(office.get(address))
    place = next(name[:-3] for name, value in data.items() if name.endswith("-id") and value == row.indicator_id)

    response = office.post(address, {**data, f"{place}-DELETE": "on"})

    assert response.status_code == 200
    assert Indicator.objects.filter(pk=row.indicator_id).exists()


def test_a_column_that_a_check_names_is_not_deleted(office, form):
    address = reverse("admin:reports_reportform_change", args=[form.pk])
    data = posted(office.get(address))
    place = next(name[:-5] for name, value in data.items() if name.endswith("-code") and value == "3")

    response = office.post(address, {**data, f"{place}-DELETE": "on"})

    assert "không có cột “3”" in response.content.decode()


def test_a_template_that_names_no_figure_is_refused_beside_it(office):
    kind = ReportType.objects.get(key="cchc-quy")
    address = reverse("admin:reports_reporttype_change", args=[kind.pk])
    data = posted(office.get(address))
    place = next(name for name, value in data.items() if name.endswith("-template") and "{thu-tuc" in str(value))

    response = office.post(address, {**data, place: "Có {khong-co.gi} hồ sơ."})

    assert response.status_code == 200
    assert "Không có số liệu “khong-co.gi”" in response.content.decode()


def test_the_page_of_a_new_version_says_what_is_wrong_beside_the_day(office, form):
    address = reverse("admin:reports_reportform_version", args=[form.pk])
    assert "Chọn ngày sau" in office.post(address, {"first_on": "2020-01-01"}).content.decode()

    assert office.post(address, {"first_on": "2027-01-01"}).status_code == 302

    assert ReportForm.objects.filter(key="06a").count() == 2


def test_units_only_look_at_nothing_here(client, form):
    client.force_login(UserFactory(role=roles.UNIT))
    assert client.get(reverse("admin:reports_reportform_changelist")).status_code == 403
    assert client.get(reverse("admin:reports_reportform_version", args=[form.pk])).status_code == 403
