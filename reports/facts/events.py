"""The sheets 不良事故, 加分 and 历年等级 (P4.5, P4.6, P7.2)."""

from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext as _

from incidents.states import EventState
from reports.facts.changes import Changes, Seen, is_twice
from reports.facts.faults import Faults, Place
from reports.facts.parsing import Parsed
from reports.facts.roster import Roster
from reports.facts.rows import BonusRow, IncidentRow, PastGradeRow
from reports.facts.sheets import BONUSES, INCIDENTS, PAST_GRADES
from reports.selectors.known import Known, KnownEvent


class IncidentChange(NamedTuple):
    """``pk`` is that of the record it changes."""

    pk: int | None
    row: IncidentRow


class BonusChange(NamedTuple):
    """As ``IncidentChange``."""

    pk: int | None
    row: BonusRow


class GradeChange(NamedTuple):
    """As ``IncidentChange``."""

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
    plan = EventsPlan()
    _plan_incidents(plan, parsed, known, roster)
    _plan_bonuses(plan, parsed, known, roster)
    _plan_grades(plan, parsed, known, roster)
    return plan


def _plan_incidents(plan: EventsPlan, parsed: Parsed, known: Known, roster: Roster) -> None:
    seen = Seen()
    for incident in parsed.of(INCIDENTS):
        if is_twice(seen, (incident.record, incident.number), incident.at, "记录单号", parsed.faults):
            continue
        if _check_incident(incident, roster):
            _plan_incident(plan, incident, known, parsed.faults)


def _plan_bonuses(plan: EventsPlan, parsed: Parsed, known: Known, roster: Roster) -> None:
    seen = Seen()
    for bonus in parsed.of(BONUSES):
        if is_twice(seen, bonus.record, bonus.at, "编号", parsed.faults):
            continue
        if _check_bonus(bonus, roster):
            _plan_bonus(plan, bonus, known, parsed.faults)


def _plan_grades(plan: EventsPlan, parsed: Parsed, known: Known, roster: Roster) -> None:
    seen = Seen()
    for row in parsed.of(PAST_GRADES):
        twice = is_twice(seen, (row.year, row.number), row.at, "工号", parsed.faults)
        if twice or not roster.check(row.at, "工号", row.number):
            continue
        found = known.past_grades.get((row.year, row.number))
        change = GradeChange(found[0] if found else None, row)
        plan.grades.put(change, is_known=found is not None, is_same=found is not None and found[1] == row.grade)


def _check_incident(row: IncidentRow, roster: Roster) -> bool:
    """The verifier is neither finder nor concerned (P4.5)."""
    before = len(roster.faults.found)
    for column, number in (("工号", row.number), ("发现人工号", row.finder), ("复核人工号", row.verifier)):
        if number:
            roster.check(row.at, column, number)
    if row.verifier and row.verifier == row.finder:
        roster.faults.add(row.at, "复核人工号", _("复核人和发现人是同一人"), _("换一位复核人；还没复核就空着"))
    elif row.verifier and row.verifier == row.number:
        roster.faults.add(row.at, "复核人工号", _("当事人不能复核自己的事故"), _("换一位复核人；还没复核就空着"))
    return len(roster.faults.found) == before


def _plan_incident(plan: EventsPlan, row: IncidentRow, known: Known, faults: Faults) -> None:
    found = known.incidents.get((row.record, row.number))
    mine = (row.occurred_on, row.number, row.description, row.finder, row.points)
    change = IncidentChange(found.pk if found else None, row)
    same = found is not None and _is_same(found, mine, row.verifier)
    if found is not None and not same and not _may_change(found, row.at, "记录单号", faults):
        return
    plan.incidents.put(change, is_known=found is not None, is_same=same)


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


def _plan_bonus(plan: EventsPlan, row: BonusRow, known: Known, faults: Faults) -> None:
    found = known.bonuses.get(row.record)
    change = BonusChange(found.pk if found else None, row)
    same = found is not None and _is_same_bonus(found, row)
    if found is not None and not same and not _may_change(found, row.at, "编号", faults):
        return
    plan.bonuses.put(change, is_known=found is not None, is_same=same)


def _is_same(found: KnownEvent, mine: tuple[object, ...], verifier: str) -> bool:
    """A check that was made here meanwhile is not taken back by a workbook that does not know of it."""
    stands = (found.occurred_on, found.number, found.text, found.first, found.points)
    return stands == mine and (not verifier or verifier == found.second)


def _is_same_bonus(found: KnownEvent, row: BonusRow) -> bool:
    stands = (found.occurred_on, found.number, found.text, found.points)
    if stands != (row.occurred_on, row.number, row.grounds, row.points):
        return False
    return (not row.first or row.first == found.first) and (not row.second or row.second == found.second)


def _may_change(found: KnownEvent, at: Place, column: str, faults: Faults) -> bool:
    if found.counted_month is not None:
        words = _("已经计入 %(month)s 的考核，和系统里的不一样") % {"month": f"{found.counted_month:%Y-%m}"}
        faults.add(at, column, words, _("撤回汇总后再改，或改回原样"))
        return False
    if found.state == EventState.REJECTED:
        faults.add(at, column, _("系统里已判为不成立"), _("改回原样，或换一个编号"))
        return False
    return True
