"""Breaches of personal data: told to the ministry's unit within 72 hours, and kept on record (Luật 91/2025 Đ23)."""

import math
from datetime import datetime

from django.db.models import QuerySet

from feedback.models import NOTIFY_WITHIN, Incident
from portal.comparing import moment
from portal.models import Organisation


def untold() -> QuerySet[Incident]:
    """Return what the ministry's unit has not been told of, the oldest first."""
    return Incident.objects.filter(notified_at=None, closed_at=None).order_by("detected_at")


def hours_left(incident: Incident, at: datetime) -> int:
    """Return the whole hours that are left for telling; negative when the time is over."""
    return math.floor((incident.notify_by - at).total_seconds() / 3600)


def was_told_in_time(incident: Incident) -> bool:
    return incident.notified_at is not None and incident.notified_at - incident.detected_at <= NOTIFY_WITHIN


def clock(incident: Incident, at: datetime) -> str:
    """Return how the clock of the incident stands, in words."""
    if incident.notified_at:
        return "Đã thông báo trong hạn" if was_told_in_time(incident) else "Đã thông báo, quá 72 giờ"
    if incident.closed_at:
        return "Kết thúc, không thông báo"
    left = hours_left(incident, at)
    return f"Còn {left} giờ" if left >= 0 else f"Quá hạn {-left} giờ"


def notice(incident: Incident, organisation: Organisation) -> str:
    """Return the text of the notice to the ministry's unit, to be put on the department's paper."""
    parts = [
        ("Cơ quan thông báo", organisation.name),
        ("Sự việc", incident.title),
        ("Phát hiện lúc", moment(incident.detected_at)),
        ("Diễn biến", incident.description),
        ("Loại dữ liệu cá nhân", incident.data_kinds),
        ("Số người bị ảnh hưởng", "chưa xác định" if incident.people is None else str(incident.people)),
        ("Biện pháp đã làm", incident.measures),
        ("Thông báo trước", f"{moment(incident.notify_by)} (72 giờ từ khi phát hiện)"),
    ]
    lines = [f"{label}: {value or '(bổ sung)'}" for label, value in parts]
    heading = (
        "THÔNG BÁO VI PHẠM QUY ĐỊNH VỀ BẢO VỆ DỮ LIỆU CÁ NHÂN\n(Điều 23 Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15)"
    )
    return "\n\n".join([heading, *lines]) + "\n"
