"""A dismissal goes only through its checklist and another's approval: no other road leads there (P7.1, decided)."""

from dataclasses import replace
from datetime import date

import pytest
from django.apps import apps
from django.db import transaction
from django.utils import timezone

from common.errors import RuleError
from consequences.models import CheckItem
from consequences.permissions import Reader, approvers
from consequences.selectors.case import file_for
from consequences.services.approving import approve_decision, drop_decision
from consequences.services.checking import save_check, set_last_day, state_own_words, take_signature_back
from consequences.services.deciding import Verdict, decide_proposal
from consequences.services.undoing import undo_decision
from consequences.states import DecisionState
from notices.models import Message
from people.facts import SYSTEM, PayBasis
from people.models import Employee, Grade, PayStep, Position
from people.selectors import standing_of
from people.services.pay_steps import set_pay_step
from people.services.staff import EmployeeFacts, save_employee
from people.states import Role
from reports.selectors.known import Wanted, known_for
from reports.selectors.todos import waiting_for
from reports.selectors.waiting import APPROVE_DECISION
from reports.services.imports import WorkbookRefusedError, load_workbook
from scoring.models import Proposal
from scoring.states import ProposalState
from tests import world
from tests.consequences.desk import (
    decide,
    dismissal,
    finding,
    on,
    paper,
    proposal,
    refusal,
    sign_all,
)
from tests.reports.sheets import AGENTS, parsed, team

pytestmark = pytest.mark.django_db
LAST_DAY = date(2026, 12, 31)


def left_on(somebody) -> date | None:
    return Employee.objects.get(pk=somebody.pk).left_on


def reader(somebody) -> Reader:
    return Reader(somebody, standing_of(somebody, date(2026, 11, 17)))


def typed(somebody, **more) -> EmployeeFacts:
    names = EmployeeFacts.__dataclass_fields__
    fresh = Employee.objects.get(pk=somebody.pk)
    return replace(EmployeeFacts(**{name: getattr(fresh, name) for name in names}), **more)


def test_a_dismissal_is_in_force_only_with_all_six_points_signed_and_another_ones_approval(desk):
    decision = dismissal(desk)
    assert (decision.state, decision.open_checks, left_on(desk.agent)) == (DecisionState.PREPARING, 6, None)
    assert "48.00%" in CheckItem.objects.get(code="evidence").note

    with on(17):
        assert refusal(approve_decision, decision.pk, by=desk.manager) == "checks_open"
    sign_all(decision, by=desk.hr, but="union")
    with on(18):
        assert refusal(approve_decision, decision.pk, by=desk.manager) == "checks_open"
    with on(18):
        save_check(CheckItem.objects.get(code="union").pk, finding(signed_for="工会 王芳"), by=desk.second_hr)
        approve_decision(decision.pk, by=desk.manager)

    assert left_on(desk.agent) == LAST_DAY
    assert Message.objects.filter(recipient=desk.manager, kind="approval_wanted").count() == 1


@pytest.mark.parametrize("who", ["hr", "second_hr", "agent", "supervisor", "general", "leader", "auditor"])
def test_only_the_departments_manager_approves_a_dismissal(desk, who):
    decision = dismissal(desk)
    sign_all(decision, by=desk.hr)

    with on(18):
        assert refusal(approve_decision, decision.pk, by=getattr(desk, who)) == "not_allowed"


def test_the_departments_manager_himself_is_the_general_managers_to_approve(desk):
    decision = dismissal(desk, proposal(desk.manager, "R2"))
    sign_all(decision, by=desk.hr)

    with on(18):
        assert refusal(approve_decision, decision.pk, by=desk.manager) == "not_allowed"
        approve_decision(decision.pk, by=desk.general)

    assert left_on(desk.manager) == LAST_DAY


