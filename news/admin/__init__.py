"""The staff's workplace for the column and the plan, one module a noun."""

from news.admin import albums, articles, bulletins, evidence, images, internal, plan, review, sections, trainings

__all__ = [
    "albums",
    "articles",
    "bulletins",
    "evidence",
    "images",
    "internal",
    "plan",
    "review",
    "sections",
    "trainings",
]
