"""The list of people and one person's page, where HR keeps the facts."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from common.errors import RuleError
from people.forms import EmployeeForm, OwnerForm, RoleForm, SuperiorForm, employee_initial
from people.models import Employee
from people.permissions import can_edit_people, can_view_pay_facts, grantable_roles, visible_employees
from people.requests import person_of, standing_in
from people.selectors import all_regions, employee_numbered, history_of, search_employees
from people.services.accounts import issue_password, set_account_active
from people.services.staff import assign_owner, save_employee, set_superior
from people.services.standing import grant_role, revoke_role

PAGE_SIZE = 50


@require_GET
def employees(request: HttpRequest) -> HttpResponse:
    """Everybody the person may see, by name, number and region."""
    standing = standing_in(request)
    asked = {name: request.GET.get(name, "").strip() for name in ("text", "region", "all")}
    people = search_employees(
        visible_employees(person_of(request), standing),
        text=asked["text"],
        region=asked["region"],
        only_working=None if asked["all"] else timezone.localdate(),
    )
    page = Paginator(people, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "asked": asked, "query": urlencode(asked), "regions": all_regions()}
    return render(request, "people/employees.html", context | {"can_edit": can_edit_people(standing)})


@require_GET
def employee(request: HttpRequest, number: str) -> HttpResponse:
    """One person: facts, line, owner, roles, account; ``new`` is an empty sheet for HR."""
    return _sheet(request, number)


@require_POST
def save(request: HttpRequest, number: str) -> HttpResponse:
    """Store the facts of a person, or a new one."""
    person, standing = person_of(request), standing_in(request)
    if not can_edit_people(standing):
        raise PermissionDenied
    other = None if number == "new" else _visible(request, number)
    form = EmployeeForm(request.POST)
    if form.is_valid():
        try:
            saved = save_employee(other.pk if other else None, facts=form.facts(), by=person, standing=standing)
        except RuleError as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, _("已保存 %(name)s") % {"name": saved.name})
            return redirect("people:employee", number=saved.number)
    return _sheet(request, number, form=form, status=422)


@require_POST
def change_superior(request: HttpRequest, number: str) -> HttpResponse:
    """A new direct superior from a day on."""
    form = SuperiorForm(request.POST)

    def act(other: Employee) -> str:
        superior = _named(form.cleaned_data["superior"])
        set_superior(
            other.pk,
            superior_id=superior.pk,
            starts_on=form.cleaned_data["starts_on"],
            by=person_of(request),
            standing=standing_in(request),
        )
        return _("直接上级改为 %(name)s") % {"name": superior.name}

    return _act(request, number, form, act)


@require_POST
def change_owner(request: HttpRequest, number: str) -> HttpResponse:
    """Another appraisal owner, or back to the superior."""
    form = OwnerForm(request.POST)

    def act(other: Employee) -> str:
        typed = form.cleaned_data["owner"]
        assign_owner(
            other.pk,
            owner_id=_named(typed).pk if typed else None,
            starts_on=form.cleaned_data["starts_on"],
            reason=form.cleaned_data["reason"],
            by=person_of(request),
            standing=standing_in(request),
        )
        return _("已指定考核负责人") if typed else _("考核负责人恢复为直接上级")

    return _act(request, number, form, act)


@require_POST
def change_role(request: HttpRequest, number: str) -> HttpResponse:
    """Grant or revoke a company-wide role."""
    form = RoleForm(request.POST)

    def act(other: Employee) -> str:
        role, today = form.cleaned_data["role"], timezone.localdate()
        person, standing = person_of(request), standing_in(request)
        if form.cleaned_data["revoke"]:
            revoke_role(other.pk, role=role, ends_before=today, by=person, standing=standing)
            return _("已收回角色")
        grant_role(other.pk, role=role, starts_on=today, by=person, standing=standing)
        return _("已授予角色")

    return _act(request, number, form, act)


@require_POST
def issue(request: HttpRequest, number: str) -> HttpResponse:
    """Open an account or give a new first password, shown once on the answer."""
    other = _visible(request, number)
    try:
        password = issue_password(other.pk, by=person_of(request), standing=standing_in(request))
    except RuleError as refusal:
        messages.error(request, str(refusal))
        return redirect("people:employee", number=other.number)
    return render(request, "people/password_issued.html", {"other": other, "password": password})


@require_POST
def switch(request: HttpRequest, number: str) -> HttpResponse:
    """Close or reopen an account."""
    other, is_active = _visible(request, number), request.POST.get("is_active") == "1"
    try:
        set_account_active(other.pk, is_active=is_active, by=person_of(request), standing=standing_in(request))
        messages.success(request, _("账号已启用") if is_active else _("账号已停用"))
    except RuleError as refusal:
        messages.error(request, str(refusal))
    return redirect("people:employee", number=other.number)


def _visible(request: HttpRequest, number: str) -> Employee:
    return get_object_or_404(visible_employees(person_of(request), standing_in(request)), number=number)


def _named(number: str) -> Employee:
    found = employee_numbered(number)
    if found is None:
        raise RuleError(_("没有工号 %(number)s，核对后再填。") % {"number": number}, code="unknown_person")
    return found


def _act(
    request: HttpRequest, number: str, form: SuperiorForm | OwnerForm | RoleForm, act: Callable[[Employee], str]
) -> HttpResponse:
    other = _visible(request, number)
    if not form.is_valid():
        faults = [f"{form.fields[name].label}: {', '.join(map(str, texts))}" for name, texts in form.errors.items()]
        messages.error(request, "; ".join(faults))
        return redirect("people:employee", number=other.number)
    try:
        messages.success(request, act(other))
    except RuleError as refusal:
        messages.error(request, str(refusal))
    return redirect("people:employee", number=other.number)


def _sheet(request: HttpRequest, number: str, *, form: EmployeeForm | None = None, status: int = 200) -> HttpResponse:
    person, standing = person_of(request), standing_in(request)
    can_edit = can_edit_people(standing)
    if number == "new" and not can_edit:
        raise PermissionDenied
    other = None if number == "new" else _visible(request, number)
    context = {
        "other": other,
        "form": form or EmployeeForm(initial=employee_initial(other) if other else {}),
        "can_edit": can_edit,
        "sees_pay": other is None or can_view_pay_facts(person, other, standing),
        "roles": grantable_roles(person, other, standing) if other is not None else [],
        "history": history_of(other, timezone.localdate()) if other else None,
        "today": timezone.localdate(),
    }
    return render(request, "people/employee.html", context, status=status)