@pytest.mark.parametrize(
    ("code", "facts", "refused"),
    [
        ("legal", {"note": ""}, "note_missing"),
        ("legal", {"signed_for": ""}, "signed_for_missing"),
        ("union", {"files": ()}, "file_missing"),
        ("training", {"files": ()}, "file_missing"),
        ("second", {"note": "长" * 1001}, "too_long"),
    ],
)
def test_a_point_is_signed_only_with_words_and_where_it_is_a_paper_with_the_file(desk, code, facts, refused):
    item = CheckItem.objects.get(decision=dismissal(desk), code=code)

    with on(17):
        assert refusal(save_check, item.pk, finding(**facts), by=desk.hr) == refused

    item.refresh_from_db()
    assert (item.signed_at, item.decision.open_checks) == (None, 6)


def test_what_is_signed_is_not_written_before_the_signature_is_taken_back_with_a_reason(desk):
    decision = dismissal(desk)
    sign_all(decision, by=desk.hr)
    item = decision.checks.get(code="second")

    with on(18):
        assert refusal(save_check, item.pk, finding(note="换一种说法"), by=desk.hr) == "signed_already"
        assert refusal(take_signature_back, item.pk, reason="", by=desk.hr) == "reason_missing"
        take_signature_back(item.pk, reason="日期写错", by=desk.second_hr)
        assert refusal(approve_decision, decision.pk, by=desk.manager) == "checks_open"


@pytest.mark.parametrize("who", ["agent", "supervisor", "manager", "general", "leader", "auditor", "administrator"])
def test_only_hr_keeps_the_checklist(desk, who):
    item = dismissal(desk).checks.get(code="second")

    with on(17):
        assert refusal(save_check, item.pk, finding(), by=getattr(desk, who)) == "not_allowed"


def test_the_person_is_heard_in_his_own_words_and_they_stay_his(desk):
    decision = dismissal(desk)

    with on(17):
        assert refusal(state_own_words, decision.pk, text="代他说", by=desk.colleague) == "not_allowed"
        item = state_own_words(decision.pk, text="调岗后有改善", by=desk.agent)
        assert refusal(save_check, item.pk, finding(note="他没说什么"), by=desk.hr) == "own_words"
        assert refusal(take_signature_back, item.pk, reason="换掉", by=desk.hr) == "own_words"

    decision.refresh_from_db()
    assert (item.note, item.signed_by, decision.open_checks) == ("调岗后有改善", desk.agent, 5)


def test_whoever_signed_a_point_does_not_approve_the_case(desk):
    decision = dismissal(desk)
    sign_all(decision, by=desk.second_hr)
    world.with_role(desk.second_hr, Role.DEPARTMENT)

    with on(18):
        assert refusal(approve_decision, decision.pk, by=desk.second_hr) == "not_allowed"
        assert desk.second_hr.pk not in approvers(decision, date(2026, 11, 18))
        today = date(2026, 11, 18)
        waiting = waiting_for(desk.second_hr, standing_of(desk.second_hr, today), today)
    assert APPROVE_DECISION not in {one.what for one in waiting}


def test_a_dismissal_never_lengthens_an_employment_that_ends(desk):
    Employee.objects.filter(pk=desk.agent.pk).update(left_on=date(2026, 11, 30))
    row = proposal(desk.agent, "R2")

    assert refusal(decide, row, "dismiss", by=desk.hr, leaves_on=date(2026, 12, 31)) == "leaves_before"
    decide(row, "dismiss", by=desk.hr, leaves_on=date(2026, 11, 30))


def test_the_files_of_a_case_open_for_the_desk_and_not_for_the_person_or_others(desk):
    decision = dismissal(desk)
    sign_all(decision, by=desk.hr)
    file = decision.checks.get(code="legal").files.get()

    for who, opens in (("hr", True), ("manager", True), ("agent", False), ("supervisor", False), ("colleague", False)):
        found = file_for(reader(getattr(desk, who)), decision.proposal_id, file.pk)
        assert (found is not None) == opens, who


