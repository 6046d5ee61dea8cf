"""How an issue of the bulletin is named and shown, on the page and on paper."""

import re
from datetime import timedelta

from django import template
from django.utils.safestring import SafeString

from news.models import Article, Bulletin, Image
from portal import richtext
from portal.templatetags.vietnamese import viet_date

register = template.Library()

PRINT_WIDTH, SMALL_PRINT_WIDTH = 1280, 800
# The lowest level of rich text stays what it is.
_HEADING = re.compile(r"(</?h)([23])\b")


@register.filter
def issue_number(bulletin: Bulletin) -> str:
    return f"Số {bulletin.number}/{bulletin.year}"


@register.filter
def period(bulletin: Bulletin) -> str:
    """Return the days that the issue tells of: "Tháng 10/2026" where it is a whole month."""
    first, last = bulletin.first_on, bulletin.last_on
    after = last + timedelta(days=1)
    if first.day == after.day == 1 and last - first < timedelta(days=31):
        return f"Tháng {first.month}/{first.year}"
    return f"Từ ngày {viet_date(first)} đến ngày {viet_date(last)}"


@register.filter
def print_url(image: Image) -> str:
    return image.url(PRINT_WIDTH)


@register.filter
def small_print_url(image: Image) -> str:
    return image.url(SMALL_PRINT_WIDTH)


@register.filter
def body_under_heading(article: Article) -> SafeString:
    """Return the body with its headings one level lower, as the article's title is a heading of the issue."""
    return richtext.shown(_HEADING.sub(lambda match: f"{match[1]}{int(match[2]) + 1}", article.body))
