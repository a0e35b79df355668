"""The cast of the appraisals tests: one region, one team, the people around it."""

from dataclasses import dataclass
from datetime import date

import pytest

from people.models import Employee
from people.states import Duty, Role
from tests import world


@dataclass(frozen=True)
class Cast:
    """Who plays in the tests."""

    manager: Employee  # of the CS management department
    leader: Employee  # of the appraisal group
    officer: Employee  # on duty for October and November
    hr: Employee
    supervisor: Employee  # owner of the agents
    other_supervisor: Employee
    agent: Employee
    second_agent: Employee
    stranger: Employee  # an agent of the other supervisor


@pytest.fixture
def cast(db) -> Cast:
    """The cast, with reporting lines, group and rota; everybody can sign in."""
    manager = world.with_role(world.person("何建国", None, account=True), Role.DEPARTMENT)
    leader = world.in_group(world.person("李娜", None, account=True), Duty.LEADER)
    officer = world.in_group(world.person("沈玉兰", None, account=True))
    for month in (date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)):
        world.on_duty(officer, month)
    hr = world.with_role(world.person("赵琳", None, account=True), Role.HR)
    supervisor = world.person("周敏", "KFZG", superior=manager, account=True)
    other = world.person("郑洁", "KFZG", superior=manager, account=True)
    return Cast(
        manager=manager,
        leader=leader,
        officer=officer,
        hr=hr,
        supervisor=supervisor,
        other_supervisor=other,
        agent=world.person("吴倩", superior=supervisor, account=True),
        second_agent=world.person("黄佩珊", superior=supervisor, account=True),
        stranger=world.person("陈晨", superior=other, account=True),
    )