def test_a_ground_that_is_gone_is_no_longer_approved_and_the_case_ends_undone(desk):
    decision = dismissal(desk)
    sign_all(decision, by=desk.hr)
    Proposal.objects.update(ground_lost_at="2026-11-17T12:00+08:00")

    with on(18):
        assert refusal(approve_decision, decision.pk, by=desk.manager) == "ground_lost"
        drop_decision(decision.pk, reason="依据更正了", by=desk.hr)

    assert Proposal.objects.get().state == ProposalState.UNDONE
    assert left_on(desk.agent) is None


def test_a_last_day_that_has_passed_is_set_anew_before_it_is_approved(desk):
    decision = dismissal(desk)
    sign_all(decision, by=desk.hr)

    with on(4, month=12):
        set_last_day(decision.pk, day=date(2026, 12, 10), by=desk.hr)
    with on(11, month=12):
        assert refusal(approve_decision, decision.pk, by=desk.manager) == "day_passed"
        assert refusal(set_last_day, decision.pk, day=date(2026, 12, 10), by=desk.hr) == "day_passed"
        set_last_day(decision.pk, day=date(2026, 12, 20), by=desk.hr)
        approve_decision(decision.pk, by=desk.manager)

    assert left_on(desk.agent) == date(2026, 12, 20)


def test_a_demotion_needs_the_same_and_changes_the_whole_grade(desk):
    decision = decide(proposal(desk.agent, "R2"), "demote", by=desk.hr)
    assert not PayStep.objects.exists()
    sign_all(decision, by=desk.hr)

    with on(18):
        approve_decision(decision.pk, by=desk.manager)

    step = PayStep.objects.get()
    assert (step.kind, step.grade, step.starts_on) == ("grade", desk.rungs[0], date(2026, 12, 1))


def test_a_dismissal_taken_back_leaves_the_last_day_for_hr_to_set(desk):
    decision = dismissal(desk)
    sign_all(decision, by=desk.hr)
    with on(18):
        approve_decision(decision.pk, by=desk.manager)
    with on(19):
        undo_decision(decision.pk, reason="和解", by=desk.manager)

    assert left_on(desk.agent) == LAST_DAY


@pytest.mark.parametrize("is_open", ["undecided", "case"])
def test_no_last_day_is_typed_into_the_persons_sheet_while_a_dismissal_is_open(desk, is_open):
    row = proposal(desk.agent, "R2")
    if is_open == "case":
        dismissal(desk, row)
    standing = standing_of(desk.hr, LAST_DAY)

    facts = typed(desk.agent, left_on=LAST_DAY)
    assert refusal(save_employee, desk.agent.pk, facts=facts, by=desk.hr, standing=standing) == "dismissal_open"
    assert left_on(desk.agent) is None

    renamed = typed(desk.agent, name="吴茜")
    save_employee(desk.agent.pk, facts=renamed, by=desk.hr, standing=standing)  # the rest may be changed


@pytest.mark.parametrize("choice", ["undecided", "dismiss", "demote"])
def test_no_lower_pay_is_typed_while_a_dismissal_or_demotion_is_open_and_a_transfer_is(desk, choice):
    row, standing = proposal(desk.agent, "R2"), standing_of(desk.hr, LAST_DAY)
    now = Grade.objects.get(employees=desk.agent.pk)
    lower = Grade.objects.create(position=now.position, name="低等", rank=0, post_wage=now.post_wage, pay_cap=1)
    higher = Grade.objects.create(position=now.position, name="高等", rank=99, post_wage=now.post_wage, pay_cap=9999)
    post = Position.objects.exclude(pk=now.position_id)[0]
    if choice != "undecided":
        decide(row, choice, by=desk.hr, leaves_on=LAST_DAY if choice == "dismiss" else None)

    elsewhere = Grade.objects.create(position=post, name="外等", rank=0, post_wage=now.post_wage, pay_cap=now.pay_cap)
    poorer = Grade.objects.create(position=post, name="外低", rank=9, post_wage=now.post_wage, pay_cap=1)

    ways = ({"grade_id": lower.pk}, {"grade_id": None}, {"position_id": post.pk, "grade_id": None})
    for way in (*ways, {"position_id": post.pk, "grade_id": poorer.pk}):
        facts = typed(desk.agent, **way)
        assert refusal(save_employee, desk.agent.pk, facts=facts, by=desk.hr, standing=standing) == "dismissal_open"
    assert Employee.objects.get(pk=desk.agent.pk).grade == now

    facts = typed(desk.agent, grade_id=higher.pk)
    save_employee(desk.agent.pk, facts=facts, by=desk.hr, standing=standing)
    Employee.objects.filter(pk=desk.agent.pk).update(grade=now)
    facts = typed(desk.agent, position_id=post.pk, grade_id=elsewhere.pk)
    save_employee(desk.agent.pk, facts=facts, by=desk.hr, standing=standing)


