"""Published months of a year as rows, for tests of the year that need no forms filled in."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from appraisals.states import FormState
from people.models import Employee
from scoring.models import Result
from tests import world

THEN = datetime(2020, 1, 31, tzinfo=UTC)
"""When the months were published: before anything a test does."""
ZERO = dict.fromkeys(("kpi", "goal", "behaviour", "management", "deduction", "bonus"), Decimal(0))
MONEY = dict.fromkeys(("pay_cap", "post_wage", "performance_pay", "base_pay"), Decimal(0))


def published(
    somebody: Employee, owner: Employee, coefficients: Sequence[str | None], *, kind: str = "month", year: int = 2026
) -> list[Result]:
    """A filed form and its result for each coefficient (percent; None: nothing was applicable), January first."""
    assert somebody.position is not None
    assert somebody.region is not None
    rows = []
    for number, text in enumerate(coefficients, start=1):
        cycle = world.cycle(date(year, number, 1), kind)
        form = cycle.forms.create(
            employee=somebody,
            region=somebody.region,
            position=somebody.position,
            position_class=somebody.position.position_class,
            owner=owner,
            state=FormState.FILED,
            published_at=THEN,
        )
        rows.append(_result(form.pk, cycle.pk, somebody.pk, text))
    return Result.objects.bulk_create(rows)


def corrected(result: Result, coefficient: str, at: datetime) -> Result:
    """The next version of a result, published ``at`` in its place."""
    result.superseded_at, result.superseded_reason = at, "申诉成立"
    result.save()
    fresh = _result(result.form_id, result.cycle_id, result.employee_id, coefficient)
    fresh.version, fresh.published_at = result.version + 1, at
    fresh.save()
    return fresh


def a_team(names: Iterable[str], owner: Employee, *, wage: str = "3400") -> list[Employee]:
    """Colleagues of one region and post, with a grade that pays ``wage``."""
    return [world.graded(world.person(name, superior=owner, account=True), wage=wage) for name in names]


def _result(form: int, cycle: int, employee: int, text: str | None) -> Result:
    score = Decimal(text or 0)
    return Result(
        form_id=form,
        cycle_id=cycle,
        employee_id=employee,
        snapshot="{}",
        digest="0" * 64,
        full_marks=Decimal(100 if text else 0),
        score=score,
        coefficient=None if text is None else score,
        grade_name="一级",
        consolidated_at=THEN,
        consolidated_by="system",
        published_at=THEN,
        **ZERO,
        **MONEY,
    )
