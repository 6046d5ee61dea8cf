"""Returns of four units since 2023, approved and compiled as at their dates, and the quarter that is open now.

The third quarter of 2024 is not opened, and the year 2024 is opened but not compiled: both are left for whoever
tries the data call from its beginning to its end.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal import demonstration
from portal.models import Unit, User
from procedures.models import Field
from reports import compiling, opening, periods, return_grid
from reports.demonstration import volumes
from reports.models import (
    Indicator,
    ReportForm,
    ReportingPeriod,
    ReportsSettings,
    ReturnEvent,
    ReturnValue,
    Rhythm,
    UnitReturn,
)
from reports.periods import Name

Status, Verb = UnitReturn.Status, ReturnEvent.Verb

FIRST_YEAR = 2023
LEFT_TO_TRY = Name(Rhythm.QUARTER, 2024, 3)
NOT_COMPILED = Name(Rhythm.YEAR, 2024, 1)
NOTE = "Số liệu minh họa."

# Văn phòng Sở asks and hands in nothing itself.
DOSSIER_UNITS = (demonstration.SPECIALISED_DIVISION, demonstration.STANDARDS_BRANCH)
UNITS = tuple(volumes.TOLD)

# What did not go smoothly: who handed in a day late, whose figures came back and why, which box stayed empty.
LATE = {
    (Name(Rhythm.QUARTER, 2023, 2), demonstration.STANDARDS_CENTRE),
    (Name(Rhythm.QUARTER, 2025, 2), demonstration.INFORMATION_CENTRE),
}
RETURNED = {
    (
        Name(Rhythm.QUARTER, 2025, 4),
        demonstration.SPECIALISED_DIVISION,
    ): "Số hồ sơ trực tuyến thấp hơn số đã báo cáo tháng. Đối chiếu lại với hệ thống một cửa.",
}
BLANK = {
    (
        Name(Rhythm.QUARTER, 2023, 2),
        demonstration.STANDARDS_CENTRE,
        "luot_nguoi",
    ): "Chưa tổng hợp xong danh sách người dự.",
}
# Of the open quarter: who has handed in and who has begun; the others have not.
NOW_SUBMITTED, NOW_SAVED = demonstration.SPECIALISED_DIVISION, demonstration.STANDARDS_BRANCH


@transaction.atomic
def load(*, at: datetime) -> None:
    """Fill in every period that is over and open the one that goes on, unless there is a period already."""
    if ReportingPeriod.objects.exists():
        return
    _set_units()
    on = timezone.localdate(at)
    quarters = list(_quarters(on))
    over = [name for name in quarters if _is_over(name, on)]
    values = _Values(quarters)
    opened = {name: _open(name) for name in over if name != LEFT_TO_TRY}
    for name, period in opened.items():
        values.add(name, period)
    values.write()
    for name in _in_order_of_time([*opened, *_years(on)]):
        period = opened.get(name) or _open(name)
        if name != NOT_COMPILED:
            compiling.compile_period(period, by=_user("vanphong"), at=_moment(period.last_on, 1, 10))
    current = [name for name in quarters if name not in over]
    if current and on >= _opens_on(current[0]):
        values = _Values(quarters)
        values.add_current(current[0], _open(current[0]), at)
        values.write()


def _set_units() -> None:
    units = {unit.name: unit for unit in Unit.objects.filter(name__in=UNITS)}
    for key, names in {"06a": DOSSIER_UNITS, "truyen-thong": UNITS}.items():
        for form in ReportForm.objects.filter(key=key):
            form.units.set([units[name] for name in names if name in units])


def _quarters(on: date) -> Iterator[Name]:
    """Yield the quarters from 2023 on, up to the one in which the day lies."""
    name = Name(Rhythm.QUARTER, FIRST_YEAR, 1)
    while periods.days(name).first_day <= on:
        yield name
        last = name.number == 4
        name = Name(Rhythm.QUARTER, name.year + last, 1 if last else name.number + 1)


def _years(on: date) -> list[Name]:
    names = [Name(Rhythm.YEAR, year, 1) for year in range(FIRST_YEAR, on.year + 1)]
    return [name for name in names if _is_over(name, on)]


def _is_over(name: Name, on: date) -> bool:
    """Tell whether the period's report has gone out: the day after its last one is over too."""
    return periods.days(name).last_day + timedelta(days=1) < on


def _in_order_of_time(names: Iterable[Name]) -> list[Name]:
    # A year after the quarter that ends with it, which it adds up.
    return sorted(names, key=lambda name: (periods.days(name).last_day, name.rhythm == Rhythm.YEAR))


def _opens_on(name: Name) -> date:
    return periods.days(name).last_day - timedelta(days=ReportsSettings.current().open_before)


def _open(name: Name) -> ReportingPeriod:
    period = opening.open_period(name, by=None, at=_moment(_opens_on(name), 0, 7))
    period.note = NOTE
    period.save(update_fields=["note"])
    return period


def _moment(day: date, days: int, hour: int, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=days), time(hour, minute)))


def _user(username: str) -> User | None:
    """Return the demonstration account; there is none on a portal that is not for trying."""
    return User.objects.filter(username=username).first()


