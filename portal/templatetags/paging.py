"""The numbered links under a list."""

from django import template
from django.core.paginator import Page

register = template.Library()


@register.filter
def page_numbers(page: Page) -> list[int | None]:
    """Return the numbers to show around the current page; None stands for those left out."""
    shown = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [entry if isinstance(entry, int) else None for entry in shown]


@register.filter
def with_page(url: str, number: int) -> str:
    """Return the address of page `number` of the list at `url`; the first page has no number."""
    if number == 1:
        return url
    return f"{url}{'&' if '?' in url else '?'}trang={number}"
