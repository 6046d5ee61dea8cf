"""What a first start shows of the ground: the department as in the 2024 plan, its units, an account a role.

Names of units are those of the plan; telephones, mail addresses and hours are illustrations.
"""

from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.db import transaction

from portal import roles
from portal.models import Organisation, Unit, User

# Known to everybody who reads this file, so accounts with it are made under DEBUG only.
PASSWORD = "chay-thu-tren-may-nay"  # noqa: S105

ORGANISATION = {
    "name": "Sở Khoa học và Công nghệ",
    "place": "tỉnh Bà Rịa - Vũng Tàu",
    "place_in_documents": "Bà Rịa - Vũng Tàu",
    "parent": "UBND tỉnh Bà Rịa - Vũng Tàu",
    "document_symbol": "SKHCN",
    "address": "Khu Trung tâm hành chính – chính trị tỉnh, thành phố Bà Rịa",
    "phone": "0254 000 000",
    "help_phone": "0254 000 001",
    "email": "vanphong@example.org",
    "working_hours": "Thứ Hai đến thứ Sáu: 7:30–11:30 và 13:30–17:00 (minh họa)",
    "reception_name": "Bộ phận Một cửa, Trung tâm Phục vụ hành chính công tỉnh",
    "reception_address": "Khu Trung tâm hành chính – chính trị tỉnh, thành phố Bà Rịa",
    "responsible": "Văn phòng Sở",
    "slogan": "Chung tay cải cách thủ tục hành chính",
}

OFFICE = "Văn phòng Sở"
SPECIALISED_DIVISION = "Phòng Quản lý chuyên ngành"
INFORMATION_CENTRE = "Trung tâm Thông tin và Ứng dụng khoa học và công nghệ"
STANDARDS_BRANCH = "Chi cục Tiêu chuẩn Đo lường Chất lượng"
STANDARDS_CENTRE = "Trung tâm Kỹ thuật Tiêu chuẩn Đo lường Chất lượng"

# Name, short name, telephone; in the order of lists.
UNITS = [
    (OFFICE, "Văn phòng", "0254 000 001"),
    (SPECIALISED_DIVISION, "Phòng QLCN", "0254 000 002"),
    (INFORMATION_CENTRE, "Trung tâm TT&ƯD KH&CN", "0254 000 003"),
    (STANDARDS_BRANCH, "Chi cục TĐC", "0254 000 004"),
    (STANDARDS_CENTRE, "Trung tâm KT TĐC", "0254 000 005"),
]


@dataclass(frozen=True)
class Account:
    username: str
    role: str
    unit: str
    job_title: str


ACCOUNTS = [
    Account("quantri", roles.ADMINISTRATOR, INFORMATION_CENTRE, "Quản trị cổng thông tin"),
    Account("vanphong", roles.OFFICE, OFFICE, "Cán bộ kiểm soát thủ tục hành chính"),
    Account("bientap", roles.EDITOR, INFORMATION_CENTRE, "Biên tập viên"),
    Account("duyetbai", roles.APPROVER, INFORMATION_CENTRE, "Người duyệt bài"),
    Account("daumoi", roles.FOCAL_PERSON, OFFICE, "Cán bộ đầu mối"),
    Account("chuyenmon", roles.FOCAL_PERSON, SPECIALISED_DIVISION, "Cán bộ đầu mối"),
    Account("lanhdao", roles.HEAD_OF_UNIT, SPECIALISED_DIVISION, "Lãnh đạo đơn vị"),
    Account("donvi", roles.UNIT, STANDARDS_BRANCH, "Cán bộ tổng hợp"),
]


@transaction.atomic
def load_organisation() -> None:
    """Add what is missing; what somebody has changed stays as it is."""
    Organisation.objects.get_or_create(pk=1, defaults=ORGANISATION)
    for order, (name, short_name, phone) in enumerate(UNITS, start=1):
        Unit.objects.get_or_create(name=name, defaults={"short_name": short_name, "phone": phone, "order": order})


@transaction.atomic
def load_accounts() -> None:
    """Add the accounts that are missing, with the known password."""
    for account in ACCOUNTS:
        user, new = User.objects.get_or_create(
            username=account.username,
            defaults={
                "is_staff": True,
                "unit": Unit.objects.get(name=account.unit),
                "job_title": account.job_title,
            },
        )
        if new:
            user.set_password(PASSWORD)
            user.save(update_fields=["password"])
            user.groups.add(Group.objects.get(name=account.role))
