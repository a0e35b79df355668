"""A superior's team in a month, and what waits for the department: lists of forms with who has the next step."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from appraisals.facts import form_facts
from appraisals.models import Cycle, Figure, Form, Item
from appraisals.selectors.drafts import items_before
from appraisals.selectors.lateness import agreed_in_time, end_of, first_reported, late_self_scores
from appraisals.selectors.schemes import rules_of
from appraisals.selectors.targets import Comparison, compare
from appraisals.states import OPEN_STATES, DataSource, FormState, Part
from people.models import Employee
from people.selectors import duty_officer_of, employees_working, owners_on
from policy.forms import build_scorecard

S = FormState
KINDS = {
    S.TARGETS: "wait",
    S.APPROVAL: "wait",
    S.CONFIRMATION: "wait",
    S.ACTIVE: "now",
    S.REVIEW: "now",
    S.READY: "ok",
    S.CONSOLIDATED: "hold",
    S.PUBLISHED: "now",
    S.SIGNED: "ok",
    S.FILED: "hold",
}
NONE = (0, 0, 0)
OWNERS_TURN = (S.TARGETS, S.REVIEW)
SETTING = (S.TARGETS, S.APPROVAL, S.CONFIRMATION)
SCORING = (S.ACTIVE, S.REVIEW, S.READY)


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRow:
    """A person of the team: state, who has the next step, until when, how many figures are missing or came late.

    ``late_self_at``: when the self-score first came, if that was after its term.
    """

    form: Form
    kind: str
    waits: str
    is_mine: bool
    due_on: date | None
    items: int
    missing: int
    late: int
    late_self_at: datetime | None

    @property
    def is_scoring(self) -> bool:
        """There may be a coefficient so far."""
        return self.form.state in SCORING

    @property
    def has_result(self) -> bool:
        """The owner may open what was settled."""
        return self.form.state in (S.PUBLISHED, S.SIGNED, S.FILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRow:
    """A form that waits for the department, with what is new in it."""

    form: Form
    items: list[Item]
    comparison: Comparison


def due_of(form: Form) -> date | None:
    """The last day of the step the form is in; None once it is consolidated."""
    cycle = form.cycle
    return {
        S.TARGETS: cycle.targets_due_on,
        S.APPROVAL: cycle.targets_due_on,
        S.CONFIRMATION: cycle.targets_due_on,
        S.ACTIVE: cycle.self_due_on,
        S.REVIEW: cycle.review_due_on,
        S.READY: cycle.publish_due_on,
    }.get(S(form.state))


def waits_for(form: Form, officer: str) -> str:
    """Who has the next step, in words; the reader is the owner."""
    return {
        S.TARGETS: _("你定目标"),
        S.APPROVAL: _("客服管理部审批"),
        S.CONFIRMATION: _("%(name)s确认") % {"name": form.employee.name},
        S.ACTIVE: _("%(name)s自评") % {"name": form.employee.name},
        S.REVIEW: _("你复核"),
        S.READY: _("%(name)s汇总") % {"name": officer or _("值班主任")},
        S.CONSOLIDATED: _("%(name)s发布") % {"name": officer or _("值班主任")},
        S.PUBLISHED: _("双方签认"),
        S.SIGNED: _("人力资源部备案"),
        S.FILED: _("已办完"),
    }[S(form.state)]


def team_cycles(owner: Employee) -> list[Cycle]:
    """The latest cycles in which the person owns forms, newest first; each with how many wait for him, and how many of
    them for their targets (``setting``)."""
    mine = Q(forms__owner=owner)
    found = Cycle.objects.filter(mine).annotate(
        waiting=Count("forms", filter=mine & Q(forms__state__in=OWNERS_TURN)),
        setting=Count("forms", filter=mine & Q(forms__state=S.TARGETS)),
    )
    return list(found.select_related("scheme").order_by("-starts_on")[:8])


def most_urgent(cycles: Sequence[Cycle], today: date) -> Cycle:
    """Of the cycles as listed the one whose waiting work is due first; if nothing waits, the newest that has begun."""
    waiting = [cycle for cycle in cycles if getattr(cycle, "waiting", 0)]
    if waiting:
        return min(waiting, key=_waiting_until)
    return next((cycle for cycle in cycles if cycle.starts_on <= today), cycles[0])


def _waiting_until(cycle: Cycle) -> date:
    return cycle.targets_due_on if getattr(cycle, "setting", 0) else cycle.review_due_on


def team_rows(owner: Employee, cycle: Cycle) -> list[TeamRow]:
    """The person's team in a cycle; five statements at most, whatever its size."""
    forms = list(
        Form.objects.filter(owner=owner, cycle=cycle)
        .select_related("employee", "position", "region", "cycle")
        .order_by("employee__number")
    )
    counted, late = _items_counted(forms, cycle), late_self_scores(forms)
    officer = duty_officer_of(cycle.duty_month)
    name = officer.name if officer else ""
    return [
        TeamRow(
            form=form,
            kind=KINDS[S(form.state)],
            waits=waits_for(form, name),
            is_mine=form.state in OWNERS_TURN,
            due_on=due_of(form),
            items=counted.get(form.pk, NONE)[0],
            missing=counted.get(form.pk, NONE)[1] if form.state in SCORING else 0,
            late=counted.get(form.pk, NONE)[2],
            late_self_at=late.get(form.pk),
        )
        for form in forms
    ]


