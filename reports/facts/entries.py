"""The sheets KPI数据 and 评分: figures by their providers and scores by whom the policy lets give them (P4.1-P4.4)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from appraisals.states import DataSource, FormState, Part
from common.problems import sentence
from common.wording import listed
from policy.facts import KPI, MANAGEMENT
from policy.items import figure_problem
from policy.parameters import read_params
from policy.rounding import plain
from reports.facts.changes import Changes, Seen, is_twice
from reports.facts.faults import Place, nearest
from reports.facts.parsing import Parsed
from reports.facts.rows import FigureRow, ScoreRow
from reports.facts.sheets import FIGURES, REVIEW, SCORES, SELF, SUPERIOR, UPWARD
from reports.facts.targets import RUNNING, FormPlan, FormsPlan, Grounds, Target
from reports.selectors.known import FormKey, KnownFigure, KnownScore

KINDS = {KPI: (), MANAGEMENT: (SELF, UPWARD, SUPERIOR)}
KIND_NAMES = {SELF: "自评", REVIEW: "复核", UPWARD: "下级", SUPERIOR: "上级"}


class FigureChange(NamedTuple):
    """A figure to be written; ``stands`` is the one it supersedes."""

    form: FormKey
    item: Target
    row: FigureRow
    stands: KnownFigure | None


class ScoreChange(NamedTuple):
    """A self-, review or superior's score to be written over ``stands``."""

    form: FormKey
    item: Target
    row: ScoreRow
    stands: KnownScore | None


@dataclass(slots=True)
class EntriesPlan:
    """Figures and scores; ``upward``: form → rater → the ratings of one who has not rated before."""

    figures: Changes[FigureChange] = field(default_factory=lambda: Changes(FIGURES))
    scores: Changes[ScoreChange] = field(default_factory=lambda: Changes(SCORES))
    upward: dict[FormKey, dict[str, list[tuple[Target, ScoreRow]]]] = field(default_factory=dict)


def plan_entries(parsed: Parsed, forms: FormsPlan, grounds: Grounds) -> EntriesPlan:
    """Check and compare both sheets, then say where each touched form stands."""
    plan, seen = EntriesPlan(), Seen()
    for figure in parsed.of(FIGURES):
        found = _find(figure.at, figure, KPI, forms, grounds)
        if found and not is_twice(seen, (*found[0].key, figure.name), figure.at, "指标名称", grounds.faults):
            _plan_figure(plan, *found, figure, grounds)
    for score in parsed.of(SCORES):
        found = _find(score.at, score, score.part, forms, grounds)
        if found and _check_score(*found, score, seen, grounds):
            _plan_score(plan, *found, score, grounds)
    _set_states(plan, forms, grounds)
    return plan


def _find(
    at: Place, row: FigureRow | ScoreRow, part: str, forms: FormsPlan, grounds: Grounds
) -> tuple[FormPlan, Target] | None:
    """The form and the item a row is about; what is missing is a fault unless its own row already has one."""
    key, faults = (row.month, row.number), grounds.faults
    if grounds.roster.check(at, "工号", row.number) is None:
        return None
    form = forms.forms.get(key)
    if form is None:
        if not forms.is_spoilt(key):
            faults.add(at, "月份", _("这个人这个月没有考核表"), _has_months(row.number, forms.forms))
        return None
    item = form.items.get((part, row.name))
    if item is None:
        if not forms.is_spoilt(key):
            names = [name for kind, name in form.items if kind == part]
            hint = nearest(row.name, dict.fromkeys(names, "")) or _("可以写：%(all)s") % {"all": listed(names)}
            faults.add(at, "指标名称", _("这张表的这一部分没有这一项"), hint if names else "")
        return None
    if form.state not in RUNNING and not form.is_closed:
        faults.add(at, "月份", _("这张表的目标还没定"), _("在“考核指标”里写上，或等目标确认后再导入"))
        return None
    return form, item


