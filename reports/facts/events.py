"""The sheets 加分 and 历年等级, and 不良事故 beside them (P4.5, P4.6, P7.2)."""

from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext as _

from incidents.states import EventState
from policy.rounding import plain
from reports.facts.changes import Changes, Seen, is_twice
from reports.facts.faults import Faults
from reports.facts.incidents import ENDED, IncidentChange, plan_incidents
from reports.facts.parsing import Parsed
from reports.facts.roster import Roster
from reports.facts.rows import BonusRow, PastGradeRow
from reports.facts.sheets import BONUSES, INCIDENTS, PAST_GRADES
from reports.selectors.known import Known
from reports.selectors.known_records import KnownBonus


class BonusChange(NamedTuple):
    """``stands`` is the claim it changes; ``row`` has the checks that were made here as well."""

    row: BonusRow
    stands: KnownBonus | None


class GradeChange(NamedTuple):
    """``pk`` is that of the record it changes."""

    pk: int | None
    row: PastGradeRow


@dataclass(slots=True)
class EventsPlan:
    """Changes of the three sheets."""

    incidents: Changes[IncidentChange] = field(default_factory=lambda: Changes(INCIDENTS))
    bonuses: Changes[BonusChange] = field(default_factory=lambda: Changes(BONUSES))
    grades: Changes[GradeChange] = field(default_factory=lambda: Changes(PAST_GRADES))


def plan_events(parsed: Parsed, known: Known, roster: Roster) -> EventsPlan:
    """Check and compare."""
    plan = EventsPlan(plan_incidents(parsed, known, roster))
    _plan_bonuses(plan, parsed, known, roster)
    _plan_grades(plan, parsed, known, roster)
    return plan


def _plan_bonuses(plan: EventsPlan, parsed: Parsed, known: Known, roster: Roster) -> None:
    seen, counted = Seen(), dict(known.counted_events)
    for row in parsed.of(BONUSES):
        if is_twice(seen, row.record, row.at, "编号", parsed.faults):
            continue
        stands = known.bonuses.get(row.record)
        is_same = stands is not None and _is_same(stands, row)
        merged = row if stands is None or is_same else _merged(row, stands)
        if not _check_bonus(merged, roster):
            continue
        if stands is not None and not is_same and not _may_change(stands, row, merged, counted, parsed.faults):
            continue
        plan.bonuses.put(BonusChange(merged, stands), is_known=stands is not None, is_same=is_same)


def _plan_grades(plan: EventsPlan, parsed: Parsed, known: Known, roster: Roster) -> None:
    seen = Seen()
    for row in parsed.of(PAST_GRADES):
        twice = is_twice(seen, (row.year, row.number), row.at, "工号", parsed.faults)
        if twice or not roster.check(row.at, "工号", row.number):
            continue
        published = known.published_grades.get((row.year, row.number))
        if published is not None and published != row.grade:
            words = _("%(year)s年在这里公布的是%(grade)s") % {"year": row.year, "grade": published or _("不参评")}
            parsed.faults.add(row.at, "等级", words, _("在年度页上更正，不从表格改"))
            continue
        found = known.past_grades.get((row.year, row.number))
        is_same = found is not None and found[1] == row.grade
        if not is_same and (row.year + 1, row.number) in known.published_grades:
            words = _("%(year)s年已经公布，连着两年的奖惩用过这一年的等级") % {"year": row.year + 1}
            parsed.faults.add(row.at, "等级", words, _("改回原样；要改的到年度页上逐人更正"))
            continue
        plan.grades.put(GradeChange(found[0] if found else None, row), is_known=found is not None, is_same=is_same)


def _check_bonus(row: BonusRow, roster: Roster) -> bool:
    """Neither checker is the person; the second check is the direct superior's of that day (P4.6)."""
    before, faults = len(roster.faults.found), roster.faults
    sound = roster.check(row.at, "工号", row.number) is not None
    for column, number in (("初核人工号", row.first), ("复核人工号", row.second)):
        if not number:
            continue
        sound = roster.check(row.at, column, number) is not None and sound
        if number == row.number:
            faults.add(row.at, column, _("不能审核自己的加分"), _("换一位审核人；还没审核就空着"))
            sound = False
    if sound and row.second and row.number not in roster.unjudged:
        superior = roster.superior_or_manager(row.number, row.occurred_on)
        if superior is None:
            faults.add(row.at, "复核人工号", _("发生那天没有登记直接上级"), _("在“员工”表里填上直接上级工号"))
        elif row.second != superior:
            hint = _("直接上级是 %(who)s") % {"who": roster.named(superior)}
            faults.add(row.at, "复核人工号", _("复核人要是发生那天的直接上级"), hint)
        elif row.first == row.second:
            faults.add(row.at, "初核人工号", _("初核和复核是同一人"), _("换一位初核人"))
    return len(faults.found) == before


def _is_same(stands: KnownBonus, row: BonusRow) -> bool:
    """A check that was made here meanwhile is nothing a workbook has to know of."""
    told = (row.occurred_on, row.number, row.grounds, row.points)
    if told != (stands.occurred_on, stands.number, stands.text, stands.points):
        return False
    if row.first and row.second and stands.state != EventState.CONFIRMED:
        return False
    return (not row.first or row.first == stands.first) and (not row.second or row.second == stands.second)


def _merged(row: BonusRow, stands: KnownBonus) -> BonusRow:
    """The row with the checks made here that the workbook does not know of; those of another person's claim fall."""
    if row.number != stands.number:
        return row
    return row._replace(first=row.first or stands.first or "", second=row.second or stands.second or "")


def _may_change(
    stands: KnownBonus, row: BonusRow, merged: BonusRow, counted: dict[tuple[str, str], str], faults: Faults
) -> bool:
    """Whether a workbook may change this claim; why not is a fault."""
    before = len(faults.found)
    if stands.counted_month is not None:
        words = _("已经计入 %(month)s 的考核，和系统里的不一样") % {"month": f"{stands.counted_month:%Y-%m}"}
        faults.add(row.at, "编号", words, _("撤回汇总后再改，或改回原样"))
    elif stands.state in ENDED:
        faults.add(row.at, "编号", str(ENDED[stands.state]), _("改回原样，或换一个编号"))
    elif stands.raiser:
        faults.add(row.at, "编号", _("是在系统里登记的，和系统里的不一样"), _("在系统里办，或改回原样"))
    elif stands.state == EventState.CONFIRMED and not (row.first and row.second):
        told = (row.number, row.occurred_on, row.points)
        if told != (stands.number, stands.occurred_on, stands.points):
            words = _("系统里已确认加 %(n)s 分") % {"n": plain(stands.points)}
            faults.add(row.at, "加分", words, _("要改就写上初核和复核人工号，或在系统里办"))
    if len(faults.found) == before and merged.first and merged.second and stands.event:
        other = counted.setdefault((row.number, stands.event), row.record)
        if other != row.record:
            words = _("同一事件已经按 %(number)s 计分") % {"number": other}
            faults.add(row.at, "编号", words, _("同一事件只计一次；去掉复核人工号，或先在系统里撤销那一条"))
    return len(faults.found) == before
