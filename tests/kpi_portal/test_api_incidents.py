"""Incidents through the API: the rules of the pages, their refusals, their rows, and no more of them (P4.5)."""

from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.urls import reverse
from django.utils import timezone

from incidents.models import EventFile, Incident, IncidentKind, Involvement
from incidents.permissions import Judge
from incidents.selectors.ledger import Asked, ledger
from incidents.services.filing import IncidentDraft, Share, confirm_involvement, file_incident, state_view
from incidents.states import EventState
from people.selectors import standing_of
from tests import world
from tests.counting import statements
from tests.incidents.conftest import cast
from tests.kpi_portal.speaking import PNG, Speaker, code, done, photo, same_refusal

__all__ = ["cast"]

pytestmark = pytest.mark.django_db

EVERYBODY = ("manager", "boss", "other_boss", "agent", "mate", "finder", "stranger", "member", "auditor")


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def shared(cast, today) -> Incident:
    """Two of one team and somebody from elsewhere, of I09; a colleague of another team found it."""
    people = (Share(cast.agent.pk, Decimal(5)), Share(cast.mate.pk, Decimal(3)), Share(cast.stranger.pk, Decimal(4)))
    entry = IncidentKind.objects.get(code="I09")
    told = IncidentDraft(kind_id=entry.pk, occurred_on=today, description="解答错误", people=people)
    return file_incident(told, by=cast.finder)


def share_of(incident: Incident, person) -> Involvement:
    return Involvement.objects.get(incident=incident, employee=person)


def as_(cast, who: str) -> Speaker:
    return Speaker(getattr(cast, who))


def record(cast, day, **changed: object) -> dict[str, object]:
    told = {"kind": "I08", "occurred_on": f"{day}", "description": "漏记工单", "people": [people(cast.agent)]}
    return {**told, **changed}


def people(person, points: str | None = None) -> dict[str, object]:
    return {"employee": person.number} | ({"points": points} if points else {})


# ---- reading


@pytest.mark.parametrize("who", EVERYBODY)
def test_the_list_holds_what_the_ledger_holds(cast, shared, who):
    world.involvement(cast.finder, cast.boss, number="BL-7")
    person = getattr(cast, who)
    rows = ledger(Judge(person, standing_of(person, timezone.localdate())), Asked())
    wanted = sorted((row.incident_id, row.employee.number) for row in rows)

    listed = as_(cast, who).rows("incidents/")

    assert sorted((one["id"], share["employee"]["number"]) for one in listed for share in one["people"]) == wanted
    for incident in Incident.objects.all():
        seen = incident.pk in {one["id"] for one in listed}
        assert as_(cast, who).get(f"incidents/{incident.pk}/").status_code == (200 if seen else 404)


def test_who_is_concerned_sees_nothing_of_the_others(cast, shared):
    for person in (cast.agent, cast.mate, cast.stranger):
        state_view(share_of(shared, person).pk, text=f"{person.name}说的", by=person)
    confirm_involvement(share_of(shared, cast.mate).pk, points=Decimal(4), reason="两次提醒", by=cast.boss)
    agent = as_(cast, "agent")

    for told in (agent.rows("incidents/")[0], done(agent.get(f"incidents/{shared.pk}/"))):
        assert [share["employee"]["name"] for share in told["people"]] == ["吴倩"]
        assert told["people"][0]["statement"] == "吴倩说的"
        assert told["others"] == 2
        assert not [word for word in ("黄佩珊", "陈晨", "两次提醒", "4.00") if word in str(told)]


def test_who_filed_it_sees_what_was_filed_and_where_it_stands_but_not_what_was_made_of_it(cast, shared):
    state_view(share_of(shared, cast.agent).pk, text="我没看到", by=cast.agent)
    confirm_involvement(share_of(shared, cast.agent).pk, points=Decimal(4), reason="情有可原", by=cast.boss)
    finder = as_(cast, "finder")

    for told in (finder.rows("incidents/")[0], done(finder.get(f"incidents/{shared.pk}/"))):
        share = told["people"][0]
        assert (share["employee"]["name"], share["filed_points"], share["state"]) == ("吴倩", "5.00", "confirmed")
        hidden = ("points", "severity", "repeats", "statement", "stated_at", "verified_by", "decision_reason")
        assert [share[name] for name in hidden] == [None] * len(hidden)
        assert share["is_whole"] is False
        assert len(told["people"]) == 3
        assert not [word for word in ("我没看到", "情有可原") if word in str(told)]


