"""Every field of a scheme by its path: which chapter it belongs to, its name and how its value is said.

A path names one value: ``min_raters``, ``managerial.behaviour``, ``grades.A.quota``. ``grades.#`` is the order of rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from common.wording import ABSENT, is_chinese, listed
from policy.rounding import plain
from policy.schemes import (
    ABOVE,
    ANNUAL_BLEND,
    ANNUAL_FORM,
    ANNUAL_MONTHS,
    BELOW,
    CONSECUTIVE,
    CUMULATIVE,
    POOL_CLASS,
    POOL_COMPANY,
    POOL_REGION,
    WINDOW_EVER,
    WINDOW_ROLLING,
    WINDOW_YEAR,
    Scheme,
)
from policy.triggers import OUTCOMES

PERCENT, POINTS, FACTOR, WHOLE = "percent", "points", "factor", "whole"
FLAG, CHOICE, TEXT, CODES, REMIND = "flag", "choice", "text", "codes", "remind"
NUMBERS = (PERCENT, POINTS, FACTOR, WHOLE)
ORDER = "#"
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Field:
    """A value of the scheme. ``unit`` stands behind a number; ``empty`` is what no value means, "" where one is due."""

    chapter: str
    label: str | Promise
    kind: str
    unit: str | Promise = ""
    empty: str | Promise = ""
    choices: Mapping[str, str | Promise] | None = None
    is_fixed: bool = False
    """Part of the program rather than of the policy: shown, never edited."""


NOT_SET = gettext_lazy("不设")
_POINTS = pgettext_lazy("unit", "分")
_MONTHS, _DAYS = gettext_lazy("个月"), gettext_lazy("天")
_WORKDAYS, _TIMES = gettext_lazy("个工作日"), gettext_lazy("次")
WINDOWS = {
    WINDOW_YEAR: gettext_lazy("一个自然年"),
    WINDOW_ROLLING: gettext_lazy("最近12个月"),
    WINDOW_EVER: gettext_lazy("入职以来"),
}
POOLS = {
    POOL_COMPANY: gettext_lazy("全公司"),
    POOL_REGION: gettext_lazy("每个区域"),
    POOL_CLASS: gettext_lazy("每类岗位"),
}
MODES = {
    ANNUAL_MONTHS: gettext_lazy("各月平均"),
    ANNUAL_FORM: gettext_lazy("年度考核表"),
    ANNUAL_BLEND: gettext_lazy("各月平均和年度考核表合成"),
}
KINDS = {CONSECUTIVE: pgettext_lazy("count", "连续"), CUMULATIVE: pgettext_lazy("count", "累计")}
OUTCOME_WORDS = {outcome: gettext_lazy(outcome) for outcome in OUTCOMES}
SIDES = {BELOW: pgettext_lazy("count", "低于"), ABOVE: pgettext_lazy("count", "高于")}
STARTS = {
    "before_period": gettext_lazy("考核期开始前倒数"),
    "after_period": gettext_lazy("次月"),
    "received": gettext_lazy("收到结果后"),
    "appeal_closed": gettext_lazy("申诉期满或裁定后"),
}
_SHARES = {
    "kpi_and_goals": gettext_lazy("业绩与目标"),
    "behaviour": gettext_lazy("行为与态度"),
    "management": gettext_lazy("管理行为"),
}
_RATERS = {
    "subordinates": gettext_lazy("下级平均"),
    "own": gettext_lazy("自评"),
    "superior": gettext_lazy("上级"),
}
GROUPS: dict[str, str | Promise] = {
    "managerial": gettext_lazy("管理岗位"),
    "non_managerial": gettext_lazy("非管理岗位"),
    "upward": gettext_lazy("各方占比"),
    "levels": gettext_lazy("等级"),
    "grades": gettext_lazy("年度等级"),
    "month_timeline": gettext_lazy("期限"),
    "triggers": gettext_lazy("奖惩规则"),
}
FIELDS: dict[str, Field] = {
    "version": Field("version", gettext_lazy("版本"), TEXT),
    **{f"managerial.{name}": Field("weights", label, PERCENT, "%") for name, label in _SHARES.items()},
    **{f"non_managerial.{name}": Field("weights", label, PERCENT, "%") for name, label in _SHARES.items()},
    **{f"upward.{name}": Field("management", label, PERCENT, "%") for name, label in _RATERS.items()},
    "min_raters": Field("management", gettext_lazy("下级评分最少几人才计"), WHOLE),
    "bonus_limit": Field("counting", gettext_lazy("每月加分上限"), POINTS, _POINTS, NOT_SET),
    "deduction_limit": Field("counting", gettext_lazy("每月事故扣分上限"), POINTS, _POINTS, NOT_SET),
    "coefficient_ceiling": Field("counting", gettext_lazy("绩效系数上限"), PERCENT, "%", NOT_SET),
    "month_timeline.*.name": Field("terms", gettext_lazy("名称"), TEXT, is_fixed=True),
    "month_timeline.*.anchor": Field("terms", gettext_lazy("从什么时候数"), CHOICE, choices=STARTS, is_fixed=True),
    "month_timeline.*.days": Field("terms", gettext_lazy("第几个工作日"), WHOLE),
    "month_timeline.*.remind": Field("terms", gettext_lazy("提前几个工作日提醒"), REMIND, "", gettext_lazy("不提醒")),
    "month_timeline.*.escalate_after": Field(
        "terms", gettext_lazy("过期几个工作日后上报"), WHOLE, _WORKDAYS, gettext_lazy("不上报")
    ),
    "ruling_days": Field("terms", gettext_lazy("申诉提出后几个工作日内裁定"), WHOLE, _WORKDAYS),
    "further_days": Field("terms", gettext_lazy("裁定后几个工作日内可以再次申诉"), WHOLE, _WORKDAYS),
    "levels.*.name": Field("levels", gettext_lazy("名称"), TEXT),
    "levels.*.share": Field("levels", gettext_lazy("得这一项的"), PERCENT, "%"),
    "levels.*.needs_evidence": Field("levels", gettext_lazy("要写事实"), FLAG),
    "pay_ceiling": Field("pay", gettext_lazy("计薪时系数最高"), PERCENT, "%", NOT_SET),
    "counting_window": Field("triggers", gettext_lazy("累计按什么算"), CHOICE, choices=WINDOWS),
    "triggers.*.code": Field("triggers", gettext_lazy("代码"), TEXT),
    "triggers.*.kind": Field("triggers", gettext_lazy("怎么数"), CHOICE, choices=KINDS),
    "triggers.*.times": Field("triggers", gettext_lazy("次数"), WHOLE, _TIMES),
    "triggers.*.side": Field("triggers", gettext_lazy("比较"), CHOICE, choices=SIDES),
    "triggers.*.threshold": Field("triggers", gettext_lazy("系数"), PERCENT, "%"),
    "triggers.*.consequence": Field("triggers", gettext_lazy("后果"), CHOICE, choices=OUTCOME_WORDS),
    "gravity": Field("triggers", gettext_lazy("同月多条取最重的，从重到轻"), CODES),
    "annual_mode": Field("year", gettext_lazy("年度绩效系数取"), CHOICE, choices=MODES),
    "annual_form_share": Field("year", gettext_lazy("合成时年度考核表占"), PERCENT, "%"),
    "min_months": Field("year", gettext_lazy("至少几个月才评等级"), WHOLE, _MONTHS),
    "pool": Field("year", gettext_lazy("在哪里排名"), CHOICE, choices=POOLS),
    "grades.*.name": Field("year", gettext_lazy("名称"), TEXT),
    "grades.*.quota": Field("year", gettext_lazy("比例"), PERCENT, "%"),
    "grades.*.bonus_factor": Field("year", gettext_lazy("奖金系数"), FACTOR),
    "improvement_below": Field("improvement", gettext_lazy("当月绩效系数低于"), PERCENT, "%", NOT_SET),
    "improvement_rules": Field("improvement", gettext_lazy("触发了这些规则"), CODES),
    "improvement_grades": Field("improvement", gettext_lazy("年度等级是"), CODES),
    "improvement_days": Field("improvement", gettext_lazy("改进期"), WHOLE, _DAYS),
}


def pattern_of(path: str) -> str:
    """``grades.A.quota`` → ``grades.*.quota``; other paths are their own pattern."""
    parts = path.split(".")
    return f"{parts[0]}.*.{parts[2]}" if len(parts) == 3 else path


def field_of(path: str) -> Field:
    """The field at ``path``; one that has no words of its own yet is called by its path."""
    known = FIELDS.get(pattern_of(path))
    if known is not None:
        return known
    group = path.split(".", maxsplit=1)[0]
    chapter = next((one.chapter for name, one in FIELDS.items() if name.split(".", maxsplit=1)[0] == group), OTHER)
    is_order = path == f"{group}.{ORDER}"
    return Field(chapter, gettext_lazy("顺序") if is_order else path, CODES if is_order else TEXT)


def label_of(path: str, steps: Mapping[str, str] | None = None) -> str:
    """The field's name with its row before it: A · 比例. ``steps``: names of the month's steps by code."""
    group, *row = path.split(".")
    label = str(field_of(path).label)
    if group in GROUPS and len(row) < 2:
        return str(GROUPS[group]) if not row else _("%(row)s · %(field)s") % {"row": GROUPS[group], "field": label}
    if len(row) < 2:
        return label
    return _("%(row)s · %(field)s") % {"row": row_title(group, row[0], steps), "field": label}


def row_title(group: str, code: str, steps: Mapping[str, str] | None = None) -> str:
    """What a row is called: 5级, A, R1, 自评."""
    if group == "levels":
        return _("%(n)s级") % {"n": code}
    if group == "month_timeline":
        return _((steps or {}).get(code, code))
    return code


def say(path: str, value: Any) -> str:
    """A value in words, with its unit."""
    field = field_of(path)
    if value is None:
        return str(field.empty or NOT_SET)
    if field.kind == FLAG:
        return _("要") if value else _("不要")
    if field.kind == CHOICE and field.choices and value in field.choices:
        return str(field.choices[value])
    if field.kind == CODES:
        return listed(map(str, value)) or ABSENT
    if field.kind == REMIND:
        return remind_words(value)
    return _plain_words(field, value)


def _plain_words(field: Field, value: Any) -> str:
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        unit = str(field.unit).strip()
        gap = "" if unit in {"", "%"} or is_chinese() else " "
        return f"{plain(Decimal(value))}{gap}{unit}"
    return _(value) if isinstance(value, str) and value else str(value)


def remind_words(days: tuple[int, ...]) -> str:
    """提前5、2个工作日，当天; in another order than the days', one by one, so that no change is hidden."""
    if list(days) != sorted(days):
        return listed(remind_words((day,)) for day in days)
    before = listed(str(-day) for day in days if day < 0)
    after = listed(str(day) for day in days if day > 0)
    words = [_("提前%(days)s个工作日") % {"days": before}] if before else []
    words += [_("当天")] if 0 in days else []
    words += [_("过期%(days)s个工作日") % {"days": after}] if after else []
    return listed(words) or _("不提醒")


def leaves(rules: Scheme) -> dict[str, Any]:
    """Every single value of a scheme by its path, and the order of its rows: nothing of it is left out."""
    found: dict[str, Any] = {}
    for one in fields(rules):
        value = getattr(rules, one.name)
        if hasattr(value, "_asdict"):
            found |= {f"{one.name}.{name}": part for name, part in value._asdict().items()}
        elif isinstance(value, tuple) and value and hasattr(value[0], "_asdict"):
            found[f"{one.name}.{ORDER}"] = tuple(row.code for row in value)
            for row in value:
                found |= {f"{one.name}.{row.code}.{name}": part for name, part in row._asdict().items()}
        else:
            found[one.name] = value
    return found
