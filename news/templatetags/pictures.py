"""Pictures in the size that fits the reader's screen."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from news import pictures
from news.models import Image

register = template.Library()


@register.simple_tag
def picture(image: Image, sizes: str = "100vw", lazy: bool = False, **attributes: Any) -> SafeString:
    """Show a stored picture: `{% picture image sizes="(min-width: 62em) 20rem, 100vw" lazy=True class="cover" %}`.

    `alt` may be given where the stored description does not fit, e.g. `alt=""` beside the title it illustrates.
    """
    return pictures.show(
        image, sizes=sizes, lazy=lazy, css_class=attributes.pop("class", ""), alt=attributes.pop("alt", None)
    )


@register.filter(is_safe=True)
def responsive(html: str, eager: bool = True) -> str:
    """Give each picture of a sanitised body all its sizes; `|responsive:False` where a cover stands above."""
    return pictures.responsive(html, eager=eager)
