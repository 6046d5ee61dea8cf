"""Plain text of official records read as paragraphs, lists and numbered steps; no word is lost."""

import re
from dataclasses import dataclass, field

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from portal.templatetags.vietnamese import running

TITLE_LENGTH = 90

_MARKED = re.compile(
    r"(?P<marker>"
    r"(?:[*•●▪·–-]|\++)(?=\s|[^\W\d_])"  # "- Đơn đề nghị", also without the space
    r"|\(?(?:[a-zđ]{1,2}|[ivx]{1,4}|[A-Z]?\d{1,2}|[IVX]{1,4})(?:\.?\)|\.)(?=\s)"  # "a) ", "(1) ", "2. ", "IV. "
    r"|\d{1,2}(?:\.\d{1,2}){1,3}\.?(?=\s)"  # "2.1 "
    r")\s*(?P<text>\S.*)"
)
# A list that a source has run together into one line: "hồ sơ gồm: - Đơn; - Bản sao".
_RUN_TOGETHER = re.compile(r"(?<=[:;.])\s+(?=(?:-|\++) +[^\W\d_])")
_STEP = re.compile(r"(?:[*+–-]\s*|[a-zđ]\)\s*|\d\.\s*)?Bước\s+(\d{1,2})\s*[:.,)–-]?\s*(.*)", re.IGNORECASE)
# What usually stands above what; a mark that outranks the open list starts a new one.
_RANKS = {"roman": 0, "*": 1, "digit": 2, "letter": 3, "-": 4}


@dataclass
class Paragraph:
    text: str


@dataclass
class Item:
    text: str
    blocks: "list[Block]" = field(default_factory=list)


@dataclass
class Listing:
    """A list; its items keep their official marks ("a)", "1.") unless they are mere dashes."""

    kind: str
    items: list[Item] = field(default_factory=list)

    @property
    def is_bulleted(self) -> bool:
        return self.kind not in {"roman", "digit", "letter"}


Block = Paragraph | Listing


@dataclass
class Step:
    title: str
    blocks: list[Block]


@dataclass
class StepGroup:
    """The steps of one case; most procedures have one group without a heading."""

    intro: list[Block]
    heading: str
    steps: list[Step]


def blocks(text: str) -> list[Block]:
    """Return the paragraphs and lists of the text."""
    return _blocks(_lines(text))


def opening(text: str) -> tuple[str, list[Block]]:
    """Return the first line as it stands, and what follows it as paragraphs and lists."""
    first, *rest = _lines(text) or [""]
    return first, _blocks(rest)


def listed(text: str) -> list[Block]:
    """Return text whose lines are separate things: a list where there are several without marks."""
    found = blocks(text)
    lines = [block.text for block in found if isinstance(block, Paragraph)]
    if len(lines) > 1 and len(lines) == len(found):
        return [Listing("-", [Item(line) for line in lines])]
    return found


def step_groups(text: str) -> list[StepGroup]:
    """Return the steps where the text numbers them "Bước 1", "Bước 2"…; nothing where it does not."""
    groups: list[tuple[list[str], list[list[str]]]] = []
    waiting: list[str] = []  # lines above the first step of a group
    for line in _lines(text):
        found = _STEP.fullmatch(line)
        if not found:
            (groups[-1][1][-1] if groups else waiting).append(line)
            continue
        if found[1].lstrip("0") == "1":
            if groups and len(last := groups[-1][1][-1]) > 1 and _is_heading(last[-1]):
                waiting = [last.pop()]
            groups.append((waiting, []))
            waiting = []
        if not groups or int(found[1]) != len(groups[-1][1]) + 1:
            return []
        groups[-1][1].append([found[2]])
    return [_group(above, steps) for above, steps in groups]


def to_html(content: list[Block]) -> SafeString:
    return format_html_join("", "{}", ((_block_html(block),) for block in content))


def _lines(text: str) -> list[str]:
    """Return the lines, those joined again that a page's width had broken in mid-sentence."""
    lines: list[str] = []
    for line in _RUN_TOGETHER.sub("\n", text).splitlines():
        line = line.strip()
        if not line:
            continue
        if lines and line[0].islower() and lines[-1][-1] not in ".;:" and not _MARKED.fullmatch(line):
            lines[-1] += f" {line}"
        else:
            lines.append(line)
    return lines


def _blocks(lines: list[str]) -> list[Block]:
    found: list[Block] = []
    open_lists: list[Listing] = []
    for line in lines:
        last = open_lists[-1].items[-1] if open_lists else None
        marked = _MARKED.fullmatch(line)
        if not marked:
            if last and last.text.endswith(":"):
                last.blocks.append(Paragraph(line))
            else:
                open_lists.clear()
                found.append(Paragraph(line))
            continue
        kind = _kind(marked["marker"])
        if any(listing.kind == kind for listing in open_lists):
            while open_lists[-1].kind != kind:
                open_lists.pop()
        else:
            if last and _rank(kind) < _rank(open_lists[-1].kind) and not last.text.endswith(":"):
                open_lists.clear()
            home = open_lists[-1].items[-1].blocks if open_lists else found
            open_lists.append(Listing(kind))
            home.append(open_lists[-1])
        bulleted = open_lists[-1].is_bulleted
        open_lists[-1].items.append(Item(marked["text"] if bulleted else f"{marked['marker']} {marked['text']}"))
    return found


def _kind(marker: str) -> str:
    core = marker.strip("().")
    if marker[0] in "*+":
        return marker
    if not core or core in "–-•●▪·":
        return "-" if marker in "–-" else marker
    if core.isupper() and core.isalpha():
        return "roman"
    return "letter" if core.isalpha() else "digit"


def _rank(kind: str) -> int:
    return _RANKS.get(kind, 5)


def _is_heading(line: str) -> bool:
    """Whether the line above a first step names the case whose steps follow."""
    return line.endswith(":") or line.startswith(("* ", "Trường hợp", "Đối với"))


def _group(above: list[str], steps: list[list[str]]) -> StepGroup:
    heading = ""
    if above and _is_heading(above[-1]):
        *above, heading = above
    titled = all(_is_title(lines[0]) for lines in steps)
    return StepGroup(_blocks(above), heading.lstrip("* ").rstrip(":"), [_step(lines, titled) for lines in steps])


def _is_title(line: str) -> bool:
    return len(line) <= TITLE_LENGTH and ". " not in line


def _step(lines: list[str], titled: bool) -> Step:
    if titled:
        return Step(lines[0].strip().rstrip(".:;"), _blocks(lines[1:]))
    return Step("", _blocks([line for line in lines if line]))


def _block_html(block: Block) -> SafeString:
    if isinstance(block, Paragraph):
        return format_html("<p>{}</p>", running(block.text))
    items = format_html_join("", "<li>{}{}</li>", ((running(item.text), to_html(item.blocks)) for item in block.items))
    return format_html("<ul>{}</ul>" if block.is_bulleted else '<ul class="lettered">{}</ul>', items)
