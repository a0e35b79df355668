"""Who may see what of the scoring room: each rule once for a row, once for a queryset."""

from datetime import date

from django.db.models import Q, QuerySet

from appraisals.models import Cycle
from appraisals.permissions import can_view_form, visible_forms
from people.facts import Standing
from people.models import Employee
from scoring.models import Job, PayLine, PayRun, Replay, Result
from scoring.states import PayRunState


def can_view_job(person: Employee, job: Job, standing: Standing) -> bool:
    """Row rule; twin of ``visible_jobs``: whoever asked for it, and those who answer for the cycle.

    How far a what-if is stands on its own page.
    """
    if job.cycle is None:
        return False
    return (
        job.requested_by_id == person.pk
        or standing.is_leader
        or standing.is_department
        or standing.is_auditor
        or standing.is_on_duty(job.cycle.duty_month)
    )


def visible_jobs(person: Employee, standing: Standing) -> QuerySet[Job]:
    """List rule; twin of ``can_view_job``."""
    jobs = Job.objects.filter(cycle__isnull=False).select_related("cycle", "requested_by")
    if standing.is_leader or standing.is_department or standing.is_auditor:
        return jobs
    mine = Q(requested_by=person)
    for month in standing.duty_months:
        mine |= Q(cycle__ends_on__year=month.year, cycle__ends_on__month=month.month)
    return jobs.filter(mine)


def can_view_result(person: Employee, result: Result, standing: Standing) -> bool:
    """Row rule; twin of ``visible_results``. One's own once it is published, also a version that was replaced since;
    another's as one may see the form."""
    if result.employee_id == person.pk:
        return result.published_at is not None
    return can_view_form(person, result.form, standing)


def visible_results(person: Employee, standing: Standing) -> QuerySet[Result]:
    """List rule; twin of ``can_view_result``."""
    mine = Q(employee=person, published_at__isnull=False)
    others = visible_forms(person, standing).exclude(employee=person).values("pk")
    return Result.objects.filter(mine | Q(form__in=others))


def can_view_pay(person: Employee, result: Result, standing: Standing) -> bool:
    """Amounts: one's own, and HR."""
    return result.employee_id == person.pk or standing.is_hr


def sees_boards(standing: Standing) -> bool:
    """Whether any month's board is the person's to see."""
    return _reads_boards(standing) or bool(standing.duty_months)


def can_view_board(standing: Standing, cycle: Cycle) -> bool:
    """Row rule; twin of ``visible_boards``: the duty officer of that month, and those who answer for every month."""
    return _reads_boards(standing) or standing.is_on_duty(cycle.duty_month)


def visible_boards(standing: Standing) -> QuerySet[Cycle]:
    """List rule; twin of ``can_view_board``."""
    if _reads_boards(standing):
        return Cycle.objects.all()
    mine = Q(pk__in=())
    for month in standing.duty_months:
        mine |= Q(ends_on__year=month.year, ends_on__month=month.month)
    return Cycle.objects.filter(mine)


def can_run_board(standing: Standing, cycle: Cycle) -> bool:
    """Consolidate and publish: the duty officer of the month, and the leader (P5.3, P6.3a)."""
    return standing.is_leader or standing.is_on_duty(cycle.duty_month)


def can_view_handover(standing: Standing, month: date) -> bool:
    """Where a month's duty passes from one to the other: the group, and its officer."""
    return standing.is_member or standing.is_leader or standing.is_on_duty(month)


def opens_every_form(standing: Standing, cycle: Cycle) -> bool:
    """Whether the forms behind the board's numbers open for the person; HR's do once they are consolidated."""
    return standing.is_leader or standing.is_department or standing.is_auditor or standing.is_on_duty(cycle.duty_month)


def _reads_boards(standing: Standing) -> bool:
    return standing.is_leader or standing.is_department or standing.is_hr or standing.is_auditor


def can_settle_pay(standing: Standing) -> bool:
    """Prepare, settle and hand back a month's pay, and read its lines: HR, always two people (P7.1)."""
    return standing.is_hr


def visible_runs(standing: Standing) -> QuerySet[PayRun]:
    """List rule of ``can_settle_pay``."""
    return PayRun.objects.all() if can_settle_pay(standing) else PayRun.objects.none()


def sees_pay_sums(standing: Standing) -> bool:
    """The sums of a month's pay: HR, and the department's manager, who sees no line."""
    return standing.is_hr or standing.is_department


def can_view_line(person: Employee, line: PayLine, standing: Standing) -> bool:
    """Row rule; twin of ``visible_lines``: HR every line, everybody his own once it is settled."""
    return standing.is_hr or (line.employee_id == person.pk and line.run.state == PayRunState.SETTLED)


def visible_lines(person: Employee, standing: Standing) -> QuerySet[PayLine]:
    """List rule; twin of ``can_view_line``."""
    if standing.is_hr:
        return PayLine.objects.all()
    return PayLine.objects.filter(employee=person, run__state=PayRunState.SETTLED)


def can_ask_replay(standing: Standing) -> bool:
    """Ask what a version of the scheme would have changed (P8): the group, who approves the scheme, and HR."""
    return (
        standing.is_leader
        or standing.is_member
        or standing.is_department
        or standing.is_general_manager
        or standing.is_hr
    )


def reads_replays(standing: Standing) -> bool:
    """Read what came out, of whoever asked: as who may ask, and the auditor."""
    return can_ask_replay(standing) or standing.is_auditor


def visible_replays(standing: Standing) -> QuerySet[Replay]:
    """List rule of ``reads_replays``, the newest first."""
    if not reads_replays(standing):
        return Replay.objects.none()
    return Replay.objects.select_related("scheme", "requested_by").order_by("-pk")
