"""The sampling plan of a month (A2): how many calls each agent has, are drawn and scored, and how many it takes."""

from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import add

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils.module_loading import import_string

from people.models import Employee
from people.selectors import employees_working
from quality.models import Call, Rubric
from quality.permissions import Ear, heard_people, planned_people
from quality.selectors.rubrics import plan_of
from quality.states import DrawnWhy

DRAWN = (DrawnWhy.RANDOM, DrawnWhy.COMPLAINT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Calls of a month: of one agent, or of many taken together.

    ``scored`` counts those of the drawn ones; ``chosen`` were scored by a listener's own choice and cover nothing;
    ``missing`` is how many the register is short of.
    """

    needed: int = 0
    registered: int = 0
    drawn: int = 0
    scored: int = 0
    chosen: int = 0
    missing: int = 0
    agents: int = 0
    covered: int = 0

    def __add__(self, other: "Coverage") -> "Coverage":
        names = self.__slots__
        return Coverage(**{name: getattr(self, name) + getattr(other, name) for name in names})

    @property
    def to_draw(self) -> int:
        """How many of the registered ones are still to be drawn."""
        return max(0, self.needed - self.drawn - self.missing)

    @property
    def to_score(self) -> int:
        """How many of the drawn ones wait to be listened to."""
        return self.drawn - self.scored


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentPlan:
    """An agent's line of the plan; ``is_counted``: the month has been consolidated with his calls."""

    person: Employee
    is_new: bool
    is_counted: bool
    calls: Coverage


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionPlan:
    """A region's agents taken together."""

    code: str
    name: str
    calls: Coverage


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthPlan:
    """The plan of a month as one person sees it; ``rubric`` is the version whose numbers hold, None without any."""

    month: date
    rubric: Rubric | None
    agents: list[AgentPlan]
    regions: list[RegionPlan]
    calls: Coverage


def month_ends(month: date) -> tuple[date, date]:
    """The first and the last day of a month."""
    return month.replace(day=1), month.replace(day=monthrange(month.year, month.month)[1])


def plan_for(ear: Ear, month: date) -> MonthPlan:
    """The month's plan of those whose sampling the person sees: three statements, however many they are."""
    first, last = month_ends(month)
    rubric = plan_of(first)
    agents = agent_plans(sampled(planned_people(ear, first, last), first, last), rubric, first)
    return MonthPlan(month=first, rubric=rubric, agents=agents, regions=_regions(agents), calls=taken_together(agents))


def drawable(ear: Ear, month: date) -> QuerySet[Employee]:
    """Those for whom the person may have the month's calls drawn."""
    first, last = month_ends(month)
    return sampled(heard_people(ear, first, last), first, last)


def sampled(people: QuerySet[Employee], first: date, last: date) -> QuerySet[Employee]:
    """Of these, whom the plan is about: at work in that time, and monitored by post or form, or with calls."""
    monitored: Callable[[date, date], Q] = import_string(settings.MONITORED_PEOPLE)
    having = Call.objects.filter(called_on__range=(first, last)).values("employee")
    asked = employees_working(first, last).filter(pk__in=people.values("pk"))
    return asked.filter(monitored(first, last) | Q(pk__in=having)).order_by("region__code", "number")


def agent_plans(people: Iterable[Employee], rubric: Rubric | None, first: date) -> list[AgentPlan]:
    """A line for each: two statements."""
    counts = call_counts(first)
    return [_agent_plan(person, rubric, counts.get(person.pk, {}), first) for person in people]


def call_counts(first: date) -> dict[int, dict[str, int]]:
    """Employee id → the month's calls: registered, drawn, scored of these, chosen, counted; one statement."""
    drawn = Q(drawn_why__in=DRAWN)
    rows = Call.objects.filter(called_on__range=month_ends(first)).order_by().values("employee_id")
    found = rows.annotate(
        registered=Count("pk"),
        drawn=Count("pk", filter=drawn),
        scored=Count("pk", filter=drawn & Q(total__isnull=False)),
        chosen=Count("pk", filter=~drawn & Q(total__isnull=False)),
        counted=Count("counted_month"),
    )
    names = ("registered", "drawn", "scored", "chosen", "counted")
    return {row[0]: dict(zip(names, row[1:], strict=True)) for row in found.values_list("employee_id", *names)}


def is_new(person: Employee, rubric: Rubric, first: date) -> bool:
    """Whether somebody counts as new in a month: on its first day he is not yet so many days with the company."""
    return person.hired_on is not None and (first - person.hired_on).days < rubric.new_days


def needed(person: Employee, rubric: Rubric, first: date) -> int:
    """How many of his calls the plan wants in the month that begins with ``first``."""
    return rubric.new_agent if is_new(person, rubric, first) else rubric.per_agent


def taken_together(agents: Iterable[AgentPlan]) -> Coverage:
    """The sum of their calls."""
    return reduce(add, (agent.calls for agent in agents), Coverage())


def _agent_plan(person: Employee, rubric: Rubric | None, counts: dict[str, int], first: date) -> AgentPlan:
    wanted = needed(person, rubric, first) if rubric else 0
    found = {name: counts.get(name, 0) for name in ("registered", "drawn", "scored", "chosen")}
    open_for_draw = found["registered"] - found["chosen"]
    calls = Coverage(
        needed=wanted,
        missing=max(0, wanted - open_for_draw),
        agents=1,
        covered=int(found["scored"] >= wanted),
        **found,
    )
    new = rubric is not None and is_new(person, rubric, first)
    return AgentPlan(person=person, is_new=new, is_counted=bool(counts.get("counted")), calls=calls)


def _regions(agents: Iterable[AgentPlan]) -> list[RegionPlan]:
    groups: dict[tuple[str, str], list[AgentPlan]] = {}
    for agent in agents:
        region = agent.person.region
        groups.setdefault((region.code, region.name) if region else ("", ""), []).append(agent)
    return [RegionPlan(code=code, name=name, calls=taken_together(rows)) for (code, name), rows in groups.items()]
