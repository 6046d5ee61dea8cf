"""The staff's workplace for the catalogue."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import reversion
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.admin_site import Task, tasks
from portal.models import SearchMiss, User
from portal.templatetags.vietnamese import viet_date
from portal.text import fold
from procedures import admin_views, deciding, history, publishing, reminders, wording
from procedures.admin_forms import (
    CASE_NAMES,
    BasisFormSet,
    FormFileForm,
    ItemForm,
    ItemFormSet,
    KnownAutocomplete,
    ProcedureForm,
    RowFormSet,
)
from procedures.models import (
    DossierCase,
    DossierItem,
    Fee,
    Field,
    FormFile,
    ImportBatch,
    LegalBasis,
    Procedure,
    ProcedureChange,
    SubmissionMethod,
)

LEVELS = [
    ("at_ministry", "Bộ, trung ương"),
    ("at_province", "Tỉnh"),
    ("at_district", "Huyện"),
    ("at_commune", "Xã"),
    ("at_other", "Cơ quan khác"),
]
ITEM_FIELDS = ["case_name", "name", "originals", "copies", "form", "note", "order"]
# How many refusals an action spells out; the list of incomplete ones holds all of them.
REFUSALS_SHOWN = 10


# The address, the view and the name of pages beside the lists and forms.
Pages = list[tuple[str, Callable[..., HttpResponse], str]]


class FoldedSearchMixin:
    """Searches names without Vietnamese marks, in memory: for tables of some thousand rows."""

    searched: tuple[str, ...] = ("name",)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        words = fold(search_term).split()
        if not words:
            return queryset, False
        rows = queryset.model._default_manager.values_list("pk", *self.searched)
        found = []
        for pk, *texts in rows.iterator():
            text = fold("\n".join(texts))
            if all(word in text for word in words):
                found.append(pk)
        return queryset.filter(pk__in=found), False


class StateFilter(admin.SimpleListFilter):
    title = "hiệu lực hôm nay"
    parameter_name = "tinh-trang"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("dang-ap-dung", "Đang áp dụng"), ("sap-ap-dung", "Sắp áp dụng"), ("het-hieu-luc", "Hết hiệu lực")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        on = timezone.localdate()
        match self.value():
            case "dang-ap-dung":
                return queryset.in_force(on)
            case "sap-ap-dung":
                return queryset.upcoming(on)
            case "het-hieu-luc":
                return queryset.ended(on)
        return None


class CompletenessFilter(admin.SimpleListFilter):
    title = "phần bắt buộc"
    parameter_name = "bat-buoc"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("thieu", "Còn thiếu"), ("du", "Đã đủ")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        match self.value():
            case "thieu":
                return publishing.incomplete(queryset)
            case "du":
                return publishing.complete(queryset)
        return None


class LapsedBasisFilter(admin.SimpleListFilter):
    title = "căn cứ pháp lý"
    parameter_name = "can-cu"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("het-hieu-luc", "Đang áp dụng, căn cứ đã hết hiệu lực")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        return reminders.on_lapsed_basis(queryset, timezone.localdate()) if self.value() == "het-hieu-luc" else None


class LevelFilter(admin.SimpleListFilter):
    title = "cấp thực hiện"
    parameter_name = "cap"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return LEVELS

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        return queryset.filter(**{str(self.value()): True}) if self.value() in dict(LEVELS) else None


class SyncedFilter(admin.SimpleListFilter):
    title = "lấy từ CSDL quốc gia"
    parameter_name = "lay-truoc"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("30", "Quá 30 ngày trước"),
            ("90", "Quá 90 ngày trước"),
            ("365", "Quá 1 năm trước"),
            ("chua", "Chưa lấy lần nào"),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        match self.value():
            case "30" | "90" | "365" as days:
                return queryset.filter(synced_at__lt=timezone.now() - timedelta(days=int(days)))
            case "chua":
                return queryset.filter(synced_at=None)
        return None


class ShortTextMixin:
    """Text boxes of a few lines, and autocompletes that do not ask once for each row."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field and isinstance(field.widget, forms.Textarea):
            field.widget.attrs["rows"] = 2
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            # A row has room to add what is missing; changing it is for its own page.
            field.widget.can_change_related = field.widget.can_delete_related = field.widget.can_view_related = False
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.autocomplete_fields:  # type: ignore[attr-defined]
            kwargs["widget"] = KnownAutocomplete(db_field, self.admin_site)  # type: ignore[attr-defined]
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]


