"""From a unit's proposal to what the public reads: the steps of a decision (NĐ 63/2010 Đ13-15).

Nothing else sets `Decision.status`. Publishing applies all changes of a decision or none, one
publication at a time. What takes effect on a later day is announced at once and applied on its day
by the worker or, where none runs, by the first request of the day.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

import reversion
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import DatabaseError, transaction
from django.utils import timezone
from reversion.models import Version

from portal.models import SearchState, User
from portal.templatetags.vietnamese import viet_date
from procedures import history, publishing, versions
from procedures.models import Decision, LegalDocument, Procedure, ProcedureChange, ProcedureVersion
from procedures.publishing import Conflict
from procedures.signals import change_published

__all__ = [
    "Conflict",
    "NotAllowed",
    "NotPublishable",
    "Problem",
    "add_content",
    "announce",
    "correct",
    "ensure_current",
    "follow",
    "may_edit",
    "prepare_draft",
    "problems",
    "propose",
    "publish",
    "return_",
    "take_effect",
]

log = logging.getLogger(__name__)

Kind = ProcedureChange.Kind
Status = Decision.Status
# These end the procedure; the others change it, tell of something beside it, or begin it.
ENDING = {Kind.REPLACED, Kind.REPEALED}
# These say something new, so the office is reminded of a page that does not say it yet.
WITH_CONTENT = {Kind.AMENDED, Kind.FEE}

# From which states a step leads, and to which.
PROPOSING = ({Status.DRAFT, Status.RETURNED}, Status.PROPOSED)
RETURNING = ({Status.PROPOSED}, Status.RETURNED)
PUBLISHING = ({Status.DRAFT, Status.PROPOSED, Status.RETURNED}, Status.PUBLISHED)
OPEN = {Status.DRAFT, Status.RETURNED}


@dataclass(frozen=True)
class Problem:
    """Something to mend before a decision can be published or corrected."""

    sentence: str  # what to do, in Vietnamese
    change: ProcedureChange | None = None

    def __str__(self) -> str:
        return f"{self.change.procedure.title}: {self.sentence}" if self.change else self.sentence


class NotPublishable(Exception):
    """The decision cannot be published as it is; nothing of it was applied."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(" ".join(map(str, problems)))
        self.problems = problems


class NotAllowed(Exception):
    """The person may not take this step."""


# The steps.


def propose(decision: Decision, *, by: User | None, at: datetime) -> None:
    """Hand the decision to the office."""
    if not may_edit(by, decision):
        raise NotAllowed
    with transaction.atomic():
        _lock()
        if not decision.changes.exists():
            raise NotPublishable([Problem("Thêm ít nhất một thay đổi của thủ tục.")])
        unit = decision.unit or (by.unit if by else None)
        _move(decision, PROPOSING, proposed_by=by, unit=unit, remark="")
        _log(decision, "Gửi đề nghị.", by=by)


def return_(decision: Decision, *, by: User | None, at: datetime, remark: str) -> None:
    """Give the decision back to the unit and say what to mend."""
    if not _may_publish(by):
        raise NotAllowed
    if not remark.strip():
        raise NotPublishable([Problem("Ghi ý kiến để đơn vị biết cần sửa gì.")])
    with transaction.atomic():
        _lock()
        _move(decision, RETURNING, remark=remark)
        _log(decision, f"Trả lại: {remark}", by=by)


def publish(decision: Decision, *, by: User | None, at: datetime) -> None:
    """Publish the decision with all its changes; apply now what is in force today."""
    if not _may_publish(by):
        raise NotAllowed
    with transaction.atomic():
        _lock()
        stored = Decision.objects.select_related("document").filter(pk=decision.pk).first()
        if stored is None or stored.status == Status.PUBLISHED:
            raise Conflict
        if found := problems(stored):
            raise NotPublishable(found)
        _move(decision, PUBLISHING, published_by=by, published_at=at)
        for change in _in_order(_changes(stored)):
            _apply(change, by=by, at=at)
        _log(decision, "Công bố.", by=by)
        transaction.on_commit(partial(announce, at), robust=True)


def add_content(change: ProcedureChange, *, by: User | None, at: datetime) -> None:
    """Apply the draft of a change that was published before its content was ready."""
    if not _may_publish(by):
        raise NotAllowed
    with transaction.atomic():
        _lock()
        stored = ProcedureChange.objects.published().for_list().select_related("draft").filter(pk=change.pk).first()
        if stored is None or stored.draft is None:
            raise Conflict
        if found := [Problem(sentence, stored) for sentence in _draft_problems(stored)]:
            raise NotPublishable(found)
        _take_content(stored, by=by, at=at)
        _log(stored.decision, f"Công bố nội dung mới của {stored.procedure}.", by=by)


