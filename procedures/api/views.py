from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.navigation import Link
from procedures import downloads
from procedures.api.operations import OPERATIONS
from procedures.api.parameters import DEFAULT_LIMIT, MOST_ROWS

# What a programmer asks first, with the part of the address after /api/v1/.
EXAMPLES = [
    ("Thủ tục về X-quang, nộp trực tuyến toàn trình", "procedures?q=x-quang&online=full"),
    ("Thay đổi áp dụng từ ngày 01/7/2026", "changes?since=2026-07-01"),
    ("Phí, lệ phí đang thu", "fees?state=amount&limit=50"),
    ("Các lĩnh vực", "fields"),
]


@dataclass(frozen=True)
class Described:
    """An address of the API as the guide shows it."""

    route: str
    summary: str
    query: list[str]


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """Explain to programmers in Vietnamese what the API and the downloads hold."""
    root = reverse("api:root")
    return render(
        request,
        "api/guide.html",
        {
            "downloads": downloads.links(),
            "operations": [
                Described(each.route, each.summary, [item.name for item in each.parameters if item.place == "query"])
                for each in OPERATIONS
            ],
            "examples": [Link(label, f"{settings.BASE_URL}{root}{rest}") for label, rest in EXAMPLES],
            "root": root,
            "default_limit": DEFAULT_LIMIT,
            "most_rows": MOST_ROWS,
            "trail": [Link("Dữ liệu mở", reverse("api:guide"))],
        },
    )
