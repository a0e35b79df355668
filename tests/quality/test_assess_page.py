"""The pages of a listener, an agent and a judge: what each sees and may do, and what never shines through."""

import re
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.wording import short
from incidents.models import Incident, Involvement
from incidents.services.filing import reject_involvement
from quality.models import Assessment, Call, Dispute
from quality.services.assessing import open_assessment, save_sheet, submit_assessment
from quality.services.disputes import raise_dispute, rule_dispute
from quality.services.filling import Comment, Entries, Fatal, Level
from quality.states import AssessmentState
from tests.counting import statements
from tests.quality import team as make

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.fixture
def team() -> make.Team:
    return make.make_team()


@pytest.fixture
def call(team) -> Call:
    return make.make_call(team.agent, drawn_why="random")


@pytest.fixture
def draft(team, call) -> Assessment:
    return open_assessment(call.pk, by=team.superior)


def as_(person) -> Client:
    client = Client()
    client.force_login(person.account)
    return client


def at(name, *args) -> str:
    return str(reverse(f"quality:{name}", args=args))


def html(answer) -> str:
    return str(answer.content.decode())


def fields(**changed) -> dict[str, str]:
    """The sheet as a browser posts it: everything at full marks but what is named by item."""
    return {f"level-{one.pk}": changed.get(one.name, short(one.points)) for one in make.rubric().items.all()}


def live(client, address, data):
    return client.post(address, data, headers={"HX-Request": "true"})


# ---------- taking up ----------


def test_looking_at_a_call_does_not_take_it_and_the_button_does(team, call):
    listener = as_(team.superior)

    page = listener.get(at("assess", call.pk))

    assert "还没有人评这一通" in html(page)
    assert not Assessment.objects.exists()
    assert listener.post(at("assess", call.pk)).status_code == 302
    assert Assessment.objects.get().listener == team.superior


def test_the_sheet_shows_every_level_with_its_description_and_what_its_keys_are(team, draft):
    page = html(as_(team.superior).get(at("assess", draft.call_id)))

    for item in make.rubric().items.prefetch_related("levels"):
        assert item.name in page
        for level in item.levels.all():
            assert level.description in page
    assert len(re.findall(r'value="na"', page)) == make.rubric().items.filter(may_not_apply=True).count()
    assert "快捷键" in page


@pytest.mark.parametrize("who", ["agent", "other_agent", "auditor", "hr", "foreign"])
def test_for_everybody_else_there_is_no_such_page(team, draft, who):
    client = as_(getattr(team, who))

    assert client.get(at("assess", draft.call_id)).status_code == 404
    for name in ("assess", "save_assessment", "submit_assessment", "take_over", "discard_assessment"):
        assert client.post(at(name, draft.call_id)).status_code == 404
    assert client.get(at("call", draft.call_id)).status_code == (200 if who == "auditor" else 404)


def test_a_call_in_anothers_hands_says_who_and_after_a_day_the_group_takes_it_over(team, draft):
    member = as_(team.member)
    page = html(member.get(at("assess", draft.call_id)))
    assert "周敏正在评这一通" in page
    assert "接手来评" not in page
    assert member.post(at("save_assessment", draft.call_id), fields()).status_code == 404

    Assessment.objects.update(started_at=timezone.now() - timedelta(days=2))
    assert "接手来评" in html(member.get(at("assess", draft.call_id)))
    member.post(at("take_over", draft.call_id))

    assert Assessment.objects.get().listener == team.member


def test_a_draft_is_put_away_and_the_call_is_free_again(team, draft):
    as_(team.superior).post(at("discard_assessment", draft.call_id))

    assert not Assessment.objects.exists()


# ---------- saving ----------


