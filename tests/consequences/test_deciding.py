"""HR decides a proposal: what each choice needs, what it changes, who may, and how it is taken back (P7.1, P7.2)."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from appraisals.models import Scheme
from audit.models import Event
from consequences.models import CareerReport, Decision
from consequences.permissions import Reader
from consequences.selectors.desk import waiting_proposals
from consequences.selectors.leaving import held_from_leaving
from consequences.selectors.letters import letter_of
from consequences.selectors.rungs import rungs_of
from consequences.services.approving import approve_decision, drop_decision
from consequences.services.deciding import Verdict, decide_proposal
from consequences.services.reporting import report_career
from consequences.services.undoing import keep_decision, note_letter_read, undo_decision
from consequences.states import Choice, DecisionState
from consequences.workflow import by_gravity, choices_for
from development.models import TrainingRequest
from development.services.training import arrange_training
from development.states import TrainingState
from notices.models import Message
from people.models import Employee, PayStep
from people.selectors import pay_basis, standing_of
from people.services.pay_steps import end_running_steps, set_pay_step
from people.states import Role
from scoring.models import AnnualReview, ExtraPay, Proposal
from scoring.states import ProposalState
from tests import world
from tests.consequences.desk import decide, on, proposal, refusal

pytestmark = pytest.mark.django_db


def cap(somebody, month: date) -> Decimal | None:
    return pay_basis([somebody.pk], month)[somebody.pk].pay_cap


def of_year(somebody, rule: str) -> Proposal:
    with on():
        review, _new = AnnualReview.objects.get_or_create(
            year=2025, defaults={"completion": 100, "closed_at": "2026-01-20T10:00+08:00", "closed_by": "x"}
        )
    evidence = [{"year": 2024, "grade": "A"}, {"year": 2025, "grade": "A", "coefficient": "96.00"}]
    return Proposal.objects.create(employee=somebody, review=review, rule=rule, leads_to=rule, evidence=evidence)


def test_a_cap_change_holds_from_the_following_month_and_is_told_without_figures(desk):
    row = proposal(desk.agent, "R4")

    decision = decide(row, "cap_down", by=desk.hr, reason="累计三次")

    row.refresh_from_db()
    assert (decision.state, row.state) == (DecisionState.IN_FORCE, ProposalState.DECIDED)
    assert (cap(desk.agent, date(2026, 11, 30)), cap(desk.agent, date(2026, 12, 1))) == (Decimal(1200), Decimal(1000))
    assert pay_basis([desk.agent.pk], date(2026, 12, 1))[desk.agent.pk].post_wage == 3400
    message = Message.objects.get(recipient=desk.agent)
    assert (message.kind, message.detail) == ("decision_made", {})
    assert Event.objects.filter(action="decision.made", object_id=str(decision.pk)).exists()


def test_decided_in_december_it_holds_from_january(desk):
    with on(day=20, month=12):
        decision = decide_proposal(proposal(desk.agent).pk, Verdict(choice="cap_down"), by=desk.hr)

    assert decision.effective_from == date(2027, 1, 1)


def test_at_the_end_of_the_ladder_the_cap_cannot_change_and_a_bonus_can_be_paid(desk):
    desk.agent.grade = desk.rungs[2]
    desk.agent.save(update_fields=["grade"])
    row = proposal(desk.agent, "R3")

    with on():
        assert refusal(decide_proposal, row.pk, Verdict(choice="cap_up"), by=desk.hr) == "no_rung"
    decision = decide(row, "bonus", by=desk.hr, amount=Decimal("800.00"))

    extra = ExtraPay.objects.get()
    assert (decision.extra, extra.amount, extra.paid_month) == (extra, Decimal(800), date(2026, 11, 1))


@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        (Verdict(choice=""), "choice_missing"),
        (Verdict(choice="cap_down"), "choice_missing"),
        (Verdict(choice="bonus"), "amount_missing"),
        (Verdict(choice="bonus", amount=Decimal(0)), "amount_wrong"),
        (Verdict(choice="bonus", amount=Decimal("0.005")), "amount_wrong"),
        (Verdict(choice="bonus", amount=Decimal(1_000_001)), "amount_wrong"),
        (Verdict(choice="set_aside", reason=" "), "reason_missing"),
        (Verdict(choice="cap_up", reason="长" * 501), "too_long"),
    ],
)
def test_what_a_choice_needs_is_asked_for_and_nothing_is_written(desk, verdict, code):
    row = proposal(desk.agent, "R3")

    with on():
        assert refusal(decide_proposal, row.pk, verdict, by=desk.hr) == code

    assert not Decision.objects.exists()
    assert Proposal.objects.get().state == ProposalState.PROPOSED


def test_a_rule_that_the_scheme_added_is_decided_like_the_policys_own_that_leads_there(desk):
    row = proposal(desk.agent, "R9", leads_to="R2")

    assert choices_for(row.leads_to) == (Choice.DISMISS, Choice.DEMOTE, Choice.SET_ASIDE)
    assert held_from_leaving() == {desk.agent.number}
    with on():
        assert refusal(decide_proposal, row.pk, Verdict(choice=Choice.WARNING), by=desk.hr) == "choice_missing"
    case = decide(row, Choice.DISMISS, by=desk.hr, reason="两年三次低于门槛", leaves_on=date(2026, 12, 31))
    assert case.state == DecisionState.PREPARING
    assert case.checks.exists()


@pytest.mark.parametrize("who", ["agent", "supervisor", "manager", "general", "leader", "auditor", "administrator"])
def test_only_hr_decides(desk, who):
    row = proposal(desk.agent)

    with on():
        assert refusal(decide_proposal, row.pk, Verdict(choice="cap_down"), by=getattr(desk, who)) == "not_allowed"


def test_nobody_of_hr_decides_about_himself_but_another_does(desk):
    row = proposal(desk.hr, "R1")

    with on():
        assert refusal(decide_proposal, row.pk, Verdict(choice="warning"), by=desk.hr) == "not_allowed"
    assert decide(row, "warning", by=desk.second_hr).state == DecisionState.IN_FORCE


def test_decided_is_decided_once(desk):
    row = proposal(desk.agent)
    decide(row, "cap_down", by=desk.hr)

    with on():
        assert refusal(decide_proposal, row.pk, Verdict(choice="cap_down"), by=desk.second_hr) == "not_allowed"
    assert PayStep.objects.count() == 1


def test_what_is_set_aside_changes_nothing_and_is_not_told(desk):
    row = proposal(desk.agent, "R2")

    decision = decide(row, "set_aside", by=desk.hr, reason="产假前后，不宜计")

    row.refresh_from_db()
    assert (row.state, decision.in_force_at) == (ProposalState.SET_ASIDE, None)
    assert not Message.objects.exists()


def test_a_promotion_holds_only_when_the_general_manager_approves(desk):
    decision = decide(of_year(desk.agent, "promote_or_raise"), "grade_up", by=desk.hr)
    assert (decision.state, cap(desk.agent, date(2027, 1, 1))) == (DecisionState.PREPARING, Decimal(1200))

    with on(18):
        for who in (desk.hr, desk.manager, desk.leader, desk.agent):
            assert refusal(approve_decision, decision.pk, by=who) == "not_allowed"
        approve_decision(decision.pk, by=desk.general)

    basis = pay_basis([desk.agent.pk], date(2026, 12, 1))[desk.agent.pk]
    assert (basis.grade_name, basis.post_wage, basis.pay_cap) == ("G3", Decimal(3800), Decimal(1400))


def won_before(desk, rung: int) -> None:
    """A cap of the agent's own, decided earlier in the year."""
    with transaction.atomic():
        starts_on = date(2026, 3, 1)
        set_pay_step(
            desk.agent.pk, kind="cap", grade_id=desk.rungs[rung].pk, starts_on=starts_on, source="JC-1", by=desk.hr
        )


