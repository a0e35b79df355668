"""Nonsense in any field of any write is refused, by shape or by rule; it is never a fault of ours."""

from collections.abc import Iterator
from typing import Any

import pytest
from rest_framework.throttling import SimpleRateThrottle

from incidents.models import Bonus, Incident
from quality.models import Assessment, Call, Dispute
from quality.services.assessing import open_assessment
from quality.services.disputes import raise_dispute
from quality.services.rubrics import draft_rubric
from tests import world
from tests.kpi_portal.speaking import Speaker, done
from tests.kpi_portal.test_api_rubrics import written
from tests.quality import team as make

pytestmark = pytest.mark.django_db

NONSENSE: list[Any] = [
    *(None, " ", "a\u0000b", "\ud800", "١٢", "1e400", "NaN", "0001-01-01", "9999-12-31", "9999-12"),
    *(-1, 1.5, 1e308, 10**40, True, [], {}, [None], "长" * 10_000),
]


@pytest.fixture
def team(monkeypatch) -> make.Team:
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"user": None, "writes": None})
    return make.make_team()


def spoilt(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The body with one value, at any depth, replaced by nonsense."""
    for name, value in body.items():
        yield from ({**body, name: bad} for bad in NONSENSE)
        if isinstance(value, dict):
            yield from ({**body, name: inner} for inner in spoilt(value))
        if isinstance(value, list) and value and isinstance(value[0], dict):
            yield from ({**body, name: [inner, *value[1:]]} for inner in spoilt(value[0]))


def asked(speaker: Speaker, method: str, path: str, body: dict[str, Any]) -> list[int]:
    """The statuses, without those that are refusals or a success: a mild kind of nonsense may be taken."""
    return [
        answer.status_code
        for one in spoilt(body)
        if (answer := speaker.send(method, path, one)).status_code not in {200, 201, 400, 404, 409, 422}
    ]


@pytest.mark.parametrize("path", ["incidents/", "bonuses/", "calls/"])
def test_what_is_made(team, path):
    people = [{"employee": team.agent.number, "points": "2"}]
    bodies: dict[str, dict[str, Any]] = {
        "incidents/": {
            "kind": "I08",
            "occurred_on": "2026-10-13",
            "occurred_time": "10:20",
            "place": "大厅",
            "description": "漏记",
            "found_by": team.member.number,
            "people": people,
        },
        "bonuses/": {
            "employee": team.agent.number,
            "kind": "B01",
            "step": 1,
            "occurred_on": "2026-10-13",
            "grounds": "救场",
            "same_event_as": None,
        },
        "calls/": {
            "number": "LY-9",
            "called_on": "2026-10-13",
            "called_at": "10:20",
            "employee": team.agent.number,
            "seconds": 300,
            "link": "https://pbx.example/9",
            "is_complaint": False,
        },
    }

    assert asked(Speaker(team.superior), "post", path, bodies[path]) == []
    texts = [*Incident.objects.values_list("description", flat=True), *Bonus.objects.values_list("grounds", flat=True)]
    assert all(text.strip() and len(text) <= 500 and "\u0000" not in text for text in texts)
    assert all(0 < len(call.number) <= 40 for call in Call.objects.all())


def test_what_is_done_to_a_scoring(team):
    call = make.make_call(team.agent)
    draft = open_assessment(call.pk, by=team.superior)
    item = make.rubric().items.all()[0]
    body = {
        "version": 1,
        "levels": [{"item": item.pk, "points": "0", "is_not_applicable": False}],
        "notes": [{"item": item.pk, "text": "没问候", "at_second": 3}],
        "fatal": {"fault": make.rubric().fatal_faults.all()[0].code, "note": "1:10"},
        "remark": "稳",
    }

    assert asked(Speaker(team.superior), "patch", f"assessments/{draft.pk}/", body) == []
    assert asked(Speaker(team.superior), "post", "assessments/", {"call": call.pk}) == []
    assert Assessment.objects.count() == 1


def test_what_is_done_to_an_objection(team):
    scored = make.scored(make.make_call(team.agent), team.superior)
    item = scored.rubric.items.all()[0]
    reason = {"item": item.pk, "reason": "x"}

    assert asked(Speaker(team.agent), "post", f"assessments/{scored.pk}/dispute/", reason) == []
    if not Dispute.objects.exists():
        raise_dispute(scored.pk, item.pk, reason="x", by=team.agent)
    path = f"disputes/{Dispute.objects.earliest('pk').pk}/rule/"
    ruling = {"upheld": True, "points": "1", "is_not_applicable": False, "ruling": "x"}
    assert asked(Speaker(team.member), "post", path, ruling) == []


def test_what_is_done_to_a_record_and_a_claim(team):
    share = world.involvement(team.agent, team.second_member)
    bonus = world.bonus(team.agent)
    member = Speaker(team.member)

    assert asked(member, "post", f"involvements/{share.pk}/confirm/", {"points": "2", "reason": "x"}) == []
    assert asked(Speaker(team.agent), "post", f"involvements/{share.pk}/state/", {"text": "x"}) == []
    assert asked(member, "post", f"involvements/{share.pk}/overturn/", {"reason": "x"}) == []
    assert asked(Speaker(team.agent), "post", f"bonuses/{bonus.pk}/join-event/", {"other": None}) == []
    assert asked(member, "post", f"bonuses/{bonus.pk}/reject/", {"reason": "x"}) == []


def test_what_is_written_into_the_standard_and_drawn(team):
    draft, manager = draft_rubric(by=team.manager), Speaker(team.manager)
    path = f"rubrics/{draft.pk}/"
    body = written(done(manager.get(path)))
    body |= {"items": body["items"][:1], "fatal_faults": body["fatal_faults"][:1]}

    assert asked(manager, "put", path, body) == []
    assert asked(manager, "post", f"{path}publish/", {"starts_on": "2026-12-01", "seen": "x", "accepts_total": 1}) == []
    for where in ("calls/draw/", "seconds/draw/"):
        assert asked(manager, "post", where, {"month": "2026-10"}) == []


FILTERS = {
    "incidents": ("state", "month", "employee", "kind", "number", "page"),
    "bonuses": ("state", "month", "employee", "kind", "number"),
    "calls": ("month", "employee", "number", "drawn_why", "is_complaint", "is_scored"),
    "rubrics": ("state", "version"),
    "incident-kinds": ("severity", "is_active"),
    "employees": ("region", "search"),
    "forms": ("cycle", "state", "owner"),
}


@pytest.mark.parametrize("name", FILTERS)
def test_what_is_asked_of_a_list(team, name):
    member = Speaker(team.member)
    texts = [value for value in NONSENSE if isinstance(value, str) and value != "\ud800"]

    told = {member.get(f"{name}/", **{field: text}).status_code for field in FILTERS[name] for text in texts}

    assert told <= {200, 400, 404}
