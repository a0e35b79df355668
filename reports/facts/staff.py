"""Regions, posts, grades, people and their superiors: what the workbook says against what stands."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from common.wording import listed
from reports.facts.changes import Changes, Seen, is_twice
from reports.facts.faults import Faults, Place, nearest
from reports.facts.parsing import Parsed
from reports.facts.roster import Roster
from reports.facts.rows import EmployeeRow, GradeRow, PositionRow, RegionRow
from reports.facts.sheets import (
    BONUSES,
    CALLS,
    EMPLOYEES,
    FIGURES,
    GRADES_SHEET,
    INCIDENTS,
    POSITIONS,
    REGIONS,
    ROTA,
    SCORES,
    TARGETS,
)
from reports.selectors.known import Held, Known, KnownPerson


class RankedGrade(NamedTuple):
    """A grade and its place in the ladder of its post, 1 the lowest."""

    row: GradeRow
    rank: int


@dataclass(slots=True)
class LineChange:
    """A person's superior from ``starts_on`` on; None for nobody. ``closes`` is the line that ends then.

    ``moves`` is a first line that begins earlier than was known.
    """

    number: str
    superior: str | None
    starts_on: date
    closes: Held | None = None
    moves: Held | None = None


@dataclass(slots=True)
class StaffPlan:
    """Changes of the first sheets, and everybody as they will stand."""

    regions: Changes[RegionRow] = field(default_factory=lambda: Changes(REGIONS))
    positions: Changes[PositionRow] = field(default_factory=lambda: Changes(POSITIONS))
    grades: Changes[RankedGrade] = field(default_factory=lambda: Changes(GRADES_SHEET))
    employees: Changes[EmployeeRow] = field(default_factory=lambda: Changes(EMPLOYEES))
    lines: list[LineChange] = field(default_factory=list)


def earliest_month(parsed: Parsed, today: date) -> date:
    """The first month the workbook speaks of, but not one to come: from then on its reporting lines must hold."""
    months: set[date] = {row.month for sheet in (ROTA, TARGETS, FIGURES, SCORES) for row in parsed.of(sheet)}
    months |= {row.occurred_on.replace(day=1) for sheet in (INCIDENTS, BONUSES) for row in parsed.of(sheet)}
    months |= {row.called_on.replace(day=1) for row in parsed.of(CALLS)}
    return min({*months, today})


def plan_staff(parsed: Parsed, known: Known, today: date) -> tuple[StaffPlan, Roster]:
    """Check and compare the sheets 区域, 岗位, 等级 and 员工."""
    plan, faults = StaffPlan(), parsed.faults
    _plan_regions(plan, parsed, known)
    classes = _plan_positions(plan, parsed, known)
    ladders = _plan_grades(plan, parsed, known, classes)
    roster = Roster(
        people=dict(known.people),
        classes=classes,
        lines=_by_number(known.lines),
        assignments=_by_number(known.assignments),
        managers=known.managers,
        faults=faults,
        spoilt=frozenset(row.get("工号", "") for row in parsed.spoilt.get(EMPLOYEES, ())),
        is_partial=EMPLOYEES in parsed.unread,
    )
    rows = _distinct(parsed.of(EMPLOYEES), faults)
    regions = set(known.regions) | {row.code for row in parsed.of(REGIONS)}
    regions |= {key for (key,) in parsed.spoilt_keys(REGIONS, "区域编码")}
    for row in rows:
        _check_facts(row, parsed, regions=regions, classes=classes, ladders=ladders)
        _check_leaving(row, known, faults)
        _compare(plan, roster, row, known.people.get(row.number))
    _plan_lines(plan, roster, rows, since=earliest_month(parsed, today), today=today)
    _refuse_circles(roster, rows, today)
    return plan, roster


def _plan_regions(plan: StaffPlan, parsed: Parsed, known: Known) -> None:
    seen = Seen()
    for row in parsed.of(REGIONS):
        if is_twice(seen, row.code, row.at, "区域编码", parsed.faults):
            continue
        found = known.regions.get(row.code)
        plan.regions.put(row, is_known=found is not None, is_same=found is not None and found[1] == row.name)


def _plan_positions(plan: StaffPlan, parsed: Parsed, known: Known) -> dict[str, str]:
    """Post code → class, with those of the workbook; a faulty row's post has an empty class."""
    classes = {code: "" for (code,) in parsed.spoilt_keys(POSITIONS, "岗位编码")}
    classes |= {code: post.position_class for code, post in known.positions.items()}
    seen = Seen()
    for row in parsed.of(POSITIONS):
        if is_twice(seen, row.code, row.at, "岗位编码", parsed.faults):
            continue
        found = known.positions.get(row.code)
        same = found is not None and (found.name, found.position_class) == (row.name, row.position_class)
        plan.positions.put(row, is_known=found is not None, is_same=same)
        classes[row.code] = row.position_class
    return classes