def coefficients_so_far(owner: Employee, cycle: Cycle) -> dict[int, Decimal | None]:
    """Form id → the provisional coefficient (暂计) of the owner's forms being scored, None where nothing counts yet.

    As many statements for one form as for fifty. Only the owner's: nobody else may know a result before it is out.
    """
    states = dict(Form.objects.filter(owner=owner, cycle=cycle, state__in=SCORING).values_list("pk", "state"))
    rules, found = rules_of(cycle.scheme), {}
    for pk, facts in form_facts(states).items():
        if states[pk] == FormState.ACTIVE:  # a draft of the self-score is not the owner's to see, nor in a sum
            facts = facts._replace(items=[item._replace(self_score=None) for item in facts.items])
        found[pk] = build_scorecard(facts, rules).provisional
    return found


def _items_counted(forms: Sequence[Form], cycle: Cycle) -> Mapping[int, tuple[int, int, int]]:
    """Form id → (items, KPI items by hand without a current figure, those whose first figure came late)."""
    figures = Figure.objects.filter(item=OuterRef("pk"), superseded_at__isnull=True)
    by_hand = Q(part=Part.KPI, data_source=DataSource.MANUAL, not_applicable_reason="")
    owed = by_hand & ~Q(Exists(figures))
    late = by_hand & Q(first_at__gte=end_of(cycle.data_due_on)) & agreed_in_time(cycle.data_due_on)
    rows = (
        Item.objects.filter(form__in=forms)
        .order_by()
        .annotate(first_at=first_reported())
        .values("form")
        .annotate(n=Count("pk"), owed=Count("pk", filter=owed), late=Count("pk", filter=late))
    )
    return {row["form"]: (row["n"], row["owed"], row["late"]) for row in rows}


def team_without_form(owner: Employee, day: date, cycle: Cycle) -> list[Employee]:
    """People whose appraisal owner the person is and who have no form in the cycle yet."""
    open_already = Form.objects.filter(cycle=cycle).values("employee")
    people = list(employees_working(cycle.starts_on, cycle.ends_on).exclude(pk__in=open_already))
    owners = owners_on(day, [person.pk for person in people])
    return [person for person in people if owners.get(person.pk) == owner.pk]


def setting_cycles() -> list[Cycle]:
    """Cycles in which targets are still being set, with what waits for approval."""
    waiting = Count("forms", filter=Q(forms__state=S.APPROVAL))
    setting = Count("forms", filter=Q(forms__state__in=SETTING))
    found = Cycle.objects.annotate(waiting=waiting, setting=setting).filter(setting__gt=0)
    return list(found.order_by("-starts_on")[:8])


def forms_awaiting_approval(cycle: Cycle) -> QuerySet[Form]:
    """What the department has to decide, in the order of owners, so that a team is read in one go."""
    waiting = Form.objects.filter(cycle=cycle, state=S.APPROVAL)
    return waiting.select_related("employee", "position", "region", "owner", "cycle").order_by(
        "region__code", "owner__number", "employee__number"
    )


def approval_rows(forms: Sequence[Form], cycle: Cycle) -> list[ApprovalRow]:
    """A page of forms with their items and what changed; three statements."""
    items = grouped_items(forms)
    last = items_before(forms, cycle)
    return [
        ApprovalRow(
            form=form,
            items=items.get(form.pk, []),
            comparison=compare(items.get(form.pk, []), last.get(form.pk, [])),
        )
        for form in forms
    ]


def grouped_items(forms: Iterable[Form]) -> dict[int, list[Item]]:
    """Form id → its items."""
    found: dict[int, list[Item]] = {}
    for item in Item.objects.filter(form__in=list(forms)).order_by("form_id", "part", "order", "pk"):
        found.setdefault(item.form_id, []).append(item)
    return found


def unsubmitted_by_owner(cycle: Cycle) -> list[tuple[str, int]]:
    """Owners whose people's targets are still being set, with how many; the longest list first."""
    rows = Form.objects.filter(cycle=cycle, state=S.TARGETS).order_by().values_list("owner__number", "owner__name")
    counted = rows.annotate(n=Count("pk")).order_by("-n", "owner__number")
    return [(name, n) for _number, name, n in counted]


def count_without_form(cycle: Cycle) -> int:
    """How many who should be appraised have no form in the cycle."""
    have = Form.objects.filter(cycle=cycle).values("employee")
    return employees_working(cycle.starts_on, cycle.ends_on).exclude(pk__in=have).count()


def forms_of(employee: Employee) -> QuerySet[Form]:
    """One's own forms, newest first."""
    return (
        Form.objects.filter(employee=employee)
        .select_related("cycle", "owner", "position")
        .order_by("-cycle__starts_on")
    )


def cycles_with_counts() -> list[Cycle]:
    """Every cycle, newest first, with how many forms and how far they are."""
    counts = {
        "total": Count("forms"),
        "setting": Count("forms", filter=Q(forms__state__in=SETTING)),
        "scoring": Count("forms", filter=Q(forms__state__in=set(OPEN_STATES) - set(SETTING))),
        "filed": Count("forms", filter=Q(forms__state=S.FILED)),
    }
    return list(Cycle.objects.select_related("scheme").annotate(**counts).order_by("-starts_on", "kind")[:36])
