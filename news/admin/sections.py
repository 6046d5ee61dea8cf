"""The sections of the column and the tags."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from news.models import Section, Tag
from news.publishing import free_slug
from procedures.admin import FoldedSearchMixin


@admin.register(Section)
class SectionAdmin(admin.ModelAdmin):
    list_display = ["name", "article_count", "order", "active"]
    list_editable = ["order", "active"]
    # Said again, as counting the rows drops the model's own order.
    ordering = ["order", "pk"]
    fields = ["name", "description", "order", "active"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(article_count=Count("articles"))

    def save_model(self, request: HttpRequest, obj: Section, form: Any, change: bool) -> None:
        # Addresses that people have kept go on working, whatever the section is called later.
        obj.slug = obj.slug or free_slug(obj.name, Section.objects.all())
        super().save_model(request, obj, form, change)

    @admin.display(description="tin, bài", ordering="article_count")
    def article_count(self, section: Any) -> int:
        return section.article_count


@admin.register(Tag)
class TagAdmin(FoldedSearchMixin, admin.ModelAdmin):
    """Tags come with the articles that name them; here they are tidied up."""

    list_display = ["name", "article_count"]
    ordering = ["name"]
    fields = ["name"]
    search_fields = ["name"]
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(article_count=Count("articles"))

    def save_model(self, request: HttpRequest, obj: Tag, form: Any, change: bool) -> None:
        obj.slug = obj.slug or free_slug(obj.name, Tag.objects.all())
        super().save_model(request, obj, form, change)

    @admin.display(description="tin, bài", ordering="article_count")
    def article_count(self, tag: Any) -> int:
        return tag.article_count
