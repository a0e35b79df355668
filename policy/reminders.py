"""Who is told of a term and when (P6): who owes before it and at it, the next person after it.

Everything here is a working-day rule on a given calendar; who the next person is by name, the rooms above know.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from policy.scheme_parts import Step
from policy.workdays import Calendar, reminder_days, working_day_after

APPRAISEE, OWNER, PROVIDER, RATER = "appraisee", "owner", "provider", "rater"
DUTY, DEPARTMENT, EXAMINER, HR = "duty", "department", "examiner", "hr"
ABOVE, LEADER = "above", "leader"

NEXT: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("target", APPRAISEE): (OWNER,),
    ("target", OWNER): (ABOVE,),
    ("target", DEPARTMENT): (LEADER,),
    ("self", APPRAISEE): (OWNER,),
    ("data", PROVIDER): (ABOVE, DUTY),
    ("review", OWNER): (ABOVE,),
    ("publish", DUTY): (LEADER,),
    ("sign", APPRAISEE): (OWNER,),
    ("sign", OWNER): (ABOVE,),
    ("interview", OWNER): (ABOVE,),
    ("agree", APPRAISEE): (OWNER,),
    ("plan_write", OWNER): (ABOVE,),
    ("plan_sign", APPRAISEE): (OWNER,),
    ("checkpoint", OWNER): (ABOVE,),
    ("agreement", APPRAISEE): (OWNER,),
    ("agreement", OWNER): (ABOVE,),
    ("meeting", LEADER): (DEPARTMENT,),
    ("minutes", DUTY): (LEADER,),
    ("package", DUTY): (LEADER,),
    ("incident", EXAMINER): (ABOVE, DUTY),
    ("bonus", EXAMINER): (ABOVE, DUTY),
    ("ruling", EXAMINER): (LEADER, DEPARTMENT),
    ("dispute", EXAMINER): (ABOVE,),
    ("dispute", DEPARTMENT): (LEADER,),
    ("consent", EXAMINER): (ABOVE,),
    ("training", OWNER): (ABOVE,),
    ("arranging", HR): (DEPARTMENT,),
    ("file", HR): (DEPARTMENT,),
}
"""Step and who owes it → who is told when he is late. ``ABOVE`` is his superior, else the department's manager.

An anonymous rating goes to nobody: it would name who has not rated yet.
"""
ANY_TERM = Step("other", "其他期限", "received", 1, (-1, 0), None)
"""What the scheme has no step for and whose term only ends a right (a view on an incident): a day before, and on the
day."""
DUTIES: Mapping[str, Step] = {
    code: Step(code, name, "received", 1, (-1, 0), 1)
    for code, name in (
        ("agree", "确认面谈记录"),
        ("plan_write", "制定改进计划"),
        ("plan_sign", "签收改进计划"),
        ("checkpoint", "检查改进计划"),
        ("incident", "核实不良事故"),
        ("bonus", "确认加分"),
        ("ruling", "办理申诉"),
        ("agreement", "做面谈约定的事"),
        ("meeting", "准备考核交流会"),
        ("minutes", "发出会议纪要"),
        ("package", "归档月度文档"),
        ("dispute", "裁定录音异议"),
        ("consent", "答复修订提议"),
        ("training", "转报培训需求"),
        ("arranging", "安排培训"),
    )
}
"""What the scheme has no step for and somebody waits for: reminded a day before and on the day, the next person knows
when a whole working day more has gone by."""
TERM_DAYS: Mapping[str, int] = {"dispute": 3, "consent": 5, "training": 3, "arranging": 5}
"""Working days after the day it was asked for: what the policy sets no term for, and somebody waits for all the same.

A dispute is ruled on before the month's data are settled; a request for training is passed on, then arranged.
"""


class Told(NamedTuple):
    """What a day is for a term: a day to remind who owes, late, and late enough for the next person to know."""

    is_reminder: bool
    is_late: bool
    is_escalated: bool

    @property
    def is_due(self) -> bool:
        """Whether who owes it hears of it that day."""
        return self.is_reminder or self.is_late


def escalated_on(step: Step, due: date, calendar: Calendar) -> date | None:
    """The day from which the next person knows: ``escalate_after`` whole working days have gone by since the term.

    With 0 it is the first working day after it; None never.
    """
    if step.escalate_after is None:
        return None
    return working_day_after(due, step.escalate_after + 1, calendar)


def told_on(today: date, due: date, step: Step, calendar: Calendar) -> Told:
    """What ``today`` is for a term that ends on ``due`` at 24:00."""
    from_day = escalated_on(step, due, calendar)
    return Told(
        is_reminder=today <= due and today in reminder_days(step, due, calendar),
        is_late=today > due,
        is_escalated=from_day is not None and today >= from_day,
    )


def next_in_line(step: str, by: str) -> tuple[str, ...]:
    """Who is told when a step is late; nobody for what has no next person."""
    return NEXT.get((step, by), ())
