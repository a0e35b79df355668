"""Improvement plans: who owes one, the draft, signing, checkpoints, the outcome (P5.1)."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.utils import timezone

from appraisals.models import Scheme
from audit.log import events_about
from common.errors import ConflictError
from development.models import Plan
from development.permissions import can_view_plan, visible_plans
from development.selectors.obligations import Ground, everybody_owing, grounds_of, owed_plans, people_owing
from development.selectors.plans import ground_words
from development.services.plans import Improving, PlanDraft, discard_plan, draft_plan, publish_plan, save_plan
from development.services.running import (
    acknowledge_plan,
    comment_plan,
    end_plan,
    extend_plan,
    hand_over_plan,
    hold_checkpoint,
    pause_plan,
    recall_plan,
    resume_plan,
)
from development.services.waiving import waive_plan
from development.states import PlanState
from notices.models import Message
from people.models import Employee, OwnerAssignment, ReportingLine
from people.selectors import standing_of
from policy.schemes import SCHEME_1_0
from scoring.models import AnnualResult, AnnualReview, Proposal, Result
from scoring.states import ProposalState, ReviewState
from tests import world
from tests.counting import statements
from tests.development.conftest import Cast, as_, on, refusal

TODAY = date(2026, 11, 10)
ERRORS = Improving(what="差错", baseline="6件", target="2件以内", action="每周复盘")


def low(cast: Cast, coefficient: str = "59.99") -> Result:
    """The agent's October at that coefficient."""
    Result.objects.filter(pk=cast.result.pk).update(coefficient=Decimal(coefficient))
    return cast.result


def fired(cast, rule: str) -> Proposal:
    """A rule that fired with the agent's October."""
    with on(9):
        return Proposal.objects.create(
            employee=cast.agent, cycle=cast.month.cycle, rule=rule, leads_to=rule, evidence={}
        )


def graded(cast, grade: str) -> AnnualResult:
    """The agent's year, told on the 9th."""
    with on(9):
        review = AnnualReview.objects.create(
            year=2025,
            completion=Decimal(100),
            closed_at=timezone.now(),
            closed_by="hr",
            state=ReviewState.PUBLISHED,
            published_at=timezone.now(),
        )
    return AnnualResult.objects.create(review=review, employee=cast.agent, months=12, grade=grade)


def whys(cast, day: date = TODAY) -> list[str]:
    return [ground.why for ground in grounds_of(cast.agent.pk, day)]


def drafted(cast, day: int = 10) -> Plan:
    with on(day):
        return draft_plan(cast.agent.pk, by=cast.month.supervisor)


def written(
    cast,
    *,
    starts_on: date | None = TODAY,
    days: int = 30,
    items: Sequence[Improving] = (ERRORS,),
    checkpoints: Sequence[date] = (date(2026, 11, 20), date(2026, 12, 10)),
) -> Plan:
    """The supervisor's whole draft: a month from the 10th, looked at twice."""
    plan = drafted(cast)
    draft = PlanDraft(starts_on=starts_on, days=days, items=items, checkpoints=checkpoints)
    with on(10):
        return save_plan(plan.pk, draft, version=plan.version, by=cast.month.supervisor)


def published(cast) -> Plan:
    plan = written(cast)
    with on(10):
        return publish_plan(plan.pk, by=cast.month.supervisor)


def running(cast) -> Plan:
    plan = published(cast)
    with on(11):
        return acknowledge_plan(plan.pk, by=cast.agent)


# who owes one


@pytest.mark.parametrize(("coefficient", "owes"), [("59.99", ["coefficient"]), ("60.00", [])])
def test_a_month_below_the_schemes_limit_asks_for_a_plan(cast, coefficient, owes):
    low(cast, coefficient)
    assert whys(cast) == owes


@pytest.mark.parametrize(("rule", "owes"), [("R1", ["R1"]), ("R4", ["R4"]), ("R2", []), ("R3", [])])
def test_the_schemes_rules_ask_for_a_plan(cast, rule, owes):
    fired(cast, rule)
    assert whys(cast) == owes


@pytest.mark.parametrize(("grade", "owes"), [("D", ["grade"]), ("E", ["grade"]), ("C", []), ("", [])])
def test_the_schemes_grades_ask_for_a_plan(cast, grade, owes):
    graded(cast, grade)
    assert whys(cast) == owes


