"""The months of the demo: forms with everything on them, as far as each month has come."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from appraisals.models import Cycle, Figure, Form, Item, LibraryItem, Score, UpwardScore, UpwardTurn
from appraisals.states import DataSource, Part, ScoreKind
from common.selectors import calendar_between
from people.models import Employee
from policy.rounding import cents
from policy.schemes import SCHEME_1_0
from reports.management.demo.cast import Cast
from reports.management.demo.figures import half_points, level_for, raw_figure

SHARES = {level.code: level.share / 100 for level in SCHEME_1_0.levels}
FACTS = {
    5: "客户当天来电致谢，班组例会上作为样例讲过。",
    2: "两次提醒后才完成，已约定下月改进。",
    1: "多次提醒仍未落实，已面谈。",
}
NOTABLE = {
    "孙磊": 0.61,
    "吴海燕": 0.66,
    "刘志强": 0.63,
    "林嘉怡": 0.95,
    "马晓东": 0.96,
    "陈思雨": 0.89,
    "高翔": 0.66,
    "程晓": 0.43,
}


@dataclass(slots=True)
class Rows:
    """What one month adds, kept until it is written in bulk."""

    figures: list[Figure] = field(default_factory=list)
    scores: list[Score] = field(default_factory=list)
    upward: list[UpwardScore] = field(default_factory=list)
    turns: list[UpwardTurn] = field(default_factory=list)

    def write(self) -> None:
        """Four statements, whatever the number of forms."""
        Figure.objects.bulk_create(self.figures, batch_size=500)
        Score.objects.bulk_create(self.scores, batch_size=500)
        UpwardScore.objects.bulk_create(self.upward, batch_size=500)
        UpwardTurn.objects.bulk_create(self.turns, batch_size=500)


class Troupe:
    """Who performs how well, who provides what, which library a post has."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.chance = random.Random(20110531)  # noqa: S311 - the same demo every time
        self.luck = random.Random(20110601)  # noqa: S311 - so that what happens does not change how somebody does
        self.people = [p for p in cast.by_name.values() if p.position_id]
        self.near: dict[int | None, dict[str, Employee]] = {}
        self.faults: dict[tuple[int, str], list[date]] = {}
        self.numbers: Counter[str] = Counter()
        today = timezone.localdate()
        self.fresh = {p.pk for p in self.people if p.hired_on and p.hired_on >= today.replace(day=1)}
        self.calendar = calendar_between(today - timedelta(days=500), today + timedelta(days=60))
        self.ability = {p.pk: NOTABLE.get(p.name, min(0.97, self.chance.gauss(0.865, 0.05))) for p in self.people}
        self.library: dict[int, list[LibraryItem]] = {}
        for item in LibraryItem.objects.filter(is_active=True):
            self.library.setdefault(item.position_id, []).append(item)

    def people_in(self, cycle: Cycle) -> list[Employee]:
        """Who was employed in the month."""
        return [p for p in self.people if p.hired_on is None or p.hired_on <= cycle.ends_on]

    def next_number(self, prefix: str, day: date) -> str:
        """The next number of a year's register."""
        head = f"{prefix}-{day.year}-"
        self.numbers[head] += 1
        return f"{head}{self.numbers[head]:04d}"

    def office_hour(self, day: date) -> datetime:
        """Some minute of a working day."""
        return noon(day, self.luck.randint(-3, 5)) + timedelta(minutes=self.luck.randint(0, 59))

    def bystander(self, concerned: Sequence[Employee]) -> Employee:
        """Somebody of the region who is neither concerned nor above anybody concerned."""
        barred = {p.pk for p in concerned} | {self.cast.superior[p.pk].pk for p in concerned}
        near = [p for p in self.people if p.region_id == concerned[0].region_id and p.pk not in barred]
        return self.luck.choice([p for p in near if p.pk not in self.fresh])

    def share(self, person: Employee) -> float:
        """How well the person did this time."""
        return min(1.0, max(0.2, self.ability[person.pk] + self.chance.gauss(0, 0.05)))

    def provider(self, person: Employee, item: LibraryItem) -> Employee:
        """The data provider the library names, found near the person."""
        hints = self.near.get(person.region_id) or self._providers_near(person)
        found = next((p for hint, p in hints.items() if hint in item.provider_hint), self.cast.named("郑洁"))
        return found if found.pk != person.pk else self.cast.superior[person.pk]

    def _providers_near(self, person: Employee) -> dict[str, Employee]:
        """Hint of the library → the person it means in this region."""
        near = {p.position.code: p for p in self.people if p.region_id == person.region_id and p.position}
        self.near[person.region_id] = {
            "客服主管": near["KFZG"],
            "技术主管": near["JSZG"],
            "培训主管": near["PXZG"],
            "客服行政": near["KFXZ"],
            "人力资源部": self.cast.named("赵琳"),
            "考核值班主任": self.cast.named("沈玉兰"),
        }
        return self.near[person.region_id]


