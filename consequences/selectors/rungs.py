"""The rung a choice leads to, and from when: what a decision would change in figures (P7.1, P7.2)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from consequences.workflow import CHANGES
from people.models import Employee, Grade, PayStep
from people.selectors import holding_on
from people.states import PayStepKind
from scoring.models import PayLine
from scoring.states import PayRunState


@dataclass(frozen=True, slots=True, kw_only=True)
class Rungs:
    """A person on his ladder on a day; ``standing``: by which grade of it his wage, his cap and the rest is paid."""

    ladder: tuple[Grade, ...]
    standing: dict[str, int]

    def target(self, choice: str) -> Grade | None:
        """The grade a choice leads to; None where the ladder ends, or no grade is registered, or nothing changes."""
        change = CHANGES.get(choice)
        here = None if change is None else self._place(change.kind)
        if change is None or here is None:
            return None
        place = here + change.rungs
        return self.ladder[place] if 0 <= place < len(self.ladder) else None

    def is_registered(self, kind: str) -> bool:
        """Whether the person stands anywhere on the ladder with that of his pay."""
        return self._place(kind) is not None

    def amount(self, choice: str) -> tuple[Decimal, Decimal] | None:
        """The figure before and after, yuan a month: of the wage if only that changes, else of the cap."""
        change = CHANGES.get(choice)
        wage_only = change is not None and change.kind == PayStepKind.WAGE
        return self.figures(choice, PayStepKind.WAGE if wage_only else PayStepKind.CAP)

    def figures(self, choice: str, kind: str) -> tuple[Decimal, Decimal] | None:
        """Wage or cap before and after a choice, yuan a month; None where it changes neither."""
        change, then = CHANGES.get(choice), self.target(choice)
        if change is None or then is None or change.kind not in (kind, PayStepKind.GRADE):
            return None
        place = self._place(kind)
        now = then if place is None else self.ladder[place]
        is_own = self.standing.get(kind) != self.standing.get(PayStepKind.GRADE)
        stays = change.kind != kind and is_own and now.outlasts(then, kind, rises=change.rungs > 0)
        return now.pays(kind), (now if stays else then).pays(kind)

    def _place(self, kind: str) -> int | None:
        wanted = self.standing.get(kind)
        return next((place for place, grade in enumerate(self.ladder) if grade.pk == wanted), None)


def rungs_of(people: Collection[Employee], day: date) -> dict[int, Rungs]:
    """Employee id → where he stands on ``day``, decided steps before the registered grade: two statements."""
    ladders: dict[int, list[Grade]] = {}
    for grade in Grade.objects.filter(position__in={one.position_id for one in people}).order_by("position", "rank"):
        ladders.setdefault(grade.position_id, []).append(grade)
    steps: dict[int, dict[str, int]] = {}
    running = PayStep.objects.filter(holding_on(day), employee__in=[one.pk for one in people])
    for pk, kind, grade_id in running.order_by("starts_on", "pk").values_list("employee_id", "kind", "grade_id"):
        steps.setdefault(pk, {})[kind] = grade_id
    return {
        one.pk: Rungs(
            ladder=tuple(ladders.get(one.position_id or 0, ())),
            standing=_standing(one, steps.get(one.pk, {})),
        )
        for one in people
    }


def effective_from(employee_id: int, today: date) -> date:
    """From when a change of pay decided today holds: the next month, and never one settled for the person (P7.1)."""
    return effective_months([employee_id], today)[employee_id]


def effective_months(employee_ids: Iterable[int], today: date) -> dict[int, date]:
    """As ``effective_from`` for many: one statement."""
    ids, first = list(employee_ids), month_after(today)
    found = dict.fromkeys(ids, first)
    settled = PayLine.objects.filter(
        employee__in=ids, run__state=PayRunState.SETTLED, form__isnull=False, run__cycle__starts_on__gte=first
    )
    for pk, month in settled.order_by().values_list("employee_id", "run__cycle__starts_on"):
        found[pk] = max(found[pk], month_after(month))
    return found


def month_after(day: date) -> date:
    """The first day of the month after that of ``day``."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _standing(person: Employee, steps: dict[str, int]) -> dict[str, int]:
    """Kind → the grade that pays it: of cap and wage their own step, else the grade's, else the registered."""
    grade = steps.get(PayStepKind.GRADE, person.grade_id)
    held = {kind: steps.get(kind, grade) for kind in PayStepKind.values}
    return {kind: pk for kind, pk in held.items() if pk is not None}
