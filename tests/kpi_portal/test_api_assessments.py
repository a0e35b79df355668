"""Scoring, objecting, comparing through the API: the rules of the pages, and blind where they are (A2)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from incidents.models import Incident
from quality.models import Assessment, Call, Dispute, RubricItem
from quality.services.assessing import open_assessment, save_sheet, submit_assessment
from quality.services.disputes import raise_dispute
from quality.services.filling import Entries, Level
from quality.states import AssessmentState, DisputeState
from tests import world
from tests.kpi_portal.speaking import Speaker, code, done, same_refusal
from tests.quality import doubles
from tests.quality import team as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> make.Team:
    return make.make_team()


@pytest.fixture
def call(team) -> Call:
    return make.make_call(team.agent, called_on=timezone.localdate())


@pytest.fixture
def draft(team, call) -> Assessment:
    return open_assessment(call.pk, by=team.superior)


@pytest.fixture
def scored(team, call) -> Assessment:
    """The first item without a point, the rest full."""
    first: RubricItem = make.rubric().items.all()[0]
    draft = open_assessment(call.pk, by=team.superior)
    levels = {**make.full_levels(), first.pk: Level(points=Decimal(0))}
    save_sheet(draft.pk, entries=Entries(levels=levels), by=team.superior)
    return submit_assessment(draft.pk, by=team.superior)


def as_(team: make.Team, who: str) -> Speaker:
    return Speaker(getattr(team, who))


def full(version: int, **more: object) -> dict[str, Any]:
    levels = [{"item": one.pk, "points": str(one.points)} for one in make.rubric().items.all()]
    return {"version": version, "levels": levels, **more}


def page(name: str, call: Call) -> str:
    return reverse(f"quality:{name}", args=[call.pk])


# ---- scoring


def test_a_call_is_opened_filled_and_handed_in(team, call):
    superior = as_(team, "superior")

    opened = done(superior.post("assessments/", call=call.pk))
    assert (opened["state"], opened["version"], len(opened["open_items"])) == ("draft", 1, 13)
    saved = done(superior.send("patch", f"assessments/{opened['id']}/", full(1, remark="稳")))
    assert (saved["so_far"], saved["open_items"], saved["total"]) == ("100.00", [], None)
    handed = done(superior.post(f"assessments/{opened['id']}/submit/"))

    assert (handed["state"], handed["total"], handed["remark"]) == ("submitted", "100.00", "稳")
    call.refresh_from_db()
    assert str(call.total) == "100.00"
    assert done(superior.get(f"calls/{call.pk}/"))["total"] == "100.00"


def test_a_single_item_is_saved_and_the_rest_stays(team, draft):
    superior, item = as_(team, "superior"), make.rubric().items.all()[1]
    path = f"assessments/{draft.pk}/"
    note = {"item": item.pk, "text": "没有复述", "at_second": 70}

    one = done(superior.send("patch", path, {"version": 1, "levels": [{"item": item.pk, "points": str(item.points)}]}))
    two = done(superior.send("patch", path, {"version": one["version"], "notes": [note]}))

    level = next(row for row in two["levels"] if row["item"] == item.pk)
    assert (level["points"], two["notes"]) == (str(item.points), [note])
    assert item.pk not in two["open_items"]


def test_whoever_has_not_seen_the_last_change_is_told_what_stands(team, draft):
    superior, item = as_(team, "superior"), make.rubric().items.all()[0]
    path = f"assessments/{draft.pk}/"
    done(superior.send("patch", path, full(1)))

    answer = superior.send("patch", path, {"version": 1, "levels": [{"item": item.pk, "points": "0"}]})

    assert code(answer, 409) == "changed_meanwhile"
    assert item.name in answer.json()["theirs"]
    again = superior.send("patch", path, full(1))
    assert again.status_code == 200  # the very same once more: its answer was lost on the way


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "version"),
        ({"version": "x"}, "version"),
        ({"version": 1, "total": "100"}, "total"),
        ({"version": 1, "state": "submitted"}, "state"),
        ({"version": 1, "levels": [{"item": 10**9, "points": "5"}]}, "levels"),
        ({"version": 1, "levels": [{"item": 1, "points": "5", "assessment": 2}]}, "levels"),
        ({"version": 1, "fatal": {"fault": "F99"}}, "fatal"),
        ({"version": 1, "remark": "长" * 501}, "remark"),
    ],
)
def test_what_has_the_wrong_shape_is_refused_by_field(team, draft, body, field):
    assert list(done(as_(team, "superior").send("patch", f"assessments/{draft.pk}/", body), 400)) == [field]


def test_an_item_told_twice_is_refused(team, draft):
    item = make.rubric().items.all()[0]
    levels = [{"item": item.pk, "points": points} for points in ("0", str(item.points))]

    answer = as_(team, "superior").send("patch", f"assessments/{draft.pk}/", {"version": 1, "levels": levels})

    assert list(done(answer, 400)) == ["levels"]


def test_a_level_that_the_item_has_not_is_refused(team, draft):
    item = make.rubric().items.filter(may_not_apply=False)[0]
    superior, path = as_(team, "superior"), f"assessments/{draft.pk}/"

    odd = superior.send("patch", path, {"version": 1, "levels": [{"item": item.pk, "points": "0.37"}]})
    off = superior.send("patch", path, {"version": 1, "levels": [{"item": item.pk, "is_not_applicable": True}]})

    assert (code(odd), code(off)) == ("unknown_level", "always_applies")


def test_what_is_not_filled_is_not_handed_in_in_the_words_of_the_page(team, call, draft):
    superior = as_(team, "superior")

    answer = superior.post(f"assessments/{draft.pk}/submit/")

    assert same_refusal(superior, answer, page("submit_assessment", call)) == "open_items"
    assert answer.json()["field"] == "levels"


def test_a_fatal_fault_takes_its_fact_and_files_an_incident(team, call, draft):
    superior, path = as_(team, "superior"), f"assessments/{draft.pk}/"
    fault = make.rubric().fatal_faults.filter(incident_kind__isnull=False)[0]

    saved = done(superior.send("patch", path, full(1, fatal={"fault": fault.code})))
    assert code(superior.post(f"{path}submit/")) == "fatal_note_missing"
    note = {"fault": fault.code, "note": "1:10 说了脏话"}
    done(superior.send("patch", path, {"version": saved["version"], "fatal": note}))
    handed = done(superior.post(f"{path}submit/"))

    assert (handed["total"], handed["fatal_fault"]) == ("0.00", fault.code)
    assert Incident.objects.get().origin == call.number


@pytest.mark.parametrize("who", ["agent", "other_agent", "auditor", "hr", "foreign"])
def test_whoever_may_not_listen_scores_nothing(team, call, who):
    speaker = as_(team, who)
    told = speaker.client.post(page("assess", call)).status_code

    assert speaker.post("assessments/", call=call.pk).status_code == told == 404
    assert not Assessment.objects.exists()


@pytest.mark.parametrize("who", ["agent", "other_agent", "auditor", "hr", "foreign", "manager", "member"])
def test_anothers_draft_is_not_there(team, draft, who):
    speaker, path = as_(team, who), f"assessments/{draft.pk}/"

    answers = [
        speaker.get(path),
        speaker.send("patch", path, full(1)),
        speaker.post(f"{path}submit/"),
        speaker.send("delete", path, {}),
    ]

    assert [one.status_code for one in answers] == [404] * 4
    draft.refresh_from_db()
    assert (draft.state, draft.version) == (AssessmentState.DRAFT, 1)


def test_a_call_in_anothers_hands_or_scored_already_is_refused_as_on_the_page(team, call, draft):
    member = as_(team, "member")
    assert same_refusal(member, member.post("assessments/", call=call.pk), page("assess", call)) == "taken"

    make.scored(call, team.superior)
    assert same_refusal(member, member.post("assessments/", call=call.pk), page("assess", call)) == "already_scored"


def test_what_was_handed_in_is_not_written_any_more(team, scored):
    superior, path = as_(team, "superior"), f"assessments/{scored.pk}/"

    assert code(superior.send("patch", path, full(scored.version))) == "not_allowed"
    assert code(superior.post(f"{path}submit/")) == "not_allowed"
    assert code(superior.send("delete", path, {})) == "not_allowed"


def test_a_draft_is_put_away(team, draft):
    assert as_(team, "superior").send("delete", f"assessments/{draft.pk}/", {}).status_code == 204
    assert not Assessment.objects.exists()


def test_a_dispute_of_a_counted_month_is_left_to_an_appeal_and_listed_as_ruled(team, call):
    done_by = make.scored(call, team.superior, 聆听能力=Level(points=Decimal(0)))
    dispute = raise_dispute(done_by.pk, make.item("聆听能力").pk, reason="x", by=team.agent)
    member, path = as_(team, "member"), f"disputes/{dispute.pk}/rule/"
    told = {"upheld": True, "points": "5.00", "ruling": "确实没有"}
    assert code(member.post(path, {**told, "is_referred": True})) == "not_counted"
    Call.objects.update(counted_month=call.called_on.replace(day=1))

    assert code(member.post(path, told)) == "month_counted"
    done(member.post(path, {**told, "is_referred": True}))

    assert member.rows("disputes/") == []
    assert [row["state"] for row in member.rows("disputes/ruled/")] == ["referred"]
    assert as_(team, "foreign").rows("disputes/ruled/") == as_(team, "agent").rows("disputes/ruled/") == []


def test_a_counted_month_stays(team, call, draft):
    Call.objects.update(counted_month=call.called_on.replace(day=1))
    superior, path = as_(team, "superior"), f"assessments/{draft.pk}/"
    done(superior.send("patch", path, full(1)))

    answer = superior.post(f"{path}submit/")

    assert same_refusal(superior, answer, page("submit_assessment", call)) == "month_counted"


# ---- blind


def test_the_second_listener_works_blind_and_the_agent_never_sees_it(team, call, scored):
    blind = make.second_of(call, team.member)
    member = as_(team, "member")

    assert member.get(f"assessments/{scored.pk}/").status_code == 404
    opened = done(member.post("assessments/", call=call.pk))
    assert (opened["id"], opened["kind"], {row["points"] for row in opened["levels"]}) == (blind.pk, "second", {None})
    done(member.send("patch", f"assessments/{blind.pk}/", full(1)))
    done(member.post(f"assessments/{blind.pk}/submit/"))

    assert done(member.get(f"assessments/{scored.pk}/"))["kind"] == "first"
    for who in ("agent", "superior"):
        assert as_(team, who).get(f"assessments/{blind.pk}/").status_code == 404
    call.refresh_from_db()
    assert call.total == scored.total


# ---- the agent's word, and the ruling


def test_the_agent_takes_note_and_objects(team, call, scored):
    agent, item = as_(team, "agent"), make.rubric().items.all()[0]
    path = f"assessments/{scored.pk}/"

    assert done(agent.post(f"{path}acknowledge/"))["acknowledged_at"]
    told = done(agent.post(f"{path}dispute/", item=item.pk, reason="开头就问候了"))

    assert [(one["item"], one["state"], one["may_rule"]) for one in told["disputes"]] == [(item.pk, "open", False)]
    again = agent.post(f"{path}dispute/", item=item.pk, reason="再说")
    assert same_refusal(agent, again, page("dispute", call), item=item.pk, reason="再说") == "already_disputed"
    nothing = agent.post(f"{path}dispute/", item=None, reason="没有的事")
    assert same_refusal(agent, nothing, page("dispute", call), reason="没有的事") == "no_fatal_fault"
    assert list(done(agent.post(f"{path}dispute/", item=10**9, reason="x"), 400)) == ["item"]
    assert list(done(agent.post(f"{path}dispute/", reason="x"), 400)) == ["item"]


def test_the_term_for_an_objection_ends(team, call, scored):
    Assessment.objects.update(dispute_until=timezone.localdate() - timedelta(days=1))
    agent, item = as_(team, "agent"), make.rubric().items.all()[0]

    answer = agent.post(f"assessments/{scored.pk}/dispute/", item=item.pk, reason="问候了")

    assert same_refusal(agent, answer, page("dispute", call), item=item.pk, reason="问候了") == "too_late"


@pytest.mark.parametrize("who", ["superior", "manager", "auditor", "other_agent", "hr", "foreign"])
def test_nobody_takes_note_or_objects_for_another(team, call, scored, who):
    speaker, item = as_(team, who), make.rubric().items.all()[0]
    told = speaker.client.post(page("acknowledge", call)).status_code

    assert speaker.post(f"assessments/{scored.pk}/acknowledge/").status_code == told == 404
    assert speaker.post(f"assessments/{scored.pk}/dispute/", item=item.pk, reason="x").status_code == 404
    assert not Dispute.objects.exists()


@pytest.fixture
def disputed(team, scored) -> Dispute:
    item = make.rubric().items.all()[0]
    Speaker(team.agent).post(f"assessments/{scored.pk}/dispute/", {"item": item.pk, "reason": "问候了"})
    return Dispute.objects.get()


@pytest.mark.parametrize("who", ["manager", "member"])
def test_somebody_else_rules_and_the_old_score_is_kept(team, call, scored, disputed, who):
    ruler, item = as_(team, who), disputed.item
    assert [row["id"] for row in ruler.rows("disputes/")] == [disputed.pk]
    path, where = f"disputes/{disputed.pk}/rule/", reverse("quality:rule_dispute", args=[disputed.pk])

    empty = ruler.post(path, upheld=False, ruling=" ")
    assert same_refusal(ruler, empty, where, upheld="no", ruling=" ") == "ruling_missing"
    assert code(ruler.post(path, upheld=True, points="0", ruling="听到了")) == "not_better"
    told = done(ruler.post(path, upheld=True, points=str(item.points), ruling="听到了"))

    one = told["disputes"][0]
    assert (one["state"], one["old_points"], one["new_points"]) == ("upheld", "0.00", str(item.points))
    assert (one["old_total"], told["total"]) == (str(scored.total), "100.00")
    assert ruler.rows("disputes/") == []
    assert code(ruler.post(path, upheld=False, ruling="再来")) == "not_allowed"


@pytest.mark.parametrize(
    ("who", "wanted"),
    [("superior", 422), ("auditor", 422), ("agent", 404), ("other_agent", 404), ("hr", 404), ("foreign", 404)],
)
def test_neither_listener_nor_agent_nor_a_stranger_rules(team, disputed, who, wanted):
    answer = as_(team, who).post(f"disputes/{disputed.pk}/rule/", upheld=False, ruling="不成立")

    assert answer.status_code == wanted
    assert as_(team, who).rows("disputes/") == []
    disputed.refresh_from_db()
    assert disputed.state == DisputeState.OPEN


# ---- the comparison


def test_second_scorings_are_drawn_and_the_comparison_says_how_far_they_are_apart(team):
    first = doubles.scored(team.agent, team.superior, "LY-7")
    name = first.rubric.items.all()[0].name
    doubles.again(first, team.member, **{name: "0"})
    asked = {"from": "2026-10", "to": "2026-10"}

    told = done(as_(team, "member").get("drift/", **asked))
    assert [one["listener"]["name"] for one in told["listeners"]] == ["周敏"]
    assert (told["coverage"], told["overall"]["calls"]) == ({"scored": 1, "drawn": 1, "done": 1}, 1)
    assert next(one for one in told["items"] if one["name"] == name)["spread"]["agreed"] == "0.00"
    own = done(as_(team, "superior").get("drift/", **asked))
    assert [one["listener"]["name"] for one in own["listeners"]] == ["周敏"]
    for who in ("agent", "hr"):
        speaker = as_(team, who)
        seen = speaker.client.get(reverse("quality:drift")).status_code
        assert speaker.get("drift/", **asked).status_code == seen == 403


def test_a_draw_of_second_scorings_is_the_groups(team):
    doubles.share(100)
    doubles.scored(team.agent, team.superior, "LY-7", day=date(2026, 10, 9))

    for who in ("agent", "superior", "auditor", "hr"):
        page = as_(team, who).client.post(reverse("quality:draw_seconds"), {"month": "2026-10"}).status_code
        assert as_(team, who).post("seconds/draw/", month="2026-10").status_code == page == 403
    told = done(as_(team, "member").post("seconds/draw/", month="2026-10"))
    assert sum(one["calls"] for one in told["given"]) == 1
    again = done(as_(team, "member").post("seconds/draw/", month="2026-10"))
    assert again["given"] == []
    assert code(as_(team, "member").post("seconds/draw/", month="2026-09")) == "nothing_scored"


def test_scored_calls_from_a_workbook_without_levels_are_read_all_the_same(team):
    call = world.call(team.agent, team.superior)

    told = done(as_(team, "agent").get(f"assessments/{call.assessments.get().pk}/"))

    assert (told["total"], {row["points"] for row in told["levels"]}) == ("88.00", {None})
    item = make.rubric().items.all()[0]
    Assessment.objects.update(dispute_until=timezone.localdate())
    answer = as_(team, "agent").post(f"assessments/{call.assessments.get().pk}/dispute/", item=item.pk, reason="x")
    assert list(done(answer, 400)) == ["item"]
