"""The pages of a what-if: who reads them, what they show of whom, and how many statements they send."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from appraisals.models import Scheme
from people.models import Account, Employee
from people.states import Role
from scoring import tasks
from scoring.models import Job, Replay, ReplayPerson
from scoring.services.consolidation import settle_forms
from scoring.services.replaying import ask_replay
from tests import world
from tests.counting import statements
from tests.scoring.conftest import Month, make_month
from tests.scoring.test_replays import draft_of

pytestmark = pytest.mark.django_db

OCTOBER = date(2026, 10, 1)
MONTHS = {"span": "months", "first_month": "2026-10", "last_month": "2026-10"}
PAY = ("1,330.00", "1,260.00")


@pytest.fixture
def month(db) -> Month:
    """October, published; six people."""
    made = make_month()
    forms = [made.form, made.second_form, made.own_form]
    forms += [
        world.ready_form(world.graded(world.person(f"员工{n}", superior=made.supervisor)), made.supervisor)
        for n in range(3)
    ]
    settle_forms(made.cycle.pk, form_ids=[form.pk for form in forms], by=made.leader)
    return made


@pytest.fixture
def replay(month) -> Replay:
    """The pay ceiling lowered to 90: the second agent gets less."""
    return worked(draft_of(pay_ceiling="90"), month, year=2026, completion=Decimal("96.5"))


def worked(scheme: Scheme, month: Month, **asked: Any) -> Replay:
    job = ask_replay(scheme.pk, by=month.leader, **asked)
    tasks.run_job(job.pk)
    assert job.replay is not None
    job.replay.refresh_from_db()
    return job.replay


def with_account(person: Employee) -> Employee:
    """The person, able to sign in."""
    if person.account is None:
        person.account = Account.objects.create(username=person.number)
        person.save(update_fields=["account"])
    return person


def signed_in(person: Employee) -> Client:
    account = with_account(person).account
    assert account is not None
    client = Client()
    client.force_login(account)
    return client


def page_of(person: Employee, replay: Replay, **asked: str) -> str:
    answer = signed_in(person).get(reverse("calibration:replay", args=[replay.pk]), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_asked_on_the_page_it_runs_and_shows_who_would_move(month):
    client = signed_in(month.leader)
    scheme = draft_of(pay_ceiling="90")

    answer = client.post(reverse("calibration:replays"), {"scheme": scheme.pk, **MONTHS})

    replay = Replay.objects.get()
    assert answer.headers["Location"] == reverse("calibration:replay", args=[replay.pk])
    assert "可以离开本页" in client.get(answer.headers["Location"]).content.decode()
    tasks.run_job(Job.objects.get().pk)
    page = client.get(answer.headers["Location"]).content.decode()
    assert "黄佩珊" in page
    assert "吴倩" not in page


def test_a_part_of_the_page_says_how_far_it_is_and_brings_the_rest_when_it_is_over(month):
    job = ask_replay(draft_of().pk, first_month=OCTOBER, last_month=OCTOBER, by=month.leader)
    client, page = signed_in(month.leader), reverse("calibration:replay", args=[job.replay_id])

    before = client.get(page, headers={"HX-Request": "true"})
    tasks.run_job(job.pk)
    after = client.get(page, headers={"HX-Request": "true"})

    assert ("HX-Refresh" in before.headers, after.headers["HX-Refresh"]) == (False, "true")


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"span": "year", "year": "2026", "completion": ""}, "试算一年要填公司任务完成率"),
        ({"span": "months", "first_month": "2026-10", "last_month": ""}, "选从哪个月到哪个月"),
        ({"span": "months", "first_month": "x", "last_month": "2026-10"}, "有效"),
        ({"span": ""}, "选一整年或几个月"),
    ],
)
def test_a_question_that_makes_no_sense_comes_back_with_what_is_wrong(month, told, words):
    answer = signed_in(month.leader).post(reverse("calibration:replays"), {"scheme": draft_of().pk, **told})

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Replay.objects.exists()


def test_amounts_are_hrs_and_the_others_read_not_even_their_sum(month, replay):
    hr, leader = page_of(month.hr, replay), page_of(month.leader, replay)

    assert all(amount in hr for amount in PAY)
    assert not any(amount in leader for amount in PAY)
    assert "绩效工资合计" in hr
    assert "绩效工资合计" not in leader
    assert "年终奖金" not in leader


def test_nobody_finds_himself_or_his_superiors_nor_can_find_them_by_difference(month, replay):
    world.in_group(month.second_agent)

    page = page_of(month.second_agent, replay)

    assert "黄佩珊" not in page.partition("<main")[2]
    assert "周敏" not in page.partition("<main")[2]
    assert "你本人和你的上级不在名单和合计里" in page
    client = signed_in(month.second_agent)
    for person, status in ((month.second_agent, 404), (month.supervisor, 404), (month.agent, 200)):
        one = reverse("calibration:replay_person", args=[replay.pk, person.pk])
        assert client.get(one).status_code == status
    assert "/ 4 人" in page
    assert "/ 6 人" in page_of(month.leader, replay)


@pytest.mark.parametrize(("who", "status"), [("supervisor", 403), ("agent", 403), ("leader", 200), ("hr", 200)])
def test_only_who_may_read_it_does(month, replay, who, status):
    client, person = signed_in(getattr(month, who)), month.second_agent.pk

    for page in (
        reverse("calibration:replays"),
        reverse("calibration:replay", args=[replay.pk]),
        reverse("calibration:replay_person", args=[replay.pk, person]),
        reverse("reports:replay_workbook", args=[replay.pk]),
    ):
        assert client.get(page).status_code == status


def test_the_auditor_reads_and_does_not_ask(month, replay):
    client = signed_in(world.with_role(world.person("孙悦", None), Role.AUDITOR))

    assert "开始试算" not in client.get(reverse("calibration:replays")).content.decode()
    assert client.post(reverse("calibration:replays"), {"scheme": replay.scheme_id, **MONTHS}).status_code == 403
    assert Replay.objects.count() == 1


def test_a_draft_changed_since_says_so_and_names_what_cannot_be_replayed(month, replay):
    scheme = replay.scheme
    Scheme.objects.filter(pk=scheme.pk).update(parameters={**scheme.parameters, "pay_ceiling": "80"})
    weights = {
        **scheme.parameters,
        "non_managerial": {**scheme.parameters["non_managerial"], "kpi_and_goals": "70", "behaviour": "30"},
    }
    Replay.objects.filter(pk=replay.pk).update(rules=weights)

    page = page_of(month.leader, replay)

    assert "这一版又改过" in page
    assert "换不了权重" in page


def test_the_workbook_holds_everybody_in_sight_and_amounts_for_hr_alone(month, replay):
    sheets = {}
    for person in (month.hr, month.leader):
        answer = signed_in(person).get(reverse("reports:replay_workbook", args=[replay.pk]))
        book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
        sheets[person] = book.get_sheet_by_name("员工").to_python()

    assert len(sheets[month.hr]) == len(sheets[month.leader]) == 7
    assert "试算绩效工资" in sheets[month.hr][0]
    assert not any("工资" in str(head) or "奖金" in str(head) for head in sheets[month.leader][0])


@pytest.mark.parametrize("people", [10, 60])
def test_the_page_sends_as_many_statements_for_many(month, replay, people):
    hired = [world.person(f"加{n}", superior=month.supervisor) for n in range(people)]
    ReplayPerson.objects.bulk_create(
        ReplayPerson(replay=replay, employee=one, is_moved=True, change=Decimal(n)) for n, one in enumerate(hired)
    )
    client = signed_in(month.hr)
    client.get(reverse("calibration:replay", args=[replay.pk]))

    assert statements(lambda: client.get(reverse("calibration:replay", args=[replay.pk]))) <= 15
    assert statements(lambda: client.get(reverse("calibration:replays"))) <= 15
