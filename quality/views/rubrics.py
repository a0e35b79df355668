"""The monitoring standard: read in any version; drafted, edited, compared and published by who keeps it (A2)."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.errors import ConflictError, RuleError
from common.refusals import CONFLICT, UNPROCESSABLE, refused
from common.wording import day
from people.requests import person_of, standing_in
from quality.facts.standard_changes import changes_between
from quality.facts.standard_checks import is_unusual, publishing_problems
from quality.facts.standards import facts_of
from quality.forms.moves import move
from quality.forms.sheet import Sheet, sheet_from, sheet_of
from quality.models import Rubric
from quality.permissions import can_edit_rubric
from quality.selectors.rubrics import (
    categories_of,
    draft_head,
    fault_kinds,
    kind_words,
    rubric_keyed,
    rubric_on,
    rubric_versions,
    the_draft,
)
from quality.services.rubrics import discard_rubric, draft_rubric, edit_mark, publish_rubric, save_rubric


@require_GET
def rubric(request: HttpRequest) -> HttpResponse:
    """The standard in force today."""
    return _page(request, rubric_on(timezone.localdate()))


@require_GET
def rubric_version(request: HttpRequest, key: str) -> HttpResponse:
    """Any published version, by its name or key."""
    found = rubric_keyed(key)
    if found is None:
        raise Http404
    return _page(request, found)


@require_POST
def start_rubric(request: HttpRequest) -> HttpResponse:
    """A new version, from the one in force."""
    if not can_edit_rubric(standing_in(request)):
        raise PermissionDenied
    try:
        draft = draft_rubric(by=person_of(request))
    except RuleError as error:
        found = the_draft()
        if error.code != "draft_exists" or found is None:
            return refused(request, error, back="/rubric/")
        messages.info(request, str(error))
        draft = found
    return redirect("quality:rubric_draft", pk=draft.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def rubric_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """The editor. POST moves rows about, which stores nothing, or saves."""
    draft = _draft(request, pk)
    if request.method != "POST":
        return _editor(request, draft, sheet_of(facts_of(draft)))
    sheet, act = sheet_from(request.POST), request.POST.get("act", "save")
    if act not in {"save", "publish", "mine"}:
        move(sheet, act)
        return _editor(request, draft, sheet, mark=request.POST.get("seen", ""), is_changed=True)
    return _save(request, draft, sheet, act)


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """What changes against the version in force, and from which day; POST publishes."""
    draft = _draft(request, pk)
    if request.method != "POST":
        return _publishing(request, draft, day_typed="")
    typed = request.POST.get("starts_on", "")
    starts_on = _parsed(typed)
    if starts_on is None:
        return _publishing(request, draft, day_typed=typed, problems=[_("选一个生效日期。")])
    try:
        done = publish_rubric(
            draft.pk,
            starts_on=starts_on,
            by=person_of(request),
            seen=request.POST.get("seen", ""),
            accepts_total=request.POST.get("accepts_total") == "1",
        )
    except RuleError as error:
        return _publishing(request, draft, day_typed=typed, problems=[str(error), *error.problems])
    words = _("%(version)s 版已发布，%(day)s起的录音按它评分") % {"version": done.version, "day": day(starts_on)}
    messages.success(request, words)
    return redirect("quality:rubric_version", key=done.version)


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Drop the draft."""
    draft = _draft(request, pk)
    try:
        discard_rubric(draft.pk, by=person_of(request))
    except RuleError as error:
        return refused(request, error, back="/rubric/")
    messages.success(request, _("已丢弃草稿"))
    return redirect("quality:rubric")


def _save(request: HttpRequest, draft: Rubric, sheet: Sheet, act: str) -> HttpResponse:
    """``act``: save, publish (save and go on to that), mine (save over what somebody else saved meanwhile)."""
    reading = sheet.read()
    mark = edit_mark(draft) if act == "mine" else request.POST.get("seen", "")
    if reading.facts is None:
        return _editor(request, draft, sheet, mark=mark, problems=reading.problems, status=UNPROCESSABLE)
    try:
        save_rubric(draft.pk, reading.facts, seen=mark, by=person_of(request))
    except ConflictError as error:
        return _editor(request, draft, sheet, mark=mark, conflict=str(error), status=CONFLICT)
    except RuleError as error:
        problems = [str(error), *error.problems]
        return _editor(request, draft, sheet, mark=mark, problems=problems, status=UNPROCESSABLE)
    if act == "publish":
        return redirect("quality:publish_rubric", pk=draft.pk)
    messages.success(request, _("已保存草稿"))
    return redirect("quality:rubric_draft", pk=draft.pk)


def _draft(request: HttpRequest, pk: int) -> Rubric:
    found = the_draft(pk) if can_edit_rubric(standing_in(request)) else None
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, shown: Rubric | None) -> HttpResponse:
    versions, today = rubric_versions(), timezone.localdate()
    current = next((one for one in versions if one.starts_on and one.starts_on <= today), None)
    can_edit = can_edit_rubric(standing_in(request))
    context = {
        "rubric": shown,
        "current": current,
        "is_current": shown is not None and shown == current,
        "categories": categories_of(shown) if shown else [],
        "total": facts_of(shown).total if shown else None,
        "versions": versions,
        "can_edit": can_edit,
        "draft": draft_head() if can_edit else None,
        "today": today,
    }
    return render(request, "quality/rubric.html", context)


def _editor(
    request: HttpRequest,
    draft: Rubric,
    sheet: Sheet,
    *,
    mark: str | None = None,
    status: int = 200,
    **said: Any,
) -> HttpResponse:
    """``said``: problems, conflict, is_changed."""
    context = {
        "draft": draft,
        "sheet": sheet,
        "mark": edit_mark(draft) if mark is None else mark,
        "kinds": fault_kinds(),
        "todo": publishing_problems(facts_of(draft)) if mark is None else [],
        **said,
    }
    part = request.headers.get("HX-Request") == "true"
    return render(request, "quality/rubric_sheet.html" if part else "quality/rubric_edit.html", context, status=status)


def _publishing(
    request: HttpRequest, draft: Rubric, *, day_typed: str, problems: list[str] | None = None
) -> HttpResponse:
    facts, current = facts_of(draft), rubric_on(timezone.localdate())
    words = kind_words(fault_kinds())
    context = {
        "draft": draft,
        "mark": edit_mark(draft),
        "current": current,
        "changes": changes_between(facts_of(current), facts, words) if current else [],
        "todo": publishing_problems(facts),
        "total": facts.total,
        "is_unusual": is_unusual(facts),
        "accepts": request.POST.get("accepts_total") == "1",
        "day_typed": day_typed,
        "today": timezone.localdate(),
        "problems": problems or [],
    }
    return render(request, "quality/rubric_publish.html", context, status=UNPROCESSABLE if problems else 200)


def _parsed(text: str) -> date | None:
    try:
        return parse_date(text.strip())
    except ValueError:
        return None
