"""The flow picture of an internal process: where each box, line of text and arrow stands.

A picture of one column, drawn for the narrowest screen and enlarged on others. The list of steps
beside it says the same in words, for readers who do not see it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.text import fold
from procedures import processes
from procedures.models import InternalProcess, ProcessStep

# In units of the drawing; on a screen of 390 px one unit is about one pixel.
WIDTH = 340
PADDING = 14
LINE = 24
GAP = 30
TEXT_LEFT = 58
BASELINE = 17  # from the top of a line to the foot of its letters
# What fits beside the number, in units of the size of the letters (17), with some room to spare.
LINE_WIDTH = 15.5
# Widths of letters, likewise; no drawing here knows the font itself.
_WIDE, _CAPITAL, _USUAL, _NARROW = 0.95, 0.74, 0.58, 0.36
_WIDE_LETTERS, _NARROW_LETTERS = frozenset("mw@%&–—…"), frozenset("ijltfr .,;:!|()[]'’“”-/")
_BOLD = 1.07


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


def width(text: str) -> float:
    """Return about how wide the text is, in units of the size of its letters."""
    return sum(_letter_width(letter) for letter in text)


def wrap(text: str, most: float) -> list[str]:
    """Return the text in lines that are not wider; a word is parted only where it does not fit a line."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if width(longer) <= most:
            lines[-1] = longer
            continue
        lines += [""] if lines[-1] else []
        for letter in word:
            if width(lines[-1] + letter) > most:
                lines.append("")
            lines[-1] += letter
    return lines


def _letter_width(letter: str) -> float:
    base = fold(letter)[:1]
    if base in _WIDE_LETTERS:
        return _WIDE
    if letter.isupper():
        return _CAPITAL
    return _NARROW if base in _NARROW_LETTERS else _USUAL


def _box(number: int, step: ProcessStep, y: int) -> Box:
    texts = [(line, "who") for line in wrap(step.who, LINE_WIDTH / _BOLD)]
    texts += [(line, "what") for line in wrap(step.name, LINE_WIDTH)]
    texts += [(step.duration, "time")]
    return Box(number, y, len(texts) * LINE + 2 * PADDING, _placed(texts, y + PADDING))


def _placed(texts: Sequence[tuple[str, str]], top: int) -> list[TextLine]:
    return [TextLine(text, kind, top + row * LINE + BASELINE) for row, (text, kind) in enumerate(texts)]
