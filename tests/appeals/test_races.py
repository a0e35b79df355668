"""Filing, taking back and ruling at once, on PostgreSQL where locks are real: one wins, nothing is lost or doubled."""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial

import pytest
from time_machine import travel

from appeals.models import Appeal
from appeals.services.examining import assign_appeal
from appeals.services.filing import AppealDraft, draft_appeal, submit_appeal, withdraw_appeal
from appeals.services.ruling import rule_appeal
from appeals.states import AppealState
from appraisals.models import Adjustment
from appraisals.states import FormState
from scoring.models import PayDifference, Result
from scoring.services.filing import file_forms, unfile
from scoring.services.publication import withdraw_publication
from tests.appeals.conftest import Cast, contested, make_cast, pay, publish, sign_both, upheld
from tests.scoring.test_races import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROUNDS = 8


@pytest.fixture
def committed(transactional_db) -> Iterator[Cast]:
    """The cast, committed, the clock within the term; signed by both."""
    with travel("2026-11-10T02:00:00Z", tick=True):
        cast = make_cast()
        sign_both(cast.form, cast.month)
        yield cast


def draft(cast: Cast) -> Appeal:
    return draft_appeal(cast.result.pk, AppealDraft(items=[contested(cast.result)]), by=cast.agent)


def test_filing_and_appealing_at_once_never_leave_a_contested_result_filed_unknown(committed):
    cast = committed
    for _round in range(ROUNDS):
        appeal = draft(cast)

        filed, submitted = at_once(
            lambda: file_forms(cast.month.cycle.pk, form_ids=[cast.form.pk], by=cast.month.hr),
            partial(submit_appeal, appeal.pk, by=cast.agent),
        )

        assert (filed, submitted) == ("done", "done")
        form = cast.form
        assert form.is_contested  # filed before the appeal or held back by it, the ruling knows which
        assert form.state in {FormState.FILED, FormState.SIGNED}
        withdraw_appeal(appeal.pk, by=cast.agent)
        if form.state == FormState.FILED:
            unfile(form.pk, reason="再来", by=cast.month.hr)


def test_taking_a_result_back_and_appealing_at_once_leave_one_clear_state(committed):
    cast = committed
    for _round in range(ROUNDS):
        appeal = draft(cast)

        withdrawn, submitted = at_once(
            lambda: withdraw_publication(cast.form.pk, reason="更正", by=cast.month.leader),
            partial(submit_appeal, appeal.pk, by=cast.agent),
        )

        appeal.refresh_from_db()
        if submitted == "done":
            assert withdrawn == "contested"
            assert appeal.state == AppealState.SUBMITTED
            withdraw_appeal(appeal.pk, by=cast.agent)
            withdraw_publication(cast.form.pk, reason="再来", by=cast.month.leader)
        else:
            assert (withdrawn, submitted) == ("done", "result_replaced")
            assert not cast.form.is_contested
        publish(cast.month, cast.form)


def test_two_rulings_at_once_add_their_marks_once(committed):
    cast = committed
    file_forms(cast.month.cycle.pk, form_ids=[cast.form.pk], by=cast.month.hr)
    pay(cast)
    appeal = draft(cast)
    submit_appeal(appeal.pk, by=cast.agent)
    assign_appeal(appeal.pk, handler_id=cast.member.pk, by=cast.month.leader)
    rulings = {appeal.items.get().pk: upheld("2")}
    rule = partial(rule_appeal, appeal.pk, rulings=rulings, reason="好", version=None, by=cast.member)

    outcomes = at_once(rule, rule, rule)

    assert sorted(outcomes) == ["done", "not_allowed", "not_allowed"]
    assert Adjustment.objects.count() == 1
    assert Result.objects.get(form=cast.form, superseded_at=None).score == Decimal("82.00")
    assert [line.amount for line in PayDifference.objects.all()] == [Decimal("28.00")]


def test_two_appeals_drafted_at_once_are_one(committed):
    cast = committed
    for _round in range(ROUNDS):
        begin = partial(draft_appeal, cast.result.pk, AppealDraft(), by=cast.agent)

        assert sorted(at_once(begin, begin)) == ["already_contested", "done"]
        withdraw_appeal(Appeal.objects.exclude(state=AppealState.WITHDRAWN).get().pk, by=cast.agent)
