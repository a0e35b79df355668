"""The sum behind a score, written with its figures: 12 × (78.40 − 60) ÷ 20."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from policy.items import DEDUCT, DIRECT, INVERSE_RATIO, LINEAR, RATIO, TIERS, Explanation
from policy.rounding import cents, plain

Values = Mapping[str, Decimal | str | None]
MINUS = "\N{MINUS SIGN}"


def formula_words(told: Explanation) -> str:
    """The formula of a scored line; empty when there is nothing to say."""
    write = _WRITERS.get(told.code)
    return write(told.values) if write else ""


def _n(value: Decimal | str | None) -> str:
    """A figure as people write it, with a true minus."""
    return plain(value).replace("-", MINUS) if isinstance(value, Decimal) else str(value or "")


def _less(value: Decimal | str | None) -> str:
    """As what is taken away: a negative one stands in brackets."""
    text = _n(value)
    return f"({text})" if text.startswith(MINUS) else text


def _two(value: Decimal | str | None) -> str:
    return f"{cents(value):f}".replace("-", MINUS) if isinstance(value, Decimal) else str(value or "")


def _ratio(v: Values) -> str:
    if v["capped"] is not None:
        return _full(v["cap"])
    return f"{_n(v['points'])} × {_n(v['figure'])} ÷ {_n(v['target'])}"


def _inverse(v: Values) -> str:
    if v["capped"] is not None:
        return _full(v["cap"])
    return f"{_n(v['points'])} × {_n(v['target'])} ÷ {_n(v['figure'])}"


def _full(cap: Decimal | str | None) -> str:
    if cap == 1:
        return _("达到目标，得满分")
    return _("封顶，得满分的 %(cap)s 倍") % {"cap": _n(cap)}


def _linear(v: Values) -> str:
    score, points, zero, full = v["score"], v["points"], v["zero"], v["full"]
    if score == points:
        return _("达到目标，得满分")
    if not score:
        words = _("没到 %(zero)s，不得分") if _rises(v) else _("到了 %(zero)s，不得分")
        return words % {"zero": _n(zero)}
    if isinstance(zero, Decimal) and isinstance(full, Decimal) and not _rises(v):
        return f"{_n(points)} × ({_n(zero)} {MINUS} {_less(v['figure'])}) ÷ {_n(zero - full)}"
    width = _n(full - zero) if isinstance(zero, Decimal) and isinstance(full, Decimal) else ""
    return f"{_n(points)} × ({_n(v['figure'])} {MINUS} {_less(zero)}) ÷ {width}"


def _rises(v: Values) -> bool:
    zero, full = v["zero"], v["full"]
    return isinstance(zero, Decimal) and isinstance(full, Decimal) and full > zero


def _tiers(v: Values) -> str:
    if v["bound"] is None:
        return _("没到任何一档，不得分")
    sign = "≥" if v["operator"] == ">=" else "≤"
    return _("%(bound)s 这一档得 %(points)s 分") % {"bound": f"{sign}{_n(v['bound'])}", "points": _n(v["band_points"])}


def _deduct(v: Values) -> str:
    if not v["over"]:
        return _("没有扣分，得满分")
    return f"{_n(v['points'])} {MINUS} {_n(v['over'])} × {_n(v['per'])}"


def _direct(_v: Values) -> str:
    return _("报来的数就是得分")


def _upward(v: Values) -> str:
    """20% × 1.76 + 20% × 2 + 60% × 1.6; shares that went to the superior are left out."""
    shares = (("share_below", "below"), ("share_self", "self"), ("share_superior", "review"))
    return " + ".join(f"{_n(v[share])}% × {_two(v[given])}" for share, given in shares if v[share])


_WRITERS: dict[str, Callable[[Values], str]] = {
    RATIO: _ratio,
    INVERSE_RATIO: _inverse,
    LINEAR: _linear,
    TIERS: _tiers,
    DEDUCT: _deduct,
    DIRECT: _direct,
    "upward": _upward,
}


TWO_DECIMALS = {"%", "分"}


def figure_words(value: Decimal | None, unit: str) -> str:
    """A raw figure with its unit: 78.40%, 86.20分, 1件; empty when there is none."""
    if value is None:
        return ""
    return f"{_two(value) if unit in TWO_DECIMALS else _n(value)}{unit}"