def test_a_grade_asks_for_nothing_before_the_year_is_told(cast):
    review = graded(cast, "E").review
    AnnualReview.objects.filter(pk=review.pk).update(state=ReviewState.LOCKED, published_at=None)
    assert whys(cast) == []
    assert not people_owing(cast.month.supervisor, TODAY).exists()


def test_another_scheme_asks_for_something_else(cast):
    low(cast)
    fired(cast, "R1")
    scheme = Scheme.objects.get(pk=cast.month.cycle.scheme_id)
    scheme.parameters |= {"improvement_below": "50", "improvement_rules": ["R2"]}
    scheme.save()
    assert whys(cast) == []


def test_what_is_not_published_asks_for_nothing(cast):
    low(cast)
    fired(cast, "R1")
    Result.objects.filter(pk=cast.result.pk).update(published_at=None)
    assert whys(cast) == []


def test_what_asked_for_a_plan_does_so_until_somebody_answers(cast):
    low(cast)
    fired(cast, "R1")
    graded(cast, "E")
    Proposal.objects.update(state=ProposalState.DECIDED)  # what HR made of it is another thing
    AnnualReview.objects.create(year=2026, completion=Decimal(100), closed_at=timezone.now(), closed_by="hr")
    later = date(2027, 12, 10)
    assert whys(cast, later) == ["coefficient", "R1", "grade"]
    assert [one.name for one in people_owing(cast.month.supervisor, later)] == ["吴倩"]
    with on(10, month=12):
        waive_plan(cast.agent.pk, reason="调到别的岗位了", by=cast.month.hr)
    assert whys(cast, later) == []


def test_who_stands_above_the_owner_or_hr_may_say_with_a_reason_that_none_is_needed(cast):
    low(cast)
    month = cast.month
    with on(10):
        for somebody in (month.supervisor, cast.agent, month.leader, cast.auditor):
            assert refusal(waive_plan, cast.agent.pk, reason="不用", by=somebody).code == "not_allowed"
        assert refusal(waive_plan, cast.agent.pk, reason=" ", by=month.manager).code == "reason_missing"
        done = waive_plan(cast.agent.pk, reason="已经转岗", by=month.manager)
        assert refusal(waive_plan, cast.agent.pk, reason="已经转岗", by=month.hr).code == "nothing_owed"

    assert (done.reason, done.grounds) == ("已经转岗", [["coefficient", "2026-10"]])
    assert whys(cast) == []
    assert [(event.action, event.reason) for event in events_about(done)] == [("plan.waived", "已经转岗")]
    assert Message.objects.get(kind="plan_waived").recipient == month.supervisor
    fresh = fired(cast, "R1")
    Proposal.objects.filter(pk=fresh.pk).update(created_at=done.at + timedelta(seconds=1))
    assert whys(cast) == ["R1"]  # what comes later is not answered by it


def test_in_the_place_of_a_superior_who_has_left_the_manager_decides(cast):
    Result.objects.filter(form=cast.month.form).update(coefficient=Decimal(50))
    boss = world.person("前任", "KFZG")
    ReportingLine.objects.filter(employee=cast.month.supervisor).update(superior=boss)
    with on(10):
        assert refusal(waive_plan, cast.agent.pk, reason="不用", by=cast.month.manager).code == "not_allowed"
        Employee.objects.filter(pk=boss.pk).update(left_on=date(2026, 11, 1))
        assert waive_plan(cast.agent.pk, reason="不用", by=cast.month.manager).by == cast.month.manager


def test_the_page_lets_whoever_may_say_that_no_plan_is_needed(cast):
    low(cast)
    manager, owner = as_(cast.month.manager), as_(cast.month.supervisor)
    path = f"/plans/for/{cast.agent.pk}/waive/"
    with on(10):
        assert path in manager.get("/plans/").content.decode()
        assert path not in owner.get("/plans/").content.decode()
        assert owner.post(path, {"reason": "不用"}).status_code == 404
        long = manager.post(path, {"reason": "长" * 301})
        assert (long.status_code, "长" * 301 in long.content.decode()) == (422, True)
        assert manager.post(path, {"reason": "已经转岗"}).status_code == 302
        assert path not in manager.get("/plans/").content.decode()


