"""What holds for every address of the API: how it refuses, and what it never does."""

import json
from functools import partial

import pytest
from django.test import Client
from rest_framework.throttling import ScopedRateThrottle

from incidents.models import BonusKind, Incident, IncidentKind
from people.models import Employee
from tests import world
from tests.counting import statements
from tests.incidents.claims import Cast, make_cast, raised
from tests.kpi_portal.speaking import Speaker, code, done

pytestmark = pytest.mark.django_db

STANDARDS = ("severities", "incident-kinds", "bonus-kinds", "event-rules")
LISTS = (*STANDARDS, "incidents", "bonuses", "rubrics", "calls", "disputes", "calls/coverage")
HUGE = "1" + "0" * 40


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def agent(cast) -> Speaker:
    return Speaker(cast["agent"])


def claim(cast: Cast, **changed: object) -> dict[str, object]:
    return {
        "employee": cast["agent"].number,
        "kind": "B01",
        "occurred_on": "2026-10-13",
        "grounds": "客户表扬",
        **changed,
    }


# ---- who is asking


@pytest.mark.parametrize("name", [*LISTS, "drift"])
def test_nobody_reads_without_signing_in(cast, name):
    assert "detail" in done(Client().get(f"/api/v1/{name}/"), 403)


def test_nobody_writes_without_signing_in(cast):
    answer = Client().post("/api/v1/incidents/", "{}", content_type="application/json")

    assert answer.status_code == 403
    assert not Incident.objects.exists()


def test_an_account_without_a_person_is_refused(cast):
    account = cast["stranger"].account
    Employee.objects.filter(pk=cast["stranger"].pk).update(account=None)
    client = Client()
    client.force_login(account)

    for name in LISTS:
        assert client.get(f"/api/v1/{name}/").status_code == 403, name
    assert client.post("/api/v1/bonuses/", "{}", content_type="application/json").status_code == 403


def test_whoever_still_has_the_password_of_hr_is_refused_and_not_sent_to_a_page(cast, agent):
    type(cast["agent"].account).objects.filter(pk=cast["agent"].account.pk).update(must_change_password=True)

    assert "detail" in done(agent.get("bonuses/"), 403)
    assert "detail" in done(agent.post("bonuses/", claim(cast)), 403)
    assert agent.client.get("/").status_code == 302


def test_a_write_from_another_site_is_refused(cast):
    speaker = Speaker(cast["agent"], enforce_csrf_checks=True)
    body = json.dumps(claim(cast))

    refused = speaker.client.post("/api/v1/bonuses/", body, content_type="application/json")
    assert "CSRF" in done(refused, 403)["detail"]

    speaker.client.get("/", follow=True)
    token = speaker.client.cookies["csrftoken"].value
    headers = {"X-CSRFToken": token}
    taken = speaker.client.post("/api/v1/bonuses/", body, content_type="application/json", headers=headers)
    assert taken.status_code == 201


def test_a_form_with_files_is_read_alike_when_the_token_was_looked_for_in_it(cast):
    """The check against other sites reads the form before the API does."""
    speaker = Speaker(cast["agent"], enforce_csrf_checks=True)
    speaker.client.get("/", follow=True)
    headers = {"X-CSRFToken": speaker.client.cookies["csrftoken"].value}

    answer = speaker.client.post("/api/v1/bonuses/", {"data": json.dumps(claim(cast))}, headers=headers)
    assert done(answer, 201)["employee"]["number"] == cast["agent"].number

    answer = speaker.client.post(f"/api/v1/bonuses/{answer.json()['id']}/withdraw/", {"reason": "x"}, headers=headers)
    assert answer.status_code == 415


# ---- shapes


@pytest.mark.parametrize("field", ["points", "state", "event", "raised_by", "counted_month", "id", "cap"])
def test_a_field_that_is_not_to_be_told_is_refused_by_its_name(cast, agent, field):
    answer = agent.post("bonuses/", claim(cast, **{field: "1"}))

    assert list(done(answer, 400)) == [field]


