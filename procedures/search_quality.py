"""How well the search answers questions whose answers are known."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from portal import search as portal_search
from portal.search import Document
from portal.search_index import Index, State
from portal.text import fold
from procedures.importing import Problem, Record, read, short_names
from procedures.models import CODE as VALID_CODE
from procedures.models import Procedure
from procedures.search import CODE, document, search

DEPTH = 10


@dataclass(frozen=True)
class Question:
    text: str
    codes: frozenset[str]  # any of them answers it
    kind: str


@dataclass
class Figures:
    """Places of the right answers among the results, None where it is not among the first ten."""

    places: list[int | None] = field(default_factory=list)

    def recall(self, depth: int) -> float:
        return sum(place is not None and place < depth for place in self.places) / len(self.places)

    def mean_reciprocal_rank(self) -> float:
        return sum(1 / (place + 1) for place in self.places if place is not None) / len(self.places)


def questions(path: Path) -> Iterator[Question]:
    """Read one JSON a line: query, expected_codes, kind; those whose words give the title away count apart."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        title = {True: ", tên trong câu hỏi", False: ", thiếu tên"}.get(row.get("has_title"), "")
        yield Question(row["query"], frozenset(row["expected_codes"]), row["kind"] + title)


def measure(asked: Iterable[Question], answer: Callable[[str], Sequence[str]]) -> dict[str, tuple[Figures, Figures]]:
    """Return by kind the figures of the questions as they are, and of the same typed without marks."""
    figures: dict[str, tuple[Figures, Figures]] = {}
    for question in asked:
        pair = figures.setdefault(question.kind, (Figures(), Figures()))
        for text, side in zip((question.text, fold(question.text)), pair, strict=True):
            codes = answer(text)[:DEPTH]
            side.places.append(next((place for place, code in enumerate(codes) if code in question.codes), None))
    return figures


def answer_from_database(text: str) -> list[str]:
    ids = search(text, limit=DEPTH).ids
    codes = dict(Procedure.objects.filter(pk__in=ids).values_list("pk", "code"))
    return [codes[pk] or "" for pk in ids if pk in codes]


class Corpus:
    """Procedures read from files into an index of their own; the database is left alone."""

    def __init__(self, paths: Iterable[Path], folder: Path) -> None:
        self.records = list(_merged(read(paths)))
        self._places = {record.code: place for place, record in enumerate(self.records) if record.code}
        index = Index(folder)
        index.rebuild((_document(pk, record) for pk, record in enumerate(self.records)), State("", 0))
        self._searcher = index.searcher()

    def answer(self, text: str) -> list[str]:
        typed = [f"{code[0]}.{code.removeprefix(code[0]).lstrip('.')}" for code in CODE.findall(text)]
        exact = [code for code in typed if code in self._places]
        rest = CODE.sub(" ", text) if exact else text
        found = portal_search.find_with(self._searcher, rest, self._titles, limit=500)
        return [*exact, *(code for pk in found.pks if (code := self.records[pk].code or "") not in exact)]

    def _titles(self, pks: Sequence[int]) -> list[str]:
        return [self.records[pk].name or "" for pk in pks]


def _merged(records: Iterable[Record | Problem]) -> Iterator[Record]:
    """Put the records of one code together: of each part, what the latest source says of it.

    Without a valid code nothing can be published, so nobody could find it.
    """
    by_code: dict[str, Record] = {}
    for record in records:
        if isinstance(record, Problem) or not record.code or not VALID_CODE.fullmatch(record.code):
            continue
        by_code[record.code] = _completed(by_code[record.code], record) if record.code in by_code else record
    return (record for record in by_code.values() if record.name)


def _completed(older: Record, newer: Record) -> Record:
    said = {part.name: getattr(newer, part.name) for part in fields(newer)}
    return replace(older, **{name: value for name, value in said.items() if value is not None})


def _document(pk: int, record: Record) -> Document:
    name = record.name or ""
    papers = [paper for item in record.items or [] for paper in (item.name, item.case)]
    body = [record.steps, *papers, record.requirements, record.results, record.executing_agency]
    return document(
        pk,
        names=[record.short_name or short_names.propose(name), name],
        hints=[record.keywords or "", record.synonyms or "", record.field or ""],
        body=[text or "" for text in [*body, record.competent_agency]],
    )
