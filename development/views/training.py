"""Pages of training requests: the lists, one request, a new one, what HR answers."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.errors import RuleError
from common.forms import whole_number
from common.refusals import UNPROCESSABLE, refused
from development.forms import day_in, wanted_in
from development.models import TrainingRequest
from development.permissions import can_arrange, can_pass_on, collects_training
from development.selectors.training import all_training, people_to_ask_for, topics, training_for, training_of
from development.services.training import (
    arrange_training,
    collect_training,
    decline_training,
    pass_training_on,
    request_training,
)
from development.states import TrainingState
from people.requests import person_of, standing_in

PAGE_SIZE = 40
LOOKS = {
    TrainingState.REQUESTED: "wait",
    TrainingState.COLLECTED: "now",
    TrainingState.ARRANGED: "ok",
    TrainingState.DECLINED: "na",
}
Act = tuple[Callable[[], object], str]


@require_GET
def training(request: HttpRequest) -> HttpResponse:
    """What waits to be passed on, one's own, one's people's; the whole list with its topics for who collects."""
    person, standing, state = person_of(request), standing_in(request), request.GET.get("state", "")
    lists = training_of(person, standing)
    context: dict[str, Any] = {"lists": lists, "looks": LOOKS, "state": state, "states": TrainingState.choices}
    if lists.reads_all:
        context["page"] = Paginator(all_training(person, standing, state), PAGE_SIZE).get_page(request.GET.get("page"))
        context["topics"] = topics(person, standing)
    return render(request, "development/training.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for training, for oneself or one's people; ``employee``, ``interview`` and ``plan`` come with the link."""
    people = people_to_ask_for(person_of(request), timezone.localdate())
    if not people:
        raise PermissionDenied(_("你没有可以提培训需求的人。"))
    typed = request.POST if request.method == "POST" else request.GET
    chosen = whole_number(typed.get("employee", "")) or people[0].pk
    context = {"people": people, "typed": typed, "chosen": chosen, "today": timezone.localdate()}
    if request.method == "GET":
        return render(request, "development/training_new.html", context)
    if chosen not in {one.pk for one in people}:
        raise Http404
    try:
        done = request_training(chosen, wanted_in(request.POST), by=person_of(request))
    except RuleError as error:
        return render(request, "development/training_new.html", context | {"fault": error}, status=UNPROCESSABLE)
    messages.success(request, _("已提出") if done.passed_at else _("已提出，等考核负责人转报"))
    return redirect("development:training")


@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One request with its answer."""
    return render(request, "development/training_one.html", _page(request, _request_or_404(request, pk)))


@require_POST
def collect(request: HttpRequest) -> HttpResponse:
    """Hand the ticked ones to the training centre."""
    if not collects_training(standing_in(request)):
        raise PermissionDenied
    ids = [pk for text in request.POST.getlist("request") if (pk := whole_number(text)) is not None]
    try:
        done = collect_training(ids, by=person_of(request))
    except RuleError as error:
        return refused(request, error, back=reverse("development:training"))
    said = ngettext("已报培训中心 %(n)s 条", "已报培训中心 %(n)s 条", len(done))
    messages.success(request, said % {"n": len(done)})
    return redirect("development:training")


@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Pass on, arrange, decline; a refusal keeps what was typed."""
    found = _request_or_404(request, pk)
    person, typed = person_of(request), request.POST
    day, answer = day_in(typed, "arranged_on"), typed.get("answer", "")
    acts: dict[str, Act] = {
        "pass": (lambda: pass_training_on(pk, by=person), _("已转报")),
        "arrange": (lambda: arrange_training(pk, day=day, answer=answer, by=person), _("已安排")),
        "decline": (lambda: decline_training(pk, answer=answer, by=person), _("已答复")),
    }
    if name not in acts:
        raise Http404
    do, said = acts[name]
    try:
        do()
    except RuleError as error:
        page = _page(request, found) | {"fault": error, "typed": typed}
        return render(request, "development/training_one.html", page, status=UNPROCESSABLE)
    messages.success(request, said)
    return redirect("development:training_one", pk=pk)


def _request_or_404(request: HttpRequest, pk: int) -> TrainingRequest:
    found = training_for(person_of(request), standing_in(request), pk)
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, found: TrainingRequest) -> dict[str, Any]:
    person, standing, today = person_of(request), standing_in(request), timezone.localdate()
    return {
        "one": found,
        "look": LOOKS[TrainingState(found.state)],
        "may_pass": can_pass_on(person, found, today),
        "may_arrange": can_arrange(found, standing),
        "today": today,
    }
