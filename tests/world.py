"""Small direct builders of people and forms for tests: months of 2026, the seeded posts and scheme."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from django.utils import timezone

from appraisals.models import Cycle, Figure, Form, Item, LibraryItem, Score
from appraisals.selectors.schemes import rules_of, scheme_in_force
from appraisals.selectors.terms import period_of, terms_of
from appraisals.states import FormState, Part, ScoreKind
from incidents.models import Bonus, BonusKind, Incident, IncidentKind, Involvement
from incidents.states import EventState
from people.models import Account, DutyTurn, Employee, Grade, GroupMember, Position, Region, ReportingLine, RoleGrant
from people.states import Duty, Role
from quality.models import Assessment, Call, Rubric
from quality.states import AssessmentState, RubricState
from scoring.models import PayRun
from scoring.services.paying import prepare_pay, settle_pay

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
    assert employee.region is not None
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


def graded(somebody: Employee, *, wage: str = "3400", cap: str = "1400") -> Employee:
    """The same person on a grade of his post, made if it is new."""
    grade, _new = Grade.objects.get_or_create(
        position=somebody.position,
        name="一级",
        defaults={"rank": 1, "post_wage": Decimal(wage), "pay_cap": Decimal(cap)},
    )
    somebody.grade = grade
    somebody.save(update_fields=["grade"])
    return somebody


def fill(made: Form, *, share: str = "0.8") -> Form:
    """A share of the points on every item: figures, self-, review and superior's scores."""
    now = timezone.now()
    for item in made.items.all():
        points = (item.points * Decimal(share)).quantize(Decimal("0.01"))
        if item.part == Part.KPI:
            Figure.objects.create(
                item=item, value=points, collected_on=made.cycle.ends_on, provider=made.owner, entered_at=now
            )
            continue
        superior = ScoreKind.SUPERIOR if item.part == Part.MANAGEMENT else ScoreKind.REVIEW
        for kind, rater in ((ScoreKind.SELF, made.employee), (superior, made.owner)):
            Score.objects.create(item=item, kind=kind, rater=rater, points=points, updated_at=now)
    return made


def ready_form(
    employee: Employee, owner: Employee, *, month: date = date(2026, 10, 1), share: str = "0.8", **facts: object
) -> Form:
    """A complete form of two KPIs scored directly, a goal and behaviour (and management): coefficient = ``share``."""
    state = str(facts.pop("state", FormState.READY))
    made = form(employee, owner, month=month, state=state, **facts)
    rows = [("kpi", "接通率", 50), ("kpi", "差错", 20), ("goal", "月度重点", 10)]
    rows += (
        [("behaviour", "责任心", 10), ("management", "带队", 10)]
        if made.is_managerial
        else [("behaviour", "责任心", 20)]
    )
    Item.objects.bulk_create(
        Item(
            form=made,
            part=part,
            order=order,
            name=name,
            points=Decimal(points),
            method="direct" if part == "kpi" else "",
            provider=owner if part == "kpi" else None,
        )
        for order, (part, name, points) in enumerate(rows)
    )
    return fill(made, share=share)


def involvement(
    somebody: Employee,
    found_by: Employee,
    verified_by: Employee | None = None,
    *,
    number: str = "BL-1",
    day: date = date(2026, 10, 12),
    points: str = "2",
    text: str = "漏回访",
    kind: IncidentKind | None = None,
    **facts: object,
) -> Involvement:
    """Somebody's share in an incident of its own: confirmed if there is a verifier, else still to be decided."""
    incident = Incident.objects.create(
        number=number, occurred_on=day, description=text, found_by=found_by, filed_by=found_by, kind=kind
    )
    worth = Decimal(points)
    decided = {"state": EventState.CONFIRMED, "verified_by": verified_by} if verified_by else {}
    return Involvement.objects.create(
        **{"incident": incident, "employee": somebody, "points": worth, "filed_points": worth, **decided, **facts}
    )


def bonus(
    somebody: Employee,
    first: Employee | None = None,
    second: Employee | None = None,
    *,
    number: str = "JF-1",
    day: date = date(2026, 10, 12),
    points: str = "1",
    text: str = "客户表扬",
    **facts: object,
) -> Bonus:
    """A bonus claim with the checks that are given: with both it is confirmed. A kind brings its cap."""
    kind = facts.get("kind")
    known = {"cap": kind.cap} if isinstance(kind, BonusKind) else {}
    checked = {"first_checker": first, "second_checker": second}
    state = EventState.CONFIRMED if first and second else EventState.FILED
    claim = {"number": number, "event": number, "occurred_on": day, "points": Decimal(points), "grounds": text}
    return Bonus.objects.create(**{**claim, "employee": somebody, "state": state, **checked, **known, **facts})


def call(
    agent: Employee, listener: Employee, total: str | None = "88", *, number: str = "LY-1", **facts: object
) -> Call:
    """A call of an agent's; with a total it has been scored, and the assessment is submitted."""
    worth = None if total is None else Decimal(total)
    made = Call.objects.create(
        **{"number": number, "employee": agent, "called_on": date(2026, 10, 8), "total": worth, **facts}
    )
    if worth is not None:
        Assessment.objects.create(
            call=made,
            listener=listener,
            rubric=Rubric.objects.filter(state=RubricState.PUBLISHED).latest("starts_on"),
            total=worth,
            state=AssessmentState.SUBMITTED,
            submitted_at=timezone.now(),
        )
    return made


def settle_month_pay(month: Cycle, prepares: Employee, settles: Employee) -> PayRun:
    """The month's filed forms paid: prepared by one person of HR, settled by another."""
    run = prepare_pay(month.pk, by=prepares)
    return settle_pay(run.pk, digest=run.digest, by=settles)
