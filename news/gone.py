"""What stands at the address of a publication that the public could read and no longer can."""

from collections.abc import Sequence
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from news.models import EditorialEvent, Publication
from portal.navigation import Link


def respond(
    request: HttpRequest, publication: Publication, *, what: str, trail: Sequence[Link], more: Sequence[Link]
) -> HttpResponse:
    """Tell why it is gone and where to go on; raise Http404 for what was never public.

    `what` names its kind in a sentence ("Album này").
    """
    is_over = publication.is_approved and publication.is_over(timezone.now())
    if not publication.withdrawn_reason and not is_over:
        raise Http404
    context = {
        "publication": publication,
        "what": what,
        "is_over": is_over,
        "withdrawn_at": None if is_over else _withdrawn_at(publication),
        "trail": trail,
        "more": more,
    }
    return render(request, "news/gone.html", context, status=410)


def _withdrawn_at(publication: Publication) -> datetime | None:
    withdrawals = publication.events.filter(verb=EditorialEvent.Verb.WITHDRAW).order_by("-at")
    return withdrawals.values_list("at", flat=True).first()
