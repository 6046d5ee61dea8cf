"""The staff's workplace for the library of documents."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.text import fold
from procedures import documents
from procedures.admin import RowsInline, ShortTextMixin, count_link
from procedures.admin_forms import RowFormSet, check_form_file
from procedures.models import DocumentFile, DocumentRelation, LegalDocument


class DocumentStateFilter(admin.SimpleListFilter):
    title = "hiệu lực hôm nay"
    parameter_name = "hieu-luc"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, label) for value, (_, label) in documents.STATE.values.items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        if self.value() not in documents.STATE.values:
            return None
        question, _ = documents.STATE.values[str(self.value())]
        return getattr(queryset, question)(timezone.localdate())


class RelationFormSet(RowFormSet):
    links = ("target",)


class RelationInline(RowsInline):
    model = DocumentRelation
    fk_name = "document"
    formset = RelationFormSet
    fields = ["kind", "target", "note"]
    autocomplete_fields = ["target"]
    verbose_name_plural = "văn bản này tác động đến"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("target")


class ReverseRelationInline(RowsInline):
    """What the other documents say; entered on their own pages."""

    model = DocumentRelation
    fk_name = "target"
    fields = ["document", "kind", "note"]
    readonly_fields = ["document", "kind", "note"]
    can_delete = False
    verbose_name_plural = "văn bản khác tác động đến văn bản này"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("document", "target")


class DocumentFileForm(forms.ModelForm):
    class Meta:
        model = DocumentFile
        fields = ["title", "file", "text", "order"]

    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        if isinstance(file, UploadedFile):
            check_form_file(file)
        return file


class FileInline(ShortTextMixin, admin.StackedInline):
    model = DocumentFile
    form = DocumentFileForm
    fields = ["title", "file", "text", "order"]
    extra = 0


@admin.register(LegalDocument)
class LegalDocumentAdmin(admin.ModelAdmin):
    inlines = [FileInline, RelationInline, ReverseRelationInline]
    fieldsets = [
        (
            "Số, loại, trích yếu",
            {"fields": ["number", "kind", "title"], "description": "Ghi đúng như trên văn bản, ví dụ 63/2010/NĐ-CP."},
        ),
        ("Ban hành", {"fields": ["issuer", "signer", "issued_on"]}),
        (
            "Hiệu lực",
            {
                "fields": [("valid_from", "valid_to"), "checked_on"],
                "description": "Chưa biết thì để trống; trang công khai sẽ ghi là chưa có thông tin.",
            },
        ),
        ("Ghi chú", {"fields": ["note"]}),
    ]
    list_display = ["number", "kind", "short_title", "issuer", "issued_on", "state", "procedure_count"]
    list_filter = ["kind", DocumentStateFilter, "year"]
    ordering = ["number"]
    list_per_page = 50
    search_fields = ["folded__contains"]
    search_help_text = "Tìm theo số, ký hiệu, trích yếu, cơ quan ban hành; gõ có dấu hay không dấu đều được."

    class Media:
        css = {"all": ["css/admin-procedures.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(procedure_count=Count("legal_bases"))

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        return super().get_search_results(request, queryset, fold(search_term))

    def view_on_site(self, document: LegalDocument) -> str:
        return document.get_absolute_url()

    @admin.display(description="trích yếu")
    def short_title(self, document: LegalDocument) -> str:
        return document.title if len(document.title) <= 120 else f"{document.title[:119]}…"

    @admin.display(description="hiệu lực hôm nay")
    def state(self, document: LegalDocument) -> SafeString:
        status = documents.status(document, timezone.localdate())
        return format_html('<span class="tag tag-{}">{}</span>', status.kind or "unknown", status.label)

    @admin.display(description="thủ tục dùng", ordering="procedure_count")
    def procedure_count(self, document: Any) -> SafeString | str:
        return count_link(document.procedure_count, legal_documents=document.pk)