@pytest.mark.parametrize(
    ("ask", "due_on"),
    [
        (low, date(2026, 11, 16)),
        (lambda cast: fired(cast, "R1"), date(2026, 11, 16)),
        (lambda cast: graded(cast, "D"), date(2026, 11, 23)),
    ],
)
def test_a_plan_has_the_term_of_the_interview_or_two_weeks_from_the_year(cast, ask, due_on):
    ask(cast)
    assert people_owing(cast.month.supervisor, TODAY).get().plan_due_on == due_on
    assert everybody_owing(TODAY).values_list("pk", "plan_due_on", "plan_owner").get() == (
        cast.agent.pk,
        due_on,
        cast.month.supervisor.pk,
    )


def test_nothing_is_created_by_itself_and_a_published_plan_answers(cast):
    low(cast)
    assert not Plan.objects.exists()
    plan = drafted(cast)
    assert whys(cast) == ["coefficient"]  # a draft is none yet
    assert plan.why == "coefficient"
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.PUBLISHED)
    assert whys(cast) == []


def test_a_plan_that_ended_before_does_not_answer_a_new_month(cast):
    low(cast)
    plan = drafted(cast)
    with on(1, month=10):
        Plan.objects.filter(pk=plan.pk).update(state=PlanState.MISSED, created_at=timezone.now())
    assert whys(cast) == ["coefficient"]


def test_the_owner_is_shown_his_people_and_hr_everybody(cast):
    low(cast)
    Result.objects.filter(form=cast.month.own_form).update(coefficient=Decimal(55))
    mine = owed_plans(TODAY, owner_id=cast.month.supervisor.pk)
    everybody = owed_plans(TODAY)
    assert [one.employee.name for one in mine] == ["吴倩"]
    assert {(one.employee.name, one.owner and one.owner.name) for one in everybody} == {
        ("吴倩", "周敏"),
        ("周敏", "何建国"),
    }
    assert owed_plans(TODAY, owner_id=cast.month.hr.pk) == []


@pytest.mark.parametrize("ask", [low, lambda cast: fired(cast, "R1"), lambda cast: graded(cast, "D")])
def test_whom_an_owner_owes_a_plan_is_the_same_as_a_part_of_a_statement(cast, ask):
    ask(cast)
    Result.objects.filter(form=cast.month.own_form).update(coefficient=Decimal(55))
    both_owe = {("吴倩", "周敏"), ("周敏", "何建国")}

    def owed() -> set[tuple[str, str]]:
        people = Employee.objects.all()
        listed = {(one.employee.name, owner.name) for owner in people for one in owed_plans(TODAY, owner_id=owner.pk)}
        assert listed == {(one.name, owner.name) for owner in people for one in people_owing(owner, TODAY)}
        names = {one.pk: one.name for one in people}
        rows = everybody_owing(TODAY).values_list("name", "plan_owner")
        assert listed == {(name, names[owner]) for name, owner in rows if owner is not None}
        return listed

    assert owed() == both_owe
    with on(10):
        OwnerAssignment.objects.create(
            employee=cast.agent, owner=cast.member, starts_on=date(2026, 11, 1), reason="代管"
        )
    assert owed() == {("吴倩", "郑洁"), ("周敏", "何建国")}
    Plan.objects.create(employee=cast.agent, owner=cast.member, state=PlanState.RUNNING)
    assert owed() == {("周敏", "何建国")}
    Employee.objects.filter(pk=cast.month.supervisor.pk).update(left_on=date(2026, 11, 9))
    assert owed() == set()


@pytest.mark.parametrize(
    ("parameters", "owes"),
    [
        ({"improvement_below": None}, ["R1"]),
        ({"improvement_below": "59.99"}, ["R1"]),
        ({"improvement_rules": []}, ["coefficient"]),
        ({"improvement_rules": ["R11"]}, ["coefficient"]),
        ({}, ["coefficient", "R1"]),
    ],
)
def test_a_scheme_may_have_no_limit_and_one_that_names_none_keeps_the_usual(cast, parameters, owes):
    low(cast)
    fired(cast, "R1")
    scheme = Scheme.objects.get(pk=cast.month.cycle.scheme_id)
    kept = {name: value for name, value in scheme.parameters.items() if not name.startswith("improvement_")}
    Scheme.objects.filter(pk=scheme.pk).update(parameters=kept | parameters)
    assert whys(cast) == owes
    assert [one.name for one in people_owing(cast.month.supervisor, TODAY)] == ["吴倩"]


