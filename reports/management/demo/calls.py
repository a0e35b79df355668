"""Calls of the demo: registered, drawn, scored with remarks, disputed, ruled on, and scored a second time blind."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from appraisals.models import Cycle
from people.models import Employee
from policy.monitoring import Mark, score_call
from policy.workdays import working_day_after
from quality.models import Assessment, AssessmentScore, Call, CallNote, Rubric, RubricItem
from quality.states import AssessmentState, DrawnWhy
from reports.management.demo.months import Troupe, noon
from reports.management.demo.sound import Recording, recording
from reports.management.demo.tales import REMARKS

AGENT = "KFZY"
PLAYED = "R01"
"""The region whose calls can be played; those of the others stand behind a link."""
LISTED = {-1: 12, 0: 20}
"""Calls on the register for each agent; in older months only those that were listened to."""
DRAWN, LONG_AGO, DRAWN_THEN = 5, -6, 4
"""Calls drawn for each agent and month; one less in the months before the plan was what it is."""
Levels = list[tuple[RubricItem, Decimal | None]]


@dataclass(slots=True)
class Studio:
    """Scorings of one month as they are made, to be written in a few statements."""

    troupe: Troupe
    rubric: Rubric
    items: list[tuple[RubricItem, list[Decimal]]]
    scored: list[tuple[Assessment, Levels]] = field(default_factory=list)
    notes: list[CallNote] = field(default_factory=list)

    def score(self, call: Call, listener: Employee, at: datetime, levels: Levels | None = None) -> Assessment:
        """A submitted first scoring; the call gets its total."""
        luck = self.troupe.luck
        levels = levels or self.levels(call.employee)
        made = Assessment(
            call=call,
            listener=listener,
            rubric=self.rubric,
            state=AssessmentState.SUBMITTED,
            total=total_of(levels),
            submitted_at=at,
            dispute_until=working_day_after(at.date(), self.rubric.dispute_days, self.troupe.calendar),
        )
        seen_at = at + timedelta(hours=20)
        if seen_at < timezone.now() and luck.random() < 0.9:
            made.acknowledged_at = seen_at
        call.total = made.total
        self.scored.append((made, levels))
        missed = [item for item, points in levels if points is not None and points < item.points]
        if missed and luck.random() < 0.4:
            item = luck.choice(missed)
            self.note(made, item, luck.randint(3, max(4, (call.seconds or 60) - 5)), REMARKS[item.name])
        return made

    def note(self, made: Assessment, item: RubricItem | None, second: int, text: str) -> None:
        """A remark at a second of the recording."""
        self.notes.append(CallNote(assessment=made, item=item, at_second=second, text=text))

    def levels(self, agent: Employee) -> Levels:
        """Full marks mostly; the less able miss a level more often, so that calls score some 80 to 97."""
        luck, ability = self.troupe.luck, self.troupe.ability[agent.pk]
        share = min(1.0, max(0.2, ability + luck.gauss(0, 0.05)))
        found: Levels = []
        for item, points in self.items:
            if item.may_not_apply and luck.random() < 0.08:
                found.append((item, None))
            else:
                found.append((item, points[-2] if luck.random() < 1.3 * (1 - share) + 0.03 else points[-1]))
        return found

    def write(self) -> None:
        """Scorings with their levels and remarks."""
        Assessment.objects.bulk_create((made for made, _levels in self.scored), batch_size=500)
        AssessmentScore.objects.bulk_create(scores_of(self.scored), batch_size=1000)
        CallNote.objects.bulk_create(self.notes, batch_size=500)


def studio_for(troupe: Troupe) -> Studio:
    """A studio with the standard in force."""
    rubric = Rubric.objects.prefetch_related("items__levels").latest("starts_on")
    items = [(item, sorted(level.points for level in item.levels.all())) for item in rubric.items.all()]
    return Studio(troupe, rubric, items)


def total_of(levels: Levels) -> Decimal | None:
    """The call's points by the policy."""
    marks = [Mark(item.pk, item.points, points, is_not_applicable=points is None) for item, points in levels]
    return score_call(marks).total


