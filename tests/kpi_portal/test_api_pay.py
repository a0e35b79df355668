"""Pay through the API: the rules of the pages, their refusals, their rows (P7.1)."""

from typing import Any

import pytest

from people.models import Employee
from scoring.models import PayRun
from scoring.services.filing import file_forms
from tests.appeals.conftest import Cast, make_cast, on, sign_both
from tests.kpi_portal.speaking import Speaker

PASSWORD = "correct horse battery"


@pytest.fixture
def cast(db) -> Cast:
    """The agent's October filed."""
    made = make_cast()
    with on(9):
        sign_both(made.form, made.month)
        file_forms(made.month.cycle.pk, form_ids=[made.form.pk], by=made.month.hr)
    knows_password(made.second_hr)
    return made


def knows_password(person: Employee) -> None:
    account = person.account
    assert account is not None
    account.set_password(PASSWORD)
    account.save()


def said(person: Employee, path: str, **told: str) -> Any:
    with on(10):
        return Speaker(person).post(path, **told)


def prepared(cast: Cast) -> Any:
    answer = said(cast.month.hr, "pay/runs/", month="2026-10")
    assert answer.status_code == 201
    return answer.json()


def test_hr_prepares_another_settles_and_the_agent_reads_his_line(cast):
    run = prepared(cast)
    assert (run["month"], run["state"], run["total"]) == ("2026-10", "prepared", "4520.00")
    with on(10):
        assert Speaker(cast.agent).rows("pay/lines/") == []

    told = {"digest": run["digest"], "password": PASSWORD}
    answer = said(cast.second_hr, f"pay/runs/{run['id']}/settle/", **told)

    assert (answer.status_code, answer.json()["settled_by"]["number"]) == (200, cast.second_hr.number)
    with on(10):
        (line,) = Speaker(cast.agent).rows("pay/lines/", month="2026-10")
        assert Speaker(cast.month.second_agent).rows("pay/lines/") == []
        assert [one["id"] for one in Speaker(cast.month.hr).rows("pay/lines/", run=run["id"])] == [line["id"]]
    assert [line[name] for name in ("pay_cap", "counted", "performance_pay", "total")] == [
        *("1400.00", "80.00", "1120.00", "4520.00")
    ]


def test_the_refusals_are_those_of_the_pages(cast):
    run = prepared(cast)
    address, told = f"pay/runs/{run['id']}/settle/", {"digest": run["digest"], "password": PASSWORD}
    knows_password(cast.month.hr)

    own = said(cast.month.hr, address, **told)
    wrong = said(cast.second_hr, address, digest=run["digest"], password="wrong")
    stale = said(cast.second_hr, address, digest="0" * 64, password=PASSWORD)
    silent = said(cast.second_hr, f"pay/runs/{run['id']}/discard/", reason=" ")

    assert [answer.status_code for answer in (own, wrong, stale, silent)] == [422, 422, 409, 422]
    codes = [answer.json()["code"] for answer in (own, wrong, stale, silent)]
    assert codes == ["prepared_by_yourself", "wrong_password", "changed_meanwhile", "reason_missing"]
    assert said(cast.second_hr, f"pay/runs/{run['id']}/discard/", reason="等申诉").status_code == 204
    assert not PayRun.objects.exists()


@pytest.mark.parametrize("who", ["agent", "supervisor", "leader", "manager"])
def test_nobody_else_prepares_or_finds_a_run(cast, who):
    run, somebody = prepared(cast), getattr(cast.month, who)

    assert said(somebody, "pay/runs/", month="2026-10").status_code == 403
    with on(10):
        assert Speaker(somebody).rows("pay/runs/") == []
        assert Speaker(somebody).get(f"pay/runs/{run['id']}/").status_code == 404
    assert said(somebody, f"pay/runs/{run['id']}/settle/", digest="0", password="x").status_code == 404