# the draft


def test_only_the_owner_of_today_drafts_and_starts_from_the_weakest(cast):
    for somebody in (cast.agent, cast.month.second_agent, cast.month.manager, cast.month.hr):
        assert refusal(draft_plan, cast.agent.pk, by=somebody).code == "not_allowed"
    plan = drafted(cast)
    assert plan.why == ""  # of his own will: nothing asks for it
    weakest = plan.items.first()
    assert weakest is not None
    assert weakest.what == "接通率"
    assert plan.starts_on is not None
    assert plan.ends_on is not None
    assert (plan.ends_on - plan.starts_on).days == 60
    assert plan.checkpoints.count() == 3
    assert drafted(cast).pk == plan.pk


def test_a_new_owner_begins_his_own_draft_and_the_old_one_is_gone(cast):
    plan = drafted(cast)
    OwnerAssignment.objects.create(
        employee=cast.agent, owner=cast.month.manager, starts_on=date(2026, 11, 1), reason="调岗"
    )
    with on(10):
        other = draft_plan(cast.agent.pk, by=cast.month.manager)
    assert other.owner == cast.month.manager
    assert not Plan.objects.filter(pk=plan.pk).exists()


def test_there_is_one_open_plan_at_a_time(cast):
    running(cast)
    assert refusal(draft_plan, cast.agent.pk, by=cast.month.supervisor).code == "already_planned"


def test_a_stale_writer_of_a_plan_is_told(cast):
    plan = written(cast)
    with pytest.raises(ConflictError):
        save_plan(plan.pk, PlanDraft(), version=plan.version - 1, by=cast.month.supervisor)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"starts_on": None}, "day_missing"),
        ({"items": ()}, "items_missing"),
        ({"items": (Improving(what="差错", target="2件"),)}, "item_incomplete"),
        ({"checkpoints": ()}, "checkpoint_missing"),
        ({"checkpoints": (date(2027, 1, 1),)}, "checkpoint_outside"),
    ],
)
def test_an_incomplete_plan_is_not_published(cast, facts, code):
    plan = written(cast, **facts)
    assert refusal(publish_plan, plan.pk, by=cast.month.supervisor).code == code


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"days": 45}, "length_unknown"),
        ({"items": (Improving(target="2件"),)}, "what_missing"),
        ({"checkpoints": (TODAY, TODAY)}, "twice"),
    ],
)
def test_what_cannot_be_a_plan_is_not_saved(cast, facts, code):
    assert refusal(written, cast, **facts).code == code


def test_a_draft_is_discarded_by_its_owner_alone(cast):
    plan = drafted(cast)
    assert refusal(discard_plan, plan.pk, by=cast.month.hr).code == "not_allowed"
    discard_plan(plan.pk, by=cast.month.supervisor)
    assert not Plan.objects.exists()


# the running plan


def test_the_employee_signs_and_both_are_told(cast):
    plan = published(cast)
    assert Message.objects.get(kind="plan_published").recipient == cast.agent
    assert refusal(acknowledge_plan, plan.pk, by=cast.month.supervisor).code == "not_allowed"
    done = acknowledge_plan(plan.pk, text="希望有人带", by=cast.agent)
    assert done.state == PlanState.RUNNING
    assert done.remarks.get().text == "希望有人带"
    assert Message.objects.get(kind="plan_acknowledged").recipient == cast.month.supervisor
    assert refusal(acknowledge_plan, plan.pk, by=cast.agent).code == "not_allowed"
    assert refusal(recall_plan, plan.pk, by=cast.month.supervisor).code == "not_allowed"


def test_a_published_plan_is_taken_back_until_it_is_signed(cast):
    plan = published(cast)
    assert refusal(recall_plan, plan.pk, by=cast.agent).code == "not_allowed"
    assert recall_plan(plan.pk, by=cast.month.supervisor).state == PlanState.DRAFT


def test_a_checkpoint_is_held_once_by_the_owner_when_its_day_has_come(cast):
    plan = running(cast)
    first = plan.checkpoints.first()
    assert first is not None
    hold = partial(hold_checkpoint, plan.pk, first.pk, seen="差错3件", is_on_track=True)
    with on(19):
        assert refusal(hold, by=cast.month.supervisor).code == "too_early"
    with on(20):
        assert refusal(hold, by=cast.agent).code == "not_allowed"
        hold(by=cast.month.supervisor)
        assert refusal(hold, by=cast.month.supervisor).code == "held_already"