def scores_of(scored: list[tuple[Assessment, Levels]]) -> list[AssessmentScore]:
    """The rows of levels."""
    return [
        AssessmentScore(assessment=made, item=item, points=points, is_not_applicable=points is None)
        for made, levels in scored
        for item, points in levels
    ]


def calls_of(troupe: Troupe, cycle: Cycle, today: date, ahead: int) -> list[Call]:
    """The month's calls of every agent, not stored yet; in a closed month the first few of each were drawn."""
    calls, luck = [], troupe.luck
    sound = recording() if ahead in LISTED else None
    last = min(cycle.ends_on, max(cycle.starts_on, today - timedelta(days=1)))  # the day of today is not over
    drawn = DRAWN if ahead >= LONG_AGO else DRAWN_THEN
    for agent in troupe.people_in(cycle):
        if agent.position is None or agent.position.code != AGENT:
            continue
        first = max(cycle.starts_on, agent.hired_on or cycle.starts_on)
        for number in range(1, LISTED.get(ahead, drawn) + 1):
            is_drawn = ahead < 0 and number <= drawn
            call = Call(
                number=f"LY{cycle.starts_on:%Y%m}-{agent.number}-{number:02d}",
                called_on=first + timedelta(days=luck.randint(0, max(0, (last - first).days))),
                called_at=time(luck.randint(9, 20), luck.randint(0, 59)),
                employee=agent,
                seconds=luck.randint(70, 520),
                is_complaint=(is_drawn or ahead == 0) and luck.random() < 0.03,
                registered_by=troupe.cast.superior[agent.pk],
                link=f"https://recordings.example.com/{cycle.starts_on:%Y%m}/{agent.number}-{number:02d}",
            )
            if is_drawn:
                call.drawn_why = DrawnWhy.COMPLAINT if call.is_complaint else DrawnWhy.RANDOM
                call.drawn_at = noon(last)
            if sound is not None and agent.region and agent.region.code == PLAYED:
                _record(call, sound)
            calls.append(call)
    return calls


def _record(call: Call, sound: Recording) -> None:
    """The one recording of the demo as that of this call."""
    call.link, call.audio, call.audio_name, call.audio_kind = "", sound.place, f"{call.number}.wav", sound.kind
    call.audio_size, call.audio_sha256, call.seconds = sound.size, sound.sha256, sound.seconds


def store(calls: list[Call], cycle: Cycle, today: date) -> list[Call]:
    """Keep them as registered towards the end of the month; the database would say now."""
    stored = Call.objects.bulk_create(calls, batch_size=500)
    month = Call.objects.filter(called_on__range=(cycle.starts_on, cycle.ends_on))
    month.update(registered_at=noon(min(cycle.ends_on, today), -3))
    return stored


def listen(troupe: Troupe, cycle: Cycle, today: date, ahead: int) -> None:
    """A closed month: every drawn call was scored, by the superior or the region's trainer."""
    calls = calls_of(troupe, cycle, today, ahead)
    studio, at = studio_for(troupe), noon(min(cycle.ends_on, today - timedelta(days=1)), 3)
    for call in calls:
        if call.drawn_why:
            studio.score(call, listener_of(troupe, call.employee), at)
    store(calls, cycle, today)
    studio.write()
    date_scorings(cycle)


def listener_of(troupe: Troupe, agent: Employee) -> Employee:
    """The direct superior, one time in three the trainer of the region."""
    trainers = [p for p in troupe.people if p.position and p.position.code == "PXZG" and p.region_id == agent.region_id]
    return troupe.luck.choice([troupe.cast.superior[agent.pk]] * 2 + trainers)


def date_scorings(cycle: Cycle) -> None:
    """The database sets the begin of a scoring to now; it was when it was submitted."""
    rows = Assessment.objects.filter(
        call__called_on__range=(cycle.starts_on, cycle.ends_on), submitted_at__isnull=False
    )
    for at in {at for at in rows.values_list("submitted_at", flat=True) if at}:
        rows.filter(submitted_at=at).update(started_at=at - timedelta(minutes=6))
