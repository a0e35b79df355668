"""Reads of what-if replays: which results are still to be scored anew, what the end compares, who sees the answer."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from appraisals.states import CycleKind
from scoring.models import Job, Proposal, Replay, ReplayLine, Result
from scoring.states import STANDING_PROPOSALS, JobState

GOING = (JobState.WAITING, JobState.RUNNING)


def results_of_period(first_month: date, last_month: date, year: int | None) -> QuerySet[Result]:
    """The published results that hold now of the months, and of the annual forms where a year is asked for."""
    wanted = Q(cycle__kind=CycleKind.MONTH, cycle__starts_on__range=(first_month, last_month))
    if year is not None:
        wanted |= Q(cycle__kind=CycleKind.YEAR, cycle__starts_on__year=year)
    return Result.objects.filter(wanted, superseded_at__isnull=True, published_at__isnull=False)


def results_left(replay: Replay) -> QuerySet[Result]:
    """Those the replay has no line of yet: also what was published or corrected while it ran."""
    done = ReplayLine.objects.filter(replay=replay, form=OuterRef("form"), result=OuterRef("pk"))
    results = results_of_period(replay.first_month, replay.last_month, replay.year)
    return results.filter(~Exists(done)).order_by("pk")


def lines_overtaken(replay: Replay) -> QuerySet[ReplayLine]:
    """The lines whose result was taken back or replaced while the replay ran."""
    now = results_of_period(replay.first_month, replay.last_month, replay.year)
    return ReplayLine.objects.filter(replay=replay).exclude(result__in=now.values("pk"))


def standing_proposals(first_month: date, last_month: date) -> dict[int, list[tuple[str, str]]]:
    """Employee id → (YYYY-MM, rule) of what the months call for by their own schemes, decided or not."""
    rows = Proposal.objects.filter(
        state__in=STANDING_PROPOSALS,
        ground_lost_at__isnull=True,
        cycle__starts_on__range=(first_month, last_month),
    )
    found: dict[int, list[tuple[str, str]]] = {}
    for person, month, rule in rows.order_by().values_list("employee_id", "cycle__starts_on", "rule"):
        found.setdefault(person, []).append((f"{month:%Y-%m}", rule))
    return found


def jobs_of(replays: Iterable[int]) -> dict[int, Job]:
    """Replay id → its last job."""
    jobs = Job.objects.filter(replay__in=list(replays)).order_by("pk")
    return {job.replay_id: job for job in jobs if job.replay_id is not None}


def replays_going(employee_id: int) -> QuerySet[Replay]:
    """What the person has asked for and is not answered yet."""
    going = Job.objects.filter(replay=OuterRef("pk"), state__in=GOING)
    return Replay.objects.filter(Exists(going), requested_by=employee_id)
