"""Any HTML rewritten into the few plain blocks that this portal shows.

What browsers, Word and LibreOffice paste becomes blocks (paragraphs, headings, lists, tables, quotes,
figures) that hold runs of text, each run with its marks (bold, link …). Whatever has no place in that
picture has no place in the outcome, so the outcome is well-formed, of bounded depth, and rewriting it
again changes nothing. This makes text tidy, not safe: `portal.richtext.sanitise` does the rest.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from html import escape, unescape
from itertools import groupby

from portal.text import nfc

# Comments (Word's conditions among them), declarations, then tags. Possessive, so that it takes linear time.
_MARKUP = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))|<(?:[!?]|/[^a-zA-Z])[^>]*+(?:>|\Z)"
    r"""|<(?P<end>/?)(?P<name>[a-zA-Z][^\s/>"'<]*+)(?P<attributes>(?:[^<>"']++|"[^"]*+"|'[^']*+')*+)>""",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([^\s=/>"']++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++)))?""")
# Nobody reads these: control characters, half letters, marks of direction, soft hyphens, zero-width spaces.
# U+0338 alone could join the "<", ">" and "=" of markup when text is brought to NFC: it must never stand free.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u0338\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]"
)
_HALVES = re.compile("[\ud800-\udfff]")
_SPACE = re.compile(r"[ \t\n\u00a0]+")


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Their content is not text of the page.
DROPPED = _names(
    "script style template title head noscript noembed noframes iframe object applet svg math select datalist "
    "textarea audio video canvas map xml frameset xmp plaintext"
)
HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
LISTS = frozenset({"ul", "ol"})
SECTIONS = frozenset({"thead", "tbody", "tfoot"})
CELLS = frozenset({"td", "th"})
# Hold runs of text only.
TEXTUAL = HEADINGS | {"p", "caption", "figcaption"}
# Hold runs or blocks.
TIGHT = CELLS | {"li", "figure"}
HOLD_RUNS = TEXTUAL | TIGHT
PARAGRAPHS = _names(
    "p div center section article aside header footer main nav address pre dl dt dd details summary form fieldset "
    "legend body html listing"
)
ENDS_TEXT = PARAGRAPHS | HEADINGS
BLOCKS = ENDS_TEXT | LISTS | SECTIONS | CELLS | {"li", "tr", "table", "caption", "figure", "figcaption", "blockquote"}
# Their end tag closes a cell that was left open.
AROUND_CELLS = CELLS | SECTIONS | {"tr", "table", "body", "html"}
VOID = _names("area base basefont bgsound col colgroup embed frame input link meta param source track wbr")
MARKS = {
    "b": "strong",
    "strong": "strong",
    "i": "em",
    "em": "em",
    "cite": "em",
    "s": "s",
    "strike": "s",
    "del": "s",
    "sub": "sub",
    "sup": "sup",
}
_MARK_ORDER = {"a": 0, "strong": 1, "em": 2, "s": 3, "sub": 4, "sup": 5}

MAX_OPEN = 64  # elements of the source that are open at once; what is deeper is read as if they were not there
MAX_DEPTH = 20  # blocks inside blocks
CENTRED, RIGHT, LEFT_FLOAT, RIGHT_FLOAT = "text-center", "text-right", "align-left", "align-right"
INDENTS = ("indent-1", "indent-2", "indent-3")
CLASSES = frozenset({CENTRED, RIGHT, LEFT_FLOAT, RIGHT_FLOAT, "image", "wide", *INDENTS})
_YOUTUBE = re.compile(
    r"(?:https?:)?//(?:www\.)?(?:youtube\.com/(?:embed/|watch\?v=)|youtube-nocookie\.com/embed/|youtu\.be/)"
    r"([\w-]{11})(?:[?&#].*)?",
    re.ASCII,
)
_LIST_LEVEL = re.compile(r"\blevel([1-9])\b")
_NUMBER_MARKER = re.compile(r"\W*(?:\d+|[a-zđA-ZĐ]|[ivxIVX]+)[.)\]]")

Mark = tuple[str, str]  # the element, and the address of a link
Attributes = dict[str, str]


@dataclass(frozen=True)
class Run:
    """A piece of text, or a picture or line break given as HTML, with its marks in their order."""

    marks: tuple[Mark, ...]
    text: str = ""
    html: str = ""

    @property
    def is_break(self) -> bool:
        return self.html == "<br>"


