"""The scheme through the API: read by everybody once approved, drafted, checked and approved by three people (P8)."""

from datetime import date
from functools import partial
from typing import Any

import pytest

from appraisals.models import Scheme
from people.models import Employee
from people.states import Duty, Role
from tests import world
from tests.counting import statements
from tests.kpi_portal.speaking import Speaker, code, done

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db) -> dict[str, Employee]:
    """A writer, a checker, the leader, the department's manager and an agent."""
    return {
        "writer": world.in_group(world.person("沈玉兰", None, account=True)),
        "checker": world.in_group(world.person("韩冰", None, account=True)),
        "leader": world.in_group(world.person("方志远", None, account=True), Duty.LEADER),
        "manager": world.with_role(world.person("何建国", None, account=True), Role.DEPARTMENT),
        "agent": world.person("陈思雨", account=True),
    }


def first() -> Scheme:
    return Scheme.objects.get(version="1.0")


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, code(answer, answer.status_code)


def test_a_version_goes_through_three_hands_into_force(people):
    writer, checker, manager = (Speaker(people[name]) for name in ("writer", "checker", "manager"))
    draft = done(writer.post("schemes/", {"based_on": first().pk}), 201)
    at = f"schemes/{draft['id']}/"
    written = {"version": "2.0", "effective_on": draft["effective_on"], "parameters": {"bonus_limit": 10}}

    saved = done(writer.send("put", at, {**written, "revision": draft["revision"]}))
    assert (saved["parameters"]["bonus_limit"], saved["parameters"]["min_months"]) == ("10", 6)
    assert refused(writer.send("put", at, {**written, "revision": draft["revision"]})) == (409, "changed_meanwhile")
    assert done(writer.get(f"{at}diff/"))[1]["changes"][0]["after"] == "10分"
    done(writer.post(f"{at}submit/", {"revision": saved["revision"]}))
    assert refused(writer.post(f"{at}check/", {})) == (422, "not_another")
    assert refused(manager.post(f"{at}approve/", {})) == (422, "not_now")
    done(checker.post(f"{at}check/", {}))
    assert refused(checker.post(f"{at}approve/", {})) == (422, "not_allowed")
    told = done(manager.post(f"{at}approve/", {"revision": saved["revision"]}))

    assert (told["state"], told["drafted_by"], told["checked_by"], told["approved_by"]) == (
        "approved",
        "沈玉兰",
        "韩冰",
        "何建国",
    )
    assert [step["kind"] for step in told["steps"]] == ["drafted", "submitted", "checked", "approved"]
    assert refused(writer.send("put", at, {**written, "revision": saved["revision"]})) == (422, "approved_stays")


def test_a_draft_is_not_there_for_whoever_has_nothing_to_do_with_it(people):
    draft = done(Speaker(people["writer"]).post("schemes/", {"based_on": first().pk}), 201)
    agent = Speaker(people["agent"])

    assert [row["version"] for row in agent.rows("schemes/")] == ["1.0"]
    assert agent.get(f"schemes/{draft['id']}/").status_code == 404
    assert agent.get(f"schemes/{first().pk}/diff/?against=1.1").status_code == 404
    assert agent.post("schemes/", {"based_on": first().pk}).status_code == 403
    assert done(agent.get(f"schemes/{first().pk}/"))["parameters"]["min_raters"] == 3


@pytest.mark.parametrize(
    "parameters",
    [
        {"grades": "x"},
        {"grades": [{"code": "A"}]},
        {"triggers": [[[]]]},
        {"triggers": None},
        {"min_raters": 1e300},
        {"min_raters": "1e999999"},
        {"pay_ceiling": "NaN"},
        {"pay_ceiling": True},
        {"levels": []},
        {"month_timeline": [1]},
        {"gravity": {"R1": 1}},
        {"improvement_rules": [["R1"]]},
        {"": ""},
    ],
)
def test_nonsense_is_refused_in_words_and_never_stored(people, parameters):
    writer = Speaker(people["writer"])
    draft = done(writer.post("schemes/", {"based_on": first().pk}), 201)
    told = {"revision": 1, "version": "1.1", "effective_on": draft["effective_on"], "parameters": parameters}

    answer = writer.send("put", f"schemes/{draft['id']}/", told)

    assert refused(answer) == (422, "bad_scheme")
    assert answer.json()["problems"]
    assert Scheme.objects.get(pk=draft["id"]).revision == 1


def test_it_is_returned_and_dropped_with_a_reason(people):
    writer, leader = Speaker(people["writer"]), Speaker(people["leader"])
    draft = done(writer.post("schemes/", {"based_on": first().pk}), 201)
    at = f"schemes/{draft['id']}/"
    done(writer.post(f"{at}submit/", {}))

    assert refused(leader.post(f"{at}return/", {"reason": ""})) == (422, "reason_missing")
    assert done(leader.post(f"{at}return/", {"reason": "太急"}))["state"] == "draft"
    assert done(leader.post(f"{at}withdraw/", {"reason": "不改了"}))["state"] == "withdrawn"
    assert refused(writer.post(f"{at}submit/", {})) == (422, "not_now")


def test_a_list_takes_the_same_statements_whatever_its_length(people):
    leader = Speaker(people["leader"])
    few = statements(partial(leader.rows, "schemes/"))
    for place in range(5):
        Scheme.objects.create(version=f"9.{place}", effective_on=date(2099, 1, 1), parameters=first().parameters)

    assert statements(partial(leader.rows, "schemes/")) == few
