"""Bulletins: the next issue, what stands in it, its PDF, and the mails that bring it to subscribers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.urls import reverse

from news.models import Article, Bulletin, BulletinDelivery, BulletinItem
from news.publishing import asks
from portal import mail
from portal.models import Organisation, SearchState, User
from portal.pdf import NotAvailable, Paper
from portal.qr_codes import QrCode
from portal.steps import Problem
from procedures import subscribing
from procedures.models import Decision, ProcedureChange, Subscription

MOST_MAILS_IN_A_TURN = 50
# From a day before an issue is public its PDF is made without anybody asking.
AHEAD = timedelta(days=1)
MAIL = mail.Template("mail/bulletin.txt", "mail/bulletin.html")


# The next issue.


@dataclass(frozen=True)
class Period:
    """From one day to another, both included."""

    first: date
    last: date

    @classmethod
    def month_before(cls, on: date) -> Self:
        last = on.replace(day=1) - timedelta(days=1)
        return cls(last.replace(day=1), last)

    @classmethod
    def since_last_issue(cls, on: date) -> Self:
        """From the day after the last issue's period, or from the first of the month, to the day."""
        last = Bulletin.objects.aggregate(last=Max("last_on"))["last"]
        first = last + timedelta(days=1) if last else on.replace(day=1)
        return cls(min(first, on), on)


def next_number(year: int) -> int:
    return (Bulletin.objects.filter(year=year).aggregate(last=Max("number"))["last"] or 0) + 1


@transaction.atomic
def start_month(*, by: User, on: date, at: datetime) -> tuple[Bulletin, bool]:
    """Return the issue of the previous month, and whether it was made now: a draft with all that the month brought."""
    # Whoever comes second finds the issue of the first, and no number is given twice.
    SearchState.lock()
    period = Period.month_before(on)
    found = Bulletin.objects.filter(first_on=period.first, last_on=period.last).first()
    if found:
        return found, False
    bulletin = Bulletin.objects.create(
        year=on.year,
        number=next_number(on.year),
        first_on=period.first,
        last_on=period.last,
        author=by,
        unit=by.unit,
        created_at=at,
        changed_at=at,
    )
    articles, changes = candidates(bulletin, at=at)
    choices = [Choice(article=article) for article in articles] + [Choice(change=change) for change in changes]
    arrange(bulletin, choices)
    return bulletin, True


# What stands in it.


@dataclass(frozen=True)
class Choice:
    """An article or a change that goes into an issue."""

    article: Article | None = None
    change: ProcedureChange | None = None
    full: bool = False


def candidates(bulletin: Bulletin, *, at: datetime) -> tuple[list[Article], list[ProcedureChange]]:
    """Return what may go into the issue: the public articles and the changes of its period, and what it has already.

    A change belongs to the period in which it was published, and to the one in which it takes effect.
    """
    period = (bulletin.first_on, bulletin.last_on)
    fresh = Article.objects.published(at).made_public(*period)
    articles = Article.objects.filter(Q(pk__in=fresh.values("pk")) | Q(bulletin_items__bulletin=bulletin))
    of_period = Q(effective_on__range=period) | Q(decision__published_at__date__range=period)
    public = ProcedureChange.objects.published().filter(of_period)
    changes = ProcedureChange.objects.filter(Q(pk__in=public.values("pk")) | Q(bulletin_items__bulletin=bulletin))
    return (
        list(articles.distinct().for_list().newest_first()),
        list(changes.distinct().for_list().order_by("effective_on", "order", "pk")),
    )


@transaction.atomic
def arrange(bulletin: Bulletin, choices: Iterable[Choice]) -> None:
    """Let the issue hold just these, in this order."""
    kept = []
    for order, choice in enumerate(choices, start=1):
        item, _ = BulletinItem.objects.update_or_create(
            bulletin=bulletin,
            article=choice.article,
            change=choice.change,
            defaults={"full": choice.full, "order": order},
        )
        kept.append(item.pk)
    bulletin.items.exclude(pk__in=kept).delete()


@dataclass(frozen=True)
class Piece:
    """An article in an issue: all of it, or its lead and where to read on."""

    article: Article
    full: bool


