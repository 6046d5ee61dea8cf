"""Values to start from, as the law sets none; the office changes them in the admin."""

from datetime import date

from django.db import migrations

BASIS = "Giá trị ban đầu, Sở quyết định"
TIMES = {"ordinary": 10, "conduct": 5, "complex": 20}
MONTHS = {"answered": 24, "forwarded": 24, "rejected": 12, "spam": 3}
SCALES = {
    "Mức hài lòng": {3: "Rất hài lòng", 2: "Hài lòng", 1: "Không hài lòng"},
    "Mức đồng ý": {4: "Rất đồng ý", 3: "Đồng ý", 2: "Không đồng ý", 1: "Rất không đồng ý"},
}


def add(apps, schema_editor):
    using = schema_editor.connection.alias

    def rows(name):
        return apps.get_model("feedback", name).objects.using(using)

    for time_class, days in TIMES.items():
        rows("AnswerTime").create(
            time_class=time_class, working_days=days, first_on=date(2024, 1, 1), basis=BASIS
        )
    for kind, months in MONTHS.items():
        rows("RetentionRule").create(kind=kind, months=months, basis=BASIS)
    for name, levels in SCALES.items():
        scale = rows("RatingScale").create(name=name)
        for value, label in levels.items():
            rows("RatingLevel").create(scale=scale, value=value, label=label)


class Migration(migrations.Migration):
    dependencies = [("feedback", "0001_start")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop, elidable=False)]
