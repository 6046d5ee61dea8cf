"""Bar charts: one drawing for pages (SVG) and for documents (PNG), its values printed on it.

Bars lie, so that long Vietnamese labels have room. The table of the same figures always stands beside the chart:
to screen readers it is one picture with a description.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from io import BytesIO

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from PIL import Image, ImageDraw, ImageFont

from portal.templatetags.vietnamese import number

MISSING = "chưa có số liệu"

# Sizes are in units of the drawing. On a phone one is about a pixel; a document is as wide as its text.
SIZE = 15  # of letters
LINE = 20  # from one line of letters to the next
BAR = 20
GAP = 4  # between the bars of a label
SPACE = 12  # between labels
PAGE_WIDTH = 360
DOCUMENT_WIDTH = 640
LABEL_WIDTH = 230  # beside the bars of a document; on pages labels stand above them

INK, SOFT, LINE_COLOUR = "#14202B", "#4A5560", "#66717C"
# Fill and edge of the first series, the second …: they differ in lightness, so that they do in grey print too.
COLOURS = [("#17406D", "#17406D"), ("#C9D8E8", "#17406D"), ("#744000", "#744000"), ("#FFF2DB", "#744000")]
DOTS_PER_INCH = 200


@dataclass(frozen=True)
class _Text:
    x: float
    y: float  # of the base line
    words: str
    weight: str = "Regular"
    colour: str = INK


@dataclass(frozen=True)
class _Bar:
    x: float
    y: float
    width: float
    height: float
    fill: str
    edge: str


@dataclass(frozen=True)
class _Drawing:
    width: int
    height: int
    shapes: list[_Text | _Bar]


@dataclass(frozen=True)
class Chart:
    """Whole numbers of some labels, in one series or several beside one another; a missing value is not nought."""

    title: str
    labels: Sequence[str]
    series: Sequence[tuple[str, Sequence[int | None]]]  # a name, and a value for each label
    unit: str = ""  # what is counted, e.g. "hồ sơ"

    @property
    def description(self) -> str:
        """The same in words."""
        several = len(self.series) > 1
        parts = [
            f"{label}{f' ({name})' if several else ''}: {self._words(values[place])}"
            for place, label in enumerate(self.labels)
            for name, values in self.series
        ]
        return f"{'; '.join(parts)}." if parts else "Chưa có số liệu."

    def svg(self, *, wide: bool = False) -> SafeString:
        """Return the chart for a page, or as wide as in documents; it takes the letters of the page."""
        drawing = self._wide if wide else self._narrow
        return format_html(
            '<svg class="chart{}" viewBox="0 0 {} {}" width="{}" height="{}" role="img" font-size="{}"'
            ' font-family="Public Sans, Arial, sans-serif"><title>{}</title><desc>{}</desc>{}</svg>',
            " chart-wide" if wide else "",
            drawing.width,
            drawing.height,
            drawing.width,
            drawing.height,
            SIZE,
            self.title,
            self.description,
            format_html_join("", "{}", ((_svg(shape),) for shape in drawing.shapes)),
        )

    def png(self, width: int = 1600) -> bytes:
        """Return the chart as a picture so many pixels wide, for a document; 1600 are 203 mm at 200 dpi."""
        drawing = self._wide
        scale = width / drawing.width
        picture = Image.new("RGB", (width, round(drawing.height * scale)), "#FFFFFF")
        pen = ImageDraw.Draw(picture)
        for shape in drawing.shapes:
            _draw(pen, shape, scale)
        made = BytesIO()
        picture.quantize(64).save(made, "PNG", optimize=True, dpi=(DOTS_PER_INCH, DOTS_PER_INCH))
        return made.getvalue()

    @cached_property
    def _narrow(self) -> _Drawing:
        return self._arranged(PAGE_WIDTH, labels_beside=False)

    @cached_property
    def _wide(self) -> _Drawing:
        return self._arranged(DOCUMENT_WIDTH, labels_beside=True)

    def _arranged(self, width: int, *, labels_beside: bool) -> _Drawing:
        shapes: list[_Text | _Bar] = []
        y: float = 0
        if len(self.series) > 1:
            for place, (name, _) in enumerate(self.series):
                shapes.append(_Bar(1, y + 3, 14, 14, *COLOURS[place % len(COLOURS)]))
                lines = list(_lines(name, width - 24))
                shapes += _texts(lines, 24, y)
                y += LINE * len(lines)
            y += SPACE
        first = LABEL_WIDTH + SPACE if labels_beside else 1
        scale = self._scale(width - first)
        for place, label in enumerate(self.labels):
            lines = list(_lines(label, LABEL_WIDTH if labels_beside else width))
            shapes += _texts(lines, 0, y)
            top = y if labels_beside else y + LINE * len(lines) + 2
            bottom = top
            for series, (_, values) in enumerate(self.series):
                shapes += self._bar(values[place], first, bottom, scale, COLOURS[series % len(COLOURS)])
                bottom += BAR + GAP
            shapes.append(_Bar(first - 1, top - 1, 1, bottom - GAP - top + 2, LINE_COLOUR, LINE_COLOUR))
            y = max(bottom - GAP, y + LINE * len(lines)) + SPACE
        return _Drawing(width, max(1, round(y - SPACE) + 4), shapes)

    def _scale(self, room: float) -> float:
        """Return how long one is: the longest bar still leaves room for its number."""
        known = [value for _, values in self.series for value in values if value is not None]
        widest = max((_length(number(value), "Bold") for value in known), default=0)
        return (room - widest - 8) / max(1, *known, 1)

    def _bar(
        self, value: int | None, x: float, y: float, scale: float, colours: tuple[str, str]
    ) -> Iterator[_Text | _Bar]:
        base = y + BAR - 5
        if value is None:
            yield _Text(x + 6, base, MISSING, colour=SOFT)
            return
        long = max(0, value) * scale
        if long:
            # The smallest number is seen too.
            long = max(long, 2)
            yield _Bar(x, y, long, BAR, *colours)
        yield _Text(x + long + 6, base, number(value), "Bold")

    def _words(self, value: int | None) -> str:
        return MISSING if value is None else f"{number(value)} {self.unit}".strip()


def _texts(lines: Sequence[str], x: float, y: float) -> list[_Text]:
    return [_Text(x, y + LINE * row + 15, line) for row, line in enumerate(lines)]


def _lines(text: str, width: float) -> Iterator[str]:
    """Return the words in lines that keep within the width (a single longer word stands alone)."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and _length(longer, "Regular") > width:
            yield line
            line = word
        else:
            line = longer
    yield line


