"""A what-if over a year: ``python -m scripts.benching.replaying PEOPLE``; the last line is JSON.

Ours is the job from its first chunk to the comparison of everybody. The floor reads the same frozen results and scores
them under the same numbers, and keeps nothing. Afterwards the months are put back, the draft takes the place of the
scheme and the year is settled and closed for good: refused if a single figure is another.
"""

import json
import sys
from decimal import Decimal
from statistics import median
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402  # after the set-up
from django.db import transaction  # noqa: E402

from appraisals.models import Cycle, Form, Scheme  # noqa: E402
from common.db import among  # noqa: E402
from incidents.models import Bonus, Involvement  # noqa: E402
from notices.models import Message  # noqa: E402
from people.facts import SYSTEM  # noqa: E402
from people.models import Employee, GroupMember  # noqa: E402
from people.states import Duty  # noqa: E402
from policy.schemes import Scheme as Rules  # noqa: E402
from quality.models import Call  # noqa: E402
from scoring import tasks  # noqa: E402
from scoring.facts.replays import scored_anew  # noqa: E402
from scoring.models import (  # noqa: E402
    AnnualResult,
    AnnualReview,
    Proposal,
    Replay,
    ReplayLine,
    ReplayPerson,
    Result,
)
from scoring.services.replaying import ask_replay  # noqa: E402
from scoring.services.steps import CHUNK  # noqa: E402
from scoring.services.years import close_year  # noqa: E402
from scripts.benching import people  # noqa: E402
from scripts.benching.settling import Nothing, timed  # noqa: E402

YEAR, COMPLETION = 2026, Decimal("96.5")
ROUNDS = 3
DRAFT: dict[str, Any] = {
    "version": "2.0",
    "upward": {"subordinates": "30", "own": "10", "superior": "60"},
    "min_raters": 4,
    "coefficient_ceiling": "105",
    "pay_ceiling": "90",
    "bonus_limit": "2",
    "deduction_limit": "3",
    "pool": "region",
}


def main() -> None:
    size = int(sys.argv[1])
    call_command("migrate", verbosity=0)
    people.build_year(size, YEAR)
    _settle()
    leader = Employee.objects.create(number="B99999", name="组长", hired_on=people.LONG_AGO)
    GroupMember.objects.create(employee=leader, duty=Duty.LEADER, starts_on=people.LONG_AGO)
    scheme = Scheme.objects.get(version="1.0")
    draft = Scheme.objects.create(
        version="2.0", effective_on="2027-01-01", parameters={**scheme.parameters, **DRAFT}, based_on=scheme
    )
    ours, floor = [], []
    for _round in range(ROUNDS):
        Replay.objects.all().delete()
        job = ask_replay(draft.pk, year=YEAR, completion=COMPLETION, by=leader)
        ours.append(timed(lambda pk=job.pk: tasks.run_job(pk))[0])  # type: ignore[misc]  # of this round
        floor.append(timed(lambda: _scored(draft))[0])
    answer, moved = _replayed(), ReplayPerson.objects.filter(is_moved=True).count()
    _undo()
    Scheme.objects.filter(pk=scheme.pk).update(parameters={**draft.parameters, "version": scheme.version})
    _settle()
    if _actual() != answer:
        raise SystemExit("The what-if and the actual run disagree.")
    figures = {
        "people": size,
        "forms": len(answer[0]),
        "moved": moved,
        "ours": [round(seconds, 2) for seconds in ours],
        "floor": [round(seconds, 2) for seconds in floor],
        "ratio": round(median(ours) / median(floor), 2),
    }
    print(json.dumps(figures))


def _settle() -> None:
    for month in range(1, 13):
        call_command("settle", f"{YEAR}-{month:02}", stdout=Nothing())
    close_year(YEAR, completion=COMPLETION, by=SYSTEM)  # not the command, which ends with 3 where somebody is tied


def _scored(draft: Scheme) -> int:
    """The same results read in the same pieces and scored, nothing kept."""
    rules, done = Rules.from_dict(draft.parameters), 0
    ids = list(Result.objects.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(ids), CHUNK):
        rows = Result.objects.filter(pk__in=among(ids[first : first + CHUNK])).values_list("snapshot", flat=True)
        done += sum(scored_anew(text, rules).status != "" for text in rows)
    return done


def _replayed() -> tuple[list[Any], list[Any], list[Any]]:
    """Lines, proposals and years as the what-if has them."""
    names = ("form_id", "coefficient_after", "deduction_after", "bonus_after", "pay_after")
    lines = sorted(ReplayLine.objects.values_list(*names))
    rows = list(ReplayPerson.objects.order_by("employee_id"))
    fired = sorted((one.employee_id, month, rule) for one in rows for month, rule in one.proposals_after)
    years = [(one.employee_id, *_place(one.year_after)) for one in rows]
    return lines, fired, years


def _place(year: dict[str, Any]) -> tuple[Any, ...]:
    figures = [None if year[name] is None else Decimal(year[name]) for name in ("coefficient", "bonus")]
    return year["pool"], year["rank"], year["grade"], year["tied"], *figures


def _actual() -> tuple[list[Any], list[Any], list[Any]]:
    """As ``_replayed``, of a run for good."""
    names = ("form_id", "coefficient", "deduction", "bonus", "performance_pay")
    proposals = Proposal.objects.values_list("employee_id", "cycle__starts_on", "rule")
    fired = sorted((person, f"{month:%Y-%m}", rule) for person, month, rule in proposals)
    place = ("employee_id", "pool", "rank", "grade", "is_undecided", "coefficient", "bonus")
    years = list(AnnualResult.objects.order_by("employee_id").values_list(*place))
    return sorted(Result.objects.values_list(*names)), fired, years


def _undo() -> None:
    """Everything as before the months were settled."""
    with transaction.atomic():
        for kind in (AnnualResult, AnnualReview, Proposal, Replay, Result, Message):
            kind._default_manager.all().delete()
        Form.objects.filter(cycle__in=Cycle.objects.all()).update(
            state="ready", consolidated_at=None, published_at=None, version=1
        )
        for counted in (Involvement, Bonus, Call):
            counted._default_manager.update(counted_month=None)


if __name__ == "__main__":
    main()
