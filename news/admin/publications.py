"""What the workplaces of articles, albums and bulletins have in common: the steps as buttons."""

from dataclasses import dataclass
from typing import Any

import reversion
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from news import publishing
from news.models import EditorialEvent, Publication
from portal import steps
from portal.comparing import moment
from portal.models import User

Status = Publication.Status
Verb = EditorialEvent.Verb
TAGS = {
    Status.DRAFT: "",
    Status.SUBMITTED: "amended",
    Status.RETURNED: "repealed",
    Status.PUBLISHED: "new",
    Status.WITHDRAWN: "repealed",
}
# These move what is stored and leave alone what is typed.
WITHOUT_SAVING = (Verb.WITHDRAW, Verb.REOPEN)
DONE = {
    Verb.SUBMIT: "Đã lưu và gửi duyệt.",
    Verb.RETURN: "Đã trả lại kèm ý kiến.",
    Verb.WITHDRAW: "Đã gỡ xuống. Địa chỉ của bài nay cho biết lý do gỡ.",
    Verb.REOPEN: "Đã mở lại để soạn. Người đọc chưa thấy nội dung này cho đến khi được duyệt lại.",
    Verb.CORRECT: "Đã lưu. Người đọc thấy nội dung mới ngay.",
}


@dataclass(frozen=True)
class Button:
    name: str
    label: str
    main: bool = False


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class _Refused(Exception):
    """A correction that may not be: what the public reads, and its versions, stay as they were."""

    def __init__(self, publication: Publication) -> None:
        super().__init__()
        self.publication = publication


class UnitFilter(admin.SimpleListFilter):
    title = "người soạn"
    parameter_name = "cua"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("toi", "Của tôi"), ("don-vi", "Của đơn vị tôi")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        match self.value():
            case "toi":
                return queryset.filter(author=user(request))
            case "don-vi":
                return queryset.filter(unit=user(request).unit_id or 0)
        return None