def test_a_pause_gives_its_days_back(cast):
    plan = running(cast)
    with on(15):
        assert refusal(pause_plan, plan.pk, reason="", by=cast.month.supervisor).code == "reason_missing"
        pause_plan(plan.pk, reason="病假", by=cast.month.supervisor)
        assert Message.objects.get(kind="plan_remarked").recipient == cast.agent
        assert refusal(end_plan, plan.pk, is_achieved=True, conclusion="好", by=cast.month.supervisor).code
    with on(25):
        plan = resume_plan(plan.pk, by=cast.month.supervisor)
    assert (plan.ends_on, plan.extended_days) == (date(2026, 12, 20), 10)
    assert [one.due_on for one in plan.checkpoints.all()] == [date(2026, 11, 30), date(2026, 12, 20)]


def test_more_time_needs_a_reason_and_has_an_end(cast):
    plan = running(cast)
    assert refusal(extend_plan, plan.pk, days=30, reason=" ", by=cast.month.supervisor).code == "reason_missing"
    assert refusal(extend_plan, plan.pk, days=31, reason="旺季", by=cast.month.supervisor).code == "too_long"
    plan = extend_plan(plan.pk, days=60, reason="旺季", by=cast.month.supervisor)
    assert plan.ends_on == date(2027, 2, 8)
    assert plan.checkpoints.filter(due_on=plan.ends_on).exists()
    assert refusal(extend_plan, plan.pk, days=60, reason="旺季", by=cast.month.supervisor).code == "too_long"


def test_missed_is_not_said_before_the_end_nor_with_a_day_not_looked_at(cast):
    plan = running(cast)
    missed = {"is_achieved": False, "conclusion": "差错没有降下来", "by": cast.month.supervisor}
    with on(9, month=12):
        assert refusal(end_plan, plan.pk, **missed).code == "not_over"
    with on(10, month=12):
        assert refusal(end_plan, plan.pk, **missed).code == "unheld"
        for one in plan.checkpoints.all():
            hold_checkpoint(plan.pk, one.pk, seen="差错5件", is_on_track=False, by=cast.month.supervisor)
        assert end_plan(plan.pk, **missed).state == PlanState.MISSED
    assert Message.objects.get(kind="plan_ended").recipient == cast.agent


def test_achieved_may_be_said_early_and_then_only_words_are_added(cast):
    plan = running(cast)
    assert refusal(end_plan, plan.pk, is_achieved=True, conclusion="", by=cast.month.supervisor).code
    assert refusal(end_plan, plan.pk, is_achieved=True, conclusion="好", by=cast.agent).code == "not_allowed"
    end_plan(plan.pk, is_achieved=True, conclusion="差错1件", by=cast.month.supervisor)
    assert refusal(extend_plan, plan.pk, days=30, reason="再看", by=cast.month.supervisor).code == "not_allowed"
    assert comment_plan(plan.pk, text="谢谢", by=cast.agent).text == "谢谢"
    comment_plan(plan.pk, text="继续保持95.5%", by=cast.month.supervisor)
    letters = Message.objects.filter(kind="plan_remarked").order_by("pk")
    assert [(one.recipient.name, one.detail) for one in letters] == [
        ("周敏", {"who": "吴倩"}),
        ("吴倩", {"who": "周敏"}),
    ]
    assert refusal(comment_plan, plan.pk, text="看过", by=cast.month.hr).code == "not_allowed"


def test_hr_hands_a_plan_to_the_owner_of_today(cast):
    plan = running(cast)
    assert refusal(hand_over_plan, plan.pk, by=cast.month.supervisor).code == "not_allowed"
    with on(12):
        assert refusal(hand_over_plan, plan.pk, by=cast.month.hr).code == "same_owner"
    OwnerAssignment.objects.create(
        employee=cast.agent, owner=cast.month.manager, starts_on=date(2026, 11, 12), reason="调岗"
    )
    with on(12):
        assert hand_over_plan(plan.pk, by=cast.month.hr).owner == cast.month.manager


SEES = {
    "draft": (drafted, {"周敏"}),
    "published": (published, {"周敏", "吴倩", "赵琳", "钱进", "孙悦"}),
    "running": (running, {"周敏", "吴倩", "赵琳", "钱进", "孙悦"}),
}


