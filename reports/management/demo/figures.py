"""Believable figures: from how well somebody did to the raw figure that scores about that much."""

import random
from decimal import Decimal

from policy.items import Deduct, InverseRatio, Linear, Ratio, Tiers
from policy.parameters import params_of
from policy.rounding import cents

WHOLE_UNITS = ("件", "次", "处", "起")


def raw_figure(method: str, text: str, points: Decimal, unit: str, share: float) -> Decimal:
    """The figure of an item whose points are earned to about ``share`` (0 … 1)."""
    params = params_of(method, text)
    part = Decimal(str(round(min(max(share, 0.0), 1.0), 3)))
    if isinstance(params, Linear):
        return cents(params.zero + (params.full - params.zero) * part)
    if isinstance(params, Ratio):
        return cents(params.target * part)
    if isinstance(params, InverseRatio):
        return cents(params.target / max(part, Decimal("0.2")))
    if isinstance(params, Deduct):
        lost = points * (1 - part) / params.per
        return Decimal(round(lost)) + params.allowed
    if isinstance(params, Tiers):
        bound, _earned = min(params.bands, key=lambda band: abs(band[1] / points - part))
        return (
            bound if unit in WHOLE_UNITS else cents(bound * (Decimal("1.002") if params.at_least else Decimal("0.998")))
        )
    return cents(points * part)


def level_for(share: float, chance: random.Random) -> int:
    """One of five levels for how well somebody did, with a little of the rater's mood."""
    felt = share + chance.uniform(-0.09, 0.09)
    for level, bound in ((5, 0.92), (4, 0.76), (3, 0.56), (2, 0.4)):
        if felt >= bound:
            return level
    return 1


def half_points(points: Decimal, share: float, chance: random.Random) -> Decimal:
    """Points of a work goal in steps of a half."""
    felt = min(max(share + chance.uniform(-0.1, 0.1), 0.0), 1.0)
    return min(points, Decimal(round(float(points) * felt * 2)) / 2)
