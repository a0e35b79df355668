"""The API: the same rows as the pages, nothing to write, no pay but one's own and HR's, a schema without a warning."""

from functools import partial
from io import StringIO

import pytest
from django.core.management import call_command

from appraisals.models import Score
from people.models import Employee
from scoring.models import Job
from scoring.states import JobKind, JobState
from tests import world
from tests.counting import statements
from tests.reports.conftest import Readers, consolidate, month, publish, readers

__all__ = ["month", "readers"]

pytestmark = pytest.mark.django_db

LISTS = ("employees", "cycles", "forms", "results", "jobs")
Everybody = tuple[Employee, ...]


def get(client, somebody, path: str):
    client.force_login(somebody.account)
    return client.get(f"/api/v1/{path}")


def rows(client, somebody, path: str):
    answer = get(client, somebody, path)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


@pytest.mark.parametrize("name", LISTS)
def test_nobody_reads_without_signing_in(client, month, name):
    assert client.get(f"/api/v1/{name}/").status_code == 403


def test_an_account_without_a_person_is_refused(client, db):
    nobody = world.person("离岗", account=True)
    account = nobody.account
    Employee.objects.filter(pk=nobody.pk).update(account=None)
    client.force_login(account)

    for name in LISTS:
        assert client.get(f"/api/v1/{name}/").status_code == 403


def test_each_reads_the_forms_he_may_see(client, month, readers: Readers):
    publish(month)

    def seen(somebody) -> set[int]:
        return {row["id"] for row in rows(client, somebody, "forms/")}

    everything = {month.form.pk, month.second_form.pk, month.own_form.pk}
    assert seen(month.agent) == {month.form.pk}
    assert seen(month.supervisor) == everything
    assert seen(month.manager) == seen(month.officer) == seen(month.hr) == seen(readers.auditor) == everything
    assert seen(readers.stranger) == seen(readers.administrator) == set()


def test_anothers_row_is_not_found_by_its_id(client, month, readers: Readers):
    publish(month)
    result = month.form.results.get()
    job = Job.objects.create(
        kind=JobKind.PUBLISH, cycle=month.cycle, state=JobState.DONE, requested_at=result.published_at
    )
    paths = [f"forms/{month.form.pk}/", f"results/{result.pk}/", f"employees/{month.agent.number}/", f"jobs/{job.pk}/"]

    for path in paths:
        assert get(client, readers.stranger, path).status_code == 404, path
        assert get(client, month.second_agent, path).status_code == 404, path
        assert get(client, month.leader, path).status_code == 200, path


@pytest.mark.parametrize(
    "query",
    ["employee={number}", "owner={owner}", "cycle={cycle}", "region=HD", "state=published", "id={form}", "pk={form}"],
)
@pytest.mark.parametrize("name", ["forms", "results"])
def test_a_filter_only_takes_away(client, month, readers: Readers, name, query):
    publish(month)
    words = query.format(
        number=month.agent.number, owner=month.supervisor.number, cycle=month.cycle.pk, form=month.form.pk
    )

    assert rows(client, readers.stranger, f"{name}/?{words}") == []
    assert {row["employee"]["number"] for row in rows(client, month.second_agent, f"{name}/?{words}")} <= {
        month.second_agent.number
    }


def test_filters_narrow(client, month):
    publish(month)

    found = rows(client, month.leader, f"forms/?employee={month.agent.number}&state=published&region=HD")

    assert [row["id"] for row in found] == [month.form.pk]
    assert rows(client, month.leader, "forms/?state=filed") == []
    assert rows(client, month.leader, "employees/?search=吴倩")[0]["number"] == month.agent.number
    assert rows(client, month.leader, "cycles/?year=2025") == []
    assert get(client, month.leader, "forms/?state=nonsense").status_code == 400


def test_pay_is_ones_own_and_hrs(client, month, readers: Readers):
    publish(month)
    Employee.objects.filter(pk=month.agent.pk).update(base_salary="4321.00")
    result = f"results/{month.form.results.get().pk}/"
    person = f"employees/{month.agent.number}/"

    for somebody in (month.agent, month.hr):
        assert get(client, somebody, result).json()["pay"]["performance_pay"] == "1120.00"
        assert get(client, somebody, person).json()["base_salary"] == "4321.00"
    for somebody in (month.supervisor, month.officer, month.leader, month.manager, readers.auditor):
        answer = get(client, somebody, result)
        assert answer.json()["pay"] is None
        assert answer.json()["coefficient"] == "80.00"
        assert "1120" not in answer.content.decode()
    for somebody in (month.supervisor, month.leader, month.manager, readers.auditor):
        assert get(client, somebody, person).json()["base_salary"] is None
        assert get(client, somebody, person).json()["grade"] is None


def test_nobody_reads_his_own_result_before_it_is_published(client, month):
    consolidate(month)
    assert rows(client, month.agent, "results/") == []
    assert len(rows(client, month.supervisor, "results/")) == 2

    publish(month)
    assert len(rows(client, month.agent, "results/")) == 1


def test_the_scores_of_a_form_follow_the_rules_of_its_page(client, month):
    path = f"forms/{month.form.pk}/"
    Score.objects.filter(item__form=month.form, kind="review").update(points="7.77")
    Score.objects.filter(item__form=month.form, kind="self").update(points="6.66")

    own, owner = get(client, month.agent, path), get(client, month.supervisor, path)
    assert "7.77" not in own.content.decode()
    assert "6.66" in own.content.decode()
    assert {"7.77", "6.66"} <= set(owner.content.decode().replace('"', " ").split())
    assert own.json()["is_final"] is False

    publish(month)
    published = get(client, month.agent, path).json()
    assert published["is_final"] is True
    goal = next(part for part in published["parts"] if part["code"] == "goal")
    assert (goal["items"][0]["review_score"], goal["score"]) == ("7.77", "7.77")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(client, month, method):
    client.force_login(month.hr.account)
    paths = [f"/api/v1/{name}/" for name in LISTS] + [f"/api/v1/forms/{month.form.pk}/"]

    for path in paths:
        answer = getattr(client, method)(path, {"state": "filed"}, content_type="application/json")
        assert answer.status_code == 405, path


def test_a_list_takes_as_many_statements_for_many_rows_as_for_few(client, month):
    def grow(count: int) -> dict[str, int]:
        forms = [
            world.ready_form(world.graded(world.person(f"员工{n}", superior=month.supervisor)), month.supervisor)
            for n in range(count)
        ]
        publish(month, *forms)
        client.force_login(month.leader.account)
        return {name: statements(partial(client.get, f"/api/v1/{name}/")) for name in LISTS}

    few = grow(5)
    assert grow(30) == few
    assert max(few.values()) <= 15


def test_pages_hold_fifty(client, month):
    for n in range(60):
        world.person(f"员工{n}")

    answer = get(client, month.hr, "employees/").json()

    assert len(answer["results"]) == 50
    assert answer["count"] == Employee.objects.count()
    assert len(rows(client, month.hr, "employees/?page=2")) == answer["count"] - 50


def test_the_schema_is_drawn_without_a_warning(client, db):
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO())

    text = client.get("/api/schema/").content.decode()
    for name in LISTS:
        assert f"/api/v1/{name}/" in text


def test_the_schemas_page_runs_nothing_inline(client, db):
    page = client.get("/api/docs/")

    assert page.status_code == 200
    text = page.content.decode()
    assert "<style" not in text
    assert "style=" not in text
    assert "<script>" not in text
