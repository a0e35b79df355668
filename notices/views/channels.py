"""How messages leave the house: the robots, how the outbox stands, and the hours."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.errors import RuleError
from common.refusals import UNPROCESSABLE, refused
from notices.forms import RobotForm, RulesForm, robot_initial, rules_initial
from notices.models import Robot
from notices.permissions import can_keep_channels
from notices.selectors.outbox import all_robots, outbox_standing, recent_faults, why_not
from notices.services.robots import save_robot, switch_robot, try_robot
from notices.services.settings import save_rules
from notices.services.steps import mails_now, rules_now
from people.requests import person_of, standing_in


@require_GET
def robots(request: HttpRequest) -> HttpResponse:
    """The robots, and what went out lately or did not."""
    _check(request)
    now, rules = timezone.now(), rules_now()
    context = {
        "robots": all_robots(),
        "outbox": outbox_standing(now),
        "faults": [(fault, why_not(fault.error)) for fault in recent_faults(now)],
        "rules": rules,
        "mails": mails_now(rules),
    }
    return render(request, "notices/robots.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_robot(request: HttpRequest) -> HttpResponse:
    """Put a robot in."""
    _check(request)
    return _robot_page(request, RobotForm(request.POST or None), None)


@require_http_methods(["GET", "HEAD", "POST"])
def robot(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a robot; its address can be replaced and not read."""
    _check(request)
    found = _robot(pk)
    return _robot_page(request, RobotForm(request.POST or None, initial=robot_initial(found)), found)


@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """On or off."""
    _check(request)
    _robot(pk)
    is_active = request.POST.get("on") == "1"
    changed = switch_robot(pk, is_active=is_active, by=person_of(request), standing=standing_in(request))
    words = _("%(name)s 已启用") if is_active else _("%(name)s 已停用")
    messages.success(request, words % {"name": changed.name})
    return redirect("notices:robots")


@require_POST
def try_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the test message to the group."""
    _check(request)
    _robot(pk)
    try:
        told = try_robot(pk, by=person_of(request), standing=standing_in(request))
        messages.success(request, _("已发到 %(name)s，到群里看一眼") % {"name": told.name})
    except RuleError as refusal:
        return refused(request, refusal, back=reverse("notices:robots"))
    return redirect("notices:robots")


@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """The hours of the reminders."""
    _check(request)
    standing = rules_now()
    form = RulesForm(request.POST or None, initial=rules_initial(standing))
    if request.method == "POST" and form.is_valid():
        try:
            save_rules(form.hours(), by=person_of(request), standing=standing_in(request))
            messages.success(request, _("发送规则已保存"))
            return redirect("notices:robots")
        except RuleError as refusal:
            form.add_error(refusal.field or None, str(refusal))
    context = {"form": form, "rules": standing}
    return render(request, "notices/rules.html", context, status=UNPROCESSABLE if form.errors else 200)


def _robot_page(request: HttpRequest, form: RobotForm, found: Robot | None) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        pk = found.pk if found else None
        try:
            saved = save_robot(pk, form.facts(), by=person_of(request), standing=standing_in(request))
            messages.success(request, _("%(name)s 已保存，发一条测试看看") % {"name": saved.name})
            return redirect("notices:robots")
        except RuleError as refusal:
            form.add_error(refusal.field or None, str(refusal))
    context: dict[str, Any] = {"form": form, "robot": found}
    return render(request, "notices/robot.html", context, status=UNPROCESSABLE if form.errors else 200)


def _check(request: HttpRequest) -> None:
    if not can_keep_channels(standing_in(request)):
        raise PermissionDenied(_("消息渠道由人力资源部或系统管理员维护。"))


def _robot(pk: int) -> Robot:
    found = all_robots().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
