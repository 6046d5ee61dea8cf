"""The lists of articles: what a person asks of one, and the page of it that answers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from news import column, search
from news.column import Column, Month
from news.models import Article, Section, Tag
from portal.text import tidy

PAGE_SIZE = 20
MOST_HITS = 500
QUERY_LENGTH = 300

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True)
class Criteria:
    section: Section | None = None
    text: str = ""
    month: Month | None = None
    tag: Tag | None = None

    @classmethod
    def read(cls, parameters: Mapping[str, str], section: Section | None = None) -> "Criteria":
        """Read an address; one that names a month or a tag that cannot be is none of ours."""
        tag = parameters.get("tu-khoa", "")
        return cls(
            section=section,
            text=tidy(parameters.get("q", "")[:QUERY_LENGTH]).replace("\n", " "),
            month=_month(parameters.get("thang", "")),
            tag=get_object_or_404(Tag, slug=tag) if tag else None,
        )

    @property
    def path(self) -> str:
        return self.section.get_absolute_url() if self.section else reverse("news:home")

    @property
    def url(self) -> str:
        """Return the address of the list, without the page."""
        asked = {
            "q": self.text,
            "tu-khoa": self.tag.slug if self.tag else "",
            "thang": self.month.value if self.month else "",
        }
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{self.path}?{query}" if query else self.path

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text or self.month or self.tag)

    @property
    def active(self) -> list[tuple[str, str]]:
        """Return each choice in words, with the address of the list without it."""
        found = []
        if self.tag:
            found.append((f"từ khóa {self.tag.name}", replace(self, tag=None).url))
        if self.month:
            found.append((str(self.month), replace(self, month=None).url))
        return found


@dataclass(frozen=True)
class MonthLink:
    month: Month
    count: int
    url: str
    is_current: bool


@dataclass(frozen=True)
class SectionLink:
    section: Section
    is_current: bool


@dataclass
class ArticleList:
    criteria: Criteria
    page: Page
    featured: list[Article]
    articles: list[Article]
    kept: Column
    suggestion: str | None = None  # what was perhaps meant

    @property
    def years(self) -> list[tuple[int, list[MonthLink]]]:
        """Return the months that have articles in this section, by year, the latest first."""
        section = self.criteria.section
        links = [
            MonthLink(month, count, Criteria(section, month=month).url, month == self.criteria.month)
            for month, count in self.kept.months(section.pk if section else None)
        ]
        return [(year, list(months)) for year, months in groupby(links, lambda link: link.month.year)]

    @property
    def sections(self) -> list[SectionLink]:
        return [
            SectionLink(section, section == self.criteria.section)
            for section in Section.objects.all()
            if section.active or self.kept.section_count(section.pk)
        ]

    @property
    def meant(self) -> Criteria | None:
        return replace(self.criteria, text=self.suggestion) if self.suggestion else None


def find(criteria: Criteria, page_number: str | None, *, at: datetime) -> ArticleList:
    kept = column.current(at)
    pks, suggestion = _found(criteria, kept, at)
    if criteria.tag:
        tagged = set(criteria.tag.articles.order_by().values_list("pk", flat=True))
        pks = [pk for pk in pks if pk in tagged]
    page = Paginator(range(len(pks)), PAGE_SIZE).get_page(page_number)
    articles = _rows(pks[(page.number - 1) * PAGE_SIZE : page.number * PAGE_SIZE], at)
    is_front = page.number == 1 and not (criteria.section or criteria.is_narrowed)
    ahead = kept.featured if is_front else []
    return ArticleList(
        criteria,
        page,
        [article for article in articles if article.pk in ahead],
        [article for article in articles if article.pk not in ahead],
        kept,
        suggestion,
    )


def latest(count: int, *, at: datetime) -> list[Article]:
    return list(Article.objects.published(at).for_list().newest_first()[:count])


def _found(criteria: Criteria, kept: Column, at: datetime) -> tuple[list[int], str | None]:
    section = criteria.section.pk if criteria.section else None
    if criteria.text:
        hits = search.search(criteria.text, at=at, limit=MOST_HITS)
        return kept.narrow(hits.pks, section=section, month=criteria.month), hits.suggestion
    if section is None and not criteria.is_narrowed:
        return kept.front_page, None
    return kept.listed(section=section, month=criteria.month), None


def _rows(pks: Sequence[int], at: datetime) -> list[Article]:
    """Return the articles in the order of `pks`; one withdrawn meanwhile is left out."""
    rows: dict[int, Article] = Article.objects.published(at).for_list().order_by().in_bulk(pks)
    return [rows[pk] for pk in pks if pk in rows]


def _month(typed: str) -> Month | None:
    if not typed:
        return None
    match = _MONTH.fullmatch(typed)
    if match is None:
        raise Http404
    return Month(int(match[1]), int(match[2]))
