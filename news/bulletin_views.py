"""Pages of the bulletins, and their PDF."""

from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from news import bulletins, gone
from news.models import Bulletin
from portal.navigation import Link
from portal.pdf import NotAvailable, Paper

PAGE_SIZE = 20
KEPT = 300  # seconds that a reader's browser need not ask again


@require_safe
def bulletin_list(request: HttpRequest) -> HttpResponse:
    found = Bulletin.objects.published(timezone.now()).order_by("-year", "-number")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("trang"))
    return render(request, "news/bulletin_list.html", {"page": page, "trail": _trail()})


@require_safe
def bulletin(request: HttpRequest, number: int, year: int) -> HttpResponse:
    now = timezone.now()
    found = get_object_or_404(Bulletin.objects.select_related("cover"), number=number, year=year)
    if found.is_public(now):
        return render_page(request, bulletins.Issue.read(found, now))
    return _gone(request, found)


@require_safe
def bulletin_pdf(request: HttpRequest, number: int, year: int) -> HttpResponseBase:
    now = timezone.now()
    found = get_object_or_404(Bulletin.objects.select_related("cover"), number=number, year=year)
    if found.is_public(now):
        return respond(request, bulletins.Issue.read(found, now))
    return _gone(request, found)


def render_page(request: HttpRequest, issue: bulletins.Issue, *, preview: bool = False) -> HttpResponse:
    """Show the issue as the public sees it; the admin's preview says that it is one."""
    before, after = bulletins.neighbours(issue.bulletin, at=timezone.now())
    context = {
        "issue": issue,
        "bulletin": issue.bulletin,
        "pdf_size": None if preview else issue.paper().size,
        "before": before,
        "after": after,
        "preview": preview,
        "trail": _trail(issue.bulletin),
    }
    return render(request, "news/bulletin.html", context)


def respond(request: HttpRequest, issue: bulletins.Issue, *, preview: bool = False) -> HttpResponseBase:
    """Send the PDF of the issue; one that the reader has already is not sent again."""
    paper = issue.paper()
    etag = quote_etag(paper.path.stem)
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    try:
        response = response or _file(issue.bulletin, paper, etag)
    except NotAvailable:
        return render(request, "news/pdf_not_available.html", {"trail": _trail(issue.bulletin)}, status=503)
    response["Cache-Control"] = "no-store" if preview else f"public, max-age={KEPT}"
    return response


def _file(bulletin: Bulletin, paper: Paper, etag: str) -> FileResponse:
    name = f"ban-tin-{bulletin.slug}.pdf"
    return FileResponse(paper.file().open("rb"), filename=name, content_type="application/pdf", headers={"ETag": etag})


def _gone(request: HttpRequest, bulletin: Bulletin) -> HttpResponse:
    more = [Link("Xem các bản tin khác", reverse("news:bulletin-list"))]
    return gone.respond(request, bulletin, what="Bản tin này", trail=_trail(), more=more)


def _trail(bulletin: Bulletin | None = None) -> list[Link]:
    trail = [Link("Tin tức", reverse("news:home")), Link("Bản tin", reverse("news:bulletin-list"))]
    return [*trail, Link(f"Số {bulletin.number}/{bulletin.year}", bulletin.get_absolute_url())] if bulletin else trail
