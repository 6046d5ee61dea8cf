import random
from datetime import date, timedelta

import pytest

from portal.models import SearchChange
from procedures import catalogue
from procedures.models import Fee, Field, Procedure, SubmissionMethod

TODAY = date(2026, 11, 24)
AUDIENCES = {"individual": "for_individuals", "business": "for_businesses", "organisation": "for_organisations"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept():
    catalogue.forget()
    yield
    catalogue.forget()


def make_procedure(number, **values):
    defaults = {"code": f"1.{number:06}", "name": f"Thủ tục {number}", "short_name": f"Tên {number:05}"}
    return Procedure.objects.create(**{"status": "published", **defaults, **values})


def make_random_catalogue(seed, size):
    chance = random.Random(seed)
    fields = [Field.objects.create(name=f"Lĩnh vực {number}") for number in range(3)]
    for number in range(size):
        procedure = make_procedure(
            number,
            field=chance.choice([*fields, None]),
            online_level=chance.choice(["", "full", "partial"]),
            for_individuals=chance.random() < 0.5,
            for_businesses=chance.random() < 0.5,
            in_force_from=chance.choice([None, TODAY - timedelta(days=9), TODAY + timedelta(days=9)]),
            status=chance.choice(["published", "published", "published", "draft"]),
        )
        if chance.random() < 0.5:
            procedure.methods.create(channel="direct", time_limit=chance.choice([1, 7, 30]), time_unit="working_day")


@pytest.mark.parametrize("seed", range(5))
def test_every_selection_and_count_agrees_with_the_rows(seed):
    make_random_catalogue(seed, 60)
    kept = catalogue.current(TODAY)

    for slug in [None, *Field.objects.values_list("slug", flat=True)]:
        for audience in [None, *AUDIENCES]:
            for online in [None, "full", "unknown"]:
                choices = {k: v for k, v in [("field", slug), ("audience", audience), ("online", online)] if v}
                rows = Procedure.objects.in_force(TODAY).order_by("sort_key", "pk")
                if slug:
                    rows = rows.filter(field__slug=slug)
                if audience:
                    rows = rows.filter(**{AUDIENCES[audience]: True})
                if online:
                    rows = rows.filter(online_level="" if online == "unknown" else online)

                bits = kept.select(choices)

                assert kept.page(bits, 1, size=100) == list(rows.values_list("pk", flat=True))
                for value, count in kept.counts("online", choices).items():
                    assert count == kept.count(kept.select({**choices, "online": value}))


def test_pages_follow_each_other_without_gap_or_repeat():
    for number in range(45):
        make_procedure(number)
    kept = catalogue.current(TODAY)

    pages = [kept.page(kept.select({}), number) for number in (1, 2, 3, 4)]

    assert [len(page) for page in pages] == [20, 20, 5, 0]
    assert [pk for page in pages for pk in page] == list(Procedure.objects.values_list("pk", flat=True))


def test_deep_pages_of_a_catalogue_wider_than_a_chunk(monkeypatch):
    monkeypatch.setattr(catalogue, "CHUNK", 7)
    for number in range(45):
        make_procedure(number)
    kept = catalogue.current(TODAY)
    every_other = kept.bits(kept.pks[::2])

    assert kept.page(every_other, 2, size=10) == kept.pks[::2][10:20]
    assert kept.page(every_other, 3, size=10) == kept.pks[::2][20:]


def test_free_unknown_and_an_amount_are_three_choices():
    free, costly, silent, lapsed = (make_procedure(number) for number in range(4))
    Fee.objects.create(procedure=free, state="free")
    Fee.objects.create(procedure=costly, state="free", note="Hộ nghèo")
    Fee.objects.create(procedure=costly, state="amount", amount=100_000)
    Fee.objects.create(procedure=lapsed, state="amount", amount=5, valid_to=TODAY - timedelta(days=1))
    kept = catalogue.current(TODAY)

    assert kept.page(kept.select({"fee": "free"}), 1) == [free.pk]
    assert kept.page(kept.select({"fee": "amount"}), 1) == [costly.pk]
    assert kept.page(kept.select({"fee": "unknown"}), 1) == [silent.pk, lapsed.pk]


def test_the_longest_limit_counts_and_each_limit_includes_the_shorter_ones():
    procedure = make_procedure(1)
    SubmissionMethod.objects.create(procedure=procedure, channel="online", time_limit=3, time_unit="working_day")
    SubmissionMethod.objects.create(procedure=procedure, channel="direct", time_limit=7, time_unit="day")
    make_procedure(2)
    kept = catalogue.current(TODAY)

    assert kept.counts("time", {}) == {"5": 1, "10": 1, "20": 1, "unknown": 1}


def test_repealed_and_coming_procedures_are_listed_only_when_asked_for():
    current = make_procedure(1, in_force_to=TODAY)
    ended = make_procedure(2, in_force_to=TODAY - timedelta(days=1))
    coming = make_procedure(3, in_force_from=TODAY + timedelta(days=1))
    kept = catalogue.current(TODAY)

    assert kept.page(kept.select({}), 1) == [current.pk]
    assert kept.page(kept.select({"state": "ended"}), 1) == [ended.pk]
    assert kept.page(kept.select({"state": "upcoming"}), 1) == [coming.pk]
    assert kept.counts("state", {}) == {"in_force": 1, "ended": 1, "upcoming": 1}


def test_an_unknown_choice_leaves_nothing():
    make_procedure(1)

    assert catalogue.current(TODAY).select({"field": "khong-co"}) == 0


def test_it_is_built_once_until_a_change_or_another_day(django_assert_num_queries):
    make_procedure(1)
    catalogue.current(TODAY)

    with django_assert_num_queries(1):
        catalogue.current(TODAY)

    make_procedure(2)
    SearchChange.record("procedure", 2)
    assert catalogue.current(TODAY).in_force_count == 2
    assert catalogue.current(TODAY + timedelta(days=1)).on == TODAY + timedelta(days=1)
