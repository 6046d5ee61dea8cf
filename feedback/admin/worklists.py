"""What waits, in the office's words: the filters of the list and the tasks of the first page are the same questions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.urls import reverse

from feedback.models import OPEN, Answer, PublicAnswer, Submission
from portal import calendar
from portal.admin_site import Task, tasks
from portal.models import User

Status = Submission.Status
PARAMETER = "viec"
SOON = 3  # working days


@dataclass(frozen=True)
class Work:
    key: str  # in the address
    label: str
    which: Callable[[date], Q]


def _status(*statuses: Submission.Status) -> Callable[[date], Q]:
    return lambda on: Q(status__in=statuses)


def _overdue(on: date) -> Q:
    return Q(status__in=OPEN, answer_due_on__lt=on)


def _due_soon(on: date) -> Q:
    return Q(status__in=OPEN, answer_due_on__range=(on, calendar.add_working_days(on, SOON).day))


WORKS = [
    Work("phan-loai", "Cần phân loại", _status(Status.REGISTERED)),
    Work("qua-han", "Quá hạn", _overdue),
    Work("sap-den-han", "Sắp đến hạn (3 ngày)", _due_soon),
    Work("duyet-tra-loi", "Chờ duyệt trả lời", lambda on: Q(answers__status=Answer.Status.SUBMITTED)),
    Work("cho-gui", "Đã duyệt, chờ gửi", lambda on: Q(answers__status=Answer.Status.APPROVED)),
    Work("xem-lai", "Đề nghị xem lại", _status(Status.DISPUTED)),
    Work("chua-giao", "Chưa giao cho ai", lambda on: Q(status__in=OPEN, focal_person=None)),
    Work("bo-sung", "Chờ bổ sung", _status(Status.ASKED)),
    Work("dang-xu-ly", "Đang xử lý", _status(Status.HANDLING, Status.COLLECTING)),
    Work("da-tra-loi", "Đã trả lời", _status(Status.ANSWERED)),
    Work("duyet-cong-khai", "Chờ duyệt công khai", lambda on: Q(public_answer__status=PublicAnswer.Status.SUBMITTED)),
    Work("nghi-thu-rac", "Nghi thư rác", _status(Status.SUSPECTED)),
    Work("thu-rac", "Thư rác", _status(Status.SPAM)),
]
BY_KEY = {work.key: work for work in WORKS}
SPAM = {"nghi-thu-rac", "thu-rac"}


def address(key: str) -> str:
    """Return the list that holds just this work."""
    return f"{reverse('admin:feedback_submission_changelist')}?{PARAMETER}={key}"


@dataclass(frozen=True)
class _Waiting:
    key: str
    title: str
    note: str = ""
    urgent: bool = False


_FOR_ALL = [
    _Waiting("qua-han", "Phản ánh quá hạn trả lời", urgent=True),
    _Waiting("sap-den-han", f"Phản ánh đến hạn trong {SOON} ngày làm việc", urgent=True),
    _Waiting("phan-loai", "Phân loại phản ánh mới vào sổ"),
]
_FOR_HEADS = [
    _Waiting("duyet-tra-loi", "Duyệt câu trả lời phản ánh"),
    _Waiting("cho-gui", "Gửi câu trả lời đã duyệt"),
    _Waiting("xem-lai", "Xem lại theo đề nghị của người gửi", urgent=True),
]
_FOR_OFFICE = [
    _Waiting(
        "nghi-thu-rac", "Xem phản ánh nghi thư rác", "Người gửi chưa nhận được trả lời nào cho đến khi có người xem."
    ),
    _Waiting("chua-giao", "Giao phản ánh chưa có đầu mối", urgent=True),
]
_FOR_PUBLISHERS = [_Waiting("duyet-cong-khai", "Duyệt bản công khai câu trả lời")]


@tasks.register
def waiting_feedback(user: User, on: date) -> Iterator[Task]:
    """What waits for the person: of the own unit, or of all for who watches over all."""
    asked = _asked_of(user)
    if not asked:
        return
    visible = Submission.objects.visible_to(user).values("pk")
    counts = {
        waiting.key.replace("-", "_"): Count("pk", distinct=True, filter=BY_KEY[waiting.key].which(on))
        for waiting in asked
    }
    found = Submission.objects.filter(pk__in=visible).order_by().aggregate(**counts)
    for waiting in asked:
        count = found[waiting.key.replace("-", "_")]
        yield Task(waiting.title, count, address(waiting.key), waiting.note, waiting.urgent)


def _asked_of(user: User) -> list[_Waiting]:
    if not user.has_perm("feedback.view_submission"):
        return []
    asked = list(_FOR_ALL)
    if user.has_perm("feedback.head_submission"):
        asked += _FOR_HEADS
    if user.has_perm("feedback.triage_submission"):
        asked += _FOR_OFFICE
    if user.has_perm("feedback.publish_publicanswer"):
        asked += _FOR_PUBLISHERS
    return asked