def test_a_promotion_takes_no_cap_that_was_won_before(desk):
    first = desk.rungs[0]
    Employee.objects.filter(pk=desk.agent.pk).update(grade=first)
    won_before(desk, 2)
    row = of_year(desk.agent, "promote_or_raise")
    rungs = rungs_of([Employee.objects.get(pk=desk.agent.pk)], date(2026, 12, 1))[desk.agent.pk]
    assert rungs.amount("grade_up") == (Decimal(1400), Decimal(1400))
    assert rungs.figures("grade_up", "wage") == (Decimal(3000), Decimal(3400))

    decision = decide(row, "grade_up", by=desk.hr)
    with on(18):
        approve_decision(decision.pk, by=desk.general)

    basis = pay_basis([desk.agent.pk], date(2026, 12, 1))[desk.agent.pk]
    assert (basis.grade_name, basis.post_wage, basis.pay_cap) == ("G2", Decimal(3400), Decimal(1400))
    decision.refresh_from_db()
    letter = letter_of(decision)
    assert (letter.figures, letter.wage) == ((Decimal(1400), Decimal(1400)), (Decimal(3000), Decimal(3400)))


def test_a_promotion_overtakes_a_cap_that_pays_no_more(desk):
    won_before(desk, 0)  # lowered once

    decision = decide(of_year(desk.agent, "promote_or_raise"), "grade_up", by=desk.hr)
    with on(18):
        approve_decision(decision.pk, by=desk.general)

    assert cap(desk.agent, date(2026, 12, 1)) == Decimal(1400)
    decision.refresh_from_db()
    assert letter_of(decision).figures == (Decimal(1000), Decimal(1400))


