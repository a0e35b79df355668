"""Invented people and a month of theirs, ready to be settled: every scoring method, every part, calls, ratings, events.

Rows go in by COPY; the same seed gives the same figures.
"""

import random
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone

from appraisals.models import Cycle, Figure, Form, Item, Score, UpwardScore, UpwardTurn
from appraisals.selectors.schemes import rules_of, scheme_in_force
from appraisals.selectors.terms import period_of, terms_of
from common.db import insert_rows
from people.models import Employee, Grade, Position, Region, ReportingLine
from scoring.models import Result
from scripts.benching import records

MONTH = date(2026, 10, 1)
EARLIER = 5
TEAM = 9
LONG_AGO = date(2020, 1, 1)
KPIS = (
    ("来电接通率", 12, "ratio", "目标=95;上限=1.1", (86, 106)),
    ("平均处理时长", 8, "inverse_ratio", "目标=180;上限=1.2", (120, 230)),
    ("录音监听平均分", 15, "tiers", ">=90:15;>=80:12;>=65:7.5;>=40:3", None),
    ("工单差错", 10, "deduct", "每次=1.5;容许=1", (0, 4)),
    ("一次解决率", 10, "linear", "零分=60;满分=92.5", (78, 95)),
    ("专项任务", 5, "direct", "", (3, 5)),
)
GOALS = (("goal", "月度重点", 12), ("goal", "流程改进", 8))
SCORED = {
    "managerial": (
        *GOALS,
        ("behaviour", "责任心", 6),
        ("behaviour", "协作", 4),
        ("management", "带队", 6),
        ("management", "辅导", 4),
    ),
    "non_managerial": (
        *GOALS,
        ("behaviour", "责任心", 8),
        ("behaviour", "协作", 6),
        ("behaviour", "服务意识", 6),
    ),
}


def build(people: int, *, seed: int = 20261001) -> Cycle:
    """An organisation of ``people`` with a complete month, and results of some months before it."""
    dice = random.Random(seed)
    with transaction.atomic():
        cycles = [_cycle(month) for month in _months()]
        staff = _staff(people)
        _forms(cycles[-1], staff)
        _items(cycles[-1])
        _writing(cycles[-1], dice)
        records.events(staff, MONTH, dice)
        _history(cycles[:-1], staff, dice)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return cycles[-1]


def build_year(people: int, year: int, *, seed: int = 20260101) -> None:
    """An organisation of ``people`` with twelve complete months, none settled."""
    dice = random.Random(seed)
    with transaction.atomic():
        cycles = [_cycle(date(year, month, 1)) for month in range(1, 13)]
        staff = _staff(people)
        for cycle in cycles:
            _forms(cycle, staff)
            _items(cycle)
            _writing(cycle, dice)
            records.events(staff, cycle.starts_on, dice)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _months() -> list[date]:
    return [MONTH.replace(month=MONTH.month - back) for back in range(EARLIER, -1, -1)]


def _cycle(month: date) -> Cycle:
    starts_on, ends_on = period_of("month", month)
    scheme = scheme_in_force(starts_on)
    if scheme is None:
        raise SystemExit("No scheme is in force: migrate first.")
    terms = terms_of(starts_on, ends_on, rules_of(scheme)).as_fields()
    return Cycle.objects.create(kind="month", starts_on=starts_on, ends_on=ends_on, scheme=scheme, **terms)


def _staff(people: int) -> list[tuple[int, int, int]]:
    """(employee, superior, position) of everybody appraised: teams of ten, one of them the superior of the others."""
    regions = [Region.objects.create(code=f"B{n}", name=f"区域{n}") for n in range(3)]
    chief = Employee.objects.create(number="B00000", name="经理", hired_on=LONG_AGO)
    posts = {code: Position.objects.get(code=code) for code in ("KFZG", "KFZY")}
    grades = {
        code: Grade.objects.create(position=post, name="三级", rank=3, post_wage=Decimal(3400), pay_cap=Decimal(1450))
        for code, post in posts.items()
    }
    rows = []
    for n in range(1, people + 1):
        code = "KFZG" if n % (TEAM + 1) == 1 else "KFZY"
        rows.append((f"B{n:05d}", f"员工{n}", regions[n % 3].pk, posts[code].pk, grades[code].pk, LONG_AGO, ""))
    insert_rows(Employee, ("number", "name", "region", "position", "grade", "hired_on", "email"), rows)
    ids = list(Employee.objects.exclude(pk=chief.pk).order_by("number").values_list("pk", "position_id"))
    staff = []
    head = chief.pk
    for person, position in ids:
        leads = position == posts["KFZG"].pk
        head = person if leads else head
        staff.append((person, chief.pk if leads else head, position))
    insert_rows(ReportingLine, ("employee", "superior", "starts_on"), [(p, s, LONG_AGO) for p, s, _post in staff])
    return staff


