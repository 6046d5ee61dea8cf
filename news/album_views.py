"""Pages of the albums: the list, an album's photos, and each photo by itself."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from news import albums, gone
from news.models import Album, AlbumPhoto
from portal import share_cards
from portal.navigation import Link

PAGE_SIZE = 20


@require_safe
def album_list(request: HttpRequest) -> HttpResponse:
    found = Album.objects.published(timezone.now()).newest_first()
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("trang"))
    # Counted and looked up for the albums of this page alone.
    shown = albums.for_list([album.pk for album in page])
    return render(request, "news/album_list.html", {"page": page, "albums": shown, "trail": _trail()})


@require_safe
def album(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Album.objects.select_related("unit", "section"), slug=slug)
    if not found.is_public(timezone.now()):
        return _gone(request, found)
    return render_album(request, found)


def render_album(request: HttpRequest, album: Album, *, preview: bool = False) -> HttpResponse:
    """Show the album as the public sees it; the admin's preview says that it is one."""
    context = {
        "album": album,
        "photos": list(album.photos.select_related("image")),
        "articles": list(album.articles.published(timezone.now()).newest_first()[:5]),
        "preview": preview,
        "trail": _trail() if preview else _trail(album),
    }
    return render(request, "news/album.html", context)


@require_safe
def photo(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    found = get_object_or_404(Album, slug=slug)
    if not found.is_public(timezone.now()):
        return _gone(request, found)
    count = found.photos.count()
    if number > count:
        raise Http404
    beside = {row.order: row for row in _around(found, number)}
    if number not in beside:
        raise Http404
    context = {
        "album": found,
        "photo": beside[number],
        "number": number,
        "count": count,
        "before": number - 1 if number - 1 in beside else None,
        "after": number + 1 if number + 1 in beside else None,
        "trail": [*_trail(found), Link(f"Ảnh {number}", reverse("news:photo", args=[slug, number]))],
    }
    return render(request, "news/photo.html", context)


@require_safe
def album_card(request: HttpRequest, slug: str) -> HttpResponse:
    """The picture beside a shared link."""
    found = get_object_or_404(Album.objects.published(timezone.now()), slug=slug)
    first = found.photos.select_related("image").first()
    photo = first.image.file(share_cards.WIDTH) if first else ""
    card = share_cards.of_department("Hình ảnh", found.title, photo)
    return share_cards.respond(request, card)


def _around(album: Album, number: int) -> list[AlbumPhoto]:
    """Return the photo and its neighbours; photos are numbered from one on without gaps."""
    return list(album.photos.select_related("image").filter(order__range=(number - 1, number + 1)))


def _gone(request: HttpRequest, album: Album) -> HttpResponse:
    more = [Link("Xem các album khác", reverse("news:album-list"))]
    return gone.respond(request, album, what="Album này", trail=_trail(), more=more)


def _trail(album: Album | None = None) -> list[Link]:
    trail = [Link("Tin tức", reverse("news:home")), Link("Hình ảnh", reverse("news:album-list"))]
    return [*trail, Link(album.title, album.get_absolute_url())] if album else trail
