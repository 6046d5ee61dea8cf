"""The page and the paper that a sender leaves with."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from feedback import drafting, receipts
from feedback.follow_up_views import with_case
from feedback.models import Submission
from portal import limits
from portal.navigation import Link
from portal.pdf import NotAvailable

# Drawing takes a second; a receipt is printed once or twice.
MOST_PAPERS_A_DAY = 60


@never_cache
@require_safe
def receipt(request: HttpRequest) -> HttpResponseBase:
    """Show the receipt of what this browser sent, as often as it is loaded."""
    draft = drafting.of_request(request, at=timezone.now())
    if draft is None:
        return render(request, "feedback/receipt_over.html", {"trail": _trail()}, status=404)
    if draft.submission is None:
        # Nothing was sent yet.
        return redirect("feedback:file-check")
    return render(request, "feedback/receipt.html", receipts.context(draft.submission))


@never_cache
@require_safe
def receipt_paper(request: HttpRequest) -> HttpResponseBase:
    draft = drafting.of_request(request, at=timezone.now())
    if draft is None or draft.submission is None:
        return redirect("feedback:receipt")
    return _paper(request, draft.submission)


@with_case
@require_safe
def follow_up_paper(request: HttpRequest, case: Submission) -> HttpResponseBase:
    return _paper(request, case)


def _paper(request: HttpRequest, submission: Submission) -> HttpResponse:
    who, on = limits.visitor_address(request), timezone.localdate()
    if not limits.allows("receipt-paper", who, most=MOST_PAPERS_A_DAY, on=on):
        return _not_drawn(request, submission, too_many=True, status=429)
    try:
        content = receipts.paper(submission).drawn()
    except NotAvailable:
        return _not_drawn(request, submission, too_many=False, status=503)
    # The code is the key to the case, so it stands in no name of a file.
    headers = {"Content-Disposition": 'attachment; filename="bien-nhan.pdf"', "X-Robots-Tag": "noindex"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _not_drawn(request: HttpRequest, submission: Submission, *, too_many: bool, status: int) -> HttpResponse:
    context = {"submission": submission, "too_many": too_many, "trail": _trail()}
    return render(request, "feedback/receipt_not_drawn.html", context, status=status)


def _trail() -> list[Link]:
    return [Link("Phản ánh, kiến nghị", reverse("feedback:home"))]
