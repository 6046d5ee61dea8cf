"""Which documents answer a question, and in which order.

Measured with `manage.py search_quality` on the questions of data/tthc (5,516 procedures), one half
for choosing and the other for checking; the other kinds of questions stayed at recall@5 1.00
throughout. Everyday wording, recall@5 and mean reciprocal rank of the two halves:

    title 3, pair 0.6 (chosen)   1.00 .833 | 1.00 .905      any title 2.5-3.5 with pair 0.4-0.8: the same
    pair 1                       1.00 .830 | 1.00 .879
    pair 2                        .93 .789 | 1.00 .851
    body by pairs alone           .96 .799 |  .95 .876
    names alone                   .89 .741 |  .84 .771
"""

from collections.abc import Collection, Iterable, Sequence

import tantivy
from tantivy import Occur, Query

from portal.search_index import FIELDS, SCHEMA, found, pairs

# What a syllable counts by the field in which it stands, and a pair of neighbours against a syllable.
FIELD_WEIGHTS = {"title": 3.0, "hints": 1.0, "body": 1.0}
PAIR_WEIGHT = 0.6

# At 100,000 procedures the long texts cost most of the time, and their common words say least. A
# question is therefore asked by its rarest terms, and only the rarer of these are looked for in the
# body. No recall@5 of the benchmark is lost; a search takes a third of the time.
MOST_TERMS = 50
MOST_BODY_TERMS = 30
ALWAYS_IN_BODY = 8
COMMON_SHARE, COMMON_AT_LEAST = 0.2, 1000

# A list of thousands of half-answers helps nobody: an answer has at least this share of the best
# one's score, or all the words in its names. The right answers of everyday questions have .74 or more.
SCORE_SHARE = 0.5
# Up to so many syllables a search is a name or a few key words, beyond it is a question.
SHORT = 8

# Syllables that help to ask, not to tell what for; they are not marked in the results.
ASKING = frozenset(
    "toi muon can xin lam thu tuc cho va o tai bi duoc dang se thi la co khong nao gi the nhu de tu den cua cac "
    "nhung mot theo voi khi vi ve nay hay hoac ma hoi biet giup bao nhieu lau dau".split()
)


def telling(syllables: Iterable[str]) -> frozenset[str]:
    """Return the syllables that tell what is searched for; all of them where none does."""
    every = frozenset(syllables)
    return every - ASKING or every


def ranked(searcher: tantivy.Searcher, variants: Sequence[Sequence[str]], limit: int) -> list[int]:
    """Return the primary keys of what answers the question in one of its variants, best first."""
    if not any(_is_answerable(searcher, variant) for variant in variants):
        return []
    query = _any_of(searcher, variants)
    hits = found(searcher, query, limit) if query else []
    if not hits:
        return []
    named = _with_all_in_names(searcher, variants, limit)
    least = hits[0][1] * SCORE_SHARE
    return [pk for pk, score in hits if score >= least or pk in named]


def is_known(searcher: tantivy.Searcher, term: str) -> bool:
    return any(searcher.doc_freq(field, term) for field in FIELDS)


def completed(searcher: tantivy.Searcher, syllables: Sequence[str], limit: int) -> list[int]:
    """Return the documents with all syllables in their names, the last one perhaps not yet typed out."""
    *before, last = syllables
    if before:
        prefix = f"{before[-1]}_{last}"
        ends = [term for term, _ in searcher.terms_with_prefix("title", prefix, limit=20)]
    else:
        ends = [term for term, _ in searcher.terms_with_prefix("title", last, limit=60) if "_" not in term][:20]
    if not ends:
        return []
    must = [Query.boolean_query([(Occur.Should, _term("title", end)) for end in ends])]
    must += [_term("title", word) for word in dict.fromkeys(before)]
    clauses = [(Occur.Must, query) for query in must]
    clauses += [(Occur.Should, _term("title", pair)) for pair in pairs(before)]
    return [pk for pk, _ in found(searcher, Query.boolean_query(clauses), limit)]


def _any_of(searcher: tantivy.Searcher, variants: Sequence[Sequence[str]]) -> Query | None:
    weights: dict[str, float] = {}
    for variant in variants:
        weights |= dict.fromkeys(variant, 1.0) | dict.fromkeys(pairs(variant), PAIR_WEIGHT)
    counts = {term: {field: searcher.doc_freq(field, term) for field in FIELDS} for term in weights}
    common = max(COMMON_AT_LEAST, COMMON_SHARE * searcher.num_docs)
    rarest = sorted(
        (term for term in counts if any(counts[term].values())), key=lambda term: max(counts[term].values())
    )
    clauses = []
    for place, term in enumerate(rarest[:MOST_TERMS]):
        fields = [field for field in FIELDS if counts[term][field]]
        if place >= MOST_BODY_TERMS or (place >= ALWAYS_IN_BODY and counts[term]["body"] > common):
            fields = [field for field in fields if field != "body"]
        clauses += [
            (Occur.Should, Query.boost_query(_term(field, term), weights[term] * FIELD_WEIGHTS[field]))
            for field in fields
        ]
    return Query.boolean_query(clauses) if clauses else None


def _is_answerable(searcher: tantivy.Searcher, syllables: Sequence[str]) -> bool:
    """Tell whether some document has enough of the words: half of the pairs, or every syllable in its names.

    Single syllables occur everywhere and mean something else each time, so that any words
    whatever would find something. A long question always has some pairs by chance; there the
    order decides.
    """
    if len(syllables) > SHORT:
        return True
    words = pairs(syllables)
    if not words:
        return any(is_known(searcher, syllable) for syllable in syllables)
    half = (len(words) + 1) // 2
    known = [_in_any_field(pair) for pair in words if is_known(searcher, pair)]
    if len(known) >= half:
        clauses = [(Occur.Should, query) for query in known]
        if found(searcher, Query.boolean_query(clauses, minimum_number_should_match=half), 1):
            return True
    return bool(found(searcher, all_in_names(syllables), 1))


def _with_all_in_names(searcher: tantivy.Searcher, variants: Sequence[Sequence[str]], limit: int) -> Collection[int]:
    short = [variant for variant in variants if 0 < len(variant) <= SHORT]
    return {pk for variant in short for pk, _ in found(searcher, all_in_names(pairs(variant) or variant), limit)}


def all_in_names(terms: Iterable[str]) -> Query:
    """Ask for the documents that have every term in their names or key words."""
    either = [
        Query.boolean_query([(Occur.Should, _term("title", term)), (Occur.Should, _term("hints", term))])
        for term in dict.fromkeys(terms)
    ]
    return Query.boolean_query([(Occur.Must, query) for query in either])


def _in_any_field(term: str) -> Query:
    return Query.boolean_query([(Occur.Should, _term(field, term)) for field in FIELDS])


def title_term(value: str) -> Query:
    return _term("title", value)


def _term(field: str, value: str) -> Query:
    return Query.term_query(SCHEMA, field, value, index_option="freq")
