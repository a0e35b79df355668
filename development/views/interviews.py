"""Pages of the appraisal interview: the lists, the record, its printed form, next period's targets."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template import loader
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from appraisals.permissions import visible_forms
from appraisals.selectors.targets import items_of
from appraisals.services.targets import draft_items
from appraisals.states import DraftSource
from common.errors import ConflictError, RuleError
from common.forms import month_of, version_seen, whole_number
from common.refusals import UNPROCESSABLE, refused
from common.selectors import countdown, working_days_until
from development.forms import confirmation_in, talk_in
from development.models import Interview
from development.permissions import (
    can_acknowledge_interview,
    can_add_to_interview,
    can_edit_interview,
    can_interview,
    can_recall_interview,
)
from development.selectors.agenda import agenda_page
from development.selectors.interviews import (
    all_interviews,
    came_late,
    has_newer_result,
    interview_for,
    interview_of_form,
    lists_for,
    next_form_of,
    notes_for_targets,
)
from development.selectors.meetings import next_targets_for
from development.services.interviews import (
    MOST_AGREEMENTS,
    acknowledge_interview,
    add_to_interview,
    finish_agreement,
    prepare_interview,
    recall_interview,
    save_interview,
    share_interview,
)
from development.states import InterviewState
from people.requests import person_of, standing_in

PAGE_SIZE = 30
EMPTY_ROWS = 2
LOOKS = {InterviewState.DRAFT: "wait", InterviewState.SHARED: "now", InterviewState.ACKNOWLEDGED: "ok"}
Act = tuple[Callable[[], object], str]


@require_GET
def interviews(request: HttpRequest) -> HttpResponse:
    """Whom to speak with by when, one's own records, and for HR and the auditor all of them."""
    person, standing, month = person_of(request), standing_in(request), month_of(request.GET.get("month", ""))
    lists = lists_for(person, standing, timezone.localdate(), month)
    page = None
    if lists.reads_all:
        page = Paginator(all_interviews(person, standing, month), PAGE_SIZE).get_page(request.GET.get("page"))
    asked = f"{month:%Y-%m}" if month else ""
    context = {"lists": lists, "page": page, "looks": LOOKS, "asked": asked, "query": f"month={asked}"}
    return render(request, "development/interviews.html", context)