def correct(
    change: ProcedureChange,
    *,
    by: User | None,
    at: datetime,
    reason: str,
    sentence: str | None = None,
    effective_on: date | None = None,
) -> None:
    """Mend the sentence or the day of a published change; why, and what it was before, stays on record."""
    if not _may_publish(by):
        raise NotAllowed
    with transaction.atomic():
        _lock()
        stored = ProcedureChange.objects.published().for_list().filter(pk=change.pk).first()
        if stored is None:
            raise Conflict
        if not reason.strip():
            raise NotPublishable([Problem("Ghi lý do đính chính.")])
        said = list(_mend(stored, sentence, effective_on))
        if not said:
            return
        if found := [Problem(sentence, stored) for sentence in _day_problems(stored)]:
            raise NotPublishable(found)
        stored.save(update_fields=["sentence", "effective_on"])
        _follow_day(stored, by=by, at=at)
        _log(stored.decision, f"Đính chính {stored.procedure}: {'; '.join(said)}. Lý do: {reason}", by=by)
        change.refresh_from_db(fields=["sentence", "effective_on"])


def prepare_draft(change: ProcedureChange, *, by: User | None, at: datetime) -> Procedure:
    """Return the draft of the new content, copied from what is in force just before; the same one if there is one."""
    if not may_draft(by, change):
        raise NotAllowed
    with transaction.atomic():
        _lock()
        stored = ProcedureChange.objects.for_list().select_related("draft").get(pk=change.pk)
        if stored.draft is None:
            procedure = stored.procedure
            content = _content_before(stored)
            with _revision(f"Soạn nội dung mới của {procedure}.", by=by, at=at):
                stored.draft = versions.copy(content)
                stored.base = versions.freeze(stored.draft)
                reversion.add_to_revision(stored.draft)
            stored.save(update_fields=["draft", "base"])
        change.draft, change.base = stored.draft, stored.base
        return stored.draft


# What comes by itself.


def take_effect(on: date, at: datetime) -> int:
    """Apply what is due on the day and return to how many procedures; doing it again does nothing."""
    due = ProcedureVersion.objects.filter(applied_at=None, valid_from__lte=on)
    applied = 0
    for pk in set(due.order_by().values_list("procedure", flat=True)):
        with transaction.atomic():
            _lock()
            # Another process may have been first.
            if due.filter(procedure=pk).exists():
                versions.settle(Procedure.objects.get(pk=pk), on=on, by=None, at=at)
                applied += 1
    return applied


def follow(at: datetime) -> None:
    """Do what is due at the moment; the worker's job."""
    take_effect(timezone.localtime(at).date(), at)
    announce(at)


_current_on: date | None = None


def ensure_current(at: datetime) -> None:
    """Apply what is due before the first page of a day is shown; costs nothing for the rest of the day."""
    global _current_on
    on = timezone.localtime(at).date()
    if _current_on == on:
        return
    try:
        take_effect(on, at)
    except DatabaseError:
        # A page of yesterday's state is better than none; the next request tries again.
        log.exception("What is due on %s could not be applied", on)
        return
    _current_on = on


def forget() -> None:
    """Look again at the next request, as after a change that left no trace (tests that roll back)."""
    global _current_on
    _current_on = None


def announce(at: datetime) -> int:
    """Tell the others of each published change that they have not heard of; return of how many.

    A receiver's rows and the mark that the change was told are stored together, so that a crash
    neither loses nor repeats it; the worker asks again for what failed.
    """
    told = 0
    for change in ProcedureChange.objects.published().filter(announced_at=None).for_list():
        try:
            with transaction.atomic():
                if ProcedureChange.objects.filter(pk=change.pk, announced_at=None).update(announced_at=at):
                    change_published.send(sender=ProcedureChange, change=change)
                    told += 1
        except Exception:
            log.exception("The change %s could not be announced", change.pk)
    return told


# Who may do what.


def may_edit(user: User | None, decision: Decision) -> bool:
    """Tell whether the person may change a decision that is not yet handed in, or propose it."""
    if decision.status == Status.PUBLISHED:
        return False
    if _may_publish(user) or user is None:
        return True
    own = decision.unit_id is None or decision.unit_id == user.unit_id
    return own and decision.status in OPEN and user.has_perm("procedures.propose_decision")


def may_draft(user: User | None, change: ProcedureChange) -> bool:
    """Tell whether the person may write the new content of the change."""
    if change.kind in ENDING or change.kind == Kind.NEW or change.patch:
        return False
    return _may_publish(user) or may_edit(user, change.decision)


