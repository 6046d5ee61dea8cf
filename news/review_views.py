"""The public pages of the review of procedures: the year's plan, and its results as they come."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from news import reviewing
from news.internal_views import xlsx_response
from news.models import ReviewItem, ReviewPlan
from portal.navigation import Link
from procedures.models import LegalDocument

A_PAGE = 20


@require_safe
def review_list(request: HttpRequest) -> HttpResponse:
    plans = reviewing.with_counts(ReviewPlan.objects.filter(public=True), timezone.localdate()).order_by("-year")
    page = Paginator(plans, A_PAGE).get_page(request.GET.get("trang"))
    context = {"trail": _trail(), "page": page, "articles": reviewing.articles(timezone.now())}
    return render(request, "news/review_list.html", context)


@require_safe
def review(request: HttpRequest, year: int) -> HttpResponse:
    plan = _public(year)
    page = Paginator(_items(plan), A_PAGE).get_page(request.GET.get("trang"))
    context = {
        "trail": [*_trail(), Link(f"Năm {plan.year}", plan.get_absolute_url())],
        "plan": plan,
        "document_public": LegalDocument.objects.public().filter(review_plans=plan).exists(),
        "page": page,
        "progress": reviewing.progress(plan, timezone.localdate()),
        "results": [(item, reviewing.TAGS[ReviewItem.Outcome(item.outcome)]) for item in page if item.outcome],
        "articles": reviewing.articles(timezone.now()),
    }
    return render(request, "news/review.html", context)


@require_safe
def review_file(request: HttpRequest, year: int) -> FileResponse:
    """Send the plan with its results as a table."""
    return plan_file(_public(year))


def plan_file(plan: ReviewPlan) -> FileResponse:
    table = reviewing.rows(_items(plan))
    return xlsx_response(f"ra-soat-{plan.year}", f"Rà soát năm {plan.year}", reviewing.COLUMNS, table)


def _public(year: int) -> ReviewPlan:
    return get_object_or_404(ReviewPlan.objects.select_related("document"), year=year, public=True)


def _items(plan: ReviewPlan) -> QuerySet[ReviewItem]:
    return plan.items.select_related("procedure", "agency").order_by("order", "pk")


def _trail() -> list[Link]:
    return [Link("Rà soát thủ tục hành chính", reverse("news:review-list"))]
