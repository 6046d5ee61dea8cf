"""Forms at addresses that stay."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from procedures import forms_in_force, version_views, versions


@require_safe
def form(request: HttpRequest, code: str, word: str) -> HttpResponseBase:
    """Lead to the file in force, or to the last one where the procedure no longer asks for it."""
    on = timezone.localdate()
    procedure = version_views.published(code)
    current = versions.as_of(procedure, on)
    if current and (found := forms_in_force.of(current).get(word)):
        return redirect(forms_in_force.file_address(found))
    day = forms_in_force.last_day(procedure, word, on=on)
    if day is None:
        raise Http404
    return redirect("procedures:form-as-of", code, day.isoformat(), word)


@require_safe
def form_as_of(request: HttpRequest, code: str, day: str, word: str) -> HttpResponse:
    """Show the form of another day with what it is marked as; the file in force needs no mark."""
    today, on = timezone.localdate(), version_views.read_day(day)
    procedure = version_views.published(code)
    then, now = versions.as_of(procedure, on), versions.as_of(procedure, today)
    found = forms_in_force.of(then).get(word) if then else None
    if found is None:
        raise Http404
    current = forms_in_force.of(now).get(word) if now else None
    if current and forms_in_force.file_address(current) == forms_in_force.file_address(found):
        return redirect("procedures:form", code, word)
    context = {
        "procedure": procedure,
        "form": found,
        "current": current,
        "word": word,
        "on": on,
        "is_past": on < today,
        "trail": version_views.trail(procedure, "Mẫu đơn, tờ khai", request.path),
    }
    return render(request, "procedures/form_as_of.html", context)
