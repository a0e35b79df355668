"""Proposals as HR's desk lists them: who, on which ground, what it would mean; and what was decided (P7.1, P7.2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Exists, IntegerField, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from appraisals.models import Cycle
from appraisals.selectors.schemes import rules_of, scheme_in_force
from common.wording import month as month_name
from consequences.models import Decision
from consequences.permissions import Reader, visible_proposals
from consequences.selectors.evidence import Box, boxes_of, ground_of
from consequences.selectors.rungs import Rungs, effective_months, rungs_of
from consequences.states import CHECKED_CHOICES, CheckCode, Choice, DecisionState
from consequences.workflow import CHANGES, by_gravity, choices_for
from policy.distribution import CAREER_PLAN, DEMOTE_OR_DISMISS, EXCELLENCE_AWARD, PROMOTE_OR_RAISE
from policy.schemes import SCHEME_1_0
from scoring.models import Proposal
from scoring.states import ProposalState

STANDING = (DecisionState.PREPARING, DecisionState.IN_FORCE)
LOOKS = {
    DecisionState.PREPARING: "now",
    DecisionState.IN_FORCE: "ok",
    DecisionState.DROPPED: "na",
    DecisionState.UNDONE: "na",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A proposal as the desk reads it; ``decision`` is the one that stands or is prepared."""

    proposal: Proposal
    ground: str
    boxes: tuple[Box, ...]
    icon: str
    act: str
    note: str
    decision: Decision | None
    look: str
    state: str


def waiting_proposals(reader: Reader) -> QuerySet[Proposal]:
    """What somebody has still to do, gravest first: undecided, a case being prepared, or a lost ground to answer.

    What is grave the scheme in force says (``gravity``).
    """
    rows = visible_proposals(reader).exclude(employee=reader.person).filter(waits())
    scheme = scheme_in_force(timezone.localdate())
    order = by_gravity((rules_of(scheme) if scheme else SCHEME_1_0).gravity)
    places = (When(rule=rule, then=Value(place)) for place, rule in enumerate(order))
    rows = rows.annotate(gravity=Case(*places, default=Value(len(order)), output_field=IntegerField()))
    return rows.order_by("gravity", "-pk").prefetch_related(_DECISIONS)


def waits() -> Q:
    """The filter for proposals that wait for HR or for an approval."""
    cases = Decision.objects.filter(proposal=OuterRef("pk"), state=DecisionState.PREPARING)
    return Q(state=ProposalState.PROPOSED) | Q(Exists(cases)) | ground_lost()


def ground_lost() -> Q:
    """The filter for decisions in force whose ground a correction took away, and nobody has answered that yet."""
    open_ones = Decision.objects.filter(proposal=OuterRef("pk"), state=DecisionState.IN_FORCE)
    unanswered = Q(kept_at__isnull=True) | Q(kept_at__lt=OuterRef("ground_lost_at"))
    return Q(state=ProposalState.DECIDED, ground_lost_at__isnull=False) & Q(Exists(open_ones.filter(unanswered)))


def settled_proposals(reader: Reader) -> QuerySet[Proposal]:
    """What is decided, set aside or taken back, the newest decision first."""
    settled = (ProposalState.DECIDED, ProposalState.SET_ASIDE, ProposalState.UNDONE)
    rows = visible_proposals(reader).exclude(employee=reader.person).filter(state__in=settled).exclude(waits())
    return rows.order_by("-pk").prefetch_related(_DECISIONS)


def found_in(rows: QuerySet[Proposal], text: str) -> QuerySet[Proposal]:
    """Those whose name or number holds the text."""
    if not text:
        return rows
    return rows.filter(Q(employee__name__icontains=text) | Q(employee__number__icontains=text))


def month_proposals(reader: Reader, cycle: Cycle) -> list[Proposal]:
    """A month's proposals in the order of gravity of its scheme; withdrawn and undone ones are no longer any."""
    gone = (ProposalState.WITHDRAWN, ProposalState.UNDONE)
    rows = visible_proposals(reader).exclude(employee=reader.person).filter(cycle=cycle).exclude(state__in=gone)
    found = rows.prefetch_related(_DECISIONS)
    order = {rule: place for place, rule in enumerate(by_gravity(rules_of(cycle.scheme).gravity))}
    return sorted(found, key=lambda row: (order.get(row.rule, len(order)), row.employee.number))


def suggestions(proposals: Iterable[Proposal], *, with_pay: bool, today: date) -> list[Suggestion]:
    """The rows with their words; three statements for any number. Amounts only ``with_pay``."""
    rows = list(proposals)
    if not rows:
        return []
    people = {row.employee_id: row.employee for row in rows}
    months = effective_months(people, today)
    rungs = rungs_of(list(people.values()), min(months.values()))
    return [_suggestion(row, rungs[row.employee_id], months[row.employee_id], with_pay=with_pay) for row in rows]


