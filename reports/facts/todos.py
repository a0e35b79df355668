"""What waits for a person, in words: what to do, who stands behind it, until when, and the one click to it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from policy.workdays import Calendar, working_day_after, working_days_left
from reports.facts.follow_ups import FOLLOW_UPS
from reports.facts.pay_todos import PAY
from reports.facts.proposal_todos import PROPOSALS
from reports.facts.todo_parts import Words, counted, named, one_or_all
from reports.facts.year_todos import YEARS
from reports.selectors import waiting as what
from reports.selectors.waiting import DAYS_TO_ANSWER, MARKS, Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """A line of the to-do list. ``left`` counts working days with today, 0 and below is late, None has no term."""

    title: str
    detail: str
    act: str
    url: str
    due_on: date | None
    left: int | None

    @property
    def icon(self) -> str:
        """Every urgency has a shape."""
        if self.left is not None and self.left <= 0:
            return "alert-triangle-f"
        return "clock" if self.left is not None and self.left <= 2 else "circle"

    @property
    def colour(self) -> str:
        """And a colour."""
        if self.left is not None and self.left <= 0:
            return "t-late"
        return "t-warn" if self.left is not None and self.left <= 2 else "dim"


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Working days as the list needs them; ``sign_days`` is the term for signing."""

    today: date
    calendar: Calendar
    sign_days: int


def todo_lines(rows: Iterable[Waiting], days: Days) -> list[Todo]:
    """The list by urgency: late first, then by term, what has none last."""
    lines = [_line(row, days) for row in rows if row.what not in MARKS and row.n]
    return sorted(lines, key=lambda line: (line.due_on is None, line.due_on or days.today))


def title_and_url(row: Waiting) -> tuple[str, str]:
    """What to do, and where."""
    title, _detail, _act, url = _WORDS[row.what](row)
    return title, url


def _line(row: Waiting, days: Days) -> Todo:
    title, detail, act, url = _WORDS[row.what](row)
    due = row.due_on
    if due is None and row.at is not None:
        within = DAYS_TO_ANSWER.get(row.what, days.sign_days)
        due = working_day_after(timezone.localdate(row.at), within, days.calendar)
    left = None if due is None else working_days_left(days.today, due, days.calendar)
    if due is not None and left is not None and due >= days.today:
        left = max(1, left)  # the last day may be idle, it is not late before it is over
    return Todo(title=title, detail=detail, act=act, url=url, due_on=due, left=left)


def _confirm(row: Waiting) -> Words:
    title, detail = _("确认 %(month)s考核目标"), _("%(name)s定好了，等你确认；有疑问可以提")
    return title % named(row), detail % named(row), _("去确认"), reverse("appraisals:targets", args=[row.ident])


def _self(row: Waiting) -> Words:
    title, detail = _("自评 %(month)s考核表"), _("交了以后由%(name)s复核")
    return title % named(row), detail % named(row), _("去自评"), reverse("appraisals:form", args=[row.ident])


def _sign(row: Waiting) -> Words:
    detail = _("同意或带异议签认都可以，签完还可以申诉")
    return _("签认 %(month)s考核结果") % named(row), detail, _("去签认"), reverse("scoring:result", args=[row.ident])


def _rate(row: Waiting) -> Words:
    title = (_("给 %(name)s评管理行为") if row.n == 1 else _("给 %(n)s位上级评管理行为")) % named(row)
    return title, _("%(month)s，不记名") % named(row), _("去评"), reverse("appraisals:upward")


def _figures(row: Waiting) -> Words:
    title = ngettext("报 %(month)s数据，还欠 %(n)s 项", "报 %(month)s数据，还欠 %(n)s 项", row.n) % counted(row)
    detail = _("%(name)s") % named(row) if row.n == 1 else _("%(name)s等") % named(row)
    return title, detail, _("去报数"), reverse("appraisals:figures_month", args=[row.key])


def _targets(row: Waiting) -> Words:
    title = (_("给 %(name)s定 %(month)s目标") if row.n == 1 else _("给 %(n)s 人定 %(month)s目标")) % named(row)
    return title, _("可以复制上月或从指标库起草"), _("去定目标"), reverse("appraisals:team_month", args=[row.key])


def _review(row: Waiting) -> Words:
    title = (_("复核 %(name)s的 %(month)s考核表") if row.n == 1 else _("复核 %(n)s 人的 %(month)s考核表")) % named(row)
    url = reverse("appraisals:team_month", args=[row.key])
    if row.n == 1:
        url = reverse("appraisals:form", args=[row.ident])
    return title, _("自评已交，以你的复核分为准"), _("去复核"), url


def _sign_team(row: Waiting) -> Words:
    title = (_("签认 %(name)s的 %(month)s结果") if row.n == 1 else _("签认 %(n)s 人的 %(month)s结果")) % named(row)
    return title, _("你是考核负责人，可以一起签"), _("去签认"), reverse("scoring:to_sign")


def _approve(row: Waiting) -> Words:
    title = ngettext("审批 %(n)s 人的 %(month)s目标", "审批 %(n)s 人的 %(month)s目标", row.n) % counted(row)
    detail = _("批准后生效，退回要写原因")
    return title, detail, _("去审批"), f"{reverse('appraisals:approvals')}?cycle={row.key}"


