"""What of feedback carries out the plan of communication (RULES N5)."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from feedback.models import PublicAnswer, Survey
from news import plans


def _opened(at: datetime) -> QuerySet[Survey]:
    """Surveys count once people could reply."""
    return Survey.objects.public().filter(first_on__lte=timezone.localdate(at))


plans.register(
    plans.Kind(
        Survey,
        "phiếu lấy ý kiến",
        _opened,
        lambda survey: survey.first_on,
        ("title",),
        is_public=lambda survey, at: survey.published and survey.first_on <= timezone.localdate(at),
    )
)
plans.register(
    plans.Kind(
        PublicAnswer,
        "câu trả lời công khai",
        lambda at: PublicAnswer.objects.published().filter(published_at__lte=at),
        lambda answer: timezone.localdate(answer.published_at) if answer.published_at else None,
        ("folded",),
        is_public=lambda answer, at: answer.status == PublicAnswer.Status.PUBLISHED,
    )
)
