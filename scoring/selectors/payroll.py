"""Months and their pay as the pages read them: runs, lines, what is open, who is not in and why (P7.1, P6.3b)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain

from django.db.models import Count, F, Prefetch, Q, QuerySet, Sum

from appraisals.models import Cycle, Form
from appraisals.states import CycleKind, FormState
from people.selectors import employees_working, holders_of
from people.states import Role
from policy.rounding import ZERO
from scoring.models import ExtraPay, PayDifference, PayLine, PayRun
from scoring.selectors.pay import open_differences, open_extras
from scoring.states import DifferenceKind, ExtraKind, PayRunState

FEWEST = 5
"""Of fewer people a sum is too near to each one's pay."""
SETTLED = Q(pay_line__run__state=PayRunState.SETTLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class PayMonth:
    """A month and how far its pay is: its forms, those filed and not paid, those in a settled or a prepared run; its
    runs, the first first."""

    cycle: Cycle
    forms: int
    filed: int
    paid: int
    prepared: int
    runs: tuple[PayRun, ...]
    has_ended: bool

    @property
    def draft(self) -> PayRun | None:
        """The run that waits for the second person."""
        return next((run for run in self.runs if run.state == PayRunState.PREPARED), None)

    @property
    def settled(self) -> tuple[PayRun, ...]:
        """What has been paid."""
        return tuple(run for run in self.runs if run.state == PayRunState.SETTLED)

    @property
    def total(self) -> Decimal:
        """What was settled in all, yuan."""
        return sum((run.total for run in self.settled), ZERO)

    @property
    def performance_pay(self) -> Decimal:
        """The performance pay of all settled runs, yuan."""
        return sum((run.performance_pay for run in self.settled), ZERO)

    @property
    def base_pay(self) -> Decimal:
        """The base pay of all settled runs, yuan."""
        return sum((run.base_pay for run in self.settled), ZERO)

    @property
    def hides_people(self) -> bool:
        """Whether its sums are of so many that they tell nobody's pay to who may read sums alone."""
        return self.paid >= FEWEST

    @property
    def unfiled(self) -> int:
        """Forms that neither are filed nor have been paid."""
        return self.forms - self.filed - self.paid

    @property
    def done(self) -> int:
        """Forms that are filed, or have been paid and are on their way to the file again."""
        return self.filed + self.paid

    @property
    def waiting(self) -> int:
        """Filed forms that no run has taken."""
        return self.filed - self.prepared


@dataclass(frozen=True, slots=True, kw_only=True)
class BesideRow:
    """A difference or an extra in words: ``month`` it is of (None for an extra), ``paid`` and ``due``, yuan."""

    employee_id: int
    number: str
    name: str
    kind: str
    month: date | None
    paid: Decimal | None
    due: Decimal | None
    amount: Decimal
    reason: str
    run_id: int | None
    paid_month: date

    @property
    def label(self) -> str:
        """What sort it is, in words."""
        return str((DifferenceKind if self.kind in DifferenceKind else ExtraKind)(self.kind).label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Somebody whose month is not paid and not ready to be: the form's state (None: no form), its owner."""

    number: str
    name: str
    state: FormState | None
    is_contested: bool = False
    owner: str = ""
    form_id: int | None = None


def pay_months(today: date) -> QuerySet[Cycle]:
    """Monthly cycles that have begun, the newest first, with their runs and counts: two statements a page."""
    filed = Q(forms__state=FormState.FILED)
    paid, prepared = (Q(forms__pay_line__run__state=state) for state in (PayRunState.SETTLED, PayRunState.PREPARED))
    return (
        Cycle.objects.filter(kind=CycleKind.MONTH, starts_on__lte=today)
        .annotate(
            form_count=Count("forms"),
            filed_count=Count("forms", filter=filed),
            filed_paid_count=Count("forms", filter=filed & paid),
            paid_count=Count("forms", filter=paid),
            prepared_count=Count("forms", filter=prepared),
        )
        .prefetch_related(Prefetch("pay_runs", PayRun.objects.select_related("prepared_by", "settled_by")))
        .order_by("-starts_on")
    )


def pay_month_rows(cycles: Iterable[Cycle], today: date) -> list[PayMonth]:
    """The months of a page of ``pay_months``."""
    return [
        PayMonth(
            cycle=cycle,
            forms=cycle.form_count,  # type: ignore[attr-defined]  # annotated
            filed=cycle.filed_count - cycle.filed_paid_count,  # type: ignore[attr-defined]
            paid=cycle.paid_count,  # type: ignore[attr-defined]
            prepared=cycle.prepared_count,  # type: ignore[attr-defined]
            runs=tuple(cycle.pay_runs.all()),
            has_ended=cycle.ends_on < today,
        )
        for cycle in cycles
    ]


def pay_month(month: date, today: date) -> PayMonth | None:
    """One month of ``pay_months`` by its first day."""
    rows = pay_month_rows(pay_months(today).filter(starts_on=month), today)
    return rows[0] if rows else None


def lines_of_runs(runs: Iterable[PayRun]) -> QuerySet[PayLine]:
    """The lines of runs by run and number, with whose they are."""
    lines = PayLine.objects.filter(run__in=[run.pk for run in runs])
    people = ("employee__region", "employee__position", "form__region", "form__position")
    return lines.select_related("run", *people).order_by("run__number", "employee__number")


def run_lines(run: PayRun | None, *, text: str = "", region: str = "", only: str = "") -> QuerySet[PayLine]:
    """The lines of a run by number, narrowed: name or number, region's code, what is special about them."""
    lines = lines_of_runs([run] if run else [])
    if text:
        lines = lines.filter(Q(employee__name__icontains=text) | Q(employee__number__icontains=text))
    if region:
        lines = lines.filter(Q(form__region__code=region) | Q(form=None, employee__region__code=region))
    special = {
        "difference": ~Q(differences=0),
        "extra": ~Q(extras=0),
        "held": Q(counted__lt=F("coefficient")),
        "beside": Q(form=None),
    }
    return lines.filter(special.get(only, Q()))


def beside_rows(
    differences: QuerySet[PayDifference], extras: QuerySet[ExtraPay], employee_id: int | None = None
) -> list[BesideRow]:
    """Differences, then extras, by employee number: two statements."""
    if employee_id is not None:
        differences, extras = differences.filter(employee=employee_id), extras.filter(employee=employee_id)
    owed = differences.exclude(amount=0).select_related("employee", "before__cycle", "extra")
    rows = [_difference(row) for row in owed.order_by("employee__number", "pk")]
    added = [_extra(row) for row in extras.select_related("employee").order_by("employee__number", "pk")]
    return rows + added


def run_beside(run: PayRun, employee_id: int | None = None) -> list[BesideRow]:
    """What a run pays beside the month's own pay."""
    return runs_beside([run], employee_id)


def runs_beside(runs: Iterable[PayRun], employee_id: int | None = None) -> list[BesideRow]:
    """As ``run_beside``, of several."""
    taken = Q(run__in=[run.pk for run in runs])
    return beside_rows(PayDifference.objects.filter(taken), ExtraPay.objects.filter(taken), employee_id)


def open_beside(month: date) -> list[BesideRow]:
    """What the next run of a month would take beside the forms."""
    return beside_rows(open_differences(month), open_extras(month))


def open_sums(month: date) -> tuple[int, Decimal]:
    """How many differences and extras are open for a month, and their sum, yuan: two statements."""
    found = [
        rows.order_by().aggregate(n=Count("pk"), sum=Sum("amount"))
        for rows in (open_differences(month), open_extras(month))
    ]
    return sum(one["n"] for one in found), sum((one["sum"] or ZERO for one in found), ZERO)


def missing_of(cycle: Cycle) -> list[Missing]:
    """Whose month is neither paid nor filed, and who worked in it without a form, by number: two statements."""
    forms = cycle.forms.exclude(state=FormState.FILED).exclude(SETTLED)
    rows = forms.order_by("employee__number").values_list(
        "employee__number", "employee__name", "state", "is_contested", "owner__name", "pk"
    )
    late = [
        Missing(number=number, name=name, state=FormState(state), is_contested=contested, owner=owner, form_id=pk)
        for number, name, state, contested, owner, pk in rows
    ]
    without = employees_working(cycle.starts_on, cycle.ends_on).exclude(
        pk__in=Form.objects.filter(cycle=cycle).values("employee")
    )
    bare = [
        Missing(number=number, name=name, state=None)
        for number, name in without.order_by("number").values_list("number", "name")
    ]
    return sorted(chain(late, bare), key=lambda one: one.number)


def settlers(day: date) -> int:
    """How many people of HR work here on ``day``: one alone can't settle."""
    return len(holders_of(Role.HR, day))


def _difference(row: PayDifference) -> BesideRow:
    month = row.before.cycle.starts_on if row.before else row.extra.paid_month if row.extra else None
    return BesideRow(
        employee_id=row.employee_id,
        number=row.employee.number,
        name=row.employee.name,
        kind=row.kind,
        month=month,
        paid=row.paid,
        due=row.due,
        amount=row.amount,
        reason=row.reason,
        run_id=row.run_id,
        paid_month=row.paid_month,
    )


def _extra(row: ExtraPay) -> BesideRow:
    return BesideRow(
        employee_id=row.employee_id,
        number=row.employee.number,
        name=row.employee.name,
        kind=row.kind,
        month=None,
        paid=None,
        due=None,
        amount=row.amount,
        reason=row.reason,
        run_id=row.run_id,
        paid_month=row.paid_month,
    )