def test_each_choice_is_saved_and_answered_with_the_cores_sum(team, draft):
    item = make.item("聆听能力")

    answer = live(as_(team.superior), at("save_assessment", draft.call_id), {f"level-{item.pk}": "2", "version": "1"})

    assert answer.status_code == 200
    assert 'id="mon-version" value="2"' in html(answer)
    assert "40.00" in html(answer)  # 2 × 100 ÷ 5
    assert "还差 12 项" in html(answer)
    assert Assessment.objects.get().scores.get().points == D(2)


def test_a_second_tab_gets_both_values_and_overwrites_nothing(team, draft):
    client, item = as_(team.superior), make.item("聆听能力")
    live(client, at("save_assessment", draft.call_id), {f"level-{item.pk}": "5", "version": "1"})

    answer = live(client, at("save_assessment", draft.call_id), {f"level-{item.pk}": "2", "version": "1"})

    assert answer.status_code == 409
    assert "聆听能力 5" in html(answer)
    assert Assessment.objects.get().scores.get().points == D(5)


def test_a_tampered_level_or_item_is_refused_in_words_or_not_there(team, draft):
    client = as_(team.superior)
    item = make.item("聆听能力").pk

    for value in ("3", "-1", "1e9", "NaN", "", "na", "x" * 500):
        answer = live(client, at("save_assessment", draft.call_id), {f"level-{item}": value})
        assert answer.status_code == 422
        assert "聆听能力" in html(answer)
    assert live(client, at("save_assessment", draft.call_id), {"level-999999": "5"}).status_code == 404
    assert live(client, at("save_assessment", draft.call_id), {"fatal": "999999"}).status_code == 404
    assert not Assessment.objects.get().scores.exists()


def test_a_comment_takes_minutes_and_seconds(team, draft):
    client, item = as_(team.superior), make.item("聆听能力").pk
    for text, seconds in (("1:10", 70), ("70", 70), ("1：10", 70), ("1:02:03", 3723), ("", None)):
        live(client, at("save_assessment", draft.call_id), {f"note-{item}": "抢话", f"at-{item}": text})
        assert draft.notes.get().at_second == seconds
    answer = live(client, at("save_assessment", draft.call_id), {f"note-{item}": "x", f"at-{item}": "后来"})
    assert answer.status_code == 422


def test_without_scripts_the_whole_sheet_is_saved_and_comes_back(team, draft):
    client, item = as_(team.superior), make.item("聆听能力").pk
    told = {**fields(聆听能力="0"), f"note-{item}": "抢话", f"at-{item}": "0:40", "remark": "多练", "fatal": ""}

    assert client.post(at("save_assessment", draft.call_id), told).status_code == 302

    page = html(client.get(at("assess", draft.call_id)))
    assert "抢话" in page
    assert 'value="0:40"' in page
    assert "多练" in page
    assert "都评完了" in page
    assert page.count(" checked") == 14  # thirteen levels, and no fatal fault


def test_without_scripts_nothing_typed_is_lost_on_a_refusal(team, draft):
    item = make.item("聆听能力").pk
    told = {**fields(), f"note-{item}": "抢话两次", f"at-{item}": "后来", "remark": "多练"}

    answer = as_(team.superior).post(at("submit_assessment", draft.call_id), told)

    assert answer.status_code == 422
    for text in ("抢话两次", "后来", "多练"):
        assert text in html(answer)
    assert html(answer).count(" checked") == 14
    assert not draft.scores.exists()


# ---------- submitting ----------


def test_what_cannot_be_submitted_is_saved_and_named(team, draft):
    told = fields()
    del told[f"level-{make.item('主动服务').pk}"]

    answer = live(as_(team.superior), at("submit_assessment", draft.call_id), {**told, "version": "1"})

    assert answer.status_code == 422
    assert 'id="mon-version" value="2"' in html(answer)
    assert "kp:missing" in answer.headers["HX-Trigger"]
    assert draft.scores.count() == 12
    draft.refresh_from_db()
    assert draft.state == AssessmentState.DRAFT


