"""A what-if over a year equals an actual run under the draft: coefficients, pay, proposals, grades, ranks, bonuses."""

import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from appraisals.models import Adjustment, Form, Scheme
from appraisals.states import FormState, SchemeState
from incidents.models import Bonus, Involvement
from notices.models import Message
from people.models import Employee
from people.states import Duty
from quality.models import Call
from scoring import tasks
from scoring.models import AnnualResult, AnnualReview, Proposal, Replay, ReplayLine, ReplayPerson, Result
from scoring.services.replaying import ask_replay
from scoring.states import JobState
from tests import world
from tests.scoring.test_sample_year import settle_the_year

SAMPLE = Path(__file__).parent.parent / "data" / "sample_year.xlsx"
DRAFT: dict[str, Any] = {
    "version": "2.0",
    "upward": {"subordinates": "30", "own": "10", "superior": "60"},
    "min_raters": 4,
    "coefficient_ceiling": "105",
    "pay_ceiling": "95",
    "bonus_limit": "2.5",
    "deduction_limit": "4",
    "counting_window": "rolling_12",
    "pool": "region",
    "min_months": 4,
}
"""Other numbers wherever the months and the year read one."""

pytestmark = pytest.mark.django_db


def lines() -> dict[tuple[str, str], tuple[Any, ...]]:
    """(employee number, month) → coefficient, events, pay, as a run has stored them."""
    rows = Result.objects.filter(superseded_at=None).order_by("employee", "cycle")
    figures = ("coefficient", "deduction", "bonus", "performance_pay")
    return {
        (number, f"{month:%Y-%m}"): tuple(rest)
        for number, month, *rest in rows.values_list("employee__number", "cycle__starts_on", *figures)
    }


def replayed_lines() -> dict[tuple[str, str], tuple[Any, ...]]:
    """As ``lines``, as a replay has it."""
    figures = ("coefficient_after", "deduction_after", "bonus_after", "pay_after")
    return {
        (number, f"{month:%Y-%m}"): tuple(rest)
        for number, month, *rest in ReplayLine.objects.values_list("employee__number", "month", *figures)
    }


def fired() -> set[tuple[str, str, str]]:
    """Employee, month and rule of every proposal of a month."""
    rows = Proposal.objects.filter(state="proposed", cycle__isnull=False)
    names = ("employee__number", "cycle__starts_on", "rule")
    return {(number, f"{month:%Y-%m}", rule) for number, month, rule in rows.values_list(*names)}


def years() -> dict[str, tuple[Any, ...]]:
    """Employee number → the year as it was closed."""
    return {
        row.employee.number: (row.pool, row.months, row.coefficient, row.rank, row.grade, row.is_undecided, row.bonus)
        for row in AnnualResult.objects.select_related("employee")
    }


def replayed_years(side: str) -> dict[str, tuple[Any, ...]]:
    """As ``years``, before or after."""
    found = {}
    for one in ReplayPerson.objects.select_related("employee"):
        year = getattr(one, f"year_{side}")
        figures = [None if year[name] is None else Decimal(year[name]) for name in ("coefficient", "bonus")]
        place = (year["pool"], year["months"], figures[0], year["rank"], year["grade"], year["tied"], figures[1])
        found[one.employee.number] = place
    return found


def undone() -> None:
    """Everything as before the months were settled."""
    Message.objects.all().delete()
    AnnualResult.objects.all().delete()
    AnnualReview.objects.all().delete()
    Proposal.objects.all().delete()
    Result.objects.all().delete()
    Form.objects.filter(state=FormState.PUBLISHED).update(
        state=FormState.READY, consolidated_at=None, published_at=None
    )
    for kind in (Involvement, Bonus, Call):
        kind.objects.update(counted_month=None)


def with_appeals(leader: Employee) -> None:
    """Some forms with points that an appeal gave."""
    forms = random.Random(7).sample(list(Form.objects.order_by("pk")), 25)
    Adjustment.objects.bulk_create(
        Adjustment(form=form, ref=f"SS-{form.pk}", points=Decimal("1.35"), label="申诉", by=leader, at=timezone.now())
        for form in forms
    )


def test_a_what_if_over_the_sample_year_equals_an_actual_run():
    call_command("import_workbook", str(SAMPLE), verbosity=0)
    leader = world.in_group(world.person("组长", None), Duty.LEADER)
    with_appeals(leader)
    settle_the_year()
    first = lines(), fired(), years()
    scheme = Scheme.objects.get(state=SchemeState.APPROVED)
    draft = Scheme.objects.create(version="2.0", effective_on="2027-01-01", parameters={**scheme.parameters, **DRAFT})

    job = ask_replay(draft.pk, year=2026, completion=Decimal("96.5"), by=leader)
    tasks.run_job(job.pk)

    job.refresh_from_db()
    assert (job.state, job.done) == (JobState.DONE, len(first[0]))
    assert replayed_years("before") == first[2]
    assert proposals("before") == first[1]
    answer = replayed_lines(), proposals("after"), replayed_years("after")
    Replay.objects.all().delete()
    undone()
    Scheme.objects.filter(pk=scheme.pk).update(parameters={**draft.parameters, "version": scheme.version})
    settle_the_year()
    actual = lines(), fired(), years()
    assert answer[0] == actual[0]
    assert answer[1] == actual[1]
    assert answer[2] == actual[2]
    assert all(one != other for one, other in zip(first, actual, strict=True))


def proposals(side: str) -> set[tuple[str, str, str]]:
    """As ``fired``, before or after."""
    return {
        (one.employee.number, month, rule)
        for one in ReplayPerson.objects.select_related("employee")
        for month, rule in getattr(one, f"proposals_{side}")
    }
