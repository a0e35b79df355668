"""The monitoring standard and the calls scored by it (A2)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from appraisals.states import OPEN_STATES, DataSource
from common.wording import listed
from policy.rounding import ZERO, plain
from quality.states import AssessmentState
from reports.facts.changes import Changes, Counts, Seen, is_twice
from reports.facts.faults import Faults, Place, nearest
from reports.facts.parsing import Parsed
from reports.facts.roster import Roster
from reports.facts.rows import CallRow, RubricRow
from reports.facts.sheets import CALLS, RUBRIC
from reports.selectors.known import Known
from reports.selectors.known_records import KnownCall, KnownLevel

Levels = dict[Decimal, str]


@dataclass(slots=True)
class Standard:
    """A version of the rubric: item → category, full marks, levels.

    ``pk`` None is one the workbook brings; ``follows`` is then the one whose plan and fatal faults it keeps.
    """

    pk: int | None
    starts_on: date
    items: dict[str, tuple[str, Decimal, Levels]] = field(default_factory=dict)
    follows: int | None = None


class ScoredCall(NamedTuple):
    """A monitored call put together from its rows; ``stands`` is the one it changes."""

    at: Place
    stands: KnownCall | None
    record: str
    called_on: date
    number: str
    listener: str
    rubric_id: int | None
    scores: dict[str, Decimal]

    @property
    def total(self) -> Decimal:
        """The call's points."""
        return sum(self.scores.values(), ZERO)


@dataclass(slots=True)
class CallPlan:
    """``standard`` is the new version of the rubric, if there is one; counts are of rows."""

    standard: Standard | None
    rubric_counts: Counts
    calls: Changes[ScoredCall] = field(default_factory=lambda: Changes(CALLS))


def plan_calls(parsed: Parsed, known: Known, roster: Roster, today: date) -> CallPlan:
    """Check the standard against the one in force on the workbook's first call, then every call against it."""
    standards = _standards(known.levels)
    written = _written(parsed.of(RUBRIC), parsed.faults)
    first = min((row.called_on for row in parsed.of(CALLS)), default=today)
    rows = len(parsed.of(RUBRIC))
    plan = CallPlan(None, Counts(RUBRIC, 0, 0, rows))
    forced: Standard | None = None
    if written:
        forced = _in_force(standards, first)
        if forced is None or forced.items != written:
            before = forced or next(iter(standards), None)
            forced = plan.standard = Standard(None, first, written, before.pk if before else None)
            plan.rubric_counts = Counts(RUBRIC, rows, 0, 0)
    if not parsed.spoilt.get(RUBRIC) and RUBRIC not in parsed.unread:
        _plan_calls(plan, parsed, known, roster, (standards, forced))
    return plan


def _standards(levels: Iterable[KnownLevel]) -> list[Standard]:
    """Every version in order of effect."""
    found: dict[int, Standard] = {}
    for level in levels:
        standard = found.setdefault(level.rubric_id, Standard(level.rubric_id, level.starts_on))
        item = standard.items.setdefault(level.item, (level.category, level.full, {}))
        item[2][level.points] = level.description
    return list(found.values())


def _in_force(standards: list[Standard], day: date) -> Standard | None:
    begun = [standard for standard in standards if standard.starts_on <= day]
    return begun[-1] if begun else None


def _written(rows: list[RubricRow], faults: Faults) -> dict[str, tuple[str, Decimal, Levels]]:
    items: dict[str, tuple[str, Decimal, Levels]] = {}
    seen = Seen()
    for row in rows:
        if is_twice(seen, (row.item, row.level), row.at, "等级分", faults):
            continue
        category, full, levels = items.setdefault(row.item, (row.category, row.points, {}))
        if category != row.category:
            faults.add(row.at, "类别", _("同一个评分项写了两个类别"), _("前面写的是 %(word)s") % {"word": category})
        if full != row.points:
            faults.add(row.at, "满分", _("同一个评分项写了两个满分"), _("前面写的是 %(n)s") % {"n": plain(full)})
        if row.level > full:
            faults.add(row.at, "等级分", _("高于满分 %(n)s") % {"n": plain(full)}, _("等级分不能超过满分"))
        levels[row.level] = row.description
    return items


def _plan_calls(
    plan: CallPlan, parsed: Parsed, known: Known, roster: Roster, rubrics: tuple[list[Standard], Standard | None]
) -> None:
    spoilt = {record for (record,) in parsed.spoilt_keys(CALLS, "录音编号")}
    grouped: dict[str, list[CallRow]] = {}
    for row in parsed.of(CALLS):
        grouped.setdefault(row.record, []).append(row)
    for record, rows in grouped.items():
        head = rows[0]
        standard = rubrics[1] or _in_force(rubrics[0], head.called_on)
        if standard is None:
            parsed.faults.add(head.at, "通话日期", _("这一天还没有监听标准"), _("加上“监听标准”表，或改日期"))
            continue
        if _check_head(rows, roster) and _check_scores(rows, standard, parsed.faults, is_whole=record not in spoilt):
            scores = {row.item: row.points for row in rows}
            call = ScoredCall(head.at, None, record, head.called_on, head.number, head.listener, standard.pk, scores)
            _compare(plan, call, known, parsed.faults)


