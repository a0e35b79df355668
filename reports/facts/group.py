"""The appraisal group and its rota in a workbook (P5.2, P5.3)."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from people.states import Duty
from reports.facts.changes import Changes, Seen, is_twice
from reports.facts.parsing import Parsed
from reports.facts.roster import Roster
from reports.facts.rows import DutyRow, MemberRow
from reports.facts.sheets import MEMBERS, ROTA
from reports.selectors.known import Known


@dataclass(slots=True)
class GroupPlan:
    """Changes of 考核小组 and 值班表; who is not in the sheet stays in the group."""

    members: Changes[MemberRow] = field(default_factory=lambda: Changes(MEMBERS))
    turns: Changes[DutyRow] = field(default_factory=lambda: Changes(ROTA))


def plan_group(parsed: Parsed, known: Known, roster: Roster) -> GroupPlan:
    """Check and compare both sheets."""
    plan, seen = GroupPlan(), Seen()
    duties = {number: seat.other for number, seat in known.members.items()}
    rows: list[MemberRow] = []
    for row in parsed.of(MEMBERS):
        if is_twice(seen, row.number, row.at, "工号", parsed.faults) or not roster.check(row.at, "工号", row.number):
            continue
        plan.members.put(row, is_known=row.number in duties, is_same=duties.get(row.number) == row.duty)
        rows.append(row)
    duties |= {row.number: row.duty for row in rows}
    _one_leader(rows, duties, roster)
    members = set(duties) | {number for (number,) in parsed.spoilt_keys(MEMBERS, "工号")}
    _plan_turns(plan, parsed, known, roster, members)
    return plan


def _one_leader(rows: list[MemberRow], duties: dict[str, str], roster: Roster) -> None:
    leaders = sorted(number for number, duty in duties.items() if duty == Duty.LEADER)
    if len(leaders) < 2:
        return
    for row in rows:
        others = [number for number in leaders if number != row.number]
        if row.duty == Duty.LEADER:
            words = _("已经有组长 %(who)s") % {"who": roster.named(others[0])}
            roster.faults.add(row.at, "职责", words, _("组长只有一位，另一位写组员"))


def _plan_turns(plan: GroupPlan, parsed: Parsed, known: Known, roster: Roster, members: set[str]) -> None:
    seen = Seen()
    for row in parsed.of(ROTA):
        if is_twice(seen, row.month, row.at, "月份", parsed.faults) or not roster.check(row.at, "工号", row.number):
            continue
        if row.number not in members and MEMBERS not in parsed.unread:
            parsed.faults.add(
                row.at, "工号", _("不是考核小组的人"), _("值班主任从考核小组里选，或先在“考核小组”里加上")
            )
            continue
        found = known.rota.get(row.month)
        plan.turns.put(row, is_known=found is not None, is_same=found is not None and found[1] == row.number)