def _has_months(number: str, forms: Iterable[FormKey]) -> str:
    months = sorted(f"{month:%Y-%m}" for month, person in forms if person == number)
    if not months:
        return _("先在“考核指标”里加上")
    return _("有考核表的月份：%(months)s") % {"months": listed(months[:12])}


def _plan_figure(plan: EntriesPlan, form: FormPlan, item: Target, row: FigureRow, grounds: Grounds) -> None:
    before = len(grounds.faults.found)
    _check_figure(form, item, row, grounds)
    if len(grounds.faults.found) > before:
        return
    stands = grounds.known.figures.get(item.pk) if item.pk else None
    told = (row.value, row.basis, row.collected_on)
    same = stands is not None and told == (stands.value, stands.basis, stands.collected_on)
    if form.is_closed and not same:
        _refuse_closed(grounds, row.at, "完成值")
        return
    change = FigureChange(form.key, item, row, stands)
    plan.figures.put(change, is_known=stands is not None, is_same=same)


def _check_figure(form: FormPlan, item: Target, row: FigureRow, grounds: Grounds) -> None:
    faults, roster = grounds.faults, grounds.roster
    if item.data_source == DataSource.MONITORING:
        faults.add(row.at, "指标名称", _("这一项取录音监听的平均分"), _("删掉这一行"))
        return
    if item.not_applicable:
        faults.add(row.at, "指标名称", _("考核负责人已标为不适用"), _("先在考核表上撤销，或删掉这一行"))
    if roster.check(row.at, "信息提供人工号", row.provider) and item.provider and row.provider != item.provider:
        hint = _("这一项由 %(who)s 提供") % {"who": roster.named(item.provider)}
        faults.add(row.at, "信息提供人工号", _("不是这一项的信息提供人"), hint)
    if row.collected_on < form.month:
        faults.add(row.at, "采集日期", _("早于考核月"), _("写 %(day)s 或以后") % {"day": form.month.isoformat()})
    if row.value is None:
        if not row.basis:
            faults.add(row.at, "依据", _("空着"), _("不适用要写原因"))
        return
    params = read_params(item.method, item.parameters).params
    problem = figure_problem(params, item.points, row.value) if params else None
    if problem:
        faults.add(row.at, "完成值", sentence(problem))


def _check_score(form: FormPlan, item: Target, row: ScoreRow, seen: Seen, grounds: Grounds) -> bool:
    """Whether this kind of score exists on that part, lies within the points, and comes from whom it may come."""
    faults, before = grounds.faults, len(grounds.faults.found)
    allowed = KINDS.get(row.part, (SELF, REVIEW))
    if not allowed:
        faults.add(row.at, "部分", _("这一部分按数据计分，不用打分"), _("删掉这一行"))
        return False
    if row.kind not in allowed:
        hint = _("可以写：%(all)s") % {"all": listed(KIND_NAMES[kind] for kind in allowed)}
        faults.add(row.at, "评分类型", _("这一部分没有这种评分"), hint)
        return False
    if row.points > item.points:
        most = {"n": plain(item.points)}
        faults.add(row.at, "得分", _("高于这一项的 %(n)s 分") % most, _("写 0 到 %(n)s 之间的分") % most)
    if grounds.roster.check(row.at, "评分人工号", row.rater):
        _check_rater(form, row, grounds)
    key = (*form.key, row.part, row.name, row.kind, row.rater if row.kind == UPWARD else "")
    is_twice(seen, key, row.at, "评分类型", faults)
    return len(faults.found) == before


