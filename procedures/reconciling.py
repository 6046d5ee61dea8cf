"""Where a public procedure and a source say different things: show it, take theirs, or keep ours.

What is public must agree with the national database (NĐ 63/2010 Đ26.2); which of the two is right
is for the office to say, part by part. To take theirs corrects the text that is public at once; a
change that takes effect on a day comes with its decision instead (`procedures.deciding`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction

from portal.models import User
from procedures import history, publishing, wording
from procedures.importing import applying
from procedures.importing.records import from_plain, only
from procedures.models import Procedure, SourceRecord

ARTICLE = "khoản 2 Điều 26 Nghị định 63/2010/NĐ-CP"


@dataclass(frozen=True)
class Difference:
    """One part of the record that the portal and the source tell differently."""

    part: str  # of the record, e.g. "steps"
    label: str
    changes: list[history.Change]  # from ours to theirs, one a column
    kept: bool  # ours is kept for a reason


def differences(kept: SourceRecord) -> list[Difference]:
    """Return what differs now, in the order of the record; nothing is stored."""
    found = applying.changes(kept.procedure, from_plain(kept.content))
    return [
        Difference(
            part,
            wording.capital(applying.part_label(part)),
            [
                history.Change(wording.capital(change.label), history.passages(change.old, change.new))
                for change in found
                if change.part == part
            ],
            part in kept.kept_parts,
        )
        for part in applying.parts_of(found)
    ]


def state_number(kept: SourceRecord) -> str:
    """Return a text that is another one after each change of either side."""
    return f"{kept.mark}-{history.latest_number(kept.procedure_id)}"


def compare_again(pks: Iterable[int]) -> None:
    """Judge anew what the sources say of these procedures, after somebody has saved them."""
    for kept in SourceRecord.objects.of_published().filter(procedure__in=pks).select_related("procedure"):
        before = kept.state, kept.differing, kept.kept_parts
        kept.judge(applying.parts_of(applying.changes(kept.procedure, from_plain(kept.content))))
        if (kept.state, kept.differing, kept.kept_parts) != before:
            kept.save(update_fields=["state", "differing", "kept_parts"])


def take(kept: SourceRecord, parts: Iterable[str], *, seen: str, by: User, at: datetime) -> list[str]:
    """Let the procedure say what the source says in these parts; return the labels of those that changed.

    `seen` is the state number of what was read. Raises Conflict where that has changed since,
    NotPublishable where a required part would be lost (NĐ 63/2010 Đ8.2), and Refused where the
    parts cannot stand beside the others.
    """
    with transaction.atomic():
        current = _locked(kept, seen)
        wanted = set(parts) & set(current.differing)
        record = only(from_plain(current.content), wanted)
        if wanted != set(current.differing):
            record.synced_at = None  # that is for the whole
        outcome = applying.take_over(current.procedure, record, by=by, at=at)
        changed = [wording.capital(applying.part_label(part)) for part in applying.parts_of(outcome.changes)]
        procedure = Procedure.objects.get(pk=current.procedure_id)
        if missing := publishing.blockers(procedure):
            raise publishing.NotPublishable(missing)
        if changed:
            _log(by, procedure, f"Lấy nội dung của {current.get_origin_display()}: {', '.join(changed)}.")
    return changed


def keep_ours(kept: SourceRecord, *, reason: str, seen: str, by: User, at: datetime) -> None:
    """Answer all that differs now: ours stays, until the source tells one of these parts anew."""
    with transaction.atomic():
        current = _locked(kept, seen)
        if not current.differing:
            raise publishing.Conflict
        current.kept_parts = current.differing
        current.kept_reason, current.kept_by, current.kept_at = reason, by, at
        current.judge(current.differing)
        current.save()
        _log(by, current.procedure, f"Giữ bản của Sở, khác {current.get_origin_display()}: {reason}")


def _locked(kept: SourceRecord, seen: str) -> SourceRecord:
    """Return the row as it is now, kept from others until the transaction ends."""
    procedure = Procedure.objects.select_for_update().filter(pk=kept.procedure_id).first()
    current = SourceRecord.objects.filter(pk=kept.pk).first()
    if procedure is None or current is None or not procedure.is_published or state_number(current) != seen:
        raise publishing.Conflict
    current.procedure = procedure
    return current


def _log(by: User, procedure: Procedure, what: str) -> None:
    LogEntry.objects.log_actions(by.pk, [procedure], CHANGE, what, single_object=True)
