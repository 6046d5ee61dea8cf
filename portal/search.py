"""Search: what an app offers to be found, and how the index follows the database.

The index is derived and can be thrown away. `manage.py work` keeps it: it takes in the rows that a
save left (`SearchChange`), and makes the index anew when it is missing, damaged, of another version
or of another database. Until then `searcher()` raises `Unreadable` and an app answers from its rows.
"""

import fcntl
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path

import tantivy
from django.conf import settings
from django.db.models import F

from portal.highlighting import highlight, snippet
from portal.models import SearchChange, SearchMiss, SearchState, SearchSynonym
from portal.search_index import Document, Index, State, Unreadable, state_of, words
from portal.search_ranking import completed, ranked, telling
from portal.search_spelling import correction, parted
from portal.text import tidy

__all__ = [
    "Document",
    "Unreadable",
    "catch_up",
    "highlight",
    "rebuild",
    "record_miss",
    "register",
    "searcher",
    "snippet",
]

# How many changes are taken in with one commit, and how many rows are read at once.
BATCH = 2000
CHUNK = 200
# Rows that every index has long taken in; one that has been away for longer is made anew.
KEPT = timedelta(days=7)

# A question is cut there: more words cost time and find nothing better.
MOST_SYLLABLES = 60
MOST_VARIANTS = 4

_ADDRESS = re.compile(r"\S*@\S*|\S*://\S*|\bwww\.\S*")
# More digits than a code has (7): a telephone, an identity card, an account; written with gaps or without.
_LONG_NUMBER = re.compile(r"(?:\+\s*)?\d(?:[\s.\-()]{0,2}\d){7,}")

Progress = Callable[[Iterable[Document], int], Iterable[Document]]


@dataclass(frozen=True)
class Kind:
    """What can be found: the rows of one model."""

    name: str
    pks: Callable[[], Sequence[int]]  # of all that the public may find, in ascending order
    documents: Callable[[Sequence[int]], Iterable[Document]]  # of those among them that it still may find


_kinds: dict[str, Kind] = {}


def register(
    name: str, *, pks: Callable[[], Sequence[int]], documents: Callable[[Sequence[int]], Iterable[Document]]
) -> None:
    _kinds[name] = Kind(name, pks, documents)


def searcher(kind: str) -> tantivy.Searcher:
    """Return what is to be searched; raise `Unreadable` where no index of this database is ready."""
    index = _index(settings.DATA_DIR / "search" / kind)
    opened = index.searcher()
    # Read only: a visitor's search writes nothing.
    token = SearchState.objects.filter(pk=1).values_list("token", flat=True).first()
    if state_of(opened).token != str(token):
        raise Unreadable("made from another database")
    return opened


def catch_up() -> int:
    """Take the waiting changes into the index and return how many; another writer's turn is not waited for."""
    with _turn_to_write(wait=False) as mine:
        return max((_follow(kind) for kind in _kinds.values()), default=0) if mine else 0


def rebuild(progress: Progress | None = None) -> int:
    """Make the index anew from the database and return the number of documents."""
    with _turn_to_write(wait=True):
        return sum(_rebuild(kind, progress) for kind in _kinds.values())


def trim_changes(at: datetime) -> int:
    """Delete the changes that are older than a week, but never the latest: it numbers what is derived."""
    deleted, _ = SearchChange.objects.filter(at__lt=at - KEPT, pk__lt=SearchChange.latest_number()).delete()
    return deleted


@dataclass(frozen=True)
class Found:
    pks: list[int]  # best first
    suggestion: str | None  # what was perhaps meant
    terms: frozenset[str]  # the folded words that were searched for


def find(kind: str, text: str, titles: Callable[[Sequence[int]], Iterable[str]], *, limit: int) -> Found:
    """Return what answers the text; `titles` gives the names of documents. Raise `Unreadable` without an index.

    Where nothing has the words as they were typed, what was perhaps meant is searched for.
    """
    return find_with(searcher(kind), text, titles, limit=limit)


