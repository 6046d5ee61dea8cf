from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.navigation import Link
from procedures import documents
from procedures.models import LegalDocument


@require_safe
def document_list(request: HttpRequest) -> HttpResponseBase:
    on = timezone.localdate()
    found = documents.find(request.GET, on=on)
    if not all(request.GET.values()):
        # A form sends its empty fields too; the address that people pass on has none.
        return redirect(found.criteria.url)
    return render(request, "procedures/document_list.html", {"list": found, "on": on, "trail": _trail()})


@require_safe
def document_detail(request: HttpRequest, slug: str) -> HttpResponse:
    document = get_object_or_404(LegalDocument.objects.public(), slug=slug)
    page = documents.page_of(document, request.GET.get("trang"))
    return render(
        request,
        "procedures/document_detail.html",
        {"document": document, "page": page, "on": timezone.localdate(), "trail": _trail()},
    )


def _trail() -> list[Link]:
    return [Link("Văn bản", reverse("procedures:document-list"))]
