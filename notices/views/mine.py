"""One's own choices: the daily reminder by e-mail, and the calendar feed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from common.wording import is_chinese
from notices.selectors.outbox import preference_of
from notices.services.settings import renew_feed, revoke_feed, save_preference
from notices.services.steps import mails_now, rules_now
from people.requests import person_of


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What comes by e-mail, and the secret address of the calendar."""
    person, rules = person_of(request), rules_now()
    preference = preference_of(person)
    address = ""
    if preference.feed_token:
        address = request.build_absolute_uri(reverse("reports:feed", args=[preference.feed_token]))
        address += "" if is_chinese() else "?lang=en"
    context = {
        "person": person,
        "preference": preference,
        "address": address,
        "rules": rules,
        "mails": mails_now(rules),
    }
    return render(request, "notices/mine.html", context)


@require_POST
def save_mine(request: HttpRequest) -> HttpResponse:
    """The daily reminder by e-mail, or not."""
    by_email = request.POST.get("by_email") == "1"
    save_preference(by_email=by_email, by=person_of(request))
    messages.success(request, _("每日提醒会发到邮箱") if by_email else _("不再发邮件，消息里照样有"))
    return redirect("notices:mine")


@require_POST
def renew(request: HttpRequest) -> HttpResponse:
    """A new address of the calendar."""
    renew_feed(by=person_of(request))
    messages.success(request, _("订阅地址好了，旧地址已失效"))
    return redirect("notices:mine")


@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """No calendar any more."""
    revoke_feed(by=person_of(request))
    messages.success(request, _("订阅地址已停用"))
    return redirect("notices:mine")
