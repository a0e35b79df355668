"""Both standards as one page to read, and its editors for who keeps them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.errors import ConflictError, RuleError
from common.forms import version_seen
from common.refusals import CONFLICT, UNPROCESSABLE, refused
from incidents.forms.standards import (
    BonusKindForm,
    IncidentKindForm,
    RulesForm,
    SeverityForm,
    initial_of,
    rows_of,
)
from incidents.models import BonusKind, IncidentKind, Severity
from incidents.permissions import can_edit_standards
from incidents.selectors.standards import (
    bonus_kind as bonus_kind_of,
)
from incidents.selectors.standards import (
    incident_categories,
    latest_rules,
    recent_changes,
    severity_of,
    standard_on,
)
from incidents.selectors.standards import (
    incident_kind as incident_kind_of,
)
from incidents.services.standards import (
    save_bonus_kind,
    save_incident_kind,
    save_severity,
    set_event_rules,
    switch_bonus_kind,
    switch_incident_kind,
)
from people.requests import person_of, standing_in

READ_WRITE = require_http_methods(["GET", "HEAD", "POST"])
SHEET = "incidents/standard_sheet.html"


@require_GET
def standards(request: HttpRequest) -> HttpResponse:
    """The incident and the bonus standard, for everybody; searched, printed."""
    can_edit, text = can_edit_standards(standing_in(request)), request.GET.get("text", "").strip()[:40]
    context = {
        "standard": standard_on(timezone.localdate(), text=text, with_retired=can_edit),
        "text": text,
        "can_edit": can_edit,
        "changes": recent_changes() if can_edit else [],
        "today": timezone.localdate(),
    }
    return render(request, "incidents/standards.html", context)


@READ_WRITE
def incident_kind(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """The sheet of an incident kind, or an empty one."""
    _check_editor(request)
    kind = incident_kind_of(pk) if pk else None
    _check_found(pk, kind)
    context = {"kind": kind, "what": "incident", "categories": incident_categories()}
    if request.method != "POST":
        return _sheet(request, IncidentKindForm(initial=initial_of(kind) if kind else {}), kind, context)
    form = IncidentKindForm(request.POST)

    def save() -> object:
        return save_incident_kind(pk or None, facts=form.facts(), version=_version(request), by=person_of(request))

    return _save(request, form, save) or _sheet(request, form, kind, context)


@READ_WRITE
def bonus_kind(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """The sheet of a bonus kind, or an empty one."""
    _check_editor(request)
    kind = bonus_kind_of(pk) if pk else None
    _check_found(pk, kind)
    context = {"kind": kind, "what": "bonus"}
    if request.method != "POST":
        form = BonusKindForm(initial=initial_of(kind) if kind else {}, rows=rows_of(kind) if kind else [])
        return _sheet(request, form, kind, context)
    form = BonusKindForm(request.POST)

    def save() -> object:
        return save_bonus_kind(pk or None, facts=form.facts(), version=_version(request), by=person_of(request))

    return _save(request, form, save) or _sheet(request, form, kind, context)


@READ_WRITE
def severity(request: HttpRequest, pk: int) -> HttpResponse:
    """The range of points of a severity."""
    _check_editor(request)
    row = severity_of(pk)
    if row is None:
        raise Http404
    context = {"kind": row, "what": "severity"}
    if request.method != "POST":
        return _sheet(request, SeverityForm(initial=initial_of(row)), row, context)
    form = SeverityForm(request.POST)

    def save() -> object:
        typed = form.cleaned_data
        return save_severity(pk, low=typed["low"], high=typed["high"], version=_version(request), by=person_of(request))

    return _save(request, form, save) or _sheet(request, form, row, context)


@READ_WRITE
def event_rules(request: HttpRequest) -> HttpResponse:
    """Rules from a day on; those that were set stay as they are."""
    _check_editor(request)
    last = latest_rules()
    context = {"last": last, "what": "rules"}
    if request.method != "POST":
        initial = (initial_of(last) if last else {}) | {"starts_on": timezone.localdate()}
        return _sheet(request, RulesForm(initial=initial), None, context)
    form = RulesForm(request.POST)

    def save() -> object:
        return set_event_rules(form.facts(), seen=_version(request), by=person_of(request))

    return _save(request, form, save) or _sheet(request, form, None, context)


@require_POST
def switch_kind(request: HttpRequest, what: str, pk: int) -> HttpResponse:
    """Take an entry out of use, or back."""
    _check_editor(request)
    switches: dict[str, tuple[Callable[..., IncidentKind | BonusKind], object]] = {
        "incidents": (switch_incident_kind, incident_kind_of(pk)),
        "bonuses": (switch_bonus_kind, bonus_kind_of(pk)),
    }
    switch, found = switches.get(what, (switch_bonus_kind, None))
    act = request.POST.get("act", "")
    if found is None or act not in {"on", "off"}:
        raise Http404
    try:
        switched = switch(pk, is_active=act == "on", by=person_of(request))
    except RuleError as error:
        return refused(request, error, back=reverse("incidents:standards"))
    words = _("%(name)s已启用") if act == "on" else _("%(name)s已停用，已有的记录不变")
    messages.success(request, words % {"name": switched.display_name})
    return redirect("incidents:standards")


def _save(request: HttpRequest, form: Form, save: Callable[[], object]) -> HttpResponse | None:
    """Back to the standard when saved; None with the faults on the form, which keeps what was typed."""
    if not form.is_valid():
        return None
    try:
        save()
    except ConflictError as conflict:
        form.conflict = conflict  # type: ignore[attr-defined]  # the sheet shows both
    except RuleError as error:
        words = " ".join([str(error), *error.problems])
        form.add_error(error.field if error.field in form.fields else None, words)
    else:
        messages.success(request, _("已保存，记录里的不变"))
        return redirect("incidents:standards")
    return None


def _sheet(
    request: HttpRequest, form: Form, row: IncidentKind | BonusKind | Severity | None, context: dict[str, Any]
) -> HttpResponse:
    """The version is the one on the sheet; after a conflict the one that stands, so that saving again is meant."""
    conflict = getattr(form, "conflict", None)
    last = context.get("last")
    current = row.version if row else last.pk if last else ""
    version = request.POST.get("version", "") if form.is_bound and conflict is None else current
    status = CONFLICT if conflict else UNPROCESSABLE if form.is_bound else 200
    context |= {"form": form, "conflict": conflict, "version": version}
    return render(request, SHEET, context, status=status)


def _version(request: HttpRequest) -> int | None:
    return version_seen(request.POST.get("version", ""))


def _check_editor(request: HttpRequest) -> None:
    if not can_edit_standards(standing_in(request)):
        raise PermissionDenied


def _check_found(pk: int, row: object) -> None:
    if pk and row is None:
        raise Http404
