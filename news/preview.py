"""An article as the public would see it: from what is typed, or by a link for a reader without account."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core import signing

from news import articles
from news.models import Article, EditorialEvent, Section
from portal import richtext

DAYS_VALID = 7
_SALT = "news.preview"
_MANY = ("procedures", "documents", "changes")


@dataclass(frozen=True)
class Link:
    """Opens what is stored of one article, until a moment or until the article is published or withdrawn."""

    article: int  # primary key
    until: datetime
    turns: int  # how often it had been approved or withdrawn: the next time ends the link

    def __str__(self) -> str:
        return signing.dumps([self.article, self.until.isoformat(), self.turns], salt=_SALT)


class BadLink(Exception):
    """The link was not made here."""


def link(article: Article, *, at: datetime) -> Link:
    return Link(article.pk, at + timedelta(days=DAYS_VALID), _turns(article))


def read(signed: str) -> Link:
    try:
        article, until, turns = signing.loads(signed, salt=_SALT)
    except signing.BadSignature as error:
        raise BadLink from error
    return Link(article, datetime.fromisoformat(until), turns)


def opens(link: Link, article: Article, *, at: datetime) -> bool:
    """Tell whether the link still shows the article."""
    return at < link.until and not article.is_public(at) and link.turns == _turns(article)


def store_typed(form: Any) -> int:
    """Store what is typed as far as it is valid, and return its primary key.

    For a transaction that is taken back: the page is made by the same code from the same rows as the
    public one. No signal is sent, as nobody may believe that something has changed.
    """
    form.is_valid()
    article: Article = form.instance
    columns: dict[str, str] = {field.name: field.attname for field in Article._meta.concrete_fields}
    values = {name: getattr(article, columns[name]) for name in columns.keys() & set(form.cleaned_data)}
    values |= {"reading_minutes": richtext.reading_minutes(article.body), "unpublish_at": None}
    if article.section_id is None:
        values["section"] = Section.objects.values_list("pk", flat=True).first()
    if article.pk is None:
        article = Article.objects.bulk_create([Article(**{columns[name]: values[name] for name in values})])[0]
    else:
        Article.objects.filter(pk=article.pk).update(**values)
    for name in _MANY:
        if name in form.cleaned_data:
            getattr(article, name).set(form.cleaned_data[name])
    if "tag_names" in form.cleaned_data:
        article.tags.set(articles.tags(form.cleaned_data["tag_names"]))
    return article.pk


def _turns(article: Article) -> int:
    verbs = (EditorialEvent.Verb.PUBLISH, EditorialEvent.Verb.WITHDRAW)
    return article.events.filter(verb__in=verbs).count()
