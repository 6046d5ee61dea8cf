"""The staff's workplace for the column and the plan, one module a noun."""

from news.admin import albums, articles, evidence, sections

__all__ = ["albums", "articles", "evidence", "sections"]
