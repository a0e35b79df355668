"""A what-if over the API: asked, watched and read as on the pages."""

from decimal import Decimal

import pytest

from scoring import tasks
from scoring.models import Job, Replay
from tests import world
from tests.calibration.test_replays import month, replay, with_account  # noqa: F401  # fixtures
from tests.kpi_portal.speaking import Speaker, code, done
from tests.scoring.test_replays import draft_of

pytestmark = pytest.mark.django_db
ADDRESS = "replays/"


def test_asked_watched_and_read(month):  # noqa: F811
    leader, scheme = Speaker(with_account(month.leader)), draft_of(pay_ceiling="90")
    asked = {"scheme": scheme.pk, "first_month": "2026-10", "last_month": "2026-10"}

    made = done(leader.post(ADDRESS, asked), 201)
    assert (made["state"], made["total"]) == ("waiting", 6)
    assert done(leader.post(ADDRESS, asked), 201)["id"] == made["id"]
    tasks.run_job(Job.objects.get().pk)

    answer = done(leader.get(f"{ADDRESS}{made['id']}/"), 200)
    assert (answer["state"], answer["done"]) == ("done", 6)
    assert (answer["sums"]["people"], answer["sums"]["moved"]) == (6, 1)
    people = done(leader.get(f"{ADDRESS}{made['id']}/people/", kind="pay"), 200)["results"]
    assert [(one["name"], one["pay_after"]) for one in people] == [("黄佩珊", None)]
    for_hr = done(Speaker(with_account(month.hr)).get(f"{ADDRESS}{made['id']}/people/"), 200)["results"]
    assert for_hr[0]["pay_after"] == "1260.00"


def test_refusals_are_those_of_the_pages(month):  # noqa: F811
    leader, scheme = Speaker(with_account(month.leader)), draft_of()

    assert code(leader.post(ADDRESS, {"scheme": scheme.pk})) == "no_period"
    assert code(leader.post(ADDRESS, {"scheme": scheme.pk, "year": 2026})) == "no_completion"
    done(leader.post(ADDRESS, {"scheme": scheme.pk, "months": 3}), 400)
    done(leader.post(ADDRESS, {"scheme": 10**9}), 404)
    done(Speaker(with_account(month.supervisor)).post(ADDRESS, {"scheme": scheme.pk}), 403)
    assert not Replay.objects.exists()


def test_sums_of_pay_are_hrs_and_the_approvers_and_nobody_finds_himself(month, replay):  # noqa: F811
    world.in_group(month.second_agent)
    people = (month.hr, month.manager, month.second_agent)
    hr, manager, member = (Speaker(with_account(one)) for one in people)

    pay = done(hr.get(f"{ADDRESS}{replay.pk}/"), 200)["sums"]["pay"]
    sums = done(manager.get(f"{ADDRESS}{replay.pk}/"), 200)["sums"]
    shown = manager.rows(f"{ADDRESS}{replay.pk}/people/")
    of_member = done(member.get(f"{ADDRESS}{replay.pk}/"), 200)["sums"]

    assert Decimal(pay["after"]) < Decimal(pay["before"])
    assert (sums["hidden"], sums["pay"]) == (0, pay)
    assert {one["pay_after"] for one in shown} == {None}
    assert (of_member["hidden"], of_member["people"], of_member["pay"]) == (2, 4, None)
    assert member.rows(f"{ADDRESS}{replay.pk}/people/") == []
    assert all(isinstance(pair[side], int) for pair in sums["rules"] for side in ("before", "after"))

    world.in_group(month.manager)  # who may draft as well could reckon single caps from sums
    assert done(manager.get(f"{ADDRESS}{replay.pk}/"), 200)["sums"]["pay"] is None
