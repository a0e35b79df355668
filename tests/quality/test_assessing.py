"""A call is opened, scored as it is listened to, and submitted: who may, what is refused, what is never lost."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from audit.log import events_about
from audit.models import Event
from common.errors import ConflictError, RuleError
from incidents.models import Incident
from incidents.states import EventState
from quality.models import Assessment, AssessmentScore, Call, FatalFault, Rubric, RubricItem
from quality.services.assessing import (
    discard_assessment,
    open_assessment,
    save_level,
    save_sheet,
    submit_assessment,
    take_over_assessment,
)
from quality.services.filling import Comment, Entries, Fatal, Level
from quality.states import AssessmentKind, AssessmentState, RubricState
from tests import world
from tests.quality import team as make

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.fixture
def team() -> make.Team:
    return make.make_team()


@pytest.fixture
def call(team) -> Call:
    return make.make_call(team.agent)


@pytest.fixture
def draft(team, call) -> Assessment:
    return open_assessment(call.pk, by=team.superior)


def refused(act, *arguments, **told) -> str:
    with pytest.raises(RuleError) as refusal:
        act(*arguments, **told)
    return refusal.value.code


# ---------- opening ----------


@pytest.mark.parametrize("who", ["superior", "manager", "member"])
def test_the_superior_the_group_and_the_department_may_open_a_call(team, call, who):
    listener = getattr(team, who)

    draft = open_assessment(call.pk, by=listener)

    assert (draft.listener, draft.kind, draft.state) == (listener, AssessmentKind.FIRST, AssessmentState.DRAFT)
    assert draft.rubric == make.rubric()


@pytest.mark.parametrize("who", ["agent", "other_agent", "auditor", "hr", "foreign"])
def test_nobody_else_may_open_it_least_of_all_the_agent(team, call, who):
    assert refused(open_assessment, call.pk, by=getattr(team, who)) == "not_allowed"
    assert not Assessment.objects.exists()


def test_who_was_the_superior_on_the_day_of_the_call_may_and_who_is_now_may_not(team, call):
    later = world.person("刘洋", "KFZG", superior=team.manager)
    later.region = world.region("HN", "华南区域")
    later.save()
    line = team.agent.lines_up.get()
    line.ends_before = date(2026, 11, 10)
    line.save()
    team.agent.lines_up.create(superior=later, starts_on=date(2026, 11, 10))

    assert refused(open_assessment, call.pk, by=later) == "not_allowed"
    assert open_assessment(call.pk, by=team.superior).pk


def test_opening_again_gives_the_same_draft(team, call, draft):
    assert open_assessment(call.pk, by=team.superior) == draft
    assert Assessment.objects.count() == 1


def test_a_call_in_anothers_hands_is_not_opened_a_second_time_and_says_who_and_since_when(team, call, draft):
    with pytest.raises(RuleError, match="周敏") as refusal:
        open_assessment(call.pk, by=team.member)

    assert refusal.value.code == "taken"


def test_a_scored_call_is_not_scored_again(team, call):
    make.scored(call, team.superior)

    assert refused(open_assessment, call.pk, by=team.member) == "already_scored"
    assert refused(open_assessment, call.pk, by=team.superior) == "already_scored"


def test_a_call_is_scored_by_the_standard_in_force_on_its_day(team):
    older = make.rubric()
    newer = Rubric.objects.create(version="2.0", state=RubricState.PUBLISHED, starts_on=date(2026, 11, 6))
    Rubric.objects.create(version="3.0", state=RubricState.DRAFT)
    before = make.make_call(team.agent, "LY-5", called_on=date(2026, 11, 5))
    since = make.make_call(team.agent, "LY-6", called_on=date(2026, 11, 6))

    assert open_assessment(before.pk, by=team.superior).rubric == older
    assert open_assessment(since.pk, by=team.superior).rubric == newer


def test_without_a_standard_on_that_day_nothing_is_opened(team):
    call = make.make_call(team.agent, called_on=date(2010, 1, 4))

    assert refused(open_assessment, call.pk, by=team.superior) == "no_rubric"


def test_who_has_to_score_it_blind_gets_his_second_scoring(team, call):
    make.scored(call, team.superior)
    second = make.second_of(call, team.member)

    assert open_assessment(call.pk, by=team.member) == second


# ---------- taking over, putting away ----------


def test_the_group_takes_over_a_draft_that_has_lain_for_a_day_and_begins_anew(team, call, draft):
    save_level(draft.pk, make.item("聆听能力").pk, points=D(2), by=team.superior)
    assert refused(take_over_assessment, draft.pk, by=team.member) == "taken"
    Assessment.objects.update(started_at=timezone.now() - timedelta(days=1, minutes=1))

    taken = take_over_assessment(draft.pk, by=team.member)

    assert taken.listener == team.member
    assert not taken.scores.exists()
    act = events_about(draft).get(action="assessment.taken_over")
    assert act.before is not None
    assert act.before["levels"] == {str(make.item("聆听能力").pk): "2.00"}
    assert refused(save_level, draft.pk, make.item("聆听能力").pk, points=D(5), by=team.superior) == "not_allowed"


def test_nobody_but_the_group_and_the_department_takes_over(team, call):
    draft = open_assessment(call.pk, by=team.member)
    Assessment.objects.update(started_at=timezone.now() - timedelta(days=3))

    for somebody in (team.superior, team.agent, team.auditor, team.hr, team.foreign):
        assert refused(take_over_assessment, draft.pk, by=somebody) == "not_allowed"
    assert take_over_assessment(draft.pk, by=team.manager).listener == team.manager


def test_a_blind_second_scoring_is_neither_taken_over_nor_put_away(team, call):
    make.scored(call, team.superior)
    second = make.second_of(call, team.member)
    Assessment.objects.update(started_at=timezone.now() - timedelta(days=3))

    assert refused(take_over_assessment, second.pk, by=team.manager) == "not_allowed"
    assert refused(discard_assessment, second.pk, by=team.member) == "not_allowed"


def test_a_listener_puts_his_own_draft_away_and_another_may_score(team, call, draft):
    assert refused(discard_assessment, draft.pk, by=team.member) == "not_allowed"

    discard_assessment(draft.pk, by=team.superior)

    assert open_assessment(call.pk, by=team.member).pk
    assert Event.objects.filter(action="assessment.discarded").exists()


# ---------- saving ----------


def test_a_level_is_saved_changed_and_kept_in_the_record(team, draft):
    listening = make.item("聆听能力")

    save_level(draft.pk, listening.pk, points=D(5), by=team.superior)
    save_level(draft.pk, listening.pk, points=D(2), by=team.superior)

    assert draft.scores.get().points == D(2)
    told = [(act.before, act.after) for act in events_about(draft).filter(action="assessment.saved")]
    assert told == [({"聆听能力": ""}, {"聆听能力": "5"}), ({"聆听能力": "5"}, {"聆听能力": "2"})]


@pytest.mark.parametrize("points", ["3", "-1", "5.01", "100", "NaN"])
def test_only_the_items_own_levels_are_levels(team, draft, points):
    listening = make.item("聆听能力").pk

    assert refused(save_level, draft.pk, listening, points=D(points), by=team.superior) == "unknown_level"
    assert refused(save_level, draft.pk, listening, by=team.superior) == "unknown_level"
    assert not draft.scores.exists()


def test_only_what_may_not_apply_can_be_left_out(team, draft):
    calming, listening = make.item("耐心与情绪安抚"), make.item("聆听能力")

    save_level(draft.pk, calming.pk, is_not_applicable=True, by=team.superior)

    assert draft.scores.get().is_not_applicable
    assert refused(save_level, draft.pk, listening.pk, is_not_applicable=True, by=team.superior) == "always_applies"


def test_an_item_or_a_fault_of_another_standard_is_not_there(team, draft):
    other = Rubric.objects.create(version="2.0", starts_on=date(2027, 1, 1))
    foreign = RubricItem.objects.create(rubric=other, category="x", name="x", points=5)
    fault = FatalFault.objects.create(rubric=other, code="X", name="x")

    with pytest.raises(RubricItem.DoesNotExist):
        save_level(draft.pk, foreign.pk, points=D(5), by=team.superior)
    with pytest.raises(FatalFault.DoesNotExist):
        save_sheet(draft.pk, entries=Entries(fatal=Fatal(fault_id=fault.pk, note="x")), by=team.superior)


def test_a_stale_writer_is_told_both_values_and_nothing_is_overwritten(team, draft):
    listening = make.item("聆听能力").pk
    seen = draft.version
    save_level(draft.pk, listening, points=D(5), version=seen, by=team.superior)

    with pytest.raises(ConflictError) as conflict:
        save_level(draft.pk, listening, points=D(2), version=seen, by=team.superior)

    assert conflict.value.theirs == "聆听能力 5"
    assert "聆听能力 2" in str(conflict.value)
    assert draft.scores.get().points == D(5)


def test_the_very_same_again_is_no_conflict_and_writes_nothing(team, draft):
    listening = make.item("聆听能力").pk
    seen = draft.version
    save_level(draft.pk, listening, points=D(5), version=seen, by=team.superior)

    again = save_level(draft.pk, listening, points=D(5), version=seen, by=team.superior)

    assert again.version == seen + 1
    assert events_about(draft).filter(action="assessment.saved").count() == 1


def test_a_comment_keeps_its_second_and_an_empty_one_goes(team, draft):
    listening = make.item("聆听能力").pk

    save_sheet(draft.pk, entries=Entries(comments={listening: Comment(text=" 抢话 ", at_second=70)}), by=team.superior)
    note = draft.notes.get()
    assert (note.item_id, note.at_second, note.text) == (listening, 70, "抢话")

    save_sheet(draft.pk, entries=Entries(comments={listening: Comment()}), by=team.superior)
    assert not draft.notes.exists()


def test_what_is_too_long_or_no_time_is_refused_whole(team, draft):
    listening = make.item("聆听能力").pk
    level = {listening: Level(points=D(5))}
    long, early = Comment(text="长" * 301), Comment(text="x", at_second=-1)

    for comment, code in ((long, "too_long"), (early, "bad_second")):
        told = Entries(levels=level, comments={listening: comment})
        assert refused(save_sheet, draft.pk, entries=told, by=team.superior) == code
    assert refused(save_sheet, draft.pk, entries=Entries(remark="长" * 501), by=team.superior) == "too_long"
    assert not draft.scores.exists()


def test_nobody_writes_into_anothers_draft(team, draft):
    listening = make.item("聆听能力").pk

    for somebody in (team.agent, team.member, team.manager, team.auditor, team.foreign):
        assert refused(save_level, draft.pk, listening, points=D(5), by=somebody) == "not_allowed"
        assert refused(submit_assessment, draft.pk, by=somebody) == "not_allowed"


def test_who_is_no_longer_in_the_group_writes_no_more(team, call):
    draft = open_assessment(call.pk, by=team.member)
    team.member.memberships.update(ends_before=timezone.localdate())

    assert refused(save_level, draft.pk, make.item("聆听能力").pk, points=D(5), by=team.member) == "not_allowed"


# ---------- submitting ----------


def test_a_submitted_first_scoring_is_the_calls_total(team, call):
    done = make.scored(call, team.superior, 聆听能力=Level(points=D(2)))

    call.refresh_from_db()
    assert (call.total, call.drawn_why) == (D("97.00"), "chosen")
    assert (done.total, done.state) == (D("97.00"), AssessmentState.SUBMITTED)
    assert done.submitted_at is not None


def test_what_does_not_apply_is_left_out_of_the_total(team, call):
    make.scored(call, team.superior, 恰当发问=Level(is_not_applicable=True), 聆听能力=Level(points=D(0)))

    call.refresh_from_db()
    assert call.total == D("94.74")  # 90 × 100 ÷ 95


def test_a_drawn_call_stays_drawn(team, call):
    Call.objects.update(drawn_why="random")

    make.scored(call, team.superior)

    call.refresh_from_db()
    assert call.drawn_why == "random"


def test_the_agent_may_object_for_the_standards_working_days(team, call):
    done = make.scored(call, team.superior)

    # the day after is the first; the term is three working days
    assert done.dispute_until is not None
    assert done.dispute_until > timezone.localdate() + timedelta(days=2)


def test_an_open_item_keeps_it_a_draft_and_is_named(team, call, draft):
    levels = make.full_levels()
    del levels[make.item("主动服务").pk]
    save_sheet(draft.pk, entries=Entries(levels=levels), by=team.superior)

    with pytest.raises(RuleError, match="还有 1 项没评：主动服务。") as refusal:
        submit_assessment(draft.pk, by=team.superior)

    assert refusal.value.code == "open_items"
    call.refresh_from_db()
    assert call.total is None


def test_nothing_changes_after_it_was_submitted(team, call):
    done = make.scored(call, team.superior)

    assert refused(submit_assessment, done.pk, by=team.superior) == "not_allowed"
    assert refused(save_level, done.pk, make.item("聆听能力").pk, points=D(0), by=team.superior) == "not_allowed"
    assert refused(discard_assessment, done.pk, by=team.superior) == "not_allowed"
    assert AssessmentScore.objects.get(item__name="聆听能力").points == D(5)


def test_a_month_that_is_consolidated_takes_no_more_calls(team, call):
    draft = make.scored(call, team.superior, submit=False)
    counted = make.make_call(team.agent, "LY-2", called_on=date(2026, 11, 30), total=90)
    Call.objects.filter(pk=counted.pk).update(counted_month=date(2026, 11, 1))

    assert refused(submit_assessment, draft.pk, by=team.superior) == "month_counted"
    call.refresh_from_db()
    assert call.total is None
    fresh = make.make_call(team.agent, "LY-3")
    assert refused(open_assessment, fresh.pk, by=team.superior) == "month_counted"


def test_another_month_or_another_agents_month_is_not_in_the_way(team, call):
    other = make.make_call(team.agent, "LY-2", called_on=date(2026, 10, 31), total=90)
    theirs = make.make_call(team.other_agent, "LY-3", total=90)
    Call.objects.filter(pk=other.pk).update(counted_month=date(2026, 10, 1))
    Call.objects.filter(pk=theirs.pk).update(counted_month=date(2026, 11, 1))

    make.scored(call, team.superior)

    call.refresh_from_db()
    assert call.total == D("100.00")


# ---------- fatal faults ----------


def fatal(code="F4", note="1:10 念出他人地址") -> Fatal:
    return Fatal(fault_id=make.rubric().fatal_faults.get(code=code).pk, note=note)


def test_a_fatal_fault_makes_it_zero_and_files_one_incident_to_be_verified(team, call):
    draft = make.scored(call, team.superior, submit=False)
    save_sheet(draft.pk, entries=Entries(fatal=fatal()), by=team.superior)

    done = submit_assessment(draft.pk, by=team.superior)

    call.refresh_from_db()
    assert (done.total, call.total) == (D("0.00"), D("0.00"))
    incident, fault = Incident.objects.get(), make.rubric().fatal_faults.get(code="F4")
    assert (incident.found_by, incident.origin, incident.kind) == (
        team.superior,
        "LY-1",
        fault.incident_kind,
    )
    assert (incident.occurred_on, incident.occurred_time) == (call.called_on, call.called_at)
    assert "念出他人地址" in incident.description
    share = incident.involvements.get()
    assert (share.employee, share.state) == (team.agent, EventState.FILED)


def test_a_fatal_fault_needs_the_fact_and_files_nothing_before_it_is_submitted(team, call):
    draft = make.scored(call, team.superior, submit=False)
    save_sheet(draft.pk, entries=Entries(fatal=fatal(note="")), by=team.superior)

    assert refused(submit_assessment, draft.pk, by=team.superior) == "fatal_note_missing"
    assert not Incident.objects.exists()
    save_sheet(draft.pk, entries=Entries(fatal=Fatal()), by=team.superior)
    submit_assessment(draft.pk, by=team.superior)
    assert not Incident.objects.exists()


def test_if_the_incident_cannot_be_filed_nothing_is_submitted(team, call):
    draft = make.scored(call, team.superior, submit=False)
    save_sheet(draft.pk, entries=Entries(fatal=fatal()), by=team.superior)
    team.agent.left_on = date(2026, 11, 1)
    team.agent.save()

    assert refused(submit_assessment, draft.pk, by=team.superior) == "not_employed"

    draft.refresh_from_db()
    call.refresh_from_db()
    assert (draft.state, call.total) == (AssessmentState.DRAFT, None)


def test_the_second_scoring_counts_for_nothing_and_files_nothing(team, call):
    make.scored(call, team.superior, 聆听能力=Level(points=D(2)))
    second = make.second_of(call, team.member)
    save_sheet(second.pk, entries=Entries(levels=make.full_levels(), fatal=fatal()), by=team.member)

    done = submit_assessment(second.pk, by=team.member)

    call.refresh_from_db()
    assert (done.total, call.total) == (D("0.00"), D("97.00"))
    assert done.dispute_until is None
    assert not Incident.objects.exists()


def test_a_second_scoring_may_follow_after_the_month_is_consolidated(team, call):
    make.scored(call, team.superior)
    second = make.second_of(call, team.member)
    save_sheet(second.pk, entries=Entries(levels=make.full_levels()), by=team.member)
    Call.objects.update(counted_month=date(2026, 11, 1))

    assert submit_assessment(second.pk, by=team.member).total == D("100.00")
