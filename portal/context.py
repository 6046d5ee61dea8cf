"""What every page shows."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal.models import Organisation
from portal.navigation import menu


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the department's row (read at its first use), the menu and the public address."""
    return {
        "organisation": SimpleLazyObject(Organisation.current),
        "menu": partial(menu, request.path),
        "base_url": settings.BASE_URL,
    }
