"""The short pages of incidents and bonuses: filed on a phone, decided by the right person, nothing else seen."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from incidents.models import Bonus, Incident
from incidents.services import file_incident
from incidents.states import EventState
from people.models import Employee
from people.states import Role
from tests import world
from tests.counting import statements

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 13)


@pytest.fixture
def people(db) -> dict[str, Employee]:
    """A team of two under a supervisor, the department above, somebody from elsewhere."""
    manager = world.with_role(world.person("何建国", None, account=True), Role.DEPARTMENT)
    boss = world.person("周敏", "KFZG", superior=manager, account=True)
    return {
        "boss": boss,
        "agent": world.person("吴倩", superior=boss, account=True),
        "finder": world.person("黄佩珊", superior=boss, account=True),
        "stranger": world.person("陈晨", account=True),
        "member": world.in_group(world.person("沈玉兰", None, account=True)),
    }


def as_(person: Employee) -> Client:
    client = Client()
    assert person.account is not None
    client.force_login(person.account)
    return client


def filed(people: dict[str, Employee]) -> Incident:
    return file_incident(
        people["agent"].pk, occurred_on=DAY, description="缺岗两人", points=Decimal(2), by=people["finder"]
    )


def test_anybody_files_an_incident_by_number(people):
    data = {"employee": people["agent"].number.lower(), "occurred_on": "2026-10-13", "points": "2", "text": "缺岗"}

    assert as_(people["stranger"]).post(reverse("incidents:incidents"), data).status_code == 302
    assert Incident.objects.get().found_by == people["stranger"]


def test_what_is_wrong_stays_on_the_page_with_what_was_typed(people):
    data = {"employee": "X9", "occurred_on": "2999-01-01", "points": "2", "text": "缺岗三人"}

    answer = as_(people["stranger"]).post(reverse("incidents:incidents"), data)

    assert answer.status_code == 422
    assert "没有工号 X9" in answer.content.decode()
    assert "缺岗三人" in answer.content.decode()


def test_extra_fields_decide_nothing(people):
    data = {"employee": people["agent"].number, "occurred_on": "2026-10-13", "points": "2", "text": "缺岗"}
    data |= {"state": "confirmed", "verified_by": people["boss"].pk, "number": "X", "found_by": people["boss"].pk}

    as_(people["agent"]).post(reverse("incidents:incidents"), data)

    only = Incident.objects.get()
    assert (only.state, only.verified_by, only.found_by) == (EventState.FILED, None, people["agent"])


def test_the_superior_sees_and_verifies_it(people):
    incident = filed(people)
    client = as_(people["boss"])

    assert "缺岗两人" in client.get(reverse("incidents:incidents")).content.decode()
    client.post(reverse("incidents:decide_incident", args=[incident.pk, "verify"]))
    incident.refresh_from_db()
    assert incident.state == EventState.CONFIRMED


def test_somebody_elses_incident_is_not_there(people):
    incident, client = filed(people), as_(people["stranger"])

    assert "缺岗两人" not in client.get(reverse("incidents:incidents")).content.decode()
    assert client.post(reverse("incidents:decide_incident", args=[incident.pk, "verify"])).status_code == 404
    assert as_(people["boss"]).post(reverse("incidents:decide_incident", args=[incident.pk, "x"])).status_code == 404


def test_a_bonus_goes_through_both_checks_on_the_page(people):
    data = {"employee": people["agent"].number, "occurred_on": "2026-10-13", "points": "1", "text": "客户表扬"}
    as_(people["agent"]).post(reverse("incidents:bonuses"), data)
    bonus = Bonus.objects.get()

    as_(people["member"]).post(reverse("incidents:decide_bonus", args=[bonus.pk, "first"]))
    assert "确认加分" in as_(people["boss"]).get(reverse("incidents:bonuses")).content.decode()
    as_(people["boss"]).post(reverse("incidents:decide_bonus", args=[bonus.pk, "second"]))
    bonus.refresh_from_db()
    assert bonus.state == EventState.CONFIRMED


@pytest.mark.parametrize("name", ["incidents", "bonuses"])
def test_a_long_list_asks_no_more_than_a_short_one(people, name):
    client = as_(people["member"])
    filed(people)
    small = statements(lambda: client.get(reverse(f"incidents:{name}")))
    for n in range(35):
        facts = {"employee": people["agent"], "occurred_on": DAY, "points": Decimal(1), "number": f"N-{n}"}
        Incident.objects.create(description="x", found_by=people["finder"], **facts)
        Bonus.objects.create(grounds="x", raised_by=people["finder"], **facts)

    assert statements(lambda: client.get(reverse(f"incidents:{name}"))) <= small + 2 <= 15
