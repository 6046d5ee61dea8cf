"""The staff's workplace for asking opinions: scales, surveys, paper replies, what pages lack."""

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet, Sum
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from feedback import surveying
from feedback.models import (
    PageRemark,
    PageVotes,
    RatingLevel,
    RatingScale,
    Survey,
    SurveyInvitation,
    SurveyQuestion,
    SurveyReply,
)
from feedback.survey_forms import SurveyForm
from news.admin.evidence import EvidenceInline
from portal.admin_site import Task, tasks
from portal.models import User
from portal.spreadsheets import xlsx_file
from portal.text import slugify
from procedures.admin_views import user

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class LevelInline(admin.TabularInline):
    model = RatingLevel
    template = "admin/procedures/rows.html"
    extra = 1


@admin.register(RatingScale)
class RatingScaleAdmin(admin.ModelAdmin):
    list_display = ["name", "levels_shown"]
    inlines = [LevelInline]
    search_fields = ["name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("levels")

    @admin.display(description="các mức")
    def levels_shown(self, scale: RatingScale) -> str:
        return ", ".join(f"{level.label} ({level.value})" for level in scale.levels.all())

    def has_change_permission(self, request: HttpRequest, obj: RatingScale | None = None) -> bool:
        # What people have chosen keeps its words: another scale takes the place of this one.
        return super().has_change_permission(request, obj) and not (obj and _is_used(obj))

    def has_delete_permission(self, request: HttpRequest, obj: RatingScale | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and _is_used(obj))


def _is_used(scale: RatingScale) -> bool:
    return SurveyReply.objects.filter(question__scale=scale).exists()


class QuestionForm(forms.ModelForm):
    class Meta:
        model = SurveyQuestion
        fields = ["order", "text", "kind", "scale", "choices", "required"]
        widgets = {"choices": forms.Textarea(attrs={"rows": 3})}

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        kind = cleaned.get("kind")
        if kind == SurveyQuestion.Kind.SCALE and not cleaned.get("scale"):
            self.add_error("scale", "Chọn thang cho câu hỏi này.")
        lines = [line for line in (cleaned.get("choices") or "").splitlines() if line.strip()]
        if kind == SurveyQuestion.Kind.CHOICE and len(lines) < 2:
            self.add_error("choices", "Ghi ít nhất hai ý, mỗi ý một dòng.")
        return cleaned


class QuestionInline(admin.StackedInline):
    model = SurveyQuestion
    form = QuestionForm
    extra = 1
    fields = [("order", "required"), "text", "kind", "scale", "choices"]

    # Once somebody replied, the questions stay what they were.
    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and not _has_replies(obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not _has_replies(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not _has_replies(obj)


class InvitationInline(admin.TabularInline):
    model = SurveyInvitation
    template = "admin/procedures/rows.html"
    extra = 1
    fields = ["organisation", "email", "sent_at", "reminded_at"]
    readonly_fields = ["sent_at", "reminded_at"]


def _has_replies(survey: Survey | None) -> bool:
    return survey is not None and survey.pk is not None and survey.responses.exists()


class StateFilter(admin.SimpleListFilter):
    title = "tình trạng"
    parameter_name = "tinh-trang"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("dang-soan", "Chưa mở"), ("dang-mo", "Đang nhận ý kiến"), ("da-dong", "Đã đóng")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        on = timezone.localdate()
        match self.value():
            case "dang-soan":
                return queryset.filter(published=False)
            case "dang-mo":
                return queryset.running(on)
            case "da-dong":
                return queryset.public().filter(last_on__lt=on)
        return None


@admin.register(Survey)
class SurveyAdmin(admin.ModelAdmin):
    fieldsets = [
        (None, {"fields": ["title", "purpose", "audience", "procedure", "document", "unit"]}),
        ("Thời gian", {"fields": [("first_on", "last_on")]}),
        ("Sau khi đóng phiếu", {"fields": ["conclusion"]}),
    ]
    inlines = [QuestionInline, InvitationInline, EvidenceInline]
    list_display = ["title", "unit", "first_on", "last_on", "published", "reply_count"]
    list_filter = [StateFilter, "unit"]
    list_select_related = ["unit"]
    list_per_page = 50
    search_fields = ["title"]
    autocomplete_fields = ["procedure", "document", "unit"]
    change_form_template = "admin/feedback/survey/form.html"

    class Media:
        css = {"all": ["css/admin-procedures.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(replies=Count("responses"))

    @admin.display(description="số phiếu", ordering="replies")
    def reply_count(self, survey: Any) -> int:
        return survey.replies

    def has_delete_permission(self, request: HttpRequest, obj: Survey | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not _has_replies(obj)

    def save_model(self, request: HttpRequest, obj: Survey, form: Any, change: bool) -> None:
        if not obj.slug:
            stem = slugify(obj.title, 70) or "phieu"
            taken = set(Survey.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
            obj.slug = next(slug for slug in _numbered(stem) if slug not in taken)
            obj.created_by = user(request)
        super().save_model(request, obj, form, change)

    def get_urls(self) -> list[URLPattern]:
        def page(address: str, view: Any, name: str) -> URLPattern:
            wrapped = self.admin_site.admin_view(partial(view, model_admin=self))
            return path(f"<int:pk>/{address}/", wrapped, name=f"feedback_survey_{name}")

        return [
            page("ket-qua", results, "results"),
            page("ket-qua.xlsx", download, "download"),
            page("phieu-giay", paper_reply, "paper"),
            page("buoc", step, "step"),
            *super().get_urls(),
        ]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        survey: Survey | None = kwargs.get("obj")
        context["may_steer"] = survey is not None and self.has_change_permission(request, survey)
        context["running"] = survey is not None and survey.is_running(timezone.localdate())
        return super().render_change_form(request, context, *args, **kwargs)


def _numbered(stem: str) -> Iterable[str]:
    yield stem
    number = 2
    while True:
        yield f"{stem}-{number}"
        number += 1


def _found(request: HttpRequest, pk: int, model_admin: SurveyAdmin, permission: str) -> Survey:
    survey = get_object_or_404(Survey, pk=pk)
    if not user(request).has_perm(permission):
        raise PermissionDenied
    return survey


def step(request: HttpRequest, pk: int, model_admin: SurveyAdmin) -> HttpResponseBase:
    """Open the survey for the public, close its page again, or mail those who are asked."""
    survey = _found(request, pk, model_admin, "feedback.change_survey")
    if request.method == "POST":
        try:
            done = _steps[request.POST.get("buoc", "")](survey)
        except KeyError:
            messages.error(request, "Chọn một việc có trên trang.")
        except surveying.NotPossible as error:
            messages.error(request, str(error))
        else:
            model_admin.log_change(request, survey, done)
            messages.success(request, done)
    return redirect("admin:feedback_survey_change", pk)


def _open(survey: Survey) -> str:
    if found := surveying.problems(survey):
        raise surveying.NotPossible(" ".join(found))
    Survey.objects.filter(pk=survey.pk).update(published=True)
    return f"Đã mở phiếu. Người dân cho ý kiến từ {survey.first_on:%d/%m/%Y} đến hết {survey.last_on:%d/%m/%Y}."


def _close(survey: Survey) -> str:
    if survey.responses.exists():
        raise surveying.NotPossible("Phiếu đã có ý kiến nên không ẩn được. Đổi “đến hết ngày” để đóng sớm.")
    Survey.objects.filter(pk=survey.pk).update(published=False)
    return "Đã ẩn phiếu."


def _invite(survey: Survey) -> str:
    return f"Đã xếp {surveying.invite(survey, at=timezone.now())} thư mời vào hàng gửi."


def _remind(survey: Survey) -> str:
    return f"Đã xếp {surveying.remind(survey, at=timezone.now())} thư nhắc vào hàng gửi."


_steps = {"mo": _open, "an": _close, "moi": _invite, "nhac": _remind}


def results(request: HttpRequest, pk: int, model_admin: SurveyAdmin) -> HttpResponse:
    """Show what has come in so far, words included."""
    survey = _found(request, pk, model_admin, "feedback.view_surveyreply")
    context = {
        "survey": survey,
        "results": surveying.results(survey, with_texts=True),
        "response_count": survey.responses.count(),
        "paper_count": survey.responses.exclude(entered_by=None).count(),
    }
    return _render(request, model_admin, "results.html", f"Kết quả: {survey}", context)


def download(request: HttpRequest, pk: int, model_admin: SurveyAdmin) -> HttpResponseBase:
    survey = _found(request, pk, model_admin, "feedback.view_surveyreply")
    header, rows = surveying.sheet(survey)
    return FileResponse(
        xlsx_file("Ý kiến", header, rows),
        as_attachment=True,
        filename=f"phieu-{survey.slug}.xlsx",
        content_type=XLSX,
    )


def paper_reply(request: HttpRequest, pk: int, model_admin: SurveyAdmin) -> HttpResponseBase:
    """Enter a form that came on paper; many come at once, so the empty form is shown again."""
    survey = _found(request, pk, model_admin, "feedback.add_surveyresponse")
    form = SurveyForm(survey, request.POST or None)
    if request.method == "POST" and form.is_valid():
        surveying.take(survey, form.replies, on=timezone.localdate(), entered_by=user(request))
        messages.success(request, "Đã nhập phiếu. Nhập tiếp phiếu khác ở dưới.")
        return redirect("admin:feedback_survey_paper", pk)
    return _render(request, model_admin, "paper.html", f"Nhập phiếu giấy: {survey}", {"survey": survey, "form": form})


def _render(
    request: HttpRequest, model_admin: SurveyAdmin, name: str, title: str, context: dict[str, Any]
) -> HttpResponse:
    shared = {**model_admin.admin_site.each_context(request), "opts": model_admin.opts, "title": title}
    request.current_app = model_admin.admin_site.name
    return render(request, f"admin/feedback/survey/{name}", {**shared, **context})


# What readers say of procedures' pages.


@admin.register(PageRemark)
class PageRemarkAdmin(admin.ModelAdmin):
    list_display = ["day", "procedure", "text", "done"]
    list_display_links = None
    list_editable = ["done"]
    list_filter = ["done", "day"]
    list_select_related = ["procedure"]
    list_per_page = 50
    search_fields = ["text", "procedure__code", "procedure__short_name"]
    fields = ["procedure", "day", "text", "done"]
    readonly_fields = ["procedure", "day", "text"]

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Write down that a remark was deleted, and not what it said."""
        silent: Any = [PageRemark(pk=row.pk, text="(đã xóa)") for row in queryset]
        return super().log_deletions(request, silent)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(PageVotes)
class PageVotesAdmin(admin.ModelAdmin):
    """Which pages help least, over all days."""

    list_display = ["day", "procedure", "helpful", "unhelpful"]
    list_display_links = None
    list_filter = ["day"]
    list_select_related = ["procedure"]
    list_per_page = 50
    ordering = ["-unhelpful", "-day"]
    search_fields = ["procedure__code", "procedure__short_name"]
    change_list_template = "admin/feedback/pagevotes/list.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        sums = PageVotes.objects.aggregate(helpful=Sum("helpful"), unhelpful=Sum("unhelpful"))
        return super().changelist_view(request, {**(extra_context or {}), "sums": sums})


@tasks.register
def _remarks_to_read(user: User, on: date) -> Iterable[Task]:
    if user.has_perm("feedback.change_pageremark"):
        yield Task(
            "Đọc góp ý về trang thủ tục",
            PageRemark.objects.filter(done=False).count(),
            reverse("admin:feedback_pageremark_changelist") + "?done__exact=0",
        )
