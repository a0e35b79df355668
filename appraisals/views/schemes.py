"""The scheme as a document: its versions, the editor, what changes, who signs it, on paper (P8, P9)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from appraisals.forms.scheme_heads import SchemeHead
from appraisals.forms.scheme_panels import panels_of
from appraisals.forms.schemes import Sheet, move, sheet_from, sheet_of
from appraisals.models import Scheme
from appraisals.permissions import can_draft_scheme, visible_schemes
from appraisals.selectors.scheme_diff import changes_between
from appraisals.selectors.scheme_words import chapters
from appraisals.selectors.schemes import (
    approved_history,
    replaced_by,
    rules_of,
    scheme_in_force,
    steps_open_to,
    versions_for,
    way_of,
    who_is_next,
)
from appraisals.services import schemes as services
from appraisals.states import SchemeState
from common.errors import ConflictError, RuleError
from common.forms import version_seen, whole_number
from common.refusals import CONFLICT, UNPROCESSABLE, refused
from people.requests import person_of, standing_in

DONE = {
    "submit": gettext_lazy("已提交审核"),
    "check": gettext_lazy("审核通过，等批准"),
    "return": gettext_lazy("已退回"),
    "approve": gettext_lazy("已批准"),
    "withdraw": gettext_lazy("已作废"),
}


@require_GET
def scheme(request: HttpRequest) -> HttpResponse:
    """The version in force, or the one asked for by its number."""
    asked, seen = request.GET.get("version", ""), visible_schemes(standing_in(request))
    shown = seen.filter(version=asked).first() if asked else scheme_in_force(timezone.localdate())
    if asked and shown is None:
        raise Http404
    return _page(request, shown or (seen.filter(state=SchemeState.APPROVED).order_by("effective_on", "pk").first()))


@require_GET
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """Any version: as a document, with what changes, and for a draft the next step."""
    return _page(request, _found(request, pk=pk))


@require_GET
def versions(request: HttpRequest) -> HttpResponse:
    """All versions: state, days in force, who drafted, checked and approved."""
    standing = standing_in(request)
    found = versions_for(standing, timezone.localdate())
    context = {"versions": found, "can_draft": can_draft_scheme(standing), "current": _current(found)}
    return render(request, "appraisals/schemes.html", context)


@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    """A new version from the one in force, or from the one named."""
    if not can_draft_scheme(standing_in(request)):
        raise PermissionDenied
    source = whole_number(request.POST.get("based_on", ""))
    if source is None:
        raise Http404
    try:
        made = services.draft_scheme(_found(request, pk=source).pk, by=person_of(request))
    except RuleError as error:
        return refused(request, error, back=reverse("appraisals:schemes"))
    return redirect("appraisals:scheme_edit", pk=made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The editor. POST adds or drops a rule, which stores nothing, or saves."""
    found = _found(request, pk=pk)
    if not can_draft_scheme(standing_in(request)):
        raise PermissionDenied
    if found.state != SchemeState.DRAFT:
        messages.info(request, _("这一版不在拟定中，退回后才能改。"))
        return redirect("appraisals:scheme_version", pk=found.pk)
    if request.method != "POST":
        return _editor(request, found, sheet_of(_whole(found)), SchemeHead.of(found))
    sheet, head = sheet_from(request.POST, _whole(found)), SchemeHead(request.POST)
    act = request.POST.get("act", "save")
    if act not in {"save", "done", "mine"}:
        move(sheet, act)
        return _editor(request, found, sheet, head, is_changed=True)
    return _save(request, found, sheet, head, act)