def caps_words(rungs: Rungs, choice: str, month: date, *, with_pay: bool) -> str:
    """1,200 → 1,000 元，12月起; without amounts the grades; empty where nothing changes."""
    change, then = rungs.amount(choice), rungs.target(choice)
    if change is None or then is None:
        return ""
    words = {"now": f"{change[0]:,.0f}", "then": f"{change[1]:,.0f}", "month": month_name(month)}
    if not with_pay:
        return _("%(month)s起") % words
    return _("%(now)s → %(then)s 元，%(month)s起") % words


_DECISIONS = Prefetch("decisions", queryset=Decision.objects.order_by("-pk"))


def standing_decision(proposal: Proposal) -> Decision | None:
    """The decision that is prepared or in force, of those read with the proposal."""
    return next((one for one in proposal.decisions.all() if one.state in STANDING), None)


def progress_of(decision: Decision) -> tuple[int, int]:
    """Signed points and all of a checklist."""
    return len(CheckCode) - decision.open_checks, len(CheckCode)


def _suggestion(row: Proposal, rungs: Rungs, month: date, *, with_pay: bool) -> Suggestion:
    decision = standing_decision(row)
    icon, act, note = _act(row, rungs, month, with_pay=with_pay)
    look, state = "wait", str(row.get_state_display())
    if decision is not None:
        act, look, state = str(decision.get_choice_display()), LOOKS[DecisionState(decision.state)], ""
        state = str(decision.get_state_display())
        if decision.choice == Choice.SET_ASIDE and decision.state == DecisionState.IN_FORCE:
            look, state = "na", str(row.get_state_display())
        note = _decided_note(decision, with_pay=with_pay)
    if row.state == ProposalState.DECIDED and row.ground_lost_at:
        look, state = "warn", _("依据没有了")
    return Suggestion(
        proposal=row,
        ground=ground_of(row),
        boxes=boxes_of(row),
        icon=icon,
        act=act,
        note=note,
        decision=decision,
        look=look,
        state=state,
    )


def _decided_note(decision: Decision, *, with_pay: bool) -> str:
    if decision.state == DecisionState.PREPARING:
        if decision.choice not in CHECKED_CHOICES:
            return _("等总经理批准")
        done, total = progress_of(decision)
        return _("核对单 %(done)s / %(total)s") % {"done": done, "total": total} if done < total else _("等批准")
    if decision.choice == Choice.SET_ASIDE:
        return decision.reason
    if decision.amount is not None and with_pay:
        return _("%(n)s 元") % {"n": f"{decision.amount:,.2f}"}
    return _("%(month)s起") % {"month": month_name(decision.effective_from)} if decision.effective_from else ""


def _act(row: Proposal, rungs: Rungs, month: date, *, with_pay: bool) -> tuple[str, str, str]:
    """Icon, what is suggested, and what to know about it; the words stay soft: a dismissal is looked into."""
    plain = {
        "R1": ("flag", _("警告"), _("没有考核的月份不算断")),
        "R2": ("user-minus", _("辞退评估"), _("要先办核对单，不能直接辞退")),
        DEMOTE_OR_DISMISS: ("user-minus", _("降级留用或辞退评估"), _("要先办核对单")),
        PROMOTE_OR_RAISE: ("arrow-up-right", _("晋升一等或上调岗位工资"), _("要总经理批准")),
        EXCELLENCE_AWARD: ("trophy", _("年度优秀员工奖"), ""),
        CAREER_PLAN: ("school", _("职业发展培训"), ""),
    }
    if row.leads_to in plain:
        return plain[row.leads_to]
    changing = next((choice for choice in choices_for(row.leads_to) if choice in CHANGES), None)
    if changing is None:
        return "flag", _("警告"), ""
    note = caps_words(rungs, changing, month, with_pay=with_pay) or end_of_ladder(rungs, changing)
    beyond = rungs.target(changing) is None
    if changing == Choice.CAP_DOWN:
        return "arrow-down-right", _("上限额降一等"), note
    return ("star", _("发优异奖金"), note) if beyond else ("arrow-up-right", _("上调一等或发优异奖金"), note)


def end_of_ladder(rungs: Rungs, choice: str) -> str:
    """Why a choice can't change the pay (P7.1, decided); empty if it can."""
    change = CHANGES.get(choice)
    if change is None or rungs.target(choice) is not None:
        return ""
    if not rungs.is_registered(change.kind):
        return _("没有登记等级")
    return _("已在最高等，不能再升") if change.rungs > 0 else _("已在最低等，不能再降")
