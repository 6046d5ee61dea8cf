"""What pages show of articles."""

from typing import Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from news import pages
from news.models import Article
from portal import richtext
from procedures.models import Procedure

register = template.Library()

SHOWN_ABOUT_PROCEDURE = 5


@register.filter
def article_body(article: Article) -> SafeString:
    """Return the body ready for the page; `responsive` gives its pictures all their sizes."""
    return richtext.shown(article.body)


@register.inclusion_tag("news/parts/about_procedure.html")
def articles_about(procedure: Procedure) -> dict[str, Any]:
    """Show the latest articles that tell of the procedure."""
    return {"articles": list(pages.about(procedure, timezone.now(), SHOWN_ABOUT_PROCEDURE))}