class RowsInline(ShortTextMixin, admin.TabularInline):
    """Rows of the record; `stands_after` names the part of the form that they follow."""

    template = "admin/procedures/rows.html"
    formset = RowFormSet
    extra = 0
    stands_after = ""

    # A unit that proposes a change writes its new content here.

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) or _may_write_draft(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) or _may_write_draft(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) or _may_write_draft(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) or _may_write_draft(request, obj)


class MethodInline(RowsInline):
    model = SubmissionMethod
    fields = ["channel", "time_limit", "time_unit", "time_text", "description", "order"]
    stands_after = "Nơi nộp, thời hạn, phí"


class FeeInline(RowsInline):
    model = Fee
    fields = ["kind", "state", "amount", "channel", "note", "valid_from", "valid_to", "order"]
    stands_after = "Nơi nộp, thời hạn, phí"


class ItemInline(RowsInline):
    model = DossierItem
    form = ItemForm
    formset = ItemFormSet
    fields = [*ITEM_FIELDS]
    autocomplete_fields = ["form"]
    stands_after = "Giấy tờ cần nộp"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        # Who may only look sees the case itself; the box for its name is not shown then.
        editing = self.has_change_permission(request, obj)
        return ITEM_FIELDS if editing else ["case" if name == "case_name" else name for name in ITEM_FIELDS]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("case", "form")


class CaseInline(RowsInline):
    """Names and order only: a case comes with the first of its papers and goes with the last."""

    model = DossierCase
    fields = ["name", "order"]
    can_delete = False
    stands_after = "Giấy tờ cần nộp"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class BasisInline(RowsInline):
    model = LegalBasis
    formset = BasisFormSet
    fields = ["document", "note", "order"]
    autocomplete_fields = ["document"]
    stands_after = "Kết quả nhận được"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("document")


