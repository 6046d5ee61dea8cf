from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from portal import share_cards
from portal.models import Organisation
from portal.navigation import Link
from portal.search import record_miss
from procedures import catalogue, codes, listing, search
from procedures.filters import QUERY_LENGTH, Criteria
from procedures.models import CODE, Field, Procedure
from procedures.pages import ProcedurePage


@require_safe
def procedure_list(request: HttpRequest) -> HttpResponseBase:
    on = timezone.localdate()
    criteria = Criteria.read(request.GET)
    if not all(request.GET.values()):
        # A form sends its empty fields too; the address that people pass on has none.
        return redirect(criteria.url)
    found = listing.find(criteria, request.GET.get("trang"), on=on)
    if found.hits and found.hits.exact:
        exact = Procedure.objects.published().filter(pk=found.hits.exact).first()
        if exact:
            return redirect(exact)
    if found.found_nothing_at_all:
        record_miss(criteria.text, on=on)
    fields = [] if found.page.paginator.count else listing.fields_with_counts(catalogue.current(on))
    return render(
        request,
        "procedures/procedure_list.html",
        {"list": found, "criteria": criteria, "fields": fields, "on": on, "trail": trail()},
    )


@require_safe
@cache_control(public=True, max_age=300)
def suggestions(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "")[:QUERY_LENGTH]
    found = search.suggest(text, on=timezone.localdate()) if text.strip() else []
    rows = [{"title": row.title, "code": row.code, "url": row.url} for row in found]
    return JsonResponse(rows, safe=False)


@require_safe
def field_detail(request: HttpRequest, slug: str) -> HttpResponse:
    on = timezone.localdate()
    field = get_object_or_404(Field.objects.select_related("unit"), slug=slug)
    page, procedures = listing.of_field(field, request.GET.get("trang"), on=on)
    return render(
        request,
        "procedures/field_detail.html",
        {"field": field, "page": page, "procedures": procedures, "on": on, "trail": trail(field)},
    )


@require_safe
def procedure_detail(request: HttpRequest, code: str) -> HttpResponseBase:
    if CODE.fullmatch(code):
        procedure = Procedure.objects.published().for_page().filter(code=code).first()
        if procedure:
            return render_procedure(request, procedure, on=timezone.localdate())
    meant = codes.find_published(code)
    if meant is None:
        raise Http404
    return redirect(meant)


@require_safe
def procedure_card(request: HttpRequest, code: str) -> HttpResponse:
    """The picture beside a shared link."""
    procedure = get_object_or_404(Procedure.objects.published(), code=code)
    card = share_cards.of_department(f"Thủ tục hành chính · {procedure.code}", procedure.title)
    return share_cards.respond(request, card)


def render_procedure(request: HttpRequest, procedure: Procedure, *, on: date, preview: bool = False) -> HttpResponse:
    """Show the procedure as the public sees it on the day; the admin's preview says that it is one."""
    page = ProcedurePage(procedure, Organisation.current(), on)
    return render(
        request,
        "procedures/procedure_detail.html",
        {
            "procedure": procedure,
            "page": page,
            "organisation": page.organisation,
            "preview": preview,
            "as_of": None,
            "trail": trail(procedure.field),
        },
    )


def trail(field: Field | None = None) -> list[Link]:
    """Return the way from the home page to a page of procedures."""
    section = Link("Thủ tục", reverse("procedures:procedure-list"))
    return [section, Link(field.name, field.get_absolute_url())] if field else [section]
