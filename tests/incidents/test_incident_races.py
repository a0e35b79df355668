"""Two at once, on PostgreSQL where locks are real: one decides, the other is told, and repetition is not missed."""

from collections.abc import Callable
from datetime import date
from functools import partial
from threading import Barrier, Thread

import pytest
from django.db import connection

from audit.models import Event
from common.errors import RuleError
from incidents.models import Incident, Involvement
from incidents.services.filing import (
    confirm_involvement,
    file_incident,
    overturn_involvement,
    reject_involvement,
    state_view,
    withdraw_incident,
)
from tests.incidents.conftest import draft, make_cast, share_of

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 5


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


def test_two_verifiers_at_once_decide_once():
    cast = make_cast()
    for n in range(ROUNDS):
        share = share_of(file_incident(draft(cast.agent, description=f"{n}"), by=cast.finder), cast.agent)
        state_view(share.pk, text="", by=cast.agent)

        outcomes = at_once(
            partial(confirm_involvement, share.pk, by=cast.boss),
            partial(reject_involvement, share.pk, reason="不成立", by=cast.member),
        )

        assert sorted(outcomes) == ["done", "not_allowed"]
        assert Event.objects.filter(object_type="involvement", object_id=share.pk).count() == 2


def test_a_record_withdrawn_while_it_is_confirmed_ends_one_way():
    cast = make_cast()
    for n in range(ROUNDS):
        made = file_incident(draft(cast.agent, cast.mate, description=f"{n}"), by=cast.finder)
        share = share_of(made, cast.agent)
        state_view(share.pk, text="", by=cast.agent)

        withdrawn, confirmed = at_once(
            partial(withdraw_incident, made.pk, reason="认错", by=cast.finder),
            partial(confirm_involvement, share.pk, by=cast.boss),
        )

        states = set(made.involvements.values_list("state", flat=True))
        assert (withdrawn, confirmed, states) in (
            ("done", "not_allowed", {"withdrawn"}),
            ("already_confirmed", "done", {"confirmed", "filed"}),
        )


def test_of_two_alike_confirmed_at_once_one_waits_for_the_other_and_sees_it():
    cast = make_cast()
    for n in range(ROUNDS):
        day = date(2025, 1, 1 + n)
        shares = []
        for later in (0, 1):
            told = draft(cast.agent, description=f"{n}-{later}", occurred_on=day.replace(month=1 + later))
            share = share_of(file_incident(told, by=cast.finder), cast.agent)
            state_view(share.pk, text="", by=cast.agent)
            shares.append(share.pk)

        at_once(*[partial(confirm_involvement, pk, by=cast.boss) for pk in shares])

        first, second = (Involvement.objects.get(pk=pk) for pk in shares)
        assert first.decided_at is not None
        assert second.decided_at is not None
        sees = second.repeats - first.repeats
        assert sees == (1 if first.decided_at < second.decided_at else 0)
        for pk in shares:
            overturn_involvement(pk, reason="再来", by=cast.boss)


def test_a_double_tap_files_one_record():
    cast = make_cast()
    for n in range(ROUNDS):
        told = draft(cast.agent, description=f"{n}")

        outcomes = at_once(*[partial(file_incident, told, by=cast.finder)] * 3)

        assert sorted(outcomes) == ["done", "just_filed", "just_filed"]
    assert Incident.objects.count() == ROUNDS


def test_those_who_file_at_once_get_numbers_of_their_own():
    cast = make_cast()
    people = (cast.finder, cast.boss, cast.member, cast.stranger)

    outcomes = at_once(*[lambda by=by: file_incident(draft(cast.agent, description=by.name), by=by) for by in people])

    assert outcomes == ["done"] * 4
    assert sorted(Incident.objects.values_list("number", flat=True)) == [f"BL-2026-000{n}" for n in range(1, 5)]
