"""Rows that the database itself keeps from being changed or deleted.

The triggers are made after each `migrate`, because SQLite loses a table's triggers when Django alters the table.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import connections

REFUSAL = "append-only"


class Kept(NamedTuple):
    """What may not be done to a table: all, or where a condition holds of the row as it stands ("OLD").

    `changed` names columns of which a change is what is refused; without it any change is.
    """

    table: str
    kinds: tuple[str, ...] = ("update", "delete")
    where: str = ""
    changed: tuple[str, ...] = ()


def install(using: str, kept: Iterable[Kept]) -> None:
    """Make the triggers that are missing; may run again and again."""
    connection = connections[using]
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if postgresql:
            cursor.execute(_FUNCTION)
        for one in kept:
            for kind in one.kinds:
                cursor.execute(_postgresql(one, kind) if postgresql else _sqlite(one, kind))


def remove(using: str, kept: Iterable[Kept]) -> None:
    """Take the triggers away; for tests that empty whole tables on SQLite, and for nothing else."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for one in kept:
            for kind in one.kinds:
                on = f" ON {one.table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {one.table}_no_{kind}{on}")


_FUNCTION = (
    "CREATE OR REPLACE FUNCTION portal_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
)


def _condition(one: Kept, kind: str, differs: str) -> str:
    parts = [one.where] if one.where else []
    if one.changed and kind == "update":
        parts.append("(" + " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in one.changed) + ")")
    return " AND ".join(parts)


def _sqlite(one: Kept, kind: str) -> str:
    condition = _condition(one, kind, "IS NOT")
    when = f" WHEN {condition}" if condition else ""
    return (
        f"CREATE TRIGGER IF NOT EXISTS {one.table}_no_{kind} BEFORE {kind.upper()} ON {one.table}{when} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )


def _postgresql(one: Kept, kind: str) -> str:
    condition = _condition(one, kind, "IS DISTINCT FROM")
    when = f" WHEN ({condition})" if condition else ""
    return (
        f"CREATE OR REPLACE TRIGGER {one.table}_no_{kind} BEFORE {kind.upper()} ON {one.table} "
        f"FOR EACH ROW{when} EXECUTE FUNCTION portal_refuse()"
    )