def test_the_superior_sees_all_of_his_own_peoples_shares_and_what_he_may_do(cast, shared):
    told = done(as_(cast, "boss").get(f"incidents/{shared.pk}/"))

    assert [share["employee"]["name"] for share in told["people"]] == ["吴倩", "黄佩珊"]
    share = told["people"][0]
    assert (share["lowest"], share["suggested"], share["highest"]) == ("3.00", "5.00", "5.00")
    assert (share["allowed"], share["is_view_in"], share["holder"]) == (["reject"], False, "周敏")
    assert told["allowed"] == ["add-files"]
    assert as_(cast, "agent").get(f"incidents/{shared.pk}/").json()["people"][0]["allowed"] == ["state"]


def test_filters_narrow_and_ask_only_what_is_seen(cast, shared, today):
    state_view(share_of(shared, cast.mate).pk, text="", by=cast.mate)
    confirm_involvement(share_of(shared, cast.mate).pk, by=cast.boss)

    def found(who: str, **query: str) -> list[int]:
        return [row["id"] for row in as_(cast, who).rows("incidents/", **query)]

    assert found("boss", state="confirmed") == found("boss", employee=cast.mate.number) == [shared.pk]
    assert found("boss", employee=cast.agent.number, state="confirmed") == []
    assert found("agent", state="confirmed") == found("agent", employee=cast.mate.number) == []
    assert found("agent", kind="I09", month=f"{today:%Y-%m}", number=shared.number) == [shared.pk]
    assert found("agent", kind="I08") == found("agent", month="2020-01") == []


def test_a_list_takes_as_many_statements_for_many_records_as_for_few(cast):
    def grow(count: int) -> list[int]:
        for _n in range(count):
            world.involvement(cast.agent, cast.finder, cast.boss, number=f"BL-{Incident.objects.count():04d}")
        return [statements(partial(as_(cast, who).get, "incidents/")) for who in ("boss", "agent", "auditor")]

    few = grow(10)
    assert grow(60) == few
    assert max(few) <= 15


# ---- filing


@pytest.mark.parametrize("who", ["finder", "agent", "stranger", "boss", "auditor"])
def test_anybody_files_even_about_himself(cast, today, who):
    told = done(as_(cast, who).post("incidents/", record(cast, today)), 201)

    assert told["number"].startswith(f"BL-{today.year}-")
    assert told["found_by"]["number"] == told["filed_by"]["number"] == getattr(cast, who).number
    assert Incident.objects.get().pk == told["id"]


def test_several_people_with_points_of_their_own_and_files(cast, today):
    several = [people(cast.agent, "4"), people(cast.mate)]
    told = record(cast, today, kind="I09", people=several, occurred_time="10:20", found_by=cast.stranger.number)

    made = done(as_(cast, "finder").form("incidents/", told, files=[photo(), photo("录屏.png")]), 201)

    assert [share["filed_points"] for share in made["people"]] == ["4.00", "5.00"]
    assert (made["occurred_time"], made["found_by"]["name"]) == ("10:20:00", "陈晨")
    assert [file["name"] for file in made["files"]] == ["现场.png", "录屏.png"]
    assert as_(cast, "agent").fetched(made["files"][0]["url"]) == PNG


@pytest.mark.parametrize(
    ("changed", "wanted", "field"),
    [
        ({"occurred_on": "2099-01-01"}, "in_the_future", "occurred_on"),
        ({"description": " "}, "text_missing", "description"),
        ({"people": []}, "nobody_concerned", "people"),
    ],
)
def test_a_record_must_make_sense(cast, today, changed, wanted, field):
    answer = as_(cast, "finder").post("incidents/", record(cast, today, **changed))

    assert (code(answer), answer.json()["field"]) == (wanted, field)
    assert not Incident.objects.exists()


@pytest.mark.parametrize("points", ["9", "0.5"])
def test_points_lie_in_the_range_of_the_entry(cast, today, points):
    answer = as_(cast, "finder").post("incidents/", record(cast, today, people=[people(cast.agent, points)]))

    assert code(answer) == "out_of_range"


@pytest.mark.parametrize("points", ["-1", "1.234", "NaN", "Infinity", "1e3", "99999", [], {}])
def test_points_that_are_no_number_of_points_are_refused(cast, today, points):
    one = people(cast.agent) | {"points": points}

    answer = as_(cast, "finder").post("incidents/", record(cast, today, people=[one]))

    assert answer.status_code in {400, 422}
    assert not Incident.objects.exists()


