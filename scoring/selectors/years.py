"""What a year's closing reads: the people of the year, last year's grades."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from appraisals.selectors.schemes import rules_of, scheme_in_force
from appraisals.states import CycleKind
from common.db import among
from common.errors import RuleError
from people.models import Employee
from people.selectors import pay_basis
from policy.schemes import Scheme as Rules
from scoring.models import AnnualCorrection, AnnualResult, AnnualReview, PastGrade, Result


class YearPerson(NamedTuple):
    """Whom a year grades: the pools he may belong to, and what his bonus is reckoned on (None: not registered)."""

    pk: int
    region: str
    position_class: str
    base_salary: Decimal | None


def rules_of_year(year: int) -> Rules:
    """The scheme in force at the start of the year, as for every period (P9); ``RuleError`` if there was none."""
    scheme = scheme_in_force(date(year, 1, 1))
    if scheme is None:
        raise RuleError(_("%(year)s年初没有生效的考核方案。") % {"year": year}, code="no_scheme")
    return rules_of(scheme)


def year_people(employee_ids: Iterable[int], year: int) -> dict[int, YearPerson]:
    """Employee id → the person; base salary is his own or else the post wage he ends the year with (P7.2, decided).

    The wage is that of December: by the rung decided for him, else by his grade, as the month's pay has it.
    """
    ids = list(employee_ids)
    people = Employee.objects.filter(pk__in=among(ids)).order_by()
    names = ("pk", "region__code", "position__position_class", "base_salary")
    paid = pay_basis(ids, date(year, 12, 31))
    return {
        pk: YearPerson(pk, region or "", position_class or "", paid[pk].post_wage if salary is None else salary)
        for pk, region, position_class, salary in people.values_list(*names)
    }


def grades_of(year: int, only: Iterable[int] | None = None) -> dict[int, str]:
    """Employee id → the grade of that year: from the portal, else as brought in from before it."""
    before = PastGrade.objects.filter(year=year)
    ours = AnnualResult.objects.filter(review__year=year).exclude(grade="")
    if only is not None:
        before, ours = before.filter(employee__in=among(only)), ours.filter(employee__in=among(only))
    found = dict(before.values_list("employee_id", "grade"))
    return found | dict(ours.values_list("employee_id", "grade"))


def blank_people(year: int) -> frozenset[int]:
    """Who has a published month of the year to which nothing applied: it has no coefficient and counts nowhere."""
    blank = Result.objects.filter(
        cycle__kind=CycleKind.MONTH,
        cycle__starts_on__year=year,
        superseded_at__isnull=True,
        published_at__isnull=False,
        coefficient__isnull=True,
    )
    return frozenset(blank.order_by().values_list("employee_id", flat=True))


def touched_since(year: int, moment: datetime) -> set[int]:
    """Whose months or annual form of the year were published, replaced or taken back since."""
    kinds = (CycleKind.MONTH, CycleKind.YEAR)
    since = Q(published_at__gte=moment) | Q(superseded_at__gte=moment)
    results = Result.objects.filter(since, cycle__kind__in=kinds, cycle__starts_on__year=year).order_by()
    return set(results.values_list("employee_id", flat=True))


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


def corrections_of(review: AnnualReview) -> list[AnnualCorrection]:
    """What was corrected after the year's publication, with whom and by whom, oldest first."""
    return list(AnnualCorrection.objects.filter(result__review=review).select_related("result__employee", "by"))
