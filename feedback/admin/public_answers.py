"""The staff's workplace for public copies: original and copy side by side, what the machine found, the steps."""

from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from feedback import access, disclosing, public_register, redacting
from feedback.disclosing import FIELDS, Finding, Texts
from feedback.models import AccessRecord, Event, PublicAnswer, Submission
from portal.navigation import Link
from portal.steps import Conflict, NotAllowed, Refused
from portal.text import fold
from procedures.admin_views import user
from procedures.models import ProcedureChange

Status = PublicAnswer.Status
Verb = Event.Verb
TAGS = {Status.DRAFT: "", Status.SUBMITTED: "amended", Status.PUBLISHED: "new", Status.WITHDRAWN: "repealed"}
DONE = {
    Verb.SUBMIT_PUBLIC: "Đã trình duyệt bản công khai.",
    Verb.RETURN_PUBLIC: "Đã trả lại kèm ý kiến.",
    Verb.PUBLISH: "Đã công khai. Người đọc thấy ngay.",
    Verb.UNPUBLISH: "Đã gỡ. Địa chỉ của câu trả lời nay cho biết lý do gỡ.",
}
MOST_REASONS = 200
DETAIL = "Bản gốc bên cạnh bản công khai"


class CopyForm(forms.ModelForm):
    class Meta:
        model = PublicAnswer
        fields = ["title", "question", "answer", "change"]
        widgets = {
            "title": forms.TextInput(attrs={"class": "vTextField"}),
            "question": forms.Textarea(attrs={"rows": 12, "class": "vLargeTextField"}),
            "answer": forms.Textarea(attrs={"rows": 12, "class": "vLargeTextField"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        change: Any = self.fields["change"]
        procedure = self.instance.submission.procedure_id
        found = ProcedureChange.objects.filter(procedure=procedure) if procedure else ProcedureChange.objects.none()
        change.queryset = found.select_related("procedure")
        change.required = False

    def texts(self) -> Texts:
        return Texts(**{name: self.cleaned_data[name] for name in FIELDS})


@admin.register(PublicAnswer)
class PublicAnswerAdmin(admin.ModelAdmin):
    list_display = ["title", "state", "number", "unit", "prepared_by", "published_at"]
    list_filter = ["status", ("submission__unit", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["submission__unit", "prepared_by"]
    list_per_page = 20
    ordering = ["-pk"]
    search_fields = ["title"]
    search_help_text = "Tìm trong bản công khai; gõ có dấu hay không dấu đều được."
    actions = None

    class Media:
        css = {"all": ["css/admin-procedures.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        visible = Submission.objects.visible_to(user(request)).values("pk")
        return super().get_queryset(request).filter(submission__in=visible)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        words = fold(search_term).split()
        rows = queryset.order_by().values_list("pk", "title", "question", "answer").iterator() if words else []
        found = [pk for pk, *texts in rows if all(word in fold(" ".join(texts)) for word in words)]
        return (queryset.filter(pk__in=found) if words else queryset), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: PublicAnswer | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: PublicAnswer | None = None) -> bool:
        return False

    @admin.display(description="trạng thái", ordering="status")
    def state(self, public: PublicAnswer) -> SafeString:
        return state_tag(public)

    @admin.display(description="đơn vị", ordering="submission__unit")
    def unit(self, public: PublicAnswer) -> str:
        return str(public.submission.unit or "")

    def get_urls(self) -> list[URLPattern]:
        def page(address: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
            return path(address, self.admin_site.admin_view(view), name=f"feedback_publicanswer_{name}")

        return [
            page("soan/<int:pk>/", require_POST(self.prepare), "prepare"),
            page("<int:pk>/buoc/", require_POST(self.step), "step"),
            page("<int:pk>/xem-truoc/", require_safe(self.preview), "preview"),
            *super().get_urls(),
        ]

    def _found(self, request: HttpRequest, pk: str | int) -> PublicAnswer:
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = self.get_queryset(request).select_related("submission__procedure", "submission__unit", "change")
        return get_object_or_404(rows, pk=pk)

    def prepare(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make the copy of a case unless it is there, and open it."""
        submission = get_object_or_404(Submission.objects.visible_to(user(request)), pk=pk)
        try:
            public = disclosing.prepare(submission, by=user(request), at=timezone.now())
        except (Refused, NotAllowed) as error:
            messages.warning(request, str(error))
            return redirect("admin:feedback_submission_change", pk)
        return redirect("admin:feedback_publicanswer_change", public.pk)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if object_id is None or not unquote(object_id).isdecimal() or len(object_id) > 18:
            raise PermissionDenied
        public = self._found(request, int(unquote(object_id)))
        if request.method != "POST":
            return self._page(request, public, CopyForm(instance=public))
        return self._save(request, public)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return redirect("admin:feedback_publicanswer_change", object_id)

    def _save(self, request: HttpRequest, public: PublicAnswer) -> HttpResponse:
        form = CopyForm(request.POST, instance=PublicAnswer.objects.select_related("submission").get(pk=public.pk))
        if not form.is_valid():
            return self._page(request, public, form)
        by = user(request)
        texts = form.texts()
        if "_mask" in request.POST:
            texts = disclosing.mask_all(public, texts)
        try:
            disclosing.save(
                public, texts, by=by, explanations=_explanations(request), change=form.cleaned_data["change"]
            )
            if "_submit_public" in request.POST:
                disclosing.submit(public, by=by, at=timezone.now())
                messages.success(request, DONE[Verb.SUBMIT_PUBLIC])
            else:
                messages.success(
                    request, "Đã che và lưu. Đọc lại trước khi trình." if "_mask" in request.POST else "Đã lưu."
                )
        except (Refused, NotAllowed, Conflict) as error:
            _tell(request, error)
        return redirect("admin:feedback_publicanswer_change", public.pk)

    def step(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Return, publish or take away."""
        public = self._found(request, pk)
        by, at, remark = user(request), timezone.now(), request.POST.get("remark", "")
        verb = next((verb for verb in DONE if f"_{verb}" in request.POST), None)
        try:
            match verb:
                case Verb.RETURN_PUBLIC:
                    disclosing.return_(public, by=by, at=at, remark=remark)
                case Verb.PUBLISH:
                    disclosing.publish(public, by=by, at=at)
                case Verb.UNPUBLISH:
                    disclosing.unpublish(public, by=by, at=at, reason=remark)
                case _:
                    raise Conflict
            messages.success(request, DONE[verb])
        except (Refused, NotAllowed, Conflict) as error:
            _tell(request, error)
        return redirect("admin:feedback_publicanswer_change", pk)

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the page as others will see it."""
        public = self._found(request, pk)
        # What the first publication will give it stands in for the moment.
        public.number = public.number or 0
        public.published_at = public.published_at or timezone.now()
        trail = [Link("Xem trước, chưa công khai", request.path)]
        context = {"answer": public, "outcome": public_register.outcome(public), "trail": trail}
        response = render(request, "feedback/public_answer.html", context)
        add_never_cache_headers(response)
        response["X-Robots-Tag"] = "noindex"
        return response

    def _page(self, request: HttpRequest, public: PublicAnswer, form: CopyForm) -> HttpResponse:
        who = user(request)
        verbs = disclosing.verbs(public, who)
        may_edit = disclosing.may_edit(who, public)
        found = disclosing.findings(public)
        reads_sender = access.may_read_sender(who, public.submission)
        if reads_sender and not public.submission.erased_at:
            # The original tells of the sender, so each look at it is written down.
            access.note(public.submission, by=who, at=timezone.now(), how=AccessRecord.How.VIEW, detail=DETAIL)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Bản công khai",
            "public": public,
            "case": public.submission,
            "state": state_tag(public),
            "form": form,
            "may_edit": may_edit,
            "reads_sender": reads_sender,
            "parts": _parts(public, form, found, masked=not reads_sender),
            "findings": found,
            "reasons": _reasons(found),
            "unexplained": sum(not one.explanation for one in found),
            "differences": disclosing.differences(public) if reads_sender and not may_edit else [],
            "problems": disclosing.problems(public) if Verb.PUBLISH in verbs else [],
            "verbs": verbs,
            "waits_for_another": Verb.RETURN_PUBLIC in verbs and Verb.PUBLISH not in verbs,
            "erased": public.submission.erased_at,
        }
        request.current_app = self.admin_site.name
        return render(request, "admin/feedback/publicanswer/change.html", context)


def _parts(public: PublicAnswer, form: CopyForm, found: list[Finding], *, masked: bool) -> list[dict[str, Any]]:
    """Return the parts of the copy, each beside its original, with what was found marked on both sides."""
    original, known = disclosing.original_of(public.submission), disclosing.known_of(public.submission)
    parts = []
    for name, label in FIELDS.items():
        text, copied = getattr(original, name), getattr(public, name)
        if masked:
            text = redacting.masked(text, known)
        parts.append(
            {
                "name": name,
                "label": label,
                "original": list(_marked(text, redacting.look(text, known))),
                "copy": list(_marked(copied, [one for one in found if one.field == name])),
                "field": form[name],
            }
        )
    return parts


def _marked(text: str, found: list[Any]) -> Iterator[tuple[str, bool]]:
    """Yield the text in pieces, and whether a piece was found."""
    end = 0
    for one in found:
        yield text[end : one.start], False
        yield text[one.start : one.end], True
        end = one.end
    yield text[end:], False


def _reasons(found: list[Finding]) -> list[dict[str, str]]:
    """Return each passage once, for the boxes in which it is explained."""
    once: dict[str, dict[str, str]] = {}
    for one in found:
        text = " ".join(one.text.split())
        once.setdefault(text, {"text": text, "why": one.why, "label": one.label, "explanation": one.explanation})
    return list(once.values())


def _explanations(request: HttpRequest) -> list[tuple[str, str]]:
    pairs = zip(request.POST.getlist("found"), request.POST.getlist("reason"), strict=False)
    return list(pairs)[:MOST_REASONS]


def _tell(request: HttpRequest, error: Exception) -> None:
    if isinstance(error, Refused):
        for problem in error.problems:
            messages.warning(request, str(problem))
    elif isinstance(error, NotAllowed):
        messages.warning(request, str(error))
    else:
        messages.warning(request, "Việc vừa chọn không thực hiện được vì người khác đã xử lý. Xem lại rồi chọn tiếp.")


def state_tag(public: PublicAnswer) -> SafeString:
    kind = TAGS[Status(public.status)]
    return format_html('<span class="tag tag-{}">{}</span>', kind, public.get_status_display())
