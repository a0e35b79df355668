"""Calls through the API: registered, drawn, covered, by the rules of the pages (A2)."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from people.selectors import standing_of
from quality.models import Assessment, Call, Rubric
from quality.permissions import Ear
from quality.selectors.calls import Wanted, call_register
from quality.selectors.coverage import plan_for
from tests import world
from tests.counting import statements
from tests.kpi_portal.speaking import MP3, Speaker, code, done, same_refusal, sound
from tests.quality import team as make

pytestmark = pytest.mark.django_db

WHO = ("agent", "other_agent", "superior", "manager", "member", "auditor", "hr", "foreign")
BEFORE = date(2026, 10, 8)


@pytest.fixture
def team() -> make.Team:
    return make.make_team()


def as_(team: make.Team, who: str) -> Speaker:
    return Speaker(getattr(team, who))


def told(team: make.Team, number: str = "LY-9", **changed: object) -> dict[str, object]:
    return {"number": number, "called_on": f"{BEFORE}", "employee": team.agent.number, "seconds": 300, **changed}


# ---- reading


@pytest.mark.parametrize("who", WHO)
def test_the_list_holds_what_the_register_holds(team, who):
    world.call(team.agent, team.superior)
    make.make_call(team.agent, "LY-2", called_on=BEFORE)
    world.call(team.foreign, team.member, number="LY-3")
    person = getattr(team, who)
    ear = Ear(person, standing_of(person, timezone.localdate()))

    listed = [row["id"] for row in as_(team, who).rows("calls/")]

    assert sorted(listed) == sorted(call_register(ear, Wanted()).values_list("pk", flat=True))
    for call in Call.objects.all():
        assert as_(team, who).get(f"calls/{call.pk}/").status_code == (200 if call.pk in listed else 404)


def test_a_call_tells_its_points_to_whoever_may_know_them(team):
    call = world.call(team.agent, team.superior)

    for who in ("agent", "superior", "auditor"):
        shown = done(as_(team, who).get(f"calls/{call.pk}/"))
        assert (shown["total"], shown["number"]) == ("88.00", "LY-1")
        assert [one["listener"]["name"] for one in shown["assessments"]] == ["周敏"]


def test_whoever_still_has_to_score_it_blind_sees_nothing_of_the_first(team):
    call = world.call(team.agent, team.superior)
    blind = make.second_of(call, team.member)

    for shown in (as_(team, "member").rows("calls/")[0], done(as_(team, "member").get(f"calls/{call.pk}/"))):
        assert shown["total"] is None
        assert [one["id"] for one in shown["assessments"]] == [blind.pk]
        assert "88" not in str({name: shown[name] for name in ("total", "assessments")})
    assert done(as_(team, "member").get("calls/mean/", employee=team.agent.number, month="2026-10"))["mean"] is None
    for who in ("agent", "superior", "manager"):
        shown = done(as_(team, who).get(f"calls/{call.pk}/"))
        assert [one["kind"] for one in shown["assessments"]] == ["first"]


def test_filters_narrow(team):
    one = world.call(team.agent, team.superior, drawn_why="random")
    two = make.make_call(team.other_agent, "LY-2", called_on=date(2026, 9, 8), is_complaint=True)
    superior = as_(team, "superior")

    def found(**query: str) -> list[int]:
        return [row["id"] for row in superior.rows("calls/", **query)]

    assert found() == [one.pk, two.pk]
    assert found(month="2026-10") == found(number="LY-1") == found(is_scored="true") == found(drawn_why="random")
    assert found(employee=team.other_agent.number) == found(is_complaint="true") == found(is_scored="false") == [two.pk]


def test_lists_take_as_many_statements_for_many_calls_as_for_few(team):
    paths = ("calls/", "calls/coverage/?month=2026-10")

    def grow(count: int) -> list[int]:
        for _n in range(count):
            agent = world.person("客服", superior=team.superior)
            world.call(agent, team.superior, number=f"N-{Call.objects.count()}")
        return [statements(partial(as_(team, who).get, path)) for path in paths for who in ("superior", "auditor")]

    few = grow(10)
    assert grow(50) == few
    assert max(few) <= 15


def test_the_months_figure_is_told_to_the_agent_and_who_sees_all_his_calls(team):
    world.call(team.agent, team.superior)
    world.call(team.agent, team.superior, "91", number="LY-2")
    asked = {"employee": team.agent.number, "month": "2026-10"}

    for who in ("agent", "superior", "member", "auditor"):
        shown = done(as_(team, who).get("calls/mean/", **asked))
        assert (shown["mean"], shown["calls"]) == ("89.50", 2)
    for who in ("other_agent", "foreign", "hr"):
        assert as_(team, who).get("calls/mean/", **asked).status_code == 404
    assert as_(team, "member").get("calls/mean/", employee="T99999").status_code == 404


# ---- registering


@pytest.mark.parametrize("who", ["superior", "manager", "member"])
def test_whoever_may_listen_registers_a_call(team, who):
    shown = done(as_(team, who).post("calls/", told(team, called_at="10:20", link="https://pbx.example/9")), 201)

    call = Call.objects.get()
    assert (shown["id"], shown["number"], shown["employee"]["number"]) == (call.pk, "LY-9", team.agent.number)
    assert (call.registered_by, call.drawn_why, call.total) == (getattr(team, who), "", None)
    assert shown["called_at"] == "10:20:00"


@pytest.mark.parametrize("who", ["agent", "other_agent", "hr", "auditor"])
def test_whoever_listens_to_nobody_registers_nothing(team, who):
    speaker = as_(team, who)
    page = speaker.client.post(reverse("quality:paste_calls"), {"rows": "x"}).status_code

    assert speaker.post("calls/", told(team)).status_code == page == 403
    assert not Call.objects.exists()


def test_a_list_is_registered_whole_or_not_at_all_with_every_fault_named(team):
    good = [told(team, f"LY-{n}") for n in range(1, 4)]
    bad = [told(team, "LY-1", seconds=0), told(team, "LY-5", called_on="2099-01-01")]

    answer = as_(team, "superior").post("calls/", good + bad)
    assert code(answer) == "not_registered"
    assert len(answer.json()["problems"]) == 4  # LY-1 twice, its length, and a day to come
    assert not Call.objects.exists()

    shown = done(as_(team, "superior").post("calls/", good), 201)
    assert [one["number"] for one in shown] == ["LY-1", "LY-2", "LY-3"]
    assert code(as_(team, "superior").post("calls/", good)) == "not_registered"
    assert Call.objects.count() == 3


def test_a_fault_of_shape_in_a_list_is_named_at_its_place(team):
    answer = as_(team, "superior").post("calls/", [told(team), told(team, "LY-8", total="100")])

    assert done(answer, 400) == {"1": {"total": ["没有这个字段。"]}}
    assert not Call.objects.exists()


def test_nobody_learns_whom_there_is(team):
    """An unknown number and somebody else's agent get the very same words."""
    speaker = as_(team, "foreign")

    answers = [speaker.post("calls/", told(team, employee=number)) for number in ("T99999", team.agent.number)]

    assert [code(one) for one in answers] == ["not_registered"] * 2
    assert answers[0].json() == answers[1].json()


