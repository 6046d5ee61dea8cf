"""Saved is not submitted, submitted is not approved; every box that changed is on record."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from post_office.models import Email

from portal import roles
from portal.steps import Conflict, NotAllowed, Refused
from reports import arithmetic, locks, opening, periods, return_grid, returns
from reports.models import Indicator, ReportForm, UnitReturn
from reports.return_grid import Box
from tests.factories import FieldFactory, UnitFactory, UserFactory

AT = datetime(2024, 9, 12, 2, tzinfo=UTC)
CLOSED = datetime(2024, 9, 20, 2, tzinfo=UTC)
DOSSIERS = {"4": 30, "5": 10, "6": 2, "8": 25, "9": 12, "10": 1, "12": 4, "13": 0}


@pytest.fixture
def unit(db):
    found = UnitFactory()
    FieldFactory(unit=found, name="Sở hữu trí tuệ")
    ReportForm.objects.get(key="06a").units.set([found])
    ReportForm.objects.filter(key="truyen-thong").update(last_on=date(2024, 1, 1))
    return found


@pytest.fixture
def unit_return(unit):
    return opening.open_period(periods.parse("2024-Q3"), by=None, at=AT).returns.get(unit=unit)


@pytest.fixture
def person(unit):
    return UserFactory(role=roles.UNIT, unit=unit, email="donvi@example.org")


@pytest.fixture
def office(db):
    return UserFactory(role=roles.OFFICE, unit=UnitFactory())


def boxes(unit_return, **changed):
    given = {**DOSSIERS, **{code[1:]: value for code, value in changed.items()}}
    row = return_grid.grid(unit_return)[0].rows[0]
    return {
        (one.indicator.pk, row.field.pk): value if isinstance(value := given[code], Box) else Box(value)
        for code, one in row.boxes.items()
        if not one.is_total
    }


def handed_in(unit_return, person):
    returns.save(unit_return, boxes(unit_return), by=person, at=AT)
    returns.submit(unit_return, by=person, at=AT)


@given(st.dictionaries(st.sampled_from("abc"), st.none() | st.integers(0, 10**6)))
def test_a_sum_is_of_what_is_known_and_missing_only_where_nothing_is(values):
    known = [value for value in values.values() if value is not None]
    assert arithmetic.evaluate("a+b+c", values) == (sum(known) if known else None)


def test_sums_of_sums_are_made_and_a_circle_has_no_value():
    columns = [
        Indicator(code="a"),
        Indicator(code="b", formula="a+a"),
        Indicator(code="c", formula="b-a"),
        Indicator(code="d", formula="d+a"),
    ]
    found = arithmetic.with_formulas({one.code: one.formula for one in columns if one.formula}, {"a": 3})
    assert (found["b"], found["c"]) == (6, 3)


def test_saving_keeps_gaps_and_says_what_changed_from_what_to_what(unit_return, person):
    returns.save(unit_return, boxes(unit_return, c4=None), by=person, at=AT)
    event = returns.save(unit_return, boxes(unit_return, c4=31), by=person, at=AT)

    changed = event.data["boxes"]
    assert [(one["code"], one["old"], one["new"]) for one in changed] == [("4", None, 31)]
    assert unit_return.status == "saved"
    assert returns.save(unit_return, boxes(unit_return, c4=31), by=person, at=AT) is None


def test_an_empty_box_needs_a_reason_before_it_is_handed_in(unit_return, person):
    returns.save(unit_return, boxes(unit_return, c13=None), by=person, at=AT)
    with pytest.raises(Refused, match="ghi lý do để trống"):
        returns.submit(unit_return, by=person, at=AT)
    returns.save(unit_return, boxes(unit_return, c13=Box(None, "Hệ thống chưa tách được.")), by=person, at=AT)
    assert returns.submit(unit_return, by=person, at=AT).status == "submitted"


def test_what_does_not_add_up_is_refused_with_the_sentence_of_the_check(unit_return, person):
    returns.save(unit_return, boxes(unit_return, c8=26), by=person, at=AT)
    with pytest.raises(Refused, match=r"\(3\) phải bằng đã giải quyết \(7\) cộng đang giải quyết \(11\)"):
        returns.submit(unit_return, by=person, at=AT)


def test_what_was_handed_in_is_copied_with_its_columns_and_then_closed(unit_return, person):
    handed_in(unit_return, person)
    copy = unit_return.snapshot["forms"][0]
    assert copy["rows"][0]["values"]["3"] == 42
    assert len(copy["columns"]) == 11
    with pytest.raises(Conflict):
        returns.save(unit_return, boxes(unit_return, c4=1), by=person, at=AT)


def test_after_closing_only_a_unit_that_was_opened_again_may_type(unit_return, person, office):
    with pytest.raises(Refused, match="đã khóa nhập"):
        returns.save(unit_return, boxes(unit_return), by=person, at=CLOSED)

    returns.reopen(unit_return, until=date(2024, 9, 22), reason="Nộp muộn.", by=office, at=CLOSED)

    returns.save(unit_return, boxes(unit_return), by=person, at=CLOSED)
    lock = locks.lock_of(unit_return, person, date(2024, 9, 23))
    assert lock is not None
    assert "khóa nhập" in lock.why
    assert "15/9/2024" in lock.since
    assert "Văn phòng Sở" in lock.who


def test_what_is_given_back_after_closing_says_until_when(unit_return, person, office):
    handed_in(unit_return, person)
    with pytest.raises(Refused, match="chọn ngày"):
        returns.return_(unit_return, by=office, at=CLOSED, remark="Sửa cột 4.")
    returns.return_(unit_return, by=office, at=CLOSED, remark="Sửa cột 4.", until=date(2024, 9, 21))
    returns.save(unit_return, boxes(unit_return, c4=28, c8=23), by=person, at=CLOSED)
    returns.submit(unit_return, by=person, at=CLOSED)
    assert unit_return.status == "submitted"


def test_the_office_types_for_a_unit_only_with_a_reason_that_ends_with_the_units_own_word(unit_return, person, office):
    with pytest.raises(Refused, match="lý do"):
        returns.save(unit_return, boxes(unit_return), by=office, at=AT)
    returns.save(unit_return, boxes(unit_return), by=office, at=AT, reason="Gửi bằng giấy.")
    assert unit_return.entered_for_reason == "Gửi bằng giấy."
    returns.save(unit_return, boxes(unit_return, c4=29, c8=24), by=person, at=AT)
    assert unit_return.entered_for_reason == ""


def test_the_office_hands_in_for_a_unit_only_with_the_reason(unit_return, person, office):
    returns.save(unit_return, boxes(unit_return), by=person, at=AT)
    with pytest.raises(Refused, match="lý do"):
        returns.submit(unit_return, by=office, at=AT)


def test_a_field_that_had_figures_says_why_it_has_none(unit_return, unit, person):
    handed_in(unit_return, person)
    FieldFactory(unit=unit, name="Sở hữu công nghiệp")
    later = opening.open_period(periods.parse("2024-Q4"), by=None, at=AT).returns.get(unit=unit)
    rows = return_grid.grid(later)[0].rows
    new = next(row for row in rows if row.label == "Sở hữu công nghiệp")
    typed = {
        (one.indicator.pk, new.field.pk): Box(DOSSIERS[code]) for code, one in new.boxes.items() if not one.is_total
    }
    returns.save(later, typed, by=person, at=AT)
    with pytest.raises(Refused, match="Sở hữu trí tuệ"):
        returns.submit(later, by=person, at=AT)


def test_another_version_than_was_seen_is_neither_saved_over_nor_approved(unit_return, person, office):
    seen = unit_return.version
    handed_in(unit_return, person)
    with pytest.raises(Conflict):
        returns.approve(unit_return, by=office, at=AT, version=seen)
    returns.approve(unit_return, by=office, at=AT, version=unit_return.version)


def test_nobody_touches_another_units_figures(unit_return):
    stranger = UserFactory(role=roles.UNIT, unit=UnitFactory())
    with pytest.raises(NotAllowed):
        returns.save(unit_return, boxes(unit_return), by=stranger, at=AT)


def test_units_that_are_not_due_yet_are_not_counted_as_in_time(unit_return, person):
    period = unit_return.period
    assert returns.completeness(period, date(2024, 9, 10)).on_time_share is None
    handed_in(unit_return, person)
    UnitReturn.objects.create(period=period, unit=UnitFactory())
    assert returns.completeness(period, date(2024, 9, 10)).on_time_share == 100
    assert returns.completeness(period, date(2024, 9, 20)).on_time_share == 50


# The page.


def posted(unit_return, **changed):
    found = {}
    for (indicator, field), box in boxes(unit_return, **changed).items():
        found[f"v-{indicator}-{field}"] = "" if box.value is None else str(box.value)
        found[f"r-{indicator}-{field}"] = box.blank_reason
    return {**found, "version": unit_return.version}


@pytest.fixture
def in_time(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)


def test_numbers_are_read_as_people_write_them_and_handed_in(unit_return, person, client, in_time):
    client.force_login(person)
    data = posted(unit_return)
    name = next(key for key, value in data.items() if value == "30")
    other = next(key for key, value in data.items() if value == "25")

    response = client.post(unit_return.get_absolute_url(), {**data, name: "1.030", other: "1 025", "verb": "nop"})

    assert response.status_code == 302
    unit_return.refresh_from_db()
    assert unit_return.status == "submitted"
    assert unit_return.snapshot["forms"][0]["rows"][0]["values"]["3"] == 1042


def test_a_word_in_a_box_is_told_beside_it_and_nothing_typed_is_lost(unit_return, person, client, in_time):
    client.force_login(person)
    data = posted(unit_return)
    name = next(key for key, value in data.items() if value == "30")

    content = client.post(unit_return.get_absolute_url(), {**data, name: "ba mươi"}).content.decode()

    assert 'value="ba mươi"' in content
    assert f'id="{name}-error"' in content
    assert 'value="25"' in content
    assert not unit_return.values.exists()


def test_two_who_type_at_once_see_both(unit_return, person, client, in_time):
    client.force_login(person)
    data = posted(unit_return)
    returns.save(unit_return, boxes(unit_return, c4=77), by=person, at=AT)

    response = client.post(unit_return.get_absolute_url(), data)

    assert response.status_code == 409
    assert "Bản vừa lưu: 77" in response.content.decode()
    assert 'value="30"' in response.content.decode()


def test_giving_back_mails_the_people_of_the_unit_with_what_to_mend(unit_return, person, office, client, in_time):
    handed_in(unit_return, person)
    client.force_login(office)
    address = reverse("reports-staff:return-step", args=["2024-Q3", unit_return.unit_id, "tra-lai"])

    client.post(address, {"tra-lai-remark": "Cột 4 nhầm tháng.", "version": unit_return.version})

    mail = Email.objects.get()
    assert mail.to == ["donvi@example.org"]
    assert "Cột 4 nhầm tháng." in mail.message
    unit_return.refresh_from_db()
    assert unit_return.status == "returned"
