"""Hear of changes or get bulletins by e-mail: ask, confirm, be told of each change once, end it.

Nothing is sent to an address before somebody who reads it has confirmed (Luật 91/2025/QH15 Đ9);
ending a subscription deletes all that was kept for it.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from portal import limits, mail
from procedures.models import Delivery, Field, Procedure, ProcedureChange, Subscription

CONFIRM_WITHIN = timedelta(days=3)
MOST_ASKED_A_DAY = 5  # mails to one address
DAILY_AT = time(7)
# The changes of one decision are published one after another and told in one mail.
SETTLING = timedelta(seconds=5)
MOST_MAILS_IN_A_TURN = 50

CONFIRM = mail.Template("mail/confirm.txt", "mail/confirm.html")
KNOWN_ALREADY = mail.Template("mail/known_already.txt", "mail/known_already.html")
CHANGES = mail.Template("mail/changes.txt", "mail/changes.html")

_signer = Signer(salt="procedures.subscribing")


def ask(
    email: str,
    *,
    procedure: Procedure | None,
    field: Field | None,
    bulletin: bool = False,
    frequency: str,
    at: datetime,
) -> None:
    """Send the address what it needs to confirm, unless it got too many such mails today.

    The caller learns nothing of what is known about the address.
    """
    email = email.lower()
    if not limits.allows("subscribe", email, most=MOST_ASKED_A_DAY, on=timezone.localdate(at)):
        return
    with transaction.atomic():
        subscription, _ = Subscription.objects.get_or_create(
            email=email,
            procedure=procedure,
            field=field,
            bulletin=bulletin,
            defaults={"frequency": frequency, "asked_at": at},
        )
        if subscription.confirmed_at and subscription.frequency == frequency:
            tell(subscription, "Địa chỉ này đã đăng ký nhận tin", KNOWN_ALREADY, {})
            return
        Subscription.objects.filter(pk=subscription.pk).update(asked_at=at)
        signed = _signer.sign_object([subscription.pk, frequency, int((at + CONFIRM_WITHIN).timestamp())])
        url = _absolute("procedures:subscription-confirm", signed)
        subscription.frequency = frequency
        tell(subscription, "Xác nhận đăng ký nhận tin", CONFIRM, {"url": url})


def find_asked(signed: str, *, at: datetime) -> Subscription | None:
    """Return the subscription that a mail's address wants confirmed, as it will be; nothing when it is too late."""
    try:
        pk, frequency, last = _signer.unsign_object(signed)
    except BadSignature:
        return None
    if at.timestamp() > last:
        return None
    subscription = Subscription.objects.select_related("procedure", "field").filter(pk=pk).first()
    if subscription:
        subscription.frequency = frequency
    return subscription


def confirm(subscription: Subscription, *, at: datetime) -> None:
    """Begin to send; confirmed once more, only the way of sending may change."""
    subscription.confirmed_at = subscription.confirmed_at or at
    subscription.save(update_fields=["frequency", "confirmed_at"])


@transaction.atomic
def end(subscription: Subscription) -> None:
    """Send nothing any more, and keep nothing: neither the address nor mails to it."""
    mail.forget("List-Unsubscribe", _headers(subscription)["List-Unsubscribe"])
    subscription.delete()


def announce(change: ProcedureChange, *, at: datetime) -> int:
    """Note which subscribers hear of a published change; return how many are new.

    An address hears of a change once, however many of its subscriptions hold it.
    """
    told = Delivery.objects.filter(change=change).values("subscription__email")
    interested = Subscription.objects.interested_in(change).exclude(email__in=told)
    chosen: dict[str, Subscription] = {}
    for subscription in interested.order_by("frequency", "pk"):  # who wants to know at once comes first
        chosen.setdefault(subscription.email, subscription)
    due = {Subscription.Frequency.AT_ONCE: at + SETTLING, Subscription.Frequency.DAILY: _next_morning(at)}
    rows = [
        Delivery(subscription=subscription, change=change, due_at=due[Subscription.Frequency(subscription.frequency)])
        for subscription in chosen.values()
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    return len(rows)


def tell(subscription: Subscription, subject: str, template: mail.Template, context: Mapping[str, Any]) -> None:
    """Put a mail to the subscriber into the queue, in the caller's transaction."""
    context = {"subscription": subscription, "end_url": _end_url(subscription), **context}
    mail.send(subscription.email, subject, template, context, _headers(subscription))


def mail_news(now: datetime) -> None:
    """Put a mail into the queue for each subscriber with changes that are due (a job of the worker)."""
    with_news = Subscription.objects.with_news(now).select_related("procedure", "field")
    for subscription in with_news.order_by("pk")[:MOST_MAILS_IN_A_TURN]:
        _mail_news(subscription, now)


def forget_unconfirmed(now: datetime) -> None:
    """Delete the addresses that nobody has confirmed in time (a job of the worker)."""
    for subscription in Subscription.objects.unconfirmed(since=now - CONFIRM_WITHIN):
        end(subscription)


@transaction.atomic
def _mail_news(subscription: Subscription, now: datetime) -> None:
    waiting = Delivery.objects.filter(subscription=subscription, mailed_at=None, due_at__lte=now)
    pks = list(waiting.values_list("pk", flat=True))
    # The mark and the mail are kept together or not at all. Whoever finds rows marked meanwhile leaves them.
    if not pks or waiting.filter(pk__in=pks).update(mailed_at=now) != len(pks):
        transaction.set_rollback(True)
        return
    changes = list(ProcedureChange.objects.for_list().filter(deliveries__pk__in=pks))
    changes.sort(key=lambda change: (change.effective_on, change.order, change.pk))
    tell(subscription, _subject(changes), CHANGES, {"changes": changes})


def _subject(changes: list[ProcedureChange]) -> str:
    if len(changes) > 1:
        return f"{len(changes)} thay đổi về thủ tục hành chính"
    return f"{changes[0].get_kind_display()}: {changes[0].procedure.title}"


def _headers(subscription: Subscription) -> dict[str, str]:
    """Let mail programs end the subscription with one press (RFC 8058), and answer no mail by themselves."""
    return {
        "List-Unsubscribe": f"<{_end_url(subscription)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }


def _end_url(subscription: Subscription) -> str:
    return _absolute("procedures:subscription-end", subscription.token)


def _absolute(name: str, *arguments: str) -> str:
    return settings.BASE_URL + reverse(name, args=arguments)


def _next_morning(at: datetime) -> datetime:
    local = timezone.localtime(at)
    morning = local.replace(hour=DAILY_AT.hour, minute=DAILY_AT.minute, second=0, microsecond=0)
    return morning if morning > local else morning + timedelta(days=1)