def test_what_was_decided_counts_when_lower_pay_is_typed_beside_an_open_case(desk):
    row, standing = proposal(desk.agent, "R2"), standing_of(desk.hr, LAST_DAY)
    lowest, now, highest = desk.rungs
    with transaction.atomic():
        starts_on = timezone.localdate().replace(day=1)
        set_pay_step(desk.agent.pk, kind="grade", grade_id=highest.pk, starts_on=starts_on, source="JC-1", by=desk.hr)
    Employee.objects.filter(pk=desk.agent.pk).update(grade=lowest)

    facts = typed(desk.agent, grade_id=now.pk)  # above the registered one, below the one he is paid by
    assert refusal(save_employee, desk.agent.pk, facts=facts, by=desk.hr, standing=standing) == "dismissal_open"
    no = frozenset[str]()
    nothing = Wanted(months=frozenset(), incidents=no, bonuses=no, calls=no, years=frozenset())
    assert known_for(nothing).held == {desk.agent.number: PayBasis(highest.name, highest.post_wage, highest.pay_cap)}

    Proposal.objects.filter(pk=row.pk).update(state=ProposalState.SET_ASIDE)
    save_employee(desk.agent.pk, facts=facts, by=desk.hr, standing=standing)


def test_without_an_open_case_a_lower_grade_is_typed_as_ever(desk):
    now = Grade.objects.get(employees=desk.agent.pk)
    lower = Grade.objects.create(position=now.position, name="低等", rank=0, post_wage=now.post_wage, pay_cap=1)

    facts = typed(desk.agent, grade_id=lower.pk)
    save_employee(desk.agent.pk, facts=facts, by=desk.hr, standing=standing_of(desk.hr, LAST_DAY))

    assert Employee.objects.get(pk=desk.agent.pk).grade == lower


def test_no_workbook_lowers_a_grade_while_a_dismissal_is_open(db):
    sheets = team()
    sheets["等级"].append({**sheets["等级"][1], "等级": "G2", "绩效上限额": 1600})
    one = next(one for one in sheets["员工"] if one["工号"] == AGENTS[0])
    old = one["等级"]
    one["等级"] = "G2"
    load_workbook(parsed(sheets), by=SYSTEM)
    row = proposal(Employee.objects.get(number=AGENTS[0]), "R2")
    one["等级"] = old

    with pytest.raises(WorkbookRefusedError) as refused:
        load_workbook(parsed(sheets), by=SYSTEM)

    assert [(fault.sheet, fault.column) for fault in refused.value.faults] == [("员工", "等级")]
    Proposal.objects.filter(pk=row.pk).update(state=ProposalState.SET_ASIDE)
    load_workbook(parsed(sheets), by=SYSTEM)
    assert Employee.objects.values_list("grade__name", flat=True).get(number=AGENTS[0]) == old


