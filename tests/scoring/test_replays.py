"""What-if: who may ask, what comes out equals an actual run, nothing but the replay's own rows changes."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from appraisals.models import Adjustment, Scheme, UpwardScore
from appraisals.states import SchemeState
from audit.models import Event
from common.errors import RuleError
from notices.models import Message
from people.states import Role
from scoring import tasks
from scoring.models import Job, Proposal, Replay, ReplayLine, ReplayPerson, Result
from scoring.services import replay_steps
from scoring.services.consolidation import settle_forms
from scoring.services.jobs import claim_job, run_chunk
from scoring.services.replaying import ask_replay
from scoring.states import JobState
from tests import world
from tests.counting import statements
from tests.scoring.conftest import Month

pytestmark = pytest.mark.django_db

OCTOBER = date(2026, 10, 1)


def draft_of(number: str = "2.0", **changes: Any) -> Scheme:
    """A draft with some numbers other than those in force."""
    now = Scheme.objects.get(state=SchemeState.APPROVED)
    parameters = {**now.parameters, "version": number, **changes}
    return Scheme.objects.create(version=number, effective_on=date(2027, 1, 1), parameters=parameters)


def settled(month: Month) -> None:
    """October published for everybody."""
    settle_forms(month.cycle.pk, form_ids=[month.form.pk, month.second_form.pk, month.own_form.pk], by=month.leader)


def answered(scheme: Scheme, month: Month, **asked: Any) -> Replay:
    """The replay of October, or of what is asked, worked through."""
    asked = asked or {"first_month": OCTOBER, "last_month": OCTOBER}
    job = ask_replay(scheme.pk, by=month.leader, **asked)
    tasks.run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.DONE, "")
    assert job.replay is not None
    return job.replay


def test_a_draft_equal_to_the_scheme_in_force_changes_nothing(month):
    settled(month)

    replay = answered(draft_of(), month, year=2026, completion=Decimal("96.5"))

    replay.refresh_from_db()
    assert [(line.coefficient_after, line.pay_after) for line in replay.lines.order_by("form")] == [
        (result.coefficient, result.performance_pay) for result in Result.objects.order_by("form")
    ]
    assert not ReplayPerson.objects.filter(is_moved=True).exists()
    assert (replay.summary["people"], replay.summary["moved"]) == ("3", "0")


def test_a_lower_ceiling_shows_who_would_be_paid_less_and_stores_nothing_else(month):
    settled(month)
    before = list(Result.objects.values()), Proposal.objects.count()

    replay = answered(draft_of(pay_ceiling="90"), month)

    moved = ReplayPerson.objects.get(replay=replay, is_moved=True)
    assert moved.employee == month.second_agent
    assert (moved.pay_before, moved.pay_after) == (Decimal("1330.00"), Decimal("1260.00"))
    assert (moved.moves_pay, moved.moves_coefficient, moved.moves_proposals) == (True, False, False)
    replay.refresh_from_db()
    assert Decimal(replay.summary["pay_before"]) - Decimal(replay.summary["pay_after"]) == 70
    assert (list(Result.objects.values()), Proposal.objects.count()) == before


def test_rules_fire_over_months_before_the_period_as_they_were_recorded(month):
    september = world.ready_form(month.agent, month.supervisor, month=date(2026, 9, 1))
    settle_forms(september.cycle_id, form_ids=[september.pk], by=month.leader)
    settled(month)
    rule = {"code": "R1", "kind": "consecutive", "side": "below", "threshold": "85", "times": 2, "consequence": "警告"}

    replay = answered(draft_of(triggers=[rule], gravity=["R1"], improvement_rules=["R1"]), month)

    fires = {one.employee: one.proposals_after for one in ReplayPerson.objects.filter(replay=replay)}
    assert fires == {month.agent: [["2026-10", "R1"]], month.second_agent: [], month.supervisor: []}


def test_no_fewer_raters_count_than_were_promised(month):
    item = month.own_form.items.get(part="management")
    UpwardScore.objects.bulk_create(UpwardScore(item=item, points=Decimal(1)) for _rater in range(2))
    settled(month)

    replay = answered(draft_of(min_raters=1), month)

    assert not ReplayPerson.objects.filter(replay=replay, is_moved=True).exists()


@pytest.mark.parametrize("who", ["leader", "officer", "manager", "hr", "general"])
def test_the_group_who_approves_and_hr_may_ask(month, who):
    settled(month)
    general = world.with_role(world.person("总经理", None), Role.GENERAL_MANAGER)

    job = ask_replay(draft_of().pk, first_month=OCTOBER, last_month=OCTOBER, by=getattr(month, who, general))

    assert (job.state, job.total) == (JobState.WAITING, 3)


@pytest.mark.parametrize("who", ["supervisor", "agent", "auditor"])
def test_others_may_not(month, who):
    settled(month)
    auditor = world.with_role(world.person("孙悦", None), Role.AUDITOR)

    with pytest.raises(RuleError) as refused:
        ask_replay(draft_of().pk, first_month=OCTOBER, last_month=OCTOBER, by=getattr(month, who, auditor))
    assert refused.value.code == "not_allowed"
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, "no_period"),
        ({"first_month": OCTOBER, "last_month": date(2026, 9, 1)}, "no_period"),
        ({"first_month": date(2020, 1, 1), "last_month": OCTOBER}, "too_long"),
        ({"first_month": date(2026, 9, 1), "last_month": date(2026, 9, 1)}, "no_results"),
        ({"year": 2026}, "no_completion"),
        ({"year": 2026, "completion": Decimal(-1)}, "no_completion"),
        ({"year": 1990, "completion": Decimal(90)}, "no_scheme"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_in_words(month, asked, code):
    settled(month)

    with pytest.raises(RuleError) as refused:
        ask_replay(draft_of().pk, by=month.leader, **asked)
    assert refused.value.code == code


def test_a_version_with_faults_or_dropped_is_refused(month):
    settled(month)
    for scheme, code in (
        (draft_of("2.1", min_raters=-1), "bad_scheme"),
        (Scheme.objects.create(**{**_plain(draft_of("2.2")), "version": "2.3", "state": "withdrawn"}), "withdrawn"),
    ):
        with pytest.raises(RuleError) as refused:
            ask_replay(scheme.pk, first_month=OCTOBER, last_month=OCTOBER, by=month.leader)
        assert refused.value.code == code


def _plain(scheme: Scheme) -> dict[str, Any]:
    return {"effective_on": scheme.effective_on, "parameters": scheme.parameters}


def test_asked_twice_it_is_one_job_and_a_third_question_waits(month):
    settled(month)
    scheme, asked = draft_of(), {"first_month": OCTOBER, "last_month": OCTOBER, "by": month.leader}

    first = ask_replay(scheme.pk, **asked)

    assert ask_replay(scheme.pk, **asked) == first
    ask_replay(draft_of("2.1").pk, **asked)
    with pytest.raises(RuleError) as refused:
        ask_replay(draft_of("2.2").pk, **asked)
    assert refused.value.code == "too_many"


def test_woken_twice_it_is_done_once(month):
    settled(month)
    replay = answered(draft_of(), month)

    tasks.run_job(replay.jobs.get().pk)

    assert (ReplayLine.objects.count(), ReplayPerson.objects.count()) == (3, 3)
    assert Event.objects.filter(action="replay.finished").count() == 1


def test_what_is_corrected_or_taken_back_meanwhile_is_compared_as_it_is_at_the_end(month, monkeypatch):
    monkeypatch.setattr(replay_steps, "CHUNK", 1)
    settled(month)
    job = ask_replay(draft_of(pay_ceiling="90").pk, first_month=OCTOBER, last_month=OCTOBER, by=month.leader)
    lease = claim_job(job.pk)
    assert lease
    for _form in range(3):
        assert run_chunk(job.pk, lease=lease)
    withdraw_of(month)

    while run_chunk(job.pk, lease=lease):
        pass

    assert {line.employee for line in ReplayLine.objects.all()} == {month.second_agent, month.supervisor}
    assert {one.employee for one in ReplayPerson.objects.all()} == {month.second_agent, month.supervisor}


def withdraw_of(month: Month) -> None:
    """The agent's result taken back, as a reopening would."""
    Result.objects.filter(form=month.form).update(superseded_at=timezone.now(), superseded_reason="x")


