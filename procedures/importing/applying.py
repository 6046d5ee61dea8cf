"""Make the catalogue say what a record says: compare, then change only what differs."""

import json
from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

import reversion
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models, transaction

from portal.models import User
from portal.text import fold
from procedures.importing import bases, keeping, labels, short_names
from procedures.importing.records import BasisRecord, FeeRecord, FormRecord, ItemRecord, MethodRecord, Problem, Record
from procedures.models import (
    CODE,
    SHORT_NAME_LENGTH,
    DossierCase,
    DossierItem,
    Fee,
    Field,
    FormFile,
    LegalBasis,
    LegalDocument,
    Procedure,
    SourceRecord,
    SubmissionMethod,
)

# Parts of the record that go into columns of the same name.
COLUMNS = (
    "name",
    "regulation_kind",
    "audience",
    "online_level",
    "portal_url",
    "steps",
    "requirements",
    "dossier_sets",
    "results",
    "executing_agency",
    "competent_agency",
    "delegated_agency",
    "coordinating_agencies",
    "receiving_address",
    "keywords",
    "synonyms",
    "decision_number",
    "decision_on",
    "in_force_from",
    "in_force_to",
)
LEVELS = ("ministry", "province", "district", "commune", "other")
# Parts that are not one column of the procedure.
PART_LABELS = {
    "short_name": "tên ngắn",
    "field": "lĩnh vực",
    "levels": "cấp thực hiện",
    "methods": "cách thức thực hiện",
    "fees": "phí, lệ phí",
    "items": "thành phần hồ sơ",
    "legal_bases": "căn cứ pháp lý",
}

BAD_CODE = (
    "Mã “{}” không đúng dạng 1.001786 hoặc 1.001786.000.00.00.H06. Kiểm tra lại mã trên Cổng Dịch vụ công quốc gia."
)
NO_NAME = "Nguồn không ghi tên thủ tục và danh mục chưa có thủ tục mang mã này. Bổ sung tên rồi nhập lại."
NAME_TAKEN = "Nguồn không ghi mã, còn danh mục đã có thủ tục cùng tên mang mã {}. Ghi mã vào nguồn rồi nhập lại."
NAME_TWICE = "Nguồn không ghi mã và danh mục có nhiều bản nháp cùng tên. Ghi mã vào nguồn rồi nhập lại."


@dataclass
class Change:
    """One part that an import changes, as the person who checks it reads it."""

    label: str
    old: str
    new: str
    part: str = ""  # of the record, e.g. "steps"; one part may change several columns


@dataclass
class Outcome:
    # "new", "changed", "unchanged", or "proposed": what differs from a published procedure is kept for the office.
    kind: str
    procedure: Procedure  # not stored where a dry run meets a new one
    changes: list[Change] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


