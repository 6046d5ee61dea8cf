"""Mails: put into the queue together with the rows they tell of, sent by the one background process."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.utils import make_msgid
from typing import Any, NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from post_office.mail import send_queued
from post_office.models import PRIORITY, STATUS, Email, Log
from post_office.settings import get_message_id_fqdn
from post_office.utils import cleanup_expired_mails

from portal.models import Lease, Organisation

log = logging.getLogger(__name__)

# The index of the search waits while mails are sent.
MOST_IN_A_TURN = 20
# Longer than one turn may take; after a crash nobody sends for as long.
LEASE = timedelta(minutes=5)
PAUSE_AFTER_FAILURE = timedelta(minutes=1)
# The server is there but does not want this one mail: the others need not wait.
REFUSALS = ["SMTPRecipientsRefused", "SMTPSenderRefused", "SMTPDataError"]
# Mails hold addresses; they are kept as long as somebody may ask what became of one.
KEPT = timedelta(days=30)
# Headers of mails about a person, and the permission without which the queue hides their address and subject.
RESTRICTED: dict[str, str] = {}


class Template(NamedTuple):
    """The two forms of one mail; each reads `organisation` and `base_url` besides its own context."""

    text: str
    html: str


def send(
    to: str, subject: str, template: Template, context: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> Email:
    """Put a mail into the queue, in the caller's transaction."""
    email = _compose(to, subject, *_rendered(template, context), headers)
    email.save()
    return email


def send_to_each(
    addresses: Iterable[str],
    subject: str,
    template: Template,
    context: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
) -> int:
    """Put the same mail into the queue for each address, one mail an address; return how many."""
    forms = _rendered(template, context)
    emails = [_compose(to, subject, *forms, headers) for to in addresses]
    Email.objects.bulk_create(emails, batch_size=500)
    return len(emails)


def restrict(header: str, permission: str) -> None:
    """Let only who holds the permission read whom and what a mail with this header is about; apps say it once."""
    RESTRICTED[header] = permission


def forget(header: str, value: str) -> None:
    """Delete the mails with this header, whether they were sent or still wait."""
    Email.objects.filter(**{f"headers__{header}": value}).delete()


def send_waiting(now: datetime) -> None:
    """Send what is in the queue, one process at a time; a server that is away is left alone for a while."""
    if not Email.objects.filter(status__in=[STATUS.queued, STATUS.requeued]).exists() or _server_is_away(now):
        return
    with _alone(now) as alone:
        for _ in range(MOST_IN_A_TURN if alone else 0):
            sent, failed, requeued = send_queued(processes=1)
            if failed or requeued:
                log.warning("A mail was not sent; the reason is kept with it")
            if not sent:
                break


def clean_up(now: datetime) -> None:
    """Delete mails that are older than they are kept."""
    cleanup_expired_mails(now - KEPT)


def stuck_count(now: datetime) -> int:
    """Return how many mails were tried without success for an hour or longer."""
    return Email.objects.filter(status=STATUS.requeued, created__lt=now - timedelta(hours=1)).count()


def _rendered(template: Template, context: Mapping[str, Any]) -> tuple[str, str]:
    context = {"organisation": Organisation.current(), "base_url": settings.BASE_URL, **context}
    return render_to_string(template.text, context), render_to_string(template.html, context)


def _compose(to: str, subject: str, text: str, html: str, headers: Mapping[str, str] | None) -> Email:
    # Not by post_office's own functions: they would take the finished text for a template once more.
    return Email(
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[to],
        subject=" ".join(subject.split()),
        message=text,
        html_message=html,
        headers=dict(headers or {}),
        # A mail that goes out twice after a crash is shown once.
        message_id=make_msgid(domain=get_message_id_fqdn()),
        priority=PRIORITY.medium,
        status=STATUS.queued,
    )


def _server_is_away(now: datetime) -> bool:
    failures = Log.objects.filter(status=STATUS.failed, date__gt=now - PAUSE_AFTER_FAILURE)
    return failures.exclude(exception_type__in=REFUSALS).exists()


@contextmanager
def _alone(now: datetime) -> Iterator[bool]:
    """Tell whether no other machine is sending; if so, it may not begin before this block ends."""
    Lease.objects.get_or_create(name="mail", defaults={"until": now})
    leases = Lease.objects.filter(name="mail")
    mine = leases.filter(until__lte=now).update(until=now + LEASE) == 1
    try:
        yield mine
    finally:
        if mine:
            leases.update(until=now)
