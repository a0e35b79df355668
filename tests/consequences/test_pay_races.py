"""Two at once over a month's pay, on PostgreSQL where locks are real: each amount is paid once."""

from decimal import Decimal
from functools import partial
from threading import Event
from time import monotonic, sleep

import pytest
from django.db import connection, transaction

from appraisals.models import Form
from appraisals.states import FormState
from notices.log import tell_thousands
from people.states import Role
from scoring.models import PayDifference, PayLine, PayRun, Result
from scoring.services.filing import file_forms, unfile
from scoring.services.paying import add_extra, cancel_extra, discard_pay, prepare_pay, settle_pay
from tests import world
from tests.appeals.conftest import Cast, examined, make_cast, on, rule, sign_both, upheld
from tests.scoring.test_races import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROUNDS = 4


@pytest.fixture
def committed(transactional_db) -> Cast:
    """October filed, committed, so that other connections see it."""
    cast = make_cast()
    with on(9):
        sign_both(cast.form, cast.month)
        file_forms(cast.month.cycle.pk, form_ids=[cast.form.pk], by=cast.month.hr)
    return cast


def prepared(cast: Cast) -> PayRun:
    return prepare_pay(cast.month.cycle.pk, by=cast.month.hr)


def test_two_settle_at_once_and_one_is_told(committed):
    third = world.with_role(world.person("孙丽", None), Role.HR)
    with on(10):
        run = prepared(committed)
        acts = [partial(settle_pay, run.pk, digest=run.digest, by=one) for one in (committed.second_hr, third)]

        assert sorted(at_once(*acts)) == ["done", "settled_already"]
    assert PayLine.objects.count() == 1


def test_settling_and_handing_back_at_once_leave_one_clear_state(committed):
    for _round in range(ROUNDS):
        with on(10):
            run = prepared(committed)
            settle = partial(settle_pay, run.pk, digest=run.digest, by=committed.second_hr)
            back = partial(discard_pay, run.pk, reason="等等", by=committed.second_hr)
            outcomes = at_once(settle, back)
        if outcomes == ["done", "settled_already"]:
            assert PayRun.objects.get().state == "settled"
            return
        assert outcomes == ["gone", "done"]
        assert not PayRun.objects.exists()


def test_settling_and_unfiling_at_once_never_pay_what_is_not_filed(committed):
    for _round in range(ROUNDS):
        with on(10):
            run = prepared(committed)
            outcomes = at_once(
                partial(settle_pay, run.pk, digest=run.digest, by=committed.second_hr),
                partial(unfile, committed.form.pk, reason="再看", by=committed.month.hr),
            )
            if outcomes == ["done", "paid"]:
                assert committed.form.state == FormState.FILED
                return
            assert outcomes == ["changed_since", "done"]
            discard_pay(run.pk, reason="重来", by=committed.month.hr)
            file_forms(committed.month.cycle.pk, form_ids=[committed.form.pk], by=committed.month.hr)


def test_settling_and_an_upheld_appeal_at_once_pay_the_right_sum_in_the_end(committed):
    appeal = examined(committed)
    Form.objects.filter(pk=committed.form.pk).update(is_contested=False)
    with on(12):
        run = prepared(committed)
    outcomes = at_once(
        partial(settle_once, committed, run),
        partial(rule, appeal, upheld("2")),
    )

    after = Result.objects.get(form=committed.form, superseded_at=None)
    paid = sum((line.performance_pay for line in PayLine.objects.filter(run__state="settled")), Decimal(0))
    owed = sum((one.amount for one in PayDifference.objects.all()), Decimal(0))
    assert outcomes in (["done", "done"], ["changed_since", "done"])
    assert paid + owed in ({after.performance_pay} if paid else {Decimal(0)})


def settle_once(cast: Cast, run: PayRun) -> None:
    """Settled by the second of HR, whatever the clock."""
    settle_pay(run.pk, digest=run.digest, by=cast.second_hr)


def test_an_extra_taken_back_while_it_is_paid_is_asked_back_or_never_paid(committed):
    with on(10):
        extra = add_within(committed)
        run = prepared(committed)
        outcomes = at_once(
            partial(settle_pay, run.pk, digest=run.digest, by=committed.second_hr),
            partial(cancelled, extra.pk, committed),
        )

    back = sum((one.amount for one in PayDifference.objects.all()), Decimal(0))
    paid = sum((line.extras for line in PayLine.objects.filter(run__state="settled")), Decimal(0))
    assert outcomes in (["done", "done"], ["changed_since", "done"])
    assert paid + back == 0


def test_an_extra_taken_back_in_the_moment_its_run_is_settled_is_asked_back(committed, monkeypatch):
    held = Event()

    def settled_but_not_committed(*told: object) -> None:
        held.set()
        _until_somebody_waits()
        tell_thousands(*told)  # type: ignore[arg-type]  # as told

    def cancel() -> None:
        assert held.wait(20)
        cancelled(extra.pk, committed)

    with on(10):
        extra = add_within(committed)
        run = prepared(committed)
        monkeypatch.setattr("scoring.services.paying.tell_thousands", settled_but_not_committed)
        outcomes = at_once(partial(settle_pay, run.pk, digest=run.digest, by=committed.second_hr), cancel)

    assert outcomes == ["done", "done"]
    assert [line.extras for line in PayLine.objects.filter(run__state="settled")] == [Decimal(500)]
    assert [one.amount for one in PayDifference.objects.all()] == [Decimal(-500)]


def _until_somebody_waits() -> None:
    """Until another connection waits for a lock that this one holds."""
    end = monotonic() + 20
    with connection.cursor() as cursor:
        while monotonic() < end:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            sleep(0.02)
    raise AssertionError("nobody waited")


def add_within(cast: Cast):
    """An extra of October, committed."""
    with transaction.atomic():
        return add_extra(
            cast.agent.pk,
            kind="excellence",
            amount=Decimal(500),
            paid_month=cast.month.cycle.starts_on,
            reason="好",
            by=cast.month.hr,
        )


def cancelled(pk: int, cast: Cast) -> None:
    """Taken back in a transaction of its own."""
    with transaction.atomic():
        cancel_extra(pk, reason="撤回", by=cast.month.hr)
