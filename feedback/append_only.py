"""What was written down stays: the history's rows and the register's entries, kept by the database itself."""

from typing import Any

from django.apps.registry import Apps

from portal import append_only
from portal.append_only import Kept

REFUSAL = append_only.REFUSAL
# Rows that are only added.
ONLY_ADDED = ("feedback_event", "feedback_accessrecord", "feedback_tombstone")
# What of a register entry never changes once it is there (NĐ 20/2008 Đ9.1).
_REGISTER = Kept(
    "feedback_submission", where="OLD.register_number IS NOT NULL", changed=("register_year", "register_number")
)
KEPT = [*(Kept(table) for table in ONLY_ADDED), _REGISTER]


def install(using: str) -> None:
    """Make the triggers that are missing; may run again and again."""
    append_only.install(using, KEPT)


def remove(using: str) -> None:
    """Take the triggers away; for tests that empty whole tables on SQLite, and for nothing else."""
    append_only.remove(using, KEPT)


def install_after_migrate(using: str, apps: Apps, **kwargs: Any) -> None:
    """Receiver of post_migrate."""
    try:
        apps.get_model("feedback", "Tombstone")
    except LookupError:  # Migrated back to before the tables.
        return
    install(using)
