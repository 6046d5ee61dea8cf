"""The groups of the roles. What each may do stands in portal/roles.py and is applied after every migrate."""

from django.db import migrations

NAMES = [
    "Quản trị",
    "Văn phòng Sở",
    "Trung tâm – biên tập",
    "Trung tâm – duyệt bài",
    "Đầu mối",
    "Đơn vị",
]


def add_groups(apps, schema_editor):
    group = apps.get_model("auth", "Group")
    for name in NAMES:
        group.objects.get_or_create(name=name)


def remove_groups(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=NAMES).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0003_days_off_2024_to_2026"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(add_groups, remove_groups)]
