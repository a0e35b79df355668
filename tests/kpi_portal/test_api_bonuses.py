"""Bonus claims through the API: the rules of the pages, their refusals, their rows (P4.6)."""

from functools import partial

import pytest
from django.urls import reverse

from incidents.models import Bonus, BonusKind, EventFile
from incidents.permissions import Judge
from incidents.selectors.claims import LedgerFilter, ledger
from incidents.services.bonuses import overturn_bonus, withdraw_bonus
from incidents.states import EventState
from people.facts import Standing
from people.selectors import standing_of
from tests import world
from tests.counting import statements
from tests.incidents.claims import DAY, Cast, checked, confirmed, make_cast, raised
from tests.kpi_portal.speaking import PNG, Speaker, code, done, photo, same_refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def as_(cast: Cast, who: str) -> Speaker:
    return Speaker(cast[who])


def claim(cast: Cast, **changed: object) -> dict[str, object]:
    told = {"employee": cast["agent"].number, "kind": "B01", "occurred_on": "2026-10-13", "grounds": "客户表扬"}
    return {**told, **changed}


# ---- reading


def test_a_claim_says_what_its_page_says(cast):
    bonus = checked(cast)

    told = done(as_(cast, "agent").get(f"bonuses/{bonus.pk}/"))

    assert (told["number"], told["state"], told["points"]) == (bonus.number, "filed", str(bonus.points))
    assert told["kind"]["code"] == "B01"
    assert told["employee"] == {"number": cast["agent"].number, "name": "吴倩"}
    assert told["first_checker"]["name"] == "沈玉兰"
    assert (told["raised_as"], told["waits_for"]) == ("self", "周敏")
    assert told["allowed"] == ["withdraw", "join-event", "add-files"]
    assert as_(cast, "boss").get(f"bonuses/{bonus.pk}/").json()["allowed"] == [
        "second-check",
        "reject",
        "join-event",
        "add-files",
    ]


@pytest.mark.parametrize(
    "who", ["manager", "leader", "member", "hr", "auditor", "head", "boss", "agent", "colleague", "stranger"]
)
def test_the_list_holds_what_the_ledger_holds(cast, who):
    raised(cast)
    raised(cast, "B02", by="colleague", grounds="救场")
    checked(cast, "B03")
    person = cast[who]
    standing: Standing = standing_of(person, DAY)

    listed = [row["id"] for row in as_(cast, who).rows("bonuses/")]

    assert sorted(listed) == sorted(ledger(Judge(person, standing), LedgerFilter()).values_list("pk", flat=True))
    for bonus in Bonus.objects.all():
        assert as_(cast, who).get(f"bonuses/{bonus.pk}/").status_code == (200 if bonus.pk in listed else 404)


def test_filters_narrow(cast):
    one, other = raised(cast), confirmed(cast, "B02", grounds="救场")
    boss = as_(cast, "boss")

    def found(**query: str) -> set[int]:
        return {row["id"] for row in boss.rows("bonuses/", **query)}

    assert found() == {one.pk, other.pk}
    assert found(state="confirmed") == found(kind="B02") == found(number=other.number) == {other.pk}
    assert found(month="2026-10", employee=cast["agent"].number) == {one.pk, other.pk}
    assert found(month="2026-09") == found(employee=cast["colleague"].number) == set()
    assert boss.get("bonuses/", state="nonsense").status_code == 400


def test_a_list_takes_as_many_statements_for_many_claims_as_for_few(cast):
    def grow(count: int) -> int:
        for _n in range(count):
            number = f"JF-2026-9{Bonus.objects.count():03d}"
            world.bonus(cast["agent"], cast["member"], cast["boss"], number=number, kind=BonusKind.objects.first())
        return statements(partial(as_(cast, "boss").get, "bonuses/"))

    few = grow(10)
    assert grow(60) == few
    assert few <= 15


# ---- raising


@pytest.mark.parametrize(("who", "how"), [("agent", "self"), ("colleague", "colleague"), ("boss", "superior")])
def test_the_person_a_colleague_and_the_superior_raise_a_claim(cast, who, how):
    told = done(as_(cast, who).post("bonuses/", claim(cast)), 201)

    assert (told["raised_as"], told["raised_by"]["number"]) == (how, cast[who].number)
    bonus = Bonus.objects.get()
    assert (bonus.pk, bonus.employee, bonus.occurred_on) == (told["id"], cast["agent"], DAY)


