"""What a person has typed and not saved: kept by the editor page by itself, offered when it is opened again."""

from datetime import datetime

from django.http import QueryDict

from news.models import Article, UnsavedArticle
from portal.models import User

# What a form holds beside its content.
_NOT_CONTENT = {"csrfmiddlewaretoken", "remark", "_keep"}


def keep(user: User, article: Article | None, typed: QueryDict, *, at: datetime) -> UnsavedArticle:
    """Keep what is typed in place of what was kept before."""
    content = {name: values for name, values in typed.lists() if name not in _NOT_CONTENT and not name.startswith("_")}
    seen = typed.get("seen", "")
    values = {
        "content": content,
        "saved_at": at,
        "edit_number": int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0,
    }
    kept, _ = UnsavedArticle.objects.update_or_create(user=user, article=article, defaults=values)
    return kept


def find(user: User, article: Article | None) -> UnsavedArticle | None:
    return UnsavedArticle.objects.filter(user=user, article=article).first()


def discard(user: User, article: Article | None) -> None:
    UnsavedArticle.objects.filter(user=user, article=article).delete()


def typed(kept: UnsavedArticle) -> QueryDict:
    """Return what was kept as the browser would send it."""
    data = QueryDict(mutable=True)
    for name, values in kept.content.items():
        data.setlist(name, values)
    return data
