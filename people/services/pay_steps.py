"""Rungs decided for people (P7.1, P7.2): steps inside the decisions of other rooms, or of a change of the grade.

A step goes before the registered grade from the first day of a month on, until it is ended. Nothing is deleted: one
that was taken back from its beginning ends on the day it began.
"""

from collections.abc import Collection
from datetime import date

from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from audit.log import record, record_many
from common.db import among, require_transaction
from common.errors import RuleError
from people.facts import SystemActor
from people.models import Employee, Grade, PayStep
from people.states import PayStepKind


def set_pay_step(
    employee_id: int, *, kind: str, grade_id: int, starts_on: date, source: str, by: Employee | SystemActor
) -> PayStep:
    """A step: from ``starts_on`` (the first day of a month) on the person has that rung of his post's ladder.

    A running step of the same kind ends, and with a whole grade those of cap and wage, unless they pay more than a
    promotion or less than a demotion would. Refuses a rung of another post's ladder and a beginning before that of a
    running step.
    """
    require_transaction()
    employee = Employee.objects.select_for_update().get(pk=employee_id)
    grade = Grade.objects.filter(pk=grade_id, position=employee.position_id).first()
    if grade is None:
        raise RuleError(_("这个等级不属于本人的岗位。"), code="grade_of_another_post")
    running = PayStep.objects.select_for_update().filter(employee=employee_id, ends_before__isnull=True)
    found = list(running.select_related("grade").order_by("pk"))
    ended = [one for one in found if one.kind == kind]
    if kind == PayStepKind.GRADE:
        ended += _overtaken(found, grade, ended[0].grade if ended else employee.grade)
    if any(step.starts_on > starts_on for step in ended):
        raise RuleError(_("已经定了更晚开始的等级变动，先撤回那一个。"), code="later_step")
    PayStep.objects.filter(pk__in=[step.pk for step in ended]).update(ends_before=starts_on)
    step = PayStep(employee=employee, kind=kind, grade=grade, starts_on=starts_on, source=source, recorded_by=by.number)
    step.full_clean()
    step.save()
    PayStep.objects.filter(pk__in=[one.pk for one in ended]).update(ended_by=step)
    after = {"kind": kind, "grade": grade_id, "starts_on": starts_on.isoformat(), "source": source}
    record("people.pay_step_set", step, by=by, before={"ended": [one.pk for one in ended]}, after=after)
    return step


def _overtaken(running: Collection[PayStep], then: Grade, now: Grade | None) -> list[PayStep]:
    """The steps of cap and wage that end when the whole grade changes to ``then``."""
    own = [one for one in running if one.kind != PayStepKind.GRADE]
    rises = now is not None and then.rank > now.rank
    return [one for one in own if now is None or not one.grade.outlasts(then, one.kind, rises=rises)]


def end_pay_step(step_id: int, *, day: date, by: Employee | SystemActor) -> PayStep:
    """A step: the rung holds no longer from ``day`` on, or never did, if it begins later.

    What it had ended runs again. A rung that a later one has ended already only gives up its turn to run again.
    """
    require_transaction()
    step = PayStep.objects.select_for_update().get(pk=step_id)
    before = {"ends_before": _told(step.ends_before)}
    was_running = step.ends_before is None
    ends_before = max(step.starts_on, day)
    step.ends_before = ends_before if step.ends_before is None else min(step.ends_before, ends_before)
    heir, step.ended_by = step.ended_by, None
    step.full_clean()
    step.save(update_fields=["ends_before", "ended_by"])
    held = PayStep.objects.select_for_update().filter(ended_by=step)
    again = [one.pk for one in held]
    freed = {"ends_before": None} if was_running else {}
    PayStep.objects.filter(pk__in=again).update(ended_by=heir, **freed)
    after = {"ends_before": _told(step.ends_before), "again": again}
    record("people.pay_step_ended", step, by=by, before=before, after=after)
    return step


def end_running_steps(employee_ids: Collection[int], *, day: date, by: Employee | SystemActor) -> None:
    """A step: another grade was registered for these people, so what was decided on the old one ends.

    The month of ``day`` is paid by the registered grade from its beginning, earlier ones by what held then.
    """
    require_transaction()
    month = day.replace(day=1)
    running = PayStep.objects.filter(employee_id__in=among(employee_ids)).filter(
        Q(ends_before__isnull=True) | Q(ends_before__gt=month)
    )
    rows = list(running.select_for_update().order_by("pk"))
    if not rows:
        return
    PayStep.objects.filter(pk__in=[row.pk for row in rows]).update(
        ends_before=Greatest(F("starts_on"), month), ended_by=None
    )
    told = [
        (row, {"ends_before": _told(row.ends_before)}, {"ends_before": _told(max(row.starts_on, month))})
        for row in rows
    ]
    record_many("people.pay_step_ended", told, by=by)


def _told(day: date | None) -> str | None:
    return day.isoformat() if day else None
