"""Outlines to start from, built from NĐ 63/2010 Đ35.3 and the plan (RULES R3, R4, R9); the office edits them."""

from typing import Any

from django.db import migrations

# Of a part: key, number, heading, kind, form, template.
QUARTER: list[tuple[str, str, str, str, str, str]] = [
    (
        "mo-dau",
        "",
        "",
        "text",
        "",
        "Thực hiện {ke_hoach}, {don_vi} báo cáo kết quả công tác kiểm soát thủ tục hành chính "
        "(TTHC), truyền thông hỗ trợ công tác kiểm soát TTHC {ky} (số liệu từ ngày {tu_ngay} đến "
        "ngày {den_ngay}) như sau:",
    ),
    (
        "ket-qua",
        "I.",
        "Kết quả thực hiện",
        "text",
        "",
        "",
    ),
    (
        "cong-bo",
        "1.",
        "Công bố, công khai thủ tục hành chính",
        "text",
        "",
        "[có thu-tuc.quyet_dinh: Trong kỳ, Sở đã công khai {thu-tuc.quyet_dinh} quyết định công bố "
        "TTHC.][không thu-tuc.quyet_dinh: Trong kỳ không có quyết định công bố TTHC mới được công "
        "khai.] [có thu-tuc.thay_doi: Có {thu-tuc.thay_doi} thay đổi của TTHC áp dụng trong kỳ "
        "({thay-doi.so:cac_dong}).] Đến ngày {den_ngay} có {thu-tuc.dang_ap_dung} TTHC thuộc phạm vi "
        "của Sở đang áp dụng, được công khai đầy đủ các bộ phận cấu thành trên chuyên mục CCHC - "
        "Kiểm soát TTHC.",
    ),
    (
        "giai-quyet",
        "2.",
        "Giải quyết thủ tục hành chính, cơ chế một cửa, môi trường điện tử",
        "text",
        "",
        "Tổng số hồ sơ tiếp nhận: {06a.3} hồ sơ, {06a.3:so_sanh hồ sơ}. [có 06a.4: Trong đó nộp trực "
        "tuyến {06a.4} hồ sơ, đạt {06a.4%06a.4+06a.5}.]\n"
        "Đã giải quyết {06a.7} hồ sơ; trước và đúng hạn đạt {06a.8+06a.9%06a.7}. [có 06a.10: Quá hạn "
        "{06a.10} hồ sơ.][không 06a.10: Không có hồ sơ quá hạn.] Đang giải quyết {06a.11} hồ sơ[có "
        "06a.13: , trong đó quá hạn {06a.13} hồ sơ].",
    ),
    (
        "phan-anh",
        "3.",
        "Tiếp nhận, xử lý phản ánh, kiến nghị",
        "text",
        "",
        "[không phan-anh.tong: Trong kỳ không có phản ánh, kiến nghị phải xử lý.][có phan-anh.tong: "
        "Tổng số phản ánh, kiến nghị phải xử lý: {phan-anh.tong}, gồm tiếp nhận trong kỳ "
        "{phan-anh.trong_ky}, kỳ trước chuyển sang {phan-anh.ky_truoc}. Đã xử lý {phan-anh.da_xong}, "
        "trong đó trả lời {phan-anh.tra_loi} (đúng hạn {phan-anh.dung_han%phan-anh.tra_loi}), chuyển "
        "cơ quan có thẩm quyền {phan-anh.chuyen}. Đang xử lý {phan-anh.dang_xu_ly}.] [có "
        "phan-anh.cong_khai: Đã công khai {phan-anh.cong_khai} câu trả lời trên chuyên mục.]",
    ),
    (
        "truyen-thong",
        "4.",
        "Truyền thông hỗ trợ công tác kiểm soát thủ tục hành chính",
        "text",
        "",
        "[có tin-bai.so: Đã đăng {tin-bai.so} tin, bài trên chuyên mục CCHC - Kiểm soát TTHC, "
        "{tin-bai.so:so_sanh tin, bài}; {tin-bai.so:so_sanh_nam tin, bài}.][không tin-bai.so: Trong "
        "kỳ chuyên mục chưa có tin, bài mới.] [có tin-bai.ban_tin: Phát hành {tin-bai.ban_tin} bản "
        "tin.] [có tin-bai.album: Đăng {tin-bai.album} album ảnh.]\n"
        "[có truyen-thong.tin_bai: Ngoài chuyên mục, các đơn vị thực hiện {truyen-thong.tin_bai} "
        "tin, bài, {truyen-thong.hinh_anh} hình ảnh.] [có truyen-thong.hoi_nghi: Tổ chức "
        "{truyen-thong.hoi_nghi} hội nghị, lớp tập huấn với {truyen-thong.luot_nguoi} lượt người "
        "dự.] [có pho-bien.lan: Phổ biến văn bản {pho-bien.lan} lần đến {pho-bien.nguoi} lượt người, "
        "đã xác nhận đọc {pho-bien.da_doc%pho-bien.nguoi}.]",
    ),
    (
        "tin-bai-theo-muc",
        "",
        "",
        "table",
        "tin-bai-chuyen-muc",
        "",
    ),
    (
        "bieu-do-tin-bai",
        "",
        "",
        "chart",
        "tin-bai-chuyen-muc",
        "",
    ),
    (
        "kho-khan",
        "II.",
        "Khó khăn, vướng mắc và đề xuất, kiến nghị",
        "difficulties",
        "",
        "",
    ),
    (
        "phuong-huong",
        "III.",
        "Nhiệm vụ trọng tâm kỳ tới",
        "text",
        "",
        "Tiếp tục thực hiện các nhiệm vụ của {ke_hoach}; cập nhật, công khai kịp thời TTHC; xử lý "
        "phản ánh, kiến nghị đúng hạn.",
    ),
    (
        "ket",
        "",
        "",
        "text",
        "",
        "Trên đây là kết quả công tác kiểm soát TTHC, truyền thông hỗ trợ kiểm soát TTHC {ky} của {don_vi}.",
    ),
]
YEAR: list[tuple[str, str, str, str, str, str]] = [
    (
        "mo-dau",
        "",
        "",
        "text",
        "",
        "Thực hiện {ke_hoach}, {don_vi} báo cáo kết quả truyền thông hỗ trợ công tác kiểm soát thủ "
        "tục hành chính (TTHC) {ky} (số liệu từ ngày {tu_ngay} đến ngày {den_ngay}) như sau:",
    ),
    (
        "tinh-hinh",
        "I.",
        "Tình hình chung",
        "text",
        "",
        "[có ke-hoach.tong: Kế hoạch có {ke-hoach.tong} nhiệm vụ: {ke-hoach.xong} nhiệm vụ đã xong, "
        "{ke-hoach.dang_lam} nhiệm vụ đang thực hiện, {ke-hoach.cham} nhiệm vụ chậm.]"
        "[không ke-hoach.tong: Trong năm chưa có kế hoạch trên hệ thống.]\n"
        "Trong năm có {06a.3} hồ sơ TTHC được tiếp nhận, {06a.3:so_sanh_nam hồ sơ}; đã giải quyết "
        "{06a.7} hồ sơ, trước và đúng hạn đạt {06a.8+06a.9%06a.7}.",
    ),
    (
        "ket-qua",
        "II.",
        "Kết quả truyền thông",
        "text",
        "",
        "",
    ),
    (
        "noi-bo",
        "1.",
        "Truyền thông đến cán bộ, công chức, viên chức",
        "text",
        "",
        "[có pho-bien.lan: Phổ biến văn bản {pho-bien.lan} lần đến {pho-bien.nguoi} lượt người, đã "
        "xác nhận đọc {pho-bien.da_doc%pho-bien.nguoi}.][không pho-bien.lan: Trong năm chưa phổ biến "
        "văn bản qua hệ thống.] [có pho-bien.khoa: Cử {pho-bien.duoc_boi_duong} lượt người dự "
        "{pho-bien.khoa} khóa bồi dưỡng.] [có truyen-thong.van_ban: Các đơn vị ban hành "
        "{truyen-thong.van_ban} văn bản triển khai, quán triệt.]",
    ),
    (
        "nguoi-dan",
        "2.",
        "Truyền thông đến người dân, doanh nghiệp",
        "text",
        "",
        "Đăng {tin-bai.so} tin, bài trên chuyên mục CCHC - Kiểm soát TTHC, {tin-bai.so:so_sanh_nam "
        "tin, bài}; theo kênh: {tin-bai-kenh.so:cac_dong}. [có tin-bai.ban_tin: Phát hành "
        "{tin-bai.ban_tin} bản tin.] [có tin-bai.thay_doi: Giới thiệu {tin-bai.thay_doi} thay đổi "
        "của TTHC bằng tin, bài.]\n"
        "[có truyen-thong.hoi_nghi: Các đơn vị tổ chức {truyen-thong.hoi_nghi} hội nghị, lớp tập "
        "huấn với {truyen-thong.luot_nguoi} lượt người dự.]",
    ),
    (
        "bieu-do",
        "",
        "",
        "chart",
        "tin-bai-chuyen-muc",
        "",
    ),
    (
        "phan-anh",
        "3.",
        "Tiếp nhận, xử lý phản ánh, kiến nghị",
        "text",
        "",
        "[không phan-anh.tong: Trong năm không có phản ánh, kiến nghị phải xử lý.][có phan-anh.tong: "
        "Phải xử lý {phan-anh.tong} phản ánh, kiến nghị; đã xử lý {phan-anh.da_xong}, trả lời "
        "{phan-anh.tra_loi}, đúng hạn đạt {phan-anh.dung_han%phan-anh.tra_loi}; công khai "
        "{phan-anh.cong_khai} câu trả lời.]",
    ),
    (
        "cong-khai",
        "4.",
        "Công khai, rà soát thủ tục hành chính",
        "text",
        "",
        "Đến ngày {den_ngay} có {thu-tuc.dang_ap_dung} TTHC đang áp dụng được công khai. [có "
        "thu-tuc.thay_doi: Trong năm có {thu-tuc.thay_doi} thay đổi của TTHC "
        "({thay-doi.so:cac_dong}).]",
    ),
    (
        "nhiem-vu",
        "III.",
        "Kết quả thực hiện nhiệm vụ của kế hoạch",
        "plan",
        "",
        "",
    ),
    (
        "kho-khan",
        "IV.",
        "Khó khăn, vướng mắc và đề xuất, kiến nghị",
        "difficulties",
        "",
        "",
    ),
    (
        "phuong-huong",
        "V.",
        "Phương hướng năm tới",
        "text",
        "",
        "Xây dựng, thực hiện kế hoạch truyền thông năm tới; nâng chất lượng tin, bài; mở rộng lấy ý "
        "kiến người dân, doanh nghiệp bằng hình thức điện tử.",
    ),
    (
        "ket",
        "",
        "",
        "text",
        "",
        "Trên đây là kết quả truyền thông hỗ trợ công tác kiểm soát TTHC {ky} của {don_vi}.",
    ),
]
OUTLINES: dict[str, list[tuple[str, str, str, str, str, str]]] = {"cchc-quy": QUARTER, "truyen-thong-nam": YEAR}


def add(apps: Any, schema_editor: Any) -> None:
    using = schema_editor.connection.alias

    def rows(name: str) -> Any:
        return apps.get_model("reports", name).objects.using(using)

    for key, parts in OUTLINES.items():
        report_type = rows("ReportType").get(key=key)
        for order, (part, number, heading, kind, form, template) in enumerate(parts, start=1):
            rows("OutlinePart").create(
                report_type=report_type,
                key=part,
                number=number,
                heading=heading,
                kind=kind,
                form=rows("ReportForm").get(key=form) if form else None,
                template=template,
                order=order,
            )


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_defaults")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop, elidable=False)]
