"""Where people stand with each rule: '2 of 3 below 60 %: 2026-03, 2026-06' (P7.1)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from appraisals.models import Cycle
from appraisals.selectors.schemes import rules_of
from appraisals.states import CycleKind
from consequences.selectors.evidence import Box, counted_boxes, rule_words
from people.models import Employee
from policy.schemes import BELOW
from policy.triggers import Counter, MonthResult, counters
from scoring.models import Result
from scoring.selectors.histories import published_months


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """One rule for one person; ``is_near``: one more such month brings a proposal."""

    code: str
    rule: str
    have: int
    need: int
    boxes: tuple[Box, ...]

    @property
    def is_near(self) -> bool:
        return 0 < self.have == self.need - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A person with his counters, those that count something first."""

    person: Employee
    counts: tuple[Tally, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Somebody whom one more such month would bring a proposal."""

    person: Employee
    count: Tally


def last_month() -> Cycle | None:
    """The newest month with a published result: counters are as of its end."""
    published = Result.objects.filter(published_at__isnull=False, superseded_at__isnull=True)
    months = Cycle.objects.filter(kind=CycleKind.MONTH, pk__in=published.order_by().values("cycle"))
    return months.select_related("scheme").order_by("-starts_on").first()


def counts_of(employee_ids: Collection[int], cycle: Cycle) -> dict[int, tuple[Tally, ...]]:
    """Employee id → his counters at the end of the month, by its scheme's rules: one statement."""
    rules, found = rules_of(cycle.scheme), {}
    histories = published_months(employee_ids)
    for pk in employee_ids:
        months = [MonthResult(row.month, row.coefficient) for row in histories.get(pk, ())]
        counted = [_count(one) for one in counters(months, rules, month=cycle.key)]
        found[pk] = tuple(sorted(counted, key=lambda one: (not one.is_near, one.have == 0)))
    return found


def standings(people: Iterable[Employee], cycle: Cycle) -> list[Standing]:
    """The people with their counters, in the order given: one statement."""
    rows = list(people)
    counts = counts_of([one.pk for one in rows], cycle)
    return [Standing(person=one, counts=counts[one.pk]) for one in rows]


def nearly_there(people: QuerySet[Employee], cycle: Cycle) -> list[Near]:
    """Whom of ``people`` one more month brings a proposal, after this one: two statements."""
    rules = rules_of(cycle.scheme)
    published = Result.objects.filter(
        superseded_at__isnull=True,
        published_at__isnull=False,
        coefficient__isnull=False,
        cycle__kind=CycleKind.MONTH,
        cycle__starts_on__lte=cycle.starts_on,
    )
    close = Q()
    held = {}
    for rule in rules.triggers:
        holds = Q(coefficient__lt=rule.threshold) if rule.side == BELOW else Q(coefficient__gt=rule.threshold)
        held[rule.code] = Count("pk", filter=holds)
        close |= Q(**{f"{rule.code}__gte": max(1, rule.times - 1)})
    candidates = published.order_by().values("employee").annotate(**held).filter(close).values("employee")
    rows = list(people.filter(pk__in=candidates).select_related("region", "position").order_by("number"))
    counts = counts_of([one.pk for one in rows], cycle)
    return [Near(person=one, count=count) for one in rows for count in counts[one.pk] if count.is_near]


def _count(counter: Counter) -> Tally:
    boxes = counted_boxes(counter.rule, counter.evidence)
    missing = (Box(),) * (counter.need - counter.have)
    words, boxes = rule_words(counter.rule), (*boxes, *missing)
    return Tally(code=counter.rule.code, rule=words, have=counter.have, need=counter.need, boxes=boxes)
