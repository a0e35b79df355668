"""Terms in working days: computed once, stored with their calendar, extended and never shortened (P6.3)."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from time_machine import travel

from appraisals.models import Cycle
from appraisals.selectors.terms import days_behind, period_of, terms_of
from appraisals.services.cycles import open_cycle
from appraisals.services.terms import extend_cycle_terms
from common.models import CalendarDay
from common.selectors import calendar_between, is_arranged, missing_arrangement, statutory_days
from notices.models import Message
from people.facts import SYSTEM
from people.states import Duty, Role
from policy.schemes import SCHEME_1_0
from scoring.models import Result, Signature
from scoring.selectors.terms import result_terms, terms_from
from scoring.services.consolidation import consolidate_forms
from scoring.services.publication import publish_results
from scoring.services.signing import sign_result
from scoring.services.terms import extend_result_terms, tell_missing_calendar
from tests import world

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def day_off(day: date) -> None:
    by_hand = {"is_workday": False, "name": "临时放假", "source": CalendarDay.Source.ADMINISTRATOR}
    CalendarDay.objects.update_or_create(date=day, defaults=by_hand)


@pytest.mark.parametrize(
    ("month", "due"),
    [
        (date(2026, 9, 1), date(2026, 10, 10)),
        (date(2026, 4, 1), date(2026, 5, 8)),
        (date(2026, 11, 1), date(2026, 12, 3)),
    ],
)
def test_data_is_due_on_the_third_working_day_of_the_next_month(month, due):
    assert terms_of(*period_of("month", month), SCHEME_1_0).data_due_on == due


@pytest.mark.parametrize(
    ("received", "until"),
    [
        (date(2026, 2, 12), date(2026, 2, 26)),
        (date(2026, 2, 14), date(2026, 2, 28)),
        (date(2026, 9, 24), date(2026, 10, 9)),
        (date(2026, 11, 9), date(2026, 11, 16)),
    ],
)
def test_a_result_may_be_appealed_for_five_working_days(received, until):
    published = datetime(received.year, received.month, received.day, 16, tzinfo=SHANGHAI)

    assert terms_from(world.cycle(), published)["appeal_until"] == until


def test_a_term_ends_at_midnight_in_shanghai_wherever_the_server_stands():
    # 2026-11-09 23:30 in Shanghai is still the 9th, though it is 15:30 of the 9th in London.
    late = datetime(2026, 11, 9, 15, 30, tzinfo=UTC)
    next_day = datetime(2026, 11, 9, 16, 0, tzinfo=UTC)

    assert terms_from(world.cycle(), late)["appeal_until"] == date(2026, 11, 16)
    assert terms_from(world.cycle(), next_day)["appeal_until"] == date(2026, 11, 17)


def test_an_opened_cycle_keeps_the_days_its_terms_were_computed_on():
    owner = world.person("周敏", "KFZG")
    world.person("陈思雨", superior=owner)

    cycle = open_cycle("month", date(2026, 9, 1), by=SYSTEM).cycle

    assert "2026-10-01" in cycle.calendar["off"]
    assert "2026-10-10" in cycle.calendar["worked"]


def opened(month: date = date(2026, 10, 1)) -> Cycle:
    owner = world.person("周敏", "KFZG")
    world.form(world.person("陈思雨", superior=owner), owner, month=month)
    cycle = Cycle.objects.get(starts_on=month)
    terms = terms_of(cycle.starts_on, cycle.ends_on, SCHEME_1_0)
    cycle.calendar = days_behind(cycle.starts_on, terms, calendar_between(cycle.starts_on, cycle.ends_on))
    cycle.save(update_fields=["calendar"])
    return cycle


def test_a_new_day_off_extends_the_terms_and_tells_those_concerned():
    cycle = opened()
    before = cycle.data_due_on
    day_off(date(2026, 11, 3))

    assert extend_cycle_terms(by=SYSTEM) == ["2026-10"]

    cycle.refresh_from_db()
    assert (before, cycle.data_due_on) == (date(2026, 11, 4), date(2026, 11, 5))
    assert "2026-11-03" in cycle.calendar["off"]
    assert Message.objects.filter(kind="terms_extended").count() == 2


def test_an_unchanged_calendar_extends_nothing_and_a_second_run_neither():
    opened()
    assert extend_cycle_terms(by=SYSTEM) == []
    day_off(date(2026, 11, 3))
    assert extend_cycle_terms(by=SYSTEM) == ["2026-10"]
    assert extend_cycle_terms(by=SYSTEM) == []


def test_a_working_day_more_never_shortens_a_term():
    cycle = opened(date(2026, 9, 1))
    CalendarDay.objects.filter(date__range=(date(2026, 10, 1), date(2026, 10, 9))).update(is_workday=True)

    assert extend_cycle_terms(by=SYSTEM) == []

    cycle.refresh_from_db()
    assert cycle.data_due_on == date(2026, 10, 10)


def published_result(day: date) -> Result:
    owner = world.person("周敏", "KFZG")
    form = world.ready_form(world.graded(world.person("陈思雨", superior=owner)), owner, month=date(2026, 10, 1))
    with travel(datetime(day.year, day.month, day.day, 16, tzinfo=SHANGHAI), tick=False):
        consolidate_forms(form.cycle_id, form_ids=[form.pk], by=SYSTEM)
        publish_results(form.cycle_id, form_ids=[form.pk], by=SYSTEM)
    return Result.objects.get(form=form, superseded_at__isnull=True)


def test_publication_stores_the_terms_of_signing_appeal_and_interview():
    result = published_result(date(2026, 11, 9))

    assert result.sign_until == date(2026, 11, 12)
    assert result.appeal_until == date(2026, 11, 16)
    assert result.interview_until == date(2026, 11, 16)


def test_what_is_stored_counts_even_if_the_calendar_says_otherwise_by_now():
    result = published_result(date(2026, 11, 9))
    day_off(date(2026, 11, 10))

    assert result_terms([result], date(2026, 11, 10))[result.pk].appeal.due_on == date(2026, 11, 16)


def test_a_result_term_that_still_runs_is_extended_and_one_that_is_over_is_not():
    result = published_result(date(2026, 11, 9))
    day_off(date(2026, 11, 10))

    with travel(datetime(2026, 12, 1, 9, tzinfo=SHANGHAI), tick=False):
        assert extend_result_terms(by=SYSTEM) == 0
    with travel(datetime(2026, 11, 10, 9, tzinfo=SHANGHAI), tick=False):
        assert extend_result_terms(by=SYSTEM) == 1
        assert extend_result_terms(by=SYSTEM) == 0

    result.refresh_from_db()
    assert result.appeal_until == date(2026, 11, 17)


@pytest.mark.parametrize(
    ("today", "missing"), [(date(2026, 10, 31), None), (date(2026, 11, 1), 2027), (date(2027, 1, 2), 2027)]
)
def test_the_next_years_arrangement_is_missed_from_november_on(today, missing):
    assert missing_arrangement(today) == missing


def test_a_year_is_arranged_once_every_statutory_day_stands_in_the_table():
    day_off(date(2027, 1, 1))
    assert not is_arranged(2027)
    assert missing_arrangement(date(2026, 11, 20)) == 2027

    for day in statutory_days(2027):
        day_off(day)

    assert is_arranged(2027)
    assert missing_arrangement(date(2026, 11, 20)) is None


def test_the_missing_arrangement_is_told_once_to_who_can_help():
    hr = world.with_role(world.person("赵琳", None), Role.HR)
    officer = world.on_duty(world.in_group(world.person("沈玉兰", None)), date(2026, 10, 1))
    world.with_role(world.person("孙悦", None), Role.AUDITOR)

    with travel(datetime(2026, 11, 20, 9, tzinfo=SHANGHAI), tick=False):
        assert tell_missing_calendar() == 2027
        assert tell_missing_calendar() == 2027

    told = Message.objects.filter(kind="calendar_missing").values_list("recipient_id", flat=True)
    assert sorted(told) == sorted([hr.pk, officer.pk])


def test_nothing_is_told_while_nothing_is_missing():
    world.with_role(world.person("赵琳", None), Role.HR)

    with travel(datetime(2026, 10, 20, 9, tzinfo=SHANGHAI), tick=False):
        assert tell_missing_calendar() is None

    assert not Message.objects.filter(kind="calendar_missing").exists()


def test_the_page_of_the_rounds_tells_the_calendar_behind_the_terms_and_the_earlier_day(client):
    leader = world.in_group(world.person("方志远", None, account=True), Duty.LEADER)
    opened(date(2026, 9, 1))
    with travel(datetime(2026, 10, 8, 9, tzinfo=SHANGHAI), tick=False):
        client.force_login(leader.account)
        before = client.get("/cycles/").content.decode()
        day_off(date(2026, 10, 9))
        extend_cycle_terms(by=SYSTEM)
        after = client.get("/cycles/").content.decode()

    assert "按2026年放假安排算" in before
    assert "10月1日至10月7日放假、10月10日上班" in before
    assert "报数据原来到10月10日，现在到10月12日" in after


def test_a_round_that_reaches_into_a_year_without_an_arrangement_says_so(client):
    leader = world.in_group(world.person("方志远", None, account=True), Duty.LEADER)
    opened(date(2026, 12, 1))

    with travel(datetime(2026, 12, 2, 9, tzinfo=SHANGHAI), tick=False):
        client.force_login(leader.account)
        assert "2027年还没有安排" in client.get("/cycles/").content.decode()


@pytest.mark.parametrize(
    ("moment", "may"),
    [
        (datetime(2026, 11, 16, 23, 59, 59, tzinfo=SHANGHAI), True),
        (datetime(2026, 11, 17, 0, 0, 0, tzinfo=SHANGHAI), False),
        (datetime(2026, 11, 16, 15, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 16, 16, 0, 0, tzinfo=UTC), False),
    ],
)
def test_the_appeal_term_is_over_one_second_after_its_last_day(moment, may):
    result = published_result(date(2026, 11, 9))

    with travel(moment, tick=False):
        assert result_terms([result], timezone.localdate())[result.pk].appeal.is_over is not may


def test_signing_late_is_allowed_and_seen_by_its_moment():
    result = published_result(date(2026, 11, 9))
    late = datetime(2026, 11, 13, 0, 0, 0, tzinfo=SHANGHAI)

    with travel(late, tick=False):
        sign_result(result.form_id, digest=result.digest, by=result.employee)

    assert Signature.objects.get(result=result).signed_at == late
