"""The sheets of the workbook as a table: names, columns, how a cell of each is read (contract of the import).

Heads are Chinese in every language: other systems write them. The order is the order of loading.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from appraisals.states import DataSource, ScoreKind
from people.states import Duty, PositionClass
from policy.facts import PART_CODES
from policy.items import METHOD_CODES
from reports.facts import rows
from reports.facts.cells import Reader, as_text, choice, day, figure, mail, month, number, text, year

UPWARD = "upward"
SUPERIOR = ScoreKind.SUPERIOR.value
REVIEW = ScoreKind.REVIEW.value
SELF = ScoreKind.SELF.value

CLASSES = {"管理": PositionClass.MANAGERIAL.value, "非管理": PositionClass.NON_MANAGERIAL.value}
DUTIES = {"组长": Duty.LEADER.value, "组员": Duty.MEMBER.value}
SOURCES = {"人工": DataSource.MANUAL.value, "录音监听": DataSource.MONITORING.value}
SCORE_KINDS = {"自评": SELF, "复核": REVIEW, "下级": UPWARD, "上级": SUPERIOR}
GRADES = {grade: grade for grade in "ABCDE"}

_CODE = text(20)
_NAME = text(60)
_RECORD = text(40)
_MONEY = number("0", "9999999999.99", 2)
_POINTS = number("0", "100", 2)
_SOME_POINTS = number("0.01", "100", 2)


class Column(NamedTuple):
    """A column: its head, how a cell is read, whether it must be filled, and what stands for a blank one."""

    head: str
    read: Reader
    is_needed: bool = True
    blank: Any = None


class SheetSpec(NamedTuple):
    """A sheet: its columns in the order of the fields of ``build``."""

    name: str
    columns: tuple[Column, ...]
    build: Callable[..., Any]


def _maybe(head: str, read: Reader, blank: Any = "") -> Column:
    return Column(head, read, is_needed=False, blank=blank)


SCHEME, REGIONS, POSITIONS, GRADES_SHEET, EMPLOYEES = "方案", "区域", "岗位", "等级", "员工"
MEMBERS, ROTA, RUBRIC, TARGETS, FIGURES = "考核小组", "值班表", "监听标准", "考核指标", "KPI数据"
SCORES, INCIDENTS, BONUSES, CALLS, PAST_GRADES = "评分", "不良事故", "加分", "录音监听", "历年等级"

_PERSON = Column("工号", _CODE)
_MONTH = Column("月份", month)
_PART = Column("部分", choice(PART_CODES))
_ITEM = Column("指标名称", _NAME)

SHEETS: tuple[SheetSpec, ...] = (
    SheetSpec(SCHEME, (Column("参数", _NAME), _maybe("值", as_text)), rows.SchemeRow),
    SheetSpec(REGIONS, (Column("区域编码", _CODE), Column("区域名称", _NAME)), rows.RegionRow),
    SheetSpec(
        POSITIONS,
        (Column("岗位编码", _CODE), Column("岗位名称", _NAME), Column("类别", choice(CLASSES))),
        rows.PositionRow,
    ),
    SheetSpec(
        GRADES_SHEET,
        (Column("岗位编码", _CODE), Column("等级", _CODE), Column("岗位工资", _MONEY), Column("绩效上限额", _MONEY)),
        rows.GradeRow,
    ),
    SheetSpec(
        EMPLOYEES,
        (
            _PERSON,
            Column("姓名", _NAME),
            _maybe("区域编码", _CODE),
            _maybe("岗位编码", _CODE),
            _maybe("等级", _CODE),
            _maybe("直接上级工号", _CODE),
            _maybe("入职日期", day, None),
            _maybe("离职日期", day, None),
            _maybe("基本工资", _MONEY, None),
            _maybe("邮箱", mail),
        ),
        rows.EmployeeRow,
    ),
    SheetSpec(MEMBERS, (_PERSON, Column("职责", choice(DUTIES))), rows.MemberRow),
    SheetSpec(ROTA, (_MONTH, _PERSON), rows.DutyRow),
    SheetSpec(
        RUBRIC,
        (
            Column("类别", text(40)),
            Column("评分项", _NAME),
            Column("满分", number("0.01", "1000", 2)),
            Column("等级分", number("0", "1000", 2)),
            _maybe("说明", text(300)),
        ),
        rows.RubricRow,
    ),
    SheetSpec(
        TARGETS,
        (
            _MONTH,
            _PERSON,
            _PART,
            _ITEM,
            _maybe("标准", text(200)),
            Column("权重", _SOME_POINTS),
            _maybe("评分方式", choice(METHOD_CODES)),
            _maybe("评分参数", text(200)),
            _maybe("数据来源", choice(SOURCES)),
            _maybe("信息提供人工号", _CODE),
        ),
        rows.TargetRow,
    ),
    SheetSpec(
        FIGURES,
        (
            _MONTH,
            _PERSON,
            _ITEM,
            Column("完成值", figure),
            Column("信息提供人工号", _CODE),
            Column("采集日期", day),
            _maybe("依据", text(200)),
        ),
        rows.FigureRow,
    ),
    SheetSpec(
        SCORES,
        (
            _MONTH,
            _PERSON,
            _PART,
            _ITEM,
            Column("评分类型", choice(SCORE_KINDS)),
            Column("评分人工号", _CODE),
            Column("得分", _POINTS),
        ),
        rows.ScoreRow,
    ),
    SheetSpec(
        INCIDENTS,
        (
            Column("记录单号", _RECORD),
            Column("发生日期", day),
            _PERSON,
            Column("内容描述", text(500)),
            Column("发现人工号", _CODE),
            _maybe("复核人工号", _CODE),
            Column("扣分", _SOME_POINTS),
        ),
        rows.IncidentRow,
    ),
    SheetSpec(
        BONUSES,
        (
            Column("编号", _RECORD),
            Column("发生日期", day),
            _PERSON,
            Column("加分依据", text(500)),
            _maybe("初核人工号", _CODE),
            _maybe("复核人工号", _CODE),
            Column("加分", _SOME_POINTS),
        ),
        rows.BonusRow,
    ),
    SheetSpec(
        CALLS,
        (
            Column("录音编号", _RECORD),
            Column("通话日期", day),
            _PERSON,
            Column("监听人工号", _CODE),
            Column("评分项", _NAME),
            Column("得分", number("0", "1000", 2)),
        ),
        rows.CallRow,
    ),
    SheetSpec(PAST_GRADES, (Column("年份", year), _PERSON, Column("等级", choice(GRADES))), rows.PastGradeRow),
)
SPECS: Mapping[str, SheetSpec] = {spec.name: spec for spec in SHEETS}
