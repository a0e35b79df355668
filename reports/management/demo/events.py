"""Incidents, bonuses and monitored calls of the demo's months."""

from datetime import date, timedelta
from decimal import Decimal

from appraisals.models import Cycle
from incidents.models import Bonus, Incident, Involvement
from incidents.states import EventState
from people.models import Employee
from policy.rounding import cents
from quality.models import Assessment, AssessmentScore, Call, Rubric
from quality.states import AssessmentState
from reports.management.demo.months import Troupe, noon

INCIDENTS = (
    ("承诺回访未按时完成，客户次日来电催问", "2.00"),
    ("工单漏记客户联系方式，延误派单", "2.00"),
    ("有效投诉：答复口径与公告不一致", "3.00"),
    ("示忙超时，现场调度两次提醒", "3.00"),
    ("交接班迟到15分钟", "1.00"),
    ("报表逾期半天提交", "2.00"),
)
BONUSES = (
    ("客户来电表扬：耐心解释账单差额", "1.00"),
    ("建议被采纳：分时段外呼提醒", "2.00"),
    ("成功化解一起升级投诉", "3.00"),
    ("带教新人并考核合格", "2.00"),
    ("知识库优质条目1条", "0.50"),
    ("临时顶班支援夜班外呼", "1.00"),
)


def happen(troupe: Troupe, cycle: Cycle, today: date) -> None:
    """Some incidents and bonuses of the month; those of the running month are partly undecided."""
    if cycle.starts_on > today:
        return
    is_running = cycle.ends_on >= today
    chance, incidents, bonuses = troupe.chance, [], []
    for number, person in enumerate(chance.sample(troupe.people, 7), start=1):
        text, points = INCIDENTS[number % len(INCIDENTS)]
        is_open = is_running and number % 3 == 0
        superior = troupe.cast.superior[person.pk]
        finder = _other(troupe, person)
        incident = Incident(
            number=f"BL{cycle.starts_on:%Y%m}{number:03d}",
            occurred_on=_some_day(troupe, cycle, today),
            description=text,
            found_by=troupe.cast.named("郑洁") if finder.pk == superior.pk else finder,
        )
        share = Involvement(
            incident=incident,
            employee=person,
            filed_points=Decimal(points),
            points=Decimal(points),
            verified_by=None if is_open else superior,
            state=EventState.FILED if is_open else EventState.CONFIRMED,
            confirmed_at=None if is_open else noon(min(cycle.ends_on, today)),
        )
        incidents.append((incident, share))
    for number, person in enumerate(chance.sample(troupe.people, 9), start=1):
        text, points = BONUSES[number % len(BONUSES)]
        is_open = is_running and number % 3 == 0
        bonuses.append(
            Bonus(
                number=f"JF{cycle.starts_on:%Y%m}{number:03d}",
                occurred_on=_some_day(troupe, cycle, today),
                employee=person,
                grounds=text,
                points=Decimal(points),
                raised_by=person,
                first_checker=_other(troupe, person),
                second_checker=None if is_open else troupe.cast.superior[person.pk],
                state=EventState.FILED if is_open else EventState.CONFIRMED,
                confirmed_at=None if is_open else noon(min(cycle.ends_on, today)),
            )
        )
    Incident.objects.bulk_create(incident for incident, _share in incidents)
    Involvement.objects.bulk_create(share for _incident, share in incidents)
    Bonus.objects.bulk_create(bonuses)


def listen(troupe: Troupe, cycle: Cycle, today: date) -> None:
    """Four monitored calls for each agent of a month that has begun."""
    if cycle.starts_on > today:
        return
    rubric = Rubric.objects.order_by("-starts_on").prefetch_related("items__levels").first()
    agents = [p for p in troupe.people if p.position and p.position.code == "KFZY"]
    if rubric is None:
        return
    items = [(item, sorted(level.points for level in item.levels.all())) for item in rubric.items.all()]
    calls, chosen = [], []
    for agent in agents:
        for number in range(1, 5):
            share = troupe.share(agent)
            levels = [(item, _level(troupe, points, share)) for item, points in items]
            chosen.append(levels)
            call = Call(
                number=f"LY{cycle.starts_on:%Y%m}-{agent.number}-{number}",
                called_on=_some_day(troupe, cycle, today),
                employee=agent,
                total=cents(sum((points for _item, points in levels), Decimal(0))),
                drawn_why="random",
            )
            calls.append(
                Assessment(
                    call=call,
                    listener=troupe.cast.superior[agent.pk],
                    rubric=rubric,
                    state=AssessmentState.SUBMITTED,
                    total=call.total,
                )
            )
    Call.objects.bulk_create((assessment.call for assessment in calls), batch_size=500)
    stored = Assessment.objects.bulk_create(calls, batch_size=500)
    AssessmentScore.objects.bulk_create(
        (
            AssessmentScore(assessment=assessment, item=item, points=points)
            for assessment, levels in zip(stored, chosen, strict=True)
            for item, points in levels
        ),
        batch_size=500,
    )


def _level(troupe: Troupe, points: list[Decimal], share: float) -> Decimal:
    """Full marks mostly; the less able miss a level more often, so that calls score some 80 to 97."""
    is_missed = troupe.chance.random() < 1.3 * (1 - share) + 0.03
    return points[-2] if is_missed else points[-1]


def _other(troupe: Troupe, person: Employee) -> Employee:
    others = [p for p in troupe.people if p.region_id == person.region_id and p.pk != person.pk]
    return troupe.chance.choice(others)


def _some_day(troupe: Troupe, cycle: Cycle, today: date) -> date:
    last = min(cycle.ends_on, today)
    return cycle.starts_on + timedelta(days=troupe.chance.randint(0, (last - cycle.starts_on).days))