def test_a_demotion_gives_no_cap_back_that_was_lost(desk):
    Employee.objects.filter(pk=desk.agent.pk).update(grade=desk.rungs[2])
    won_before(desk, 0)
    desk.agent.refresh_from_db()
    rungs = rungs_of([desk.agent], date(2026, 12, 1))[desk.agent.pk]
    assert rungs.amount("demote") == (Decimal(1000), Decimal(1000))

    with transaction.atomic():
        set_pay_step(
            desk.agent.pk,
            kind="grade",
            grade_id=desk.rungs[1].pk,
            starts_on=date(2026, 12, 1),
            source="JC-2",
            by=desk.hr,
        )

    basis = pay_basis([desk.agent.pk], date(2026, 12, 1))[desk.agent.pk]
    assert (basis.post_wage, basis.pay_cap) == (Decimal(3400), Decimal(1000))


def test_a_raise_of_the_post_wage_leaves_the_cap(desk):
    decision = decide(of_year(desk.agent, "promote_or_raise"), "wage_up", by=desk.hr)

    with on(18):
        approve_decision(decision.pk, by=desk.general)

    basis = pay_basis([desk.agent.pk], date(2026, 12, 1))[desk.agent.pk]
    assert (basis.grade_name, basis.post_wage, basis.pay_cap) == ("G2", Decimal(3800), Decimal(1200))


def test_nobody_approves_what_he_decided_even_with_both_offices(desk):
    world.with_role(desk.hr, Role.GENERAL_MANAGER)
    decision = decide(of_year(desk.agent, "promote_or_raise"), "grade_up", by=desk.hr)

    with on(18):
        assert refusal(approve_decision, decision.pk, by=desk.hr) == "not_allowed"


def test_an_award_may_come_without_an_amount_and_a_career_plan_asks_for_training(desk):
    assert decide(of_year(desk.agent, "excellence_award"), "award", by=desk.hr).extra is None
    row = of_year(desk.agent, "career_plan")
    report_career(row.pk, text="可以带新人，补培训技巧。", by=desk.manager)
    decide(row, "career", by=desk.hr)

    assert TrainingRequest.objects.get().employee == desk.agent


@pytest.mark.parametrize("who", ["hr", "second_hr", "general", "leader", "agent", "supervisor"])
def test_only_the_departments_manager_reports_on_a_career(desk, who):
    row = of_year(desk.agent, "career_plan")

    assert refusal(report_career, row.pk, text="好", by=getattr(desk, who)) == "not_allowed"


def test_a_career_plan_waits_for_the_managers_report(desk):
    row = of_year(desk.agent, "career_plan")
    with on(16):
        assert refusal(decide_proposal, row.pk, Verdict(choice="career"), by=desk.hr) == "report_missing"
    assert refusal(report_career, row.pk, text=" ", by=desk.manager) == "text_missing"
    assert refusal(report_career, row.pk, text="好" * 1001, by=desk.manager) == "too_long"
    report_career(row.pk, text="第一稿", by=desk.manager)
    report_career(row.pk, text="第二稿", by=desk.manager)
    assert CareerReport.objects.get().text == "第二稿"
    decide(row, "career", by=desk.hr)
    assert refusal(report_career, row.pk, text="太晚", by=desk.manager) == "not_allowed"
    assert refusal(report_career, proposal(desk.agent).pk, text="不是这种", by=desk.manager) == "not_allowed"


