"""The chain of what a ruling changes, as rows before → after; amounts only for who may see the person's pay."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from appraisals.models import Cycle
from appraisals.selectors.scheme_words import trigger_words
from appraisals.selectors.schemes import rules_of
from common.wording import listed, money, month, percent2, points


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A row of the chain; ``note`` says what can't be said in figures. ``is_same``: this is looked at and stays."""

    name: str
    before: str = ""
    after: str = ""
    note: str = ""

    @property
    def is_same(self) -> bool:
        """Whether nothing changes here."""
        return not self.note and self.before == self.after


def links_of(chain: Mapping[str, Any], cycle: Cycle, *, with_pay: bool) -> list[Link]:
    """The rows in the order things follow from each other; none where nothing was added."""
    if not chain:
        return []
    links = [Link(name=_("考核得分"), **_pair(chain["score"], points))]
    links.append(Link(name=_("绩效系数"), **_pair(chain["coefficient"], percent2)))
    if "pay" in chain:
        links.append(_pay(_("月绩效工资"), chain["pay"], with_pay=with_pay))
    if "counters" in chain:
        links += _rules(chain, cycle)
    return links + _year(chain, with_pay=with_pay)


def _rules(chain: Mapping[str, Any], cycle: Cycle) -> list[Link]:
    names = {rule.code: trigger_words(rule) for rule in rules_of(cycle.scheme).triggers}
    fires, no_more = ({rule for rule, _month in chain[name]} for name in ("proposals_new", "proposals_gone"))
    links = [
        Link(
            name=_("计数：%(rule)s") % {"rule": names.get(one["rule"], one["rule"])},
            before=_count(one["before"], one["need"], has_fired=one["rule"] in no_more),
            after=_count(one["after"], one["need"], has_fired=one["rule"] in fires),
        )
        for one in chain["counters"]
    ]
    gone, new = (_firings(chain[name], names) for name in ("proposals_gone", "proposals_new"))
    if gone:
        links.append(Link(name=_("奖惩建议"), note=_("撤销：%(what)s") % {"what": gone}))
    if new:
        links.append(Link(name=_("奖惩建议"), note=_("新提出：%(what)s") % {"what": new}))
    if not gone and not new:
        links.append(Link(name=_("奖惩建议"), note=_("不变")))
    return links


def _count(have: int, need: int, *, has_fired: bool) -> str:
    """How many of how many; once it has fired a rule counts anew."""
    if has_fired:
        return _("满%(need)s次触发，重新数到%(have)s") % {"need": need, "have": have}
    return f"{have} / {need}"


def _year(chain: Mapping[str, Any], *, with_pay: bool) -> list[Link]:
    links = []
    if "annual" in chain:
        links.append(Link(name=_("年度绩效系数"), **_pair(chain["annual"], percent2)))
    if "closed_year" not in chain:
        return links
    grade = chain.get("annual_grade")
    words = _("%(year)s年度已经结，等级%(grade)s不自动改，列给人力资源部更正；别人的等级不变")
    links.append(Link(name=_("年度等级"), note=words % {"year": chain["closed_year"], "grade": grade or "—"}))
    if "bonus" in chain:
        links.append(_pay(_("年终奖金"), chain["bonus"], with_pay=with_pay))
    return links


def _pay(name: str, pair: list[str | None], *, with_pay: bool) -> Link:
    if with_pay:
        return Link(name=name, **_pair(pair, money))
    changes = pair[0] != pair[1]
    return Link(name=name, note=_("会变，数额只有本人和人力资源部看得到") if changes else _("不变"))


def _pair(pair: list[str | None], words: Any) -> dict[str, str]:
    before, after = (None if one is None else Decimal(one) for one in pair)
    return {"before": words(before), "after": words(after)}


def _firings(rows: Iterable[list[str]], names: Mapping[str, str]) -> str:
    return listed([f"{month(key)} {names.get(rule, rule)}" for rule, key in rows])