def _plan_grades(plan: StaffPlan, parsed: Parsed, known: Known, classes: dict[str, str]) -> dict[str, list[str]]:
    """Post code → names of its grades; rows of a post stand from low to high."""
    ladders: dict[str, list[str]] = {}
    for grade in known.grades.values():
        ladders.setdefault(grade.position, []).append(grade.name)
    for code, name in parsed.spoilt_keys(GRADES_SHEET, "岗位编码", "等级"):
        ladders.setdefault(code, []).append(name)
    seen, ranks = Seen(), dict.fromkeys(classes, 0)
    for row in parsed.of(GRADES_SHEET):
        if row.position not in classes:
            if POSITIONS not in parsed.unread:
                _unknown_post(parsed.faults, row.at, row.position, classes)
            continue
        if is_twice(seen, (row.position, row.name), row.at, "等级", parsed.faults):
            continue
        ranks[row.position] += 1
        ranked = RankedGrade(row, ranks[row.position])
        found = known.grades.get((row.position, row.name))
        stands = None if found is None else (found.post_wage, found.pay_cap, found.rank)
        same = stands == (row.post_wage, row.pay_cap, ranked.rank)
        plan.grades.put(ranked, is_known=found is not None, is_same=same)
        ladders.setdefault(row.position, []).append(row.name)
    return ladders


def _check_facts(
    row: EmployeeRow, parsed: Parsed, *, regions: set[str], classes: dict[str, str], ladders: dict[str, list[str]]
) -> None:
    faults, unread = parsed.faults, parsed.unread
    if row.region and row.region not in regions and REGIONS not in unread:
        hint = nearest(row.region, dict.fromkeys(regions, "")) or _("可以写：%(all)s") % {
            "all": listed(sorted(regions))
        }
        faults.add(row.at, "区域编码", _("没有这个区域"), hint)
    if row.position and row.position not in classes:
        if POSITIONS not in unread:
            _unknown_post(faults, row.at, row.position, classes)
    elif row.grade and row.grade not in ladders.get(row.position, ()) and GRADES_SHEET not in unread:
        known = listed(dict.fromkeys(ladders.get(row.position, ())))
        hint = _("可以写：%(all)s") % {"all": known} if known else _("先在“等级”表里加上")
        faults.add(row.at, "等级", _("这个岗位没有这一等级"), hint)
    if row.hired_on and row.left_on and row.left_on < row.hired_on:
        faults.add(row.at, "离职日期", _("早于入职日期"), _("入职日期是 %(day)s") % {"day": row.hired_on.isoformat()})


def _check_leaving(row: EmployeeRow, known: Known, faults: Faults) -> None:
    """A grave case that is open goes through its checklist (P7.1, decided)."""
    found = known.people.get(row.number)
    if found is None or row.number not in known.held:
        return
    hint = _("先办完核对单并批准，或写明理由不采纳")
    if row.left_on is not None and found.left_on != row.left_on:
        faults.add(row.at, "离职日期", _("这个人有没办完的辞退"), hint)
    if _sinks(row, found, known):
        faults.add(row.at, "等级", _("这个人有没办完的辞退或降级"), hint)


