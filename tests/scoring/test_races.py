"""Two at once, on PostgreSQL where locks are real: one wins, the other is told, nothing is doubled."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from threading import Barrier, Thread

import pytest
from django.db import connection

from appraisals.models import Figure, Form, Item
from appraisals.states import FormState
from common.errors import RuleError
from people.facts import SYSTEM
from quality.models import AssessmentScore, Call, Dispute
from quality.services.disputes import rule_dispute
from scoring import tasks
from scoring.facts.snapshots import read_snapshot
from scoring.models import Job, Result, Signature
from scoring.services.consolidation import consolidate_forms, withdraw_consolidation
from scoring.services.jobs import claim_job, request_job
from scoring.services.publication import publish_results, withdraw_publication
from scoring.services.signing import sign_result
from scoring.states import JobKind, JobState
from tests import world
from tests.scoring.conftest import Month, make_month

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROUNDS = 10


@pytest.fixture
def committed_month(transactional_db) -> Month:
    """The month, committed, so that other connections see it."""
    return make_month()


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run the acts in threads that start together; what each came to: "done" or the code of its refusal."""
    start, outcomes = Barrier(len(acts)), [""] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            start.wait()
            act()
            outcomes[place] = "done"
        except RuleError as refusal:
            outcomes[place] = refusal.code
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return outcomes


def test_two_consolidations_at_once_make_one_result_per_form(committed_month):
    month = committed_month
    ids = [month.form.pk, month.second_form.pk, month.own_form.pk]

    for _round in range(ROUNDS):
        outcomes = at_once(
            lambda: consolidate_forms(month.cycle.pk, form_ids=ids, by=month.officer),
            lambda: consolidate_forms(month.cycle.pk, form_ids=list(reversed(ids)), by=month.leader),
        )

        assert outcomes == ["done", "done"]
        assert Result.objects.filter(superseded_at=None).count() == 3
        for pk in ids:
            withdraw_consolidation(pk, reason="再来", by=month.officer)
    assert Result.objects.count() == 3 * ROUNDS


def test_publishing_and_withdrawing_at_once_leave_one_clear_state(committed_month):
    month, form = committed_month, committed_month.form
    for _round in range(ROUNDS):
        consolidate_forms(month.cycle.pk, form_ids=[form.pk], by=SYSTEM)

        published, withdrawn = at_once(
            lambda: publish_results(month.cycle.pk, form_ids=[form.pk], by=month.officer),
            lambda: withdraw_consolidation(form.pk, reason="更正", by=month.officer),
        )

        form.refresh_from_db()
        current = Result.objects.filter(form=form, superseded_at=None).first()
        assert published == "done"
        if withdrawn == "done":
            assert (form.state, current) == (FormState.READY, None)
        else:
            assert withdrawn == "move_not_allowed"
            assert form.state == FormState.PUBLISHED
            assert current is not None
            assert current.published_at is not None
            withdraw_publication(form.pk, reason="再来", by=month.leader)


def test_nobody_signs_what_is_being_withdrawn(committed_month):
    month, form = committed_month, committed_month.form
    for _round in range(ROUNDS):
        consolidate_forms(month.cycle.pk, form_ids=[form.pk], by=SYSTEM)
        publish_results(month.cycle.pk, form_ids=[form.pk], by=SYSTEM)
        result = Result.objects.get(form=form, superseded_at=None)

        signed, withdrawn = at_once(
            partial(sign_result, form.pk, digest=result.digest, by=month.agent),
            lambda: withdraw_publication(form.pk, reason="更正", by=month.leader),
        )

        assert withdrawn == "done"
        assert signed in {"done", "move_not_allowed"}
        assert Signature.objects.filter(result=result).count() == (signed == "done")
        assert Form.objects.get(pk=form.pk).state == FormState.READY