class _Values:
    """Gathers values and events of many returns, to be written at once."""

    def __init__(self, quarters: list[Name]) -> None:
        self._columns = {
            (one.form.key, one.code): one for one in Indicator.objects.filter(supplier="units").select_related("form")
        }
        fields = Field.objects.filter(unit__name__in=DOSSIER_UNITS).select_related("unit")
        self._dossiers: list[tuple[Field, dict[Name, dict[str, int]]]] = [
            (field, dict(volumes.dossiers(field.name, quarters))) for field in fields
        ]
        self._told = {unit: dict(volumes.told(unit, quarters)) for unit in UNITS}
        self._office = _user("vanphong")
        accounts = {account.unit: account.username for account in demonstration.ACCOUNTS}
        self._people = {unit: _user(accounts[unit]) if unit in accounts else None for unit in UNITS}
        self._values: list[ReturnValue] = []
        self._events: list[ReturnEvent] = []

    def add(self, name: Name, period: ReportingPeriod) -> None:
        """Hand in, where told so return and correct, and approve."""
        for place, one in enumerate(period.returns.select_related("unit", "period")):
            unit = one.unit.name
            is_late = (name, unit) in LATE
            came = _moment(period.last_on, 1 if is_late else -(place + 1), 8 if is_late else 14, place * 7)
            data = self._fill(one, name)
            one.first_submitted_at = came
            begun = came - timedelta(days=2 if (name, unit) in RETURNED else 0, hours=1)
            self._event(one, Verb.SAVE, Status.SAVED, begun, by=self._people[unit], data=data)
            if reason := RETURNED.get((name, unit)):
                self._event(one, Verb.SUBMIT, Status.SUBMITTED, came - timedelta(days=2), by=self._people[unit])
                returned_at = came - timedelta(days=1)
                self._event(one, Verb.RETURN, Status.RETURNED, returned_at, by=self._office, remark=reason)
                one.first_submitted_at, one.returned_reason = came - timedelta(days=2), reason
            self._submit(one, came)
            one.status, one.approved_at, one.approved_by = Status.APPROVED, _moment(period.last_on, 1, 9), self._office
            self._event(one, Verb.APPROVE, Status.APPROVED, one.approved_at, by=self._office)

    def add_current(self, name: Name, period: ReportingPeriod, at: datetime) -> None:
        for one in period.returns.select_related("unit", "period"):
            if one.unit.name not in {NOW_SUBMITTED, NOW_SAVED}:
                continue
            data = self._fill(one, name)
            one.status = Status.SAVED
            person = self._people[one.unit.name]
            self._event(one, Verb.SAVE, Status.SAVED, at - timedelta(hours=3), by=person, data=data)
            if one.unit.name == NOW_SUBMITTED:
                one.status, one.first_submitted_at = Status.SUBMITTED, at - timedelta(hours=2)
                self._submit(one, one.first_submitted_at)

    def write(self) -> None:
        ReturnValue.objects.bulk_create(self._values, batch_size=500)
        ReturnEvent.objects.bulk_create(sorted(self._events, key=lambda event: event.at), batch_size=500)
        returns = list({event.unit_return for event in self._events})
        for one in returns:
            if one.submitted_at:
                one.snapshot = return_grid.snapshot(return_grid.grid(one))
        names = ["status", "version", "snapshot", "first_submitted_at", "submitted_at", "submitted_by"]
        names += ["approved_at", "approved_by", "returned_reason"]
        UnitReturn.objects.bulk_update(returns, names, batch_size=100)

    def _submit(self, one: UnitReturn, at: datetime) -> None:
        one.submitted_at, one.submitted_by = at, self._people[one.unit.name]
        self._event(one, Verb.SUBMIT, Status.SUBMITTED, at, by=one.submitted_by)

    def _fill(self, one: UnitReturn, name: Name) -> dict[str, Any]:
        """Add the boxes of the return; return what the log tells of them."""
        unit = one.unit.name
        changes = []
        for field, by_quarter in self._dossiers:
            if field.unit == one.unit:
                changes += [self._box(one, "06a", code, value, field) for code, value in by_quarter[name].items()]
        for code, value in self._told[unit][name].items():
            reason = BLANK.get((name, unit, code), "")
            changes.append(self._box(one, "truyen-thong", code, None if reason else value, blank_reason=reason))
        return {"boxes": changes}

    def _box(
        self, one: UnitReturn, form: str, code: str, value: int | None, field: Field | None = None, **said: str
    ) -> dict[str, Any]:
        column = self._columns[form, code]
        self._values.append(ReturnValue(unit_return=one, indicator=column, field=field, value=value, **said))
        return {
            "form": form,
            "code": code,
            "field": field.pk if field else None,
            "label": f"{field.name if field else return_grid.ONE_ROW}: {column.name}",
            "old": None,
            "new": value,
            "reason": said.get("blank_reason", ""),
        }

    def _event(
        self,
        one: UnitReturn,
        verb: ReturnEvent.Verb,
        status: UnitReturn.Status,
        at: datetime,
        *,
        by: User | None,
        remark: str = "",
        data: dict[str, Any] | None = None,
    ) -> None:
        one.version += 1
        self._events.append(
            ReturnEvent(unit_return=one, verb=verb, status=status, by=by, at=at, remark=remark, data=data or {})
        )
