"""Letters, calls, visits, e-mails and what other agencies send on: entered by an officer into the same register."""

from datetime import datetime, timedelta
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

from feedback import access, attachments, receipts, spam, workflow
from feedback.admin.case_forms import files_field
from feedback.forms import ContentForm, SenderForm
from feedback.models import AccessRecord, Submission
from news.admin.publications import MomentInput
from portal import steps
from portal.models import SearchState, User
from portal.pdf import NotAvailable
from portal.templatetags.vietnamese import viet_date
from procedures import listing
from procedures.admin_views import user

Channel = Submission.Channel
# The same text by the same officer within this time is the same entry, sent twice.
_TWICE_WITHIN = timedelta(minutes=30)


class ReceivedForm(forms.Form):
    """How and when it came; NĐ 20/2008 Đ6 names the ways."""

    use_required_attribute = False

    channel = forms.ChoiceField(
        label="Nhận qua",
        choices=[("", "Chọn cách nhận"), *(choice for choice in Channel.choices if choice[0] != Channel.WEB)],
        error_messages={"required": "Chọn cách phản ánh đến Sở."},
    )
    received_at = forms.DateTimeField(
        label="Nhận lúc",
        help_text="Ngày giờ Sở nhận được; hạn trả lời tính từ ngày này. Không được sau lúc này.",
        widget=MomentInput,
        error_messages={"required": "Chọn ngày giờ nhận.", "invalid": "Ghi ngày giờ nhận, ví dụ 24/11/2026 08:30."},
    )
    external_reference = forms.CharField(
        label="Số của nơi chuyển đến (nếu có)",
        max_length=100,
        required=False,
        help_text="Số trên hệ thống phản ánh quốc gia, số công văn.",
    )
    attached = files_field()

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at

    def clean_received_at(self) -> datetime:
        received_at = self.cleaned_data["received_at"]
        if received_at > self.at:
            raise forms.ValidationError("Chọn ngày giờ nhận không sau lúc này.")
        return received_at

    def clean_attached(self) -> list[attachments.Checked]:
        return attachments.check_all(self.cleaned_data["attached"])


class EnteredContentForm(ContentForm):
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Files have their own place here, and nobody lays traps for officers.
        for name in ("new_files", "website"):
            del self.fields[name]
        self.fields["about"].label = "Việc phản ánh"
        self.fields["content"].widget = forms.Textarea(attrs={"rows": 10})
        self.fields["proposed_solution"].widget = forms.Textarea(attrs={"rows": 4})


class EnteredSenderForm(SenderForm):
    """As on the public form; only that a letter without a name is entered too, and refused by classifying it."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["website"], self.fields["news"]
        for name, label in (("sender_name", "Họ và tên người gửi"), ("address", "Địa chỉ")):
            self.fields[name].required = False
            self.fields[name].label = f"{label} (để trống nếu không ghi)"
        self.fields["publish_name"].label = "Người gửi đồng ý để Sở nêu tên khi công khai câu trả lời"


@never_cache
def enter(request: HttpRequest, model_admin: ModelAdmin) -> HttpResponse:
    """Show the form, or take in what was filled in and show the case with its code and due date."""
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    at = timezone.now()
    asked = _forms(request, at)
    # Each is asked, so that all that is wrong is shown at once.
    wrong = [form for form in asked if not form.is_valid()]
    if not wrong and (submission := _taken(request, asked, at)):
        return redirect("admin:feedback_submission_change", submission.pk)
    received, content, sender = asked
    has_errors = any(form.errors for form in asked)
    title = "Nhập phản ánh, kiến nghị"
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": f"Lỗi: {title}" if has_errors else title,
        "heading": title,
        "received": received,
        "content": content,
        "sender": sender,
        "forms": asked,
        "has_errors": has_errors,
    }
    request.current_app = model_admin.admin_site.name
    return render(request, "admin/feedback/submission/entry.html", context)


@never_cache
def receipt(request: HttpRequest, pk: int, model_admin: ModelAdmin) -> HttpResponse:
    """Draw the sender's receipt, for one who came in person or is answered by post."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    submission = get_object_or_404(model_admin.get_queryset(request), pk=pk, register_number__isnull=False)
    try:
        content = receipts.paper(submission).drawn()
    except NotAvailable:
        messages.error(request, "Máy chủ chưa cài phần mềm tạo tệp PDF. Báo quản trị cổng thông tin.")
        return redirect("admin:feedback_submission_change", pk)
    how = AccessRecord.How.PRINT
    access.note(submission, by=user(request), at=timezone.now(), how=how, detail="biên nhận")
    headers = {"Content-Disposition": 'attachment; filename="bien-nhan.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _forms(request: HttpRequest, at: datetime) -> tuple[Any, Any, Any]:
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    return (
        ReceivedForm(data, files, at=at, initial={"received_at": at}, auto_id="%s"),
        EnteredContentForm(data, fields=listing.all_fields()),
        EnteredSenderForm(data, initial={"sender_kind": Submission.SenderKind.PERSON}),
    )


def _taken(request: HttpRequest, asked: tuple[Any, Any, Any], at: datetime) -> Submission | None:
    by = user(request)
    received, content, sender = (form.cleaned_data for form in asked)
    try:
        with transaction.atomic():
            # A double click waits here for the first and finds its entry.
            SearchState.lock()
            if twice := _entered_already(by, content, at):
                return twice
            submission = workflow.receive(_submission(received, content, sender, at), at=at, by=by)
            for checked in received["attached"]:
                attachments.store(checked, at=at, submission=submission)
    except steps.Refused as error:
        _mark(asked, error)
        return None
    except ValidationError as error:
        # The disk takes no more files.
        asked[0].add_error("attached", error)
        return None
    due = f" Hạn trả lời: {viet_date(submission.answer_due_on)}." if submission.answer_due_on else ""
    text = f"Đã vào sổ số {submission.register_entry}. Mã biên nhận để báo người gửi: {submission.shown_code}.{due}"
    messages.success(request, text)
    return submission


def _entered_already(by: User, content: dict[str, Any], at: datetime) -> Submission | None:
    same = {name: content[name] for name in ("title", "content", "proposed_solution")}
    recent = Submission.objects.filter(entered_by=by, events__verb="receive", events__at__gte=at - _TWICE_WITHIN)
    return recent.filter(**same).first()


def _submission(received: dict[str, Any], content: dict[str, Any], sender: dict[str, Any], at: datetime) -> Submission:
    of_content = ("about", "procedure", "field", "dossier_code", "title", "content", "proposed_solution")
    of_sender = ("sender_kind", "organisation_name", "sender_name", "address", "phone", "email")
    return Submission(
        **{name: received[name] for name in ("channel", "received_at", "external_reference")},
        **{name: content[name] for name in of_content},
        **{name: sender[name] for name in of_sender},
        contact_key=spam.contact_key(sender["phone"], sender["email"]),
        publish_name_at=at if sender["publish_name"] else None,
    )


def _mark(asked: tuple[Any, Any, Any], error: steps.Refused) -> None:
    for problem in error.problems:
        form = next((form for form in asked if problem.field in form.fields), asked[0])
        form.add_error(problem.field if problem.field in form.fields else None, problem.sentence)
