"""The sheet 不良事故: records shared by one or several persons, each with points of his own (P4.5).

What was decided here stands: a workbook that does not know of it takes nothing back, one that differs is refused.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.wording import listed
from incidents.states import EventState
from policy.rounding import plain
from reports.facts.changes import Changes, Seen, is_twice
from reports.facts.faults import Faults
from reports.facts.parsing import Parsed
from reports.facts.roster import Roster
from reports.facts.rows import IncidentRow
from reports.facts.sheets import INCIDENTS
from reports.selectors.known import Known
from reports.selectors.known_records import KnownShare

STANDING = (EventState.FILED, EventState.CONFIRMED)
ENDED: dict[str, Promise] = {
    EventState.REJECTED: gettext_lazy("系统里已判为不成立"),
    EventState.WITHDRAWN: gettext_lazy("系统里已撤回"),
    EventState.OVERTURNED: gettext_lazy("系统里已撤销"),
}


class IncidentChange(NamedTuple):
    """``stands`` is the share it changes. ``is_kept``: that was confirmed here, only the record's own words change."""

    row: IncidentRow
    stands: KnownShare | None
    is_kept: bool


def plan_incidents(parsed: Parsed, known: Known, roster: Roster) -> Changes[IncidentChange]:
    """Check and compare record by record."""
    changes: Changes[IncidentChange] = Changes(INCIDENTS)
    seen, records = Seen(), dict[str, list[IncidentRow]]()
    for row in parsed.of(INCIDENTS):
        if not is_twice(seen, (row.record, row.number), row.at, "工号", parsed.faults):
            records.setdefault(row.record, []).append(row)
    for record, rows in records.items():
        shares = known.shares.get(record, [])
        if _check_record(rows, shares, roster):
            _plan_record(changes, rows, shares, roster)
    return changes


def _check_record(rows: Sequence[IncidentRow], shares: Sequence[KnownShare], roster: Roster) -> bool:
    """One account of what happened; the verifier is neither finder nor any of those concerned (P4.5)."""
    before, head = len(roster.faults.found), rows[0]
    concerned = {row.number for row in rows} | {share.number for share in shares}
    for row in rows:
        _check_head(row, head, roster.faults)
        for column, number in (("工号", row.number), ("发现人工号", row.finder), ("复核人工号", row.verifier)):
            if number:
                roster.check(row.at, column, number)
        if row.verifier and row.verifier == row.finder:
            reason = _("复核人和发现人是同一人")
        elif row.verifier and row.verifier == row.number:
            reason = _("当事人不能复核自己的事故")
        elif row.verifier in concerned:
            reason = _("复核人也是这条记录的当事人")
        else:
            continue
        roster.faults.add(row.at, "复核人工号", reason, _("换一位复核人；还没复核就空着"))
    _check_standing_verifiers(rows, shares, roster)
    return len(roster.faults.found) == before


def _check_head(row: IncidentRow, head: IncidentRow, faults: Faults) -> None:
    for column, mine, first in (
        ("发生日期", row.occurred_on, head.occurred_on),
        ("内容描述", row.description, head.description),
        ("发现人工号", row.finder, head.finder),
    ):
        if mine != first:
            words = _("和第 %(row)s 行同一个记录单号，写的是 %(value)s") % {"row": head.at.row, "value": first}
            faults.add(row.at, column, words, _("改成一样的，或换记录单号"))


def _check_standing_verifiers(rows: Sequence[IncidentRow], shares: Iterable[KnownShare], roster: Roster) -> None:
    """Who has verified a share that stays as it is becomes neither finder nor concerned."""
    told = {row.number for row in rows if row.verifier}
    judges = {share.verifier for share in shares if share.verifier and share.number not in told}
    for row in rows:
        for column, number in (("工号", row.number), ("发现人工号", row.finder)):
            if number in judges:
                hint = _("系统里由 %(who)s复核过这条记录") % {"who": roster.named(number)}
                roster.faults.add(row.at, column, _("是这条记录的复核人"), hint)


