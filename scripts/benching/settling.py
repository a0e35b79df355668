"""Settling a month, ours against the floor: in the same run, in turns, on the same rows."""

import gc
import time
from collections.abc import Callable
from statistics import median

from django.core.management import call_command
from django.db import connection, transaction

from appraisals.models import Cycle, Form
from incidents.models import Bonus, Incident
from scoring.models import Proposal, Result
from scripts.benching.floor import insert_select, prepare

FIGURES = (
    "form_id",
    "kpi",
    "goal",
    "behaviour",
    "management",
    "deduction",
    "bonus",
    "full_marks",
    "score",
    "coefficient",
    "grade_name",
    "pay_cap",
    "post_wage",
    "performance_pay",
    "base_pay",
)


class _Nothing:
    """Where the command's words go."""

    def write(self, _text: str) -> None:
        """Keep nothing."""


def compare(cycle: Cycle, *, rounds: int) -> dict[str, object]:
    """Seconds of both, their medians and the ratio; refuses if a single figure differs."""
    prepare(cycle)
    ours, floor = [], []
    for _round in range(rounds):
        ours.append(_timed(lambda: call_command("settle", cycle.key, stdout=_Nothing())))
        settled = _figures(cycle)
        _reset(cycle)
        floor.append(_timed(lambda: insert_select(cycle)))
        if _figures(cycle) != settled:
            raise SystemExit("The floor and the portal disagree.")
        _reset(cycle)
    return {
        "people": len(settled),
        "ours": [round(seconds, 3) for seconds in ours],
        "floor": [round(seconds, 3) for seconds in floor],
        "ours_median": round(median(ours), 3),
        "floor_median": round(median(floor), 3),
        "ratio": round(median(ours) / median(floor), 2),
    }


def _timed(act: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def _figures(cycle: Cycle) -> list[tuple[object, ...]]:
    return list(Result.objects.filter(cycle=cycle).order_by("form_id").values_list(*FIGURES))


def _reset(cycle: Cycle) -> None:
    """The month as it was before it was settled, tables tidy and known to the planner."""
    with transaction.atomic():
        Proposal.objects.filter(cycle=cycle).delete()
        Result.objects.filter(cycle=cycle).delete()
        Form.objects.filter(cycle=cycle).update(state="ready", consolidated_at=None, published_at=None, version=1)
        for kind in (Incident, Bonus):
            kind.objects.filter(counted_month=cycle.starts_on).update(counted_month=None)
    with connection.cursor() as cursor:
        for table in (
            "scoring_result",
            "appraisals_form",
            "incidents_incident",
            "incidents_bonus",
            "appraisals_upwardscore",
        ):
            cursor.execute(f"VACUUM ANALYZE {table}")
        cursor.execute("CHECKPOINT")
