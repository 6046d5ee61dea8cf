"""What the page for print needs of a grid."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

from portal.official_documents import Grid

register = template.Library()


@register.filter
def aligned(row: Sequence[str], grid: Grid) -> list[tuple[str, str]]:
    """Return the words of a row, each with how it is aligned."""
    return list(zip(row, grid.alignment, strict=True))


@register.filter
def column_widths(grid: Grid) -> list[int]:
    """Return the widths of the columns in whole per cents."""
    return [round(100 * width / sum(grid.widths)) for width in grid.widths]


@register.filter
def of_key(values: Mapping[str, Any], key: str) -> Any:
    return values[key]
