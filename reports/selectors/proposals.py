"""What the months of people call for (P7.1), in words for HR: proposals of a month, and who is one month away.

Nothing here decides. The words stay soft: a dismissal is an assessment that somebody may open.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from appraisals.models import Cycle
from appraisals.selectors.schemes import rules_of
from appraisals.states import CycleKind
from people.models import Employee, Grade
from policy.schemes import BELOW, CONSECUTIVE, Scheme, TriggerRule
from policy.triggers import MonthResult, counters
from scoring.models import Proposal, Result
from scoring.states import ProposalState

RAISE, LOWER = "R3", "R4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A month of the evidence; ``month`` is empty for one that is still needed."""

    month: str = ""
    value: str = ""
    look: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A proposal as HR reads it: who, by which rule, on which months, and what it would mean."""

    number: str
    name: str
    post: str
    region: str
    rule: str
    boxes: tuple[Box, ...]
    icon: str
    act: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Somebody whom one more such month would bring a proposal."""

    number: str
    name: str
    region: str
    rule: str
    have: int
    need: int
    boxes: tuple[Box, ...]


class _Person(NamedTuple):
    number: str
    name: str
    region: str


def suggestions(cycle: Cycle, *, with_pay: bool) -> list[Suggestion]:
    """The month's proposals, the gravest first: two statements. Amounts only ``with_pay``."""
    rules = rules_of(cycle.scheme)
    known = {rule.code: rule for rule in rules.triggers}
    proposals = Proposal.objects.filter(cycle=cycle).exclude(state=ProposalState.WITHDRAWN)
    rows = proposals.select_related("employee__region", "employee__position", "employee__grade")
    ladders = _ladders()
    found = sorted(
        (row for row in rows if row.rule in known),
        key=lambda row: (rules.gravity.index(row.rule), row.employee.number),
    )
    return [_suggestion(row, known[row.rule], ladders, with_pay=with_pay) for row in found]


def nearly_there(cycle: Cycle) -> list[Near]:
    """Whom one more month brings a proposal, after this one: one statement."""
    rules = rules_of(cycle.scheme)
    return [
        Near(
            number=person.number,
            name=person.name,
            region=person.region,
            rule=rule_words(counter.rule),
            have=counter.have,
            need=counter.need,
            boxes=(*_boxes(counter.rule, counter.evidence), Box()),
        )
        for person, history in _histories(cycle, rules).items()
        for counter in counters(history, rules, month=cycle.key)
        if 0 < counter.have == counter.need - 1
    ]


def rule_words(rule: TriggerRule) -> str:
    """累计 3 次低于 50%."""
    values = {"n": rule.times, "percent": f"{rule.threshold:f}"}
    if rule.kind == CONSECUTIVE:
        words = _("连续%(n)s次低于%(percent)s%%") if rule.side == BELOW else _("连续%(n)s次高于%(percent)s%%")
    else:
        words = _("累计%(n)s次低于%(percent)s%%") if rule.side == BELOW else _("累计%(n)s次高于%(percent)s%%")
    return words % values


def _suggestion(row: Proposal, rule: TriggerRule, ladders: dict[int, list[Grade]], *, with_pay: bool) -> Suggestion:
    person = row.employee
    evidence: list[dict[str, Any]] = row.evidence
    icon, act, note = _act(rule, person, ladders.get(person.position_id or 0, []), with_pay=with_pay)
    return Suggestion(
        number=person.number,
        name=person.name,
        post=person.position.display_name if person.position else "",
        region=person.region.name if person.region else "",
        rule=rule_words(rule),
        boxes=tuple(_boxes(rule, (MonthResult(month["month"], Decimal(month["coefficient"])) for month in evidence))),
        icon=icon,
        act=act,
        note=note,
    )


def _boxes(rule: TriggerRule, months: Iterable[MonthResult]) -> list[Box]:
    look = "bad" if rule.side == BELOW else "hit"
    return [Box(month=month, value=f"{coefficient:f}", look=look) for month, coefficient in months]


def _act(rule: TriggerRule, person: Employee, ladder: list[Grade], *, with_pay: bool) -> tuple[str, str, str]:
    """Icon, what is suggested, and what to know about it."""
    if rule.code in (RAISE, LOWER):
        return _cap_change(rule.code, person, ladder, with_pay=with_pay)
    plain = {
        "R1": ("flag", _("警告"), _("没有考核的月份不算断")),
        "R2": ("user-minus", _("辞退评估"), _("要先办核对单，不能直接辞退")),
    }
    return plain.get(rule.code, ("flag", _(rule.consequence), ""))


def _cap_change(code: str, person: Employee, ladder: list[Grade], *, with_pay: bool) -> tuple[str, str, str]:
    """One grade up or down; at the end of the ladder the proposal says so (P7.1, decided)."""
    step = 1 if code == RAISE else -1
    here = next((place for place, grade in enumerate(ladder) if grade.pk == person.grade_id), None)
    if here is None:
        note, beyond = _("没有登记等级"), True
    else:
        beyond = not 0 <= here + step < len(ladder)
        ends = _("已在最高等，不能再升") if step > 0 else _("已在最低等，不能再降")
        note = ends if beyond else _caps(ladder[here], ladder[here + step]) if with_pay else ""
    if code == LOWER:
        return "arrow-down-right", _("上限额降一等"), note
    return ("star", _("发优异奖金"), note) if beyond else ("arrow-up-right", _("上调一等或发优异奖金"), note)


def _caps(now: Grade, then: Grade) -> str:
    return _("%(now)s → %(then)s 元") % {"now": f"{now.pay_cap:,.0f}", "then": f"{then.pay_cap:,.0f}"}


def _ladders() -> dict[int, list[Grade]]:
    """Position id → its grades from low to high; one statement."""
    found: dict[int, list[Grade]] = {}
    for grade in Grade.objects.order_by("position", "rank"):
        found.setdefault(grade.position_id, []).append(grade)
    return found


def _histories(cycle: Cycle, rules: Scheme) -> dict[_Person, list[MonthResult]]:
    """The published months, up to the cycle's, of those who may be one month away: one statement."""
    published = Result.objects.filter(
        superseded_at__isnull=True,
        published_at__isnull=False,
        coefficient__isnull=False,
        cycle__kind=CycleKind.MONTH,
        cycle__starts_on__lte=cycle.starts_on,
    )
    close = Q()
    counts = {}
    for rule in rules.triggers:
        holds = Q(coefficient__lt=rule.threshold) if rule.side == BELOW else Q(coefficient__gt=rule.threshold)
        counts[rule.code] = Count("pk", filter=holds)
        close |= Q(**{f"{rule.code}__gte": max(1, rule.times - 1)})
    candidates = published.order_by().values("employee").annotate(**counts).filter(close).values("employee")
    rows = published.filter(employee__in=candidates).order_by("employee__number", "cycle__starts_on")
    names = ("employee__number", "employee__name", "employee__region__name", "cycle__starts_on", "coefficient")
    found: dict[_Person, list[MonthResult]] = {}
    for number, name, region, month, coefficient in rows.values_list(*names):
        history = found.setdefault(_Person(number, name, region or ""), [])
        history.append(MonthResult(f"{month:%Y-%m}", coefficient))
    return found
