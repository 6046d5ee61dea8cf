"""Personal data is encrypted anew with the newest of PERSONAL_DATA_KEYS, so that an older key can be thrown away."""

from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.db import models, transaction
from django.db.models.functions import Cast

from feedback.fields import PersonalField, Undecipherable

BATCH = 200


@dataclass
class Rekeyed:
    """How many rows were looked at, written anew, and cannot be opened with any key."""

    rows: int = 0
    written: int = 0
    unreadable: int = 0


def models_with_personal_data() -> dict[type[models.Model], list[PersonalField]]:
    found = {
        model: [field for field in model._meta.concrete_fields if isinstance(field, PersonalField)]
        for model in apps.get_app_config("feedback").get_models()
    }
    return {model: fields for model, fields in found.items() if fields}


def row_count() -> int:
    return sum(model._default_manager.count() for model in models_with_personal_data())


def rekey(done: Rekeyed, *, batch: int = BATCH) -> Iterator[int]:
    """Write anew what an older key has closed, and yield the number of rows of each batch.

    May be stopped and begun again: what is done already is only looked at. Each batch is a transaction.
    """
    for model, fields in models_with_personal_data().items():
        last = 0
        while keys := _next(model, last, batch):
            _rekey_rows(model, fields, keys, done)
            last = keys[-1]
            yield len(keys)


def _next(model: type[models.Model], last: int, batch: int) -> list[int]:
    return list(model._default_manager.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:batch])


@transaction.atomic
def _rekey_rows(model: type[models.Model], fields: list[PersonalField], keys: list[int], done: Rekeyed) -> None:
    rows = model._default_manager.filter(pk__in=keys)
    # Nobody writes a row between its reading and its writing.
    list(rows.select_for_update().values_list("pk", flat=True))
    as_stored = {f"stored_{field.name}": Cast(field.name, models.TextField()) for field in fields}
    for row in rows.annotate(**as_stored).values("pk", *as_stored):
        done.rows += 1
        new, unreadable = _opened(row, fields)
        done.unreadable += unreadable
        if new:
            model._default_manager.filter(pk=row["pk"]).update(**new)
            done.written += 1


def _opened(row: dict, fields: list[PersonalField]) -> tuple[dict[str, str], bool]:
    """Return the texts that an older key has closed, and whether one cannot be opened."""
    new, unreadable = {}, False
    for field in fields:
        stored = row[f"stored_{field.name}"]
        if not stored or _is_newest(field, stored):
            continue
        try:
            new[field.name] = field.from_db_value(stored, None, None)
        except Undecipherable:
            unreadable = True
    return new, unreadable


def _is_newest(field: PersonalField, stored: str) -> bool:
    try:
        Fernet(field.keys[0]).decrypt(stored.encode())
    except InvalidToken:
        return False
    return True
