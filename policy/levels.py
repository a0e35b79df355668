"""Scoring by level (P4.2-P4.4): a level is a share of the item's points, and its ends ask for a fact."""

from decimal import Decimal

from policy.rounding import HUNDRED, cents, divide
from policy.scheme_parts import Level
from policy.schemes import Scheme


def level_named(scheme: Scheme, code: int) -> Level | None:
    """The level with that code, or ``None`` if the scheme has none."""
    return next((level for level in scheme.levels if level.code == code), None)


def level_points(level: Level, points: Decimal) -> Decimal:
    """What ``level`` is worth on an item of ``points``, 2 decimals half up."""
    return cents(divide(points * level.share, HUNDRED))


def level_of(scheme: Scheme, given: Decimal, points: Decimal) -> Level | None:
    """The level that is worth exactly ``given``: a score typed in points asks for the same fact as its level."""
    return next((level for level in scheme.levels if level_points(level, points) == given), None)


def needs_fact(scheme: Scheme, code: int | None) -> bool:
    """Whether a score of that level must say what happened; a score between levels need not."""
    level = None if code is None else level_named(scheme, code)
    return level is not None and level.needs_evidence