def test_taking_a_career_plan_back_takes_its_training_back_and_deciding_again_asks_once(desk):
    row = of_year(desk.agent, "career_plan")
    report_career(row.pk, text="可以带新人。", by=desk.manager)
    first = decide(row, "career", by=desk.hr)
    with on(17):
        undo_decision(first.pk, reason="年度更正", by=desk.hr)
    assert TrainingRequest.objects.get().state == TrainingState.DECLINED

    second = decide(row, "career", by=desk.hr)
    waiting = TrainingRequest.objects.get(state=TrainingState.COLLECTED)
    with on(18):
        arrange_training(waiting.pk, day=date(2026, 12, 20), answer="", by=desk.hr)
        undo_decision(second.pk, reason="再看看", by=desk.hr)
    assert TrainingRequest.objects.get(pk=waiting.pk).state == TrainingState.ARRANGED
    third = decide(row, "career", by=desk.hr)
    assert third.training == waiting
    assert TrainingRequest.objects.count() == 2


def test_taking_a_cap_back_is_as_if_it_never_was_and_the_proposal_waits_again(desk):
    row = proposal(desk.agent)
    decision = decide(row, "cap_down", by=desk.hr)

    with on(20):
        undo_decision(decision.pk, reason="查错了人", by=desk.second_hr)

    row.refresh_from_db()
    decision.refresh_from_db()
    assert (decision.state, row.state) == (DecisionState.UNDONE, ProposalState.PROPOSED)
    assert (cap(desk.agent, date(2026, 12, 1)), decision.undone_reason) == (Decimal(1200), "查错了人")
    assert Message.objects.filter(recipient=desk.agent, kind="decision_undone").exists()


def test_what_another_approved_hr_alone_does_not_take_back(desk):
    decision = decide(of_year(desk.agent, "promote_or_raise"), "grade_up", by=desk.hr)
    with on(17):
        approve_decision(decision.pk, by=desk.general)
    with on(20):
        for who in (desk.hr, desk.second_hr, desk.manager, desk.agent):
            assert refusal(undo_decision, decision.pk, reason="算错了年度", by=who) == "not_allowed"
        assert undo_decision(decision.pk, reason="算错了年度", by=desk.general).state == DecisionState.UNDONE

    assert Message.objects.filter(recipient=desk.hr, kind="approval_undone").exists()


def test_what_a_later_step_had_ended_runs_again_when_that_one_is_taken_back(desk):
    first = decide(proposal(desk.agent, "R3"), "cap_up", by=desk.hr)
    second = decide(proposal(desk.agent, "R4"), "cap_down", by=desk.hr, day=17)
    assert cap(desk.agent, date(2026, 12, 1)) == 1200

    with on(20):
        undo_decision(second.pk, reason="更正", by=desk.hr)

    assert cap(desk.agent, date(2026, 12, 1)) == 1400
    with on(21):
        undo_decision(first.pk, reason="更正", by=desk.hr)
    assert cap(desk.agent, date(2026, 12, 1)) == 1200


def test_what_an_undone_step_had_ended_stays_ended_if_it_was_undone_itself(desk):
    first = decide(proposal(desk.agent, "R3"), "cap_up", by=desk.hr)
    second = decide(proposal(desk.agent, "R4"), "cap_down", by=desk.hr, day=17)

    with on(20):
        undo_decision(first.pk, reason="更正", by=desk.hr)
        undo_decision(second.pk, reason="更正", by=desk.hr)

    assert cap(desk.agent, date(2026, 12, 1)) == 1200
    assert not PayStep.objects.filter(ends_before__isnull=True).exists()


def test_registering_another_grade_ends_what_was_decided_on_the_old_one(desk):
    decide(proposal(desk.agent, "R3"), "cap_up", by=desk.hr)

    with on(day=10, month=12), transaction.atomic():
        end_running_steps([desk.agent.pk], day=date(2027, 1, 10), by=desk.hr)

    assert (cap(desk.agent, date(2026, 12, 1)), cap(desk.agent, date(2027, 1, 1))) == (Decimal(1400), Decimal(1200))


