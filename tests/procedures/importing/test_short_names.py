"""Short names proposed for real long ones."""

import csv

import pytest

from portal.text import nfc
from procedures.importing.short_names import propose

NAMES = [
    ("Thủ tục cấp giấy phép tiến hành công việc bức xạ", "Cấp giấy phép tiến hành công việc bức xạ"),
    (
        "Thủ tục cấp Giấy chứng nhận đăng ký chuyển giao công nghệ (trừ trường hợp thuộc thẩm quyền của Bộ Khoa học "
        "và Công nghệ)",
        "Cấp Giấy chứng nhận đăng ký chuyển giao công nghệ",
    ),
    (
        "Cho phép thương nhân thực hiện hoạt động gia công hàng hóa thuộc Danh mục sản phẩm công nghệ thông tin đã qua "
        "sử dụng cấm nhập khẩu cho thương nhân nước ngoài để tiêu thụ ở nước ngoài",
        "Cho phép thương nhân thực hiện hoạt động gia công hàng hóa",
    ),
    (
        "Cấp giấy phép cung cấp dịch vụ viễn thông có hạ tầng mạng, loại mạng viễn thông công cộng cố định mặt đất "
        "không sử dụng băng tần số vô tuyến điện, không sử dụng số thuê bao viễn thông có phạm vi thiết lập mạng viễn "
        "thông trong một tỉnh, thành phố trực thuộc trung ương",
        "Cấp giấy phép cung cấp dịch vụ viễn thông có hạ tầng mạng",
    ),
    (
        "Thủ tục chứng nhận chuẩn đo lường dùng trực tiếp để kiểm định phương tiện đo nhóm 2.",
        "Chứng nhận chuẩn đo lường dùng trực tiếp để kiểm định phương tiện đo nhóm 2",
    ),
    (
        "Thủ tục cấp giấy phép tiến hành công việc bức xạ (vận chuyển quá cảnh nguồn phóng xạ) đối với tổ chức",
        "Cấp giấy phép tiến hành công việc bức xạ đối với tổ chức",
    ),
]


@pytest.mark.parametrize(("name", "short_name"), NAMES)
def test_a_name_is_shortened_where_a_phrase_ends(name, short_name):
    assert propose(name) == short_name


def test_a_name_that_fits_is_kept_with_its_brackets():
    assert propose("Khai báo thiết bị bức xạ (cấp tỉnh)") == "Khai báo thiết bị bức xạ (cấp tỉnh)"


def test_a_last_bracket_that_names_the_case_is_kept():
    name = "Thủ tục cấp giấy phép tiến hành công việc bức xạ (vận chuyển nguồn phóng xạ đã qua sử dụng ở trong nước)"

    assert propose(name).startswith("Cấp giấy phép tiến hành công việc bức xạ - vận chuyển nguồn phóng xạ")


def test_references_to_the_law_are_left_out():
    name = (
        "Xác nhận dự án đầu tư đáp ứng nguyên tắc hoạt động công nghệ cao theo quy định tại khoản 2 Điều 12 "
        "Nghị định số 10/2024/NĐ-CP"
    )

    assert propose(name) == "Xác nhận dự án đầu tư đáp ứng nguyên tắc hoạt động công nghệ cao"


def test_every_real_name_gives_a_name_of_at_most_80_characters_that_ends_with_a_whole_word(tthc_data):
    with (tthc_data / "danh-muc" / "full-data-2026-07.csv").open(encoding="utf-8-sig") as file:
        names = [nfc(row["Tên"]) for row in csv.DictReader(file)]

    for name in names:
        short_name = propose(name)
        assert 0 < len(short_name) <= 80, name
        assert "…" not in short_name
        assert short_name.split()[-1].casefold() not in {
            "và",
            "của",
            "cho",
            "hoặc",
            "với",
            "theo",
            "để",
            "tại",
            "các",
        }, short_name
        assert short_name.count("(") == short_name.count(")"), short_name


def test_real_short_names_end_with_a_word_of_the_name(tthc_data):
    with (tthc_data / "danh-muc" / "full-data-2026-07.csv").open(encoding="utf-8-sig") as file:
        names = [nfc(row["Tên"]) for row in csv.DictReader(file) if "bức xạ" in row["Lĩnh vực"]]

    for name in names:
        last = propose(name).split()[-1].strip("().,;").casefold()
        assert last in {word.strip("().,;").casefold() for word in name.split()}, name
