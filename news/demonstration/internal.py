"""Illustrations of what is done inside the department: documents of the plan made known, trainings, the team, a review.

Units, documents and kinds of training are those of the 2024 plan; numbers of people, days and results
are illustrations and say so. People are named by their position only.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from news import disseminating
from news.models import Dissemination, ReviewPlan, TrainingRecord
from portal import demonstration as ground
from portal.models import TeamMember, Unit, User
from procedures.models import LegalDocument, Procedure

# Title, message, numbers of the documents, days from now until which they are to be read, and who has read them.
DISSEMINATIONS = [
    (
        "Các nghị định về kiểm soát thủ tục hành chính",
        "Nắm quy định về công bố, công khai thủ tục và tiếp nhận phản ánh, kiến nghị, nêu ở mục II.1 của kế hoạch "
        "năm 2024. (Nội dung minh họa.)",
        ["63/2010/NĐ-CP", "48/2013/NĐ-CP", "92/2017/NĐ-CP", "20/2008/NĐ-CP"],
        -3,
        ["vanphong", "daumoi", "bientap"],
    ),
    (
        "Thực hiện cơ chế một cửa, một cửa liên thông",
        "Nghị định 118/2025/NĐ-CP thay cho hai nghị định mà kế hoạch năm 2024 nêu. Người tiếp nhận hồ sơ đọc kỹ. "
        "(Nội dung minh họa.)",
        ["118/2025/NĐ-CP", "61/2018/NĐ-CP", "107/2021/NĐ-CP", "30/CT-TTg (2018)"],
        7,
        ["vanphong"],
    ),
]
# Course, skill, first and last day, people by unit.
TRAININGS = [
    (
        "Kỹ năng giao tiếp với khách hàng (minh họa)",
        "Giao tiếp với khách hàng",
        date(2024, 5, 14),
        date(2024, 5, 15),
        [(ground.OFFICE, 2), (ground.SPECIALISED_DIVISION, 2), (ground.STANDARDS_BRANCH, 3)],
    ),
    (
        "Kỹ năng nghiệp vụ tiếp nhận, xử lý hồ sơ (minh họa)",
        "Tiếp nhận, xử lý hồ sơ",
        date(2024, 8, 20),
        date(2024, 8, 21),
        [(ground.OFFICE, 2), (ground.SPECIALISED_DIVISION, 3)],
    ),
]
# Position, role in the team, unit, first and last day.
TEAM = [
    ("Chánh Văn phòng Sở", "Trưởng bộ phận", ground.OFFICE, date(2024, 1, 2), None),
    ("Cán bộ đầu mối - Văn phòng Sở", "Thường trực", ground.OFFICE, date(2024, 1, 2), None),
    ("Chuyên viên Phòng Quản lý chuyên ngành", "Thành viên", ground.SPECIALISED_DIVISION, date(2024, 1, 2), None),
    ("Chuyên viên Chi cục", "Thành viên", ground.STANDARDS_BRANCH, date(2024, 1, 2), date(2025, 6, 30)),
    ("Phó Chi cục trưởng", "Thành viên", ground.STANDARDS_BRANCH, date(2025, 7, 1), None),
    ("Biên tập viên của trung tâm", "Thành viên", ground.INFORMATION_CENTRE, date(2024, 1, 2), None),
]
REVIEW_YEAR = 2024
# Unit, first and last day, basis, product, outcome, proposal, day of the result.
REVIEWS = [
    (
        ground.SPECIALISED_DIVISION,
        date(2024, 2, 1),
        date(2024, 6, 28),
        "Thành phần hồ sơ có thể lấy từ cơ sở dữ liệu. (Minh họa.)",
        "simplify",
        "Đề nghị bớt một giấy tờ khi cơ quan giải quyết đã tra cứu được. (Minh họa.)",
        date(2024, 6, 25),
    ),
    (
        ground.SPECIALISED_DIVISION,
        date(2024, 2, 1),
        date(2024, 7, 31),
        "Nhiều người hỏi về mẫu đơn. (Minh họa.)",
        "amend",
        "Đề nghị sửa mẫu đơn cho dễ điền. (Minh họa.)",
        date(2024, 7, 30),
    ),
    (
        ground.STANDARDS_BRANCH,
        date(2024, 3, 1),
        date(2024, 8, 30),
        "Rà soát định kỳ. (Minh họa.)",
        "keep",
        "",
        date(2024, 8, 28),
    ),
]


@transaction.atomic
def load(*, at: datetime, people: bool) -> None:
    """Add what is missing; what is there already stays as it is.

    With `people`, documents are sent to everybody with an account: for machines that have but the demonstration's.
    """
    units = {unit.name: unit for unit in Unit.objects.filter(name__in=[name for name, _, _ in ground.UNITS])}
    _load_team(units)
    _load_trainings(units)
    _load_review(units)
    if people:
        _load_disseminations(at)


def _load_team(units: dict[str, Unit]) -> None:
    if TeamMember.objects.exists():
        return
    for order, (name, role, unit, first_on, last_on) in enumerate(TEAM, start=1):
        days = {"first_on": first_on, "last_on": last_on}
        decision = "Quyết định kiện toàn (minh họa)"
        TeamMember.objects.create(name=name, role=role, unit=units[unit], decision=decision, order=order, **days)


def _load_trainings(units: dict[str, Unit]) -> None:
    for course, skill, first_on, last_on, people in TRAININGS:
        record, new = TrainingRecord.objects.get_or_create(
            course=course, defaults={"skill": skill, "first_on": first_on, "last_on": last_on}
        )
        if new:
            for unit, count in people:
                record.attendances.create(unit=units[unit], people=count)


def _load_review(units: dict[str, Unit]) -> None:
    procedures = list(Procedure.objects.published().order_by("code")[: len(REVIEWS)])
    if not procedures or ReviewPlan.objects.filter(year=REVIEW_YEAR).exists():
        return
    title = f"Kế hoạch rà soát thủ tục hành chính năm {REVIEW_YEAR} (minh họa)"
    plan = ReviewPlan.objects.create(year=REVIEW_YEAR, title=title, sent_on=date(REVIEW_YEAR, 1, 24), public=True)
    for order, (procedure, row) in enumerate(zip(procedures, REVIEWS, strict=False), start=1):
        unit, first_on, last_on, basis, outcome, proposal, done_on = row
        plan.items.create(
            procedure=procedure,
            agency=units[unit],
            first_on=first_on,
            last_on=last_on,
            basis=basis,
            product="Báo cáo kết quả rà soát",
            outcome=outcome,
            proposal=proposal,
            done_on=done_on,
            order=order,
        )


def _load_disseminations(at: datetime) -> None:
    sender = User.objects.filter(username="vanphong").first()
    if sender is None:
        return
    for title, message, numbers, days, readers in DISSEMINATIONS:
        documents = LegalDocument.objects.filter(number__in=numbers)
        if not documents or Dissemination.objects.filter(title=title).exists():
            continue
        read_by = timezone.localdate(at) + timedelta(days=days)
        row = Dissemination.objects.create(
            title=title, message=message, to_all=True, read_by=read_by, created_by=sender
        )
        row.documents.set(documents)
        disseminating.send(row, by=sender, at=at - timedelta(days=10))
        receipts = row.receipts.filter(user__username__in=readers).select_related("user")
        for number, receipt in enumerate(receipts, start=1):
            disseminating.confirm(receipt, by=receipt.user, at=at - timedelta(days=10 - number))
