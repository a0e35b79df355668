"""A small workbook that is right in every cell, to be spoilt cell by cell: a team of one supervisor and four agents."""

import io
from copy import deepcopy
from typing import Any

import openpyxl

from reports.facts.parsing import Parsed, read_workbook
from reports.facts.sheets import SPECS

Sheets = dict[str, list[dict[str, Any]]]
MONTH = "2026-09"
BOSS, HEAD = "E0001", "E0931"
AGENTS = ("E1001", "E1002", "E1003", "E1004")


def row(sheet: str, *values: Any) -> dict[str, Any]:
    """A row of a sheet, its columns in the contract's order; what is left out is blank."""
    heads = [column.head for column in SPECS[sheet].columns]
    return dict(zip(heads, [*values, *[None] * (len(heads) - len(values))], strict=True))


def team() -> Sheets:
    """Everything of one month, complete; the head's own form as well."""
    sheets: Sheets = {
        "区域": [row("区域", "R01", "华东区域")],
        "等级": [row("等级", "KFZG", "G1", 5200, 2600), row("等级", "KFZY", "G1", 3400, 1400)],
        "员工": [
            row("员工", BOSS, "王伟敏", None, None, None, None, "2020-01-01"),
            row("员工", HEAD, "罗文静", "R01", "KFZG", "G1", BOSS, "2021-05-10", None, None, "luo@example.com"),
            *[row("员工", number, f"员工{number[-1]}", "R01", "KFZY", "G1", HEAD, "2022-03-01") for number in AGENTS],
        ],
        "考核小组": [row("考核小组", BOSS, "组长"), row("考核小组", HEAD, "组员")],
        "值班表": [row("值班表", MONTH, HEAD)],
        "监听标准": [
            *[row("监听标准", "应对技巧", "聆听能力", 60, level, "聆听") for level in (60, 30, 0)],
            *[row("监听标准", "服务态度", "礼貌耐心", 40, level, "礼貌") for level in (40, 0)],
        ],
        "考核指标": [],
        "KPI数据": [],
        "评分": [],
        "不良事故": [row("不良事故", "BL001", "2026-09-08", AGENTS[0], "未回访", AGENTS[1], HEAD, 2)],
        "加分": [row("加分", "JF001", "2026-09-09", AGENTS[1], "感谢信", AGENTS[2], HEAD, 3)],
        "录音监听": [],
        "历年等级": [row("历年等级", 2025, AGENTS[0], "B")],
    }
    for number in AGENTS:
        _agent(sheets, number)
    _head(sheets)
    return sheets


def _agent(sheets: Sheets, number: str) -> None:
    """KPI 40 by monitoring, 30 by figure; a goal of 10, behaviour 20."""
    key, score = (MONTH, number), sheets["评分"]
    sheets["考核指标"] += [
        row("考核指标", *key, "关键业绩指标", "监听分", "90分", 40, "达成率", "目标=90", "录音监听"),
        row("考核指标", *key, "关键业绩指标", "接通率", "95%", 30, "达成率", "目标=95;上限=1.1", "人工", HEAD),
        row("考核指标", *key, "工作目标", "月度重点", "按计划", 10),
        row("考核指标", *key, "工作行为与态度", "责任心", "见标准", 20),
    ]
    sheets["KPI数据"].append(row("KPI数据", *key, "接通率", 93.5, HEAD, "2026-09-30", "台账"))
    for part, name, points in (("工作目标", "月度重点", 8), ("工作行为与态度", "责任心", 16)):
        score += [
            row("评分", *key, part, name, "自评", number, points),
            row("评分", *key, part, name, "复核", HEAD, points - 1),
        ]
    for item, points in (("聆听能力", 30), ("礼貌耐心", 40)):
        sheets["录音监听"].append(row("录音监听", f"C-{number}", "2026-09-11", number, HEAD, item, points))


def _head(sheets: Sheets) -> None:
    key, score = (MONTH, HEAD), sheets["评分"]
    sheets["考核指标"] += [
        row("考核指标", *key, "关键业绩指标", "差错", "少", 70, "扣减", "每次=2;容许=1", "人工", BOSS),
        row("考核指标", *key, "工作目标", "流程改进", "按计划", 10),
        row("考核指标", *key, "工作行为与态度", "责任心", "见标准", 10),
        row("考核指标", *key, "管理行为与能力", "带队", "见标准", 10),
    ]
    sheets["KPI数据"].append(row("KPI数据", *key, "差错", 3, BOSS, "2026-09-30"))
    for part, name in (("工作目标", "流程改进"), ("工作行为与态度", "责任心")):
        score += [row("评分", *key, part, name, "自评", HEAD, 9), row("评分", *key, part, name, "复核", BOSS, 8)]
    managing = (*key, "管理行为与能力", "带队")
    score += [row("评分", *managing, "自评", HEAD, 9), row("评分", *managing, "上级", BOSS, 8.5)]
    score += [row("评分", *managing, "下级", number, 7) for number in AGENTS[:3]]


def find(sheets: Sheets, sheet: str, **wanted: Any) -> dict[str, Any]:
    """The first row of a sheet with these values, to be changed in place."""
    return next(one for one in sheets[sheet] if all(one[head] == value for head, value in wanted.items()))


def book(sheets: Sheets) -> bytes:
    """The workbook as a file; heads from the first row of each sheet, else from the contract."""
    made = openpyxl.Workbook()
    del made[made.sheetnames[0]]
    for name, rows in deepcopy(sheets).items():
        sheet = made.create_sheet(name)
        heads = list(rows[0]) if rows else [column.head for column in SPECS[name].columns]
        sheet.append(heads)
        for one in rows:
            sheet.append([one[head] for head in heads])
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def parsed(sheets: Sheets) -> Parsed:
    """As the service takes it."""
    return read_workbook(book(sheets))
