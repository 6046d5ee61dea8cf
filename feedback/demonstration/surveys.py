"""A survey that is open and one that is over, with replies made up evenly; both about a procedure that is there."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from feedback import surveying
from feedback.models import RatingScale, Survey, SurveyQuestion
from portal import demonstration
from portal.models import Unit
from procedures.models import Procedure

# Levels chosen in the survey that is over.
REPLIES = [3, 3, 2, 2, 2, 1, 3, 2]


@transaction.atomic
def load(*, at: datetime) -> None:
    """Add both unless one of them is there."""
    on = timezone.localdate(at)
    procedure = Procedure.objects.in_force(on).order_by("code").first()
    if procedure is None or Survey.objects.exists():
        return
    unit = Unit.objects.get(name=demonstration.OFFICE)
    shared = {"procedure": procedure, "unit": unit, "published": True}
    Survey.objects.create(
        title="Ý kiến về giấy tờ phải nộp (minh họa)",
        slug="y-kien-ve-giay-to-phai-nop",
        purpose="Giấy tờ nào trong hồ sơ đang trùng nhau hoặc khó chuẩn bị, và có thể bỏ giấy nào.",
        audience="Cá nhân, doanh nghiệp đã làm thủ tục",
        first_on=on - timedelta(days=5),
        last_on=on + timedelta(days=25),
        **shared,
    )
    over = Survey.objects.create(
        title="Mức hài lòng khi nộp hồ sơ trực tuyến (minh họa)",
        slug="muc-hai-long-khi-nop-ho-so-truc-tuyen",
        purpose="Việc nộp hồ sơ trực tuyến đã thuận tiện đến đâu.",
        audience="Cá nhân, doanh nghiệp đã nộp hồ sơ trực tuyến",
        first_on=on - timedelta(days=60),
        last_on=on - timedelta(days=30),
        conclusion="Sở ghi nhận các ý kiến và sẽ rút gọn phần hướng dẫn trên trang của thủ tục.",
        **shared,
    )
    for survey in Survey.objects.all():
        _ask(survey)
    first, second = over.questions.all()
    for number, level in enumerate(REPLIES):
        day = over.first_on + timedelta(days=number)
        surveying.take(over, {first.pk: str(level), second.pk: "Qua mạng" if number % 3 else "Tại Một cửa"}, on=day)


def _ask(survey: Survey) -> None:
    scale = RatingScale.objects.get(name="Mức hài lòng")
    SurveyQuestion.objects.create(
        survey=survey, order=1, text="Mức hài lòng chung", kind=SurveyQuestion.Kind.SCALE, scale=scale
    )
    SurveyQuestion.objects.create(
        survey=survey,
        order=2,
        text="Thường nộp hồ sơ bằng cách nào?",
        kind=SurveyQuestion.Kind.CHOICE,
        choices="Qua mạng\nTại Một cửa\nQua bưu chính",
    )