def test_a_number_is_registered_once_so_a_lost_answer_can_be_asked_for_again(team):
    superior = as_(team, "superior")
    done(superior.post("calls/", told(team)), 201)

    assert code(superior.post("calls/", told(team))) == "not_registered"
    assert [row["number"] for row in superior.rows("calls/", number="LY-9")] == ["LY-9"]


def test_the_page_refuses_a_call_in_the_same_words(team):
    superior = as_(team, "superior")
    answer = superior.post("calls/", told(team, called_on="2099-01-01"))
    typed = {"number": "LY-9", "called_on": "2099-01-01", "employee": team.agent.number}

    assert same_refusal(superior, answer, reverse("quality:new_call"), **typed) == "not_registered"
    assert answer.json()["field"] == "called_on"


@pytest.mark.parametrize("many", [[], [{}] * 501])
def test_no_call_or_too_many_at_once_are_refused(team, many):
    body = [told(team, f"N-{n}") for n, _one in enumerate(many)]

    assert code(as_(team, "superior").post("calls/", body)) in {"nothing_to_do", "too_many"}
    assert not Call.objects.exists()


# ---- the recording


def test_a_recording_is_put_to_a_call_and_played_from_its_address(team):
    call = make.make_call(team.agent)

    shown = done(as_(team, "superior").form(f"calls/{call.pk}/audio/", audio=sound()))

    assert (shown["audio"]["name"], shown["audio"]["size"]) == ("LY-1.mp3", len(MP3))
    assert as_(team, "superior").fetched(shown["audio"]["url"]) == MP3
    assert as_(team, "foreign").client.get(shown["audio"]["url"]).status_code == 404


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        ({}, "no_file"),
        ({"audio": SimpleUploadedFile("a.mp3", b"MZ")}, "wrong_type"),
        ({"audio": SimpleUploadedFile("a.pdf", b"%PDF-1")}, "wrong_type"),
    ],
)
def test_what_is_no_recording_is_refused(team, files, wanted):
    call = make.make_call(team.agent)

    answer = as_(team, "superior").form(f"calls/{call.pk}/audio/", **files)

    assert (code(answer), answer.json()["field"]) == (wanted, "audio")
    assert as_(team, "superior").form(f"calls/{call.pk}/audio/", files=sound()).status_code == 400


