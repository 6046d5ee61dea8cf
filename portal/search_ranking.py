"""Which documents answer a question, and in which order.

The figures are those of `manage.py search_quality` over the 5,450 procedures of data/tthc: everyday
wording, recall@5 and mean reciprocal rank, first for the half of the questions that was used for
choosing, then for the other half.

    as it is                  1.00 .859 | 1.00 .908
    title 2.5                 1.00 .855 | 1.00 .882
    title 3.5                  .96 .852 | 1.00 .908
    pair 2                     .93 .832 | 1.00 .886
    no pairs                   .96 .741 |  .95 .868    and names in questions are found less well
    hints as body              .96 .851 | 1.00 .908
    no body                    .93 .799 | 1.00 .895
    no synonyms                .93 .810 |  .89 .816

The other kinds of questions stay at recall@5 1.00 in all of these but "no pairs" (.99).
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

import tantivy
from tantivy import Occur, Query

from portal.search_index import FIELDS, SCHEMA, found, matching, pairs, words

# What a syllable counts by the field in which it stands, and a pair of neighbours against a syllable.
FIELD_WEIGHTS = {"title": 3.0, "hints": 2.0, "body": 1.0}
PAIR_WEIGHT = 0.6
# What a word that only a synonym brought counts against one that was typed.
SYNONYM_WEIGHT = 0.8

# At 100,000 procedures the long texts cost most of the time, and their common words say least. A
# question is therefore asked by its rarest terms, and only the rarer of these are looked for in the
# body. No recall@5 of the benchmark is lost; 19 of 20 searches take less than 9 ms instead of 19.
MOST_TERMS = 40
MOST_BODY_TERMS = 24
ALWAYS_IN_BODY = 8
COMMON_SHARE, COMMON_AT_LEAST = 0.2, 1000

# A list of thousands of half-answers helps nobody: an answer has at least this share of the best
# one's score, or all the words in its names. The figures above are the same without this rule.
SCORE_SHARE = 0.5
# Up to so many syllables a search is a name or a few key words, beyond it is a question.
SHORT = 8

# Syllables that help to ask, not to tell what for; they are not marked in the results. Without marks
# many of that sort look like a word that tells ("cần" and "căn", "mà" and "mã"), so the list is short.
ASKING = frozenset(words("tôi muốn xin tục cho và là gì nào như của các những với theo khi hoặc biết giúp nhiêu"))


def telling(syllables: Sequence[str]) -> frozenset[str]:
    """Return the syllables that tell what is searched for; all of them where none does."""
    asking = ASKING | ({"thu"} if "thu_tuc" in pairs(syllables) else set())
    return frozenset(syllables) - asking or frozenset(syllables)


def units(syllables: Sequence[str]) -> list[str]:
    """Return the pairs that tell what is searched for; of a single syllable, itself."""
    told = telling(syllables)
    every = list(pairwise(syllables))
    best = [pair for pair in every if {*pair} <= told] or [pair for pair in every if {*pair} & told]
    return [f"{first}_{second}" for first, second in best] or list(syllables)


def ranked(searcher: tantivy.Searcher, variants: Sequence[Sequence[str]], limit: int) -> list[int]:
    """Return the primary keys of what answers the question in one of its variants, best first."""
    scoring = _scoring(searcher, variants)
    if not scoring:
        return []
    clauses = [(Occur.Should, query) for query in scoring]
    if all(len(variant) <= SHORT for variant in variants) and not _fills_a_list(searcher, variants[0]):
        enough = [query for variant in variants for query in _enough(searcher, variant)]
        if not enough:
            return []
        either = Query.boolean_query([(Occur.Should, query) for query in enough])
        clauses.append((Occur.Must, Query.const_score_query(either, 0.0)))
    hits = found(searcher, Query.boolean_query(clauses), limit)
    if not hits:
        return []
    least = hits[0][1] * SCORE_SHARE
    if hits[-1][1] >= least:
        return [pk for pk, _ in hits]
    named = _with_all_in_names(searcher, variants, limit)
    return [pk for pk, score in hits if score >= least or pk in named]


def is_known(searcher: tantivy.Searcher, term: str) -> bool:
    return any(searcher.doc_freq(field, term) for field in FIELDS)


def completed(searcher: tantivy.Searcher, syllables: Sequence[str], limit: int) -> list[int]:
    """Return the documents with all syllables in their names, the last one perhaps not yet typed out."""
    *before, last = syllables
    ends: list[str] = []
    if before:
        # The word right after the one before, or this very word anywhere.
        ends = [term for term, _ in searcher.terms_with_prefix("title", f"{before[-1]}_{last}", limit=20)]
        ends += [last] if searcher.doc_freq("title", last) else []
    if not ends:
        ends = [term for term, _ in searcher.terms_with_prefix("title", last, limit=60) if "_" not in term][:20]
    if not ends:
        return []
    must = [Query.boolean_query([(Occur.Should, _term("title", end)) for end in ends])]
    must += [_term("title", word) for word in dict.fromkeys(before)]
    clauses = [(Occur.Must, query) for query in must]
    clauses += [(Occur.Should, _term("title", pair)) for pair in pairs(before)]
    return [pk for pk, _ in found(searcher, Query.boolean_query(clauses), limit)]


def _scoring(searcher: tantivy.Searcher, variants: Sequence[Sequence[str]]) -> list[Query]:
    """Return what gives a document its score: the rarer terms, by weight and field."""
    weights: dict[str, float] = {}
    for place, variant in enumerate(variants):
        share = SYNONYM_WEIGHT if place else 1.0
        for term in variant:
            weights.setdefault(term, share)
        for term in pairs(variant):
            weights.setdefault(term, share * PAIR_WEIGHT)
    counts = {term: {field: searcher.doc_freq(field, term) for field in FIELDS} for term in weights}
    common = max(COMMON_AT_LEAST, COMMON_SHARE * searcher.num_docs)
    rarest = sorted(
        (term for term in counts if any(counts[term].values())), key=lambda term: max(counts[term].values())
    )
    queries = []
    for place, term in enumerate(rarest[:MOST_TERMS]):
        fields = [field for field in FIELDS if counts[term][field]]
        if place >= MOST_BODY_TERMS or (place >= ALWAYS_IN_BODY and counts[term]["body"] > common):
            fields = [field for field in fields if field != "body"]
        queries += [Query.boost_query(_term(field, term), weights[term] * FIELD_WEIGHTS[field]) for field in fields]
    return queries


def _fills_a_list(searcher: tantivy.Searcher, syllables: Sequence[str]) -> bool:
    """Tell whether so many titles have each of the pairs that those without one come too late to be shown."""
    return all(searcher.doc_freq("title", term) > COMMON_AT_LEAST for term in units(syllables))


def _enough(searcher: tantivy.Searcher, syllables: Sequence[str]) -> list[Query]:
    """Return what a document must have of a few words: half of the pairs, or every syllable in its title.

    Single syllables occur everywhere and mean something else each time, so that any words
    whatever would find something. A long question has some pairs everywhere; there the order decides.
    """
    counts = {term: max(searcher.doc_freq(field, term) for field in FIELDS) for term in units(syllables)}
    # The rare ones say what is meant, and the long lists of the common ones need not be read.
    asked = [term for term, count in counts.items() if count <= COMMON_AT_LEAST] or list(counts)
    half = max(1, len(asked) // 2)
    known = [(Occur.Should, _in_any_field(term)) for term in asked if counts[term]]
    enough = [Query.boolean_query(known, minimum_number_should_match=half)] if len(known) >= half else []
    if syllables and all(searcher.doc_freq("title", syllable) for syllable in syllables):
        enough.append(
            Query.boolean_query([(Occur.Must, title_term(syllable)) for syllable in dict.fromkeys(syllables)])
        )
    return enough


def _with_all_in_names(searcher: tantivy.Searcher, variants: Sequence[Sequence[str]], limit: int) -> Collection[int]:
    queries = [(Occur.Should, all_in_names(units(variant))) for variant in variants if 0 < len(variant) <= SHORT]
    return set(matching(searcher, Query.boolean_query(queries), limit)) if queries else set()


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
