"""The front door: pages that look into every app, or into none."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control

from feedback.models import FeedbackSettings, FocalPerson, RetentionRule
from news import listing as articles
from news.models import Section
from portal.models import TeamMember, Unit
from portal.navigation import Link
from procedures import catalogue, changes, listing
from procedures.catalogue import Catalogue
from procedures.models import Procedure
from reports import public_figures

RECENT_DAYS = 90
RECENT_SHOWN = 4
CHANGES_SHOWN = 3
ARTICLES_SHOWN = 3
EXAMPLE_WORDS = ["x-quang", "nhãn hiệu", "mã số, mã vạch"]


@dataclass(frozen=True)
class Figure:
    """A key figure and the list that holds just what was counted."""

    label: str
    count: int
    url: str


def home(request: HttpRequest) -> HttpResponse:
    on = timezone.localdate()
    current = catalogue.current(on)
    fields = listing.fields_with_counts(current)
    latest = changes.recent(on, CHANGES_SHOWN)
    # Until a decision is entered, what has just come into force tells most.
    since = on - timedelta(days=RECENT_DAYS)
    recent = Procedure.objects.newest(since=since, on=on)[: 0 if latest else RECENT_SHOWN]
    context = {
        "on": on,
        "examples": EXAMPLE_WORDS,
        "in_force_count": current.in_force_count,
        "figures": _figures(current, len(fields)),
        "quarter": public_figures.latest_quarter(),
        "full_online_count": current.count(current.select({"online": "full"})),
        "fields": fields,
        "changes": latest,
        "articles": articles.latest(ARTICLES_SHOWN, at=timezone.now()),
        "recent": [(procedure, procedure.is_upcoming(on)) for procedure in recent],
        "recent_days": RECENT_DAYS,
    }
    return render(request, "home.html", context)


def contact(request: HttpRequest) -> HttpResponse:
    on = timezone.localdate()
    units = list(Unit.objects.filter(active=True))
    context = {
        "trail": _trail("Đầu mối, liên hệ", "contact"),
        "units": units,
        # A column that nobody has filled in is left out.
        "units_have_email": any(unit.email for unit in units),
        "units_have_address": any(unit.address for unit in units),
        "people": FocalPerson.objects.published(on),
        "team": TeamMember.objects.on(on).select_related("unit"),
    }
    return render(request, "contact.html", context)


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "accessibility.html", {"trail": _trail("Tuyên bố tiếp cận", "accessibility")})


def privacy(request: HttpRequest) -> HttpResponse:
    context = {
        "trail": _trail("Bảo vệ dữ liệu cá nhân", "privacy"),
        "retention": RetentionRule.objects.exclude(kind=RetentionRule.Kind.SPAM),
        "data_protection_contact": FeedbackSettings.current().data_protection_contact,
    }
    return render(request, "privacy.html", context)


def site_map(request: HttpRequest) -> HttpResponse:
    current = catalogue.current(timezone.localdate())
    context = {
        "trail": _trail("Sơ đồ trang", "site-map"),
        "fields": listing.fields_with_counts(current),
        "in_force_count": current.in_force_count,
        "sections": Section.objects.filter(active=True),
    }
    return render(request, "site_map.html", context)


@cache_control(public=True, max_age=86400)
def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        f"Disallow: {reverse('admin:index')}",
        f"Sitemap: {settings.BASE_URL}{reverse('sitemap-index')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain")


@cache_control(public=True, max_age=86400)
def favicon(request: HttpRequest) -> HttpResponse:
    """Lead the programs that ask for the icon at its old address to the drawing."""
    return redirect(static("img/icon.svg"))


def _figures(current: Catalogue, field_count: int) -> list[Figure]:
    """Return the key figures; one of nought is left out, as it may only mean that nothing is known yet."""
    all_procedures = reverse("procedures:procedure-list")
    figures = [
        Figure("thủ tục đang áp dụng", current.in_force_count, all_procedures),
        Figure(
            "nộp trực tuyến toàn trình",
            current.count(current.select({"online": "full"})),
            f"{all_procedures}?truc-tuyen=toan-trinh",
        ),
        Figure(
            "không thu phí, lệ phí", current.count(current.select({"fee": "free"})), f"{all_procedures}?phi=khong-thu"
        ),
        Figure("lĩnh vực", field_count, "#linh-vuc"),
    ]
    return [figure for figure in figures if figure.count]


def _trail(label: str, name: str) -> list[Link]:
    return [Link(label, reverse(name))]
