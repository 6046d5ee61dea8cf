"""What pages show of articles."""

from typing import Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from news import pages, pictures
from news.models import Article
from procedures.models import Procedure

register = template.Library()

SHOWN_ABOUT_PROCEDURE = 5


@register.filter
def article_body(article: Article) -> SafeString:
    """Return the body, which was sanitised when it was stored, with its pictures in all their sizes."""
    return SafeString(pictures.responsive(article.body, eager=article.cover is None))


@register.inclusion_tag("news/parts/about_procedure.html")
def articles_about(procedure: Procedure) -> dict[str, Any]:
    """Show the latest articles that tell of the procedure."""
    return {"articles": list(pages.about(procedure, timezone.now(), SHOWN_ABOUT_PROCEDURE))}
