"""The one issue of the bulletin that a first start shows."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from news import bulletins, publishing
from news.bulletins import Choice
from news.models import Bulletin
from portal.models import Unit

PUBLISHED_AT = datetime(2026, 11, 16, 8)
PERIOD = date(2026, 5, 1), date(2026, 11, 15)
WHOLE = 2  # of the articles are printed in full
INTRO = (
    "Số minh họa, soạn cho lần chạy đầu của cổng; không kể việc có thật. "
    "Trong số này: bài và tin trong kỳ, cùng các thủ tục đã thay đổi."
)


@transaction.atomic
def load() -> int:
    """Make and publish the issue from the public articles and changes of its period, unless there is any issue."""
    if Bulletin.objects.exists():
        return 0
    at = timezone.make_aware(PUBLISHED_AT)
    bulletin = Bulletin.objects.create(
        year=2026,
        number=1,
        first_on=PERIOD[0],
        last_on=PERIOD[1],
        intro=INTRO,
        unit=Unit.objects.filter(name__startswith="Trung tâm Thông tin").first(),
        # Nobody gets a mail because somebody tries out the portal.
        mail=False,
        created_at=at,
        changed_at=at,
    )
    articles, changes = bulletins.candidates(bulletin, at=at)
    if not articles:
        bulletin.delete()
        return 0
    bulletin.cover = next((article.cover for article in articles[WHOLE:] if article.cover), None)
    bulletin.save(update_fields=["cover"])
    choices = [Choice(article=article, full=number < WHOLE) for number, article in enumerate(articles)]
    bulletins.arrange(bulletin, [*choices, *(Choice(change=change) for change in changes)])
    publishing.submit(bulletin, by=None, at=at)
    publishing.publish(bulletin, by=None, at=at)
    return 1
