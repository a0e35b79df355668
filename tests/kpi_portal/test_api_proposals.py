"""Proposals through the API: as on the pages, and no road round the checklist (P7.1)."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from consequences.models import CheckItem, Decision
from people.models import Employee
from scoring.services.consolidation import settle_forms
from tests import world
from tests.calibration.test_replays import month, with_account  # noqa: F401  # fixtures
from tests.consequences.desk import Desk, make_desk, on, proposal
from tests.counting import statements
from tests.kpi_portal.speaking import Speaker, code, done

pytestmark = pytest.mark.django_db
DISMISS = {"choice": "dismiss", "leaves_on": "2026-12-31"}


@pytest.fixture
def desk(db) -> Desk:
    return make_desk()


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, code(answer, answer.status_code)


def pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("意见.pdf", b"%PDF-1.4 words")


def test_a_proposal_is_listed_decided_read_and_taken_back(desk):
    hr, agent = Speaker(desk.hr), Speaker(desk.agent)
    row = proposal(desk.agent, "R3")
    assert [one["rule"] for one in hr.rows("proposals/", state="proposed", month="2026-10")] == ["R3"]
    assert agent.rows("proposals/") == []

    with on():
        assert refused(hr.post(f"proposals/{row.pk}/decide/", {"choice": "bonus"})) == (422, "amount_missing")
        told = done(hr.post(f"proposals/{row.pk}/decide/", {"choice": "bonus", "amount": "600.00"}))
        assert (told["state"], told["amount"]) == ("in_force", "600.00")
        assert done(agent.post(f"decisions/{told['id']}/read/", {}))["read_at"] is not None
        assert refused(agent.post(f"decisions/{told['id']}/undo/", {"reason": "不要"})) == (422, "not_allowed")
        assert done(hr.post(f"decisions/{told['id']}/undo/", {"reason": "更正"}))["state"] == "undone"


def test_amounts_are_not_told_to_who_may_not_see_them(desk):
    row = proposal(desk.agent, "R3")
    with on():
        done(Speaker(desk.hr).post(f"proposals/{row.pk}/decide/", {"choice": "bonus", "amount": "600.00"}))

    for who, amount in ((desk.hr, "600.00"), (desk.general, "600.00"), (desk.agent, "600.00"), (desk.manager, None)):
        assert Speaker(who).rows("proposals/")[0]["decisions"][0]["amount"] == amount
    assert Speaker(desk.supervisor).rows("proposals/") == []


def test_a_dismissal_is_refused_until_checklist_and_approval_are_complete(desk):
    hr, manager = Speaker(desk.hr), Speaker(desk.manager)
    row = proposal(desk.agent, "R2")
    with on():
        told = done(hr.post(f"proposals/{row.pk}/decide/", DISMISS))
        at = f"decisions/{told['id']}/"
        assert refused(manager.post(f"{at}approve/", {})) == (422, "checks_open")
        done(Speaker(desk.agent).post(f"{at}state/", {"text": "调岗后有改善"}))
        for item in CheckItem.objects.exclude(code="statement"):
            words = {"note": "已核对", "signed_for": "李明", "sign": True}
            bare = hr.post(f"checks/{item.pk}/write/", words)
            if bare.status_code != 200:
                assert code(bare, 422) == "file_missing"
                done(hr.form(f"checks/{item.pk}/write/", words, files=pdf()))
        assert refused(hr.post(f"{at}approve/", {})) == (422, "not_allowed")
        version = Decision.objects.get().version
        assert refused(manager.post(f"{at}approve/", {"version": version - 1})) == (409, "changed_meanwhile")
        done(manager.post(f"{at}approve/", {"version": version}))

    assert str(Employee.objects.get(pk=desk.agent.pk).left_on) == "2026-12-31"


def test_nothing_of_a_person_can_be_written_through_the_api(desk):
    row, hr = proposal(desk.agent, "R2"), Speaker(desk.hr)

    for method in ("put", "patch", "delete", "post"):
        answer = hr.send(method, f"employees/{desk.agent.number}/", {"left_on": "2026-12-31"})
        assert answer.status_code == 405, method
    for method in ("put", "patch", "delete"):
        assert hr.send(method, f"proposals/{row.pk}/", {"state": "decided"}).status_code == 405

    assert Employee.objects.get(pk=desk.agent.pk).left_on is None


def test_the_person_himself_reads_of_the_checklist_only_where_he_is_heard(desk):
    row = proposal(desk.agent, "R2")
    with on():
        told = done(Speaker(desk.hr).post(f"proposals/{row.pk}/decide/", DISMISS))

    mine = done(Speaker(desk.agent).get(f"decisions/{told['id']}/"))
    assert [one["code"] for one in mine["checks"]] == ["statement"]
    assert len(told["checks"]) == 6
    assert Speaker(desk.agent).post(f"checks/{told['checks'][0]['id']}/write/", {"note": "x"}).status_code == 404


def test_everybody_reads_his_own_counters_an_owner_his_peoples_and_the_desk_all(month):  # noqa: F811
    low = world.ready_form(month.agent, month.supervisor, month=date(2026, 9, 1), share="0.55")
    settle_forms(low.cycle_id, form_ids=[low.pk], by=month.leader)

    who = (month.agent, month.supervisor, month.hr, month.second_agent)
    agent, supervisor, hr, other = (Speaker(with_account(one)) for one in who)

    mine = agent.rows("counters/")
    near = {one["rule"]: (one["have"], one["need"], one["months"]) for one in mine[0]["counts"]}
    assert [one["employee"]["number"] for one in mine] == [month.agent.number]
    assert near["R4"] == (1, 3, [{"month": "2026-09", "coefficient": "55.00"}])
    assert near["R2"] == (0, 3, [])
    assert month.agent.number in {one["employee"]["number"] for one in supervisor.rows("counters/")}
    assert len(hr.rows("counters/", employee=month.agent.number)) == 1
    assert other.rows("counters/", employee=month.agent.number) == []
    few = statements(lambda: hr.rows("counters/"))
    for number in range(10):
        world.person(f"员工{number}", superior=month.supervisor)
    assert statements(lambda: hr.rows("counters/")) == few


def test_the_list_costs_the_same_for_many(desk):
    hr = Speaker(desk.hr)
    proposal(desk.agent)
    few = statements(lambda: hr.rows("proposals/"))
    for rule in ("R1", "R2", "R3"):
        proposal(desk.agent, rule)
        proposal(desk.colleague, rule)

    assert statements(lambda: hr.rows("proposals/")) == few
