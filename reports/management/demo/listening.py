"""The running month's calls as far as they have come: drawn, partly scored, disputed; and blind second scorings."""

import random
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from appraisals.models import Cycle
from policy.rounding import cents
from quality.models import Assessment, AssessmentScore, Call, CallNote, Dispute
from quality.services.sampling import draw_calls
from quality.services.seconds import draw_seconds
from quality.states import AssessmentKind, AssessmentState, DisputeState
from reports.management.demo.calls import (
    Levels,
    Studio,
    calls_of,
    date_scorings,
    listener_of,
    scores_of,
    store,
    studio_for,
    total_of,
)
from reports.management.demo.diary import Diary
from reports.management.demo.months import Troupe, noon

MILD = "林国栋"
"""A listener whose calls come out lower when somebody else scores them: the page of drift has something to say."""
DISPUTED, RULED, DISMISSED, BEGUN = "陈思雨", "黄佩珊", "郭志鹏", "林嘉怡"


def hear(troupe: Troupe, cycle: Cycle, today: date) -> None:
    """Register twenty calls for each agent, draw by the plan, score what has been scored until yesterday."""
    store(calls_of(troupe, cycle, today, 0), cycle, today)
    chance = random.Random(20261001)  # noqa: S311 - the same demo every time
    draw_calls(cycle.starts_on, by=troupe.cast.named("沈玉兰"), chance=chance)
    drawn: dict[str, list[Call]] = {}
    rows = Call.objects.exclude(drawn_why="").filter(called_on__range=(cycle.starts_on, cycle.ends_on))
    for call in rows.select_related("employee__region").order_by("pk"):
        drawn.setdefault(call.employee.name, []).append(call)
    studio, yesterday = studio_for(troupe), noon(today - timedelta(days=1), 4)
    special = _special(studio, drawn, yesterday)
    for name, calls in drawn.items():
        region = calls[0].employee.region
        most = len(calls) if region and region.code == "R03" else 3
        for call in calls[:most]:
            if call.total is None and call.pk not in special and name != BEGUN:
                studio.score(call, listener_of(troupe, call.employee), yesterday - timedelta(days=call.pk % 4))
    for call in drawn[BEGUN][:2]:
        studio.score(call, listener_of(troupe, call.employee), yesterday)
    studio.write()
    Call.objects.bulk_update([made.call for made, _levels in studio.scored], ["total"], batch_size=500)
    _begin(studio, drawn[BEGUN][2])
    _dispute(troupe, drawn)
    date_scorings(cycle)


def _special(studio: Studio, drawn: dict[str, list[Call]], at: datetime) -> set[int]:
    """The first call of those who object to a level: scored by the trainer, so that the superior may rule."""
    trainer = studio.troupe.cast.named("罗文静")
    for name, item in ((DISPUTED, "聆听能力"), (RULED, "恰当发问"), (DISMISSED, "适当结束")):
        call = drawn[name][0]
        levels: Levels = [
            (one, Decimal(2) if one.name == item else points or one.points)
            for one, points in studio.levels(call.employee)
        ]
        made = studio.score(call, trainer, at, levels)
        made.acknowledged_at = None
        disputed = next(one for one, _points in levels if one.name == item)
        studio.note(made, disputed, 17, "这里扣的分，听17秒到22秒。")
    if len(drawn[DISPUTED]) > 1:
        studio.score(drawn[DISPUTED][1], studio.troupe.cast.named("周敏"), at).acknowledged_at = None
    return {drawn[name][0].pk for name in (DISPUTED, RULED, DISMISSED)}


def _begin(studio: Studio, call: Call) -> None:
    """A scoring that was broken off."""
    draft = Assessment.objects.create(
        call=call, listener=studio.troupe.cast.named("周敏"), rubric=studio.rubric, version=6
    )
    some = [(draft, studio.levels(call.employee)[:5])]
    AssessmentScore.objects.bulk_create(scores_of(some))
    CallNote.objects.create(assessment=draft, at_second=9, text="开头两句很自然。")


