"""The one door of what units hand in: which step leads from which state, and who may take it.

Saved is not submitted, submitted is not approved. Each step moves the row by compare-and-set and leaves a
ReturnEvent in the same transaction; a saving writes down every box that changed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from portal.models import User
from portal.steps import Conflict, NotAllowed, Problem, Refused
from reports import arithmetic, locks, return_grid
from reports.models import Indicator, ReportingPeriod, ReturnEvent, ReturnValue, UnitReturn
from reports.return_grid import Box, Boxes, FormGrid

Status = UnitReturn.Status
Verb = ReturnEvent.Verb
REASON_LENGTH = 2000
OPEN = {Status.EXPECTED, Status.SAVED, Status.RETURNED}
MOST = 10**12  # no department counts further


def fills(user: User | None, unit_return: UnitReturn) -> bool:
    """Tell whether the person hands in for the unit: its own people, or the office in its place."""
    if user is None:
        return False
    own = user.has_perm("reports.fill_unitreturn") and user.unit_id == unit_return.unit_id
    return own or steers(user, unit_return)


def steers(user: User | None, unit_return: UnitReturn) -> bool:
    return user is not None and user.has_perm("reports.approve_unitreturn")


def _anybody(user: User | None, unit_return: UnitReturn) -> bool:
    return True


@dataclass(frozen=True)
class Move:
    to: UnitReturn.Status | None  # nothing: stays as it is
    may: Callable[[User | None, UnitReturn], bool]
    who: str


_UNIT = "Người nhập số liệu của đơn vị hoặc Văn phòng Sở mới làm được việc này."
_OFFICE = "Văn phòng Sở mới làm được việc này."
_FILLING = {
    Verb.SAVE: Move(Status.SAVED, fills, _UNIT),
    Verb.IMPORT: Move(Status.SAVED, fills, _UNIT),
    Verb.SUBMIT: Move(Status.SUBMITTED, fills, _UNIT),
    Verb.REOPEN: Move(None, steers, _OFFICE),
    Verb.REMIND: Move(None, lambda user, unit_return: user is None or steers(user, unit_return), _OFFICE),
}
MOVES: dict[UnitReturn.Status, dict[ReturnEvent.Verb, Move]] = {
    Status.EXPECTED: _FILLING,
    Status.SAVED: _FILLING,
    # Stays returned until it is handed in again, so that everybody sees that something is asked.
    Status.RETURNED: {
        **_FILLING,
        Verb.SAVE: Move(Status.RETURNED, fills, _UNIT),
        Verb.IMPORT: Move(Status.RETURNED, fills, _UNIT),
    },
    Status.SUBMITTED: {
        Verb.RETURN: Move(Status.RETURNED, steers, _OFFICE),
        Verb.APPROVE: Move(Status.APPROVED, steers, _OFFICE),
    },
    Status.APPROVED: {Verb.REOPEN: Move(Status.RETURNED, steers, _OFFICE)},
}


def verbs(unit_return: UnitReturn, user: User) -> list[ReturnEvent.Verb]:
    """Return the steps that the person may take now."""
    return [verb for verb, move in MOVES[Status(unit_return.status)].items() if move.may(user, unit_return)]


@transaction.atomic
def save(
    unit_return: UnitReturn,
    boxes: Boxes,
    *,
    by: User,
    at: datetime,
    version: int | None = None,
    verb: ReturnEvent.Verb = Verb.SAVE,
    reason: str = "",
) -> ReturnEvent | None:
    """Keep what was typed, gaps included; return the event, or nothing where no box changed.

    `version` is that of the page that was typed into. The office, typing for a unit, says why. Raises Refused with
    the names of boxes ("v-<indicator>-<field or 0>"), Conflict, NotAllowed.
    """
    move = _start(unit_return, verb, by, version)
    _refuse_locked(unit_return, by, at)
    reason = reason.strip()
    for_unit = by.unit_id != unit_return.unit_id
    if for_unit and not (reason or unit_return.entered_for_reason):
        raise Refused([Problem("Ghi lý do Văn phòng Sở nhập thay đơn vị.", "reason")])
    grids = return_grid.grid(unit_return, boxes)
    _check_boxes(boxes, grids)
    changed = _changes(unit_return, boxes, grids)
    if not changed and not (for_unit and reason):
        return None
    # Once the unit types itself, it is the unit's own word again.
    values: dict[str, Any] = {}
    if (reason and for_unit) or not for_unit:
        values["entered_for_reason"] = reason if for_unit else ""
    event = _take(unit_return, verb, move, by=by, at=at, remark=reason, data={"boxes": changed}, **values)
    _write(unit_return, boxes)
    return event


@transaction.atomic
def submit(unit_return: UnitReturn, *, by: User, at: datetime, version: int | None = None) -> ReturnEvent:
    """Hand in what is saved. Raises Refused where a box is empty without a reason or a check fails."""
    move = _start(unit_return, Verb.SUBMIT, by, version)
    _refuse_locked(unit_return, by, at)
    own = by.unit_id == unit_return.unit_id
    if not own and not unit_return.entered_for_reason:
        raise Refused([Problem("Ghi lý do Văn phòng Sở nhập thay đơn vị.", "reason")])
    grids = return_grid.grid(unit_return)
    if problems := [*_gaps(grids), *_failed(grids)]:
        raise Refused(problems)
    values: dict[str, Any] = {
        # What the unit hands in is its own word, whoever typed it first.
        "entered_for_reason": "" if own else unit_return.entered_for_reason,
        "submitted_at": at,
        "submitted_by": by,
        "returned_reason": "",
        "snapshot": return_grid.snapshot(grids),
    }
    if unit_return.first_submitted_at is None:
        values["first_submitted_at"] = at
    return _take(unit_return, Verb.SUBMIT, move, by=by, at=at, **values)


@transaction.atomic
def return_(
    unit_return: UnitReturn,
    *,
    by: User,
    at: datetime,
    remark: str,
    until: date | None = None,
    version: int | None = None,
) -> ReturnEvent:
    """Give it back with what is to be mended; `until` keeps the boxes open to this unit after the period closed."""
    move = _start(unit_return, Verb.RETURN, by, version)
    remark = _said(remark, "Ghi điều cần sửa để đơn vị biết.")
    on, closing = timezone.localdate(at), unit_return.period.closing_on
    if until and until < on:
        raise Refused([Problem("Chọn ngày khóa từ hôm nay trở đi.", "until")])
    if until is None and closing and on > closing:
        raise Refused([Problem("Kỳ đã khóa nhập: chọn ngày đơn vị sửa được đến hết.", "until")])
    opened = {"reopened_until": until, "reopened_reason": remark} if until else {}
    data = {"until": until.isoformat()} if until else {}
    return _take(
        unit_return, Verb.RETURN, move, by=by, at=at, remark=remark, data=data, returned_reason=remark, **opened
    )


@transaction.atomic
def approve(unit_return: UnitReturn, *, by: User, at: datetime, version: int | None = None) -> ReturnEvent:
    """Take the figures as they were seen: of another version nobody knows that they are right."""
    move = _start(unit_return, Verb.APPROVE, by, version)
    return _take(unit_return, Verb.APPROVE, move, by=by, at=at, approved_at=at, approved_by=by, reopened_until=None)


@transaction.atomic
def reopen(
    unit_return: UnitReturn, *, until: date, reason: str, by: User, at: datetime, version: int | None = None
) -> ReturnEvent:
    """Open the boxes to this unit alone until a day, after closing or approval; compiling anew sees what changes."""
    move = _start(unit_return, Verb.REOPEN, by, version)
    reason = _said(reason, "Ghi lý do mở lại.", "reason")
    if until < timezone.localdate(at):
        raise Refused([Problem("Chọn ngày khóa từ hôm nay trở đi.", "until")])
    data = {"until": until.isoformat()}
    return _take(
        unit_return,
        Verb.REOPEN,
        move,
        by=by,
        at=at,
        remark=reason,
        data=data,
        reopened_until=until,
        reopened_reason=reason,
        returned_reason=reason if move.to else unit_return.returned_reason,
    )


@transaction.atomic
def remind(unit_return: UnitReturn, *, by: User | None, at: datetime, remark: str = "") -> ReturnEvent:
    """Write down that the unit was reminded; nobody where the portal did it by itself."""
    return _take(unit_return, Verb.REMIND, _start(unit_return, Verb.REMIND, by), by=by, at=at, remark=remark)


# Who is in.


@dataclass(frozen=True)
class Completeness:
    """How far the returns of a period are in (counts of units)."""

    asked: int
    submitted: int  # approved ones included
    approved: int
    late: int  # handed in late, or late by now
    overdue: int  # of these, the ones that are not in
    missing: list[UnitReturn]

    @property
    def on_time_share(self) -> float | None:
        """Per cent of those who handed in, or ought to have, that were in time; missing where nobody is yet."""
        settled = self.submitted + self.overdue
        return round(100 * (settled - self.late) / settled, 1) if settled else None


def completeness(period: ReportingPeriod, on: date) -> Completeness:
    """Return it as of a day; the returns' units are read along."""
    found = list(period.returns.select_related("unit", "period"))
    handed_in = {Status.SUBMITTED, Status.APPROVED}
    return Completeness(
        len(found),
        sum(one.status in handed_in for one in found),
        sum(one.status == Status.APPROVED for one in found),
        sum(one.is_late(on) for one in found),
        sum(one.is_late(on) for one in found if one.status not in handed_in),
        [one for one in found if one.status not in handed_in],
    )


