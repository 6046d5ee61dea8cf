"""What was handed in, frozen and sent stays as it was, kept by the database itself."""

from typing import Any

from django.apps.registry import Apps

from portal import append_only
from portal.append_only import Kept

KEPT = [
    Kept("reports_returnevent"),
    Kept("reports_compiledfigure", kinds=("update",)),
    Kept("reports_sentfile"),
    Kept("reports_senttext"),
    Kept("reports_report", where="OLD.status = 'sent'"),
]


def install(using: str) -> None:
    """Make the triggers that are missing; may run again and again."""
    append_only.install(using, KEPT)


def install_after_migrate(using: str, apps: Apps, **kwargs: Any) -> None:
    """Receiver of post_migrate."""
    try:
        apps.get_model("reports", "SentText")
    except LookupError:  # Migrated back to before the tables.
        return
    install(using)