def _may_publish(user: User | None) -> bool:
    # Programs act without a person.
    return user is None or user.has_perm("procedures.publish_decision")


# What stands in the way.


def problems(decision: Decision) -> list[Problem]:
    """Return what has to be mended before the decision can be published."""
    changes = _changes(decision)
    if not changes:
        return [Problem("Thêm ít nhất một thay đổi của thủ tục.")]
    return [Problem(sentence, change) for change in changes for sentence in _sentences(change, changes)]


def _sentences(change: ProcedureChange, changes: Sequence[ProcedureChange]) -> Iterator[str]:
    if change.kind == Kind.NEW:
        if change.procedure.is_published:
            yield "Thủ tục này đã công khai. Chọn loại thay đổi khác hoặc chọn bản nháp của thủ tục mới."
        else:
            yield from (blocker.sentence for blocker in publishing.blockers(change.procedure))
    elif not change.procedure.is_published:
        yield "Thủ tục này chưa công khai. Chọn thủ tục đang công khai, hoặc ghi là mới ban hành."
    else:
        yield from _day_problems(change)
    if change.kind == Kind.REPLACED:
        yield from _successor_problems(change, changes)
    if change.draft:
        yield from _draft_problems(change)


def _day_problems(change: ProcedureChange) -> Iterator[str]:
    start, procedure = change.procedure.in_force_from, change.procedure
    if change.kind == Kind.NEW:
        end = procedure.in_force_to
        if end and change.effective_on > end:
            yield f"Chọn ngày áp dụng không sau ngày hết hiệu lực ({viet_date(end)})."
        return
    if start and change.effective_on <= start:
        yield f"Chọn ngày áp dụng sau ngày thủ tục có hiệu lực ({viet_date(start)})."
    others = ProcedureChange.objects.published().filter(procedure=procedure, kind__in=ENDING).exclude(pk=change.pk)
    if change.kind in ENDING and others.exists():
        yield "Thủ tục này đã có quyết định thay thế hoặc bãi bỏ. Đính chính quyết định đó nếu cần."
    elif change.kind not in ENDING and procedure.is_ended(change.effective_on):
        yield f"Thủ tục hết hiệu lực sau ngày {viet_date(procedure.in_force_to)}. Chọn ngày áp dụng sớm hơn."


def _successor_problems(change: ProcedureChange, changes: Sequence[ProcedureChange]) -> Iterator[str]:
    if change.successor is None:
        yield "Chọn thủ tục thay thế."
        return
    if change.successor_id == change.procedure_id:
        yield "Chọn thủ tục thay thế khác với thủ tục bị thay thế."
        return
    new_here = any(other.kind == Kind.NEW and other.procedure_id == change.successor_id for other in changes)
    if not new_here and not change.successor.is_published:
        yield "Thủ tục thay thế chưa công khai. Thêm thủ tục đó vào quyết định này với loại mới ban hành."


def _draft_problems(change: ProcedureChange) -> Iterator[str]:
    assert change.draft is not None  # noqa: S101
    # The code is that of the procedure.
    missing = [blocker for blocker in publishing.blockers(change.draft) if blocker.field != "code"]
    yield from (f"Nội dung mới còn thiếu. {blocker.sentence}" for blocker in missing)
    if not missing and not versions.difference(change.base, versions.freeze(change.draft)):
        yield "Nội dung mới giống nội dung cũ. Sửa nội dung mới, hoặc xóa bản soạn."


# Applying.


def _apply(change: ProcedureChange, *, by: User | None, at: datetime) -> None:
    if change.kind == Kind.NEW:
        _begin(change, by=by, at=at)
    elif change.kind in ENDING:
        _end(change, by=by, at=at)
    elif change.draft:
        _take_content(change, by=by, at=at)


def _begin(change: ProcedureChange, *, by: User | None, at: datetime) -> None:
    procedure = change.procedure
    procedure.in_force_from = change.effective_on
    for name, value in _published_by(change.decision.document).items():
        setattr(procedure, name, value)
    procedure.save()
    publishing.publish(procedure, by=by, at=at)
    ProcedureVersion.objects.filter(procedure=procedure, valid_from=change.effective_on).update(change=change)


def _end(change: ProcedureChange, *, by: User | None, at: datetime) -> None:
    ending = "Thay thế" if change.kind == Kind.REPLACED else "Bãi bỏ"
    with _revision(f"{ending} theo văn bản {change.decision.document.number}.", by=by, at=at):
        procedure = Procedure.objects.get(pk=change.procedure_id)
        procedure.in_force_to = change.effective_on - timedelta(days=1)
        procedure.save()
        reversion.add_to_revision(procedure)


