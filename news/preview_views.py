"""The preview of an article for a reader without account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from news import preview
from news.models import Article
from news.views import render_article


@require_safe
@never_cache
def shared(request: HttpRequest, signed: str) -> HttpResponse:
    """Show what is stored of an article, or lead to the public page once it is published or withdrawn."""
    at = timezone.now()
    try:
        link = preview.read(signed)
    except preview.BadLink:
        return _over(request, 404)
    article = Article.objects.select_related("section", "unit", "cover").filter(pk=link.article).first()
    if article is None:
        return _over(request, 404)
    if not preview.opens(link, article, at=at):
        return redirect(article) if article.slug else _over(request, 410)
    return _unlisted(render_article(request, article, at=at, preview=True, preview_until=link.until))


def _over(request: HttpRequest, status: int) -> HttpResponse:
    return _unlisted(render(request, "news/preview_over.html", status=status))


def _unlisted(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    return response
