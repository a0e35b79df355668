"""A finding in words: what was found, and what to do about it."""

from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.wording import day as day_name
from common.wording import listed
from scoring.models import Finding
from scoring.states import FindingCode

ADVICE: dict[str, Promise] = {
    FindingCode.TWO_SOURCES: gettext_lazy("问两位提供人以谁的为准，错的由提供人更正"),
    FindingCode.TWICE: gettext_lazy("看是不是同一件事；重复的撤回一条"),
    FindingCode.CLAIMED_TWICE: gettext_lazy("看是不是同一件事；重复的并成一件"),
    FindingCode.SAME_FILE: gettext_lazy("汇总表没问题；单人的凭据请提供人换成本人的"),
    FindingCode.FIGURE_FAR: gettext_lazy("请提供人核对数值和单位"),
    FindingCode.SCORE_FAR: gettext_lazy("请考核负责人看一眼，事实写清楚"),
    FindingCode.ALL_ALIKE: gettext_lazy("请考核负责人确认是逐个评的"),
    FindingCode.SELF_GAP: gettext_lazy("汇总前请双方谈一次，面谈时说清差在哪里"),
}


OWNERS = frozenset((FindingCode.SCORE_FAR, FindingCode.SELF_GAP))
"""What the appraisal owner answers for; ``ALL_ALIKE`` is about him and names him anyway."""


def whom_to_ask(finding: Finding) -> str:
    """Whom the advice speaks of, as far as it is one person: a figure's provider, a score's appraisal owner."""
    if finding.code == FindingCode.FIGURE_FAR:
        provider = finding.detail.get("provider")
        return _("提供人%(name)s") % {"name": provider} if provider else ""
    if finding.code in OWNERS and finding.form is not None:
        return _("考核负责人%(name)s") % {"name": finding.form.owner.name}
    return ""


def sentence(finding: Finding) -> str:
    """What was found, in the language of the page."""
    words: dict[str, Any] = dict(finding.detail)
    if "day" in words:
        words["day"] = day_name(date.fromisoformat(words["day"]))
    if "who" in words:
        words["who"] = listed(words["who"])
    match finding.code:
        case FindingCode.TWO_SOURCES:
            return _("%(item)s：先后由两人报了不同的数") % words
        case FindingCode.TWICE | FindingCode.CLAIMED_TWICE:
            return _("%(day)s有%(n)s条：%(first)s、%(last)s") % words
        case FindingCode.SAME_FILE:
            return _("“%(file)s”用在%(n)s人的数据上：%(who)s") % words
        case FindingCode.ALL_ALIKE:
            return _("%(n)s人每一项都是满分的%(value)s%%") % words
        case FindingCode.SELF_GAP:
            return _("自评%(own)s，复核%(review)s") % words
        case __:
            return _far(words)


def _far(words: dict[str, Any]) -> str:
    said = _("%(item)s %(value)s") % words
    usual = [
        _("本人前6个月多在%(own)s上下") % words if "own" in words else "",
        _("同岗位前6个月多在%(post)s上下") % words if "post" in words else "",
    ]
    return _("%(said)s；%(usual)s") % {"said": said, "usual": _("，").join(part for part in usual if part)}
