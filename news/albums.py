"""What an album must have before others see it, and how its photos stand in order."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Count, Max, Prefetch

from news.models import Album, AlbumPhoto, Image, Section
from news.publishing import asks
from portal.models import User
from portal.steps import Problem

SHOWN_IN_SECTION = 8


@asks(Album)
def problems(album: Album) -> Iterable[Problem]:
    """Ask for what the list and the pages show of every album (plan II.2)."""
    if not album.title.strip():
        yield Problem("Ghi tên album.", "title")
    photos = album.photos.select_related("image")
    if not photos:
        yield Problem("Thêm ít nhất một ảnh.", "files")
    lacking = [str(number) for number, photo in enumerate(photos, start=1) if not is_described(photo.image)]
    if lacking:
        yield Problem(f"Mô tả ảnh thứ {', '.join(lacking)}, hoặc chọn “ảnh trang trí”.")


def for_list(pks: Sequence[int]) -> list[Album]:
    """Return the albums in this order, each with `photo_count` and its first photo in `covers`."""
    first = AlbumPhoto.objects.select_related("image").filter(order=1)
    shown = Album.objects.annotate(photo_count=Count("photos")).prefetch_related(
        Prefetch("photos", queryset=first, to_attr="covers")
    )
    by_pk = shown.in_bulk(pks)
    return [by_pk[pk] for pk in pks if pk in by_pk]


def of_section(section: Section, at: datetime) -> list[Album]:
    """Return the newest albums of a section."""
    public = Album.objects.published(at).filter(section=section).newest_first()
    return for_list(list(public.values_list("pk", flat=True)[:SHOWN_IN_SECTION]))


def is_described(image: Image) -> bool:
    return bool(image.alt) or image.decorative


def own_images(pks: Iterable[int], by: User) -> list[Image]:
    """Return the person's own pictures among these, in the order in which they are named."""
    found = Image.objects.filter(uploaded_by=by).in_bulk(list(pks))
    return [found[pk] for pk in pks if pk in found]


def add(album: Album, images: Sequence[Image]) -> None:
    """Put pictures at the end of the album; one that is in it already stays where it is."""
    inside = set(album.photos.values_list("image", flat=True))
    last = album.photos.aggregate(last=Max("order"))["last"] or 0
    new = [image for image in images if image.pk not in inside]
    rows = [AlbumPhoto(album=album, image=image, order=last + step) for step, image in enumerate(new, start=1)]
    AlbumPhoto.objects.bulk_create(rows)


def renumber(album: Album) -> None:
    """Number the photos from one on in the order that was asked for, so that each has a place and an address."""
    photos = list(album.photos.all())
    for number, photo in enumerate(photos, start=1):
        photo.order = number
    AlbumPhoto.objects.bulk_update(photos, ["order"])


def credit_all(album: Album, credit: str) -> None:
    """Name who made the photos that name nobody yet."""
    Image.objects.filter(album_photos__album=album, credit="").update(credit=credit)
