"""Keep what a source says of a procedure beside the procedure."""

from datetime import datetime

from procedures.importing.records import PARTS, Record, from_plain, laid_over, to_plain
from procedures.models import Procedure, SourceRecord

# Files of our own; every other format is one in which the national database or its portal gives a record.
_NOT_NATIONAL = {"template", "demonstration"}


def origin(record: Record) -> SourceRecord.Origin:
    return SourceRecord.Origin.OTHER if record.source in _NOT_NATIONAL else SourceRecord.Origin.NATIONAL


def is_kept(procedure: Procedure, record: Record) -> bool:
    return SourceRecord.objects.filter(procedure=procedure, origin=origin(record)).exists()


def beside(procedure: Procedure, record: Record, *, is_new: bool = False) -> tuple[SourceRecord, Record]:
    """Return the row that is kept of the record's origin, not stored yet, and the whole that it will say.

    A source that speaks of some parts only, as a list does, leaves what was said of the others.
    """
    found = None if is_new else SourceRecord.objects.filter(procedure=procedure, origin=origin(record)).first()
    if found is None:
        return SourceRecord(procedure=procedure, origin=origin(record)), record
    return found, laid_over(from_plain(found.content), record)


def newly_said(kept: SourceRecord, record: Record) -> set[str]:
    """Return the parts of which the record says other things than what is kept."""
    if not kept.content:
        return set(PARTS)
    before = from_plain(kept.content)
    return {part for part in PARTS if getattr(before, part) != getattr(record, part)}


def store(kept: SourceRecord, record: Record, mark: str, *, at: datetime) -> None:
    kept.content, kept.mark, kept.taken_at = to_plain(record), mark, at
    kept.save()
