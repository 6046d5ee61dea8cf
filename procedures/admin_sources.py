"""The staff's workplace for what sources say differently of public procedures."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.admin_site import Task, tasks
from portal.models import User
from portal.templatetags.vietnamese import viet_date
from portal.text import fold
from procedures import admin_views, reconciling, wording
from procedures.importing import applying
from procedures.models import SourceRecord

# The kind of tag that shows a state.
TAGS = {
    SourceRecord.State.SAME: "new",
    SourceRecord.State.DIFFERS: "repealed",
    SourceRecord.State.OURS_KEPT: "amended",
}


@admin.register(SourceRecord)
class SourceRecordAdmin(admin.ModelAdmin):
    """What sources say of public procedures: opening one shows what differs and takes the answer."""

    list_display = ["title_column", "code", "origin", "parts", "state_column", "taken"]
    list_display_links = ["title_column"]
    list_filter = ["state", "origin", "procedure__field"]
    list_per_page = 50
    list_select_related = ["procedure"]
    search_fields = ["procedure__folded__contains"]
    search_help_text = "Tìm theo mã, tên, từ khóa; gõ có dấu hay không dấu đều được."
    actions = None

    class Media:
        css = {"all": ["css/admin-procedures.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: SourceRecord | None = None) -> bool:
        # Goes with its draft and not otherwise.
        return bool(obj and not obj.procedure.is_published and request.user.has_perm("procedures.delete_procedure"))

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return (
            SourceRecord.objects.of_published()
            .defer("content")
            .order_by("procedure__sort_key", "procedure_id", "origin")
        )

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        return super().get_search_results(request, queryset, fold(search_term))

    @admin.display(description="thủ tục", ordering="procedure__sort_key")
    def title_column(self, kept: SourceRecord) -> str:
        return kept.procedure.title

    @admin.display(description="mã TTHC", ordering="procedure__code")
    def code(self, kept: SourceRecord) -> str | None:
        return kept.procedure.code

    @admin.display(description="phần khác nhau")
    def parts(self, kept: SourceRecord) -> str:
        return wording.capital(", ".join(applying.part_label(part) for part in kept.differing))

    @admin.display(description="kết quả", ordering="state")
    def state_column(self, kept: SourceRecord) -> SafeString:
        kind = TAGS[SourceRecord.State(kept.state)]
        return format_html('<span class="tag tag-{}">{}</span>', kind, kept.get_state_display())

    @admin.display(description="nhận ngày", ordering="taken_at")
    def taken(self, kept: SourceRecord) -> str:
        return viet_date(kept.taken_at)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return admin_views.reconcile(request, object_id, model_admin=self)


@tasks.register
def differences_waiting(user: User, on: date) -> Iterator[Task]:
    """What sources say differently of public procedures and nobody has answered (NĐ 63/2010 Đ26.2)."""
    if not user.has_perm("procedures.change_sourcerecord"):
        return
    origins = SourceRecord.Origin
    waiting = SourceRecord.objects.differing()
    note = f"Nội dung trên cổng phải thống nhất với CSDL quốc gia ({reconciling.ARTICLE})."
    national = waiting.filter(origin=origins.NATIONAL).count()
    yield Task("Thủ tục khác CSDL quốc gia", national, _differing_address(origins.NATIONAL), note, urgent=True)
    others = waiting.filter(origin=origins.OTHER).count()
    yield Task("Đề nghị thay đổi từ tệp của đơn vị", others, _differing_address(origins.OTHER))


def _differing_address(origin: SourceRecord.Origin) -> str:
    query = f"state__exact={SourceRecord.State.DIFFERS}&origin__exact={origin}"
    return f"{reverse('admin:procedures_sourcerecord_changelist')}?{query}"