@pytest.mark.parametrize("name", ["kind", "occurred_on", "description", "people"])
def test_what_has_to_be_told_is_asked_for(cast, today, name):
    told = record(cast, today)
    del told[name]

    assert list(done(as_(cast, "finder").post("incidents/", told), 400)) == [name]


@pytest.mark.parametrize("name", ["number", "state", "filed_by", "origin", "severity"])
def test_what_is_not_to_be_told_is_refused(cast, today, name):
    assert list(done(as_(cast, "finder").post("incidents/", record(cast, today, **{name: "x"})), 400)) == [name]
    one = people(cast.agent) | {name: "x"}
    assert "people" in done(as_(cast, "finder").post("incidents/", record(cast, today, people=[one])), 400)
    assert not Incident.objects.exists()


def test_the_same_record_sent_twice_is_one_record(cast, today):
    finder = as_(cast, "finder")
    done(finder.post("incidents/", record(cast, today)), 201)

    assert code(finder.post("incidents/", record(cast, today))) == "just_filed"
    assert Incident.objects.count() == 1


def test_a_file_that_may_not_be_kept_refuses_the_whole_record(cast, today):
    files = [photo(), photo("宏.png", b"MZ")]
    answer = as_(cast, "finder").form("incidents/", record(cast, today), files=files)

    assert code(answer) == "wrong_type"
    assert not Incident.objects.exists()
    assert not EventFile.objects.exists()


def test_the_page_refuses_a_record_in_the_same_words(cast, today):
    finder = as_(cast, "finder")
    answer = finder.post("incidents/", record(cast, today, people=[people(cast.agent, "9")]))
    typed = {
        "kind": IncidentKind.objects.get(code="I08").pk,
        "occurred_on": f"{today}",
        "text": "漏记工单",
        "person": cast.agent.number,
        "points": "9",
    }

    assert same_refusal(finder, answer, reverse("incidents:new_incident"), **typed) == "out_of_range"


# ---- files and taking back


def test_more_files_come_later_from_those_who_may(cast, shared):
    told = done(as_(cast, "agent").form(f"incidents/{shared.pk}/add-files/", files=photo("说明.png")))
    assert [file["name"] for file in told["files"]] == ["说明.png"]

    assert code(as_(cast, "auditor").form(f"incidents/{shared.pk}/add-files/", files=photo())) == "not_allowed"
    assert code(as_(cast, "agent").form(f"incidents/{shared.pk}/add-files/")) == "no_file"
    assert as_(cast, "other_boss").form(f"incidents/{shared.pk}/add-files/", files=photo()).status_code == 404
    assert EventFile.objects.count() == 1


def test_a_file_of_one_person_concerned_is_not_there_for_another(cast, shared):
    told = done(as_(cast, "agent").form(f"incidents/{shared.pk}/add-files/", files=photo("说明.png")))

    mate = as_(cast, "mate")
    assert done(mate.get(f"incidents/{shared.pk}/"))["files"] == []
    assert mate.client.get(told["files"][0]["url"]).status_code == 404


def test_the_filer_takes_it_back_while_nothing_is_confirmed(cast, shared):
    path, page = f"incidents/{shared.pk}/withdraw/", reverse("incidents:decide_incident", args=[shared.pk, "withdraw"])
    boss, finder = as_(cast, "boss"), as_(cast, "finder")

    assert same_refusal(boss, boss.post(path, reason="看错"), page, reason="看错") == "not_allowed"
    assert same_refusal(finder, finder.post(path, reason=" "), page, reason=" ") == "reason_missing"
    told = done(finder.post(path, reason="不是这一单"))
    assert {share["state"] for share in told["people"]} == {"withdrawn"}
    assert same_refusal(finder, finder.post(path, reason="再来"), page, reason="再来") == "not_allowed"
    assert as_(cast, "other_boss").post(path, reason="x").status_code == 404


# ---- the person's view, the verifier's word


def test_the_person_states_his_view_once(cast, shared):
    share = share_of(shared, cast.agent)
    agent, path = as_(cast, "agent"), f"involvements/{share.pk}/state/"

    told = done(agent.post(path, text="系统当时没弹出来"))
    assert told["people"][0]["statement"] == "系统当时没弹出来"
    page = reverse("incidents:decide_share", args=[share.pk, "state"])
    assert same_refusal(agent, agent.post(path, text="还有"), page, statement="还有") == "already_stated"


