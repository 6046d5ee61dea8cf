"""Pictures: stored in several sizes, and shown in the one that fits the reader's screen."""

import re
import threading
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import PIL.Image
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage, storages
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString

from news.models import Article, Image
from news.models.image import FOLDER, height_of, size_name
from news.picture_files import check, decode, encode, encode_original
from portal.models import User

WIDTHS = (480, 800, 1280)
PANORAMA_WIDTH = 2560  # at 1280 what is three times as wide as high would be a strip
HIGHEST = 3840  # of what is far higher than wide, e.g. a poster photographed by scrolling
KINDS = ("webp", "jpg")
# The column of an article, as wide as static/css lays it out.
SIZES_IN_BODY = "(min-width: 48em) 42rem, 100vw"
COLUMN = 672  # pixels
# A file younger than this may belong to a row that is just being stored.
LEFT_BEHIND = timedelta(days=1)

# One decoded picture at a time in a process, so that many uploads at once do not take its memory.
_one_at_a_time = threading.Lock()


# Storing.


def store(
    file: Any,
    *,
    by: User | None,
    at: datetime,
    alt: str = "",
    decorative: bool = False,
    caption: str = "",
    credit: str = "",
) -> Image:
    """Check the file, keep the picture apart and make its sizes; raise ValidationError where it cannot be used.

    Nothing stays of a picture that could not be stored. It takes seconds for a large one: call it
    outside of a transaction, whose rollback would also leave the files until `sweep` comes.
    """
    image = Image(alt=alt, decorative=decorative, caption=caption, credit=credit, uploaded_by=by, uploaded_at=at)
    try:
        with _one_at_a_time:
            picture = check(file)
            _keep_original(image, picture)
            _make_sizes(image, picture)
        image.save(force_insert=True)
    except BaseException:
        delete_files(image)
        raise
    return image


def remake(image: Image) -> None:
    """Make the sizes anew from the original, as after a change of widths or quality."""
    with _one_at_a_time:
        with image.original.open("rb") as file:
            picture = decode(file, str(image))
        _delete_folder(image.name)
        _make_sizes(image, picture)
    image.save(update_fields=["widths"])


def has_all_sizes(image: Image) -> bool:
    """Tell whether the files are there that the present widths and kinds ask for."""
    if image.widths != widths_of(image.width, image.height):
        return False
    names = (size_name(image.name, width, kind) for width in image.widths for kind in KINDS)
    return all(default_storage.exists(name) for name in names)


