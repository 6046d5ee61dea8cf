"""Why the boxes of a return are closed, since when, and who can open them."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from portal.models import User
from portal.templatetags.vietnamese import viet_date
from reports.models import UnitReturn

Status = UnitReturn.Status
OFFICE = "Văn phòng Sở"


@dataclass(frozen=True)
class Lock:
    """Three sentences for whoever finds the boxes closed."""

    why: str
    since: str
    who: str


def is_reopened(unit_return: UnitReturn, on: date) -> bool:
    return unit_return.reopened_until is not None and on <= unit_return.reopened_until


def lock_of(unit_return: UnitReturn, user: User, on: date) -> Lock | None:
    """Return why the person cannot change the boxes on the day; nothing where they can."""
    office = user.has_perm("reports.approve_unitreturn")
    own = user.has_perm("reports.fill_unitreturn") and user.unit_id == unit_return.unit_id
    if not (office or own):
        return Lock("Đây là số liệu của đơn vị khác.", "", "Đơn vị đó hoặc Văn phòng Sở sửa được.")
    if unit_return.status == Status.APPROVED:
        return Lock(
            "Số liệu đã được duyệt.",
            _since(unit_return.approved_at),
            f"{OFFICE} mở lại được, có ghi lý do và ngày khóa.",
        )
    if unit_return.status == Status.SUBMITTED:
        return Lock(
            "Số liệu đã nộp, đang chờ duyệt.",
            _since(unit_return.submitted_at),
            f"{OFFICE} trả lại thì sửa được.",
        )
    closing = unit_return.period.closing_on
    if not office and closing and on > closing and not is_reopened(unit_return, on):
        return Lock(
            "Kỳ này đã khóa nhập.",
            f"Từ sau ngày {viet_date(closing)}.",
            f"{OFFICE} mở lại được cho riêng đơn vị, có ghi lý do và ngày khóa.",
        )
    return None


def _since(at) -> str:
    return f"Từ {timezone.localtime(at):%H:%M} ngày {viet_date(timezone.localdate(at))}." if at else ""
