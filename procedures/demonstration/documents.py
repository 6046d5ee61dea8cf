"""The documents that the department's 2024 plan names, as far as they are known today, and what became of them.

What could not be read in the act itself is said in the note of its document.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from procedures.models import DocumentRelation, LegalDocument

FILE = Path(__file__).parent / "library" / "documents.json"
DATES = {"issued_on", "valid_from", "valid_to", "checked_on"}


@transaction.atomic
def load() -> int:
    """Add the documents and relations that are missing; return how many documents are new.

    Of a document that is there, an import's or the staff's, nothing is changed.
    """
    content = json.loads(FILE.read_text(encoding="utf-8"))
    by_number: dict[str, LegalDocument] = {}
    added = 0
    for values in content["documents"]:
        columns = {name: _value(name, value) for name, value in values.items() if name != "files"}
        document, new = LegalDocument.objects.get_or_create(number=columns.pop("number"), defaults=columns)
        by_number[document.number] = document
        if new:
            added += 1
            for order, file in enumerate(values.get("files", [])):
                document.files.create(**file, order=order)
    if added:
        for row in content["relations"]:
            ends = {end: by_number[row[end]] for end in ("document", "target")}
            DocumentRelation.objects.get_or_create(**ends, kind=row["kind"], defaults={"note": row.get("note", "")})
    return added


def _value(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name in DATES else value
