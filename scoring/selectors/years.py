"""What a year's closing reads: the people of the year, last year's grades."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from appraisals.states import CycleKind
from people.models import Employee
from scoring.models import AnnualResult, PastGrade, Result


class YearPerson(NamedTuple):
    """Whom a year grades: the pools he may belong to, and what his bonus is reckoned on (None: not registered)."""

    pk: int
    region: str
    position_class: str
    base_salary: Decimal | None


def year_people(employee_ids: Iterable[int]) -> dict[int, YearPerson]:
    """Employee id → the person; base salary is his own or else the post wage of his grade (P7.2, decided)."""
    people = Employee.objects.filter(pk__in=list(employee_ids)).order_by()
    names = ("pk", "region__code", "position__position_class", "base_salary", "grade__post_wage")
    return {
        pk: YearPerson(pk, region or "", position_class or "", wage if salary is None else salary)
        for pk, region, position_class, salary, wage in people.values_list(*names)
    }


def grades_of(year: int) -> dict[int, str]:
    """Employee id → the grade of that year: from the portal, else as brought in from before it."""
    before = dict(PastGrade.objects.filter(year=year).values_list("employee_id", "grade"))
    ours = AnnualResult.objects.filter(review__year=year).exclude(grade="")
    return before | dict(ours.values_list("employee_id", "grade"))


def annual_forms(year: int) -> dict[int, Decimal]:
    """Employee id → the coefficient of the published annual form, for schemes that count it."""
    results = Result.objects.filter(
        cycle__kind=CycleKind.YEAR,
        cycle__starts_on__year=year,
        superseded_at__isnull=True,
        published_at__isnull=False,
        coefficient__isnull=False,
    )
    return dict(results.order_by().values_list("employee_id", "coefficient"))  # type: ignore[arg-type]  # never null here
