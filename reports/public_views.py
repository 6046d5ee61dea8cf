"""The public pages of figures: all periods, a year, a quarter, and their tables as files."""

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from portal import share_cards, spreadsheets
from portal.navigation import Link
from reports import periods, public_figures
from reports.models import Rhythm
from reports.periods import Name
from reports.public_figures import Published

TITLE = "Số liệu, báo cáo"
PERIODS_A_PAGE = 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_kept = cache_control(public=True, max_age=300)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    page = Paginator(public_figures.public_periods(), PERIODS_A_PAGE).get_page(request.GET.get("trang"))
    latest = public_figures.latest_quarter() if page.number == 1 else None
    context = {
        "page": page,
        "entries": [(period, public_figures.address(period)) for period in page],
        "latest": latest,
        "trail": _trail(),
    }
    return render(request, "reports/index.html", context)


@require_safe
def period(request: HttpRequest, year: int, number: int = 0) -> HttpResponse:
    """Show a quarter, or the whole year."""
    found = _find(year, number)
    quarters = public_figures.public_periods().filter(rhythm=Rhythm.QUARTER, year=year).order_by("number")
    context = {
        "found": found,
        "card": f"{found.url}chia-se.png",
        "quarters": [] if number else [(one, public_figures.address(one)) for one in quarters],
        "trail": [*_trail(), Link(str(found.period), found.url)],
    }
    return render(request, "reports/period.html", context)


@require_safe
@_kept
def table_file(request: HttpRequest, form_key: str, year: int, number: int = 0) -> StreamingHttpResponse:
    """Send one table as CSV."""
    found = _find(year, number)
    table = next((table for table in found.tables if table.table.key == form_key), None)
    if table is None:
        raise Http404
    lines = spreadsheets.csv_lines(*table.for_a_file())
    name = f"so-lieu-{found.period.code.lower()}-{form_key}.csv"
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
@_kept
def tables_file(request: HttpRequest, year: int, number: int = 0) -> FileResponse:
    """Send all tables as one XLSX."""
    found = _find(year, number)
    name = f"so-lieu-{found.period.code.lower()}.xlsx"
    return FileResponse(public_figures.book(found), as_attachment=True, filename=name, content_type=XLSX)


@require_safe
def card(request: HttpRequest, year: int, number: int = 0) -> HttpResponse:
    """Draw the picture that stands beside a shared link."""
    name = _name(year, number)
    found = get_object_or_404(public_figures.public_periods(), rhythm=name.rhythm, year=name.year, number=name.number)
    return share_cards.respond(request, share_cards.of_department(TITLE, f"Kết quả {found.name}"))


def _find(year: int, number: int) -> Published:
    found = public_figures.find(_name(year, number))
    if found is None:
        raise Http404
    return found


def _name(year: int, number: int) -> Name:
    """Return the quarter of the number, or the year without one; another address names nothing."""
    try:
        return periods.parse(f"{year}-Q{number}" if number else str(year))
    except ValueError as error:
        raise Http404 from error


def _trail() -> list[Link]:
    return [Link(TITLE, reverse("reports:index"))]
