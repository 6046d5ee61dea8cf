"""A catalogue and a column of any size for measuring: what the demonstration has, varied word by word."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction
from tqdm import tqdm

from news.models import Article
from news.search import KIND
from portal.models import SearchChange
from portal.text import fold
from procedures.models import DossierItem, Fee, Procedure, SubmissionMethod

CHUNK = 1000
CHILDREN = (SubmissionMethod, Fee, DossierItem)


def fill(size: int) -> None:
    """Add published copies of the procedures that are there until there are `size` of them."""
    published = Procedure.objects.published()
    models = list(published.exclude(code__startswith="9.").prefetch_related("methods", "fees", "items"))
    there = published.count()
    words = sorted({word for model in models for word in model.name.split() if word.isalpha()})
    chance = random.Random(size)
    with tqdm(total=size - there, desc=f"{size:,} thủ tục", unit="thủ tục") as bar:
        numbers = iter(range(there, size))
        while chunk := list(islice(numbers, CHUNK)):
            with transaction.atomic():
                _add(models, words, chunk, chance)
            bar.update(len(chunk))
    SearchChange.record("procedure", models[0].pk)


def _add(models: list[Procedure], words: list[str], numbers: list[int], chance: random.Random) -> None:
    sources = [chance.choice(models) for _ in numbers]
    copies = Procedure.objects.bulk_create(
        _copy(source, number, words, chance) for source, number in zip(sources, numbers, strict=True)
    )
    for model in CHILDREN:
        model._default_manager.bulk_create(_children(model, sources, copies))


def _copy(source: Procedure, number: int, words: list[str], chance: random.Random) -> Procedure:
    copy = Procedure.objects.model(
        **{
            field.attname: getattr(source, field.attname)
            for field in Procedure._meta.concrete_fields
            if not field.primary_key
        }
    )
    copy.code = f"9.{number:06}"
    changed = " ".join(chance.sample(words, 3))
    copy.short_name = f"{' '.join(source.short_name.split()[:8])} {changed}"[:80]
    copy.name = f"{source.name} {changed}"
    copy.folded = fold(f"{copy.code}\n{copy.short_name}\n{copy.name}")
    copy.sort_key = fold(copy.short_name)[:120]
    return copy


def _children(model: type, sources: list[Procedure], copies: list[Procedure]) -> Iterator:
    accessor = model._meta.get_field("procedure").remote_field.related_name
    for source, copy in zip(sources, copies, strict=True):
        for child in getattr(source, accessor).all():
            values = {
                field.attname: getattr(child, field.attname)
                for field in model._meta.concrete_fields
                if not field.primary_key
            }
            yield model(**{**values, "procedure_id": copy.pk, **({"case_id": None} if "case_id" in values else {})})


def fill_articles(size: int) -> None:
    """Add published copies of the articles that are there, each a few hours older, until there are `size` of them."""
    models = list(Article.objects.filter(status=Article.Status.PUBLISHED).exclude(slug__startswith="ban-"))
    oldest = Article.objects.filter(status=Article.Status.PUBLISHED).earliest("publish_at").publish_at
    there = Article.objects.count()
    for start in range(there, size, CHUNK):
        numbers = range(start, min(start + CHUNK, size))
        Article.objects.bulk_create(
            _article(models, number, oldest - timedelta(hours=3) * number) for number in numbers
        )
    SearchChange.record(KIND, models[0].pk)


def _article(models: list[Article], number: int, publish_at: datetime) -> Article:
    source = models[number % len(models)]
    values = {
        field.attname: getattr(source, field.attname)
        for field in Article._meta.concrete_fields
        if not field.primary_key
    }
    changed = {"title": f"{source.title} {number}", "slug": f"ban-{number}", "featured": False}
    return Article(**{**values, **changed, "year": publish_at.year, "publish_at": publish_at})