def test_files_come_with_the_claim_and_later(cast):
    agent = as_(cast, "agent")

    told = done(agent.form("bonuses/", claim(cast), files=[photo(), photo("表扬信.png")]), 201)
    told = done(agent.form(f"bonuses/{told['id']}/add-files/", files=photo("补充.png")))

    assert [file["name"] for file in told["files"]] == ["现场.png", "表扬信.png", "补充.png"]
    assert agent.fetched(told["files"][0]["url"]) == PNG
    assert as_(cast, "stranger").client.get(told["files"][0]["url"]).status_code == 404


def test_a_file_that_is_not_what_its_name_says_is_refused_and_nothing_is_kept(cast):
    answer = as_(cast, "agent").form("bonuses/", claim(cast), files=photo("现场.png", b"<script>"))

    assert code(answer) == "wrong_type"
    assert answer.json()["field"] == "files"
    assert not Bonus.objects.exists()
    assert not EventFile.objects.exists()


def test_the_same_claim_sent_twice_is_one_claim(cast):
    agent = as_(cast, "agent")
    done(agent.post("bonuses/", claim(cast)), 201)

    assert code(agent.post("bonuses/", claim(cast))) == "raised_already"
    assert Bonus.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "wanted", "field"),
    [
        ({"grounds": " "}, "text_missing", "grounds"),
        ({"occurred_on": "2099-01-01"}, "in_the_future", "occurred_on"),
        ({"step": 10**9}, "step_missing", "step"),
        ({"same_event_as": 10**9}, "not_the_same", "same_event_as"),
    ],
)
def test_a_claim_must_make_sense(cast, changed, wanted, field):
    answer = as_(cast, "agent").post("bonuses/", claim(cast, **changed))

    assert (code(answer), answer.json()["field"]) == (wanted, field)
    assert not Bonus.objects.exists()


def test_an_entry_out_of_use_is_not_there_to_be_claimed(cast):
    BonusKind.objects.filter(code="B01").update(is_active=False)

    assert list(done(as_(cast, "agent").post("bonuses/", claim(cast)), 400)) == ["kind"]


def test_the_page_refuses_a_claim_in_the_same_words(cast):
    step = BonusKind.objects.get(code="B01").steps.get().pk
    agent = as_(cast, "agent")
    answer = agent.post("bonuses/", claim(cast, occurred_on="2099-01-01"))
    typed = {"employee": cast["agent"].number, "step": step, "occurred_on": "2099-01-01", "text": "客户表扬"}

    assert same_refusal(agent, answer, reverse("incidents:new_bonus"), **typed) == "in_the_future"


# ---- deciding


def test_a_claim_goes_through_both_checks(cast):
    bonus = raised(cast)

    told = done(as_(cast, "member").post(f"bonuses/{bonus.pk}/first-check/"))
    assert (told["state"], told["first_checker"]["number"]) == ("filed", cast["member"].number)

    told = done(as_(cast, "boss").post(f"bonuses/{bonus.pk}/second-check/"))
    assert (told["state"], told["second_checker"]["number"]) == ("confirmed", cast["boss"].number)
    bonus.refresh_from_db()
    assert bonus.state == EventState.CONFIRMED


ACTS = {
    "first-check": ("first", {}),
    "second-check": ("second", {}),
    "reject": ("reject", {"reason": "依据不够"}),
    "withdraw": ("withdraw", {"reason": "看错了"}),
    "overturn": ("overturn", {"reason": "重复计分"}),
}


@pytest.mark.parametrize(
    ("act", "made", "who", "wanted"),
    [
        ("first-check", raised, "agent", "not_neutral"),
        ("first-check", raised, "boss", "not_allowed"),
        ("first-check", raised, "auditor", "not_allowed"),
        ("first-check", checked, "member", "not_allowed"),
        ("second-check", raised, "boss", "not_checked_first"),
        ("second-check", checked, "agent", "not_neutral"),
        ("second-check", checked, "member", "not_allowed"),
        ("second-check", checked, "manager", "not_allowed"),
        ("second-check", confirmed, "boss", "not_allowed"),
        ("reject", raised, "agent", "not_allowed"),
        ("reject", confirmed, "boss", "not_allowed"),
        ("withdraw", raised, "boss", "not_allowed"),
        ("withdraw", confirmed, "agent", "not_allowed"),
        ("overturn", checked, "boss", "not_allowed"),
        ("overturn", confirmed, "agent", "not_allowed"),
        ("overturn", confirmed, "member", "not_allowed"),
    ],
)
def test_who_may_not_or_not_now_is_refused_as_on_the_page(cast, act, made, who, wanted):
    bonus, speaker = made(cast), as_(cast, who)
    page, body = ACTS[act]
    before = Bonus.objects.values().get()

    answer = speaker.post(f"bonuses/{bonus.pk}/{act}/", body)

    assert same_refusal(speaker, answer, reverse("incidents:decide_bonus", args=[bonus.pk, page]), **body) == wanted
    assert Bonus.objects.values().get() == before