def test_submitting_leads_to_the_scored_call(team, draft):
    client = as_(team.superior)

    answer = live(client, at("submit_assessment", draft.call_id), {**fields(聆听能力="2"), "version": "1"})

    assert answer.headers["HX-Redirect"] == at("call", draft.call_id)
    assert "97.00" in html(client.get(at("call", draft.call_id)))
    assert client.get(at("assess", draft.call_id)).status_code == 302
    assert live(client, at("submit_assessment", draft.call_id), fields()).status_code == 404  # the second click


def test_a_fatal_fault_says_what_will_be_filed_and_leads_to_the_record(team, draft):
    client, fault = as_(team.superior), make.rubric().fatal_faults.get(code="F4")
    assert fault.incident_kind is not None
    assert f"{fault.incident_kind.code} {fault.incident_kind.name}" in html(client.get(at("assess", draft.call_id)))

    told = {**fields(), "fatal": str(fault.pk), "fatal_note": "1:10 念出地址"}
    client.post(at("submit_assessment", draft.call_id), told)

    page = html(client.get(at("call", draft.call_id)))
    assert "一票否决" in page
    assert "1:10 念出地址" in page
    incident = Incident.objects.get()
    assert reverse("incidents:incident", args=[incident.pk]) in page


# ---------- what waits ----------


def test_a_listener_finds_his_drafts_blind_ones_and_drawn_calls_of_those_he_may_hear(team, call):
    scored = make.make_call(team.agent, "LY-S")
    make.scored(scored, team.manager)
    make.second_of(scored, team.superior)
    begun = make.make_call(team.other_agent, "LY-B", drawn_why="complaint")
    open_assessment(begun.pk, by=team.superior)
    make.make_call(team.agent, "LY-UNDRAWN")
    make.make_call(team.foreign, "LY-FOREIGN", drawn_why="random")

    page = html(as_(team.superior).get(at("to_score")))

    assert [number for number in ("LY-1", "LY-S", "LY-B") if number in page] == ["LY-1", "LY-S", "LY-B"]
    assert "LY-UNDRAWN" not in page
    assert "LY-FOREIGN" not in page
    assert "没有等你评的录音" in html(as_(team.agent).get(at("to_score")))


def test_after_one_call_the_next_is_a_click_away(team, call):
    make.scored(make.make_call(team.agent, "LY-S"), team.superior)
    done = Call.objects.get(number="LY-S")

    page = html(as_(team.superior).get(at("call", done.pk)))
    assert f'<form method="post" action="{at("assess", call.pk)}">' in page  # drawn, nobody has begun
    open_assessment(call.pk, by=team.superior)
    page = html(as_(team.superior).get(at("call", done.pk)))
    assert f'<a class="btn pri" href="{at("assess", call.pk)}">评下一通' in page
    submit_all = {**fields(), "version": "1"}
    as_(team.superior).post(at("submit_assessment", call.pk), submit_all)
    assert "评下一通" not in html(as_(team.superior).get(at("call", done.pk)))
    assert "评下一通" not in html(as_(team.member).get(at("call", done.pk)))


def test_a_call_is_found_by_a_part_of_its_number(team, call):
    make.make_call(team.agent, "AB-77")

    page = html(as_(team.superior).get(at("calls"), {"number": "b-7"}))

    assert "AB-77" in page
    assert at("call", call.pk) not in page


def test_a_digit_is_a_level_and_never_that_an_item_does_not_apply(team, call, draft):
    page = html(as_(team.superior).get(at("assess", call.pk)))

    keys = dict(re.findall(r'name="level-\d+" value="([^"]+)" data-key="([^"]+)"', page))
    assert keys["na"] == "X"
    assert "<kbd>0</kbd> <kbd>X</kbd>" not in page


