"""Steps that write the people's sheets of a workbook: regions to rota. Each needs the import's transaction."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from appraisals.models import Scheme
from appraisals.services.steps import Actor
from appraisals.states import SchemeState
from common.db import require_transaction
from consequences.services.leaving import tell_leavings
from people.models import DutyTurn, Employee, Grade, GroupMember, Position, Region, ReportingLine
from people.services.pay_steps import end_running_steps
from reports.facts.plan import Plan
from reports.facts.staff import LineChange
from reports.facts.targets import FormPlan
from reports.selectors.known import FormKey

Moved = tuple[int | None, date]


@dataclass(slots=True)
class Keys:
    """The portal's own keys for what the workbook names."""

    people: dict[str, int] = field(default_factory=dict)
    posts: dict[str, tuple[int, int | None, int | None]] = field(default_factory=dict)
    forms: dict[FormKey, int] = field(default_factory=dict)
    items: dict[tuple[FormKey, str, str], int] = field(default_factory=dict)

    def item(self, form: FormPlan, part: str, name: str) -> int:
        """The key of a form's item."""
        return self.items[form.key, part, name]


def load_scheme(plan: Plan, *, by: Actor) -> None:
    """A new version, in force as the workbook says: from the command line alone, whose keeper answers for it."""
    require_transaction()
    version = plan.scheme.new
    if version is None:
        return
    Scheme.objects.create(
        version=version.version,
        effective_on=version.effective_on,
        state=SchemeState.APPROVED,
        note=_("从表格导入"),
        approved_by=by.name,
        parameters=version.rules.to_dict(),
    )


def load_staff(plan: Plan, keys: Keys, *, by: Actor) -> None:
    """Regions, posts, grades and people, then who stands above whom."""
    require_transaction()
    staff = plan.staff
    Region.objects.bulk_create(
        [Region(code=row.code, name=row.name) for row in (*staff.regions.new, *staff.regions.changed)],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name"],
    )
    last = len(plan.known.positions)
    Position.objects.bulk_create(
        [
            Position(code=row.code, name=row.name, position_class=row.position_class, order=last + place)
            for place, row in enumerate((*staff.positions.new, *staff.positions.changed), start=1)
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "position_class"],
    )
    _load_grades(plan)
    _load_employees(plan, by)
    keys.people = dict(Employee.objects.order_by().values_list("number", "pk"))
    posts = Employee.objects.order_by().values_list("number", "pk", "position_id", "region_id")
    keys.posts = {number: (pk, post, region) for number, pk, post, region in posts}
    _load_lines(staff.lines, keys)


def _load_grades(plan: Plan) -> None:
    ranked = (*plan.staff.grades.new, *plan.staff.grades.changed)
    if not ranked:
        return
    posts = dict(Position.objects.order_by().values_list("code", "pk"))
    Grade.objects.bulk_create(
        [
            Grade(
                position_id=posts[row.position],
                name=row.name,
                rank=rank,
                post_wage=row.post_wage,
                pay_cap=row.pay_cap,
            )
            for row, rank in ranked
        ],
        update_conflicts=True,
        unique_fields=["position", "name"],
        update_fields=["rank", "post_wage", "pay_cap"],
    )


def _load_employees(plan: Plan, by: Actor) -> None:
    rows = (*plan.staff.employees.new, *plan.staff.employees.changed)
    if not rows:
        return
    regions = dict(Region.objects.order_by().values_list("code", "pk"))
    posts = dict(Position.objects.order_by().values_list("code", "pk"))
    ladders = Grade.objects.order_by().values_list("position__code", "name", "pk")
    grades = {(post, name): pk for post, name, pk in ladders}
    people = [
        Employee(
            number=row.number,
            name=row.name,
            region_id=regions.get(row.region),
            position_id=posts.get(row.position),
            grade_id=grades.get((row.position, row.grade)),
            base_salary=row.base_salary,
            email=row.email,
            hired_on=row.hired_on,
            left_on=row.left_on,
        )
        for row in rows
    ]
    known = plan.known.people
    regraded = [
        known[row.number].pk for row in rows if row.number in known and (known[row.number].grade or "") != row.grade
    ]
    end_running_steps([pk for pk in regraded if pk is not None], day=timezone.localdate(), by=by)
    fields = ["name", "region", "position", "grade", "base_salary", "email", "hired_on", "left_on"]
    Employee.objects.bulk_create(people, update_conflicts=True, unique_fields=["number"], update_fields=fields)
    leaving = [
        known[row.number].pk
        for row in rows
        if row.left_on and row.number in known and known[row.number].left_on != row.left_on
    ]
    if leaving and isinstance(by, Employee):
        tell_leavings([pk for pk in leaving if pk is not None], by)


def _load_lines(changes: Iterable[LineChange], keys: Keys) -> None:
    """End what ended before the new lines begin: one holds at a time."""
    never_held, ended, moved = list[Moved](), list[Moved](), list[Moved]()
    fresh: list[LineChange] = []
    for change in changes:
        closes, moves = change.closes, change.moves
        if closes is not None:
            (never_held if closes.starts_on >= change.starts_on else ended).append((closes.pk, change.starts_on))
        if moves is not None:
            moved.append((moves.pk, change.starts_on))
        elif change.superior:
            fresh.append(change)
    ReportingLine.objects.filter(pk__in=[pk for pk, _day in never_held]).delete()
    _set_days("ends_before", ended)
    _set_days("starts_on", moved)
    ReportingLine.objects.bulk_create(
        ReportingLine(
            employee_id=keys.people[change.number],
            superior_id=keys.people[change.superior or ""],
            starts_on=change.starts_on,
        )
        for change in fresh
    )


def _set_days(name: str, rows: list[Moved]) -> None:
    days = {pk: day for pk, day in rows if pk is not None}
    lines = list(ReportingLine.objects.filter(pk__in=days))
    for line in lines:
        setattr(line, name, days[line.pk])
    ReportingLine.objects.bulk_update(lines, [name])


def load_group(plan: Plan, keys: Keys) -> None:
    """Memberships and the rota; a changed duty begins today."""
    require_transaction()
    known, changed = plan.known.members, plan.group.members.changed
    seats = GroupMember.objects.filter(pk__in=[known[row.number].pk for row in changed])
    seats.filter(starts_on__gte=plan.today).delete()
    seats.update(ends_before=plan.today)
    begun = [(row, plan.since) for row in plan.group.members.new] + [(row, plan.today) for row in changed]
    GroupMember.objects.bulk_create(
        GroupMember(employee_id=keys.people[row.number], duty=row.duty, starts_on=day) for row, day in begun
    )
    turns = (*plan.group.turns.new, *plan.group.turns.changed)
    DutyTurn.objects.bulk_create(
        [DutyTurn(month=row.month, officer_id=keys.people[row.number]) for row in turns],
        update_conflicts=True,
        unique_fields=["month"],
        update_fields=["officer"],
    )
