"""What a procedure said from day to day: kept whole, cut by changes, read as of any day.

The rows of a procedure are what is in force today. A version is the same content as JSON, from a
day until the next version's day. A change keeps only the parts that it changed, and versions are
cut from these in the order of their days, so that the state on a day never depends on the order in
which decisions were entered. Code, publication and the first and last day belong to the procedure
itself and are not content.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

import reversion
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from portal.models import Unit, User
from procedures.models import (
    DossierCase,
    DossierItem,
    Fee,
    Field,
    FormFile,
    LegalBasis,
    LegalDocument,
    Procedure,
    ProcedureChange,
    ProcedureVersion,
    SubmissionMethod,
)

Content = dict[str, Any]

_NOT_CONTENT = {
    "id",
    "code",
    "status",
    "published_at",
    "in_force_from",
    "in_force_to",
    "import_marks",
    "folded",
    "sort_key",
}
_NOT_OF_A_ROW = {"id", "order"}
# Rows that stand alone; papers and their cases go together.
_SIMPLE_ROWS: dict[str, type[models.Model]] = {"methods": SubmissionMethod, "fees": Fee}
_PAPERS = ("cases", "items")
Kind = ProcedureChange.Kind


# Content.


def freeze(procedure: Procedure) -> Content:
    """Return the content that is stored now, as JSON."""
    stored = Procedure.objects.for_page().get(pk=procedure.pk)
    cases = list(stored.cases.all())
    numbers = {case.pk: number for number, case in enumerate(cases)}
    return {
        "columns": _values(stored, _NOT_CONTENT)
        | {"field": _named(stored.field, "name", "slug"), "unit": _named(stored.unit, "name")},
        **{name: [_values(row) for row in getattr(stored, name).all()] for name in _SIMPLE_ROWS},
        "cases": [case.name for case in cases],
        "items": [
            _values(item)
            | {
                "case": numbers[item.case_id] if item.case_id else None,
                "form": _named(item.form, "name", "url", "file"),
            }
            for item in stored.items.all()
        ],
        "legal_bases": [
            _values(basis) | {"document": _named(basis.document, "number", "title", "slug")}
            for basis in stored.legal_bases.all()
        ],
    }


def thaw(content: Content, like: Procedure | None = None) -> Procedure:
    """Return an unsaved procedure with its rows at hand, for pages and comparisons.

    What is not content (code, first and last day) is taken from `like`.
    """
    columns = content["columns"]
    procedure = Procedure(pk=0, **_read(Procedure, columns))
    procedure.field, procedure.unit = _thaw(Field, columns["field"]), _thaw(Unit, columns["unit"])
    if like is not None:
        for name in _NOT_CONTENT:
            setattr(procedure, name, getattr(like, name))
        # The unit's telephone is that of today.
        if like.field_id == procedure.field_id:
            procedure.field = like.field
        if like.unit_id == procedure.unit_id:
            procedure.unit = like.unit
    for name, rows in _thawed_rows(procedure, content).items():
        _hold(procedure, name, rows)
    return procedure


def difference(old: Content, new: Content) -> Content:
    """Return the parts of the new content that the old one does not have."""
    missing = object()
    columns = {name: value for name, value in new["columns"].items() if old["columns"].get(name, missing) != value}
    patch: Content = {"columns": columns} if columns else {}
    patch |= {name: new[name] for name in (*_SIMPLE_ROWS, "legal_bases") if old[name] != new[name]}
    if any(old[name] != new[name] for name in _PAPERS):
        patch |= {name: new[name] for name in _PAPERS}
    return patch


def patched(content: Content, patch: Content) -> Content:
    """Return the content (or an earlier patch) with the parts of the patch in their places."""
    columns = {**content.get("columns", {}), **patch.get("columns", {})}
    return {**content, **patch, **({"columns": columns} if columns else {})}


# Versions.


def as_of(procedure: Procedure, on: date) -> Procedure | None:
    """Return the procedure as it was, or will be, in force on the day; None where nothing is kept of that day."""
    version = ProcedureVersion.objects.in_force(on).filter(procedure=procedure).first()
    if version is not None:
        return thaw(version.content, procedure)
    # One that was public before versions were kept has none until it is next saved.
    if procedure.versions.exists() or not procedure.is_published or first_day(procedure) > on:
        return None
    return Procedure.objects.for_page().get(pk=procedure.pk)


def first_day(procedure: Procedure) -> date:
    """Return the first day of which anything is kept: that of its coming into force or, unknown, of its publication."""
    if procedure.in_force_from:
        return procedure.in_force_from
    published = procedure.published_at or timezone.now()
    return timezone.localtime(published).date()


def record(procedure: Procedure, *, valid_from: date, change: ProcedureChange | None, at: datetime) -> ProcedureVersion:
    """Keep what is stored now as the version of the day."""
    version, _ = ProcedureVersion.objects.update_or_create(
        procedure_id=procedure.pk,
        valid_from=valid_from,
        defaults={"change": change, "content": freeze(procedure), "stored_at": at, "applied_at": at},
    )
    return version


def keep(procedure: Procedure, *, at: datetime) -> None:
    """Take what is stored now into the version that it belongs to, and carry it into the later ones.

    Called after each save of a public procedure: correcting a record is no change of the procedure.
    """
    current = procedure.versions.exclude(applied_at=None).select_related("change").order_by("-valid_from").first()
    if current is None:
        record(procedure, valid_from=first_day(procedure), change=None, at=at)
    else:
        content = freeze(procedure)
        if current.content != content:
            if current.change and current.change.kind != Kind.NEW:
                current.change.patch = patched(current.change.patch, difference(current.content, content))
                current.change.save(update_fields=["patch"])
            current.content, current.stored_at = content, at
            current.save(update_fields=["content", "stored_at"])
    recut(procedure, at=at)


def recut(procedure: Procedure, *, at: datetime) -> None:
    """Cut the versions anew out of the first one and the published changes, in the order of their days."""
    base = _base(procedure)
    if base is None:
        return
    changes = _cutting(procedure)
    _move_base(base, procedure, changes)
    content, wanted = base.content, {}
    for day, of_day in groupby(changes, key=lambda change: change.effective_on):
        for change in of_day:
            content = patched(content, change.patch)
            wanted[day] = (change, content)
    others = procedure.versions.exclude(pk=base.pk)
    others.exclude(valid_from__in=wanted).delete()
    present = {version.valid_from: version for version in others}
    for day, (change, content) in wanted.items():
        version = present.get(day) or ProcedureVersion(procedure_id=procedure.pk, valid_from=day)
        if (version.change_id, version.content) != (change.pk, content):
            version.change, version.content, version.stored_at = change, content, at
            version.save()


def settle(procedure: Procedure, *, on: date, by: User | None, at: datetime) -> bool:
    """Make the procedure's own rows say what is in force on the day; tell whether they had to change."""
    due = ProcedureVersion.objects.in_force(on).filter(procedure=procedure).first()
    base = _base(procedure)
    procedure.versions.filter(valid_from__lte=on, applied_at=None).update(applied_at=at)
    later = procedure.versions.filter(valid_from__gt=on)
    (later.exclude(pk=base.pk) if base else later).update(applied_at=None)
    if due is None or not (patch := difference(freeze(procedure), due.content)):
        return False
    with transaction.atomic(), reversion.create_revision():
        stored = Procedure.objects.get(pk=procedure.pk)
        _write(stored, patch)
        reversion.set_comment(_comment(due))
        reversion.set_date_created(at)
        if by is not None:
            reversion.set_user(by)
        reversion.add_to_revision(stored)
    return True