def _consolidate(row: Waiting) -> Words:
    title = ngettext("汇总 %(month)s考核：%(n)s 张已复核", "汇总 %(month)s考核：%(n)s 张已复核", row.n) % counted(row)
    detail = _("缺数据的会列出来，其余照常汇总")
    return title, detail, _("去汇总"), reverse("scoring:duty_month", args=[row.key])


def _publish(row: Waiting) -> Words:
    title = ngettext("出 %(month)s结果：%(n)s 张已汇总", "出 %(month)s结果：%(n)s 张已汇总", row.n) % counted(row)
    detail = _("送到本人，签认和申诉期从这时算起")
    return title, detail, _("去出结果"), reverse("scoring:duty_month", args=[row.key])


def _file(row: Waiting) -> Words:
    title = ngettext("备案 %(month)s结果：%(n)s 人已签", "备案 %(month)s结果：%(n)s 人已签", row.n) % counted(row)
    return title, _("双方都签过，等备案"), _("去备案"), reverse("reports:hr_month", args=[row.key])


def _state(row: Waiting) -> Words:
    title = (_("陈述不良事故 %(name)s") if row.n == 1 else _("陈述 %(n)s 条不良事故")) % named(row)
    detail = _("说说当时的情况，没有要说的也点一下；过了期限，核实人可以直接确认")
    return title, detail, _("去陈述"), one_or_all(row, "incidents:incident", "incidents:incidents")


def _verify(row: Waiting) -> Words:
    title = (_("核实 %(month)s不良事故：%(name)s") if row.n == 1 else _("核实 %(n)s 条 %(month)s不良事故")) % named(row)
    url = one_or_all(row, "incidents:incident", "incidents:incidents")
    return title, _("当事人说过了或期限已到，核实前不计分"), _("去核实"), url


def _check(row: Waiting) -> Words:
    title = (_("审核 %(month)s加分：%(name)s") if row.n == 1 else _("审核 %(n)s 条 %(month)s加分")) % named(row)
    url = one_or_all(row, "incidents:bonus", "incidents:bonuses")
    return title, _("初核和直接上级确认后才计分"), _("去审核"), url


def _score(row: Waiting) -> Words:
    title = (_("评 %(name)s的 %(month)s录音") if row.n == 1 else _("评 %(n)s 通 %(month)s录音")) % named(row)
    return title, _("系统抽中的，评完计入当月平均分"), _("去评分"), reverse("quality:to_score")


def _resume(row: Waiting) -> Words:
    title = (_("接着评录音 %(name)s") if row.n == 1 else _("接着评 %(n)s 通录音")) % named(row)
    return title, _("评了一部分，交了才算"), _("接着评"), one_or_all(row, "quality:assess", "quality:to_score")


def _blind(row: Waiting) -> Words:
    title = (_("复听录音 %(name)s") if row.n == 1 else _("复听 %(n)s 通录音")) % named(row)
    url = one_or_all(row, "quality:assess", "quality:to_score")
    return title, _("看不到第一次的评分，也不改成绩"), _("去复听"), url


def _rule(row: Waiting) -> Words:
    title = (_("裁定录音异议 %(name)s") if row.n == 1 else _("裁定 %(n)s 条录音异议")) % named(row)
    url = one_or_all(row, "quality:call", "quality:disputes")
    return title, _("监听人以外的人裁定，原分留着"), _("去裁定"), url


def _hear(row: Waiting) -> Words:
    title = (_("看录音 %(name)s的评分") if row.n == 1 else _("看 %(n)s 通录音的评分")) % named(row)
    return title, _("不同意哪一项，可以提异议"), _("去看"), one_or_all(row, "quality:call", "quality:calls")


def _object(row: Waiting) -> Words:
    title = (
        _("录音 %(name)s：事故不成立，一票否决还在") if row.n == 1 else _("%(n)s 通录音：事故不成立，一票否决还在")
    ) % named(row)
    return title, _("不同意一票否决，可以再提异议"), _("去看"), one_or_all(row, "quality:call", "quality:calls")


_WORDS: dict[str, Callable[[Waiting], Words]] = {
    **FOLLOW_UPS,
    **PROPOSALS,
    **PAY,
    **YEARS,
    what.CONFIRM: _confirm,
    what.SELF: _self,
    what.SIGN: _sign,
    what.RATE: _rate,
    what.FIGURES: _figures,
    what.TARGETS: _targets,
    what.REVIEW: _review,
    what.SIGN_TEAM: _sign_team,
    what.APPROVE: _approve,
    what.CONSOLIDATE: _consolidate,
    what.PUBLISH: _publish,
    what.FILE: _file,
    what.STATE: _state,
    what.VERIFY: _verify,
    what.CHECK_BONUS: _check,
    what.SCORE: _score,
    what.RESUME: _resume,
    what.BLIND: _blind,
    what.RULE: _rule,
    what.HEAR: _hear,
    what.OBJECT: _object,
}