@admin.register(Procedure)
class ProcedureAdmin(admin.ModelAdmin):
    """The whole record on one form, in the order of the public page.

    Versions are kept as reversion's VersionAdmin would keep them, but only while something is
    saved: that class opens a writing transaction for each look at a list as well.
    """

    form = ProcedureForm
    inlines = [ItemInline, CaseInline, MethodInline, FeeInline, BasisInline]
    fieldsets = [
        (
            "Tên và mã",
            {
                "fields": [
                    "code",
                    "name",
                    "short_name",
                    "short_name_proposed",
                    "field",
                    "unit",
                    "regulation_kind",
                    tuple(name for name, _ in LEVELS),
                ],
                "description": "Tên và mã ghi đúng như trong quyết định công bố.",
            },
        ),
        (
            "Ai làm thủ tục này, điều kiện",
            {"fields": [("for_individuals", "for_businesses", "for_organisations"), "audience", "requirements"]},
        ),
        (
            "Giấy tờ cần nộp",
            {"fields": ["dossier_sets"], "description": "Mỗi giấy tờ một dòng, xếp theo cột thứ tự."},
        ),
        ("Các bước thực hiện", {"fields": ["steps"]}),
        (
            "Nơi nộp, thời hạn, phí",
            {
                "fields": [
                    "receiving_address",
                    "executing_agency",
                    "competent_agency",
                    "delegated_agency",
                    "coordinating_agencies",
                    "online_level",
                    "portal_url",
                ],
                "description": "Không có dòng phí nào nghĩa là chưa có thông tin; thủ tục không thu phí thì thêm một "
                "dòng “Không thu”.",
            },
        ),
        ("Kết quả nhận được", {"fields": ["results"]}),
        (
            "Quyết định công bố, hiệu lực",
            {
                "fields": [
                    ("decision_number", "decision_on"),
                    ("in_force_from", "in_force_to"),
                    ("synced_at", "checked_on"),
                ]
            },
        ),
        ("Từ giúp tìm kiếm", {"fields": ["keywords", "synonyms"]}),
    ]
    autocomplete_fields = ["field", "unit"]
    list_display = ["title_column", "code", "field", "state", "blocker_count", "synced"]
    list_display_links = ["title_column"]
    list_filter = [
        "status",
        StateFilter,
        CompletenessFilter,
        LapsedBasisFilter,
        ("short_name_proposed", admin.BooleanFieldListFilter),
        "field",
        LevelFilter,
        "online_level",
        "unit",
        SyncedFilter,
    ]
    list_per_page = 50
    list_select_related = ["field"]
    search_fields = ["folded__contains"]
    search_help_text = "Tìm theo mã, tên, từ khóa; gõ có dấu hay không dấu đều được."
    actions = ["publish_selected", "withdraw_selected", "confirm_short_names"]
    view_on_site = False

    class Media:
        css = {"all": ["css/admin-procedures.css"]}

    # Who may do what.

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("procedures.publish_procedure")

    def has_change_permission(self, request: HttpRequest, obj: Procedure | None = None) -> bool:
        return super().has_change_permission(request, obj) or _may_write_draft(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Procedure | None = None) -> list[str]:
        # Only an import knows when it took the record over; the new content of a change goes into
        # the procedure that has the code.
        return ["synced_at", "code"] if obj and drafted_change(obj) else ["synced_at"]

    def has_delete_permission(self, request: HttpRequest, obj: Procedure | None = None) -> bool:
        # What has once been public stays for good, marked as ended (NĐ 63/2010 Đ14.2).
        if obj is not None and (obj.is_published or obj.published_at):
            return False
        return super().has_delete_permission(request, obj)

    # The list.

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        # What `blockers` asks of each row.
        return super().get_queryset(request).prefetch_related("methods", "items")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        term = search_term.strip()
        if len(term) == 7 and term.isascii() and term.isdigit():  # a code typed without its dot
            term = f"{term[0]}.{term[1:]}"
        return super().get_search_results(request, queryset, fold(term))

    @admin.display(description="tên", ordering="sort_key")
    def title_column(self, procedure: Procedure) -> SafeString | str:
        if not procedure.short_name_proposed or not procedure.short_name:
            return procedure.title
        return format_html('{} <span class="tag tag-amended">tên cần xác nhận</span>', procedure.title)

    @admin.display(description="tình trạng", ordering="status")
    def state(self, procedure: Procedure) -> SafeString:
        return status_tag(procedure, timezone.localdate())

    @admin.display(description="còn thiếu")
    def blocker_count(self, procedure: Procedure) -> SafeString | str:
        missing = publishing.blockers(procedure)
        if not missing:
            return ""
        labels = ", ".join(blocker.field_label for blocker in missing)
        return format_html('<span title="{}">{} phần</span>', labels, len(missing))

    @admin.display(description="lấy từ CSDL quốc gia", ordering="synced_at")
    def synced(self, procedure: Procedure) -> str:
        return viet_date(procedure.synced_at) if procedure.synced_at else "–"

    @admin.action(description="Công khai các thủ tục đã chọn", permissions=["publish"])
    def publish_selected(self, request: HttpRequest, queryset: QuerySet[Procedure]) -> None:
        published, at = 0, timezone.now()
        refused: list[tuple[Procedure, str]] = []
        for procedure in queryset:
            try:
                publishing.publish(procedure, by=admin_views.user(request), at=at)
                published += 1
            except publishing.NotPublishable as error:
                refused.append((procedure, str(error)))
            except publishing.Conflict:
                refused.append((procedure, "Thủ tục này đã được công khai từ trước."))
        if published:
            self.message_user(request, f"Đã công khai {published} thủ tục.", messages.SUCCESS)
        self._tell_refused(request, refused)

    @admin.action(description="Rút các thủ tục đã chọn về bản nháp", permissions=["publish"])
    def withdraw_selected(self, request: HttpRequest, queryset: QuerySet[Procedure]) -> None:
        withdrawn, at = 0, timezone.now()
        refused: list[tuple[Procedure, str]] = []
        for procedure in queryset:
            try:
                publishing.withdraw(procedure, by=admin_views.user(request), at=at)
                withdrawn += 1
            except publishing.Conflict:
                refused.append((procedure, "Thủ tục này đang là bản nháp."))
        if withdrawn:
            self.message_user(request, f"Đã rút {withdrawn} thủ tục về bản nháp.", messages.SUCCESS)
        self._tell_refused(request, refused)

    @admin.action(description="Xác nhận tên ngắn của các thủ tục đã chọn", permissions=["change"])
    def confirm_short_names(self, request: HttpRequest, queryset: QuerySet[Procedure]) -> None:
        confirmed, at = 0, timezone.now()
        refused: list[tuple[Procedure, str]] = []
        for procedure in queryset:
            try:
                publishing.confirm_short_name(procedure, by=admin_views.user(request), at=at)
                confirmed += 1
            except publishing.Conflict:
                refused.append((procedure, "Không có tên ngắn nào đang chờ xác nhận."))
        if confirmed:
            self.message_user(request, f"Đã xác nhận {confirmed} tên ngắn.", messages.SUCCESS)
        self._tell_refused(request, refused)

    def _tell_refused(self, request: HttpRequest, refused: list[tuple[Procedure, str]]) -> None:
        for procedure, why in refused[:REFUSALS_SHOWN]:
            link = reverse("admin:procedures_procedure_change", args=[procedure.pk])
            text = format_html('<a href="{}">{}</a>: {}', link, procedure, why)
            self.message_user(request, text, messages.WARNING)
        if len(refused) > REFUSALS_SHOWN:
            more = len(refused) - REFUSALS_SHOWN
            self.message_user(request, f"Còn {more} thủ tục khác không thực hiện được.", messages.WARNING)

    # The form.

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST":
            return found
        # Whoever saves waits for the one before, and then reads what that one has stored.
        Procedure.objects.select_for_update().filter(pk=found.pk).first()
        return super().get_object(request, object_id, from_field)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return super().changeform_view(request, *args, **kwargs)
        with reversion.create_revision():
            reversion.set_user(request.user)
            return super().changeform_view(request, *args, **kwargs)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        procedure: Procedure | None = kwargs.get("obj")
        form = context["adminform"].form
        change = drafted_change(procedure) if procedure else None
        context |= {
            "drafted_change": change,
            "error_links": list(_error_links(form, context["inline_admin_formsets"])),
            "changed_meanwhile": form.changed_meanwhile,
            "case_names_id": CASE_NAMES,
            "case_names": sorted({case.name for case in procedure.cases.all()}) if procedure else [],
            "blockers": [
                (blocker, _anchor(blocker))
                for blocker in (publishing.blockers(procedure) if procedure else [])
                if not (change and blocker.field == "code")
            ],
            "article": publishing.ARTICLE,
            "status": wording.status(procedure, timezone.localdate()) if procedure else None,
            "may_publish": self.has_publish_permission(request) and change is None,
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        entry = super().log_addition(request, obj, message)
        if reversion.is_active():
            reversion.set_comment("Tạo mới.")
        return entry

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        entry = super().log_change(request, obj, message)
        if reversion.is_active():
            reversion.set_comment(entry.get_change_message())
        return entry

    def response_add(self, request: HttpRequest, obj: Procedure, post_url_continue: str | None = None) -> HttpResponse:
        return self._response_to_button(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Procedure) -> HttpResponse:
        return self._response_to_button(request, obj) or super().response_change(request, obj)

    def _response_to_button(self, request: HttpRequest, procedure: Procedure) -> HttpResponse | None:
        """Do what the button says beyond saving; None for the buttons that only save."""
        if "_preview" in request.POST:
            return HttpResponseRedirect(reverse("admin:procedures_procedure_preview", args=[procedure.pk]))
        if "_publish" in request.POST:
            self._publish(request, procedure)
        elif "_withdraw" in request.POST:
            self._withdraw(request, procedure)
        else:
            return None
        return HttpResponseRedirect(reverse("admin:procedures_procedure_change", args=[procedure.pk]))

    def _publish(self, request: HttpRequest, procedure: Procedure) -> None:
        if not self.has_publish_permission(request):
            raise PermissionDenied
        try:
            publishing.publish(procedure, by=admin_views.user(request), at=timezone.now())
        except publishing.NotPublishable:
            text = "Đã lưu. Chưa công khai được vì còn thiếu các phần nêu ở đầu trang."
            self.message_user(request, text, messages.WARNING)
        except publishing.Conflict:
            self.message_user(request, "Đã lưu. Thủ tục này đã được công khai từ trước.", messages.WARNING)
        else:
            self.message_user(request, "Đã lưu và công khai.", messages.SUCCESS)

    def _withdraw(self, request: HttpRequest, procedure: Procedure) -> None:
        if not self.has_publish_permission(request):
            raise PermissionDenied
        try:
            publishing.withdraw(procedure, by=admin_views.user(request), at=timezone.now())
        except publishing.Conflict:
            self.message_user(request, "Đã lưu. Thủ tục này đang là bản nháp.", messages.WARNING)
        else:
            text = "Đã lưu và rút về bản nháp. Người dân không còn thấy thủ tục này."
            self.message_user(request, text, messages.SUCCESS)

    def delete_model(self, request: HttpRequest, obj: Procedure) -> None:
        self._keep_last_version(request, obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Procedure]) -> None:
        for procedure in queryset:
            self._keep_last_version(request, procedure)
        super().delete_queryset(request, queryset)

    def _keep_last_version(self, request: HttpRequest, procedure: Procedure) -> None:
        """Store what is about to go, so that it can be brought back."""
        with reversion.create_revision():
            reversion.set_user(request.user)
            reversion.set_comment("Xóa bản nháp.")
            reversion.add_to_revision(procedure)

    # Pages of their own.

    def get_urls(self) -> list[URLPattern]:
        views: Pages = [
            ("da-xoa/", admin_views.deleted_procedures, "deleted"),
            ("da-xoa/<int:version>/", admin_views.recover, "recover"),
            ("<int:pk>/xem-truoc/", admin_views.preview, "preview"),
            ("<int:pk>/xem-truoc/trang/", admin_views.preview_page, "preview-page"),
            ("<int:pk>/so-sanh/", admin_views.compare, "compare"),
            ("<int:pk>/khoi-phuc/<int:version>/", admin_views.restore, "restore"),
        ]
        return _pages(self, views) + super().get_urls()

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return admin_views.versions(request, object_id, model_admin=self)