def _sinks(row: EmployeeRow, found: KnownPerson, known: Known) -> bool:
    """Whether the grade goes, pays less than he has, or is one that nobody knows yet; another post may pay as much."""
    if not found.grade or (row.position, row.grade) == (found.position, found.grade):
        return False
    now, then = known.held[row.number], known.grades.get((row.position, row.grade))
    if then is None or now.exceeds(then.post_wage, then.pay_cap):
        return True
    held = known.grades.get((row.position, now.grade_name))
    return row.position == found.position and held is not None and then.rank < held.rank


def _compare(plan: StaffPlan, roster: Roster, row: EmployeeRow, found: KnownPerson | None) -> None:
    told = KnownPerson(
        found.pk if found else None,
        row.number,
        row.name,
        row.region or None,
        row.position or None,
        row.grade or None,
        row.hired_on,
        row.left_on,
        row.base_salary,
        row.email,
    )
    plan.employees.put(row, is_known=found is not None, is_same=found == told)
    roster.people[row.number] = told


def _plan_lines(plan: StaffPlan, roster: Roster, rows: list[EmployeeRow], *, since: date, today: date) -> None:
    """The first known line begins with the employment or the workbook's first month; a changed one begins today."""
    for row in rows:
        if row.superior and not roster.check(row.at, "直接上级工号", row.superior):
            roster.unjudged.add(row.number)
            continue
        if row.superior == row.number:
            roster.unjudged.add(row.number)
            roster.faults.add(row.at, "直接上级工号", _("上级不能是本人"), _("写上级的工号；没有上级就空着"))
            continue
        lines = roster.lines.get(row.number, [])
        change = _line_change(row, lines, since=min(since, row.hired_on or since), today=today)
        if change is not None:
            plan.lines.append(change)
            roster.lines[row.number] = _after(lines, change)


def _line_change(row: EmployeeRow, lines: list[Held], *, since: date, today: date) -> LineChange | None:
    current = next((line for line in lines if line.ends_before is None), None)
    if current is None and not row.superior:
        return None
    if current is None:
        return LineChange(row.number, row.superior, today if lines else since)
    if current.other == row.superior:
        if lines[0] is current and since < current.starts_on:
            return LineChange(row.number, row.superior, since, moves=current)
        return None
    return LineChange(row.number, row.superior or None, today, closes=current)


def _after(lines: list[Held], change: LineChange) -> list[Held]:
    """The person's lines once ``change`` is made."""
    kept = [line for line in lines if line not in (change.closes, change.moves)]
    if change.closes and change.closes.starts_on < change.starts_on:
        kept.append(change.closes._replace(ends_before=change.starts_on))
    if change.superior:
        kept.append(Held(None, change.number, change.superior, change.starts_on, None))
    return sorted(kept, key=lambda line: line.starts_on)


def _refuse_circles(roster: Roster, rows: Iterable[EmployeeRow], today: date) -> None:
    for row in rows:
        above, seen = roster.superior_on(row.number, today), {row.number}
        while above is not None and above not in seen:
            seen.add(above)
            above = roster.superior_on(above, today)
        if above == row.number and row.superior != row.number:
            roster.faults.add(row.at, "直接上级工号", _("绕成了一圈，最后又是本人的上级"), _("改其中一个人的上级"))


def _distinct(rows: list[EmployeeRow], faults: Faults) -> list[EmployeeRow]:
    seen = Seen()
    return [row for row in rows if not is_twice(seen, row.number, row.at, "工号", faults)]


def _unknown_post(faults: Faults, at: Place, code: str, classes: dict[str, str]) -> None:
    hint = nearest(code, dict.fromkeys(classes, "")) or _("可以写：%(all)s") % {"all": listed(classes)}
    faults.add(at, "岗位编码", _("没有这个岗位"), hint)


def _by_number(held: Iterable[Held]) -> dict[str, list[Held]]:
    found: dict[str, list[Held]] = {}
    for row in held:
        found.setdefault(row.number, []).append(row)
    return found
