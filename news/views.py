"""The public pages of articles."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from news import albums, gone, listing
from news.listing import Criteria
from news.models import Article, Section
from news.pages import ArticlePage
from portal import share_cards
from portal.models import Organisation
from portal.navigation import Link
from portal.search import record_miss


@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    return _render_list(request, Criteria.read(request.GET), trail=trail())


@require_safe
def section(request: HttpRequest, slug: str) -> HttpResponseBase:
    found = get_object_or_404(Section, slug=slug)
    return _render_list(request, Criteria.read(request.GET, found), trail=trail(found))


@require_safe
def article(request: HttpRequest, year: int, slug: str) -> HttpResponse:
    at = timezone.now()
    found = get_object_or_404(Article.objects.select_related("section", "unit", "cover"), year=year, slug=slug)
    if found.is_public(at):
        return render_article(request, found, at=at)
    return _gone(request, found)


@require_safe
def article_card(request: HttpRequest, year: int, slug: str) -> HttpResponse:
    """The picture beside a shared link."""
    public = Article.objects.published(timezone.now()).select_related("section", "cover").defer("body")
    found = get_object_or_404(public, year=year, slug=slug)
    photo = found.cover.file(share_cards.WIDTH) if found.cover else ""
    card = share_cards.of_department(f"Tin tức · {found.section}", found.title, photo)
    return share_cards.respond(request, card)


def render_article(
    request: HttpRequest,
    article: Article,
    *,
    at: datetime,
    preview: bool = False,
    preview_until: datetime | None = None,
) -> HttpResponse:
    """Show the article as the public sees it at the moment; a preview says that it is one, and until when."""
    context = {
        "article": article,
        "page": ArticlePage(article, Organisation.current(), at),
        "preview": preview,
        "preview_until": preview_until,
        "trail": trail(article.section),
    }
    return render(request, "news/article_detail.html", context)


def trail(section: Section | None = None) -> list[Link]:
    """Return the way from the home page to a page of articles."""
    column = Link("Tin tức", reverse("news:home"))
    return [column, Link(section.name, section.get_absolute_url())] if section else [column]


def _render_list(request: HttpRequest, criteria: Criteria, *, trail: list[Link]) -> HttpResponseBase:
    if not all(request.GET.values()):
        # A form sends its empty field too; the address that people pass on has none.
        return redirect(criteria.url)
    at = timezone.now()
    found = listing.find(criteria, request.GET.get("trang"), at=at)
    if criteria.text and not found.page.paginator.count:
        record_miss(criteria.text, on=timezone.localdate(at))
    is_first = found.page.number == 1 and not criteria.is_narrowed
    shown = albums.of_section(criteria.section, at) if criteria.section and is_first else []
    context = {"list": found, "criteria": criteria, "albums": shown, "trail": trail}
    return render(request, "news/article_list.html", context)


def _gone(request: HttpRequest, article: Article) -> HttpResponse:
    section = article.section
    more = [
        Link(f"Xem bài khác trong mục {section.name}", section.get_absolute_url()),
        Link("Xem tất cả tin tức", reverse("news:home")),
    ]
    return gone.respond(request, article, what="Bài này", trail=trail(section), more=more)
