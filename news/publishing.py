"""From a draft to what the public reads, and back: the steps of articles, albums and bulletins.

Nothing else sets the status of a publication. Each step moves the row by compare-and-set and leaves
an EditorialEvent in the same transaction.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils import timezone

from news.models import EditorialEvent, Publication
from news.signals import publication_moved
from portal.comparing import moment
from portal.models import SearchState, User
from portal.steps import Conflict, NotAllowed, Problem, Refused
from portal.text import slugify

Status = Publication.Status
Verb = EditorialEvent.Verb

SLUG_LENGTH = 80
REMARK_LENGTH = 2000
REASON_LENGTH = 300  # of what the public reads


class NotPublishable(Refused):
    """The publication lacks something; it stays as it was."""


# Who may do what.


def may_edit(user: User | None, publication: Publication) -> bool:
    """Tell whether the person may change the content as it stands now.

    Writers change drafts and what came back to them, those of a unit only their unit's own. What waits for
    approval or is published is changed by those who approve.
    """
    if publication.status in OPEN:
        return _may_write(user, publication)
    return publication.status in {Status.SUBMITTED, Status.PUBLISHED} and _may_approve(user, publication)


def sees_all(user: User) -> bool:
    """Tell whether the person sees what every unit is writing: the centre, and the office that steers the plan."""
    return edits_all_units(user) or user.has_perm("news.change_communicationplan")


def is_own(user: User | None, publication: Publication) -> bool:
    """Tell whether the person wrote the publication or handed it in."""
    if user is None:
        return False
    return publication.author_id == user.pk or _handed_in_by(publication) == user.pk


def _may_write(user: User | None, publication: Publication) -> bool:
    # Programs act without a person.
    if user is None:
        return True
    return user.has_perm(_permission("change", publication)) and _is_of(user, publication)


def _may_approve(user: User | None, publication: Publication) -> bool:
    return user is None or user.has_perm(_permission("publish", publication))


def _may_approve_this(user: User | None, publication: Publication) -> bool:
    return _may_approve(user, publication) and not is_own(user, publication)


def _is_of(user: User | None, publication: Publication) -> bool:
    if user is None or publication.author_id == user.pk or edits_all_units(user):
        return True
    return publication.unit_id is not None and publication.unit_id == user.unit_id


def edits_all_units(user: User) -> bool:
    """Tell whether the person edits what every unit writes: the centre's editors, who may also delete it."""
    return user.has_perm("news.delete_article")


def _permission(action: str, publication: Publication) -> str:
    return f"{publication._meta.app_label}.{action}_{publication._meta.model_name}"


def _handed_in_by(publication: Publication) -> int | None:
    return publication.events.filter(verb=Verb.SUBMIT).order_by("-at", "-pk").values_list("by", flat=True).first()


# The steps that lead from each state: where to, and who may take them.


@dataclass(frozen=True)
class Move:
    to: Publication.Status
    may: Callable[[User | None, Publication], bool]
    who: str  # says who may, to one who may not


_WRITERS = "Người soạn, biên tập viên của Trung tâm hoặc cán bộ cùng đơn vị mới làm được việc này."
_APPROVERS = "Chỉ người duyệt bài mới làm được việc này."
_OTHERS = "Bài do một người duyệt bài khác duyệt đăng, không phải người soạn hoặc người gửi duyệt."

OPEN = frozenset({Status.DRAFT, Status.RETURNED})
_SUBMIT = Move(Status.SUBMITTED, _may_write, _WRITERS)
MOVES: dict[str, dict[str, Move]] = {
    Status.DRAFT: {Verb.SUBMIT: _SUBMIT},
    Status.RETURNED: {Verb.SUBMIT: _SUBMIT},
    Status.SUBMITTED: {
        Verb.RETURN: Move(Status.RETURNED, _may_approve, _APPROVERS),
        Verb.PUBLISH: Move(Status.PUBLISHED, _may_approve_this, _OTHERS),
    },
    Status.PUBLISHED: {
        Verb.WITHDRAW: Move(Status.WITHDRAWN, _may_approve, _APPROVERS),
        # The content is mended where it stands; the public goes on reading.
        Verb.CORRECT: Move(Status.PUBLISHED, _may_approve, _APPROVERS),
    },
    Status.WITHDRAWN: {Verb.REOPEN: Move(Status.DRAFT, _may_write, _WRITERS)},
}