@dataclass
class Block:
    tag: str
    classes: frozenset[str] = frozenset()
    attributes: Attributes = field(default_factory=dict)
    children: "list[Block | Run]" = field(default_factory=list)
    list_level: int = 0  # of a paragraph that Word shows as an item of a list
    list_marker: str = ""


@dataclass
class _Open:
    """An element of the source that has not been closed."""

    name: str
    block: Block | None = None
    added: frozenset[Mark] = frozenset()
    removed: frozenset[str] = frozenset()
    align: str = ""
    marker: bool = False


@dataclass(frozen=True)
class Addresses:
    """Which addresses links and pictures may have; each returns "" for one that may not stay."""

    link: Callable[[str], str]
    picture: Callable[[str], str]


def rewrite(html: str, addresses: Addresses) -> str:
    """Return the HTML as plain blocks; `rewrite(rewrite(html)) == rewrite(html)`."""
    root = _Reader(addresses).read(html)
    return "".join(_write(root))


def tokens(html: str) -> Iterator[tuple[str, str, str]]:
    """Yield ("text", text, ""), ("start", name, attributes) and ("end", name, "")."""
    html = visible(nfc(html))
    position = 0
    for match in _MARKUP.finditer(html):
        if match.start() > position:
            yield "text", _read_text(html[position : match.start()]), ""
        position = match.end()
        if match["name"]:
            yield "end" if match["end"] else "start", match["name"].lower(), match["attributes"]
    if position < len(html):
        yield "text", _read_text(html[position:]), ""


def _read_text(source: str) -> str:
    return visible(nfc(unescape(source))) if "&" in source else source


def read_attributes(text: str) -> Attributes:
    found: Attributes = {}
    if not text or text.isspace():
        return found
    for name, *values in _ATTRIBUTE.findall(text):
        found.setdefault(name.lower(), _read_text("".join(values)))
    return found


def visible(text: str) -> str:
    """Return the text without characters that nobody can see."""
    return _HALVES.sub("", _UNSEEN.sub("", text.replace("\r", "\n").replace("\x0c", " ")))