def widths_of(width: int, height: int) -> list[int]:
    """Return the widths of the sizes to make, ascending; none is wider than the picture."""
    wanted = (*WIDTHS, PANORAMA_WIDTH) if width > 3 * height else WIDTHS
    widest = min(width, wanted[-1], max(1, HIGHEST * width // height))
    return [*(one for one in wanted if one < widest), widest]


def _keep_original(image: Image, picture: PIL.Image.Image) -> None:
    kind, content = encode_original(picture)
    image.original.save(f"goc.{kind}", ContentFile(content), save=False)


def _make_sizes(image: Image, picture: PIL.Image.Image) -> None:
    image.width, image.height = picture.size
    image.widths = widths_of(*picture.size)
    # Each from the next larger one, which is many times faster than from the original.
    for width in reversed(image.widths):
        size = (width, height_of(width, image.width, image.height))
        if picture.size != size:
            picture = picture.resize(size, PIL.Image.Resampling.LANCZOS, reducing_gap=3.0)
        for kind in KINDS:
            default_storage.save(size_name(image.name, width, kind), ContentFile(encode(picture, kind)))


# What is no longer needed.


def delete_files(image: Image) -> None:
    _delete_folder(image.name)
    if image.original:
        image.original.delete(save=False)


def sweep(at: datetime) -> int:
    """Delete files that no row names, left by what was rolled back or killed; return how many pictures."""
    names, kept = set(), set()
    for name, original in Image.objects.values_list("name", "original").iterator():
        names.add(name)
        kept.add(original)
    folders, _ = _listed(default_storage, FOLDER)
    left = [name for name in folders if name not in names and _is_old(default_storage, f"{FOLDER}/{name}", at)]
    for name in left:
        _delete_folder(name)
    originals = storages["originals"]
    _, files = _listed(originals, FOLDER)
    left_originals = [
        path for path in (f"{FOLDER}/{file}" for file in files) if path not in kept and _is_old(originals, path, at)
    ]
    for path in left_originals:
        originals.delete(path)
    return max(len(left), len(left_originals))


def _delete_folder(name: str) -> None:
    folder = f"{FOLDER}/{name}"
    _, files = _listed(default_storage, folder)
    for file in files:
        default_storage.delete(f"{folder}/{file}")
    default_storage.delete(folder)


def _listed(storage: Storage, folder: str) -> tuple[list[str], list[str]]:
    try:
        return storage.listdir(folder)
    except FileNotFoundError:
        return [], []


def _is_old(storage: Storage, path: str, at: datetime) -> bool:
    return storage.get_modified_time(path) < at - LEFT_BEHIND


# Showing.

# Stored bodies are sanitised, so every value stands in double quotes and holds none itself: nothing that
# matches can stand inside an attribute.
_IMG = r'<img(?:\s+[\w-]+(?:="[^"]*")?)*\s*/?>'
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_NAME = re.compile(r"([0-9a-f]{32})/\d+\.(?:jpg|webp)")
_PLACE = re.compile(
    rf'<(?P<tag>figure|div|p)(?P<attributes>(?:\s+class="[^"]*")?)>\s*(?P<alone>{_IMG})\s*</(?P=tag)>|(?P<within>{_IMG})'
)


def show(
    image: Image,
    *,
    sizes: str = "100vw",
    lazy: bool = False,
    css_class: str = "",
    alt: str | None = None,
    size: tuple[int, int] | None = None,
) -> SafeString:
    """Return the picture element: all sizes in WebP and JPEG, with its measures, so that nothing jumps."""
    width, height = size or image.sizes[-1]
    context = {
        "image": image,
        "sources": [("image/webp", image.srcset("webp"))],
        "srcset": image.srcset("jpg"),
        "src": image.url(800),
        "alt": _alt(image) if alt is None else alt,
        "sizes": sizes,
        "lazy": lazy,
        "class": css_class,
        "width": width,
        "height": height,
    }
    return render_to_string("news/parts/picture.html", context)


def responsive(html: str, *, eager: bool = True) -> str:
    """Return a stored body with each picture in all its sizes, in one query; the rest stays as it is.

    The first loads at once unless `eager` is off (a cover stands above), later ones when the reader comes near. A
    picture that stands alone and has no legend of its own gets the one stored with it.
    """
    images = _images(html)
    if not images:
        return html
    waiting = iter([False] if eager else [])

    def replace(match: re.Match[str]) -> str:
        tag = match["alone"] or match["within"]
        given = _attributes(tag)
        image = images.get(_name(given))
        if image is None:
            return match[0]
        shown = _show_inline(image, given, lazy=next(waiting, True))
        return shown if match["within"] else _framed(shown, image, match["tag"], match["attributes"])

    return _PLACE.sub(replace, html)


def missing_alt(html: str) -> list[Image | str]:
    """Return the pictures of a body that lack a description, or their address where they are gone."""
    found: dict[str, Image | str] = {}
    images = _images(html)
    for given in map(_attributes, re.findall(_IMG, html)):
        image = images.get(_name(given))
        described = given.get("alt", "").strip() or (image and (image.alt or image.decorative))
        if not described:
            found.setdefault(given.get("src", ""), image or given.get("src", ""))
    return list(found.values())


def inline_images(html: str) -> list[Image]:
    """Return the pictures that a body shows, each once, in the order of the body."""
    return list(_images(html).values())


def _images(html: str) -> dict[str, Image]:
    """Return the pictures by name, in the order of the body."""
    names = list(dict.fromkeys(filter(None, (_name(_attributes(tag)) for tag in re.findall(_IMG, html)))))
    if not names:
        return {}
    found = {image.name: image for image in Image.objects.filter(name__in=names)}
    return {name: found[name] for name in names if name in found}


def _attributes(tag: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in _ATTRIBUTE.findall(tag)}


def _name(given: Mapping[str, str]) -> str:
    start = default_storage.url(f"{FOLDER}/")
    src = given.get("src", "")
    match = _NAME.fullmatch(src.removeprefix(start)) if src.startswith(start) else None
    return match[1] if match else ""


def _show_inline(image: Image, given: Mapping[str, str], *, lazy: bool) -> SafeString:
    size = _given_size(image, given)
    sizes = f"(max-width: {size[0]}px) 100vw, {size[0]}px" if size and size[0] < COLUMN else SIZES_IN_BODY
    alt = given.get("alt", "").strip() or _alt(image)
    return show(image, sizes=sizes, lazy=lazy, css_class=given.get("class", ""), alt=alt, size=size)


def _given_size(image: Image, given: Mapping[str, str]) -> tuple[int, int] | None:
    """Return the size that the writer gave the picture, unless it would distort it."""
    width, height = (given.get(name, "") for name in ("width", "height"))
    if not all(text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text) for text in (width, height)):
        return None
    size = int(width), int(height)
    return size if abs(height_of(size[0], image.width, image.height) - size[1]) <= 2 else None


def _framed(shown: str, image: Image, tag: str, attributes: str) -> str:
    if not image.legend:
        return f"<{tag}{attributes}>{shown}</{tag}>"
    return f"<figure{attributes}>{shown}<figcaption>{escape(image.legend)}</figcaption></figure>"


def _alt(image: Image) -> str:
    return "" if image.decorative else image.alt


# Use.


def uses(image: Image) -> Iterable[Any]:
    """Return what shows the picture: articles (cover or body), albums and bulletins."""
    yield from Article.objects.filter(cover=image).only("title", "status", "year", "slug")
    inline = Article.objects.filter(body__contains=f"{FOLDER}/{image.name}/").exclude(cover=image)
    yield from inline.only("title", "status", "year", "slug")
    yield from (photo.album for photo in image.album_photos.select_related("album"))
    yield from image.bulletins.all()
