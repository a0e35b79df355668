"""The scheme as a document: every number of it in a sentence, under the clause it belongs to (P8, P9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisals.selectors.scheme_fields import remind_words
from common.wording import listed
from policy.rounding import plain
from policy.schemes import (
    ANNUAL_BLEND,
    ANNUAL_FORM,
    BELOW,
    CONSECUTIVE,
    POOL_CLASS,
    POOL_REGION,
    WINDOW_EVER,
    WINDOW_ROLLING,
    PartWeights,
    Scheme,
    Step,
    TriggerRule,
)

HEADS: dict[str, tuple[str, Promise]] = {
    "weights": ("P4", gettext_lazy("六个部分的权重")),
    "management": ("P4.4", gettext_lazy("管理行为与能力")),
    "counting": ("P4.5 P4.6 P7.1", gettext_lazy("事故、加分和绩效系数")),
    "terms": ("P6", gettext_lazy("每月的期限")),
    "levels": ("P4.3", gettext_lazy("行为类指标的五级")),
    "pay": ("P7.1", gettext_lazy("月绩效工资")),
    "triggers": ("P7.1", gettext_lazy("月度奖惩")),
    "year": ("P7.2", gettext_lazy("年度等级和年终奖金")),
    "improvement": ("P5.1", gettext_lazy("改进计划")),
}
"""The chapters in the order of the document: clause and title of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A heading with its clause and sentences; ``rows`` is a small table of label and value."""

    code: str
    clause: str
    title: str
    lines: list[str]
    rows: list[tuple[str, str]]


def chapters(rules: Scheme) -> list[Chapter]:
    """The whole scheme, in the order of the policy."""
    return [
        _weights(rules),
        _management(rules),
        _counting(rules),
        _terms(rules),
        _levels(rules),
        _pay(rules),
        _triggers(rules),
        _year(rules),
        _improvement(rules),
    ]


def _chapter(code: str, lines: Iterable[str] = (), rows: Iterable[tuple[str, str]] = ()) -> Chapter:
    clause, title = HEADS[code]
    return Chapter(code=code, clause=clause, title=str(title), lines=list(lines), rows=list(rows))


def _weights(rules: Scheme) -> Chapter:
    rows = [(_("管理岗位"), _shares(rules.managerial)), (_("非管理岗位"), _shares(rules.non_managerial))]
    lines = [
        _("一张考核表满分100分，一项的分数就是它的权重。"),
        _("业绩和目标怎么分，由考核负责人定；各部分的权重凑满才能提交。"),
    ]
    return _chapter("weights", lines, rows)


def _shares(weights: PartWeights) -> str:
    words = _("业绩与目标 %(kpi)s · 行为与态度 %(behaviour)s · 管理行为 %(management)s")
    return words % {
        "kpi": _percent(weights.kpi_and_goals),
        "behaviour": _percent(weights.behaviour),
        "management": _percent(weights.management),
    }


def _percent(value: Decimal) -> str:
    return f"{plain(value)}%"


def _management(rules: Scheme) -> Chapter:
    upward = rules.upward
    rows = [
        (_("下级平均"), _percent(upward.subordinates)),
        (_("自评"), _percent(upward.own)),
        (_("上级"), _percent(upward.superior)),
    ]
    lines = [
        _("下级评分不足%(n)s人时不计也不显示，这一份归上级。") % {"n": rules.min_raters},
        _("没有自评的，自评那一份也归上级。"),
        _("谁给了多少分，谁也看不到。"),
    ]
    return _chapter("management", lines, rows)


def _counting(rules: Scheme) -> Chapter:
    rows = [
        (_("每月加分上限"), _limit(rules.bonus_limit)),
        (_("每月事故扣分上限"), _limit(rules.deduction_limit)),
        (_("绩效系数上限"), _percent(rules.coefficient_ceiling) if rules.coefficient_ceiling else _("不设")),
    ]
    lines = [
        _("事故和加分经确认才计分；总分最低为0，可以超过100。"),
        _("本月不适用的项写明原因后不计入得分，也不计入总分。"),
        _("绩效系数 = 考核得分 ÷ 考核总分 × 100%，保留两位小数，四舍五入。"),
    ]
    return _chapter("counting", lines, rows)


def _limit(value: Decimal | None) -> str:
    return _("不设") if value is None else _("%(n)s分") % {"n": plain(value)}


def _terms(rules: Scheme) -> Chapter:
    lines = [_("按工作日算，从次日起数，到最后一天24:00为止；法定节假日不算，调休上班日算。")]
    rows = [(_(step.name), _step_words(step)) for step in rules.month_timeline]
    days = _("%(n)s个工作日内")
    rows.append((_("裁定申诉"), days % {"n": rules.ruling_days}))
    rows.append((_("再次申诉（收到裁定后）"), days % {"n": rules.further_days}))
    return _chapter("terms", lines, rows)


def term_words(step: Step) -> str:
    """次月第3个工作日."""
    words = {
        "before_period": _("考核期开始前倒数第%(n)s个工作日"),
        "after_period": _("次月第%(n)s个工作日"),
        "received": _("收到结果后%(n)s个工作日内"),
        "appeal_closed": _("申诉期满或裁定后%(n)s个工作日内"),
    }
    return words[step.anchor] % {"n": step.days}


def _step_words(step: Step) -> str:
    """The term, when its owner is reminded, and when the next person knows."""
    late = _("不上报")
    if step.escalate_after is not None:
        late = _("过期%(n)s个工作日后上报") % {"n": step.escalate_after} if step.escalate_after else _("过期就上报")
    remind = remind_words(step.remind)
    remind = _("%(days)s提醒") % {"days": remind} if step.remind else remind
    return _("%(term)s；%(remind)s；%(late)s") % {"term": term_words(step), "remind": remind, "late": late}


def _levels(rules: Scheme) -> Chapter:
    rows = [(f"{level.code} {_(level.name)}", _percent(level.share)) for level in rules.levels]
    facts = listed(str(level.code) for level in rules.levels if level.needs_evidence)
    lines = [_("按等级打分时，得分 = 这一项的分数 × 下面的比例；也可以直接写分数。")]
    if facts:
        lines.append(_("评%(levels)s级要写事实。") % {"levels": facts})
    return _chapter("levels", lines, rows)


def _pay(rules: Scheme) -> Chapter:
    ceiling = rules.pay_ceiling
    lines = [
        _("月绩效工资 = 绩效上限额 × 绩效系数；基本薪酬 = 岗位工资 + 绩效工资。"),
        _("计薪时系数不设上限。")
        if ceiling is None
        else _("计薪时系数最高按%(n)s计，排名和奖惩用系数本身。") % {"n": _percent(ceiling)},
    ]
    return _chapter("pay", lines)


def _triggers(rules: Scheme) -> Chapter:
    window = {WINDOW_ROLLING: _("最近12个月"), WINDOW_EVER: _("入职以来")}.get(rules.counting_window, _("一个自然年"))
    lines = [
        _("累计按%(window)s计；没有结果的月份不计也不打断。") % {"window": window},
        _("用过的月份不再用于同一条；触发后只是建议，由人力资源部决定。"),
    ]
    if rules.gravity:
        lines.append(_("同一个月触发几条的，取最重的一条，从重到轻是%(codes)s。") % {"codes": listed(rules.gravity)})
    rows = [(f"{rule.code} {trigger_words(rule)}", _(rule.consequence)) for rule in rules.triggers]
    return _chapter("triggers", lines, rows)


def trigger_words(rule: TriggerRule) -> str:
    """累计3次高于90%."""
    many = _("连续%(n)s次") if rule.kind == CONSECUTIVE else _("累计%(n)s次")
    side = _("低于%(t)s") if rule.side == BELOW else _("高于%(t)s")
    values = {"many": many % {"n": rule.times}, "side": side % {"t": _percent(rule.threshold)}}
    return _("%(many)s%(side)s") % values


def _year(rules: Scheme) -> Chapter:
    pool = {POOL_REGION: _("每个区域"), POOL_CLASS: _("每类岗位")}.get(rules.pool, _("全公司"))
    mode = {
        ANNUAL_FORM: _("年度绩效系数取年度考核表的系数。"),
        ANNUAL_BLEND: _("年度绩效系数由各月平均和年度考核表合成，年度表占%(n)s。")
        % {"n": _percent(rules.annual_form_share)},
    }.get(rules.annual_mode, _("年度绩效系数 = 当年各月绩效系数的平均，保留两位小数。"))
    lines = [
        mode,
        _("有结果的月份不足%(n)s个的，列出但不评等级。") % {"n": rules.min_months},
        _("%(pool)s排一次名，按下面的比例分布；并列跨界的由考核小组裁定。") % {"pool": pool},
        _("年终奖金 = 公司总体业绩完成率 × 年度绩效系数 × 年度奖金系数 × 基本工资。"),
    ]
    words = _("占%(quota)s，奖金系数%(factor)s")
    rows = [
        (f"{rule.code} {_(rule.name)}", words % {"quota": _percent(rule.quota), "factor": plain(rule.bonus_factor)})
        for rule in rules.grades
    ]
    return _chapter("year", lines, rows)


def _improvement(rules: Scheme) -> Chapter:
    """When an improvement plan is obligatory, and how long it runs (P5.1)."""
    when = []
    if rules.improvement_below is not None:
        when.append(_("当月绩效系数低于%(n)s") % {"n": _percent(rules.improvement_below)})
    fired = [rule for rule in rules.triggers if rule.code in rules.improvement_rules]
    when += [trigger_words(rule) for rule in fired]
    if rules.improvement_grades:
        when.append(_("年度等级%(grades)s") % {"grades": listed(rules.improvement_grades)})
    lines = [
        _("这些情况必须做绩效改进计划：%(when)s。") % {"when": listed(when)} if when else _("改进计划都是自愿的。"),
        _("改进期一般%(n)s天；由考核负责人制定，员工签收后开始。") % {"n": rules.improvement_days},
    ]
    return _chapter("improvement", lines)
