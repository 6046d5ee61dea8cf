"""What was done for the public and inside the department in a period, counted for the reports (RULES N4).

Days are those of Vietnam, whatever zone the moments are stored in.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum
from django.db.models.functions import TruncMonth

from news.models import (
    Album,
    AlbumPhoto,
    Article,
    Bulletin,
    BulletinDelivery,
    Dissemination,
    EditorialEvent,
    Placement,
    PlanTask,
    Publication,
    ReadReceipt,
    Section,
    TrainingAttendance,
    TrainingRecord,
)
from portal.models import Unit
from portal.statistics import Figure, Period, by_unit, figure, split
from procedures.models import ProcedureChange

QUARTERS = ("I", "II", "III", "IV")
OWN_SITE = "Trang của Sở"


# Articles, albums, bulletins.


def made_public(model: type[Publication], period: Period) -> QuerySet:
    """Return what became public in the period and was not withdrawn since; that its time is over does not matter."""
    rows = model._default_manager.filter(status=Publication.Status.PUBLISHED)
    return rows.filter(publish_at__date__range=period.days, publish_at__lte=period.at)


def taken_back(model: type[Publication], period: Period) -> QuerySet:
    """Return what became public in the period and was withdrawn since, also where it is being written anew."""
    withdrawn = EditorialEvent.objects.filter(
        content_type__app_label=model._meta.app_label,
        content_type__model=model._meta.model_name,
        object_id=OuterRef("pk"),
        verb=EditorialEvent.Verb.WITHDRAW,
        # What was withdrawn before its moment nobody has read.
        at__gt=OuterRef("publish_at"),
    )
    rows = model._default_manager.exclude(status=Publication.Status.PUBLISHED)
    return rows.filter(Exists(withdrawn), publish_at__date__range=period.days)


def articles(period: Period) -> Figure:
    return figure("Tin, bài đã đăng", made_public(Article, period))


def withdrawn_articles(period: Period) -> Figure:
    return figure("Tin, bài đăng rồi gỡ", taken_back(Article, period))


def articles_by_section(period: Period) -> list[Figure]:
    """Count by section, in the order of the column; those that are closed only where they got an article."""
    sections = list(Section.objects.all())
    groups = [(section.pk, section.name) for section in sections]
    figures = split(made_public(Article, period), "section", groups)
    return [figure for section, figure in zip(sections, figures, strict=True) if section.active or figure.count]


def articles_by_kind(period: Period) -> list[Figure]:
    return split(made_public(Article, period), "kind", Article.Kind.choices)


def articles_by_unit(period: Period) -> list[Figure]:
    """Count by the unit that wrote them; units that are no longer in use only where they wrote one."""
    return by_unit(made_public(Article, period))


def articles_by_channel(period: Period) -> list[Figure]:
    """Count what stands on the own site, and the placements elsewhere of these days by channel."""
    placements = Placement.objects.filter(placed_on__range=period.days)
    own = figure(OWN_SITE, made_public(Article, period))
    return [own, *split(placements, "channel", Placement.Channel.choices)]


def articles_by_month(period: Period) -> list[Figure]:
    return _by_month(made_public(Article, period), period, months=1)


def articles_by_quarter(period: Period) -> list[Figure]:
    return _by_month(made_public(Article, period), period, months=3)


def changes_announced(period: Period) -> Figure:
    """Count the changes of procedures of which an article of the period tells."""
    told = ProcedureChange.objects.published().filter(articles__in=made_public(Article, period)).distinct()
    return figure("Thay đổi thủ tục có tin, bài", told)


def albums(period: Period) -> Figure:
    return figure("Album ảnh đã đăng", made_public(Album, period))


def withdrawn_albums(period: Period) -> Figure:
    return figure("Album ảnh đăng rồi gỡ", taken_back(Album, period))


def photos(period: Period) -> Figure:
    return figure("Ảnh trong album", AlbumPhoto.objects.filter(album__in=made_public(Album, period)))


def bulletins(period: Period) -> Figure:
    return figure("Bản tin đã phát hành", made_public(Bulletin, period))


def withdrawn_bulletins(period: Period) -> Figure:
    return figure("Bản tin phát hành rồi gỡ", taken_back(Bulletin, period))


def bulletin_mails(period: Period) -> Figure:
    """Count the mails with bulletins that were queued in these days; an address that left took its rows along."""
    return figure("Thư gửi bản tin", BulletinDelivery.objects.filter(mailed_at__date__range=period.days))


# Inside the department.


def disseminations(period: Period) -> Figure:
    return figure("Lần phổ biến văn bản", _sent(period))


def receipts(period: Period) -> Figure:
    """Count the people addressed by what was sent in the period, each once a dissemination."""
    return figure("Lượt người được phổ biến", ReadReceipt.objects.filter(dissemination__in=_sent(period)))


def receipts_read(period: Period) -> Figure:
    """Count those of them who have confirmed by now, also after the period."""
    rows = ReadReceipt.objects.filter(dissemination__in=_sent(period), read_at__lte=period.at)
    return figure("Lượt người đã xác nhận đọc", rows)


def trainings(period: Period) -> Figure:
    return figure("Khóa bồi dưỡng", _begun(period))


def people_trained(period: Period) -> Figure:
    """Count seats: somebody who attends two courses counts twice."""
    return _people("Lượt người được bồi dưỡng", TrainingAttendance.objects.filter(training__in=_begun(period)))


def people_trained_by_unit(period: Period) -> list[Figure]:
    rows = TrainingAttendance.objects.filter(training__in=_begun(period))
    sums = dict(rows.order_by().values_list("unit").annotate(Sum("people")))
    return [
        Figure(unit.name, sums.get(unit.pk, 0), rows.filter(unit=unit))
        for unit in Unit.objects.all()
        if unit.active or unit.pk in sums
    ]


def _sent(period: Period) -> QuerySet:
    return Dissemination.objects.filter(sent_at__date__range=period.days, sent_at__lte=period.at)


def _begun(period: Period) -> QuerySet:
    return TrainingRecord.objects.filter(first_on__range=period.days)


def _people(label: str, rows: QuerySet) -> Figure:
    return Figure(label, rows.aggregate(people=Sum("people"))["people"] or 0, rows)


# The plan.


def tasks_by_state(on: date) -> list[Figure]:
    """Count the tasks of the plan of the day's year as they stood on the day."""
    tasks = PlanTask.objects.filter(plan__year=on.year)
    return [figure(state.label, tasks.in_state(state, on)) for state in PlanTask.State]


