"""What every page shows."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal.models import Organisation


def site(request: HttpRequest) -> dict[str, Any]:
    return {"organisation": SimpleLazyObject(Organisation.current)}