def copy(content: Content) -> Procedure:
    """Store the content as a draft of its own, without a code."""
    draft = Procedure()
    _write(draft, content)
    return draft


def _base(procedure: Procedure) -> ProcedureVersion | None:
    first = procedure.versions.filter(Q(change=None) | Q(change__kind=Kind.NEW))
    return first.order_by("valid_from").first()


def _cutting(procedure: Procedure) -> list[ProcedureChange]:
    """Return the published changes that say something else from their day on, in the order in which they count."""
    changes = ProcedureChange.objects.published().filter(procedure=procedure).exclude(patch={}).for_list()
    return sorted(changes, key=_turn)


def _turn(change: ProcedureChange) -> tuple:
    document = change.decision.document
    return change.effective_on, document.issued_on or change.effective_on, document.number, change.order, change.kind


def _move_base(base: ProcedureVersion, procedure: Procedure, changes: list[ProcedureChange]) -> None:
    """Let the first version begin where the procedure does; what a change amends was there the day before."""
    day = procedure.in_force_from or min(base.valid_from, first_day(procedure))
    if changes:
        day = min(day, changes[0].effective_on - timedelta(days=1))
    if day != base.valid_from:
        procedure.versions.filter(valid_from=day).exclude(pk=base.pk).delete()
        base.valid_from = day
        base.save(update_fields=["valid_from"])


def _comment(version: ProcedureVersion) -> str:
    if version.change is None:
        return "Trở lại nội dung trước thay đổi."
    return f"Áp dụng thay đổi theo văn bản {version.change.decision.document.number}."


# From rows to JSON and back.


