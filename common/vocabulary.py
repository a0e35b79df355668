"""The words that stand in data, marked for the translators: the policy core writes them unmarked.

Every name of the scheme's steps, levels, grades and consequences as version 1.0 has them, the scoring methods, the
parts, and what a problem's values may be. ``gettext`` of a name that the customer changed gives the name itself.
"""

from django.utils.translation import gettext_noop

WORDS = (
    # scoring methods and their parameters
    gettext_noop("达成率"),
    gettext_noop("反向达成率"),
    gettext_noop("分档"),
    gettext_noop("扣减"),
    gettext_noop("线性"),
    gettext_noop("直接计分"),
    gettext_noop("目标"),
    gettext_noop("上限"),
    gettext_noop("每次"),
    gettext_noop("容许"),
    gettext_noop("零分"),
    gettext_noop("满分"),
    gettext_noop("完成值"),
    # the parts, alone and as one weight is shared by two
    gettext_noop("关键业绩指标"),
    gettext_noop("工作目标"),
    gettext_noop("关键业绩指标、工作目标"),
    gettext_noop("工作行为与态度"),
    gettext_noop("管理行为与能力"),
    gettext_noop("还差"),
    gettext_noop("多了"),
    # the five levels of behaviour and the five grades of the year
    gettext_noop("优秀"),
    gettext_noop("良好"),
    gettext_noop("合格"),
    gettext_noop("待改进"),
    gettext_noop("不合格"),
    gettext_noop("称职"),
    gettext_noop("基本称职"),
    gettext_noop("不称职"),
    gettext_noop("待定"),
    gettext_noop("不参评"),
    # what follows from months and from years
    gettext_noop("警告"),
    gettext_noop("辞退"),
    gettext_noop("上调绩效上限或优异奖金"),
    gettext_noop("下调绩效上限"),
    gettext_noop("免年度奖"),
    gettext_noop("降级留用或辞退"),
    gettext_noop("晋升等级或上调岗位工资"),
    gettext_noop("年度优秀员工奖"),
    # the steps of a month
    gettext_noop("设定并确认目标"),
    gettext_noop("自评"),
    gettext_noop("报送数据"),
    gettext_noop("上级复核"),
    gettext_noop("汇总并送达结果"),
    gettext_noop("双方签认"),
    gettext_noop("申诉截止"),
    gettext_noop("面谈"),
    gettext_noop("报人力资源部备案"),
)
