"""The list of cases: what waits, what is late, and steps taken with several at once."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, re_path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from feedback import answering, codes, disclosing, workflow
from feedback.admin import case, entry, papers, worklists
from feedback.admin.case_forms import AssignForm
from feedback.admin.case_steps import STEPS
from feedback.models import Submission
from portal import calendar, steps
from portal.templatetags.vietnamese import viet_date
from portal.text import fold
from procedures.admin_views import user

Status = Submission.Status
TAGS = {
    Status.SUSPECTED: "amended",
    Status.SPAM: "repealed",
    Status.ASKED: "amended",
    Status.ANSWERED: "new",
    Status.DISPUTED: "repealed",
    Status.REJECTED: "repealed",
}


class WorkFilter(admin.SimpleListFilter):
    title = "việc"
    parameter_name = worklists.PARAMETER

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        office = user(request).has_perm("feedback.triage_submission")
        return [(work.key, work.label) for work in worklists.WORKS if office or work.key not in worklists.SPAM]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        work = worklists.BY_KEY.get(self.value() or "")
        if work is None:
            # What nobody has looked at yet, and what is no feedback at all, stays in lists of its own.
            return queryset.exclude(status__in=[Status.SUSPECTED, Status.SPAM])
        return queryset.filter(work.which(timezone.localdate()))


class YearFilter(admin.SimpleListFilter):
    title = "năm vào sổ"
    parameter_name = "nam"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        found = Submission.objects.in_register().order_by("-register_year")
        return [(str(year), str(year)) for year in found.values_list("register_year", flat=True).distinct()]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        year = self.value() or ""
        return queryset.filter(register_year=year) if year.isascii() and year.isdigit() and len(year) == 4 else None


class CaseList(ChangeList):
    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        # The calendar is read once for all rows.
        on, days = timezone.localdate(), calendar.load()
        self.result_list: Any = list(self.result_list)
        for row in self.result_list:
            if row.is_open and row.answer_due_on:
                row.days_left = days.working_days_between(on, row.answer_due_on)


@admin.register(Submission)
class SubmissionAdmin(admin.ModelAdmin):
    """Nobody edits a row: the form of a case is `feedback.admin.case`, its buttons are steps of the workflow."""

    change_list_template = "admin/feedback/submission/list.html"
    list_display = ["entry", "title", "what", "holder", "due", "state"]
    list_display_links = ["entry", "title"]
    list_filter = [
        WorkFilter,
        ("unit", admin.RelatedOnlyFieldListFilter),
        ("field", admin.RelatedOnlyFieldListFilter),
        "channel",
        YearFilter,
    ]
    list_per_page = 20
    list_max_show_all = 20
    search_fields = ["code"]  # for the box; `get_search_results` says what is looked through
    search_help_text = "Mã biên nhận, số vào sổ (12/2026), hoặc từ trong tiêu đề, nội dung; gõ có dấu hay không dấu."
    view_on_site = False  # the address holds the sender's code
    actions = ["assign_several", "send_several", "publish_several", "clear_several", "discard_several"]

    class Media:
        css = {"all": ["css/admin-procedures.css", "css/admin-feedback.css"]}

    # Who may do what.

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        found: Any = super().get_queryset(request)
        return found.visible_to(user(request)).select_related("unit", "focal_person__deputy")

    def has_change_permission(self, request: HttpRequest, obj: Submission | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Submission | None = None) -> bool:
        return False

    def has_triage_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("feedback.triage_submission")

    def has_head_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("feedback.head_submission")

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("feedback.publish_publicanswer")

    # The list.

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return CaseList

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """Look through titles and contents without marks, in memory: a year has some hundred cases."""
        words = fold(search_term).split()
        if not words:
            return queryset, False
        code = codes.read(search_term)
        rows = queryset.order_by().values_list("pk", "code", "register_number", "register_year", "title", "content")
        found = []
        for pk, its_code, number, year, *texts in rows.iterator():
            text = fold("\n".join(texts))
            named = search_term.strip() in {str(number), f"{number}/{year}"} or (code and code == its_code)
            if named or all(word in text for word in words):
                found.append(pk)
        return queryset.filter(pk__in=found), False

    @admin.display(description="số", ordering="register_number")
    def entry(self, submission: Submission) -> str:
        return submission.register_entry or submission.shown_code

    @admin.display(description="loại, việc")
    def what(self, submission: Submission) -> str:
        return f"{submission.get_kind_display()}: {submission.get_about_display()}"

    @admin.display(description="đơn vị, đầu mối", ordering="unit")
    def holder(self, submission: Submission) -> str:
        return ", ".join(str(one) for one in (submission.unit, submission.focal_person) if one) or "Chưa giao"

    @admin.display(description="hạn trả lời", ordering="answer_due_on")
    def due(self, submission: Submission) -> SafeString | str:
        if submission.answer_due_on is None or not submission.is_open:
            return viet_date(submission.answer_due_on)
        return format_html("{}<br>{}", viet_date(submission.answer_due_on), days_left(submission))

    @admin.display(description="trạng thái", ordering="status")
    def state(self, submission: Submission) -> SafeString:
        return state_tag(submission)

    # Pages.

    def get_urls(self) -> list[Any]:
        def wrap(view: Callable[..., HttpResponse]) -> Any:
            return self.admin_site.admin_view(partial(view, model_admin=self))

        verbs = "|".join(STEPS)
        return [
            *papers.urls(self),
            path("<int:pk>/nguoi-gui/", wrap(case.open_sender), name="feedback_submission_sender"),
            path("<int:pk>/tra-loi/", wrap(case.write), name="feedback_submission_write"),
            path("<int:pk>/bien-nhan.pdf", wrap(entry.receipt), name="feedback_submission_receipt"),
            re_path(rf"^(?P<pk>\d{{1,18}})/(?P<verb>{verbs})/$", wrap(case.take), name="feedback_submission_step"),
            *super().get_urls(),
        ]

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if object_id is None:
            return entry.enter(request, model_admin=self)
        return case.show(request, unquote(object_id), model_admin=self)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return case.show(request, unquote(object_id), model_admin=self)

    # Several at once.

    @admin.action(description="Giao cho một đầu mối", permissions=["triage"])
    def assign_several(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        form = AssignForm(request.POST if "_assign" in request.POST else None, on=timezone.localdate())
        if not form.is_valid():
            return self._ask_to_whom(request, queryset, form)

        def assign(one: Submission) -> None:
            workflow.assign(one, **form.cleaned_data, by=user(request), at=timezone.now())

        self._each(request, queryset, assign, "Đã giao")
        return None

    def _ask_to_whom(self, request: HttpRequest, queryset: QuerySet, form: forms.Form) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Giao cho một đầu mối",
            "heading": "Giao cho một đầu mối",
            "cases": queryset,
            "form": form,
        }
        request.current_app = self.admin_site.name
        return render(request, "admin/feedback/submission/assign_several.html", context)

    @admin.action(description="Duyệt và gửi câu trả lời", permissions=["head"])
    def send_several(self, request: HttpRequest, queryset: QuerySet) -> None:
        def send(one: Submission) -> None:
            answer = answering.in_the_making(one)
            if answer is None:
                raise steps.Refused([steps.Problem("Chưa có câu trả lời nào chờ duyệt.")])
            answering.approve_and_send(answer, by=user(request), at=timezone.now())

        self._each(request, queryset, send, "Đã duyệt và gửi trả lời")

    @admin.action(description="Công khai câu trả lời", permissions=["publish"])
    def publish_several(self, request: HttpRequest, queryset: QuerySet) -> None:
        def publish(one: Submission) -> None:
            public = getattr(one, "public_answer", None)
            if public is None:
                raise steps.Refused([steps.Problem("Chưa có bản công khai nào chờ duyệt.")])
            disclosing.publish(public, by=user(request), at=timezone.now())

        self._each(request, queryset, publish, "Đã công khai câu trả lời của")

    @admin.action(description="Không phải thư rác", permissions=["triage"])
    def clear_several(self, request: HttpRequest, queryset: QuerySet) -> None:
        def clear(one: Submission) -> None:
            workflow.clear(one, by=user(request), at=timezone.now())

        self._each(request, queryset, clear, "Đã đưa vào sổ")

    @admin.action(description="Là thư rác", permissions=["triage"])
    def discard_several(self, request: HttpRequest, queryset: QuerySet) -> None:
        def discard(one: Submission) -> None:
            workflow.discard(one, by=user(request), at=timezone.now(), remark="Xác nhận khi xem danh sách.")

        self._each(request, queryset, discard, "Đã xác nhận là thư rác")

    def _each(
        self, request: HttpRequest, cases: Iterable[Submission], take: Callable[[Submission], None], done: str
    ) -> None:
        """Take the step with each case; what stands in the way of one does not keep back the others."""
        count = 0
        for one in cases:
            if problem := _attempt(take, one):
                self.message_user(request, f"{self.entry(one)}: {problem}", messages.WARNING)
            else:
                count += 1
        if count:
            self.message_user(request, f"{done} {count} phản ánh.", messages.SUCCESS)


def _attempt(take: Callable[[Submission], None], one: Submission) -> str:
    """Take the step; return what stood in the way, in a sentence."""
    try:
        take(one)
    except steps.Refused as error:
        return " ".join(str(problem) for problem in error.problems)
    except steps.Conflict:
        return "Bước này không hợp với tình trạng hiện nay của phản ánh."
    except steps.NotAllowed as error:
        return str(error)
    return ""


def days_left(submission: Any) -> SafeString:
    """Return how many working days are left, red where there are none."""
    left = submission.days_left
    if left < 0:
        return format_html('<strong class="overdue">Quá hạn {} ngày</strong>', -left)
    return format_html("<strong>Hạn hôm nay</strong>") if left == 0 else format_html("còn {} ngày làm việc", left)


def state_tag(submission: Submission) -> SafeString:
    kind = TAGS.get(Status(submission.status), "")
    return format_html('<span class="tag tag-{}">{}</span>', kind or "plain", submission.get_status_display())
