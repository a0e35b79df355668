"""Settling a month, ours against the floor: in the same run, in turns, on the same rows."""

import gc
import os
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from django.core.management import call_command
from django.db import connection, transaction

from appraisals.models import Cycle, Form
from incidents.models import Bonus, Involvement
from notices.models import Message
from quality.models import Call
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
TABLES = (
    "scoring_result",
    "notices_message",
    "appraisals_form",
    "incidents_involvement",
    "incidents_bonus",
    "quality_call",
    "appraisals_upwardscore",
)


class Nothing:
    """Where the command's words go."""

    def write(self, _text: str) -> None:
        """Keep nothing."""


def compare(cycle: Cycle, *, rounds: int) -> dict[str, object]:
    """Seconds of both, their medians and the ratio; refuses if a single figure differs.

    ``cpu_ratio`` compares processor seconds (this process and its database session): what is left when other programs
    on the machine make both wait.
    """
    prepare(cycle)
    settled: list[tuple[object, ...]] = []
    ours, floor, spent, floor_spent = [], [], [], []
    for _round in range(rounds):
        seconds, cpu = timed(lambda: call_command("settle", cycle.key, stdout=Nothing()))
        ours.append(seconds)
        spent.append(cpu)
        settled = _figures(cycle)
        _reset(cycle)
        seconds, cpu = timed(lambda: insert_select(cycle))
        floor.append(seconds)
        floor_spent.append(cpu)
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
        "cpu_ratio": round(median(spent) / max(median(floor_spent), 0.01), 2),
    }


def timed(act: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock, and seconds of processor in this process and in its database session."""
    gc.collect()
    here, there, start = time.process_time(), _session_seconds(), time.perf_counter()
    act()
    took = time.perf_counter() - start
    return took, time.process_time() - here + _session_seconds() - there


def _session_seconds() -> float:
    """Processor seconds of the server process behind this connection, where it runs on this machine; else 0."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (session,) = cursor.fetchone()
    try:
        fields = Path(f"/proc/{session}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _figures(cycle: Cycle) -> list[tuple[object, ...]]:
    return list(Result.objects.filter(cycle=cycle).order_by("form_id").values_list(*FIGURES))


def _reset(cycle: Cycle) -> None:
    """The month as it was before it was settled, tables tidy and known to the planner."""
    with transaction.atomic():
        Proposal.objects.filter(cycle=cycle).delete()
        Result.objects.filter(cycle=cycle).delete()
        Message.objects.filter(kind="result_published").delete()
        Form.objects.filter(cycle=cycle).update(state="ready", consolidated_at=None, published_at=None, version=1)
        for kind in (Involvement, Bonus, Call):
            kind.objects.filter(counted_month=cycle.starts_on).update(counted_month=None)
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"VACUUM ANALYZE {table}")
        cursor.execute("CHECKPOINT")
