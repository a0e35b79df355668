"""The short terms, for a view on an incident and for disputing a call: stored with their days, only ever extended."""

from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from time_machine import travel

from audit.log import events_about
from common.models import CalendarDay
from incidents.models import Involvement
from incidents.services.filing import file_incident, state_view
from people.facts import SYSTEM
from quality.models import Assessment
from quality.services.filling import Level
from reports.services.terms import extend_all_terms
from reports.tasks import extend_terms
from tests.incidents import conftest as events
from tests.quality import team as calls

pytestmark = pytest.mark.django_db


def day_off(day: date) -> None:
    CalendarDay.objects.create(date=day, is_workday=False, name="放假")


def filed() -> tuple[Involvement, SimpleNamespace]:
    """Filed on Tuesday 13 October: a view is awaited until Thursday the 15th."""
    cast = events.make_cast()
    with events.on(13):
        return events.share_of(file_incident(events.draft(cast.agent), by=cast.finder), cast.agent), cast


def test_a_day_off_gives_more_time_for_a_view_and_a_day_worked_takes_none():
    share, _cast = filed()
    assert (share.statement_due_on, share.terms_calendar) == (date(2026, 10, 15), {"off": [], "worked": []})
    day_off(date(2026, 10, 14))

    with events.on(14):
        assert extend_all_terms(by=SYSTEM).others == 1
        assert extend_all_terms(by=SYSTEM).others == 0
    share.refresh_from_db()
    assert (share.statement_due_on, share.terms_calendar) == (date(2026, 10, 16), {"off": ["2026-10-14"], "worked": []})
    assert "incident.term_extended" in [event.action for event in events_about(share)]

    CalendarDay.objects.update(is_workday=True)
    with events.on(14):
        assert extend_all_terms(by=SYSTEM).others == 0


def test_a_view_that_was_stated_or_whose_term_is_over_gets_none():
    share, cast = filed()
    with events.on(14):
        state_view(share.pk, text="系统卡", by=cast.agent)
    day_off(date(2026, 10, 15))
    with events.on(15):
        assert extend_all_terms(by=SYSTEM).others == 0
    Involvement.objects.update(stated_at=None)
    with events.on(16):
        assert extend_all_terms(by=SYSTEM).others == 0


def test_a_day_off_gives_more_time_to_dispute_a_call():
    team = calls.make_team()
    with travel(datetime.fromisoformat("2026-10-13 10:00+08:00"), tick=False):
        done = calls.scored(calls.make_call(team.agent), team.superior, 聆听能力=Level(points=Decimal(0)))
    found = Assessment.objects.get(pk=done.pk)
    assert (found.dispute_until, found.terms_calendar) == (date(2026, 10, 16), {"off": [], "worked": []})
    day_off(date(2026, 10, 16))

    with travel(datetime.fromisoformat("2026-10-16 23:59:59+08:00"), tick=False):
        extend_terms()
    found.refresh_from_db()
    assert found.dispute_until == date(2026, 10, 19)
    assert found.terms_calendar == {"off": ["2026-10-16"], "worked": []}
