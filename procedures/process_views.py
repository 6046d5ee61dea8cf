"""The internal processes as the public reads them."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal import asked_day
from portal.asked_day import AskedDay
from portal.navigation import Link
from portal.text import fold, tidy
from procedures import flow, processes
from procedures.models import InternalProcess

PAGE_SIZE = 20
QUERY_LENGTH = 200


@require_safe
def process_list(request: HttpRequest) -> HttpResponseBase:
    on = timezone.localdate()
    text = tidy(request.GET.get("q", "")).replace("\0", "")[:QUERY_LENGTH]
    if not all(request.GET.values()):
        return redirect("procedures:process-list")
    found = InternalProcess.objects.public().valid(on).for_page()
    for word in fold(text).split():
        found = found.filter(procedure__folded__contains=word)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("trang"))
    lines = [(process, processes.duration(process.hours), len(process.steps.all())) for process in page]
    url = reverse("procedures:process-list") + (f"?{urlencode({'q': text})}" if text else "")
    context = {"text": text, "page": page, "lines": lines, "url": url, "trail": _trail()}
    return render(request, "procedures/process_list.html", context)


@require_safe
def process_detail(request: HttpRequest, code: str) -> HttpResponse:
    today = timezone.localdate()
    asked = AskedDay.read(request.GET.get(asked_day.PARAMETER, ""), today=today)
    every = list(InternalProcess.objects.public().filter(procedure__code=code).for_page())
    if not every:
        raise Http404
    shown = [process for process in every if process.is_valid(asked.day)]
    context = {
        "procedure": every[0].procedure,
        "asked": asked,
        "processes": [(process, flow.draw(process)) for process in shown],
        "upcoming": [process for process in every if process.valid_from > today and process not in shown],
        "ended": [process for process in every if process.valid_to and process.valid_to < today],
        "trail": _trail(),
    }
    return render(request, "procedures/process_detail.html", context)


def _trail() -> list[Link]:
    return [Link("Quy trình nội bộ", reverse("procedures:process-list"))]
