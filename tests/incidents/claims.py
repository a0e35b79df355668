"""People and claims for the tests of bonuses: a team and who stands above it, the group, somebody elsewhere."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import models
from django.test import Client

from audit.log import events_about
from audit.models import Event
from common.errors import RuleError
from incidents.models import Bonus, BonusKind, Incident, Involvement, Severity
from incidents.services.bonuses import BonusDraft, first_check_bonus, raise_bonus, second_check_bonus
from incidents.states import EventState
from people.models import Employee
from people.states import Duty, Role
from tests import world

DAY = date(2026, 10, 13)
Cast = dict[str, Employee]


def make_cast() -> Cast:
    """Everybody with an account."""
    manager = world.with_role(world.person("何建国", None, account=True), Role.DEPARTMENT)
    head = world.person("方志远", "SCZG", account=True)
    boss = world.person("周敏", "KFZG", superior=head, account=True)
    stranger = world.person("陈晨", account=True)
    stranger.region = world.region("HN", "华南区域")
    stranger.save()
    return {
        "manager": manager,
        "leader": world.in_group(world.person("李娜", None, account=True), Duty.LEADER),
        "member": world.in_group(world.person("沈玉兰", None, account=True)),
        "hr": world.with_role(world.person("赵琳", None, account=True), Role.HR),
        "auditor": world.with_role(world.person("孙悦", None, account=True), Role.AUDITOR),
        "head": head,
        "boss": boss,
        "peer_boss": world.person("郑洁", "JSZG", superior=head, account=True),
        "agent": world.person("吴倩", superior=boss, account=True),
        "colleague": world.person("黄佩珊", superior=boss, account=True),
        "stranger": stranger,
    }


def draft(person: Employee, code: str = "B01", place: int = 0, **facts: Any) -> BonusDraft:
    """A claim of an entry of the standard, at one of its places."""
    kind = BonusKind.objects.get(code=code)
    told: dict[str, Any] = {"occurred_on": DAY, "grounds": "客户表扬", **facts}
    return BonusDraft(employee_id=person.pk, kind_id=kind.pk, step_id=list(kind.steps.all())[place].pk, **told)


def raised(cast: Cast, code: str = "B01", *, by: str = "agent", **facts: Any) -> Bonus:
    """A claim for the agent, waiting for its first check."""
    return raise_bonus(draft(cast["agent"], code, **facts), by=cast[by])


def checked(cast: Cast, code: str = "B01", *, by: str = "agent", **facts: Any) -> Bonus:
    """A claim for the agent that a member of the group has checked."""
    return first_check_bonus(raised(cast, code, by=by, **facts).pk, by=cast["member"])


def confirmed(cast: Cast, code: str = "B01", **facts: Any) -> Bonus:
    """A claim for the agent that counts."""
    return second_check_bonus(checked(cast, code, **facts).pk, by=cast["boss"])


def critical_incident(cast: Cast, day: date = DAY) -> Incident:
    """A confirmed incident of the agent so grave that no bonus counts in its month."""
    made = Incident.objects.create(number="BL-2026-0404", occurred_on=day, description="泄密", found_by=cast["leader"])
    Involvement.objects.create(
        incident=made,
        employee=cast["agent"],
        severity=Severity.objects.get(code="L4"),
        filed_points=Decimal(20),
        points=Decimal(20),
        state=EventState.CONFIRMED,
        verified_by=cast["boss"],
    )
    return made


def last_event(row: models.Model) -> Event:
    """The last thing recorded about a row."""
    found = events_about(row).last()
    assert found is not None
    return found


def refusal(call, *args, **kwargs) -> str:
    """The code of what a rule says no with."""
    with pytest.raises(RuleError) as caught:
        call(*args, **kwargs)
    return caught.value.code


def as_(person: Employee) -> Client:
    """A browser in which that person is signed in."""
    client = Client()
    assert person.account is not None
    client.force_login(person.account)
    return client