def test_nothing_of_a_counted_month_waits_to_be_scored(team, call):
    call.drawn_why = "random"
    call.save(update_fields=["drawn_why"])
    begun = make.make_call(team.agent, "LY-B", drawn_why="random")
    open_assessment(begun.pk, by=team.superior)
    make.scored(make.make_call(team.agent, "LY-S"), team.manager)
    december = make.make_call(team.agent, "LY-D", drawn_why="random", called_on=date(2026, 12, 1))

    Call.objects.filter(number="LY-S").update(counted_month=date(2026, 11, 1))

    page = html(as_(team.superior).get(at("to_score")))
    assert [number for number in ("LY-1", "LY-B", december.number) if number in page] == [december.number]
    for name in ("call", "assess"):
        shown = html(as_(team.superior).get(at(name, call.pk)))
        assert "这个月已经汇总进考核表" in shown
        assert "开始评分" not in shown

    Call.objects.update(counted_month=None)  # taken back: they wait again
    page = html(as_(team.superior).get(at("to_score")))
    assert [number for number in ("LY-1", "LY-B", "LY-D") if number in page] == ["LY-1", "LY-B", "LY-D"]


def test_an_objection_waits_with_those_who_may_rule_and_with_nobody_else(team, call):
    done = make.scored(call, team.superior, 聆听能力=Level(points=D(0)))
    raise_dispute(done.pk, make.item("聆听能力").pk, reason="客户没有重复", by=team.agent)

    for judge in (team.member, team.manager):
        assert "客户没有重复" in html(as_(judge).get(at("disputes")))
    for nobody in (team.superior, team.other_agent, team.agent, team.auditor, team.hr, team.foreign):
        assert "客户没有重复" not in html(as_(nobody).get(at("disputes")))


# ---------- the agent and the judge ----------


def test_the_agent_reads_takes_note_and_objects_and_a_refusal_loses_nothing(team, call):
    client = as_(team.agent)
    assert client.get(at("call", call.pk)).status_code == 404  # nobody has scored it yet
    done = make.scored(call, team.superior, 聆听能力=Level(points=D(0)))
    item = make.item("聆听能力").pk
    page = html(client.get(at("call", call.pk)))
    assert "对这一项有异议" in page
    assert "工作日" in page

    client.post(at("acknowledge", call.pk))
    too_long = client.post(at("dispute", call.pk), {"item": item, "reason": "长" * 301})
    assert too_long.status_code == 422
    assert "长" * 301 in html(too_long)
    client.post(at("dispute", call.pk), {"item": item, "reason": "没有抢话"})

    done.refresh_from_db()
    assert done.acknowledged_at is not None
    assert Dispute.objects.get().reason == "没有抢话"
    assert client.post(at("dispute", call.pk), {"item": "999999", "reason": "x"}).status_code == 404


def test_nobody_objects_or_takes_note_for_the_agent(team, call):
    make.scored(call, team.superior)

    for somebody in (team.superior, team.member, team.auditor, team.other_agent, team.foreign):
        for name in ("acknowledge", "dispute"):
            assert as_(somebody).post(at(name, call.pk), {"reason": "x"}).status_code == 404


def test_a_judge_rules_and_the_old_score_stands_struck_beside_the_new(team, call):
    done = make.scored(call, team.superior, 聆听能力=Level(points=D(0)))
    dispute = raise_dispute(done.pk, make.item("聆听能力").pk, reason="没有抢话", by=team.agent)
    judge = as_(team.member)
    assert reverse("quality:rule_dispute", args=[dispute.pk]) in html(judge.get(at("call", call.pk)))

    refused = judge.post(at("rule_dispute", dispute.pk), {"upheld": "yes", "level": "0", "ruling": "复听 0:40"})
    assert refused.status_code == 422
    assert "复听 0:40" in html(refused)
    judge.post(at("rule_dispute", dispute.pk), {"upheld": "yes", "level": "5", "ruling": "复听 0:40"})

    page = html(as_(team.agent).get(at("call", call.pk)))
    assert re.search(r"<s>95\.00</s> →</span> 100\.00", page)
    assert "复听 0:40" in page


