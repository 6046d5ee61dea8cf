"""Find articles by the words of their title, lead, body and tags."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils.html import strip_tags

from news.models import Article
from portal import search as portal_search
from portal.search import Document, Found, Unreadable, telling
from portal.search_index import words
from portal.text import fold

KIND = "article"
# Looked through, the newest first, while no index is ready.
READ_WITHOUT_INDEX = 1000


def search(text: str, *, at: datetime, limit: int) -> Found:
    """Find approved articles, the best first; those whose time has not come or has passed may be among them."""
    try:
        return portal_search.find(KIND, text, _titles, limit=limit)
    except Unreadable:
        return _in_database(text, at, limit)


def _in_database(text: str, at: datetime, limit: int) -> Found:
    """Answer from the rows: those with every telling word in their title or lead."""
    asked = telling(words(text))
    rows = Article.objects.published(at).newest_first().values_list("pk", "title", "lead")[:READ_WITHOUT_INDEX]
    found = [pk for pk, title, lead in rows if asked and all(word in fold(f"{title} {lead}") for word in asked)]
    return Found(found[:limit], None, asked)


def _titles(pks: Sequence[int]) -> list[str]:
    titles = dict(Article.objects.filter(pk__in=pks).order_by().values_list("pk", "title"))
    return [titles[pk] for pk in pks if pk in titles]


def public_pks() -> Sequence[int]:
    return list(_approved().order_by("pk").values_list("pk", flat=True))


def documents(pks: Sequence[int]) -> Iterator[Document]:
    """Return what makes those of the articles findable that are approved; reading decides whether it is time."""
    for article in _approved().filter(pk__in=pks).order_by("pk").prefetch_related("tags"):
        tags = "\n".join(tag.name for tag in article.tags.all())
        yield Document(pk=article.pk, title=article.title, hints=f"{article.lead}\n{tags}", body=_plain(article.body))


def _approved():
    return Article.objects.filter(status=Article.Status.PUBLISHED)


def _plain(html: str) -> str:
    # A tag ends a word, whatever it is.
    return strip_tags(html.replace("<", " <"))
