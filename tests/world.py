"""Small direct builders of people and forms for tests: months of 2026, the seeded posts and scheme."""

from datetime import date, timedelta
from itertools import count

from appraisals.models import Cycle, Form, Item, LibraryItem
from appraisals.selectors.schemes import rules_of, scheme_in_force
from appraisals.selectors.terms import period_of, terms_of
from appraisals.states import FormState
from people.models import Account, DutyTurn, Employee, GroupMember, Position, Region, ReportingLine, RoleGrant
from people.states import Duty, Role

LONG_AGO = date(2020, 1, 1)
_numbers = count(1)


def region(code: str = "HD", name: str = "华东区域") -> Region:
    """The region of that code."""
    return Region.objects.get_or_create(code=code, defaults={"name": name})[0]


def person(
    name: str, post: str | None = "KFZY", *, superior: Employee | None = None, account: bool = False, **facts: object
) -> Employee:
    """Somebody in a seeded post (None: head office) with a reporting line of long ago."""
    number = str(facts.pop("number", f"T{next(_numbers):05d}"))
    made = Employee.objects.create(
        number=number,
        name=name,
        region=region() if post else None,
        position=Position.objects.get(code=post) if post else None,
        account=Account.objects.create(username=number) if account else None,
        **{"hired_on": LONG_AGO, **facts},
    )
    if superior:
        ReportingLine.objects.create(employee=made, superior=superior, starts_on=LONG_AGO)
    return made


def with_role(somebody: Employee, role: Role) -> Employee:
    """The same person with a company-wide role since long ago."""
    RoleGrant.objects.create(employee=somebody, role=role, starts_on=LONG_AGO)
    return somebody


def in_group(somebody: Employee, duty: Duty = Duty.MEMBER) -> Employee:
    """The same person in the appraisal group since long ago."""
    GroupMember.objects.create(employee=somebody, duty=duty, starts_on=LONG_AGO)
    return somebody


def on_duty(somebody: Employee, month: date) -> Employee:
    """The same person as duty officer of a month."""
    DutyTurn.objects.create(month=month.replace(day=1), officer=somebody)
    return somebody


def cycle(month: date = date(2026, 10, 1), kind: str = "month") -> Cycle:
    """The cycle that ``month`` lies in, with the terms of the scheme in force."""
    starts_on, ends_on = period_of(kind, month)
    scheme = scheme_in_force(starts_on)
    assert scheme is not None
    terms = terms_of(starts_on, ends_on, rules_of(scheme)).as_fields()
    return Cycle.objects.get_or_create(
        kind=kind, starts_on=starts_on, defaults={"ends_on": ends_on, "scheme": scheme, **terms}
    )[0]


def form(
    employee: Employee,
    owner: Employee,
    *,
    month: date = date(2026, 10, 1),
    state: str = FormState.TARGETS,
    **facts: object,
) -> Form:
    """An empty form of a month."""
    assert employee.position is not None
    return Form.objects.create(
        cycle=cycle(month),
        employee=employee,
        region=employee.region,
        position=employee.position,
        position_class=employee.position.position_class,
        owner=owner,
        state=state,
        **facts,
    )


def library_items(made: Form, provider: Employee | None = None) -> list[Item]:
    """The form's items as its post's library has them, saved; KPIs by hand get ``provider`` or the owner."""
    items = []
    for row in LibraryItem.objects.filter(position=made.position, is_active=True):
        names = (
            "part",
            "order",
            "name",
            "standard",
            "points",
            "unit",
            "method",
            "parameters",
            "data_source",
            "anchors",
        )
        item = Item(form=made, library=row, **{name: getattr(row, name) for name in names})
        if row.part == "kpi" and row.data_source == "manual":
            item.provider = provider or made.owner
        items.append(item)
    return Item.objects.bulk_create(items)


def days_after(day: date, days: int) -> date:
    """A plain calendar day later."""
    return day + timedelta(days=days)
