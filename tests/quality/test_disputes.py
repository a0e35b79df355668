"""The agent takes note of his call or disputes it, item by item; somebody else rules, and the old score is kept."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from audit.log import events_about
from common.errors import RuleError
from incidents.models import Incident, Involvement
from incidents.services.filing import reject_involvement, withdraw_incident
from incidents.states import EventState
from notices.models import Message
from quality.models import Assessment, AssessmentScore, Call, Dispute, RubricItem
from quality.selectors.faults import denied_faults
from quality.services.assessing import open_assessment, save_sheet, submit_assessment
from quality.services.disputes import acknowledge_assessment, raise_dispute, refer_dispute, rule_dispute
from quality.services.filling import Entries, Fatal, Level
from quality.states import DisputeState
from tests.quality import team as make
from tests.quality.test_assessing import refused

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.fixture
def team() -> make.Team:
    return make.make_team()


@pytest.fixture
def call(team) -> Call:
    return make.make_call(team.agent)


@pytest.fixture
def done(team, call) -> Assessment:
    """Scored by the superior: listening 0 of 5, calming not applicable."""
    return make.scored(call, team.superior, 聆听能力=Level(points=D(0)), 耐心与情绪安抚=Level(is_not_applicable=True))


@pytest.fixture
def listening() -> RubricItem:
    return make.item("聆听能力")


@pytest.fixture
def dispute(team, done, listening) -> Dispute:
    return raise_dispute(done.pk, listening.pk, reason="客户没有重复需求", by=team.agent)


def fatal_call(team, call) -> Assessment:
    draft = make.scored(call, team.superior, submit=False)
    fault = make.rubric().fatal_faults.get(code="F4")
    save_sheet(draft.pk, entries=Entries(fatal=Fatal(fault_id=fault.pk, note="1:10 念出地址")), by=team.superior)
    return submit_assessment(draft.pk, by=team.superior)


# ---------- taking note ----------


def test_the_agent_takes_note_once_and_keeps_the_right_to_object(team, done, listening):
    acknowledge_assessment(done.pk, by=team.agent)
    acknowledge_assessment(done.pk, by=team.agent)

    assert events_about(done).filter(action="assessment.acknowledged").count() == 1
    assert raise_dispute(done.pk, listening.pk, reason="x", by=team.agent).pk


def test_nobody_else_takes_note_or_objects(team, done, listening):
    for somebody in (team.other_agent, team.superior, team.manager, team.member, team.auditor, team.foreign):
        assert refused(acknowledge_assessment, done.pk, by=somebody) == "not_allowed"
        assert refused(raise_dispute, done.pk, listening.pk, reason="x", by=somebody) == "not_allowed"


def test_there_is_nothing_to_object_to_before_it_is_submitted_nor_in_the_second_scoring(team, call, listening):
    draft = make.scored(call, team.superior, submit=False)
    assert refused(raise_dispute, draft.pk, listening.pk, reason="x", by=team.agent) == "not_allowed"
    submit_assessment(draft.pk, by=team.superior)
    second = make.second_of(call, team.member)
    save_sheet(second.pk, entries=Entries(levels=make.full_levels()), by=team.member)
    submit_assessment(second.pk, by=team.member)

    assert refused(acknowledge_assessment, second.pk, by=team.agent) == "not_allowed"
    assert refused(raise_dispute, second.pk, listening.pk, reason="x", by=team.agent) == "not_allowed"


# ---------- objecting ----------


def test_an_objection_keeps_what_the_listener_gave(dispute, listening):
    assert (dispute.item, dispute.old_points, dispute.state) == (listening, D(0), DisputeState.OPEN)


def test_an_objection_has_a_reason_of_some_length(team, done, listening):
    assert refused(raise_dispute, done.pk, listening.pk, reason="  ", by=team.agent) == "reason_missing"
    assert refused(raise_dispute, done.pk, listening.pk, reason="长" * 301, by=team.agent) == "too_long"


def test_an_item_is_objected_to_once(team, done, dispute, listening):
    assert refused(raise_dispute, done.pk, listening.pk, reason="又来", by=team.agent) == "already_disputed"
    assert raise_dispute(done.pk, make.item("主动服务").pk, reason="x", by=team.agent).pk


def test_the_term_ends_with_its_last_day(team, done, listening):
    today = timezone.localdate()
    Assessment.objects.update(dispute_until=today - timedelta(days=1))
    assert refused(raise_dispute, done.pk, listening.pk, reason="x", by=team.agent) == "too_late"
    Assessment.objects.update(dispute_until=None)
    assert refused(raise_dispute, done.pk, listening.pk, reason="x", by=team.agent) == "too_late"

    Assessment.objects.update(dispute_until=today)
    assert raise_dispute(done.pk, listening.pk, reason="x", by=team.agent).pk


def test_without_a_fatal_fault_there_is_none_to_object_to(team, done):
    assert refused(raise_dispute, done.pk, None, reason="x", by=team.agent) == "no_fatal_fault"


# ---------- ruling ----------


def test_an_upheld_objection_puts_the_right_level_and_keeps_the_old_score(team, call, dispute, listening):
    ruled = rule_dispute(dispute.pk, upheld=True, points=D(5), ruling="复听 0:40 没有重复", by=team.member)

    call.refresh_from_db()
    assert call.total == D("100.00")
    assert (ruled.state, ruled.old_points, ruled.new_points) == (DisputeState.UPHELD, D(0), D(5))
    assert ruled.old_total == D("94.44")
    assert Assessment.objects.get().total == D("100.00")
    assert AssessmentScore.objects.get(item=listening).points == D(5)
    told = events_about(dispute).get(action="dispute.ruled")
    assert told.before is not None
    assert told.after is not None
    assert (told.before["total"], told.after["total"], told.reason) == ("94.44", "100.00", "复听 0:40 没有重复")


def test_a_listener_hears_that_his_level_was_overruled_and_of_nothing_that_stands(team, done, dispute):
    other = raise_dispute(done.pk, make.item("主动服务").pk, reason="x", by=team.agent)

    rule_dispute(other.pk, upheld=False, ruling="x", by=team.member)
    assert not Message.objects.filter(recipient=team.superior, kind="call_overruled").exists()
    rule_dispute(dispute.pk, upheld=True, points=D(5), ruling="x", by=team.member)
    assert Message.objects.filter(recipient=team.superior, kind="call_overruled").count() == 1


def test_a_dismissed_one_changes_nothing_and_says_why(team, call, dispute, listening):
    ruled = rule_dispute(dispute.pk, upheld=False, ruling="0:40 和 1:20 各重复一次", by=team.member)

    call.refresh_from_db()
    assert call.total == D("94.44")
    assert (ruled.state, ruled.new_points) == (DisputeState.DISMISSED, D(0))
    assert AssessmentScore.objects.get(item=listening).points == D(0)


def test_the_group_the_department_and_the_superior_who_did_not_score_may_rule(team, call, listening):
    for number, judge in enumerate((team.superior, team.manager, team.second_member)):
        one = make.make_call(team.agent, f"LY-9{number}")
        done = make.scored(one, team.member, 聆听能力=Level(points=D(0)))
        dispute = raise_dispute(done.pk, listening.pk, reason="x", by=team.agent)
        assert rule_dispute(dispute.pk, upheld=False, ruling="x", by=judge).ruled_by == judge


def test_neither_listener_nor_agent_nor_anybody_else_rules(team, dispute):
    for somebody in (team.superior, team.agent, team.other_agent, team.auditor, team.hr, team.foreign):
        assert refused(rule_dispute, dispute.pk, upheld=False, ruling="x", by=somebody) == "not_allowed"


def test_who_still_has_to_score_the_call_blind_does_not_rule_on_it(team, call, dispute):
    make.second_of(call, team.member)

    assert refused(rule_dispute, dispute.pk, upheld=False, ruling="x", by=team.member) == "not_allowed"
    assert rule_dispute(dispute.pk, upheld=False, ruling="x", by=team.manager).pk


def test_it_is_ruled_once_and_with_a_reason(team, dispute):
    assert refused(rule_dispute, dispute.pk, upheld=False, ruling=" ", by=team.member) == "ruling_missing"

    rule_dispute(dispute.pk, upheld=False, ruling="x", by=team.member)

    assert refused(rule_dispute, dispute.pk, upheld=True, points=D(5), ruling="x", by=team.manager) == "not_allowed"


def test_an_objection_never_costs_the_agent(team, done, call):
    clear = make.item("清楚及正面用语")
    AssessmentScore.objects.filter(assessment=done, item=clear).update(points=D(2))
    dispute = raise_dispute(done.pk, clear.pk, reason="x", by=team.agent)

    worse: list[Decimal] = [D(0), D(1), D(2)]
    for points in worse:
        assert refused(rule_dispute, dispute.pk, upheld=True, points=points, ruling="x", by=team.member) == "not_better"
    for unknown in (D(3), None):
        assert (
            refused(rule_dispute, dispute.pk, upheld=True, points=unknown, ruling="x", by=team.member)
            == "unknown_level"
        )
    assert rule_dispute(dispute.pk, upheld=True, points=D(5), ruling="x", by=team.member).new_points == D(5)


def test_a_ruling_that_would_lower_the_total_is_refused_and_changes_nothing(team, call):
    """Without its best item a poor call would be poorer; so would it be with one that now applies at nothing."""
    poor = {one.name: Level(points=list(one.levels.all())[-1].points) for one in make.rubric().items.all()}
    asking, calming = make.item("恰当发问"), make.item("耐心与情绪安抚")
    given = poor | {"恰当发问": Level(points=asking.points), "耐心与情绪安抚": Level(is_not_applicable=True)}
    draft = open_assessment(call.pk, by=team.superior)
    levels = {one.pk: given[one.name] for one in make.rubric().items.all()}
    save_sheet(draft.pk, entries=Entries(levels=levels), by=team.superior)
    scored = submit_assessment(draft.pk, by=team.superior)
    off = raise_dispute(scored.pk, asking.pk, reason="x", by=team.agent)
    on = raise_dispute(scored.pk, calming.pk, reason="我安抚了", by=team.agent)

    for dispute, points in ((off, None), (on, D(0))):
        told = {"points": points, "is_not_applicable": points is None, "ruling": "x", "by": team.member}
        assert refused(rule_dispute, dispute.pk, upheld=True, **told) == "not_better"
        assert Dispute.objects.get(pk=dispute.pk).state == DisputeState.OPEN
        assert Call.objects.get(pk=call.pk).total == scored.total
    assert AssessmentScore.objects.get(assessment=scored, item=asking).points == asking.points
    assert rule_dispute(on.pk, upheld=True, points=D(10), ruling="x", by=team.member).state == DisputeState.UPHELD
    assert Call.objects.filter(pk=call.pk, total__gt=scored.total).exists()


def test_a_ruling_may_find_that_an_item_does_not_apply_or_that_it_does(team, call):
    asking, calming = make.item("恰当发问"), make.item("耐心与情绪安抚")
    lost, off_sheet = Level(points=D(0)), Level(is_not_applicable=True)
    done = make.scored(call, team.superior, 聆听能力=lost, 恰当发问=lost, 耐心与情绪安抚=off_sheet)
    off = raise_dispute(done.pk, asking.pk, reason="客户自己说清了", by=team.agent)
    on = raise_dispute(done.pk, calming.pk, reason="客户很急，我安抚了", by=team.agent)
    assert on.old_points is None

    rule_dispute(off.pk, upheld=True, is_not_applicable=True, ruling="x", by=team.member)
    rule_dispute(on.pk, upheld=True, points=D(10), ruling="x", by=team.member)

    call.refresh_from_db()
    assert call.total == D("94.74")  # 90 × 100 ÷ 95
    always = raise_dispute(done.pk, make.item("聆听能力").pk, reason="x", by=team.agent)
    assert (
        refused(rule_dispute, always.pk, upheld=True, is_not_applicable=True, ruling="x", by=team.member)
        == "always_applies"
    )


def test_several_rulings_make_a_chain_of_totals(team, done, call, listening):
    ending = make.item("适当结束")
    AssessmentScore.objects.filter(assessment=done, item=ending).update(points=D(2))
    first = raise_dispute(done.pk, listening.pk, reason="x", by=team.agent)
    second = raise_dispute(done.pk, ending.pk, reason="x", by=team.agent)

    one = rule_dispute(first.pk, upheld=True, points=D(5), ruling="x", by=team.member)
    other = rule_dispute(second.pk, upheld=True, points=D(5), ruling="x", by=team.manager)

    call.refresh_from_db()
    assert (one.assessment.total, other.old_total, call.total) == (D("96.67"), D("96.67"), D("100.00"))


def test_once_the_month_is_consolidated_neither_objecting_nor_ruling_changes_it(team, call, done, dispute):
    Call.objects.update(counted_month=date(2026, 11, 1))

    ending = make.item("适当结束").pk
    assert refused(raise_dispute, done.pk, ending, reason="x", by=team.agent) == "month_counted"
    assert refused(rule_dispute, dispute.pk, upheld=True, points=D(5), ruling="x", by=team.member) == "month_counted"
    call.refresh_from_db()
    assert call.total == D("94.44")
    Call.objects.update(counted_month=None)
    assert rule_dispute(dispute.pk, upheld=True, points=D(5), ruling="x", by=team.member).pk


def test_once_the_month_is_consolidated_the_agent_still_gets_his_answer(team, call, done, dispute):
    assert refused(refer_dispute, dispute.pk, ruling="x", by=team.member) == "not_counted"
    Call.objects.update(counted_month=date(2026, 11, 1))
    assert refused(refer_dispute, dispute.pk, ruling=" ", by=team.member) == "ruling_missing"
    assert refused(refer_dispute, dispute.pk, ruling="x", by=team.superior) == "not_allowed"

    ruled = refer_dispute(dispute.pk, ruling="确实没有重复，按5分申诉", by=team.member)

    call.refresh_from_db()
    assert (ruled.state, ruled.new_points, call.total) == (DisputeState.REFERRED, D(0), D("94.44"))
    assert Message.objects.filter(recipient=team.agent, kind="dispute_referred").count() == 1
    assert refused(rule_dispute, dispute.pk, upheld=False, ruling="x", by=team.member) == "not_allowed"


def test_once_the_month_is_consolidated_it_may_be_dismissed(team, call, dispute):
    Call.objects.update(counted_month=date(2026, 11, 1))

    assert rule_dispute(dispute.pk, upheld=False, ruling="重复了", by=team.member).state == DisputeState.DISMISSED


# ---------- the fatal fault ----------


def test_a_fatal_fault_that_does_not_hold_is_taken_away_and_the_incident_stays_with_its_verifier(team, call):
    done = fatal_call(team, call)
    dispute = raise_dispute(done.pk, None, reason="念的是客户自己的地址", by=team.agent)

    ruled = rule_dispute(dispute.pk, upheld=True, ruling="是本人地址", by=team.member)

    call.refresh_from_db()
    done.refresh_from_db()
    assert (call.total, done.total, done.fatal_fault) == (D("100.00"), D("100.00"), None)
    assert ruled.old_fault is not None
    assert (ruled.old_total, ruled.old_fault.code, done.fatal_note) == (D("0.00"), "F4", "1:10 念出地址")
    assert Incident.objects.get().involvements.get().state == EventState.FILED


def incident_decided(call: Call, decide, by) -> None:
    decide(Involvement.objects.get(incident__origin=call.number).pk, reason="查过了", by=by)


def test_after_its_incident_was_found_untrue_the_fatal_fault_may_be_disputed_once_more(team, call):
    done = fatal_call(team, call)
    dispute = raise_dispute(done.pk, None, reason="x", by=team.agent)
    rule_dispute(dispute.pk, upheld=False, ruling="x", by=team.member)
    Assessment.objects.update(dispute_until=date(2026, 11, 1))
    assert refused(raise_dispute, done.pk, None, reason="x", by=team.agent) == "too_late"

    incident_decided(call, reject_involvement, team.second_member)

    assert [one.pk for one in denied_faults()] == [done.pk]
    again = raise_dispute(done.pk, None, reason="核实人认为不成立", by=team.agent)
    assert not denied_faults()
    assert refused(raise_dispute, done.pk, None, reason="x", by=team.agent) == "already_disputed"
    assert refused(raise_dispute, done.pk, make.item("聆听能力").pk, reason="x", by=team.agent) == "too_late"
    rule_dispute(again.pk, upheld=True, ruling="不是泄露", by=team.second_member)
    call.refresh_from_db()
    assert call.total == D("100.00")


def test_what_was_found_untrue_of_a_counted_month_is_for_an_appeal(team, call):
    done = fatal_call(team, call)
    incident_decided(call, reject_involvement, team.member)
    Call.objects.update(counted_month=date(2026, 11, 1))

    assert not denied_faults()
    assert refused(raise_dispute, done.pk, None, reason="x", by=team.agent) == "month_counted"


def test_a_fatal_fault_whose_incident_is_open_or_confirmed_is_disputed_once_and_in_time(team, call):
    done = fatal_call(team, call)
    dispute = raise_dispute(done.pk, None, reason="x", by=team.agent)
    rule_dispute(dispute.pk, upheld=False, ruling="x", by=team.member)
    Involvement.objects.update(state=EventState.CONFIRMED, verified_by=team.member, decided_at=timezone.now())

    assert not denied_faults()
    assert refused(raise_dispute, done.pk, None, reason="x", by=team.agent) == "already_disputed"


def test_the_incident_of_a_fatal_fault_is_never_withdrawn_by_its_listener(team, call):
    fatal_call(team, call)

    assert refused(withdraw_incident, Incident.objects.get().pk, reason="认错", by=team.superior) == "from_a_call"


def test_a_fatal_fault_that_holds_stays(team, call):
    done = fatal_call(team, call)
    dispute = raise_dispute(done.pk, None, reason="x", by=team.agent)
    with pytest.raises(RuleError, match="提过异议"):
        raise_dispute(done.pk, None, reason="x", by=team.agent)

    rule_dispute(dispute.pk, upheld=False, ruling="x", by=team.member)

    call.refresh_from_db()
    assert call.total == D("0.00")