def _values(row: models.Model, without: Iterable[str] = _NOT_OF_A_ROW) -> Content:
    return {field.name: _plain(getattr(row, field.attname)) for field in _own_columns(type(row), without)}


def _own_columns(model: type[models.Model], without: Iterable[str] = _NOT_OF_A_ROW) -> list[models.Field]:
    return [
        field
        for field in model._meta.concrete_fields
        if field.name not in without and not isinstance(field, models.ForeignKey)
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _named(row: models.Model | None, *names: str) -> Content | None:
    """Return what is needed to show a row that the content points to, even after it is gone."""
    return {"pk": row.pk, **{name: str(getattr(row, name) or "") for name in names}} if row else None


def _read(model: type[models.Model], values: Content, without: Iterable[str] = _NOT_OF_A_ROW) -> Content:
    return {
        field.name: field.to_python(values[field.name])
        for field in _own_columns(model, without)
        if field.name in values
    }


def _thaw(model: type[models.Model], values: Content | None) -> Any:
    return model(**values) if values else None


def _thawed_rows(procedure: Procedure, content: Content) -> dict[str, list[Any]]:
    rows: dict[str, list[Any]] = {
        name: [model(procedure=procedure, **_read(model, values)) for values in content[name]]
        for name, model in _SIMPLE_ROWS.items()
    }
    # Numbers of their own, as the papers point to them.
    rows["cases"] = [
        DossierCase(pk=-number, procedure=procedure, name=name) for number, name in enumerate(content["cases"], 1)
    ]
    rows["items"] = [
        DossierItem(
            procedure=procedure,
            case=None if values["case"] is None else rows["cases"][values["case"]],
            form=_thaw(FormFile, values["form"]),
            **_read(DossierItem, values),
        )
        for values in content["items"]
    ]
    rows["legal_bases"] = [
        LegalBasis(procedure=procedure, document=_thaw(LegalDocument, values["document"]), **_read(LegalBasis, values))
        for values in content["legal_bases"]
    ]
    for of_part in rows.values():
        for order, row in enumerate(of_part):
            row.order = order
    return rows


def _hold(procedure: Procedure, name: str, rows: list[Any]) -> None:
    """Keep the rows where a prefetch would."""
    found = getattr(procedure, name).model._default_manager.all()
    found._result_cache, found._prefetch_done = rows, True
    procedure.__dict__.setdefault("_prefetched_objects_cache", {})[name] = found


def _write(procedure: Procedure, patch: Content) -> None:
    """Store the parts of the patch as the procedure's own rows."""
    columns = patch.get("columns", {})
    for name, value in _read(Procedure, columns, _NOT_CONTENT).items():
        setattr(procedure, name, value)
    if "field" in columns:
        procedure.field = _stored(Field, columns["field"], "name")
    if "unit" in columns:
        procedure.unit = _stored(Unit, columns["unit"], "name")
    procedure.save()
    for name in (*_SIMPLE_ROWS, "legal_bases"):
        if name in patch:
            getattr(procedure, name).all().delete()
    if "items" in patch:
        procedure.items.all().delete()
        procedure.cases.all().delete()
    _write_rows(procedure, patch)


def _write_rows(procedure: Procedure, patch: Content) -> None:
    for name, model in _SIMPLE_ROWS.items():
        model._default_manager.bulk_create(
            model(procedure=procedure, order=order, **_read(model, values))
            for order, values in enumerate(patch.get(name, []))
        )
    cases = [
        DossierCase.objects.create(procedure=procedure, name=name, order=order)
        for order, name in enumerate(patch.get("cases", []))
    ]
    DossierItem.objects.bulk_create(
        DossierItem(
            procedure=procedure,
            order=order,
            case=None if values["case"] is None else cases[values["case"]],
            form=_stored(FormFile, values["form"], "name", "url"),
            **_read(DossierItem, values),
        )
        for order, values in enumerate(patch.get("items", []))
    )
    LegalBasis.objects.bulk_create(
        LegalBasis(
            procedure=procedure,
            order=order,
            document=_stored(LegalDocument, values["document"], "number"),
            **_read(LegalBasis, values),
        )
        for order, values in enumerate(patch.get("legal_bases", []))
    )


def _stored(model: type[models.Model], values: Content | None, *names: str) -> Any:
    """Return the row that was pointed to, or one that says the same; made again where it is gone."""
    if values is None:
        return None
    rows = model._default_manager.all()
    found = rows.filter(pk=values["pk"]).first() or rows.filter(**{name: values[name] for name in names}).first()
    return found or rows.create(**{name: value for name, value in values.items() if name not in {"pk", "slug"}})