@pytest.mark.parametrize("act", [*ACTS, "join-event", "add-files"])
@pytest.mark.parametrize("who", ["stranger", "colleague", "hr"])
def test_anothers_claim_is_not_there_and_hr_only_reads_it(cast, act, who):
    bonus, speaker = raised(cast), as_(cast, who)
    before = Bonus.objects.values().get()

    body = {"join-event": {"other": None}}.get(act) or ACTS.get(act, ("", {}))[1]
    path = f"bonuses/{bonus.pk}/{act}/"
    answer = speaker.form(path, files=photo()) if act == "add-files" else speaker.post(path, body)

    assert answer.status_code == (422 if who == "hr" else 404)
    assert speaker.get(f"bonuses/{bonus.pk}/").status_code == (200 if who == "hr" else 404)
    assert Bonus.objects.values().get() == before


@pytest.mark.parametrize(("act", "made", "who"), [("reject", raised, "boss"), ("withdraw", raised, "agent")])
def test_an_end_takes_a_reason(cast, act, made, who):
    bonus = made(cast)
    speaker = as_(cast, who)
    path = f"bonuses/{bonus.pk}/{act}/"

    assert list(done(speaker.post(path), 400)) == ["reason"]
    assert code(speaker.post(path, reason=" ")) == "reason_missing"
    assert list(done(speaker.post(path, reason="长" * 201), 400)) == ["reason"]
    told = done(speaker.post(path, reason="不成立"))
    assert (told["decision_reason"], told["allowed"]) == ("不成立", [])


def test_a_confirmed_claim_is_overturned_until_a_month_has_counted_it(cast):
    bonus, boss = confirmed(cast), as_(cast, "boss")
    Bonus.objects.update(counted_month="2026-10-01")

    answer = boss.post(f"bonuses/{bonus.pk}/overturn/", reason="重复计分")
    page = reverse("incidents:decide_bonus", args=[bonus.pk, "overturn"])
    assert same_refusal(boss, answer, page, reason="重复计分") == "counted"

    Bonus.objects.update(counted_month=None)
    assert done(boss.post(f"bonuses/{bonus.pk}/overturn/", reason="重复计分"))["state"] == "overturned"


def test_two_claims_are_said_to_be_about_one_event_and_parted_again(cast):
    one, other, agent = raised(cast), raised(cast, "B02", grounds="救场"), as_(cast, "agent")

    told = done(agent.post(f"bonuses/{other.pk}/join-event/", other=one.pk))
    assert told["event"] == one.number
    assert code(agent.post(f"bonuses/{other.pk}/join-event/", other=one.pk)) == "nothing_to_do"
    told = done(agent.post(f"bonuses/{other.pk}/join-event/", other=None))
    assert told["event"] == other.number
    assert list(done(agent.post(f"bonuses/{other.pk}/join-event/"), 400)) == ["other"]


def test_the_event_that_counted_is_not_counted_again(cast):
    first = confirmed(cast)
    second = checked(cast, "B01", grounds="同一件事", same_event_as=first.pk)

    assert code(as_(cast, "boss").post(f"bonuses/{second.pk}/second-check/")) == "event_counted"


def test_what_has_ended_stays_in_the_ledger(cast):
    gone, undone = raised(cast), confirmed(cast, "B02", grounds="救场")
    withdraw_bonus(gone.pk, reason="看错了", by=cast["agent"])
    overturn_bonus(undone.pk, reason="重复", by=cast["boss"])

    states = {row["id"]: row["state"] for row in as_(cast, "agent").rows("bonuses/")}
    assert states == {gone.pk: "withdrawn", undone.pk: "overturned"}
