"""A decision as a letter to the employee: warning, change of cap or wage, bonus, award, demotion, dismissal (P7.1)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from consequences.models import Decision
from consequences.selectors.evidence import Box, boxes_of, ground_of
from consequences.states import Choice
from consequences.workflow import CHANGES
from people.selectors import pay_basis
from people.states import PayStepKind


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPage:
    """What stands on the paper. Amounts in yuan; ``is_void`` once the decision was taken back."""

    decision: Decision
    title: str
    ground: str
    boxes: tuple[Box, ...]
    dated: date
    grade: str
    what: str
    before: Decimal | None
    after: Decimal | None
    is_void: bool


def letter_of(decision: Decision) -> LetterPage:
    """The letter as of the day the decision came into force; figures by the rung it set."""
    titles = {
        Choice.WARNING: _("警告通知书"),
        Choice.CAP_DOWN: _("绩效上限额调整通知书"),
        Choice.CAP_UP: _("绩效上限额调整通知书"),
        Choice.WAGE_UP: _("岗位工资调整通知书"),
        Choice.GRADE_UP: _("晋升通知书"),
        Choice.DEMOTE: _("降级留用通知书"),
        Choice.DISMISS: _("解除劳动合同通知书"),
        Choice.BONUS: _("优异奖金通知书"),
        Choice.AWARD: _("年度优秀员工奖通知书"),
        Choice.CAREER: _("职业发展培训通知书"),
    }
    before, after = _figures(decision)
    kind = CHANGES[decision.choice].kind if decision.choice in CHANGES else None
    return LetterPage(
        decision=decision,
        title=titles[Choice(decision.choice)],
        ground=ground_of(decision.proposal),
        boxes=boxes_of(decision.proposal),
        dated=timezone.localdate(decision.in_force_at or decision.decided_at),
        grade=decision.pay_step.grade.name if decision.pay_step else "",
        what=_("岗位工资") if kind == PayStepKind.WAGE else _("绩效上限额"),
        before=before,
        after=after,
        is_void=decision.undone_at is not None,
    )


def _figures(decision: Decision) -> tuple[Decimal | None, Decimal | None]:
    """The cap, or the wage, before the step and by it."""
    if decision.pay_step is None:
        return None, None
    step = decision.pay_step
    last = date.fromordinal(step.starts_on.toordinal() - 1)
    basis = pay_basis([step.employee_id], last)[step.employee_id]
    if step.kind == PayStepKind.WAGE:
        return basis.post_wage, step.grade.post_wage
    return basis.pay_cap, step.grade.pay_cap