@dataclass(frozen=True)
class Issue:
    """What readers of a bulletin get to see at a moment; what was withdrawn since is left out."""

    bulletin: Bulletin
    pieces: list[Piece]
    changes: list[ProcedureChange]

    @classmethod
    def read(cls, bulletin: Bulletin, at: datetime) -> Self:
        items = list(_items(bulletin))
        return cls(
            bulletin,
            [Piece(item.article, item.full) for item in items if item.article and item.article.is_public(at)],
            [item.change for item in items if item.change and _is_published(item.change)],
        )

    @property
    def full_pieces(self) -> list[Piece]:
        return [piece for piece in self.pieces if piece.full]

    @property
    def short_pieces(self) -> list[Piece]:
        return [piece for piece in self.pieces if not piece.full]

    @property
    def url(self) -> str:
        return settings.BASE_URL + self.bulletin.get_absolute_url()

    @property
    def subscribe_url(self) -> str:
        return f"{settings.BASE_URL}{reverse('subscribe')}?ve=ban-tin"

    def paper(self) -> Paper:
        context = {
            "issue": self,
            "bulletin": self.bulletin,
            "organisation": Organisation.current(),
            "base_url": settings.BASE_URL,
            "qr": QrCode.of(self.url).data_url,
        }
        return Paper.of(
            f"ban-tin-{self.bulletin.pk}",
            "news/bulletin_print.html",
            context,
            stylesheet="bulletin-print.css",
            # The last page tells who answers for the issue; it is the back of a sheet.
            css_when_odd=".colophon{break-before:left}",
        )


def neighbours(bulletin: Bulletin, *, at: datetime) -> tuple[Bulletin | None, Bulletin | None]:
    """Return the public issues before and after this one."""
    others = Bulletin.objects.published(at)
    year, number = bulletin.year, bulletin.number
    before = others.filter(Q(year__lt=year) | Q(year=year, number__lt=number)).order_by("-year", "-number").first()
    after = others.filter(Q(year__gt=year) | Q(year=year, number__gt=number)).order_by("year", "number").first()
    return before, after


def _items(bulletin: Bulletin) -> QuerySet[BulletinItem]:
    return bulletin.items.select_related(
        "article__section",
        "article__unit",
        "article__cover",
        "change__procedure__field",
        "change__successor",
        "change__decision__document",
    )


@asks(Bulletin)
def problems(bulletin: Bulletin) -> Iterable[Problem]:
    """Ask for an issue with something in it, all of it public on the day of the issue."""
    items = list(_items(bulletin))
    if not items:
        yield Problem("Chọn ít nhất một tin, bài hoặc một thay đổi.")
    for item in items:
        if item.article and not _will_be_public(item.article, bulletin.publish_at):
            yield Problem(f"Bỏ chọn “{item.article}” hoặc chờ bài được đăng: khi ra bản tin, bài này chưa công khai.")
        if item.change and not _is_published(item.change):
            yield Problem(f"Bỏ chọn “{item.change}”: thay đổi này chưa công bố.")


def _is_published(change: ProcedureChange) -> bool:
    return change.decision.status == Decision.Status.PUBLISHED


def _will_be_public(article: Article, at: datetime | None) -> bool:
    return article.is_public(at) if at else article.is_approved


# What the worker does.


def note_readers(now: datetime) -> None:
    """Note for each issue that has become public who gets it by mail."""
    due = Bulletin.objects.published(now).filter(mail=True, mailed_at=None)
    for bulletin in due.order_by("publish_at", "pk"):
        _note_readers(bulletin, now)


@transaction.atomic
def _note_readers(bulletin: Bulletin, now: datetime) -> None:
    # Marked first: of two workers one finds it marked.
    if not Bulletin.objects.filter(pk=bulletin.pk, mailed_at=None, status="published").update(mailed_at=now):
        return
    readers = Subscription.objects.to_bulletins().values_list("pk", flat=True)
    rows = [BulletinDelivery(bulletin=bulletin, subscription_id=pk) for pk in readers]
    BulletinDelivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)


def mail_waiting(now: datetime) -> None:
    """Put the mails of issues that are public into the queue; those of a withdrawn one wait for its return."""
    public = Bulletin.objects.published(now).filter(mail=True)
    waiting = BulletinDelivery.objects.filter(mailed_at=None, bulletin__in=public)
    found = list(waiting.select_related("bulletin", "subscription").order_by("pk")[:MOST_MAILS_IN_A_TURN])
    issues: dict[int, Issue] = {}
    for delivery in found:
        if delivery.bulletin_id not in issues:
            issues[delivery.bulletin_id] = Issue.read(delivery.bulletin, now)
        _mail(delivery, issues[delivery.bulletin_id], now)


@transaction.atomic
def _mail(delivery: BulletinDelivery, issue: Issue, now: datetime) -> None:
    public = Bulletin.objects.published(now).filter(mail=True)
    # The mark and the mail are kept together or not at all.
    waiting = BulletinDelivery.objects.filter(pk=delivery.pk, mailed_at=None, bulletin__in=public)
    if waiting.update(mailed_at=now):
        subscribing.tell(delivery.subscription, str(issue.bulletin), MAIL, {"issue": issue, "bulletin": issue.bulletin})


def make_papers(now: datetime) -> None:
    """Make the PDF of the issues that become or became public about now, before the first reader asks for it."""
    fresh = Bulletin.objects.filter(status="published", publish_at__range=(now - AHEAD, now + AHEAD))
    for bulletin in fresh:
        try:
            Issue.read(bulletin, max(now, bulletin.publish_at or now)).paper().file()
        except NotAvailable:
            # The page of the bulletin says so to whoever wants it.
            return