def _by_month(rows: QuerySet, period: Period, *, months: int) -> list[Figure]:
    """Return a figure for each month or quarter that the period touches, nought included."""
    counts: Counter[date] = Counter()
    found = rows.order_by().annotate(month=TruncMonth("publish_at")).values_list("month").annotate(Count("pk"))
    for month, count in found:
        counts[_start(month, months)] += count
    figures = []
    for start in _starts(period, months):
        end = _next_start(start, months) - timedelta(days=1)
        days = (max(start, period.first), min(end, period.last))
        figures.append(Figure(_label(start, months), counts[start], rows.filter(publish_at__date__range=days)))
    return figures


def _starts(period: Period, months: int) -> Sequence[date]:
    starts = [_start(period.first, months)]
    while (following := _next_start(starts[-1], months)) <= period.last:
        starts.append(following)
    return starts


def _start(day: date, months: int) -> date:
    return date(day.year, day.month - (day.month - 1) % months, 1)


def _next_start(start: date, months: int) -> date:
    years, month = divmod(start.month - 1 + months, 12)
    return date(start.year + years, month + 1, 1)


def _label(start: date, months: int) -> str:
    if months == 1:
        return f"Tháng {start.month}/{start.year}"
    return f"Quý {QUARTERS[start.month // 3]}/{start.year}"
