"""What a data provider owes and has given, by month, indicator and person (P4.1c, P6.3a)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce

from appraisals.models import Cycle, Evidence, Figure, Form, Item
from appraisals.permissions import can_view_form
from appraisals.selectors.lateness import agreed_in_time, end_of, first_reported
from appraisals.selectors.methods import method_words
from appraisals.states import DataSource, FormState, Part
from appraisals.workflow import EDITS, Piece
from common.wording import in_language
from people.facts import Standing
from people.models import Employee

OPEN, _BY = EDITS[Piece.FIGURES]
SETTING = (FormState.TARGETS, FormState.APPROVAL, FormState.CONFIRMATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """One figure owed or given: the indicator of one person. ``late_at``: when it first came, if that was late."""

    item_id: int
    name: str
    standard: str
    unit: str
    points: Decimal
    method: str
    number: str
    person: str
    post: str
    region: str
    is_open: bool
    off_reason: str
    figure_id: int | None
    value: Decimal | None
    is_not_applicable: bool
    basis: str
    collected_on: date | None
    entered_at: datetime | None
    late_at: datetime | None
    evidence: int

    @property
    def is_given(self) -> bool:
        return self.figure_id is not None or bool(self.off_reason)


def provided_by(person: Employee) -> QuerySet[Item]:
    """The indicators a person reports, never his own; the mean of calls is not reported by anybody."""
    items = Item.objects.filter(provider=person, part=Part.KPI, data_source=DataSource.MANUAL)
    return items.exclude(form__employee=person)


def provider_cycles(person: Employee) -> list[Any]:
    """The cycles a person reports for, newest first; each with how many figures are ``owed``, ``given``, or
    ``waiting`` for their targets to be agreed; two statements."""
    stands = Exists(Figure.objects.filter(item=OuterRef("pk"), superseded_at__isnull=True))
    items = (
        provided_by(person)
        .order_by()
        .annotate(
            is_given=Case(When(~Q(not_applicable_reason=""), then=True), default=stands, output_field=BooleanField())
        )
    )
    counts = items.values("form__cycle").annotate(
        owed=Count("pk", filter=Q(is_given=False, form__state__in=OPEN)),
        given=Count("pk", filter=Q(is_given=True) & ~Q(form__state__in=SETTING)),
        waiting=Count("pk", filter=Q(form__state__in=SETTING)),
    )
    counted = {row["form__cycle"]: row for row in counts}
    cycles: list[Any] = list(Cycle.objects.filter(pk__in=counted).order_by("-starts_on"))
    for cycle in cycles:
        row = counted[cycle.pk]
        cycle.owed, cycle.given, cycle.waiting = row["owed"], row["given"], row["waiting"]
    return cycles


def figure_items(person: Employee, cycle: Cycle, show: str) -> QuerySet[Any]:
    """A provider's indicators of a cycle, by indicator then person; ``show``: owed, given or all."""
    now = FilteredRelation("figures", condition=Q(figures__superseded_at__isnull=True))
    files = Evidence.objects.filter(figure__item=OuterRef("pk"), figure__superseded_at__isnull=True)
    count = files.order_by().values("figure__item").annotate(n=Count("pk")).values("n")
    items = provided_by(person).filter(form__cycle=cycle).exclude(form__state__in=SETTING)
    was_late = Q(first_at__gte=end_of(cycle.data_due_on)) & agreed_in_time(cycle.data_due_on)
    late_at = Case(When(was_late, then=F("first_at")))
    items = items.annotate(now=now, files=Coalesce(Subquery(count), 0), first_at=first_reported(), late_at=late_at)
    if show == "owed":
        items = items.filter(now__pk__isnull=True, not_applicable_reason="", form__state__in=OPEN)
    elif show == "given":
        items = items.filter(Q(now__pk__isnull=False) | ~Q(not_applicable_reason=""))
    rows: QuerySet[Any] = items.order_by("name", "form__region__code", "form__employee__number", "pk")
    return rows.values(*_FIELDS)


_FIELDS = (
    "pk",
    "name",
    "standard",
    "unit",
    "points",
    "method",
    "parameters",
    "not_applicable_reason",
    "form__state",
    "form__employee__number",
    "form__employee__name",
    "form__position__name",
    "form__position__name_en",
    "form__region__name",
    "now__pk",
    "now__value",
    "now__is_not_applicable",
    "now__basis",
    "now__collected_on",
    "now__entered_at",
    "late_at",
    "files",
)


def as_rows(items: Any) -> list[FigureRow]:
    """The values of ``figure_items`` as rows."""
    return [
        FigureRow(
            item_id=one["pk"],
            name=one["name"],
            standard=one["standard"],
            unit=one["unit"],
            points=one["points"],
            method=method_words(one["method"], one["parameters"]),
            number=one["form__employee__number"],
            person=one["form__employee__name"],
            post=in_language(one["form__position__name"], one["form__position__name_en"]),
            region=one["form__region__name"],
            is_open=one["form__state"] in OPEN,
            off_reason=one["not_applicable_reason"],
            figure_id=one["now__pk"],
            value=one["now__value"],
            is_not_applicable=bool(one["now__is_not_applicable"]),
            basis=one["now__basis"] or "",
            collected_on=one["now__collected_on"],
            entered_at=one["now__entered_at"],
            late_at=one["late_at"],
            evidence=one["files"],
        )
        for one in items
    ]


def item_with_form(pk: int) -> Item | None:
    """An indicator with what its page's head shows."""
    names = ("form__cycle", "form__employee", "form__owner", "form__position", "form__region", "provider")
    return Item.objects.select_related(*names).filter(pk=pk, part=Part.KPI).first()


def evidence_files() -> QuerySet[Evidence]:
    """Every file behind a figure; who may read it is the item's matter."""
    return Evidence.objects.select_related("figure")


def can_view_figure(person: Employee, item: Item, standing: Standing) -> bool:
    """Who may see the form sees its figures and their files; so does the provider, of this one item."""
    form: Form = item.form
    if item.provider_id == person.pk and form.employee_id != person.pk and form.state not in SETTING:
        return True
    return can_view_form(person, form, standing)


def history_of_figure(item: Item) -> list[Figure]:
    """Every version, newest first, with its files."""
    figures = item.figures.select_related("provider").prefetch_related("evidence__uploaded_by").order_by("-pk")
    return list(figures)
