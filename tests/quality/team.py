"""A team of listeners and agents, and a registered call, for the tests of scoring and ruling."""

from dataclasses import dataclass
from datetime import date, time

from people.models import Employee
from people.states import Role
from quality.models import Assessment, Call, Rubric, RubricItem
from quality.services.assessing import open_assessment, save_sheet, submit_assessment
from quality.services.filling import Entries, Level
from quality.states import AssessmentKind
from tests import world

DAY = date(2026, 11, 5)


@dataclass(frozen=True)
class Team:
    """An agent, those above him, the group, and somebody of another region."""

    agent: Employee
    other_agent: Employee
    superior: Employee
    manager: Employee
    member: Employee
    second_member: Employee
    auditor: Employee
    hr: Employee
    foreign: Employee


def make_team() -> Team:
    """As told; all with accounts."""
    manager = world.with_role(world.person("何建国", None, account=True), Role.DEPARTMENT)
    superior = world.person("周敏", "KFZG", superior=manager, account=True)
    foreign = world.person("吴海燕", "KFZG", account=True)
    foreign.region = world.region("HN", "华南区域")
    foreign.save(update_fields=["region"])
    return Team(
        agent=world.person("陈思雨", superior=superior, account=True),
        other_agent=world.person("黄佩珊", superior=superior, account=True),
        superior=superior,
        manager=manager,
        member=world.in_group(world.person("沈玉兰", None, account=True)),
        second_member=world.in_group(world.person("郑洁", None, account=True)),
        auditor=world.with_role(world.person("孙悦", None, account=True), Role.AUDITOR),
        hr=world.with_role(world.person("赵琳", None, account=True), Role.HR),
        foreign=foreign,
    )


def make_call(agent: Employee, number: str = "LY-1", **facts: object) -> Call:
    """A registered call of five minutes."""
    told = {"called_on": DAY, "called_at": time(10, 20), "seconds": 300, **facts}
    return Call.objects.create(number=number, employee=agent, **told)


def rubric() -> Rubric:
    """The seeded standard."""
    return Rubric.objects.get(version="1.0")


def item(name: str) -> RubricItem:
    """An item of the seeded standard."""
    return rubric().items.get(name=name)


def full_levels(**changed: Level) -> dict[int, Level]:
    """Every item at full marks but those named."""
    return {one.pk: changed.get(one.name, Level(points=one.points)) for one in rubric().items.all()}


def scored(call: Call, listener: Employee, *, submit: bool = True, **changed: Level) -> Assessment:
    """The call scored by that listener, full marks but for what is named."""
    draft = open_assessment(call.pk, by=listener)
    save_sheet(draft.pk, entries=Entries(levels=full_levels(**changed)), by=listener)
    return submit_assessment(draft.pk, by=listener) if submit else draft


def second_of(call: Call, listener: Employee) -> Assessment:
    """A blind second scoring given to that listener, as the draw does."""
    return Assessment.objects.create(call=call, kind=AssessmentKind.SECOND, listener=listener, rubric=rubric())
