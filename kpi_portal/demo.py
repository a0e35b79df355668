"""The demo's log-in: one click per role. Exists only with DEMO; its people are invented."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from common.refusals import safe_back
from people.models import Account, Employee
from reports.management.demo.cast import PASSWORD as DEMO_PASSWORD

__all__ = ["DEMO_PASSWORD", "demo_login", "demo_people"]

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ROLES = {
    "陈思雨": gettext_lazy("客服专员"),
    "周敏": gettext_lazy("客服主管"),
    "刘凯": gettext_lazy("信息提供人"),
    "沈玉兰": gettext_lazy("考核值班主任"),
    "方志远": gettext_lazy("考核小组组长"),
    "何建国": gettext_lazy("客服管理部经理"),
    "高远": gettext_lazy("总经理"),
    "赵琳": gettext_lazy("人力资源部"),
    "钱慧": gettext_lazy("人力资源部，复核工资"),
    "孙悦": gettext_lazy("审计"),
}


def demo_people() -> list[tuple[str, str, str]]:
    """(employee number, role, name) of those one may be by a click, in the order of ``ROLES``."""
    people = Employee.objects.filter(name__in=ROLES, account__is_active=True).order_by("number")
    numbers = dict(people.values_list("name", "number"))
    return [(numbers[name], _(str(role)), name) for name, role in ROLES.items() if name in numbers]


@login_not_required  # this is the way in
@require_POST
def demo_login(request: HttpRequest) -> HttpResponse:
    """Be one of the demo's people; anybody else's number finds nothing."""
    wanted = request.POST.get("username", "")
    if not settings.DEMO or wanted not in {number for number, _role, _name in demo_people()}:
        raise Http404
    login(request, get_object_or_404(Account, username=wanted), backend=BACKEND)
    return redirect(safe_back(request, request.POST.get("next", "/")))
