"""Appeals as their lists and pages read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Prefetch, Q, QuerySet

from appeals.models import Appeal, AppealFile, AppealItem
from appeals.permissions import Reader, can_assign, eligible_handlers, visible_appeals
from appeals.states import OPEN_APPEAL, AppealState
from appraisals.models import Form
from common.selectors import Countdown, countdown
from people.models import Employee
from quality.permissions import Ear, visible_calls
from scoring.models import AnnualResult, Result
from scoring.states import ReviewState

MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a list; ``due_on`` is the last day for the ruling, of a draft for handing it in; None once done.

    ``is_over``: a draft that can't be handed in any more.
    """

    appeal: Appeal
    due_on: date | None
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """What a reader has to do with appeals: to give out, to examine, his own, all the others he may read.

    ``days`` counts down to the terms of all of them.
    """

    days: Countdown
    to_assign: list[Row]
    to_examine: list[Row]
    own: list[Row]
    others: list[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligible:
    """Somebody an appeal may be given to, and how many open ones he has."""

    person: Employee
    load: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ToCorrect:
    """A closed year that an appeal has overtaken: it stands as closed until HR closes it anew. Percent."""

    appeal: Appeal
    year: int
    stands: Decimal | None
    now: Decimal


def lists_for(reader: Reader, today: date) -> Lists:
    """The appeals the reader may see, each in one list; what waits longest is on top."""
    found = list(visible_appeals(reader).prefetch_related("items").order_by("-pk")[:MOST])
    days = countdown(today, [_due_on(one) for one in found])
    rows: dict[str, list[Row]] = {"to_assign": [], "to_examine": [], "own": [], "others": []}
    for one in found:
        due_on = _due_on(one)
        is_over = due_on is not None and due_on < today and one.state == AppealState.DRAFT
        rows[_list_of(reader, one, today)].append(Row(appeal=one, due_on=due_on, is_over=is_over))
    for name in ("to_assign", "to_examine"):
        rows[name].reverse()
    return Lists(days=days, **rows)


def _due_on(appeal: Appeal) -> date | None:
    if appeal.state == AppealState.DRAFT:
        return max(appeal.file_until, appeal.result.appeal_until or appeal.file_until)
    return appeal.decide_until if appeal.state in OPEN_APPEAL else None


def appeal_for(reader: Reader, pk: int) -> Appeal | None:
    """The appeal, if the reader may see it."""
    found = visible_appeals(reader).select_related(
        "result__form__cycle__scheme", "result__form__owner", "result__form__employee", "employee__position",
        "employee__region", "handler", "first", "outcome",
    )  # fmt: skip
    kept = AppealFile.objects.select_related("uploaded_by")
    files = [Prefetch("files", kept), Prefetch("items__files", kept)]
    return found.prefetch_related("items", *files).filter(pk=pk).first()


def whole_files(appeal: Appeal) -> list[AppealFile]:
    """The evidence that speaks for the whole appeal, not for one of its items."""
    return [file for file in appeal.files.all() if file.item_id is None]


def opens_calls(reader: Reader, form: Form) -> bool:
    """Whether the reader may see any of the calls behind the form's month."""
    ear, cycle = Ear(reader.person, reader.standing), form.cycle
    days = (cycle.starts_on, cycle.ends_on)
    return visible_calls(ear).filter(employee=form.employee_id, called_on__range=days).exists()


def given_before(appeal: Appeal) -> dict[str, Decimal]:
    """Key → the marks that the first instance added, of a second."""
    if appeal.first_id is None:
        return {}
    rows = AppealItem.objects.filter(appeal=appeal.first_id, points__gt=0)
    return {key: points for key, points in rows.values_list("key", "points") if points is not None}


def appeal_of_form(reader: Reader, form_id: int) -> Appeal | None:
    """The newest appeal against any version of a form's result, if the reader may see one; a withdrawn one last."""
    found = list(visible_appeals(reader).filter(result__form=form_id).order_by("-pk"))
    return next((one for one in found if one.state != AppealState.WITHDRAWN), found[0] if found else None)


def begun_against(result: Result, person: Employee) -> Appeal | None:
    """The person's first-instance appeal against that version, in whatever state but withdrawn."""
    found = Appeal.objects.filter(result=result, employee=person, instance=1)
    return found.exclude(state=AppealState.WITHDRAWN).first()


def own_result(person: Employee, result_id: int) -> Result | None:
    """A published result of the person's own."""
    found = Result.objects.filter(pk=result_id, employee=person, published_at__isnull=False)
    return found.select_related("form__cycle").first()


def second_of(appeal: Appeal) -> Appeal | None:
    """The second instance that followed, if it did."""
    return Appeal.objects.filter(first=appeal).first()


def eligible_for(appeal: Appeal, day: date) -> list[Eligible]:
    """Whom it may be given to, those with the fewest open appeals first."""
    load = Count("appeals_handled", filter=Q(appeals_handled__state__in=OPEN_APPEAL))
    found = [Eligible(person=one, load=one.load) for one in eligible_handlers(appeal, day).annotate(load=load)]
    return sorted(found, key=lambda one: (one.load, one.person.number))


def items_ruled(items: Iterable[AppealItem]) -> bool:
    """Whether there are rulings to show."""
    return any(item.ruling for item in items)


def file_of(reader: Reader, pk: int, file: int) -> AppealFile | None:
    """Evidence of an appeal the reader may see."""
    return AppealFile.objects.filter(pk=file, appeal__in=_readable(reader, pk)).first()


def years_to_correct() -> list[ToCorrect]:
    """Published years that a ruling has overtaken since, for HR."""
    ruled = Appeal.objects.filter(state=AppealState.RULED, chain__has_key="closed_year").select_related("employee")
    known = AnnualResult.objects.filter(review__state=ReviewState.PUBLISHED).select_related("review")
    stands = {
        (row.employee_id, row.review.year): row.coefficient
        for row in known.filter(employee__in=[one.employee_id for one in ruled])
    }
    found = {}
    for one in ruled.order_by("pk"):
        year, after = one.chain["closed_year"], one.chain["annual"][1]
        now = None if after is None else Decimal(after)
        before = stands.get((one.employee_id, year))
        if now is not None and before is not None and before < now:
            found[one.employee_id, year] = ToCorrect(appeal=one, year=year, stands=before, now=now)
    return list(found.values())


def _readable(reader: Reader, pk: int) -> QuerySet[Appeal]:
    return visible_appeals(reader).filter(pk=pk).order_by()


def _list_of(reader: Reader, appeal: Appeal, today: date) -> str:
    if appeal.employee_id == reader.person.pk:
        return "own"
    if appeal.handler_id == reader.person.pk and appeal.state in OPEN_APPEAL:
        return "to_examine"
    if appeal.handler_id is None and appeal.state in OPEN_APPEAL and _may_assign(reader, appeal, today):
        return "to_assign"
    return "others"


def _may_assign(reader: Reader, appeal: Appeal, today: date) -> bool:
    """Asked of offices only, so that a list of anybody else's costs nothing."""
    return reader.sees_all and can_assign(reader, appeal, today)
