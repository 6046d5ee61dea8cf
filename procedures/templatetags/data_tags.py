"""A page's facts for machines, inside the page."""

from typing import Any

from django import template
from django.template.defaultfilters import stringfilter

from procedures import linked_data
from procedures.pages import ProcedurePage

register = template.Library()


@register.filter
def as_service(page: ProcedurePage) -> dict[str, Any]:
    """Return what the block of linked data says of the procedure."""
    return linked_data.service(page)


@register.filter(is_safe=True)
@stringfilter
def as_linked_data(block: str) -> str:
    """Return the block that `json_script` made as one of linked data (JSON-LD)."""
    return block.replace('type="application/json"', 'type="application/ld+json"', 1)
