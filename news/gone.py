"""What stands at the address of a publication that the public could read and no longer can."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from news.models import Publication
from portal.navigation import Link


def respond(
    request: HttpRequest, publication: Publication, *, what: str, trail: Sequence[Link], more: Link
) -> HttpResponse:
    """Tell why it is gone and where to go on; raise Http404 for what was never public.

    `what` names it in a sentence ("Album này").
    """
    ended = publication.is_approved and publication.is_over(timezone.now())
    if not publication.withdrawn_reason and not ended:
        raise Http404
    context = {"publication": publication, "what": what, "trail": trail, "more": more}
    return render(request, "news/gone.html", context, status=410)
