"""What was perhaps meant, where a word was mistyped by one letter or written together with the next."""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

import tantivy
from tantivy import Occur, Query

from portal.search_index import SCHEMA, SYLLABLE, found, pairs
from portal.search_ranking import SHORT, all_in_names, is_known, title_term, units
from portal.text import fold, nfc

# The names of how many of the nearest documents are looked through for the right word.
NEAREST = 10


def parted(searcher: tantivy.Searcher, syllables: Sequence[str]) -> list[str]:
    """Return the syllables with those that were written together ("xquang") parted."""
    result: list[str] = []
    for syllable in syllables:
        cuts = [(syllable[:at], syllable[at:]) for at in range(1, len(syllable))]
        known = [] if is_known(searcher, syllable) else [cut for cut in cuts if is_known(searcher, "_".join(cut))]
        result += known[0] if known else [syllable]
    return result


def correction(searcher: tantivy.Searcher, text: str, titles: Callable[[Sequence[int]], Iterable[str]]) -> str | None:
    """Return the text with its mistyped words put right, as the names of documents write them; None without need.

    `titles` gives the names of documents. Only a text is offered whose words stand together in some name.
    """
    typed = SYLLABLE.findall(nfc(text))
    syllables = [fold(word) for word in typed]
    if not 0 < len(syllables) <= SHORT:
        return None
    strange = [term for term in units(syllables) if not is_known(searcher, term)]
    if not strange:
        return None
    clauses = [(Occur.Should, Query.fuzzy_term_query(SCHEMA, "title", term, distance=1)) for term in strange]
    clauses += [(Occur.Should, title_term(term)) for term in {*syllables, *pairs(syllables)} - {*strange}]
    nearest = [pk for pk, _ in found(searcher, Query.boolean_query(clauses), NEAREST)]
    for title in titles(nearest):
        right = _put_right(searcher, typed, title)
        folded = [fold(word) for word in right]
        if folded != syllables and found(searcher, all_in_names(units(folded)), 1):
            return " ".join(right).lower()
    return None


def _put_right(searcher: tantivy.Searcher, typed: Sequence[str], title: str) -> list[str]:
    named = SYLLABLE.findall(nfc(title))
    accented = {fold(word): word for word in named}
    right = [accented.get(fold(word), word) for word in typed]
    if len(right) == 1:
        return [next((word for word in named if is_one_slip(fold(right[0]), fold(word))), right[0])]
    for place in range(len(right) - 1):
        pair = f"{fold(right[place])}_{fold(right[place + 1])}"
        if is_known(searcher, pair):
            continue
        for first, second in pairwise(named):
            if is_one_slip(pair, f"{fold(first)}_{fold(second)}"):
                right[place : place + 2] = [first, second]
                break
    return right


def is_one_slip(one: str, other: str) -> bool:
    """Tell whether one letter was left out, put in, changed, or swapped with the next."""
    if one == other:
        return False
    if len(one) > len(other):
        one, other = other, one
    at = next((place for place, letter in enumerate(one) if letter != other[place]), len(one))
    if len(one) < len(other):
        return one[at:] == other[at + 1 :]
    swapped = one[at : at + 2][::-1] == other[at : at + 2] and one[at + 2 :] == other[at + 2 :]
    return swapped or one[at + 1 :] == other[at + 1 :]
