"""The staff's workplace for the column and the plan, one module a noun."""

from news.admin import articles, sections

__all__ = ["articles", "sections"]
