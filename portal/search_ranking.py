"""Which documents answer a question, best first."""

from collections.abc import Sequence

import tantivy
from tantivy import Occur, Query

from portal.search_index import SCHEMA, found, pairs

# How much a syllable counts in each field, and a pair of neighbours (a word) against a syllable.
FIELD_WEIGHTS = {"title": 3.0, "hints": 1.0, "body": 1.0}
PAIR_WEIGHT = 2.0


def ranked(searcher: tantivy.Searcher, variants: Sequence[Sequence[str]], limit: int) -> list[int]:
    """Return the primary keys that answer one of the ways in which the question can be put."""
    queries = [query for variant in variants if (query := _query(searcher, variant))]
    if not queries:
        return []
    query = queries[0] if len(queries) == 1 else Query.disjunction_max_query(queries)
    return [pk for pk, _ in found(searcher, query, limit)]


def _query(searcher: tantivy.Searcher, syllables: Sequence[str]) -> Query | None:
    weights = dict.fromkeys(syllables, 1.0) | dict.fromkeys(pairs(syllables), PAIR_WEIGHT)
    clauses = [
        (Occur.Should, Query.boost_query(Query.term_query(SCHEMA, field, term, "freq"), weight * field_weight))
        for term, weight in weights.items()
        for field, field_weight in FIELD_WEIGHTS.items()
        if searcher.doc_freq(field, term)
    ]
    return Query.boolean_query(clauses) if clauses else None