@require_POST
def prepare(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the interview about a form of one's own people, or bring its agenda up to date."""
    person = person_of(request)
    form = get_object_or_404(visible_forms(person, standing_in(request)), pk=pk)
    if not can_interview(person, form, timezone.localdate()):
        raise Http404
    try:
        done = prepare_interview(pk, by=person)
    except RuleError as error:
        return refused(request, error, back=reverse("development:interviews"))
    return redirect("development:interview", pk=done.pk)


@require_GET
def of_form(request: HttpRequest, pk: int) -> HttpResponse:
    """To the interview about a form; to the list while its owner has not prepared it."""
    person, standing = person_of(request), standing_in(request)
    found = interview_of_form(person, standing, pk)
    if found is not None:
        return redirect("development:interview", pk=found.pk)
    form = get_object_or_404(visible_forms(person, standing), pk=pk)
    if not can_interview(person, form, timezone.localdate()):
        raise Http404
    return redirect(f"{reverse('development:interviews')}#to-hold")


@require_GET
def interview(request: HttpRequest, pk: int) -> HttpResponse:
    """The record: to its owner as a draft to be written, then as it was shared."""
    return render(request, "development/interview.html", _page(request, _interview_or_404(request, pk)))


@require_GET
def print_interview(request: HttpRequest, pk: int) -> HttpResponse:
    """The record on A4, with lines for both signatures."""
    found = _interview_or_404(request, pk)
    context = {"interview": found, "agenda": agenda_page(found.result, found.agenda), "remarks": _remarks(found)}
    return HttpResponse(loader.render_to_string("development/print_interview.html", context))


@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """What the page holds, as it is typed; answers with the new version."""
    found = _own_draft(request, pk)
    try:
        saved = _save(request, found)
    except RuleError as error:
        return _refused(request, found, error)
    if request.headers.get("HX-Request") == "true":
        return render(request, "development/version.html", {"row": saved, "oob": True})
    messages.success(request, _("已保存，还没有发给本人"))
    return redirect("development:interview", pk=pk)


@require_POST
def share(request: HttpRequest, pk: int) -> HttpResponse:
    """Save what the page holds, then show it to the appraisee."""
    found = _own_draft(request, pk)
    try:
        _save(request, found)
        share_interview(pk, by=person_of(request))
    except RuleError as error:
        return _refused(request, found, error)
    messages.success(request, _("已发给%(name)s确认") % {"name": found.employee.name})
    return redirect("development:interview", pk=pk)


@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Take back, confirm, add, tick off; a refusal keeps what was typed."""
    found = _interview_or_404(request, pk)
    acts = _acts(request, pk)
    if name not in acts:
        raise Http404
    do, said = acts[name]
    try:
        do()
    except ConflictError as error:
        return refused(request, error, back=reverse("development:interview", args=[pk]))
    except RuleError as error:
        page = _page(request, found) | {"fault": error, "typed": request.POST, "tried": name}
        return render(request, "development/interview.html", page, status=UNPROCESSABLE)
    messages.success(request, said)
    return redirect("development:interview", pk=pk)


@require_POST
def start_targets(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft the next period's targets of that person from this period's, and go there; what is there stays."""
    found, person = _interview_or_404(request, pk), person_of(request)
    form = next_form_of(found)
    if form is None or not can_interview(person, form, timezone.localdate()):
        messages.error(request, _("下一期还没有开，或者目标已经定了。"))
        return redirect("development:interview", pk=pk)
    if not items_of(form):
        try:
            draft_items(form.pk, source=DraftSource.LAST, by=person)
        except RuleError as error:
            return refused(request, error, back=reverse("development:interview", args=[pk]))
    return redirect("appraisals:targets", pk=form.pk)


@require_GET
def targets_note(request: HttpRequest, pk: int) -> HttpResponse:
    """What the last interview and the last exchange meeting want next, beside the targets; empty where nothing is."""
    person, standing = person_of(request), standing_in(request)
    form = get_object_or_404(visible_forms(person, standing).select_related("cycle"), pk=pk)
    note = notes_for_targets(form)
    seen = note and interview_for(person, standing, note.pk)
    wanted = next_targets_for(form.region_id, form.cycle.starts_on) if form.owner_id == person.pk else None
    return render(request, "development/targets_note.html", {"note": seen, "wanted": wanted})


def _acts(request: HttpRequest, pk: int) -> dict[str, Act]:
    person, typed = person_of(request), request.POST
    seen, agreement = version_seen(typed.get("version", "")), whole_number(typed.get("agreement", "")) or 0
    said = confirmation_in(typed)
    return {
        "recall": (lambda: recall_interview(pk, by=person), _("已收回，改好再发")),
        "acknowledge": (lambda: acknowledge_interview(pk, said, version=seen, by=person), _("已确认")),
        "remark": (lambda: add_to_interview(pk, text=typed.get("text", ""), by=person), _("已补充")),
        "done": (lambda: finish_agreement(pk, agreement, by=person), _("已记为完成")),
    }


def _interview_or_404(request: HttpRequest, pk: int) -> Interview:
    found = interview_for(person_of(request), standing_in(request), pk)
    if found is None:
        raise Http404
    return found


def _own_draft(request: HttpRequest, pk: int) -> Interview:
    """For writing; who may only read it finds nothing, and who comes too late is told by the service."""
    found = _interview_or_404(request, pk)
    if not can_interview(person_of(request), found.form, timezone.localdate()):
        raise Http404
    return found


def _save(request: HttpRequest, found: Interview) -> Interview:
    seen = version_seen(request.POST.get("version", ""))
    return save_interview(found.pk, talk_in(request.POST), version=seen, by=person_of(request))


def _refused(request: HttpRequest, found: Interview, error: RuleError) -> HttpResponse:
    """htmx gets the words; a page keeps what was typed and says what is missing."""
    fresh = _interview_or_404(request, found.pk)
    is_part = request.headers.get("HX-Request") == "true"
    if is_part or isinstance(error, ConflictError) or fresh.state != InterviewState.DRAFT:
        return refused(request, error, back=reverse("development:interview", args=[found.pk]))
    page = _page(request, fresh, talk=talk_in(request.POST)) | {"fault": error}
    return render(request, "development/interview.html", page, status=UNPROCESSABLE)


def _page(request: HttpRequest, found: Interview, talk: Any = None) -> dict[str, Any]:
    """``talk`` is what was typed and refused; without it, what is saved."""
    person, today = person_of(request), timezone.localdate()
    is_open, is_own = found.state != InterviewState.ACKNOWLEDGED, found.employee_id == person.pk
    holds = can_interview(person, found.form, today)
    target = next_form_of(found) if holds else None
    saved = list(found.agreements.all())
    return {
        "interview": found,
        "form": found.form,
        "cycle": found.form.cycle,
        "look": LOOKS[InterviewState(found.state)],
        "agenda": agenda_page(found.result, found.agenda),
        "is_stale": has_newer_result(found),
        "is_own": is_own,
        "holds": holds,
        "is_draft": can_edit_interview(person, found, today),
        "may_recall": can_recall_interview(person, found, today),
        "may_confirm": can_acknowledge_interview(person, found),
        "may_add": can_add_to_interview(person, found),
        "left": working_days_until(found.due_on, today) if is_open and not came_late(found) else None,
        "came_late": is_open and came_late(found),
        "notes": _notes(found, talk),
        "held_on": talk.held_on if talk else found.held_on,
        "agreements": saved,
        "terms": countdown(today, [one.due_on for one in saved]),
        "rows": list(enumerate([*(talk.agreed if talk else saved), *[None] * EMPTY_ROWS]))[:MOST_AGREEMENTS],
        "usual_day": today + timedelta(days=30),
        "remarks": _remarks(found),
        "next_form": target,
        "today": today,
    }


def _notes(found: Interview, talk: Any) -> list[tuple[str, str, str]]:
    """Name, label and text of each field of the form, in its order."""
    labels = {
        "achievements": _("主要成绩"),
        "shortcomings": _("不足与事实"),
        "causes": _("原因分析"),
        "support": _("需要的支持与培训"),
        "next_targets": _("下期目标要点"),
    }
    source = talk.notes if talk else found
    return [(name, label, getattr(source, name)) for name, label in labels.items()]


def _remarks(found: Interview) -> list[Any]:
    return list(found.remarks.select_related("by"))
