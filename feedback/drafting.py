"""What somebody is filling in, kept on the server from step to step.

The browser holds a signed token only. Whatever was typed is kept, right or wrong, so that an error, a lost
connection or a step back costs nothing; two hours after the last save all of it is deleted (Luật 91/2025 Đ3).
"""

import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase

from feedback.models import Attachment, Draft

LIFETIME = timedelta(hours=2)  # from the last save
COOKIE = "phan-anh"
# The cookie outlives the draft, so that a late form can be told why it begins anew.
_COOKIE_LIFETIME = timedelta(days=1)
_PATH = "/phan-anh/"
_SALT = "feedback.drafting"
_MOST_IN_A_TURN = 200


def of_request(request: HttpRequest, *, at: datetime) -> Draft | None:
    """Return the draft that the browser holds, sent or not; nothing once its time is over."""
    token = _token(request)
    if not token:
        return None
    return Draft.objects.select_related("submission").filter(token=token, expires_at__gt=at).first()


def had_one(request: HttpRequest) -> bool:
    """Return whether the browser held a draft lately."""
    return bool(_token(request))


def begin(*, at: datetime, opened_at: datetime | None = None) -> Draft:
    """Return a new draft; `opened_at` is when its form was opened, where that is known."""
    token = secrets.token_urlsafe(32)
    return Draft.objects.create(token=token, started_at=opened_at or at, expires_at=at + LIFETIME)


def save(draft: Draft, part: str, values: Mapping[str, Any], *, at: datetime) -> None:
    """Keep the values of one part as they were typed, and the draft for another while."""
    content = json.dumps({**_parts(draft), part: dict(values)}, ensure_ascii=False)
    draft.content, draft.expires_at = content, at + LIFETIME  # type: ignore[assignment]
    # What was sent meanwhile is no draft any more.
    Draft.objects.filter(pk=draft.pk, submitted_at=None).update(content=content, expires_at=draft.expires_at)


def values(draft: Draft | None, part: str) -> dict[str, Any]:
    """Return what was typed into one part; empty before anything was."""
    return _parts(draft).get(part, {}) if draft else {}


@transaction.atomic
def discard(draft: Draft) -> None:
    """Delete what was typed and the files that came with it; what was sent stays."""
    # Waits for a sending that is under way: its files belong to the submission then.
    if not Draft.objects.select_for_update().filter(pk=draft.pk).first():
        return
    for attachment in Attachment.objects.filter(draft=draft, submission=None):
        remove(attachment)
    draft.delete()


def remove(attachment: Attachment) -> None:
    """Delete a file that was not sent yet."""
    attachment.delete()  # its file goes with it


def forget_expired(now: datetime) -> None:
    """Delete the drafts whose time is over (a job of the worker)."""
    for draft in Draft.objects.filter(expires_at__lte=now)[:_MOST_IN_A_TURN]:
        discard(draft)


def hold(response: HttpResponseBase, draft: Draft) -> None:
    """Let the browser hold the draft."""
    response.set_signed_cookie(
        COOKIE,
        draft.token,
        salt=_SALT,
        max_age=_COOKIE_LIFETIME,
        path=_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def let_go(response: HttpResponseBase) -> None:
    response.delete_cookie(COOKIE, path=_PATH, samesite="Lax")


def _token(request: HttpRequest) -> str:
    try:
        return request.get_signed_cookie(COOKIE, default="", salt=_SALT, max_age=_COOKIE_LIFETIME) or ""
    except signing.BadSignature:
        return ""


def _parts(draft: Draft | None) -> dict[str, Any]:
    return json.loads(draft.content) if draft and draft.content else {}
