"""What results lead to, as it waits for a person, in words."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from reports.facts.todo_parts import Words, named, one_or_all
from reports.selectors import waiting as what
from reports.selectors.waiting import Waiting

PAGES = ("consequences:proposal", "consequences:proposals")


def _decide(row: Waiting) -> Words:
    title = (_("决定 %(name)s的奖惩建议") if row.n == 1 else _("决定 %(n)s 条奖惩建议")) % named(row)
    return title, _("看依据再定，不采纳要写理由"), _("去决定"), one_or_all(row, *PAGES)


def _checklist(row: Waiting) -> Words:
    title = (_("办 %(name)s的核对单") if row.n == 1 else _("办 %(n)s 张核对单")) % named(row)
    return title, _("逐项写明、传文件、签字"), _("去办"), one_or_all(row, *PAGES)


def _ground_lost(row: Waiting) -> Words:
    title = (_("%(name)s的决定没有依据了") if row.n == 1 else _("%(n)s 项决定没有依据了")) % named(row)
    return title, _("结果更正了，撤回决定，或写明为什么保留"), _("去处理"), one_or_all(row, *PAGES)


def _approve(row: Waiting) -> Words:
    title = (_("批准对%(name)s的决定") if row.n == 1 else _("批准 %(n)s 项决定")) % named(row)
    return title, _("材料齐了，你批准才生效"), _("去批准"), one_or_all(row, *PAGES)


def _report(row: Waiting) -> Words:
    title = (_("写 %(name)s的职业发展报告") if row.n == 1 else _("写 %(n)s 份职业发展报告")) % named(row)
    return title, _("连续两年优秀，报人力资源部编制培训计划"), _("去写"), one_or_all(row, *PAGES)


def _read(row: Waiting) -> Words:
    title = (_("读通知书 %(name)s") if row.n == 1 else _("读 %(n)s 份通知书")) % named(row)
    return title, _("确认读过，不表示同意"), _("去读"), one_or_all(row, "consequences:proposal", "notices:inbox")


def _be_heard(row: Waiting) -> Words:
    title = _("说说你的意见 %(name)s") % named(row)
    return (
        title,
        _("公司在考虑一项决定，先听你怎么说"),
        _("去写"),
        one_or_all(row, "consequences:proposal", "notices:inbox"),
    )


PROPOSALS: dict[str, Callable[[Waiting], Words]] = {
    what.DECIDE: _decide,
    what.CHECKLIST: _checklist,
    what.GROUND_LOST: _ground_lost,
    what.APPROVE_DECISION: _approve,
    what.REPORT_CAREER: _report,
    what.READ_LETTER: _read,
    what.BE_HEARD: _be_heard,
}
