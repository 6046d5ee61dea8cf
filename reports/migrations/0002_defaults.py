"""The forms and kinds of reports to start from; the office changes them in the admin.

II.06a is the form of TT 01/2020/TT-VPCP (RULES R6). The layout of II.05 was not to be had, so the table of feedback
holds what any layout asks for (R7). The other tables are the department's own, for its plan of communication.
"""

from datetime import date
from typing import Any

from django.db import migrations

FIRST_ON = date(2023, 1, 1)
OFFICIAL = "Thông tư 01/2020/TT-VPCP"
PLAN = "Kế hoạch truyền thông hỗ trợ công tác kiểm soát TTHC của Sở"

# Of a column: code, number, name, group, supplier (a source, a formula with "=", or nothing: the units), over time.
FORMS: list[dict[str, Any]] = [
    {
        "key": "06a",
        "code": "II.06a",
        "title": "Tình hình, kết quả giải quyết TTHC tại cơ quan, đơn vị trực tiếp giải quyết TTHC",
        "rows": "fields",
        "row_title": "Lĩnh vực, công việc giải quyết theo cấp",
        "measure": "Số hồ sơ TTHC",
        "landscape": True,
        "public": True,
        "basis": OFFICIAL,
        "note": "Chỉ nhập các lĩnh vực đơn vị trực tiếp giải quyết. Các cột tổng số tự cộng.",
        "columns": [
            ("3", "(3)", "Tổng số", "Số hồ sơ tiếp nhận", "=4+5+6", "sum"),
            ("4", "(4)", "Trực tuyến", "Số hồ sơ tiếp nhận", "", "sum"),
            ("5", "(5)", "Trực tiếp, dịch vụ bưu chính", "Số hồ sơ tiếp nhận", "", "sum"),
            ("6", "(6)", "Từ kỳ trước", "Số hồ sơ tiếp nhận", "", "first"),
            ("7", "(7)", "Tổng số", "Số hồ sơ đã giải quyết", "=8+9+10", "sum"),
            ("8", "(8)", "Trước hạn", "Số hồ sơ đã giải quyết", "", "sum"),
            ("9", "(9)", "Đúng hạn", "Số hồ sơ đã giải quyết", "", "sum"),
            ("10", "(10)", "Quá hạn", "Số hồ sơ đã giải quyết", "", "sum"),
            ("11", "(11)", "Tổng số", "Số hồ sơ đang giải quyết", "=12+13", "last"),
            ("12", "(12)", "Trong hạn", "Số hồ sơ đang giải quyết", "", "last"),
            ("13", "(13)", "Quá hạn", "Số hồ sơ đang giải quyết", "", "last"),
        ],
        "checks": [("3", "=", "7+11", "Tổng tiếp nhận (3) phải bằng đã giải quyết (7) cộng đang giải quyết (11).")],
    },
    {
        "key": "truyen-thong",
        "title": "Hoạt động truyền thông do các đơn vị thực hiện ngoài trang này",
        "measure": "",
        "public": True,
        "basis": PLAN,
        "note": "Không tính tin, bài đã đăng trên trang này: trang tự đếm.",
        "columns": [
            ("tin_bai", "", "Tin, bài", "", "", "sum"),
            ("hinh_anh", "", "Hình ảnh", "", "", "sum"),
            ("hoi_nghi", "", "Hội nghị, lớp tập huấn", "", "", "sum"),
            ("luot_nguoi", "", "Lượt người dự", "", "", "sum"),
            ("van_ban", "", "Văn bản triển khai, quán triệt", "", "", "sum"),
        ],
        "checks": [],
    },
    {
        "key": "phan-anh",
        "code": "II.05",
        "title": "Tình hình, kết quả tiếp nhận, xử lý phản ánh, kiến nghị về quy định hành chính, hành vi hành chính",
        "measure": "Số phản ánh, kiến nghị",
        "landscape": True,
        "public": True,
        "basis": "Nghị định 63/2010/NĐ-CP Điều 35; bố cục do Sở đặt",
        "columns": [
            ("tong", "(1)", "Tổng số", "Phải xử lý", "=trong_ky+ky_truoc", "sum"),
            ("trong_ky", "(2)", "Tiếp nhận trong kỳ", "Phải xử lý", "feedback.received", "sum"),
            ("hanh_vi", "(3)", "Trong đó: hành vi", "Phải xử lý", "feedback.received_conduct", "sum"),
            ("quy_dinh", "(4)", "Trong đó: quy định", "Phải xử lý", "feedback.received_regulation", "sum"),
            ("ky_truoc", "(5)", "Kỳ trước chuyển sang", "Phải xử lý", "feedback.carried_over", "first"),
            ("da_xong", "(6)", "Tổng số", "Đã xử lý", "feedback.ended", "sum"),
            ("tra_loi", "(7)", "Đã trả lời", "Đã xử lý", "feedback.answered", "sum"),
            ("dung_han", "(8)", "Trong đó: đúng hạn", "Đã xử lý", "feedback.answered_on_time", "sum"),
            ("qua_han", "(9)", "Trong đó: quá hạn", "Đã xử lý", "feedback.answered_late", "sum"),
            ("chuyen", "(10)", "Chuyển cơ quan khác", "Đã xử lý", "feedback.forwarded", "sum"),
            ("tu_choi", "(11)", "Không tiếp nhận", "Đã xử lý", "feedback.rejected", "sum"),
            ("dang_xu_ly", "(12)", "Tổng số", "Đang xử lý", "feedback.in_progress", "last"),
            ("dang_qua_han", "(13)", "Trong đó: quá hạn", "Đang xử lý", "feedback.in_progress_late", "last"),
            ("cong_khai", "(14)", "Câu trả lời công khai", "", "feedback.published", "sum"),
        ],
        "checks": [
            ("tong", "=", "da_xong+dang_xu_ly", "Phải xử lý (1) phải bằng đã xử lý (6) cộng đang xử lý (12)."),
            ("dung_han+qua_han", "=", "tra_loi", "Đúng hạn (8) cộng quá hạn (9) phải bằng đã trả lời (7)."),
        ],
    },
    {
        "key": "tin-bai",
        "title": "Tin, bài, hình ảnh trên chuyên mục CCHC - Kiểm soát TTHC",
        "public": True,
        "basis": PLAN,
        "columns": [
            ("so", "", "Tin, bài", "", "news.articles", "sum"),
            ("album", "", "Album ảnh", "", "news.albums", "sum"),
            ("anh", "", "Ảnh trong album", "", "news.photos", "sum"),
            ("ban_tin", "", "Bản tin", "", "news.bulletins", "sum"),
            ("thay_doi", "", "Thay đổi thủ tục có tin, bài", "", "news.changes_announced", "sum"),
        ],
        "checks": [],
    },
    {
        "key": "tin-bai-chuyen-muc",
        "title": "Tin, bài theo chuyên mục",
        "rows": "source",
        "row_title": "Chuyên mục",
        "measure": "Tin, bài",
        "public": True,
        "basis": PLAN,
        "columns": [("so", "", "Số tin, bài", "", "news.articles_by_section", "sum")],
        "checks": [],
    },
    {
        "key": "tin-bai-kenh",
        "title": "Tin, bài theo kênh",
        "rows": "source",
        "row_title": "Kênh",
        "measure": "Tin, bài",
        "public": True,
        "basis": PLAN,
        "columns": [("so", "", "Số tin, bài", "", "news.articles_by_channel", "sum")],
        "checks": [],
    },
    {
        "key": "tin-bai-don-vi",
        "title": "Tin, bài theo đơn vị viết",
        "rows": "source",
        "row_title": "Đơn vị",
        "measure": "Tin, bài",
        "basis": PLAN,
        "columns": [("so", "", "Số tin, bài", "", "news.articles_by_unit", "sum")],
        "checks": [],
    },
    {
        "key": "thu-tuc",
        "title": "Công bố, công khai thủ tục hành chính",
        "public": True,
        "basis": "Nghị định 63/2010/NĐ-CP Điều 13 đến 17",
        "columns": [
            ("quyet_dinh", "", "Quyết định công bố", "", "procedures.decisions", "sum"),
            ("thay_doi", "", "Thay đổi của thủ tục", "", "procedures.changes", "sum"),
            ("dang_ap_dung", "", "Thủ tục đang áp dụng cuối kỳ", "", "procedures.in_force", "last"),
        ],
        "checks": [],
    },
    {
        "key": "thay-doi",
        "title": "Thay đổi của thủ tục theo loại",
        "rows": "source",
        "row_title": "Loại thay đổi",
        "measure": "Thủ tục",
        "public": True,
        "basis": "Nghị định 63/2010/NĐ-CP Điều 14",
        "columns": [("so", "", "Số thay đổi", "", "procedures.changes_by_kind", "sum")],
        "checks": [],
    },
    {
        "key": "pho-bien",
        "title": "Phổ biến văn bản, bồi dưỡng trong Sở",
        "basis": PLAN,
        "columns": [
            ("lan", "", "Lần phổ biến văn bản", "", "news.disseminations", "sum"),
            ("nguoi", "", "Lượt người được phổ biến", "", "news.receipts", "sum"),
            ("da_doc", "", "Lượt người đã xác nhận đọc", "", "news.receipts_read", "sum"),
            ("khoa", "", "Khóa bồi dưỡng", "", "news.trainings", "sum"),
            ("duoc_boi_duong", "", "Lượt người được bồi dưỡng", "", "news.people_trained", "sum"),
        ],
        "checks": [],
    },
    {
        "key": "ke-hoach",
        "title": "Nhiệm vụ của kế hoạch truyền thông",
        "measure": "Nhiệm vụ",
        "public": True,
        "basis": PLAN,
        "columns": [
            ("tong", "", "Tổng số", "", "=xong+dang_lam+cham+chua_den", "last"),
            ("xong", "", "Đã xong", "", "news.tasks_done", "last"),
            ("dang_lam", "", "Đang làm", "", "news.tasks_going", "last"),
            ("cham", "", "Chậm", "", "news.tasks_late", "last"),
            ("chua_den", "", "Chưa đến hạn làm", "", "news.tasks_to_come", "last"),
        ],
        "checks": [],
    },
]

