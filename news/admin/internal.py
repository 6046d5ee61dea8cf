"""The staff's workplace for dissemination: drafts, sending, and what waits to be read."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from news import disseminating, internal_views
from news.admin.evidence import EvidenceInline
from news.models import Dissemination, ReadReceipt
from portal.admin_site import Task, tasks
from portal.models import Unit, User
from portal.templatetags.vietnamese import viet_date
from procedures.admin_views import user

LIST = "admin:news_dissemination_changelist"
SOON = timedelta(days=1)


class StateFilter(admin.SimpleListFilter):
    title = "tình trạng"
    parameter_name = "tinh-trang"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("dang-soan", "Đang soạn"), ("da-gui", "Đã gửi"), ("qua-han", "Quá hạn, còn người chưa đọc")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        match self.value():
            case "dang-soan":
                return queryset.filter(sent_at=None)
            case "da-gui":
                return queryset.filter(sent_at__isnull=False)
            case "qua-han":
                return queryset.filter(pk__in=disseminating.late_with_unread(timezone.localdate()).values("pk"))
        return None


class DisseminationForm(forms.ModelForm):
    class Meta:
        model = Dissemination
        fields = ["title", "message", "documents", "to_all", "units", "read_by"]
        labels = {"read_by": "Đọc chậm nhất ngày"}
        widgets = {
            "message": forms.Textarea(attrs={"rows": 5, "class": "vLargeTextField"}),
            "units": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "title": "Hiện trong danh sách việc cần làm và tiêu đề thư, ví dụ: Nghị định mới về một cửa.",
            "message": "Điều cần nắm và việc phải làm, vài câu là đủ.",
            "documents": "Văn bản có trong kho văn bản; chưa có thì thêm ở mục Văn bản trước.",
            "to_all": "Chọn để gửi mọi tài khoản đang dùng, kể cả người không thuộc đơn vị nào.",
            "units": "Gửi mọi tài khoản đang dùng của các đơn vị được chọn.",
            "read_by": "Thư nhắc được gửi trước và sau ngày này một ngày cho người chưa đọc. Để trống: không nhắc.",
        }

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if {"to_all", "units"} <= cleaned.keys() and cleaned["to_all"] and cleaned["units"]:
            self.add_error("units", "Đã chọn gửi toàn thể thì bỏ chọn các đơn vị.")
        return cleaned


@admin.register(Dissemination)
class DisseminationAdmin(admin.ModelAdmin):
    form = DisseminationForm
    inlines = [EvidenceInline]
    fields = ["title", "message", "documents", "to_all", "units", "read_by"]
    autocomplete_fields = ["documents"]
    list_display = ["title", "state", "addressed", "read_count", "lateness", "receipts_link"]
    list_filter = [StateFilter]
    list_per_page = 50
    search_fields = ["title"]
    change_form_template = "admin/news/dissemination/form.html"

    class Media:
        css = {"all": ["css/admin-procedures.css", "css/admin-news.css"]}

    # Who may do what.

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        counted = super().get_queryset(request).annotate(people=Count("receipts"), read=Count("receipts__read_at"))
        found = counted.prefetch_related("units").order_by("-pk")
        return found if self.has_change_permission(request) else found.filter(sent_at__isnull=False)

    def has_delete_permission(self, request: HttpRequest, obj: Dissemination | None = None) -> bool:
        # What was sent stays, with the receipts of those who read it.
        return obj is not None and obj.sent_at is None and super().has_delete_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Dissemination | None = None) -> list[str]:
        # What people confirm to have read stays as it was; it may only reach more of them, or give them longer.
        return ["title", "message", "documents"] if obj and obj.sent_at else []

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "units":
            kwargs["queryset"] = Unit.objects.filter(active=True)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    # The list.

    @admin.display(description="tình trạng", ordering="sent_at")
    def state(self, row: Dissemination) -> SafeString | str:
        if row.sent_at is None:
            return format_html('<span class="tag">{}</span>', "Đang soạn")
        return format_html('<span class="tag tag-new">{}</span>', f"Gửi {viet_date(row.sent_at)}")

    @admin.display(description="gửi")
    def addressed(self, row: Dissemination) -> str:
        return disseminating.units_named(row)

    @admin.display(description="đã đọc", ordering="read")
    def read_count(self, row: Any) -> str:
        return f"{row.read}/{row.people}" if row.sent_at else "–"

    @admin.display(description="hạn đọc", ordering="read_by")
    def lateness(self, row: Any) -> str:
        if row.sent_at and row.people and row.read == row.people:
            return "Mọi người đã đọc"
        return disseminating.lateness(row, timezone.localdate()) or "–"

    @admin.display(description="theo dõi")
    def receipts_link(self, row: Dissemination) -> SafeString | str:
        if row.sent_at is None:
            return "–"
        return format_html('<a href="{}">Ai đã đọc</a>', reverse("admin:news_dissemination_receipts", args=[row.pk]))

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        columns = ["title", "state", "addressed", "read_count", "lateness"]
        return [*columns, "receipts_link"] if request.user.has_perm("news.send_dissemination") else columns

    # The form.

    def save_model(self, request: HttpRequest, obj: Dissemination, form: Any, change: bool) -> None:
        if change:
            # When it was sent is for `disseminating` alone.
            obj.save(update_fields=[name for name in ("title", "message", "to_all", "read_by") if name in form.fields])
            return
        obj.created_by = user(request)
        obj.save()

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        row: Dissemination | None = kwargs.get("obj")
        may_send = request.user.has_perm("news.send_dissemination")
        context |= {"may_send": may_send and (row is None or row.sent_at is None), "may_follow": may_send, "state": ""}
        if row:
            context |= {
                "state": self.state(row),
                "problems": [] if row.sent_at else disseminating.problems(row, timezone.localdate()),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return self._respond(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._respond(request, obj) or super().response_change(request, obj)

    def _respond(self, request: HttpRequest, row: Dissemination) -> HttpResponse | None:
        """Send where the button says so; None for the buttons that only save."""
        if "_send" not in request.POST:
            return None
        try:
            count = disseminating.send(row, by=user(request), at=timezone.now())
        except disseminating.NotSendable as error:
            self.message_user(request, f"Đã lưu, chưa gửi. {error}", messages.WARNING)
            return redirect("admin:news_dissemination_change", row.pk)
        except disseminating.Conflict:
            self.message_user(request, "Người khác vừa gửi văn bản này.", messages.WARNING)
        else:
            self.message_user(request, f"Đã gửi cho {count} người.", messages.SUCCESS)
        return redirect("admin:news_dissemination_receipts", row.pk)

    # Pages beside the form.

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        pages: list[tuple[str, Any, str]] = [
            ("can-doc/", partial(internal_views.to_read, model_admin=self), "to-read"),
            ("can-doc/<int:pk>/", partial(internal_views.read, model_admin=self), "read"),
            ("<int:pk>/da-doc/", partial(internal_views.receipts, model_admin=self), "receipts"),
            ("<int:pk>/da-doc.xlsx", internal_views.receipts_file, "receipts-file"),
        ]
        return [
            *(path(at, wrap(view), name=f"news_dissemination_{name}") for at, view, name in pages),
            *super().get_urls(),
        ]


@tasks.register
def documents_to_read(user: User, on: date) -> Iterator[Task]:
    """What was addressed to this person, whatever the role."""
    waiting = ReadReceipt.objects.unread().filter(user=user).values_list("dissemination", "dissemination__read_by")
    rows = list(waiting)
    days = [day for _, day in rows if day]
    single = len(rows) == 1
    yield Task(
        "Văn bản cần đọc",
        len(rows),
        reverse("admin:news_dissemination_read", args=[rows[0][0]])
        if single
        else reverse("admin:news_dissemination_to-read"),
        note=f"Đọc chậm nhất ngày {viet_date(min(days))}." if days else "",
        urgent=any(day <= on + SOON for day in days),
    )


@tasks.register
def late_readers(user: User, on: date) -> Iterator[Task]:
    """What some people have still not read after the last day, for those who may remind."""
    if user.has_perm("news.send_dissemination"):
        count = disseminating.late_with_unread(on).count()
        yield Task("Nhắc người chưa đọc văn bản quá hạn", count, f"{reverse(LIST)}?tinh-trang=qua-han", urgent=True)
