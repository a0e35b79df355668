"""Who may see what of the scoring room."""

from django.db.models import Q, QuerySet

from people.facts import Standing
from people.models import Employee
from scoring.models import Job


def can_view_job(person: Employee, job: Job, standing: Standing) -> bool:
    """Row rule; twin of ``visible_jobs``: whoever asked for it, and those who answer for the cycle."""
    return (
        job.requested_by_id == person.pk
        or standing.is_leader
        or standing.is_department
        or standing.is_auditor
        or standing.is_on_duty(job.cycle.duty_month)
    )


def visible_jobs(person: Employee, standing: Standing) -> QuerySet[Job]:
    """List rule; twin of ``can_view_job``."""
    jobs = Job.objects.select_related("cycle", "requested_by")
    if standing.is_leader or standing.is_department or standing.is_auditor:
        return jobs
    mine = Q(requested_by=person)
    for month in standing.duty_months:
        mine |= Q(cycle__ends_on__year=month.year, cycle__ends_on__month=month.month)
    return jobs.filter(mine)
