"""A procedure as it was or will be: as of a day, and before and after a change."""

import re
from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal import asked_day
from portal.asked_day import AskedDay
from portal.models import Organisation
from portal.navigation import Link
from procedures import history, versions, views
from procedures.models import Procedure, ProcedureChange
from procedures.pages import ProcedurePage

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@require_safe
def choose_day(request: HttpRequest, code: str) -> HttpResponseBase:
    """Lead from the form to the page of the day, or say what is wrong with the day."""
    procedure = published(code)
    asked = AskedDay.read(request.GET.get(asked_day.PARAMETER, ""), today=timezone.localdate())
    if asked.error:
        return _without_version(request, procedure, asked)
    if asked.is_today:
        return redirect(procedure)
    return redirect("procedures:procedure-as-of", code, asked.day.isoformat())


@require_safe
def procedure_as_of(request: HttpRequest, code: str, day: str) -> HttpResponse:
    on = read_day(day)
    procedure = published(code)
    found = versions.as_of(procedure, on)
    if found is None:
        asked = AskedDay.read(day, today=timezone.localdate())
        return _without_version(request, procedure, asked)
    page = ProcedurePage(found, Organisation.current(), on, dated=True)
    context = {
        "procedure": found,
        "page": page,
        "organisation": page.organisation,
        "preview": False,
        "as_of": on,
        "is_past": on < timezone.localdate(),
        "trail": trail(procedure, "Theo ngày", request.path),
    }
    return render(request, "procedures/procedure_detail.html", context)


@require_safe
def compare(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Show what a change did to the procedure, part by part."""
    procedure = published(code)
    changes = ProcedureChange.objects.published().for_list()
    change = get_object_or_404(changes, pk=number, procedure=procedure)
    before = versions.as_of(procedure, change.effective_on - timedelta(days=1))
    after = versions.as_of(procedure, change.effective_on)
    differences = []
    if before and after:
        sides = history.stored(before), history.stored(after)
        differences = history.compare(*sides, without=history.BESIDE_CONTENT)
    context = {
        "procedure": procedure,
        "change": change,
        "differences": differences,
        "is_upcoming": change.effective_on > timezone.localdate(),
        "day_before": change.effective_on - timedelta(days=1),
        "trail": trail(procedure, "So với bản trước", request.path),
    }
    return render(request, "procedures/procedure_compare.html", context)


def _without_version(request: HttpRequest, procedure: Procedure, asked: AskedDay) -> HttpResponse:
    first = procedure.versions.order_by("valid_from").values_list("valid_from", flat=True).first()
    context = {
        "procedure": procedure,
        "asked": asked,
        "first_day": first or versions.first_day(procedure),
        "trail": trail(procedure, "Xem theo ngày", request.path),
    }
    return render(request, "procedures/procedure_day.html", context, status=200 if asked.error else 404)


def published(code: str) -> Procedure:
    return get_object_or_404(Procedure.objects.published().select_related("field__unit", "unit"), code=code)


def read_day(text: str) -> date:
    """Return the day that the address names; one that no calendar has is no page."""
    if not _ISO_DAY.fullmatch(text) or not text.isascii():
        raise Http404
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error


def trail(procedure: Procedure, label: str, url: str) -> list[Link]:
    return [
        *views.trail(procedure.field),
        Link(procedure.title, reverse("procedures:procedure-detail", args=[procedure.code])),
        Link(label, url),
    ]