class PublicationAdmin(admin.ModelAdmin):
    """A form of `news.forms.PublicationForm` whose buttons are the steps of `news.publishing`.

    Saving never touches the status; `derived_fields` names columns that `save_model` of a kind fills beside
    those of the form.
    """

    change_form_template = "admin/news/publication_form.html"
    derived_fields: tuple[str, ...] = ()
    view_on_site = False
    list_per_page = 50
    # One field with one label, in the reader's own way of writing days, instead of Django's two without.
    formfield_overrides = {models.DateTimeField: {"form_class": forms.DateTimeField, "widget": MomentInput}}

    class Media:
        css = {"all": ["css/admin-procedures.css", "css/admin-news.css"]}

    # Who may do what.

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        found, who = super().get_queryset(request), user(request)
        if publishing.sees_all(who):
            return found
        own = Q(author=who) | (Q(unit=who.unit_id) if who.unit_id else Q(pk=None))
        return found.filter(Q(status=Status.PUBLISHED, publish_at__lte=timezone.now()) | own)

    def has_change_permission(self, request: HttpRequest, obj: Publication | None = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or publishing.may_edit(user(request), obj)

    def has_delete_permission(self, request: HttpRequest, obj: Publication | None = None) -> bool:
        if not super().has_delete_permission(request, obj):
            return False
        if obj is None:
            return True
        # What the public has once read stays on record.
        return obj.status in publishing.OPEN and not obj.events.filter(verb=Verb.PUBLISH).exists()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        # A unit writes for itself.
        return [
            *super().get_readonly_fields(request, obj),
            *([] if publishing.edits_all_units(user(request)) else ["unit"]),
        ]

    # The list.

    @admin.display(description="trạng thái", ordering="status")
    def state(self, publication: Publication) -> SafeString:
        return state_tag(publication)

    # The form.

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST":
            return found
        # Whoever saves waits for the one before, and then reads what that one has stored.
        self.model._default_manager.select_for_update().filter(pk=found.pk).first()
        return super().get_object(request, object_id, from_field)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        try:
            return self._save_and_step(request, object_id, form_url, extra_context)
        except _Refused as refused:
            return self.back_to(refused.publication)

    def _save_and_step(
        self, request: HttpRequest, object_id: str | None, form_url: str, extra_context: Any
    ) -> HttpResponse:
        with transaction.atomic(), reversion.create_revision():
            reversion.set_user(request.user)
            found = self.get_object(request, unquote(object_id)) if object_id else None
            if found is not None:
                for verb in WITHOUT_SAVING:
                    if f"_{verb}" in request.POST:
                        return self._take(request, found, verb)
                if not self.has_change_permission(request, found):
                    return self.too_late(request, found)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def too_late(self, request: HttpRequest, publication: Any) -> HttpResponse:
        """Answer one who saves what is no longer his to change."""
        if not super().has_change_permission(request, publication):
            raise PermissionDenied
        text = f"Chưa lưu: nội dung này vừa chuyển sang “{publication.get_status_display()}” nên không sửa ở đây được."
        self.message_user(request, text, messages.WARNING)
        return self.back_to(publication)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.changed_at = timezone.now()
        obj.edit_number += 1
        if not change:
            obj.author = user(request)
            obj.unit = obj.unit or user(request).unit
            obj.save()
            return
        # The state is for `publishing` alone.
        own = {field.name for field in obj._meta.concrete_fields} & set(form.changed_data)
        obj.save(update_fields=[*own, *self.derived_fields, "edit_number", "changed_at"])

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        if reversion.is_active():
            reversion.set_comment("Tạo mới.")
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        entry = super().log_change(request, obj, message)
        if reversion.is_active():
            reversion.set_comment(entry.get_change_message())
        return entry

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return self._respond(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._respond(request, obj) or super().response_change(request, obj)

    def _respond(self, request: HttpRequest, publication: Any) -> HttpResponse | None:
        """Take the step that the button names; what is approved already is corrected by any saving."""
        if "_popup" in request.POST:
            return None
        for verb in (Verb.SUBMIT, Verb.RETURN, Verb.PUBLISH):
            if f"_{verb}" in request.POST:
                return self._take(request, publication, verb, saved=True)
        if publication.status == Status.PUBLISHED:
            return self._take(request, publication, Verb.CORRECT, saved=True)
        now = timezone.localtime()
        self.message_user(request, f"Đã lưu lúc {now.hour}:{now:%M}. Chưa đăng.", messages.SUCCESS)
        return self.back_to(publication)

    def _take(
        self, request: HttpRequest, publication: Any, verb: EditorialEvent.Verb, saved: bool = False
    ) -> HttpResponse:
        by, at, remark = user(request), timezone.now(), request.POST.get("remark", "")
        began = "Đã lưu. " if saved else ""
        try:
            match verb:
                case Verb.SUBMIT:
                    publishing.submit(publication, by=by, at=at)
                case Verb.RETURN:
                    publishing.return_(publication, by=by, at=at, remark=remark)
                case Verb.PUBLISH:
                    publishing.publish(publication, by=by, at=at)
                case Verb.WITHDRAW:
                    publishing.withdraw(publication, by=by, at=at, reason=remark)
                case Verb.REOPEN:
                    publishing.reopen(publication, by=by, at=at, reason=remark)
                case Verb.CORRECT:
                    publishing.correct(publication, by=by, at=at, reason=remark)
        except steps.NotAllowed as error:
            self.message_user(request, f"{began}{error}", messages.WARNING)
        except steps.Conflict:
            text = f"{began}Việc vừa chọn không thực hiện được vì người khác đã xử lý."
            self.message_user(request, text, messages.WARNING)
        except publishing.NotPublishable as error:
            began = "Chưa lưu. " if verb == Verb.CORRECT else began
            self.message_user(request, f"{began}Còn việc cần làm trước:", messages.WARNING)
            for problem in error.problems:
                self.message_user(request, str(problem), messages.WARNING)
            if verb == Verb.CORRECT:
                raise _Refused(publication) from error
        else:
            self.message_user(request, self._done(publication, verb), messages.SUCCESS)
        return self.back_to(publication)

    def _done(self, publication: Any, verb: EditorialEvent.Verb) -> str:
        if verb != Verb.PUBLISH:
            return DONE[verb]
        if publication.is_scheduled(timezone.now()):
            return f"Đã duyệt. Người đọc thấy từ {moment(publication.publish_at)}."
        return "Đã duyệt đăng. Người đọc thấy ngay."

    def back_to(self, publication: Any) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse(f"admin:news_{self.opts.model_name}_change", args=[publication.pk]))

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        publication: Any = kwargs.get("obj")
        who = user(request)
        may_edit = self.has_change_permission(request, publication) if publication else True
        verbs = publishing.verbs(publication, who) if publication else [Verb.SUBMIT]
        context |= {
            "buttons": list(_buttons(publication, verbs, may_edit)),
            "asks_remark": _remark_label(publication, verbs),
            "remark": request.POST.get("remark", ""),
            "state": state_tag(publication) if publication else None,
            "waits_for_another": publication is not None
            and publication.status == Status.SUBMITTED
            and Verb.RETURN in verbs
            and Verb.PUBLISH not in verbs,
            "problems": publishing.problems(publication) if publication and publication.status in _UNFINISHED else [],
            "events": list(publication.events.select_related("by")) if publication else [],
            "public_address": _public_address(publication),
        }
        return super().render_change_form(request, context, *args, **kwargs)


_UNFINISHED = {Status.DRAFT, Status.RETURNED, Status.SUBMITTED}


def _buttons(publication: Any, verbs: list[EditorialEvent.Verb], may_edit: bool) -> Any:
    status = publication.status if publication else Status.DRAFT
    if may_edit:
        label = {Status.PUBLISHED: "Lưu đính chính", Status.SUBMITTED: "Lưu"}.get(status, "Lưu nháp")
        yield Button("_save", label, main=status == Status.DRAFT)
    for verb in verbs:
        if verb != Verb.CORRECT:
            yield Button(f"_{verb}", verb.label, main=verb == Verb.PUBLISH)


def _remark_label(publication: Any, verbs: list[EditorialEvent.Verb]) -> str:
    """Return what the box beside the buttons asks for; nothing when no step asks for words."""
    if Verb.RETURN in verbs:
        return "Ý kiến khi trả lại"
    if Verb.WITHDRAW in verbs:
        return "Lý do đính chính hoặc gỡ xuống"
    return "Lý do soạn lại (nếu có)" if Verb.REOPEN in verbs else ""


def _public_address(publication: Any) -> str:
    return publication.get_absolute_url() if publication and publication.is_public(timezone.now()) else ""


def state_tag(publication: Publication) -> SafeString:
    """Return the state as staff read it: approved for later and run out are told apart from public."""
    at = timezone.now()
    label, kind = publication.get_status_display(), TAGS[Status(publication.status)]
    if publication.is_scheduled(at):
        label, kind = "Hẹn giờ đăng", "amended"
    elif publication.is_approved:
        label, kind = ("Thôi đăng", "repealed") if publication.is_over(at) else ("Đang đăng", "new")
    return format_html('<span class="tag tag-{}">{}</span>', kind, label)


def user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  admin_view lets nobody else in
    return request.user