def find_with(
    opened: tantivy.Searcher, text: str, titles: Callable[[Sequence[int]], Iterable[str]], *, limit: int
) -> Found:
    """Do what `find` does, in an index that was opened already."""
    asked = variants(text)
    apart = parted(opened, asked[0])
    is_joined = apart != asked[0]
    if is_joined:
        asked.append(apart)
    pks = ranked(opened, asked, limit)
    meant = None if is_joined else correction(opened, text, titles)
    if meant and not pks:
        asked = variants(meant)
        pks = ranked(opened, asked, limit)
    return Found(pks, meant, telling([word for variant in asked for word in variant]))


def complete(kind: str, text: str, *, limit: int) -> list[int]:
    """Return the documents whose names have the words, the last of which is perhaps not yet typed out."""
    syllables = words(text)[:MOST_SYLLABLES]
    return completed(searcher(kind), syllables, limit) if sum(map(len, syllables)) > 1 else []


def variants(text: str) -> list[list[str]]:
    """Return the folded syllables of the text, and again with each synonym in the place of what was typed."""
    asked = words(text)[:MOST_SYLLABLES]
    found = [asked]
    padded = _padded(" ".join(asked))
    for row in SearchSynonym.objects.order_by("pk").values_list("phrase", "meaning"):
        phrase, meaning = (_padded(side) for side in row)
        for typed, other in ((phrase, meaning), (meaning, phrase)):
            if typed.strip() and typed in padded:
                found.append(padded.replace(typed, other).split())
    return found[:MOST_VARIANTS]


@lru_cache(maxsize=4096)
def _padded(text: str) -> str:
    return f" {' '.join(words(text))} "


def record_miss(text: str, *, on: date) -> None:
    """Count a search that found nothing, for the editors, without what could name a person."""
    query = _without_personal_data(text)[: SearchMiss._meta.get_field("query").max_length].strip()
    if not words(query):
        return
    SearchMiss.objects.get_or_create(query=query, day=on, defaults={"count": 0})
    SearchMiss.objects.filter(query=query, day=on).update(count=F("count") + 1)


def _without_personal_data(text: str) -> str:
    text = " ".join(tidy(text).split())
    return " ".join(_LONG_NUMBER.sub(" ", _ADDRESS.sub(" ", text)).split())


def _follow(kind: Kind) -> int:
    # Opened anew each time, so that a file that was damaged or lost meanwhile is noticed.
    index = Index(settings.DATA_DIR / "search" / kind.name)
    position = _position(index)
    if position is None:
        return _rebuild(kind)
    taken = 0
    while changes := list(SearchChange.objects.filter(pk__gt=position).order_by("pk")[:BATCH]):
        pks = sorted({change.object_id for change in changes if change.kind == kind.name})
        position = changes[-1].pk
        index.change(_documents(kind, pks), pks, State(_token(), position))
        taken += len(changes)
    return taken


def _position(index: Index) -> int | None:
    """Return up to which change the index has followed; None when it cannot go on from there."""
    try:
        state = index.state()
    except Unreadable:
        return None
    oldest = SearchChange.objects.order_by("pk").values_list("pk", flat=True).first() or 0
    # The next change may be gone already; or the database is an older copy that counts again.
    lost = state.position + 1 < oldest or state.position > SearchChange.latest_number()
    return None if lost or state.token != _token() else state.position


def _rebuild(kind: Kind, progress: Progress | None = None) -> int:
    # Read first: what changes meanwhile is taken in once more afterwards.
    state = State(_token(), SearchChange.latest_number())
    pks = kind.pks()
    documents: Iterable[Document] = _documents(kind, pks)
    if progress:
        documents = progress(documents, len(pks))
    Index(settings.DATA_DIR / "search" / kind.name).rebuild(documents, state)
    return len(pks)


def _documents(kind: Kind, pks: Sequence[int]) -> Iterator[Document]:
    for start in range(0, len(pks), CHUNK):
        yield from kind.documents(pks[start : start + CHUNK])


@cache
def _index(folder: Path) -> Index:
    return Index(folder)


def _token() -> str:
    state, _ = SearchState.objects.get_or_create(pk=1)
    return str(state.token)


@contextmanager
def _turn_to_write(*, wait: bool) -> Iterator[bool]:
    """Hold the one lock of all writers on this machine; it ends with the process, however that ends."""
    with open(settings.DATA_DIR / "search.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True