@dataclass(frozen=True, slots=True)
class Scene:
    """One month being filled: who plays, what is written, when, and what stays missing."""

    troupe: Troupe
    rows: Rows
    at: datetime
    skip: frozenset[str]


def open_forms(troupe: Troupe, cycle: Cycle, state: str, agreed_at: datetime | None) -> list[Form]:
    """A form for everybody with the items of the post's library."""
    forms = Form.objects.bulk_create(
        Form(
            cycle=cycle,
            employee=person,
            region=person.region,
            position=person.position,
            position_class=person.position.position_class if person.position else "",
            owner=troupe.cast.superior[person.pk],
            state=state,
            targets_submitted_at=agreed_at,
            targets_approved_at=agreed_at,
            confirmed_at=agreed_at,
        )
        for person in troupe.people_in(cycle)
    )
    write_items(troupe, forms)
    return forms


def write_items(troupe: Troupe, forms: list[Form]) -> None:
    """Copy each post's library onto its forms."""
    Item.objects.bulk_create(
        (
            Item(
                form=form,
                part=entry.part,
                order=order,
                name=entry.name,
                standard=entry.standard,
                points=entry.points,
                unit=entry.unit,
                method=entry.method,
                parameters=entry.parameters,
                data_source=entry.data_source,
                provider=troupe.provider(form.employee, entry) if entry.part == Part.KPI else None,
                library=entry,
                anchors=entry.anchors,
            )
            for form in forms
            for order, entry in enumerate(troupe.library[form.position_id])
        ),
        batch_size=500,
    )


def fill(troupe: Troupe, forms: list[Form], at: datetime, *, skip: frozenset[str] = frozenset()) -> None:
    """Everything a form needs before consolidation; ``skip``: figures, self, review, by "name:what"."""
    scene = Scene(troupe, Rows(), at, skip)
    items: dict[int, list[Item]] = {}
    for item in Item.objects.filter(form__in=forms).select_related("provider"):
        items.setdefault(item.form_id, []).append(item)
    below = _subordinates(troupe.cast, {form.employee_id for form in forms})
    for form in forms:
        share = troupe.share(form.employee)
        for item in items[form.pk]:
            _fill_item(scene, form, item, share)
        if form.is_managerial:
            _rate_upward(scene, form, items[form.pk], below.get(form.employee_id, []), share)
    scene.rows.write()


def _fill_item(scene: Scene, form: Form, item: Item, share: float) -> None:
    troupe, rows, at, skip = scene.troupe, scene.rows, scene.at, scene.skip
    name, chance = form.employee.name, troupe.chance
    felt = min(1.0, max(0.1, share + chance.gauss(0, 0.09)))
    if item.part == Part.KPI:
        late = item.provider is not None and f"{item.provider.name}:figures" in skip and chance.random() < 0.6
        if item.data_source == DataSource.MANUAL and not late and f"{name}:figures" not in skip:
            rows.figures.append(_figure(item, felt, at))
        return
    if f"{name}:self" not in skip:
        rows.scores.append(_score(item, ScoreKind.SELF, form.employee, min(1.0, felt + 0.06), at, chance))
    if f"{name}:review" not in skip:
        kind = ScoreKind.SUPERIOR if item.part == Part.MANAGEMENT else ScoreKind.REVIEW
        rows.scores.append(_score(item, kind, form.owner, felt, at, chance))


def _figure(item: Item, share: float, at: datetime) -> Figure:
    value = raw_figure(item.method, item.parameters, item.points, item.unit, share)
    collected = timezone.localdate(at)
    return Figure(item=item, value=value, basis="", collected_on=collected, provider=item.provider, entered_at=at)


def _score(item: Item, kind: str, rater: Employee, share: float, at: datetime, chance: random.Random) -> Score:
    if item.part == Part.GOAL:
        return Score(item=item, kind=kind, rater=rater, points=half_points(item.points, share, chance), updated_at=at)
    level = level_for(share, chance)
    points = cents(item.points * SHARES[level])
    return Score(
        item=item, kind=kind, rater=rater, points=points, level=level, fact=FACTS.get(level, ""), updated_at=at
    )


def _rate_upward(scene: Scene, form: Form, items: list[Item], raters: list[int], share: float) -> None:
    for number, rater in enumerate(raters):
        has_rated = number % 5 != 4
        scene.rows.turns.append(UpwardTurn(form=form, rater_id=rater, is_done=has_rated))
        if not has_rated:
            continue
        for item in items:
            if item.part == Part.MANAGEMENT:
                level = level_for(share, scene.troupe.chance)
                scene.rows.upward.append(UpwardScore(item=item, points=cents(item.points * SHARES[level])))


def _subordinates(cast: Cast, employed: set[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for employee, superior in cast.superior.items():
        if employee not in employed:
            continue
        found.setdefault(superior.pk, []).append(employee)
    return found


def noon(day: date, hours: int = 0) -> datetime:
    """Noon of a day in the portal's zone, some hours later."""
    at = datetime(day.year, day.month, day.day, 12, tzinfo=timezone.get_current_timezone())
    return at + timedelta(hours=hours)
