"""What somebody is paid for a month, with every factor: as settled, or as it is reckoned until then (P7.1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet

from appraisals.selectors.schemes import rules_of
from people.models import Employee
from policy.pay import performance_pay
from policy.rounding import ZERO
from scoring.models import ExtraPay, PayDifference, PayLine, Result
from scoring.selectors.payroll import BesideRow, beside_rows, run_beside
from scoring.selectors.payslips import differences_of_form, line_of_form, lines_of, unsettled_results


@dataclass(frozen=True, slots=True, kw_only=True)
class Payslip:
    """A month's pay of one person, yuan and percent. ``settled_at`` None: provisional, nothing is paid yet.

    ``items`` are what ``differences`` and ``extras`` are made of; ``later`` what the month has led to since, paid with
    other months. ``version`` is that of the result it was paid by.
    """

    month: date
    form_id: int | None
    version: int | None
    grade_name: str
    wage: Decimal
    cap: Decimal
    coefficient: Decimal | None
    counted: Decimal | None
    performance: Decimal
    base: Decimal
    differences: Decimal = ZERO
    extras: Decimal = ZERO
    total: Decimal
    settled_at: datetime | None = None
    number: int = 1
    items: tuple[BesideRow, ...] = ()
    later: tuple[BesideRow, ...] = ()

    @property
    def held(self) -> bool:
        """Whether the coefficient was held at the scheme's ceiling."""
        return self.coefficient is not None and self.counted != self.coefficient


def payslip_of(result: Result) -> Payslip:
    """Of a result: the settled line if it was paid by this version, else what this version comes to."""
    line = line_of_form(result.form_id)
    later = tuple(beside_rows(differences_of_form(result.form_id), ExtraPay.objects.none())) if line else ()
    if line is None or line.result_id != result.pk:
        return _reckoned(result, later)
    return _settled(line, run_beside(line.run, line.employee_id) if line.differences or line.extras else (), later)


def payslips_of(person: Employee) -> list[Payslip]:
    """One's own months, the newest first: what is not settled yet, and every settled line; four statements."""
    items: dict[int | None, list[BesideRow]] = {}
    for item in beside_rows(*_paid_beside(person)):
        items.setdefault(item.run_id, []).append(item)
    slips = [_settled(line, items.get(line.run_id, ())) for line in lines_of(person)]
    slips += [_reckoned(result) for result in unsettled_results(person)]
    return sorted(slips, key=lambda slip: (slip.month, slip.number), reverse=True)


def _paid_beside(person: Employee) -> tuple[QuerySet[PayDifference], QuerySet[ExtraPay]]:
    return (
        PayDifference.objects.filter(employee=person, run__isnull=False),
        ExtraPay.objects.filter(employee=person, run__isnull=False),
    )


def _settled(line: PayLine, items: Iterable[BesideRow], later: tuple[BesideRow, ...] = ()) -> Payslip:
    return Payslip(
        month=line.run.cycle.starts_on,
        form_id=line.form_id,
        version=line.result.version if line.result else None,
        grade_name=line.grade_name,
        wage=line.post_wage,
        cap=line.pay_cap,
        coefficient=line.coefficient,
        counted=line.counted,
        performance=line.performance_pay,
        base=line.base_pay,
        differences=line.differences,
        extras=line.extras,
        total=line.total,
        settled_at=line.run.settled_at,
        number=line.run.number,
        items=tuple(items),
        later=later,
    )


def _reckoned(result: Result, later: tuple[BesideRow, ...] = ()) -> Payslip:
    counted = None
    if result.coefficient is not None:
        counted = performance_pay(result.pay_cap, result.coefficient, rules_of(result.form.cycle.scheme)).counted
    return Payslip(
        month=result.form.cycle.starts_on,
        form_id=result.form_id,
        version=result.version,
        grade_name=result.grade_name,
        wage=result.post_wage,
        cap=result.pay_cap,
        coefficient=result.coefficient,
        counted=counted,
        performance=result.performance_pay,
        base=result.base_pay,
        total=result.base_pay,
        later=later,
    )
