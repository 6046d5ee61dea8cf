"""How dates, money and names are written for Vietnamese readers."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

NBSP = "\u00a0"

# Words of two syllables that a line should not part, as they stand in the names of procedures.
_WORD_LIST = """
an toàn, bảo vệ, bồi dưỡng, bổ sung, bức xạ, bưu chính, cá nhân, cải cách, chất lượng, chẩn đoán, chỉ dẫn,
chuyển giao, chuyển nhượng, chứng chỉ, chứng nhận, công bố, công nghệ, công trình, cơ quan, cơ sở, cung cấp, dân sự,
dịch vụ, doanh nghiệp, đánh giá, đăng ký, đầu tư, đề nghị, đề tài, địa lý, điện tử, điều kiện, đo lường, đổi mới,
đơn vị, gia hạn, giám định, giải thưởng, giảm nhẹ, giấy phép, hạt nhân, hàng hóa, hành chính, hiệu chuẩn,
hiệu lực, hoạt động, hỗ trợ, hồ sơ, hợp chuẩn, hợp đồng, hợp quy, kế hoạch, kết quả, khai báo, khoa học, khuyến nghị,
kiểm định, kiểm soát, kiểm tra, kiểu dáng, kiến nghị, kinh doanh, kinh phí, kỹ thuật, mã vạch, mạng lưới, năng lực,
ngân sách, nghiên cứu, nghiệm thu, người dân, nguyên tử, nhà nước, nhãn hiệu, nhân lực, nhân viên, nhập khẩu, nhiệm vụ,
phản ánh, pháp luật, phát triển, phê duyệt, phóng xạ, phòng khám, phương tiện, quản lý, quốc gia, quyết định, quy chuẩn,
sáng chế, sáng kiến, sáng tạo, sản phẩm, sản xuất, sở hữu, sử dụng, sửa đổi, sự cố, tài liệu, tài sản, tần số,
thành lập, thay đổi, thẩm định, thiết bị, thông báo, thông tin, thông tư, thời hạn, thủ tục, thử nghiệm, thương mại,
tiếp nhận, tiêu chuẩn, tổ chức, trí tuệ, trung tâm, trực tiếp, trực tuyến, tư vấn, ứng dụng, ứng phó, vận chuyển,
văn bản, văn phòng, viễn thông, xác nhận, xuất khẩu, y tế
"""
WORDS = tuple(word.strip() for word in _WORD_LIST.split(","))
_WORD = re.compile(r"\b(?:" + "|".join(WORDS).replace(" ", "[ ]") + r")\b", re.IGNORECASE)
_COUNTED = re.compile(
    r"(\d)[ ](?=(?:ngày|giờ|tháng|năm|bản|bộ|lần|đồng|triệu|thủ tục|[KM]B)\b|[₫%])"
    r"|\b(Điều|Khoản|Điểm|Chương|Mẫu|Phụ lục|Bước|số|tháng|năm|quý)[ ](?=\d)",
    re.IGNORECASE,
)
_DASH = re.compile(r"[ \u00a0][-–][ ]")
_CODE = re.compile(
    r"\b\d+(?:/\d{4})?/[A-ZĐ][A-ZĐ0-9]*(?:-[A-ZĐ][A-ZĐ0-9]*)*\b"  # 63/2010/NĐ-CP, 12/QĐ-UBND
    r"|\b\d\.\d{6}\b(?!\.\d)"  # 1.000120; with a province's suffix it is too long to keep whole
    r"|\b\d{1,2}/\d{1,2}/\d{4}\b"
    r"|\b\d{1,2}[:h]\d{2}\s?[–-]\s?\d{1,2}[:h]\d{2}\b"
    r"|\b[Xx][- ][Qq]uang\b"
)


@register.filter
def viet_date(value: date | datetime | None) -> str:
    """Return the date as official papers write it: 01/7/2024, 15/02/2024 (NĐ 30/2020, Phụ lục I)."""
    if value is None or value == "":
        return ""
    if isinstance(value, datetime):
        value = timezone.localdate(value) if timezone.is_aware(value) else value.date()
    month = f"{value.month:02}" if value.month <= 2 else str(value.month)
    return f"{value.day:02}/{month}/{value.year}"


@register.filter
def number(value: int | float | Decimal | None) -> str:
    """Return a number with dots between thousands and a decimal comma: 1.234 and 0,5."""
    if value is None or value == "":
        return ""
    whole, _, rest = f"{value:,f}".partition(".") if not isinstance(value, int) else (f"{value:,}", "", "")
    rest = rest.rstrip("0")
    return whole.replace(",", ".") + (f",{rest}" if rest else "")


@register.filter
def money(value: int | None) -> str:
    """Return an amount in VND that no line parts: 2.000.000 ₫."""
    return f"{number(value)}{NBSP}₫" if value is not None and value != "" else ""


@register.filter
def bound(text: str | None) -> str:
    """Return the plain text with no-break spaces inside words, "Điều 8", "25 ngày" and before dashes."""
    text = _WORD.sub(lambda match: match[0].replace(" ", NBSP), str(text or ""))
    return _with_numbers_bound(text)


@register.filter
def joined(text: str | None) -> SafeString:
    """Return plain text escaped and bound, with codes and "X-quang" kept on one line."""
    return with_codes_whole(bound(text))


@register.filter
def running(text: str | None) -> SafeString:
    """Return plain text of whole sentences, escaped; lines may end inside words, not inside numbers and codes."""
    return with_codes_whole(_with_numbers_bound(str(text or "")))


def _with_numbers_bound(text: str) -> str:
    text = _COUNTED.sub(lambda match: match[0].replace(" ", NBSP), text)
    return _DASH.sub(f"{NBSP}– ", text)


def with_codes_whole(text: str, show: Callable[[str], SafeString] = conditional_escape) -> SafeString:
    """Return plain text with codes and "X-quang" kept on one line; `show` makes each piece safe."""
    pieces: list[tuple[SafeString]] = []
    end = 0
    for match in _CODE.finditer(text):
        code = format_html('<span class="nowrap">{}</span>', show(match[0]))
        pieces += [(show(text[end : match.start()]),), (code,)]
        end = match.end()
    pieces.append((show(text[end:]),))
    return format_html_join("", "{}", pieces)


@register.filter
def phone_link(number: str | None) -> str:
    """Return a telephone number that a phone can call, or nothing without one."""
    digits = re.sub(r"[^\d+]", "", number or "")
    if not digits:
        return ""
    return format_html('<a class="nowrap" href="tel:{}">{}</a>', digits, number)
