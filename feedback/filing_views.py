"""Filing in three steps: what is to be said, who says it, one more look; then it is sent once."""

from datetime import datetime
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback import attachments, draft_files, drafting, filing, spam
from feedback.contacts import show_phone
from feedback.forms import NO_PROCEDURE, ChallengeForm, ContentForm, SenderForm, find_procedure, procedure_words
from feedback.models import (
    MOST_LETTERS,
    Attachment,
    Draft,
    FeedbackSettings,
    FocalPerson,
    PublicAnswer,
    Submission,
)
from portal import limits
from portal.navigation import Link

# A browser that forgets a page at once forgets what was typed into it too, when the line breaks and one goes back.
_kept_by_the_browser_only = cache_control(private=True, no_cache=True)

EDIT = "sua"  # in the address: from the check page and back to it
MISSING = "thieu"  # shows what is missing
LATE = "het-gio"
_LATEST_ANSWERS = 3


class Row(NamedTuple):
    """An answer on the check page, and where in its step it is mended."""

    label: str
    value: str
    anchor: str


class Part(NamedTuple):
    heading: str
    url: str  # of the step
    rows: list[Row]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    context = {
        "settings": FeedbackSettings.current(),
        "general": _general(timezone.now()),
        "answers": PublicAnswer.objects.published().for_list()[:_LATEST_ANSWERS],
        "trail": _trail(),
    }
    return render(request, "feedback/home.html", context)


@_kept_by_the_browser_only
@require_http_methods(["GET", "HEAD", "POST"])
def file_content(request: HttpRequest) -> HttpResponseBase:
    at = timezone.now()
    draft = _open_draft(request, at=at)
    if request.method == "POST":
        return _save_content(request, draft, at=at)
    form = filing.content_form(draft, bound=draft is not None and MISSING in request.GET)
    if procedure := find_procedure(request.GET.get("thu-tuc", "")):
        form.initial = {**form.initial, "procedure": procedure_words(procedure)}
    response = _content_page(request, form, draft, at=at, late=LATE in request.GET)
    if _draft_is_over(request, at=at):
        # From here on nobody is told that an earlier draft is over.
        drafting.let_go(response)
    return response


def _save_content(request: HttpRequest, draft: Draft | None, *, at: datetime) -> HttpResponseBase:
    late = draft is None and _draft_is_over(request, at=at)
    opened = spam.opened_at(request.POST.get("form", ""))
    draft = draft or drafting.begin(at=at, opened_at=opened)
    if opened is None:
        drafting.save(draft, filing.FORM, {"unknown": True}, at=at)
    drafting.save(draft, filing.CONTENT, ContentForm.typed(request.POST), at=at)
    form = filing.content_form(draft, bound=True)
    valid = form.is_valid()
    visitor = limits.visitor_address(request)
    for error in draft_files.take(request.FILES.getlist("new_files"), draft, visitor=visitor, at=at)[1]:
        form.add_error("new_files", error)
    if "remove" in request.POST:
        draft_files.remove(draft, request.POST["remove"])
        return _holding(redirect(_address("feedback:file-content", request) + "#new_files"), draft)
    if late or not (valid and form.is_valid()):
        return _holding(_content_page(request, form, draft, at=at, late=late), draft)
    return _holding(redirect("feedback:file-check" if EDIT in request.GET else "feedback:file-sender"), draft)


def _content_page(
    request: HttpRequest, form: ContentForm, draft: Draft | None, *, at: datetime, late: bool
) -> HttpResponse:
    context = {
        "form": form,
        "files": draft.attachments.all() if draft else [],
        "draft": draft,
        "late": late,
        "general": _general(at),
        "most_files": attachments.MOST_FILES,
        "most_letters": MOST_LETTERS,
        "no_procedure": NO_PROCEDURE,
        "form_token": request.POST.get("form") or spam.form_token(at=at),
        "settings": FeedbackSettings.current(),
        "trail": _trail(),
    }
    return render(request, "feedback/file_content.html", context)


@_kept_by_the_browser_only
@require_http_methods(["GET", "HEAD", "POST"])
def file_sender(request: HttpRequest) -> HttpResponseBase:
    at = timezone.now()
    draft = _open_draft(request, at=at)
    if request.method == "POST":
        return _save_sender(request, draft, at=at)
    if draft is None:
        return _begin_anew(request, at=at)
    return _sender_page(request, filing.sender_form(draft, bound=MISSING in request.GET), draft)


def _save_sender(request: HttpRequest, draft: Draft | None, *, at: datetime) -> HttpResponseBase:
    late = draft is None
    draft = draft or drafting.begin(at=at)
    drafting.save(draft, filing.SENDER, SenderForm.typed(request.POST), at=at)
    if late:
        return _holding(redirect(f"{reverse('feedback:file-content')}?{LATE}=1"), draft)
    if "back" in request.POST:
        return _holding(redirect("feedback:file-content"), draft)
    form = filing.sender_form(draft, bound=True)
    if not form.is_valid():
        return _holding(_sender_page(request, form, draft), draft)
    return _holding(redirect("feedback:file-check"), draft)


