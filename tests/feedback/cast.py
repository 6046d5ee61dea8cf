"""Those who have to do with a case: the office, a unit with its focal person and its head, a stranger."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from feedback import workflow
from feedback.models import FocalPerson, Submission
from portal import roles
from portal.models import Unit, User
from procedures.models import Field
from tests.factories import FieldFactory, FocalPersonFactory, UnitFactory, UserFactory

# A Tuesday at nine in the morning.
CAME = datetime(2026, 11, 3, 2, tzinfo=UTC)


def later(days: int, hours: int = 0) -> datetime:
    return CAME + timedelta(days=days, hours=hours)


@dataclass
class Cast:
    office: User
    officer: User
    head: User
    stranger: User
    unit: Unit
    seat: FocalPerson
    office_seat: FocalPerson
    other_seat: FocalPerson
    field: Field


def cast() -> Cast:
    office_unit, unit, elsewhere = UnitFactory(), UnitFactory(), UnitFactory()
    field = FieldFactory(unit=unit)
    officer = UserFactory(role=roles.FOCAL_PERSON, unit=unit)
    seat = FocalPersonFactory(unit=unit, user=officer)
    seat.fields.add(field)
    return Cast(
        office=UserFactory(role=roles.OFFICE, unit=office_unit),
        officer=officer,
        head=UserFactory(role=roles.HEAD_OF_UNIT, unit=unit),
        stranger=UserFactory(role=roles.FOCAL_PERSON, unit=elsewhere),
        unit=unit,
        seat=seat,
        office_seat=FocalPersonFactory(unit=office_unit, receives_rest=True),
        other_seat=FocalPersonFactory(unit=elsewhere),
        field=field,
    )


def sent(**values: Any) -> Submission:
    """Return what somebody filled in, not yet received."""
    filled: dict[str, Any] = {
        "about": "unfit",
        "title": "Giấy tờ trùng nhau",
        "content": "Phải nộp hai lần cùng một loại giấy.",
        "sender_name": "Người Gửi Thử",
        "address": "Số 2 Đường Thử, thành phố Bà Rịa",
        "phone": "0903000000",
    }
    return Submission(**{**filled, **values})


def received(**values: Any) -> Submission:
    return workflow.receive(sent(**values), at=CAME)


def handled(people: Cast, subject: str = "regulation", **values: Any) -> Submission:
    """Return a case that the unit has classified and is working on."""
    case = received(field=people.field, **values)
    content = "conduct" if subject == "conduct" else "unfit"
    classes = {"content_type": content, "subject": subject, "time_class": "ordinary"}
    workflow.classify(case, **classes, by=people.officer, at=later(0, hours=1))
    return case