def test_an_act_without_fields_takes_none(cast):
    bonus = raised(cast)

    answer = Speaker(cast["member"]).post(f"bonuses/{bonus.pk}/first-check/", second_checker=cast["member"].number)

    assert list(done(answer, 400)) == ["second_checker"]
    bonus.refresh_from_db()
    assert bonus.first_checker is None


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"employee": "T99999"}, "employee"),
        ({"employee": {"number": "T00001"}}, "employee"),
        ({"kind": "B99"}, "kind"),
        ({"kind": None}, "kind"),
        ({"occurred_on": "2026-13-01"}, "occurred_on"),
        ({"occurred_on": "13.10.2026"}, "occurred_on"),
        ({"occurred_on": 20261013}, "occurred_on"),
        ({"grounds": "长" * 501}, "grounds"),
        ({"grounds": "a\u0000b"}, "grounds"),
        ({"grounds": ["x"]}, "grounds"),
        ({"step": HUGE}, "step"),
        ({"step": -1}, "step"),
        ({"same_event_as": 10**40}, "same_event_as"),
        ({"same_event_as": "x"}, "same_event_as"),
    ],
)
def test_what_has_the_wrong_shape_is_refused_by_field(cast, agent, changed, field):
    assert list(done(agent.post("bonuses/", claim(cast, **changed)), 400)) == [field]


@pytest.mark.parametrize("body", [None, [], "x", 1, True])
def test_a_body_that_is_no_object_is_refused(cast, agent, body):
    assert agent.send("post", "bonuses/", body).status_code == 400


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"\xff\xfe", b"{'a': 1}", b'{"points": NaN}', b"[" * 100_000, b'{"step": 1' + b"0" * 5000 + b"}"],
    ids=["empty", "cut", "not-utf8", "python", "nan", "nested", "long-number"],
)
def test_what_is_no_json_is_refused(cast, agent, text):
    answer = agent.client.post("/api/v1/bonuses/", text, content_type="application/json")

    assert answer.status_code == 400
    assert not Incident.objects.exists()


def test_a_body_without_end_is_refused(cast, agent, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2000

    assert agent.post("bonuses/", claim(cast, grounds="长" * 2000)).status_code == 413


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "nonsense"])
def test_another_kind_of_body_is_refused(cast, agent, kind):
    bonus = raised(cast)

    for path in ("incidents/", "bonuses/", f"bonuses/{bonus.pk}/withdraw/", "calls/", "calls/draw/"):
        assert agent.client.post(f"/api/v1/{path}", "a=1", content_type=kind).status_code == 415, path


def test_where_no_files_belong_a_form_is_refused(cast, agent):
    bonus = raised(cast)

    assert agent.form(f"bonuses/{bonus.pk}/withdraw/", {"reason": "看错了"}).status_code == 415


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *[(method, name) for name in STANDARDS for method in ("put", "patch", "delete", "options")],
        ("post", "severities"),
        ("delete", "incident-kinds/I08"),
        ("put", "event-rules/1"),
        *[(method, name) for name in ("incidents", "bonuses", "calls") for method in ("put", "patch", "delete")],
        ("post", "drift"),
        ("get", "seconds/draw"),
        ("get", "involvements/1/confirm"),
        ("delete", "bonuses/1/withdraw"),
        ("put", "assessments"),
        ("put", "assessments/1"),
        ("patch", "rubrics/1"),
        ("delete", "incidents/1"),
        ("put", "bonuses/1"),
        ("patch", "calls/1"),
    ],
)
def test_a_method_that_is_not_declared_is_refused(cast, agent, method, path):
    assert agent.send(method, f"{path}/", {}).status_code == 405


# ---- what asks for too much


@pytest.mark.parametrize("name", ["forms", "results", "jobs"])
@pytest.mark.parametrize("value", [HUGE, "1" * 18 + "9", "0", "-1", "1.5", "x", "1e400", "1" * 5000])
def test_a_number_that_no_row_can_have_is_refused_in_a_filter(agent, name, value):
    assert list(done(agent.get(f"{name}/", cycle=value), 400)) == ["cycle"]


@pytest.mark.parametrize("value", ["0", "1999", "2100", "10000", HUGE])
def test_a_year_out_of_this_century_is_refused(agent, value):
    assert list(done(agent.get("cycles/", year=value), 400)) == ["year"]


@pytest.mark.parametrize("name", ["incidents", "bonuses", "calls", "calls/coverage"])
@pytest.mark.parametrize(
    "value", ["9999-12", "2026-13", "2026-00", "0000-01", "2026-1", "2026-10-01", "x", "２０２６-10", HUGE]
)
def test_a_month_that_is_none_is_refused(cast, name, value):
    assert list(done(Speaker(cast["boss"]).get(f"{name}/", month=value), 400)) == ["month"]


@pytest.mark.parametrize("name", ["from", "to"])
def test_the_comparison_refuses_a_month_that_is_none(cast, name):
    assert list(done(Speaker(cast["boss"]).get("drift/", **{name: "9999-12"}), 400)) == [name]