def _sender_page(request: HttpRequest, form: SenderForm, draft: Draft) -> HttpResponse:
    context = {"form": form, "draft": draft, "settings": FeedbackSettings.current(), "trail": _trail()}
    return render(request, "feedback/file_sender.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def file_check(request: HttpRequest) -> HttpResponseBase:
    at = timezone.now()
    draft = drafting.of_request(request, at=at)
    if draft is None:
        return _begin_anew(request, at=at)
    if draft.submission:
        return redirect("feedback:receipt")
    try:
        checked = filing.check(draft)
        return (
            _send(request, draft, checked, at=at) if request.method == "POST" else _check_page(request, draft, checked)
        )
    except filing.Incomplete as incomplete:
        return redirect(reverse(_STEPS[incomplete.part]) + f"?{MISSING}=1")
    except filing.Expired:
        return _begin_anew(request, at=at)


def _send(request: HttpRequest, draft: Draft, checked: filing.Checked, *, at: datetime) -> HttpResponseBase:
    visitor = limits.visitor_address(request)
    if spam.is_over_the_limit(visitor, at=at):
        return _check_page(request, draft, checked, too_many=True)
    if FeedbackSettings.current().challenge:
        form = ChallengeForm(request.POST, auto_id="%s")
        question = request.POST.get("question", "")
        if form.is_valid() and not spam.is_answered(question, form.cleaned_data["challenge"], draft.token):
            form.add_error("challenge", "Câu trả lời chưa đúng. Trả lời câu hỏi mới bằng số hoặc bằng chữ.")
        if not form.is_valid():
            return _check_page(request, draft, checked, challenge_form=form)
    filing.send(draft, at=at, visitor=visitor)
    return redirect("feedback:receipt")


def _check_page(
    request: HttpRequest,
    draft: Draft,
    checked: filing.Checked,
    *,
    too_many: bool = False,
    challenge_form: ChallengeForm | None = None,
) -> HttpResponse:
    settings = FeedbackSettings.current()
    context = {
        "parts": _parts(checked),
        "names_sender": checked.sender["publish_name"],
        "files": draft.attachments.all(),
        "too_many": too_many,
        "minutes": spam.MINUTES,
        "challenge": spam.challenge(draft.token) if settings.challenge else None,
        "form": challenge_form or ChallengeForm(auto_id="%s"),
        "trail": _trail(),
    }
    return render(request, "feedback/file_check.html", context, status=429 if too_many else 200)


def _parts(checked: filing.Checked) -> list[Part]:
    content, sender = checked.content, checked.sender
    consents = {True: "Đồng ý", False: "Không"}
    about = [
        Row("Việc phản ánh", Submission.About(content["about"]).label, "about_0"),
        Row("Thủ tục liên quan", content["procedure"].title if content["procedure"] else "", "procedure"),
        Row("Lĩnh vực", content["field"].name if content["field"] else "", "field"),
        Row("Mã số hồ sơ", content["dossier_code"], "dossier_code"),
        Row("Tiêu đề", content["title"], "title"),
        Row("Nội dung", content["content"], "content"),
        Row("Đề xuất", content["proposed_solution"], "proposed_solution"),
    ]
    by = [
        Row("Gửi với tư cách", Submission.SenderKind(sender["sender_kind"]).label, "sender_kind_0"),
        Row("Tên doanh nghiệp, tổ chức", sender["organisation_name"], "organisation_name"),
        Row("Họ và tên", sender["sender_name"], "sender_name"),
        Row("Địa chỉ", sender["address"], "address"),
        Row("Điện thoại", show_phone(sender["phone"]), "phone"),
        Row("Thư điện tử", sender["email"], "email"),
        Row("Nêu tên khi công khai", consents[sender["publish_name"]], "publish_name"),
        Row("Nhận thư báo thay đổi", consents[sender["news"]], "news"),
    ]
    edit = f"?{EDIT}=1"
    return [
        Part("Nội dung", reverse("feedback:file-content") + edit, about),
        Part("Người gửi", reverse("feedback:file-sender") + edit, by),
    ]


@never_cache
@require_safe
def draft_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show a file that was chosen to whoever holds the draft, and to nobody else."""
    draft = _open_draft(request, at=timezone.now())
    if draft is None:
        raise Http404
    return attachments.respond(get_object_or_404(Attachment, draft=draft, pk=pk))


@never_cache
@require_POST
def draft_discard(request: HttpRequest) -> HttpResponseBase:
    """Delete what was typed at once, for those who do not sit at their own machine."""
    if draft := drafting.of_request(request, at=timezone.now()):
        drafting.discard(draft)
    response = redirect("feedback:home")
    drafting.let_go(response)
    return response


_STEPS = {filing.CONTENT: "feedback:file-content", filing.SENDER: "feedback:file-sender"}


def _open_draft(request: HttpRequest, *, at: datetime) -> Draft | None:
    """Return the draft that the browser holds, if it was not sent."""
    draft = drafting.of_request(request, at=at)
    return None if draft is None or draft.submission else draft


def _draft_is_over(request: HttpRequest, *, at: datetime) -> bool:
    return drafting.had_one(request) and drafting.of_request(request, at=at) is None


def _begin_anew(request: HttpRequest, *, at: datetime) -> HttpResponseBase:
    late = f"?{LATE}=1" if _draft_is_over(request, at=at) else ""
    return redirect(reverse("feedback:file-content") + late)


def _general(at: datetime) -> FocalPerson | None:
    """Return who takes what belongs to nobody else: whom to call or write to."""
    return FocalPerson.objects.published(timezone.localdate(at)).filter(receives_rest=True).first()


def _address(name: str, request: HttpRequest) -> str:
    return reverse(name) + (f"?{EDIT}=1" if EDIT in request.GET else "")


def _holding(response: Any, draft: Draft) -> Any:
    drafting.hold(response, draft)
    return response


def _trail() -> list[Link]:
    return [Link("Phản ánh, kiến nghị", reverse("feedback:home"))]