TYPES: list[dict[str, Any]] = [
    {
        "key": "cchc-quy",
        "name": "Báo cáo cải cách hành chính, kiểm soát TTHC hằng quý",
        "rhythm": "quarter",
        "due_after": 1,
        "recipient": "Sở Nội vụ",
        "summary": "Kết quả công tác kiểm soát thủ tục hành chính, truyền thông hỗ trợ kiểm soát thủ tục hành chính {ky}",
        "copies_to": "Giám đốc, các Phó Giám đốc Sở\nCác phòng, đơn vị thuộc Sở\nLưu: VT, VP",
        "basis": f"{PLAN}, mục IV.3",
        "forms": ["06a", "phan-anh"],
    },
    {
        "key": "truyen-thong-nam",
        "name": "Báo cáo truyền thông hỗ trợ kiểm soát TTHC hằng năm",
        "rhythm": "year",
        "due_after": 0,
        "recipient": "Văn phòng UBND tỉnh",
        "summary": "Kết quả truyền thông hỗ trợ công tác kiểm soát thủ tục hành chính {ky}",
        "copies_to": "Giám đốc, các Phó Giám đốc Sở\nCác phòng, đơn vị thuộc Sở\nLưu: VT, VP",
        "basis": f"{PLAN}, mục IV.3",
        "forms": ["06a", "phan-anh", "truyen-thong"],
    },
]


def add(apps, schema_editor):
    using = schema_editor.connection.alias

    def rows(name):
        return apps.get_model("reports", name).objects.using(using)

    rows("ReportsSettings").create(pk=1)
    forms = {}
    for order, given in enumerate(FORMS, start=1):
        values = {**given}
        columns, checks = values.pop("columns"), values.pop("checks")
        form = forms[given["key"]] = rows("ReportForm").create(**values, order=order, first_on=FIRST_ON)
        for place, (code, number, name, group, supplier, over_time) in enumerate(columns, start=1):
            formula = supplier[1:] if supplier.startswith("=") else ""
            source = "" if formula else supplier
            rows("Indicator").create(
                form=form,
                code=code,
                number=number,
                name=name,
                group=group,
                supplier="formula" if formula else "system" if source else "units",
                source=source,
                formula=formula,
                over_time=over_time,
                order=place,
            )
        for left, relation, right, message in checks:
            rows("IndicatorCheck").create(form=form, left=left, relation=relation, right=right, message=message)
    for given in TYPES:
        values = {**given}
        keys = values.pop("forms")
        rows("ReportType").create(**values, first_on=FIRST_ON).forms.set([forms[key] for key in keys])


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_start")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop, elidable=False)]