# The steps' own parts.


def _start(unit_return: UnitReturn, verb: ReturnEvent.Verb, by: User | None, version: int | None = None) -> Move:
    """Return the move that leads from the stored state; the row given is brought up to date with it.

    `version` is that of the page on which somebody decided.
    """
    unit_return.refresh_from_db(fields=["status", "version", "reopened_until", "entered_for_reason"])
    move = MOVES[Status(unit_return.status)].get(verb)
    if move is None:
        raise Conflict
    if not move.may(by, unit_return):
        raise NotAllowed(move.who)
    if version is not None and version != unit_return.version:
        raise Conflict
    return move


def _take(
    unit_return: UnitReturn,
    verb: ReturnEvent.Verb,
    move: Move,
    *,
    by: User | None,
    at: datetime,
    remark: str = "",
    data: dict[str, Any] | None = None,
    **values: Any,
) -> ReturnEvent:
    values["status"] = move.to or unit_return.status
    if (verb, unit_return.status) == (Verb.REMIND, Status.EXPECTED):
        values["status"] = Status.EXPECTED
    rows = UnitReturn.objects.filter(pk=unit_return.pk, status=unit_return.status, version=unit_return.version)
    # A reminder changes nothing that somebody may be typing into.
    counted = {} if verb == Verb.REMIND else {"version": F("version") + 1}
    if not rows.update(**values, **counted):
        raise Conflict
    for name, value in values.items():
        setattr(unit_return, name, value)
    unit_return.version += bool(counted)
    return ReturnEvent.objects.create(
        unit_return=unit_return, verb=verb, status=values["status"], by=by, at=at, remark=remark, data=data or {}
    )


