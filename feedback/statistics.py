"""What was received, done and made public in a period, counted for the reports (RULES R3đ, R3e, R7).

A case counts once it is in the register. What was carried over and received is what ended and what is in
progress. Every figure keeps its rows; days are those of Vietnam.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Avg, Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from feedback.models import PublicAnswer, Rating, RatingLevel, Submission, Survey, SurveyReply, SurveyResponse
from portal.statistics import Figure, Period, by_unit, figure, split
from procedures.models import Field

Status = Submission.Status
UNSORTED = "Chưa phân loại"
NO_FIELD = "Chưa rõ lĩnh vực"


@dataclass(frozen=True)
class Content:
    """How content the senders are who rated in the period (NĐ 118/2025 Đ33)."""

    count: int
    mean: float | None  # of 1 to 5; missing where nobody rated


# What there was to do.


def received(period: Period) -> Figure:
    return figure("Tiếp nhận trong kỳ", _received(period))


def carried_over(period: Period) -> Figure:
    """Count what came before the period and had not ended by then."""
    before = Submission.objects.in_register().filter(received_at__date__lt=period.first)
    return figure("Kỳ trước chuyển sang", before.filter(Q(closed_at=None) | Q(closed_at__date__gte=period.first)))


def received_by_subject(period: Period) -> list[Figure]:
    """Count by what they are about: conduct or regulation (NĐ 20/2008 Đ5)."""
    return split(_received(period), "subject", [*Submission.Subject.choices, ("", UNSORTED)])


def received_by_kind(period: Period) -> list[Figure]:
    return split(_received(period), "kind", Submission.Kind.choices)


def received_by_content(period: Period) -> list[Figure]:
    """Count by the eight contents of NĐ 20/2008 Đ5, and what nobody has classified yet."""
    return _by_content(_received(period))


def answered_by_content(period: Period) -> list[Figure]:
    return _by_content(_answered(period))


def answered_late_by_content(period: Period) -> list[Figure]:
    return _by_content(_answered(period).filter(_LATE_ANSWER))


def forwarded_by_content(period: Period) -> list[Figure]:
    return _by_content(_ended(period, Status.FORWARDED))


def received_by_channel(period: Period) -> list[Figure]:
    return split(_received(period), "channel", Submission.Channel.choices)


def received_by_unit(period: Period) -> list[Figure]:
    return by_unit(_received(period))


def received_by_field(period: Period) -> list[Figure]:
    """Count by field, a procedure's own where the case names none; fields without any are left out."""
    rows = _received(period).annotate(shown_field=Coalesce("field", "procedure__field"))
    groups: Sequence[tuple[int, str]] = list(Field.objects.values_list("pk", "name"))
    figures = [found for found in split(rows, "shown_field", groups) if found.count]
    if without := rows.filter(shown_field=None).count():
        figures.append(Figure(NO_FIELD, without, rows.filter(shown_field=None)))
    return figures


# What was done.


def answered(period: Period) -> Figure:
    return figure("Đã trả lời", _answered(period))


def answered_on_time(period: Period) -> Figure:
    return figure("Trả lời đúng hạn", _answered(period).exclude(_LATE_ANSWER))


def answered_late(period: Period) -> Figure:
    return figure("Trả lời quá hạn", _answered(period).filter(_LATE_ANSWER))


def forwarded(period: Period) -> Figure:
    return figure("Đã chuyển cơ quan khác", _ended(period, Status.FORWARDED))


def forwarded_late(period: Period) -> Figure:
    """Count what went to another agency after the fifth working day (NĐ 20/2008 Đ9.1d)."""
    late = _ended(period, Status.FORWARDED).filter(closed_at__date__gt=F("forward_due_on"))
    return figure("Chuyển cơ quan khác quá 5 ngày làm việc", late)


def rejected(period: Period) -> Figure:
    """Count what was not taken, complaints that were shown their way included."""
    return figure("Không tiếp nhận", _ended(period, Status.REJECTED, Status.REDIRECTED))


def withdrawn(period: Period) -> Figure:
    return figure("Người gửi rút", _ended(period, Status.WITHDRAWN))


def merged(period: Period) -> Figure:
    return figure("Gộp vào phản ánh trùng", _ended(period, Status.MERGED))