class _Reader:
    """Takes the source piece by piece; nothing in it makes this raise or look back far."""

    def __init__(self, addresses: Addresses) -> None:
        self.addresses = addresses
        self.root = Block("root")
        self.path = [self.root]  # blocks that are open, the innermost last
        self.open: list[_Open] = []
        self._marks: tuple[Mark, ...] | None = ()
        self.markers = 0  # elements open that hold the number or dot of an item in Word
        self._dropping, self._dropped_depth = "", 0

    def read(self, html: str) -> Block:
        for kind, value, attributes in tokens(html):
            if self._dropping:
                self._drop(kind, value)
            elif kind == "text":
                self._text(value)
            elif kind == "start":
                self._start(value, read_attributes(attributes))
            else:
                self._end(value)
        _tidy(self.root)
        return self.root

    def _drop(self, kind: str, name: str) -> None:
        if name == self._dropping and kind != "text":
            self._dropped_depth += 1 if kind == "start" else -1
            if not self._dropped_depth:
                self._dropping = ""

    # What a piece of the source is

    def _text(self, text: str) -> None:
        if not text:
            return
        if self.markers:
            self.path[-1].list_marker += text[:20]
        elif not text.isspace() or (self.path[-1].tag in HOLD_RUNS and self.path[-1].children):
            self._add(Run(self.marks, text))

    def _start(self, name: str, attributes: Attributes) -> None:
        style = read_style(attributes.get("style", ""))
        if name == "iframe":
            self._video(attributes)
        if name in DROPPED:
            self._dropping, self._dropped_depth = name, 1
        elif name == "br":
            self._break()
        elif name == "img":
            self._picture(attributes, style)
        elif name == "hr":
            self._open_block(Block("hr"))
            self.path.pop()
        elif name in BLOCKS:
            self._start_block(name, attributes, style)
        elif name not in VOID:
            self._start_mark(name, attributes, style)

    def _start_block(self, name: str, attributes: Attributes, style: Attributes) -> None:
        block = None
        align = read_align(name, attributes, style) or self._align()
        if not (self._in("caption", "figcaption") and name not in CELLS | SECTIONS | {"tr", "table"}):
            block = self._block_for(name, attributes, style, align)
        elif self.path[-1].children:
            self._add(Run((), " "))
        if len(self.open) < MAX_OPEN:
            self.open.append(_Open(name, block, align=align if name in PARAGRAPHS and name != "p" else ""))

    def _block_for(self, name: str, attributes: Attributes, style: Attributes, align: str) -> Block | None:
        if name == "p" or name in HEADINGS:
            return self._open_block(_paragraph(name, attributes, style, align))
        if name in PARAGRAPHS:
            self._close_text()
            return None
        block = Block(name, _classes_of(name, attributes, style, align), _kept_attributes(name, attributes))
        if name == "li":
            self._go_to_list()
        elif name in SECTIONS | {"tr", "caption"} | CELLS:
            if not self._go_to_table_part(name):
                return None
        elif name == "figcaption" and not self._close_to({"figure"}):
            return self._open_block(Block("p"))
        return self._open_block(block)

    def _start_mark(self, name: str, attributes: Attributes, style: Attributes) -> None:
        added, removed = set(), set()
        if name in MARKS and not (name == "b" and style.get("font-weight") == "normal"):
            added.add((MARKS[name], ""))
        if name == "a" and (link := self.addresses.link(visible(attributes.get("href", "")))):
            added.add(("a", link))
            removed.add("a")
        styled, unstyled = _styled_marks(style)
        added |= {(mark, "") for mark in styled}
        removed |= unstyled
        if len(self.open) < MAX_OPEN:
            marker = "ignore" in style.get("mso-list", "").lower() and self.path[-1].list_level > 0
            self.open.append(_Open(name, None, frozenset(added), frozenset(removed), marker=marker))
            self.markers += marker
            self._marks = None

    def _end(self, name: str) -> None:
        if name == "br":
            self._break()
        elif name in ENDS_TEXT and not self._in("caption", "figcaption"):
            self._close_text()
        at = next((at for at in range(len(self.open) - 1, -1, -1) if self.open[at].name == name), None)
        if at is None:
            return
        inside = self.open[at + 1 :]
        if name in BLOCKS and name not in AROUND_CELLS and any(element.name in CELLS for element in inside):
            return  # it belongs to something around this cell
        element = self.open[at]
        # A mark may end inside another; a block ends all that is in it.
        self.open[at:] = [] if name in BLOCKS else inside
        self.markers = sum(element.marker for element in self.open)
        self._marks = None
        if element.block:
            self._close(element.block)

    def _video(self, attributes: Attributes) -> None:
        if match := _YOUTUBE.fullmatch(attributes.get("src", "").strip()):
            title = visible(attributes.get("title", "")).strip() or "Xem video trên YouTube"
            self._close_text()
            self._add(Run((("a", f"https://www.youtube.com/watch?v={match[1]}"),), title))
            self._close_text()

    def _picture(self, attributes: Attributes, style: Attributes) -> None:
        source = self.addresses.picture(visible(attributes.get("src", "")))
        if not source:
            return
        kept = {"src": source}
        if "alt" in attributes:
            kept["alt"] = nfc(" ".join(visible(attributes["alt"]).split()))
        kept |= {name: attributes[name] for name in ("width", "height") if _is_count(attributes.get(name, ""), 9999)}
        classes = _classes_of("img", attributes, style, "")
        self._add(Run(self.marks, html=_tag("img", kept, classes)))

    def _break(self) -> None:
        current = self.path[-1]
        last = [child for child in current.children if isinstance(child, Run) and (child.html or child.text.strip())]
        if current.tag == "p" and last[-1:] and last[-1].is_break:
            self._close_text()  # two line breaks part paragraphs
            self._open_block(Block("p", current.classes))
        elif current.tag in HOLD_RUNS:
            self._add(Run(self.marks, html="<br>"))

    # Where it goes

    @property
    def marks(self) -> tuple[Mark, ...]:
        if self._marks is None:
            marks: dict[str, str] = {}
            for element in self.open:
                for mark in element.removed:
                    marks.pop(mark, None)
                marks.update(element.added)
            self._marks = tuple(sorted(marks.items(), key=lambda mark: _MARK_ORDER[mark[0]]))
        return self._marks

    def _align(self) -> str:
        """Return the side that a block around gives to what stands in it, as far as the next cell or item."""
        for element in reversed(self.open):
            if element.align or element.name in TIGHT:
                return element.align
        return ""

    def _in(self, *tags: str) -> bool:
        return self.path[-1].tag in tags

    def _add(self, run: Run) -> None:
        if self.path[-1].tag not in HOLD_RUNS:
            self._make_room("")
            if self.path[-1].tag not in TIGHT:
                self._push(Block("p", frozenset({self._align()} & {CENTRED, RIGHT})))
        self.path[-1].children.append(run)

    def _make_room(self, tag: str) -> None:
        """Open what must stand between a list or a table and what it is to hold."""
        if self.path[-1].tag in LISTS and tag != "li":
            self._push(Block("li"))
        if self._in("table") and tag not in SECTIONS and tag != "caption":
            self._push(Block("tbody"))
        if self.path[-1].tag in SECTIONS and tag != "tr":
            self._push(Block("tr"))
        if self._in("tr") and tag not in CELLS:
            self._push(Block("td"))

    def _open_block(self, block: Block) -> Block | None:
        self._close_text()
        if len(self.path) > MAX_DEPTH and block.tag not in TEXTUAL:
            return None
        if self._in("ul", "ol") and block.tag in LISTS and self.path[-1].children:
            self.path.append(self.path[-1].children[-1])  # type: ignore[arg-type]  # lists hold items only
        self._make_room(block.tag)
        self._push(block)
        return block

    def _push(self, block: Block) -> None:
        self.path[-1].children.append(block)
        self.path.append(block)

    def _close_text(self) -> None:
        while self.path[-1].tag in TEXTUAL:
            self.path.pop()

    def _close(self, block: Block) -> None:
        for at in range(len(self.path) - 1, 0, -1):
            if self.path[at] is block:
                del self.path[at:]
                return

    def _close_to(self, tags: set[str] | frozenset[str], *, not_beyond: frozenset[str] = CELLS | {"table"}) -> bool:
        """Close what is open inside the nearest block of one of these kinds, and say whether there is one."""
        for at in range(len(self.path) - 1, 0, -1):
            if self.path[at].tag in tags:
                del self.path[at + 1 :]
                return True
            if self.path[at].tag in not_beyond:
                return False
        return False

    def _go_to_list(self) -> None:
        self._close_text()
        if not self._close_to(LISTS) and len(self.path) <= MAX_DEPTH:
            self._open_block(Block("ul"))

    def _go_to_table_part(self, name: str) -> bool:
        """Make ready for a caption, section, row or cell; it says no where no table is open."""
        self._close_text()
        if name in CELLS and self._close_to({"tr"}, not_beyond=frozenset({"table"})):
            return True
        if name in CELLS | {"tr"} and self._close_to(SECTIONS, not_beyond=frozenset({"table"})):
            return True
        return self._close_to({"table"}, not_beyond=frozenset())


