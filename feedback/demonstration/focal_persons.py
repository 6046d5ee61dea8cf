"""A focal person a unit, named by position; telephones are illustrations."""

from datetime import date

from django.db import transaction

from feedback.models import FeedbackSettings, FocalPerson
from portal import demonstration
from portal.models import Unit, User
from procedures.models import Field

FIRST_ON = date(2024, 1, 2)
# Unit, telephone, the account that handles its cases, whether it takes what fits nowhere else.
SEATS = [
    (demonstration.OFFICE, "0254 000 001", "daumoi", True),
    (demonstration.SPECIALISED_DIVISION, "0254 000 002", "chuyenmon", False),
    (demonstration.INFORMATION_CENTRE, "0254 000 003", None, False),
    (demonstration.STANDARDS_BRANCH, "0254 000 004", None, False),
    (demonstration.STANDARDS_CENTRE, "0254 000 005", None, False),
]


@transaction.atomic
def load() -> None:
    """Add what is missing; what somebody has changed stays as it is."""
    settings, _ = FeedbackSettings.objects.get_or_create(pk=1)
    if not settings.complaints_address:
        settings.complaints_address = (
            "Khiếu nại, tố cáo gửi đến nơi tiếp công dân của cơ quan có thẩm quyền, hoặc Ban Tiếp công dân tỉnh."
        )
        settings.data_protection_contact = demonstration.OFFICE
        settings.save()
    units = {unit.name: unit for unit in Unit.objects.all()}
    accounts = User.objects.in_bulk([name for *_, name, _ in SEATS if name], field_name="username")
    for order, (name, phone, account, receives_rest) in enumerate(SEATS, start=1):
        unit = units[name]
        person, new = FocalPerson.objects.get_or_create(
            unit=unit,
            defaults={
                "name": f"Cán bộ đầu mối - {unit.short_name or unit.name}",
                "user": accounts.get(account or ""),
                "phone": phone,
                "email": "phananh@example.org" if receives_rest else "",
                "answers_within": "Trả lời điện thoại trong giờ làm việc",
                "receives_rest": receives_rest,
                "first_on": FIRST_ON,
                "order": order,
            },
        )
        if new:
            person.fields.set(Field.objects.filter(unit=unit))
