"""The empty workbook people fill in: every sheet with its head, and a page that says what goes where."""

from typing import Any

from reports.facts.sheets import SHEETS, SheetSpec
from reports.workbooks.writing import Column, Kind, Sheet, workbook_bytes

_MEANINGS = {
    "方案": "考核方案的一版, 一行一个参数; 没写的用默认值。已经在用的版本不能改, 要改就写新的版本号。",
    "区域": "区域公司。",
    "岗位": "七个岗位已经有了; 只写新增的或要改名的。类别写 管理 或 非管理。",
    "等级": "每个岗位的等级, 从低到高一行一个。",
    "员工": "总部人员的区域、岗位、等级可以空着。第一次写的直接上级从入职起算, 改了的从导入那天起算。",
    "考核小组": "组长一位, 其余写 组员。没写的人不动。",
    "值班表": "月份写成 2026-10。值班主任从考核小组里选。",
    "监听标准": "一行一个等级分。和现行标准不同的, 从第一个通话日期起成为新的一版。",
    "考核指标": "一个人一个月的每一项一行; 各部分的权重要填满。评分方式和参数只有关键业绩指标才写。",
    "KPI数据": "完成值写数字; 这个月没有就写 不适用, 并在依据里写原因。",
    "评分": "评分类型写 自评、复核、下级、上级。下级评分导入后查不到是谁评的。",
    "不良事故": "没有复核人工号的还没确认, 不计分。",
    "加分": "初核和复核都有才计分; 复核人是发生那天的直接上级。",
    "录音监听": "一个录音的每个评分项一行。",
    "历年等级": "等级写 A 到 E。",
}


def blank_workbook() -> bytes:
    """Every sheet of the import, empty, after a page of explanations."""
    words: list[Column[tuple[str, str]]] = [
        Column(title="工作表", value=lambda line: line[0], width=12),
        Column(title="怎么填", value=lambda line: line[1], kind=Kind.LONG, width=76),
    ]
    lines = [(spec.name, _MEANINGS[spec.name]) for spec in SHEETS]
    lines.append(("提示", "不用的工作表可以删掉。日期写成 2026-10-08, 工号写成文本。这一页不导入。"))
    sheets: list[Sheet[Any]] = [Sheet(name="填写说明", columns=words, rows=lines, portrait=True)]
    return workbook_bytes([*sheets, *(_blank(spec) for spec in SHEETS)])


def _blank(spec: SheetSpec) -> Sheet[Any]:
    columns: list[Column[Any]] = [
        Column(title=column.head, value=lambda _row: None, width=14) for column in spec.columns
    ]
    return Sheet(name=spec.name, columns=columns, rows=())
