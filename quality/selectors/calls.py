"""The register of calls as a person sees it, and the month's mean that a KPI figure is made of (A2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from people.models import Employee
from people.selectors import employee_numbered
from policy.rounding import quotient
from quality.models import Assessment, Call, Dispute
from quality.permissions import Ear, can_see_total, visible_calls
from quality.selectors.coverage import DRAWN, month_ends
from quality.selectors.rubrics import plan_of
from quality.selectors.sums import call_sums
from quality.states import AssessmentKind, AssessmentState, DisputeState, DrawnWhy

STATES = ("idle", "drawn", "todo", "scored", "disputed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What of the register is asked for. ``agent`` and ``listener``: a number or part of a name; ``month`` any day
    of it; ``state`` one of ``STATES``, else every state; ``number`` a part of the call's."""

    number: str = ""
    agent: str = ""
    month: date | None = None
    state: str = ""
    listener: str = ""
    only_complaints: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLine:
    """A call of the register. ``first`` is the scoring that counts once it is submitted; ``listener`` who has begun
    or done it; ``shows_total``: not to whoever still has to score it blind."""

    call: Call
    first: Assessment | None
    listener: Employee | None
    is_disputed: bool
    shows_total: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthMean:
    """An agent's monitored calls of a month as the figure of a form has them.

    ``mean`` is None while none is scored; ``is_shown`` is False for whoever sees only some of the calls, or still has
    to score one of them blind. ``ways`` says how the calls were chosen, with how many each.
    """

    agent: Employee
    month: date
    calls: int
    seen: int
    mean: Decimal | None
    is_shown: bool
    is_blind: bool
    is_counted: bool
    at_least: int
    disputed: int
    ways: list[tuple[str, int]]

    @property
    def is_few(self) -> bool:
        """Fewer calls than the plan wants for a figure."""
        return self.calls < self.at_least


def call_register(ear: Ear, wanted: Wanted) -> QuerySet[Call]:
    """The calls the person may see, as asked for, the latest first; with scorings and whether one is disputed."""
    rows = visible_calls(ear).filter(_matching(wanted)).annotate(is_disputed=Exists(_open_disputes()))
    firsts = Assessment.objects.select_related("listener")
    rows = rows.select_related("employee__region").prefetch_related(Prefetch("assessments", firsts))
    if wanted.state == "disputed":
        rows = rows.filter(is_disputed=True)
    if wanted.listener:
        rows = rows.filter(Exists(_heard_by(wanted.listener)))
    return rows.order_by("-called_on", "-number")


def call_lines(ear: Ear, calls: Iterable[Call]) -> list[CallLine]:
    """A page of ``call_register``, without a further statement."""
    return [_line(ear, call) for call in calls]


def month_mean(ear: Ear, number: str, month: date) -> MonthMean | None:
    """The figure of the agent with that number; None where there is no such agent, or no call of his to be seen."""
    agent = employee_numbered(number)
    if agent is None:
        return None
    first, last = month_ends(month)
    scored = Call.objects.filter(employee=agent, called_on__range=(first, last), total__isnull=False)
    ways = _ways(visible_calls(ear).filter(pk__in=scored.values("pk")))
    seen = sum(count for _why, count in ways)
    if not seen and ear.person.pk != agent.pk:
        return None
    found = call_sums([agent.pk], first, last).get((agent.pk, first.year, first.month))
    plan, facts = plan_of(first), _facts(scored, ear.person)
    calls = found.calls if found else 0
    return MonthMean(
        agent=agent,
        month=first,
        calls=calls,
        seen=seen,
        mean=quotient(found.total, Decimal(found.calls)) if found else None,
        is_shown=seen == calls and not facts["blind"],
        is_blind=bool(facts["blind"]),
        is_counted=bool(facts["counted"]),
        at_least=plan.min_for_kpi if plan else 0,
        disputed=facts["disputed"],
        ways=ways,
    )


def call_seen(ear: Ear, pk: int) -> Call | None:
    """A call the person may see."""
    return visible_calls(ear).filter(pk=pk).first()


def _matching(wanted: Wanted) -> Q:
    found = Q(number__icontains=wanted.number) if wanted.number else Q()
    if wanted.agent:
        found &= Q(employee__number__iexact=wanted.agent) | Q(employee__name__icontains=wanted.agent)
    if wanted.month is not None:
        found &= Q(called_on__range=month_ends(wanted.month))
    if wanted.only_complaints:
        found &= Q(is_complaint=True)
    states = {
        "idle": Q(drawn_why="", total__isnull=True),
        "drawn": Q(drawn_why__in=DRAWN),
        "todo": ~Q(drawn_why="") & Q(total__isnull=True),
        "scored": Q(total__isnull=False),
    }
    return found & states.get(wanted.state, Q())


def _open_disputes() -> QuerySet[Dispute]:
    return Dispute.objects.filter(assessment__call=OuterRef("pk"), state=DisputeState.OPEN)


def _heard_by(text: str) -> QuerySet[Assessment]:
    """Scorings that count, by who gave them: a draft is told to nobody through a filter."""
    firsts = Assessment.objects.filter(call=OuterRef("pk"), kind=AssessmentKind.FIRST, state=AssessmentState.SUBMITTED)
    return firsts.filter(Q(listener__number__iexact=text) | Q(listener__name__icontains=text))


def _line(ear: Ear, call: Call) -> CallLine:
    first = next((one for one in call.assessments.all() if one.kind == AssessmentKind.FIRST), None)
    done = first is not None and first.state == AssessmentState.SUBMITTED
    return CallLine(
        call=call,
        first=first if done else None,
        listener=first.listener if first else None,
        is_disputed=bool(getattr(call, "is_disputed", False)),
        shows_total=can_see_total(ear, call),
    )


def _ways(calls: QuerySet[Call]) -> list[tuple[str, int]]:
    counted = dict(calls.order_by().values_list("drawn_why").annotate(Count("pk")))
    counted[DrawnWhy.CHOSEN] = counted.pop("", 0) + counted.get(DrawnWhy.CHOSEN, 0)
    return [(str(why.label), counted[why]) for why in DrawnWhy if counted.get(why)]


def _facts(scored: QuerySet[Call], person: Employee) -> dict[str, int]:
    blind = Assessment.objects.filter(
        call=OuterRef("pk"), kind=AssessmentKind.SECOND, state=AssessmentState.DRAFT, listener=person
    )
    rows = scored.annotate(is_blind=Exists(blind), is_disputed=Exists(_open_disputes())).order_by()
    found: dict[str, int] = rows.aggregate(
        blind=Count("pk", filter=Q(is_blind=True)),
        disputed=Count("pk", filter=Q(is_disputed=True)),
        counted=Count("counted_month"),
    )
    return found
