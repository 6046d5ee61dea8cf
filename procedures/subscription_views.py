"""Pages for those who want to hear of changes by e-mail.

Their forms carry no token against forgery and so need no cookie: the browser lends them no
authority. What counts is the secret in the mail, and anybody may type an address anyway.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from portal import limits
from portal.navigation import Link
from procedures import listing, subscribing
from procedures.forms import BULLETIN, FIELD, PROCEDURE, SubscriptionForm
from procedures.models import Procedure, Subscription

# From one network address; a whole office may share one.
MOST_SIGN_UPS_A_DAY = 50


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponseBase:
    code = request.GET.get("thu-tuc", "")
    procedure = Procedure.objects.published().filter(code=code).first() if code else None
    fields = listing.all_fields()
    initial = PROCEDURE if procedure else FIELD + request.GET.get("linh-vuc", "")
    if request.GET.get("ve") == BULLETIN:
        initial = BULLETIN
    form = SubscriptionForm(
        request.POST or None, procedure=procedure, fields=fields, initial={"about": initial}, auto_id="%s"
    )
    if request.method == "POST" and form.is_valid():
        _ask(request, form)
        return redirect("procedures:subscription-sent")
    context = {"form": form, "address": request.get_full_path(), "trail": _trail()}
    return render(request, "procedures/subscribe.html", context)


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """The same answer for every address, so that it tells nothing about one."""
    context = {"days": subscribing.CONFIRM_WITHIN.days, "trail": _trail()}
    return render(request, "procedures/subscription_sent.html", context)


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, signed: str) -> HttpResponse:
    """Ask for a press of the button: programs that look through mails open every address in them."""
    now = timezone.now()
    subscription = subscribing.find_asked(signed, at=now)
    context = {"subscription": subscription, "trail": _trail(), "confirmed": False}
    if subscription and request.method == "POST":
        subscribing.confirm(subscription, at=now)
        context["confirmed"] = True
    status = 200 if subscription else 410
    return render(request, "procedures/subscription_confirm.html", context, status=status)


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, token: str) -> HttpResponse:
    """Mail programs post here by themselves (RFC 8058), so the answer to a post is no redirect."""
    subscription = Subscription.objects.select_related("procedure", "field").filter(token=token).first()
    ended = subscription is None
    if subscription and request.method == "POST":
        subscribing.end(subscription)
        ended = True
    context = {"subscription": subscription, "ended": ended, "trail": _trail()}
    return render(request, "procedures/subscription_end.html", context)


def _ask(request: HttpRequest, form: SubscriptionForm) -> None:
    now = timezone.now()
    visitor = limits.visitor_address(request)
    within = limits.allows("sign-up", visitor, most=MOST_SIGN_UPS_A_DAY, on=timezone.localdate(now))
    if form.is_from_a_program or not within:
        return
    subscribing.ask(
        form.cleaned_data["email"],
        procedure=form.chosen_procedure,
        field=form.chosen_field,
        bulletin=form.is_for_bulletins,
        frequency=form.chosen_frequency,
        at=now,
    )


def _trail() -> list[Link]:
    changes = Link("Thủ tục vừa thay đổi", reverse("procedures:change-list"))
    return [changes, Link("Nhận tin qua thư điện tử", reverse("subscribe"))]
