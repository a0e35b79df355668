"""Every component in every state on one page, for whoever builds or judges a screen; not served in production."""

import datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kpi_portal.context import Me, NavEntry, NavGroup

TAGS = (
    ("wait", "待办"),
    ("now", "进行中"),
    ("ok", "已完成"),
    ("warn", "今天截止"),
    ("late", "逾期 2 个工作日"),
    ("miss", "缺数据"),
    ("na", "不适用"),
    ("hold", "已锁定"),
    ("case", "申诉中"),
)
LINES = (
    {
        "name": "录音监听平均分",
        "figure": "87.40 分",
        "target": "≥90 分",
        "formula": "20 × (87.40 − 60) ÷ 30",
        "source": "周敏 11-03",
        "evidence_url": "#",
        "evidence": "监听 6 通",
        "score": "18.27",
        "points": 20,
    },
    {
        "name": "平均处理时长",
        "figure": "312 秒",
        "target": "≤300 秒",
        "formula": "超 4%，按 70% 得分",
        "source": "沈玉兰 11-03",
        "score": "3.50",
        "points": 5,
    },
)
PARTS = (
    {"no": "一", "name": "关键业绩指标", "note": "62.60 / 70 · 8 项", "change": "-7.40", "before": 100,
     "after": "92.60", "kind": "lost", "open": True, "lines": LINES},
    {"no": "二", "name": "工作目标", "note": "9.00 / 10 · 2 项", "change": "-1.00", "before": "92.60", "after": "91.60",
     "kind": "lost", "lines": LINES},
    {"no": "三", "name": "工作行为与态度", "note": "17.40 / 20 · 6 项", "change": "-2.60", "before": "91.60",
     "after": "89.00", "kind": "lost", "lines": LINES},
    {"no": "四", "name": "管理行为与能力", "note": "本岗位不考核", "before": "89.00", "after": "89.00", "kind": "off"},
    {"no": "五", "name": "不良事故", "note": "1 条", "change": "-2.00", "before": "89.00", "after": "87.00",
     "kind": "bad"},
    {"no": "六", "name": "加分", "note": "2 条", "change": "1.50", "before": "87.00", "after": "88.50", "kind": "ok"},
)  # fmt: skip
MONTHS = (
    ("1月", "82.1", "81.2"),
    ("2月", "84.5", "82.0"),
    ("3月", "79.3", "80.5"),
    ("4月", "86.0", "83.1"),
    ("5月", "90.75", "84.0"),
    ("6月", None, "83.6"),
    ("7月", "91.2", "85.0"),
    ("8月", "85.5", "84.2"),
    ("9月", "86.9", "84.5"),
    ("10月", "88.5", "84.8"),
)
SPREAD = (
    ("40", 1, "b-late"),
    ("55", 4, "b-late"),
    ("60", 6, ""),
    ("70", 15, ""),
    ("80", 36, ""),
    ("85", 42, ""),
    ("90", 28, "b-got"),
    ("95", 11, "b-got"),
)
RAIL = (
    {"id": "p1", "no": "一", "short": "关键业绩", "score": "18.27", "full": "20", "icon": "circle-dashed",
     "colour": "t-warn", "mark": "7/8"},
    {"id": "p2", "no": "二", "short": "行为与态度", "score": "2.00", "full": "6", "icon": "circle-dashed",
     "colour": "t-warn", "mark": "1/3"},
    {"id": "p3", "no": "五", "short": "不良事故", "score": "−2.00", "icon": "circle-check", "colour": "t-ok",
     "done": True},
)  # fmt: skip


@login_not_required  # shows no data; only routed in development and in the demo
@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show the look's parts with invented content."""
    return render(request, "styleguide.html", _content())


def _content() -> dict[str, Any]:
    entries = (
        NavEntry(url="#", label="首页", icon="home", count=3),
        NavEntry(url="#", label="我的考核表", icon="clipboard-list", current=True),
        NavEntry(url="#", label="我的结果", icon="stairs-down", count=1, hot=True),
        NavEntry(url="#", label="消息", icon="bell", count=3),
    )
    more = (NavEntry(url="#", label="值班看板", icon="layout-board", count=34, hot=True),)
    return {
        "nav": (NavGroup(title="我的", entries=entries), NavGroup(title="值班", entries=more)),
        "tabs": entries,
        "me": Me(name="陈思雨", face="陈", post="华东区域客服一组"),
        "tags": TAGS,
        "parts": PARTS,
        "lines": LINES,
        "months": MONTHS,
        "spread": SPREAD,
        "rail": RAIL,
        "day": datetime.date(2026, 11, 11),
        "sample_messages": [
            Message(constants.SUCCESS, "已提交复核"),
            Message(constants.ERROR, "刚才没保存上，你填的还在这一页"),
        ],
    }
