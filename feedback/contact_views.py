"""The published list of those who receive feedback, as the notice to be posted (NĐ 20/2008 Đ10, Đ13.3)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from feedback.models import FocalPerson
from portal.navigation import Link


@require_safe
def notice(request: HttpRequest) -> HttpResponse:
    on = timezone.localdate()
    trail = [
        Link("Đầu mối, liên hệ", reverse("contact")),
        Link("Thông báo tiếp nhận phản ánh", reverse("feedback:notice")),
    ]
    return render(
        request, "feedback/notice.html", {"people": FocalPerson.objects.published(on), "on": on, "trail": trail}
    )
