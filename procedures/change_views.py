"""Pages of what has changed."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.navigation import Link
from procedures import changes, listing
from procedures.models import LegalDocument


@require_safe
def change_list(request: HttpRequest) -> HttpResponseBase:
    on = timezone.localdate()
    criteria = changes.Criteria.read(request.GET, listing.all_fields())
    if not all(request.GET.values()) or len(request.GET.getlist("loai")) > 1:
        # A form sends its empty and its ticked fields one by one; the address that people pass on is shorter.
        return redirect(criteria.url)
    found = changes.find(criteria, request.GET.get("trang"), on=on)
    return render(
        request,
        "procedures/change_list.html",
        {"list": found, "criteria": criteria, "recent_days": changes.RECENT_DAYS, "trail": _trail()},
    )


@require_safe
def posting(request: HttpRequest, slug: str) -> HttpResponse:
    """The notice that the office prints and puts on the wall (NĐ 63/2010 Đ17)."""
    notice = changes.posting(get_object_or_404(LegalDocument.objects.public(), slug=slug))
    if notice is None:
        raise Http404
    context = {"posting": notice, "on": timezone.localdate(), "trail": [*_trail(), Link("Bản niêm yết", request.path)]}
    return render(request, "procedures/posting.html", context)


def _trail() -> list[Link]:
    return [Link("Thủ tục vừa thay đổi", reverse("procedures:change-list"))]
