"""The department's plan of communication of 2024, and this year's, copied from it as an illustration.

Contents, leads and times are the plan's own, summed up; that a task is done, and when, is an illustration
and says so.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from news.demonstration import albums, articles, internal
from news.models import (
    Album,
    Article,
    Bulletin,
    CommunicationPlan,
    Dissemination,
    Evidence,
    PlanTask,
    Publication,
    TrainingRecord,
)
from portal import demonstration
from portal.models import Unit
from procedures.models import LegalDocument

YEAR = 2024
TITLE = "Kế hoạch truyền thông hỗ trợ công tác kiểm soát thủ tục hành chính năm {year}"
DOCUMENT = "…/KH-SKHCN (2024)"
ALL_YEAR = "Thường xuyên trong năm {year}"
SUMMED_UP = "Minh họa: đã tổng kết cuối năm."
REPORTED = "Minh họa: đã gửi báo cáo."


@dataclass(frozen=True)
class Planned:
    number: str
    content: str
    lead: str
    form_of_work: str = ""
    time: str = ALL_YEAR
    first_on: tuple[int, int] = (1, 1)  # month and day
    last_on: tuple[int, int] = (12, 31)
    with_all: bool = False
    others: str = ""


def _report(number: int) -> Planned:
    quarter = ("I", "II", "III", "IV")[number - 1]
    return Planned(
        f"IV.3, quý {quarter}",
        f"Tổng hợp kết quả truyền thông kiểm soát TTHC quý {quarter} vào báo cáo kết quả CCHC.",
        demonstration.OFFICE,
        "Báo cáo gửi Sở Nội vụ.",
        "Chậm nhất ngày 15 tháng cuối quý",
        (3 * number - 2, 1),
        (3 * number, 15),
    )


TASKS = [
    Planned(
        "II.1",
        "Truyền thông công tác kiểm soát TTHC đến cán bộ, công chức, viên chức của Sở: các nghị định về kiểm soát "
        "TTHC, về tiếp nhận phản ánh, kiến nghị, về cơ chế một cửa, Chỉ thị 30/CT-TTg và các văn bản liên quan.",
        demonstration.OFFICE,
        "Ban hành, phổ biến văn bản triển khai, quán triệt, chỉ đạo; cử người đi bồi dưỡng kỹ năng giao tiếp, kỹ năng "
        "tiếp nhận, xử lý hồ sơ.",
        with_all=True,
    ),
    Planned(
        "II.2",
        "Truyền thông công tác kiểm soát TTHC đến người dân, doanh nghiệp: địa chỉ, cá nhân đầu mối tiếp nhận phản "
        "ánh, kiến nghị; công khai TTHC; mô hình, cách làm hay; rà soát TTHC; lấy ý kiến người dân qua hệ thống "
        "điện tử.",
        demonstration.INFORMATION_CENTRE,
        "Xây dựng, duy trì, mở rộng chuyên mục CCHC - Kiểm soát TTHC; viết, đăng tin, bài, hình ảnh trên trang của Sở "
        "và các đơn vị trực thuộc.",
        with_all=True,
        others="Các cơ quan có liên quan",
    ),
    Planned(
        "IV.1",
        "Thủ trưởng các phòng, cơ quan, đơn vị tham mưu văn bản thông báo việc ban hành mới, bãi bỏ, sửa đổi, bổ sung "
        "TTHC, quy trình nội bộ, phí, lệ phí, giá dịch vụ; định kỳ cung cấp số liệu để Văn phòng Sở tổng hợp.",
        demonstration.OFFICE,
        "Từng đơn vị thực hiện, gắn với bộ chỉ số CCHC; Văn phòng Sở tổng hợp.",
        with_all=True,
    ),
    Planned(
        "IV.2",
        "Duy trì, mở rộng chuyên mục “CCHC - Kiểm soát TTHC”; phổ biến văn bản về CCHC, kiểm soát TTHC; nhân rộng mô "
        "hình, cách làm hay.",
        demonstration.INFORMATION_CENTRE,
        "Cập nhật, đăng tin, bài, hình ảnh.",
        with_all=True,
    ),
    Planned("IV.3", "Rà soát, tham mưu kiện toàn Bộ phận Kiểm soát TTHC.", demonstration.OFFICE),
    _report(1),
    _report(2),
    _report(3),
    _report(4),
    Planned(
        "IV.3, cả năm",
        "Tổng hợp, báo cáo kết quả tuyên truyền công tác kiểm soát TTHC năm {year} của Sở.",
        demonstration.OFFICE,
        "Báo cáo gửi Văn phòng UBND tỉnh.",
        "Trước ngày 15/12/{year}",
        last_on=(12, 14),
    ),
]


@transaction.atomic
def load(*, at: datetime) -> int:
    """Add the plan of 2024 and this year's, where there is no plan at all; return how many are new.

    What the other demonstrations have made is linked to its tasks, so this comes after them.
    """
    if CommunicationPlan.objects.exists():
        return 0
    on = timezone.localdate(at)
    plan = _add(YEAR, TITLE)
    plan.document = LegalDocument.objects.filter(number=DOCUMENT).first()
    plan.save(update_fields=["document"])
    if on.year == YEAR:
        return 1
    plan.tasks.update(done_on=date(YEAR, 12, 31), result=SUMMED_UP)
    _report_all_but_the_last(_add(on.year, f"{TITLE} (minh họa)"), on)
    _link(at)
    return 2


def _add(year: int, title: str) -> CommunicationPlan:
    plan = CommunicationPlan.objects.create(year=year, title=title.format(year=year), public=True)
    units = {unit.name: unit for unit in Unit.objects.filter(name__in=[name for name, *_ in demonstration.UNITS])}
    for order, planned in enumerate(TASKS, start=1):
        task = PlanTask.objects.create(
            plan=plan,
            number=planned.number,
            content=planned.content.format(year=year),
            lead=units[planned.lead],
            cooperating_others=planned.others,
            time=planned.time.format(year=year),
            first_on=date(year, *planned.first_on),
            last_on=date(year, *planned.last_on),
            form_of_work=planned.form_of_work,
            order=order,
        )
        if planned.with_all:
            task.cooperating.set(unit for unit in units.values() if unit != task.lead)
    return plan


def _report_all_but_the_last(plan: CommunicationPlan, on: date) -> None:
    """Leave one task late, so that a first start shows what that looks like."""
    for task in list(plan.tasks.late(on).order_by("last_on"))[:-1]:
        task.done_on, task.result = task.last_on, REPORTED
        task.save(update_fields=["done_on", "result"])


def _link(at: datetime) -> None:
    """Note what the other demonstrations hold as done for the task of its year."""
    tasks = {(task.plan.year, task.number): task for task in PlanTask.objects.select_related("plan")}
    for course, _, first_on, *_ in internal.TRAININGS:
        for training in TrainingRecord.objects.filter(course=course, first_on=first_on):
            _note(tasks.get((first_on.year, "II.1")), training)
    for title, *_ in internal.DISSEMINATIONS:
        for dissemination in Dissemination.objects.filter(title=title, sent_at__isnull=False):
            _note(tasks.get((timezone.localdate(dissemination.sent_at).year, "II.1")), dissemination)
    shown: list[Publication] = [
        *Article.objects.published(at).filter(source=articles.SOURCE),
        *Album.objects.published(at).filter(title=albums.TITLE),
        *Bulletin.objects.published(at),
    ]
    for publication in shown:
        if publication.publish_at:
            _note(tasks.get((timezone.localdate(publication.publish_at).year, "II.2")), publication)


def _note(task: PlanTask | None, item: Model) -> None:
    if task:
        Evidence.objects.create(task=task, item=item)