class Refused(Exception):
    """The record cannot be taken; nothing of it was stored."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(problem.reason for problem in problems))
        self.problems = problems


def apply(record: Record, *, at: datetime, dry_run: bool = False, by: User | None = None) -> Outcome:
    """Take one record into the catalogue, whole or not at all.

    `at` names the run: a record that the same source gave in its run before this one is not
    applied again, so that what staff edited since stays. A published procedure is not touched:
    what differs is kept for the office (see `procedures.reconciling`). Nothing is stored in a dry run.
    """
    with transaction.atomic():
        procedure = _find(record)
        mark = digest(record)
        seen = procedure.pk and _seen_before(procedure, record.source, mark, at)
        # One that was published before records were kept is compared all the same.
        if seen and (not procedure.is_published or keeping.is_kept(procedure, record)):
            if not dry_run:
                _remember(procedure, record.source, mark, at)
            return Outcome("unchanged", procedure)
        if procedure.is_published:
            return _propose(procedure, record, mark, at=at, dry_run=dry_run)
        is_new = procedure.pk is None
        plan = _Plan(procedure, record)
        if dry_run:
            return Outcome(_kind(is_new, plan.changes), procedure, plan.changes, plan.warnings)
        if is_new or plan.changes:
            _mark(procedure, record.source, mark, at)
            _store(plan, at=at, by=by)
        else:
            _remember(procedure, record.source, mark, at)
        if keeping.origin(record) == SourceRecord.Origin.NATIONAL:
            kept, whole = keeping.beside(procedure, record, is_new=is_new)
            kept.judge([])
            keeping.store(kept, whole, mark if whole is record else digest(whole), at=at)
    return Outcome(_kind(is_new, plan.changes), procedure, plan.changes, plan.warnings)


def take_over(procedure: Procedure, record: Record, *, at: datetime, by: User | None) -> Outcome:
    """Apply a record whose differences from a published procedure somebody has read and agreed to."""
    with transaction.atomic():
        plan = _Plan(procedure, record)
        if plan.changes:
            _store(plan, at=at, by=by)
    return Outcome(_kind(False, plan.changes), plan.procedure, plan.changes, plan.warnings)


def changes(procedure: Procedure, record: Record) -> list[Change]:
    """Return what the record says differently of the procedure, which stays as it is."""
    return _Plan(copy(procedure), record).changes


def parts_of(changed: Iterable[Change]) -> list[str]:
    """Return the parts of the record that the changes belong to, each once."""
    return list(dict.fromkeys(change.part for change in changed))


def part_label(part: str) -> str:
    return PART_LABELS.get(part) or _label(Procedure, part)


def _store(plan: "_Plan", *, at: datetime, by: User | None) -> None:
    # One look at the record when all its rows are stored, not one at each of them.
    with reversion.create_revision(manage_manually=True):
        reversion.set_comment(f"Nhập dữ liệu ({plan.record.source})")
        reversion.set_date_created(at)
        if by:
            reversion.set_user(by)
        plan.store()
        reversion.add_to_revision(plan.procedure)


def _propose(procedure: Procedure, record: Record, mark: str, *, at: datetime, dry_run: bool) -> Outcome:
    """Keep the record beside a published procedure, for the office to take or to leave."""
    plan = _Plan(copy(procedure), record)
    kept, whole = keeping.beside(procedure, record)
    differing = parts_of(plan.changes if whole == record else changes(procedure, whole))
    newly_said = keeping.newly_said(kept, whole)
    known = [] if kept.state == SourceRecord.State.SAME else kept.differing
    kept.kept_parts = [part for part in kept.kept_parts if part not in newly_said]
    kept.judge(differing)
    is_news = any(part in newly_said or part not in known for part in differing)
    if not dry_run:
        _remember(procedure, record.source, mark, at)
        # A file of our own is kept only for what it would change.
        if kept.pk or differing or keeping.origin(record) == SourceRecord.Origin.NATIONAL:
            keeping.store(kept, whole, digest(whole), at=at)
    kind = "proposed" if plan.changes and is_news else "unchanged"
    return Outcome(kind, procedure, plan.changes if kind == "proposed" else [], plan.warnings)


def digest(record: Record) -> str:
    """Return a short mark of all that the record says, wherever it was found."""
    content = {name: value for name, value in asdict(record).items() if name not in {"file", "position", "synced_at"}}
    text = json.dumps(content, sort_keys=True, default=str, ensure_ascii=False)
    return sha256(text.encode()).hexdigest()[:16]


def _kind(is_new: bool, changes: list[Change]) -> str:
    if is_new:
        return "new"
    return "changed" if changes else "unchanged"


def _problem(record: Record, field_name: str, reason: str, *, warning: bool = False) -> Problem:
    return Problem(record.file, record.position, field_name, reason, record.code or "", warning)


def _find(record: Record) -> Procedure:
    """Return the procedure that the record is about, or a new one that is not stored yet."""
    if record.code:
        if not CODE.fullmatch(record.code):
            raise Refused([_problem(record, "Mã thủ tục", BAD_CODE.format(record.code))])
        found = Procedure.objects.select_for_update().filter(code=record.code).first()
        if found:
            return found
    if not record.name:
        raise Refused([_problem(record, "Tên thủ tục", NO_NAME)])
    if record.code:
        return Procedure(code=record.code, name=record.name)
    return _find_by_name(record, record.name)


def _find_by_name(record: Record, name: str) -> Procedure:
    same = list(Procedure.objects.filter(name__iexact=name).only("pk", "code")[:10])
    coded = [procedure.code for procedure in same if procedure.code]
    if coded:
        raise Refused([_problem(record, "Mã thủ tục", NAME_TAKEN.format(", ".join(coded)))])
    if len(same) > 1:
        raise Refused([_problem(record, "Mã thủ tục", NAME_TWICE)])
    return Procedure.objects.get(pk=same[0].pk) if same else Procedure(name=name)


def _seen_before(procedure: Procedure, source: str, mark: str, at: datetime) -> bool:
    """Tell whether the source gave this very record in its last run before the one of `at`."""
    seen = procedure.import_marks.get(source)
    if not seen:
        return False
    return mark in (seen["before"] if seen["run"] == at.isoformat() else seen["now"])


def _remember(procedure: Procedure, source: str, mark: str, at: datetime) -> None:
    """Store the mark alone: nothing that anybody sees has changed, so no version and no work for the index."""
    _mark(procedure, source, mark, at)
    Procedure.objects.filter(pk=procedure.pk).update(import_marks=procedure.import_marks)


def _mark(procedure: Procedure, source: str, mark: str, at: datetime) -> None:
    """Note on the procedure that the source gave the record in the run of `at`."""
    run = at.isoformat()
    seen = procedure.import_marks.get(source) or {"run": run, "now": [], "before": []}
    if seen["run"] != run:
        seen = {"run": run, "now": [], "before": seen["now"]}
    if mark not in seen["now"]:
        seen["now"] = [*seen["now"], mark]
    procedure.import_marks = {**procedure.import_marks, source: seen}


class _Plan:
    """What has to change in one procedure; found first, stored afterwards."""

    def __init__(self, procedure: Procedure, record: Record) -> None:
        self.procedure = procedure
        self.record = record
        self.changes: list[Change] = []
        self.warnings: list[Problem] = []
        self._stores: list[Callable[[], None]] = []
        self._columns()
        self._short_name()
        self._field()
        self._flags()
        self._methods()
        self._fees()
        self._items()
        self._bases()
        # Not a change by itself: it says when, not what.
        if record.synced_at:
            procedure.synced_at = record.synced_at

    def store(self) -> None:
        self.procedure.save()
        for store in self._stores:
            store()

    def _warn(self, label: str, reason: str) -> None:
        self.warnings.append(_problem(self.record, label, reason, warning=True))

    def _changed(self, part: str, label: str, old: object, new: object) -> None:
        self.changes.append(Change(label, _shown(old), _shown(new), part))

    def _set(self, column: str, value: Any, part: str = "") -> None:
        old = getattr(self.procedure, column)
        if old != value:
            setattr(self.procedure, column, value)
            choices = dict(getattr(Procedure._meta.get_field(column), "flatchoices", ()))
            shown = [choices.get(one, one) for one in (old, value)]
            self._changed(part or column, _label(Procedure, column), *shown)

    def _columns(self) -> None:
        for column in COLUMNS:
            value = getattr(self.record, column)
            if value is not None and self._fits(column, value):
                self._set(column, value)
        start, end = self.procedure.in_force_from, self.procedure.in_force_to
        if start and end and end < start:
            reason = "Ngày hết hiệu lực không được trước ngày có hiệu lực. Sửa ngày rồi nhập lại."
            raise Refused([_problem(self.record, _label(Procedure, "in_force_to"), reason)])

    def _fits(self, column: str, value: Any) -> bool:
        limit = getattr(Procedure._meta.get_field(column), "max_length", None)
        if column == "portal_url" and value:
            try:
                URLValidator(schemes=["http", "https"])(value)
            except ValidationError:
                self._warn(_label(Procedure, column), "Địa chỉ không đúng dạng nên không được lấy.")
                return False
        if isinstance(value, str) and limit and len(value) > limit:
            self._warn(_label(Procedure, column), f"Nội dung dài quá {limit} chữ cái nên không được lấy.")
            return False
        return column != "name" or bool(value)

    def _short_name(self) -> None:
        given = self.record.short_name
        if given and len(given) > SHORT_NAME_LENGTH:
            self._warn("tên ngắn", f"Tên ngắn dài quá {SHORT_NAME_LENGTH} chữ cái nên không được lấy.")
        elif given:
            self.procedure.short_name_proposed = False
            self._set("short_name", given)
            return
        # What is public says its unconfirmed short name until it gets another name.
        renamed = not self.procedure.is_published or any(change.part == "name" for change in self.changes)
        if (renamed and self.procedure.short_name_proposed) or not self.procedure.short_name:
            self.procedure.short_name_proposed = True
            self._set("short_name", short_names.propose(self.procedure.name), "name")

    def _field(self) -> None:
        name = self.record.field
        if not name:
            return
        if len(name) > 200:
            self._warn("lĩnh vực", "Tên lĩnh vực dài quá 200 chữ cái nên không được lấy.")
            return
        found = _find_field(name)
        if found and found.pk == self.procedure.field_id:
            return
        self._changed("field", PART_LABELS["field"], self.procedure.field or "", found or name)

        def store() -> None:
            self.procedure.field = found or Field.objects.create(name=name)

        if found:
            self.procedure.field = found
        else:
            self._before_saving(store)

    def _before_saving(self, store: Callable[[], None]) -> None:
        def store_and_save() -> None:
            store()
            self.procedure.save(update_fields=["field"])

        self._stores.append(store_and_save)

    def _flags(self) -> None:
        flags: dict[str, bool] = {}
        if self.record.levels is not None:
            flags |= {f"at_{level}": level in self.record.levels for level in LEVELS}
        if self.record.audience is not None:
            flags |= labels.audience_flags(self.record.audience)
        for column, value in flags.items():
            self._set(column, value, "levels" if column.startswith("at_") else "audience")

    def _methods(self) -> None:
        if self.record.methods is not None:
            columns = ("channel", "time_limit", "time_unit", "time_text", "description")
            self._rows(SubmissionMethod, "methods", columns, self.record.methods, _method_shown)

    def _fees(self) -> None:
        if self.record.fees is not None:
            columns = ("kind", "state", "amount", "note", "channel", "valid_from", "valid_to")
            self._rows(Fee, "fees", columns, self.record.fees, _fee_shown)

    def _rows(
        self,
        model: type[models.Model],
        name: str,
        columns: tuple[str, ...],
        wanted: Iterable[Any],
        shown: Callable[[Any], str],
    ) -> None:
        """Replace the rows of one part where they differ from those of the record."""
        present = list(getattr(self.procedure, name).all()) if self.procedure.pk else []
        wanted = list(wanted)
        if [_values(row, columns) for row in present] == [_values(row, columns) for row in wanted]:
            return
        self._changed(name, PART_LABELS[name], _list(map(shown, present)), _list(map(shown, wanted)))

        def store() -> None:
            if present:
                getattr(self.procedure, name).all().delete()
            rows = [
                model(procedure=self.procedure, order=order, **dict(zip(columns, _values(row, columns), strict=True)))
                for order, row in enumerate(wanted)
            ]
            model._default_manager.bulk_create(rows)

        self._stores.append(store)

    def _items(self) -> None:
        wanted = self.record.items
        if wanted is None:
            return
        present: list[DossierItem] = []
        if self.procedure.pk:
            present = list(self.procedure.items.select_related("case", "form"))
        if [_item_values(row) for row in present] == [_item_values(row) for row in wanted]:
            return
        shown = [_list(map(_item_shown, rows)) for rows in (present, wanted)]
        self._changed("items", PART_LABELS["items"], *shown)
        forms = {(form.name, form.url): form for form in (row.form for row in present) if form}
        self._stores.append(lambda: self._store_items(wanted, forms))

    def _store_items(self, wanted: list[ItemRecord], forms: dict[tuple[str, str], FormFile]) -> None:
        self.procedure.items.all().delete()
        self.procedure.cases.all().delete()
        case_names = dict.fromkeys(item.case for item in wanted if item.case)
        cases = {
            name: DossierCase.objects.create(procedure=self.procedure, name=name, order=order)
            for order, name in enumerate(case_names)
        }
        _find_forms([item.form for item in wanted if item.form], forms)
        DossierItem.objects.bulk_create(
            DossierItem(
                procedure=self.procedure,
                case=cases.get(item.case),
                name=item.name,
                originals=item.originals,
                copies=item.copies,
                form=forms[item.form.name, item.form.url] if item.form else None,
                note=item.note,
                order=order,
            )
            for order, item in enumerate(wanted)
        )

    def _bases(self) -> None:
        if self.record.legal_bases is None:
            return
        wanted = self._usable_bases(self.record.legal_bases)
        present: list[str] = []
        if self.procedure.pk:
            present = [basis.document.number for basis in self.procedure.legal_bases.select_related("document")]
        if [number.casefold() for number in present] != [basis.number.casefold() for basis in wanted]:
            shown = [_list(present), _list(basis.number for basis in wanted)]
            self._changed("legal_bases", PART_LABELS["legal_bases"], *shown)
            self._stores.append(lambda: self._store_bases(wanted))

    def _usable_bases(self, found: list[BasisRecord]) -> list[BasisRecord]:
        kept: dict[str, BasisRecord] = {}
        for basis in found:
            if len(basis.number) > 100 or not bases.names_a_document(basis.number):
                given = shortened(basis.number or basis.title, 80)
                reason = f"Không nhận ra số, ký hiệu văn bản trong “{given}” nên bỏ qua."
                self._warn("căn cứ pháp lý", reason)
            else:
                kept.setdefault(basis.number.casefold(), basis)
        return list(kept.values())

    def _store_bases(self, wanted: list[BasisRecord]) -> None:
        self.procedure.legal_bases.all().delete()
        documents = _find_documents(wanted)
        LegalBasis.objects.bulk_create(
            LegalBasis(procedure=self.procedure, document=documents[basis.number.casefold()], order=order)
            for order, basis in enumerate(wanted)
        )


def _find_field(name: str) -> Field | None:
    """Return the lĩnh vực of that name, however its letters and marks are set."""
    found = Field.objects.filter(name=name).first()
    if found:
        return found
    folded = fold(name)
    return next((one for one in Field.objects.all() if fold(one.name) == folded), None)


def _find_forms(wanted: list[FormRecord], known: dict[tuple[str, str], FormFile]) -> None:
    """Add to `known` the forms that are wanted, found by name and address or made.

    A form without an address is the procedure's own: others may have another file of that name.
    """
    missing = [form for form in wanted if (form.name, form.url) not in known]
    addresses = [form.url for form in missing if form.url]
    for file in FormFile.objects.filter(url__in=addresses) if addresses else ():
        known.setdefault((file.name, file.url), file)
    for form in missing:
        if (form.name, form.url) not in known:
            known[form.name, form.url] = FormFile.objects.create(name=form.name, url=form.url)


def _find_documents(wanted: list[BasisRecord]) -> dict[str, LegalDocument]:
    """Return the văn bản by number in small letters; made where missing, completed where they say less."""
    numbers = [basis.number for basis in wanted]
    found = {document.number.casefold(): document for document in LegalDocument.objects.filter(number__in=numbers)}
    for basis in wanted:
        known = found.get(basis.number.casefold()) or LegalDocument.objects.filter(number__iexact=basis.number).first()
        found[basis.number.casefold()] = _completed(known, basis) if known else _new_document(basis)
    return found


def _new_document(basis: BasisRecord) -> LegalDocument:
    return LegalDocument.objects.create(
        number=basis.number,
        kind=bases.kind_of(basis.number),
        title=basis.title,
        issuer=basis.issuer[:200],
        issued_on=basis.issued_on,
    )


def _completed(document: LegalDocument, basis: BasisRecord) -> LegalDocument:
    given = {"title": basis.title, "issuer": basis.issuer[:200], "issued_on": basis.issued_on}
    more = {name: value for name, value in given.items() if value and not getattr(document, name)}
    if more:
        for name, value in more.items():
            setattr(document, name, value)
        document.save(update_fields=list(more))
    return document


def _values(row: Any, columns: tuple[str, ...]) -> tuple:
    return tuple(getattr(row, column) for column in columns)


def _item_values(row: DossierItem | ItemRecord) -> tuple:
    case = row.case.name if isinstance(row.case, DossierCase) else row.case or ""
    form = (row.form.name, row.form.url) if row.form else None
    return row.name, case, row.originals, row.copies, form, row.note


def _label(model: type[models.Model], column: str) -> str:
    return str(getattr(model._meta.get_field(column), "verbose_name", column))


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else str(value)


def shortened(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def _list(lines: Iterable[str]) -> str:
    return "\n".join(lines)


def _method_shown(row: SubmissionMethod | MethodRecord) -> str:
    channel = SubmissionMethod.Channel(row.channel).label
    limit = row.time_text
    if row.time_limit is not None:
        number = f"{Decimal(row.time_limit).normalize():f}".replace(".", ",")
        limit = f"{number} {SubmissionMethod.TimeUnit(row.time_unit).label}"
    return _joined(f"{channel}: {limit}" if limit else str(channel), row.description)


def _fee_shown(row: Fee | FeeRecord) -> str:
    kind, state = Fee.Kind(row.kind).label, Fee.State(row.state)
    value = f"{row.amount:,} đồng".replace(",", ".") if row.amount else state.label
    days = [
        f"từ {row.valid_from:%d/%m/%Y}" if row.valid_from else "",
        f"đến {row.valid_to:%d/%m/%Y}" if row.valid_to else "",
    ]
    channel = SubmissionMethod.Channel(row.channel).label if row.channel else ""
    return _joined(f"{kind}: {value}" + (f" ({row.note})" if row.note else ""), channel, " ".join(filter(None, days)))


def _item_shown(row: DossierItem | ItemRecord) -> str:
    quantity = f" ({row.originals} bản chính, {row.copies or 0} bản sao)" if row.originals is not None else ""
    case = row.case.name if isinstance(row.case, DossierCase) else row.case
    parts = [f"trường hợp {case}" if case else "", f"mẫu {row.form.name}" if row.form else "", row.note]
    return _joined(f"{row.name}{quantity}", *parts)


def _joined(*texts: str) -> str:
    return "; ".join(filter(None, texts))