@admin.register(Field)
class FieldAdmin(FoldedSearchMixin, admin.ModelAdmin):
    list_display = ["name", "unit", "published_count", "draft_count", "order"]
    list_filter = ["unit"]
    list_select_related = ["unit"]
    # Said again, as counting the rows drops the model's own order.
    ordering = ["order", "name"]
    list_per_page = 50
    search_fields = ["name"]
    search_help_text = "Tìm theo tên; gõ có dấu hay không dấu đều được."
    autocomplete_fields = ["unit"]
    fields = ["name", "description", "unit", "order", "slug"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        published = Count("procedures", Q(procedures__status=Procedure.Status.PUBLISHED))
        return super().get_queryset(request).annotate(published_count=published, all_count=Count("procedures"))

    def get_readonly_fields(self, request: HttpRequest, obj: Field | None = None) -> list[str]:
        # Addresses that people have kept go on working.
        return ["slug"] if obj else []

    @admin.display(description="đã công khai", ordering="published_count")
    def published_count(self, field: Any) -> SafeString | str:
        return count_link(field.published_count, field__id__exact=field.pk, status__exact="published")

    @admin.display(description="bản nháp")
    def draft_count(self, field: Any) -> SafeString | str:
        return count_link(field.all_count - field.published_count, field__id__exact=field.pk, status__exact="draft")


@admin.register(FormFile)
class FormFileAdmin(FoldedSearchMixin, admin.ModelAdmin):
    form = FormFileForm
    list_display = ["name", "kind_and_size", "item_count"]
    ordering = ["name"]
    list_per_page = 50
    search_fields = ["name"]
    search_help_text = "Tìm theo tên; gõ có dấu hay không dấu đều được."

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(item_count=Count("items"))

    def save_model(self, request: HttpRequest, obj: FormFile, form: Any, change: bool) -> None:
        if "file" in form.changed_data and obj.file:
            # A name that nobody can guess or overwrite; people see the name of the form.
            suffix = _suffix(obj)
            obj.file.name = f"{uuid4().hex}.{suffix}"
        super().save_model(request, obj, form, change)

    @admin.display(description="tệp")
    def kind_and_size(self, form_file: FormFile) -> str:
        if not form_file.file:
            return "Ở trang khác" if form_file.url else "–"
        kind = _suffix(form_file).upper()
        try:
            return f"{kind}, {filesizeformat(form_file.file.size)}"
        except OSError:
            return f"{kind}, không thấy tệp trên máy chủ"

    @admin.display(description="giấy tờ dùng", ordering="item_count")
    def item_count(self, form_file: Any) -> int:
        return form_file.item_count


@admin.register(ImportBatch)
class ImportBatchAdmin(admin.ModelAdmin):
    """What was handed in: adding one means handing in files, opening one shows what came of it."""

    list_display = ["__str__", "by", "at", "applied_at"]
    list_select_related = ["by"]
    list_per_page = 50

    class Media:
        css = {"all": ["css/admin-procedures.css"]}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        views: Pages = [
            ("mau/", admin_views.import_template, "template"),
            ("<int:pk>/thuc-hien/", admin_views.apply_import, "apply"),
        ]
        return _pages(self, views) + super().get_urls()

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return admin_views.try_import(request, model_admin=self)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return admin_views.import_report(request, object_id, model_admin=self)


@tasks.register
def procedures_waiting(user: User, on: date) -> Iterator[Task]:
    """What waits in the catalogue, for those who can do something about it."""
    everything = Procedure.objects.all()
    if user.has_perm("procedures.change_procedure"):
        lacking = publishing.incomplete(everything.published()).count()
        address = _list_address(status__exact="published", **{"bat-buoc": "thieu"})
        yield Task("Bổ sung phần bắt buộc của thủ tục đã công khai", lacking, address, urgent=True)
        lapsed = reminders.on_lapsed_basis(everything, on).count()
        address = _list_address(**{"can-cu": "het-hieu-luc"})
        yield Task("Xem lại thủ tục có căn cứ đã hết hiệu lực", lapsed, address, urgent=True)
        proposed = everything.filter(short_name_proposed=True).exclude(short_name="").count()
        yield Task("Xác nhận tên ngắn do máy đề xuất", proposed, _list_address(short_name_proposed__exact="1"))
    if user.has_perm("procedures.publish_procedure"):
        ready = publishing.complete(everything.filter(status=Procedure.Status.DRAFT)).count()
        address = _list_address(status__exact="draft", **{"bat-buoc": "du"})
        yield Task("Công khai bản nháp đã đủ phần bắt buộc", ready, address)
    if user.has_perm("procedures.view_procedure"):
        week = {"in_force_from__gte": on, "in_force_from__lt": on + timedelta(days=7)}
        starting = everything.published().filter(**week).count()
        yield Task(
            "Thủ tục bắt đầu áp dụng trong 7 ngày tới", starting, _list_address(status__exact="published", **week)
        )
    if user.has_perm("portal.view_searchmiss"):
        missed = SearchMiss.objects.filter(day__gt=on - timedelta(days=30)).values("query").distinct().count()
        note = "Trong 30 ngày qua. Thêm từ đồng nghĩa để người dân tìm thấy."
        yield Task("Từ khóa tìm không có kết quả", missed, reverse("admin:portal_searchmiss_changelist"), note)


def _suffix(form_file: FormFile) -> str:
    return (form_file.file.name or "").rpartition(".")[2].casefold()


def drafted_change(procedure: Procedure) -> ProcedureChange | None:
    """Return the change whose new content this draft holds; None for a procedure of its own."""
    return ProcedureChange.objects.filter(draft=procedure).select_related("decision", "procedure").first()


def _may_write_draft(request: HttpRequest, procedure: Any) -> bool:
    """Tell whether the draft is that of a change that this person may still write."""
    if not isinstance(procedure, Procedure) or procedure.pk is None or procedure.code:
        return False
    if not request.user.has_perm("procedures.propose_decision"):
        return False
    change = drafted_change(procedure)
    return change is not None and deciding.may_draft(admin_views.user(request), change)


def status_tag(procedure: Procedure, on: date) -> SafeString:
    status = wording.status(procedure, on)
    return format_html('<span class="tag tag-{}">{}</span>', status.kind, status.label)


def _pages(model_admin: admin.ModelAdmin, pages: Pages) -> list[URLPattern]:
    """Return the addresses of the pages, open to staff only."""
    opts = model_admin.opts
    return [
        path(
            route,
            model_admin.admin_site.admin_view(view),
            {"model_admin": model_admin},
            f"{opts.app_label}_{opts.model_name}_{name}",
        )
        for route, view, name in pages
    ]


def _anchor(blocker: publishing.Blocker) -> str:
    return f"#{blocker.field}-group" if blocker.field in history.PARTS else f"#id_{blocker.field}"


def _error_links(form: forms.ModelForm, inlines: list[Any]) -> Iterator[tuple[str, str]]:
    """Return where each wrong box is and what is wrong with it."""
    for bound in form:
        for error in bound.errors:
            yield bound.id_for_label, f"{_capitalised(bound.label)}: {error}"
    for inline in inlines:
        title = _capitalised(inline.opts.verbose_name_plural)
        for error in inline.formset.non_form_errors():
            yield f"{inline.formset.prefix}-group", f"{title}: {error}"
        for number, row in enumerate(inline.formset.forms, start=1):
            for error in row.non_field_errors():
                yield f"{inline.formset.prefix}-{number - 1}", f"{title}, dòng {number}: {error}"
            for bound in row:
                for error in bound.errors:
                    yield bound.id_for_label, f"{title}, dòng {number}, {bound.label}: {error}"


def _capitalised(label: Any) -> str:
    return f"{str(label)[:1].upper()}{str(label)[1:]}"


def _list_address(**filters: Any) -> str:
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    return f"{reverse('admin:procedures_procedure_changelist')}?{query}"


def count_link(count: int, **filters: Any) -> SafeString | str:
    return format_html('<a href="{}">{}</a>', _list_address(**filters), count) if count else "0"


# More of the workplace, built of the parts above.
from procedures import (  # noqa: E402, F401
    admin_decisions,
    admin_documents,
    admin_processes,
    admin_sources,
    admin_subscriptions,
)