@pytest.mark.parametrize(("who", "wanted"), [("boss", 422), ("finder", 422), ("mate", 404), ("other_boss", 404)])
def test_nobody_speaks_for_another(cast, shared, who, wanted):
    share = share_of(shared, cast.agent)

    answer = as_(cast, who).post(f"involvements/{share.pk}/state/", text="他没意见")

    assert answer.status_code == wanted
    share.refresh_from_db()
    assert share.stated_at is None


def test_a_verifier_confirms_once_the_view_is_in_with_the_points_suggested_or_a_reason(cast, shared):
    one, other = share_of(shared, cast.agent), share_of(shared, cast.mate)
    boss = as_(cast, "boss")
    page = reverse("incidents:decide_share", args=[one.pk, "confirm"])
    assert same_refusal(boss, boss.post(f"involvements/{one.pk}/confirm/"), page) == "view_pending"
    for person in (cast.agent, cast.mate):
        state_view(share_of(shared, person).pk, text="", by=person)

    told = done(boss.post(f"involvements/{one.pk}/confirm/"))
    share = told["people"][0]
    assert (share["state"], share["points"], share["verified_by"]["name"]) == ("confirmed", "5.00", "周敏")
    assert share["allowed"] == ["overturn"]

    path, page = f"involvements/{other.pk}/confirm/", reverse("incidents:decide_share", args=[other.pk, "confirm"])
    assert same_refusal(boss, boss.post(path, points="4.5"), page, points="4.5") == "reason_missing"
    assert same_refusal(boss, boss.post(path, points="9", reason="重"), page, points="9", reason="重") == "out_of_range"
    told = done(boss.post(path, points="4.5", reason="两次提醒未改"))
    assert told["people"][1]["points"] == "4.50"


@pytest.mark.parametrize("act", ["confirm", "reject"])
@pytest.mark.parametrize(
    ("who", "wanted"), [("agent", "not_neutral"), ("finder", "not_neutral"), ("auditor", "not_allowed")]
)
def test_who_may_not_verify_is_refused_as_on_the_page(cast, shared, act, who, wanted):
    share, speaker = share_of(shared, cast.agent), as_(cast, who)
    page = reverse("incidents:decide_share", args=[share.pk, act])

    answer = speaker.post(f"involvements/{share.pk}/{act}/", reason="不是他")

    assert same_refusal(speaker, answer, page, reason="不是他") == wanted
    share.refresh_from_db()
    assert share.state == EventState.FILED


@pytest.mark.parametrize("act", ["confirm", "reject", "overturn"])
@pytest.mark.parametrize("who", ["mate", "stranger", "other_boss"])
def test_a_share_that_is_not_seen_is_not_there(cast, shared, act, who):
    share = share_of(shared, cast.agent)

    assert as_(cast, who).post(f"involvements/{share.pk}/{act}/", reason="x").status_code == 404
    share.refresh_from_db()
    assert share.state == EventState.FILED


@pytest.mark.parametrize("who", ["boss", "member", "manager"])
def test_a_verifier_turns_down_at_any_time_with_a_reason(cast, shared, who):
    share, speaker = share_of(shared, cast.agent), as_(cast, who)
    path = f"involvements/{share.pk}/reject/"

    assert code(speaker.post(path, reason=" ")) == "reason_missing"
    told = done(speaker.post(path, reason="查不实"))
    assert next(one for one in told["people"] if one["id"] == share.pk)["state"] == "rejected"
    assert code(speaker.post(path, reason="再来")) == "not_allowed"


def test_a_confirmation_is_undone_until_a_month_has_counted_it(cast):
    share = world.involvement(cast.agent, cast.finder, cast.boss, counted_month="2026-10-01")
    boss, path = as_(cast, "boss"), f"involvements/{share.pk}/overturn/"
    page = reverse("incidents:decide_share", args=[share.pk, "overturn"])
    assert same_refusal(boss, boss.post(path, reason="查明"), page, reason="查明") == "already_counted"

    Involvement.objects.update(counted_month=None)
    for who, wanted in (("agent", 422), ("auditor", 422), ("stranger", 404)):
        assert as_(cast, who).post(path, reason="查明").status_code == wanted
    assert done(boss.post(path, reason="查明"))["people"][0]["state"] == "overturned"
    assert [row["people"][0]["state"] for row in boss.rows("incidents/")] == ["overturned"]


def test_a_day_that_the_person_did_not_work_is_refused(cast, today):
    cast.agent.left_on = today - timedelta(days=10)
    cast.agent.save()

    answer = as_(cast, "finder").post("incidents/", record(cast, today))

    assert (code(answer), answer.json()["field"]) == ("not_employed", "people")