def verbs(publication: Publication, user: User | None) -> list[EditorialEvent.Verb]:
    """Return the steps that the person may take with the publication as it stands."""
    return [Verb(verb) for verb, move in MOVES[publication.status].items() if move.may(user, publication)]


def submit(publication: Publication, *, by: User | None, at: datetime) -> None:
    """Hand the publication to those who approve."""
    with transaction.atomic():
        stored = _start(publication, Verb.SUBMIT, by)
        _refuse(problems(stored))
        values: dict[str, Any] = {"author": by} if stored.author_id is None and by else {}
        _move(publication, Verb.SUBMIT, by=by, at=at, **values)


def return_(publication: Publication, *, by: User | None, at: datetime, remark: str) -> None:
    """Give the publication back to its writers and say what to mend."""
    with transaction.atomic():
        _start(publication, Verb.RETURN, by)
        remark = _said(remark, "Ghi ý kiến để người soạn biết cần sửa gì.", REMARK_LENGTH, "remark")
        _move(publication, Verb.RETURN, by=by, at=at, remark=remark)


def publish(publication: Publication, *, by: User | None, at: datetime, publish_at: datetime | None = None) -> None:
    """Approve the publication: the public reads it from `publish_at`, from the moment stored with it, or from now.

    It is never said to be older than its first approval. Its address is made then and kept for good.
    """
    with transaction.atomic():
        stored = _start(publication, Verb.PUBLISH, by)
        begins = publish_at or stored.publish_at or at
        if _first_approved_at(stored) is None:
            begins = max(begins, at)
        # A form shows minutes; what nobody touches shall come back as it was.
        begins = _minute(begins)
        stored.publish_at = begins
        _refuse([*problems(stored), *_time_problems(stored, at)])
        _move(publication, Verb.PUBLISH, by=by, at=at, publish_at=begins, withdrawn_reason="", **_address(stored))


def withdraw(publication: Publication, *, by: User | None, at: datetime, reason: str) -> None:
    """Take the publication off the public pages; its address tells the reason from then on."""
    with transaction.atomic():
        _start(publication, Verb.WITHDRAW, by)
        reason = _said(reason, "Ghi lý do gỡ. Người đọc thấy lý do này ở địa chỉ của bài.", REASON_LENGTH, "reason")
        _move(publication, Verb.WITHDRAW, by=by, at=at, remark=reason, withdrawn_reason=reason)


def correct(publication: Publication, *, by: User | None, at: datetime, reason: str) -> None:
    """Note why the content of what is published is saved anew; in the transaction that saves it."""
    with transaction.atomic():
        stored = _start(publication, Verb.CORRECT, by)
        reason = _said(reason, "Ghi lý do sửa bài đã duyệt đăng.", REMARK_LENGTH, "remark")
        _refuse(problems(stored))
        _move(publication, Verb.CORRECT, by=by, at=at, remark=reason)


def reopen(publication: Publication, *, by: User | None, at: datetime, reason: str = "") -> None:
    """Make a draft of what was withdrawn; until it is approved again its address goes on telling why."""
    with transaction.atomic():
        _start(publication, Verb.REOPEN, by)
        _move(publication, Verb.REOPEN, by=by, at=at, remark=reason.strip()[:REMARK_LENGTH])


# What stands in the way.

_finders: dict[type[Publication], list[Callable[[Any], Iterable[Problem]]]] = {}
_Finder = TypeVar("_Finder", bound=Callable[[Any], Iterable[Problem]])


def asks(kind: type[Publication]) -> Callable[[_Finder], _Finder]:
    """Register what one kind of publication must have: `@asks(Album)` on a function that yields problems.

    The module that holds it is imported by `news.apps`.
    """

    def register(find: _Finder) -> _Finder:
        _finders.setdefault(kind, []).append(find)
        return find

    return register


