"""Difficulties of three years, most of them answered; each says that it is made up."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from portal import demonstration
from portal.models import Unit, User
from procedures.models import Field
from reports.models import Difficulty

Kind, Status = Difficulty.Kind, Difficulty.Status
MADE_UP = "Nội dung minh họa."
QLCN, CENTRE = demonstration.SPECIALISED_DIVISION, demonstration.INFORMATION_CENTRE
BRANCH, TESTING = demonstration.STANDARDS_BRANCH, demonstration.STANDARDS_CENTRE


@dataclass(frozen=True)
class Told:
    raised_on: date
    unit: str
    kind: str
    title: str
    content: str
    proposal: str = ""
    field: str = ""
    answer: str = ""
    answered_after: int = 0  # days
    solved_after: int = 0  # days; 0: not solved
    withdrawn: bool = False


TOLD = [
    Told(
        date(2023, 2, 21),
        BRANCH,
        Kind.SYSTEM,
        "Hồ sơ nộp trực tuyến chưa tự chuyển sang phần mềm một cửa của tỉnh",
        "Cán bộ phải nhập lại thông tin của từng hồ sơ nộp trực tuyến.",
        "Kết nối hai hệ thống để hồ sơ tự chuyển.",
        "Tiêu chuẩn đo lường chất lượng",
        "Đơn vị vận hành hệ thống một cửa đã kết nối; đơn vị kiểm tra lại trong tháng.",
        8,
        45,
    ),
    Told(
        date(2023, 8, 9),
        QLCN,
        Kind.REGULATION,
        "Thành phần hồ sơ cấp giấy phép bức xạ trùng với giấy tờ Sở đã cấp",
        "Cơ sở y tế phải nộp lại bản sao chứng chỉ nhân viên bức xạ do Sở cấp và còn hạn.",
        "Bỏ bản sao chứng chỉ khỏi thành phần hồ sơ.",
        "An toàn bức xạ và hạt nhân",
        "Sở đưa nội dung này vào kế hoạch rà soát năm sau và kiến nghị Bộ Khoa học và Công nghệ.",
        12,
        320,
    ),
    Told(
        date(2024, 1, 17),
        CENTRE,
        Kind.PRACTICE,
        "Thiếu tin, ảnh từ các phòng, đơn vị để đăng chuyên mục",
        "Ba tháng liền chỉ có hai đơn vị gửi tin.",
        "Giao mỗi đơn vị ít nhất một tin mỗi tháng.",
        answer="Kế hoạch năm 2024 đã giao chỉ tiêu tin, bài cho từng đơn vị.",
        answered_after=6,
        solved_after=70,
    ),
    Told(
        date(2024, 7, 23),
        TESTING,
        Kind.PRACTICE,
        "Chưa có mẫu thống nhất để thống kê lượt người dự tập huấn",
        "Mỗi lớp ghi một kiểu nên khó cộng theo quý.",
        "Văn phòng Sở ban hành mẫu danh sách dùng chung.",
    ),
    Told(
        date(2024, 8, 20),
        BRANCH,
        Kind.SYSTEM,
        "Chữ ký số của lãnh đạo lỗi trên phần mềm một cửa vào cuối tháng",
        "Kết quả giải quyết phải in, ký giấy rồi quét lại.",
        field="Tiêu chuẩn đo lường chất lượng",
    ),
    Told(
        date(2025, 3, 12),
        QLCN,
        Kind.PRACTICE,
        "Hồ sơ của các lĩnh vực mới chuyển về chưa bàn giao đủ trên hệ thống",
        "Một số hồ sơ đang giải quyết chỉ có bản giấy.",
        "Lập danh sách bàn giao, nhập lại lên hệ thống trong quý.",
        answer="Đã thống nhất danh sách bàn giao. Phòng nhập lên hệ thống trước khi hết quý II.",
        answered_after=5,
        solved_after=60,
    ),
    Told(
        date(2025, 9, 4),
        CENTRE,
        Kind.SYSTEM,
        "Dung lượng ảnh của album vượt mức cho phép khi đăng nhiều sự kiện",
        "Phải giảm kích thước ảnh bằng tay.",
        answer="Trang đã tự thu nhỏ ảnh khi tải lên.",
        answered_after=3,
        solved_after=20,
    ),
    Told(
        date(2026, 1, 28),
        TESTING,
        Kind.OTHER,
        "Nhiều phương tiện đo đến hạn kiểm định cùng lúc sau Tết",
        "Số hồ sơ tháng 3 gấp đôi các tháng khác.",
        "Cho đăng ký lịch kiểm định trước.",
        answer="Trung tâm mở đăng ký lịch trước từ quý II. Văn phòng Sở đưa hướng dẫn lên trang.",
        answered_after=9,
    ),
    Told(
        date(2026, 5, 19),
        QLCN,
        Kind.REGULATION,
        "Mẫu đơn của Bộ đổi nhưng biểu mẫu điện tử chưa đổi theo",
        "Người nộp điền mẫu cũ rồi phải bổ sung.",
        "Cập nhật biểu mẫu điện tử cùng ngày mẫu mới có hiệu lực.",
        "Sở hữu trí tuệ",
        withdrawn=True,
    ),
    Told(
        date(2026, 10, 13),
        QLCN,
        Kind.SYSTEM,
        "Dữ liệu tiến độ trên Cổng Dịch vụ công cập nhật chậm một ngày",
        "Người dân gọi điện hỏi vì trang tra cứu chưa thấy kết quả đã trả.",
        "Đồng bộ tiến độ hai giờ một lần.",
        "Hoạt động khoa học và công nghệ",
    ),
    Told(
        date(2026, 11, 10),
        BRANCH,
        Kind.PRACTICE,
        "Bưu cục trả kết quả chậm ở các xã đảo",
        "Kết quả về sau ngày hẹn từ hai đến ba ngày.",
        "Làm việc với bưu điện về thời gian phát.",
    ),
]


def load(*, at: datetime) -> None:
    """Add them, as far as they have been raised by now, unless there are some."""
    if Difficulty.objects.exists():
        return
    on = timezone.localdate(at)
    units = {unit.name: unit for unit in Unit.objects.all()}
    fields = {field.name: field for field in Field.objects.all()}
    accounts = {user.username: user for user in User.objects.all()}
    people = {account.unit: accounts.get(account.username) for account in demonstration.ACCOUNTS}
    Difficulty.objects.bulk_create(
        _difficulty(told, units[told.unit], fields.get(told.field), people.get(told.unit), accounts.get("vanphong"), on)
        for told in TOLD
        if told.raised_on <= on and told.unit in units
    )


def _difficulty(
    told: Told, unit: Unit, field: Field | None, raiser: User | None, office: User | None, on: date
) -> Difficulty:
    row = Difficulty(
        unit=unit,
        kind=told.kind,
        title=told.title,
        content=f"{told.content} {MADE_UP}",
        proposal=told.proposal,
        field=field,
        raised_on=told.raised_on,
        raised_by=raiser,
        status=Status.WITHDRAWN if told.withdrawn else Status.RAISED,
    )
    answered_on = told.raised_on + timedelta(days=told.answered_after)
    solved_on = told.raised_on + timedelta(days=told.solved_after)
    if told.answer and answered_on <= on:
        row.status, row.answer = Status.ANSWERED, told.answer
        row.answered_on, row.answered_by = answered_on, office
    if told.solved_after and solved_on <= on:
        row.solved_on = solved_on
    return row
