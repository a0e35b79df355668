"""Employment facts, reporting lines over time, appraisal owners (P2, P5.1)."""

from datetime import date
from decimal import Decimal

import pytest

from audit.models import Event
from common.errors import RuleError
from people.facts import Standing
from people.models import Employee, OwnerAssignment, ReportingLine
from people.selectors import owners_on, subordinates_on, superiors_on
from people.services.staff import EmployeeFacts, assign_owner, save_employee, set_superior
from people.states import Role
from tests.world import person, with_role

pytestmark = pytest.mark.django_db
HR = Standing(is_hr=True)
JUNE = date(2026, 6, 1)


@pytest.fixture
def hr() -> Employee:
    return person("赵琳", None)


def test_a_past_month_is_judged_by_the_line_that_held_then(hr):
    old, new = person("周敏", "KFZG"), person("林国栋", "KFZG")
    agent = person("陈思雨", superior=old)

    set_superior(agent.pk, superior_id=new.pk, starts_on=JUNE, by=hr, standing=HR)

    assert superiors_on(date(2026, 5, 31), [agent.pk]) == {agent.pk: old.pk}
    assert superiors_on(JUNE, [agent.pk]) == {agent.pk: new.pk}
    assert subordinates_on(JUNE, [old.pk, new.pk]) == {new.pk: [agent.pk]}


def test_setting_the_same_superior_again_changes_nothing(hr):
    boss = person("周敏", "KFZG")
    agent = person("陈思雨", superior=boss)

    set_superior(agent.pk, superior_id=boss.pk, starts_on=JUNE, by=hr, standing=HR)

    assert ReportingLine.objects.filter(employee=agent).count() == 1
    assert not Event.objects.exists()


def test_a_superior_corrected_on_the_same_day_leaves_one_line(hr):
    boss, other = person("周敏", "KFZG"), person("林国栋", "KFZG")
    agent = person("陈思雨")
    set_superior(agent.pk, superior_id=boss.pk, starts_on=JUNE, by=hr, standing=HR)

    set_superior(agent.pk, superior_id=other.pk, starts_on=JUNE, by=hr, standing=HR)

    assert list(agent.lines_up.values_list("superior_id", flat=True)) == [other.pk]


def test_hr_changes_nothing_of_his_own(hr):
    boss = person("周敏", "KFZG")
    own = EmployeeFacts(
        number=hr.number,
        name=hr.name,
        region_id=None,
        position_id=None,
        grade_id=None,
        base_salary=Decimal(90_000),
        email="",
        hired_on=None,
        left_on=None,
    )
    attempts = (
        lambda: save_employee(hr.pk, facts=own, by=hr, standing=HR),
        lambda: set_superior(hr.pk, superior_id=boss.pk, starts_on=JUNE, by=hr, standing=HR),
        lambda: assign_owner(hr.pk, owner_id=boss.pk, starts_on=JUNE, reason="方便", by=hr, standing=HR),
    )

    for attempt in attempts:
        with pytest.raises(RuleError) as refusal:
            attempt()
        assert refusal.value.code == "own_record"
    assert not Event.objects.exists()


def test_lines_never_run_in_a_circle(hr):
    top = person("何建国", None)
    middle = person("周敏", "KFZG", superior=top)
    agent = person("陈思雨", superior=middle)

    for superior in (agent, top):
        with pytest.raises(RuleError) as refusal:
            set_superior(top.pk, superior_id=superior.pk, starts_on=JUNE, by=hr, standing=HR)
        assert refusal.value.code == "circle"


@pytest.mark.parametrize(
    "standing", [Standing(), Standing(is_leader=True), Standing(is_department=True), Standing(is_administrator=True)]
)
def test_only_hr_changes_lines(hr, standing):
    agent, boss = person("陈思雨"), person("周敏", "KFZG")

    with pytest.raises(RuleError) as refusal:
        set_superior(agent.pk, superior_id=boss.pk, starts_on=JUNE, by=hr, standing=standing)

    assert refusal.value.code == "not_allowed"
    assert not agent.lines_up.exists()


def test_the_owner_is_the_superior_unless_set_otherwise_and_the_department_for_who_has_none(hr):
    manager = with_role(person("何建国", None), Role.DEPARTMENT)
    head = person("周敏", "KFZG")
    agent, other = person("陈思雨", superior=head), person("黄佩珊", superior=head)
    stand_in = person("刘凯", "JSZG", superior=head)

    assign_owner(agent.pk, owner_id=stand_in.pk, starts_on=JUNE, reason="周敏休产假", by=hr, standing=HR)
    ids = [head.pk, agent.pk, other.pk]

    assert owners_on(JUNE, ids) == {head.pk: manager.pk, agent.pk: stand_in.pk, other.pk: head.pk}
    assert owners_on(date(2026, 5, 31), [agent.pk]) == {agent.pk: head.pk}


def test_going_back_to_the_superior_ends_the_assignment(hr):
    head = person("周敏", "KFZG")
    agent, stand_in = person("陈思雨", superior=head), person("刘凯", "JSZG")
    assign_owner(agent.pk, owner_id=stand_in.pk, starts_on=JUNE, reason="休假", by=hr, standing=HR)

    assign_owner(agent.pk, owner_id=None, starts_on=date(2026, 8, 1), reason="回来了", by=hr, standing=HR)

    assert owners_on(date(2026, 7, 31), [agent.pk]) == {agent.pk: stand_in.pk}
    assert owners_on(date(2026, 8, 1), [agent.pk]) == {agent.pk: head.pk}


def test_nobody_can_be_his_own_owner(hr):
    agent = person("陈思雨")

    with pytest.raises(RuleError) as refusal:
        assign_owner(agent.pk, owner_id=agent.pk, starts_on=JUNE, reason="自己评", by=hr, standing=HR)

    assert refusal.value.code == "invalid"
    assert not OwnerAssignment.objects.exists()


def facts(**changes: object) -> EmployeeFacts:
    plain = dict.fromkeys(("region_id", "position_id", "grade_id", "base_salary", "hired_on", "left_on"))
    return EmployeeFacts(**{"number": "E0900", "name": "新人", "email": "", **plain, **changes})  # type: ignore[arg-type]


def test_a_change_of_facts_is_recorded_with_before_and_after(hr):
    added = save_employee(None, facts=facts(), by=hr, standing=HR)

    save_employee(added.pk, facts=facts(name="新名字"), by=hr, standing=HR)

    event = Event.objects.latest("pk")
    assert (event.before, event.after, event.actor_number) == ({"name": "新人"}, {"name": "新名字"}, hr.number)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"hired_on": date(2026, 5, 1), "left_on": date(2026, 4, 1)}, "invalid", id="leaves before hired"),
        pytest.param({"grade_id": 10**6}, "grade_of_another_post", id="grade of no post"),
        pytest.param({"name": ""}, "invalid", id="no name"),
    ],
)
def test_wrong_facts_are_refused_and_nothing_is_stored(hr, changes, code):
    with pytest.raises(RuleError) as refusal:
        save_employee(None, facts=facts(**changes), by=hr, standing=HR)

    assert refusal.value.code == code
    assert not Employee.objects.filter(number="E0900").exists()