# What styles and attributes say


def read_style(text: str) -> Attributes:
    """Return the declarations of a style attribute by their names in small letters."""
    found: Attributes = {}
    if not text:
        return found
    for declaration in text.split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            found[name.strip().lower()] = value.strip()
    return found


def read_align(name: str, attributes: Attributes, style: Attributes) -> str:
    given = (style.get("text-align") or attributes.get("align") or "").strip().lower()
    classes = attributes.get("class", "").split()
    if given == "center" or name == "center" or CENTRED in classes:
        return CENTRED
    return RIGHT if given == "right" or RIGHT in classes else ""


def _styled_marks(style: Attributes) -> tuple[set[str], set[str]]:
    """Return the marks that a style adds and those that it takes away."""
    added: set[str] = set()
    removed: set[str] = set()
    if not style:
        return added, removed
    if weight := style.get("font-weight", "").lower():
        (added if weight in {"bold", "bolder", "600", "700", "800", "900"} else removed).add("strong")
    if slant := style.get("font-style", "").lower():
        (added if slant in {"italic", "oblique"} else removed).add("em")
    if "line-through" in style.get("text-decoration", "").lower():
        added.add("s")
    if (shift := style.get("vertical-align", "").lower()) in {"sub", "super"}:
        added.add("sup" if shift == "super" else "sub")
    return added, removed


