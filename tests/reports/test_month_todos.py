"""What waits for the leader and the duty officer round a month: the meeting, its minutes, the documents, the rota."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from time_machine import travel

from appraisals.states import FormState
from development.models import Meeting
from development.services.meetings import add_to_minutes, prepare_meeting
from development.states import MeetingState
from people.models import DutyTurn, Employee
from people.selectors import standing_of
from reports.selectors.digests import digests_of
from reports.selectors.todos import waiting_for
from reports.services.packaging import make_package
from scoring.models import Result
from tests.reports.conftest import publish

pytestmark = pytest.mark.django_db
SORTS = {"meet", "send_minutes", "package", "set_rota"}
PUBLISHED = datetime(2026, 11, 9, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


def waits(somebody: Employee, day: date) -> dict[str, date | None]:
    """The sorts of the month's own, each with its term; months without an officer by their month."""
    rows = waiting_for(somebody, standing_of(somebody, day), day)
    return {f"{row.what} {row.key}".removesuffix(" 2026-10"): row.due_on for row in rows if row.what in SORTS}


def published(month) -> None:
    for first in (date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)):
        DutyTurn.objects.create(month=first, officer=month.officer)
    with travel(PUBLISHED, tick=False):
        publish(month)


def test_the_meeting_and_the_documents_follow_the_terms_of_the_months_results(month, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    published(month)
    day, term, filing = date(2026, 11, 10), date(2026, 11, 16), date(2026, 11, 17)
    assert waits(month.leader, day) == {"meet": term}
    assert waits(month.officer, day) == {"package": filing}

    with travel(PUBLISHED, tick=False):
        prepare_meeting(month.cycle.pk, by=month.leader)
        make_package(month.cycle.pk, by=month.officer)
    assert waits(month.leader, day) == {}
    assert waits(month.officer, day) == {"send_minutes": filing}
    DutyTurn.objects.filter(month=date(2026, 10, 1)).delete()
    assert waits(month.leader, day) == {"send_minutes": filing}  # nobody else is there to do it
    for somebody in (month.manager, month.hr, month.supervisor, month.agent):
        assert waits(somebody, day) == {}


def test_minutes_that_are_not_in_the_archive_wait_again(month, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    published(month)
    day = date(2026, 11, 20)
    with travel(PUBLISHED, tick=False):
        make_package(month.cycle.pk, by=month.officer)
        sent = Meeting.objects.create(
            cycle=month.cycle, chair=month.leader, state=MeetingState.SENT, sent_at=timezone.now() + timedelta(hours=1)
        )
    assert set(waits(month.officer, day)) == {"package"}
    with travel(PUBLISHED + timedelta(days=1), tick=False):
        make_package(month.cycle.pk, by=month.officer)
    assert waits(month.officer, day) == {}
    with travel(PUBLISHED + timedelta(days=2), tick=False):
        add_to_minutes(sent.pk, text="补一句", by=month.officer)
    assert set(waits(month.officer, day)) == {"package"}


def test_nothing_of_it_waits_before_the_whole_month_is_published(month):
    published(month)
    month.form.state = FormState.CONSOLIDATED
    month.form.save()
    assert waits(month.leader, date(2026, 11, 10)) == waits(month.officer, date(2026, 11, 10)) == {}


def test_the_leader_is_asked_for_the_officers_of_this_month_and_the_next(month):
    day = date(2026, 11, 10)
    assert waits(month.leader, day) == {
        "set_rota 2026-11": date(2026, 10, 31),
        "set_rota 2026-12": date(2026, 11, 30),
        "set_rota 2027-01": date(2026, 12, 31),
    }
    DutyTurn.objects.create(month=date(2026, 12, 1), officer=month.officer)
    assert set(waits(month.leader, day)) == {"set_rota 2026-11", "set_rota 2027-01"}
    assert waits(month.officer, day) == {}


def test_what_is_late_is_told_to_the_next(month):
    published(month)
    with travel(PUBLISHED, tick=False):
        prepare_meeting(month.cycle.pk, by=month.leader)
    Result.objects.update(file_until=date(2026, 11, 17))

    def heard(day: date) -> dict[str, set[str]]:
        with travel(datetime.combine(day, PUBLISHED.timetz()), tick=False):
            found = digests_of(timezone.localdate())
        return {one.person.name: {row.what for row in one.followed} & SORTS for one in found}

    assert heard(date(2026, 11, 18)).get(month.leader.name, set()) == set()
    assert heard(date(2026, 11, 19))[month.leader.name] == {"send_minutes", "package"}
    assert "meet" not in heard(date(2026, 11, 19)).get(month.manager.name, set())  # it has been prepared


def test_the_words_lead_to_the_places(month, client):
    published(month)
    with travel(datetime(2026, 11, 10, 10, tzinfo=PUBLISHED.tzinfo), tick=False):
        client.force_login(month.leader.account)
        assert "准备 10月考核交流会" in client.get("/").content.decode()
        client.force_login(month.officer.account)
        assert "归档 10月月度文档" in client.get("/").content.decode()
