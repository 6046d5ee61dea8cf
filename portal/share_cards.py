"""The picture that stands beside a shared link (Open Graph): drawn from the words of the page."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import astuple, dataclass
from functools import lru_cache
from hashlib import sha256
from io import BytesIO

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from PIL import Image, ImageDraw, ImageFont, ImageOps

from portal.models import Organisation

WIDTH, HEIGHT = 1200, 630  # what Zalo and Facebook show whole
MARGIN = 64
TOP, BOTTOM = 170, HEIGHT - 150  # of the title
SIZES = range(64, 19, -4)  # pixels, the largest first; the longest name (889 letters) still fits at the last
LINE_HEIGHT = 1.34  # from Ẳ to Ạ a bold line is 1.30 em high

DEEP, LACQUER, GOLD, WHITE = "#0E2A49", "#9E1B27", "#FFC93C", "#FFFFFF"

# Counted up when the drawing changes, so that no old picture is kept.
VERSION = 1
KEPT = 86_400  # seconds


@dataclass(frozen=True)
class Card:
    kicker: str  # what kind of page it is
    title: str
    signature: str  # whose page it is
    slogan: str = ""
    photo: str = ""  # the name in public media of one that is shown behind the words

    @property
    def etag(self) -> str:
        words = "\n".join(str(part) for part in (VERSION, *astuple(self)))
        return sha256(words.encode()).hexdigest()[:32]


def of_department(kicker: str, title: str, photo: str = "") -> Card:
    """Return a card that the department signs."""
    organisation = Organisation.current()
    signature = organisation.full_name or organisation.site_name
    return Card(kicker, title, signature, organisation.slogan, photo)


def respond(request: HttpRequest, card: Card) -> HttpResponse:
    """Return the picture; one that the reader has already is neither drawn nor sent again."""
    etag = quote_etag(card.etag)
    response = get_conditional_response(request, etag=etag)
    if response is None:
        png = cache.get_or_set(f"share-card-{card.etag}", lambda: draw(card), KEPT)
        response = HttpResponse(png, content_type="image/png", headers={"ETag": etag})
    response["Cache-Control"] = f"public, max-age={KEPT}"
    return response


def draw(card: Card) -> bytes:
    """Return the card as a PNG."""
    picture = _ground(card.photo)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, WIDTH, 14), fill=LACQUER)
    pen.text((MARGIN, 84), card.kicker, font=_fitting(card.kicker, 34, "SemiBold"), fill=GOLD)
    font, lines = _fitted(card.title)
    top = TOP + max(0, (BOTTOM - TOP - len(lines) * font.size * LINE_HEIGHT) // 2)
    for number, line in enumerate(lines):
        pen.text((MARGIN, top + number * font.size * LINE_HEIGHT), line, font=font, fill=WHITE)
    pen.line((MARGIN, HEIGHT - 118, WIDTH - MARGIN, HEIGHT - 118), fill=GOLD, width=3)
    pen.text((MARGIN, HEIGHT - 100), card.signature, font=_fitting(card.signature, 30, "SemiBold"), fill=WHITE)
    pen.text((MARGIN, HEIGHT - 58), card.slogan, font=_fitting(card.slogan, 26, "Regular"), fill=WHITE)
    made = BytesIO()
    # Flat colours need no more; a photo stays as it is.
    (picture if card.photo else picture.quantize(64)).save(made, "PNG", optimize=True)
    return made.getvalue()


def _ground(photo: str) -> Image.Image:
    # Without its photo, which may be lost, the card has the ground of those that never had one.
    with suppress(OSError):
        if photo:
            with default_storage.open(photo) as file, Image.open(file) as opened:
                behind = ImageOps.fit(opened.convert("RGB"), (WIDTH, HEIGHT))
            return Image.blend(behind, Image.new("RGB", behind.size, DEEP), 0.78)
    ground = Image.new("RGB", (WIDTH, HEIGHT), DEEP)
    pen = ImageDraw.Draw(ground)
    # The rings of a bronze drum, as on the portal's pages.
    for radius in (90, 100, 150, 160, 215, 225, 290, 300, 370, 380):
        centre = WIDTH - 150, HEIGHT // 2
        pen.circle(centre, radius, outline="#1B3A5E", width=3)
    return ground


def _fitted(title: str) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """Return the largest letters in which the whole title has room, and its lines."""
    for size in SIZES:
        font = _font(size, "Bold")
        lines = list(_lines(title, font))
        if len(lines) * size * LINE_HEIGHT <= BOTTOM - TOP:
            break
    return font, lines


def _lines(text: str, font: ImageFont.FreeTypeFont) -> Iterator[str]:
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and font.getlength(longer) > WIDTH - 2 * MARGIN:
            yield line
            line = word
        else:
            line = longer
    yield line


def _fitting(text: str, size: int, weight: str) -> ImageFont.FreeTypeFont:
    """Return letters of the size, or smaller ones in which the text stays on one line."""
    wide = _font(size, weight).getlength(text)
    return _font(size, weight) if wide <= WIDTH - 2 * MARGIN else _font(int(size * (WIDTH - 2 * MARGIN) / wide), weight)


@lru_cache(maxsize=64)
def _font(size: int, weight: str) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(settings.BASE_DIR / "static" / "fonts" / "public-sans-vi.woff2", size)
    font.set_variation_by_name(weight)
    return font
