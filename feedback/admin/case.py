"""The page of a case: all that is known of it in one place, and the steps that may be taken now."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from feedback import access, answering, attachments, canned, clocks, disclosing, moves, similar, workflow
from feedback.admin import papers
from feedback.admin.case_forms import AnswerForm
from feedback.admin.case_steps import DRAFT, STEPS, Doing, Step, initial, offered, offered_on_answer
from feedback.models import Answer, Event, Message, Submission
from portal import calendar, steps
from portal.models import User
from portal.templatetags.vietnamese import viet_date
from procedures.admin_views import user

Verb = Event.Verb
SOMEBODY_ELSE = "Người khác vừa xử lý phản ánh này. Xem tình trạng mới rồi làm tiếp; phần đã viết vẫn còn ở dưới."
_WORDS = {Verb.ASK, Verb.REPLY, Verb.NOTE}
_RELATED = ("unit", "focal_person__deputy", "procedure", "field", "entered_by", "merged_into")


@dataclass(frozen=True)
class Typed:
    """What somebody sent and could not be taken: shown again as it was."""

    name: str  # of the step
    form: forms.BaseForm


@dataclass(frozen=True)
class Offer:
    step: Step
    form: Any
    is_open: bool


@dataclass(frozen=True)
class Moment:
    """One line of what happened: a step, or words that went with it."""

    at: datetime
    event: Event | None = None
    message: Message | None = None

    @property
    def moved_due(self) -> str:
        """The due date before and after a step that moved it."""
        data = self.event.data if self.event else {}
        before, after = data.get("due_before", ""), data.get("due", "")
        if not (before and after) or before == after:
            return ""
        return f"{viet_date(date.fromisoformat(before))} → {viet_date(date.fromisoformat(after))}"


@never_cache
def show(request: HttpRequest, object_id: str, model_admin: ModelAdmin) -> HttpResponse:
    """Show the case; its sender masked."""
    return _page(request, model_admin, _found(request, model_admin, object_id))


@never_cache
@require_POST
def open_sender(request: HttpRequest, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    """Show the case with who sent it; that somebody looked is written down (RULES F17)."""
    submission = _found(request, model_admin, pk)
    sender = access.open_sender(submission, by=user(request), at=timezone.now())
    return _page(request, model_admin, submission, sender=sender)


@never_cache
@require_POST
def take(request: HttpRequest, pk: str, verb: str, model_admin: ModelAdmin) -> HttpResponse:
    """Take one step, or show again what was typed and say what to mend."""
    submission = _found(request, model_admin, pk)
    step, at = STEPS[verb], timezone.now()
    if _is_for_others(submission, step.needs, user(request)):
        raise PermissionDenied
    form = _form(step, submission, on=timezone.localdate(at), data=request.POST, files=request.FILES)
    if not form.is_valid():
        return _page(request, model_admin, submission, typed=Typed(verb, form))
    if step.needs != Verb.NOTE:
        # The rule compares it with the row: whoever saw an older state does not act on the new one.
        submission.version = _seen_version(request)
    doing = Doing(submission, user(request), at, form.cleaned_data)
    if response := _attempt(request, model_admin, doing, step, form):
        return response
    messages.success(request, step.done)
    return _back(request, model_admin, submission)


def _attempt(request: HttpRequest, model_admin: ModelAdmin, doing: Doing, step: Step, form: Any) -> HttpResponse | None:
    pk = doing.submission.pk
    try:
        step.take(doing)
    except steps.Refused as error:
        _mark(form, error)
        return _page(request, model_admin, _found(request, model_admin, pk), typed=Typed(step.name, form))
    except steps.NotAllowed as error:
        form.add_error(None, str(error))
        return _page(request, model_admin, _found(request, model_admin, pk), typed=Typed(step.name, form))
    except ValidationError as error:
        form.add_error("attached", error)
        return _page(request, model_admin, _found(request, model_admin, pk), typed=Typed(step.name, form))
    except steps.Conflict:
        messages.warning(request, SOMEBODY_ELSE)
        return _page(request, model_admin, _found(request, model_admin, pk), typed=Typed(step.name, form))
    return None


@never_cache
@require_POST
def write(request: HttpRequest, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    """Keep the answer as it is typed, fill in a text to start from, or hand it in."""
    submission = _found(request, model_admin, pk)
    by, at = user(request), timezone.now()
    if _is_for_others(submission, Verb.SUBMIT_ANSWER, by):
        raise PermissionDenied
    answer = answering.in_the_making(submission)
    form = _answer_form(submission, answer, by, data=request.POST, files=request.FILES)
    valid = form.is_valid()
    if "_canned" in request.POST:
        form = _with_canned(form, submission, answer, by, at)
        return _page(request, model_admin, submission, typed=Typed(DRAFT, form))
    if not valid:
        return _page(request, model_admin, submission, typed=Typed(DRAFT, form))
    if request.POST.get("seen") != _seen(submission, answer):
        messages.warning(request, SOMEBODY_ELSE)
        return _page(request, model_admin, submission, typed=Typed(DRAFT, form))
    try:
        answer = _keep(submission, form.cleaned_data, by, at)
        if "_submit" in request.POST:
            answering.submit(answer, by=by, at=at)
    except steps.Refused as error:
        _mark(form, error)
    except steps.NotAllowed as error:
        form.add_error(None, str(error))
    except ValidationError as error:
        form.add_error("attached", error)
    except steps.Conflict:
        messages.warning(request, SOMEBODY_ELSE)
    else:
        done = "Đã lưu và trình duyệt." if "_submit" in request.POST else f"Đã lưu nháp lúc {_hour(at)}. Chưa gửi."
        messages.success(request, done)
        return _back(request, model_admin, submission)
    return _page(request, model_admin, _found(request, model_admin, pk), typed=Typed(DRAFT, form))


@transaction.atomic
def _keep(submission: Submission, typed: dict[str, Any], by: User, at: datetime) -> Answer:
    """Keep text and files, or nothing; raise ValidationError where the disk takes no more files."""
    names = ("text", "outcome", "document_number", "document_on")
    answer = answering.draft(submission, **{name: typed[name] for name in names}, by=by, at=at)
    for removed in typed.get("remove", []):
        removed.delete()
    for checked in typed["attached"]:
        attachments.store(checked, at=at, submission=submission, answer=answer)
    return answer


def _with_canned(form: Any, submission: Submission, answer: Answer | None, by: User, at: datetime) -> Any:
    """Return the form with the chosen text behind what is typed; nothing is saved."""
    chosen = form.cleaned_data.get("canned")
    if chosen is None:
        form.add_error("canned", "Chọn một mẫu câu trả lời.")
        return form
    name = ""
    if canned.asks_for_name(chosen.text) and access.may_read_sender(by, submission):
        name = access.open_sender(submission, by=by, at=at).name
    filled = canned.fill(chosen.text, submission, name=name)
    text = "\n\n".join(filter(None, [form.data.get("draft-text", "").strip(), filled]))
    typed = {name: form.data.get(f"draft-{name}", "") for name in ("outcome", "document_number", "document_on")}
    return _answer_form(submission, answer, by, initial={**typed, "text": text})


# The page.


def _page(
    request: HttpRequest,
    model_admin: ModelAdmin,
    submission: Submission,
    *,
    typed: Typed | None = None,
    sender: access.Sender | None = None,
) -> HttpResponse:
    who, on = user(request), timezone.localdate()
    answer = answering.in_the_making(submission)
    errors = typed.form.errors if typed else {}
    title = f"Phản ánh {submission.register_entry or submission.shown_code}"
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": f"Lỗi: {title}" if errors else title,
        "heading": title,
        "case": submission,
        "seen": _seen(submission, answer),
        "sender": sender or access.masked(submission),
        "may_read_sender": sender is None and access.may_read_sender(who, submission),
        "offers": list(_offers(submission, who, on, typed)),
        "typed": typed,
        "lost": _lost(submission, who, answer, typed),
        **_answer_context(submission, answer, who, on, typed),
        **_clock_context(submission, on),
        **_history_context(submission),
        **_related_context(submission, who),
        "papers": papers.links(submission) if submission.register_number else [],
        "public": getattr(submission, "public_answer", None),
        "may_publish": disclosing.may_prepare(who, submission) and disclosing.can_prepare(submission),
    }
    request.current_app = model_admin.admin_site.name
    return render(request, "admin/feedback/submission/case.html", context)


def _offers(submission: Submission, who: User, on: date, typed: Typed | None) -> Any:
    for step in offered(submission, who):
        yield _offer(step, submission, on, typed)


def _offer(step: Step, submission: Submission, on: date, typed: Typed | None) -> Offer:
    if typed and typed.name == step.name:
        return Offer(step, typed.form, is_open=True)
    return Offer(step, _form(step, submission, on=on), is_open=False)


def _lost(submission: Submission, who: User, answer: Answer | None, typed: Typed | None) -> list[str]:
    """Return what was typed for a step that is no longer there, so that it can be copied."""
    if typed is None:
        return []
    names = {step.name for step in (*offered(submission, who), *offered_on_answer(answer, submission, who))}
    if typed.name in names or (typed.name == DRAFT and _may_write(submission, answer, who)):
        return []
    texts = [name for name, field in typed.form.fields.items() if isinstance(field.widget, forms.Textarea)]
    return [text for text in (typed.form[name].value() for name in texts) if text]


def _answer_context(
    submission: Submission, answer: Answer | None, who: User, on: date, typed: Typed | None
) -> dict[str, Any]:
    form = None
    if _may_write(submission, answer, who):
        form = typed.form if typed and typed.name == DRAFT else _answer_form(submission, answer, who)
    steps = offered_on_answer(answer, submission, who)
    waits = answer and answer.status == Answer.Status.SUBMITTED
    return {
        "answer": answer,
        "answer_form": form,
        "answer_offers": [_offer(step, submission, on, typed) for step in steps],
        "waits_for_another": waits and not any(step.name == Verb.APPROVE_ANSWER for step in steps),
        "sent": submission.answers.filter(status=Answer.Status.SENT).select_related("written_by", "approved_by"),
        "assessment": getattr(submission, "assessment", None),
        "rating": getattr(submission, "rating", None),
    }


def _clock_context(submission: Submission, on: date) -> dict[str, Any]:
    if not submission.register_number:
        return {"net": None}
    work = calendar.load()
    due = submission.answer_due_on
    net, gross = clocks.net_and_gross(submission, on, work=work)
    return {
        "net": net,
        "gross": gross,
        "days": clocks.days(submission, work=work),
        "late": clocks.late(submission, on, work=work),
        "left": work.working_days_between(on, due) if due and submission.is_open else None,
        "forward_left": work.working_days_between(on, submission.forward_due_on)
        if submission.forward_due_on and submission.is_open
        else None,
    }


def _history_context(submission: Submission) -> dict[str, Any]:
    events = submission.events.select_related("by")
    talk = submission.messages.select_related("by").prefetch_related("attachments")
    told = {message.at for message in talk}
    # The words themselves say that somebody asked, replied or noted.
    found = [Moment(event.at, event=event) for event in events if event.verb not in _WORDS or event.at not in told]
    found += [Moment(message.at, message=message) for message in talk]
    return {
        "moments": sorted(found, key=lambda moment: moment.at),
        "files": submission.attachments.filter(message=None, answer=None),
    }


def _related_context(submission: Submission, who: User) -> dict[str, Any]:
    visible = Submission.objects.visible_to(who)
    return {
        "duplicates": similar.likely_duplicates(submission, visible),
        "same_sender": similar.of_same_sender(submission, visible)[: similar.SHOWN],
        "merged": submission.duplicates.all(),
    }


# What the views share.


def _found(request: HttpRequest, model_admin: ModelAdmin, pk: str | int) -> Submission:
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    number = int(pk) if str(pk).isascii() and str(pk).isdigit() and len(str(pk)) < 19 else 0
    return get_object_or_404(model_admin.get_queryset(request).select_related(*_RELATED), pk=number)


def _is_for_others(submission: Submission, verb: Event.Verb, who: User) -> bool:
    """Tell whether the step leads on from here, but not for this person."""
    return verb in moves.MOVES[submission.status] and verb not in workflow.verbs(submission, who)


def _may_write(submission: Submission, answer: Answer | None, who: User) -> bool:
    open_to_writing = answer is None or answer.status == Answer.Status.DRAFT
    return open_to_writing and Verb.SUBMIT_ANSWER in workflow.verbs(submission, who)


def _form(step: Step, submission: Submission, *, on: date, data: Any = None, files: Any = None) -> Any:
    options: dict[str, Any] = {"initial": initial(step, submission)}
    if step.name == Verb.ASSESS:
        options = {"instance": getattr(submission, "assessment", None)}
    return step.form(data, files, prefix=step.name, on=on, **options)


def _answer_form(
    submission: Submission,
    answer: Answer | None,
    who: User,
    *,
    data: Any = None,
    files: Any = None,
    initial: Any = None,
) -> AnswerForm:
    names = ("text", "outcome", "document_number", "document_on")
    kept = {name: getattr(answer, name) for name in names} if answer else {}
    texts = canned.for_unit(submission.unit_id)
    return AnswerForm(
        data, files, prefix=DRAFT, on=timezone.localdate(), answer=answer, texts=texts, initial=initial or kept
    )


def _mark(form: Any, error: steps.Refused) -> None:
    for problem in error.problems:
        form.add_error(problem.field if problem.field in form.fields else None, problem.sentence)


def _seen(submission: Submission, answer: Answer | None) -> str:
    """Return what tells whether the page is still what is stored."""
    written = int(answer.written_at.timestamp() * 1000) if answer else 0
    return f"{submission.version}.{written}"


def _seen_version(request: HttpRequest) -> int:
    version = request.POST.get("seen", "").partition(".")[0]
    return int(version) if version.isascii() and version.isdigit() and len(version) < 10 else -1


def _hour(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{local.hour}:{local:%M}"


def _back(request: HttpRequest, model_admin: ModelAdmin, submission: Submission) -> HttpResponse:
    """Return to the case, or to the list where another unit holds the case from now on."""
    if model_admin.get_queryset(request).filter(pk=submission.pk).exists():
        return redirect("admin:feedback_submission_change", submission.pk)
    return redirect("admin:feedback_submission_changelist")
