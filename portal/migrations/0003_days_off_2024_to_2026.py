"""The days off and the make-up Saturdays of 2024 to 2026, as the government announced them.

The days of Tết and of the National Day are fixed for each year (BLLĐ 45/2019 Đ112.3); 24 November
is a holiday from 2026 on (NQ 28/2026/QH16).
"""

from datetime import date

from django.db import migrations

TET = "Tết Nguyên đán"
KINGS = "Giỗ Tổ Hùng Vương"
VICTORY = "Ngày Chiến thắng"
LABOUR = "Quốc tế Lao động"
NATIONAL = "Quốc khánh"
CULTURE = "Ngày Văn hóa Việt Nam"

# (month, day): (kind, note). Only weekdays are off; the Saturdays here are worked.
DAYS = {
    2024: {
        (1, 1): ("holiday", "Tết Dương lịch"),
        (2, 8): ("holiday", TET),
        (2, 9): ("holiday", TET),
        (2, 12): ("holiday", TET),
        (2, 13): ("make_up", TET),
        (2, 14): ("make_up", TET),
        (4, 18): ("holiday", KINGS),
        (4, 29): ("swap_off", "Làm bù ngày 04/5/2024"),
        (4, 30): ("holiday", VICTORY),
        (5, 1): ("holiday", LABOUR),
        (5, 4): ("swap_work", "Nghỉ ngày 29/4/2024"),
        (9, 2): ("holiday", NATIONAL),
        (9, 3): ("holiday", NATIONAL),
    },
    2025: {
        (1, 1): ("holiday", "Tết Dương lịch"),
        (1, 27): ("holiday", TET),
        (1, 28): ("holiday", TET),
        (1, 29): ("holiday", TET),
        (1, 30): ("holiday", TET),
        (1, 31): ("holiday", TET),
        (4, 7): ("holiday", KINGS),
        (4, 26): ("swap_work", "Nghỉ ngày 02/5/2025"),
        (4, 30): ("holiday", VICTORY),
        (5, 1): ("holiday", LABOUR),
        (5, 2): ("swap_off", "Làm bù ngày 26/4/2025"),
        (9, 1): ("holiday", NATIONAL),
        (9, 2): ("holiday", NATIONAL),
    },
    2026: {
        (1, 1): ("holiday", "Tết Dương lịch"),
        (1, 2): ("swap_off", "Làm bù ngày 10/01/2026"),
        (1, 10): ("swap_work", "Nghỉ ngày 02/01/2026"),
        (2, 16): ("holiday", TET),
        (2, 17): ("holiday", TET),
        (2, 18): ("holiday", TET),
        (2, 19): ("holiday", TET),
        (2, 20): ("holiday", TET),
        (4, 27): ("make_up", KINGS),
        (4, 30): ("holiday", VICTORY),
        (5, 1): ("holiday", LABOUR),
        (8, 22): ("swap_work", "Nghỉ ngày 31/8/2026"),
        (8, 31): ("swap_off", "Làm bù ngày 22/8/2026"),
        (9, 1): ("holiday", NATIONAL),
        (9, 2): ("holiday", NATIONAL),
        (11, 24): ("holiday", CULTURE),
    },
}


def add_days(apps, schema_editor):
    """Add what is missing; a day that the office has already entered stays as it is."""
    calendar_day = apps.get_model("portal", "CalendarDay")
    confirmed_year = apps.get_model("portal", "ConfirmedYear")
    for year, days in DAYS.items():
        confirmed_year.objects.get_or_create(year=year)
        for (month, day), (kind, note) in days.items():
            calendar_day.objects.get_or_create(day=date(year, month, day), defaults={"kind": kind, "note": note})


def remove_days(apps, schema_editor):
    calendar_day = apps.get_model("portal", "CalendarDay")
    apps.get_model("portal", "ConfirmedYear").objects.filter(year__in=DAYS).delete()
    for year, days in DAYS.items():
        for (month, day), (kind, note) in days.items():
            calendar_day.objects.filter(day=date(year, month, day), kind=kind, note=note).delete()


class Migration(migrations.Migration):
    dependencies = [("portal", "0002_confirmed_year")]

    operations = [migrations.RunPython(add_days, remove_days)]