def _plan_record(
    changes: Changes[IncidentChange], rows: Sequence[IncidentRow], shares: Sequence[KnownShare], roster: Roster
) -> None:
    faults, before = roster.faults, len(roster.faults.found)
    by_number, head = {share.number: share for share in shares}, rows[0]
    left = [share for share in shares if share.number not in {row.number for row in rows}]
    if shares and _is_told_anew(shares[0], head):
        _check_left(head, left, faults)
    planned = []
    for row in rows:
        share = by_number.get(row.number)
        same = share is not None and _is_same(share, row)
        if share is not None and not same:
            _check_change(share, row, faults)
        elif share is None and shares and shares[0].filer:
            _refuse_own(row, faults)
        is_kept = share is not None and share.state == EventState.CONFIRMED and not row.verifier
        planned.append((IncidentChange(row, share, is_kept), same))
    if len(faults.found) > before:
        return
    for change, same in planned:
        changes.put(change, is_known=change.stands is not None, is_same=same)
    standing = [roster.named(share.number) for share in left if share.state in STANDING]
    if standing:
        words = _("记录单号 %(record)s 里的 %(who)s工作簿没有写，系统里照旧；不该有的到系统里撤回。")
        faults.warn(words % {"record": head.record, "who": listed(standing)})


def _is_told_anew(share: KnownShare, row: IncidentRow) -> bool:
    """Whether the record itself, that all its shares stand on, would be told otherwise."""
    return (share.occurred_on, share.text, share.finder) != (row.occurred_on, row.description, row.finder)


def _is_same(share: KnownShare, row: IncidentRow) -> bool:
    """A check that was made here meanwhile, or points altered by it, are nothing a workbook has to know of."""
    if _is_told_anew(share, row):
        return False
    if row.verifier:
        return (share.state, share.verifier, share.points) == (EventState.CONFIRMED, row.verifier, row.points)
    return row.points in {share.points, share.filed_points}


def _check_change(share: KnownShare, row: IncidentRow, faults: Faults) -> None:
    """Why this share may not be changed by a workbook, if it may not."""
    if share.counted_month is not None:
        words = _("已经计入 %(month)s 的考核，和系统里的不一样") % {"month": f"{share.counted_month:%Y-%m}"}
        faults.add(row.at, "记录单号", words, _("撤回汇总后再改，或改回原样"))
    elif share.state in ENDED:
        faults.add(row.at, "记录单号", str(ENDED[share.state]), _("改回原样，或换一个编号"))
    elif share.filer:
        _refuse_own(row, faults)
    elif share.state == EventState.CONFIRMED:
        decided = {share.points, share.filed_points}  # two of them: altered by who verified it here
        fits = row.points in ({share.points} if row.verifier else decided)
        if not fits and not (row.verifier and len(decided) == 1):
            words = _("系统里已确认扣 %(n)s 分") % {"n": plain(share.points)}
            faults.add(row.at, "扣分", words, _("改成一样的；要改分就写上复核人工号，或在系统里办"))
        if not row.verifier and row.occurred_on != share.occurred_on:
            faults.add(row.at, "发生日期", _("系统里已确认，日期不一样"), _("改成一样的，或写上复核人工号"))


def _check_left(head: IncidentRow, left: Iterable[KnownShare], faults: Faults) -> None:
    """A record told anew must not change what somebody the workbook leaves out has been judged by."""
    decided = [share for share in left if share.state == EventState.CONFIRMED]
    if decided:
        words = _("这条记录还有 %(who)s，系统里已经确认") % {"who": listed(share.number for share in decided)}
        faults.add(head.at, "记录单号", words, _("把这些人的行也写上，或改回原样"))


def _refuse_own(row: IncidentRow, faults: Faults) -> None:
    words = _("是在系统里登记的，和系统里的不一样")
    faults.add(row.at, "记录单号", words, _("在系统里办，或改回原样"))