def test_the_manager_hears_of_a_last_day_after_a_dismissal_was_set_aside(desk):
    standing = standing_of(desk.hr, LAST_DAY)
    save_employee(desk.colleague.pk, facts=typed(desk.colleague, left_on=LAST_DAY), by=desk.hr, standing=standing)
    assert not Message.objects.filter(kind="leaving_after_set_aside").exists()
    row = proposal(desk.agent, "R2")
    decide(row, "set_aside", by=desk.hr, reason="本人辞职")

    for day in (LAST_DAY, LAST_DAY):  # saved again, told once
        facts = typed(Employee.objects.get(pk=desk.agent.pk), left_on=day)
        save_employee(desk.agent.pk, facts=facts, by=desk.hr, standing=standing)

    told = Message.objects.get(kind="leaving_after_set_aside")
    assert (told.recipient, told.detail) == (desk.manager, {"who": desk.hr.name, "other": desk.agent.name})


@pytest.mark.parametrize("ended", ["nothing", "set_aside", "warning_rule"])
def test_without_an_open_dismissal_the_last_day_is_set_as_ever(desk, ended):
    if ended == "set_aside":
        decide(proposal(desk.agent, "R2"), "set_aside", by=desk.hr, reason="本人辞职")
    elif ended == "warning_rule":
        proposal(desk.agent, "R1")

    facts = typed(desk.agent, left_on=LAST_DAY)
    save_employee(desk.agent.pk, facts=facts, by=desk.hr, standing=standing_of(desk.hr, LAST_DAY))

    assert left_on(desk.agent) == LAST_DAY


def test_no_workbook_sets_a_last_day_while_a_dismissal_is_open(db):
    sheets = team()
    load_workbook(parsed(sheets), by=SYSTEM)
    agent = Employee.objects.get(number=AGENTS[0])
    row = proposal(agent, "R2")
    next(one for one in sheets["员工"] if one["工号"] == agent.number)["离职日期"] = "2026-12-31"

    with pytest.raises(WorkbookRefusedError) as refused:
        load_workbook(parsed(sheets), by=SYSTEM)

    assert [(fault.sheet, fault.column) for fault in refused.value.faults] == [("员工", "离职日期")]
    assert left_on(agent) is None

    Proposal.objects.filter(pk=row.pk).update(state=ProposalState.SET_ASIDE)
    load_workbook(parsed(sheets), by=SYSTEM)
    assert left_on(agent) == LAST_DAY


def test_another_grade_by_workbook_ends_what_was_decided_on_the_old_one(db):
    sheets = team()
    sheets["等级"].append({**sheets["等级"][1], "等级": "G2", "绩效上限额": 1600})
    load_workbook(parsed(sheets), by=SYSTEM)
    agent = Employee.objects.get(number=AGENTS[0])
    assert agent.grade is not None
    PayStep.objects.create(
        employee=agent, kind="cap", grade=agent.grade, starts_on=date(2026, 1, 1), source="JC", recorded_by="x"
    )
    load_workbook(parsed(sheets), by=SYSTEM)
    assert PayStep.objects.filter(ends_before__isnull=True).exists()

    next(one for one in sheets["员工"] if one["工号"] == agent.number)["等级"] = "G2"
    load_workbook(parsed(sheets), by=SYSTEM)

    assert not PayStep.objects.filter(ends_before__isnull=True).exists()


def test_no_administration_page_writes_people_or_decisions():
    assert not apps.is_installed("django.contrib.admin")


def test_two_of_hr_do_not_decide_the_same_proposal_differently(desk):
    row = proposal(desk.agent, "R2")
    dismissal(desk, row)

    with on(16):
        other = Verdict(choice="set_aside", reason="不办")
        assert refusal(decide_proposal, row.pk, other, by=desk.second_hr) == "not_allowed"


def test_a_stale_page_does_not_sign_over_what_another_wrote(desk):
    decision = dismissal(desk)
    item = decision.checks.get(code="second")
    with on(17):
        save_check(item.pk, finding(is_signed=False, files=()), version=decision.version, by=desk.hr)

        with pytest.raises(RuleError) as refused:
            save_check(item.pk, finding(files=(paper(),)), version=decision.version, by=desk.second_hr)

    assert refused.value.code == "changed_meanwhile"
