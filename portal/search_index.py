"""A search index over accent-folded Vietnamese, kept in a folder.

Vietnamese writes its words as separate syllables ("giấy phép"), so a document is indexed by its
syllables and by its pairs of neighbouring syllables: the pair is the word. Nothing of the text is
stored here, only what is needed to find it; the database has the text.
"""

import json
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path

import tantivy
from tantivy import Query

from portal.text import fold

# Raised whenever the folding, the fields or what a document holds changes: an index of another
# version is made anew.
VERSION = 1

SYLLABLE = re.compile(r"[^\W_]+")
# Longer "words" are addresses or noise; the index would carry each of them for one document.
LONGEST_SYLLABLE = 40

FIELDS = ("title", "hints", "body")
STATE_PK = -1
# Per thread; the library refuses less than 15 MB.
_HEAP = 50_000_000


def words(text: str) -> list[str]:
    """Return the folded syllables of the text in their order."""
    return [word for word in SYLLABLE.findall(fold(text)) if len(word) <= LONGEST_SYLLABLE]


def pairs(syllables: Sequence[str]) -> list[str]:
    return [f"{first}_{second}" for first, second in pairwise(syllables)]


def terms(text: str) -> list[str]:
    """Return the syllables and the pairs of neighbours by which the text is found."""
    syllables = words(text)
    return syllables + pairs(syllables)


@dataclass(frozen=True)
class Document:
    """What makes a row findable."""

    pk: int
    title: str = ""
    hints: str = ""
    body: str = ""


@dataclass(frozen=True)
class State:
    """From which database an index was made, and up to which change it has followed."""

    token: str
    position: int  # the number of the last SearchChange taken in
    version: int = field(default_factory=lambda: VERSION)


class Unreadable(Exception):
    """The folder holds no index, a damaged one, or one of another version."""


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("pk", stored=True, indexed=True, fast=True)
    for name in FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("state", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


SCHEMA = _schema()


class Index:
    """One kind of document. Any number of processes read it, one writes at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._opened: tantivy.Index | None = None

    def searcher(self) -> tantivy.Searcher:
        """Return a view of what was committed last; raise `Unreadable` where there is nothing to read."""
        try:
            index = self._open()
            index.reload()
            return index.searcher()
        except (ValueError, OSError) as error:
            self._opened = None
            raise Unreadable(str(error)) from error

    def state(self) -> State:
        return state_of(self.searcher())

    def change(self, documents: Iterable[Document], pks: Iterable[int], state: State) -> None:
        """Put the documents in the place of whatever was there under `pks`."""
        with _writer(self._open()) as writer:
            for pk in pks:
                writer.delete_documents_by_term("pk", pk)
            _write(writer, documents, state)

    def rebuild(self, documents: Iterable[Document], state: State) -> None:
        """Make the whole content anew; readers see the old content until the end."""
        try:
            self.searcher()
        except Unreadable:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder.mkdir(parents=True)
        with _writer(self._open(create=True)) as writer:
            writer.delete_all_documents()
            _write(writer, documents, state)

    def _open(self, create: bool = False) -> tantivy.Index:
        if self._opened is None:
            if not create and not (self.folder / "meta.json").exists():
                raise ValueError(f"no index in {self.folder}")
            self._opened = tantivy.Index(SCHEMA, path=str(self.folder))
            self._opened.config_reader(reload_policy="manual")
        return self._opened


def found(searcher: tantivy.Searcher, query: Query, limit: int) -> list[tuple[int, float]]:
    """Return the primary keys and scores of the best documents, equal ones in the order of the keys."""
    hits = searcher.search(query, limit, count=False).hits
    pks = searcher.fast_field_values("pk", [address for _, address in hits])
    # Scores of equal documents differ in the last digits when these lie in different segments.
    ordered = sorted((-round(score, 3), int(pk)) for (score, _), pk in zip(hits, pks, strict=True) if pk is not None)
    return [(pk, -score) for score, pk in ordered]


def matching(searcher: tantivy.Searcher, query: Query, limit: int) -> list[int]:
    """Return the primary keys of up to `limit` documents, in no order."""
    hits = searcher.search(query, limit, count=False).hits
    return [int(pk) for pk in searcher.fast_field_values("pk", [address for _, address in hits]) if pk is not None]


@contextmanager
def _writer(index: tantivy.Index) -> Iterator[tantivy.IndexWriter]:
    # Not the writer's own `with`: that one commits even when the block fails.
    writer = index.writer(_HEAP, num_threads=1)
    try:
        yield writer
        writer.commit()
    except BaseException:
        writer.rollback()
        raise
    finally:
        writer.wait_merging_threads()


def _write(writer: tantivy.IndexWriter, documents: Iterable[Document], state: State) -> None:
    for document in documents:
        texts = {field: " ".join(terms(getattr(document, field))) for field in FIELDS}
        writer.add_document(tantivy.Document(pk=document.pk, **texts))
    # The state is a document among the others, so that it is committed with them or not at all.
    writer.delete_documents_by_term("pk", STATE_PK)
    writer.add_document(tantivy.Document(pk=STATE_PK, state=json.dumps(asdict(state))))


def state_of(searcher: tantivy.Searcher) -> State:
    """Return what was committed together with the documents."""
    hits = searcher.search(Query.term_query(SCHEMA, "pk", STATE_PK), 1, count=False).hits
    if not hits:
        raise Unreadable("no state")
    state = State(**json.loads(str(searcher.doc(hits[0][1]).get_first("state"))))
    if state.version != VERSION:
        raise Unreadable(f"version {state.version}")
    return state
