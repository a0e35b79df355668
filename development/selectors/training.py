"""Training requests in their lists, by topic, and as rows of the file."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from development.models import TrainingRequest
from development.permissions import collects_training, reads_training, visible_training
from development.states import TrainingState
from people.facts import Standing
from people.models import Employee, OwnerAssignment, ReportingLine
from people.selectors import holding_on, owners_on

READ = ("employee__position", "employee__region", "requested_by", "passed_by")


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """How often something is asked for: requests, people, and how many are arranged or declined."""

    name: str
    requests: int
    people: int
    arranged: int
    declined: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """The reader's requests; ``reads_all`` opens the whole list, ``collects`` its button."""

    to_pass: list[TrainingRequest]
    own: list[TrainingRequest]
    led: list[TrainingRequest]
    reads_all: bool
    collects: bool


def training_of(person: Employee, standing: Standing) -> Lists:
    """What waits for the reader to pass on, his own, and what he asked for his people."""
    rows = visible_training(person, standing).select_related(*READ)
    mine = list(rows.filter(Q(employee=person) | Q(passed_by=person) | Q(requested_by=person))[:100])
    to_pass = [
        one
        for one in mine
        if one.passed_by_id == person.pk and one.passed_at is None and one.state == TrainingState.REQUESTED
    ]
    waiting = {one.pk for one in to_pass}
    return Lists(
        to_pass=to_pass,
        own=[one for one in mine if one.employee_id == person.pk],
        led=[one for one in mine if one.employee_id != person.pk and one.pk not in waiting],
        reads_all=reads_training(standing),
        collects=collects_training(standing),
    )


def all_training(person: Employee, standing: Standing, state: str = "") -> QuerySet[TrainingRequest]:
    """Everything that was passed on, by region and topic; to be paged or written to the file."""
    rows = visible_training(person, standing).filter(passed_at__isnull=False).select_related(*READ)
    rows = rows.filter(state=state) if state in TrainingState.values else rows
    return rows.order_by("-created_at", "pk")


def topics(person: Employee, standing: Standing) -> list[Topic]:
    """What is asked for most, of all that was passed on."""
    rows = visible_training(person, standing).filter(passed_at__isnull=False).order_by()
    counted = (
        rows.annotate(name=F("topic"))
        .values("name")
        .annotate(
            requests=Count("pk"),
            people=Count("employee", distinct=True),
            arranged=Count("pk", filter=Q(state=TrainingState.ARRANGED)),
            declined=Count("pk", filter=Q(state=TrainingState.DECLINED)),
        )
    )
    found = [Topic(**row) for row in counted]
    return sorted(found, key=lambda one: (-one.requests, one.name))


def training_for(person: Employee, standing: Standing, pk: int) -> TrainingRequest | None:
    """The request, if the person may see it."""
    return visible_training(person, standing).select_related(*READ).filter(pk=pk).first()


def people_to_ask_for(person: Employee, day: date) -> list[Employee]:
    """Himself, if he is appraised, and those whose owner he is today."""
    lines = ReportingLine.objects.filter(holding_on(day), superior=person).values("employee")
    assigned = OwnerAssignment.objects.filter(holding_on(day), owner=person).values("employee")
    near = Employee.objects.filter(Q(pk__in=lines) | Q(pk__in=assigned), left_on__isnull=True)
    found = list(near.exclude(pk=person.pk).order_by("number"))
    owners = owners_on(day, [one.pk for one in found]) if found else {}
    led = [one for one in found if owners.get(one.pk) == person.pk]
    return [person, *led] if person.position_id is not None else led
