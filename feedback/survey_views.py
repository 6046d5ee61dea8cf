"""Pages that ask for opinions. They need no cookie, so that nothing tells who replied (NĐ 118/2025 Đ29.3).

Their forms carry no token against forgery: the browser lends them no authority. A form that is sent twice
counts once by a number of its own.
"""

import secrets

from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from feedback import surveying
from feedback.models import PageVotes, Survey
from feedback.survey_forms import SurveyForm, VoteForm
from portal import limits
from portal.models import Organisation
from portal.navigation import Link
from procedures.models import Procedure

SHOWN = 20
# From one network address; a whole office may share one.
MOST_REPLIES_A_DAY = 30
MOST_VOTES_A_DAY = 60
_SALT = "feedback.survey"


@require_safe
def survey_list(request: HttpRequest) -> HttpResponse:
    on = timezone.localdate()
    page = Paginator(Survey.objects.public().filter(first_on__lte=on).select_related("unit"), SHOWN)
    context = {"page": page.get_page(request.GET.get("trang")), "on": on, "url": request.path, "trail": _trail()}
    return render(request, "feedback/survey_list.html", context)


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, slug: str) -> HttpResponseBase:
    on = timezone.localdate()
    found = _public(slug)
    if found.first_on > on:
        raise Http404
    if not found.is_running(on):
        return redirect("feedback:survey-results", slug)
    form = SurveyForm(found, request.POST or None)
    too_many = False
    if request.method == "POST" and form.is_valid():
        answer = _take(request, found, form)
        if answer:
            return answer
        too_many = True
    context = {
        "survey": found,
        "form": form,
        "number": request.POST.get("so") or signing.dumps(secrets.token_hex(8), salt=_SALT),
        "too_many": too_many,
        "organisation": Organisation.current(),
        "trail": _trail(found),
    }
    return render(request, "feedback/survey.html", context, status=429 if too_many else 200)


def _take(request: HttpRequest, found: Survey, form: SurveyForm) -> HttpResponseBase | None:
    """Keep the reply and say thanks; nothing where too many came from one place today."""
    now = timezone.now()
    on = timezone.localdate(now)
    thanks = redirect(reverse("feedback:survey-results", args=[found.slug]) + "?da-gui=1")
    try:
        number = signing.loads(request.POST.get("so", ""), salt=_SALT)
    except signing.BadSignature:
        number = secrets.token_hex(8)
    if form.is_from_a_program or not limits.allows("survey-form", f"{found.pk} {number}", most=1, on=on):
        return thanks
    visitor = limits.visitor_address(request)
    if not limits.allows("survey", f"{found.pk} {visitor}", most=MOST_REPLIES_A_DAY, on=on):
        return None
    surveying.take(found, form.replies, on=on)
    return thanks


@require_safe
def survey_results(request: HttpRequest, slug: str) -> HttpResponse:
    """What the replies come to once the survey is over; before, only how many there are (NĐ 118/2025 Đ34.1)."""
    on = timezone.localdate()
    found = _public(slug)
    over = found.last_on < on
    context = {
        "survey": found,
        "over": over,
        "sent": "da-gui" in request.GET,
        "response_count": found.responses.count(),
        "results": surveying.results(found) if over else [],
        "trail": [*_trail(found), Link("Kết quả", request.path)],
    }
    return render(request, "feedback/survey_results.html", context)


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def page_vote(request: HttpRequest, code: str) -> HttpResponseBase:
    """Ask whether a procedure's page helps (NĐ 224/2026 Đ10.3b)."""
    procedure = get_object_or_404(Procedure.objects.published(), code=code)
    form = VoteForm(request.POST or None, auto_id="%s", initial={"helpful": request.GET.get("co-ich")})
    if request.method == "POST" and form.is_valid():
        _vote(request, procedure, form)
        return redirect(reverse("feedback:page-vote", args=[code]) + "?da-gui=1")
    context = {
        "procedure": procedure,
        "form": form,
        "sent": "da-gui" in request.GET and request.method != "POST",
        "totals": _totals(procedure),
        "trail": [
            Link(procedure.title, procedure.get_absolute_url()),
            Link("Trang này có giúp ích không?", request.path),
        ],
    }
    return render(request, "feedback/page_vote.html", context)


def _vote(request: HttpRequest, procedure: Procedure, form: VoteForm) -> None:
    on = timezone.localdate()
    visitor = limits.visitor_address(request)
    # Once a day from one place for one page: pressed again, it counts no more.
    first = limits.allows("page-vote", f"{procedure.pk} {visitor}", most=1, on=on)
    within = limits.allows("page-votes", visitor, most=MOST_VOTES_A_DAY, on=on)
    remark = form.cleaned_data["remark"]
    if form.cleaned_data["website"] or not within:
        return
    if first:
        surveying.vote(procedure, helpful=form.cleaned_data["helpful"] == "co", on=on)
    if remark:
        surveying.remark(procedure, remark, on=on)


def _totals(procedure: Procedure) -> tuple[int, int]:
    """Return how many found the page helpful, and how many voted at all."""
    counts = list(PageVotes.objects.filter(procedure=procedure).values_list("helpful", "unhelpful"))
    helpful = sum(yes for yes, _ in counts)
    return helpful, helpful + sum(no for _, no in counts)


def _public(slug: str) -> Survey:
    return get_object_or_404(Survey.objects.public().select_related("unit", "procedure", "document"), slug=slug)


def _trail(found: Survey | None = None) -> list[Link]:
    trail = [Link("Phản ánh, kiến nghị", reverse("feedback:home")), Link("Lấy ý kiến", reverse("feedback:survey-list"))]
    return [*trail, Link(found.title, found.get_absolute_url())] if found else trail
