"""The audit trail: inside a transaction, chained, and a change is found."""

import pytest
from django.db import transaction

from audit.log import broken_links, events_about, record, seal_events
from audit.models import Event
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