@pytest.mark.parametrize("body", ["9999-12", "2026-13", HUGE, None, 202610])
def test_a_draw_refuses_a_month_that_is_none(cast, body):
    for path in ("calls/draw/", "seconds/draw/"):
        assert list(done(Speaker(cast["member"]).post(path, month=body), 400)) == ["month"]


@pytest.mark.parametrize("name", ["incidents", "bonuses", "rubrics", "calls", "assessments", "forms", "event-rules"])
@pytest.mark.parametrize("key", [HUGE, "9" * 19, "x", "0", "-1"])
def test_a_key_that_no_row_can_have_is_not_found(cast, name, key):
    assert Speaker(cast["member"]).get(f"{name}/{key}/").status_code == 404


@pytest.mark.parametrize("key", [HUGE, "x"])
def test_an_act_on_a_key_that_no_row_can_have_is_not_found(cast, key):
    paths = [f"involvements/{key}/confirm/", f"bonuses/{key}/reject/", f"disputes/{key}/rule/", f"calls/{key}/audio/"]

    for path in paths[:3]:
        body = {"upheld": False, "ruling": "x"} if "rule" in path else {}
        assert Speaker(cast["member"]).send("post", path, body).status_code == 404, path
    assert Speaker(cast["member"]).form(paths[3]).status_code == 404


@pytest.mark.parametrize("page", [HUGE, "0", "x"])
def test_a_page_that_is_not_there_is_not_found(agent, page):
    assert agent.get("bonuses/", page=page).status_code == 404


# ---- how often


def test_writing_without_end_is_slowed_down_and_reading_goes_on(cast, agent, monkeypatch):
    monkeypatch.setattr(ScopedRateThrottle, "THROTTLE_RATES", {"writes": "2/min"})

    told = [agent.post("bonuses/", claim(cast, grounds=f"第 {n} 次")).status_code for n in range(3)]

    assert told == [201, 201, 429]
    assert agent.post("incidents/", {}).status_code == 429
    assert agent.get("bonuses/").status_code == 200
    assert Speaker(cast["boss"]).post("incidents/", {}).status_code == 400


# ---- the standards


def test_the_standards_are_there_for_everybody(agent):
    severities = agent.rows("severities/")
    incidents, bonuses = agent.rows("incident-kinds/"), agent.rows("bonus-kinds/")

    assert [row["rank"] for row in severities] == sorted(row["rank"] for row in severities)
    assert (len(incidents), len(bonuses)) == (27, 15)
    assert {row["severity"] for row in incidents} <= {row["code"] for row in severities}
    assert all(row["steps"] and row["steps"][0]["points"].count(".") == 1 for row in bonuses)
    assert agent.rows("event-rules/")[0]["statement_days"] == 2


def test_one_entry_is_found_by_its_code_and_lists_narrow(agent):
    IncidentKind.objects.filter(code="I08").update(is_active=False)

    assert done(agent.get("incident-kinds/I08/"))["is_active"] is False
    assert "I08" not in {row["code"] for row in agent.rows("incident-kinds/", is_active="true")}
    assert {row["severity"] for row in agent.rows("incident-kinds/", severity="L1")} == {"L1"}
    assert done(agent.get("bonus-kinds/B01/"))["code"] == "B01"
    assert agent.get("severities/L99/").status_code == 404


def test_the_standards_take_as_many_statements_for_many_entries_as_for_few(cast, agent):
    def asked() -> list[int]:
        return [statements(partial(agent.get, f"{name}/")) for name in STANDARDS]

    few = asked()
    for n in range(40):
        BonusKind.objects.create(code=f"X{n}", name=f"加分{n}").steps.create(points=1)

    assert asked() == few
    assert max(few) <= 15


def test_a_refusal_says_what_to_do_with_the_code_and_the_field(cast, agent):
    answer = agent.post("bonuses/", claim(cast, occurred_on="2099-01-01"))

    assert code(answer) == "in_the_future"
    assert answer.json()["field"] == "occurred_on"
    assert answer.json()["problems"] == []


def test_words_follow_the_language_that_is_asked_for(cast, agent):
    answer = agent.client.post(
        "/api/v1/bonuses/", "{", content_type="application/json", headers={"Accept-Language": "en"}
    )

    assert answer.json() == {"detail": "That is not valid JSON."}


def test_a_person_who_has_left_is_found_by_his_number_only_by_the_rules_of_the_page(cast, agent):
    gone = world.person("老王", hired_on="2020-01-01", left_on="2026-01-31")

    assert code(agent.post("bonuses/", claim(cast, employee=gone.number))) == "not_employed"
