import json

import pytest

from portal import search as portal_search
from procedures.search_quality import Corpus, Figures, measure, questions

# What is found depends on the index; the database holds the synonyms, which both give in the same order.
pytestmark = pytest.mark.any_database


def test_figures_by_the_place_of_the_right_answer():
    figures = Figures([0, 3, None, 9])

    assert figures.recall(1) == 0.25
    assert figures.recall(5) == 0.5
    assert figures.recall(10) == 0.75
    assert figures.mean_reciprocal_rank() == pytest.approx((1 + 1 / 4 + 1 / 10) / 4)


@pytest.fixture(scope="module")
def corpus(tthc_data, tmp_path_factory):
    """All the real procedures, in an index of their own."""
    return Corpus([tthc_data], tmp_path_factory.mktemp("index"))


@pytest.mark.django_db
def test_real_questions_are_answered(corpus, tthc_data):
    asked = list(questions(tthc_data / "queries" / "benchmark.jsonl"))

    figures = measure(asked, corpus.answer)

    for pair in figures["team_written"]:
        assert pair.recall(5) >= 0.95
        assert pair.mean_reciprocal_rank() >= 0.86
    for kind in ("portal_faq", "templated", "team_written_code_in_query"):
        assert [side.recall(5) for side in figures[kind]] == [1, 1]


@pytest.mark.django_db
def test_any_real_question_gets_an_answer(corpus, tthc_data):
    lines = (tthc_data / "queries" / "unmapped-portal-faq.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [json.loads(line)["question"] for line in lines]

    unanswered = [text for text in asked if not corpus.answer(text)]

    assert len(asked) == 301
    assert not unanswered


@pytest.mark.django_db
def test_an_x_ray_licence_is_found_without_marks(corpus):
    found = portal_search.find_with(corpus._searcher, "cap giay phep su dung x quang", corpus._titles, limit=3).pks

    assert all("X-quang" in (corpus.records[pk].name or "") for pk in found)
