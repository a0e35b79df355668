"""The places of the portal as the sidebar and the phone's tabs name them; who sees which is said in ``context``."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from reports.selectors import waiting as todos


class Place(NamedTuple):
    """An entry before it is known who asks: group, address, words, icon, and which waiting things it counts.

    ``also``: an address outside its own under which it is the current one as well.
    """

    group: str
    name: str
    label: Promise
    icon: str
    counts: tuple[str, ...] = ()
    also: str = ""


APPEALS = (todos.SUBMIT_APPEAL, todos.SUPPLEMENT, todos.EXAMINE, todos.ASSIGN)
LISTENING = (todos.SCORE, todos.RESUME, todos.BLIND, todos.RULE, todos.HEAR, todos.OBJECT)
INTERVIEWS = (todos.INTERVIEW, todos.AGREE_INTERVIEW)
PLANS = (todos.WRITE_PLAN, todos.SIGN_PLAN, todos.CHECK_PLAN)
SCHEMES = (todos.CHECK_SCHEME, todos.APPROVE_SCHEME, todos.REDRAFT)
PROPOSALS = (todos.DECIDE, todos.CHECKLIST, todos.GROUND_LOST, todos.APPROVE_DECISION)
TRAINING = (todos.PASS_TRAINING, todos.ARRANGE_TRAINING)
YEAR = (todos.CLOSE_YEAR, todos.PUBLISH_YEAR, todos.CORRECT_YEAR)
GROUPS = {
    "mine": gettext_lazy("我的"),
    "team": gettext_lazy("团队"),
    "duty": gettext_lazy("值班"),
    "group": gettext_lazy("小组"),
    "hr": gettext_lazy("人力资源"),
    "read": gettext_lazy("查阅"),
    "set": gettext_lazy("设置"),
}
PLACES = (
    Place("mine", "home", gettext_lazy("首页"), "home"),
    Place("mine", "appraisals:my_forms", gettext_lazy("我的考核表"), "clipboard-list", (todos.CONFIRM, todos.SELF)),
    Place("mine", "scoring:my_results", gettext_lazy("我的结果"), "stairs-down", (todos.SIGN,)),
    Place("mine", "notices:inbox", gettext_lazy("消息"), "bell", (todos.UNREAD,)),
    Place("mine", "appeals:appeals", pgettext_lazy("page", "申诉"), "gavel", APPEALS),
    Place("mine", "development:interviews", pgettext_lazy("page", "面谈"), "message", INTERVIEWS),
    Place("mine", "development:plans", gettext_lazy("改进计划"), "chart-line", PLANS),
    Place("mine", "development:training", gettext_lazy("培训需求"), "school", TRAINING),
    Place("mine", "appraisals:upward", gettext_lazy("评上级"), "user-check", (todos.RATE,)),
    Place("mine", "appraisals:figures", gettext_lazy("报数据"), "database", (todos.FIGURES,)),
    Place("mine", "incidents:incidents", gettext_lazy("不良事故"), "file-alert", (todos.STATE, todos.VERIFY)),
    Place("mine", "incidents:bonuses", gettext_lazy("加分"), "star", (todos.CHECK_BONUS,)),
    Place("mine", "quality:calls", gettext_lazy("录音监听"), "headset", LISTENING, "quality:rubric"),
    Place("team", "appraisals:team", gettext_lazy("团队考核"), "users", (todos.TARGETS, todos.REVIEW)),
    Place("team", "scoring:to_sign", gettext_lazy("团队签认"), "signature", (todos.SIGN_TEAM,)),
    Place("team", "appraisals:approvals", gettext_lazy("目标审批"), "checkbox", (todos.APPROVE,)),
    Place("team", "consequences:counters", gettext_lazy("奖惩计数"), "list-details"),
    Place("duty", "scoring:duty", gettext_lazy("值班看板"), "layout-board", (todos.CONSOLIDATE, todos.PUBLISH)),
    Place("duty", "reports:archive", gettext_lazy("考核档案"), "archive"),
    Place("group", "appraisals:cycles", gettext_lazy("考核周期"), "calendar-event"),
    Place("group", "appraisals:library", gettext_lazy("指标库"), "book"),
    Place("group", "scoring:rota", gettext_lazy("值班表"), "calendar-stats", (todos.ANSWER_SWAP,)),
    Place("group", "calibration:replays", gettext_lazy("方案试算"), "chart-line"),
    Place("group", "calibration:boards", gettext_lazy("年度校准"), "adjustments", (todos.AUTHORISE,)),
    Place("group", "development:meetings", gettext_lazy("考核交流会"), "notes", (todos.CONSENT,)),
    Place("hr", "reports:hr_month", gettext_lazy("月度结果"), "report-money", (todos.FILE,)),
    Place("hr", "consequences:proposals", gettext_lazy("奖惩建议"), "checklist", PROPOSALS),
    Place("hr", "calibration:year", gettext_lazy("年度考核"), "trophy", YEAR),
    Place("hr", "consequences:pay", gettext_lazy("绩效工资"), "cash", (todos.PREPARE_PAY, todos.SETTLE_PAY)),
    Place("hr", "people:employees", gettext_lazy("员工"), "users-group"),
    Place("hr", "reports:import_workbook", gettext_lazy("导入表格"), "file-import"),
    Place("read", "appraisals:scheme", gettext_lazy("考核方案"), "file-text", SCHEMES),
    Place("read", "quality:rubric", gettext_lazy("监听标准"), "headset"),
    Place("read", "incidents:standards", gettext_lazy("事故与加分标准"), "scale"),
    Place("set", "people:calendar", gettext_lazy("工作日历"), "calendar"),
    Place("set", "notices:robots", gettext_lazy("消息渠道"), "send", (), "notices:rules"),
)
CALL_PAGES = (
    Place("", "quality:calls", gettext_lazy("录音"), "headset"),
    Place("listens", "quality:to_score", gettext_lazy("待评录音"), "headset", (todos.SCORE, todos.RESUME, todos.BLIND)),
    Place("listens", "quality:disputes", pgettext_lazy("page", "异议"), "headset", (todos.RULE,)),
    Place("sees", "quality:plan", gettext_lazy("抽听计划"), "headset"),
    Place("sees", "quality:drift", gettext_lazy("复听比对"), "headset"),
    Place("", "quality:rubric", gettext_lazy("监听标准"), "headset"),
)
"""The pages of call monitoring, as tabs on each of them; ``group`` is who has the tab."""
READ_BY_OTHERS = {"people:employees", "consequences:pay", "consequences:proposals", "calibration:year"}
"""HR's pages that others only read."""
FIRST = ("home", "appraisals:my_forms", "scoring:my_results")
THEN = ("scoring:duty", "reports:hr_month", "appraisals:approvals", "appraisals:team", "appraisals:figures")
"""The phone's first three tabs: one's own pages, else what one's office works on, in this order; then the messages."""
