"""Improvement plans in their lists, and one plan with its way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Min, Q, QuerySet
from django.utils.translation import gettext as _

from appraisals.models import Scheme
from appraisals.selectors.scheme_words import trigger_words
from appraisals.selectors.schemes import rules_of
from common.wording import month as month_name
from common.wording import percent2
from development.models import Plan
from development.permissions import can_waive_plan, reads_development, visible_plans
from development.selectors.obligations import COEFFICIENT, GRADE, Ground, Owed, owed_plans
from development.selectors.superiors import above
from development.states import OPEN_PLAN, PlanState
from people.facts import Standing
from people.models import Employee
from policy.schemes import SCHEME_1_0
from policy.schemes import Scheme as Rules

READ = ("employee__position", "employee__region", "owner", "result__cycle__scheme")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedLine:
    """Somebody who owes a plan, and why in words; ``is_mine``: the reader is to write it.

    ``may_waive``: he may say that none is needed.
    """

    owed: Owed
    why: list[str]
    is_mine: bool
    may_waive: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """The reader's plans: owed, his own, his people's; HR and the auditor see everybody's."""

    owed: list[OwedLine]
    own: list[Plan]
    led: list[Plan]
    reads_all: bool


def plans_open(person: Employee, standing: Standing, today: date) -> Lists:
    """Everything of the reader's, in a constant number of statements."""
    reads_all = reads_development(standing)
    owed = [one for one in owed_plans(today) if one.employee.pk != person.pk]  # whoever owes one is told by his owner
    over = above([one.owner.pk for one in owed if one.owner], today)
    rows = _listed(visible_plans(person, standing)).filter(Q(employee=person) | Q(owner=person))
    mine = list(rows[:100])
    lines = [_owed_line(one, person, standing, over) for one in owed]
    shown = [line for line in lines if reads_all or line.is_mine or line.may_waive]
    rules = _rules_of_grounds(ground for line in shown for ground in line.owed.grounds)
    for line in shown:
        line.why.extend(
            ground_words(ground, rules.get(ground.scheme_id or 0, SCHEME_1_0)) for ground in line.owed.grounds
        )
    return Lists(
        owed=shown,
        own=[one for one in mine if one.employee_id == person.pk],
        led=[one for one in mine if one.employee_id != person.pk],
        reads_all=reads_all,
    )


def all_plans(person: Employee, standing: Standing, state: str = "") -> QuerySet[Plan]:
    """What HR and the auditor read, the open ones first; to be paged."""
    rows = _listed(visible_plans(person, standing)).exclude(state=PlanState.DRAFT)
    return rows.filter(state=state) if state in PlanState.values else rows


def plan_for(person: Employee, standing: Standing, pk: int) -> Plan | None:
    """The plan, if the person may see it."""
    return visible_plans(person, standing).select_related(*READ).filter(pk=pk).first()


def why_words(plan: Plan) -> str:
    """Why it was obligatory, by the rules of the month it is about; empty of one's own will."""
    if not plan.why:
        return ""
    cycle = plan.result.cycle if plan.result else None
    ground = Ground(
        employee_id=plan.employee_id,
        why=plan.why,
        period=cycle.key if cycle and plan.why != GRADE else "",  # the year of a grade is not kept
        scheme_id=None,
        result_id=plan.result_id,
    )
    return ground_words(ground, rules_of(cycle.scheme) if cycle else SCHEME_1_0)


def ground_words(ground: Ground, rules: Rules) -> str:
    """The reason in words, without the person's figure."""
    if ground.why == COEFFICIENT:
        below = "" if rules.improvement_below is None else percent2(rules.improvement_below)
        return _("%(month)s系数低于%(limit)s") % {"month": month_name(ground.period, "year"), "limit": below}
    if ground.why == GRADE:
        return _("%(year)s年度等级") % {"year": month_name(ground.period) if ground.period else ""}
    rule = next((trigger_words(rule) for rule in rules.triggers if rule.code == ground.why), ground.why)
    if not ground.period:
        return rule
    # It is owed however long ago it was, so a month is told with its year; two firings of a rule differ in it alone.
    return _("%(month)s%(rule)s") % {"month": month_name(ground.period, "year"), "rule": rule}


def _owed_line(one: Owed, person: Employee, standing: Standing, over: Mapping[int, int]) -> OwedLine:
    owner = one.owner.pk if one.owner else None
    return OwedLine(
        owed=one,
        why=[],
        is_mine=owner == person.pk,
        may_waive=can_waive_plan(person, one.employee.pk, owner=owner, above=over.get(owner or 0), standing=standing),
    )


def _rules_of_grounds(grounds: Iterable[Ground]) -> dict[int, Rules]:
    ids = {ground.scheme_id for ground in grounds if ground.scheme_id is not None}
    return {pk: rules_of(scheme) for pk, scheme in Scheme.objects.in_bulk(ids).items()} if ids else {}


def _listed(rows: QuerySet[Plan]) -> QuerySet[Plan]:
    rows = rows.select_related(*READ).annotate(
        next_on=Min("checkpoints__due_on", filter=Q(checkpoints__held_at__isnull=True))
    )
    return rows.annotate(is_done=~Q(state__in=OPEN_PLAN)).order_by("is_done", "ends_on", "employee__number")
