"""Incidents and bonuses from filing to confirmation: who may, who may not, and the number nobody else gets."""

from datetime import date
from decimal import Decimal

import pytest

from common.errors import RuleError
from incidents.models import Bonus, Incident
from incidents.permissions import Judge, can_view_bonus, can_view_incident, visible_bonuses, visible_incidents
from incidents.services import (
    file_incident,
    first_check_bonus,
    raise_bonus,
    reject_bonus,
    reject_incident,
    second_check_bonus,
    verify_incident,
)
from incidents.states import EventState
from people.models import Employee, ReportingLine
from people.selectors import standing_of
from people.states import Duty, Role
from tests import world

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 13)


@pytest.fixture
def people(db) -> dict[str, Employee]:
    """A region with two supervisors, the department above, a member of the group."""
    manager = world.with_role(world.person("何建国", None), Role.DEPARTMENT)
    boss = world.person("周敏", "KFZG", superior=manager)
    stranger = world.person("陈晨")
    stranger.region = world.region("HN", "华南区域")
    stranger.save()
    return {
        "manager": manager,
        "member": world.in_group(world.person("沈玉兰", None), Duty.MEMBER),
        "boss": boss,
        "peer_boss": world.person("郑洁", "JSZG", superior=manager),
        "agent": world.person("吴倩", superior=boss),
        "colleague": world.person("黄佩珊", superior=boss),
        "stranger": stranger,
    }


@pytest.fixture
def incident(people) -> Incident:
    """An incident of the agent, found by a colleague."""
    return file_incident(
        people["agent"].pk, occurred_on=DAY, description="缺岗", points=Decimal(2), by=people["colleague"]
    )


@pytest.fixture
def bonus(people) -> Bonus:
    """A bonus the agent applied for."""
    return raise_bonus(people["agent"].pk, occurred_on=DAY, grounds="客户表扬", points=Decimal(1), by=people["agent"])


def refusal(call, *args, **kwargs) -> str:
    with pytest.raises(RuleError) as caught:
        call(*args, **kwargs)
    return caught.value.code


def test_numbers_run_by_year_and_kind(people, incident, bonus):
    second = file_incident(
        people["agent"].pk, occurred_on=DAY, description="晚交", points=Decimal(1), by=people["boss"]
    )

    assert (incident.number, second.number, bonus.number) == ("BL-2026-0001", "BL-2026-0002", "JF-2026-0001")


def test_numbers_go_on_after_ten_thousand_and_past_those_of_another_form(people, incident):
    Incident.objects.filter(pk=incident.pk).update(number="BL-2026-10000")
    for number in ("SG-2026-99999", "BL-2026-X7"):
        Incident.objects.create(
            number=number,
            employee=people["agent"],
            occurred_on=DAY,
            description="旧单",
            points=Decimal(1),
            found_by=people["boss"],
        )

    second = file_incident(
        people["agent"].pk, occurred_on=DAY, description="晚交", points=Decimal(1), by=people["boss"]
    )

    assert second.number == "BL-2026-10001"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"occurred_on": date(2999, 1, 1)}, "in_the_future"),
        ({"points": Decimal(0)}, "out_of_range"),
        ({"points": Decimal("0.001")}, "out_of_range"),
        ({"points": Decimal("NaN")}, "out_of_range"),
        ({"description": " "}, "text_missing"),
    ],
)
def test_a_record_must_make_sense(people, facts, code):
    told = {"occurred_on": DAY, "description": "缺岗", "points": Decimal(2), **facts}

    assert refusal(file_incident, people["agent"].pk, **told, by=people["boss"]) == code
    assert not Incident.objects.exists()


@pytest.mark.parametrize("who", ["boss", "member", "manager"])
def test_a_neutral_person_verifies(people, incident, who):
    assert verify_incident(incident.pk, by=people[who]).state == EventState.CONFIRMED


@pytest.mark.parametrize(
    ("who", "code"),
    [("colleague", "not_neutral"), ("agent", "not_neutral"), ("peer_boss", "not_allowed"), ("stranger", "not_allowed")],
)
def test_finder_and_concerned_and_strangers_do_not_verify(people, incident, who, code):
    assert refusal(verify_incident, incident.pk, by=people[who]) == code


def test_the_superior_of_that_day_verifies_not_the_one_of_today(people, incident):
    people["agent"].lines_up.update(ends_before=date(2026, 10, 20))
    ReportingLine.objects.create(employee=people["agent"], superior=people["peer_boss"], starts_on=date(2026, 10, 20))

    assert refusal(verify_incident, incident.pk, by=people["peer_boss"]) == "not_allowed"
    assert verify_incident(incident.pk, by=people["boss"]).verified_by == people["boss"]


def test_an_incident_is_turned_down_with_a_reason_once(people, incident):
    assert refusal(reject_incident, incident.pk, reason=" ", by=people["boss"]) == "reason_missing"
    assert reject_incident(incident.pk, reason="系统故障", by=people["boss"]).state == EventState.REJECTED
    assert refusal(verify_incident, incident.pk, by=people["boss"]) == "not_allowed"


def test_a_bonus_counts_after_both_checks(people, bonus):
    assert refusal(second_check_bonus, bonus.pk, by=people["boss"]) == "not_checked_first"
    assert first_check_bonus(bonus.pk, by=people["peer_boss"]).state == EventState.FILED
    assert second_check_bonus(bonus.pk, by=people["boss"]).state == EventState.CONFIRMED


@pytest.mark.parametrize(
    ("who", "code"), [("agent", "not_neutral"), ("boss", "not_allowed"), ("stranger", "not_allowed")]
)
def test_who_checks_second_or_is_concerned_does_not_check_first(people, bonus, who, code):
    assert refusal(first_check_bonus, bonus.pk, by=people[who]) == code


@pytest.mark.parametrize("who", ["agent", "member", "manager", "peer_boss"])
def test_only_the_direct_superior_checks_second(people, bonus, who):
    first_check_bonus(bonus.pk, by=people["member"])

    assert refusal(second_check_bonus, bonus.pk, by=people[who]) == "not_allowed"


def test_a_bonus_is_turned_down_with_a_reason(people, bonus):
    assert refusal(reject_bonus, bonus.pk, reason="", by=people["boss"]) == "reason_missing"
    assert refusal(reject_bonus, bonus.pk, reason="重复", by=people["colleague"]) == "not_allowed"
    assert reject_bonus(bonus.pk, reason="重复", by=people["boss"]).decision_reason == "重复"


def test_the_row_rule_and_the_list_rule_agree(people, incident, bonus):
    first_check_bonus(bonus.pk, by=people["member"])
    for somebody in people.values():
        judge = Judge(somebody, standing_of(somebody, date(2026, 11, 3)))
        assert can_view_incident(judge, incident) == visible_incidents(judge).filter(pk=incident.pk).exists()
        fresh = Bonus.objects.select_related("employee").get(pk=bonus.pk)
        assert can_view_bonus(judge, fresh) == visible_bonuses(judge).filter(pk=bonus.pk).exists()
