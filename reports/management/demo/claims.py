"""Bonus claims of the demo: raised, checked twice, turned down, about one event, cut at the cap of their kind."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from appraisals.models import Cycle
from incidents.models import Bonus, BonusKind
from incidents.selectors.catalogue import every_bonus_kind
from incidents.states import EventState
from people.models import Employee
from reports.management.demo.diary import Diary
from reports.management.demo.happenings import GRAVE
from reports.management.demo.months import Troupe
from reports.management.demo.tales import AT_ITS_CAP, GROUNDS, RUNNING_CLAIMS

ENDS = {
    -2: (EventState.REJECTED, "建议还没有实施，采纳后再提。"),
    -5: (EventState.WITHDRAWN, "和班组长提的是同一件事，撤回。"),
}


@dataclass(slots=True)
class Claims:
    """The claims of a month as they are put together, to be written in a few statements."""

    troupe: Troupe
    cycle: Cycle
    diary: Diary = field(default_factory=Diary)
    filed: list[tuple[Bonus, datetime]] = field(default_factory=list)
    kinds: dict[str, BonusKind] = field(default_factory=lambda: {kind.code: kind for kind in every_bonus_kind()})

    def raise_claim(self, person: Employee, code: str, grounds: str, raiser: Employee, on: date) -> Bonus:
        """Raised on the evening of the day for the points of the kind's first step."""
        kind = self.kinds[code]
        number = self.troupe.next_number("JF", on)
        bonus = Bonus(
            number=number,
            event=number,
            occurred_on=on,
            employee=person,
            kind=kind,
            cap=kind.cap,
            points=self.points_of(kind),
            grounds=grounds,
            raised_by=raiser,
        )
        at = datetime.combine(on, time(17, 50), timezone.get_current_timezone())
        at = min(at, timezone.now() - timedelta(hours=2))
        self.filed.append((bonus, at))
        told = {"kind": kind.code, "points": str(bonus.points)}
        self.diary.add(at, raiser, "bonus.raised", bonus, employee=person.number, **told)
        return bonus

    def points_of(self, kind: BonusKind, label: str = "") -> Decimal:
        """The points of a step: that of the label, else the first."""
        steps = list(kind.steps.all())
        return next((step.points for step in steps if step.label == label), steps[0].points)

    def check(self, bonus: Bonus, by: Employee) -> None:
        """First check, on the next day."""
        at = min(self.troupe.office_hour(bonus.occurred_on + timedelta(days=1)), timezone.now())
        bonus.first_checker, bonus.first_checked_at = by, at
        self.diary.add(at, by, "bonus.first_checked", bonus, state=EventState.FILED.value)

    def end(self, bonus: Bonus, state: EventState, reason: str = "") -> None:
        """Confirmed or turned down by the direct superior or who stands above him, or taken back by who raised it."""
        superior = _confirmer(self.troupe, bonus.employee_id, bonus.raised_by)
        at = min(self.troupe.office_hour(bonus.occurred_on + timedelta(days=3)), timezone.now())
        bonus.state, bonus.decided_at, bonus.decision_reason = state, at, reason
        if state == EventState.CONFIRMED:
            bonus.second_checker, bonus.confirmed_at = superior, at
        by = bonus.raised_by if state == EventState.WITHDRAWN and bonus.raised_by else superior
        told = {"state": state.value, "points": str(bonus.points)}
        self.diary.add(at, by, f"bonus.{state.value}", bonus, reason=reason, **told)

    def write(self) -> None:
        """Claims, the times of raising that the database would set to now, and the audit's rows."""
        bonuses = Bonus.objects.bulk_create(bonus for bonus, _at in self.filed)
        for bonus, (_same, at) in zip(bonuses, self.filed, strict=True):
            bonus.filed_at = at
        Bonus.objects.bulk_update(bonuses, ["filed_at"])
        self.diary.write()


def reward(troupe: Troupe, cycle: Cycle, today: date, ahead: int) -> None:
    """The claims of a month: all decided in a closed one, in the running one as far as each has come."""
    claims = Claims(troupe, cycle)
    if ahead < 0:
        _closed(claims, ahead)
    elif ahead == 0:
        _running(claims, today)
    claims.write()


def _closed(claims: Claims, ahead: int) -> None:
    troupe, luck, first = claims.troupe, claims.troupe.luck, claims.cycle.starts_on
    for number, person in enumerate(luck.sample(troupe.people_in(claims.cycle), 8)):
        code = luck.choice(list(GROUNDS))
        raiser = (person, troupe.bystander([person]), troupe.cast.superior[person.pk])[number % 3]
        day = first + timedelta(days=luck.randint(0, 24))
        bonus = claims.raise_claim(person, code, luck.choice(GROUNDS[code]), raiser, day)
        if number == 1 and ahead in ENDS:
            claims.end(bonus, *ENDS[ahead])
            continue
        claims.check(bonus, _first_checker(troupe, person, raiser))
        claims.end(bonus, EventState.CONFIRMED)
    if ahead == -8:
        _confirmed(claims, (GRAVE, "B01", "客户来电表扬：深夜协助办理停机保号"), first + timedelta(days=5))
    if ahead == -1:
        name, code, grounds = AT_ITS_CAP
        for time_, what in enumerate(("解释流量超套", "协助退订增值业务", "跟进移机", "安抚误停机客户")):
            _confirmed(claims, (name, code, f"{grounds}：{what}"), first + timedelta(days=4 + 5 * time_))


def _confirmed(claims: Claims, told: tuple[str, str, str], day: date) -> None:
    name, code, grounds = told
    person = claims.troupe.cast.named(name)
    bonus = claims.raise_claim(person, code, grounds, person, day)
    claims.check(bonus, _first_checker(claims.troupe, person, person))
    claims.end(bonus, EventState.CONFIRMED)


def _running(claims: Claims, today: date) -> None:
    named, before = claims.troupe.cast.named, None
    for one in RUNNING_CLAIMS:
        on = today - timedelta(days=one.ago)
        bonus = claims.raise_claim(named(one.person), one.kind, one.grounds, named(one.raiser), on)
        if one.label:
            bonus.points = claims.points_of(claims.kinds[one.kind], one.label)
        if one.same and before is not None:
            bonus.event = before.number
        if one.first:
            claims.check(bonus, named(one.first))
        if one.is_confirmed:
            claims.end(bonus, EventState.CONFIRMED)
        before = bonus


def _confirmer(troupe: Troupe, person: int, raiser: Employee | None) -> Employee:
    """The direct superior; of what he raised himself, the superior above him, at last the general manager."""
    superior = troupe.cast.superior[person]
    return superior if superior != raiser else troupe.cast.superior.get(superior.pk, troupe.cast.named("高远"))


def _first_checker(troupe: Troupe, person: Employee, raiser: Employee) -> Employee:
    """A manager of the region or, where none is neutral, a member of the group."""
    barred = {person.pk, raiser.pk, troupe.cast.superior[person.pk].pk, _confirmer(troupe, person.pk, raiser).pk}
    near = [p for p in troupe.people if p.region_id == person.region_id and p.position and p.position.is_managerial]
    return troupe.luck.choice([p for p in near if p.pk not in barred] or [troupe.cast.named("韩冰")])