def test_nobody_else_rules(team, call):
    done = make.scored(call, team.superior, 聆听能力=Level(points=D(0)))
    dispute = raise_dispute(done.pk, make.item("聆听能力").pk, reason="x", by=team.agent)
    told = {"upheld": "yes", "level": "5", "ruling": "x"}

    for somebody, status in ((team.agent, 404), (team.other_agent, 404), (team.foreign, 404), (team.superior, 422)):
        assert as_(somebody).post(at("rule_dispute", dispute.pk), told).status_code == status
    dispute.refresh_from_db()
    assert dispute.state == "open"


def test_a_counted_month_says_the_way_out(team, call):
    done = make.scored(call, team.superior, 聆听能力=Level(points=D(0)))
    raise_dispute(done.pk, make.item("聆听能力").pk, reason="x", by=team.agent)
    Call.objects.update(counted_month=date(2026, 11, 1))

    assert "走申诉" in html(as_(team.agent).get(at("call", call.pk)))
    page = html(as_(team.member).get(at("call", call.pk)))
    assert "撤回汇总" in page
    assert 'name="upheld" value="yes"' not in page
    assert "已汇总，裁定不改分" in html(as_(team.member).get(at("disputes")))

    told = {"upheld": "appeal", "ruling": "有道理，凭这条申诉"}
    assert as_(team.member).post(at("rule_dispute", Dispute.objects.get().pk), told).status_code == 302
    assert "已汇总，转申诉" in html(as_(team.agent).get(at("call", call.pk)))
    assert "没有等你裁定的异议" in html(as_(team.member).get(at("disputes")))


def test_call_and_incident_of_a_fatal_fault_lead_to_each_other_and_say_when_they_disagree(team, call):
    draft = make.scored(call, team.superior, submit=False)
    fault = make.rubric().fatal_faults.get(code="F4")
    save_sheet(draft.pk, entries=Entries(fatal=Fatal(fault_id=fault.pk, note="念出地址")), by=team.superior)
    submit_assessment(draft.pk, by=team.superior)
    share = Involvement.objects.get()
    record = reverse("incidents:incident", args=[share.incident_id])

    for person in (team.agent, team.superior, team.member):
        assert record in html(as_(person).get(at("call", call.pk)))
        page = html(as_(person).get(record))
        assert at("call", call.pk) in page
        assert "不能撤回" in page
        assert 'id="withdraw"' not in page
    Assessment.objects.update(dispute_until=date(2026, 11, 1))
    assert "对一票否决有异议" not in html(as_(team.agent).get(at("call", call.pk)))

    reject_involvement(share.pk, reason="不是泄露", by=team.member)

    assert "录音的一票否决还在" in html(as_(team.agent).get(record))
    page = html(as_(team.agent).get(at("call", call.pk)))
    assert "期限过了也可以" in page
    assert "对一票否决有异议" in page
    raise_dispute(Assessment.objects.get().pk, None, reason="核实不成立", by=team.agent)
    rule_dispute(Dispute.objects.get().pk, upheld=True, ruling="取消", by=team.second_member)
    assert "录音的一票否决还在" not in html(as_(team.agent).get(record))


# ---------- blind ----------