def test_whoever_comes_back_late_writes_nothing(month):
    settled(month)
    job = ask_replay(draft_of().pk, first_month=OCTOBER, last_month=OCTOBER, by=month.leader)
    late = claim_job(job.pk)
    Job.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    fresh = claim_job(job.pk)
    assert late
    assert fresh

    assert run_chunk(job.pk, lease=late) is False
    assert not ReplayLine.objects.exists()
    assert run_chunk(job.pk, lease=fresh) is True


def test_an_appeals_points_count_in_the_replay_too(month):
    Adjustment.objects.create(
        form=month.form, ref="SS-1", points=Decimal(2), label="申诉", by=month.leader, at=timezone.now()
    )
    settled(month)

    answered(draft_of(), month)

    line = ReplayLine.objects.get(form=month.form)
    assert (line.coefficient_before, line.coefficient_after) == (Decimal("82.00"), Decimal("82.00"))


@pytest.mark.parametrize("people", [10, 40])
def test_a_piece_and_the_end_take_as_many_statements_for_many(month, people):
    forms = [month.form, month.second_form, month.own_form]
    for number in range(people - 3):
        somebody = world.graded(world.person(f"员工{number}", superior=month.supervisor))
        forms.append(world.ready_form(somebody, month.supervisor))
    settle_forms(month.cycle.pk, form_ids=[form.pk for form in forms], by=month.leader)
    job = ask_replay(draft_of().pk, year=2026, completion=Decimal(90), by=month.leader)
    lease = claim_job(job.pk)
    assert lease

    piece = statements(lambda: run_chunk(job.pk, lease=lease))
    end = statements(lambda: run_chunk(job.pk, lease=lease))

    assert (piece, end) == (8, 25)


def test_who_asked_hears_once_that_the_answer_is_there(month):
    settled(month)

    replay = answered(draft_of(), month, year=2026, completion=Decimal(90))

    told = Message.objects.get(kind="replay_done")
    assert (told.recipient, told.path) == (replay.requested_by, f"/what-if/{replay.pk}/")
