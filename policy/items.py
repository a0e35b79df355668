"""The scoring methods of a KPI (P4.1c, P6.1): parameters, their text, the score, the reason.

p = the item's points, x = the month's figure. Every score is rounded to 2 decimals once, at its
end. Reading a parameter text is in ``parameters``; forms put items together.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import NamedTuple

from policy.problems import Problem
from policy.rounding import CENT, EXACT, ZERO, divide, plain

ONE = Decimal(1)

RATIO = "ratio"
INVERSE_RATIO = "inverse_ratio"
TIERS = "tiers"
DEDUCT = "deduct"
LINEAR = "linear"
DIRECT = "direct"

METHOD_NAMES: Mapping[str, str] = MappingProxyType(
    {
        RATIO: "达成率",
        INVERSE_RATIO: "反向达成率",
        TIERS: "分档",
        DEDUCT: "扣减",
        LINEAR: "线性",
        DIRECT: "直接计分",
    }
)
METHOD_CODES: Mapping[str, str] = MappingProxyType({name: code for code, name in METHOD_NAMES.items()})


class Explanation(NamedTuple):
    """Why a line has its score: a formula's code and the figures in it, no prose.

    ``code`` is a method code, ``review``, ``upward``, ``not_applicable`` or ``missing``; values
    are decimals (``None`` where the formula leaves one out).
    """

    code: str
    values: Mapping[str, Decimal | str | None]


class Ratio(NamedTuple):
    """p × min(x / target, cap): more is better."""

    target: Decimal
    cap: Decimal = ONE

    @property
    def method(self) -> str:
        """The method's code."""
        return RATIO

    def score(self, points: Decimal, figure: Decimal) -> Decimal:
        """Points earned, 0 … points × cap."""
        if figure <= 0:
            return ZERO.quantize(CENT)
        target, cap = self
        earned = points * cap if figure >= target * cap else divide(points * figure, target)
        return earned.quantize(CENT, ROUND_HALF_UP, EXACT)

    def values(self, figure: Decimal) -> dict[str, Decimal | str | None]:
        """The figures of the formula."""
        reached = figure >= self.target * self.cap
        return {"target": self.target, "cap": self.cap, "capped": self.cap if reached else None}

    def text(self) -> str:
        """The parameter text a person would type."""
        return _pair_text(("目标", self.target, None), ("上限", self.cap, ONE))


class InverseRatio(NamedTuple):
    """p × min(target / x, cap): less is better; x = 0 gives p × cap."""

    target: Decimal
    cap: Decimal = ONE

    @property
    def method(self) -> str:
        """The method's code."""
        return INVERSE_RATIO

    def score(self, points: Decimal, figure: Decimal) -> Decimal:
        """Points earned, 0 … points × cap."""
        target, cap = self
        earned = points * cap if figure * cap <= target else divide(points * target, figure)
        return earned.quantize(CENT, ROUND_HALF_UP, EXACT)

    def values(self, figure: Decimal) -> dict[str, Decimal | str | None]:
        """The figures of the formula."""
        reached = figure * self.cap <= self.target
        return {"target": self.target, "cap": self.cap, "capped": self.cap if reached else None}

    def text(self) -> str:
        """The parameter text a person would type."""
        return _pair_text(("目标", self.target, None), ("上限", self.cap, ONE))


class Tiers(NamedTuple):
    """The points of the first tier that holds, else 0."""

    at_least: bool
    bands: tuple[tuple[Decimal, Decimal], ...]

    @property
    def method(self) -> str:
        """The method's code."""
        return TIERS

    def score(self, _points: Decimal, figure: Decimal) -> Decimal:
        """Points of the tier reached; the item's points are their ceiling, kept by ``check_item``."""
        band = self.band(figure)
        earned = ZERO if band is None else band[1]
        return earned.quantize(CENT, ROUND_HALF_UP, EXACT)

    def band(self, figure: Decimal) -> tuple[Decimal, Decimal] | None:
        """The tier reached, as (bound, points)."""
        at_least, bands = self
        for band in bands:
            if (figure >= band[0]) if at_least else (figure <= band[0]):
                return band
        return None

    def values(self, figure: Decimal) -> dict[str, Decimal | str | None]:
        """The tier reached, or no bound at all."""
        band = self.band(figure)
        return {
            "operator": ">=" if self.at_least else "<=",
            "bound": None if band is None else band[0],
            "band_points": ZERO if band is None else band[1],
        }

    def text(self) -> str:
        """The parameter text a person would type."""
        sign = ">=" if self.at_least else "<="
        return ";".join(f"{sign}{plain(bound)}:{plain(points)}" for bound, points in self.bands)