@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Submit, check, return, approve or drop a version."""
    found, person = _found(request, pk=pk), person_of(request)
    back = reverse("appraisals:scheme_version", args=[found.pk])
    if name not in DONE:
        raise Http404
    reason, seen = request.POST.get("reason", ""), version_seen(request.POST.get("revision", ""))
    try:
        if name == "submit":
            services.submit_scheme(found.pk, by=person, revision=seen)
        elif name == "check":
            services.check_scheme(found.pk, by=person, revision=seen)
        elif name == "approve":
            services.approve_scheme(found.pk, by=person, revision=seen)
        elif name == "return":
            services.return_scheme(found.pk, reason=reason, by=person)
        else:
            services.withdraw_scheme(found.pk, reason=reason, by=person)
    except RuleError as error:
        return refused(request, error, back=back, mine=reason)
    messages.success(request, str(DONE[name]))
    return redirect(back)


@require_GET
def diff(request: HttpRequest) -> HttpResponse:
    """What changes from version ``a`` to version ``b``, in words."""
    seen = visible_schemes(standing_in(request)).order_by("-effective_on", "-pk")
    old, new = (_numbered(request, name) for name in ("a", "b"))
    same = old is not None and old == new
    context = {
        "old": old,
        "new": new,
        "versions": seen,
        "is_same": same,
        "changed": changes_between(old, new) if old and new and not same else [],
    }
    return render(request, "appraisals/scheme_diff.html", context)


@require_GET
def on_paper(request: HttpRequest, version: str) -> HttpResponse:
    """The document with its history table, to be printed."""
    found = _found(request, version=version)
    context = {
        "scheme": found,
        "chapters": chapters(rules_of(found)),
        "history": approved_history(found),
        "is_approved": found.state == SchemeState.APPROVED,
    }
    return render(request, "appraisals/scheme_print.html", context)


def _found(request: HttpRequest, **key: Any) -> Scheme:
    found = visible_schemes(standing_in(request)).filter(**key).first()
    if found is None:
        raise Http404
    return found


def _numbered(request: HttpRequest, name: str) -> Scheme | None:
    asked = request.GET.get(name, "")
    return _found(request, version=asked) if asked else None


def _current(found: list[Any]) -> Scheme | None:
    return next((one.scheme for one in found if one.is_current), None)


def _whole(found: Scheme) -> dict[str, Any]:
    """The parameters with what an older record left to the default."""
    return rules_of(found).to_dict()


def _page(request: HttpRequest, shown: Scheme | None) -> HttpResponse:
    person, standing, today = person_of(request), standing_in(request), timezone.localdate()
    context: dict[str, Any] = {"scheme": shown, "chapters": [], "can_draft": can_draft_scheme(standing)}
    if shown is not None:
        way, earlier = way_of(shown), replaced_by(shown)
        context |= {
            "chapters": chapters(rules_of(shown)),
            "way": way,
            "earlier": earlier,
            "changed": changes_between(earlier, shown) if earlier else [],
            "next": who_is_next(shown, way, today),
            "acts": steps_open_to(person, standing, shown, way),
            "is_open": shown.state in (SchemeState.DRAFT, SchemeState.SUBMITTED, SchemeState.CHECKED),
            "versions": versions_for(standing, today),
            "today": today,
        }
    return render(request, "appraisals/scheme.html", context)


def _save(request: HttpRequest, found: Scheme, sheet: Sheet, head: SchemeHead, act: str) -> HttpResponse:
    """``act``: save, done (save and look at it), mine (save over what somebody else saved meanwhile)."""
    seen = found.revision if act == "mine" else version_seen(request.POST.get("revision", ""))
    parameters, is_sound = sheet.read(), head.is_valid()
    if parameters is None or not is_sound:
        return _editor(request, found, sheet, head, status=UNPROCESSABLE)
    changes = services.SchemeChanges(**head.cleaned_data, parameters=parameters)
    try:
        services.save_scheme(found.pk, changes, revision=-1 if seen is None else seen, by=person_of(request))
    except ConflictError as error:
        return _editor(request, found, sheet, head, conflict=str(error), status=CONFLICT)
    except RuleError as error:
        head.add_error(error.field if error.field in head.fields else None, " ".join([str(error), *error.problems]))
        return _editor(request, found, sheet, head, status=UNPROCESSABLE)
    messages.success(request, _("已保存草稿"))
    return redirect("appraisals:scheme_version" if act == "done" else "appraisals:scheme_edit", pk=found.pk)


def _editor(
    request: HttpRequest, found: Scheme, sheet: Sheet, head: SchemeHead, *, status: int = 200, **said: Any
) -> HttpResponse:
    """``said``: conflict, is_changed. The revision is the one the writer saw first."""
    panels = panels_of(sheet)
    context = {
        "scheme": found,
        "head": head,
        "panels": panels,
        "faults": sum(panel.faults for panel in panels),
        "revision": request.POST.get("revision", found.revision),
        **said,
    }
    part = request.headers.get("HX-Request") == "true"
    return render(
        request, "appraisals/scheme_sheet.html" if part else "appraisals/scheme_edit.html", context, status=status
    )
