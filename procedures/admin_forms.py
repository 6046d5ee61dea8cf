"""What staff type about procedures, and all that can be said beside a field."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any
from zipfile import BadZipFile, ZipFile

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Max, Model
from django.http import QueryDict

from portal.text import tidy
from procedures import history
from procedures.models import DossierCase, DossierItem, FormFile, Procedure

CASE_NAMES = "case-names"  # the list of the page that offers the procedure's cases
# How much is usually written there; the others are a line or two.
ROWS_OF_TEXT = {"steps": 14, "requirements": 5, "results": 3, "synonyms": 4}
MEGABYTE = 1024 * 1024
FORM_FILE_LIMIT = 10 * MEGABYTE
# All files of one upload together: some thousand records, which a person can wait for. More than
# that is for `manage.py import_procedures`.
IMPORT_LIMIT = 5 * MEGABYTE
IMPORT_FILES = 50
IMPORT_SUFFIXES = (".xlsx", ".csv", ".json", ".txt", ".md")

_PDF, _OLE, _ZIP = b"%PDF-", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
# How a file begins, and which member makes a zip one of that kind.
FORM_FILE_KINDS: dict[str, tuple[bytes, str]] = {
    ".pdf": (_PDF, ""),
    ".doc": (_OLE, ""),
    ".xls": (_OLE, ""),
    ".docx": (_ZIP, "word/document.xml"),
    ".xlsx": (_ZIP, "xl/workbook.xml"),
    ".odt": (_ZIP, "content.xml"),
}


class KnownAutocomplete(AutocompleteSelect):
    """An autocomplete that is told the names of what is chosen, instead of asking for each row."""

    known: Mapping[str, str] = {}

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        chosen = [str(one) for one in value if one]
        if not chosen or any(one not in self.known for one in chosen):
            return super().optgroups(name, value, attr) if chosen else self._options(name, [])
        return self._options(name, chosen)

    def _options(self, name: str, chosen: list[str]) -> Any:
        options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        options += [self.create_option(name, pk, self.known[pk], True, len(options)) for pk in chosen]
        return [(None, options, 0)]


class ProcedureForm(forms.ModelForm):
    """The record itself; `version` is what was stored when the person opened the form."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Procedure
        fields = "__all__"  # noqa: DJ007  the admin's fieldsets name them

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = ROWS_OF_TEXT.get(name, 2)
        self.changed_meanwhile: list[history.Change] = []
        if self.instance.pk:
            self.initial["version"] = history.latest_number(self.instance.pk)

    def clean_code(self) -> str | None:
        return self.cleaned_data.get("code") or None

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        self._refuse_what_publication_needs()
        self._refuse_to_overwrite_unseen()
        return cleaned

    def _refuse_what_publication_needs(self) -> None:
        if not self.instance.is_published:
            return
        if not self.cleaned_data.get("code") and "code" not in self.errors:
            self.add_error("code", ValidationError("Thủ tục đã công khai phải có mã.", code="published"))
        if not self.cleaned_data.get("short_name") and "short_name" not in self.errors:
            self.add_error("short_name", ValidationError("Thủ tục đã công khai phải có tên ngắn.", code="published"))

    def _refuse_to_overwrite_unseen(self) -> None:
        seen, latest = self.cleaned_data.get("version"), self.initial.get("version")
        if not self.instance.pk or seen == latest:
            return
        # Shown again, the form knows of the change, so that the next save is a decision.
        data: Any = self.data
        self.data = data = data.copy()
        data[self.add_prefix("version")] = latest
        self.add_error(None, ValidationError(self._who_changed_what(seen or 0), code="changed_meanwhile"))

    def _who_changed_what(self, seen: int) -> str:
        later = list(history.versions(self.instance.pk).filter(pk__gt=seen))
        opened = history.versions(self.instance.pk).filter(pk=seen).first()
        if opened and later:
            self.changed_meanwhile = history.compare(history.snapshot(opened), history.snapshot(later[0]))
        people = sorted({str(version.revision.user or "lần nhập dữ liệu") for version in later})
        parts = ", ".join(change.label for change in self.changed_meanwhile)
        return (
            f"Trong lúc đang sửa, thủ tục này đã được lưu bởi {', '.join(people) or 'người khác'}"
            + (f" (thay đổi: {parts})" if parts else "")
            + ". Nội dung vừa nhập vẫn còn ở dưới. Đối chiếu rồi bấm lưu lần nữa nếu muốn giữ nội dung vừa nhập."
        )


