"""Scoring methods in words, for people who never saw a parameter text."""

from django.utils.translation import gettext as _

from common.wording import listed
from policy.items import METHOD_NAMES, Deduct, Direct, InverseRatio, Linear, Params, Ratio, Tiers
from policy.parameters import read_params
from policy.rounding import plain


def method_choices() -> list[tuple[str, str]]:
    """(code, word) of every method, for a select."""
    return [(code, _(name)) for code, name in METHOD_NAMES.items()]


def method_words(method: str, parameters: str) -> str:
    """One sentence: how the figure becomes points. Empty when there is no method or it can't be read."""
    params = read_params(method, parameters).params if method else None
    return "" if params is None else _words(params)


def _words(params: Params) -> str:  # one branch per method, all of them short
    match params:
        case Ratio(target, cap):
            words = _("达到%(target)s得满分，不到按比例") % {"target": plain(target)}
            return words if cap == 1 else _("%(rule)s，%(limit)s") % {"rule": words, "limit": _most(cap)}
        case InverseRatio(target, cap):
            words = _("不超过%(target)s得满分，超过按比例减") % {"target": plain(target)}
            return words if cap == 1 else _("%(rule)s，%(limit)s") % {"rule": words, "limit": _most(cap)}
        case Linear(zero, full):
            return _("%(full)s得满分，%(zero)s得0分，中间按比例") % {"full": plain(full), "zero": plain(zero)}
        case Deduct(per, allowed):
            words = _("每次扣%(per)s分") % {"per": plain(per)}
            return words if not allowed else words + _("，%(n)s次以内不扣") % {"n": plain(allowed)}
        case Tiers(at_least, bands):
            sign = "≥" if at_least else "≤"
            return listed(
                _("%(bound)s得%(points)s分") % {"bound": f"{sign}{plain(bound)}", "points": plain(points)}
                for bound, points in bands
            )
        case Direct():
            return _("报来的数就是得分")


def _most(cap: object) -> str:
    return _("最多%(n)s倍") % {"n": cap}
