"""A region of two teams, the department above, the group beside them; and incidents among them."""

from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from time_machine import travel

from common.errors import RuleError
from incidents.models import Incident, IncidentKind, Involvement
from incidents.services.filing import IncidentDraft, Share, file_incident
from people.models import Employee
from people.states import Role
from tests import world

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 10, 13)
"""A Tuesday: filed on it, a view is awaited until Thursday the 15th."""


def on(day: int, hour: int = 10, month: int = 10) -> travel:
    """The clock on a day of October 2026, or another month."""
    return travel(datetime(2026, month, day, hour, tzinfo=SHANGHAI), tick=False)


def refusal(call, *args, **kwargs) -> str:
    """The code a rule refuses with."""
    with pytest.raises(RuleError) as caught:
        call(*args, **kwargs)
    return caught.value.code


def kind(code: str = "I08") -> IncidentKind:
    """An entry of the seeded standard; I08 is slight, 2 points."""
    return IncidentKind.objects.select_related("severity").get(code=code)


def draft(*people: Employee, points: str | None = None, **facts) -> IncidentDraft:
    """A record about these people."""
    given = Decimal(points) if points else None
    told = {"kind_id": kind().pk, "occurred_on": DAY, "description": "漏记工单", **facts}
    return IncidentDraft(people=tuple(Share(one.pk, given) for one in people), **told)


def confirmed(employee: Employee, by: Employee, found: Employee, day: date, code: str = "I08") -> Involvement:
    """An earlier confirmed share, written as the past left it."""
    entry = kind(code)
    incident = Incident.objects.create(
        number=f"BL-{day.year}-X{Incident.objects.count():03d}",
        occurred_on=day,
        description="以前的一次",
        kind=entry,
        found_by=found,
        filed_by=found,
    )
    return Involvement.objects.create(
        incident=incident,
        employee=employee,
        severity=entry.severity,
        filed_points=entry.points,
        points=entry.points,
        state="confirmed",
        verified_by=by,
    )


def make_cast() -> SimpleNamespace:
    """Everybody with an account; nobody has a duty he is not named for."""
    leader = world.with_role(world.person("何建国", None, account=True), Role.DEPARTMENT)
    boss = world.person("周敏", "KFZG", superior=leader, account=True)
    other_boss = world.person("郑洁", "JSZG", superior=leader, account=True)
    elsewhere = world.person("陈晨", account=True)
    elsewhere.region = world.region("HN", "华南区域")
    elsewhere.save()
    return SimpleNamespace(
        manager=leader,
        boss=boss,
        other_boss=other_boss,
        agent=world.person("吴倩", superior=boss, account=True),
        mate=world.person("黄佩珊", superior=boss, account=True),
        finder=world.person("李可", superior=other_boss, account=True),
        stranger=elsewhere,
        member=world.in_group(world.person("沈玉兰", None, account=True)),
        auditor=world.with_role(world.person("孙悦", None, account=True), Role.AUDITOR),
        hr=world.with_role(world.person("赵琳", None, account=True), Role.HR),
    )


@pytest.fixture
def cast(db) -> SimpleNamespace:
    """The people, as every test wants them."""
    return make_cast()


@pytest.fixture
def incident(cast) -> Incident:
    """The agent left a ticket out on the 13th; a colleague of another team found and filed it on the same day."""
    with on(13):
        return file_incident(draft(cast.agent), by=cast.finder)


@pytest.fixture
def shared(cast) -> Incident:
    """Two of one team and somebody from elsewhere share one incident, with points of their own."""
    entry = kind("I09")
    people = (Share(cast.agent.pk, Decimal(5)), Share(cast.mate.pk, Decimal(3)), Share(cast.stranger.pk, Decimal(4)))
    told = IncidentDraft(kind_id=entry.pk, occurred_on=DAY, description="解答错误", people=people)
    with on(13):
        return file_incident(told, by=cast.finder)


def share_of(incident: Incident, person: Employee) -> Involvement:
    """A person's share, fresh."""
    return Involvement.objects.get(incident=incident, employee=person)
