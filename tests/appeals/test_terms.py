"""The terms of an appeal: from the scheme, stored with the days behind them, only ever extended (P6.3b)."""

from datetime import date

import pytest

from appeals.models import Appeal
from appeals.selectors.terms import further_until
from appeals.services.filing import submit_appeal
from appeals.services.terms import extend_appeal_terms
from appraisals.models import Scheme
from audit.log import events_about
from common.models import CalendarDay
from people.facts import SYSTEM, Standing
from people.models import DutySwap
from people.states import SwapState
from reports.selectors.todos import waiting_for
from reports.selectors.waiting import SUBMIT_APPEAL
from reports.services.terms import extend_all_terms
from scoring.models import Result
from tests.appeals.conftest import Cast, drafted, examined, on, rejected, rule, ruled, submitted
from tests.appeals.test_ruling import numbers

pytestmark = pytest.mark.django_db


def day_off(day: date) -> None:
    CalendarDay.objects.create(date=day, is_workday=False, name="放假")


def test_a_ruling_and_the_second_instance_have_their_terms_with_the_days_behind_them(cast: Cast):
    day_off(date(2026, 11, 16))
    appeal = examined(cast)
    assert appeal.decide_until == date(2026, 11, 18)
    assert appeal.terms_calendar == {"decide_until": {"off": ["2026-11-16"], "worked": []}}

    done = rule(appeal, rejected())

    assert done.further_until == further_until(done) == date(2026, 11, 20)
    assert set(done.terms_calendar) == {"decide_until", "further_until"}


def test_how_long_they_are_stands_in_the_scheme(cast: Cast):
    appeal = drafted(cast)
    scheme = Scheme.objects.get(pk=cast.month.cycle.scheme_id)
    scheme.parameters = {**scheme.parameters, "ruling_days": 2}
    Scheme.objects.filter(pk=scheme.pk).update(parameters=scheme.parameters)

    with on(10):
        assert submit_appeal(appeal.pk, by=cast.agent).decide_until == date(2026, 11, 12)


def test_a_day_off_added_later_gives_more_time_and_a_day_worked_takes_none(cast: Cast):
    appeal = submitted(cast)
    day_off(date(2026, 11, 13))
    with on(12):
        assert extend_appeal_terms(by=SYSTEM) == 1
        assert extend_appeal_terms(by=SYSTEM) == 0
    appeal.refresh_from_db()
    assert appeal.decide_until == date(2026, 11, 18)
    assert appeal.terms_calendar["decide_until"]["off"] == ["2026-11-13"]
    assert "appeal.term_extended" in [event.action for event in events_about(appeal)]

    CalendarDay.objects.update(is_workday=True)
    CalendarDay.objects.create(date=date(2026, 11, 14), is_workday=True, name="补班")
    with on(12):
        assert extend_appeal_terms(by=SYSTEM) == 0
    with on(20):
        day_off(date(2026, 11, 17))
        assert extend_appeal_terms(by=SYSTEM) == 0  # its term is over


def test_the_term_of_the_second_instance_is_extended_while_it_runs(cast: Cast):
    done = ruled(cast, rejected())
    before = done.further_until
    assert before is not None
    day_off(before)

    with on(13):
        assert extend_appeal_terms(by=SYSTEM) == 1
    done.refresh_from_db()
    assert done.further_until is not None
    assert done.further_until > before


def test_one_ruled_before_terms_were_stored_is_counted_from_its_ruling(cast: Cast):
    done = ruled(cast, rejected())
    stored = done.further_until
    Appeal.objects.filter(pk=done.pk).update(further_until=None)

    assert further_until(Appeal.objects.get(pk=done.pk)) == stored


def test_filing_waits_for_the_ruling_and_has_a_working_day_from_it(cast: Cast):
    assert cast.result.file_until == date(2026, 11, 17)
    rule(examined(cast), rejected(), day=13)
    assert cast.result.file_until == date(2026, 11, 17)

    cast.form.results.update(file_until=date(2026, 11, 13))
    Appeal.objects.all().delete()
    rule(examined(cast), rejected(), day=16)
    assert cast.result.file_until == date(2026, 11, 17)


def test_a_draft_may_be_handed_in_as_long_as_its_result_may_be_contested(cast: Cast):
    draft = drafted(cast)
    assert draft.file_until == date(2026, 11, 16)
    day_off(date(2026, 11, 13))
    with on(16):
        assert extend_all_terms(by=SYSTEM).appeals == 1
        assert extend_all_terms(by=SYSTEM).appeals == 0
    draft.refresh_from_db()
    assert draft.file_until == cast.result.appeal_until == date(2026, 11, 17)
    assert "appeal.term_extended" in [event.action for event in events_about(draft)]

    CalendarDay.objects.filter(date=date(2026, 11, 13)).update(is_workday=True)
    with on(17):
        assert SUBMIT_APPEAL in [row.what for row in waiting_for(cast.agent, Standing(), date(2026, 11, 17))]
        assert extend_all_terms(by=SYSTEM).appeals == 0
    draft.refresh_from_db()
    assert draft.file_until == date(2026, 11, 17)


def test_filing_after_a_ruling_is_extended_from_the_ruling(cast: Cast):
    rule(examined(cast), rejected(), day=17)
    assert cast.result.file_until == date(2026, 11, 18)
    day_off(date(2026, 11, 18))
    with on(18):
        assert extend_all_terms(by=SYSTEM).appeals == 2  # filing, and the term of the second instance
        assert extend_all_terms(by=SYSTEM).appeals == 0
    assert cast.result.file_until == date(2026, 11, 19)
    assert cast.result.terms_calendar["off"] == ["2026-11-18"]

    CalendarDay.objects.filter(date=date(2026, 11, 18)).update(is_workday=True)
    with on(18):
        extend_all_terms(by=SYSTEM)
    assert cast.result.file_until == date(2026, 11, 19)
    with on(20):
        day_off(date(2026, 11, 19))
        extend_all_terms(by=SYSTEM)
    assert cast.result.file_until == date(2026, 11, 19)  # it was over


def test_whoever_handed_the_duty_over_or_consolidated_the_month_does_not_examine(cast: Cast):
    appeal = submitted(cast)
    assert numbers(appeal) == {"李娜", "郑洁", "罗兰"}
    month = cast.month.cycle.duty_month
    swap = DutySwap.objects.create(month=month, asked_by=cast.member, asked=cast.month.officer)
    assert numbers(appeal) == {"李娜", "郑洁", "罗兰"}  # asked, not agreed
    DutySwap.objects.filter(pk=swap.pk).update(state=SwapState.AGREED)
    assert numbers(appeal) == {"李娜", "罗兰"}
    Result.objects.filter(pk=appeal.result_id).update(consolidated_by=cast.other.number)
    assert numbers(appeal) == {"李娜"}
