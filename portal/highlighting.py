"""Show in the accented text which of its words were searched for, whatever the marks."""

import re
from collections.abc import Collection, Iterator

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from portal.search_index import SYLLABLE
from portal.text import fold, nfc

# What may stand between two words of one marked passage.
_JOINT = re.compile(r"[\s\-–.]{1,2}")
_PLAIN, _MARKED = "{}", "<mark>{}</mark>"


def highlight(text: str, terms: Collection[str]) -> SafeString:
    """Return the text with `<mark>` around the words whose folded form is among `terms`."""
    return format_html_join(
        "", "{}", ((format_html(_MARKED if marked else _PLAIN, part),) for part, marked in _parts(nfc(text), terms))
    )


def snippet(text: str, terms: Collection[str], length: int = 200) -> SafeString:
    """Return the passage of about `length` characters with most of the terms, marked; "" when none occurs."""
    text = " ".join(nfc(text).split())
    hits = [(match.start(), fold(match[0])) for match in SYLLABLE.finditer(text)]
    hits = [(start, word) for start, word in hits if word in terms]
    if not hits:
        return format_html("{}", "")
    start = _best_start(hits, length)
    begin = 0 if start < 40 else text.rfind(" ", 0, start - 30) + 1
    end = len(text) if begin + length >= len(text) else max(text.rfind(" ", 0, begin + length), start)
    if end <= start:
        end = min(len(text), begin + length)
    passage = highlight(text[begin:end].strip(), terms)
    return format_html("{}{}{}", "… " if begin else "", passage, " …" if end < len(text) else "")


def _best_start(hits: list[tuple[int, str]], length: int) -> int:
    """Return the hit from which a passage holds most different terms, then most terms."""
    best, best_value, last = hits[0][0], (0, 0), 0
    for first, (start, _) in enumerate(hits):
        while last < len(hits) and hits[last][0] < start + length - 50:
            last += 1
        inside = [word for _, word in hits[first:last]]
        if (value := (len(set(inside)), len(inside))) > best_value:
            best, best_value = start, value
    return best


def _parts(text: str, terms: Collection[str]) -> Iterator[tuple[str, bool]]:
    """Cut the text into passages that are marked and passages that are not."""
    plain_from = position = 0
    matches = [match.span() for match in SYLLABLE.finditer(text) if fold(match[0]) in terms]
    while position < len(matches):
        start, end = matches[position]
        while position + 1 < len(matches) and _JOINT.fullmatch(text, end, matches[position + 1][0]):
            position += 1
            end = matches[position][1]
        if start > plain_from:
            yield text[plain_from:start], False
        yield text[start:end], True
        plain_from = end
        position += 1
    if plain_from < len(text):
        yield text[plain_from:], False
