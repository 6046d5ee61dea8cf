"""What was written down stays: the history's rows and the register's entries, kept by the database itself.

The triggers are made after each `migrate`, because SQLite loses a table's triggers when Django alters the table.
"""

from typing import Any

from django.apps.registry import Apps
from django.db import connections

# Rows that are only added.
ONLY_ADDED = ("feedback_event", "feedback_accessrecord", "feedback_tombstone")
_REGISTER = "feedback_submission"
REFUSAL = "append-only"


def install(using: str) -> None:
    """Make the triggers that are missing; may run again and again."""
    connection = connections[using]
    statements = _postgresql() if connection.vendor == "postgresql" else _sqlite()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def remove(using: str) -> None:
    """Take the triggers away; for tests that empty whole tables on SQLite, and for nothing else."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for table in (*ONLY_ADDED, _REGISTER):
            for kind in ("update", "delete"):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{kind}{on}")


def install_after_migrate(using: str, apps: Apps, **kwargs: Any) -> None:
    """Receiver of post_migrate."""
    try:
        apps.get_model("feedback", "Tombstone")
    except LookupError:  # Migrated back to before the tables.
        return
    install(using)


# What of a register entry never changes once it is there (NĐ 20/2008 Đ9.1).
_KEPT = ("register_year", "register_number")


def _sqlite() -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    statements = [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{kind} BEFORE {kind.upper()} ON {table} {refuse}"
        for table in ONLY_ADDED
        for kind in ("update", "delete")
    ]
    changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in _KEPT)
    return [
        *statements,
        f"CREATE TRIGGER IF NOT EXISTS {_REGISTER}_no_update BEFORE UPDATE ON {_REGISTER} "
        f"WHEN OLD.register_number IS NOT NULL AND ({changed}) {refuse}",
        f"CREATE TRIGGER IF NOT EXISTS {_REGISTER}_no_delete BEFORE DELETE ON {_REGISTER} "
        f"WHEN OLD.register_number IS NOT NULL {refuse}",
    ]


def _postgresql() -> list[str]:
    function = (
        "CREATE OR REPLACE FUNCTION feedback_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )

    def trigger(table: str, kind: str, condition: str = "") -> str:
        when = f" WHEN ({condition})" if condition else ""
        return (
            f"CREATE OR REPLACE TRIGGER {table}_no_{kind} BEFORE {kind.upper()} ON {table} "
            f"FOR EACH ROW{when} EXECUTE FUNCTION feedback_refuse()"
        )

    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in _KEPT)
    return [
        function,
        *(trigger(table, kind) for table in ONLY_ADDED for kind in ("update", "delete")),
        trigger(_REGISTER, "update", f"OLD.register_number IS NOT NULL AND ({changed})"),
        trigger(_REGISTER, "delete", "OLD.register_number IS NOT NULL"),
    ]
