"""What a proposal rests on, in words: its rule, its months or years as boxes (P7.1, P7.2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from appraisals.selectors.schemes import rules_of
from common.wording import YEAR_DIGITS, listed
from common.wording import month as month_name
from policy.distribution import CAREER_PLAN, DEMOTE_OR_DISMISS, EXCELLENCE_AWARD, PROMOTE_OR_RAISE
from policy.schemes import BELOW, CONSECUTIVE, TriggerRule
from policy.triggers import MonthResult
from scoring.models import Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A month (YYYY-MM) or year of the evidence with its figure; ``month`` is empty for one that is still needed.

    ``look`` colours it; ``form_id`` leads to the month's result; the year is shown where they are of several.
    """

    month: str = ""
    value: str = ""
    look: str = ""
    form_id: int | None = None
    shows_year: bool = False

    @property
    def is_year(self) -> bool:
        """A year with its grade instead of a month with its coefficient."""
        return len(self.month) == YEAR_DIGITS


def rule_words(rule: TriggerRule) -> str:
    """累计 3 次低于 50%."""
    values = {"n": rule.times, "percent": f"{rule.threshold:f}"}
    if rule.kind == CONSECUTIVE:
        words = _("连续%(n)s次低于%(percent)s%%") if rule.side == BELOW else _("连续%(n)s次高于%(percent)s%%")
    else:
        words = _("累计%(n)s次低于%(percent)s%%") if rule.side == BELOW else _("累计%(n)s次高于%(percent)s%%")
    return words % values


def ground_of(proposal: Proposal) -> str:
    """The rule that fired, in words, by its month's scheme or of the year; its code, if the scheme no longer has it."""
    if proposal.cycle is None:
        words = {
            DEMOTE_OR_DISMISS: _("连续两年 E"),
            PROMOTE_OR_RAISE: _("连续两年 B 及以上"),
            EXCELLENCE_AWARD: _("年度 A"),
            CAREER_PLAN: _("连续两年 A"),
        }
        return words.get(proposal.rule, proposal.rule)
    rule = _rule_of(proposal)
    return rule_words(rule) if rule else proposal.rule


def boxes_of(proposal: Proposal, forms: dict[str, int] | None = None) -> tuple[Box, ...]:
    """The evidence as boxes; ``forms`` (month → form) makes links of them."""
    evidence: list[dict[str, Any]] = proposal.evidence
    if proposal.cycle is None:
        look = "bad" if proposal.rule == DEMOTE_OR_DISMISS else "hit"
        return tuple(Box(month=str(row["year"]), value=row["grade"], look=look) for row in evidence)
    rule = _rule_of(proposal)
    is_bad = rule is None or rule.side == BELOW
    months = (MonthResult(row["month"], Decimal(row["coefficient"])) for row in evidence)
    return tuple(_boxes(months, is_bad=is_bad, forms=forms or {}))


def counted_boxes(rule: TriggerRule, months: Iterable[MonthResult]) -> tuple[Box, ...]:
    """The months that count for a rule so far."""
    return tuple(_boxes(months, is_bad=rule.side == BELOW, forms={}))


def evidence_note(proposal: Proposal) -> str:
    """The evidence as the first words of a checklist."""
    boxes = boxes_of(proposal)
    if proposal.cycle is None:
        told = [_("%(year)s年 %(grade)s") % {"year": box.month, "grade": box.value} for box in boxes]
    else:
        told = [f"{month_name(box.month)} {Decimal(box.value):.2f}%" for box in boxes]
    return _("%(ground)s：%(told)s") % {"ground": ground_of(proposal), "told": listed(told)}


def _rule_of(proposal: Proposal) -> TriggerRule | None:
    if proposal.cycle is None:
        return None
    rules = rules_of(proposal.cycle.scheme).triggers
    return next((rule for rule in rules if rule.code == proposal.rule), None)


def _boxes(months: Iterable[MonthResult], *, is_bad: bool, forms: dict[str, int]) -> Iterable[Box]:
    look, rows = "bad" if is_bad else "hit", list(months)
    years = {row.month[:4] for row in rows}
    for month, coefficient in rows:
        value, form = f"{coefficient:f}", forms.get(month)
        yield Box(month=month, value=value, look=look, form_id=form, shows_year=len(years) > 1)
