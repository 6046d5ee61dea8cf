"""The public pages of the plan of communication: how far it is carried out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from news import plans
from news.models import CommunicationPlan
from portal.navigation import Link
from procedures.models import LegalDocument

ITEMS_SHOWN = 10  # of what was done for one task


@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    on = timezone.localdate()
    found = CommunicationPlan.objects.filter(public=True).prefetch_related("tasks")
    rows = [(plan, plans.sentence(task.state(on) for task in plan.tasks.all())) for plan in found]
    return render(request, "news/plan_list.html", {"plans": rows, "trail": _trail()})


@require_safe
def plan(request: HttpRequest, year: int) -> HttpResponse:
    found = get_object_or_404(CommunicationPlan, year=year, public=True)
    context = {
        "progress": plans.progress(found, at=timezone.now()),
        "document": LegalDocument.objects.public().filter(plans=found).first(),
        "shown": ITEMS_SHOWN,
        "trail": [*_trail(), Link(f"Năm {year}", found.get_absolute_url())],
    }
    return render(request, "news/plan.html", context)


def _trail() -> list[Link]:
    return [Link("Kế hoạch truyền thông", reverse("news:plan-list"))]
