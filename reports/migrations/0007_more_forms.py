"""Tables of feedback by what it is about, of opinions asked for, and of how content the senders are."""

from datetime import date
from typing import Any

from django.db import migrations
from django.db.models import Max

FIRST_ON = date(2023, 1, 1)

# Of a column: code, name, source.
FORMS: list[dict[str, Any]] = [
    {
        "key": "phan-anh-loai",
        "title": "Phản ánh, kiến nghị theo nội dung",
        "rows": "source",
        "row_title": "Nội dung",
        "measure": "Số phản ánh, kiến nghị",
        "public": True,
        "basis": "Nghị định 20/2008/NĐ-CP Điều 5",
        "columns": [
            ("tiep_nhan", "Tiếp nhận trong kỳ", "feedback.received_by_content"),
            ("tra_loi", "Đã trả lời", "feedback.answered_by_content"),
            ("qua_han", "Trong đó: quá hạn", "feedback.answered_late_by_content"),
            ("chuyen", "Chuyển cơ quan khác", "feedback.forwarded_by_content"),
        ],
    },
    {
        "key": "phan-anh-linh-vuc",
        "title": "Phản ánh, kiến nghị theo lĩnh vực",
        "rows": "source",
        "row_title": "Lĩnh vực",
        "measure": "Số phản ánh, kiến nghị",
        "public": True,
        "basis": "Nghị định 63/2010/NĐ-CP Điều 35",
        "columns": [("so", "Tiếp nhận trong kỳ", "feedback.received_by_field")],
    },
    {
        "key": "danh-gia",
        "title": "Đánh giá của người gửi phản ánh, kiến nghị",
        "rows": "source",
        "row_title": "Điểm",
        "measure": "Lượt đánh giá",
        "public": True,
        "basis": "Nghị định 118/2025/NĐ-CP Điều 33",
        "columns": [("so", "Số lượt", "feedback.ratings_by_score")],
    },
    {
        "key": "lay-y-kien",
        "title": "Lấy ý kiến về thủ tục, quy định",
        "public": True,
        "basis": "Nghị định 20/2008/NĐ-CP Điều 9",
        "columns": [
            ("phieu", "Phiếu lấy ý kiến", "feedback.surveys"),
            ("tra_loi", "Lượt trả lời", "feedback.survey_responses"),
        ],
    },
    {
        "key": "lay-y-kien-phieu",
        "title": "Lượt trả lời từng phiếu lấy ý kiến",
        "rows": "source",
        "row_title": "Phiếu",
        "measure": "Lượt trả lời",
        "public": True,
        "basis": "Nghị định 20/2008/NĐ-CP Điều 9",
        "columns": [("so", "Số lượt", "feedback.survey_responses_by_survey")],
    },
    {
        "key": "lay-y-kien-muc",
        "title": "Mức đánh giá trong các phiếu lấy ý kiến",
        "rows": "source",
        "row_title": "Mức",
        "measure": "Lượt chọn",
        "public": True,
        "basis": "Nghị định 20/2008/NĐ-CP Điều 9",
        "columns": [("so", "Số lượt", "feedback.survey_replies_by_level")],
    },
]


def add(apps, schema_editor):
    using = schema_editor.connection.alias
    forms = apps.get_model("reports", "ReportForm").objects.using(using)
    indicators = apps.get_model("reports", "Indicator").objects.using(using)
    last = forms.aggregate(last=Max("order"))["last"] or 0
    for order, given in enumerate(FORMS, start=last + 1):
        values = {**given}
        columns = values.pop("columns")
        form = forms.create(**values, order=order, first_on=FIRST_ON)
        for place, (code, name, source) in enumerate(columns, start=1):
            indicators.create(form=form, code=code, name=name, supplier="system", source=source, order=place)


class Migration(migrations.Migration):
    dependencies = [("reports", "0007_row_count")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop, elidable=False)]
