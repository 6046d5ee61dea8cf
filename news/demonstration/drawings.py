"""Pictures for what a first start shows: drawn here, so that they show nobody and no event."""

from collections.abc import Callable
from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

WIDTH, HEIGHT = 960, 540
# Drawn larger and made smaller, which smooths the edges.
SCALE = 2
UNIT = WIDTH // 96 * SCALE  # drawings are laid out on 96 by 54 squares

INK, PAPER, LINE, GOLD, RED, WHITE = "#14202B", "#FBF9F4", "#C9D5E3", "#FFC93C", "#9E1B27", "#FFFFFF"
GROUNDS = {"indigo": "#17406D", "jade": "#12573A", "amber": "#744000", "deep": "#0E2A49"}


class Pen:
    def __init__(self, ground: str) -> None:
        self.picture = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), GROUNDS[ground])
        self._draw = ImageDraw.Draw(self.picture)

    def box(self, x: float, y: float, width: float, height: float, fill: str, radius: float = 1) -> None:
        corners = [side * UNIT for side in (x, y, x + width, y + height)]
        self._draw.rounded_rectangle(corners, radius=radius * UNIT, fill=fill)

    def circle(self, x: float, y: float, radius: float, fill: str | None, outline: str | None = None) -> None:
        self._draw.circle((x * UNIT, y * UNIT), radius * UNIT, fill=fill, outline=outline, width=UNIT)

    def line(self, *points: tuple[float, float], fill: str, width: float = 1) -> None:
        scaled = [(x * UNIT, y * UNIT) for x, y in points]
        self._draw.line(scaled, fill=fill, width=int(width * UNIT), joint="curve")

    def wedge(self, x: float, y: float, radius: float, start: int, end: int, fill: str) -> None:
        sides = [side * UNIT for side in (x - radius, y - radius, x + radius, y + radius)]
        self._draw.pieslice(sides, start, end, fill=fill)

    def sheet(self, x: float, y: float, lines: int, ticked: bool = False) -> None:
        self.box(x, y, 26, 36, PAPER)
        self.box(x + 4, y + 4, 14, 2, RED, 0.5)
        for number in range(lines):
            top = y + 10 + number * 5
            if ticked:
                self.line((x + 4, top + 1), (x + 5.5, top + 2.5), (x + 8, top - 1), fill="#12573A", width=0.8)
            self.box(x + (10 if ticked else 4), top, 12 if ticked else 18, 1.4, LINE, 0.5)

    def person(self, x: float, y: float, fill: str) -> None:
        self.circle(x, y, 4, "#F1D7BE")
        self.box(x - 6, y + 5, 12, 16, fill, 5)


def rings(pen: Pen) -> None:
    """The rings of a bronze drum, as on the portal's pages."""
    for radius in (6, 12, 13.5, 20, 26, 27.5):
        pen.circle(84, 27, radius, None, LINE)


def counter(pen: Pen) -> None:
    pen.person(30, 16, GOLD)
    pen.person(62, 16, WHITE)
    pen.box(10, 34, 76, 4, PAPER)
    pen.box(14, 38, 68, 16, "#C9B79A", 0)
    pen.box(42, 24, 12, 10, INK)
    pen.box(43, 25, 10, 7, LINE)


def checklist(pen: Pen) -> None:
    rings(pen)
    pen.sheet(20, 9, 5, ticked=True)
    pen.sheet(50, 9, 5)


def phone(pen: Pen) -> None:
    rings(pen)
    pen.box(36, 5, 24, 44, INK, 3)
    pen.box(38, 9, 20, 36, PAPER)
    for number in range(5):
        pen.circle(42, 15 + number * 6, 1.6, GOLD if number == 0 else LINE)
        pen.box(46, 14 + number * 6, 10, 1.6, LINE, 0.5)


def chart(pen: Pen) -> None:
    pen.box(14, 8, 68, 38, PAPER)
    for number, height in enumerate((24, 20, 17, 12, 9)):
        pen.box(21 + number * 12, 41 - height, 7, height, RED if number == 4 else "#17406D", 0.5)
    pen.line((18, 41), (78, 41), fill=INK, width=0.5)


def magnifier(pen: Pen) -> None:
    pen.sheet(28, 9, 5)
    pen.line((64, 38), (74, 48), fill=GOLD, width=3)
    pen.circle(57, 30, 10, "#E9EFF6", GOLD)
    pen.box(51, 28, 12, 1.6, INK, 0.5)
    pen.box(51, 32, 8, 1.6, INK, 0.5)


def talk(pen: Pen) -> None:
    pen.box(12, 10, 40, 18, PAPER, 4)
    pen.wedge(24, 26, 8, 70, 120, PAPER)
    pen.box(46, 26, 38, 18, GOLD, 4)
    for number, width in enumerate((30, 22)):
        pen.box(17, 15 + number * 5, width, 2, LINE, 1)
        pen.box(51, 31 + number * 5, width - 4, 2, "#744000", 1)


def radiation(pen: Pen) -> None:
    pen.circle(48, 27, 21, GOLD)
    for start in (240, 0, 120):
        pen.wedge(48, 27, 17, start, start + 60, INK)
    pen.circle(48, 27, 5, GOLD)
    pen.circle(48, 27, 3, INK)


def network(pen: Pen) -> None:
    places = [(48, 27), (22, 14), (74, 12), (26, 42), (72, 42), (48, 8)]
    for place in places[1:]:
        pen.line(places[0], place, fill=LINE, width=0.6)
    for number, (x, y) in enumerate(places):
        pen.circle(x, y, 7 if number == 0 else 4, GOLD if number == 0 else PAPER)


def scales(pen: Pen) -> None:
    pen.box(46, 10, 4, 34, GOLD)
    pen.box(34, 44, 28, 4, GOLD)
    pen.line((22, 14), (74, 14), fill=GOLD, width=2)
    for x in (22, 74):
        pen.line((x - 8, 30), (x, 14), (x + 8, 30), fill=LINE, width=0.5)
        pen.wedge(x, 29, 10, 0, 180, PAPER)


def calendar(pen: Pen) -> None:
    pen.box(24, 8, 48, 40, PAPER)
    pen.box(24, 8, 48, 9, RED)
    for row in range(4):
        for column in range(6):
            marked = (row, column) == (2, 3)
            pen.box(28 + column * 7, 20 + row * 6.5, 5, 4, GOLD if marked else LINE, 0.5)


def envelope(pen: Pen) -> None:
    rings(pen)
    pen.box(22, 14, 46, 28, PAPER, 2)
    pen.line((23, 16), (45, 31), (67, 16), fill="#17406D", width=1.2)


def panorama(pen: Pen) -> None:
    for number in range(6):
        pen.person(12 + number * 14.5, 18 if number % 2 else 21, (WHITE, GOLD, LINE)[number % 3])
    pen.box(0, 42, 96, 12, "#C9B79A", 0)


DRAWINGS: dict[str, Callable[[Pen], None]] = {
    drawing.__name__: drawing
    for drawing in (
        counter,
        checklist,
        phone,
        chart,
        magnifier,
        talk,
        radiation,
        network,
        scales,
        calendar,
        envelope,
        panorama,
    )
}


def draw(name: str, ground: str) -> ContentFile:
    """Return the drawing as a file that can be stored like an upload."""
    pen = Pen(ground)
    DRAWINGS[name](pen)
    written = BytesIO()
    pen.picture.resize((WIDTH, HEIGHT), Image.Resampling.BOX).save(written, "PNG")
    return ContentFile(written.getvalue(), name=f"{name}.png")
