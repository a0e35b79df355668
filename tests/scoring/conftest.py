"""October of one team, everything complete and ready to be consolidated."""

from dataclasses import dataclass
from datetime import date

import pytest

from appraisals.models import Cycle, Form
from people.models import Employee
from people.states import Duty, Role
from tests import world


@dataclass(frozen=True)
class Month:
    """Who plays, and the forms of October."""

    manager: Employee
    leader: Employee
    officer: Employee  # on duty for October
    hr: Employee
    supervisor: Employee
    agent: Employee
    second_agent: Employee
    cycle: Cycle
    form: Form  # the agent's, 80 %
    second_form: Form  # the second agent's, 95 %
    own_form: Form  # the supervisor's, 60 %


@pytest.fixture
def month(db) -> Month:
    """The month, its forms READY."""
    return make_month()


def make_month() -> Month:
    """As the fixture, for tests that end their transactions."""
    manager = world.with_role(world.person("何建国", None), Role.DEPARTMENT)
    leader = world.in_group(world.person("李娜", None), Duty.LEADER)
    officer = world.on_duty(world.in_group(world.person("沈玉兰", None)), date(2026, 10, 1))
    hr = world.with_role(world.person("赵琳", None), Role.HR)
    supervisor = world.graded(world.person("周敏", "KFZG", superior=manager))
    agent = world.graded(world.person("吴倩", superior=supervisor))
    second = world.graded(world.person("黄佩珊", superior=supervisor))
    return Month(
        manager=manager,
        leader=leader,
        officer=officer,
        hr=hr,
        supervisor=supervisor,
        agent=agent,
        second_agent=second,
        cycle=world.cycle(),
        form=world.ready_form(agent, supervisor),
        second_form=world.ready_form(second, supervisor, share="0.95"),
        own_form=world.ready_form(supervisor, manager, share="0.6"),
    )