@pytest.mark.parametrize("state", SEES)
def test_who_sees_a_plan_alike_for_row_and_list(cast, state):
    make, expected = SEES[state]
    plan = make(cast)
    month = cast.month
    group = (month.manager, month.leader, month.officer, month.hr, cast.second_hr, cast.auditor, cast.administrator)
    rows, lists = set(), set()
    for somebody in (cast.agent, month.supervisor, month.second_agent, cast.stranger, *group):
        standing = standing_of(somebody, TODAY)
        rows |= {somebody.name} if can_view_plan(somebody, plan, standing) else set()
        lists |= {somebody.name} if visible_plans(somebody, standing).exists() else set()
    assert rows == lists == expected


# pages


def test_the_pages_of_plans_keep_their_statements(cast):
    plan = running(cast)
    low(cast)
    Result.objects.filter(form=cast.month.own_form).update(coefficient=Decimal(55))
    with on(12):
        owner, hr = as_(cast.month.supervisor), as_(cast.month.hr)
        assert statements(lambda: owner.get(f"/plans/{plan.pk}/")) <= 15
        assert statements(lambda: owner.get("/plans/")) <= 15
        assert statements(lambda: hr.get("/plans/")) <= 15


def test_a_plan_goes_its_way_in_the_browser(cast):
    low(cast)
    owner, agent = as_(cast.month.supervisor), as_(cast.agent)
    with on(10):
        assert "要做改进计划" in owner.get("/plans/").content.decode()
        assert agent.post(f"/plans/for/{cast.agent.pk}/").status_code == 404
        page = owner.post(f"/plans/for/{cast.agent.pk}/")["Location"]
        assert agent.get(page).status_code == 404
        plan = Plan.objects.get()
        typed = {"what-0": "差错", "target-0": "2件", "action-0": "", "starts_on": "2026-11-10", "days": "30"}
        typed |= {"check-0": "2026-11-20", "version": str(plan.version)}
        refused = owner.post(f"{page}publish/", typed)
        assert refused.status_code == 422
        plan.refresh_from_db()
        done = owner.post(f"{page}publish/", typed | {"action-0": "复盘", "version": plan.version})
        assert done.status_code == 302
        assert "签收" in agent.get(page).content.decode()
        assert agent.post(f"{page}acknowledge/", {"text": ""}).status_code == 302
        assert owner.post(f"{page}end/", {"is_achieved": "no", "conclusion": "没做到"}).status_code == 422
        assert as_(cast.month.second_agent).get(page).status_code == 404
    plan.refresh_from_db()
    assert plan.state == PlanState.RUNNING


def test_the_scheme_page_says_when_a_plan_is_obligatory(cast):
    page = as_(cast.agent).get("/scheme/").content.decode()
    assert "当月绩效系数低于60%" in page


def test_a_recalled_plan_the_employee_has_written_to_is_not_thrown_away(cast):
    plan = published(cast)
    with on(12):
        comment_plan(plan.pk, text="我不同意", by=cast.agent)
        recall_plan(plan.pk, by=cast.month.supervisor)
        assert refusal(discard_plan, plan.pk, by=cast.month.supervisor).code == "remarked"
    assert plan.remarks.get().text == "我不同意"


def test_a_new_owner_goes_on_with_a_recalled_plan_that_was_written_to(cast):
    plan = published(cast)
    with on(12):
        comment_plan(plan.pk, text="我不同意", by=cast.agent)
        recall_plan(plan.pk, by=cast.month.supervisor)
        other = world.person("接班的", "KFZG")
        cast.agent.lines_up.update(ends_before=date(2026, 11, 12))
        ReportingLine.objects.create(employee=cast.agent, superior=other, starts_on=date(2026, 11, 12))
        same = draft_plan(cast.agent.pk, by=other)
    assert (same.pk, same.owner) == (plan.pk, other)
    assert same.remarks.exists()


def test_each_firing_of_a_rule_is_told_by_its_month_and_year():
    twice = [
        Ground(employee_id=1, why="R1", period=month, scheme_id=None, result_id=None)
        for month in ("2025-12", "2026-08")
    ]

    told = [ground_words(one, SCHEME_1_0) for one in twice]

    assert [words.partition("月")[0] for words in told] == ["2025年12", "2026年8"]
    assert len({words.partition("月")[2] for words in told}) == 1
