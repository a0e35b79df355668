"""Raw rows of what stands on many forms, each kind in one statement whatever the number of forms."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, Exists, FilteredRelation, OuterRef, Q

from appraisals.models import Adjustment, Evidence, Form, Item, Score, UpwardScore, UpwardTurn
from appraisals.states import OPEN_STATES, CycleKind
from common.db import among
from incidents.selectors.counting import FormMonths
from people.models import Employee
from policy.facts import Entry


class FormRow(NamedTuple):
    """The head of a form as far as its facts need it."""

    pk: int
    employee_id: int
    state: str
    kind: str
    starts_on: date
    ends_on: date
    is_adjusted: bool = False


class ItemRow(NamedTuple):
    """An item with its current figure."""

    form_id: int
    pk: int
    part: str
    order: int
    name: str
    standard: str
    points: Decimal
    unit: str
    method: str
    parameters: str
    data_source: str
    provider_id: int | None
    not_applicable_reason: str
    figure_id: int | None
    value: Decimal | None
    is_not_applicable: bool | None
    basis: str | None
    collected_on: date | None
    collector_id: int | None


class ScoreRow(NamedTuple):
    """A self-, review or superior's score."""

    item_id: int
    kind: str
    points: Decimal
    level: int | None
    fact: str
    rater_id: int


def form_rows(form_ids: list[int]) -> list[FormRow]:
    """Heads of the forms."""
    names = ("pk", "employee_id", "state", "cycle__kind", "cycle__starts_on", "cycle__ends_on", "is_adjusted")
    adjusted = Exists(Adjustment.objects.filter(form=OuterRef("pk")))
    forms = Form.objects.filter(pk__in=among(form_ids)).annotate(is_adjusted=adjusted)
    return [FormRow(*row) for row in forms.order_by("pk").values_list(*names)]


def item_rows(form_ids: list[int]) -> list[ItemRow]:
    """Items with the figure that stands now."""
    now = FilteredRelation("figures", condition=Q(figures__superseded_at__isnull=True))
    items = Item.objects.filter(form_id__in=among(form_ids)).annotate(now=now).order_by()
    names = ("now__pk", "now__value", "now__is_not_applicable", "now__basis", "now__collected_on", "now__provider_id")
    rows = items.values_list(*ItemRow._fields[:13], *names)
    return list(map(ItemRow._make, rows))


def score_rows(form_ids: list[int]) -> list[ScoreRow]:
    """Scores by name: self, review, superior."""
    scores = Score.objects.filter(item__form_id__in=among(form_ids)).order_by()
    return list(map(ScoreRow._make, scores.values_list(*ScoreRow._fields)))


def upward_points(form_ids: list[int]) -> dict[int, list[Decimal]]:
    """Item id → the subordinates' ratings, nobody's name on them."""
    found: dict[int, list[Decimal]] = {}
    ratings = UpwardScore.objects.filter(item__form_id__in=among(form_ids)).order_by()
    for item, points in ratings.values_list("item_id", "points"):
        found.setdefault(item, []).append(points)
    return found


def upward_turnout(form_ids: list[int]) -> dict[int, tuple[int, int]]:
    """Form id → how many subordinates are asked, and how many have rated."""
    turns = UpwardTurn.objects.filter(form_id__in=among(form_ids)).order_by().values_list("form_id")
    rows = turns.annotate(asked=Count("pk"), rated=Count("pk", filter=Q(is_done=True)))
    return {form: (asked, rated) for form, asked, rated in rows}


def evidence_counts(form_ids: list[int]) -> dict[int, int]:
    """Figure id → how many files stand behind it."""
    files = Evidence.objects.filter(figure__item__form_id__in=among(form_ids), figure__superseded_at__isnull=True)
    return dict(files.order_by().values_list("figure_id").annotate(Count("pk")))


def adjustments_of(form_ids: Iterable[int]) -> dict[int, list[Entry]]:
    """Form id → what upheld appeals have added to it (P6.3b)."""
    found: dict[int, list[Entry]] = {}
    rows = Adjustment.objects.filter(form_id__in=among(form_ids)).order_by("pk")
    for form, ref, points, label in rows.values_list("form_id", "ref", "points", "label"):
        found.setdefault(form, []).append(Entry(ref, points, label))
    return found


def form_months(employee_ids: Iterable[int]) -> dict[int, FormMonths]:
    """Employee id → the months in which that person has a form."""
    found: dict[int, dict[date, bool]] = {}
    forms = Form.objects.filter(employee_id__in=among(employee_ids), cycle__kind=CycleKind.MONTH).order_by()
    for person, month, state in forms.values_list("employee_id", "cycle__starts_on", "state"):
        found.setdefault(person, {})[month] = state in OPEN_STATES
    return {person: FormMonths.of(known) for person, known in found.items()}


def months_of(employee_id: int) -> dict[date, bool]:
    """First days of the months in which the person has a form, in order, and whether it is open still."""
    forms = Form.objects.filter(employee_id=employee_id, cycle__kind=CycleKind.MONTH).order_by("cycle__starts_on")
    return {month: state in OPEN_STATES for month, state in forms.values_list("cycle__starts_on", "state")}


def people_named(employee_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Employee id → number and name."""
    people = Employee.objects.filter(pk__in=among(employee_ids)).order_by()
    return {pk: (number, name) for pk, number, name in people.values_list("pk", "number", "name")}
