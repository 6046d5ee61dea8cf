"""The staff's workplace for articles."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from news import articles, editing, pictures, publishing, unsaved, upload_views
from news.admin import article_pages
from news.admin.evidence import EvidenceInline
from news.admin.publications import PublicationAdmin, Status, UnitFilter, user
from news.articles import LEAD_LENGTH, TITLE_LENGTH
from news.forms import ArticleForm, covers_for
from news.models import Article, Image, Placement
from news.querysets import PublicationQuerySet
from portal import richtext
from portal.admin_site import Task, tasks
from portal.models import User
from portal.richtext import RichTextAdminMixin
from portal.text import fold
from procedures.admin import FoldedSearchMixin
from procedures.models import ProcedureChange


class TimeFilter(admin.SimpleListFilter):
    title = "lúc đăng"
    parameter_name = "luc"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("dang", "Đang đăng"), ("hen-gio", "Hẹn giờ đăng"), ("thoi", "Thôi đăng")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        at = timezone.now()
        match self.value():
            case "dang":
                return queryset.published(at)
            case "hen-gio":
                return queryset.scheduled(at)
            case "thoi":
                return queryset.filter(status=Status.PUBLISHED, unpublish_at__lte=at)
        return None


class FromChangeFilter(admin.SimpleListFilter):
    title = "nguồn gốc"
    parameter_name = "tu"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("thay-doi", "Soạn sẵn từ thay đổi thủ tục")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        return written_from_changes(queryset) if self.value() == "thay-doi" else None


class PlacementInline(admin.TabularInline):
    model = Placement
    template = "admin/procedures/rows.html"
    fields = ["channel", "name", "url", "placed_on"]
    verbose_name = "kênh"
    verbose_name_plural = "đăng ở kênh khác"
    extra = 0


@admin.register(Article)
class ArticleAdmin(RichTextAdminMixin, PublicationAdmin):
    form = ArticleForm
    change_form_template = "admin/news/article/form.html"
    inlines = [PlacementInline, EvidenceInline]
    fieldsets = [
        (None, {"fields": ["title", "lead", "body"]}),
        ("Ảnh đại diện", {"fields": ["cover", "cover_file", "cover_alt", "cover_decorative"]}),
        ("Xếp vào", {"fields": ["section", "kind", "tag_names", "featured"]}),
        ("Liên quan", {"fields": ["procedures", "documents", "changes", "source"]}),
        ("Đăng", {"fields": ["unit", "publish_at", "unpublish_at"]}),
    ]
    autocomplete_fields = ["procedures", "documents", "changes"]
    derived_fields = ("reading_minutes",)
    list_display = ["title", "state", "section", "author", "unit", "publish_at", "changed_at"]
    list_filter = ["status", UnitFilter, TimeFilter, FromChangeFilter, "section", "kind", "featured", "unit"]
    list_select_related = ["section", "author", "unit"]
    ordering = ["-changed_at", "-pk"]
    search_fields = ["title"]
    search_help_text = "Tìm theo tiêu đề; gõ có dấu hay không dấu đều được."

    class Media:
        js = [Script("js/article-editor.js", defer=True)]

    # The list.

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        found = super().get_queryset(request)
        return found.defer("body") if request.resolver_match and _is_list(request) else found

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        words = fold(search_term).split()
        if not words:
            return queryset, False
        titles = queryset.values_list("pk", "title").iterator()
        found = [pk for pk, title in titles if all(word in fold(title) for word in words)]
        return queryset.filter(pk__in=found), False

    # The form.

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        if obj is None or self.has_change_permission(request, obj):
            return self.fieldsets
        # Who may only look sees the page as the public would.
        shown = [(None, {"fields": ["title", "page"]}), ("Xếp vào", {"fields": ["section", "kind", "featured"]})]
        return [*shown, *self.fieldsets[3:]]

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> Any:
        may_edit = obj is None or self.has_change_permission(request, obj)
        return [*super().get_readonly_fields(request, obj), *([] if may_edit else ["page"])]

    @admin.display(description="nội dung")
    def page(self, article: Article) -> SafeString:
        address = reverse("admin:news_article_preview-page", args=[article.pk])
        return format_html('<iframe class="preview-read" src="{}" title="Nội dung bài"></iframe>', address)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is None:
            return None
        for link in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
            if hasattr(field.widget, link):
                setattr(field.widget, link, False)
        if db_field.name == "title":
            field.widget.attrs |= {"data-most": TITLE_LENGTH}
        if db_field.name == "lead":
            field.widget.attrs |= {"data-most": LEAD_LENGTH, "rows": 3}
        if db_field.name == "body":
            field.help_text = "Dán từ Word giữ được đề mục, danh sách và bảng. Kéo thả ảnh vào khung soạn thảo."
        return field

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if request.method == "POST":
            # Before anything is refused: a file is not chosen again because a title is missing.
            self._store_cover(request)
            return super().changeform_view(request, object_id, form_url, extra_context)
        article = self.get_object(request, unquote(object_id)) if object_id else None
        kept = unsaved.find(user(request), article)
        if article and self.has_change_permission(request, article):
            editing.opened(user(request), article, at=timezone.now())
        extra_context = {**(extra_context or {}), "kept": kept}
        if kept and "khoi-phuc" in request.GET:
            # Shown as a form that was sent and has to be looked at again.
            typed = unsaved.typed(kept)
            typed["_restored"] = "1"
            request.method, request.POST = "POST", typed  # type: ignore[assignment]
            extra_context["restored"] = True
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _store_cover(self, request: HttpRequest) -> None:
        file = request.FILES.get("cover_file")
        if file is None or not request.user.has_perm("news.add_image"):
            return
        post = request.POST.copy()
        try:
            if not upload_views.may_upload(user(request), at=timezone.now()):
                raise ValidationError(upload_views.TOO_MANY)
            image = pictures.store(
                file,
                by=user(request),
                at=timezone.now(),
                alt=post.get("cover_alt", "").strip()[:300],
                decorative="cover_decorative" in post,
            )
        except ValidationError as error:
            for text in error.messages:
                self.message_user(request, text, messages.ERROR)
        else:
            post["cover"] = post["_new_cover"] = str(image.pk)
        request.POST = post  # type: ignore[assignment]
        request.FILES.pop("cover_file")

    def get_form(self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        cover: Any = form.base_fields.get("cover")
        if cover is not None:
            images = covers_for(obj, user(request), also=request.POST.get("cover"))
            getattr(cover.widget, "widget", cover.widget).images = images
            cover.queryset = Image.objects.filter(pk__in=[image.pk for image in images])
        return form

    def too_late(self, request: HttpRequest, publication: Article) -> HttpResponse:
        answer = super().too_late(request, publication)
        unsaved.keep(user(request), publication, request.POST, at=timezone.now())
        self.message_user(request, "Nội dung vừa nhập được giữ trong bản chưa lưu.", messages.INFO)
        return answer

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        obj.reading_minutes = richtext.reading_minutes(obj.body)
        super().save_model(request, obj, form, change)
        unsaved.discard(user(request), obj if change else None)

    def _respond(self, request: HttpRequest, publication: Article) -> HttpResponse | None:
        for sentence in articles.warnings(publication):
            self.message_user(request, sentence, messages.WARNING)
        return super()._respond(request, publication)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        article: Article | None = kwargs.get("obj")
        form = context["adminform"].form
        may_edit = article is None or self.has_change_permission(request, article)
        context |= {
            "may_edit": may_edit,
            "others": editing.others(user(request), article, at=timezone.now()) if article and may_edit else [],
            "differences": getattr(form, "differences", []),
            "addresses": article_pages.addresses(article),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    # Pages of their own.

    def get_urls(self) -> list[URLPattern]:
        own = []
        for route, view, name in article_pages.PAGES:
            wrapped = self.admin_site.admin_view(view)
            own += [path(route, wrapped, {"model_admin": self}, f"news_article_{name}")]
        return own + super().get_urls()

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return article_pages.versions(request, object_id, model_admin=self)


@admin.register(ProcedureChange)
class ProcedureChangeAdmin(FoldedSearchMixin, admin.ModelAdmin):
    """Only looked up from other forms; changes are made in their decision."""

    searched = ("procedure__code", "procedure__name", "procedure__short_name", "decision__document__number")
    search_fields = ["procedure__name"]
    ordering = ["-effective_on", "-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).published().select_related("procedure", "decision__document")  # type: ignore[attr-defined]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@tasks.register
def articles_waiting(person: User, on: date) -> Iterator[Task]:
    """What waits for those who approve, and for those who write."""
    if not person.has_perm("news.change_article"):
        return
    if person.has_perm("news.publish_article"):
        waiting = Article.objects.submitted().exclude(author=person).count()
        yield Task("Duyệt tin, bài", waiting, _address(status__exact="submitted"))
    own = Article.objects.filter(author=person)
    returned = own.filter(status=Status.RETURNED).count()
    yield Task("Sửa tin, bài bị trả lại", returned, _address(status__exact="returned", cua="toi"), urgent=True)
    drafts = own.filter(status=Status.DRAFT).count()
    yield Task("Tin, bài đang soạn của tôi", drafts, _address(status__exact="draft", cua="toi"))
    if publishing.edits_all_units(person):
        ready = written_from_changes(Article.objects.filter(status=Status.DRAFT)).count()
        note = "Soạn sẵn từ thay đổi thủ tục đã công bố. Đọc lại, sửa rồi gửi duyệt, hoặc xóa."
        yield Task("Bài soạn sẵn về thay đổi thủ tục", ready, _address(status__exact="draft", tu="thay-doi"), note)


def written_from_changes(found: PublicationQuerySet) -> PublicationQuerySet:
    """Return what `news.drafting` wrote and nobody has taken over."""
    return found.filter(author=None, changes__isnull=False).distinct()


def _address(**filters: str) -> str:
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    return f"{reverse('admin:news_article_changelist')}?{query}"


def _is_list(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.url_name == "news_article_changelist"
