"""What the home page shows beside the to-dos: the month's steps, and how near each rule is (P6.3, P7.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from appraisals.models import Cycle, Form
from appraisals.states import CycleKind, FormState
from common.wording import day, month
from policy.rounding import plain
from policy.schemes import BELOW, CONSECUTIVE
from policy.triggers import Counter, leads_to
from scoring.selectors.terms import ResultTerms

S = FormState
TARGET, SELF, DATA, REVIEW, PUBLISH, SIGN, APPEAL, FILE = range(8)
AT = {
    S.TARGETS: TARGET,
    S.APPROVAL: TARGET,
    S.CONFIRMATION: TARGET,
    S.ACTIVE: SELF,
    S.REVIEW: REVIEW,
    S.READY: PUBLISH,
    S.CONSOLIDATED: PUBLISH,
    S.PUBLISHED: SIGN,
    S.SIGNED: APPEAL,
    S.FILED: FILE + 1,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowStep:
    """A step of the month: done, now or wait."""

    name: str
    when: str
    state: str
    due_on: date | None = None

    @property
    def icon(self) -> str:
        return {"done": "circle-check", "now": "circle-half-2"}.get(self.state, "circle")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How near a person is to a rule this year: 2 of 3, with the months."""

    title: str
    have: int
    need: int
    months: list[str]
    is_bad: bool
    note: str

    @property
    def rest(self) -> int:
        return self.need - self.have


def current_form(employee_id: int, today: date) -> Form | None:
    """The form whose month one is in: the earliest begun one that is not filed yet, else the newest."""
    forms = Form.objects.filter(employee_id=employee_id, cycle__kind=CycleKind.MONTH, cycle__starts_on__lte=today)
    begun = list(forms.select_related("cycle").order_by("-cycle__starts_on")[:6])
    unfiled = [form for form in begun if form.state != S.FILED]
    chosen = unfiled or begun[:1]
    return chosen[-1] if chosen else None


def current_cycle(today: date) -> Cycle | None:
    """The month that is being closed or has begun, for whoever is not appraised."""
    cycles = Cycle.objects.filter(kind=CycleKind.MONTH, starts_on__lte=today).order_by("-starts_on")
    recent = list(cycles[:2])
    waiting = [cycle for cycle in recent if cycle.publish_due_on >= today]
    chosen = waiting or recent[:1]
    return chosen[-1] if chosen else None


def flow_of_form(form: Form, terms: ResultTerms | None) -> list[FlowStep]:
    """The steps as the form's state has them."""
    at = AT[S(form.state)]
    if at == APPEAL and terms and terms.appeal.is_over:
        at = FILE
    states = ["done" if step < at else "now" if step == at else "wait" for step in range(8)]
    if at in (REVIEW, PUBLISH) and form.state != S.CONSOLIDATED:
        states[DATA] = "wait"  # whether every figure is there is known when the form is consolidated
    return _flow(form.cycle, states, terms, form.filed_at)


def flow_of_cycle(cycle: Cycle, today: date) -> list[FlowStep]:
    """The steps by their dates alone."""
    due = [cycle.targets_due_on, cycle.self_due_on, cycle.data_due_on, cycle.review_due_on, cycle.publish_due_on]
    at = next((step for step, last in enumerate(due) if today <= last), SIGN)
    states = ["done" if step < at else "now" if step == at else "wait" for step in range(8)]
    return _flow(cycle, states, None, None)


def tallies(counted: Sequence[Counter]) -> list[Tally]:
    """The rules with what counts towards them, the fullest first."""
    rows = sorted(counted, key=lambda one: -one.have)
    return [
        Tally(
            title=_title(one),
            have=one.have,
            need=one.need,
            months=[f"{month(result.month)} {result.coefficient:f}" for result in one.evidence],
            is_bad=one.rule.side == BELOW,
            note=_note(one),
        )
        for one in rows
    ]


def _flow(cycle: Cycle, states: list[str], terms: ResultTerms | None, filed_at: datetime | None) -> list[FlowStep]:
    after = _("出结果后")
    dates = [
        day(cycle.targets_due_on),
        day(cycle.self_due_on),
        day(cycle.data_due_on),
        day(cycle.review_due_on),
        day(cycle.publish_due_on),
        _("%(day)s前") % {"day": day(terms.sign.due_on)} if terms else after,
        _("%(day)s止") % {"day": day(terms.appeal.due_on)} if terms else after,
        day(filed_at) if filed_at else _("申诉期后"),
    ]
    names = [_("定目标"), _("自评"), _("报数据"), _("复核"), _("出结果"), _("签认"), _("申诉期"), _("备案")]
    due: list[date | None] = [
        cycle.targets_due_on,
        cycle.self_due_on,
        cycle.data_due_on,
        cycle.review_due_on,
        cycle.publish_due_on,
        terms.sign.due_on if terms else None,
        terms.appeal.due_on if terms else None,
        None,
    ]
    rows = zip(names, dates, states, due, strict=True)
    return [FlowStep(name=name, when=when, state=state, due_on=last) for name, when, state, last in rows]


def _title(one: Counter) -> str:
    values = {"percent": plain(one.rule.threshold)}
    if one.rule.kind == CONSECUTIVE:
        words = _("连续低于 %(percent)s%%") if one.rule.side == BELOW else _("连续高于 %(percent)s%%")
    else:
        words = _("低于 %(percent)s%%") if one.rule.side == BELOW else _("高于 %(percent)s%%")
    return words % values


def _note(one: Counter) -> str:
    """What HR then decides; the words stay soft."""
    words = {
        "R1": _("满 %(n)s 次，由人力资源部决定是否书面警告。"),
        "R2": _("满 %(n)s 次，由人力资源部评估去留。"),
        "R3": _("满 %(n)s 次，由人力资源部决定上调一等上限额或发优异奖金。"),
        "R4": _("满 %(n)s 次，由人力资源部决定是否下调一等上限额。"),
    }
    return words[leads_to(one.rule)] % {"n": one.need}
