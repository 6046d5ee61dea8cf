"""The office's own value in place of a compiled one: both are kept, with the reason (RULES R5).

An override belongs to the period, so it stays when the period is compiled anew; rows are ended, never changed.
"""

from datetime import datetime

from django.db import IntegrityError, transaction

from portal.models import User
from portal.steps import Conflict, NotAllowed, Problem, Refused
from reports.figures import Figures
from reports.models import Compilation, FigureOverride, ReportingPeriod

REASON_LENGTH = 1000
LARGEST = 10**12
_MEANWHILE = "Người khác vừa thay số liệu này. Mở lại trang để xem số đang dùng."


@transaction.atomic
def override(
    period: ReportingPeriod,
    key: str,
    value: int | None,
    *,
    reason: str,
    by: User,
    at: datetime,
    instead_of: FigureOverride | None = None,
) -> FigureOverride:
    """Put a value in place of the compiled one of this key; `instead_of` is the override that the person saw.

    No value says that the figure is not known.
    """
    _check_allowed(by)
    compilation = Compilation.objects.latest_of(period)
    if compilation is None:
        raise Refused([Problem("Tổng hợp kỳ này trước khi thay số liệu.")])
    figures = Figures.of(compilation, with_comparison=False)
    if key not in figures:
        raise Refused([Problem("Số liệu này không có trong lần tổng hợp mới nhất.")])
    compiled = figures.figure(key).compiled
    if problems := _problems(value, compiled, reason):
        raise Refused(problems)
    if instead_of is not None:
        end(instead_of, by=by, at=at)
    try:
        with transaction.atomic():
            return FigureOverride.objects.create(
                period=period, key=key, value=value, compiled_value=compiled, reason=reason.strip(), by=by, at=at
            )
    except IntegrityError as error:
        raise Conflict(_MEANWHILE) from error


def end(held: FigureOverride, *, by: User, at: datetime) -> None:
    """Use the compiled value again; the row stays in the history."""
    _check_allowed(by)
    if not FigureOverride.objects.filter(pk=held.pk, ended_at=None).update(ended_at=at, ended_by=by):
        raise Conflict(_MEANWHILE)


def _check_allowed(by: User) -> None:
    if not by.has_perm("reports.compile_period"):
        raise NotAllowed("Văn phòng Sở mới thay được số liệu đã tổng hợp.")


def _problems(value: int | None, compiled: int | None, reason: str) -> list[Problem]:
    problems = []
    if value == compiled:
        problems.append(Problem("Ghi số khác với số đã tổng hợp, hoặc để nguyên số đã tổng hợp.", "value"))
    elif value is not None and not 0 <= value <= LARGEST:
        problems.append(Problem("Ghi một số nguyên từ 0 đến 1.000 tỷ.", "value"))
    if not reason.strip():
        problems.append(Problem("Ghi lý do thay số liệu.", "reason"))
    elif len(reason) > REASON_LENGTH:
        problems.append(Problem("Viết lý do trong 1.000 chữ.", "reason"))
    return problems