class RowFormSet(forms.BaseInlineFormSet):
    """Rows that somebody else may have added or deleted while they were being edited.

    What the person typed is shown again beside what is stored now, so that the next save is a
    decision about all of it. The names of chosen documents and forms are known from the one query
    that fetched the rows.
    """

    links: tuple[str, ...] = ()

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        if data is not None and self.instance.pk:
            self.data = _with_stored_rows(data, self)

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        for name in self.links:
            widget: Any = form.fields[name].widget
            widget = getattr(widget, "widget", widget)  # The admin puts its add link around it.
            row = getattr(form.instance, name) if form.instance.pk else None
            widget.known = {str(row.pk): str(row)} if row else {}


class ItemFormSet(RowFormSet):
    links = ("form",)

    def save(self, commit: bool = True) -> list[Any]:
        saved = super().save(commit)
        if commit:
            # A case is only there for its papers.
            self.instance.cases.filter(items=None).delete()
        return saved


class BasisFormSet(RowFormSet):
    links = ("document",)


class ItemForm(forms.ModelForm):
    """A paper; its case is chosen or typed, and a new name makes the case."""

    case_name = forms.CharField(
        label="trường hợp",
        required=False,
        widget=forms.TextInput(attrs={"list": CASE_NAMES}),
        help_text="Để trống khi trường hợp nào cũng cần. Tên mới sẽ tạo trường hợp mới.",
    )

    class Meta:
        model = DossierItem
        fields = ["case_name", "name", "originals", "copies", "form", "note", "order"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.case:
            self.initial["case_name"] = self.instance.case.name

    def clean_case_name(self) -> str:
        return tidy(self.cleaned_data["case_name"])

    def save(self, commit: bool = True) -> DossierItem:
        if "case_name" in self.changed_data:
            self.instance.case = self._case(self.cleaned_data["case_name"])
        return super().save(commit)

    def _case(self, name: str) -> DossierCase | None:
        if not name:
            return None
        cases = DossierCase.objects.filter(procedure=self.instance.procedure)
        found = cases.filter(name=name).first()
        if found is None:
            last = cases.aggregate(last=Max("order"))["last"] or 0
            found = DossierCase.objects.create(procedure=self.instance.procedure, name=name, order=last + 1)
        return found


def _with_stored_rows(data: QueryDict, formset: RowFormSet) -> QueryDict:
    """Return the typed rows, in this order: still stored, added by others, deleted by others, new."""
    prefix, pk_name = formset.prefix, _pk_name(formset)
    total, initial = _whole(data.get(f"{prefix}-TOTAL_FORMS")), _whole(data.get(f"{prefix}-INITIAL_FORMS"))
    # A broken or absurd count is for the formset itself to refuse.
    if total is None or initial is None or not initial <= total <= formset.absolute_max:
        return data
    stored = {str(row.pk): row for row in formset.get_queryset()}
    rows = [_typed_row(data, f"{prefix}-{index}-") for index in range(total)]
    kept = [row for row in rows[:initial] if row.get(pk_name, [""])[0] in stored]
    gone = [{**row, pk_name: [""]} for row in rows[:initial] if row not in kept and "DELETE" not in row]
    typed = {row[pk_name][0] for row in kept}
    others = [_stored_row(formset, row) for pk, row in stored.items() if pk not in typed]
    if not others and len(kept) == initial:
        return data
    merged = data.copy()
    for key in data:
        if key.startswith(f"{prefix}-") and key.removeprefix(f"{prefix}-").partition("-")[0].isdigit():
            del merged[key]
    for index, row in enumerate([*kept, *others, *gone, *rows[initial:]]):
        for name, values in row.items():
            merged.setlist(f"{prefix}-{index}-{name}", values)
    merged[f"{prefix}-TOTAL_FORMS"] = str(len(kept) + len(others) + len(gone) + total - initial)
    merged[f"{prefix}-INITIAL_FORMS"] = str(len(kept) + len(others))
    return merged


def _pk_name(formset: RowFormSet) -> str:
    model: Any = formset.model
    return model._meta.pk.name


def _typed_row(data: QueryDict, start: str) -> dict[str, list[str]]:
    return {key.removeprefix(start): data.getlist(key) for key in data if key.startswith(start)}


def _stored_row(formset: RowFormSet, row: Model) -> dict[str, list[str]]:
    """Return the row as a browser would send it back untouched."""
    sent = {_pk_name(formset): [str(row.pk)], formset.fk.name: [str(formset.instance.pk)]}
    for bound in formset.form(instance=row):
        value = bound.field.widget.format_value(bound.value())
        sent[bound.name] = ["" if one is None else str(one) for one in (value if isinstance(value, list) else [value])]
    return sent


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None


class FormFileForm(forms.ModelForm):
    class Meta:
        model = FormFile
        fields = ["name", "file", "url"]

    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        if isinstance(file, UploadedFile):
            check_form_file(file)
        return file

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.errors and not self.cleaned_data.get("file") and not self.cleaned_data.get("url"):
            raise ValidationError("Chọn tệp hoặc ghi địa chỉ tải của mẫu.", code="nowhere")
        return cleaned


def check_form_file(file: UploadedFile) -> None:
    """Refuse a file that is too large, or is not by its content what its name says."""
    suffix = PurePath(file.name or "").suffix.casefold()
    if suffix not in FORM_FILE_KINDS:
        kinds = ", ".join(kind.removeprefix(".").upper() for kind in FORM_FILE_KINDS)
        raise ValidationError(f"Tệp “{file.name}” không dùng được; dùng {kinds}.", code="kind")
    if (file.size or 0) > FORM_FILE_LIMIT:
        raise ValidationError(f"Tệp “{file.name}” lớn hơn {FORM_FILE_LIMIT // MEGABYTE} MB.", code="size")
    if not _is_what_it_says(file, *FORM_FILE_KINDS[suffix]):
        raise ValidationError(
            f"Nội dung tệp “{file.name}” không phải {suffix.removeprefix('.').upper()}; mở và lưu lại rồi chọn lại.",
            code="content",
        )


def _is_what_it_says(file: UploadedFile, beginning: bytes, member: str) -> bool:
    file.seek(0)
    if file.read(len(beginning)) != beginning:
        return False
    try:
        file.seek(0)
        return not member or member in ZipFile(file).namelist()
    except BadZipFile:
        return False
    finally:
        file.seek(0)


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, (list, tuple)) else [data]
        return [super(ManyFilesField, self).clean(file, initial) for file in files or [None]]