def _paragraph(name: str, attributes: Attributes, style: Attributes, align: str) -> Block:
    word_class = attributes.get("class", "").lower()
    if name == "p":
        if heading := re.search(r"\bmsoheading([1-6])\b", word_class):
            name = f"h{heading[1]}"
        elif re.search(r"\bmsotitle\b", word_class):
            name = "h1"
        elif outline := re.fullmatch(r"[1-6]", style.get("mso-outline-level", "")):
            name = f"h{outline[0]}"
    level = _LIST_LEVEL.search(style.get("mso-list", "")) if name == "p" else None
    indent = set() if level or name != "p" else {_indent_of(attributes, style)} - {""}
    classes = frozenset(({align} & {CENTRED, RIGHT}) | indent)
    return Block(name, classes, list_level=int(level[1]) if level else 0)


def _classes_of(name: str, attributes: Attributes, style: Attributes, align: str) -> frozenset[str]:
    classes = set(attributes.get("class", "").split())
    kept: set[str] = set()
    if name in CELLS:
        kept |= {read_align(name, attributes, style)} & {CENTRED, RIGHT}
    if name in {"img", "figure"}:
        side = (style.get("float") or attributes.get("align") or "").strip().lower()
        kept |= {LEFT_FLOAT} if side == "left" or LEFT_FLOAT in classes else set()
        kept |= {RIGHT_FLOAT} if not kept and (side == "right" or RIGHT_FLOAT in classes) else set()
        kept |= {"wide"} if "wide" in classes or style.get("width") == "100%" else set()
    if name == "figure":
        kept |= {"image"} | ({align} & {CENTRED} if not kept & {LEFT_FLOAT, RIGHT_FLOAT} else set())
    return frozenset(kept)


def _indent_of(attributes: Attributes, style: Attributes) -> str:
    for name in INDENTS:
        if name in attributes.get("class", "").split():
            return name
    margin = style.get("margin-left") or style.get("padding-left") or ""
    if not (match := re.fullmatch(r"(\d{1,4}(?:\.\d{1,9})?|\.\d{1,9})(pt|px|in|cm|mm)", margin)):
        return ""
    points = float(match[1]) * {"pt": 1, "px": 0.75, "in": 72, "cm": 28.35, "mm": 2.835}[match[2]]
    steps = min(round(points / 36), len(INDENTS))  # half an inch a step, in Word as in the editor
    return INDENTS[steps - 1] if steps else ""


def _is_count(text: str, most: int) -> bool:
    return bool(re.fullmatch(r"[1-9]\d{0,4}", text, re.ASCII)) and int(text) <= most


def _kept_attributes(name: str, attributes: Attributes) -> Attributes:
    kept = {}
    if name in CELLS:
        for span, most in (("colspan", 30), ("rowspan", 200)):
            if _is_count(attributes.get(span, ""), most) and attributes[span] != "1":
                kept[span] = attributes[span]
    if name == "th" and attributes.get("scope") in {"col", "row", "colgroup", "rowgroup"}:
        kept["scope"] = attributes["scope"]
    if name == "ol":
        if _is_count(attributes.get("start", ""), 9999) and attributes["start"] != "1":
            kept["start"] = attributes["start"]
        if attributes.get("type") in {"a", "A", "i", "I"}:
            kept["type"] = attributes["type"]
    return kept


# Tidying what was read, the innermost first


def _tidy(root: Block) -> None:
    _tidy_children(root)
    shift = int(any(block.tag == "h1" for block in _blocks(root)))
    for block in _blocks(root):
        if block.tag in HEADINGS:
            block.tag = f"h{min(int(block.tag[1]) + shift, 4)}"


def _blocks(block: Block) -> Iterator[Block]:
    for child in block.children:
        if isinstance(child, Block):
            yield child
            yield from _blocks(child)


def _tidy_children(block: Block) -> None:
    children: list[Block | Run] = []
    for are_runs, group in groupby(block.children, lambda child: isinstance(child, Run)):
        if are_runs:
            children += _tidy_runs(group)  # type: ignore[arg-type]
            continue
        for child in group:
            _tidy_children(child)  # type: ignore[arg-type]
            children += _without_shell(child)  # type: ignore[arg-type]
    block.children = _with_lists(children) if any(_is_item(child) for child in children) else children
    if block.tag in HEADINGS:
        block.children = [_without_strong(child) for child in block.children if isinstance(child, Run)]
        block.children = list(_merged(block.children))  # type: ignore[arg-type]
    elif block.tag in CELLS | {"li"}:
        _unwrap_only_paragraph(block)
    elif block.tag == "table":
        _tidy_table(block)