def _forms(cycle: Cycle, staff: list[tuple[int, int, int]]) -> None:
    regions = dict(Employee.objects.values_list("pk", "region_id"))
    classes = dict(Position.objects.values_list("pk", "position_class"))
    names = ("cycle", "employee", "region", "position", "position_class", "owner", "state", "version", "is_contested")
    forms = [(cycle.pk, p, regions[p], post, classes[post], owner, "ready", 1, False) for p, owner, post in staff]
    insert_rows(Form, names, forms)


def _items(cycle: Cycle) -> None:
    names = (
        "form",
        "part",
        "order",
        "name",
        "standard",
        "points",
        "unit",
        "method",
        "parameters",
        "data_source",
        "provider",
        "anchors",
        "not_applicable_reason",
    )
    insert_rows(Item, names, _item_rows(cycle))


def _item_rows(cycle: Cycle) -> Iterator[tuple[object, ...]]:
    for form, owner, kind in list(cycle.forms.order_by("pk").values_list("pk", "owner_id", "position_class")):
        for order, (name, points, method, text, span) in enumerate(KPIS):
            source = "manual" if span else "monitoring"
            yield form, "kpi", order, name, "按月统计", points, "", method, text, source, owner, "{}", ""
        for order, (part, name, points) in enumerate(SCORED[kind]):
            yield form, part, order, name, "按计划完成", points, "", "", "", "manual", None, "{}", ""


def _writing(cycle: Cycle, dice: random.Random) -> None:
    """Figures, calls, self-, review, superior's and upward scores."""
    now = timezone.now()
    spans = {name: span for name, _points, _method, _text, span in KPIS}
    figures, scores, upward = [], [], []
    names = ("pk", "part", "name", "points", "form__owner_id", "form__employee_id")
    for item, part, name, points, owner, person in Item.objects.filter(form__cycle=cycle).values_list(*names):
        if part == "kpi":
            span = spans[name]
            if span:
                value = Decimal(dice.randint(span[0] * 100, span[1] * 100)) / 100
                figures.append((item, value, False, "台账", cycle.ends_on, owner, now, ""))
            continue
        for kind, rater in (("self", person), ("superior" if part == "management" else "review", owner)):
            scores.append((item, kind, rater, _share(points, dice), "", 1, now))
        if part == "management":
            upward += [(item, _share(points, dice)) for _rater in range(dice.choice((2, 4, TEAM)))]
    columns = (
        "item",
        "value",
        "is_not_applicable",
        "basis",
        "collected_on",
        "provider",
        "entered_at",
        "correction_reason",
    )
    insert_rows(Figure, columns, figures)
    insert_rows(Score, ("item", "kind", "rater", "points", "fact", "version", "updated_at"), scores)
    insert_rows(UpwardScore, ("id", "item", "points"), [(_uuid(dice), *row) for row in upward])
    _turns(cycle)
    records.calls(cycle, dice)


def _share(points: Decimal, dice: random.Random) -> Decimal:
    return (points * dice.randint(68, 100) / 100).quantize(Decimal("0.01"))


def _uuid(dice: random.Random) -> str:
    return f"{dice.getrandbits(128):032x}"


def _turns(cycle: Cycle) -> None:
    led: dict[int, list[int]] = {}
    for employee, superior in ReportingLine.objects.values_list("employee_id", "superior_id"):
        led.setdefault(superior, []).append(employee)
    forms = cycle.forms.filter(position_class="managerial").values_list("pk", "employee_id")
    rows = [(form, rater, True) for form, person in forms for rater in led.get(person, ())]
    insert_rows(UpwardTurn, ("form", "rater", "is_done"), rows)


def _history(cycles: list[Cycle], staff: list[tuple[int, int, int]], dice: random.Random) -> None:
    """Filed forms with published results, so that triggers have something to read."""
    for cycle in cycles:
        _forms(cycle, staff)
    Form.objects.filter(cycle__in=cycles).update(state="filed")
    now = timezone.now()
    zero = Decimal(0)
    rows: list[tuple[object, ...]] = []
    for form, held, person in Form.objects.filter(cycle__in=cycles).values_list("pk", "cycle_id", "employee_id"):
        score = Decimal(round(min(110, max(30, dice.gauss(84, 9))) * 100)) / 100
        parts = (score, zero, zero, zero, zero, zero, Decimal(100), score, score)
        rows.append(
            (form, held, person, 1, "{}", "0" * 64, *parts, "三级", 1450, 3400, zero, zero, now, "system", now, "", {})
        )
    names = ("form", "cycle", "employee", "version", "snapshot", "digest", "kpi", "goal", "behaviour", "management")
    more = ("deduction", "bonus", "full_marks", "score", "coefficient", "grade_name", "pay_cap", "post_wage")
    last = ("performance_pay", "base_pay", "consolidated_at", "consolidated_by", "published_at", "superseded_reason")
    insert_rows(Result, (*names, *more, *last, "terms_calendar"), rows)
