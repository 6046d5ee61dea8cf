"""The versions of a procedure: which rows make one record, what changed, and how to take one back."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

import reversion
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import models, transaction
from reversion.models import Version

from portal.comparing import Change, changed_passages, label, moment, passages, shown
from portal.models import User
from procedures import publishing
from procedures.models import DossierCase, DossierItem, Fee, LegalBasis, Procedure, SubmissionMethod

__all__ = [
    "Change",
    "NotRestorable",
    "Snapshot",
    "compare",
    "deleted",
    "latest_number",
    "moment",
    "passages",
    "register",
    "restore",
    "snapshot",
    "stored",
    "versions",
]

Row = SubmissionMethod | Fee | DossierCase | DossierItem | LegalBasis

# The rows of a record by the name they go under, in an order in which they can be saved.
PARTS: dict[str, type[Row]] = {
    "methods": SubmissionMethod,
    "fees": Fee,
    "cases": DossierCase,
    "items": DossierItem,
    "legal_bases": LegalBasis,
}
_NOT_COMPARED = {"id", "procedure", "order", "import_marks", "folded", "sort_key", "published_at"}
# What staff keep beside the content, and the decision, which the public reads above a comparison.
BESIDE_CONTENT = frozenset(
    {
        "short_name_proposed",
        "keywords",
        "synonyms",
        "unit",
        "synced_at",
        "checked_on",
        "decision_number",
        "decision_on",
    }
)
_INCOMPLETE = (
    "Bản này thiếu phần bắt buộc nên không thể khôi phục khi thủ tục đang công khai. "
    "Rút thủ tục về bản nháp trước, rồi khôi phục."
)


@dataclass
class Snapshot:
    """A procedure and its rows at one moment, not tied to what is stored now."""

    procedure: Procedure
    rows: dict[str, list[Any]]


class NotRestorable(Exception):
    """The version cannot be stored as it was; the message says why, in Vietnamese."""


def register() -> None:
    """Register the models once; imports outside the admin leave versions as well."""
    if reversion.is_registered(Procedure):
        return
    for part in PARTS.values():
        reversion.register(part)
    reversion.register(Procedure, follow=list(PARTS))


def versions(pk: int) -> models.QuerySet[Version]:
    """Return the versions of the procedure, the latest first."""
    found = Version.objects.get_for_object_reference(Procedure, pk)
    return found.select_related("revision__user").order_by("-pk")


def latest_number(pk: int) -> int:
    """Return a number that grows with each stored change of the procedure; 0 when there is none."""
    return Version.objects.get_for_object_reference(Procedure, pk).aggregate(latest=models.Max("pk"))["latest"] or 0


def stored(procedure: Procedure) -> Snapshot:
    """Return the procedure as it is stored now."""
    return Snapshot(procedure, {name: list(getattr(procedure, name).all()) for name in PARTS})


def snapshot(version: Version) -> Snapshot:
    """Return the procedure as it was in this version."""
    pk = int(version.object_id)
    rows: dict[str, list[Any]] = {}
    for name, model in PARTS.items():
        found = [model(**part.field_dict) for part in version.revision.version_set.get_for_model(model)]
        # A revision may hold several procedures.
        own = [row for row in found if row.procedure_id == pk]
        rows[name] = sorted(own, key=lambda row: (row.order, row.pk))
    return Snapshot(Procedure(**version.field_dict), rows)


def compare(old: Snapshot, new: Snapshot, without: Set[str] = frozenset()) -> list[Change]:
    """Return the parts that differ, in the order in which the model names them; columns may be left out."""
    names = _names_of_related([old, new])
    before, after = _described(old, names, without), _described(new, names, without)
    return [Change(part, changed_passages(before[part], after[part])) for part in before if before[part] != after[part]]


def restore(version: Version, *, by: User | None, at: datetime) -> list[str]:
    """Store the procedure with all its rows as they were in this version.

    Whether it is public does not change: that is for `publishing` alone; a deleted procedure comes
    back as a draft. Return sentences about what could not be brought back, because what it pointed
    to is gone.
    """
    was = snapshot(version)
    with transaction.atomic(), reversion.create_revision():
        current = Procedure.objects.select_for_update().filter(pk=was.procedure.pk).first()
        _keep_what_is_not_content(was.procedure, current)
        _check_code_is_free(was.procedure)
        lost = _leave_out_what_is_gone(was)
        if was.procedure.is_published and not (was.procedure.code and was.procedure.short_name):
            raise NotRestorable(_INCOMPLETE)
        _store(was)
        if was.procedure.is_published and publishing.blockers(Procedure.objects.get(pk=was.procedure.pk)):
            raise NotRestorable(_INCOMPLETE)
        comment = f"Khôi phục bản lưu lúc {moment(version.revision.date_created)}."
        reversion.set_comment(comment)
        reversion.set_date_created(at)
        if by is not None:
            reversion.set_user(by)
            LogEntry.objects.log_actions(by.pk, [was.procedure], CHANGE, comment, single_object=True)
        reversion.add_to_revision(was.procedure)
    return lost


def deleted() -> models.QuerySet[Version]:
    """Return the last version of each procedure that has been deleted, the latest first."""
    return Version.objects.get_deleted(Procedure).select_related("revision__user").order_by("-pk")


def _keep_what_is_not_content(procedure: Procedure, current: Procedure | None) -> None:
    if current is None:
        procedure.status, procedure.published_at = Procedure.Status.DRAFT, None
        return
    procedure.status, procedure.published_at = current.status, current.published_at
    # With the marks of today the same import, met again, leaves the restored text alone.
    procedure.import_marks = current.import_marks


def _check_code_is_free(procedure: Procedure) -> None:
    other = Procedure.objects.filter(code=procedure.code).exclude(pk=procedure.pk).first() if procedure.code else None
    if other is not None:
        raise NotRestorable(f"Mã {procedure.code} của bản này nay thuộc thủ tục khác: {other.title}.")


def _leave_out_what_is_gone(was: Snapshot) -> list[str]:
    names, lost = _names_of_related([was]), []
    for row in _all_rows(was):
        for field in _links(row):
            target = getattr(row, field.attname)
            if target is not None and (field.related_model, target) not in names:
                lost.append(f"{label(field)} của “{_row_name(row)}” nay không còn nên để trống.")
                setattr(row, field.attname, None)
    was.rows["legal_bases"] = [basis for basis in was.rows["legal_bases"] if basis.document_id]
    return lost


def _store(was: Snapshot) -> None:
    pk = was.procedure.pk
    for name in reversed(PARTS):
        PARTS[name]._default_manager.filter(procedure=pk).exclude(pk__in=[row.pk for row in was.rows[name]]).delete()
    was.procedure.save()
    for name in PARTS:
        for row in was.rows[name]:
            row.save()


def _row_name(row: models.Model) -> str:
    return row.title if isinstance(row, Procedure) else getattr(row, "name", "") or str(row._meta.verbose_name)


def _all_rows(snapshot: Snapshot) -> Iterable[models.Model]:
    return chain([snapshot.procedure], *snapshot.rows.values())


def _links(row: models.Model) -> list[models.ForeignKey]:
    return [
        field
        for field in row._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.name not in _NOT_COMPARED
    ]


def _names_of_related(snapshots: Iterable[Snapshot]) -> dict[tuple[Any, Any], str]:
    """Return the names of all rows that the snapshots point to; one query a model for those not at hand."""
    wanted: dict[type[models.Model], set[Any]] = {}
    names: dict[tuple[Any, Any], str] = {}
    for each in snapshots:
        names.update({(DossierCase, case.pk): str(case) for case in each.rows["cases"]})
        for row in _all_rows(each):
            for field in _links(row):
                if field.is_cached(row):
                    names[field.related_model, getattr(row, field.attname)] = str(getattr(row, field.name))
                else:
                    wanted.setdefault(field.related_model, set()).add(getattr(row, field.attname))
    for model, pks in wanted.items():
        if model is not DossierCase:
            names.update({(model, pk): str(row) for pk, row in model._default_manager.in_bulk(pks - {None}).items()})
    return names


def _described(snapshot: Snapshot, names: Mapping[tuple[Any, Any], str], without: Set[str]) -> dict[str, list[str]]:
    """Return the lines of each part of the record under its Vietnamese label."""
    described = {}
    for field in _compared_fields(snapshot.procedure):
        if field.name in without:
            continue
        described[label(field)] = shown(snapshot.procedure, field, names).splitlines()
    for name, model in PARTS.items():
        head = str(model._meta.verbose_name_plural)
        described[head[:1].upper() + head[1:]] = [_row_line(row, names) for row in snapshot.rows[name]]
    return described


def _compared_fields(row: models.Model) -> list[models.Field]:
    return [field for field in row._meta.concrete_fields if field.name not in _NOT_COMPARED]


def _row_line(row: models.Model, names: Mapping[tuple[Any, Any], str]) -> str:
    parts = []
    for field in _compared_fields(row):
        if text := " ".join(shown(row, field, names).split()):
            parts.append(f"{label(field)}: {text}")
    return "; ".join(parts)
