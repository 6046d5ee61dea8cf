"""The sections with which the column starts (plan II.2); their names and order are the office's to change."""

from django.db import migrations

SECTIONS = [
    ("tin-hoat-dong", "Tin hoạt động", "Việc làm và kết quả cải cách hành chính, kiểm soát thủ tục của Sở."),
    ("mo-hinh-cach-lam-hay", "Mô hình, cách làm hay", "Cách làm giúp người dân, doanh nghiệp đỡ tốn thời gian, chi phí."),
    ("ra-soat-tthc", "Rà soát TTHC", "Quá trình và kết quả rà soát, đơn giản hóa thủ tục hành chính."),
    ("lay-y-kien-nguoi-dan", "Lấy ý kiến người dân", "Sở hỏi ý kiến về thủ tục, và cho biết đã tiếp thu ra sao."),
    ("pho-bien-van-ban", "Phổ biến văn bản", "Văn bản mới về cải cách hành chính, kiểm soát thủ tục, viết cho dễ hiểu."),
    ("hinh-anh", "Hình ảnh", "Hoạt động của Sở qua ảnh."),
]


def add(apps, schema_editor) -> None:
    section = apps.get_model("news", "Section")
    section.objects.bulk_create(
        [
            section(slug=slug, name=name, description=description, order=order)
            for order, (slug, name, description) in enumerate(SECTIONS, start=1)
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("news", "0001_start")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
