"""The flow picture of an internal process: where each box, line of text and arrow stands.

A picture of one column, drawn for the narrowest screen and enlarged on others. The list of steps
beside it says the same in words, for readers who do not see it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from procedures import processes
from procedures.models import InternalProcess, ProcessStep

# In units of the drawing; on a screen of 390 px one unit is about one pixel.
WIDTH = 340
PADDING = 14
LINE = 24
GAP = 30
TEXT_LEFT = 58
BASELINE = 17  # from the top of a line to the foot of its letters
# Letters that surely fit beside the number; bold ones are wider.
LETTERS, BOLD_LETTERS = 32, 30


@dataclass(frozen=True)
class TextLine:
    text: str
    kind: str  # "who", "what" or "time"
    y: int


@dataclass(frozen=True)
class Box:
    number: int
    y: int
    height: int
    lines: list[TextLine]

    @property
    def middle(self) -> int:
        return self.y + self.height // 2

    @property
    def bottom(self) -> int:
        return self.y + self.height

    @property
    def arrow(self) -> int:
        """Return where the head of the arrow to the next box begins."""
        return self.bottom + GAP - 12


@dataclass(frozen=True)
class Flow:
    boxes: list[Box]
    total: str

    @property
    def end(self) -> int:
        """Return where the field with the total begins."""
        return self.boxes[-1].bottom + GAP

    @property
    def height(self) -> int:
        return self.end + LINE + 2 * PADDING


def draw(process: InternalProcess) -> Flow | None:
    """Return the picture; nothing for a process without steps."""
    boxes: list[Box] = []
    for number, step in enumerate(process.steps.all(), start=1):
        boxes.append(_box(number, step, boxes[-1].bottom + GAP if boxes else 1))
    return Flow(boxes, processes.duration(process.hours)) if boxes else None


def _box(number: int, step: ProcessStep, y: int) -> Box:
    texts = [(line, "who") for line in wrap(step.who, BOLD_LETTERS)]
    texts += [(line, "what") for line in wrap(step.name, LETTERS)]
    texts += [(step.duration, "time")]
    return Box(number, y, len(texts) * LINE + 2 * PADDING, _placed(texts, y + PADDING))


def _placed(texts: Sequence[tuple[str, str]], top: int) -> list[TextLine]:
    return [TextLine(text, kind, top + row * LINE + BASELINE) for row, (text, kind) in enumerate(texts)]