def ended(period: Period) -> Figure:
    """Count everything that ended in the period, in whatever way."""
    return figure("Đã xong trong kỳ", _register().filter(closed_at__date__range=period.days))


# What was left.


def in_progress(period: Period) -> Figure:
    return figure("Đang xử lý cuối kỳ", _in_progress(period))


def in_progress_in_time(period: Period) -> Figure:
    return figure("Đang xử lý, trong hạn", _in_progress(period).exclude(answer_due_on__lt=period.last))


def in_progress_late(period: Period) -> Figure:
    return figure("Đang xử lý, quá hạn", _in_progress(period).filter(answer_due_on__lt=period.last))


# What the public sees of it, and says to it.


def published(period: Period) -> Figure:
    """Count the answers that became public in the period and stand (NĐ 20/2008 Đ19)."""
    rows = PublicAnswer.objects.published().filter(published_at__date__range=period.days)
    return figure("Câu trả lời đã công khai", rows)


def ratings(period: Period) -> Figure:
    return figure("Lượt đánh giá của người gửi", _ratings(period))


def ratings_by_score(period: Period) -> list[Figure]:
    return split(_ratings(period), "score", Rating._meta.get_field("score").flatchoices)


def content(period: Period) -> Content:
    rows = _ratings(period)
    return Content(rows.count(), rows.aggregate(mean=Avg("score"))["mean"])


# Opinions asked for.


def surveys(period: Period) -> Figure:
    """Count the forms that the public could answer on some day of the period (NĐ 20/2008 Đ9.2)."""
    return figure("Phiếu lấy ý kiến", _surveys(period))


def survey_responses(period: Period) -> Figure:
    """Count the forms filled in, those from paper included."""
    return figure("Phiếu trả lời", _responses(period))


def survey_responses_by_survey(period: Period) -> list[Figure]:
    """Count them by what was asked; a survey that was open and got none has nought."""
    rows = _responses(period)
    asked = Survey.objects.filter(Q(pk__in=_surveys(period)) | Q(responses__in=rows)).distinct()
    return split(rows, "survey", [(survey.pk, survey.title) for survey in asked])


def survey_replies_by_level(period: Period) -> list[Figure]:
    """Count what was chosen on the office's scales, best first, in all questions that have one (RULES S4)."""
    rows = SurveyReply.objects.filter(response__on__range=period.days, question__kind="scale", value__isnull=False)
    chosen = rows.order_by().values_list("question__scale", "value").annotate(Count("pk"))
    counts = {(scale, value): count for scale, value, count in chosen}
    levels = RatingLevel.objects.filter(scale__in={scale for scale, _ in counts}).order_by("-value", "scale")
    return [
        Figure(
            level.label,
            counts.get((level.scale_id, level.value), 0),
            rows.filter(question__scale=level.scale_id, value=level.value),
        )
        for level in levels
    ]


_LATE_ANSWER = Q(answer_due_on__isnull=False, answered_at__date__gt=F("answer_due_on"))


def _register() -> QuerySet:
    return Submission.objects.in_register()


def _received(period: Period) -> QuerySet:
    return Submission.objects.received_between(*period.days)


def _ended(period: Period, *statuses: Submission.Status) -> QuerySet:
    return _register().filter(status__in=statuses, closed_at__date__range=period.days)


def _answered(period: Period) -> QuerySet:
    return _ended(period, Status.ANSWERED)


def _in_progress(period: Period) -> QuerySet:
    """Return what had come and not ended at the close of the last day."""
    there = _register().filter(received_at__date__lte=period.last)
    return there.filter(Q(closed_at=None) | Q(closed_at__date__gt=period.last))


def _by_content(rows: QuerySet) -> list[Figure]:
    return split(rows, "content_type", [*Submission.Content.choices, ("", UNSORTED)])


def _surveys(period: Period) -> QuerySet:
    return Survey.objects.filter(published=True, first_on__lte=period.last, last_on__gte=period.first)


def _responses(period: Period) -> QuerySet:
    return SurveyResponse.objects.filter(on__range=period.days)


def _ratings(period: Period) -> QuerySet:
    return Rating.objects.filter(at__date__range=period.days)
