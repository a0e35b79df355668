"""What each proposal may lead to, what that needs and what it changes (P7.1, P7.2, P7.3)."""

from collections.abc import Sequence
from typing import NamedTuple

from consequences.states import CheckCode, Choice
from people.states import PayStepKind
from policy.distribution import CAREER_PLAN, DEMOTE_OR_DISMISS, EXCELLENCE_AWARD, PROMOTE_OR_RAISE

CHOICES: dict[str, tuple[Choice, ...]] = {
    "R1": (Choice.WARNING,),
    "R2": (Choice.DISMISS, Choice.DEMOTE),
    "R3": (Choice.CAP_UP, Choice.BONUS),
    "R4": (Choice.CAP_DOWN,),
    DEMOTE_OR_DISMISS: (Choice.DEMOTE, Choice.DISMISS),
    PROMOTE_OR_RAISE: (Choice.GRADE_UP, Choice.WAGE_UP),
    EXCELLENCE_AWARD: (Choice.AWARD,),
    CAREER_PLAN: (Choice.CAREER,),
}
"""By what a proposal leads to: a scheme that adds a rule chooses among these. Any may be set aside."""

DISMISSING_RULES = tuple(rule for rule, choices in CHOICES.items() if Choice.DISMISS in choices)

GRAVITY = (*("R2", DEMOTE_OR_DISMISS, "R4", "R1", PROMOTE_OR_RAISE, EXCELLENCE_AWARD, "R3", CAREER_PLAN),)
"""Gravest first, where proposals of several months and years stand together: the places of those of years."""


class Change(NamedTuple):
    """What of the person's pay a choice changes, and by how many rungs of the ladder."""

    kind: PayStepKind
    rungs: int


CHANGES: dict[str, Change] = {
    Choice.CAP_UP: Change(PayStepKind.CAP, 1),
    Choice.CAP_DOWN: Change(PayStepKind.CAP, -1),
    Choice.WAGE_UP: Change(PayStepKind.WAGE, 1),
    Choice.GRADE_UP: Change(PayStepKind.GRADE, 1),
    Choice.DEMOTE: Change(PayStepKind.GRADE, -1),
}

FILED_CHECKS = (CheckCode.TRAINING, CheckCode.LEGAL, CheckCode.UNION)
"""Points that are papers by nature: they are signed only with a file."""
NAMED_CHECKS = (CheckCode.LEGAL, CheckCode.UNION)
"""Points that HR enters for somebody outside the portal: who that is stands with the signature."""


def choices_for(leads_to: str) -> tuple[Choice, ...]:
    """What a proposal that leads there may be decided to be, to set it aside last."""
    return (*CHOICES[leads_to], Choice.SET_ASIDE)


def by_gravity(monthly: Sequence[str]) -> tuple[str, ...]:
    """All rules, gravest first: those of months in their scheme's order, those of years between them as ``GRAVITY``.

    What a scheme has added beyond the four stands in its order too, the last of them at the end.
    """
    ordered = iter(monthly)
    yearly = {rule for rule in GRAVITY if not rule.startswith("R")}
    mixed = [rule if rule in yearly else next(ordered, "") for rule in GRAVITY]
    return (*(rule for rule in mixed if rule), *ordered)