def test_nothing_of_the_first_scoring_shines_through_to_who_scores_blind(team, call):
    """The total, the listener's words, the fatal fault, the objection and the ruling, on every page and refusal."""
    draft = make.scored(call, team.superior, submit=False, 聆听能力=Level(points=D(0)))
    fault = make.rubric().fatal_faults.get(code="F4")
    item = make.item("聆听能力").pk
    told = Entries(
        comments={item: Comment(text="WORDS-OF-THE-FIRST", at_second=83)},
        fatal=Fatal(fault_id=fault.pk, note="FACT-OF-THE-FIRST"),
        remark="REMARK-OF-THE-FIRST",
    )
    save_sheet(draft.pk, entries=told, by=team.superior)
    done = submit_assessment(draft.pk, by=team.superior)
    raise_dispute(done.pk, item, reason="REASON-OF-THE-AGENT", by=team.agent)
    ruled = raise_dispute(done.pk, None, reason="REASON-OF-THE-AGENT", by=team.agent)
    rule_dispute(ruled.pk, upheld=True, ruling="WORDS-OF-THE-JUDGE", by=team.manager)
    second = make.second_of(call, team.member)
    save_sheet(second.pk, entries=Entries(levels={item: Level(points=D(2))}), by=team.member)
    client = as_(team.member)
    ruling = {"upheld": "no", "ruling": "x"}
    open_dispute = Dispute.objects.get(state="open")

    pages = [
        client.get(at("call", call.pk)),
        client.get(at("assess", call.pk)),
        client.post(at("assess", call.pk), follow=True),
        client.get(at("to_score")),
        client.get(at("disputes")),
        client.post(at("acknowledge", call.pk)),
        client.post(at("rule_dispute", open_dispute.pk), ruling),
        live(client, at("save_assessment", call.pk), {f"level-{item}": "5", "version": "1"}),
        live(client, at("submit_assessment", call.pk), {f"level-{item}": "5"}),
    ]

    secret = r"OF-THE-|95\.00|1:23|" + re.escape(Incident.objects.get().number)
    for page in pages:
        assert not re.search(secret, html(page)), re.search(secret, html(page))
    assert "分给你复听" in html(pages[0])
    assert open_dispute.state == "open"
    live(client, at("submit_assessment", call.pk), fields())
    after = html(client.get(at("call", call.pk)))
    assert "WORDS-OF-THE-FIRST" in after
    assert "95.00" in after


def test_the_agent_and_the_first_listener_never_see_the_second_scoring(team, call):
    make.scored(call, team.superior)
    second = make.second_of(call, team.member)
    save_sheet(second.pk, entries=Entries(levels=make.full_levels(聆听能力=Level(points=D(2)))), by=team.member)
    submit_assessment(second.pk, by=team.member)

    for person in (team.agent, team.superior):
        assert "97.00" not in html(as_(person).get(at("call", call.pk)))
    assert "97.00" in html(as_(team.manager).get(at("call", call.pk)))


# ---------- few statements ----------


def test_pages_take_few_statements_however_much_there_is(team, call):
    call.audio.save("x.wav", ContentFile(b"RIFF"))
    done = make.scored(call, team.superior, 聆听能力=Level(points=D(0)))
    raise_dispute(done.pk, make.item("聆听能力").pk, reason="x", by=team.agent)
    working = make.make_call(team.agent, "LY-W")
    open_assessment(working.pk, by=team.superior)
    addresses = [at("call", call.pk), at("assess", working.pk), at("to_score"), at("disputes")]
    people = [team.superior, team.member, team.agent, team.auditor]
    few = _counts(people, addresses)

    for number in range(30):
        more = make.make_call(team.agent, f"LY-M{number}", drawn_why="random")
        one = make.scored(more, team.superior, 聆听能力=Level(points=D(0)))
        raise_dispute(one.pk, make.item("聆听能力").pk, reason="x", by=team.agent)
        make.make_call(team.agent, f"LY-D{number}", drawn_why="random")

    many = _counts(people, addresses)
    assert many == few
    assert max(many.values()) <= 15, many


def test_a_saved_level_takes_few_statements(team, draft):
    client, item = as_(team.superior), make.item("聆听能力").pk

    told = {f"level-{item}": "2", "version": "1"}
    assert statements(lambda: live(client, at("save_assessment", draft.call_id), told)) <= 20


def _counts(people, addresses) -> dict[tuple[str, str], int]:
    found = {}
    for person in people:
        client = as_(person)
        for address in addresses:
            found[person.name, address] = statements(partial(client.get, address))
    return found