def _check_head(rows: list[CallRow], roster: Roster) -> bool:
    """The rows of a call agree on who, when and by whom; the listener is somebody else."""
    head, before = rows[0], len(roster.faults.found)
    for row in rows[1:]:
        for column, mine, first in (
            ("通话日期", row.called_on, head.called_on),
            ("工号", row.number, head.number),
            ("监听人工号", row.listener, head.listener),
        ):
            if mine != first:
                words = _("和第 %(row)s 行同一个录音，写的是 %(value)s") % {"row": head.at.row, "value": first}
                roster.faults.add(row.at, column, words, _("改成一样的，或换录音编号"))
    roster.check(head.at, "工号", head.number)
    roster.check(head.at, "监听人工号", head.listener)
    if head.listener == head.number:
        roster.faults.add(head.at, "监听人工号", _("不能监听自己的通话"), _("写监听人的工号"))
    return len(roster.faults.found) == before


def _check_scores(rows: list[CallRow], standard: Standard, faults: Faults, *, is_whole: bool) -> bool:
    """Every item of the rubric once, each at a level it allows."""
    before, seen = len(faults.found), Seen()
    for row in rows:
        item = standard.items.get(row.item)
        if item is None:
            hint = nearest(row.item, dict.fromkeys(standard.items, "")) or listed(standard.items)
            faults.add(row.at, "评分项", _("监听标准里没有这一项"), hint)
        elif is_twice(seen, row.item, row.at, "评分项", faults):
            continue
        elif row.points not in item[2]:
            allowed = "/".join(plain(level) for level in sorted(item[2], reverse=True))
            faults.add(row.at, "得分", _("监听标准不允许这个等级分"), _("可以写：%(all)s") % {"all": allowed})
    missing = [name for name in standard.items if name not in seen.places]
    if missing and is_whole and len(faults.found) == before:
        words = _("这个录音少评了 %(items)s") % {"items": listed(missing)}
        faults.add(rows[0].at, "录音编号", words, _("每个评分项一行"))
    return len(faults.found) == before


def _compare(plan: CallPlan, call: ScoredCall, known: Known, faults: Faults) -> None:
    found = known.calls.get(call.record)
    if found is not None:
        call = call._replace(stands=found)
        if _is_same(found, call, known):
            plan.calls.same += 1
            return
    if any(_is_settled(known, day.replace(day=1), number) for day, number in _touched(call)):
        words = _("%(month)s 已经汇总，不能再加或改录音") % {"month": f"{call.called_on:%Y-%m}"}
        faults.add(call.at, "录音编号", words, _("先撤回汇总，再导入"))
        return
    if found is None or _may_change(found, call, faults):
        plan.calls.put(call, is_known=found is not None, is_same=False)


def _is_same(found: KnownCall, call: ScoredCall, known: Known) -> bool:
    stands = (found.state, found.called_on, found.number, found.listener, found.total)
    told = (AssessmentState.SUBMITTED, call.called_on, call.number, call.listener, call.total)
    return stands == told and known.call_scores.get(found.pk, {}) == call.scores


def _touched(call: ScoredCall) -> set[tuple[date, str]]:
    """The days and people whose mean the call would change."""
    found = call.stands
    return {(call.called_on, call.number)} | ({(found.called_on, found.number)} if found else set())


def _may_change(found: KnownCall, call: ScoredCall, faults: Faults) -> bool:
    """Whether a workbook may score, or score anew, a call that is known here; why not is a fault."""
    before = len(faults.found)
    if found.is_registered:
        for column, mine, stands in (
            ("通话日期", call.called_on, found.called_on),
            ("工号", call.number, found.number),
        ):
            if mine != stands:
                words = _("系统里登记的是 %(value)s") % {"value": stands}
                faults.add(call.at, column, words, _("改成一样的，或换录音编号"))
    if found.counted_month is not None:
        words = _("已经计入 %(month)s 的考核，和系统里的不一样") % {"month": f"{found.counted_month:%Y-%m}"}
        faults.add(call.at, "录音编号", words, _("撤回汇总后再改，或改回原样"))
    elif found.is_disputed:
        faults.add(call.at, "录音编号", _("系统里对这通录音提过异议"), _("按系统里的裁定改，或删掉这个录音的行"))
    elif found.is_own or found.is_scored_twice:
        words = _("系统里已经评过这通录音，和表里的不一样")
        faults.add(call.at, "录音编号", words, _("改成一样的，或删掉这个录音的行"))
    elif found.state == AssessmentState.DRAFT and found.listener != call.listener:
        words = _("系统里 %(who)s正在评这通录音") % {"who": found.listener}
        faults.add(call.at, "监听人工号", words, _("等他交了再导入，或删掉这个录音的行"))
    return len(faults.found) == before


def _is_settled(known: Known, month: date, number: str) -> bool:
    """Whether a closed form of that month has counted the person's calls."""
    form = known.forms.get((month, number))
    if form is None or form.state in OPEN_STATES:
        return False
    return any(item.data_source == DataSource.MONITORING for item in known.items.get(form.pk, ()))
