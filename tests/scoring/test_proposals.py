"""What stands decided when a correction takes the ground away, early warnings, and the proposals of a year (P7)."""

from datetime import date

import pytest
from django.utils import timezone

from appraisals.models import Scheme
from notices.models import Message
from people.facts import SYSTEM
from scoring.models import AnnualResult, AnnualReview, PastGrade, Proposal
from scoring.selectors.reports import month_rows
from scoring.services.consolidation import consolidate_forms
from scoring.services.proposals import propose_for_year, renew_proposals
from scoring.services.publication import publish_results, withdraw_publication
from scoring.states import ProposalState
from tests import world

pytestmark = pytest.mark.django_db


def settle(form):
    consolidate_forms(form.cycle_id, form_ids=[form.pk], by=SYSTEM)
    publish_results(form.cycle_id, form_ids=[form.pk], by=SYSTEM)
    form.refresh_from_db()
    return form


def months_of(month, *shares, since: int = 1):
    """Forms of 2026-01, 02, … of the agent, settled in turn."""
    return [
        settle(world.ready_form(month.agent, month.supervisor, month=date(2026, number, 1), share=share))
        for number, share in enumerate(shares, start=since)
    ]


def decided(rule: str, state: str = ProposalState.DECIDED) -> Proposal:
    row = Proposal.objects.get(rule=rule, state=ProposalState.PROPOSED)
    row.state = state
    row.save(update_fields=["state"])
    return row


def test_a_decided_proposal_says_since_when_its_ground_is_gone_and_takes_it_back_when_it_returns(month):
    _first, second, third = months_of(month, "0.55", "0.55", "0.55")
    row = decided("R4")

    withdraw_publication(second.pk, reason="数据更正", by=month.leader)
    row.refresh_from_db()
    assert (row.state, row.ground_lost_at is not None) == (ProposalState.DECIDED, True)
    assert [line.rules for line in month_rows(third.cycle)] == [()]

    settle(second)
    row.refresh_from_db()
    assert row.ground_lost_at is None
    assert Proposal.objects.count() == 1
    assert [line.rules for line in month_rows(third.cycle)] == [("R4",)]


@pytest.mark.parametrize("state", [ProposalState.DECIDED, ProposalState.SET_ASIDE])
def test_no_second_proposal_is_made_beside_one_that_is_decided_or_set_aside(month, state):
    forms = months_of(month, "0.55", "0.55", "0.55")
    decided("R4", state)

    renew_proposals([month.agent.pk], forms[-1].cycle, by=SYSTEM)

    assert [row.state for row in Proposal.objects.filter(rule="R4")] == [state]


def test_what_was_undone_for_want_of_ground_is_proposed_anew_when_it_fires_again(month):
    forms = months_of(month, "0.55", "0.55", "0.55")
    decided("R4", ProposalState.UNDONE)

    renew_proposals([month.agent.pk], forms[-1].cycle, by=SYSTEM)

    assert sorted(row.state for row in Proposal.objects.filter(rule="R4")) == ["proposed", "undone"]


def test_a_rule_that_the_scheme_added_says_what_it_leads_to(month):
    added = {"code": "R5", "kind": "consecutive", "side": "below", "threshold": "70", "times": 2}
    scheme = month.cycle.scheme
    Scheme.objects.filter(pk=scheme.pk).update(
        parameters={
            **scheme.parameters,
            "triggers": [*scheme.parameters["triggers"], {**added, "consequence": "下调绩效上限"}],
            "gravity": [*scheme.parameters["gravity"], "R5"],
        }
    )

    months_of(month, "0.55", "0.65")

    assert list(Proposal.objects.values_list("rule", "leads_to")) == [("R5", "R4")]


def test_who_is_one_month_away_is_told_with_his_owner_once_and_without_a_figure(month):
    months_of(month, "0.55")
    assert not Message.objects.filter(kind="rule_near").exists()

    months_of(month, "0.55", since=2)

    own, owners = (Message.objects.get(kind=kind) for kind in ("rule_near", "rule_near_of"))
    assert (own.recipient, own.detail) == (month.agent, {"month": "2026-02"})
    assert (owners.recipient, owners.detail) == (month.supervisor, {"month": "2026-02", "who": "吴倩"})
    renew_proposals([month.agent.pk], world.cycle(date(2026, 2, 1)), by=SYSTEM)
    assert Message.objects.filter(kind="rule_near").count() == 1


def test_a_month_that_does_not_count_brings_nobody_nearer(month):
    months_of(month, "0.55", "0.55")
    months_of(month, "0.8", since=3)

    assert Message.objects.filter(kind="rule_near").count() == 1


def year(somebody, grade: str, *, last: str = "", consequences=()) -> AnnualReview:
    review, _new = AnnualReview.objects.get_or_create(
        year=2026, defaults={"completion": 100, "closed_at": timezone.now(), "closed_by": "x"}
    )
    AnnualResult.objects.create(
        review=review, employee=somebody, months=12, coefficient="96.00", grade=grade, consequences=list(consequences)
    )
    if last:
        PastGrade.objects.create(year=2025, employee=somebody, grade=last)
    return review


def test_the_year_proposes_what_its_grades_call_for_once(month):
    review = year(month.agent, "A", last="A", consequences=("promote_or_raise", "excellence_award"))
    year(month.second_agent, "E", consequences=("no_annual_bonus",))

    propose_for_year(review, by=SYSTEM)
    propose_for_year(review, by=SYSTEM)

    rows = Proposal.objects.filter(review=review)
    assert sorted(row.rule for row in rows) == ["career_plan", "excellence_award", "promote_or_raise"]
    assert rows[0].evidence == [
        {"year": 2025, "grade": "A"},
        {"year": 2026, "grade": "A", "coefficient": "96.00"},
    ]
    assert {row.employee for row in rows} == {month.agent}


def test_a_corrected_year_withdraws_the_undecided_and_marks_the_decided(month):
    review = year(month.agent, "A", last="A", consequences=("promote_or_raise", "excellence_award"))
    propose_for_year(review, by=SYSTEM)
    kept = decided("promote_or_raise")
    AnnualResult.objects.update(grade="C", consequences=[])

    propose_for_year(review, by=SYSTEM)

    kept.refresh_from_db()
    assert kept.ground_lost_at is not None
    assert not Proposal.objects.filter(state=ProposalState.PROPOSED).exists()
