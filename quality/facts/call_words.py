"""What is said of a call's total: the sum behind it in a sentence, from the explanation of the policy core (P1)."""

from django.utils.translation import gettext as _

from common.wording import points, short
from policy.monitoring import FATAL, NOTHING, OPEN, PLAIN, CallScore, explain_call
from policy.rounding import ZERO


def sum_words(score: CallScore) -> str:
    """How the total came about, or why there is none yet."""
    code, values = explain_call(score)
    told = {name: short(value) for name, value in values.items()}
    if code == OPEN:
        if score.is_fatal:
            return _("一票否决，评完后整通 0 分")
        return _("已评的项得 %(given)s / %(applying)s，先按它折算") % told if score.applying else _("一项也还没评")
    if code == FATAL:
        return _("一票否决，整通 0 分（各项合计 %(given)s / %(applying)s）") % told
    if code == NOTHING:
        return _("没有一项适用，算不出分")
    if code == PLAIN:
        return _("各项得分相加：%(given)s") % told
    told["total"] = points(score.total)
    return _("%(given)s × %(full)s ÷ %(applying)s = %(total)s，不适用的 %(left_out)s 分不算") % told


def lost_points(score: CallScore) -> str:
    """How far the items scored so far are below their full marks; empty where nothing is lost."""
    gap = score.applying - score.given
    return short(gap) if gap > ZERO else ""