def _without_shell(block: Block) -> "list[Block | Run]":
    """Return the block, or what is left of it when it is empty or means nothing."""
    if block.tag == "hr" or block.tag in CELLS:
        return [block]
    if not block.children:
        return []
    if block.tag == "figure" and not any(_is_picture(child) for child in block.children):
        return _in_paragraphs(block.children)
    if block.tag in HEADINGS and not any(isinstance(child, Run) and child.text for child in block.children):
        block.tag = "p"
    return [block]


def _is_picture(child: "Block | Run") -> bool:
    return isinstance(child, Run) and child.html.startswith("<img")


def _in_paragraphs(children: "Iterable[Block | Run]") -> "list[Block | Run]":
    paragraphs: list[Block | Run] = []
    for are_runs, group in groupby(children, lambda child: isinstance(child, Run)):
        if are_runs:
            paragraphs.append(Block("p", children=list(group)))
            continue
        for child in group:
            if isinstance(child, Block) and child.tag == "figcaption":
                child.tag = "p"
            paragraphs.append(child)
    return paragraphs


def _unwrap_only_paragraph(block: Block) -> None:
    first = block.children[0] if block.children else None
    if isinstance(first, Block) and first.tag == "p":
        if len(block.children) == 1:
            side = first.classes & {CENTRED, RIGHT}
            if side and block.tag in CELLS:
                block.classes = side
            block.children = first.children
        elif block.tag == "li" and all(isinstance(child, Block) and child.tag in LISTS for child in block.children[1:]):
            block.children[:1] = first.children


def _tidy_runs(runs: Iterable[Run]) -> list[Run]:
    """Join runs of equal marks, bring the text into one form, and cut space at the ends."""
    joined = list(_merged(runs))
    tidy: list[Run] = []
    for run in joined:
        text = run.text
        if run.text:
            text = _SPACE.sub(lambda match: match[0] if match[0] == "\u00a0" else " ", nfc(text))
            if not tidy or tidy[-1].html or tidy[-1].text.endswith((" ", "\u00a0")):
                text = _without_loose_start(text, spaces=not tidy or not _is_picture(tidy[-1]))
            elif marks := "".join(_leading_marks(text)):
                tidy[-1] = Run(tidy[-1].marks, nfc(tidy[-1].text + marks))
                text = text[len(marks) :]
            if not text:
                continue
        elif run.is_break:
            if not tidy or tidy[-1].is_break:
                continue
            tidy = _without_end_space(tidy)
            if not tidy or tidy[-1].is_break:
                continue
        tidy.append(Run(run.marks, text, run.html))
    tidy = _without_end_space(tidy)
    while tidy and tidy[-1].is_break:
        tidy = _without_end_space(tidy[:-1])
    return list(_merged(tidy))


def _without_loose_start(text: str, *, spaces: bool) -> str:
    """Return the text from its first letter on; a mark belongs to the letter before it, and there is none."""
    start = 0
    while start < len(text) and (unicodedata.combining(text[start]) or (spaces and text[start] in " \u00a0")):
        start += 1
    return text[start:]


def _leading_marks(text: str) -> Iterator[str]:
    for letter in text:
        if not unicodedata.combining(letter):
            return
        yield letter


def _without_end_space(runs: list[Run]) -> list[Run]:
    runs = list(runs)
    while runs and runs[-1].text:
        text = runs[-1].text.rstrip(" \u00a0")
        if text:
            runs[-1] = Run(runs[-1].marks, text)
            break
        runs.pop()
    return runs


def _merged(runs: Iterable[Run]) -> Iterator[Run]:
    for (marks, is_text), group in groupby(runs, lambda run: (run.marks, bool(run.text))):
        if is_text:
            yield Run(marks, "".join(run.text for run in group))
        else:
            yield from group


def _without_strong(run: Run) -> Run:
    return Run(tuple(mark for mark in run.marks if mark[0] != "strong"), run.text, run.html)


def _is_item(child: "Block | Run") -> bool:
    return isinstance(child, Block) and child.list_level > 0


