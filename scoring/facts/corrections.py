"""What a result would be with more points: computed from its frozen snapshot, nothing is written (P6.3b)."""

from dataclasses import dataclass
from decimal import Decimal

from appraisals.models import Cycle
from appraisals.selectors.schemes import rules_of
from appraisals.states import CycleKind
from policy.facts import Entry
from policy.forms import Scorecard, adjusted_card
from policy.pay import base_pay, performance_pay
from policy.rounding import ZERO
from scoring.facts.snapshots import Frozen, read_snapshot
from scoring.models import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """What a correction would make of a result: marks, percent, yuan. ``card`` explains the score."""

    card: Scorecard
    frozen: Frozen
    performance_pay: Decimal
    base_pay: Decimal


def corrected(result: Result, cycle: Cycle, added: tuple[Entry, ...]) -> Corrected:
    """The result with ``added`` besides what earlier appeals gave it; nothing is written."""
    frozen, rules = read_snapshot(result.snapshot), rules_of(cycle.scheme)
    facts = frozen.record.facts
    facts = facts._replace(adjustments=(*facts.adjustments, *added))
    card = adjusted_card(frozen.card, added, rules)
    performance = base = ZERO
    if cycle.kind == CycleKind.MONTH:
        if card.coefficient is not None:
            performance = performance_pay(result.pay_cap, card.coefficient, rules).amount
        base = base_pay(result.post_wage, performance)
    frozen = frozen._replace(record=frozen.record._replace(facts=facts))
    return Corrected(card=card, frozen=frozen, performance_pay=performance, base_pay=base)
