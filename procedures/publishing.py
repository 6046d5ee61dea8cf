"""What makes a procedure public, and takes it back. Nothing else sets `Procedure.status`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import reversion
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from portal.models import SearchChange, User
from procedures.models import SHORT_NAME_LENGTH, DossierItem, Procedure, SubmissionMethod
from procedures.querysets import ProcedureQuerySet

ARTICLE = "khoản 2 Điều 8 Nghị định 63/2010/NĐ-CP"


@dataclass(frozen=True)
class Blocker:
    """One part that a procedure must have before it is public and has not."""

    field_label: str
    sentence: str  # what to do, in Vietnamese
    field: str = ""  # the field of the form, or the name of its rows ("methods", "items")


@dataclass(frozen=True)
class RequiredPart:
    """The same question asked of one row in memory and of the table."""

    blocker: Blocker
    is_missing: Callable[[Procedure], bool]
    missing: Q


class NotPublishable(Exception):
    """The procedure lacks parts that the law asks for."""

    def __init__(self, blockers: list[Blocker]) -> None:
        super().__init__(" ".join(blocker.sentence for blocker in blockers))
        self.blockers = blockers


class Conflict(Exception):
    """Somebody else has published, withdrawn, renamed or deleted the procedure meanwhile."""


_METHODS = SubmissionMethod.objects.filter(procedure=OuterRef("pk"))
_TIMED = _METHODS.filter(Q(time_limit__isnull=False) | ~Q(time_text=""))

# NĐ 63/2010 Đ8.2: the first seven parts are required of every procedure. The code and the short
# name are what the portal itself cannot do without (NĐ 224/2026 Đ15, UX of the lists).
REQUIRED_PARTS = [
    RequiredPart(
        Blocker("Mã TTHC", "Ghi mã thủ tục như trong Cơ sở dữ liệu quốc gia.", "code"),
        lambda procedure: not procedure.code,
        Q(code=None) | Q(code=""),
    ),
    RequiredPart(
        Blocker("Tên", "Ghi tên thủ tục như trong quyết định công bố.", "name"),
        lambda procedure: not procedure.name,
        Q(name=""),
    ),
    RequiredPart(
        Blocker(
            "Tên ngắn",
            f"Ghi tên ngắn, dễ hiểu với người dân, tối đa {SHORT_NAME_LENGTH} chữ cái.",
            "short_name",
        ),
        lambda procedure: not procedure.short_name,
        Q(short_name=""),
    ),
    RequiredPart(
        Blocker("Lĩnh vực", "Chọn lĩnh vực của thủ tục.", "field"),
        lambda procedure: procedure.field_id is None,
        Q(field=None),
    ),
    RequiredPart(
        Blocker("Đối tượng thực hiện", "Chọn ít nhất một nhóm đối tượng thực hiện.", "for_individuals"),
        lambda procedure: not (procedure.for_individuals or procedure.for_businesses or procedure.for_organisations),
        Q(for_individuals=False, for_businesses=False, for_organisations=False),
    ),
    RequiredPart(
        Blocker("Thành phần hồ sơ", "Ghi ít nhất một giấy tờ cần nộp.", "items"),
        lambda procedure: not procedure.items.all(),
        Q(~Exists(DossierItem.objects.filter(procedure=OuterRef("pk")))),
    ),
    RequiredPart(
        Blocker("Trình tự thực hiện", "Ghi các bước thực hiện.", "steps"),
        lambda procedure: not procedure.steps,
        Q(steps=""),
    ),
    RequiredPart(
        Blocker("Cách thức thực hiện", "Ghi ít nhất một cách nộp hồ sơ.", "methods"),
        lambda procedure: not procedure.methods.all(),
        Q(~Exists(_METHODS)),
    ),
    RequiredPart(
        Blocker("Thời hạn giải quyết", "Ghi thời hạn bằng số hoặc bằng chữ ở ít nhất một cách nộp.", "methods"),
        lambda procedure: not any(method.time_limit or method.time_text for method in procedure.methods.all()),
        Q(~Exists(_TIMED)),
    ),
    RequiredPart(
        Blocker("Cơ quan giải quyết", "Ghi cơ quan thực hiện hoặc cơ quan có thẩm quyền.", "executing_agency"),
        lambda procedure: not (procedure.executing_agency or procedure.competent_agency),
        Q(executing_agency="", competent_agency=""),
    ),
]


def blockers(procedure: Procedure) -> list[Blocker]:
    """Return the required parts that the procedure lacks (NĐ 63/2010 Đ8.2), in the order of its page."""
    return [part.blocker for part in REQUIRED_PARTS if part.is_missing(procedure)]


def incomplete(procedures: ProcedureQuerySet) -> ProcedureQuerySet:
    """Return those of the procedures that lack a required part."""
    return procedures.filter(_any_missing())


def complete(procedures: ProcedureQuerySet) -> ProcedureQuerySet:
    """Return those of the procedures that have all required parts."""
    return procedures.exclude(_any_missing())


def publish(procedure: Procedure, *, by: User | None, at: datetime) -> None:
    """Show the procedure to the public from now on."""
    with transaction.atomic():
        # What counts is what is stored, not what the caller read some time ago.
        stored = Procedure.objects.select_for_update().filter(pk=procedure.pk).first()
        if stored is None:
            raise Conflict
        if missing := blockers(stored):
            raise NotPublishable(missing)
        _move(procedure, Procedure.Status.DRAFT, Procedure.Status.PUBLISHED, published_at=at)
        _remember(procedure, "Công khai.", by=by, at=at)


def withdraw(procedure: Procedure, *, by: User | None, at: datetime) -> None:
    """Take the procedure off the public pages; it becomes a draft again."""
    with transaction.atomic():
        # published_at stays: what has once been public is kept for good (NĐ 63/2010 Đ14).
        _move(procedure, Procedure.Status.PUBLISHED, Procedure.Status.DRAFT)
        _remember(procedure, "Rút về bản nháp.", by=by, at=at)


def confirm_short_name(procedure: Procedure, *, by: User | None, at: datetime) -> None:
    """Note that staff have read the proposed short name and agree to it."""
    with transaction.atomic():
        proposed = Procedure.objects.filter(
            pk=procedure.pk, short_name=procedure.short_name, short_name_proposed=True
        ).exclude(short_name="")
        if not proposed.update(short_name_proposed=False):
            raise Conflict
        _remember(procedure, "Xác nhận tên ngắn.", by=by, at=at)
    procedure.short_name_proposed = False


def _any_missing() -> Q:
    missing = Q()
    for part in REQUIRED_PARTS:
        missing |= part.missing
    return missing


def _move(procedure: Procedure, before: Procedure.Status, after: Procedure.Status, **moment: datetime) -> None:
    if not Procedure.objects.filter(pk=procedure.pk, status=before).update(status=after, **moment):
        raise Conflict
    # update() sends no signal.
    SearchChange.record("procedure", procedure.pk)
    procedure.status = after
    for name, value in moment.items():
        setattr(procedure, name, value)


def _remember(procedure: Procedure, what: str, *, by: User | None, at: datetime) -> None:
    """Leave a version of the stored record and a line in the log of the admin."""
    with reversion.create_revision():
        # Within a larger revision (saved and published at once) both are told.
        reversion.set_comment(" ".join(filter(None, [reversion.get_comment(), what])))
        reversion.set_date_created(at)
        if by is not None:
            reversion.set_user(by)
        reversion.add_to_revision(Procedure.objects.get(pk=procedure.pk))
    if by is not None:
        LogEntry.objects.log_actions(by.pk, [procedure], CHANGE, what, single_object=True)