class Deduct(NamedTuple):
    """max(0, p - per × max(0, x - allowed)): each case beyond the allowed ones costs points."""

    per: Decimal
    allowed: Decimal = ZERO

    @property
    def method(self) -> str:
        """The method's code."""
        return DEDUCT

    def score(self, points: Decimal, figure: Decimal) -> Decimal:
        """Points left, 0 … points."""
        per, allowed = self
        left = points if figure <= allowed else points - per * (figure - allowed)
        return (left if left > 0 else ZERO).quantize(CENT, ROUND_HALF_UP, EXACT)

    def values(self, figure: Decimal) -> dict[str, Decimal | str | None]:
        """The figures of the formula; ``over`` is what exceeds the allowance."""
        over = max(ZERO, figure - self.allowed)
        return {"per": self.per, "allowed": self.allowed, "over": over, "minus": self.per * over}

    def text(self) -> str:
        """The parameter text a person would type."""
        return _pair_text(("每次", self.per, None), ("容许", self.allowed, ZERO))


class Linear(NamedTuple):
    """p × (x - zero) / (full - zero), held within 0 … p; zero may exceed full."""

    zero: Decimal
    full: Decimal

    @property
    def method(self) -> str:
        """The method's code."""
        return LINEAR

    def score(self, points: Decimal, figure: Decimal) -> Decimal:
        """Points earned, 0 … points."""
        zero, full = self
        earned = divide(points * (figure - zero), full - zero)
        if earned <= 0:
            earned = ZERO
        elif earned > points:
            earned = points
        return earned.quantize(CENT, ROUND_HALF_UP, EXACT)

    def values(self, _figure: Decimal) -> dict[str, Decimal | str | None]:
        """The figures of the formula."""
        return {"zero": self.zero, "full": self.full}

    def text(self) -> str:
        """The parameter text a person would type."""
        return _pair_text(("零分", self.zero, None), ("满分", self.full, None))


class Direct(NamedTuple):
    """x itself, which must lie within 0 … p (``figure_problem`` refuses anything else)."""

    @property
    def method(self) -> str:
        """The method's code."""
        return DIRECT

    def score(self, _points: Decimal, figure: Decimal) -> Decimal:
        """The figure is the score."""
        return figure.quantize(CENT, ROUND_HALF_UP, EXACT)

    def values(self, _figure: Decimal) -> dict[str, Decimal | str | None]:
        """Nothing beyond points and figure."""
        return {}

    def text(self) -> str:
        """There are no parameters."""
        return ""


Params = Ratio | InverseRatio | Tiers | Deduct | Linear | Direct


def figure_problem(params: Params, points: Decimal, figure: Decimal) -> Problem | None:
    """Why ``figure`` can't be taken for this item, or ``None``: only 直接计分 has a range."""
    if not figure.is_finite():
        return Problem("not_a_number", {"name": "完成值", "value": str(figure)})
    if isinstance(params, Direct) and not 0 <= figure <= points:
        return Problem("score_out_of_range", {"points": plain(points), "value": plain(figure)})
    return None


def check_item(params: Params, points: Decimal) -> list[Problem]:
    """All that is wrong between an item's points and its parameters."""
    if not isinstance(params, Tiers):
        return []
    return [
        Problem("tier_above_points", {"value": plain(worth), "points": plain(points)})
        for _bound, worth in params.bands
        if worth > points
    ]


def explain(params: Params, points: Decimal, figure: Decimal) -> Explanation:
    """The formula of a KPI line with its figures: points, figure, score and the parameters."""
    values = params.values(figure)
    score = params.score(points, figure)
    return Explanation(params.method, {"points": points, "figure": figure, **values, "score": score})


def _pair_text(*pairs: tuple[str, Decimal, Decimal | None]) -> str:
    """``name=value`` joined by semicolons; a value equal to its default is left out."""
    return ";".join(f"{name}={plain(value)}" for name, value, idle in pairs if value != idle)
