"""Who has an article open to change it."""

from datetime import datetime, timedelta

from django.utils import timezone

from news.models import Article, Editing
from portal.models import User

BEAT = timedelta(seconds=20)  # static/js/article-editor.js says so as often
GONE_AFTER = 3 * BEAT
# A browser without scripts says so once.
GONE_AFTER_OPENING = timedelta(minutes=10)


def opened(user: User, article: Article, *, at: datetime) -> None:
    """Note that the person opens the page."""
    Editing.objects.update_or_create(user=user, article=article, defaults={"opened_at": at, "seen_at": at})


def still_open(user: User, article: Article, *, at: datetime) -> None:
    """Note that the page is still open."""
    Editing.objects.update_or_create(
        user=user, article=article, defaults={"seen_at": at}, create_defaults={"opened_at": at, "seen_at": at}
    )


def others(user: User, article: Article, *, at: datetime) -> list[str]:
    """Return sentences about who else has the article open."""
    found = Editing.objects.filter(article=article, seen_at__gt=at - GONE_AFTER_OPENING).exclude(user=user)
    return [_sentence(one) for one in found.select_related("user").order_by("opened_at") if _is_there(one, at)]


def _is_there(editing: Editing, at: datetime) -> bool:
    return editing.seen_at == editing.opened_at or editing.seen_at > at - GONE_AFTER


def _sentence(editing: Editing) -> str:
    since = timezone.localtime(editing.opened_at)
    return f"{editing.user} cũng đang mở bài này từ {since.hour}:{since:%M}."
