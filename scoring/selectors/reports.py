"""The rows of the month's and of the year's report: one per person, in a constant number of statements."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from appraisals.models import Cycle, Form
from appraisals.states import CycleKind
from common.wording import in_language
from scoring.models import AnnualResult, AnnualReview, PayDifference, Proposal
from scoring.states import ProposalState


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthRow:
    """One form of a month. Without a result every figure is None. ``rules`` are the codes that fired with this month.

    Points are marks, ``coefficient`` is percent, money is yuan; ``deduction`` is a positive number.
    """

    form_id: int
    employee_id: int
    state: str
    number: str
    name: str
    region: str
    position: str
    position_en: str
    published_at: datetime | None
    is_contested: bool
    grade: str
    digest: str | None
    kpi: Decimal | None
    goal: Decimal | None
    behaviour: Decimal | None
    management: Decimal | None
    deduction: Decimal | None
    bonus: Decimal | None
    full_marks: Decimal | None
    score: Decimal | None
    coefficient: Decimal | None
    pay_cap: Decimal | None
    performance_pay: Decimal | None
    post_wage: Decimal | None
    base_pay: Decimal | None
    rules: tuple[str, ...] = ()
    sign_until: date | None = None

    @property
    def post(self) -> str:
        """The post in the language of the page; the report's columns keep the Chinese one."""
        return in_language(self.position, self.position_en)


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceRow:
    """What a corrected result owes for an earlier month, yuan; ``month`` is the first day of that month."""

    employee_id: int
    number: str
    name: str
    month: date
    before: Decimal
    after: Decimal
    amount: Decimal
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class YearRow:
    """One person of a closed year. ``grade`` is empty while undecided and for whoever isn't graded, which ``factors``
    say why; ``barred_by`` are the incidents that keep the best one from him. ``computed_grade`` is the distribution's.
    """

    employee_id: int
    number: str
    name: str
    region: str
    position: str
    months: int
    coefficient: Decimal | None
    rank: int | None
    grade: str
    is_undecided: bool
    bonus: Decimal | None
    consequences: tuple[str, ...]
    barred_by: tuple[str, ...] = ()
    result_id: int = 0
    pool: str = ""
    computed_grade: str = ""
    factors: Mapping[str, Any] = field(default_factory=dict)
    position_en: str = ""

    @property
    def post(self) -> str:
        """The post in the language of the page; the report's columns keep the Chinese one."""
        return in_language(self.position, self.position_en)

    @property
    def is_graded(self) -> bool:
        """Whether the person has a place in the distribution, decided or not; also where the rank is kept back."""
        return self.rank is not None or self.is_undecided or bool(self.grade)


_FIGURES = (
    "kpi",
    "goal",
    "behaviour",
    "management",
    "deduction",
    "bonus",
    "full_marks",
    "score",
    "coefficient",
    "pay_cap",
    "performance_pay",
    "post_wage",
    "base_pay",
)
_HEAD = (
    "form_id",
    "employee_id",
    "state",
    "number",
    "name",
    "region",
    "position",
    "position_en",
    "published_at",
    "is_contested",
)
FIGURES = ("digest", *_FIGURES)
"""The fields of ``MonthRow`` that are empty as long as there is no result."""


def month_cycle(month: date) -> Cycle | None:
    """The cycle of that month (its first day), with its scheme."""
    return Cycle.objects.filter(kind=CycleKind.MONTH, starts_on=month).select_related("scheme").first()


def month_cycles() -> QuerySet[Cycle]:
    """Every monthly cycle, newest first."""
    return Cycle.objects.filter(kind=CycleKind.MONTH).order_by("-starts_on")


def month_rows(cycle: Cycle, forms: QuerySet[Form] | None = None) -> list[MonthRow]:
    """A row per form of the cycle, or of those of ``forms`` that belong to it, by employee number: two statements."""
    now = FilteredRelation("results", condition=Q(results__superseded_at__isnull=True))
    chosen = (Form.objects.all() if forms is None else forms).filter(cycle=cycle)
    names = (
        "pk",
        "employee_id",
        "state",
        "employee__number",
        "employee__name",
        "region__name",
        "position__name",
        "position__name_en",
        "published_at",
        "is_contested",
    )
    own = ("now__grade_name", "employee__grade__name", "now__sign_until", "now__digest")
    read = chosen.annotate(now=now).order_by("employee__number")
    fired = _rules_fired(cycle)
    return [
        _month_row(row, fired.get(row[1], ()))
        for row in read.values_list(*names, *own, *(f"now__{name}" for name in _FIGURES))
    ]


def difference_rows(cycle: Cycle) -> list[DifferenceRow]:
    """The differences paid with a month's report, by employee number; a correction that owes nothing has no line."""
    rows = PayDifference.objects.filter(paid_month=cycle.starts_on).exclude(amount=0)
    names = (
        *("employee_id", "employee__number", "employee__name", "before__cycle__starts_on"),
        *("paid", "due", "amount", "reason"),
    )
    fields = ("employee_id", "number", "name", "month", "before", "after", "amount", "reason")
    found = rows.order_by("employee__number", "pk").values_list(*names)
    return [DifferenceRow(**dict(zip(fields, row, strict=True))) for row in found]


def _month_row(row: tuple[object, ...], rules: tuple[str, ...]) -> MonthRow:
    head = dict(zip(_HEAD, row[: len(_HEAD)], strict=True))
    own_grade, todays_grade, sign_until, *figures = row[len(_HEAD) :]
    # A result keeps the grade it was paid by; an open form shows that of today.
    grade = own_grade or todays_grade or ""
    known = dict(zip(FIGURES, figures, strict=True))
    known |= {"grade": grade, "sign_until": sign_until}
    return MonthRow(**head, **known, rules=rules)  # type: ignore[arg-type]  # as read from the database


def _rules_fired(cycle: Cycle) -> dict[int, tuple[str, ...]]:
    found: dict[int, set[str]] = {}
    gone = (ProposalState.WITHDRAWN, ProposalState.UNDONE)
    proposals = Proposal.objects.filter(cycle=cycle, ground_lost_at__isnull=True).exclude(state__in=gone).order_by()
    for person, rule in proposals.values_list("employee_id", "rule"):
        found.setdefault(person, set()).add(rule)
    return {person: tuple(sorted(rules)) for person, rules in found.items()}


def annual_review(year: int) -> AnnualReview | None:
    """The closed year, if it is closed."""
    return AnnualReview.objects.filter(year=year).first()


def year_rows(review: AnnualReview) -> list[YearRow]:
    """A row per person of the year as stored, by employee number: one statement."""
    results = AnnualResult.objects.filter(review=review).order_by("employee__number")
    fields = {"number": "employee__number", "name": "employee__name", "result_id": "pk"}
    fields |= {"region": "employee__region__name", "position": "employee__position__name"}
    fields |= {"position_en": "employee__position__name_en"}
    own = ("employee_id", "pool", "months", "coefficient", "rank", "computed_grade", "grade", "is_undecided", "bonus")
    rows = results.values(*own, "consequences", "factors", **{name: F(path) for name, path in fields.items()})
    return [_year_row(row) for row in rows]


def _year_row(row: dict[str, Any]) -> YearRow:
    known = {"region": row["region"] or "", "position": row["position"] or ""}
    known |= {"position_en": row["position_en"] or ""}
    listed = {"consequences": tuple(row["consequences"]), "barred_by": tuple(row["factors"].get("barred_by", ()))}
    return YearRow(**row | known | listed)
