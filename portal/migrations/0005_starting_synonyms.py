"""Words that people use for what procedures call otherwise; the office adds to them and corrects them."""

from django.db import migrations

# Abbreviations in common use, then everyday words.
SYNONYMS = {
    "SHTT": "sở hữu trí tuệ",
    "SHCN": "sở hữu công nghiệp",
    "KHCN": "khoa học và công nghệ",
    "KH&CN": "khoa học và công nghệ",
    "NCKH": "nghiên cứu khoa học",
    "ĐMST": "đổi mới sáng tạo",
    "CNTT": "công nghệ thông tin",
    "CNC": "công nghệ cao",
    "TCĐLCL": "tiêu chuẩn đo lường chất lượng",
    "ATBX": "an toàn bức xạ",
    "NLNT": "năng lượng nguyên tử",
    "CGCN": "chuyển giao công nghệ",
    "QCVN": "quy chuẩn kỹ thuật quốc gia",
    "TCVN": "tiêu chuẩn quốc gia",
    "TSVTĐ": "tần số vô tuyến điện",
    "TTHC": "thủ tục hành chính",
    "UBND": "ủy ban nhân dân",
    "GCN": "giấy chứng nhận",
    "GPLX": "giấy phép lái xe",
    "GPXD": "giấy phép xây dựng",
    "ĐKKD": "đăng ký kinh doanh",
    "QSDĐ": "quyền sử dụng đất",
    "CCCD": "căn cước công dân",
    "CMND": "chứng minh nhân dân",
    "BHXH": "bảo hiểm xã hội",
    "BHYT": "bảo hiểm y tế",
    "BHTN": "bảo hiểm thất nghiệp",
    "TNLĐ": "tai nạn lao động",
    "BNN": "bệnh nghề nghiệp",
    "PCCC": "phòng cháy chữa cháy",
    "ATTP": "an toàn thực phẩm",
    "VSATTP": "vệ sinh an toàn thực phẩm",
    "ĐTM": "đánh giá tác động môi trường",
    "DNNVV": "doanh nghiệp nhỏ và vừa",
    "HTX": "hợp tác xã",
    "máy chụp răng": "X-quang",
    "máy chụp phim": "X-quang",
    "máy soi hành lý": "thiết bị bức xạ",
    "logo": "nhãn hiệu",
    "thương hiệu": "nhãn hiệu",
    "bằng phát minh": "bằng độc quyền sáng chế",
    "barcode": "mã số mã vạch",
    "chuyển phát": "bưu chính",
    "bộ đàm": "đài vô tuyến điện",
    "cân đồng hồ": "phương tiện đo",
    "đề tài": "nhiệm vụ khoa học và công nghệ",
    "startup": "khởi nghiệp sáng tạo",
    "bằng lái": "giấy phép lái xe",
    "sổ đỏ": "giấy chứng nhận quyền sử dụng đất",
    "sổ hồng": "giấy chứng nhận quyền sử dụng đất",
    "đăng kiểm": "kiểm định",
    "thế chấp": "biện pháp bảo đảm",
    "hộ khẩu": "đăng ký thường trú",
}


def add(apps, schema_editor) -> None:
    synonym = apps.get_model("portal", "SearchSynonym")
    synonym.objects.bulk_create(
        [synonym(phrase=phrase, meaning=meaning) for phrase, meaning in SYNONYMS.items()], ignore_conflicts=True
    )


class Migration(migrations.Migration):
    dependencies = [("portal", "0004_role_groups")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