class KeepOursForm(forms.Form):
    """Why what is public stays although a source says something else."""

    reason = forms.CharField(
        label="Lý do giữ bản của Sở",
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text="Ví dụ: CSDL quốc gia chưa cập nhật Quyết định 1234/QĐ-UBND.",
        error_messages={"required": "Ghi lý do giữ bản của Sở."},
    )

    def clean_reason(self) -> str:
        return tidy(self.cleaned_data["reason"])


class ImportForm(forms.Form):
    files = ManyFilesField(  # type: ignore[assignment]  # Django's own name for something else on the class
        label="Tệp cần nhập",
        help_text=f"XLSX, CSV, JSON, TXT hoặc MD; chọn được nhiều tệp, tổng cộng tối đa {IMPORT_LIMIT // MEGABYTE} MB.",
        error_messages={"required": "Chọn ít nhất một tệp.", "empty": "Tệp này trống; chọn tệp khác."},
        widget=ManyFilesInput(attrs={"accept": ",".join(IMPORT_SUFFIXES)}),
    )

    def clean_files(self) -> list[UploadedFile]:
        files: list[UploadedFile] = self.cleaned_data["files"]
        problems = list(_problems_of(files))
        if problems:
            raise ValidationError(problems)
        return files


def _problems_of(files: list[UploadedFile]) -> Iterable[ValidationError]:
    for file in files:
        if not str(file.name).casefold().endswith(IMPORT_SUFFIXES):
            kinds = ", ".join(suffix.removeprefix(".").upper() for suffix in IMPORT_SUFFIXES)
            yield ValidationError(f"Tệp “{file.name}” không đọc được; dùng {kinds}.", code="kind")
    names = [str(file.name) for file in files]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield ValidationError(f"Có hai tệp cùng tên “{name}”; đổi tên một tệp.", code="same_name")
    if len(files) > IMPORT_FILES:
        yield ValidationError(f"Chọn nhiều nhất {IMPORT_FILES} tệp mỗi lần.", code="count")
    if sum(file.size or 0 for file in files) > IMPORT_LIMIT:
        yield ValidationError(
            f"Các tệp cộng lại lớn hơn {IMPORT_LIMIT // MEGABYTE} MB; chia thành nhiều lần nhập.", code="size"
        )
