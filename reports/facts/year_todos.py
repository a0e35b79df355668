"""The words of what the year asks of HR."""

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext as _

from reports.facts.todo_parts import Words, named
from reports.selectors import waiting as what
from reports.selectors.waiting import Waiting


def _close(row: Waiting) -> Words:
    title = _("结算%(year)s年度考核") % {"year": row.ident}
    return title, _("填公司任务完成率，算年度系数和等级"), _("去结算"), reverse("calibration:year", args=[row.ident])


def _publish(row: Waiting) -> Words:
    title = _("公布%(year)s年度考核") % {"year": row.ident}
    detail = _("组长锁定了等级，公布后每个人收到消息")
    return title, detail, _("去公布"), reverse("calibration:publish_year", args=[row.ident])


def _correct(row: Waiting) -> Words:
    title = (_("更正 %(name)s的年度结果") if row.n == 1 else _("更正 %(n)s 人的年度结果")) % named(row)
    detail = _("公布后月度结果变了，别人的等级不变")
    return title, detail, _("去更正"), f"{reverse('calibration:year', args=[row.ident])}#changes"


def _barred(row: Waiting) -> Words:
    title = (_("更正 %(name)s的年度等级") if row.n == 1 else _("更正 %(n)s 人的年度等级")) % named(row)
    detail = _("公布后确认了重大事故，不得评最高等级")
    return title, detail, _("去更正"), f"{reverse('calibration:year', args=[row.ident])}#changes"


YEARS: dict[str, Callable[[Waiting], Words]] = {
    what.CLOSE_YEAR: _close,
    what.PUBLISH_YEAR: _publish,
    what.CORRECT_YEAR: _correct,
    what.BARRED_YEAR: _barred,
}