def _refuse_locked(unit_return: UnitReturn, by: User, at: datetime) -> None:
    if lock := locks.lock_of(unit_return, by, timezone.localdate(at)):
        raise Refused([Problem(" ".join(filter(None, [lock.why, lock.since, lock.who])))])


def _said(text: str, otherwise: str, field: str = "remark") -> str:
    text = text.strip()
    if not text:
        raise Refused([Problem(otherwise, field)])
    if len(text) > REASON_LENGTH:
        raise Refused([Problem(f"Viết gọn lại trong {REASON_LENGTH} chữ cái.", field)])
    return text


def box_name(indicator: int, field: int | None) -> str:
    """Return how forms and messages name a box."""
    return f"v-{indicator}-{field or 0}"


def _check_boxes(boxes: Boxes, grids: list[FormGrid]) -> None:
    known = {
        (one.indicator.pk, row.field.pk if row.field else None)
        for form in grids
        for row in form.rows
        for one in row.boxes.values()
        if not one.is_total
    }
    problems = []
    for key, box in boxes.items():
        if key not in known:
            problems.append(Problem("Ô này không có trong biểu của đơn vị.", box_name(*key)))
        elif box.value is not None and not 0 <= box.value < MOST:
            problems.append(Problem("Nhập số nguyên từ 0 trở lên.", box_name(*key)))
        elif len(box.blank_reason) > 300 or len(box.comment) > 300:
            problems.append(Problem("Viết gọn lại trong 300 chữ cái.", box_name(*key)))
    if problems:
        raise Refused(problems)


