"""What has to be right before any page is made."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from procedures import deciding


class TakeEffectMiddleware:
    """Lets changes take effect on their day, even where nothing but requests runs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> None:
        match = request.resolver_match
        # Only pages that show procedures; some of the others are answered without the database.
        if match is not None and (match.namespaces or match.url_name == "home"):
            deciding.ensure_current(timezone.now())