@pytest.mark.parametrize(("who", "wanted"), [("auditor", 422), ("agent", 404), ("foreign", 404), ("hr", 404)])
def test_nobody_else_puts_a_recording_to_a_call(team, who, wanted):
    call = make.make_call(team.agent)

    assert as_(team, who).form(f"calls/{call.pk}/audio/", audio=sound()).status_code == wanted
    call.refresh_from_db()
    assert not call.audio


def test_the_recording_of_a_scored_call_stays(team):
    call = world.call(team.agent, team.superior)

    answer = as_(team, "superior").form(f"calls/{call.pk}/audio/", audio=sound())

    assert code(answer) == "already_scored"


# ---- the plan


def test_a_month_is_drawn_once_up_to_the_plan(team):
    for n in range(8):
        make.make_call(team.agent, f"N-{n}", called_on=BEFORE)
    Rubric.objects.update(per_agent=5)
    superior = as_(team, "superior")

    first = done(superior.post("calls/draw/", month="2026-10"))
    again = done(superior.post("calls/draw/", month="2026-10"))

    assert (first["random"], first["agents"], again["random"]) == (5, 1, 0)
    assert Call.objects.filter(drawn_why="random").count() == 5
    line = next(row for row in superior.rows("calls/coverage/", month="2026-10") if row["registered"])
    assert (line["employee"]["number"], line["needed"], line["drawn"]) == (team.agent.number, 5, 5)


@pytest.mark.parametrize("who", ["agent", "hr", "auditor"])
def test_whoever_listens_to_nobody_draws_nothing(team, who):
    call = make.make_call(team.agent, called_on=BEFORE)

    page = as_(team, who).client.post(reverse("quality:draw_calls"), {"month": "2026-10"}).status_code

    assert as_(team, who).post("calls/draw/", month="2026-10").status_code == page == 403
    call.refresh_from_db()
    assert call.drawn_why == ""


@pytest.mark.parametrize("who", WHO)
def test_the_coverage_is_that_of_the_page(team, who):
    make.make_call(team.agent, called_on=BEFORE)
    speaker, person = as_(team, who), getattr(team, who)
    page = speaker.client.get(reverse("quality:plan"), {"month": "2026-10"}).status_code

    answer = speaker.get("calls/coverage/", month="2026-10")

    assert answer.status_code == page
    if page == 200:
        found = plan_for(Ear(person, standing_of(person, timezone.localdate())), date(2026, 10, 1))
        numbers = [row["employee"]["number"] for row in answer.json()["results"]]
        assert numbers == [one.person.number for one in found.agents]


def test_a_call_that_lies_is_taken_over_by_whoever_hears_all(team):
    call = make.make_call(team.agent)
    make.scored(call, team.superior, submit=False)
    path = f"calls/{call.pk}/take-over/"

    assert code(as_(team, "member").post(path)) == "taken"
    assert as_(team, "foreign").post(path).status_code == 404
    Assessment.objects.update(started_at=timezone.now() - timedelta(days=2))
    shown = done(as_(team, "member").post(path))
    assert (shown["listener"]["name"], {one["points"] for one in shown["levels"]}) == ("沈玉兰", {None})
