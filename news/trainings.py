"""Trainings of the staff (bồi dưỡng; plan II.1): what a year adds up to, by unit."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum

from news.models import TrainingAttendance, TrainingRecord
from portal import spreadsheets

COLUMNS = ["Khóa bồi dưỡng", "Kỹ năng", "Cơ quan tổ chức", "Từ ngày", "Đến ngày", "Văn bản cử đi", "Đơn vị", "Số người"]


@dataclass(frozen=True)
class UnitTotal:
    """What one unit took part in during a year."""

    unit: str
    courses: int
    people: int  # seats: somebody who attends two courses counts twice


def of_year(year: int) -> QuerySet[TrainingRecord]:
    """Return the courses that began in the year."""
    return TrainingRecord.objects.filter(first_on__year=year)


def years() -> list[int]:
    """Return the years in which a course began, the latest first."""
    return [day.year for day in TrainingRecord.objects.dates("first_on", "year", order="DESC")]


def totals(year: int) -> list[UnitTotal]:
    """Add up the attendance of the year's courses, in the order of the units."""
    rows = (
        TrainingAttendance.objects.filter(training__in=of_year(year))
        .order_by("unit__order", "unit__name")
        .values_list("unit__name")
        .annotate(courses=Count("training", distinct=True), people=Sum("people"))
    )
    return [UnitTotal(*row) for row in rows]


def table(year: int) -> list[list[spreadsheets.Value]]:
    """Return a row a course and unit; a course of which no unit is noted has a row as well."""
    courses = of_year(year).select_related("document").prefetch_related("attendances__unit").order_by("first_on", "pk")
    rows: list[list[spreadsheets.Value]] = []
    for course in courses:
        document = course.document.number if course.document else ""
        facts: list[spreadsheets.Value] = [
            course.course,
            course.skill,
            course.organiser,
            course.first_on,
            course.last_on,
            document,
        ]
        attendances = course.attendances.all()
        rows += [[*facts, attendance.unit.name, attendance.people] for attendance in attendances]
        if not attendances:
            rows.append([*facts, "", None])
    return rows
