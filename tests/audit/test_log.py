"""The audit trail: inside a transaction, chained, and a change is found."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from audit.log import broken_links, events_about, head, record, seal_events
from audit.models import Event
from audit.tasks import seal
from kpi_portal.schedule import CELERY_BEAT_SCHEDULE
from people.facts import SYSTEM
from tests.world import region

pytestmark = pytest.mark.django_db


@pytest.fixture
def three_events():
    place = region()
    with transaction.atomic():
        for number in range(3):
            record("test.done", place, by=SYSTEM, before={"n": number}, after={"n": number + 1}, reason=f"第{number}次")
    return place


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused():
    place = region()

    with pytest.raises(transaction.TransactionManagementError):
        record("test.done", place, by=SYSTEM)


def test_the_history_of_an_object_is_in_order(three_events):
    assert [event.after for event in events_about(three_events)] == [{"n": 1}, {"n": 2}, {"n": 3}]


def test_an_untouched_chain_is_whole_and_sealing_again_adds_nothing(three_events):
    assert seal_events() == 3
    assert seal_events() == 0
    assert broken_links() == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"after": {"n": 99}}, id="value"),
        pytest.param({"actor_number": "E0001"}, id="actor"),
        pytest.param({"reason": "别的原因"}, id="reason"),
        pytest.param({"action": "test.undone"}, id="action"),
    ],
)
def test_a_changed_event_is_found(three_events, change):
    seal_events()

    Event.objects.filter(chain_no=2).update(**change)

    assert broken_links() == [2]


def test_a_removed_event_is_found(three_events):
    seal_events()

    Event.objects.filter(chain_no=2).delete()

    assert broken_links() == [3]


def _verified(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("verify_audit", *arguments, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_the_command_seals_what_waits_and_names_the_newest_digest(three_events):
    status, words = _verified()

    assert status == 0
    assert head() == (3, Event.objects.get(chain_no=3).digest)
    assert head()[1] in words
    assert "3条，完整" in words


def test_a_noted_digest_is_found_again_and_its_cut_tail_is_not(three_events):
    _verified()
    noted = head()[1]
    with transaction.atomic():
        record("test.done", three_events, by=SYSTEM)
    assert _verified(noted)[0] == 0
    assert "其后添了1条" in _verified(noted)[1]

    Event.objects.filter(chain_no__gte=3).delete()

    assert broken_links() == []  # by itself the chain looks whole
    status, words = _verified(noted)
    assert status == 1
    assert "链上没有这个摘要" in words


def test_the_command_names_broken_links_and_refuses_what_is_no_digest(three_events):
    _verified()
    Event.objects.filter(chain_no=2).update(reason="别的原因")

    status, words = _verified()
    assert status == 1
    assert "断了1处，链上第2条" in words
    with pytest.raises(CommandError) as refused:
        _verified("abc")
    assert refused.value.returncode == 2


def test_the_scheduler_seals(three_events):
    assert "audit.tasks.seal" in {one["task"] for one in CELERY_BEAT_SCHEDULE.values()}

    assert seal() == 3
    assert seal() == 0
