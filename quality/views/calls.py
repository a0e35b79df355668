"""The register of calls: found, registered one by one or pasted, and heard; behind a KPI figure, the calls it is of."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from common.errors import RuleError
from common.forms import month_of
from common.refusals import UNPROCESSABLE, refused
from common.streaming import Kept, stream
from common.uploads import SOUNDS, Checked, check_sound
from people.requests import person_of, standing_in
from quality.facts.drafts import draft_problems
from quality.forms.calls import CallForm, Pasted, read_pasted
from quality.models import Call
from quality.permissions import Ear, can_register
from quality.selectors.calls import STATES, Wanted, call_lines, call_register, call_seen, month_mean
from quality.services.registering import attach_audio, register_calls

PAGE_SIZE = 40
ASKED = ("number", "agent", "month", "state", "listener", "complaint")


@require_GET
def calls(request: HttpRequest) -> HttpResponse:
    """The calls I may see; of one agent and month the scored ones, with their mean on top."""
    asked = {name: request.GET.get(name, "").strip()[:90] for name in ASKED}
    ear, month = _ear(request), month_of(asked["month"])
    mean = month_mean(ear, asked["agent"], month) if asked["agent"] and month else None
    if mean and "state" not in request.GET:
        asked["state"] = "scored"
    wanted = Wanted(
        number=asked["number"],
        agent=asked["agent"],
        month=month,
        state=asked["state"] if asked["state"] in STATES else "",
        listener=asked["listener"],
        only_complaints=asked["complaint"] == "1",
    )
    page = Paginator(call_register(ear, wanted), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": call_lines(ear, page.object_list),
        "asked": asked,
        "query": urlencode({**asked, "state": asked["state"] or "all"}),
        "is_asked": any(asked.values()),
        "mean": mean,
        "listens": ear.sees_all or can_register(ear, timezone.localdate()),
        "may_register": can_register(ear, timezone.localdate()),
    }
    return render(request, "quality/calls.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_call(request: HttpRequest) -> HttpResponse:
    """Register one call; ``again`` comes back for the next."""
    _check_may(request)
    if request.method != "POST":
        typed = {"employee": request.GET.get("agent", ""), "called_on": timezone.localdate()}
        return _new(request, CallForm(initial=typed))
    form = CallForm(request.POST, request.FILES)
    made = _registered(request, form) if form.is_valid() else None
    if made is None:
        return _new(request, form, status=UNPROCESSABLE)
    messages.success(request, _("已登记 %(number)s") % {"number": made.number})
    if request.POST.get("act") == "again":
        return redirect(f"{reverse('quality:new_call')}?{urlencode({'agent': form['employee'].value()})}")
    return redirect(_register_of(made))


@require_POST
def paste_calls(request: HttpRequest) -> HttpResponse:
    """Register the rows of a spreadsheet, all or none; every fault is named by its line."""
    _check_may(request)
    text = request.POST.get("rows", "")
    pasted = read_pasted(text)
    problems = _pasted_problems(request, pasted)
    if not problems:
        try:
            made = register_calls(pasted.drafts, by=person_of(request))
        except RuleError as error:
            problems = [str(error), *error.problems]
        else:
            words = ngettext("已登记 %(n)s 通", "已登记 %(n)s 通", len(made)) % {"n": len(made)}
            messages.success(request, words)
            return redirect(f"{reverse('quality:calls')}?state=idle")
    return _new(request, CallForm(), rows=text, problems=problems, status=UNPROCESSABLE)


@require_safe
def call_audio(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The recording, in the pieces the player asks for."""
    call = _seen(request, pk)
    if not call.audio:
        raise Http404
    kind = SOUNDS.get(call.audio_kind, "application/octet-stream")
    file = call.audio.open("rb")
    return stream(request, Kept(file, call.audio_name, kind, file.size, call.audio_sha256))


@require_POST
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a recording to a call that has none, or another in its place."""
    call, back = _seen(request, pk), reverse("quality:call", args=[pk])
    try:
        attach_audio(call.pk, audio=_audio_there(request), by=person_of(request))
    except RuleError as error:
        return refused(request, error, back=back)
    messages.success(request, _("已放上录音"))
    return redirect(back)


def _ear(request: HttpRequest) -> Ear:
    return Ear(person_of(request), standing_in(request))


def _check_may(request: HttpRequest) -> None:
    if not can_register(_ear(request), timezone.localdate()):
        raise PermissionDenied


def _seen(request: HttpRequest, pk: int) -> Call:
    found = call_seen(_ear(request), pk)
    if found is None:
        raise Http404
    return found


def _registered(request: HttpRequest, form: CallForm) -> Call | None:
    """The call; None with the refusal on the form."""
    try:
        return register_calls([form.draft(_audio(request))], by=person_of(request))[0]
    except RuleError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        for words in error.problems:
            form.add_error(None, words)
        return None


def _audio(request: HttpRequest) -> Checked | None:
    file = request.FILES.get("audio")
    return check_sound(file) if file is not None else None


def _audio_there(request: HttpRequest) -> Checked:
    audio = _audio(request)
    if audio is None:
        raise RuleError(_("选一个录音文件。"), code="no_file", field="audio")
    return audio


def _pasted_problems(request: HttpRequest, pasted: Pasted) -> list[str]:
    """Faults of reading and of the rules together, in the order of the lines."""
    found = list(pasted.problems)
    against = draft_problems(pasted.drafts, _ear(request), timezone.localdate())
    found += [(pasted.lines[one.place], one.words) for one in against]
    if not found and not pasted.drafts:
        return [_("还没有贴进来一行。")]
    found.sort(key=lambda one: one[0])
    return [_("第 %(n)s 行：%(words)s") % {"n": line, "words": words} if line else words for line, words in found]


def _new(request: HttpRequest, form: CallForm, *, status: int = 200, **typed: Any) -> HttpResponse:
    """``typed``: the rows pasted and what is wrong with them."""
    context = {"form": form, "rows": "", "problems": [], **typed}
    return render(request, "quality/call_new.html", context, status=status)


def _register_of(call: Call) -> str:
    asked = {"agent": call.employee.number, "month": f"{call.called_on:%Y-%m}", "state": "all"}
    return f"{reverse('quality:calls')}?{urlencode(asked)}"
