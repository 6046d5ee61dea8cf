"""The register of public answers. Its pages need no cookie and may be kept by anybody."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from feedback import public_register
from feedback.models import PublicAnswer
from portal.navigation import Link


@require_safe
def public_answer_list(request: HttpRequest) -> HttpResponseBase:
    found = public_register.find(request.GET)
    if not all(request.GET.values()):
        # A form sends its empty fields too; the address that people pass on has none.
        return redirect(found.criteria.url)
    is_start = not found.criteria.is_narrowed and found.page.number == 1
    context = {"list": found, "fields": public_register.by_field() if is_start else [], "trail": _trail()}
    return render(request, "feedback/public_answer_list.html", context)


@require_safe
def public_answer(request: HttpRequest, number: int) -> HttpResponse:
    answer = get_object_or_404(PublicAnswer.objects.for_list().select_related("change__procedure"), number=number)
    if answer.status == PublicAnswer.Status.PUBLISHED:
        trail = [*_trail(), Link(answer.title, request.path)]
        context = {"answer": answer, "outcome": public_register.outcome(answer), "trail": trail}
        return render(request, "feedback/public_answer.html", context)
    # Until it is approved again, a copy that was taken away goes on telling why.
    if not answer.withdrawn_reason:
        raise Http404
    # The stub does not repeat the question: it may be the reason for which it was taken away.
    context = {"answer": answer, "withdrawn_at": public_register.withdrawn_at(answer), "trail": _trail()}
    return render(request, "feedback/public_answer_gone.html", context, status=410)


def _trail() -> list[Link]:
    return [
        Link("Phản ánh, kiến nghị", reverse("feedback:home")),
        Link("Câu trả lời đã công khai", reverse("feedback:public-answer-list")),
    ]
