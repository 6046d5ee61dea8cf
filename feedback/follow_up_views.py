"""Pages on which a sender follows the own submission with the receipt code.

The code is the only key, so wrong ones are counted; nothing of these pages is kept by anybody but the reader.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import resolve, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from feedback import attachments, draft_files, follow_up, sender_steps
from feedback.follow_up_forms import CodeForm, DisputeForm, RatingForm, ReplyForm, WithdrawForm
from feedback.models import Submission
from portal import limits
from portal.navigation import Link

# From one network address, which many telephones may share; there are 32^8 codes.
MOST_WRONG_CODES_A_DAY = 50
_WHAT = "follow-up"
_DONE = "xong"
# What the page says after a step, by the step's name in the address.
DONE = {
    "bo-sung": "Đã nhận nội dung bổ sung.",
    "xem-lai": "Đã nhận đề nghị xem lại.",
    "danh-gia": "Đã nhận đánh giá.",
    "rut": "Đã rút phản ánh.",
}

_PAGES = {
    "reply": "feedback/follow_up_reply.html",
    "dispute": "feedback/follow_up_dispute.html",
    "rate": "feedback/follow_up_rate.html",
    "withdraw": "feedback/follow_up_withdraw.html",
}

View = Callable[..., HttpResponseBase]


def with_case(view: View) -> View:
    """Give the view the case with the code of the address, or answer that there is none."""

    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def find(request: HttpRequest, code: str, **kwargs: Any) -> HttpResponseBase:
        case = _find(request, code)
        if not isinstance(case, Submission):
            return case
        if code != case.shown_code and request.method != "POST":
            # One address, however the code was written.
            return redirect(resolve(request.path_info).view_name, code=case.shown_code, **kwargs)
        return view(request, case, **kwargs)

    return find


def _find(request: HttpRequest, typed: str, form: CodeForm | None = None) -> Submission | HttpResponse:
    """Return the case with the code, or the page that says it was not found, whatever was wrong with it."""
    on = timezone.localdate()
    visitor = limits.visitor_address(request)
    if limits.used_up(_WHAT, visitor, most=MOST_WRONG_CODES_A_DAY, on=on):
        return _code_page(request, CodeForm(), too_many=True, status=429)
    if case := follow_up.find(typed):
        return case
    limits.allows(_WHAT, visitor, most=MOST_WRONG_CODES_A_DAY, on=on)
    return _code_page(request, form or CodeForm({"code": typed}), not_found=True, status=404)


# Takes no token: the browser lends no authority, and so the box can stand on pages without a cookie.
@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up_form(request: HttpRequest) -> HttpResponseBase:
    form = CodeForm(request.POST or None)
    if request.method != "POST":
        return _code_page(request, form)
    if not form.is_valid():
        return _code_page(request, form, status=400)
    case = _find(request, form.cleaned_data["code"], form)
    # What was typed stays out of the address unless it is a code.
    return redirect(case) if isinstance(case, Submission) else case


def _code_page(
    request: HttpRequest, form: CodeForm, *, not_found: bool = False, too_many: bool = False, status: int = 200
) -> HttpResponse:
    if not_found:
        form.add_error("code", "Chưa tìm thấy mã này. Xem lại mã rồi nhập lại, đủ 8 chữ và số, ví dụ K7QM-4HXT.")
    context = {"form": form, "too_many": too_many, "trail": _trail()}
    return render(request, "feedback/follow_up_form.html", context, status=status)


@with_case
def follow_up_page(request: HttpRequest, case: Submission) -> HttpResponseBase:
    if request.method == "POST":
        return redirect(case)
    context = {
        "page": follow_up.page(case, at=timezone.now()),
        "done": DONE.get(request.GET.get(_DONE, "")),
        "trail": _trail(),
    }
    return render(request, "feedback/follow_up.html", context)


@with_case
def follow_up_reply(request: HttpRequest, case: Submission) -> HttpResponseBase:
    at = timezone.now()
    text = request.POST.get("text", "")
    # A form opened since may say the same again, with other files.
    is_fresh = request.POST.get("seen") == str(case.version)
    if request.method == "POST" and not is_fresh and sender_steps.is_replied(case, text):
        return _done(case, "bo-sung")
    draft = draft_files.draft(request.POST.get("tep", ""), at=at)
    form = ReplyForm(request.POST or None)
    if request.method == "POST":
        visitor = limits.visitor_address(request)
        draft, errors = draft_files.take(request.FILES.getlist("new_files"), draft, visitor=visitor, at=at)
        for error in errors:
            form.add_error("new_files", error)
    if "remove" in request.POST:
        draft_files.remove(draft, request.POST["remove"])
        form = ReplyForm(initial={"text": text})
    files = list(draft.attachments.filter(submission=None)) if draft else []
    if form.is_bound and form.is_valid():
        problems = sender_steps.reply(case, text=form.cleaned_data["text"], attachments=files, at=at)
        if problems is None:
            return _done(case, "bo-sung")
        form.add_problems(problems)
    kept = {"files": files, "files_token": draft_files.token(draft), "most_files": attachments.MOST_FILES}
    return _step_page(request, case, "reply", form, at, **kept)


@with_case
def follow_up_dispute(request: HttpRequest, case: Submission) -> HttpResponseBase:
    at = timezone.now()
    if request.method == "POST" and sender_steps.is_disputed(case):
        return _done(case, "xem-lai")
    form = DisputeForm(request.POST or None)
    if form.is_bound and form.is_valid():
        problems = sender_steps.dispute(case, **form.cleaned_data, at=at)
        if problems is None:
            return _done(case, "xem-lai")
        form.add_problems(problems)
    return _step_page(request, case, "dispute", form, at)


@with_case
def follow_up_rate(request: HttpRequest, case: Submission) -> HttpResponseBase:
    at = timezone.now()
    if request.method == "POST" and sender_steps.is_rated(case):
        return _done(case, "danh-gia")
    form = RatingForm(request.POST or None)
    if form.is_bound and form.is_valid():
        problems = sender_steps.rate(case, **form.cleaned_data, at=at)
        if problems is None:
            return _done(case, "danh-gia")
        form.add_problems(problems)
    return _step_page(request, case, "rate", form, at)


@with_case
def follow_up_withdraw(request: HttpRequest, case: Submission) -> HttpResponseBase:
    at = timezone.now()
    if request.method == "POST" and sender_steps.is_withdrawn(case):
        return _done(case, "rut")
    form = WithdrawForm(request.POST or None)
    if form.is_bound and form.is_valid():
        problems = sender_steps.withdraw(case, **form.cleaned_data, at=at)
        if problems is None:
            return _done(case, "rut")
        form.add_problems(problems)
    return _step_page(request, case, "withdraw", form, at)


@with_case
@require_safe
def follow_up_file(request: HttpRequest, case: Submission, pk: int) -> HttpResponseBase:
    """Give a file of an answer that was sent; what the sender sent stays with the department."""
    answers = follow_up.page(case, at=timezone.now()).answers
    for attachment in (file for answer in answers for file in answer.files):
        if attachment.pk == pk:
            return attachments.respond(attachment, download=True)
    raise Http404


def _step_page(
    request: HttpRequest, case: Submission, step: str, form: Any, at: datetime, **extra: Any
) -> HttpResponseBase:
    """Show the form of a step, or the case where the step is not open to the sender."""
    page = follow_up.page(case, at=at)
    if not page.can(step) and request.method != "POST":
        return redirect(case)
    link = Link(f"Mã {case.shown_code}", case.get_absolute_url())
    context = {"page": page, "form": form, "trail": [*_trail(), link], "is_open": page.can(step), **extra}
    status = 200 if request.method != "POST" or page.can(step) else 409
    return render(request, _PAGES[step], context, status=status)


def _done(case: Submission, step: str) -> HttpResponseBase:
    return redirect(f"{case.get_absolute_url()}?{_DONE}={step}")


def _trail() -> list[Link]:
    return [
        Link("Phản ánh, kiến nghị", reverse("feedback:home")),
        Link("Tra cứu kết quả", reverse("feedback:follow-up-form")),
    ]
