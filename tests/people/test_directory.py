"""The people pages: who sees whom, what HR alone sees, and a constant number of statements."""

import pytest
from django.urls import reverse
from django.utils import timezone

from people.models import Account, Employee, Grade, Position
from people.permissions import can_view_employee, visible_employees
from people.selectors import standing_of
from people.states import Duty, Role
from tests.counting import statements
from tests.world import in_group, person, with_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> dict[str, Employee]:
    boss = person("周敏", "KFZG", account=True)
    grade = Grade.objects.create(
        position=Position.objects.get(code="KFZY"), name="三等", rank=3, post_wage=3800, pay_cap=1200
    )
    return {
        "boss": boss,
        "agent": person("陈思雨", superior=boss, account=True, grade=grade, base_salary="4321.00"),
        "stranger": person("吴海燕", account=True),
        "hr": with_role(person("赵琳", None, account=True), Role.HR),
        "manager": with_role(person("何建国", None, account=True), Role.DEPARTMENT),
        "leader": in_group(person("方志远", None, account=True), Duty.LEADER),
        "auditor": with_role(person("孙悦", None, account=True), Role.AUDITOR),
    }


def test_the_rule_for_a_row_and_the_rule_for_a_list_agree(cast):
    for who in cast.values():
        standing = standing_of(who, timezone.localdate())
        listed = set(visible_employees(who, standing))
        allowed = {other for other in Employee.objects.all() if can_view_employee(who, other, standing)}
        assert listed == allowed, who.name


@pytest.mark.parametrize(("who", "status"), [("boss", 200), ("hr", 200), ("stranger", 404), ("manager", 200)])
def test_a_stranger_gets_not_found(client, cast, who, status):
    client.force_login(cast[who].account)

    answer = client.get(reverse("people:employee", args=[cast["agent"].number]))

    assert answer.status_code == status


@pytest.mark.parametrize("who", ["boss", "manager", "leader", "auditor"])
def test_base_salary_and_grade_are_shown_to_hr_alone(client, cast, who):
    client.force_login(cast[who].account)
    page = client.get(reverse("people:employee", args=[cast["agent"].number])).content.decode()
    assert "4321" not in page
    assert "三等" not in page

    client.force_login(cast["hr"].account)
    assert "4321" in client.get(reverse("people:employee", args=[cast["agent"].number])).content.decode()


@pytest.mark.parametrize("who", ["agent", "boss", "manager", "leader"])
def test_only_hr_saves_facts(client, cast, who):
    client.force_login(cast[who].account)

    answer = client.post(reverse("people:save", args=[cast["agent"].number]), {"number": "X", "name": "改名"})

    assert answer.status_code == 403
    assert Employee.objects.get(pk=cast["agent"].pk).name == "陈思雨"


def test_hr_adds_a_person_and_a_fault_keeps_what_was_typed(client, cast):
    client.force_login(cast["hr"].account)
    address = reverse("people:save", args=["new"])

    refused = client.post(address, {"number": cast["agent"].number, "name": "重号"})
    assert refused.status_code == 422
    assert "重号" in refused.content.decode()

    assert client.post(address, {"number": "E0777", "name": "新人"}).status_code == 302
    assert Employee.objects.get(number="E0777").position is None


def test_roles_are_granted_and_revoked_on_the_page(client, cast):
    client.force_login(cast["manager"].account)
    address = reverse("people:change_role", args=[cast["stranger"].number])

    client.post(address, {"role": "auditor"})
    assert standing_of(cast["stranger"], timezone.localdate()).is_auditor

    client.post(address, {"role": "auditor", "revoke": "1"})
    assert not standing_of(cast["stranger"], timezone.localdate()).is_auditor


def test_the_first_password_is_shown_once(client, cast):
    newcomer = person("新人")
    client.force_login(cast["hr"].account)

    page = client.post(reverse("people:issue", args=[newcomer.number]))

    assert page.status_code == 200
    assert Account.objects.filter(username=newcomer.number, must_change_password=True).exists()


def test_statements_do_not_grow_with_people(client, cast):
    client.force_login(cast["hr"].account)
    few = statements(lambda: client.get(reverse("people:employees")))
    for number in range(40):
        person(f"员工{number}", superior=cast["boss"], account=True)

    assert statements(lambda: client.get(reverse("people:employees"))) == few
    assert few <= 15


@pytest.mark.parametrize("name", ["scoring:rota", "people:calendar"])
def test_everybody_may_read_the_rota_and_the_calendar(client, cast, name):
    client.force_login(cast["agent"].account)

    page = client.get(reverse(name))

    assert page.status_code == 200
    assert '<form class="filters" method="post"' not in page.content.decode()
