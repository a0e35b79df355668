"""The checks before a month is consolidated and published, and the list of forms they and the matrix point at."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import (
    CharField,
    Count,
    DecimalField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appraisals.models import Cycle, Figure, Form, Item, Score
from appraisals.states import OPEN_STATES, FormState, Part
from common.forms import whole_number
from incidents.models import Bonus, Involvement
from incidents.states import EventState
from people.states import PositionClass
from policy.items import DIRECT
from policy.schemes import Scheme as Rules
from scoring.models import Result
from scoring.selectors.board import AT, CONSOLIDATE, DATA, SETTING, SIGN, forms_owing, unheard, unreported
from scoring.selectors.owed import unsigned_by

S = FormState
JUMP = Decimal(30)
"""A coefficient this many points from last month's is worth a look before it is published."""
NAMES: dict[str, Promise] = {
    "weights": _("权重合计不对"),
    "missing": _("已复核，但还缺数据"),
    "range": _("分数超出范围"),
    "grade": _("没有登记等级，算不出绩效工资"),
    "jump": _("已汇总，和上月差 30 分以上"),
}
EVENTS = "events"
GRAVE = frozenset(("weights", "range", "grade"))
_POINTS = DecimalField(max_digits=8, decimal_places=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing to look at, and how many it concerns. ``opens_list``: the board has the list of forms."""

    code: str
    name: Promise
    n: int
    is_grave: bool
    opens_list: bool = True


class FormLine(NamedTuple):
    """A form of the board's list. ``owed`` counts figures; ``coefficient`` and last month's are percent."""

    form: Form
    owed: int
    coefficient: Decimal | None
    last: Decimal | None

    @property
    def change(self) -> Decimal | None:
        """Against last month."""
        return None if self.coefficient is None or self.last is None else self.coefficient - self.last

    @property
    def is_jump(self) -> bool:
        """Far enough to look twice."""
        return self.change is not None and abs(self.change) >= JUMP

    @property
    def is_ready(self) -> bool:
        """Handed in, and nothing missing that can be seen from here."""
        return self.form.state == S.READY and not self.owed


def checks_of(cycle: Cycle, rules: Rules, before: Cycle | None) -> list[Check]:
    """Every check with its count, in one statement."""
    counted = [_count(code, _filtered(cycle, rules, before, code)) for code in NAMES]
    people = Form.objects.filter(cycle=cycle).values("employee_id")
    period = (cycle.starts_on, cycle.ends_on)
    incidents = Involvement.objects.filter(incident__occurred_on__range=period)
    for undecided in (incidents, Bonus.objects.filter(occurred_on__range=period)):
        counted.append(_count(EVENTS, undecided.filter(state=EventState.FILED, employee_id__in=people)))
    first, *rest = counted
    found: dict[str, int] = {}
    for code, n in first.union(*rest, all=True):
        found[code] = found.get(code, 0) + n
    listed = [Check(code=code, name=name, n=found.get(code, 0), is_grave=code in GRAVE) for code, name in NAMES.items()]
    events = Check(code=EVENTS, name=_("事故、加分还没核实"), n=found.get(EVENTS, 0), is_grave=False, opens_list=False)
    return [*listed, events]


def _count(code: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    counted: QuerySet[Any] = rows.order_by().annotate(of=Value(code, CharField())).values("of").annotate(n=Count("pk"))
    pairs: QuerySet[Any] = counted.values_list("of", "n")
    return pairs


def _filtered(cycle: Cycle, rules: Rules, before: Cycle | None, code: str) -> QuerySet[Form]:
    """The forms that a check concerns."""
    forms = Form.objects.filter(cycle=cycle)
    agreed = forms.filter(state__in=OPEN_STATES).exclude(state__in=SETTING)
    if code == "weights":
        return agreed.exclude(_weights_fill(cycle, rules))
    if code == "missing":
        return forms.filter(forms_owing(cycle), state=S.READY)
    if code == "range":
        return agreed.filter(_out_of_range(cycle))
    if code == "grade":
        return agreed.filter(employee__grade__isnull=True)
    return _jumped(forms.filter(state=S.CONSOLIDATED), cycle, before)


def _weights_fill(cycle: Cycle, rules: Rules) -> Q:
    """Forms whose parts sum to what their class of post demands (P4)."""
    right = Q()
    for position_class in PositionClass:
        wanted = rules.weights_of(managerial=position_class == PositionClass.MANAGERIAL)
        items = Item.objects.filter(form__cycle=cycle, form__position_class=position_class)
        sums = items.order_by().values("form_id").annotate(main=_sum(Part.KPI, Part.GOAL))
        sums = sums.annotate(own=_sum(Part.BEHAVIOUR), led=_sum(Part.MANAGEMENT))
        filled = sums.filter(main=wanted.kpi_and_goals, own=wanted.behaviour, led=wanted.management)
        right |= Q(pk__in=filled.values("form_id"))
    return right


def _sum(*parts: Part) -> Coalesce:
    return Coalesce(Sum("points", filter=Q(part__in=parts)), Value(Decimal(0), _POINTS), output_field=_POINTS)


def _out_of_range(cycle: Cycle) -> Q:
    figures = Figure.objects.filter(item__form__cycle=cycle, superseded_at__isnull=True, item__method=DIRECT)
    figures = figures.filter(Q(value__lt=0) | Q(value__gt=F("item__points")))
    scores = Score.objects.filter(item__form__cycle=cycle, points__gt=F("item__points"))
    return Q(pk__in=figures.order_by().values("item__form_id")) | Q(pk__in=scores.order_by().values("item__form_id"))


def _jumped(forms: QuerySet[Form], cycle: Cycle, before: Cycle | None) -> QuerySet[Form]:
    """Forms whose coefficient is far from that of the month before."""
    if before is None:
        return forms.none()
    last = Result.objects.filter(cycle=before, employee=OuterRef("employee"), superseded_at__isnull=True)
    results = Result.objects.filter(cycle=cycle, superseded_at__isnull=True)
    results = results.annotate(last=Subquery(last.values("coefficient")[:1]))
    far = results.filter(Q(coefficient__gte=F("last") + JUMP) | Q(coefficient__lte=F("last") - JUMP))
    return forms.filter(pk__in=far.order_by().values("form_id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the list is narrowed to: a region, a step, a check, a person who owes, a name."""

    region: str = ""
    step: str = ""
    check: str = ""
    who: str = ""
    text: str = ""


def forms_asked(cycle: Cycle, rules: Rules, before: Cycle | None, asked: Asked) -> QuerySet[Any]:
    """The forms asked for, by region and number, each with what ``FormLine`` shows; to be paged."""
    forms: QuerySet[Any] = _filtered(cycle, rules, before, asked.check) if asked.check in NAMES else Form.objects.all()
    forms = forms.filter(cycle=cycle)
    if asked.region:
        forms = forms.filter(region__code=asked.region)
    if asked.text:
        forms = forms.filter(Q(employee__name__icontains=asked.text) | Q(employee__number__icontains=asked.text))
    forms = _at_step(forms, cycle, asked)
    owed, calls = (_counted(items.filter(form=OuterRef("pk"))) for items in (unreported(cycle), unheard(cycle)))
    now = Result.objects.filter(form=OuterRef("pk"), superseded_at__isnull=True).values("coefficient")
    last = Result.objects.filter(cycle=before, employee=OuterRef("employee"), superseded_at__isnull=True)
    names = ("employee", "owner", "position", "region", "cycle")
    found: QuerySet[Any] = forms.select_related(*names).annotate(
        owed=owed + calls, now=Subquery(now[:1]), last=Subquery(last.values("coefficient")[:1])
    )
    ordered: QuerySet[Any] = found.order_by("region__code", "employee__number")
    return ordered


def _counted(items: QuerySet[Item]) -> Coalesce:
    return Coalesce(Subquery(items.order_by().values("form").annotate(n=Count("pk")).values("n")), 0)


def form_lines(page: Any) -> list[FormLine]:
    """A page of ``forms_asked`` as lines."""
    return [FormLine(form, form.owed, form.now, form.last) for form in page]


def _at_step(forms: QuerySet[Any], cycle: Cycle, asked: Asked) -> QuerySet[Any]:
    if asked.step == DATA:
        forms = forms.filter(forms_owing(cycle))
    elif asked.step in AT:
        forms = forms.filter(state__in=AT[asked.step])
    who = whole_number(asked.who)
    if who is None:
        return forms
    if asked.step == DATA:
        return forms.filter(forms_owing(cycle, Q(provider=who) | Q(provider__isnull=True, form__owner=who)))
    if asked.step == SIGN:
        return forms.filter(unsigned_by(who))
    if asked.step == CONSOLIDATE:
        return forms
    own = Q(state__in=(S.CONFIRMATION, S.ACTIVE), employee=who)
    return forms.filter(own | Q(state__in=(S.TARGETS, S.REVIEW), owner=who))
