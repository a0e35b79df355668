"""The demo keeps the portal's own rules, and every page of incidents, bonuses and calls has something to show."""

from collections import Counter
from functools import cache

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from incidents.models import Bonus, Incident, Involvement
from incidents.permissions import Judge, Superiors, can_check_first, can_check_second, can_verify, concerned_with
from incidents.states import EventState
from people.models import Employee
from people.selectors import standing_of
from quality.models import Assessment, Call, CallNote, Dispute
from quality.selectors.assessments import score_of
from quality.states import AssessmentKind, AssessmentState
from reports.selectors import waiting as what
from reports.selectors.todos import waiting_for
from scoring.models import Result

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    call_command("load_demo")


@cache
def judge(person: Employee) -> Judge:
    return Judge(person, standing_of(person, timezone.localdate()))


def test_the_demo_keeps_the_rules_and_shows_every_stage(loaded):
    _incidents_were_verified_by_whom_they_may()
    _bonuses_were_checked_by_whom_they_may()
    _calls_have_the_totals_of_their_levels()
    _things_wait_for_the_cast()
    before = Counter({model: model.objects.count() for model in (Incident, Bonus, Call, Result)})
    call_command("load_demo")
    assert Counter({model: model.objects.count() for model in (Incident, Bonus, Call, Result)}) == before


def _incidents_were_verified_by_whom_they_may() -> None:
    states = Counter(Involvement.objects.values_list("state", flat=True))
    assert set(states) == {state.value for state in EventState}
    for share in Involvement.objects.filter(state=EventState.CONFIRMED).select_related("incident", "verified_by"):
        share.full_clean()
        share.state = EventState.FILED
        above, concerned = Superiors.of([share]), concerned_with(share.incident)
        assert share.verified_by is not None
        assert can_verify(judge(share.verified_by), share, concerned, above), share.incident.number
    moved = Involvement.objects.get(employee__name="余晓琳", repeats__gt=0)
    assert (str(moved.severity), str(moved.points)) == ("L2", "3.00")
    grave = Involvement.objects.get(severity__voids_bonus=True)
    assert grave.counted_month is not None
    assert Bonus.objects.filter(employee=grave.employee, counted_month=grave.counted_month).exists()
    assert Result.objects.get(employee=grave.employee, cycle__starts_on=grave.counted_month).bonus == 0


def _bonuses_were_checked_by_whom_they_may() -> None:
    for bonus in Bonus.objects.exclude(first_checker=None).select_related("first_checker__position", "employee"):
        bonus.full_clean()
        first, second = bonus.first_checker, bonus.second_checker
        bonus.state, bonus.first_checker = EventState.FILED, None
        assert first is not None
        assert can_check_first(judge(first), bonus, Superiors.of([bonus])), bonus.number
        bonus.first_checker = first
        assert second is None or can_check_second(judge(second), bonus, Superiors.of([bonus])), bonus.number


def _calls_have_the_totals_of_their_levels() -> None:
    done = Assessment.objects.filter(state=AssessmentState.SUBMITTED).select_related("rubric", "call")
    for one in done.prefetch_related("scores", "rubric__items")[::11]:
        assert score_of(one).total == one.total
        assert one.kind == AssessmentKind.SECOND or one.call.total == one.total
    assert CallNote.objects.filter(at_second__gt=0).exists()
    assert Counter(Dispute.objects.values_list("state", flat=True)) == {"open": 1, "upheld": 1, "dismissed": 1}
    call = Call.objects.filter(employee__name="陈思雨").exclude(audio="").first()
    assert call is not None
    assert call.audio.name is not None
    assert default_storage.size(call.audio.name) == call.audio_size
    assert default_storage.size(call.audio.name) < 1_000_000


def _things_wait_for_the_cast() -> None:
    today = timezone.localdate()

    def kinds(name: str) -> set[str]:
        person = Employee.objects.get(name=name)
        return {row.what for row in waiting_for(person, standing_of(person, today), today)}

    assert {what.STATE, what.HEAR} <= kinds("陈思雨")
    assert {what.VERIFY, what.CHECK_BONUS, what.SCORE, what.RESUME, what.BLIND, what.RULE} <= kinds("周敏")
    assert {what.VERIFY, what.CHECK_BONUS} <= kinds("沈玉兰")
