"""Both standards through the API: changed by who keeps them, by the same rules as on their pages (P4.5, P4.6, P5.2)."""

from typing import Any

import pytest
from django.utils import timezone

from incidents.models import BonusKind, EventRules, IncidentKind, Severity
from tests.incidents.claims import Cast, make_cast
from tests.kpi_portal.speaking import Speaker, code, done

pytestmark = pytest.mark.django_db

KEEPERS = ("leader", "manager", "hr")
OTHERS = ("member", "auditor", "boss", "agent", "stranger")
ENTRY = {"category": "服务", "name": "没有回访", "severity": "L1", "points": "1.50"}


@pytest.fixture
def cast(db) -> Cast:
    return make_cast()


def bodies() -> dict[tuple[str, str], dict[str, Any]]:
    """Method and address → what changes something there."""
    last = EventRules.objects.order_by("starts_on", "pk").last()
    rules = {"statement_days": 3, "repeat_months": 12, "repeat_moves_up": True, "starts_on": f"{timezone.localdate()}"}
    bonus = {"name": "新的一条", "cap": "2.00", "steps": [{"points": "1.00"}]}
    return {
        ("post", "incident-kinds/"): ENTRY,
        ("put", "incident-kinds/I08/"): ENTRY | {"name": "漏记工单", "version": 1},
        ("post", "incident-kinds/I09/switch/"): {"is_active": False},
        ("post", "bonus-kinds/"): bonus,
        ("put", "bonus-kinds/B01/"): bonus | {"name": "客户表扬", "version": 1},
        ("post", "bonus-kinds/B02/switch/"): {"is_active": False},
        ("put", "severities/L4/"): {"low": "15.00", "high": "25.00", "version": 1},
        ("post", "event-rules/"): rules | {"seen": last.pk if last else None},
    }


def send(speaker: Speaker, asked: tuple[str, str], body: dict[str, Any]) -> Any:
    method, address = asked
    return speaker.send(method, address, body)


@pytest.mark.parametrize("who", KEEPERS)
def test_who_keeps_the_standards_changes_them(cast, who):
    speaker = Speaker(cast[who])

    for asked, body in bodies().items():
        assert send(speaker, asked, body).status_code in {200, 201}, asked

    made = IncidentKind.objects.get(name="没有回访")
    assert (str(made.points), made.severity.code, made.source) == ("1.50", "L1", "own")
    assert done(speaker.get("incident-kinds/I08/"))["version"] == 2
    assert not IncidentKind.objects.get(code="I09").is_active
    assert [str(step.points) for step in BonusKind.objects.get(code="B01").steps.all()] == ["1.00"]
    assert not BonusKind.objects.get(code="B02").is_active
    assert str(Severity.objects.get(code="L4").high) == "25.00"
    assert EventRules.objects.latest("pk").statement_days == 3


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_does(cast, who):
    for asked, body in bodies().items():
        assert send(Speaker(cast[who]), asked, body).status_code == 403, asked
    assert not IncidentKind.objects.filter(name="没有回访").exists()


@pytest.mark.parametrize(
    ("asked", "change", "refused"),
    [
        (("post", "incident-kinds/"), {"points": "3.00"}, "outside_range"),
        (("post", "incident-kinds/"), {"name": " "}, "name_missing"),
        (("post", "bonus-kinds/"), {"cap": "0.50"}, "cap_below_points"),
        (("post", "bonus-kinds/"), {"steps": []}, "steps_missing"),
        (("put", "severities/L4/"), {"low": "2.00"}, "overlaps"),
        (("post", "event-rules/"), {"starts_on": "2020-01-01"}, "too_early"),
        (("post", "bonus-kinds/B02/switch/"), {"is_active": True}, "nothing_to_do"),
    ],
)
def test_a_rule_refuses_as_on_the_page(cast, asked, change, refused):
    assert code(send(Speaker(cast["leader"]), asked, bodies()[asked] | change)) == refused


def test_what_somebody_else_has_changed_is_not_overwritten(cast):
    told = bodies()
    for asked in (("put", "incident-kinds/I08/"), ("put", "bonus-kinds/B01/"), ("put", "severities/L4/")):
        assert send(Speaker(cast["hr"]), asked, told[asked]).status_code == 200
        late = send(Speaker(cast["leader"]), asked, told[asked])
        assert code(late, 409) == "changed_meanwhile"
    rules = ("post", "event-rules/")
    assert send(Speaker(cast["hr"]), rules, told[rules]).status_code == 201
    assert send(Speaker(cast["leader"]), rules, told[rules]).status_code == 409


def test_a_field_that_decides_nothing_and_one_that_is_missing_are_refused_by_name(cast):
    speaker = Speaker(cast["leader"])

    assert done(speaker.post("incident-kinds/", ENTRY | {"code": "I99"}), 400) == {"code": ["没有这个字段。"]}
    assert "version" in done(speaker.send("put", "incident-kinds/I08/", ENTRY), 400)
    assert "severity" in done(speaker.post("incident-kinds/", ENTRY | {"severity": "L9"}), 400)