def _changes(unit_return: UnitReturn, boxes: Boxes, grids: list[FormGrid]) -> list[dict[str, Any]]:
    """Return what every changed box said before and says now."""
    before = return_grid.saved(unit_return)
    changed = []
    for form in grids:
        for row in form.rows:
            for one in row.boxes.values():
                key = (one.indicator.pk, row.field.pk if row.field else None)
                if key not in boxes or boxes[key] == before.get(key, Box()):
                    continue
                old, new = before.get(key, Box()), boxes[key]
                changed.append(
                    {
                        "form": form.form.key,
                        "code": one.indicator.code,
                        "field": key[1],
                        "label": f"{row.label}: {one.indicator.name}",
                        "old": old.value,
                        "new": new.value,
                        "reason": new.blank_reason or new.comment,
                    }
                )
    return changed


def _write(unit_return: UnitReturn, boxes: Boxes) -> None:
    kept = {(row.indicator_id, row.field_id): row for row in unit_return.values.all()}
    new, changed, empty = [], [], []
    for (indicator, field), box in boxes.items():
        row = kept.get((indicator, field))
        if box == Box():
            if row:
                empty.append(row.pk)
            continue
        values = {"value": box.value, "blank_reason": box.blank_reason, "comment": box.comment}
        if row is None:
            new.append(ReturnValue(unit_return=unit_return, indicator_id=indicator, field_id=field, **values))
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            changed.append(row)
    ReturnValue.objects.filter(pk__in=empty).delete()
    ReturnValue.objects.bulk_create(new)
    ReturnValue.objects.bulk_update(changed, ["value", "blank_reason", "comment"])


def _gaps(grids: list[FormGrid]) -> list[Problem]:
    """Return the boxes that are empty without a reason (a row of a field that the unit left whole says nothing)."""
    problems = []
    for form in grids:
        # A field of which nothing was ever said may stay silent; one that had figures before says why it has none.
        rows = (
            form.rows if len(form.rows) == 1 else [row for row in form.rows if _says_anything(row) or _said_before(row)]
        )
        for row in rows or form.rows:
            for one in row.boxes.values():
                indicator, box = one.indicator, one.box
                if indicator.supplier != Indicator.Supplier.UNITS or not indicator.required:
                    continue
                if box.value is None and not box.blank_reason:
                    place = f"{row.label}, cột {indicator.number or indicator.name}"
                    sentence = f"{place}: nhập số hoặc ghi lý do để trống. Không có thì nhập 0."
                    problems.append(Problem(sentence, box_name(indicator.pk, row.field.pk if row.field else None)))
    return problems


def _says_anything(row: return_grid.GridRow) -> bool:
    return any(one.box != Box() for one in row.boxes.values() if not one.is_total)


def _said_before(row: return_grid.GridRow) -> bool:
    return any(one.before for one in row.boxes.values() if not one.is_total)


def _failed(grids: list[FormGrid]) -> list[Problem]:
    problems = []
    for form in grids:
        by_code = {column.code: column for column in form.columns}
        for row in form.rows:
            for check in arithmetic.failed(form.form, row.values):
                column = next((by_code[code] for code in arithmetic.codes_in(check.left) if code in by_code), None)
                field = box_name(column.pk, row.field.pk if row.field else None) if column else ""
                problems.append(Problem(f"{row.label}: {check.message}", field))
    return problems
