"""The staff's pages beside the form of an article: versions, preview, and what is kept while typing."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from reversion.models import Version

from news import editing, history, unsaved
from news import preview as news_preview
from news.admin.publications import user
from news.models import Article, UnsavedArticle
from news.views import render_article
from portal.comparing import moment

VERSIONS_A_PAGE = 20


# What the page sends while somebody types.


@require_POST
def keep(request: HttpRequest, model_admin: ModelAdmin, pk: int | None = None) -> HttpResponse:
    """Keep what is typed, say that the page is still open, and tell who else has it open.

    The answer brings the present token, so that who signed in again in another window can save here.
    """
    article = _editable(request, model_admin, pk)
    at, answer = timezone.now(), {"token": get_token(request), "others": [], "kept": ""}
    if "_keep" in request.POST:
        kept = timezone.localtime(unsaved.keep(user(request), article, request.POST, at=at).saved_at)
        answer["kept"] = f"{kept.hour}:{kept:%M}"
    if article is not None:
        editing.still_open(user(request), article, at=at)
        answer["others"] = editing.others(user(request), article, at=at)
    return JsonResponse(answer)


@require_POST
def discard(request: HttpRequest, model_admin: ModelAdmin, pk: int | None = None) -> HttpResponse:
    """Throw away what was kept."""
    article = _visible(request, model_admin, pk) if pk else None
    unsaved.discard(user(request), article)
    messages.success(request, "Đã bỏ bản chưa lưu.")
    return redirect(_form_address(pk))


# Preview.


def preview(request: HttpRequest, model_admin: ModelAdmin, pk: int | None = None) -> HttpResponse:
    """Show the public page in two frames, as on a computer and as on a telephone; what is typed if it was sent."""
    if request.method == "POST":
        article = _editable(request, model_admin, pk)
        unsaved.keep(user(request), article, request.POST, at=timezone.now())
        return redirect(request.path)
    article = _visible(request, model_admin, pk) if pk else _editable(request, model_admin, None)
    kept = _kept(request, model_admin, article)
    if article is None and kept is None:
        return redirect("admin:news_article_add")
    at = timezone.now()
    link = news_preview.link(article, at=at) if article and not article.is_public(at) else None
    context = {
        "kept": kept,
        "link": link,
        "address": _address("preview-page", article),
        "form_address": _form_address(pk),
        "link_address": settings.BASE_URL + reverse("news:preview", args=[str(link)]) if link else "",
    }
    return _render(request, model_admin, "preview.html", "Xem trước", article, **context)


def preview_page(request: HttpRequest, model_admin: ModelAdmin, pk: int | None = None) -> HttpResponse:
    """Show the page that the public would see of what is typed, or else of what is stored."""
    article = _visible(request, model_admin, pk) if pk else _editable(request, model_admin, None)
    kept = _kept(request, model_admin, article)
    if kept is None:
        if article is None:
            return redirect("admin:news_article_add")
        return render_article(request, article, at=timezone.now(), preview=True)
    with transaction.atomic():
        form = model_admin.get_form(request, article, change=bool(article))(unsaved.typed(kept), instance=article)
        stored = news_preview.store_typed(form)
        shown = Article.objects.select_related("section", "unit", "cover").get(pk=stored)
        response = render_article(request, shown, at=timezone.now(), preview=True)
        transaction.set_rollback(True)
    return response


def _kept(request: HttpRequest, model_admin: ModelAdmin, article: Article | None) -> UnsavedArticle | None:
    if article is not None and not model_admin.has_change_permission(request, article):
        return None
    return unsaved.find(user(request), article)


# Versions.


def versions(request: HttpRequest, object_id: str, model_admin: ModelAdmin) -> HttpResponse:
    """List who saved the article when, and let two versions be chosen for comparison."""
    article = _visible(request, model_admin, object_id)
    page = Paginator(history.versions(article.pk), VERSIONS_A_PAGE).get_page(request.GET.get("trang"))
    return _render(request, model_admin, "versions.html", "Lịch sử", article, page=page)


def compare(request: HttpRequest, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    """Show what differs between two versions, or between one and what is stored now."""
    article = _visible(request, model_admin, pk)
    old, new = _chosen_versions(request, pk)
    if old is None:
        messages.warning(request, "Chọn hai bản khác nhau để so sánh.")
        return redirect("admin:news_article_history", pk)
    after = history.snapshot(new) if new else history.stored(article)
    open_to = model_admin.has_change_permission(request, article) and not article.is_approved
    context = {
        "old": old,
        "before": f"Lưu lúc {moment(old.revision.date_created)}",
        "after": f"Lưu lúc {moment(new.revision.date_created)}" if new else "Đang lưu",
        "changes": history.compare(history.snapshot(old), after),
        "may_restore": new is None and open_to,
    }
    return _render(request, model_admin, "compare.html", "So sánh", article, **context)


@require_POST
def restore(request: HttpRequest, pk: int, version: int, model_admin: ModelAdmin) -> HttpResponse:
    """Bring the content back to the version, unless somebody has saved it since the comparison."""
    article = _editable(request, model_admin, pk)
    found = get_object_or_404(history.versions(pk), pk=version)
    with transaction.atomic():
        current = Article.objects.select_for_update().get(pk=pk)
        if article is None or request.POST.get("seen") != str(current.edit_number):
            messages.warning(request, "Bài vừa được người khác lưu. Xem lại phần khác nhau rồi khôi phục.")
            return redirect(f"{reverse('admin:news_article_compare', args=[pk])}?truoc={version}")
        try:
            lost = history.restore(found, by=user(request), at=timezone.now())
        except history.NotRestorable as error:
            messages.error(request, str(error))
            return redirect("admin:news_article_change", pk)
    messages.success(request, "Đã khôi phục nội dung bài. Bản trước đó vẫn còn trong lịch sử.")
    for sentence in lost:
        messages.warning(request, sentence)
    return redirect("admin:news_article_change", pk)


def _chosen_versions(request: HttpRequest, pk: int) -> tuple[Version | None, Version | None]:
    """Return the older and the newer version; the second is None for what is stored now."""
    typed = [request.GET.get(name, "") for name in ("truoc", "sau")]
    numbers = {int(text) for text in typed if text.isascii() and text.isdigit() and len(text) < 19}
    found: list[Version] = list(history.versions(pk).filter(pk__in=numbers).order_by("pk"))
    if len(found) == 2:
        return found[0], found[1]
    # The same version twice is nothing to compare.
    return (found[0], None) if len(found) == 1 and not all(typed) else (None, None)


# What all of them need.

Pages = list[tuple[str, Callable[..., HttpResponse], str]]
PAGES: Pages = [
    ("moi/giu/", keep, "keep-new"),
    ("<int:pk>/giu/", keep, "keep"),
    ("moi/bo-ban-chua-luu/", discard, "discard-new"),
    ("<int:pk>/bo-ban-chua-luu/", discard, "discard"),
    ("moi/xem-truoc/", preview, "preview-new"),
    ("<int:pk>/xem-truoc/", preview, "preview"),
    ("moi/xem-truoc/trang/", preview_page, "preview-page-new"),
    ("<int:pk>/xem-truoc/trang/", preview_page, "preview-page"),
    ("<int:pk>/so-sanh/", compare, "compare"),
    ("<int:pk>/khoi-phuc/<int:version>/", restore, "restore"),
]


def addresses(article: Article | None) -> dict[str, str]:
    """Return the addresses that the form sends something to, by name."""
    return {name: _address(name, article) for name in ("keep", "discard", "preview")}


def _address(name: str, article: Article | None) -> str:
    if article is None:
        return reverse(f"admin:news_article_{name}-new")
    return reverse(f"admin:news_article_{name}", args=[article.pk])


def _visible(request: HttpRequest, model_admin: ModelAdmin, pk: int | str | None) -> Article:
    found = model_admin.get_queryset(request).select_related("section", "unit", "cover")
    article = get_object_or_404(found, pk=_number(pk or 0))
    if not model_admin.has_view_permission(request, article):
        raise PermissionDenied
    return article


def _editable(request: HttpRequest, model_admin: ModelAdmin, pk: int | None) -> Article | None:
    """Return the article that the person may change; None for a new one."""
    article = _visible(request, model_admin, pk) if pk else None
    allowed = (
        model_admin.has_change_permission(request, article) if article else model_admin.has_add_permission(request)
    )
    if not allowed:
        raise PermissionDenied
    return article


def _form_address(pk: int | None) -> str:
    return reverse("admin:news_article_change", args=[pk]) if pk else reverse("admin:news_article_add")


def _number(text: int | str) -> int:
    """Return the number that an address names; 0, which no row has, for anything else."""
    return int(text) if str(text).isascii() and str(text).isdigit() and len(str(text)) < 19 else 0


def _render(
    request: HttpRequest,
    model_admin: ModelAdmin,
    template_name: str,
    title: str,
    article: Article | None,
    **context: Any,
) -> HttpResponse:
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": title,
        "subtitle": str(article) if article else None,
        "article": article,
        **context,
    }
    request.current_app = model_admin.admin_site.name
    return render(request, f"admin/news/article/{template_name}", context)
