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
from people.models import PayStep
from people.selectors import holding_on, pay_basis
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
    figures: tuple[Decimal | None, Decimal] | None
    """Before and after: of the wage if only that changes, else of the cap."""
    wage: tuple[Decimal | None, Decimal] | None
    """Before and after, where the whole grade changes."""
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
    kind = CHANGES[decision.choice].kind if decision.choice in CHANGES else PayStepKind.CAP
    return LetterPage(
        decision=decision,
        title=titles[Choice(decision.choice)],
        ground=ground_of(decision.proposal),
        boxes=boxes_of(decision.proposal),
        dated=timezone.localdate(decision.in_force_at or decision.decided_at),
        grade=decision.pay_step.grade.name if decision.pay_step else "",
        figures=_figures(decision, kind),
        wage=_figures(decision, PayStepKind.WAGE) if kind == PayStepKind.GRADE else None,
        is_void=decision.undone_at is not None,
    )


def _figures(decision: Decision, kind: str) -> tuple[Decimal | None, Decimal] | None:
    """The wage, or else the cap, before the decision's step and by it; None where it changes no rung."""
    step = decision.pay_step
    if step is None:
        return None
    kind = PayStepKind.WAGE if kind == PayStepKind.WAGE else PayStepKind.CAP
    last = date.fromordinal(step.starts_on.toordinal() - 1)
    basis = pay_basis([step.employee_id], last)[step.employee_id]
    before = basis.post_wage if kind == PayStepKind.WAGE else basis.pay_cap
    held = PayStep.objects.filter(holding_on(last), employee=step.employee_id, kind=kind).select_related("grade")
    own = held.order_by("starts_on", "pk").last() if step.kind == PayStepKind.GRADE else None
    stays = own is not None and own.grade.outlasts(step.grade, kind, rises=CHANGES[decision.choice].rungs > 0)
    return before, own.grade.pays(kind) if own and stays else step.grade.pays(kind)