def problems(publication: Publication) -> list[Problem]:
    """Return what has to be mended before the publication can be handed in or published."""
    found = [problem for find in _finders.get(type(publication), ()) for problem in find(publication)]
    return [*found, *_age_problems(publication)]


def _age_problems(publication: Publication) -> Iterable[Problem]:
    """Keep a later time from moving what was published into a period that has been reported."""
    approved = _first_approved_at(publication)
    if approved and publication.publish_at and publication.publish_at < _minute(approved):
        yield Problem(f"Chọn lúc đăng không trước lần duyệt đầu ({moment(approved)}).", "publish_at")


def _time_problems(publication: Publication, at: datetime) -> Iterable[Problem]:
    ends = publication.unpublish_at
    if ends is None:
        return
    if ends <= at:
        yield Problem("Lúc thôi đăng đã qua. Chọn lúc khác hoặc để trống.", "unpublish_at")
    elif publication.publish_at and ends <= publication.publish_at:
        yield Problem("Chọn lúc thôi đăng sau lúc đăng.", "unpublish_at")


def _refuse(found: list[Problem]) -> None:
    if found:
        raise NotPublishable(found)


def _said(text: str, otherwise: str, most: int, field: str) -> str:
    text = text.strip()
    if not text:
        raise NotPublishable([Problem(otherwise, field)])
    if len(text) > most:
        raise NotPublishable([Problem(f"Viết gọn lại trong {most} chữ cái.", field)])
    return text


# The one door.


def _start(publication: Publication, verb: EditorialEvent.Verb, by: User | None) -> Publication:
    """Return the publication as it is stored, if this step leads from its state and the person may take it."""
    # One step at a time, so that no two get the same address; on SQLite the transaction itself is the lock.
    SearchState.lock()
    stored = type(publication)._default_manager.filter(pk=publication.pk).first()
    move = MOVES[stored.status].get(verb) if stored else None
    if stored is None or move is None or stored.status != publication.status:
        raise Conflict
    if not move.may(by, stored):
        raise NotAllowed(move.who)
    return stored


def _move(
    publication: Publication,
    verb: EditorialEvent.Verb,
    *,
    by: User | None,
    at: datetime,
    remark: str = "",
    **values: Any,
) -> None:
    before = publication.status
    values["status"] = MOVES[before][verb].to
    rows = type(publication)._default_manager.filter(pk=publication.pk, status=before)
    if not rows.update(**values):
        raise Conflict
    EditorialEvent.objects.create(publication=publication, verb=verb, by=by, at=at, remark=remark)
    for name, value in values.items():
        setattr(publication, name, value)
    # update() sends no signal.
    publication_moved.send(type(publication), publication=publication, verb=verb, at=at)


def _first_approved_at(publication: Publication) -> datetime | None:
    return publication.events.filter(verb=Verb.PUBLISH).order_by("at").values_list("at", flat=True).first()


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _address(publication: Publication) -> dict[str, Any]:
    """Return the address of what gets one at its first approval: a slug, unique in its year where it has a year."""
    fields = {field.name for field in publication._meta.concrete_fields}
    if "slug" not in fields or getattr(publication, "slug", None):
        return {}
    values: dict[str, Any] = {}
    if "year" in fields and publication.publish_at:
        values["year"] = timezone.localtime(publication.publish_at).year
    taken = type(publication)._default_manager.filter(**values)
    values["slug"] = free_slug(str(publication), taken)
    return values


def free_slug(title: str, taken: models.QuerySet) -> str:
    """Return a slug of the title that no row has: "hoi-thi", then "hoi-thi-2"."""
    stem = slugify(title, SLUG_LENGTH - 4) or "bai"
    used = set(taken.filter(slug__startswith=stem).values_list("slug", flat=True))
    number, slug = 1, stem
    while slug in used:
        number += 1
        slug = f"{stem}-{number}"
    return slug
