"""The demo keeps the portal's own rules, and every page of incidents, bonuses and calls has something to show."""

from collections import Counter
from datetime import timedelta
from functools import cache
from hashlib import sha256

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from appeals.models import Appeal
from appeals.permissions import eligible_handlers
from appeals.states import AppealState
from appraisals.states import FormState
from development.models import Amendment, Interview, Meeting, Plan, RegionMinute, TrainingRequest
from development.selectors.meetings import consenter_of
from development.states import InterviewState, MeetingState, PlanState, TrainingState
from incidents.models import Bonus, Incident, Involvement
from incidents.permissions import Judge, Superiors, can_check_first, can_check_second, can_verify, concerned_with
from incidents.states import EventState
from notices.models import Message
from people.models import DutySwap, Employee
from people.selectors import standing_of
from quality.models import Assessment, Call, CallNote, Dispute
from quality.selectors.assessments import score_of
from quality.states import AssessmentKind, AssessmentState
from reports.selectors import waiting as what
from reports.selectors.todos import waiting_for
from scoring.models import Document, Nudge, PayDifference, Result

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
    _appeals_were_examined_by_strangers_and_ruled_in_time()
    _interviews_plans_and_training_stand_at_every_stage()
    _minutes_went_to_those_concerned_and_into_the_archive()
    _messages_are_of_the_past_and_the_old_ones_read()
    _things_wait_for_the_cast()
    models = (Incident, Bonus, Call, Result, Appeal, Interview, Plan, Meeting, Message)
    before = Counter({model: model.objects.count() for model in models})
    call_command("load_demo")
    assert Counter({model: model.objects.count() for model in models}) == before


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


def _appeals_were_examined_by_strangers_and_ruled_in_time() -> None:
    appeals = Appeal.objects.select_related("result__form__cycle", "employee", "first")
    assert Counter(one.state for one in appeals) == {AppealState.RULED: 2, AppealState.EXAMINED: 1}
    for one in appeals:
        assert one.employee.name != "陈思雨"
        assert one.submitted_at is not None
        assert one.assigned_at is not None
        assert one.handler_id is not None
        assert timezone.localdate(one.submitted_at) <= one.file_until
        assert eligible_handlers(one, timezone.localdate(one.assigned_at)).filter(pk=one.handler_id).exists()
        assert one.result.form.is_contested == (one.state == AppealState.EXAMINED)
        if one.ruled_at is not None and one.decide_until is not None:
            assert timezone.localdate(one.ruled_at) <= one.decide_until
    paid = PayDifference.objects.select_related("before__cycle", "after__form").get()
    assert paid.before is not None
    assert paid.after is not None
    assert paid.amount == paid.after.performance_pay - paid.before.performance_pay > 0
    assert paid.paid_month > paid.before.cycle.ends_on
    assert paid.after.form.state == FormState.FILED
    assert paid.after.signatures.count() == 2


def _interviews_plans_and_training_stand_at_every_stage() -> None:
    assert set(Interview.objects.values_list("state", flat=True)) == {state.value for state in InterviewState}
    for interview in Interview.objects.exclude(state=InterviewState.DRAFT):
        interview.full_clean()
        assert interview.held_on is not None
        assert interview.shared_at is not None
        assert interview.held_on <= timezone.localdate(interview.shared_at)
    assert Interview.objects.filter(is_agreed=False).exclude(opinion="").count() == 1
    runs = Plan.objects.get(state=PlanState.RUNNING)
    assert runs.checkpoints.filter(held_at__isnull=False).exists()
    assert runs.checkpoints.filter(held_at__isnull=True).exists()
    assert Plan.objects.filter(state=PlanState.PUBLISHED).exists()
    states = set(TrainingRequest.objects.values_list("state", flat=True))
    assert states == {TrainingState.REQUESTED, TrainingState.COLLECTED, TrainingState.ARRANGED}


def _minutes_went_to_those_concerned_and_into_the_archive() -> None:
    earlier, sent, begun = Meeting.objects.order_by("cycle__starts_on")
    assert [one.state for one in (earlier, sent, begun)] == [
        MeetingState.SENT,
        MeetingState.SENT,
        MeetingState.PREPARED,
    ]
    assert sent.recipients.filter(name="周敏").exists()
    assert sent.attendees.exists()
    assert not RegionMinute.objects.filter(meeting=sent, measures="").exists()
    assert 0 < RegionMinute.objects.filter(meeting=begun).exclude(practice="").count() < begun.regions.count()
    for one in Amendment.objects.select_related("proposed_by", "asked"):
        assert one.asked == consenter_of(one.proposed_by, timezone.localdate())
    documents = Document.objects.filter(cycle=sent.cycle)
    assert documents.count() == 3
    for document in documents:
        with document.file.open("rb") as file:
            assert sha256(file.read()).hexdigest() == document.sha256


def _messages_are_of_the_past_and_the_old_ones_read() -> None:
    now = timezone.now()
    assert not Message.objects.filter(at__gt=now).exists()
    assert not Message.objects.filter(read_at__isnull=True, at__lt=now - timedelta(days=4)).exists()
    mine = Message.objects.filter(recipient__name="陈思雨")
    assert mine.filter(read_at__isnull=True).exists()
    assert mine.filter(read_at__isnull=False).exists()
    assert Nudge.objects.exists()
    assert DutySwap.objects.get().asked.name == "沈玉兰"


def _things_wait_for_the_cast() -> None:
    today = timezone.localdate()

    def kinds(name: str) -> set[str]:
        person = Employee.objects.get(name=name)
        return {row.what for row in waiting_for(person, standing_of(person, today), today)}

    assert {what.STATE, what.HEAR, what.AGREE_INTERVIEW} <= kinds("陈思雨")
    assert {what.INTERVIEW, what.PASS_TRAINING, what.MINUTES} <= kinds("周敏")
    assert what.MINUTES not in kinds("陈思雨")
    assert what.CONSENT in kinds("何建国")
    assert what.EXAMINE in kinds("沈玉兰")
    assert what.SIGN_PLAN in kinds("刘志强")
    assert {what.VERIFY, what.CHECK_BONUS, what.SCORE, what.RESUME, what.BLIND, what.RULE} <= kinds("周敏")
    assert {what.VERIFY, what.CHECK_BONUS} <= kinds("沈玉兰")