def _check_rater(form: FormPlan, row: ScoreRow, grounds: Grounds) -> None:
    roster, faults, rater = grounds.roster, grounds.faults, row.rater
    if row.kind == SELF:
        if rater != form.number:
            hint = _("写 %(who)s") % {"who": roster.named(form.number)}
            faults.add(row.at, "评分人工号", _("自评要由本人打分"), hint)
        return
    if rater == form.number:
        reason = _("不能给自己打下级分") if row.kind == UPWARD else _("不能给自己打上级的分")
        faults.add(row.at, "评分人工号", reason, _("换评分人，或把评分类型改成自评"))
        return
    if row.kind == UPWARD:
        day = grounds.day_of(form.month)
        is_below = rater in roster.unjudged or rater in roster.below_on(form.number, day)
        if not is_below and not _has_rated(form, rater, grounds):
            words = {"day": day.isoformat(), "who": roster.named(form.number)}
            faults.add(row.at, "评分人工号", _("%(day)s 不是 %(who)s 的直接下级") % words, _below(form, day, grounds))
    elif rater != form.owner:
        hint = _("考核负责人是 %(who)s") % {"who": roster.named(form.owner)}
        faults.add(row.at, "评分人工号", _("不是考核负责人"), hint)


def _below(form: FormPlan, day: date, grounds: Grounds) -> str:
    below = sorted(grounds.roster.below_on(form.number, day))[:8]
    return _("下级有：%(all)s") % {"all": listed(grounds.roster.named(number) for number in below)} if below else ""


def _has_rated(form: FormPlan, rater: str, grounds: Grounds) -> bool:
    return form.known is not None and grounds.known.turns.get((form.known.pk, rater), False)


def _plan_score(plan: EntriesPlan, form: FormPlan, item: Target, row: ScoreRow, grounds: Grounds) -> None:
    if row.kind == UPWARD:
        # Who has rated stays counted; what was given can't be found again, so nothing is compared (P4.4).
        if _has_rated(form, row.rater, grounds):
            plan.scores.same += 1
        elif form.is_closed:
            _refuse_closed(grounds, row.at, "得分")
        else:
            plan.upward.setdefault(form.key, {}).setdefault(row.rater, []).append((item, row))
        return
    stands = grounds.known.scores.get((item.pk, row.kind)) if item.pk else None
    same = stands is not None and (stands.points, stands.rater) == (row.points, row.rater)
    if form.is_closed and not same:
        _refuse_closed(grounds, row.at, "得分")
        return
    change = ScoreChange(form.key, item, row, stands)
    plan.scores.put(change, is_known=stands is not None, is_same=same)


def _refuse_closed(grounds: Grounds, at: Place, column: str) -> None:
    grounds.faults.add(at, column, _("这张表已经汇总，和系统里的不一样"), _("撤回汇总后再改，或改回原样"))


def _set_states(plan: EntriesPlan, forms: FormsPlan, grounds: Grounds) -> None:
    """Where each form stands once everything is written: forward only, as far as its scores carry it."""
    given: dict[FormKey, set[tuple[str, str, str]]] = {}
    for change in (*plan.scores.new, *plan.scores.changed):
        given.setdefault(change.form, set()).add((change.item.part, change.item.name, change.row.kind))
    for key, form in forms.forms.items():
        if form.state not in RUNNING or not (form.is_agreed or key in given):
            continue
        marks = given.get(key, set()) | {
            (item.part, item.name, kind)
            for item in form.items.values()
            for kind in (SELF, REVIEW, SUPERIOR)
            if item.pk and (item.pk, kind) in grounds.known.scores
        }
        reached = _reached(form, marks)
        if RUNNING.index(FormState(reached)) > RUNNING.index(FormState(form.state)):
            form.state = reached


def _reached(form: FormPlan, marks: set[tuple[str, str, str]]) -> FormState:
    scored = [item for item in form.items.values() if item.part != Part.KPI and not item.not_applicable]
    above = [(item.part, item.name, SUPERIOR if item.part == Part.MANAGEMENT else REVIEW) for item in scored]
    if above and all(mark in marks for mark in above):
        return FormState.READY
    own = [(item.part, item.name, SELF) for item in scored]
    if any(mark in marks for mark in above) or (own and all(mark in marks for mark in own)):
        return FormState.REVIEW
    return FormState.ACTIVE
