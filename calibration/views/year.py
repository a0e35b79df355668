"""HR's year: reckon it, see how it stands, publish it, correct it for one person."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from calibration.forms import CompletionForm, CorrectionForm
from calibration.permissions import can_correct_year, can_view_board, is_over, keeps_year, reads_year, sees_bonuses
from calibration.selectors.following import following_of
from calibration.selectors.year_lines import OUT, TIED, in_sight, year_lines
from calibration.selectors.yearly import chosen_year, result_of, year_page, years_known
from calibration.selectors.years import review_of, reviews_by_year, rules_of_year
from calibration.services.correcting import correct_year
from calibration.services.publishing import publish_year
from common.errors import RuleError
from common.refusals import refused
from people.facts import Standing
from people.requests import person_of, standing_in
from scoring.facts.year_changes import corrected_now
from scoring.models import AnnualResult, AnnualReview
from scoring.services.years import close_year, refresh_year
from scoring.states import ReviewState

PAGE_SIZE = 25
LOOKS = {
    ReviewState.PREPARING: "now",
    ReviewState.PREVIEW: "now",
    ReviewState.OPEN: "now",
    ReviewState.LOCKED: "hold",
    ReviewState.PUBLISHED: "ok",
}


@require_GET
def year(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """How the year stands: its steps, how grades are spread, who changed since, everybody's line."""
    standing = _reader(request)
    today = timezone.localdate()
    reviews = reviews_by_year()
    years = years_known(reviews, today)
    if year is not None and year not in years:
        raise Http404
    year = year or chosen_year(years, today)
    review, last = reviews.get(year), reviews.get(year - 1)
    place = years.index(year)
    context: dict[str, Any] = {
        "year": year,
        "later": years[place - 1] if place else None,
        "earlier": years[place + 1] if place + 1 < len(years) else None,
        "keeps": keeps_year(standing),
        "last": last,
        "completion": CompletionForm(initial={"completion": review.completion} if review else None),
    }
    if review is not None:
        context |= _reviewed(request, review, standing)
    return render(request, "calibration/year.html", context)


@require_POST
def reckon(request: HttpRequest, year: int) -> HttpResponse:
    """Close the year, or, from the preview on, take in what was published since."""
    if not keeps_year(_reader(request)):
        raise PermissionDenied
    back = reverse("calibration:year", args=[year])
    typed = CompletionForm(request.POST)
    if not typed.is_valid():
        messages.error(request, " ".join(str(words) for faults in typed.errors.values() for words in faults))
        return redirect(back)
    review = review_of(year)
    act = close_year if review is None or review.state == ReviewState.PREPARING else refresh_year
    try:
        done = act(year, completion=typed.cleaned_data["completion"], by=person_of(request))
    except RuleError as error:
        return refused(request, error, back=back)
    is_new = review is None or done.revision != review.revision
    messages.success(request, _("%(year)s年算好了") % {"year": year} if is_new else _("再算一遍，结果没有变"))
    return redirect(back)


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, year: int) -> HttpResponse:
    """Say what will follow; then publish."""
    standing = _reader(request)
    if not keeps_year(standing):
        raise PermissionDenied
    review = _review(year)
    back = reverse("calibration:year", args=[year])
    if request.method == "POST":
        try:
            publish_year(year, by=person_of(request))
        except RuleError as error:
            return refused(request, error, back=back)
        messages.success(request, _("%(year)s年度考核已公布，每个人都收到了消息") % {"year": year})
        return redirect(back)
    page = year_page(review, person_of(request), standing)
    context = {"year": year, "page": page, "last": review_of(year - 1), "following": following_of(review, page)}
    context["is_over"] = is_over(year, timezone.localdate())
    return render(request, "calibration/year_publish.html", context)


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Show what the months say now beside what was published; then take it over."""
    person, standing = person_of(request), _reader(request)
    result = result_of(year, pk)
    if result is None or not can_correct_year(person, result, standing):
        raise Http404
    rules = rules_of_year(year)
    typed = CorrectionForm(request.POST or None, result=result, rules=rules, is_leader=standing.is_leader)
    if request.method == "POST" and typed.is_valid():
        try:
            correct_year(pk, grade=typed.grade, reason=typed.cleaned_data["reason"], by=person)
        except RuleError as error:
            typed.add_error(None, str(error))
            return _ask(request, result, typed)
        messages.success(request, _("已更正%(name)s的年度结果") % {"name": result.employee.name})
        return redirect("calibration:year", year=year)
    return _ask(request, result, typed)


def _ask(request: HttpRequest, result: AnnualResult, typed: CorrectionForm) -> HttpResponse:
    standing = standing_in(request)
    context = {
        "year": result.review.year,
        "result": result,
        "now": corrected_now(result),
        "typed": typed,
        "with_pay": sees_bonuses(standing),
        "is_leader": standing.is_leader,
    }
    return render(request, "calibration/year_correct.html", context, status=422 if typed.errors else 200)


def _reader(request: HttpRequest) -> Standing:
    standing = standing_in(request)
    if not reads_year(standing):
        raise PermissionDenied
    return standing


def _review(year: int) -> AnnualReview:
    review = review_of(year)
    if review is None:
        raise Http404
    return review


def _reviewed(request: HttpRequest, review: AnnualReview, standing: Standing) -> dict[str, Any]:
    """The parts of the page that a reckoned year has."""
    person, today = person_of(request), timezone.localdate()
    page = year_page(review, person, standing)
    asked = {name: request.GET.get(name, "").strip() for name in ("grade", "region", "text")}
    found = Paginator(in_sight(page.rows, **asked), PAGE_SIZE).get_page(request.GET.get("page"))
    return {
        "review": review,
        "state": review.get_state_display(),
        "look": LOOKS[ReviewState(review.state)],
        "page_of_year": page,
        "page": found,
        "lines": year_lines(found, standing),
        "asked": asked,
        "query": urlencode(asked),
        "choices": [*((code, code) for code in page.grades), (TIED, _("待定")), (OUT, _("不参评"))],
        "with_pay": sees_bonuses(standing),
        "can_publish": keeps_year(standing) and review.state == ReviewState.LOCKED and is_over(review.year, today),
        "waits_for_its_end": review.state == ReviewState.LOCKED and not is_over(review.year, today),
        "is_published": review.state == ReviewState.PUBLISHED,
        "is_preparing": review.state == ReviewState.PREPARING,
        "can_open_board": can_view_board(standing, review),
        "is_leader": standing.is_leader,
    }
