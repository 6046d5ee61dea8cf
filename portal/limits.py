"""How often somebody may try something in a day, counted without keeping who it is."""

from datetime import date, datetime, timedelta
from ipaddress import ip_address

from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from portal.models import AttemptCount


def allows(what: str, who: str, *, most: int, on: date) -> bool:
    """Count one more try of `who` on the day; return whether it is among the first `most`."""
    key = _key(what, who)
    with transaction.atomic():
        AttemptCount.objects.get_or_create(key=key, day=on)
        counts = AttemptCount.objects.filter(key=key, day=on)
        counts.update(count=F("count") + 1)
        return counts.values_list("count", flat=True).get() <= most


def used_up(what: str, who: str, *, most: int, on: date) -> bool:
    """Return whether `who` has had the `most` tries of the day; counts none."""
    return AttemptCount.objects.filter(key=_key(what, who), day=on, count__gte=most).exists()


def visitor_address(request: HttpRequest) -> str:
    """Return the network address of the visitor, as the web server in front on this machine tells it."""
    address = request.META.get("REMOTE_ADDR") or "127.0.0.1"
    told = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    # From elsewhere the header could say anything.
    return told if told and ip_address(address).is_loopback else address


def forget_old_counts(now: datetime) -> None:
    AttemptCount.objects.filter(day__lt=timezone.localdate(now) - timedelta(days=1)).delete()


def _key(what: str, who: str) -> str:
    return salted_hmac(f"portal.limits.{what}", who, algorithm="sha256").hexdigest()
