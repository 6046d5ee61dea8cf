from datetime import UTC, datetime, timedelta

import pytest

from feedback import incidents
from feedback.models import Incident
from portal.models import Organisation

FOUND = datetime(2026, 11, 24, 1, tzinfo=UTC)


def incident(**values):
    return Incident(title="Gửi nhầm thư", detected_at=FOUND, description="Thư gửi nhầm người.", **values)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (timedelta(0), "Còn 72 giờ"),
        (timedelta(hours=71, minutes=30), "Còn 0 giờ"),
        (timedelta(hours=72, seconds=1), "Quá hạn 1 giờ"),
        (timedelta(hours=80), "Quá hạn 8 giờ"),
    ],
)
def test_the_clock_runs_for_72_hours_from_the_detection(after, expected):
    assert incidents.clock(incident(), FOUND + after) == expected


@pytest.mark.parametrize(
    ("after", "expected"),
    [(timedelta(hours=72), "Đã thông báo trong hạn"), (timedelta(hours=73), "Đã thông báo, quá 72 giờ")],
)
def test_a_notice_stops_the_clock(after, expected):
    told = incident(notified_at=FOUND + after)

    assert incidents.clock(told, FOUND + timedelta(days=30)) == expected


@pytest.mark.django_db
def test_only_what_was_not_told_waits():
    incident().save()
    incident(notified_at=FOUND).save()
    incident(closed_at=FOUND).save()

    assert incidents.untold().count() == 1


def test_the_notice_says_what_the_law_asks_for():
    text = incidents.notice(incident(people=12), Organisation(name="Sở Thử"))

    assert "Cơ quan thông báo: Sở Thử" in text
    assert "Phát hiện lúc: 08:00 ngày 24/11/2026" in text
    assert "Số người bị ảnh hưởng: 12" in text
    assert "Biện pháp đã làm: (bổ sung)" in text
    assert "08:00 ngày 27/11/2026 (72 giờ" in text