def _with_lists(children: "list[Block | Run]") -> "list[Block | Run]":
    """Return the children with Word's paragraphs of a list as real lists."""
    out: list[Block | Run] = []
    for are_items, group in groupby(children, _is_item):
        if are_items:
            out += _lists_of([child for child in group if isinstance(child, Block)])
        else:
            out += group
    return out


def _lists_of(items: list[Block]) -> list[Block]:
    lists: list[Block] = []
    path: list[tuple[int, Block]] = []  # level and list, the innermost last
    for item in items:
        tag = "ol" if _NUMBER_MARKER.match(item.list_marker) else "ul"
        while path and path[-1][0] > item.list_level:
            path.pop()
        if path and path[-1][0] == item.list_level and path[-1][1].tag != tag:
            path.pop()
        if not path or path[-1][0] < item.list_level:
            new = Block(tag)
            if path:
                path[-1][1].children[-1].children.append(new)  # type: ignore[union-attr]
            else:
                lists.append(new)
            path.append((item.list_level, new))
        path[-1][1].children.append(Block("li", children=item.children))
    return lists


def _tidy_table(table: Block) -> None:
    """Order the parts, and make cells of a head, or of a first row that is all bold, head cells."""
    parts = [part for part in table.children if isinstance(part, Block)]
    captions = [part for part in parts if part.tag == "caption"][:1]
    sections = [part for part in parts if part.tag in SECTIONS and part.children]
    table.children = [*captions, *sections] if sections else []
    rows = [row for section in sections for row in section.children if isinstance(row, Block)]
    if not any(section.tag == "thead" for section in sections) and len(rows) > 2 and _is_bold(rows[0]):
        sections[0].children.remove(rows[0])
        head = Block("thead", children=[rows[0]])
        table.children = [*captions, head, *(section for section in sections if section.children)]
    for section in table.children:
        if isinstance(section, Block) and section.tag == "thead":
            for cell in _blocks(section):
                _make_head(cell)


def _is_bold(row: Block) -> bool:
    runs = [child for cell in row.children if isinstance(cell, Block) for child in cell.children]
    cells = [cell for cell in row.children if isinstance(cell, Block)]
    return (
        bool(runs)
        and all(isinstance(run, Run) and ("strong", "") in run.marks for run in runs)
        and all(cell.tag == "td" for cell in cells)
    )


def _make_head(cell: Block) -> None:
    if cell.tag not in CELLS:
        return
    if cell.tag == "td":
        cell.tag = "th"
    cell.attributes.setdefault("scope", "col")
    cell.children = [_without_strong(child) if isinstance(child, Run) else child for child in cell.children]
    if all(isinstance(child, Run) for child in cell.children):
        cell.children = list(_merged(cell.children))  # type: ignore[arg-type]


# Writing


def _tag(name: str, attributes: Attributes, classes: frozenset[str] = frozenset()) -> str:
    given = {**attributes, **({"class": " ".join(sorted(classes))} if classes else {})}
    return f"<{name}" + "".join(f' {key}="{escape(value)}"' for key, value in given.items()) + ">"


def _write(block: Block) -> Iterator[str]:
    for are_runs, group in groupby(block.children, lambda child: isinstance(child, Run)):
        if are_runs:
            yield from _write_runs(group)  # type: ignore[arg-type]
            continue
        for child in group:
            assert isinstance(child, Block)  # noqa: S101
            # A figure in the middle stands as the editor knows it.
            around = child.tag == "figure" and CENTRED in child.classes
            if around:
                yield f'<div class="{CENTRED}">'
            yield _tag(child.tag, child.attributes, child.classes - {CENTRED} if around else child.classes)
            if child.tag != "hr":
                yield from _write(child)
                yield f"</{child.tag}>"
            if around:
                yield "</div>"


def _write_runs(runs: Iterable[Run]) -> Iterator[str]:
    open_marks: list[Mark] = []
    for run in runs:
        same = 0
        while same < min(len(open_marks), len(run.marks)) and open_marks[same] == run.marks[same]:
            same += 1
        while len(open_marks) > same:
            yield f"</{open_marks.pop()[0]}>"
        for mark in run.marks[same:]:
            yield _tag("a", {"href": mark[1]}) if mark[0] == "a" else f"<{mark[0]}>"
            open_marks.append(mark)
        yield run.html or escape(run.text, quote=False)
    while open_marks:
        yield f"</{open_marks.pop()[0]}>"