def _svg(shape: _Text | _Bar) -> SafeString:
    if isinstance(shape, _Text):
        return format_html(
            '<text x="{}" y="{}" fill="{}"{}>{}</text>',
            _short(shape.x),
            _short(shape.y),
            shape.colour,
            format_html(' font-weight="{}"', 700) if shape.weight == "Bold" else "",
            shape.words,
        )
    edge = format_html(' stroke="{}"', shape.edge) if shape.edge != shape.fill else ""
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"{}/>',
        *(_short(size) for size in (shape.x, shape.y, shape.width, shape.height)),
        shape.fill,
        edge,
    )


def _draw(pen: ImageDraw.ImageDraw, shape: _Text | _Bar, scale: float) -> None:
    if isinstance(shape, _Text):
        place = (shape.x * scale, shape.y * scale)
        pen.text(place, shape.words, font=_font(round(SIZE * scale), shape.weight), fill=shape.colour, anchor="ls")
        return
    corners = (shape.x, shape.y, shape.x + shape.width, shape.y + shape.height)
    box = [round(corner * scale) for corner in corners]
    pen.rectangle(box, fill=shape.fill, outline=shape.edge, width=max(1, round(scale)))


def _short(size: float) -> str:
    return f"{size:.1f}".removesuffix(".0")


def _length(text: str, weight: str) -> float:
    return _font(SIZE, weight).getlength(text)


@lru_cache(maxsize=16)
def _font(size: int, weight: str) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(settings.BASE_DIR / "static" / "fonts" / "public-sans-vi.woff2", size)
    font.set_variation_by_name(weight)
    return font