def test_both_sign_at_once_and_the_form_is_signed(committed_month):
    month, form = committed_month, committed_month.form
    for _round in range(ROUNDS):
        consolidate_forms(month.cycle.pk, form_ids=[form.pk], by=SYSTEM)
        publish_results(month.cycle.pk, form_ids=[form.pk], by=SYSTEM)
        digest = Result.objects.get(form=form, superseded_at=None).digest

        outcomes = at_once(
            partial(sign_result, form.pk, digest=digest, by=month.agent),
            partial(sign_result, form.pk, digest=digest, by=month.supervisor),
        )

        assert outcomes == ["done", "done"]
        assert Form.objects.get(pk=form.pk).state == FormState.SIGNED
        withdraw_publication(form.pk, reason="再来", by=month.leader)


def test_a_job_is_claimed_by_one_of_many_workers(committed_month):
    month = committed_month
    job = request_job(month.cycle.pk, kind=JobKind.CONSOLIDATE, by=month.officer)
    claimed: list[int | None] = []

    at_once(*[lambda: claimed.append(claim_job(job.pk)) for _worker in range(5)])

    assert sorted(lease for lease in claimed if lease) == [1]


def test_a_job_woken_in_many_workers_is_done_once(committed_month):
    month = committed_month
    job = request_job(month.cycle.pk, kind=JobKind.CONSOLIDATE, by=month.officer)

    at_once(*[lambda: tasks.run_job(job.pk) for _worker in range(5)])

    job = Job.objects.get()
    assert (job.state, job.done, job.lease) == (JobState.DONE, 3, 1)
    assert Result.objects.count() == 3


def test_two_ask_for_the_same_job_and_get_one(committed_month):
    month = committed_month

    outcomes = at_once(
        lambda: request_job(month.cycle.pk, kind=JobKind.CONSOLIDATE, by=month.officer),
        lambda: request_job(month.cycle.pk, kind=JobKind.CONSOLIDATE, by=month.leader),
    )

    assert outcomes == ["done", "done"]
    assert Job.objects.count() == 1


def test_a_call_is_never_ruled_on_under_a_result_that_counted_it(committed_month):
    month = committed_month
    Figure.objects.filter(item__form=month.form, item__name="接通率").delete()
    Item.objects.filter(form=month.form, name="接通率").update(data_source="monitoring")
    for turn in range(ROUNDS):
        Call.objects.all().delete()
        dispute = disputed_call(month, f"LY-{turn}")
        before = dispute.assessment.call.total
        assert before is not None

        settled, ruled = at_once(
            lambda: consolidate_forms(month.cycle.pk, form_ids=[month.form.pk], by=month.officer),
            partial(rule_dispute, dispute.pk, upheld=True, points=Decimal(5), ruling="录音里说了", by=month.leader),
        )

        call = Call.objects.get()
        result = Result.objects.filter(form=month.form, superseded_at=None).first()
        assert (result is not None) == (settled == "done")
        assert settled in {"done", "changed_meanwhile"}
        assert call.total is not None
        assert (call.total > before) == (ruled == "done")
        if result is not None:
            assert read_snapshot(result.snapshot).record.items[0].facts.figure == call.total
            assert call.counted_month == month.cycle.starts_on
            withdraw_consolidation(month.form.pk, reason="再来", by=month.officer)
        else:
            assert call.counted_month is None


def disputed_call(month: Month, number: str) -> Dispute:
    """A call scored in full but for one item, which the agent disputes."""
    call = world.call(month.agent, month.supervisor, "40", number=number)
    assessment = call.assessments.get()
    items = list(assessment.rubric.items.prefetch_related("levels"))
    first = next(item for item in items if item.points == Decimal(5))
    AssessmentScore.objects.bulk_create(
        AssessmentScore(
            assessment=assessment,
            item=item,
            points=min(level.points for level in item.levels.all()) if item == first else item.points,
        )
        for item in items
    )
    return Dispute.objects.create(assessment=assessment, item=first, reason="听错了", old_points=0)
