"""The monitoring standard through the API: read by everybody, drafted and published by its editors (A2)."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from quality.models import Rubric, RubricItem
from quality.services.rubrics import draft_rubric, edit_mark
from tests.counting import statements
from tests.kpi_portal.speaking import Speaker, code, done, same_refusal
from tests.quality import team as make

pytestmark = pytest.mark.django_db

PLAN = ("per_agent", "new_agent", "new_days", "min_for_kpi", "pass_mark", "second_share", "dispute_days")


@pytest.fixture
def team() -> make.Team:
    return make.make_team()


@pytest.fixture
def draft(team) -> Rubric:
    return draft_rubric(by=team.manager)


def as_(team: make.Team, who: str) -> Speaker:
    return Speaker(getattr(team, who))


def written(told: dict[str, Any], **changed: object) -> dict[str, Any]:
    """A draft as it was read, to be sent back."""
    items = [{name: value for name, value in item.items() if name != "id"} for item in told["items"]]
    faults = [{name: value for name, value in fault.items() if name != "id"} for fault in told["fatal_faults"]]
    kept = {name: told[name] for name in ("version", "note", *PLAN)}
    return {**kept, "seen": told["edit_mark"], "items": items, "fatal_faults": faults, **changed}


def test_everybody_reads_the_published_version_whole(team, draft):
    for who in ("agent", "foreign", "auditor"):
        speaker = as_(team, who)
        assert [row["version"] for row in speaker.rows("rubrics/")] == ["1.0"]
        assert speaker.get(f"rubrics/{draft.pk}/").status_code == 404
    told = done(as_(team, "agent").get(f"rubrics/{make.rubric().pk}/"))

    assert sum(float(item["points"]) for item in told["items"]) == 100
    assert all(item["levels"][0]["points"] == item["points"] for item in told["items"])
    assert told["fatal_faults"][0]["incident_kind"].startswith("I")
    assert "items" not in as_(team, "agent").rows("rubrics/")[0]


def test_the_draft_is_there_for_its_editors_only(team, draft):
    for who in ("manager", "hr"):
        assert [row["state"] for row in as_(team, who).rows("rubrics/")] == ["draft", "published"]
        assert [row["id"] for row in as_(team, who).rows("rubrics/", state="draft")] == [draft.pk]
    for who in ("agent", "superior", "member", "auditor"):
        assert as_(team, who).rows("rubrics/", state="draft") == []
        for method, path in (("put", ""), ("delete", ""), ("post", "publish/")):
            assert as_(team, who).send(method, f"rubrics/{draft.pk}/{path}", {}).status_code == 404
    assert Rubric.objects.filter(pk=draft.pk).exists()


def test_the_list_and_a_version_take_few_statements(team, draft):
    speaker = as_(team, "manager")
    assert statements(partial(speaker.get, "rubrics/")) <= 15
    few = statements(partial(speaker.get, f"rubrics/{draft.pk}/"))
    for n in range(30):
        item = RubricItem.objects.create(rubric=draft, category="接待", name=f"项{n}", points=1)
        item.levels.create(points=1)
    assert statements(partial(speaker.get, f"rubrics/{draft.pk}/")) == few <= 15


def test_a_version_is_drafted_written_and_published(team):
    manager = as_(team, "manager")
    told = done(manager.post("rubrics/"), 201)
    assert (told["state"], told["starts_on"]) == ("draft", None)

    body = written(told, per_agent=6, note="多听一通")
    body["items"][0]["name"] = "开场问候"
    told = done(manager.send("put", f"rubrics/{told['id']}/", body))
    assert (told["per_agent"], told["items"][0]["name"], told["note"]) == (6, "开场问候", "多听一通")

    day = f"{timezone.localdate() + timedelta(days=1)}"
    told = done(manager.post(f"rubrics/{told['id']}/publish/", starts_on=day, seen=told["edit_mark"]))
    assert (told["state"], told["starts_on"], told["published_by"]["name"]) == ("published", day, "何建国")
    assert code(manager.send("put", f"rubrics/{told['id']}/", body)) == "no_draft"
    assert code(manager.send("delete", f"rubrics/{told['id']}/", {})) == "no_draft"


@pytest.mark.parametrize("who", ["agent", "superior", "member", "auditor"])
def test_nobody_else_begins_a_version(team, who):
    speaker = as_(team, who)
    told = speaker.client.post(reverse("quality:start_rubric")).status_code

    assert speaker.post("rubrics/").status_code == told == 403
    assert Rubric.objects.count() == 1


def test_there_is_one_draft_at_a_time(team, draft):
    assert code(as_(team, "hr").post("rubrics/")) == "draft_exists"


def test_whoever_has_not_seen_the_last_save_is_told_so(team, draft):
    manager, hr, path = as_(team, "manager"), as_(team, "hr"), f"rubrics/{draft.pk}/"
    body = written(done(manager.get(path)))
    done(hr.send("put", path, {**body, "note": "人力改的"}))

    answer = manager.send("put", path, {**body, "note": "经理改的"})

    assert code(answer, 409) == "changed_meanwhile"
    draft.refresh_from_db()
    assert (draft.note, answer.json()["theirs"]) == ("人力改的", edit_mark(draft))


def test_every_problem_is_named_at_once(team, draft):
    manager, path = as_(team, "manager"), f"rubrics/{draft.pk}/"
    body = written(done(manager.get(path)), version="")
    body["items"][1]["name"] = body["items"][0]["name"]
    answer = manager.send("put", path, body)
    assert code(answer) == "not_storable"
    assert len(answer.json()["problems"]) == 2

    body = written(done(manager.get(path)))
    body["items"][0]["levels"] = body["items"][0]["levels"][1:]
    told = done(manager.send("put", path, body))
    answer = manager.post(f"{path}publish/", starts_on=f"{timezone.localdate()}", seen=told["edit_mark"])
    assert code(answer) == "not_ready"
    assert answer.json()["problems"]


def test_a_total_other_than_100_has_to_be_meant(team, draft):
    manager, path = as_(team, "manager"), f"rubrics/{draft.pk}/"
    body = written(done(manager.get(path)))
    done(manager.send("put", path, {**body, "items": body["items"][1:], "pass_mark": "60"}))
    day = f"{timezone.localdate()}"

    answer = manager.post(f"{path}publish/", starts_on=day)
    where = reverse("quality:publish_rubric", args=[draft.pk])
    seen = done(manager.get(path))["edit_mark"]
    assert same_refusal(manager, answer, where, starts_on=day, seen=seen) == "unusual_total"
    assert done(manager.post(f"{path}publish/", starts_on=day, accepts_total=True))["state"] == "published"


def test_a_draft_is_dropped(team, draft):
    assert as_(team, "manager").send("delete", f"rubrics/{draft.pk}/", {}).status_code == 204
    assert not Rubric.objects.filter(pk=draft.pk).exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"state": "published"}, "state"),
        ({"starts_on": "2026-01-01"}, "starts_on"),
        ({"per_agent": -1}, "per_agent"),
        ({"second_share": 101}, "second_share"),
        ({"pass_mark": "1000000"}, "pass_mark"),
        ({"items": [{"name": "x"}]}, "items"),
        ({"items": {"name": "x"}}, "items"),
        ({"fatal_faults": [{"code": "F1", "name": "x", "incident_kind": "I99"}]}, "fatal_faults"),
    ],
)
def test_what_has_the_wrong_shape_is_refused_by_field(team, draft, change, field):
    manager, path = as_(team, "manager"), f"rubrics/{draft.pk}/"
    body = written(done(manager.get(path)), **change)

    assert list(done(manager.send("put", path, body), 400)) == [field]