def test_a_bonus_taken_back_is_not_paid(desk):
    decision = decide(proposal(desk.agent, "R3"), "bonus", by=desk.hr, amount=Decimal(500))

    with on(20):
        undo_decision(decision.pk, reason="更正", by=desk.hr)

    assert ExtraPay.objects.get().cancelled_at is not None


def test_without_its_ground_a_decision_is_taken_back_or_kept_with_a_reason(desk):
    row = proposal(desk.agent)
    decision = decide(row, "cap_down", by=desk.hr)
    with on(18):
        assert refusal(keep_decision, decision.pk, reason="留着", by=desk.hr) == "ground_stands"
    Proposal.objects.filter(pk=row.pk).update(ground_lost_at="2026-11-19T10:00+08:00")

    with on(20):
        assert refusal(keep_decision, decision.pk, reason="", by=desk.hr) == "reason_missing"
        keep_decision(decision.pk, reason="本人同意", by=desk.hr)
        undo_decision(decision.pk, reason="还是撤回", by=desk.hr)

    row.refresh_from_db()
    assert row.state == ProposalState.UNDONE


def test_a_dropped_promotion_lets_the_proposal_wait_again(desk):
    row = of_year(desk.agent, "promote_or_raise")
    decision = decide(row, "grade_up", by=desk.hr)

    with on(18):
        assert refusal(drop_decision, decision.pk, reason="", by=desk.general) == "reason_missing"
        drop_decision(decision.pk, reason="今年不升", by=desk.general)

    row.refresh_from_db()
    assert row.state == ProposalState.PROPOSED
    assert not PayStep.objects.exists()


def test_the_employee_alone_confirms_that_he_read_and_the_first_time_counts(desk):
    decision = decide(proposal(desk.agent), "cap_down", by=desk.hr)

    with on(17):
        assert refusal(note_letter_read, decision.pk, by=desk.hr) == "not_allowed"
        note_letter_read(decision.pk, by=desk.agent)
    with on(18):
        note_letter_read(decision.pk, by=desk.agent)

    decision.refresh_from_db()
    assert decision.read_at is not None
    assert decision.read_at.day == 17


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"choice": "dismiss", "state": "in_force", "open_checks": 1, "approved_by": "manager"}, "checklist"),
        ({"choice": "dismiss", "state": "in_force"}, "grave_"),
        ({"choice": "grade_up", "state": "in_force", "approved_by": "hr"}, "approved_by_another"),
        ({"choice": "set_aside", "state": "in_force"}, "set_aside_says_why"),
        ({"choice": "bonus", "state": "in_force"}, "bonus_has_an_amount"),
    ],
)
def test_the_database_itself_refuses_what_no_service_would_write(desk, facts, constraint):
    approver = facts.pop("approved_by", None)
    approved_by = getattr(desk, approver) if approver else None
    with on(), pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Decision.objects.create(
            number="JC-2026-0001",
            proposal=proposal(desk.agent),
            decided_by=desk.hr,
            decided_at="2026-11-16T10:00+08:00",
            approved_by=approved_by,
            **facts,
        )


def test_the_desk_stands_in_the_order_of_gravity_of_the_scheme(desk):
    assert by_gravity(("R2", "R4", "R1", "R3"))[0] == "R2"
    assert by_gravity(("R1", "R3", "R4", "R2", "R5")) == (
        "R1",
        "demote_or_dismiss",
        "R3",
        "R4",
        "promote_or_raise",
        "excellence_award",
        "R2",
        "career_plan",
        "R5",
    )
    rows = [proposal(desk.agent, "R1"), proposal(desk.agent, "R2"), of_year(desk.agent, "excellence_award")]
    reader = Reader(desk.hr, standing_of(desk.hr, date(2026, 11, 16)))
    assert [row.rule for row in waiting_proposals(reader)] == ["R2", "R1", "excellence_award"]

    scheme = Scheme.objects.get()
    scheme.parameters = {**scheme.parameters, "gravity": ["R1", "R2", "R4", "R3"]}
    Scheme.objects.filter(pk=scheme.pk).update(parameters=scheme.parameters)
    assert [row.rule for row in waiting_proposals(reader)] == ["R1", "R2", "excellence_award"]
    assert len(rows) == 3
