"""Publication, signatures and filing, each taken back only by the rule that allows it."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from time_machine import travel

from appraisals.states import FormState
from audit.models import Event
from common.errors import ConflictError, RuleError
from people.facts import SYSTEM
from scoring.models import Proposal, Result, Signature
from scoring.services.consolidation import consolidate_forms
from scoring.services.filing import file_forms, file_unsigned, unfile
from scoring.services.publication import publish_results, withdraw_publication
from scoring.services.signing import sign_result
from scoring.states import ProposalState, Side
from tests import world

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def settle(form, by=SYSTEM):
    consolidate_forms(form.cycle_id, form_ids=[form.pk], by=by)
    publish_results(form.cycle_id, form_ids=[form.pk], by=by)
    form.refresh_from_db()
    return form


def digest(form) -> str:
    return Result.objects.get(form=form, superseded_at=None).digest


def sign(form, by, **words):
    return sign_result(form.pk, digest=digest(form), by=by, **words)


def code(act, *args, **kwargs) -> str:
    with pytest.raises(RuleError) as refused:
        act(*args, **kwargs)
    return refused.value.code


def test_publishing_gives_the_result_to_the_appraisee(month):
    consolidate_forms(month.cycle.pk, form_ids=[month.form.pk], by=month.officer)

    assert publish_results(month.cycle.pk, form_ids=[month.form.pk], by=month.officer) == (month.form.pk,)

    month.form.refresh_from_db()
    assert month.form.state == FormState.PUBLISHED
    assert month.form.published_at == Result.objects.get().published_at is not None


def test_what_is_not_consolidated_is_not_published(month):
    assert publish_results(month.cycle.pk, form_ids=[month.form.pk], by=month.officer) == ()


@pytest.mark.parametrize("who", ["supervisor", "agent", "hr"])
def test_others_do_not_publish(month, who):
    consolidate_forms(month.cycle.pk, form_ids=[month.form.pk], by=SYSTEM)

    assert code(publish_results, month.cycle.pk, form_ids=[month.form.pk], by=getattr(month, who)) == "not_allowed"


def months_of(month, *shares):
    """Forms of 2026-01, 02, … of the agent, settled in turn."""
    return [
        settle(world.ready_form(month.agent, month.supervisor, month=date(2026, number, 1), share=share))
        for number, share in enumerate(shares, start=1)
    ]


def proposals(state=ProposalState.PROPOSED) -> list[tuple[str, str]]:
    rows = Proposal.objects.filter(state=state)
    return sorted((proposal.cycle.key, proposal.rule) for proposal in rows if proposal.cycle)


def test_rules_that_fire_become_proposals_with_their_evidence(month):
    months_of(month, "0.49", "0.48", "0.47")

    assert proposals() == [("2026-02", "R1"), ("2026-03", "R2"), ("2026-03", "R4")]
    assert Proposal.objects.get(rule="R1").evidence == [
        {"month": "2026-01", "coefficient": "49.00"},
        {"month": "2026-02", "coefficient": "48.00"},
    ]


def test_taking_a_month_back_withdraws_what_rested_on_it(month):
    first, *_others = months_of(month, "0.49", "0.48", "0.47")

    withdraw_publication(first.pk, reason="数据更正", by=month.leader)

    # February and March are now the first two in a row; three times is no more.
    assert proposals() == [("2026-03", "R1")]
    assert set(proposals(ProposalState.WITHDRAWN)) == {("2026-02", "R1"), ("2026-03", "R2"), ("2026-03", "R4")}


def test_a_month_published_late_renews_what_later_months_call_for(month):
    january = world.ready_form(month.agent, month.supervisor, month=date(2026, 1, 1), share="0.95")
    for number in (2, 3):
        settle(world.ready_form(month.agent, month.supervisor, month=date(2026, number, 1), share="0.95"))
    assert proposals() == []

    settle(january)

    assert proposals() == [("2026-03", "R3")]


def test_both_signatures_move_the_form_on(month):
    form = settle(month.form)

    sign(form, month.supervisor)
    form.refresh_from_db()
    assert form.state == FormState.PUBLISHED
    sign(form, month.agent, is_agreed=False, objection="差错一项对方已撤销")

    form.refresh_from_db()
    assert form.state == FormState.SIGNED
    assert {s.side: s.is_agreed for s in Signature.objects.all()} == {Side.OWNER: True, Side.APPRAISEE: False}
    assert {s.digest for s in Signature.objects.all()} == {digest(form)}


def test_signing_is_refused_where_it_must_be(month):
    form = settle(month.form)

    assert code(sign, form, month.second_agent) == "not_allowed"
    assert code(sign, form, month.officer) == "not_allowed"
    assert code(sign, form, month.agent, is_agreed=False, objection=" ") == "objection_missing"
    sign(form, month.agent)
    assert code(sign, form, month.agent) == "signed_already"
    assert code(sign_result, month.second_form.pk, digest="", by=month.second_agent) == "move_not_allowed"


def test_what_was_on_the_page_is_signed_or_nothing(month):
    form = settle(month.form)
    seen = digest(form)
    withdraw_publication(form.pk, reason="数据更正", by=month.leader)
    settle(form)

    with pytest.raises(ConflictError):
        sign_result(form.pk, digest=seen, by=month.agent)
    assert not Signature.objects.exists()


def test_a_signed_result_taken_back_keeps_its_signatures_and_is_signed_anew(month):
    form = settle(month.form)
    sign(form, month.supervisor)
    sign(form, month.agent)
    withdraw_publication(form.pk, reason="数据更正", by=month.leader)

    form = settle(form)

    assert form.state == FormState.PUBLISHED
    assert Signature.objects.filter(result__version=1).count() == 2
    assert not Signature.objects.filter(result__version=2).exists()
    assert Event.objects.filter(action="result.superseded", reason="数据更正").count() == 1


@pytest.mark.parametrize("who", ["officer", "supervisor", "agent", "hr"])
def test_only_the_leader_takes_a_publication_back(month, who):
    form = settle(month.form)

    assert code(withdraw_publication, form.pk, reason="x", by=getattr(month, who)) == "not_allowed"


def test_hr_files_what_both_have_signed_and_nothing_else(month):
    signed, unsigned = settle(month.form), settle(month.second_form)
    sign(signed, month.supervisor)
    sign(signed, month.agent)
    both = {"form_ids": [signed.pk, unsigned.pk]}

    assert code(file_forms, month.cycle.pk, by=month.officer, **both) == "not_allowed"
    assert file_forms(month.cycle.pk, by=month.hr, **both) == (signed.pk,)
    signed.refresh_from_db()
    assert (signed.state, signed.filed_at is not None) == (FormState.FILED, True)


def test_an_unsigned_result_is_filed_only_after_its_term(month):
    with travel(datetime(2026, 11, 6, 17, tzinfo=SHANGHAI), tick=False):  # a Friday; three working days: Wednesday
        form = settle(month.form)
    with travel(datetime(2026, 11, 11, 23, 59, tzinfo=SHANGHAI), tick=False):
        assert code(file_unsigned, form.pk, reason="逾期", by=month.hr) == "term_runs"
    with travel(datetime(2026, 11, 12, 0, 1, tzinfo=SHANGHAI), tick=False):
        assert code(file_unsigned, form.pk, reason="", by=month.hr) == "reason_missing"
        file_unsigned(form.pk, reason="逾期未签", by=month.hr)
    form.refresh_from_db()
    assert form.state == FormState.FILED


def test_a_filing_taken_back_stands_where_its_signatures_say(month):
    form = settle(month.form)
    sign(form, month.supervisor)
    sign(form, month.agent)
    file_forms(month.cycle.pk, form_ids=[form.pk], by=month.hr)

    assert code(unfile, form.pk, reason="", by=month.hr) == "reason_missing"
    assert unfile(form.pk, reason="归错档", by=month.hr).state == FormState.SIGNED
    assert file_forms(month.cycle.pk, form_ids=[form.pk], by=month.hr) == (form.pk,)


def test_a_coefficient_of_a_form_that_nothing_applies_to_counts_for_no_rule(month):
    month.form.items.update(not_applicable_reason="整月休假")
    form = settle(month.form)

    result = Result.objects.get(form=form)
    assert (result.coefficient, result.performance_pay) == (None, Decimal(0))
    assert proposals() == []