def _take_content(change: ProcedureChange, *, by: User | None, at: datetime) -> None:
    draft = change.draft
    assert draft is not None  # noqa: S101
    patch = versions.difference(change.base, versions.freeze(draft))
    named = _published_by(change.decision.document)
    if named:
        day = named["decision_on"]
        plain = {"decision_number": named["decision_number"], "decision_on": day.isoformat() if day else None}
        patch = versions.patched(patch, {"columns": plain})
    before = versions.thaw(change.base, change.procedure)
    after = versions.thaw(versions.patched(change.base, patch), change.procedure)
    changed = history.compare(history.stored(before), history.stored(after), without=history.BESIDE_CONTENT)
    change.parts = change.parts or [part.label for part in changed]
    change.patch, change.draft = patch, None
    _ensure_first_version(change.procedure, at)
    change.save(update_fields=["patch", "parts", "draft"])
    # Its content lives on in the change.
    Version.objects.get_for_object(draft).delete()
    draft.delete()
    _settle(change.procedure, by=by, at=at)


def _follow_day(change: ProcedureChange, *, by: User | None, at: datetime) -> None:
    """Let everything that rests on the day of the change rest on its new day."""
    if change.kind in ENDING:
        _end(change, by=by, at=at)
    elif change.kind == Kind.NEW:
        with _revision("Đính chính ngày có hiệu lực.", by=by, at=at):
            procedure = Procedure.objects.get(pk=change.procedure_id)
            procedure.in_force_from = change.effective_on
            procedure.save()
            reversion.add_to_revision(procedure)
    _settle(Procedure.objects.get(pk=change.procedure_id), by=by, at=at)


def _settle(procedure: Procedure, *, by: User | None, at: datetime) -> None:
    versions.recut(procedure, at=at)
    versions.settle(procedure, on=timezone.localtime(at).date(), by=by, at=at)


def _ensure_first_version(procedure: Procedure, at: datetime) -> None:
    """A procedure that was public before versions were kept has none yet."""
    if not procedure.versions.exists():
        versions.record(procedure, valid_from=versions.first_day(procedure), change=None, at=at)


def _content_before(change: ProcedureChange) -> versions.Content:
    day = change.effective_on - timedelta(days=1)
    version = ProcedureVersion.objects.in_force(day).filter(procedure=change.procedure).first()
    return version.content if version else versions.freeze(change.procedure)


def _published_by(document: LegalDocument) -> dict:
    """Return what a publication decision writes into the record (NĐ 63/2010 Đ13)."""
    if document.kind != LegalDocument.Kind.PUBLICATION_DECISION:
        return {}
    return {"decision_number": document.number, "decision_on": document.issued_on}


def _mend(change: ProcedureChange, sentence: str | None, effective_on: date | None) -> Iterator[str]:
    """Set what is to be said instead, and tell what was said before."""
    if effective_on and effective_on != change.effective_on:
        yield f"ngày áp dụng từ {viet_date(change.effective_on)} thành {viet_date(effective_on)}"
        change.effective_on = effective_on
    if sentence is not None and sentence != change.sentence:
        yield f"câu “{change.sentence}” thành “{sentence}”"
        change.sentence = sentence


# What all of them need.


def _lock() -> None:
    """Let one publication run at a time; on SQLite the transaction itself is the lock."""
    SearchState.lock()


def _move(decision: Decision, step: tuple[set[Status], Status], **values: object) -> None:
    before, after = step
    if not Decision.objects.filter(pk=decision.pk, status__in=before).update(status=after, **values):
        raise Conflict
    for name, value in {"status": after, **values}.items():
        setattr(decision, name, value)


def _changes(decision: Decision) -> list[ProcedureChange]:
    found = decision.changes.for_list().select_related("procedure__field", "draft", "successor", "decision__document")
    return list(found.order_by("order", "pk"))


def _in_order(changes: Iterable[ProcedureChange]) -> list[ProcedureChange]:
    """Return new procedures first: others are replaced by them."""
    return sorted(changes, key=lambda change: change.kind != Kind.NEW)


@contextmanager
def _revision(comment: str, *, by: User | None, at: datetime) -> Iterator[None]:
    with reversion.create_revision():
        reversion.set_comment(comment)
        reversion.set_date_created(at)
        if by is not None:
            reversion.set_user(by)
        yield


def _log(decision: Decision, what: str, *, by: User | None) -> None:
    if by is not None:
        LogEntry.objects.log_actions(by.pk, [decision], CHANGE, what, single_object=True)