def _dispute(troupe: Troupe, drawn: dict[str, list[Call]]) -> None:
    """One waits for a ruling, one was upheld with the old score kept, one dismissed."""
    diary, judge, now = Diary(), troupe.cast.named("周敏"), timezone.now()
    told = (
        (DISPUTED, "聆听能力", "我是等客户停下来才复述地址的，17秒那里是客户换气。", None, ""),
        (RULED, "恰当发问", "先问套餐是因为客户报的是资费问题。", Decimal(5), "复听属实，先问套餐是对的，按5分。"),
        (DISMISSED, "适当结束", "客户先挂的机。", Decimal(2), "挂机前有4秒没有说结束语，维持。"),
    )
    for name, item, reason, points, ruling in told:
        made = drawn[name][0].assessments.select_related("rubric").get(kind=AssessmentKind.FIRST)
        score = made.scores.select_related("item").get(item__name=item)
        dispute = Dispute(assessment=made, item=score.item, reason=reason, old_points=score.points)
        if points is not None:
            dispute.state = DisputeState.UPHELD if points != score.points else DisputeState.DISMISSED
            dispute.ruled_by, dispute.ruled_at, dispute.ruling = judge, now - timedelta(hours=3), ruling
            dispute.new_points, dispute.old_total = points, made.total
        dispute.save()
        diary.add(now - timedelta(hours=16), made.call.employee, "dispute.raised", dispute, call=made.call.number)
        if points is not None:
            diary.add(now - timedelta(hours=3), judge, "dispute.ruled", dispute, reason=ruling, state=dispute.state)
        if dispute.state == DisputeState.UPHELD and points is not None:
            _put_right(made, score, points)
    Dispute.objects.update(raised_at=now - timedelta(hours=16))
    diary.write()


def _put_right(made: Assessment, score: AssessmentScore, points: Decimal) -> None:
    made.total = cents((made.total or Decimal(0)) - (score.points or Decimal(0)) + points)
    score.points = points
    score.save(update_fields=["points"])
    made.save(update_fields=["total"])
    Call.objects.filter(pk=made.call_id).update(total=made.total)


def hear_again(troupe: Troupe, cycle: Cycle, *, is_done: bool) -> None:
    """Have a share of the month's calls scored a second time; ``is_done``: that has been submitted."""
    draw_seconds(cycle.starts_on, by=troupe.cast.named("沈玉兰"), dice=troupe.luck)
    if not is_done:
        _give_one(troupe, cycle)
        return
    studio = studio_for(troupe)
    drafts = Assessment.objects.filter(
        kind=AssessmentKind.SECOND,
        state=AssessmentState.DRAFT,
        call__called_on__range=(cycle.starts_on, cycle.ends_on),
    )
    firsts = Assessment.objects.filter(kind=AssessmentKind.FIRST).select_related("listener")
    done: list[tuple[Assessment, Levels]] = []
    for second in drafts.order_by("pk"):
        first = firsts.get(call=second.call_id)
        given = dict(first.scores.values_list("item_id", "points"))
        is_mild = first.listener.name == MILD
        levels: Levels = [(item, _again(troupe, points, given.get(item.pk), is_mild)) for item, points in studio.items]
        second.state, second.total = AssessmentState.SUBMITTED, total_of(levels)
        second.submitted_at = (first.submitted_at or timezone.now()) + timedelta(hours=20)
        second.started_at = second.submitted_at - timedelta(minutes=7)
        done.append((second, levels))
    Assessment.objects.bulk_update([one for one, _levels in done], ["state", "total", "submitted_at", "started_at"])
    AssessmentScore.objects.bulk_create(scores_of(done))


def _give_one(troupe: Troupe, cycle: Cycle) -> None:
    """Whatever chance drew, the supervisor whose pages are shown has a call to score blind and a dispute to rule."""
    supervisor = troupe.cast.named("周敏")
    seconds = Assessment.objects.filter(kind=AssessmentKind.SECOND)
    disputed = Assessment.objects.filter(disputes__state=DisputeState.OPEN).values("call")
    seconds.filter(listener=supervisor, state=AssessmentState.DRAFT, call__in=disputed).delete()
    if seconds.filter(listener=supervisor, state=AssessmentState.DRAFT).exists():
        return
    firsts = Assessment.objects.filter(
        listener=troupe.cast.named("罗文静"), disputes=None, call__called_on__range=(cycle.starts_on, cycle.ends_on)
    )
    first = firsts.exclude(call__in=seconds.values("call")).order_by("pk").first()
    if first is not None:
        kind = AssessmentKind.SECOND
        Assessment.objects.create(call_id=first.call_id, kind=kind, listener=supervisor, rubric_id=first.rubric_id)


def _again(troupe: Troupe, points: list[Decimal], given: Decimal | None, is_mild: bool) -> Decimal | None:
    """The same level mostly; a miss is seen as none now and then, full marks as a miss more often by whom is strict."""
    if given is None:
        return None
    is_full = given == points[-1]
    doubt = (0.2 if is_mild else 0.04) if is_full else (0.05 if is_mild else 0.35)
    if troupe.luck.random() > doubt:
        return given
    return points[max(0, min(len(points) - 1, points.index(given) + (-1 if is_full else 1)))]
